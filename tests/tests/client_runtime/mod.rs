//! The client's runtime against a real socket, and its readers and writers by themselves.
//!
//! The operations are the test's own, so that nothing here depends on what the API has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod deviations;
mod formats;
mod origin;
mod pages;
mod retries;
pub(crate) mod server;
mod wire;

use http::Method;
use sentry_api::client::operation::{Documented, Location, Operation, Parameter, PathPart};
use sentry_api::client::{Client, Error};
use server::Server;

const TOKEN: &str = "sntrys_secret";

static LIST: Operation = Operation {
    id: "list",
    method: Method::GET,
    path: &[
        PathPart::Literal("/teams/"),
        PathPart::Parameter("team"),
        PathPart::Literal("/list/"),
    ],
    parameters: &[
        Parameter::simple(Location::Path, "team"),
        Parameter::form(Location::Query, "full"),
        Parameter::form(Location::Query, "cursor"),
        Parameter::form(Location::Query, "project"),
        Parameter::simple(Location::Header, "X-Trace"),
        Parameter::form(Location::Cookie, "session"),
    ],
    accept: "application/json",
    responses: &[
        Documented::new(200, 200, "The list."),
        Documented::new(404, 404, "No such team."),
    ],
    security: None,
    cursor: Some("cursor"),
};

static CREATE: Operation = Operation {
    id: "create",
    method: Method::POST,
    path: &[PathPart::Literal("/teams")],
    parameters: &[],
    accept: "application/json",
    responses: &[],
    security: None,
    cursor: None,
};

/// A client of a server below `/api/0`.
fn client(server: &Server) -> Client {
    let builder = Client::builder().base_url(format!("{}/api/0/", server.origin()));
    builder.token(TOKEN).build().unwrap()
}

/// An error with all its sources, as a log would have it.
fn report(error: &Error) -> String {
    let mut text = format!("{error:?}\n{error}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text.push_str(&format!("\n{inner}\n{inner:?}"));
        source = inner.source();
    }
    text
}

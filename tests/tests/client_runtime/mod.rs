//! The client's runtime against a real socket.
//!
//! The operations are the test's own, so that nothing here depends on what the API has.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod deviations;
mod origin;
mod pages;
mod retries;
pub(crate) mod server;
mod wire;

use sentry_api::client::{Client, Error};
use sentry_api::operation::{
    Method, Operation, Style, body, cookie, header, path, query, response,
};
use server::Server;

const TOKEN: &str = "sntrys_secret";

static LIST: Operation = Operation {
    id: "list",
    path: "/teams/{team}/list/",
    parameters: &[
        path("team"),
        query("full"),
        query("cursor"),
        query("project"),
        header("X-Trace"),
        cookie("session"),
    ],
    accept: "application/json",
    responses: &[response(200, "The list."), response(404, "No such team.")],
    cursor: Some("cursor"),
    ..Operation::EMPTY
};

static CREATE: Operation = Operation {
    id: "create",
    method: Method::Post,
    path: "/teams",
    body: &[
        body("application/json"),
        body("application/x-www-form-urlencoded").styles(&[("ids", Style::Form, false)]),
        body("multipart/form-data"),
    ],
    accept: "application/json",
    ..Operation::EMPTY
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

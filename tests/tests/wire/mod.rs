//! What goes over the wire for constructs that the real API does not have: the crate emitted from
//! `tests/wire/openapi.yaml`, driven by a socket that shows every byte.

mod authentication;
mod bodies;
mod current;
mod errors;
mod fake;
mod replies;
mod security;
mod styles;
mod traps;
mod validation;
mod webhooks;

use wire_api::client::{Client, RetryPolicy};

use crate::client_runtime::server::{Server, reply};

/// A client of a server, with a bearer token.
fn client(server: &Server) -> Client {
    let builder = Client::builder().base_url(server.origin()).token("t");
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// A server that gives so many empty responses.
async fn silent(responses: usize) -> Server {
    Server::start(vec![reply("200 OK", "", ""); responses]).await
}

/// The first line of each request, without `HTTP/1.1`.
fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let lines = requests
        .iter()
        .map(|request| request.lines().next().unwrap());
    lines
        .map(|line| line.trim_end_matches(" HTTP/1.1").to_owned())
        .collect()
}

//! Requests that the emitted client does not make: to other paths, with other bodies, in pieces.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::process::Service;

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    /// The body; null if it is not JSON.
    pub(crate) json: Value,
}

/// Sends a request with a body, and reads the response.
pub(crate) fn send(
    service: &Service,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &[u8],
) -> Response {
    let mut stream = begin(service, method, path, headers, body.len());
    // A server that refuses the request may close the connection before it has read the body.
    stream.write_all(body).ok();
    end(stream)
}

/// Sends the head of a request whose body has this length.
pub(crate) fn begin(
    service: &Service,
    method: &str,
    path: &str,
    headers: &[&str],
    length: usize,
) -> TcpStream {
    let address = service.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the service listens");
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    write!(stream, "{head}content-length: {length}\r\n\r\n").expect("it is sent");
    stream
}

/// Reads the response.
pub(crate) fn end(mut stream: TcpStream) -> Response {
    let mut response = Vec::new();
    // What was received before a connection is reset counts.
    stream.read_to_end(&mut response).ok();
    let response = String::from_utf8(response).expect("it is text");
    let (head, body) = response.split_once("\r\n\r\n").expect("it has a head");
    let status = head.split(' ').nth(1);
    Response {
        status: status
            .and_then(|status| status.parse().ok())
            .expect("it has a status"),
        head: head.to_owned(),
        json: serde_json::from_str(body).unwrap_or_default(),
    }
}

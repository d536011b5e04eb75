//! A client and two servers of the API on this machine: one server implements nothing, the other everything.

#![allow(dead_code, reason = "not every API has successes, failures, files and bodies")]

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::client::{ApiResponse, Client, Error, RetryPolicy};
use crate::api::server::operations::router;
use crate::api::server::{Reply, Service};

/// A server that implements nothing.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Service for Nothing {
    type Error = Reply;
}

/// A server that implements everything: it compares what arrives with what was sent, and answers as it is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Everything(Arc<Plan>);

#[derive(Debug, Default)]
struct Plan {
    answer: AtomicUsize,
    findings: Mutex<Vec<String>>,
}

impl Service for Everything {
    type Error = Reply;
}

impl Everything {
    /// Which of the operation's answers to give.
    pub(crate) fn answer(&self) -> usize {
        self.0.answer.load(Ordering::SeqCst)
    }

    /// Notes when what arrived is not what was sent.
    pub(crate) fn expect<T: Debug + PartialEq>(&self, arrived: &T, sent: &T) {
        if arrived != sent {
            self.note(format!("arrived: {arrived:#?}\nsent: {sent:#?}"));
        }
    }

    fn note(&self, finding: String) {
        if let Ok(mut findings) = self.0.findings.lock() {
            findings.push(finding);
        }
    }
}

/// The servers, and a client for each.
#[derive(Debug)]
pub(crate) struct Loopback {
    /// A client of the server that implements nothing.
    pub(crate) nothing: Client,
    /// A client of the server that implements everything.
    pub(crate) everything: Client,
    server: Everything,
}

impl Loopback {
    pub(crate) async fn start() -> Self {
        let server = Everything::default();
        Self {
            nothing: serve(router(Nothing)).await,
            everything: serve(router(server.clone())).await,
            server,
        }
    }

    /// Tells the server that implements everything which answer to give.
    pub(crate) fn answer(&self, answer: usize) {
        self.server.0.answer.store(answer, Ordering::SeqCst);
    }

    /// The call was answered with 501 and a body that names the operation.
    pub(crate) fn not_implemented<T>(
        &self,
        operation: &str,
        outcome: Result<ApiResponse<T>, Error>,
    ) {
        let error = error(501, outcome.map(|response| response.status.as_u16()));
        let detail = error.response().and_then(|response| response.detail());
        let names_it = detail.is_some_and(|detail| detail.contains(operation));
        assert!(names_it, "the 501 does not name the operation: {error:?}");
    }

    /// The call came back with this status and this value.
    pub(crate) fn success<T: Debug>(
        &self,
        status: u16,
        outcome: Result<ApiResponse<T>, Error>,
        expected: T,
    ) {
        self.no_findings();
        match outcome {
            Ok(response) => {
                assert_eq!(response.status.as_u16(), status);
                let (value, expected) =
                    (format!("{:#?}", response.value), format!("{expected:#?}"));
                assert!(
                    value == expected,
                    "status {status}: {value}\nexpected: {expected}"
                );
            }
            Err(error) => panic!("status {status} came back as the error {error:?}"),
        }
    }

    /// The call came back as an error with this status.
    pub(crate) fn failure<T>(&self, status: u16, outcome: Result<ApiResponse<T>, Error>) {
        self.no_findings();
        error(status, outcome.map(|response| response.status.as_u16()));
    }

    fn no_findings(&self) {
        let findings = self.server.0.findings.lock();
        let findings = findings.map(|mut findings| std::mem::take(&mut *findings));
        let findings = findings.unwrap_or_default();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}

/// The error of a call, which must have this status.
fn error(status: u16, outcome: Result<u16, Error>) -> Error {
    match outcome {
        Ok(found) => panic!("status {status} came back as success {found}"),
        Err(error) => {
            let found = error.response().map(|response| response.status.as_u16());
            assert_eq!(found, Some(status), "{error:?}");
            error
        }
    }
}

/// Serves a router on a port of its own and returns a client of it.
async fn serve(router: axum::Router) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("this machine has a free port");
    let address = listener.local_addr().expect("a bound port has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    Client::builder()
        .base_url(format!("http://{address}"))
        .retry(RetryPolicy::never())
        .build()
        .expect("a URL of this machine is a base URL")
}

/// The value that a JSON text stands for.
pub(crate) fn of<T: DeserializeOwned>(json: &str) -> T {
    match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => panic!("a sample does not decode into its type: {error}: {json}"),
    }
}

/// A body without what does not travel in JSON: the names and media types of its files, which the client makes up.
pub(crate) fn anonymous<T: Serialize + DeserializeOwned>(body: T) -> T {
    match serde_json::to_string(&body) {
        Ok(json) => of(&json),
        Err(error) => panic!("a body cannot be written: {error}"),
    }
}

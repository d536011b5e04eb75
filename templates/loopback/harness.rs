//! Three servers of the API, one without and one with all operations, and the fake, and a client for each.

#![allow(
    dead_code,
    reason = "not every API has successes, failures, files and bodies"
)]

use std::fmt::Debug;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::client::deviation::deviations;
use crate::api::client::{ApiResponse, Client, Error, ErrorBody, RetryPolicy};
use crate::api::header::Header;
use crate::api::operation::Operation;
use crate::api::server::fake::FakeApi;
use crate::api::server::operations::router;
use crate::api::server::{Multipart, Problem, Reply, Service, Upload, Validation};

/// A server that implements nothing.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Service for Nothing {
    type Error = Reply;
    type Principal = ();

    /// The values are synthetic.
    fn validation(&self, _: &'static Operation) -> Validation {
        Validation::OFF
    }
}

/// A server that implements everything: it compares each request with the expected one, and sends the selected response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Everything(Arc<Plan>);

#[derive(Debug, Default)]
struct Plan {
    response: AtomicUsize,
    body: AtomicUsize,
    differences: Mutex<Vec<String>>,
}

impl Service for Everything {
    type Error = Reply;
    type Principal = ();

    /// The values are synthetic.
    fn validation(&self, _: &'static Operation) -> Validation {
        Validation::OFF
    }
}

impl Everything {
    /// The index of the response to send.
    pub(crate) fn response(&self) -> usize {
        self.0.response.load(Ordering::SeqCst)
    }

    /// The index of the media type that the client sends.
    pub(crate) fn body(&self) -> usize {
        self.0.body.load(Ordering::SeqCst)
    }

    /// Records a received request that differs from the sent one.
    pub(crate) fn expect<T: Debug + PartialEq>(&self, received: &T, sent: &T) {
        if received != sent
            && let Ok(mut differences) = self.0.differences.lock()
        {
            differences.push(format!("received: {received:#?}\nsent: {sent:#?}"));
        }
    }
}

/// A client for each server.
#[derive(Debug)]
pub(crate) struct Loopback {
    /// A client of the server that implements nothing.
    pub(crate) nothing: Client,
    /// A client of the server that implements everything.
    pub(crate) everything: Client,
    /// A client of the fake, which has never seen it before.
    pub(crate) fake: Client,
    server: Everything,
}

impl Loopback {
    pub(crate) async fn start() -> Self {
        let server = Everything::default();
        Self {
            nothing: serve(router(Nothing)).await,
            everything: serve(router(server.clone())).await,
            fake: FakeApi::new(1).validation(Validation::OFF).client(),
            server,
        }
    }

    /// Selects the response of the server that implements everything.
    pub(crate) fn select(&self, response: usize) {
        self.server.0.response.store(response, Ordering::SeqCst);
    }

    /// Tells the server which media type the client sends from now on.
    pub(crate) fn body(&self, body: usize) {
        self.server.0.body.store(body, Ordering::SeqCst);
    }

    /// Checks that the status is 501 and that the body names the operation.
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

    /// Checks that the fake responds with a success that is as described.
    pub(crate) fn faked<T>(&self, operation: &str, outcome: Result<ApiResponse<T>, Error>) {
        match outcome {
            Ok(response) => {
                let found = deviations(operation, response.status, &response.body);
                assert!(found.is_empty(), "{found:#?}");
                assert!(response.deviations.is_empty(), "{:#?}", response.deviations);
            }
            Err(error) => panic!("the fake: {error:?}"),
        }
    }

    /// Checks that the call succeeded with this status and value.
    pub(crate) fn success<T: Debug>(
        &self,
        status: u16,
        outcome: Result<ApiResponse<T>, Error>,
        expected: T,
    ) {
        self.no_differences();
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
            Err(error) => panic!("status {status} was returned as the error {error:?}"),
        }
    }

    /// Checks that the call failed with this status.
    pub(crate) fn failure<T>(&self, status: u16, outcome: Result<ApiResponse<T>, Error>) {
        self.no_differences();
        error(status, outcome.map(|response| response.status.as_u16()));
    }

    /// Checks that the call failed with this status, and without a body.
    pub(crate) fn empty<T>(&self, status: u16, outcome: Result<ApiResponse<T>, Error>) {
        self.no_differences();
        let error = error(status, outcome.map(|response| response.status.as_u16()));
        let body = error.response().map(|response| response.body.len());
        assert_eq!(body, Some(0), "{error:?}");
    }

    /// Checks that the call failed with this status, and what its body decodes into.
    pub(crate) fn error<T, E: ErrorBody + Debug>(
        &self,
        status: u16,
        outcome: Result<ApiResponse<T>, Error>,
        expected: E,
    ) {
        self.no_differences();
        let error = error(status, outcome.map(|response| response.status.as_u16()));
        let decoded = error.response().map(|response| response.decode::<E>());
        let decoded = format!("{decoded:#?}");
        let expected = format!("{:#?}", Some(Ok::<E, ()>(expected)));
        assert!(
            decoded == expected,
            "status {status}: {decoded}\nexpected: {expected}"
        );
    }

    /// Checks a header of a response.
    pub(crate) fn header<T, H: FromStr + PartialEq + Debug>(
        &self,
        outcome: Result<ApiResponse<T>, Error>,
        header: &Header<H>,
        expected: &H,
    ) {
        let found = match &outcome {
            Ok(response) => response.header(header),
            Err(error) => error.response().and_then(|response| response.header(header)),
        };
        assert_eq!(found.as_ref(), Some(expected), "{header:?}");
    }

    fn no_differences(&self) {
        let differences = self.server.0.differences.lock();
        let differences = differences.map(|mut found| std::mem::take(&mut *found));
        let differences = differences.unwrap_or_default();
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

/// The error of a call, which must have this status.
fn error(status: u16, outcome: Result<u16, Error>) -> Error {
    match outcome {
        Ok(found) => panic!("status {status} was returned as the success {found}"),
        Err(error) => {
            let found = error.response().map(|response| response.status.as_u16());
            assert_eq!(found, Some(status), "{error:?}");
            error
        }
    }
}

/// Serves a router on a free port, and returns a client for it.
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

/// The value of a JSON text.
pub(crate) fn of<T: DeserializeOwned>(json: &str) -> T {
    match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => panic!("a sample does not decode into its type: {error}: {json}"),
    }
}

/// A form that has arrived, without the file names and media types of its files, for which the client has defaults.
pub(crate) async fn form<T: Serialize + DeserializeOwned>(
    form: Multipart<T>,
) -> Result<Multipart<T>, Problem> {
    match serde_json::to_string(&form.read().await?) {
        Ok(json) => Ok(Multipart::new(of(&json))),
        Err(error) => panic!("a body cannot be serialized: {error}"),
    }
}

/// Bytes that have arrived.
pub(crate) async fn bytes(body: Upload) -> Result<Upload, Problem> {
    Ok(Upload::new(body.read().await?))
}

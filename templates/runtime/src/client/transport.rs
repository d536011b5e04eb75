//! What carries requests to the server: `reqwest`, or a service of `tower`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;
use reqwest::Body;
use tower_service::Service;

use super::platform::{self, Response, ResponseBody};
use crate::operation::Operation;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future of a service.
pub(super) type Sending<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

pub(super) struct Transport {
    pub(super) http: reqwest::Client,
    /// What is used in place of `http`. Services are cloned for each request; few of them are `Sync`.
    pub(super) service: Option<Mutex<Box<dyn Carrier>>>,
}

impl Transport {
    pub(super) async fn send(
        &self,
        operation: &'static Operation,
        request: reqwest::Request,
    ) -> Result<Response, BoxError> {
        let Some(service) = &self.service else {
            return platform::execute(&self.http, request).await;
        };
        let service = service
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .boxed();
        service.send(operation, request).await
    }
}

/// The innermost service of a client, which sends a request with `reqwest`.
#[derive(Debug, Clone)]
pub struct HttpService(pub(super) reqwest::Client);

impl From<reqwest::Client> for HttpService {
    fn from(http: reqwest::Client) -> Self {
        Self(http)
    }
}

impl Service<http::Request<Body>> for HttpService {
    type Response = http::Response<ResponseBody>;
    type Error = BoxError;
    type Future = Sending<Self::Response, BoxError>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let http = self.0.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request);
            let request = request.map_err(reqwest::Error::without_url)?;
            let response = platform::execute(&http, request).await?;
            Ok(platform::into_http(response))
        })
    }
}

/// A service without its types.
pub(super) trait Carrier: Send {
    fn boxed(&self) -> Box<dyn Carrier>;

    fn send(
        self: Box<Self>,
        operation: &'static Operation,
        request: reqwest::Request,
    ) -> Sending<Response, BoxError>;
}

impl<S, B> Carrier for S
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody + Send + 'static,
    B::Data: Into<Bytes>,
    B::Error: Into<BoxError>,
{
    fn boxed(&self) -> Box<dyn Carrier> {
        Box::new(self.clone())
    }

    fn send(
        mut self: Box<Self>,
        operation: &'static Operation,
        request: reqwest::Request,
    ) -> Sending<Response, BoxError> {
        Box::pin(async move {
            let url = request.url().clone();
            let mut request = platform::to_http(request)?;
            request.extensions_mut().insert(operation);
            poll_fn(|context| self.poll_ready(context))
                .await
                .map_err(Into::into)?;
            let response = self.call(request).await.map_err(Into::into)?;
            platform::from_http(url, response)
        })
    }
}

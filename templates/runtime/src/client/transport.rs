//! What carries requests to the server: `reqwest`, or a service of `tower`.

use std::fmt;
use std::future::{poll_fn, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::Either;
use http_body::Body as HttpBody;
use reqwest::Body;
use tower_service::Service;
use url::Url;

use super::platform::{self, Response, ResponseBody};
use crate::operation::Operation;
use crate::types::source::locked;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future of a service.
pub(super) type Sending<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// The innermost service of a client: it sends a request with `reqwest`, or through the
/// [service](super::ClientBuilder::service) in its place.
#[derive(Clone)]
pub struct HttpService(Way);

#[derive(Clone)]
enum Way {
    Network(reqwest::Client),
    /// Services are cloned for each request; few of them are `Sync`.
    Service(Arc<Mutex<Box<dyn Carrier>>>),
}

impl From<reqwest::Client> for HttpService {
    fn from(http: reqwest::Client) -> Self {
        Self(Way::Network(http))
    }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("HttpService").finish_non_exhaustive()
    }
}

impl HttpService {
    /// A service in place of the network, or around it.
    pub(super) fn of(service: impl Carrier + 'static) -> Self {
        Self(Way::Service(Arc::new(Mutex::new(Box::new(service)))))
    }

    /// Sends a request once. The future does not hold it.
    pub(super) fn send(
        &self,
        operation: &'static Operation,
        request: reqwest::Request,
    ) -> impl Future<Output = Result<Response, BoxError>> + use<> {
        match &self.0 {
            Way::Network(http) => Either::Left(platform::execute(http, request)),
            Way::Service(service) => {
                let url = request.url().clone();
                Either::Right(match platform::to_http(request) {
                    Ok(mut request) => {
                        request.extensions_mut().insert(operation);
                        locked(service).boxed().carry(url, request)
                    }
                    Err(error) => Box::pin(ready(Err(error))),
                })
            }
        }
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
        let way = self.0.clone();
        Box::pin(async move {
            let response = match way {
                Way::Network(http) => {
                    let request = request.try_into().map_err(reqwest::Error::without_url)?;
                    platform::execute(&http, request).await?
                }
                Way::Service(service) => {
                    let url = Url::parse(&request.uri().to_string())?;
                    let sending = locked(&service).boxed().carry(url, request);
                    sending.await?
                }
            };
            Ok(platform::into_http(response))
        })
    }
}

/// A service without its types.
pub(super) trait Carrier: Send {
    fn boxed(&self) -> Box<dyn Carrier>;

    /// Sends a request to a URL once.
    fn carry(self: Box<Self>, url: Url, request: http::Request<Body>) -> Sending<Response, BoxError>;
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

    fn carry(mut self: Box<Self>, url: Url, request: http::Request<Body>) -> Sending<Response, BoxError> {
        Box::pin(async move {
            poll_fn(|context| self.poll_ready(context)).await.map_err(Into::into)?;
            let response = self.call(request).await.map_err(Into::into)?;
            platform::from_http(url, response)
        })
    }
}

//! What carries requests to the server: `reqwest`, or a service of `tower`.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Body, ResponseBuilderExt};
use tower_service::Service;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future of a service.
type Sending<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// The transport of a client.
pub(super) struct Transport {
    pub(super) http: reqwest::Client,
    /// What is used in place of `http`. Services are cloned for each request; few of them are `Sync`.
    pub(super) service: Option<Mutex<Box<dyn Carrier>>>,
}

impl Transport {
    /// Sends a request once.
    pub(super) async fn send(
        &self,
        request: reqwest::Request,
    ) -> Result<reqwest::Response, BoxError> {
        let Some(service) = &self.service else {
            return Ok(self.http.execute(request).await?);
        };
        let service = service
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .boxed();
        service.send(request).await
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
    type Response = http::Response<Body>;
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
            let response = http.execute(request).await;
            Ok(response.map_err(reqwest::Error::without_url)?.into())
        })
    }
}

/// A service without its types.
pub(super) trait Carrier: Send {
    fn boxed(&self) -> Box<dyn Carrier>;

    fn send(self: Box<Self>, request: reqwest::Request) -> Sending<reqwest::Response, BoxError>;
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
        request: reqwest::Request,
    ) -> Sending<reqwest::Response, BoxError> {
        Box::pin(async move {
            let url = request.url().clone();
            let request = http::Request::try_from(request)?;
            poll_fn(|context| self.poll_ready(context))
                .await
                .map_err(Into::into)?;
            let response = self.call(request).await.map_err(Into::into)?;
            let (mut parts, body) = response.into_parts();
            // `reqwest` keeps the URL of a response in its extensions.
            let located = http::Response::builder().url(url).body(())?;
            parts.extensions.extend(located.into_parts().0.extensions);
            let body = Body::wrap(Shareable(Mutex::new(Box::pin(body))));
            Ok(http::Response::from_parts(parts, body).into())
        })
    }
}

/// A body that `reqwest` takes, which demands `Sync`.
struct Shareable<B>(Mutex<Pin<Box<B>>>);

impl<B: HttpBody> HttpBody for Shareable<B>
where
    B::Data: Into<Bytes>,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let body = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let frame = body.as_mut().poll_frame(context);
        frame.map(|frame| frame.map(|frame| frame.map(|frame| frame.map_data(Into::into))))
    }

    fn is_end_stream(&self) -> bool {
        self.with(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.with(HttpBody::size_hint)
    }
}

impl<B: HttpBody> Shareable<B> {
    fn with<T>(&self, read: impl FnOnce(&B) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

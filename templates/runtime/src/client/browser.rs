//! Time, and the way to the network, in a browser, where `reqwest` calls `fetch`.
//!
//! What belongs to JavaScript cannot leave its thread, so that a task of its own sends the request, and hands on what it
//! receives.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::HeaderMap;
use http_body::{Body, Frame};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::{mpsc, oneshot};
use url::Url;

use super::builder::Configure;
use super::clock::Upload;
use super::transport::BoxError;

pub(super) use wasmtimer::std::Instant;
pub(super) use wasmtimer::tokio::{Sleep, sleep, sleep_until, timeout};

/// The time of the clock on the wall.
pub(super) fn now() -> SystemTime {
    let since = wasmtimer::std::SystemTime::now().duration_since(wasmtimer::std::UNIX_EPOCH);
    UNIX_EPOCH + since.unwrap_or_default()
}

/// Whether timers work here: they are those of the browser.
pub(super) fn has_timers() -> bool {
    true
}

/// The browser makes the connections, and follows redirects; it sends no credentials to another origin.
pub(super) fn client(
    _connect: Duration,
    _silence: Duration,
    _is_direct: bool,
    configure: &Configure,
) -> reqwest::Result<reqwest::Client> {
    configure(reqwest::Client::builder()).build()
}

/// The browser has decoded a body, whatever the headers say.
pub(super) const TELLS_ENCODING: bool = false;

/// A browser does not tell whether there was a connection.
pub(super) fn is_connect(_error: &reqwest::Error) -> bool {
    false
}

/// Nor whether the server has processed the request.
pub(super) fn is_refused(_error: &reqwest::Error) -> bool {
    false
}

/// A response whose body has not been read.
pub(super) struct Response {
    response: http::Response<ResponseBody>,
    url: Url,
    length: Option<u64>,
}

impl Response {
    pub(super) fn status(&self) -> http::StatusCode {
        self.response.status()
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    pub(super) fn headers_mut(&mut self) -> &mut HeaderMap {
        self.response.headers_mut()
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The length of the body, if it is known: a browser has decompressed it, but does not say so.
    pub(super) fn content_length(&self) -> Option<u64> {
        self.length
    }
}

/// The next chunk of a body; `None` at the end.
pub(super) async fn chunk(response: &mut Response) -> Result<Option<Bytes>, BoxError> {
    let body = response.response.body_mut();
    while let Some(frame) = body.frame().await {
        if let Ok(chunk) = frame?.into_data() {
            return Ok(Some(chunk));
        }
    }
    Ok(None)
}

/// The body of a response.
pub type ResponseBody = UnsyncBoxBody<Bytes, BoxError>;

pub(super) fn execute(
    http: &reqwest::Client,
    request: reqwest::Request,
) -> impl Future<Output = Result<Response, BoxError>> + use<> {
    let (opened, opening) = oneshot::channel();
    let http = http.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let response = match http.execute(request).await {
            Ok(response) => response,
            // The URL may contain a key.
            Err(error) => return drop(opened.send(Err(error.without_url()))),
        };
        let (sender, mut receiver) = mpsc::channel::<reqwest::Result<Bytes>>(1);
        let chunks = stream::poll_fn(move |context| receiver.poll_recv(context));
        let frames = chunks.map(|chunk| chunk.map(Frame::data).map_err(BoxError::from));
        let mut head = http::Response::new(StreamBody::new(frames).boxed_unsync());
        *head.status_mut() = response.status();
        *head.headers_mut() = response.headers().clone();
        let head = Response { response: head, url: response.url().clone(), length: None };
        if opened.send(Ok(head)).is_err() {
            return;
        }
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            // Nobody reads the rest.
            if sender.send(chunk).await.is_err() {
                return;
            }
        }
    });
    async move { Ok(opening.await??) }
}

/// A browser does not tell how far a body has been sent.
pub(super) fn watch(_request: &mut reqwest::Request) -> Option<Arc<Upload>> {
    None
}

/// A body that is read before it is sent: `fetch` takes no other.
pub(super) async fn body<B: Body<Data = Bytes>>(body: B) -> Result<reqwest::Body, B::Error> {
    Ok(body.collect().await?.to_bytes().into())
}

/// The whole body of a request.
#[cfg(feature = "mock")]
pub(super) async fn whole(body: reqwest::Body) -> Result<Bytes, BoxError> {
    Ok(Bytes::copy_from_slice(body.as_bytes().unwrap_or_default()))
}

/// A body that is copied.
#[cfg(feature = "har")]
pub(super) fn copied(body: reqwest::Body, copy: super::har::Copy) -> reqwest::Body {
    copy.push(body.as_bytes().unwrap_or_default());
    body
}

/// The request as services of `tower` take it.
pub(super) fn to_http(mut request: reqwest::Request) -> Result<http::Request<reqwest::Body>, BoxError> {
    let body = request.body_mut().take();
    let mut converted = http::Request::new(body.unwrap_or_else(|| Bytes::new().into()));
    *converted.method_mut() = request.method().clone();
    *converted.uri_mut() = request.url().as_str().parse()?;
    *converted.headers_mut() = request.headers().clone();
    Ok(converted)
}

/// The response as services of `tower` return it.
pub(super) fn into_http(response: Response) -> http::Response<ResponseBody> {
    response.response
}

/// The response of a service of `tower`.
pub(super) fn from_http<B>(url: Url, response: http::Response<B>) -> Result<Response, BoxError>
where
    B: Body + Send + 'static,
    B::Data: Into<Bytes>,
    B::Error: Into<BoxError>,
{
    let length = response.body().size_hint().exact();
    let response =
        response.map(|body| body.map_frame(|frame| frame.map_data(Into::into)).map_err(Into::into).boxed_unsync());
    Ok(Response { response, url, length })
}

//! Time, and the way to the network, on all platforms but the browser.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::ResponseBuilderExt;
use url::Url;

use super::builder::Configure;
use super::clock::Upload;
use super::transport::BoxError;
use crate::types::source::locked;

pub(super) use reqwest::{Body as ResponseBody, Response};
pub(super) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// The longest chunk of a request's body; each one that is sent is progress.
const CHUNK: usize = 16 * 1024;

/// The longest silence that the operating system is told to watch for: it takes no number of milliseconds that has more than
/// 31 bits.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const LONGEST_SILENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a connection of HTTP/2 may be silent before the server is asked whether it is still there, and how long it then has
/// to answer, at least and at most.
const PING: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(20)];

/// The time of the clock on the wall.
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// Whether timers work here: they are Tokio's.
pub(super) fn has_timers() -> bool {
    tokio::runtime::Handle::try_current().is_ok()
}

/// The client that makes the connections. Redirects and further attempts are left to this crate.
pub(super) fn client(
    connect: Duration,
    silence: Duration,
    is_direct: bool,
    configure: &Configure,
) -> reqwest::Result<reqwest::Client> {
    // A connection that is given up before the attempt is leaves the next attempt to another one.
    let ping = (silence / 3).clamp(PING[0], PING[1]);
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect)
        .http2_keep_alive_interval(ping)
        .http2_keep_alive_timeout(ping)
        // It would read the first member alone.
        .no_gzip();
    // The kernel knows better than this process whether the server still reads.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(silence.min(LONGEST_SILENCE));
    }
    if is_direct {
        builder = builder.no_proxy();
    }
    let builder = configure(builder).redirect(reqwest::redirect::Policy::none()).referer(false);
    builder.retry(reqwest::retry::never()).build()
}

/// Whether the headers of a response tell how its body is encoded.
pub(super) const TELLS_ENCODING: bool = true;

pub(super) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// Whether a server of HTTP/2 says that it has not processed the request: it refused it, or it takes no further ones on this
/// connection.
pub(super) fn is_refused(error: &reqwest::Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    let reset = causes.find_map(|error| error.downcast_ref::<h2::Error>());
    reset.filter(|error| error.is_remote()).is_some_and(|error| {
        let ends = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        ends || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM))
    })
}

/// The future does not hold the request, which is large.
pub(super) fn execute(
    http: &reqwest::Client,
    #[cfg_attr(not(feature = "gzip"), allow(unused_mut))] mut request: reqwest::Request,
) -> impl Future<Output = Result<Response, BoxError>> + use<> {
    #[cfg(feature = "gzip")]
    super::gunzip::ask(request.headers_mut());
    let sent = http.execute(request);
    async move {
        // The URL may contain a key.
        let response = sent.await.map_err(reqwest::Error::without_url)?;
        #[cfg(feature = "gzip")]
        let response = gunzip(response);
        Ok(response)
    }
}

/// Decompresses a response while it is read.
#[cfg(feature = "gzip")]
fn gunzip(mut response: Response) -> Response {
    use super::gunzip::{Gunzip, is_compressed};

    if !is_compressed(response.headers_mut()) {
        return response;
    }
    http::Response::<ResponseBody>::from(response).map(|body| ResponseBody::wrap(Gunzip::new(body))).into()
}

/// Watches the body of a request, if it is long.
pub(super) fn watch(request: &mut reqwest::Request) -> Option<Arc<Upload>> {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    if body.is_some_and(|body| body.len() <= CHUNK) {
        return None;
    }
    let upload = Upload::start();
    let watched = Watched { body: request.body_mut().take()?, rest: Bytes::new(), upload: Arc::clone(&upload) };
    *request.body_mut() = Some(reqwest::Body::wrap(watched));
    Some(upload)
}

/// A body that is read while it is sent.
pub(super) async fn body<B>(body: B) -> Result<reqwest::Body, B::Error>
where
    B: Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    Ok(reqwest::Body::wrap(body))
}

/// The next chunk of a body; `None` at the end.
pub(super) async fn chunk(response: &mut Response) -> Result<Option<Bytes>, BoxError> {
    Ok(response.chunk().await?)
}

/// The whole body of a request.
#[cfg(feature = "mock")]
pub(super) async fn whole(body: reqwest::Body) -> Result<Bytes, BoxError> {
    Ok(http_body_util::BodyExt::collect(body).await?.to_bytes())
}

/// A body that is copied while it is sent.
#[cfg(feature = "har")]
pub(super) fn copied(body: reqwest::Body, copy: super::har::Copy) -> reqwest::Body {
    let Some(bytes) = body.as_bytes() else {
        return reqwest::Body::wrap(super::har::Copied::new(body, move |chunk| copy.push(chunk)));
    };
    copy.push(bytes);
    body
}

/// The request as services of `tower` take it.
pub(super) fn to_http(request: reqwest::Request) -> Result<http::Request<reqwest::Body>, BoxError> {
    Ok(http::Request::try_from(request)?)
}

/// The response as services of `tower` return it.
pub(super) fn into_http(response: Response) -> http::Response<ResponseBody> {
    response.into()
}

/// The response of a service of `tower`.
pub(super) fn from_http<B>(url: Url, response: http::Response<B>) -> Result<Response, BoxError>
where
    B: Body + Send + 'static,
    B::Data: Into<Bytes>,
    B::Error: Into<BoxError>,
{
    let (mut parts, body) = response.into_parts();
    // `reqwest` keeps the URL of a response in its extensions.
    parts.extensions.extend(http::Response::builder().url(url).body(())?.into_parts().0.extensions);
    let body = ResponseBody::wrap(Shareable(Mutex::new(Box::pin(body))));
    Ok(http::Response::from_parts(parts, body).into())
}

/// A body that `reqwest` takes, which demands `Sync`.
struct Shareable<B>(Mutex<Pin<Box<B>>>);

impl<B: Body> Body for Shareable<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        locked(&self.0).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        locked(&self.0).size_hint()
    }
}

/// A body in small chunks, which records each of them.
struct Watched {
    body: reqwest::Body,
    rest: Bytes,
    upload: Arc<Upload>,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        if self.rest.is_empty() {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                self.upload.starves();
                return Poll::Pending;
            };
            self.upload.progress(0);
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.rest.len().min(CHUNK);
        let chunk = self.rest.split_to(length);
        self.upload.progress(length);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.body.size_hint().exact();
        length.map(|length| SizeHint::with_exact(length + self.rest.len() as u64)).unwrap_or_default()
    }
}

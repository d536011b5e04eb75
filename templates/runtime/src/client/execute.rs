//! Sending requests: attempts, redirects, limits.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use super::Client;
use super::error::{Error, ErrorResponse};
use super::request::Body;
use super::retry::{entropy, is_retryable, retry_after};
use crate::operation::Operation;

/// A request that is ready to be sent.
pub(super) struct Call {
    pub(super) operation: &'static Operation,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Body>,
}

/// Sends a request. The body of the response is not read yet.
pub(super) async fn execute(client: &Client, call: &Call) -> Result<reqwest::Response, Error> {
    let settings = &client.inner.settings;
    let mut attempts = 0;
    let mut waited = Duration::ZERO;
    loop {
        attempts += 1;
        let outcome = follow_redirects(client, call).await;
        let (again, pause) = match &outcome {
            Ok(response) => (
                is_retryable(&call.method, response.status()),
                retry_after(response.headers(), SystemTime::now()),
            ),
            Err(error) => (error.is_connect() && call.method.is_idempotent(), None),
        };
        let delay = settings.retry.delay(attempts, pause, waited, entropy());
        match delay.filter(|_| again) {
            Some(delay) => {
                (settings.sleep.0)(delay).await;
                waited += delay;
            }
            None => return conclude(client, call, outcome).await,
        }
    }
}

/// Turns a response that is not a success into an error.
async fn conclude(
    client: &Client,
    call: &Call,
    outcome: Result<reqwest::Response, reqwest::Error>,
) -> Result<reqwest::Response, Error> {
    let mut response = outcome.map_err(transport)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    // A body that cannot be read to its end does not hide the error.
    let mut body = Vec::new();
    let limit = client.inner.settings.limits.error_size;
    let complete = read(&mut response, limit, &mut body).await;
    let headers = std::mem::take(response.headers_mut());
    let redirect = is_redirect(status) && headers.contains_key(header::LOCATION);
    let error = Box::new(ErrorResponse {
        status,
        operation: call.operation.id,
        documented: call.operation.meaning(status.as_u16()),
        retry_after: retry_after(&headers, SystemTime::now()),
        headers,
        body: body.into(),
        truncated: !complete.unwrap_or(false),
    });
    Err(if redirect {
        Error::Redirect(error)
    } else {
        Error::Status(error)
    })
}

/// Sends a request, and follows redirects that keep the request and its origin.
async fn follow_redirects(
    client: &Client,
    call: &Call,
) -> Result<reqwest::Response, reqwest::Error> {
    let mut url = call.url.clone();
    let mut followed = 0;
    loop {
        let mut request = client
            .inner
            .http
            .request(call.method.clone(), url.clone())
            .headers(call.headers.clone());
        request = match &call.body {
            Some(Body::Bytes(_, bytes)) => request.body(bytes.clone()),
            Some(Body::Multipart(form)) => form.attach(request),
            None => request,
        };
        let response = request.send().await?;
        match redirect_target(client, &call.method, &url, &response) {
            Some(target) if followed < client.inner.settings.limits.redirects => {
                followed += 1;
                url = target;
            }
            _ => return Ok(response),
        }
    }
}

/// The target of a redirect, if it may be followed.
fn redirect_target(
    client: &Client,
    method: &Method,
    url: &Url,
    response: &reqwest::Response,
) -> Option<Url> {
    let status = response.status();
    let keeps_request = match status.as_u16() {
        307 | 308 => true,
        _ => is_redirect(status) && matches!(*method, Method::GET | Method::HEAD),
    };
    if !keeps_request {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let target = url.join(location).ok()?;
    is_ours(client, &target).then_some(target)
}

/// Whether the client may send credentials to a URL.
pub(super) fn is_ours(client: &Client, url: &Url) -> bool {
    url.origin() == client.inner.base_url.origin()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Reads a whole body.
pub(super) async fn read_all(
    client: &Client,
    operation: &'static Operation,
    response: &mut reqwest::Response,
) -> Result<Bytes, Error> {
    let limit = client.inner.settings.limits.response_size;
    let mut body = Vec::new();
    match read(response, limit, &mut body).await {
        Ok(true) => Ok(body.into()),
        Ok(false) => Err(Error::TooLarge {
            operation: operation.id,
            limit,
        }),
        Err(error) => Err(transport(error)),
    }
}

/// Reads a body up to a limit. Returns whether that is the whole body.
async fn read(
    response: &mut reqwest::Response,
    limit: usize,
    body: &mut Vec<u8>,
) -> Result<bool, reqwest::Error> {
    while let Some(chunk) = response.chunk().await? {
        let room = limit.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The error without the URL, which may contain a key.
pub(super) fn transport(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_timeout() {
        Error::Timeout(error)
    } else {
        Error::Transport(error)
    }
}

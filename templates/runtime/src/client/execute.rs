//! Sends requests: attempts, redirects, limits. Not generic, so that it is compiled once.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use super::Client;
use super::error::{Error, ErrorResponse};
use super::operation::Operation;
use super::retry::{entropy, is_idempotent, is_retryable, retry_after};

/// A request that is ready to be sent.
pub(super) struct Call {
    pub(super) operation: &'static Operation,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

/// Sends a request and returns the answer's head if it is a success.
pub(super) async fn execute(client: &Client, call: &Call) -> Result<reqwest::Response, Error> {
    let mut attempts = 0;
    let mut waited = Duration::ZERO;
    loop {
        attempts += 1;
        let outcome = follow_redirects(client, call).await;
        let (again, asked) = match &outcome {
            Ok(response) => (
                is_retryable(&call.operation.method, response.status()),
                retry_after(response.headers(), SystemTime::now()),
            ),
            Err(error) => {
                let again = error.is_connect() && is_idempotent(&call.operation.method);
                (again, None)
            }
        };
        let delay = client.inner.retry.delay(attempts, asked, waited, entropy());
        match delay.filter(|_| again) {
            Some(delay) => {
                (client.inner.sleep.0)(delay).await;
                waited += delay;
            }
            None => return conclude(client, call, outcome).await,
        }
    }
}

/// Turns an answer that is no success into an error.
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
    // An error whose body breaks off is still that error.
    let mut body = Vec::new();
    let complete = read(&mut response, client.inner.limits.error_size, &mut body).await;
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

/// Sends a request, and sends it again to where the server points, as long as that is the same origin and the same
/// request.
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
            .request(call.operation.method.clone(), url.clone())
            .headers(call.headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let response = request.send().await?;
        match redirect_target(client, &call.operation.method, &url, &response) {
            Some(target) if followed < client.inner.limits.redirects => {
                followed += 1;
                url = target;
            }
            _ => return Ok(response),
        }
    }
}

/// Where a redirect leads, if it may be followed.
fn redirect_target(
    client: &Client,
    method: &Method,
    url: &Url,
    response: &reqwest::Response,
) -> Option<Url> {
    let status = response.status();
    let same_request = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        _ => is_redirect(status) && matches!(*method, Method::GET | Method::HEAD),
    };
    if !same_request {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let target = url.join(location).ok()?;
    is_ours(client, &target).then_some(target)
}

/// Whether a URL is one to which the client may send credentials.
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
    let limit = client.inner.limits.response_size;
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

/// Reads a body up to a limit, and tells whether that was all of it.
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

/// The URL may hold a key in its query, so it goes.
pub(super) fn transport(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_timeout() {
        Error::Timeout(error)
    } else {
        Error::Transport(error)
    }
}

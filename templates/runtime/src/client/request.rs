//! A request under construction. Not generic, so that it is compiled once; the methods of operations are thin.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::error::Error;
use super::event_stream::EventStream;
use super::execute::{self, Call};
use super::multipart::Form;
use super::operation::{Location, Operation, Parameter};
use super::response::Received;
use super::{Client, credential, form, parameter, path};

/// A request under construction.
///
/// The methods of [`Client`] make these. One made here by hand, from an [`Operation`] of your own, reaches operations
/// that the description does not know.
#[must_use]
pub struct Request {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    values: Vec<(Location, &'static str, Value)>,
    /// The encoded query in place of the query parameters, when a link gave one.
    pub(super) query: Option<String>,
    body: Option<Body>,
    /// The media type to ask for in place of the operation's own.
    accept: Option<&'static str>,
    failure: Option<Error>,
}

/// A body with its media type.
struct Body {
    media_type: String,
    octets: Bytes,
}

impl fmt::Debug for Request {
    /// Shows no values: they may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// A request without any values.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            values: Vec::new(),
            query: None,
            body: None,
            accept: None,
            failure: None,
        }
    }

    /// Sets a path parameter.
    pub fn path<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Path, name, serde_json::to_value(value))
    }

    /// Sets a query parameter.
    pub fn query<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Query, name, serde_json::to_value(value))
    }

    /// Sets a header.
    pub fn header<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Header, name, serde_json::to_value(value))
    }

    /// Sets a cookie.
    pub fn cookie<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Cookie, name, serde_json::to_value(value))
    }

    /// Sets a parameter; the last value counts.
    fn value(
        mut self,
        location: Location,
        name: &'static str,
        value: Result<Value, serde_json::Error>,
    ) -> Self {
        match value {
            Ok(value) => self.set(location, name, value),
            Err(source) => self.fail(source),
        }
        self
    }

    pub(super) fn set(&mut self, location: Location, name: &'static str, value: Value) {
        self.values.retain(|(l, n, _)| (*l, *n) != (location, name));
        self.values.push((location, name, value));
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(self, media_type: &str, body: &T) -> Self {
        self.written(media_type, serde_json::to_vec(body))
    }

    /// Asks for another media type than the operation's first.
    pub fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = Some(media_type);
        self
    }

    /// Sets a form body. Lists become one pair an item and objects JSON, unless their property is among `styles`.
    pub fn form<T: Serialize + ?Sized>(self, styles: &[form::PropertyStyle], body: &T) -> Self {
        let written = serde_json::to_value(body).map(|body| form::encode(&body, styles).into());
        self.written(form::MEDIA_TYPE, written)
    }

    /// Sets a multipart body.
    pub fn multipart(self, form: Form) -> Self {
        match form.encode() {
            Ok((media_type, octets)) => self.written(&media_type, Ok(octets)),
            Err(source) => self.written("", Err(source)),
        }
    }

    /// Sets a body of octets or text.
    pub fn octets(mut self, media_type: &str, octets: impl Into<Bytes>) -> Self {
        self.body = Some(Body {
            media_type: media_type.to_owned(),
            octets: octets.into(),
        });
        self
    }

    fn written(mut self, media_type: &str, octets: Result<Vec<u8>, serde_json::Error>) -> Self {
        match octets {
            Ok(octets) => return self.octets(media_type, octets),
            Err(source) => self.fail(source),
        }
        self
    }

    /// Keeps the first failure for when the request is sent.
    fn fail(&mut self, source: serde_json::Error) {
        if self.failure.is_none() {
            self.failure = Some(Error::Encode {
                operation: self.operation.id,
                source,
            });
        }
    }

    /// Sends the request and reads the whole answer.
    ///
    /// # Errors
    /// See [`Error`]; every status that is not a success is one.
    pub async fn execute(mut self) -> Result<Received, Error> {
        self.fetch().await
    }

    /// Sends the request and leaves the answer to be read event by event.
    ///
    /// # Errors
    /// See [`Error`]; every status that is not a success is one.
    pub async fn events(mut self) -> Result<super::ApiResponse<EventStream>, Error> {
        let call = self.call()?;
        let mut response = execute::execute(&self.client, &call).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let limit = self.client.inner.limits.response_size;
        let value = EventStream::new(self.operation.id, response, limit);
        Ok(super::ApiResponse {
            value,
            status,
            headers,
        })
    }

    /// Sends the request as it stands; it can be sent again.
    pub(super) async fn fetch(&mut self) -> Result<Received, Error> {
        let call = self.call()?;
        let mut response = execute::execute(&self.client, &call).await?;
        let body = execute::read_all(&self.client, self.operation, &mut response).await?;
        #[cfg(feature = "deviations")]
        let handler = &self.client.inner.on_deviation;
        #[cfg(feature = "deviations")]
        handler.report(self.operation, response.status(), &body);
        Ok(Received {
            operation: self.operation,
            url: call.url,
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }

    /// Writes the request out.
    fn call(&mut self) -> Result<Call, Error> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut headers = self.headers()?;
        let mut query = match &self.query {
            Some(query) => query.clone(),
            None => self.query_pairs().join("&"),
        };
        let credentials = &self.client.inner.credentials;
        credentials.apply(self.operation, &mut headers, &mut query);
        let url = self.url(&query)?;
        let body = self.body.as_ref().map(|body| body.octets.clone());
        Ok(Call {
            operation: self.operation,
            url,
            headers,
            body,
        })
    }

    /// The operation's parameters in a location that have a value.
    fn given(&self, location: Location) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        self.operation
            .parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
            .filter_map(move |parameter| Some((parameter, self.find(location, parameter.name)?)))
    }

    fn find(&self, location: Location, name: &str) -> Option<&Value> {
        let found = self
            .values
            .iter()
            .find(|(l, n, _)| (*l, *n) == (location, name));
        found.map(|(_, _, value)| value)
    }

    fn query_pairs(&self) -> Vec<String> {
        self.given(Location::Query)
            .flat_map(|(parameter, value)| parameter::query(parameter, value))
            .collect()
    }

    fn url(&self, query: &str) -> Result<Url, Error> {
        let operation = self.operation;
        let path = path::expand(operation, |name| {
            let refused = |reason| Error::InvalidPathValue {
                operation: operation.id,
                parameter: name,
                reason,
            };
            let mut given = self.given(Location::Path);
            let given = given.find(|(parameter, _)| parameter.name == name);
            let (parameter, value) = given.ok_or_else(|| refused("is not given"))?;
            parameter::path(parameter, value).map_err(refused)
        })?;
        // The base URL as text: joining would drop its last segment, and editing segments would rewrite literals.
        let base = self.client.inner.base_url.as_str().trim_end_matches('/');
        let slash = if path.starts_with('/') { "" } else { "/" };
        let mut url =
            Url::parse(&format!("{base}{slash}{path}")).map_err(|source| Error::InvalidUrl {
                operation: operation.id,
                source,
            })?;
        // A fragment never travels, and a literal may bring a query of its own.
        url.set_fragment(None);
        match (url.query().map(str::to_owned), query) {
            (_, "") => {}
            (None, query) => url.set_query(Some(query)),
            (Some(literal), query) => url.set_query(Some(&format!("{literal}&{query}"))),
        }
        Ok(url)
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (parameter, value) in self.given(Location::Header) {
            let Some(text) = parameter::header(parameter, value) else {
                continue;
            };
            let name = HeaderName::from_bytes(parameter.name.as_bytes());
            let value = HeaderValue::from_bytes(text.as_bytes());
            let (Ok(name), Ok(value)) = (name, value) else {
                return Err(self.invalid_header(parameter.name));
            };
            headers.insert(name, value);
        }
        for (parameter, value) in self.given(Location::Cookie) {
            for pair in parameter::query(parameter, value) {
                credential::add_cookie(&mut headers, &pair, false);
            }
        }
        let accept = self.accept.unwrap_or(self.operation.accept);
        if !accept.is_empty() {
            let accept = HeaderValue::from_str(accept);
            headers.insert(
                header::ACCEPT,
                accept.map_err(|_| self.invalid_header("Accept"))?,
            );
        }
        if let Some(body) = &self.body {
            let media_type = HeaderValue::from_str(&body.media_type);
            let media_type = media_type.map_err(|_| self.invalid_header("Content-Type"))?;
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        Ok(headers)
    }

    fn invalid_header(&self, name: &'static str) -> Error {
        Error::InvalidHeader {
            operation: self.operation.id,
            name,
        }
    }
}

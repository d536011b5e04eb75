//! Reading a parameter into the type that the operation wants.

use std::fmt;

use axum::http::StatusCode;
use axum::http::header::{COOKIE, HeaderName};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::style::{self, Pair, Style};
use super::{Problem, RequestContext, Shape};

/// A parameter as the description has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// How its value is written.
    pub style: Style,
    /// Whether lists and objects are written as one pair an item.
    pub explode: bool,
    /// What its text stands for.
    pub shape: Shape,
    /// Keys that belong to other parameters, where this one takes arbitrary keys (an exploded object in the query).
    pub except: &'static [&'static str],
}

impl Parameter {
    /// A parameter in the path, in the style of those that say none.
    #[must_use]
    pub const fn path(name: &'static str, shape: Shape) -> Self {
        Self::plain(name, Location::Path, Style::Simple, shape)
    }

    /// A parameter in the query, in the style of those that say none.
    #[must_use]
    pub const fn query(name: &'static str, shape: Shape) -> Self {
        Self::plain(name, Location::Query, Style::Form, shape)
    }

    /// A header, in the style of those that say none.
    #[must_use]
    pub const fn header(name: &'static str, shape: Shape) -> Self {
        Self::plain(name, Location::Header, Style::Simple, shape)
    }

    /// A cookie, in the style of those that say none.
    #[must_use]
    pub const fn cookie(name: &'static str, shape: Shape) -> Self {
        Self::plain(name, Location::Cookie, Style::Form, shape)
    }

    const fn plain(name: &'static str, location: Location, style: Style, shape: Shape) -> Self {
        Self {
            name,
            location,
            style,
            explode: matches!(style, Style::Form),
            shape,
            except: &[],
        }
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = match self.location {
            Location::Path => "path parameter",
            Location::Query => "query parameter",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        write!(formatter, "{location} `{}`", self.name)
    }
}

impl RequestContext {
    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// 400 when it is missing or is not what was expected.
    pub fn required<T: DeserializeOwned>(&self, parameter: &Parameter) -> Result<T, Problem> {
        match self.raw(parameter)? {
            Some(value) => decode(parameter, value),
            None => Err(Problem::bad_request(format!(
                "{parameter}: missing, expected {}",
                parameter.shape.expectation()
            ))),
        }
    }

    /// The value of a parameter that may be absent.
    ///
    /// # Errors
    /// 400 when it is not what was expected.
    pub fn optional<T: DeserializeOwned>(
        &self,
        parameter: &Parameter,
    ) -> Result<Option<T>, Problem> {
        match self.raw(parameter)? {
            Some(value) => decode(parameter, value).map(Some),
            None => Ok(None),
        }
    }

    /// The value of a parameter that stands for a described default, given as JSON, when it is absent.
    ///
    /// # Errors
    /// 400 when it is not what was expected; 500 when the default is no such value.
    pub fn or_default<T: DeserializeOwned>(
        &self,
        parameter: &Parameter,
        default: &str,
    ) -> Result<T, Problem> {
        match self.raw(parameter)? {
            Some(value) => decode(parameter, value),
            None => serde_json::from_str(default).map_err(|error| {
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    format!("{parameter}: its described default is unusable: {error}"),
                )
            }),
        }
    }

    /// The value of a parameter as JSON, whatever its style.
    fn raw(&self, parameter: &Parameter) -> Result<Option<Value>, Problem> {
        let read = match parameter.location {
            Location::Path => match self.path_value(parameter.name) {
                Some(raw) => style::single(parameter, raw).map(Some),
                None => Ok(None),
            },
            Location::Query => style::pairs(parameter, self.query()),
            Location::Header => self.header(parameter),
            Location::Cookie => style::pairs(parameter, &self.cookies()),
        };
        read.map_err(|expected| Problem::bad_request(format!("{parameter}: expected {expected}")))
    }

    fn header(&self, parameter: &Parameter) -> Result<Option<Value>, String> {
        let Ok(name) = HeaderName::from_bytes(parameter.name.as_bytes()) else {
            return Ok(None);
        };
        let mut lines = Vec::new();
        for value in self.headers.get_all(&name) {
            lines.push(std::str::from_utf8(value.as_bytes()).map_err(|_| "UTF-8".to_owned())?);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        style::header(parameter, &lines.join(",")).map(Some)
    }

    fn cookies(&self) -> Vec<Pair> {
        self.headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(key, value)| Pair {
                key: key.to_owned(),
                // A plus sign is itself in a cookie; only a form reads it as a space.
                raw: value.trim_matches('"').replace('+', "%2B"),
            })
            .collect()
    }
}

fn decode<T: DeserializeOwned>(parameter: &Parameter, value: Value) -> Result<T, Problem> {
    serde_json::from_value(value)
        .map_err(|error| Problem::bad_request(format!("{parameter}: {error}")))
}

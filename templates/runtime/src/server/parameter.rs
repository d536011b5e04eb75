//! Reading parameters.

#![allow(dead_code, reason = "an API uses what it needs")]

use axum::http::StatusCode;
use axum::http::header::{COOKIE, HeaderName};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::style::{self, Pair};
use super::{Problem, RequestContext};
use crate::operation::{Location, Parameter, path};

impl<Principal> RequestContext<Principal> {
    /// The value of a required parameter.
    ///
    /// # Errors
    /// 400 where it is absent or of another type.
    pub(crate) fn required<T: DeserializeOwned>(&self, location: Location, name: &'static str) -> Result<T, Problem> {
        let parameter = self.described(location, name)?;
        self.value(&parameter)?.ok_or_else(|| {
            let expected = parameter.value.expectation();
            Problem::bad_request(format!("{parameter}: missing, expected {expected}"))
        })
    }

    /// The value of an optional parameter.
    ///
    /// # Errors
    /// 400 where it is of another type.
    pub(crate) fn optional<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        self.value(&self.described(location, name)?)
    }

    /// The value of a parameter, or its documented default (JSON).
    ///
    /// # Errors
    /// 400 where the value is of another type, 500 where the default is.
    #[allow(dead_code, reason = "not every API has defaults")]
    pub(crate) fn or_default<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &'static str,
        default: &str,
    ) -> Result<T, Problem> {
        let parameter = self.described(location, name)?;
        let value = self.value(&parameter)?;
        value
            .map_or_else(|| serde_json::from_str(default), Ok)
            .map_err(|error| defect(format!("{parameter}: its default is unusable: {error}")))
    }

    /// A parameter of the operation.
    fn described(&self, location: Location, name: &'static str) -> Result<Parameter, Problem> {
        let mut rows = self.operation().parameters.iter();
        match rows.find(|row| row.location == location && row.name == name) {
            Some(row) => Ok(*row),
            // What has no row is in the path, and has nothing but a name.
            None if location == Location::Path => Ok(path(name)),
            None => Err(defect(format!("the operation has no parameter `{name}`"))),
        }
    }

    /// The value of a parameter in the request.
    fn value<T: DeserializeOwned>(&self, parameter: &Parameter) -> Result<Option<T>, Problem> {
        let unexpected = |expected| Problem::bad_request(format!("{parameter}: expected {expected}"));
        let value = self.json(parameter).map_err(unexpected)?;
        // What serde says is in the words of Rust.
        value.map(serde_json::from_value).transpose().map_err(|_| {
            let expected = parameter.value.expectation();
            unexpected(format!("{expected}, found a value that is not as described"))
        })
    }

    /// The value of a parameter as JSON.
    pub(super) fn json(&self, parameter: &Parameter) -> Result<Option<Value>, String> {
        match parameter.location {
            Location::Path => {
                let raw = self.path_text(parameter.name);
                raw.map(|raw| style::single(parameter, &raw)).transpose()
            }
            Location::Query => style::pairs(parameter, &self.query),
            Location::Header => self.header(parameter),
            Location::Cookie => style::pairs(parameter, &self.cookies()),
        }
    }

    fn header(&self, parameter: &Parameter) -> Result<Option<Value>, String> {
        let Ok(name) = HeaderName::from_bytes(parameter.name.as_bytes()) else {
            return Ok(None);
        };
        let lines = self.headers.get_all(&name).iter();
        let lines = lines.map(|value| std::str::from_utf8(value.as_bytes()));
        let lines = lines.collect::<Result<Vec<_>, _>>().map_err(|_| "UTF-8")?;
        if lines.is_empty() {
            return Ok(None);
        }
        style::header(parameter, &lines.join(",")).map(Some)
    }

    pub(super) fn cookies(&self) -> Vec<Pair> {
        self.headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(key, value)| Pair {
                key: key.to_owned(),
                // Only forms use a plus sign for a space.
                raw: value.trim_matches('"').replace('+', "%2B"),
            })
            .collect()
    }
}

/// 500: the constants of the crate contradict each other.
fn defect(detail: String) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

//! Operations, for client and server: method, path, parameters, bodies and responses.

#![allow(dead_code, unused_imports, unused_macros, reason = "an API may have no operations")]

use std::fmt;

use http::StatusCode;

use crate::security::Requirement;

/// An operation of the API.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The id in the description.
    pub id: &'static str,
    /// The name of its tag.
    pub tag: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with parameters in braces: `/teams/{id}/`.
    pub path: &'static str,
    /// The parameters, in the order in which they are sent, without those of the path that have nothing but a name:
    /// [`all_parameters`](Self::all_parameters) has them, too.
    pub parameters: &'static [Parameter],
    /// The media types of the request body, the preferred one first; empty without a body.
    pub body: &'static [Content],
    /// The `Accept` header, `application/json` where a table does not say it; empty where the client sends none.
    pub accept: &'static str,
    /// The documented responses: statuses, then ranges, then the default.
    pub responses: &'static [Response],
    /// The security requirements, of which one is enough, each a list of schemes: `None` where the description has none,
    /// empty where the operation needs no authentication.
    pub security: Option<&'static [&'static [Requirement]]>,
    /// The query parameter for the cursor of a page, if there is one.
    pub cursor: Option<&'static str>,
}

/// Whether a response with this status never has a body (RFC 9110, sections 15.2, 15.3.5, 15.3.6 and 15.4.5).
pub(crate) fn is_without_body(status: u16) -> bool {
    matches!(status, 100..200 | 204 | 205 | 304)
}

impl Operation {
    /// A base for constants: `GET /`, answered in JSON.
    pub const EMPTY: Self = Self {
        id: "",
        tag: "",
        method: Method::Get,
        path: "/",
        parameters: &[],
        body: &[],
        accept: "application/json",
        responses: &[],
        security: None,
        cursor: None,
    };

    /// The description of the response with a status, or else its reason phrase; `None` where it is not documented.
    pub fn meaning(&self, status: u16) -> Option<&'static str> {
        match self.response(status)?.meaning {
            "" => StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).or(Some("")),
            meaning => Some(meaning),
        }
    }

    /// The documented response with a status.
    pub fn response(&self, status: u16) -> Option<&'static Response> {
        self.responses.iter().find(|response| (response.first..=response.last).contains(&status))
    }

    /// The parameter with this name in this location.
    pub fn parameter(&self, location: Location, name: &str) -> Option<Parameter> {
        match self.row(location, name) {
            None if location == Location::Path => self.names_of_path().find(|parameter| parameter.name == name),
            found => found,
        }
    }

    /// The parameter with this name, which stands in the path.
    #[cfg(feature = "client-without-tls")]
    pub(crate) fn parameter_of_path(&self, name: &'static str) -> Parameter {
        self.row(Location::Path, name).unwrap_or(path(name))
    }

    fn row(&self, location: Location, name: &str) -> Option<Parameter> {
        self.parameters.iter().copied().find(|row| row.location == location && row.name == name)
    }

    /// All parameters: those of the path that have nothing but a name, then the others in the order in which they are sent.
    pub fn all_parameters(&self) -> impl Iterator<Item = Parameter> {
        let names = self.names_of_path().filter(|parameter| self.row(Location::Path, parameter.name).is_none());
        names.chain(self.parameters.iter().copied())
    }

    fn names_of_path(&self) -> impl Iterator<Item = Parameter> + use<> {
        self.path_parts().filter_map(|part| match part {
            PathPart::Parameter(name) => Some(path(name)),
            PathPart::Literal(_) => None,
        })
    }

    /// Whether the description allows a request without a credential.
    pub fn is_public(&self) -> bool {
        let security = self.security.unwrap_or_default();
        security.is_empty() || security.contains(&[].as_slice())
    }

    /// Whether a credential of this scheme that has these scopes is enough.
    pub fn permits(&self, scheme: &str, scopes: &[impl AsRef<str>]) -> bool {
        let fits = |one: &Requirement| one.scheme == scheme && one.permits(scopes);
        let mut security = self.security.unwrap_or_default().iter();
        self.is_public() || security.any(|schemes| schemes.iter().all(fits))
    }

    /// The literal text and the parameters of the path, in order.
    pub(crate) fn path_parts(&self) -> impl Iterator<Item = PathPart> + use<> {
        let (mut rest, mut parameter) = (self.path, None);
        std::iter::from_fn(move || {
            if parameter.is_none() {
                let (literal, name, after) = split_at_parameter(rest);
                (rest, parameter) = (after, name);
                if !literal.is_empty() {
                    return Some(PathPart::Literal(literal));
                }
            }
            parameter.take().map(PathPart::Parameter)
        })
    }
}

/// The text before the first parameter, its name, and the text after it. A brace that nothing closes is text.
fn split_at_parameter(path: &str) -> (&str, Option<&str>, &str) {
    let split = path.split_once('{');
    match split.and_then(|(literal, rest)| Some((literal, rest.split_once('}')?))) {
        Some((literal, (name, after))) => (literal, Some(name), after),
        None => (path, None, ""),
    }
}

/// A part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathPart {
    /// Literal text, slashes included.
    Literal(&'static str),
    /// The parameter with this name.
    Parameter(&'static str),
}

/// An HTTP method that OpenAPI knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each name is the documentation")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// The method as in HTTP: `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A parameter. [`path`], [`query`], [`header()`] and [`cookie`] make one in the default style of its location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in HTTP.
    pub name: &'static str,
    /// Its location.
    pub location: Location,
    /// The style of its value.
    pub style: Style,
    /// Whether each item of a list and each property of an object is a separate pair.
    pub explode: bool,
    /// Whether the client leaves reserved characters unencoded.
    pub allow_reserved: bool,
    /// The type that the server reads its text as.
    pub value: ValueType,
    /// Names of other query parameters, where this one is an object with any keys.
    pub except: &'static [&'static str],
}

/// A path parameter.
pub const fn path(name: &'static str) -> Parameter {
    Parameter::new(name, Location::Path, Style::Simple)
}

/// A query parameter.
pub const fn query(name: &'static str) -> Parameter {
    Parameter::new(name, Location::Query, Style::Form)
}

/// A header.
pub const fn header(name: &'static str) -> Parameter {
    Parameter::new(name, Location::Header, Style::Simple)
}

/// A cookie.
pub const fn cookie(name: &'static str) -> Parameter {
    Parameter::new(name, Location::Cookie, Style::Form)
}

impl Parameter {
    const fn new(name: &'static str, location: Location, style: Style) -> Self {
        Self {
            name,
            location,
            style,
            explode: matches!(style, Style::Form),
            allow_reserved: false,
            value: ValueType::Text,
            except: &[],
        }
    }

    /// Sets style and [`explode`](Self::explode).
    pub const fn style(self, style: Style, explode: bool) -> Self {
        Self { style, explode, ..self }
    }

    /// Leaves reserved characters unencoded.
    pub const fn allow_reserved(self) -> Self {
        Self { allow_reserved: true, ..self }
    }

    /// Sets the type of the value.
    pub const fn of(self, value: ValueType) -> Self {
        Self { value, ..self }
    }

    /// Excludes the names of other parameters from the keys.
    pub const fn except(self, except: &'static [&'static str]) -> Self {
        Self { except, ..self }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}`", self.location, self.name)
    }
}

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Path => "path parameter",
            Self::Query => "query parameter",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// The text form of a value: a style of the OpenAPI specification, or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b`, and `k,v` or `k=v`.
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a,b`
    Matrix,
    /// `name=a&name=b`, or `name=a,b` without `explode`.
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a%7Cb`
    PipeDelimited,
    /// `name[key]=a`
    DeepObject,
    /// JSON text.
    Json,
}

/// The type that a server reads text as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Any text.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Bytes.
    Bytes,
    /// A list.
    List(&'static ValueType),
    /// An object with any keys.
    Map(&'static ValueType),
    /// An object with these keys; the values of other keys are text.
    Object(&'static [(&'static str, ValueType)]),
    /// An object with these keys, and values of one type for all others.
    Open(&'static [(&'static str, ValueType)], &'static ValueType),
    /// Any one of these.
    OneOf(&'static [ValueType]),
    /// Any JSON value.
    Any,
}

/// A request body in one media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// The media type, or a range such as `image/*`.
    pub media_type: &'static str,
    /// The type that the server reads text or the fields of a form as.
    pub value: ValueType,
    /// The properties of a form with a style of their own: name, style and `explode`.
    pub styles: &'static [(&'static str, Style, bool)],
    /// Whether it is bytes, which the server reads as they arrive.
    pub is_stream: bool,
}

/// A request body in this media type.
pub const fn body(media_type: &'static str) -> Content {
    Content { media_type, value: ValueType::Any, styles: &[], is_stream: false }
}

impl Content {
    /// A body of bytes.
    pub const fn stream(self) -> Self {
        Self { is_stream: true, ..self }
    }

    /// Sets the type of the value.
    pub const fn of(self, value: ValueType) -> Self {
        Self { value, ..self }
    }

    /// Sets the styles of properties.
    pub const fn styles(self, styles: &'static [(&'static str, Style, bool)]) -> Self {
        Self { styles, ..self }
    }
}

/// A documented response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// Its lowest status.
    pub first: u16,
    /// Its highest status.
    pub last: u16,
    /// Its description; empty where that says no more than the status.
    pub meaning: &'static str,
    /// The media type of its body, of several the preferred one; JSON where none is described.
    pub media_type: &'static str,
}

/// A documented response with one status.
pub const fn response(status: u16, meaning: &'static str) -> Response {
    responses(status, status, meaning)
}

/// A documented response with any status of a range.
pub const fn responses(first: u16, last: u16, meaning: &'static str) -> Response {
    Response { first, last, meaning, media_type: "application/json" }
}

impl Response {
    /// Sets the media type of the body.
    pub const fn of(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }
}

/// A row of [`operations!`].
pub(crate) const fn documented(first: u16, last: &[u16], meaning: &'static str) -> Response {
    match *last {
        [last] => responses(first, last, meaning),
        _ => response(first, meaning),
    }
}

/// Defines the operations of a tag. Parameters of the path have a row only if there is more to say than their names, and
/// statuses a description only if it says more than their reason phrases, and a media type (`404 in "text/plain"`) only if it
/// is not `application/json`.
macro_rules! operations {
    (
        tag: $tag:literal;

        $(
            $visibility:vis static $name:ident = $method:ident $path:literal {
                id: $id:literal,
                $(parameters: [$($parameter:expr),* $(,)?],)?
                $(body: [$($body:expr),* $(,)?],)?
                $(accept: $accept:literal,)?
                $(responses: [
                    $($first:literal $(..= $last:literal)? $($meaning:literal)? $(in $media_type:literal)?),* $(,)?
                ],)?
                $(security: [$([$($scheme:expr),* $(,)?]),* $(,)?],)?
                $(cursor: $cursor:literal,)?
            }
        )*
    ) => {
        #[allow(unused_imports, reason = "operations name what they need")]
        use $crate::{operation::{Style::*, ValueType::*, *}, security::scheme};

        $(
            $visibility static $name: $crate::operation::Operation = $crate::operation::Operation {
                id: $id,
                tag: $tag,
                method: $crate::operation::Method::$method,
                path: $path,
                $(parameters: &[$($parameter),*],)?
                $(body: &[$($body),*],)?
                $(accept: $accept,)?
                $(responses: &[
                    $(documented($first, &[$($last)?], concat!($($meaning)?))$(.of($media_type))?),*
                ],)?
                $(security: Some(&[$(&[$($scheme),*]),*]),)?
                $(cursor: Some($cursor),)?
                ..$crate::operation::Operation::EMPTY
            };
        )*
    };
}

/// The name of a parameter in HTTP, or else in Rust.
macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

pub(crate) use {name, operations};

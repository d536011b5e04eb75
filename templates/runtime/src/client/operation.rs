//! What the client knows of an operation before it is called.

use http::Method;

/// An operation: everything of it that does not change from call to call.
#[derive(Debug)]
pub struct Operation {
    /// Its id, as the description has it.
    pub id: &'static str,
    /// HTTP method.
    pub method: Method,
    /// The path below the base URL; its parts concatenated.
    pub path: &'static [PathPart],
    /// Its parameters, in the order in which they are written.
    pub parameters: &'static [Parameter],
    /// The media types to ask for; nothing is asked for where it is empty.
    pub accept: &'static str,
    /// The responses that the description knows.
    pub responses: &'static [Documented],
    /// Alternatives of security schemes: `None` where nothing is stated, empty where none is needed.
    pub security: Option<&'static [&'static [&'static str]]>,
    /// The query parameter that takes the cursor of a page.
    pub cursor: Option<&'static str>,
}

/// A part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPart {
    /// Literal text, slashes included, sent byte for byte.
    Literal(&'static str),
    /// The path parameter of this name stands here.
    Parameter(&'static str),
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects are written as one pair an item.
    pub explode: bool,
    /// Whether reserved characters go unencoded.
    pub allow_reserved: bool,
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

/// How a parameter is written: the styles of the OpenAPI specification, and JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;name=a,b`
    Matrix,
    /// `name=a&name=b`, or `name=a,b` when not exploded
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a%7Cb`
    PipeDelimited,
    /// `name[key]=a`
    DeepObject,
    /// JSON text
    Json,
}

/// A response that the description knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Documented {
    /// The lowest status that it stands for.
    pub first: u16,
    /// The highest status that it stands for.
    pub last: u16,
    /// What the description says of it.
    pub meaning: &'static str,
}

impl Parameter {
    /// A path or header parameter in the default style.
    #[must_use]
    pub const fn simple(location: Location, name: &'static str) -> Self {
        Self::new(location, name, Style::Simple, false, false)
    }

    /// A query or cookie parameter in the default style.
    #[must_use]
    pub const fn form(location: Location, name: &'static str) -> Self {
        Self::new(location, name, Style::Form, true, false)
    }

    /// A parameter in any style.
    #[must_use]
    pub const fn new(
        location: Location,
        name: &'static str,
        style: Style,
        explode: bool,
        allow_reserved: bool,
    ) -> Self {
        Self {
            name,
            location,
            style,
            explode,
            allow_reserved,
        }
    }
}

impl Documented {
    /// What is said of the statuses from one to another.
    #[must_use]
    pub const fn new(first: u16, last: u16, meaning: &'static str) -> Self {
        Self {
            first,
            last,
            meaning,
        }
    }
}

impl Operation {
    /// What the description says of a status: a code before a range before the default.
    #[must_use]
    pub fn meaning(&self, status: u16) -> Option<&'static str> {
        self.responses
            .iter()
            .find(|response| (response.first..=response.last).contains(&status))
            .map(|response| response.meaning)
    }
}

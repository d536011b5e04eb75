//! The vocabulary of HTTP and OpenAPI: methods, statuses, parameters and security schemes.

use std::fmt;

use serde::Serialize;

/// The direction in which a value is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the API.
    Request,
    /// From the API: in a response, or in the request of a webhook.
    Response,
}

/// An HTTP method that a path item of OpenAPI can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum HttpMethod {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl HttpMethod {
    /// All methods, in the order of the OpenAPI specification.
    pub const ALL: [Self; 8] = [
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
    ];

    /// The key of the method in a path item: `"get"`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    /// The method as HTTP writes it: `"GET"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
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

impl fmt::Display for HttpMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl ParameterLocation {
    /// The value of `in` in OpenAPI, such as `query`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The style in which the value of a parameter is serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ParameterStyle {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// JSON text: the parameter has `content` with a JSON media type instead of a style.
    Json,
}

impl ParameterStyle {
    /// The style of a `style` keyword of OpenAPI, such as `spaceDelimited`. Returns `None` for any other text.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }

    /// The value of the `style` keyword. JSON text has none.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Simple => "simple",
            Self::Label => "label",
            Self::Matrix => "matrix",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Json => return None,
        })
    }
}

/// The `encoding` of a property in a form or multipart body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PropertyEncoding {
    /// Media type of the part.
    pub content_type: Option<String>,
    /// The style, if the description states one.
    pub style: Option<ParameterStyle>,
    /// Whether each item of an array or object becomes a pair of its own.
    pub explode: bool,
}

/// The status, or the range of statuses, that a response is described for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// One status.
    Code(u16),
    /// A range, as its first digit: 4 for `4XX`.
    Range(u8),
    /// `default`: every status that has no response of its own.
    Default,
}

impl Status {
    /// Whether the status is a success (2XX). `default` is not.
    #[must_use]
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code),
            Self::Range(hundred) => hundred == 2,
            Self::Default => false,
        }
    }

    /// Whether a response of the status has no body: 204, 205 and 304 (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5).
    #[must_use]
    pub fn is_without_body(self) -> bool {
        matches!(self, Self::Code(204 | 205 | 304))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(hundred) => write!(formatter, "{hundred}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SecurityScheme {
    /// `Authorization: Bearer <token>`. A request of OAuth 2 or OpenID Connect sends the same header.
    Bearer {
        /// The `description` of the scheme.
        description: Option<String>,
    },
    /// `Authorization: Basic <base64>`.
    Basic {
        /// The `description` of the scheme.
        description: Option<String>,
    },
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// The location of the key.
        location: ParameterLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
        /// The `description` of the scheme.
        description: Option<String>,
    },
    /// `Authorization: <scheme> <credential>`, of an HTTP scheme that one text is enough for.
    Http {
        /// The HTTP scheme.
        scheme: String,
        /// The `description` of the scheme.
        description: Option<String>,
    },
    /// Any other scheme, such as mutual TLS or HTTP digest. The caller has to authenticate by other means.
    Other {
        /// The `type` of the scheme, or the name of its HTTP scheme.
        kind: String,
        /// The `description` of the scheme.
        description: Option<String>,
    },
}

/// The reason phrase of a status, as RFC 9110 and its extensions have it.
#[must_use]
pub fn reason_phrase(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        422 => "Unprocessable Content",
        423 => "Locked",
        424 => "Failed Dependency",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        507 => "Insufficient Storage",
        _ => return None,
    })
}

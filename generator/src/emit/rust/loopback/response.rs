//! The responses of an operation: what the server returns, and what the client then has to return.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::super::client::error_type;
use super::super::sample::sample;
use crate::api::{
    Api, BodyEncoding, Content, HttpMethod, Operation, OperationType, Response, Status, Type,
};
use crate::emit::tokens::{ident, integer, operation_type, own_ident, string};

/// One response.
pub(super) struct Case {
    /// Its status.
    pub(super) status: u16,
    /// The constant that holds the body's JSON, and the JSON.
    pub(super) body: Option<(Ident, String)>,
    /// The variant of the server's response, and what it holds.
    pub(super) returned: TokenStream,
    /// Its headers: the constant, and the JSON of a value.
    pub(super) headers: Vec<(Ident, String)>,
    /// What the client then has to return.
    pub(super) expected: Expected,
}

/// What the client has to return.
pub(super) enum Expected {
    /// A success: what is done with the value, and what it then has to be.
    Success(TokenStream, TokenStream),
    /// An error whose body decodes into this.
    Error(TokenStream),
    /// An error whose body has no type.
    Failure,
    /// An error without a body.
    Empty,
}

/// How the client reads a body, as far as tests must know.
#[derive(Clone, PartialEq, Eq)]
enum Reading {
    Empty,
    Json(Type),
    Text,
    Bytes,
    Events,
    Lines,
}

/// The responses that HTTP can carry as they are described: none of 1XX, which end no request, and none with a body where
/// HTTP allows no body.
pub(super) fn cases(api: &Api, operation: &Operation) -> Vec<Case> {
    let successes = operation.successes();
    let readings: Vec<Reading> = successes
        .iter()
        .map(|response| reading(operation, response))
        .collect();
    let alike = readings
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a == b));
    let mut cases = Vec::new();
    for response in &operation.responses {
        let success = successes
            .iter()
            .any(|success| success.status == response.status);
        let Some(status) = status(operation, response, success) else {
            continue;
        };
        let bodiless = Status::Code(status).is_without_body();
        if status < 200 || (bodiless && !response.contents.is_empty()) {
            continue;
        }
        let mut contents: Vec<Option<&Content>> = response.contents.iter().map(Some).collect();
        // The client asks for the first one, but an error has any.
        contents.truncate(if success { 1 } else { usize::MAX });
        if contents.is_empty() {
            contents.push(None);
        }
        for content in contents {
            let json = content.filter(|content| content.encoding == BodyEncoding::Json);
            let expected = if success {
                let (convert, value) = expected(api, operation, response, alike);
                Expected::Success(convert, value)
            } else {
                error(api, operation, response, content)
            };
            cases.push(Case {
                status,
                body: json.map(|content| {
                    let name = constant(operation, response, content);
                    (name, sample(api, &content.ty).to_string())
                }),
                returned: returned(api, operation, response, content, status),
                headers: headers(api, response),
                expected,
            });
        }
    }
    cases
}

/// The documented headers of a response, but for those that HTTP itself or a redirect reads.
fn headers(api: &Api, response: &Response) -> Vec<(Ident, String)> {
    const OF_HTTP: [&str; 7] = [
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "location",
        "trailer",
        "transfer-encoding",
    ];
    let names = response.headers.iter();
    let names = names.map(|header| header.wire_name.to_ascii_lowercase());
    let names = names.filter(|name| !OF_HTTP.contains(&name.as_str()));
    names
        .filter_map(|name| {
            let mut constants = api.headers.iter();
            let constant = constants.find(|constant| constant.wire_name == name)?;
            Some((ident(&constant.name), sample(api, &constant.ty).to_string()))
        })
        .collect()
}

/// A status of the response that is no other's.
fn status(operation: &Operation, response: &Response, success: bool) -> Option<u16> {
    let free = |hundred: u16| {
        let taken = |code: u16| {
            let others = operation.responses.iter();
            others.into_iter().any(|r| r.status == Status::Code(code))
        };
        (hundred * 100..hundred * 100 + 100)
            .rev()
            .find(|code| !taken(*code))
    };
    match response.status {
        Status::Code(code) => Some(code),
        Status::Range(hundred) => free(u16::from(hundred)),
        Status::Default if success => free(2),
        Status::Default => [5, 4].into_iter().find_map(|hundred| {
            let ranged = |r: &Response| r.status == Status::Range(hundred);
            let ranged = operation.responses.iter().any(ranged);
            (!ranged).then(|| free(u16::from(hundred))).flatten()
        }),
    }
}

fn reading(operation: &Operation, response: &Response) -> Reading {
    let Some(content) = response.contents.first() else {
        return Reading::Empty;
    };
    match content.encoding {
        _ if operation.method == HttpMethod::Head => Reading::Empty,
        BodyEncoding::Json => Reading::Json(content.ty.clone()),
        BodyEncoding::Text => Reading::Text,
        BodyEncoding::EventStream => Reading::Events,
        BodyEncoding::JsonLines => Reading::Lines,
        BodyEncoding::Form | BodyEncoding::Multipart | BodyEncoding::Binary => Reading::Bytes,
    }
}

/// `LIST_NOTES_NOT_FOUND`
fn constant(operation: &Operation, response: &Response, content: &Content) -> Ident {
    let mut name = format!("{}_{}", operation.name.plain(), response.status);
    let is_first = response
        .contents
        .first()
        .is_some_and(|first| std::ptr::eq(first, content));
    if !is_first {
        name = format!("{name}_{}", content.variant.plain());
    }
    own_ident(&name.to_ascii_uppercase())
}

/// The text of a value as a body of text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What the server's method returns: `NotFound(of(...))`.
fn returned(
    api: &Api,
    operation: &Operation,
    response: &Response,
    content: Option<&Content>,
    status: u16,
) -> TokenStream {
    let name = match content {
        Some(content) => ident(&content.variant),
        None => ident(&response.name),
    };
    let status = integer(status.into());
    let body = content.map(|content| {
        let sample = || string(&sample(api, &content.ty).to_string());
        match content.encoding {
            BodyEncoding::Json => {
                let constant = constant(operation, response, content);
                quote!(harness::of(#constant))
            }
            BodyEncoding::Text | BodyEncoding::Binary => {
                let sample = sample();
                quote!(harness::of(#sample))
            }
            BodyEncoding::EventStream => quote!(Into::into("data: text\n\n")),
            BodyEncoding::JsonLines => quote!(Into::into("{}\n")),
            BodyEncoding::Form | BodyEncoding::Multipart => {
                quote!(Into::into("text"))
            }
        }
    });
    match (response.status, body) {
        (Status::Code(_), None) => quote!(#name),
        (Status::Code(_), Some(body)) => quote!(#name(#body)),
        (_, None) => quote!(#name { status: crate::api::server::status(#status) }),
        (_, Some(body)) => {
            quote!(#name { status: crate::api::server::status(#status), body: #body })
        }
    }
}

/// What the client is to return; where its successes differ, in the variant of its enum.
fn expected(
    api: &Api,
    operation: &Operation,
    response: &Response,
    alike: bool,
) -> (TokenStream, TokenStream) {
    let reading = reading(operation, response);
    if alike && matches!(reading, Reading::Events | Reading::Lines) {
        return (quote!(.map(|response| response.map(|_| ()))), quote!(()));
    }
    let value = match (&reading, response.contents.first()) {
        (Reading::Json(_), Some(content)) => {
            let constant = constant(operation, response, content);
            quote!(harness::of(#constant))
        }
        (Reading::Events, _) => quote!(Into::into("data: text\n\n")),
        (Reading::Lines, _) => quote!(Into::into("{}\n")),
        (Reading::Text | Reading::Bytes, Some(content)) => {
            let text = string(&sent_text(api, content));
            quote!(Into::into(#text))
        }
        _ => quote!(()),
    };
    if alike {
        return (quote!(), value);
    }
    let success = operation_type(operation, OperationType::Success);
    let variant = ident(&response.name);
    match reading {
        Reading::Empty => (quote!(), quote!(client::#success::#variant)),
        _ => (quote!(), quote!(client::#success::#variant(#value))),
    }
}

/// What an error with this content is to decode into.
fn error(
    api: &Api,
    operation: &Operation,
    response: &Response,
    content: Option<&Content>,
) -> Expected {
    let Some(content) = content else {
        return Expected::Empty;
    };
    if operation.method == HttpMethod::Head || content.encoding != BodyEncoding::Json {
        return Expected::Failure;
    }
    // What is sent for a range may be the media type of another content.
    let is_sent = |other: &Content| other.media_type == content.sent_media_type;
    let is_clear = is_sent(content) || !response.contents.iter().any(is_sent);
    let errors = operation.typed_errors(api);
    let is_it =
        |of: &Response, typed: &Content| of.status == response.status && typed.ty == content.ty;
    let typed = errors.iter().find(|(of, typed)| is_it(of, typed));
    let (Some((_, typed)), true) = (typed, is_clear) else {
        return Expected::Failure;
    };
    let constant = constant(operation, response, content);
    if let Some(model) = operation.error_model(api) {
        let model = ident(model);
        return Expected::Error(quote!(harness::of::<crate::api::models::#model>(#constant)));
    }
    let name = operation_type(operation, OperationType::Error);
    if error_type::is_enum(&errors) {
        let variant = ident(&typed.variant);
        Expected::Error(quote!(client::#name::#variant(harness::of(#constant))))
    } else {
        Expected::Error(quote!(harness::of::<client::#name>(#constant)))
    }
}

/// A body of text or bytes as it is sent.
fn sent_text(api: &Api, content: &Content) -> String {
    match content.encoding {
        BodyEncoding::Form | BodyEncoding::Multipart => "text".to_owned(),
        BodyEncoding::Binary if *api.resolve(&content.ty) == Type::Binary => "text".to_owned(),
        _ => text(&sample(api, &content.ty)),
    }
}

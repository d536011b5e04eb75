//! Bodies in another media type than the preferred one, where that carries something of its own: a file that JSON cannot
//! hold, a stream, octets.

use crate::emit::code::{Code, Ident, quote};

use super::super::doc::{self, code};
use super::super::rust::{media_type_words, string};
use super::{body, operation, reserved, sent_media_type};
use crate::ir::{Api, BodyEncoding, Content, Operation};
use crate::names::case;

/// Whether the caller can choose a request body's content that is not the first.
pub(super) fn is_offered(operation: &Operation, content: &Content) -> bool {
    content.distinct && !operation::takes_a_struct(operation)
}

/// The contents of an operation's request body that can be chosen in place of the first.
pub(super) fn offered(operation: &Operation) -> impl Iterator<Item = &Content> {
    let contents = operation
        .request_body
        .iter()
        .flat_map(|body| body.contents.iter().skip(1));
    contents.filter(|content| is_offered(operation, content))
}

/// What a method for a content is called: what the preferred one is called, and the media type.
pub(super) fn method(api: &Api, operation: &Operation, content: &Content) -> Ident {
    let words = words(
        operation
            .request_body
            .iter()
            .flat_map(|body| &body.contents),
        content,
    );
    let name = format!(
        "{}_as_{words}",
        stem(reserved::client_method(&operation.name))
    );
    let taken = api
        .operations
        .iter()
        .any(|other| other.name.plain() == name);
    free(name, taken)
}

/// The methods that make the request with another body.
pub(super) fn methods(api: &Api, operation: &Operation) -> Code {
    let required = operation
        .request_body
        .as_ref()
        .is_some_and(|body| body.required);
    let mut methods = Code::new();
    for content in offered(operation).filter(|_| required) {
        let name = method(api, operation, content);
        let docs = doc::text_comments(&format!(
            "The same call as {} with a body of {}.",
            reserved::client_method_link(&operation.name),
            code(&content.media_type)
        ));
        let mut other = operation.clone();
        if let Some(body) = &mut other.request_body {
            body.contents = vec![content.clone()];
        }
        methods.push(operation::constructor(api, &other, &name, &docs).0);
    }
    methods
}

/// The setters of another body, where the body is optional.
pub(super) fn setters(api: &Api, operation: &Operation) -> Code {
    let mut setters = Code::new();
    let optional = operation
        .request_body
        .as_ref()
        .filter(|body| !body.required);
    for content in offered(operation).filter(|_| optional.is_some()) {
        let name = format!(
            "body_as_{}",
            words(optional.iter().flat_map(|body| &body.contents), content)
        );
        let name = free_of_parameters(operation, name);
        let argument = Ident::new("body");
        let body = body::argument(api, content, body::Place::Argument(&argument));
        let (ty, call) = (body.ty, body.value);
        let docs = doc::text_comments(&format!("Sets the body, as {}.", code(&content.media_type)));
        setters.push(quote! {
            #docs
            pub fn #name(self, body: #ty) -> Self {
                Self { request: self.request.#call }
            }
        });
    }
    setters
}

/// The methods that ask for another content of the success than the preferred one.
pub(super) fn senders(api: &Api, operation: &Operation) -> Code {
    let mut senders = Code::new();
    for (response, content) in super::success::alternatives(operation) {
        let name = free_of_parameters(
            operation,
            format!("send_as_{}", words(&response.contents, content)),
        );
        let media_type = string(sent_media_type(&content.media_type, content.encoding));
        let docs = doc::text_comments(&format!(
            "Performs the call, and asks for an answer of {}.\n\n# Errors\nSee [`Error`](crate::client::Error); every \
             status that is not a success is one.",
            code(&content.media_type)
        ));
        let (ty, call) = super::success::received(api, content);
        senders.push(quote! {
            #docs
            pub async fn #name(
                self,
            ) -> ::std::result::Result<crate::client::ApiResponse<#ty>, crate::client::Error> {
                self.request.accept(#media_type).#call
            }
        });
    }
    senders
}

/// The encoding in a word, or the media type where several contents have the same.
fn words<'api>(contents: impl IntoIterator<Item = &'api Content>, content: &Content) -> String {
    let same = contents
        .into_iter()
        .filter(|other| other.encoding == content.encoding);
    match (content.encoding, same.count()) {
        (BodyEncoding::Json, 1) => "json".to_owned(),
        (BodyEncoding::Form, 1) => "form".to_owned(),
        (BodyEncoding::Multipart, 1) => "multipart".to_owned(),
        (BodyEncoding::Text, 1) => "text".to_owned(),
        (BodyEncoding::EventStream, 1) => "events".to_owned(),
        (BodyEncoding::Binary, 1) => "octets".to_owned(),
        _ => {
            let name = case::snake(&media_type_words(&content.media_type), "media");
            name.plain().trim_start_matches('_').to_owned()
        }
    }
}

fn stem(name: Ident) -> String {
    name.to_string()
        .trim_start_matches("r#")
        .trim_end_matches('_')
        .to_owned()
}

/// A name that no parameter's setter has.
fn free_of_parameters(operation: &Operation, name: String) -> Ident {
    let taken = operation
        .parameters
        .iter()
        .any(|parameter| parameter.name.as_str() == name);
    free(name, taken)
}

/// The name, with an underscore if it is taken; names in snake case never end in one.
fn free(name: String, taken: bool) -> Ident {
    let name = if taken { format!("{name}_") } else { name };
    Ident::new(&name)
}

//! The loopback test of the emitted crate: its client calls its server over HTTP, for every operation and every status
//! that the description knows.
//!
//! Requests and responses are the synthetic values of [`sample`](mod@super::sample). What cannot be told apart once it is
//! text, such as an object with arbitrary keys among other query parameters, is not sent. An operation that requires
//! such a thing, or that HTTP does not tell from another, is left out, and the test says so; see [`left_out`].

mod request;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use self::request::Sent;
use self::response::Expected;
use super::source_file::{FormatError, Items, plain_file, source_file};
use crate::api::{Api, HttpMethod, Name, Operation, OperationType, PathPart, Tag};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, operation_type, own_ident, string};
use crate::parallel;

/// The files of the test by their path in the emitted crate. `library` is the name of the crate's library.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(api: &Api, library: &Name) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = BTreeMap::from([(
        path("harness.rs"),
        plain_file(specweave_templates::LOOPBACK_HARNESS),
    )]);
    let distinct = distinct(api);
    let mut modules = TokenStream::new();
    let groups = parallel::map(&api.tags, |tag| {
        let operations: Vec<&Operation> = api.served_of(tag).collect();
        let group = (!operations.is_empty()).then(|| group(api, tag, &operations, &distinct));
        group.transpose()
    });
    for (tag, group) in api.tags.iter().zip(groups) {
        let Some(group) = group? else { continue };
        let module = module(tag);
        modules.extend(quote!(mod #module;));
        files.insert(path(&format!("{module}.rs")), group);
    }
    files.insert(path("main.rs"), main(api, library, &modules)?);
    Ok(files)
}

/// The ids of the operations that the test leaves out.
#[must_use]
pub fn left_out(api: &Api) -> Vec<&str> {
    let distinct = distinct(api);
    let operations = api.operations.iter();
    operations
        .filter(|operation| sent(api, &distinct, operation).is_none())
        .map(|operation| operation.id.as_str())
        .collect()
}

/// The names of the operations that HTTP tells from all others.
fn distinct(api: &Api) -> BTreeSet<&str> {
    let mut counts: BTreeMap<(HttpMethod, String), usize> = BTreeMap::new();
    for operation in api.served() {
        *counts.entry(request_line(operation)).or_default() += 1;
    }
    api.served()
        .filter(|operation| counts.get(&request_line(operation)) == Some(&1))
        .map(|operation| operation.name.as_str())
        .collect()
}

/// The request for an operation, unless it is left out: because of what it requires, or because HTTP does not tell it
/// from another.
fn sent(api: &Api, distinct: &BTreeSet<&str>, operation: &Operation) -> Option<Sent> {
    if distinct.contains(operation.name.as_str()) {
        Sent::new(api, operation)
    } else {
        None
    }
}

/// Method and path as HTTP sees them: parameters have no names, and fragments do not travel.
fn request_line(operation: &Operation) -> (HttpMethod, String) {
    let parts = operation.path.parts.iter().map(|part| match part {
        PathPart::Literal(text) => text.as_str(),
        PathPart::Parameter(_) => "{}",
    });
    let path: String = parts.collect();
    let path = path.split('#').next().unwrap_or_default();
    (operation.method, path.to_owned())
}

fn path(file_name: &str) -> String {
    format!("tests/loopback/{file_name}")
}

fn main(api: &Api, library: &Name, modules: &TokenStream) -> Result<Vec<u8>, FormatError> {
    let library = ident(library);
    let mut docs =
        "The client of this crate calls its server, for every operation and every documented status."
            .to_owned();
    let left_out: Vec<String> = left_out(api).into_iter().map(doc::code).collect();
    if !left_out.is_empty() {
        docs.push_str("\n\nLeft out, because HTTP does not tell them, or what they require, from something else: ");
        docs.push_str(&left_out.join(", "));
        docs.push('.');
    }
    let recursion_limit = string(&api.recursion_limit().to_string());
    let attributes = quote! {
        #![recursion_limit = #recursion_limit]
        #![allow(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]
        #![allow(deprecated, reason = "what the description deprecates still works")]
    };
    let items = Items::of(quote! {
        use ::#library as api;

        mod harness;
        #modules
    })?;
    source_file(&doc::lines(&docs).join("\n"), attributes, &items)
}

/// The file of one group: what its server responds, and a test for each operation.
fn group(
    api: &Api,
    tag: &Tag,
    operations: &[&Operation],
    distinct: &BTreeSet<&str>,
) -> Result<Vec<u8>, FormatError> {
    let sent: Vec<(&Operation, Sent)> = operations
        .iter()
        .filter_map(|operation| Some((*operation, sent(api, distinct, operation)?)))
        .collect();
    let methods = sent.iter().map(|(operation, sent)| method(operation, sent));
    let mut items = Items::of(imports(tag))?;
    items.push(servers(tag, &methods.collect()))?;
    for (operation, sent) in &sent {
        let cases = response::cases(api, operation);
        items.push(reply(operation, sent, &cases))?;
        items.push(test(operation, sent, &cases))?;
    }
    source_file("", TokenStream::new(), &items)
}

/// The module of a group, with a prefix that sets it apart from the harness, and from `mod.rs`. It stands in for the sign
/// before a digit.
fn module(tag: &Tag) -> Ident {
    let plain = tag.module.plain();
    let plain = plain.strip_prefix('_').unwrap_or(plain);
    own_ident(&format!("tag_{plain}"))
}

fn imports(tag: &Tag) -> TokenStream {
    let module = ident(&tag.module);
    quote! {
        #[allow(unused_imports, reason = "only some operations need it")]
        use crate::api::client::operations::#module as client;
        use crate::api::server::operations::#module as server;
        use crate::harness;
    }
}

/// The server that has nothing, and the one that has these methods.
fn servers(tag: &Tag, methods: &TokenStream) -> TokenStream {
    let server_trait = ident(&tag.server_trait);
    quote! {
        impl server::#server_trait for harness::Nothing {}

        impl server::#server_trait for harness::Everything { #methods }
    }
}

/// The server's request and response.
fn types(operation: &Operation) -> (Ident, Ident) {
    (
        operation_type(operation, OperationType::Request),
        operation_type(operation, OperationType::Response),
    )
}

fn method(operation: &Operation, sent: &Sent) -> TokenStream {
    let name = ident(&operation.name);
    let reply = reply_name(operation);
    let (request, response) = types(operation);
    let reading = &sent.reading;
    quote! {
        async fn #name(
            &self,
            _: &crate::api::server::RequestContext,
            request: server::#request,
        ) -> ::std::result::Result<server::#response, crate::api::server::Reply> {
            #reading
            #reply(self, request)
        }
    }
}

/// The name of the function that replies for the server. It is beside the operation's test, and no description leads to
/// such a name.
fn reply_name(operation: &Operation) -> Ident {
    let plain = operation.name.plain().trim_start_matches('_');
    own_ident(&format!("__reply_{plain}"))
}

/// The server's side: compares the request, and returns the selected response.
fn reply(operation: &Operation, sent: &Sent, cases: &[response::Case]) -> TokenStream {
    let name = reply_name(operation);
    let (request, response) = types(operation);
    let mut requests = sent.calls.iter().enumerate().map(|(index, call)| {
        let (index, fields) = (literal(index), &call.expected);
        (index, quote!(server::#request { #fields }))
    });
    let first = requests.next().map(|(_, first)| first);
    let others: Vec<_> = requests
        .map(|(index, request)| quote!(#index => #request,))
        .collect();
    let expected = if others.is_empty() {
        quote!(#first)
    } else {
        quote!(match everything.body() { #(#others)* _ => #first })
    };
    let choices = cases.iter().enumerate().map(|(index, case)| {
        let (index, returned) = (literal(index), &case.returned);
        let returned = quote!(server::#response::#returned);
        if case.headers.is_empty() {
            return quote!(#index => #returned);
        }
        let reply = case
            .headers
            .iter()
            .fold(returned, |reply, (header, value)| {
                let value = string(value);
                quote! {
                    crate::api::server::IntoReply::with(
                        #reply, &crate::api::headers::#header, &harness::of(#value),
                    )
                }
            });
        quote!(#index => Into::into(#reply))
    });
    quote! {
        pub(super) fn #name(
            everything: &harness::Everything,
            request: server::#request,
        ) -> ::std::result::Result<server::#response, crate::api::server::Reply> {
            everything.expect(&request, &#expected);
            ::std::result::Result::Ok(match everything.response() {
                #(#choices,)*
                _ => server::#response::Other(crate::api::server::Reply::empty(
                    crate::api::server::status(500),
                )),
            })
        }
    }
}

/// The client's side: one call of the server that implements nothing, one of the fake, one for each response, and one for
/// each further media type of the body.
fn test(operation: &Operation, sent: &Sent, cases: &[response::Case]) -> TokenStream {
    let name = ident(&operation.name);
    let id = string(&operation.id);
    let constants = cases.iter().filter_map(|case| {
        let (name, json) = case.body.as_ref()?;
        let json = string(json);
        Some(quote!(const #name: &str = #json;))
    });
    let check = |(index, case): (usize, &response::Case)| {
        let (index, status) = (literal(index), integer(case.status.into()));
        let check = match &case.expected {
            Expected::Success(convert, expected) => {
                quote!(success(#status, call(&loopback.everything).await #convert, #expected))
            }
            Expected::Error(expected) => {
                quote!(error(#status, call(&loopback.everything).await, #expected))
            }
            Expected::Empty => quote!(empty(#status, call(&loopback.everything).await)),
            Expected::Failure => quote!(failure(#status, call(&loopback.everything).await)),
        };
        let headers = case.headers.iter().map(|(header, value)| {
            let value = string(value);
            quote! {
                loopback.header(
                    call(&loopback.everything).await, &crate::api::headers::#header, &harness::of(#value),
                );
            }
        });
        quote! {
            loopback.select(#index);
            loopback.#check;
            #(#headers)*
        }
    };
    let checks = cases.iter().enumerate().map(check);
    let mut calls = sent.calls.iter().enumerate().map(|(index, call)| {
        let call = &call.call;
        let call = quote!(let call = |client: &crate::api::client::Client| client.#call.send(););
        if index == 0 {
            return call;
        }
        let index = literal(index);
        let check = cases.iter().enumerate().next().map(check);
        quote! {
            loopback.body(#index);
            #call
            #check
        }
    });
    let call = calls.next();
    let not_implemented = match operation.method {
        // No body says which operation it was.
        HttpMethod::Head => quote!(failure(501, call(&loopback.nothing).await)),
        _ => quote!(not_implemented(#id, call(&loopback.nothing).await)),
    };
    quote! {
        #(#constants)*

        #[tokio::test]
        async fn #name() {
            let loopback = harness::Loopback::start().await;
            #call
            loopback.#not_implemented;
            loopback.faked(#id, call(&loopback.fake).await);
            #(#checks)*
            #(#calls)*
        }
    }
}

fn literal(index: usize) -> proc_macro2::Literal {
    proc_macro2::Literal::usize_unsuffixed(index)
}

//! What a call returns on success.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table};
use crate::api::{
    BodyEncoding, Content, HttpMethod, Operation, OperationType, Pagination, Response, Status, Type,
};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, operation_type};

/// How the body of a success is received.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Receiving {
    Empty,
    Json(Type),
    Text,
    Bytes,
    Events,
    /// Values of this type, or of the items of this list, one a line.
    Lines(Type),
    /// By status, into an enum of the operation.
    Several,
}

impl Receiving {
    /// How an operation's success is received.
    pub(super) fn of(operation: &Operation) -> Self {
        let mut all = operation
            .successes()
            .into_iter()
            .map(|response| Self::of_response(operation, response));
        let first = all.next().unwrap_or(Self::Empty);
        if all.all(|other| other == first) {
            first
        } else {
            Self::Several
        }
    }

    fn of_response(operation: &Operation, response: &Response) -> Self {
        match response.contents.first() {
            Some(content) if operation.method != HttpMethod::Head => Self::of_content(content),
            _ => Self::Empty,
        }
    }

    /// How a body in one media type is received.
    pub(super) fn of_content(content: &Content) -> Self {
        match content.encoding {
            BodyEncoding::Json => Self::Json(content.ty.clone()),
            BodyEncoding::Text => Self::Text,
            BodyEncoding::EventStream => Self::Events,
            BodyEncoding::JsonLines => Self::Lines(content.ty.clone()),
            BodyEncoding::Form | BodyEncoding::Multipart | BodyEncoding::Binary => Self::Bytes,
        }
    }

    /// The type that says so: `R` of `Call<R>`.
    pub(super) fn ty(&self, scope: &Scope<'_>, operation: &Operation) -> TokenStream {
        match self {
            Self::Empty => scope.name(known::EMPTY),
            Self::Json(ty) => scope.ty(ty),
            Self::Text => scope.name(known::TEXT),
            Self::Bytes => scope.name(known::RAW),
            Self::Events => scope.name(known::EVENTS),
            Self::Lines(ty) => {
                let lines = scope.name(known::LINES);
                let line = match scope.api().resolve(ty) {
                    Type::List(item) => scope.ty(item),
                    _ => scope.ty(ty),
                };
                quote!(#lines<#line>)
            }
            Self::Several => {
                let name = operation_type(operation, OperationType::Success);
                quote!(#name)
            }
        }
    }

    /// The type of what it holds.
    pub(super) fn value(&self, scope: &Scope<'_>) -> TokenStream {
        match self {
            Self::Empty | Self::Several => quote!(()),
            Self::Json(ty) => scope.ty(ty),
            Self::Text => scope.name(known::STRING),
            // A stream beside other successes cannot be told apart before the body is read.
            Self::Bytes | Self::Events | Self::Lines(_) => scope.name(known::BYTES),
        }
    }
}

/// `Call<R>`, where the operation needs no builder: `R` in a page, if the operation has pages.
pub(super) fn call(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let receiving = Receiving::of(operation);
    let ty = receiving.ty(scope, operation);
    let call = scope.name(known::CALL);
    if is_paged(operation, &receiving) {
        let paged = scope.name(known::PAGED);
        quote!(#call<#paged<#ty>>)
    } else {
        quote!(#call<#ty>)
    }
}

/// What the macro `calls!` is told of a builder: `items of models::Team`.
pub(super) fn for_builder(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let receiving = Receiving::of(operation);
    match &receiving {
        Receiving::Json(ty) if is_paged(operation, &receiving) => match scope.api().resolve(ty) {
            Type::List(item) => {
                let item = scope.ty(item);
                quote!(items of #item)
            }
            _ => {
                let page = scope.ty(ty);
                quote!(pages of #page)
            }
        },
        receiving => {
            let response = receiving.ty(scope, operation);
            quote!(response of #response)
        }
    }
}

fn is_paged(operation: &Operation, receiving: &Receiving) -> bool {
    let has_links = matches!(operation.pagination, Some(Pagination::Link { .. }));
    has_links && matches!(receiving, Receiving::Json(_))
}

/// Adds the enum of the successes, where they differ.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    if Receiving::of(operation) != Receiving::Several {
        return Ok(());
    }
    let name = operation_type(operation, OperationType::Success);
    let successes: Vec<(&Response, Receiving)> = operation
        .successes()
        .into_iter()
        .map(|response| (response, Receiving::of_response(operation, response)))
        .collect();
    let variants = successes.iter().map(|(response, receiving)| {
        let variant = ident(&response.name);
        let docs = doc::of_status(response);
        match receiving {
            Receiving::Empty => quote!(#docs #variant,),
            receiving => {
                let ty = receiving.value(scope);
                quote!(#docs #variant(#ty),)
            }
        }
    });
    let docs = doc::line(&format!("The successes of `{}`.", operation.name.plain()));
    items.push(quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
    })?;
    scope.uses("crate::client::call", "successes");
    let mut rows: Vec<TokenStream> = successes
        .iter()
        .map(|(response, receiving)| row(response, &status(response.status), receiving))
        .collect();
    // A status that is not documented is taken for the first one that is, unless a default takes it.
    let is_open = successes
        .iter()
        .any(|(response, _)| response.status == Status::Default);
    if let (Some((response, receiving)), false) = (successes.first(), is_open) {
        rows.push(row(response, &quote!(_), receiving));
    }
    items.table(Table::new("successes", &quote!(#name), rows));
    Ok(())
}

/// `Ok = 200 json`
fn row(response: &Response, status: &TokenStream, receiving: &Receiving) -> TokenStream {
    let variant = ident(&response.name);
    let how = match receiving {
        Receiving::Empty | Receiving::Several => quote!(empty),
        Receiving::Json(_) => quote!(json),
        Receiving::Text => quote!(text),
        Receiving::Bytes | Receiving::Events | Receiving::Lines(_) => quote!(bytes),
    };
    quote!(#variant = #status #how)
}

/// The statuses as the runtime's macros take them: `200`, `(400..=499)`, `_`.
pub(super) fn status(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => integer(code.into()),
        Status::Range(hundred) => {
            let (first, last) = (
                integer(i64::from(hundred) * 100),
                integer(i64::from(hundred) * 100 + 99),
            );
            quote!((#first..=#last))
        }
        Status::Default => quote!(_),
    }
}

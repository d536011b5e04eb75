//! What a call returns on success.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table};
use crate::api::{Operation, OperationType, Pagination, Received, Response, Status, Type};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, operation_type};

/// The type that says how a success is received: `R` of `Call<R>`.
pub(super) fn ty(received: &Received, scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    match received {
        Received::Empty => scope.name(known::EMPTY),
        Received::Json(ty) => scope.ty(ty),
        Received::Text => scope.name(known::TEXT),
        Received::Bytes => scope.name(known::RAW),
        Received::Events => scope.name(known::EVENTS),
        Received::Lines(ty) => {
            let lines = scope.name(known::LINES);
            let line = scope.ty(scope.api().line_of(ty));
            quote!(#lines<#line>)
        }
        Received::Several => {
            let name = operation_type(operation, OperationType::Success);
            quote!(#name)
        }
    }
}

/// The type of what a variant for a success holds.
fn value(received: &Received, scope: &Scope<'_>) -> TokenStream {
    match received {
        Received::Empty | Received::Several => quote!(()),
        Received::Json(ty) => scope.ty(ty),
        Received::Text => scope.name(known::STRING),
        // A stream beside other successes cannot be told apart before the body is read.
        Received::Bytes | Received::Events | Received::Lines(_) => scope.name(known::BYTES),
    }
}

/// `Call<R>`, where the operation needs no builder: `R` in a page, if the operation has pages.
pub(super) fn call(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let received = operation.received();
    let ty = ty(&received, scope, operation);
    let call = scope.name(known::CALL);
    if is_paged(operation, &received) {
        let paged = scope.name(known::PAGED);
        quote!(#call<#paged<#ty>>)
    } else {
        quote!(#call<#ty>)
    }
}

/// What the macro `calls!` is told of a builder: `items of models::Team`.
pub(super) fn for_builder(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let received = operation.received();
    match &received {
        Received::Json(ty) if is_paged(operation, &received) => match scope.api().resolve(ty) {
            Type::List(item) => {
                let item = scope.ty(item);
                quote!(items of #item)
            }
            _ => {
                let page = scope.ty(ty);
                quote!(pages of #page)
            }
        },
        received => {
            let response = ty(received, scope, operation);
            quote!(response of #response)
        }
    }
}

fn is_paged(operation: &Operation, received: &Received) -> bool {
    let has_links = matches!(operation.pagination, Some(Pagination::Link { .. }));
    has_links && matches!(received, Received::Json(_))
}

/// Adds the enum of the successes, where they differ.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    if operation.received() != Received::Several {
        return Ok(());
    }
    let name = operation_type(operation, OperationType::Success);
    let successes: Vec<(&Response, Received)> = operation
        .successes()
        .into_iter()
        .map(|response| (response, operation.received_of(response)))
        .collect();
    let variants = successes.iter().map(|(response, received)| {
        let variant = ident(&response.name);
        let docs = doc::of_status(response);
        match received {
            Received::Empty => quote!(#docs #variant,),
            received => {
                let ty = value(received, scope);
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
        .map(|(response, received)| row(response, &status(response.status), received))
        .collect();
    // A status that is not documented is taken for the first one that is, unless a default takes it.
    let is_open = successes
        .iter()
        .any(|(response, _)| response.status == Status::Default);
    if let (Some((response, received)), false) = (successes.first(), is_open) {
        rows.push(row(response, &quote!(_), received));
    }
    items.table(Table::new("successes", &quote!(#name), rows));
    Ok(())
}

/// `Ok = 200 json`
fn row(response: &Response, status: &TokenStream, received: &Received) -> TokenStream {
    let variant = ident(&response.name);
    let how = match received {
        Received::Empty | Received::Several => quote!(empty),
        Received::Json(_) => quote!(json),
        Received::Text => quote!(text),
        Received::Bytes | Received::Events | Received::Lines(_) => quote!(bytes),
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

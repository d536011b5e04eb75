//! The type that the documented errors of an operation decode into.

use proc_macro2::Ident;
use quote::quote;

use super::super::scope::Scope;
use super::super::source_file::{FormatError, Items, Table};
use super::response_type::status;
use crate::api::{Api, Operation, Response, Type};
use crate::emit::doc;
use crate::emit::tokens::{ident, suffixed};

/// The documented errors with a JSON body, each with its type.
fn errors<'api>(api: &Api, operation: &'api Operation) -> Vec<(&'api Response, &'api Type)> {
    let errors = operation
        .responses
        .iter()
        .filter(|response| !response.status.is_success());
    let typed = errors.filter_map(|response| {
        let content = response.json()?;
        (*api.resolve(&content.ty) != Type::Any).then_some((response, &content.ty))
    });
    typed.collect()
}

/// The name of the type, if the operation describes the body of any error.
pub(super) fn name(api: &Api, operation: &Operation) -> Option<Ident> {
    (!errors(api, operation).is_empty()).then(|| suffixed(&operation.type_name, "Error"))
}

/// Adds an alias where all errors have the same type, else an enum of them by status.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    let errors = errors(scope.api(), operation);
    let [(_, first), others @ ..] = errors.as_slice() else {
        return Ok(());
    };
    let name = suffixed(&operation.type_name, "Error");
    let docs = doc::line(&format!(
        "What the documented errors of `{}` [decode](crate::client::ErrorResponse::decode) into.",
        operation.name.plain()
    ));
    if others.iter().all(|(_, ty)| ty == first) {
        let ty = scope.ty(first);
        return items.push(quote!(#docs pub type #name = #ty;));
    }
    let variants = errors.iter().map(|(response, ty)| {
        let docs = doc::of_status(response);
        let (variant, ty) = (ident(&response.name), scope.ty(ty));
        quote!(#docs #variant(#ty))
    });
    items.push(quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A status whose body is not described.
            Other,
        }
    })?;
    scope.uses("crate::client::call", "errors");
    let rows = errors.iter().map(|(response, _)| {
        let (variant, status) = (ident(&response.name), status(response.status));
        quote!(#variant = #status)
    });
    items.table(Table::new("errors", &quote!(#name), rows));
    Ok(())
}

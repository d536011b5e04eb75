//! The type that the documented errors of an operation decode into.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use super::super::source_file::{FormatError, Items, Table};
use super::response_type::status;
use crate::api::{Api, BodyEncoding, Content, Operation, OperationType, Response};
use crate::emit::doc;
use crate::emit::tokens::{ident, operation_type, string};

/// A link to the type, if the operation describes the body of any error.
pub(super) fn link(api: &Api, operation: &Operation) -> Option<String> {
    if let Some(model) = operation.error_model(api) {
        return Some(format!(
            "[`models::{0}`](crate::models::{0})",
            model.as_str()
        ));
    }
    let has_any = !operation.typed_errors(api).is_empty();
    has_any.then(|| format!("[`{}`]", operation_type(operation, OperationType::Error)))
}

/// Whether the type is an enum, and not the only type that there is.
pub(in crate::emit::rust) fn is_enum(errors: &[(&Response, &Content)]) -> bool {
    let types = errors.iter().map(|(_, content)| &content.ty);
    let mut pairs = types.clone().zip(types.skip(1));
    pairs.any(|(one, other)| one != other)
}

/// Adds nothing where all errors are one model, an alias where they have the same type, else an enum of them by status and
/// media type.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    let errors = operation.typed_errors(scope.api());
    let (Some((_, first)), None) = (errors.first(), operation.error_model(scope.api())) else {
        return Ok(());
    };
    let name = operation_type(operation, OperationType::Error);
    let docs = doc::line(&format!(
        "What the documented errors of `{}` [decode](crate::client::ErrorResponse::decode) into.",
        operation.name.plain()
    ));
    if !is_enum(&errors) {
        let ty = scope.ty(&first.ty);
        return items.push(quote!(#docs pub type #name = #ty;));
    }
    let variants = errors.iter().map(|(response, content)| {
        let docs = doc::of_status(response);
        let (variant, ty) = (ident(&content.variant), scope.ty(&content.ty));
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
    let mut responses: Vec<&Response> = errors.iter().map(|(response, _)| *response).collect();
    responses.dedup_by_key(|response| response.status);
    let rows = responses
        .into_iter()
        .flat_map(|response| rows(scope.api(), response));
    items.table(Table::new("errors", &quote!(#name), rows));
    Ok(())
}

/// `NotFound = 404`, and before it a row for each media type where the status has several types.
fn rows(api: &Api, response: &Response) -> Vec<TokenStream> {
    let status = status(response.status);
    let typed = response.typed(api);
    let [first, others @ ..] = typed.as_slice() else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    if !others.is_empty() {
        let contents = response.contents.iter();
        let mut contents: Vec<_> = contents
            .filter(|content| content.encoding == BodyEncoding::Json)
            .collect();
        // `application/*` is for what is left of others.
        contents.sort_by_key(|content| content.media_type.contains('*'));
        for content in contents {
            if let Some(same) = typed.iter().find(|one| one.ty == content.ty) {
                let (variant, media_type) = (ident(&same.variant), string(&content.media_type));
                rows.push(quote!(#variant = #status #media_type));
            }
        }
    }
    let variant = ident(&first.variant);
    rows.push(quote!(#variant = #status));
    rows
}

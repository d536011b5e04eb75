//! What the errors of an operation decode into.

use super::super::doc;
use super::super::rust::{CratePath, ident, suffixed, type_tokens};
use super::{docs, success};
use crate::emit::code::{Code, Ident, quote};
use crate::ir::{Api, Operation, Response, Type};

/// The described errors with a JSON body, each with its type.
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

/// An alias where all errors have the same type, else an enum of them by status.
pub(super) fn generate(api: &Api, operation: &Operation) -> Code {
    let errors = errors(api, operation);
    let name = suffixed(&operation.type_name, "Error");
    let docs = doc::line(&format!(
        "What the errors of `{}` [decode](crate::client::ErrorResponse::decode) into.",
        operation.name.plain()
    ));
    let [(_, first), others @ ..] = errors.as_slice() else {
        return Code::new();
    };
    if others.iter().all(|(_, ty)| ty == first) {
        let ty = type_tokens(api, &CratePath::inside(), first);
        return quote!(#docs pub type #name = #ty;);
    }
    let variants = errors.iter().map(|(response, ty)| {
        let docs = doc::text_comments(&docs::status(response));
        let variant = ident(&response.name);
        let ty = type_tokens(api, &CratePath::inside(), ty);
        quote!(#docs #variant(#ty))
    });
    let arms = errors.iter().map(|(response, _)| {
        let pattern = success::pattern(response.status);
        let variant = ident(&response.name);
        quote!(#pattern => response.json().map(Self::#variant))
    });
    let is_open = errors
        .iter()
        .any(|(response, _)| response.status == crate::ir::Status::Default);
    let other = (!is_open).then(|| quote!(_ => ::std::result::Result::Ok(Self::Other)));
    quote! {
        #docs
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A status whose body is not described.
            Other,
        }

        impl crate::client::error::ErrorBody for #name {
            fn read(
                response: &crate::client::ErrorResponse,
            ) -> ::std::result::Result<Self, ::serde_json::Error> {
                match response.status.as_u16() {
                    #(#arms,)*
                    #other
                }
            }
        }
    }
}

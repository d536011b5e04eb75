//! `src/security/schemes.rs`: the security schemes.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::{Scope, known};
use super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, ParameterLocation, SecurityScheme};
use crate::emit::tokens::string;

/// The file.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::of_module(api, &taken);
    let schemes = api.security_schemes.iter().filter_map(|(name, scheme)| {
        let name = string(name);
        let carrier = carrier(&scope, scheme)?;
        Some(quote!(SecurityScheme { name: #name, carrier: #carrier }))
    });
    let schemes: Vec<_> = schemes.collect();
    scope.uses("crate::security", "SecurityScheme");
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.push(quote! {
        /// The security schemes of the description whose credentials one text or pair is enough for, in its order.
        pub static SECURITY_SCHEMES: &[SecurityScheme] = &[#(#schemes),*];
    })?;
    source_file(
        "The security schemes of the description.",
        TokenStream::new(),
        &items,
    )
}

/// How a credential of a scheme is sent; `None` for schemes that are left to the caller.
fn carrier(scope: &Scope<'_>, scheme: &SecurityScheme) -> Option<TokenStream> {
    let carrier = match scheme {
        SecurityScheme::Bearer { .. } => quote!(Carrier::Bearer),
        SecurityScheme::Basic { .. } => quote!(Carrier::Basic),
        SecurityScheme::ApiKey { location, name, .. } => {
            let ty = scope.name(known::LOCATION);
            let location = match location {
                ParameterLocation::Path => quote!(Path),
                ParameterLocation::Query => quote!(Query),
                ParameterLocation::Header => quote!(Header),
                ParameterLocation::Cookie => quote!(Cookie),
            };
            let name = string(name);
            quote!(Carrier::Key(#ty::#location, #name))
        }
        SecurityScheme::Http { scheme, .. } => {
            let scheme = string(scheme);
            quote!(Carrier::Scheme(#scheme))
        }
        SecurityScheme::Other { .. } => return None,
    };
    scope.uses("crate::security", "Carrier");
    Some(carrier)
}

//! `src/client/api.rs`: the default base URL and the security schemes.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, ParameterLocation, SecurityScheme, Server};
use crate::emit::tokens::string;

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::of_module(api, &taken);
    let mut urls = api.servers.iter().map(default_url);
    let base_url = match urls.find(|url| is_absolute(url)) {
        Some(url) => {
            let url = string(&url);
            quote!(Some(#url))
        }
        None => quote!(None),
    };
    let schemes: Vec<_> = api
        .security_schemes
        .iter()
        .filter_map(|(name, scheme)| {
            let name = string(name);
            let carrier = carrier(&scope, scheme)?;
            Some(quote!(SecurityScheme { name: #name, carrier: #carrier }))
        })
        .collect();
    scope.uses("crate::client::credential", "SecurityScheme");
    let declarations = quote! {
        /// The first server of the description whose URL is absolute, its variables at their defaults.
        pub(super) const DEFAULT_BASE_URL: Option<&str> = #base_url;

        /// The security schemes of the description that the client can send, in its order.
        pub(super) static SECURITY_SCHEMES: &[SecurityScheme] = &[#(#schemes),*];
    };
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.push(declarations)?;
    source_file(
        "What the description says of the API as a whole.",
        TokenStream::new(),
        &items,
    )
}

/// The URL with each variable at its default.
fn default_url(server: &Server) -> String {
    let mut url = server.url.clone();
    for (name, variable) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
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
    scope.uses("crate::client::credential", "Carrier");
    Some(carrier)
}

//! `client/api.rs`: the default base URL and the security schemes.

use super::super::rust::{FormatError, file, string};
use super::operation::location;
use crate::emit::code::{Code, quote};
use crate::ir::{Api, SecurityScheme, Server};

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let base_url = match api
        .servers
        .iter()
        .map(default_url)
        .find(|url| is_absolute(url))
    {
        Some(url) => {
            let url = string(&url);
            quote!(::std::option::Option::Some(#url))
        }
        None => quote!(::std::option::Option::None),
    };
    let schemes = api.security_schemes.iter().filter_map(|(name, scheme)| {
        let name = string(name);
        let carrier = carrier(scheme)?;
        Some(quote! {
            crate::client::credential::SecurityScheme {
                name: #name,
                carrier: crate::client::credential::Carrier::#carrier,
            }
        })
    });
    let items = quote! {
        /// The first server of the description whose URL is absolute, its variables at their defaults.
        pub(super) const DEFAULT_BASE_URL: ::std::option::Option<&str> = #base_url;

        /// The security schemes of the description that the client can serve, in its order.
        pub(super) static SECURITY_SCHEMES: &[crate::client::credential::SecurityScheme] = &[#(#schemes),*];
    };
    file("What the description says of the API as a whole.", items)
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

/// How a scheme travels; `None` for those that are left to the caller.
fn carrier(scheme: &SecurityScheme) -> Option<Code> {
    match scheme {
        SecurityScheme::Bearer { .. } => Some(quote!(Bearer)),
        SecurityScheme::Basic { .. } => Some(quote!(Basic)),
        SecurityScheme::ApiKey {
            location: at, name, ..
        } => {
            let location = location(*at);
            let name = string(name);
            Some(quote!(Key(#location, #name)))
        }
        SecurityScheme::Other { .. } => None,
    }
}

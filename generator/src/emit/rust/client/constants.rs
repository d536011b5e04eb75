//! `src/client/api.rs`: the default base URL.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, Server};
use crate::emit::tokens::string;

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let mut urls = api.servers.iter().map(default_url);
    let base_url = match urls.find(|url| is_absolute(url)) {
        Some(url) => {
            let url = string(&url);
            quote!(Some(#url))
        }
        None => quote!(None),
    };
    let declarations = quote! {
        /// The first server of the description whose URL is absolute, its variables at their defaults.
        pub(super) const DEFAULT_BASE_URL: Option<&str> = #base_url;
    };
    let mut items = Items::default();
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

//! `src/client/servers.rs`: the servers that the description names, their variables typed.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, Server, ServerChoices, ServerVariable};
use crate::emit::doc::{self, code};
use crate::emit::tokens::{ident, string};

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let taken: BTreeSet<String> = api.servers.iter().flat_map(type_names).collect();
    let scope = Scope::of_module(api, &taken);
    let mut items = Items::default();
    for server in &api.servers {
        add(&mut items, &scope, server)?;
    }
    source_file(
        "The servers that the description names; `url()` is to be given to\n\
         [`ClientBuilder::base_url`](crate::client::ClientBuilder::base_url).",
        TokenStream::new(),
        &items,
    )
}

/// The names of the types of a server and its variables.
fn type_names(server: &Server) -> impl Iterator<Item = String> {
    let choices = server
        .variables
        .values()
        .filter_map(|it| it.choices.as_ref());
    let choices = choices.map(|choices| &choices.type_name);
    let names = std::iter::once(&server.name).chain(choices);
    names.map(|name| name.as_str().to_owned())
}

/// Adds a server.
fn add(items: &mut Items, scope: &Scope<'_>, server: &Server) -> Result<(), FormatError> {
    let text = scope.name(known::STRING);
    let docs = doc::text(&match server.description.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => format!("{}\n\n{}", code(&server.url), text),
        _ => code(&server.url),
    });
    let name = ident(&server.name);
    let variables = || server.variables.iter();
    let declared = variables().map(|(wire_name, variable)| {
        let own = format!("The variable {}.", code(wire_name));
        let docs = doc::text(variable.description.as_deref().unwrap_or(&own));
        let field = ident(&variable.name);
        let ty = match &variable.choices {
            Some(choices) => {
                let ty = ident(&choices.type_name);
                quote!(#ty)
            }
            None => text.clone(),
        };
        quote!(#docs pub #field: #ty)
    });
    let replacements = variables().map(|(wire_name, variable)| {
        let placeholder = string(&format!("{{{wire_name}}}"));
        let field = ident(&variable.name);
        match &variable.choices {
            Some(_) => quote!(.replace(#placeholder, self.#field.as_str())),
            None => quote!(.replace(#placeholder, &self.#field)),
        }
    });
    let url = string(&server.url);
    let is_fixed = server.variables.is_empty();
    let default = is_fixed.then(|| quote!(Default,));
    items.push(quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq, Eq)]
        pub struct #name { #(#declared),* }
    })?;
    if !is_fixed {
        items.push(default_values(server))?;
    }
    items.push(quote! {
        impl #name {
            /// The URL with the variables.
            #[must_use]
            pub fn url(&self) -> #text {
                #text::from(#url) #(#replacements)*
            }
        }
    })?;
    for (wire_name, variable) in variables() {
        if let Some(choices) = &variable.choices {
            add_choices(items, wire_name, choices)?;
        }
    }
    Ok(())
}

fn default_values(server: &Server) -> TokenStream {
    let name = ident(&server.name);
    let values = server.variables.values().map(|variable: &ServerVariable| {
        let (name, value) = (ident(&variable.name), string(&variable.default));
        match variable.choices {
            Some(_) => quote!(#name: ::std::default::Default::default()),
            None => quote!(#name: #value.to_owned()),
        }
    });
    quote! {
        impl ::std::default::Default for #name {
            fn default() -> Self {
                Self { #(#values),* }
            }
        }
    }
}

/// The enum of the allowed values of a variable, the default first.
fn add_choices(
    items: &mut Items,
    wire_name: &str,
    choices: &ServerChoices,
) -> Result<(), FormatError> {
    let name = ident(&choices.type_name);
    let docs = doc::text(&format!("The values of the variable {}.", code(wire_name)));
    let declared = choices
        .values
        .iter()
        .enumerate()
        .map(|(index, (value, variant))| {
            let default = (index == 0).then(|| quote!(#[default]));
            let (docs, variant) = (doc::text(&code(value)), ident(variant));
            quote!(#docs #default #variant)
        });
    let arms = choices.values.iter().map(|(value, variant)| {
        let (value, variant) = (string(value), ident(variant));
        quote!(Self::#variant => #value)
    });
    items.push(quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum #name { #(#declared),* }

        impl #name {
            /// The value as it stands in the URL.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    })
}

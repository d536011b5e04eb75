//! `client/servers.rs`: the servers that the description names, their variables typed.

use super::super::doc::{self, code};
use super::super::rust::{FormatError, file, ident, string};
use crate::emit::code::{Code, Ident, quote};
use crate::ir::{Api, Name, Server, ServerVariable};
use crate::names::{case, unique};

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    // By position: what is said of a server is prose, and no name may follow from it.
    let wanted = (1..=api.servers.len()).map(|number| match api.servers.len() {
        1 => case::pascal("server", "Server"),
        _ => case::pascal(&format!("server {number}"), "Server"),
    });
    let names: Vec<Name> = wanted.collect();
    let servers: Vec<_> = api
        .servers
        .iter()
        .zip(&names)
        .map(|(server, name)| item(server, name))
        .collect();
    file(
        "The servers that the description names; `url()` is to be given to\n\
         [`ClientBuilder::base_url`](crate::client::ClientBuilder::base_url).",
        quote!(#(#servers)*),
    )
}

fn item(server: &Server, name: &Name) -> Code {
    let docs = doc::text_comments(&match server.description.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => format!("{}\n\n{}", code(&server.url), text),
        _ => code(&server.url),
    });
    let name = ident(name);
    let fields = unique(
        server
            .variables
            .keys()
            .map(|key| case::snake(key, "variable")),
        &[],
    );
    let variables: Vec<_> = server.variables.iter().zip(&fields).collect();
    let declared = variables.iter().map(|((wire_name, variable), field)| {
        let fallback = format!("The variable {}.", code(wire_name));
        let docs = doc::text_comments(variable.description.as_deref().unwrap_or(&fallback));
        let (field, ty) = (ident(field), variable_type(&name, field, variable));
        quote!(#docs pub #field: #ty)
    });
    let defaults = variables.iter().map(|((_, variable), field)| {
        let (name, value) = (ident(field), string(&variable.default));
        match choices(variable) {
            None => quote!(#name: #value.to_owned()),
            Some(_) => quote!(#name: ::std::default::Default::default()),
        }
    });
    let replacements = variables.iter().map(|((wire_name, variable), field)| {
        let placeholder = string(&format!("{{{wire_name}}}"));
        let field = ident(field);
        match choices(variable) {
            None => quote!(.replace(#placeholder, &self.#field)),
            Some(_) => quote!(.replace(#placeholder, self.#field.as_str())),
        }
    });
    let enums = variables.iter().map(|((wire_name, variable), field)| {
        choices(variable).map(|choices| enumeration(&name, field, wire_name, variable, &choices))
    });
    let url = string(&server.url);
    let (derive, default) = match variables.is_empty() {
        true => (quote!(Default), quote!()),
        false => (
            quote!(),
            quote! {
                impl ::std::default::Default for #name {
                    fn default() -> Self {
                        Self { #(#defaults),* }
                    }
                }
            },
        ),
    };
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, #derive)]
        pub struct #name { #(#declared),* }

        #default

        impl #name {
            /// The URL, the variables put in.
            #[must_use]
            pub fn url(&self) -> ::std::string::String {
                ::std::string::String::from(#url) #(#replacements)*
            }
        }
        #(#enums)*
    }
}

/// The allowed values, the default first, if not any will do.
fn choices(variable: &ServerVariable) -> Option<Vec<&str>> {
    let mut choices = vec![variable.default.as_str()];
    for allowed in &variable.allowed {
        if !choices.contains(&allowed.as_str()) {
            choices.push(allowed);
        }
    }
    (!variable.allowed.is_empty()).then_some(choices)
}

fn enum_name(server: &Ident, field: &Name) -> Ident {
    let field = case::pascal(field.plain(), "Variable");
    Ident::new(&format!("{server}{}", field.plain()))
}

fn variable_type(server: &Ident, field: &Name, variable: &ServerVariable) -> Code {
    match choices(variable) {
        None => quote!(::std::string::String),
        Some(_) => {
            let name = enum_name(server, field);
            quote!(#name)
        }
    }
}

fn enumeration(
    server: &Ident,
    field: &Name,
    wire_name: &str,
    variable: &ServerVariable,
    choices: &[&str],
) -> Code {
    let name = enum_name(server, field);
    let docs = doc::text_comments(&format!("The values of the variable {}.", code(wire_name)));
    let variants: Vec<_> = unique(
        choices.iter().map(|value| case::pascal(value, "Value")),
        &["Self"],
    )
    .iter()
    .map(ident)
    .collect();
    let declared = choices.iter().zip(&variants).map(|(value, variant)| {
        let default = (*value == variable.default).then(|| quote!(#[default]));
        let docs = doc::text_comments(&code(value));
        quote!(#docs #default #variant)
    });
    let values = choices.iter().map(|value| string(value));
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum #name { #(#declared),* }

        impl #name {
            /// The value as it stands in the URL.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { #(Self::#variants => #values),* }
            }
        }
    }
}

//! Writes the structs of the emitted models once more, with serde's derive, for `decode.rs` to compare with.
//!
//! The fields and their types are the same. Enums, and structs with required properties, with all other properties or with
//! changes of a request, are those of the emitted crate.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Fields, Ident, Item, ItemStruct, LitStr, Token};

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let models = Path::new("../../generated/src/models");
    println!("cargo::rerun-if-changed={}", models.display());
    let mut derived = TokenStream::new();
    for entry in std::fs::read_dir(models)? {
        let file = syn::parse_file(&std::fs::read_to_string(entry?.path())?)?;
        derived.extend(items(&file.items)?);
    }
    let path = Path::new(&std::env::var("OUT_DIR")?).join("derived.rs");
    Ok(std::fs::write(path, derived.to_string())?)
}

/// The items of a file of models.
fn items(items: &[Item]) -> Result<TokenStream, Error> {
    let mut tables = Vec::new();
    for item in items {
        if let Item::Macro(item) = item
            && item.mac.path.is_ident("object")
        {
            tables.push(item.mac.parse_body::<Table>()?);
        }
    }
    let mut derived = TokenStream::new();
    for item in items {
        let name = match item {
            Item::Struct(item) => {
                let mut tables = tables.iter().filter(|table| table.is_plain);
                if let Some(table) = tables.find(|table| table.name == item.ident) {
                    derived.extend(with_derive(item, table)?);
                    continue;
                }
                &item.ident
            }
            Item::Enum(item) => &item.ident,
            Item::Type(item) => &item.ident,
            _ => continue,
        };
        derived.extend(quote!(pub use sentry_api::models::#name;));
    }
    Ok(derived)
}

fn with_derive(item: &ItemStruct, table: &Table) -> Result<TokenStream, Error> {
    let (name, mut fields) = (&item.ident, TokenStream::new());
    if let Fields::Named(named) = &item.fields {
        for field in &named.named {
            let has_name = |(row, _): &&(Ident, LitStr)| Some(row) == field.ident.as_ref();
            let row = table.rows.iter().find(has_name);
            let (name, wire_name) = row.ok_or("a field has no line in its table")?;
            let ty = &field.ty;
            fields.extend(quote!(#[serde(rename = #wire_name)] pub #name: #ty,));
        }
    }
    Ok(quote! {
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default)]
        pub struct #name { #fields }
    })
}

/// `object!(Name { optional field = "property", … })`
struct Table {
    name: Ident,
    rows: Vec<(Ident, LitStr)>,
    /// Whether all fields are plain options: the struct does not keep all other properties in a map, for which serde's
    /// `flatten` is slow, and has no field that tells null from absent, which only requests have.
    is_plain: bool,
}

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut table = Self {
            name: input.parse()?,
            rows: Vec::new(),
            is_plain: true,
        };
        let body;
        syn::braced!(body in input);
        while !body.is_empty() {
            if body.peek(Token![..]) {
                body.parse::<Token![..]>()?;
                body.parse::<Ident>()?;
                table.is_plain = false;
            } else {
                let presence: Ident = body.parse()?;
                table.is_plain &= presence != "change";
                let field = Ident::parse_any(&body)?;
                body.parse::<Token![=]>()?;
                table.rows.push((field, body.parse()?));
            }
            body.parse::<Token![,]>()?;
        }
        Ok(table)
    }
}

//! Writes the structs of the emitted models once more, with serde's derive, for `decode.rs` to compare with.
//!
//! The fields and their types are the same. Enums, and structs with required properties, with all other properties or with
//! changes of a request, are those of the emitted crate.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Item, LitStr, Token, Type, Visibility};

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
    let mut derived = TokenStream::new();
    for item in items {
        let name = match item {
            Item::Macro(item) if item.mac.path.is_ident("object") => {
                let object = item.mac.parse_body::<Object>()?;
                if object.is_plain {
                    derived.extend(with_derive(&object));
                    continue;
                }
                object.name
            }
            Item::Macro(item) => item.mac.parse_body::<Declared>()?.0,
            Item::Type(item) => item.ident.clone(),
            _ => continue,
        };
        derived.extend(quote!(pub use sentry_api::models::#name;));
    }
    Ok(derived)
}

fn with_derive(Object { name, fields, .. }: &Object) -> TokenStream {
    quote! {
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default)]
        pub struct #name { #fields }
    }
}

/// `pub enum Name …`, or a struct.
struct Declared(Ident);

impl Parse for Declared {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        // `struct` or `enum`
        Ident::parse_any(input)?;
        let declared = Self(input.parse()?);
        // The rest, which says what the macro has to know.
        input.parse::<TokenStream>()?;
        Ok(declared)
    }
}

/// `pub struct Name { pub field: Type, pub other: Type = "property", … }`
struct Object {
    name: Ident,
    fields: TokenStream,
    /// Whether all fields are plain options: the struct does not keep all other properties in a map, for which serde's
    /// `flatten` is slow, and has no field that tells null from absent, or is required, which only requests have.
    is_plain: bool,
}

impl Parse for Object {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![struct]>()?;
        let mut object = Self {
            name: input.parse()?,
            fields: TokenStream::new(),
            is_plain: true,
        };
        let body;
        syn::braced!(body in input);
        while !body.is_empty() {
            body.call(Attribute::parse_outer)?;
            body.parse::<Visibility>()?;
            if body.peek(Token![..]) {
                object.is_plain = false;
                break;
            }
            let name = Ident::parse_any(&body)?;
            body.parse::<Token![:]>()?;
            let ty: Type = body.parse()?;
            let is_change =
                matches!(&ty, Type::Path(path) if path.path.segments[0].ident == "Change");
            body.parse::<Option<Token![=]>>()?;
            let presence: Option<Ident> = body.parse()?;
            let is_required = presence.is_some_and(|presence| presence == "required");
            object.is_plain &= !is_change && !is_required;
            let wire_name: Option<LitStr> = body.parse()?;
            let rename = wire_name.map(|name| quote!(#[serde(rename = #name)]));
            body.parse::<Token![,]>()?;
            object.fields.extend(quote!(#rename pub #name: #ty,));
        }
        body.parse::<TokenStream>()?;
        // The signatures of a constructor and of setters.
        input.parse::<TokenStream>()?;
        Ok(object)
    }
}

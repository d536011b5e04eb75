//! How structs are written as JSON objects and read from them: which property belongs to which field.
//!
//! All else is in the runtime's `types/object.rs`, once for all structs; derived visitors of every single struct would be
//! most of the time that it takes to compile a large API.

use crate::emit::code::{Code, Ident, Literal, quote};
use crate::emit::rust::{ident, string};
use crate::ir::{Field, Presence, Struct, TypeDefinition};

/// Serialization of a struct.
pub(super) fn items(definition: &TypeDefinition, object: &Struct) -> Code {
    let name = ident(&definition.name);
    let written = object.fields.iter().map(written);
    let others = object.additional.iter().map(|map| {
        let field = ident(&map.name);
        quote!(object.others(&self.#field);)
    });
    let object_name = match object.fields.is_empty() && object.additional.is_none() {
        true => quote!(_),
        false => quote!(object),
    };
    // The runtime looks names up by bisection.
    let mut fields: Vec<&Field> = object.fields.iter().collect();
    fields.sort_by(|a, b| a.wire_name.cmp(&b.wire_name));
    let names = fields.iter().map(|field| string(&field.wire_name));
    let names = quote!(const NAMES: &'static [&'static str] = &[#(#names),*];);
    let reads = reads(object);
    let (read, kind) = match builds(object) {
        true => (build(object, &fields), Ident::new("build")),
        false => (fill(object, &fields), Ident::new("fill")),
    };
    quote! {
        impl crate::types::object::Write for #name {
            fn write<S: ::serde::ser::SerializeMap>(
                &self,
                #object_name: &mut crate::types::object::Writer<S>,
            ) {
                #(#written)*
                #(#others)*
            }
        }

        impl crate::types::object::#reads for #name {
            #names
            #read
        }

        crate::types::object::object!(#name, #kind);
    }
}

/// The runtime's trait by which a struct is read.
pub(super) fn reads(object: &Struct) -> Ident {
    match builds(object) {
        true => Ident::new("Build"),
        false => Ident::new("Fill"),
    }
}

/// Whether something has to be there, so that the struct implements `Build` and not `Fill`.
fn builds(object: &Struct) -> bool {
    let mut fields = object.fields.iter();
    fields.any(|field| field.presence == Presence::Required)
}

fn written(field: &Field) -> Code {
    let name = ident(&field.name);
    let wire_name = string(&field.wire_name);
    let method = match field.presence {
        Presence::Required | Presence::Nullable => Ident::new("always"),
        Presence::Optional => Ident::new("optional"),
        Presence::ThreeState => Ident::new("change"),
    };
    quote!(object.#method(#wire_name, &self.#name);)
}

/// Reading of a struct of which nothing has to be there: every property into its field.
fn fill(object: &Struct, fields: &[&Field]) -> Code {
    let cases = fields.iter().enumerate().map(|(index, field)| {
        let index = Literal::integer(index);
        let field = ident(&field.name);
        quote!(#index => object.read(&mut self.#field),)
    });
    let other = match &object.additional {
        Some(map) => {
            let field = ident(&map.name);
            quote!(object.other(&mut self.#field))
        }
        None => quote!(object.skip()),
    };
    let (index, body) = match fields {
        [] => (quote!(_), other),
        _ => (
            quote!(index),
            quote!(match index { #(#cases)* _ => #other, }),
        ),
    };
    quote! {
        fn fill<'de, A: ::serde::de::MapAccess<'de>>(
            &mut self,
            #index: usize,
            object: &mut crate::types::object::Reader<A>,
        ) -> ::std::result::Result<(), A::Error> {
            #body
        }
    }
}

/// Reading of a struct of which something has to be there: every property into a variable, then all into the struct. The
/// variables are numbered, so that no property can take the name of something else.
fn build(object: &Struct, fields: &[&Field]) -> Code {
    let variables: Vec<_> = (0..fields.len())
        .map(|index| Ident::new(&format!("field_{index}")))
        .collect();
    let is_required = |field: &Field| field.presence == Presence::Required;
    let begun = fields
        .iter()
        .zip(&variables)
        .map(|(field, variable)| match is_required(field) {
            true => quote!(let mut #variable = ::std::option::Option::None;),
            false => quote!(let mut #variable = ::std::default::Default::default();),
        });
    let cases = fields
        .iter()
        .zip(&variables)
        .enumerate()
        .map(|(index, (field, variable))| {
            let index = Literal::integer(index);
            match is_required(field) {
                true => quote!(#index => object.demand(&mut #variable)?,),
                false => quote!(#index => object.read(&mut #variable)?,),
            }
        });
    let values = fields.iter().zip(&variables).map(|(field, variable)| {
        let name = ident(&field.name);
        match is_required(field) {
            true => {
                let wire_name = string(&field.wire_name);
                quote!(#name: crate::types::object::given(#wire_name, #variable)?,)
            }
            false => quote!(#name: #variable,),
        }
    });
    let (others, other, kept) = match &object.additional {
        Some(map) => {
            let name = ident(&map.name);
            (
                quote!(let mut others = ::std::default::Default::default();),
                quote!(object.other(&mut others)?),
                quote!(#name: others,),
            )
        }
        None => (quote!(), quote!(object.skip()?), quote!()),
    };
    quote! {
        fn build<'de, A: ::serde::de::MapAccess<'de>>(
            mut object: crate::types::object::Reader<A>,
        ) -> ::std::result::Result<Self, A::Error> {
            #(#begun)*
            #others
            while let ::std::option::Option::Some(index) = object.next()? {
                match index {
                    #(#cases)*
                    _ => #other,
                }
            }
            ::std::result::Result::Ok(Self { #(#values)* #kept })
        }
    }
}

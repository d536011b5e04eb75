//! `src/models/`: the named types, one file for those whose names begin with the same word.

mod enums;
mod structs;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::{Imports, Scope};
use super::source_file::{FormatError, Items, source_file};
use crate::api::names::{case, modules};
use crate::api::{Api, TypeDefinition, TypeKind};
use crate::emit::doc;
use crate::emit::tokens::{ident, own_ident};
use crate::parallel;

/// The files of the module, by their path in the crate.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub fn generate(api: &Api) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
    let names = api.types.iter().map(|definition| definition.name.plain());
    let taken: BTreeSet<String> = names.map(str::to_owned).collect();
    let parts = parallel::map(&api.types, |definition| {
        let scope = Scope::of_models(api, &taken);
        let mut items = Items::default();
        add(&mut items, &scope, definition)?;
        Ok((items, scope.imports()))
    });
    let parts = parts
        .into_iter()
        .collect::<Result<Vec<(Items, Imports)>, FormatError>>()?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (definition, (items, imports)) in api.types.iter().zip(&parts) {
        let name = definition.name.plain();
        let group = groups.entry(first_word(name)).or_default();
        group.items.append(items);
        group.imports.extend(imports.clone());
        group.defined.insert(definition.name.as_str().to_owned());
    }
    files(groups, taken)
}

/// The types of one file.
#[derive(Default)]
struct Group {
    items: Items,
    imports: Imports,
    defined: BTreeSet<String>,
}

fn files(
    groups: BTreeMap<String, Group>,
    taken: BTreeSet<String>,
) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
    let modules = modules::private("models", groups.keys().cloned(), taken);
    let mut files = Vec::with_capacity(groups.len() + 1);
    let mut index = TokenStream::new();
    for (module, group) in modules.iter().zip(groups.values()) {
        let mut items = Items::of(group.imports.declarations(&group.defined))?;
        items.append(&group.items);
        files.push((
            format!("src/models/{module}.rs"),
            source_file("", TokenStream::new(), &items)?,
        ));
        let module = own_ident(module);
        index.extend(quote!(mod #module;));
    }
    for module in &modules {
        let module = own_ident(module);
        index.extend(quote!(pub use self::#module::*;));
    }
    let attributes =
        quote!(#![allow(missing_docs, reason = "not every schema and property has a description")]);
    let docs = "The types of the API, one for each schema. They implement serde's traits by tables in place of serde's derive, which \
                more than doubles the time that the compiler takes for a large API.";
    files.push((
        "src/models.rs".to_owned(),
        source_file(&doc::lines(docs).join("\n"), attributes, &Items::of(index)?)?,
    ));
    Ok(files)
}

/// What a type's file is called after: `issue` of `IssueActivity`. It depends on nothing but the name, so that no type
/// ever moves to another file.
fn first_word(name: &str) -> String {
    let snake = case::snake(name, "type");
    let mut words = snake.plain().split('_').filter(|word| !word.is_empty());
    words.next().unwrap_or("type").to_owned()
}

/// Adds the items of one named type.
fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
) -> Result<(), FormatError> {
    let docs = doc::of_item(&definition.docs, definition.name.plain());
    match &definition.kind {
        TypeKind::Struct(object) => structs::add(items, scope, definition, object, &docs),
        TypeKind::StringEnum(values) => enums::add_strings(items, scope, definition, values, &docs),
        TypeKind::IntegerEnum(values) => {
            enums::add_integers(items, scope, definition, values, &docs);
        }
        TypeKind::Union(union) => unions::add(items, scope, definition, union, &docs),
        TypeKind::Alias(ty) => {
            let name = ident(&definition.name);
            let ty = scope.ty(ty);
            items.push(quote!(#docs pub type #name = #ty;))?;
        }
    }
    Ok(())
}

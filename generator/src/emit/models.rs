//! The emitted `crate::models`: the named types.

mod enums;
mod object_arms;
mod objects;
mod structs;
mod unions;

use crate::emit::code::{Code, quote};

use super::module_files::{Module, Part, words};
use super::rust::{CratePath, FormatError, chunk, ident, type_tokens};
use super::{doc, parallel};
use crate::ir::{Api, Docs, Type, TypeDefinition, TypeId, TypeKind};
use crate::names::case;

/// Depth to which aliases are followed. A chain that is longer goes in a circle.
const LONGEST_ALIAS_CHAIN: usize = 32;

/// Files of the module, by their path in the crate.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(api: &Api) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
    let ids: Vec<TypeId> = (0..api.types.len()).map(TypeId::new).collect();
    let parts = parallel::map(&ids, |id| {
        let context = Context {
            api,
            root: CratePath::inside(),
        };
        let definition = api.definition(*id);
        Ok(Part {
            words: words(case::snake(definition.name.plain(), "type").plain()),
            items: chunk(context.definition(*id, definition))?,
        })
    });
    let parts = parts
        .into_iter()
        .collect::<Result<Vec<Part>, FormatError>>()?;
    let types = api.types.iter().map(|definition| definition.name.plain());
    let module = Module {
        path: "src/models".to_owned(),
        docs: "The types of the API, one for every schema.".to_owned(),
        contents: "Types",
        taken: types.map(str::to_owned).collect(),
        ..Module::default()
    };
    module.files(&parts)
}

/// What the emitters of single types share.
struct Context<'a> {
    api: &'a Api,
    root: CratePath,
}

impl Context<'_> {
    fn ty(&self, ty: &Type) -> Code {
        type_tokens(self.api, &self.root, ty)
    }

    /// The items of one named type.
    fn definition(&self, id: TypeId, definition: &TypeDefinition) -> Code {
        let docs = definition_docs(definition);
        match &definition.kind {
            TypeKind::Struct(object) => structs::items(self, definition, object, &docs),
            TypeKind::StringEnum(values) => enums::strings(definition, values, &docs),
            TypeKind::IntegerEnum(values) => enums::integers(definition, values, &docs),
            TypeKind::Union(union) => unions::items(self, id, definition, union, &docs),
            TypeKind::Alias(ty) => {
                let name = ident(&definition.name);
                let ty = self.ty(ty);
                quote!(#docs pub type #name = #ty;)
            }
        }
    }

    /// The kind of a named type, aliases followed; of an alias of an unnamed type, that type.
    fn resolve<'b>(&'b self, ty: &'b Type) -> Resolved<'b> {
        let mut ty = ty;
        for _ in 0..LONGEST_ALIAS_CHAIN {
            let (Type::Named(id) | Type::Boxed(id)) = ty else {
                return Resolved::Unnamed(ty);
            };
            match &self.api.definition(*id).kind {
                TypeKind::Alias(target) => ty = target,
                kind => return Resolved::Named(kind),
            }
        }
        Resolved::Unnamed(&Type::Any)
    }
}

/// A type without its aliases.
enum Resolved<'a> {
    Named(&'a TypeKind),
    Unnamed(&'a Type),
}

fn definition_docs(definition: &TypeDefinition) -> Code {
    let fallback = format!("The schema {}.", doc::code(&definition.schema));
    doc::comments_or(&definition.docs, &fallback)
}

/// Docs with a further note.
fn with_note(docs: &Docs, note: Option<String>) -> Docs {
    let mut docs = docs.clone();
    docs.notes.extend(note);
    docs
}

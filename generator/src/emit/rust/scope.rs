//! The names that a module of the emitted crate knows: short where it can, spelled out where a name of the API stands in
//! the way.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::source_file::one_line;
use crate::api::{Api, IntegerKind, Name, Type};
use crate::emit::tokens::{ident, own_ident, path};

/// Something that emitted code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    name: &'static str,
    /// The module that it is imported from.
    module: &'static str,
    /// Whether every module has it without an import.
    prelude: bool,
}

const fn prelude(name: &'static str, module: &'static str) -> Known {
    Known {
        name,
        module,
        prelude: true,
    }
}

const fn imported(name: &'static str, module: &'static str) -> Known {
    Known {
        name,
        module,
        prelude: false,
    }
}

/// What emitted code names.
#[allow(missing_docs, reason = "each is called what it is")]
pub mod known {
    use super::{Known, imported, prelude};

    pub const AS_REF: Known = prelude("AsRef", "::std::convert");
    pub const BOX: Known = prelude("Box", "::std::boxed");
    pub const INTO: Known = prelude("Into", "::std::convert");
    pub const INTO_ITERATOR: Known = prelude("IntoIterator", "::std::iter");
    pub const OPTION: Known = prelude("Option", "::std::option");
    pub const SIZED: Known = prelude("Sized", "::std::marker");
    pub const STRING: Known = prelude("String", "::std::string");
    pub const VEC: Known = prelude("Vec", "::std::vec");

    pub const ARC: Known = imported("Arc", "::std::sync");
    pub const BTREE_MAP: Known = imported("BTreeMap", "::std::collections");
    pub const SERIALIZE: Known = imported("Serialize", "::serde");
    pub const VALUE: Known = imported("Value", "::serde_json");
    pub const BYTES: Known = imported("Bytes", "::bytes");

    pub const BASE64: Known = imported("Base64", "crate::types");
    pub const BINARY: Known = imported("Binary", "crate::types");
    pub const CHANGE: Known = imported("Change", "crate::types");
    pub const DATE: Known = imported("Date", "crate::types");
    pub const SECRET: Known = imported("Secret", "crate::types");
    pub const TIMESTAMP: Known = imported("Timestamp", "crate::types");
    pub const URI: Known = imported("Uri", "crate::types");

    pub const CALL: Known = imported("Call", "crate::client");
    pub const LINES: Known = imported("Lines", "crate::client");
    pub const PAGED: Known = imported("Paged", "crate::client");
    pub const EMPTY: Known = imported("Empty", "crate::client::call");
    pub const EVENTS: Known = imported("Events", "crate::client::call");
    pub const RAW: Known = imported("Raw", "crate::client::call");
    pub const TEXT: Known = imported("Text", "crate::client::call");
    pub const FORM: Known = imported("Form", "crate::client::multipart");
    pub const HEADER: Known = imported("Header", "crate::header");

    pub const MULTIPART: Known = imported("Multipart", "crate::server");
    pub const UPLOAD: Known = imported("Upload", "crate::server");

    pub const BODY: Known = imported("Body", "::axum::body");
    pub const METHOD_ROUTER: Known = imported("MethodRouter", "::axum::routing");
    pub const STATUS_CODE: Known = imported("StatusCode", "::axum::http");

    pub const LOCATION: Known = imported("Location", "crate::operation");
}

/// How a module reaches the models.
#[derive(Debug, Clone)]
enum Models {
    /// By their names: it is the module of the models, or a part of it.
    Siblings,
    /// As `models::Team`.
    Module,
    /// As `sentry_api::models::Team`, from another crate.
    Crate(Name),
}

/// The names of a module that is being written, and what it imports.
#[derive(Debug)]
pub struct Scope<'a> {
    api: &'a Api,
    models: Models,
    /// Names of types that the API gave in this module.
    taken: &'a BTreeSet<String>,
    used: RefCell<Imports>,
}

/// What a module imports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imports {
    known: BTreeSet<Known>,
    /// Macros of the runtime, by module and name, and modules of the crate.
    others: BTreeSet<(&'static str, &'static str)>,
    models: BTreeSet<String>,
}

impl Imports {
    /// Adds what another part of the module imports.
    pub fn extend(&mut self, other: Self) {
        self.known.extend(other.known);
        self.others.extend(other.others);
        self.models.extend(other.models);
    }

    /// The `use` declarations. `defined` are the models that the module has itself.
    #[must_use]
    pub fn declarations(&self, defined: &BTreeSet<String>) -> TokenStream {
        let mut paths: BTreeSet<(&str, &str)> = self.others.clone();
        paths.extend(self.known.iter().map(|known| (known.module, known.name)));
        let mut declarations = TokenStream::new();
        let models: Vec<_> = self
            .models
            .difference(defined)
            .map(|name| own_ident(name))
            .collect();
        let modules: BTreeSet<&str> = paths.iter().map(|(module, _)| *module).collect();
        for module in modules {
            let names = paths.iter().filter(|(of, _)| *of == module);
            let names: Vec<_> = names.map(|(_, name)| own_ident(name)).collect();
            let from = path(module.strip_prefix("::").unwrap_or(module));
            declarations.extend(match names.as_slice() {
                [name] => quote!(use #from::#name;),
                names => quote!(use #from::{#(#names),*};),
            });
        }
        match models.as_slice() {
            [] => {}
            [model] => declarations.extend(quote!(use super::#model;)),
            models => declarations.extend(quote!(use super::{#(#models),*};)),
        }
        declarations
    }
}

impl<'a> Scope<'a> {
    /// The scope of the module of the models, or of a part of it.
    #[must_use]
    pub fn of_models(api: &'a Api, taken: &'a BTreeSet<String>) -> Self {
        Self::new(api, Models::Siblings, taken)
    }

    /// The scope of a module beside the models in which the API gave these names.
    #[must_use]
    pub fn of_module(api: &'a Api, taken: &'a BTreeSet<String>) -> Self {
        Self::new(api, Models::Module, taken)
    }

    /// The scope of another crate; `library` is the name of the emitted one.
    #[must_use]
    pub fn downstream(api: &'a Api, library: &Name, taken: &'a BTreeSet<String>) -> Self {
        Self::new(api, Models::Crate(library.clone()), taken)
    }

    fn new(api: &'a Api, models: Models, taken: &'a BTreeSet<String>) -> Self {
        Self {
            api,
            models,
            taken,
            used: RefCell::default(),
        }
    }

    /// The API.
    #[must_use]
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// What was named so far and has to be imported.
    #[must_use]
    pub fn imports(self) -> Imports {
        self.used.into_inner()
    }

    /// The name of something, or its path where the API took the name.
    pub fn name(&self, known: Known) -> TokenStream {
        let name = own_ident(known.name);
        let module = match &self.models {
            Models::Crate(library) => known.module.strip_prefix("crate").map(|rest| {
                let library = ident(library);
                let rest = path(rest);
                quote!(#library #rest)
            }),
            Models::Siblings | Models::Module => None,
        };
        match module {
            // Another crate spells out what it has from this one.
            Some(module) => quote!(#module::#name),
            None if self.taken.contains(known.name) => {
                let module = path(known.module);
                quote!(#module::#name)
            }
            None => {
                if !known.prelude {
                    self.used.borrow_mut().known.insert(known);
                }
                quote!(#name)
            }
        }
    }

    /// Imports a macro of the runtime, which no name of an API can stand in the way of.
    pub fn uses(&self, module: &'static str, name: &'static str) {
        self.used.borrow_mut().others.insert((module, name));
    }

    /// The Rust type of a [`Type`].
    pub fn ty(&self, ty: &Type) -> TokenStream {
        let named = |known| self.name(known);
        match ty {
            Type::Any => named(known::VALUE),
            Type::Null => quote!(()),
            Type::Boolean => quote!(bool),
            Type::Integer(IntegerKind::I32) => quote!(i32),
            Type::Integer(IntegerKind::I64) => quote!(i64),
            Type::Integer(IntegerKind::U32) => quote!(u32),
            Type::Integer(IntegerKind::U64) => quote!(u64),
            Type::Number => quote!(f64),
            Type::Float => quote!(f32),
            Type::String => named(known::STRING),
            Type::Timestamp => named(known::TIMESTAMP),
            Type::Date => named(known::DATE),
            Type::Uri => named(known::URI),
            Type::Secret => named(known::SECRET),
            Type::Base64 => named(known::BASE64),
            Type::Binary => named(known::BINARY),
            Type::List(item) => {
                let (list, item) = (named(known::VEC), self.ty(item));
                quote!(#list<#item>)
            }
            Type::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.ty(item)).collect();
                match items.as_slice() {
                    [item] => quote!((#item,)),
                    items => quote!((#(#items),*)),
                }
            }
            Type::Map(value) => {
                let (map, key, value) = (
                    named(known::BTREE_MAP),
                    named(known::STRING),
                    self.ty(value),
                );
                quote!(#map<#key, #value>)
            }
            Type::Nullable(inner) => {
                let (option, inner) = (named(known::OPTION), self.ty(inner));
                quote!(#option<#inner>)
            }
            Type::Named(id) => self.model(&self.api.definition(*id).name),
            Type::Boxed(id) => {
                let (boxed, model) = (
                    named(known::BOX),
                    self.model(&self.api.definition(*id).name),
                );
                quote!(#boxed<#model>)
            }
        }
    }

    /// The path of a model.
    pub fn model(&self, name: &Name) -> TokenStream {
        let model = ident(name);
        match &self.models {
            Models::Siblings => {
                self.used
                    .borrow_mut()
                    .models
                    .insert(name.as_str().to_owned());
                quote!(#model)
            }
            Models::Module => {
                self.uses("crate", "models");
                quote!(models::#model)
            }
            Models::Crate(library) => {
                let library = ident(library);
                quote!(#library::models::#model)
            }
        }
    }
}

/// A type as a person writes it, seen from another crate: `Vec<sentry_api::models::Team>`.
#[must_use]
pub fn type_text(api: &Api, library: &Name, ty: &Type) -> String {
    let taken = BTreeSet::new();
    one_line(&Scope::downstream(api, library, &taken).ty(ty))
}

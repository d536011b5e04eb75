//! Types and values as they are shown: in the words of HTTP, and in Rust with links.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::render::breakable;
use crate::api::lower::Lowered;
use crate::api::names::modules::is_device;
use crate::api::{Api, IntegerKind, Operation, Presence, Type, TypeDefinition, TypeId};

/// The pages of the types.
pub(super) struct Links {
    /// By the index of the type: names that differ in any file system.
    files: Vec<String>,
    /// By the index of the type: the subject of findings about it.
    subjects: Vec<String>,
    by_name: HashMap<String, usize>,
}

impl Links {
    pub(super) fn new(lowered: &Lowered) -> Self {
        let types = &lowered.api.types;
        let mut taken = HashSet::new();
        let files = types.iter().map(|definition| {
            let name = file_name(definition.name.plain().to_ascii_lowercase());
            let mut file = name.clone();
            let mut number = 2;
            while !taken.insert(file.clone()) {
                file = format!("{name}-{number}");
                number += 1;
            }
            file
        });
        let pinned = lowered.lock.types.iter();
        let pinned: HashMap<&str, &str> = pinned.map(|(item, name)| (&**name, &**item)).collect();
        let names = || types.iter().map(|it| it.name.plain());
        let subjects = names().map(|name| (*pinned.get(name).unwrap_or(&name)).to_owned());
        Self {
            files: files.collect(),
            subjects: subjects.collect(),
            by_name: names().map(str::to_owned).zip(0..).collect(),
        }
    }

    /// The index of a type.
    pub(super) fn index_of(&self, definition: &TypeDefinition) -> usize {
        let index = self.by_name.get(definition.name.plain());
        index.copied().unwrap_or(usize::MAX)
    }

    /// The name of a type's page, without folder and extension.
    pub(super) fn file_of(&self, definition: &TypeDefinition) -> &str {
        let file = self.files.get(self.index_of(definition));
        file.map_or("", |file| file)
    }

    /// The subject of findings about a type.
    pub(super) fn subject_of(&self, definition: &TypeDefinition) -> &str {
        let subject = self.subjects.get(self.index_of(definition));
        subject.map_or("", |subject| subject)
    }

    fn of(&self, id: TypeId) -> &str {
        self.files.get(id.index()).map_or("", |file| file)
    }

    /// A type in Rust, as HTML. `root` is the way to the root of the site.
    pub(super) fn rust(&self, api: &Api, ty: &Type, root: &str) -> String {
        let inner = |ty: &Type| self.rust(api, ty, root);
        match ty {
            Type::Any => "Value".to_owned(),
            Type::Null => "()".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Integer(IntegerKind::I32) => "i32".to_owned(),
            Type::Integer(IntegerKind::I64) => "i64".to_owned(),
            Type::Integer(IntegerKind::U32) => "u32".to_owned(),
            Type::Integer(IntegerKind::U64) => "u64".to_owned(),
            Type::Number => "f64".to_owned(),
            Type::Float => "f32".to_owned(),
            Type::String => "String".to_owned(),
            Type::Timestamp => "Timestamp".to_owned(),
            Type::Date => "Date".to_owned(),
            Type::Uri => "Uri".to_owned(),
            Type::Secret => "Secret".to_owned(),
            Type::Base64 => "Base64".to_owned(),
            Type::Binary => "Binary".to_owned(),
            Type::List(item) => format!("Vec&lt;{}&gt;", inner(item)),
            Type::Tuple(items) => {
                let items: Vec<String> = items.iter().map(inner).collect();
                format!("({})", items.join(", "))
            }
            Type::Map(value) => format!("BTreeMap&lt;String, {}&gt;", inner(value)),
            Type::Nullable(value) => format!("Option&lt;{}&gt;", inner(value)),
            Type::Named(id) => self.link(api, *id, root),
            Type::Boxed(id) => format!("Box&lt;{}&gt;", self.link(api, *id, root)),
        }
    }

    /// A field in Rust, as HTML.
    pub(super) fn field(&self, api: &Api, ty: &Type, presence: Presence, root: &str) -> String {
        let text = self.rust(api, ty, root);
        match presence {
            Presence::Required => text,
            Presence::Optional | Presence::Nullable => format!("Option&lt;{text}&gt;"),
            Presence::ThreeState => format!("Change&lt;{text}&gt;"),
        }
    }

    fn link(&self, api: &Api, id: TypeId, root: &str) -> String {
        // Both are identifiers, or made of one.
        let name = breakable(&api.definition(id).name.to_string());
        let file = self.of(id);
        format!("<a href=\"{root}types/{file}.html\">{name}</a>")
    }
}

/// A type in the words of JSON Schema.
pub(super) fn json_type(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Any => "any JSON".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer(_) => "integer".to_owned(),
        Type::Number | Type::Float => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Timestamp => "string (date-time)".to_owned(),
        Type::Date => "string (date)".to_owned(),
        Type::Uri => "string (uri)".to_owned(),
        Type::Secret => "string (secret)".to_owned(),
        Type::Base64 => "string (base64)".to_owned(),
        Type::Binary => "bytes".to_owned(),
        Type::List(item) => format!("array of {}", json_type(api, item)),
        Type::Tuple(_) => "array of fixed length".to_owned(),
        Type::Map(value) => format!("object of {}", json_type(api, value)),
        Type::Nullable(value) => format!("{} or null", json_type(api, value)),
        Type::Named(id) | Type::Boxed(id) => api.definition(*id).name.to_string(),
    }
}

/// A value of a claim: a text bare, everything else as JSON.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

/// The name of the page of an operation, without folder and extension.
pub(super) fn operation_file(operation: &Operation) -> String {
    file_name(operation.name.plain().to_owned())
}

/// A file name for an identifier. Windows takes some for devices, whatever their extension; no identifier has a hyphen.
pub(super) fn file_name(identifier: String) -> String {
    if is_device(&identifier.to_ascii_lowercase()) {
        return format!("{identifier}-page");
    }
    identifier
}

/// The name of the page of a webhook or a callback, without folder and extension. No operation has a hyphen in its name.
pub(super) fn webhook_file(operation: &Operation) -> String {
    format!("webhook-{}", operation.name.plain())
}

//! The fields of forms, which are texts, as the object that the schema of the body is about.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::har::Field;
use super::{query, scrub};
use crate::description::document::conformance::{Mismatch, MismatchKind};
use crate::description::document::{Content, Schema, SchemaKey};
use crate::description::tree::push_token;
use crate::http::{ParameterStyle, PropertyEncoding};

/// A form as an object.
pub(super) struct Form {
    pub(super) value: Json,
    /// The properties whose values are not compared: files, objects, parts of multipart bodies. Each is null in the object.
    opaque: HashSet<String>,
}

impl Form {
    /// The fields with the types that the properties of a content have.
    pub(super) fn of(
        fields: &[Field],
        content: &Content,
        components: &IndexMap<SchemaKey, Schema>,
    ) -> Self {
        let mut object = Map::new();
        let mut opaque = HashSet::new();
        let find = |name: &str| query::property(content.schema.as_ref()?, name, components);
        for Field { name, value } in fields {
            // `filter[name]` is a part of the property `filter`.
            let stem = name.split('[').next().unwrap_or(name);
            let (name, described) = match (find(name), find(stem)) {
                (Some(described), _) => (name.as_str(), Some(described)),
                (None, Some(_)) => (stem, None),
                (None, None) => {
                    // What has no value may be one.
                    let is_name = value.is_some() && scrub::name(name) == name;
                    if let Some(text) = value.as_ref().filter(|_| is_name) {
                        object.insert(name.clone(), text.as_str().into());
                    }
                    continue;
                }
            };
            let encoding = content.encodings.get(name);
            let text = value.as_deref().filter(|text| !text.is_empty());
            let is_text = encoding.is_none_or(|it| it.content_type.is_none());
            let values = match (text, described) {
                (Some(text), Some(schema)) if is_text => {
                    query::values(text, schema, encoding.and_then(separator), components)
                }
                _ => Vec::new(),
            };
            match values.into_iter().next() {
                Some(value) => query::add(&mut object, name, value),
                None => {
                    object.insert(name.to_owned(), Json::Null);
                    opaque.insert(push_token("", name));
                }
            }
        }
        Self {
            value: object.into(),
            opaque,
        }
    }

    /// Whether a difference is one of the form, and not of a value that is not compared.
    pub(super) fn has(&self, mismatch: &Mismatch<'_>) -> bool {
        let below = mismatch.pointer.get(1..).and_then(|rest| rest.find('/'));
        let property = below.map_or(mismatch.pointer.as_str(), |end| &mismatch.pointer[..=end]);
        mismatch.kind == MismatchKind::UndocumentedProperty || !self.opaque.contains(property)
    }
}

/// What is between the items of an array in one field. `None` if each has a field of its own.
fn separator(encoding: &PropertyEncoding) -> Option<char> {
    match encoding.style {
        Some(ParameterStyle::SpaceDelimited) => Some(' '),
        Some(ParameterStyle::PipeDelimited) => Some('|'),
        _ => (!encoding.explode).then_some(','),
    }
}

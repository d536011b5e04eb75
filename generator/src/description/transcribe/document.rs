//! The transcribed document, and the order of its parts in the YAML.

use serde_json::{Map, Value, json};

use super::object::Object;
use super::page::Passage;
use super::reader::PageReader;
use crate::description::diagnostic::Severity;

/// The parts of a document that a reader has found.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// `info`: title, version, description, contact, license.
    pub(super) info: Option<Object>,
    /// The servers.
    pub(super) servers: Vec<Value>,
    /// The tags.
    pub(super) tags: Vec<Value>,
    /// Component schemas by name.
    pub(super) schemas: Map<String, Value>,
    /// Security schemes by name.
    pub(super) security_schemes: Map<String, Value>,
    /// The number of operations that are announced, but left out: those of callbacks.
    pub(super) left_out: usize,
    paths: Map<String, Value>,
    operations: usize,
}

impl Document {
    /// Adds an operation. A second operation with the same method and path is an error.
    pub(super) fn add_operation(
        &mut self,
        reader: &mut PageReader<'_, '_>,
        method: &str,
        path: Passage<'_>,
        operation: Object,
    ) {
        let item = self
            .paths
            .entry(path.text)
            .or_insert_with(|| reader.object(path).into_value());
        let Value::Object(item) = item else { return };
        if item.contains_key(method) {
            reader.report(
                Severity::Error,
                "duplicate-operation",
                path,
                format!("{} {} is described twice", method.to_uppercase(), path.text),
                "remove one of the two from the markdown",
            );
            return;
        }
        item.insert(method.to_owned(), operation.into_value());
        self.operations += 1;
    }

    /// The number of operations.
    pub(super) fn operations(&self) -> usize {
        self.operations
    }

    /// The document as YAML. Sections without content are left out.
    pub(super) fn into_value(self, transcribed_from: &str) -> Value {
        let mut root = Map::new();
        root.insert("openapi".to_owned(), "3.1.0".into());
        root.insert("x-transcribed-from".to_owned(), transcribed_from.into());
        let info = self.info.map_or_else(|| json!({}), Object::into_value);
        root.insert("info".to_owned(), info);
        if !self.servers.is_empty() {
            root.insert("servers".to_owned(), self.servers.into());
        }
        if !self.tags.is_empty() {
            root.insert("tags".to_owned(), self.tags.into());
        }
        root.insert("paths".to_owned(), self.paths.into());
        let mut components = Map::new();
        if !self.schemas.is_empty() {
            components.insert("schemas".to_owned(), self.schemas.into());
        }
        if !self.security_schemes.is_empty() {
            components.insert("securitySchemes".to_owned(), self.security_schemes.into());
        }
        if !components.is_empty() {
            root.insert("components".to_owned(), components.into());
        }
        Value::Object(root)
    }
}

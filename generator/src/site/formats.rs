//! The formats of scalars, by the subjects of findings: the frozen API has only those that change a Rust type.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::api::{Api, Type};
use crate::description::document::{Content, Document, Facet, Operation, Parameter, Schema};
use crate::reconcile::merge::operation_subject;

use super::words::json_type;

/// The format of each schema that has one.
pub(super) struct Formats<'m> {
    by_subject: HashMap<String, &'m str>,
}

impl<'m> Formats<'m> {
    pub(super) fn new(document: &'m Document) -> Self {
        let mut formats = Self {
            by_subject: HashMap::new(),
        };
        for (key, schema) in &document.schemas {
            formats.schema(key, schema);
        }
        for operation in &document.operations {
            formats.operation(&operation_subject(operation), operation);
        }
        for webhook in &document.webhooks {
            formats.operation(&webhook.item(), &webhook.operation);
        }
        formats
    }

    fn operation(&mut self, subject: &str, operation: &'m Operation) {
        for parameter in &operation.parameters {
            self.parameter(subject, parameter);
        }
        let body = operation
            .body
            .iter()
            .map(|body| (&body.contents, "body".to_owned()));
        let responses = operation.responses.iter();
        let responses =
            responses.map(|(status, response)| (&response.contents, status.to_string()));
        for (contents, part) in body.chain(responses) {
            self.contents(&format!("{subject} {part}"), contents);
        }
    }

    fn parameter(&mut self, operation: &str, parameter: &'m Parameter) {
        let (location, name) = (parameter.location.key(), &parameter.name);
        self.schema(&format!("{operation} {location} {name}"), &parameter.schema);
    }

    fn contents(&mut self, body: &str, contents: &'m IndexMap<String, Content>) {
        for (media_type, content) in contents {
            let Some(schema) = &content.schema else {
                continue;
            };
            match contents.len() {
                1 => self.schema(body, schema),
                _ => self.schema(&format!("{body} {media_type}"), schema),
            }
        }
    }

    fn schema(&mut self, subject: &str, schema: &'m Schema) {
        if let Some(format) = schema.facts.text(Facet::Format) {
            self.by_subject.insert(subject.to_owned(), format);
        }
        for (name, property) in &schema.properties {
            self.schema(&format!("{subject}.{name}"), property);
        }
        if let Some(items) = &schema.items {
            self.schema(&format!("{subject}[]"), items);
        }
        if let Some(further) = &schema.additional {
            self.schema(&format!("{subject}{{}}"), further);
        }
    }

    /// The type of an item in the words of JSON Schema, with its format.
    pub(super) fn json_type(&self, api: &Api, ty: &Type, subject: &str) -> String {
        match ty {
            Type::List(item) => {
                let item = self.json_type(api, item, &format!("{subject}[]"));
                format!("array of {item}")
            }
            Type::Map(value) => {
                let value = self.json_type(api, value, &format!("{subject}{{}}"));
                format!("object of {value}")
            }
            Type::Nullable(value) => format!("{} or null", self.json_type(api, value, subject)),
            Type::String | Type::Integer(_) | Type::Number | Type::Float => {
                let plain = json_type(api, ty);
                match self.by_subject.get(subject) {
                    Some(format) => format!("{plain} ({format})"),
                    None => plain,
                }
            }
            other => json_type(api, other),
        }
    }
}

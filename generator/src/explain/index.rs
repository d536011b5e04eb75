//! Every item of the effective API, with all names that it can be asked for by.

use std::collections::{HashMap, HashSet};

use crate::document::{Facet, Facts, Operation, Parameter, SaidBy, Schema, Webhook};
use crate::lower::Lowered;
use crate::merge::{Merged, operation_subject, shape};
use crate::names::case;

/// An item of the effective API.
pub(super) struct Item<'m> {
    /// As findings name it.
    pub(super) subject: String,
    /// The subjects under which its place (query or body) was settled, if it is an input of operations.
    pub(super) inputs: Vec<String>,
    /// All its names, the subject among them.
    pub(super) names: Vec<String>,
    pub(super) said: &'m SaidBy,
    /// Its facts; those of a parameter and of its schema are two groups.
    pub(super) facts: Vec<&'m Facts>,
    /// Subjects of its parts.
    pub(super) parts: Vec<String>,
    /// What it is, for its Rust item.
    pub(super) kind: Kind,
}

impl Item<'_> {
    /// The names of an operation or a type beside its subject; what is inside of one is named after it.
    pub(super) fn other_names(&self) -> Vec<String> {
        match self.kind {
            Kind::Operation(_) | Kind::Webhook(_) | Kind::Type(_) => self
                .names
                .iter()
                .filter(|name| **name != self.subject)
                .cloned()
                .collect(),
            Kind::Property(..) | Kind::Other => Vec::new(),
        }
    }
}

/// What an item is.
pub(super) enum Kind {
    /// The operation of this key of `names.lock`.
    Operation(String),
    /// The webhook or callback of this key of `names.lock`.
    Webhook(String),
    /// The component of this key.
    Type(String),
    /// A property of the component of this key.
    Property(String, String),
    /// Anything else.
    Other,
}

/// A name without what people leave out or write differently: parameter names in paths, case.
pub(super) fn normal(name: &str) -> String {
    shape(name.trim()).to_lowercase()
}

/// All items.
pub(super) fn index<'m>(merged: &'m Merged, lowered: Option<&Lowered>) -> Vec<Item<'m>> {
    let mut index = Index {
        lowered,
        items: Vec::new(),
        bodies: HashMap::new(),
    };
    for operation in &merged.document.operations {
        index.operation(operation);
    }
    for webhook in &merged.document.webhooks {
        index.webhook(webhook);
    }
    for (key, schema) in &merged.document.schemas {
        let mut names = vec![key.clone()];
        names.extend(index.rust_name(key));
        let others = merged.schema_names.get(key).into_iter().flatten();
        names.extend(others.map(|(_, name)| name.clone()));
        names.sort();
        names.dedup();
        let operations = index.bodies.get(key).cloned().unwrap_or_default();
        let (said, facts, kind) = (&schema.said, vec![&schema.facts], Kind::Type(key.clone()));
        let (subject, inputs, parts) = (key.clone(), Vec::new(), Vec::new());
        let place = index.items.len();
        index.items.push(Item {
            subject,
            inputs,
            names: names.clone(),
            said,
            facts,
            parts,
            kind,
        });
        let parts = index.children(key, &names, Some(key), &operations, schema);
        if let Some(item) = index.items.get_mut(place) {
            item.parts = parts;
        }
    }
    index.items
}

struct Index<'m, 'l> {
    lowered: Option<&'l Lowered>,
    items: Vec<Item<'m>>,
    /// The operations whose body a component is: subject and names of each.
    bodies: HashMap<String, Vec<Named>>,
}

/// An operation's subject and names.
type Named = (String, Vec<String>);

impl<'m> Index<'m, '_> {
    fn rust_name(&self, item: &str) -> Option<String> {
        self.lowered?.lock.types.get(item).cloned()
    }

    fn operation(&mut self, operation: &'m Operation) {
        let subject = operation_subject(operation);
        let mut names = vec![
            subject.clone(),
            format!("{} {}", operation.method, operation.path),
        ];
        names.extend(
            self.lowered
                .and_then(|lowered| lowered.lock.operations.get(&subject))
                .cloned(),
        );
        names.extend(operation.facts.text(Facet::OperationId).map(str::to_owned));
        let kind = Kind::Operation(subject.clone());
        self.described(subject, names, operation, kind);
    }

    fn webhook(&mut self, webhook: &'m Webhook) {
        let subject = webhook.item();
        let operation = &webhook.operation;
        let mut names = vec![subject.clone(), webhook.name().to_owned()];
        let locked = self.lowered.map(|lowered| &lowered.lock.webhooks);
        names.extend(locked.and_then(|locked| locked.get(&subject)).cloned());
        names.extend(operation.facts.text(Facet::OperationId).map(str::to_owned));
        let kind = Kind::Webhook(subject.clone());
        self.described(subject, names, operation, kind);
    }

    /// An operation or webhook with all its parts.
    fn described(
        &mut self,
        subject: String,
        mut names: Vec<String>,
        operation: &'m Operation,
        kind: Kind,
    ) {
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let mut parts = Vec::new();
        for parameter in &operation.parameters {
            parts.push(self.parameter(&subject, &names, parameter));
        }
        if let Some(body) = &operation.body {
            let body_subject = format!("{subject} body");
            let body_names = with_suffix(&names, &[" body", ".body"]);
            self.plain(&body_subject, body_names, &body.said, &body.facts);
            let operation = vec![(subject.clone(), names.clone())];
            for schema in body
                .contents
                .values()
                .filter_map(|content| content.schema.as_ref())
            {
                if let Some(key) = &schema.reference {
                    self.bodies
                        .entry(key.clone())
                        .or_default()
                        .extend(operation.clone());
                }
                self.root(&body_subject, &names, &operation, schema);
            }
            parts.push(body_subject);
        }
        for (status, response) in &operation.responses {
            let response_subject = format!("{subject} {status}");
            let response_names =
                with_suffix(&names, &[&format!(" {status}"), &format!(".{status}")]);
            self.plain(
                &response_subject,
                response_names.clone(),
                &response.said,
                &response.facts,
            );
            for schema in response
                .contents
                .values()
                .filter_map(|content| content.schema.as_ref())
            {
                self.root(&response_subject, &response_names, &[], schema);
            }
            parts.push(response_subject);
        }
        let (said, facts) = (&operation.said, vec![&operation.facts]);
        self.items.push(Item {
            subject,
            inputs: Vec::new(),
            names,
            said,
            facts,
            parts,
            kind,
        });
    }

    fn plain(&mut self, subject: &str, mut names: Vec<String>, said: &'m SaidBy, facts: &'m Facts) {
        names.insert(0, subject.to_owned());
        let (subject, parts, facts) = (subject.to_owned(), Vec::new(), vec![facts]);
        self.items.push(Item {
            subject,
            inputs: Vec::new(),
            names,
            said,
            facts,
            parts,
            kind: Kind::Other,
        });
    }

    fn parameter(&mut self, operation: &str, names: &[String], parameter: &'m Parameter) -> String {
        let subject = format!(
            "{operation} {} {}",
            parameter.location.key(),
            parameter.name
        );
        let own = with_suffix(
            names,
            &[
                &format!(" {}", parameter.name),
                &format!(".{}", parameter.name),
            ],
        );
        self.plain(&subject, own.clone(), &parameter.said, &parameter.facts);
        if let Some(item) = self.items.last_mut() {
            item.inputs = vec![format!("{operation} input {}", parameter.name)];
        }
        self.root(&subject, &own, &[], &parameter.schema);
        subject
    }

    /// The schema of the item that was added last: its facts are the item's, and its parts are parts of the item.
    fn root(&mut self, subject: &str, names: &[String], operations: &[Named], schema: &'m Schema) {
        let place = self.items.len().saturating_sub(1);
        let parts = self.children(subject, names, None, operations, schema);
        if let Some(item) = self.items.get_mut(place) {
            item.facts.push(&schema.facts);
            item.parts.extend(schema.reference.clone());
            item.parts.extend(parts);
        }
    }

    /// Adds everything inside of a schema and returns the subjects of its properties. `component` is the key of the
    /// component that it is; `operations` take it as their body.
    fn children(
        &mut self,
        subject: &str,
        names: &[String],
        component: Option<&str>,
        operations: &[Named],
        schema: &'m Schema,
    ) -> Vec<String> {
        let mut parts = Vec::new();
        for (name, property) in &schema.properties {
            let own = format!("{subject}.{name}");
            let field = format!(".{}", case::snake(name, "field").plain());
            let suffixes = [&format!(".{name}") as &str, &field];
            let mut spelled = with_suffix(names, &suffixes);
            for (_, names) in operations {
                spelled.extend(with_suffix(names, &suffixes));
            }
            let kind = component.map_or(Kind::Other, |key| {
                Kind::Property(key.to_owned(), name.clone())
            });
            let inputs = operations
                .iter()
                .map(|(operation, _)| format!("{operation} input {name}"));
            self.child(&own, spelled, kind, inputs.collect(), property);
            parts.push(own);
        }
        for (suffix, child) in [
            ("[]", schema.items.as_deref()),
            ("{}", schema.additional.as_deref()),
        ] {
            if let Some(child) = child {
                let spelled = with_suffix(names, &[suffix]);
                self.child(
                    &format!("{subject}{suffix}"),
                    spelled,
                    Kind::Other,
                    Vec::new(),
                    child,
                );
            }
        }
        parts
    }

    fn child(
        &mut self,
        subject: &str,
        mut names: Vec<String>,
        kind: Kind,
        inputs: Vec<String>,
        schema: &'m Schema,
    ) {
        names.push(subject.to_owned());
        names.sort();
        names.dedup();
        let place = self.items.len();
        let (said, facts) = (&schema.said, vec![&schema.facts]);
        let parts = schema.reference.clone().into_iter().collect();
        self.items.push(Item {
            subject: subject.to_owned(),
            inputs,
            names: names.clone(),
            said,
            facts,
            parts,
            kind,
        });
        let parts = self.children(subject, &names, None, &[], schema);
        if let Some(item) = self.items.get_mut(place) {
            item.parts.extend(parts);
        }
    }
}

fn with_suffix(names: &[String], suffixes: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| suffixes.iter().map(move |suffix| format!("{name}{suffix}")))
        .collect()
}

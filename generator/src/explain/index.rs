//! Every item of the effective API, with all its names.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::api::lower::Lowered;
use crate::api::names::case;
use crate::description::document::{
    Body, Content, Facet, Facts, Operation, Origin, Parameter, Provenance, Response, Schema,
    SecurityScheme, Webhook,
};
use crate::http::Status;
use crate::path_template::path_shape;
use crate::reconcile::merge::{Merged, THE_API, operation_subject, security_scheme_subject};

use super::stated::{self, Stated};

/// An item of the effective API.
pub(super) struct Item {
    /// Its subject in findings.
    pub(super) subject: String,
    /// Further subjects of findings about it: those about its location (query or body) if it is an input of operations, and
    /// those about its media types.
    pub(super) further_subjects: Vec<String>,
    /// All its names, including the subject.
    pub(super) names: Vec<String>,
    /// Who describes it, and where.
    pub(super) provenance: Provenance,
    /// What its sources state of it. A parameter has its own facts and those of its schema.
    pub(super) stated: Vec<Stated>,
    /// Subjects of its parts.
    pub(super) parts: Vec<String>,
    /// Its kind, to find its Rust items.
    pub(super) kind: ItemKind,
}

impl Item {
    /// An item without further subjects and parts.
    fn new(
        subject: &str,
        names: Vec<String>,
        (provenance, facts): Described<'_>,
        kind: ItemKind,
    ) -> Self {
        Self {
            subject: subject.to_owned(),
            further_subjects: Vec::new(),
            names,
            provenance: provenance.clone(),
            stated: stated::facts(subject, facts).collect(),
            parts: Vec::new(),
            kind,
        }
    }

    /// Its shortest name.
    pub(super) fn short_name(&self) -> &str {
        let names = self.names.iter().map(String::as_str);
        names
            .min_by_key(|name| (name.chars().count(), *name))
            .unwrap_or(&self.subject)
    }

    /// The names of an operation or type other than its subject. Empty for other items, whose names contain those of their
    /// owner.
    pub(super) fn other_names(&self) -> Vec<String> {
        match self.kind {
            ItemKind::Operation(_) | ItemKind::Webhook(_) | ItemKind::Type(_) => self
                .names
                .iter()
                .filter(|name| **name != self.subject)
                .cloned()
                .collect(),
            ItemKind::Property(..) | ItemKind::Api | ItemKind::SecurityScheme | ItemKind::Other => {
                Vec::new()
            }
        }
    }
}

/// The kind of an item.
pub(super) enum ItemKind {
    /// The operation with this key in `names.lock`.
    Operation(String),
    /// The webhook or callback with this key in `names.lock`.
    Webhook(String),
    /// The component with this key.
    Type(String),
    /// The component with this key, and the name of the property.
    Property(String, String),
    /// The API itself.
    Api,
    /// A security scheme.
    SecurityScheme,
    /// Anything else.
    Other,
}

/// The form in which names are compared: in lower case, without the names of path parameters.
pub(super) fn normalized(name: &str) -> String {
    path_shape(name.trim()).to_lowercase()
}

/// All items.
pub(super) fn index(merged: &Merged, lowered: Option<&Lowered>) -> Vec<Item> {
    let mut index = Index {
        lowered,
        items: Vec::new(),
        body_users: HashMap::new(),
        claimed_ids: claimed_ids(merged),
    };
    for operation in &merged.document.operations {
        index.operation(operation);
    }
    for webhook in &merged.document.webhooks {
        index.webhook(webhook);
    }
    for (key, schema) in &merged.document.schemas {
        let others = merged.schema_names.get(key).into_iter().flatten();
        let others = others.map(|(_, name)| name.clone()).collect();
        index.component(key, others, schema);
    }
    index.api(merged);
    for (name, scheme) in &merged.document.security_schemes {
        index.security_scheme(name, scheme);
    }
    index.items
}

/// The `operationId`s of each operation or webhook that findings are about.
fn claimed_ids(merged: &Merged) -> HashMap<String, Vec<String>> {
    let findings = merged.findings.iter();
    let about_ids = findings.filter(|finding| finding.facet == Facet::OperationId);
    let ids = about_ids.map(|finding| {
        let claimed = finding.claims.iter();
        let claimed = claimed.filter_map(|claim| claim.value.as_str().map(str::to_owned));
        (finding.subject.clone(), claimed.collect())
    });
    ids.collect()
}

struct Index<'l> {
    lowered: Option<&'l Lowered>,
    items: Vec<Item>,
    /// For each component, the operations with this component as their body.
    body_users: HashMap<String, Vec<Named>>,
    /// The `operationId`s of each operation on which its sources differ.
    claimed_ids: HashMap<String, Vec<String>>,
}

/// The subject and the names of an operation.
type Named = (String, Vec<String>);

/// The sources of an item, and its facts.
type Described<'d> = (&'d Provenance, &'d Facts);

/// The item that a schema belongs to. The names of the schema's properties follow from it.
struct Owner<'o> {
    subject: &'o str,
    /// The subject of its findings. It differs if an item has several media types, which are part of it.
    in_findings: &'o str,
    names: Spellings,
    /// The key of the component, if it is one.
    component: Option<&'o str>,
    /// The operations with it as their body.
    operations: &'o [Named],
}

impl<'o> Owner<'o> {
    fn new(subject: &'o str, names: &[String]) -> Self {
        Self {
            subject,
            in_findings: subject,
            names: Spellings::of(names.iter().cloned().chain([subject.to_owned()])),
            component: None,
            operations: &[],
        }
    }
}

/// The names of an item in two spellings of the properties that they have: all as in JSON, or all as the fields in Rust. Names
/// with both spellings would be as many as there are combinations.
#[derive(Clone)]
struct Spellings {
    in_json: Vec<String>,
    in_rust: Vec<String>,
}

impl Spellings {
    /// Names without properties.
    fn of(names: impl IntoIterator<Item = String>) -> Self {
        let in_json = sorted(names);
        Self {
            in_rust: in_json.clone(),
            in_json,
        }
    }

    fn with_suffix(&self, in_json: &str, in_rust: &str) -> Self {
        Self {
            in_json: with_suffix(&self.in_json, &[in_json]),
            in_rust: with_suffix(&self.in_rust, &[in_rust]),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            in_json: sorted(self.in_json.into_iter().chain(other.in_json)),
            in_rust: sorted(self.in_rust.into_iter().chain(other.in_rust)),
        }
    }

    /// All names, each once.
    fn all(&self) -> Vec<String> {
        sorted(self.in_json.iter().chain(&self.in_rust).cloned())
    }
}

/// Names in order, each once.
fn sorted(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    names.dedup();
    names
}

impl Index<'_> {
    fn rust_name(&self, item: &str) -> Option<String> {
        self.lowered?.lock.types.get(item).cloned()
    }

    /// Adds the API itself. It has no item if no source has a title, a version or a server.
    fn api(&mut self, merged: &Merged) {
        let document = &merged.document;
        let facts = document.facts.iter().map(|(_, fact)| &fact.provenance);
        let servers = document.servers.iter().map(|server| &server.provenance);
        let agreeing = facts.chain(servers).flat_map(Provenance::iter);
        let findings = merged.findings.iter();
        let findings = findings.filter(|finding| finding.subject == THE_API);
        let claims = findings.flat_map(|finding| &finding.claims);
        let mut origins: Vec<Origin> = claims.map(|claim| claim.origin).chain(agreeing).collect();
        origins.sort_unstable();
        origins.dedup_by_key(|origin| origin.source);
        let Some(provenance) = Provenance::from_all(origins) else {
            return;
        };
        let mut names = vec![THE_API.to_owned(), "API".to_owned(), "info".to_owned()];
        names.extend(merged.text(Facet::Title).map(str::to_owned));
        let described = (&provenance, &document.facts);
        let mut item = Item::new(THE_API, names, described, ItemKind::Api);
        item.stated.extend(stated::servers(&document.servers));
        item.parts = document
            .security_schemes
            .keys()
            .map(|name| security_scheme_subject(name))
            .collect();
        self.add(item);
    }

    fn security_scheme(&mut self, name: &str, scheme: &SecurityScheme) {
        let subject = security_scheme_subject(name);
        let names = vec![subject.clone(), name.to_owned()];
        self.add(Item {
            stated: vec![stated::security_scheme(&subject, scheme)],
            subject,
            further_subjects: Vec::new(),
            names,
            provenance: scheme.provenance.clone(),
            parts: Vec::new(),
            kind: ItemKind::SecurityScheme,
        });
    }

    fn operation(&mut self, operation: &Operation) {
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
        names.extend(self.operation_ids(&subject, operation));
        let kind = ItemKind::Operation(subject.clone());
        self.operation_with_parts(&subject, names, operation, kind);
    }

    /// The `operationId` of the effective API, and those that the sources claim.
    fn operation_ids(&self, subject: &str, operation: &Operation) -> impl Iterator<Item = String> {
        let own = operation.facts.text(Facet::OperationId).map(str::to_owned);
        let claimed = self.claimed_ids.get(subject).into_iter().flatten();
        own.into_iter().chain(claimed.cloned())
    }

    fn webhook(&mut self, webhook: &Webhook) {
        let subject = webhook.item();
        let operation = &webhook.operation;
        let mut names = vec![subject.clone(), webhook.name().to_owned()];
        let locked = self.lowered.map(|lowered| &lowered.lock.webhooks);
        names.extend(locked.and_then(|locked| locked.get(&subject)).cloned());
        names.extend(self.operation_ids(&subject, operation));
        let kind = ItemKind::Webhook(subject.clone());
        self.operation_with_parts(&subject, names, operation, kind);
    }

    /// Adds a component. `others` are its names in the sources.
    fn component(&mut self, key: &str, others: Vec<String>, schema: &Schema) {
        let mut names = others;
        names.push(key.to_owned());
        names.extend(self.rust_name(key));
        let names = sorted(names);
        let operations = self.body_users.get(key).cloned().unwrap_or_default();
        let described = (&schema.provenance, &schema.facts);
        let kind = ItemKind::Type(key.to_owned());
        let mut item = Item::new(key, names.clone(), described, kind);
        item.stated.extend(stated::structure(key, schema));
        let index = self.add(item);
        let owner = Owner {
            component: Some(key),
            operations: &operations,
            ..Owner::new(key, &names)
        };
        let parts = self.children(&owner, schema);
        self.extend_parts(index, parts);
    }

    /// Adds an operation or webhook with all its parts.
    fn operation_with_parts(
        &mut self,
        subject: &str,
        mut names: Vec<String>,
        operation: &Operation,
        kind: ItemKind,
    ) {
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let mut parts = Vec::new();
        for parameter in &operation.parameters {
            parts.push(self.parameter(subject, &names, parameter));
        }
        if let Some(body) = &operation.body {
            parts.push(self.body(subject, &names, body));
        }
        for (status, response) in &operation.responses {
            parts.push(self.response(subject, &names, *status, response));
        }
        let described = (&operation.provenance, &operation.facts);
        let index = self.add(Item::new(subject, names, described, kind));
        self.extend_parts(index, parts);
    }

    fn parameter(&mut self, operation: &str, names: &[String], parameter: &Parameter) -> String {
        let name = &parameter.name;
        let subject = format!("{operation} {} {name}", parameter.location.key());
        let names = with_suffix(names, &[&format!(" {name}"), &format!(".{name}")]);
        let index = self.add_plain(&subject, &names, (&parameter.provenance, &parameter.facts));
        if let Some(item) = self.items.get_mut(index) {
            item.further_subjects = vec![format!("{operation} input {name}")];
            item.stated
                .extend(stated::parameter_content(&subject, parameter));
        }
        self.add_schema(index, &Owner::new(&subject, &names), &parameter.schema);
        subject
    }

    /// Adds the body of an operation. Its properties have names with the operation, too.
    fn body(&mut self, operation: &str, names: &[String], body: &Body) -> String {
        let subject = format!("{operation} body");
        let own = with_suffix(names, &[" body", ".body"]);
        let index = self.add_plain(&subject, &own, (&body.provenance, &body.facts));
        self.add_media_types(index, &subject, &body.contents);
        let operations = [(operation.to_owned(), names.to_vec())];
        for (in_findings, schema) in schemas(&subject, &body.contents) {
            if let Some(key) = &schema.reference {
                let users = self.body_users.entry(key.clone()).or_default();
                users.extend_from_slice(&operations);
            }
            let owner = Owner {
                in_findings: &in_findings,
                operations: &operations,
                ..Owner::new(&subject, names)
            };
            self.add_schema(index, &owner, schema);
        }
        subject
    }

    fn response(
        &mut self,
        operation: &str,
        names: &[String],
        status: Status,
        response: &Response,
    ) -> String {
        let subject = format!("{operation} {status}");
        let names = with_suffix(names, &[&format!(" {status}"), &format!(".{status}")]);
        let index = self.add_plain(&subject, &names, (&response.provenance, &response.facts));
        self.add_media_types(index, &subject, &response.contents);
        for (in_findings, schema) in schemas(&subject, &response.contents) {
            let owner = Owner {
                in_findings: &in_findings,
                ..Owner::new(&subject, &names)
            };
            self.add_schema(index, &owner, schema);
        }
        for header in response.headers.values() {
            let part = self.parameter(&subject, &names, header);
            self.extend_parts(index, [part]);
        }
        subject
    }

    /// Adds the findings about the media types of a body to its item.
    fn add_media_types(
        &mut self,
        index: usize,
        subject: &str,
        contents: &IndexMap<String, Content>,
    ) {
        if let Some(item) = self.items.get_mut(index) {
            let media_types = contents.keys();
            item.further_subjects
                .extend(media_types.map(|media_type| format!("{subject} {media_type}")));
            item.stated.extend(stated::contents(subject, contents));
        }
    }

    /// Adds an item without a Rust item, and returns its index.
    fn add_plain(&mut self, subject: &str, names: &[String], described: Described<'_>) -> usize {
        let mut all = vec![subject.to_owned()];
        all.extend_from_slice(names);
        self.add(Item::new(subject, all, described, ItemKind::Other))
    }

    /// Adds the facts and parts of an item's schema to the item.
    fn add_schema(&mut self, index: usize, owner: &Owner<'_>, schema: &Schema) {
        let parts = self.children(owner, schema);
        if let Some(item) = self.items.get_mut(index) {
            let place = owner.in_findings;
            item.stated.extend(stated::facts(place, &schema.facts));
            item.stated.extend(stated::structure(place, schema));
        }
        self.extend_parts(index, schema.reference.clone());
        self.extend_parts(index, parts);
    }

    /// Adds all schemas inside a schema, and returns their subjects.
    fn children(&mut self, owner: &Owner<'_>, schema: &Schema) -> Vec<String> {
        let mut parts = Vec::new();
        for (name, property) in &schema.properties {
            parts.push(self.property(owner, name, property));
        }
        let items = schema
            .items
            .as_deref()
            .map(|items| ("[]".to_owned(), items));
        let further = schema.additional.as_deref();
        let further = further.map(|further| ("{}".to_owned(), further));
        let item_at = |(index, item)| (format!("[{index}]"), item);
        let tuple = schema.prefix_items.iter().enumerate().map(item_at);
        let alternative = |(index, alternative)| (format!("|{index}"), alternative);
        let alternatives = schema.alternatives.iter().enumerate().map(alternative);
        let children = items.into_iter().chain(further).chain(tuple);
        for (suffix, child) in children.chain(alternatives) {
            let names = owner.names.with_suffix(&suffix, &suffix);
            self.child(owner, &suffix, names, ItemKind::Other, Vec::new(), child);
            parts.push(format!("{}{suffix}", owner.subject));
        }
        parts
    }

    fn property(&mut self, owner: &Owner<'_>, name: &str, property: &Schema) -> String {
        let subject = format!("{}.{name}", owner.subject);
        let suffix = format!(".{name}");
        let field = format!(".{}", case::snake(name, "field").plain());
        let mut names = owner.names.with_suffix(&suffix, &field);
        for (_, operation) in owner.operations {
            let operation = Spellings::of(operation.iter().cloned());
            names = names.and(operation.with_suffix(&suffix, &field));
        }
        let kind = owner.component.map_or(ItemKind::Other, |key| {
            ItemKind::Property(key.to_owned(), name.to_owned())
        });
        let operations = owner.operations.iter();
        let inputs = operations.map(|(operation, _)| format!("{operation} input {name}"));
        self.child(owner, &suffix, names, kind, inputs.collect(), property);
        subject
    }

    /// Adds a schema inside the schema of an owner.
    fn child(
        &mut self,
        owner: &Owner<'_>,
        suffix: &str,
        names: Spellings,
        kind: ItemKind,
        inputs: Vec<String>,
        schema: &Schema,
    ) {
        let subject = format!("{}{suffix}", owner.subject);
        let in_findings = format!("{}{suffix}", owner.in_findings);
        let stated = stated::facts(&in_findings, &schema.facts);
        let mut item = Item {
            subject: subject.clone(),
            further_subjects: inputs,
            names: names.all(),
            provenance: schema.provenance.clone(),
            stated: stated
                .chain(stated::structure(&in_findings, schema))
                .collect(),
            parts: Vec::new(),
            kind,
        };
        if in_findings != subject {
            item.further_subjects.push(in_findings.clone());
        }
        let index = self.add(item);
        self.extend_parts(index, schema.reference.clone());
        let owner = Owner {
            subject: &subject,
            in_findings: &in_findings,
            names,
            component: None,
            operations: &[],
        };
        let parts = self.children(&owner, schema);
        self.extend_parts(index, parts);
    }

    /// Adds an item, and returns its index.
    fn add(&mut self, item: Item) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }

    fn extend_parts(&mut self, index: usize, parts: impl IntoIterator<Item = String>) {
        if let Some(item) = self.items.get_mut(index) {
            item.parts.extend(parts);
        }
    }
}

/// The schemas of all media types, with the subject of their findings.
fn schemas<'c>(
    subject: &str,
    contents: &'c IndexMap<String, Content>,
) -> impl Iterator<Item = (String, &'c Schema)> {
    contents.iter().filter_map(move |(media_type, content)| {
        let in_findings = stated::content_subject(subject, contents.len(), media_type);
        Some((in_findings, content.schema.as_ref()?))
    })
}

fn with_suffix(names: &[String], suffixes: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| suffixes.iter().map(move |suffix| format!("{name}{suffix}")))
        .collect()
}

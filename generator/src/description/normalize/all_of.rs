//! Replaces `allOf` by one schema.
//!
//! A schema that is only one reference stays a reference. Otherwise the parts are joined: first what the schema itself
//! states, then its parts in order. Each component is flattened once.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::{Value as Json, json};

use super::for_each_root;
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Facet, Fact, Facts, Provenance, Schema, SchemaKey};
use crate::description::source::Span;

pub(super) fn flatten(document: &mut Document, diagnostics: &mut Diagnostics) {
    let components = std::mem::take(&mut document.schemas);
    report_reference_cycles(&components, diagnostics);
    let keys: Vec<SchemaKey> = components.keys().cloned().collect();
    let mut flattener = Flattener {
        components: components.into_iter().collect(),
        flattened: HashMap::new(),
        open: IndexMap::new(),
        depth: 0,
        copied: 0,
        diagnostics,
    };
    for_each_root(document, &mut |schema| flattener.schema(schema));
    for key in &keys {
        flattener.flatten(key);
    }
    let mut flattened = flattener.flattened;
    document.schemas = keys
        .into_iter()
        .filter_map(|key| flattened.remove(&key).map(|done| (key, done.schema)))
        .collect();
}

/// Reports components that are only references and refer to each other in a cycle.
fn report_reference_cycles(
    components: &IndexMap<SchemaKey, Schema>,
    diagnostics: &mut Diagnostics,
) {
    let mut followed: HashSet<&str> = HashSet::new();
    for (key, schema) in components {
        let mut path = IndexSet::from([key.as_str()]);
        let mut current = schema;
        while let Some(next) = &current.reference {
            if let Some(start) = path.get_index_of(next.as_str()) {
                let cycle: Vec<&str> = path.iter().skip(start).copied().collect();
                diagnostics.push(reference_cycle(schema, &cycle));
                break;
            }
            if followed.contains(next.as_str()) {
                break;
            }
            let Some(target) = components.get(next) else {
                break;
            };
            path.insert(next);
            current = target;
        }
        followed.extend(path);
    }
}

fn reference_cycle(schema: &Schema, cycle: &[&str]) -> Diagnostic {
    let names: Vec<String> = cycle
        .iter()
        .chain(cycle.first())
        .map(|key| format!("`{key}`"))
        .collect();
    Diagnostic::error(
        "reference-cycle",
        format!("a schema refers to itself: {}", names.join(" -> ")),
    )
    .at(schema.provenance.first().at, "on the cycle")
    .help("give one of these schemas a type")
}

struct Flattener<'a> {
    /// Components that are not flattened yet.
    components: HashMap<SchemaKey, Schema>,
    flattened: HashMap<SchemaKey, Flattened>,
    /// Components that are being flattened.
    open: IndexMap<SchemaKey, Open>,
    depth: usize,
    /// The number of schemas that were copied out of components.
    copied: usize,
    diagnostics: &'a mut Diagnostics,
}

/// A component that is being flattened.
struct Open {
    /// The depth of properties when flattening the component began.
    depth: usize,
    at: Span,
}

/// A component without `allOf`.
struct Flattened {
    schema: Schema,
    /// The number of schemas in the component.
    size: usize,
    /// The nesting depth of the component.
    height: usize,
}

/// The limit for nested schemas after joining. Documents nest less deep, but `allOf` inside of properties adds up.
const MAX_NESTING: usize = 256;

/// The limit for copied schemas. A chain of components that each join the next one twice grows exponentially.
const COPY_BUDGET: usize = 200_000;

/// The limit for a chain of components that extend each other.
const MAX_EXTENSIONS: usize = 64;

/// The result of looking up a component that is a part of another schema.
enum Part {
    Flattened(Box<Schema>),
    /// The component contains the current schema in a property, so it can be referred to but not joined.
    Ancestor,
    /// The component does not exist or is a part of itself. Both are reported.
    Missing,
}

impl Flattener<'_> {
    /// A copy of a component, flattened.
    fn component(&mut self, key: &str) -> Part {
        if self
            .open
            .get(key)
            .is_some_and(|open| open.depth < self.depth)
        {
            return Part::Ancestor;
        }
        self.flatten(key);
        let Some(Flattened {
            schema,
            size,
            height,
        }) = self.flattened.get(key)
        else {
            return Part::Missing;
        };
        if self.depth + height > MAX_NESTING {
            let at = schema.provenance.first().at;
            self.diagnostics.push(nests_too_deep(key, at));
            return Part::Missing;
        }
        let had_budget = self.copied <= COPY_BUDGET;
        self.copied = self.copied.saturating_add(*size);
        if self.copied <= COPY_BUDGET {
            return Part::Flattened(Box::new(schema.clone()));
        }
        if had_budget {
            let at = schema.provenance.first().at;
            self.diagnostics.push(
                Diagnostic::error(
                    "all-of-budget",
                    format!("`allOf` copies more than {COPY_BUDGET} schemas into others"),
                )
                .pointer(format!("/components/schemas/{key}"))
                .at(at, "this schema exceeds the limit")
                .help("refer to schemas in properties; `allOf` copies its schemas"),
            );
        }
        Part::Missing
    }

    /// Flattens a component once. Reports a component that is a part of itself or that extends too many others.
    fn flatten(&mut self, key: &str) {
        if self.flattened.contains_key(key) {
            return;
        }
        if let Some(open) = self.open.get(key) {
            let names: Vec<String> = self.open.keys().map(|key| format!("`{key}`")).collect();
            let cycle = names.join(" -> ");
            self.diagnostics.push(
                Diagnostic::error(
                    "reference-cycle",
                    format!("`allOf` makes `{key}` a part of itself: {cycle}"),
                )
                .at(open.at, "this schema")
                .help("remove the reference from the `allOf`"),
            );
            return;
        }
        let Some(raw) = self.components.get(key) else {
            return;
        };
        let at = raw.provenance.first().at;
        if self.depth > MAX_NESTING {
            self.diagnostics.push(nests_too_deep(key, at));
            return;
        }
        if self.open.len() >= MAX_EXTENSIONS {
            self.diagnostics.push(
                Diagnostic::error(
                    "all-of-too-deep",
                    format!("more than {MAX_EXTENSIONS} schemas extend each other by `allOf`"),
                )
                .at(at, "this schema exceeds the limit")
                .help("put their properties into fewer schemas"),
            );
            return;
        }
        let depth = self.depth;
        self.open.insert(key.to_owned(), Open { depth, at });
        if let Some(mut schema) = self.components.remove(key) {
            self.schema(&mut schema);
            let flattened = Flattened {
                size: size(&schema),
                height: height(&schema),
                schema,
            };
            self.flattened.insert(key.to_owned(), flattened);
        }
        self.open.pop();
    }

    fn schema(&mut self, schema: &mut Schema) {
        let parts = std::mem::take(&mut schema.all_of);
        self.depth += 1;
        for child in schema.children_mut() {
            if !child.all_of.is_empty() || child.children().next().is_some() {
                self.schema(child);
            }
        }
        self.depth -= 1;
        if !parts.is_empty() {
            self.join_parts(schema, parts);
        }
        apply_required_elsewhere(schema);
    }

    fn join_parts(&mut self, result: &mut Schema, parts: Vec<Schema>) {
        if let [part] = parts.as_slice()
            && let Some(reference) = &part.reference
            && has_no_structure(result)
        {
            result.reference = Some(reference.clone());
            result.facts.take(Facet::Type);
            join_facts(&mut result.facts, &part.facts);
            return;
        }
        for part in parts {
            let part = self.resolved(part);
            if let Some(ancestor) = &part.reference {
                self.diagnostics.push(
                    Diagnostic::note(
                        "not-expressed",
                        format!("`allOf` extends `{ancestor}` inside of itself; the extension is not expressed"),
                    )
                    .at(part.provenance.first().at, "this part"),
                );
                *result = part;
                return;
            }
            join(result, part);
        }
    }

    /// A part. If it is a reference, the component with the keywords beside the reference.
    fn resolved(&mut self, part: Schema) -> Schema {
        let mut result = part;
        self.schema(&mut result);
        let mut followed: HashSet<SchemaKey> = HashSet::new();
        while let Some(key) = result.reference.take() {
            // A cycle of references is reported where it begins.
            if !followed.insert(key.clone()) {
                break;
            }
            let mut component = match self.component(&key) {
                Part::Flattened(component) => *component,
                Part::Ancestor => {
                    result.reference = Some(key);
                    return result;
                }
                Part::Missing => break,
            };
            // An alternative that extends the schema it belongs to shares what all alternatives have in common.
            let is_alternative =
                |alternative: &Schema| self.is_being_extended(alternative.reference.as_deref());
            if component.alternatives.iter().any(is_alternative) {
                component.alternatives.clear();
            }
            // The discriminator of a parent selects one of its children, not one of their parts.
            if component.alternatives.is_empty() {
                component.discriminator = None;
            }
            component.facts.take(Facet::Title);
            let beside = std::mem::replace(&mut result, component);
            for (facet, fact) in beside.facts.iter() {
                result.facts.set(facet, fact.clone());
            }
        }
        result
    }

    /// Whether parts are being joined to this component itself, and not to a schema inside it.
    fn is_being_extended(&self, key: Option<&str>) -> bool {
        let innermost = self.open.last();
        innermost.is_some_and(|(name, open)| Some(name.as_str()) == key && open.depth == self.depth)
    }
}

/// The number of schemas in a schema, itself included. The depth limits bound the recursion.
fn size(schema: &Schema) -> usize {
    1 + schema.children().map(size).sum::<usize>()
}

/// The nesting depth of a schema.
fn height(schema: &Schema) -> usize {
    1 + schema.children().map(height).max().unwrap_or(0)
}

fn nests_too_deep(key: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "all-of-too-deep",
        format!("`allOf` nests more than {MAX_NESTING} schemas"),
    )
    .pointer(format!("/components/schemas/{key}"))
    .at(at, "this schema nests too deep after joining")
    .help("refer to schemas in properties; `allOf` copies its schemas")
}

fn has_no_structure(schema: &Schema) -> bool {
    schema.properties.is_empty()
        && schema.alternatives.is_empty()
        && schema.items.is_none()
        && schema.additional.is_none()
        && schema.required_elsewhere.is_empty()
        && schema.facts.get(Facet::Enum).is_none()
}

/// Joins `part` to `whole`.
pub(super) fn join(whole: &mut Schema, part: Schema) {
    join_types(whole, &part);
    join_facts(&mut whole.facts, &part.facts);
    for (name, property) in part.properties {
        match whole.properties.get_mut(&name) {
            Some(existing) => join_property(existing, property),
            None => {
                whole.properties.insert(name, property);
            }
        }
    }
    whole.required_elsewhere.extend(part.required_elsewhere);
    whole.additional = whole.additional.take().or(part.additional);
    whole.items = whole.items.take().or(part.items);
    if whole.prefix_items.is_empty() {
        whole.prefix_items = part.prefix_items;
    }
    if whole.alternatives.is_empty() {
        whole.alternatives = part.alternatives;
        whole.alternatives_kind = part.alternatives_kind;
        whole.discriminator = whole.discriminator.take().or(part.discriminator);
    }
    apply_required_elsewhere(whole);
}

/// Joins the same property of two parts. A value has to match both.
fn join_property(existing: &mut Schema, other: Schema) {
    let required = [
        existing.facts.get(Facet::Required),
        other.facts.get(Facet::Required),
    ]
    .into_iter()
    .flatten()
    .find(|fact| *fact.value == json!(true))
    .cloned();
    if existing.is_unconstrained() {
        let facts = std::mem::take(&mut existing.facts);
        *existing = other;
        for (facet, fact) in facts.iter() {
            existing.facts.set(facet, fact.clone());
        }
    } else if existing.reference.is_none() && other.reference.is_none() {
        join(existing, other);
    }
    if let Some(required) = required {
        existing.facts.set(Facet::Required, required);
    }
}

/// Intersects the types: a value has to match both lists.
fn join_types(whole: &mut Schema, part: &Schema) {
    let (Some(mine), Some(theirs)) = (whole.facts.get(Facet::Type), part.facts.get(Facet::Type))
    else {
        return;
    };
    let both: Vec<Json> = whole
        .facts
        .list(Facet::Type)
        .iter()
        .filter(|kind| part.facts.list(Facet::Type).contains(kind))
        .cloned()
        .collect();
    if both.is_empty() || mine.value == theirs.value {
        return;
    }
    let provenance = mine.provenance.clone();
    whole
        .facts
        .set(Facet::Type, Fact::new(Json::Array(both), provenance));
}

fn join_facts(whole: &mut Facts, part: &Facts) {
    for (facet, fact) in part.iter() {
        // `required` applies to the position of the part alone.
        if facet != Facet::Required {
            whole.set_missing(facet, fact.clone());
        }
    }
}

/// Marks the properties that a `required` list outside their own schema names.
fn apply_required_elsewhere(schema: &mut Schema) {
    let elsewhere = std::mem::take(&mut schema.required_elsewhere);
    for (name, origin) in elsewhere {
        match schema.properties.get_mut(&name) {
            Some(property) => {
                let provenance = Provenance::single(origin.source, origin.at);
                property
                    .facts
                    .set(Facet::Required, Fact::new(json!(true), provenance));
            }
            None => schema.required_elsewhere.push((name, origin)),
        }
    }
}

//! Finds the component schemas that are the same model.
//!
//! Schemas are the same model by name or by use; those without a name also if they are the same type at the same pointer. The schemas that two sources have at the same position (the 200 body of
//! one operation, the same property of one model) are one model. An inline schema at the position of a component adds
//! its claims to that component, unless its source has the component and says more here. Use alone never unites two components of *one* source, because that source
//! distinguishes them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use indexmap::IndexSet;
use serde_json::Value as Json;

use crate::description::document::{
    Content, Document, Facet, Schema, SchemaKey, SourceId, json_schema, key,
};
use crate::http::Direction;

/// The equivalence classes of component schemas (a union-find structure). Each class is one model.
#[derive(Debug)]
pub struct Classes<'d> {
    nodes: Vec<Component<'d>>,
    by_key: HashMap<(SourceId, &'d str), usize>,
    parent: Vec<usize>,
    /// The components of a class, by its root.
    components: Vec<Vec<usize>>,
    /// Inline schemas at a position of a class, by its root.
    inline: HashMap<usize, Vec<&'d Schema>>,
    requests: HashSet<usize>,
    changed: VecDeque<usize>,
    /// Canonical keys, by root. Filled when all classes are complete.
    keys: HashMap<usize, SchemaKey>,
}

#[derive(Debug, Clone, Copy)]
struct Component<'d> {
    source: SourceId,
    key: &'d SchemaKey,
    schema: &'d Schema,
}

impl<'d> Classes<'d> {
    /// Unites the components of documents, which are in order of authority. `schemas_by_use` are groups of schemas at the same position
    /// of the same operation.
    #[must_use]
    pub fn unite(documents: &'d [Document], schemas_by_use: &[Vec<&'d Schema>]) -> Self {
        let mut classes = Self {
            nodes: Vec::new(),
            by_key: HashMap::new(),
            parent: Vec::new(),
            components: Vec::new(),
            inline: HashMap::new(),
            requests: HashSet::new(),
            changed: VecDeque::new(),
            keys: HashMap::new(),
        };
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (index, document) in documents.iter().enumerate() {
            let source = SourceId(u16::try_from(index).unwrap_or(u16::MAX));
            for (key, schema) in &document.schemas {
                let node = classes.nodes.len();
                classes.nodes.push(Component {
                    source,
                    key,
                    schema,
                });
                classes.parent.push(node);
                classes.components.push(vec![node]);
                classes.by_key.insert((source, key), node);
                // A pointer into one document is meaningless in another one.
                if !key::is_component(key) {
                    continue;
                }
                match by_name.get(key.as_str()) {
                    Some(first) => classes.union(*first, node),
                    None => {
                        by_name.insert(key, node);
                    }
                }
            }
        }
        for group in schemas_by_use {
            classes.unite_group(group);
        }
        classes.unite_changed();
        classes.unite_by_pointer();
        classes.unite_changed();
        for document in documents {
            classes.mark_requests(document);
        }
        classes.keys = classes
            .roots()
            .map(|root| (root, classes.name(root)))
            .collect();
        classes
    }

    /// Unites the children of the classes that changed.
    fn unite_changed(&mut self) {
        while let Some(root) = self.changed.pop_front() {
            if self.root(root) == root {
                let schemas = self.schemas_of(root);
                // Where one source has another name for a model, another one may describe that model.
                self.unite_group(&schemas);
                self.unite_children(&schemas);
            }
        }
    }

    /// Unites schemas without a name that different sources have at the same pointer, if they are the same type. Of what is
    /// used only as one of several alternatives, or in a webhook, use tells nothing.
    fn unite_by_pointer(&mut self) {
        let mut first: HashMap<&'d str, usize> = HashMap::new();
        for node in 0..self.nodes.len() {
            let Some(component) = self.nodes.get(node).copied() else {
                continue;
            };
            if key::is_component(component.key) {
                continue;
            }
            let Some(&other) = first.get(component.key.as_str()) else {
                first.insert(component.key, node);
                continue;
            };
            let (a, b) = (self.root(other), self.root(node));
            let structure = |schema: &Schema| {
                json_schema::structure(schema, &|schema| schema.reference.clone())
            };
            let is_same =
                |other: &Component<'_>| structure(other.schema) == structure(component.schema);
            if self.nodes.get(other).is_some_and(is_same) && !self.are_distinct(a, b) {
                self.union(a, b);
            }
        }
    }

    fn root(&self, node: usize) -> usize {
        let mut current = node;
        while let Some(&parent) = self.parent.get(current)
            && parent != current
        {
            current = parent;
        }
        current
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (low, high) = (a.min(b), a.max(b));
        if let Some(parent) = self.parent.get_mut(high) {
            *parent = low;
        }
        let moved = self
            .components
            .get_mut(high)
            .map(std::mem::take)
            .unwrap_or_default();
        if let Some(components) = self.components.get_mut(low) {
            components.extend(moved);
        }
        if let Some(moved) = self.inline.remove(&high) {
            self.inline.entry(low).or_default().extend(moved);
        }
        self.changed.push_back(low);
    }

    /// Whether a source has different components in the two classes.
    fn are_distinct(&self, a: usize, b: usize) -> bool {
        self.components_of(a).any(|left| {
            self.components_of(b)
                .any(|right| left.source == right.source && left.key != right.key)
        })
    }

    fn node(&self, source: SourceId, key: &str) -> Option<usize> {
        self.by_key.get(&(source, key)).copied()
    }

    /// The class of the component that a schema refers to.
    fn class(&self, schema: &Schema) -> Option<usize> {
        let key = schema.reference.as_deref()?;
        let source = schema.provenance.first().source;
        Some(self.root(self.node(source, key)?))
    }

    fn components_of(&self, root: usize) -> impl Iterator<Item = &Component<'d>> {
        let nodes = self.components.get(root).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(|node| self.nodes.get(*node))
    }

    fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|node| self.root(*node) == *node)
    }

    fn schemas_of(&self, root: usize) -> Vec<&'d Schema> {
        let components = self.components_of(root).map(|component| component.schema);
        let inline = self.inline.get(&root).into_iter().flatten().copied();
        components.chain(inline).collect()
    }

    fn unite_group(&mut self, group: &[&'d Schema]) {
        if group.len() < 2 {
            return;
        }
        let referring = group.iter().find_map(|schema| self.class(schema));
        let Some(first) = referring else {
            self.unite_children(group);
            return;
        };
        for schema in group {
            let first = self.root(first);
            match self.class(schema) {
                Some(class) if class != first && !self.are_distinct(first, class) => {
                    self.union(first, class)
                }
                Some(_) => {}
                None => self.add_inline(first, schema),
            }
        }
    }

    /// Adds an inline schema to a class, if their types overlap.
    fn add_inline(&mut self, class: usize, schema: &'d Schema) {
        if schema.is_unconstrained() || schema.reference.is_some() {
            return;
        }
        let schemas = self.schemas_of(class);
        let fits = |other: &&Schema| {
            let types: Vec<&str> = other.types().collect();
            types.is_empty()
                || schema.types().next().is_none()
                || schema.types().any(|kind| types.contains(&kind))
        };
        if !schemas.iter().all(fits)
            || schemas.iter().any(|other| std::ptr::eq(*other, schema))
            || self.is_distinguished(class, schema)
        {
            return;
        }
        self.inline.entry(class).or_default().push(schema);
        self.changed.push_back(class);
    }

    /// Whether the source of an inline schema has a component in the class, and says more in the schema than in the component:
    /// alternatives of which the component may be one, or further properties.
    fn is_distinguished(&self, class: usize, schema: &Schema) -> bool {
        let source = schema.provenance.first().source;
        let mut own = self
            .components_of(class)
            .filter(|component| component.source == source)
            .map(|component| component.schema);
        own.any(|component| {
            let has = |name| component.properties.contains_key(name);
            component.alternatives.is_empty() && !schema.alternatives.is_empty()
                || !schema.properties.keys().all(has)
        })
    }

    /// The references among the schemas at one position, but for those to another name of the model that is described there.
    pub(super) fn references<'s>(&self, schemas: &[&'s Schema]) -> Vec<&'s Schema> {
        let references = schemas
            .iter()
            .copied()
            .filter(|schema| schema.reference.is_some());
        let mut references: Vec<&Schema> = references.collect();
        if references.len() < schemas.len() {
            references.retain(|schema| !self.has(schema, schema));
        }
        references
    }

    /// Whether a schema describes something else than the models that references lead to.
    pub(super) fn is_other(&self, schema: &Schema, references: &[&Schema]) -> bool {
        let has_parts = !schema.alternatives.is_empty() || !schema.properties.is_empty();
        has_parts
            && !references
                .iter()
                .any(|reference| self.has(reference, schema))
    }

    /// Whether a schema is of the model that a reference leads to.
    fn has(&self, reference: &Schema, schema: &Schema) -> bool {
        let model = self.class(reference).map(|class| self.schemas_of(class));
        let mut model = model.into_iter().flatten();
        model.any(|other| std::ptr::eq(other, schema))
    }

    /// Unites the properties, items and additional properties of schemas that are the same model.
    fn unite_children(&mut self, group: &[&'d Schema]) {
        let names = group.iter().flat_map(|schema| schema.properties.keys());
        let names: IndexSet<&String> = names.collect();
        for name in names {
            let same: Vec<&'d Schema> = group
                .iter()
                .filter_map(|schema| schema.properties.get(name))
                .collect();
            self.unite_group(&same);
        }
        let items: Vec<&'d Schema> = group
            .iter()
            .filter_map(|schema| schema.items.as_deref())
            .collect();
        self.unite_group(&items);
        let additional: Vec<&'d Schema> = group
            .iter()
            .filter_map(|schema| schema.additional.as_deref())
            .collect();
        self.unite_group(&additional);
        let lengths = group.iter().map(|schema| schema.prefix_items.len());
        for index in 0..lengths.max().unwrap_or(0) {
            let items = group.iter();
            let items = items.filter_map(|schema| schema.prefix_items.get(index));
            self.unite_group(&items.collect::<Vec<_>>());
        }
    }

    fn mark_requests(&mut self, document: &'d Document) {
        let mut open: Vec<&'d Schema> = Vec::new();
        for operation in &document.operations {
            open.extend(
                operation
                    .parameters
                    .iter()
                    .map(|parameter| &parameter.schema),
            );
            open.extend(
                operation
                    .body
                    .iter()
                    .flat_map(|body| body.contents.values())
                    .filter_map(content_schema),
            );
        }
        while let Some(schema) = open.pop() {
            if let Some(class) = self.class(schema)
                && self.requests.insert(class)
            {
                open.extend(self.schemas_of(class));
            }
            open.extend(schema.children());
        }
    }

    /// The key of the component in the effective API that a schema refers to.
    #[must_use]
    pub fn canonical(&self, schema: &Schema) -> Option<SchemaKey> {
        self.keys.get(&self.class(schema)?).cloned()
    }

    /// The canonical key of a component of a source.
    #[must_use]
    pub fn canonical_key(&self, source: SourceId, key: &str) -> Option<SchemaKey> {
        self.keys.get(&self.root(self.node(source, key)?)).cloned()
    }

    /// The types of the component that a schema refers to.
    #[must_use]
    pub fn types(&self, schema: &Schema) -> Option<Arc<Json>> {
        let schemas = self.schemas_of(self.class(schema)?);
        schemas
            .iter()
            .find_map(|schema| Some(schema.facts.get(Facet::Type)?.value.clone()))
    }

    /// The name of the class in the source of the highest authority.
    fn name(&self, root: usize) -> SchemaKey {
        let named = self
            .components_of(root)
            .filter(|component| key::is_component(component.key));
        if let Some(first) = named.min_by_key(|component| (component.source, component.key)) {
            return first.key.clone();
        }
        let first = self
            .components_of(root)
            .min_by_key(|component| (component.source, component.key));
        match first {
            None => SchemaKey::new(),
            Some(first) if first.source.0 == 0 => first.key.clone(),
            Some(first) => format!("{}~source{}", first.key, first.source.0),
        }
    }

    /// All classes with their canonical key, schemas and direction, sorted by key.
    #[must_use]
    pub fn all(&self) -> Vec<(SchemaKey, Vec<&'d Schema>, Direction)> {
        let class = |root: usize| {
            let direction = if self.requests.contains(&root) {
                Direction::Request
            } else {
                Direction::Response
            };
            Some((
                self.keys.get(&root)?.clone(),
                self.schemas_of(root),
                direction,
            ))
        };
        let mut classes: Vec<_> = self.roots().filter_map(class).collect();
        classes.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        classes
    }

    /// The names of each class: canonical key → (source, key) in order of authority.
    #[must_use]
    pub fn names(&self) -> BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>> {
        let mut all = BTreeMap::new();
        for root in self.roots() {
            let Some(key) = self.keys.get(&root) else {
                continue;
            };
            let mut names: Vec<(SourceId, SchemaKey)> = self
                .components_of(root)
                .map(|component| (component.source, component.key.clone()))
                .collect();
            names.sort();
            all.insert(key.clone(), names);
        }
        all
    }
}

/// The schema of a content, if it has one.
pub(super) fn content_schema(content: &Content) -> Option<&Schema> {
    content.schema.as_ref()
}

//! Which component schemas of which sources are the same model.
//!
//! Schemas are the same by name, and by use: what two sources put in the same place (the 200 body of one operation, the
//! same property of one model) is one model. An inline schema in the place of a component contributes to that component.
//! By use alone, two components of *one* source are never made one: that source tells them apart.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value as Json;

use super::rules::Direction;
use crate::document::{Content, Document, Facet, Schema, SchemaKey, SourceId, key};

/// The classes of component schemas that are one model.
#[derive(Debug)]
pub struct Classes<'d> {
    nodes: Vec<Component<'d>>,
    by_key: HashMap<(SourceId, &'d str), usize>,
    parent: Vec<usize>,
    /// The components of a class, by its root.
    components: Vec<Vec<usize>>,
    /// Inline schemas that stand in the place of a class, by its root.
    inline: HashMap<usize, Vec<&'d Schema>>,
    requests: HashSet<usize>,
    changed: VecDeque<usize>,
    /// Canonical keys, by root; filled when all classes are known.
    keys: HashMap<usize, SchemaKey>,
}

#[derive(Debug, Clone, Copy)]
struct Component<'d> {
    source: SourceId,
    key: &'d SchemaKey,
    schema: &'d Schema,
}

impl<'d> Classes<'d> {
    /// Aligns the documents, which are given in order of authority. `uses` are the groups of schemas that stand in the
    /// same place of the same operation.
    #[must_use]
    pub fn align(documents: &'d [Document], uses: &[Vec<&'d Schema>]) -> Self {
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
                // A pointer into one document means nothing in another one.
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
        for group in uses {
            classes.align_group(group);
        }
        while let Some(root) = classes.changed.pop_front() {
            if classes.root(root) == root {
                let members = classes.members_of(root);
                classes.align_children(&members);
            }
        }
        for document in documents {
            classes.mark_requests(document);
        }
        classes.keys = classes
            .roots()
            .map(|root| (root, classes.name(root)))
            .collect();
        classes
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
    fn told_apart(&self, a: usize, b: usize) -> bool {
        self.components_of(a).any(|left| {
            self.components_of(b)
                .any(|right| left.source == right.source && left.key != right.key)
        })
    }

    fn node(&self, source: SourceId, key: &str) -> Option<usize> {
        self.by_key.get(&(source, key)).copied()
    }

    /// The class that a reference of a source leads to.
    fn class(&self, schema: &Schema) -> Option<usize> {
        let key = schema.reference.as_deref()?;
        let source = schema.said.first().by;
        Some(self.root(self.node(source, key)?))
    }

    fn components_of(&self, root: usize) -> impl Iterator<Item = &Component<'d>> {
        let nodes = self.components.get(root).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(|node| self.nodes.get(*node))
    }

    fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|node| self.root(*node) == *node)
    }

    fn members_of(&self, root: usize) -> Vec<&'d Schema> {
        let components = self.components_of(root).map(|component| component.schema);
        let inline = self.inline.get(&root).into_iter().flatten().copied();
        components.chain(inline).collect()
    }

    fn align_group(&mut self, group: &[&'d Schema]) {
        if group.len() < 2 {
            return;
        }
        let referring = group.iter().find_map(|schema| self.class(schema));
        let Some(first) = referring else {
            self.align_children(group);
            return;
        };
        for schema in group {
            let first = self.root(first);
            match self.class(schema) {
                Some(class) if class != first && !self.told_apart(first, class) => {
                    self.union(first, class)
                }
                Some(_) => {}
                None => self.contribute(first, schema),
            }
        }
    }

    /// Lets an inline schema say what it says of the class in whose place it stands.
    fn contribute(&mut self, class: usize, schema: &'d Schema) {
        if schema.says_nothing() || schema.reference.is_some() {
            return;
        }
        let members = self.members_of(class);
        let fits = |member: &&Schema| {
            let types: Vec<&str> = member.types().collect();
            types.is_empty()
                || schema.types().next().is_none()
                || schema.types().any(|kind| types.contains(&kind))
        };
        if !members.iter().all(fits) || members.iter().any(|member| std::ptr::eq(*member, schema)) {
            return;
        }
        self.inline.entry(class).or_default().push(schema);
        self.changed.push_back(class);
    }

    /// The same property, item or further property of schemas that are the same is the same.
    fn align_children(&mut self, group: &[&'d Schema]) {
        let mut names: Vec<&str> = Vec::new();
        for schema in group {
            for name in schema.properties.keys() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        for name in names {
            let same: Vec<&'d Schema> = group
                .iter()
                .filter_map(|schema| schema.properties.get(name))
                .collect();
            self.align_group(&same);
        }
        let items: Vec<&'d Schema> = group
            .iter()
            .filter_map(|schema| schema.items.as_deref())
            .collect();
        self.align_group(&items);
        let additional: Vec<&'d Schema> = group
            .iter()
            .filter_map(|schema| schema.additional.as_deref())
            .collect();
        self.align_group(&additional);
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
                open.extend(self.members_of(class));
            }
            open.extend(schema.children());
        }
    }

    /// The key under which the effective API knows what a schema refers to.
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
        let members = self.members_of(self.class(schema)?);
        members
            .iter()
            .find_map(|member| Some(member.facts.get(Facet::Type)?.value.clone()))
    }

    /// The name that the highest authority gives the class.
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

    /// All classes with their canonical key, members and direction, sorted by key.
    #[must_use]
    pub fn all(&self) -> Vec<(SchemaKey, Vec<&'d Schema>, Direction)> {
        let class = |root: usize| {
            let direction = match self.requests.contains(&root) {
                true => Direction::Request,
                false => Direction::Response,
            };
            Some((
                self.keys.get(&root)?.clone(),
                self.members_of(root),
                direction,
            ))
        };
        let mut classes: Vec<_> = self.roots().filter_map(class).collect();
        classes.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        classes
    }

    /// The names that the sources give each class: canonical key → (source, key) in order of authority.
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

//! Follows references: inside the document, to files beside it, and to `$id`s and anchors of schemas.
//!
//! A reference that leads nowhere costs only the item that contains it. A reference that leads out of the folder or to
//! another host is an error of the whole document. It could be skipped, but it tries to read something that is not part
//! of the specification, so a maintainer should look before a crate is generated.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::suggestion::Suggestions;
use super::{DocumentReader, unexpected};
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::files::Lookup;
use crate::description::document::{REFERENCE_LIMIT, SchemaKey, key};
use crate::description::external::{Reference, decode, looks_like_path};
use crate::description::source::FileId;
use crate::description::tree::{Mapping, Node, Value, push_token, unescape_token};

/// The node that a reference leads to.
#[derive(Clone)]
pub(super) struct Target<'a> {
    pub(super) node: &'a Node,
    /// The file of the node, if it is a file beside the document.
    file: Option<FileId>,
    /// The JSON pointer of the node in its file.
    pointer: String,
}

/// What the reader has learned about references so far.
#[derive(Default)]
pub(super) struct References<'a> {
    /// Schema keys of other files that have the name of a component, because the component only refers to them.
    component_names: HashMap<SchemaKey, String>,
    /// The keys of components that have another key than their name.
    component_keys: HashMap<&'a str, SchemaKey>,
    /// The nodes that those components refer to, by component name.
    component_nodes: HashMap<String, &'a Node>,
    /// The schemas around the current one, the outermost first, if references can be relative to them.
    pub(super) enclosing: Vec<&'a Node>,
    /// The `$id`s and anchors of each file. Filled when a reference needs them.
    names: HashMap<Option<FileId>, BTreeMap<String, String>>,
    /// The nesting depth of pointers that are being followed through references.
    depth: usize,
    suggestions: Suggestions,
}

impl<'a> DocumentReader<'a> {
    /// Follows the references of an item that is not a schema. Reports a reference that leads nowhere.
    pub(super) fn resolve(&mut self, node: &'a Node) -> Option<&'a Node> {
        let mut current = node;
        for _ in 0..REFERENCE_LIMIT {
            let Some(reference) = current.get("$ref") else {
                return Some(current);
            };
            current = self.target(reference)?.node;
        }
        self.report_cycle(node);
        None
    }

    fn report_cycle(&mut self, node: &Node) {
        self.diagnostics.push(
            Diagnostic::error("reference-cycle", "the reference leads back to itself")
                .at(node.span, "this reference")
                .help("let one of the items on the cycle be an object instead of a reference"),
        );
    }

    /// The target of a `$ref` value. Reports a reference that leads nowhere.
    fn target(&mut self, reference: &'a Node) -> Option<Target<'a>> {
        match self.find(reference) {
            Ok(target) => Some(target),
            Err(found) => {
                for found in found.items() {
                    self.leave_out(found.clone());
                }
                None
            }
        }
    }

    /// The key of the schema that a reference leads to. A schema outside the components is queued for reading.
    pub(super) fn schema_reference(&mut self, reference: &'a Node) -> Option<SchemaKey> {
        let mut target = self.target(reference)?;
        // A schema that only refers to another one is not a type of its own.
        for _ in 0..REFERENCE_LIMIT {
            if self.component(&target).is_some() {
                break;
            }
            match sole_reference(target.node) {
                Some(next) => target = self.target(next)?,
                None => break,
            }
        }
        if let Some(name) = self.component(&target) {
            return Some(name);
        }
        let key = self.key(&target);
        if sole_reference(target.node).is_some() {
            self.report_cycle(target.node);
            return None;
        }
        if self.queued.insert(key.clone()) {
            let enclosing = match target.file {
                Some(_) => Vec::new(),
                None => self.references.enclosing.clone(),
            };
            self.pending.push((key.clone(), target.node, enclosing));
        }
        Some(key)
    }

    /// Resolves a group of items, which can be in a file of its own.
    pub(super) fn group(&mut self, node: &'a Node) -> &'a Node {
        match sole_reference(node) {
            Some(_) => self.resolve(node).unwrap_or(node),
            None => node,
        }
    }

    /// Follows a reference without sibling keys. Reports no errors.
    pub(super) fn resolve_silently(&mut self, node: &'a Node) -> Option<&'a Node> {
        let target = self.find(sole_reference(node)?).ok()?;
        Some(target.node)
    }

    /// If a component only refers to a schema in another file, gives that schema the name of the component. `at` is the
    /// node of all component schemas.
    pub(super) fn name_after_components(&mut self, at: &'a Node, schemas: &'a Mapping) {
        if let Some(group) = self.file_of_schemas(at) {
            for (name, _) in schemas.iter() {
                let target = Target {
                    pointer: push_token(&group.pointer, name),
                    ..group.clone()
                };
                let key = self.key(&target);
                self.references.component_names.insert(key, name.to_owned());
            }
        }
        let mut best: BTreeMap<SchemaKey, (bool, &'a str, &'a Node)> = BTreeMap::new();
        for (name, node) in schemas.iter() {
            let Some((passed, target_node)) = self.chain(node) else {
                continue;
            };
            for key in passed {
                let has_same_name = key::name(&key).eq_ignore_ascii_case(name);
                let rank = (!has_same_name, name, target_node);
                match best.get(&key) {
                    Some(known) if (known.0, known.1) <= (rank.0, rank.1) => {}
                    _ => {
                        best.insert(key, rank);
                    }
                }
            }
        }
        for (key, (_, name, target_node)) in best {
            if let Entry::Vacant(free) = self.references.component_names.entry(key) {
                free.insert(name.to_owned());
                self.references
                    .component_nodes
                    .insert(name.to_owned(), target_node);
            }
        }
    }

    /// Gives the components of an effective API the keys that they had in its descriptions, where these are pointers.
    pub(super) fn name_after_pointers(&mut self, schemas: &'a Mapping) {
        for (name, node) in schemas.iter() {
            let pointer = node.get(key::POINTER).and_then(Node::as_str);
            if let Some(pointer) = pointer.filter(|pointer| !key::is_component(pointer))
                && self.queued.insert(pointer.to_owned())
            {
                let keys = &mut self.references.component_keys;
                keys.insert(name, pointer.to_owned());
            }
        }
    }

    /// The key of a component: its name, if it has no other one.
    pub(super) fn component_key(&self, name: &str) -> SchemaKey {
        let key = self.references.component_keys.get(name);
        key.cloned().unwrap_or_else(|| name.to_owned())
    }

    /// The target that contains the component schemas, if they, or all components, are in another file.
    fn file_of_schemas(&mut self, at: &'a Node) -> Option<Target<'a>> {
        if let Some(reference) = sole_reference(at) {
            return self.find(reference).ok();
        }
        let components = sole_reference(self.root.get("components")?)?;
        let mut group = self.find(components).ok()?;
        group.pointer = push_token(&group.pointer, "schemas");
        Some(group)
    }

    /// The keys of the schemas in other files that a sole reference leads through, and the node of the last one.
    fn chain(&mut self, node: &'a Node) -> Option<(Vec<SchemaKey>, &'a Node)> {
        let mut reference = sole_reference(node)?;
        let mut passed = Vec::new();
        for _ in 0..REFERENCE_LIMIT {
            // An error is reported when the component itself is read.
            let target = self.find(reference).ok()?;
            target.file?;
            passed.push(self.key(&target));
            match sole_reference(target.node) {
                Some(next) => reference = next,
                None => return Some((passed, target.node)),
            }
        }
        None
    }

    /// The node of a component: the schema in another file that has its name, or its own node.
    pub(super) fn component_node(&self, name: &str, node: &'a Node) -> &'a Node {
        match sole_reference(node) {
            Some(_) => self
                .references
                .component_nodes
                .get(name)
                .copied()
                .unwrap_or(node),
            None => node,
        }
    }

    /// The key of the component that a target is.
    fn component(&self, target: &Target<'_>) -> Option<String> {
        match target.file {
            None => {
                let name = target.pointer.strip_prefix("/components/schemas/")?;
                (!name.contains('/')).then(|| self.component_key(&unescape_token(name)))
            }
            Some(_) => self
                .references
                .component_names
                .get(&self.key(target))
                .cloned(),
        }
    }

    fn key(&self, target: &Target<'_>) -> SchemaKey {
        match target.file.and_then(|file| self.files.path(file)) {
            None => target.pointer.clone(),
            Some(path) => format!("/{path}#{}", target.pointer),
        }
    }

    /// The target of a `$ref` value, or the diagnostics for it.
    fn find(&mut self, reference: &'a Node) -> Result<Target<'a>, Diagnostics> {
        let Some(text) = reference.as_str() else {
            return Err(one(unexpected(reference, "a reference as a string")));
        };
        let base = self.files.beside(reference.span.file);
        let mut file = base;
        let found = match Reference::parse(text) {
            Reference::Local(fragment) => self.locate_local(base, reference, fragment),
            Reference::File(path, fragment) => match self.files.find(reference.span.file, &path) {
                Lookup::Root => {
                    file = None;
                    self.locate(None, fragment)
                }
                Lookup::File(other) => {
                    file = Some(other);
                    self.locate(file, fragment)
                }
                Lookup::Outside => return Err(outside(reference, text)),
                Lookup::Unreadable(why) => match self.locate_by_id(base, text) {
                    Some(target) => Some(target),
                    None => return Err(unreadable(reference, text, &why)),
                },
                Lookup::Broken(found) => return Err(found),
            },
            Reference::Absolute => return Err(outside(reference, text)),
            Reference::Remote => match self.locate_by_id(base, text) {
                Some(target) => Some(target),
                None => return Err(remote(reference, text)),
            },
        };
        found.ok_or_else(|| {
            one(
                Diagnostic::warning("dangling-reference", format!("`{text}` leads nowhere"))
                    .at(reference.span, "this reference")
                    .help(self.suggestion(file, text)),
            )
        })
    }

    pub(super) fn locate(&mut self, file: Option<FileId>, fragment: &str) -> Option<Target<'a>> {
        let fragment = decode(fragment).into_owned();
        let tree = self.files.tree(file);
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            fragment
        } else {
            self.names(file).get(&format!("#{fragment}"))?.clone()
        };
        match tree.pointer(&pointer) {
            Some(node) => Some(Target {
                node,
                file,
                pointer,
            }),
            None => self.walk(file, &pointer),
        }
    }

    /// Follows a pointer through references, such as a group of components in a file of its own.
    fn walk(&mut self, file: Option<FileId>, pointer: &str) -> Option<Target<'a>> {
        if self.references.depth >= REFERENCE_LIMIT {
            return None;
        }
        self.references.depth += 1;
        let found = self.walk_tokens(file, pointer);
        self.references.depth -= 1;
        found
    }

    fn walk_tokens(&mut self, file: Option<FileId>, pointer: &str) -> Option<Target<'a>> {
        let mut target = Target {
            node: self.files.tree(file),
            file,
            pointer: String::new(),
        };
        for token in pointer.split('/').skip(1) {
            let step = format!("/{token}");
            let next = match target.node.pointer(&step) {
                Some(_) => None,
                None => Some(target.node.get("$ref")?),
            };
            if let Some(reference) = next {
                target = self.find(reference).ok()?;
            }
            target = Target {
                node: target.node.pointer(&step)?,
                pointer: format!("{}{step}", target.pointer),
                ..target
            };
        }
        Some(target)
    }

    /// The target of a reference without a path: in its file, in the schema around it, or in the document.
    fn locate_local(
        &mut self,
        file: Option<FileId>,
        reference: &Node,
        fragment: &str,
    ) -> Option<Target<'a>> {
        let decoded = decode(fragment);
        let own = |schema: &&Node| schema.get("$id").is_some() || schema.get("$schema").is_some();
        let resource = self.references.enclosing.iter().rev().copied().find(own);
        if let Some(resource) = resource
            && let Some(target) = self.locate_inside(file, resource, &decoded)
        {
            return Some(target);
        }
        let is_document = file.is_none() && decoded.is_empty();
        if !is_document && let Some(target) = self.locate(file, fragment) {
            return Some(target);
        }
        let around = self.references.enclosing.iter();
        let around = around
            .copied()
            .find_map(|schema| self.locate_inside(file, schema, &decoded));
        if around.is_some() || file.is_none() {
            return around;
        }
        // Many tools resolve a local reference of another file in the document.
        let target = self.locate(None, fragment)?;
        self.diagnostics.push(
            Diagnostic::warning(
                "reference-to-the-document",
                format!("`#{fragment}` is not in this file, but in the document"),
            )
            .at(reference.span, "it is read as a reference to the document")
            .help("write the path of the document before the `#`"),
        );
        Some(target)
    }

    /// The target of a pointer inside a schema.
    fn locate_inside(
        &self,
        file: Option<FileId>,
        schema: &'a Node,
        pointer: &str,
    ) -> Option<Target<'a>> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let node = schema.pointer(pointer)?;
        let tree = self.files.tree(file);
        let own = pointer_to(tree, schema)?;
        Some(Target {
            node,
            file,
            pointer: format!("{own}{pointer}"),
        })
    }

    /// The schema with this `$id`, or the component with this bare name.
    fn locate_by_id(&mut self, base: Option<FileId>, text: &str) -> Option<Target<'a>> {
        let (url, fragment) = text.split_once('#').unwrap_or((text, ""));
        let around = self
            .references
            .enclosing
            .iter()
            .rev()
            .find_map(|schema| schema.get("$id")?.as_str());
        let joined = around.and_then(|id| Some(format!("{}/{url}", id.rsplit_once('/')?.0)));
        let own = [Some(url.to_owned()), joined]
            .into_iter()
            .flatten()
            .find_map(|id| self.names(base).get(&id).cloned());
        if let Some(own) = own {
            let pointer = format!("{own}{}", decode(fragment));
            let tree = self.files.tree(base);
            return Some(Target {
                node: tree.pointer(&pointer)?,
                file: base,
                pointer,
            });
        }
        if looks_like_path(text) || !self.has_component(text) {
            return None;
        }
        self.locate(None, &push_token("/components/schemas", text))
    }

    /// The `$id`s and anchors (`#name`) of the schemas in a file, with their pointers.
    fn names(&mut self, file: Option<FileId>) -> &BTreeMap<String, String> {
        let tree = self.files.tree(file);
        self.references.names.entry(file).or_insert_with(|| {
            let mut names = BTreeMap::new();
            collect_names(tree, "", &mut names);
            names
        })
    }

    /// The help text for a reference whose pointer is not in the file.
    fn suggestion(&mut self, file: Option<FileId>, text: &str) -> String {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        let decoded = decode(fragment);
        let tree = self.files.tree(file);
        if let Some(similar) = self.references.suggestions.pointer(tree, &decoded) {
            return format!("did you mean `{path}#{similar}`?");
        }
        if !path.is_empty() {
            return format!("`{path}` is there, but has no `#{fragment}`");
        }
        let Some((parent, name)) = decoded.rsplit_once('/') else {
            return "a local reference starts with `#/`".to_owned();
        };
        match tree.pointer(parent).and_then(Node::as_mapping) {
            Some(_) => format!("`#{parent}` has no `{name}`"),
            None => format!("`#{parent}` does not exist"),
        }
    }
}

/// The `$ref` of a schema without other keys.
fn sole_reference(node: &Node) -> Option<&Node> {
    let mapping = node.as_mapping()?;
    match mapping.entries.len() {
        1 => mapping.get("$ref").filter(|node| node.as_str().is_some()),
        _ => None,
    }
}

/// The JSON pointer of a node in a tree.
fn pointer_to(tree: &Node, wanted: &Node) -> Option<String> {
    if std::ptr::eq(tree, wanted) {
        return Some(String::new());
    }
    let below = |token: &str, child: &Node| {
        let rest = pointer_to(child, wanted)?;
        Some(format!("{}{rest}", push_token("", token)))
    };
    match &tree.value {
        Value::Sequence(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| below(&index.to_string(), item)),
        Value::Mapping(mapping) => mapping.iter().find_map(|(key, child)| below(key, child)),
        _ => None,
    }
}

fn collect_names(node: &Node, pointer: &str, names: &mut BTreeMap<String, String>) {
    match &node.value {
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_names(item, &push_token(pointer, &index.to_string()), names);
            }
        }
        Value::Mapping(mapping) => {
            for (key, child) in mapping.iter() {
                let name = match (key, child.as_str()) {
                    ("$anchor" | "$dynamicAnchor", Some(name)) => Some(format!("#{name}")),
                    ("$id", Some(name)) => Some(name.trim_end_matches('#').to_owned()),
                    _ => None,
                };
                match name {
                    Some(name) => {
                        names.entry(name).or_insert_with(|| pointer.to_owned());
                    }
                    None => collect_names(child, &push_token(pointer, key), names),
                }
            }
        }
        _ => {}
    }
}

fn one(diagnostic: Diagnostic) -> Diagnostics {
    let mut found = Diagnostics::default();
    found.push(diagnostic);
    found
}

/// The diagnostic for a reference to another host. A meta-schema allows any JSON, so it needs no fetching.
fn remote(reference: &Node, text: &str) -> Diagnostics {
    let url = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    if url.is_some_and(|url| url.starts_with("json-schema.org/")) {
        return one(Diagnostic::warning(
            "meta-schema",
            format!("`{text}` is a meta-schema; it is read as any JSON"),
        )
        .at(reference.span, "this reference")
        .help("for a stricter schema, save the file beside the specification, and refer to it by a relative path"));
    }
    one(Diagnostic::error(
        "external-reference",
        format!("`{text}` is on another host; nothing is fetched from a network"),
    )
    .at(reference.span, "this reference")
    .help("save the file beside the specification, and refer to it by a relative path"))
}

fn outside(reference: &Node, text: &str) -> Diagnostics {
    one(Diagnostic::error(
        "external-reference",
        format!("`{text}` leads out of the specification's folder"),
    )
    .at(reference.span, "this reference")
    .help("references stay below the folder of the specification: move the file there"))
}

fn unreadable(reference: &Node, text: &str, why: &str) -> Diagnostics {
    one(Diagnostic::warning(
        "unreadable-reference",
        format!("`{text}` cannot be read: {why}"),
    )
    .at(reference.span, "this reference")
    .help("put the file at this path, or correct the reference"))
}

//! Which components of a document its paths and webhooks lead to.

use std::collections::{HashMap, HashSet};

use super::tree::{Entry, Mapping, Node, Value, unescape_token};

/// A component: its kind, such as `parameters`, and its name.
type Component = (String, String);

/// What the references of a document lead to.
#[derive(Debug)]
pub struct ComponentReferences {
    /// What any reference leads to.
    referred: HashSet<Component>,
    /// What the references outside of the components lead to, and those of the components that they lead to.
    reached: HashSet<Component>,
}

/// A component that nothing needs.
#[derive(Debug)]
pub struct UnusedComponent<'d> {
    /// Its kind, such as `parameters`.
    pub kind: &'d str,
    /// Its name and its content.
    pub entry: &'d Entry,
    /// Whether other unused components, or itself, refer to it.
    pub is_referred: bool,
}

impl UnusedComponent<'_> {
    /// What there is to tell of it.
    #[must_use]
    pub fn message(&self) -> String {
        let who = if self.is_referred {
            "only what is unused itself"
        } else {
            "nothing"
        };
        format!(
            "{who} refers to `#/components/{}/{}`",
            self.kind, self.entry.key
        )
    }
}

impl ComponentReferences {
    /// The references in a document.
    #[must_use]
    pub fn of(document: &Node) -> Self {
        let all = references(document);
        let reached = reached(document, &all);
        Self {
            referred: all.components,
            reached,
        }
    }

    /// Whether the document has no reference to a component.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.referred.is_empty()
    }

    /// The components of a document that none of these references leads to. Without security schemes, which are used by name.
    #[must_use]
    pub fn unused<'d>(&self, document: &'d Node) -> Vec<UnusedComponent<'d>> {
        let kinds = kinds(document).filter(|(kind, _)| !is_root(kind));
        let components = kinds.filter_map(|(kind, node)| Some((kind, node.as_mapping()?)));
        let components = components
            .flat_map(|(kind, named)| named.entries.iter().map(move |entry| (kind, entry)));
        let unused = components.filter_map(|(kind, entry)| {
            let component = (kind.to_owned(), entry.key.clone());
            (!self.reached.contains(&component)).then(|| UnusedComponent {
                kind,
                entry,
                is_referred: self.referred.contains(&component),
            })
        });
        unused.collect()
    }
}

/// The kinds of the components, and those of each.
fn kinds(document: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let components = document.get("components").and_then(Node::as_mapping);
    components.into_iter().flat_map(Mapping::iter)
}

/// Whether what is inside of a kind of components counts as used.
fn is_root(kind: &str) -> bool {
    kind.starts_with("x-") || kind == "securitySchemes"
}

/// What the paths and webhooks of a document lead to. `all` are its references.
fn reached(document: &Node, all: &References) -> HashSet<Component> {
    let components: HashMap<(&str, &str), &Node> = kinds(document)
        .filter_map(|(kind, named)| Some((kind, named.as_mapping()?)))
        .flat_map(|(kind, named)| named.iter().map(move |(name, node)| ((kind, name), node)))
        .collect();
    let children = children(document);
    let mut open = roots(document, all);
    let mut reached = HashSet::new();
    while let Some(component) = open.pop() {
        if !reached.insert(component.clone()) {
            continue;
        }
        let (kind, name) = &component;
        let Some(node) = components.get(&(kind.as_str(), name.as_str())) else {
            continue;
        };
        open.extend(references(node).components);
        if kind == "schemas" && node.get("discriminator").is_some() {
            open.extend(descendants(name, &children));
        }
    }
    reached
}

/// The components that the document needs by itself: those that something outside of the components refers to. Where other
/// files may use the components, too, or the document has nothing else, they are those that anything refers to.
fn roots(document: &Node, all: &References) -> Vec<Component> {
    let is_empty = |key| {
        let named = document.get(key).and_then(Node::as_mapping);
        named.is_none_or(|it| it.entries.is_empty())
    };
    if all.are_in_files || is_empty("paths") && is_empty("webhooks") {
        return all.components.iter().cloned().collect();
    }
    let outside = document.as_mapping().into_iter().flat_map(Mapping::iter);
    let outside = outside.filter(|(key, _)| *key != "components");
    let roots = outside.chain(kinds(document).filter(|(kind, _)| is_root(kind)));
    roots
        .flat_map(|(_, node)| references(node).components)
        .collect()
}

/// The schemas that have each schema among their `allOf`.
fn children(document: &Node) -> HashMap<String, Vec<&str>> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Node::as_mapping);
    let mut children: HashMap<String, Vec<&str>> = HashMap::new();
    for (name, schema) in schemas.into_iter().flat_map(Mapping::iter) {
        let parts = schema.get("allOf").and_then(Node::as_sequence);
        let parents = parts.into_iter().flatten();
        let parents = parents.filter_map(|part| component(part.get("$ref")?.as_str()?));
        for (_, parent) in parents {
            children.entry(parent).or_default().push(name);
        }
    }
    children
}

/// The schemas that a discriminator may mean without naming them.
fn descendants(parent: &str, children: &HashMap<String, Vec<&str>>) -> Vec<Component> {
    let mut found: HashSet<&str> = HashSet::new();
    let mut open = vec![parent];
    while let Some(name) = open.pop() {
        let more = children.get(name).into_iter().flatten().copied();
        open.extend(more.filter(|child| found.insert(child)));
    }
    let schema = |name: &str| ("schemas".to_owned(), name.to_owned());
    found.into_iter().map(schema).collect()
}

/// What the references in a part of a document lead to.
#[derive(Default)]
struct References {
    components: HashSet<Component>,
    /// Whether one leads to another file.
    are_in_files: bool,
}

fn references(node: &Node) -> References {
    let mut found = References::default();
    found.add(node);
    found
}

impl References {
    fn add(&mut self, node: &Node) {
        match &node.value {
            Value::Mapping(mapping) => {
                for (key, value) in mapping.iter() {
                    match (key, value.as_str()) {
                        ("$ref" | "$dynamicRef" | "operationRef", Some(text)) => {
                            self.are_in_files |= !text.starts_with('#');
                            self.components.extend(component(text));
                        }
                        ("mapping", None) => {
                            self.add_mapping(value);
                            self.add(value);
                        }
                        _ => self.add(value),
                    }
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.add(item)),
            _ => {}
        }
    }

    /// Adds what the `mapping` of a discriminator names: references, or names of schemas.
    fn add_mapping(&mut self, mapping: &Node) {
        let names = mapping.as_mapping().into_iter().flat_map(Mapping::iter);
        for name in names.filter_map(|(_, name)| name.as_str()) {
            let named = component(name);
            let schema = || ("schemas".to_owned(), name.to_owned());
            self.components.insert(named.unwrap_or_else(schema));
        }
    }
}

/// The kind and the name of the component that a reference leads to, or into.
fn component(reference: &str) -> Option<Component> {
    let (_, path) = reference.split_once("#/components/")?;
    let mut tokens = path.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    Some((kind.to_owned(), unescape_token(&name).into_owned()))
}

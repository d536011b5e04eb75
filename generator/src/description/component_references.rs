//! Which components of a document something refers to.

use std::collections::HashSet;

use super::tree::{Entry, Mapping, Node, Value, unescape_token};

/// What the references of a document lead to: the kind of a component, such as `parameters`, and its name.
#[derive(Debug)]
pub struct ComponentReferences(HashSet<(String, String)>);

impl ComponentReferences {
    /// The references in a document.
    #[must_use]
    pub fn of(document: &Node) -> Self {
        let mut used = HashSet::new();
        collect(document, &mut used);
        Self(used)
    }

    /// Whether the document has no reference to a component.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The components of a document that none of these references leads to, each after its kind. Without security schemes,
    /// which are used by name.
    #[must_use]
    pub fn unused<'d>(&self, document: &'d Node) -> Vec<(&'d str, &'d Entry)> {
        let components = document.get("components").and_then(Node::as_mapping);
        let kinds = components.into_iter().flat_map(Mapping::iter);
        let kinds = kinds.filter(|(kind, _)| !kind.starts_with("x-") && *kind != "securitySchemes");
        kinds
            .filter_map(|(kind, node)| Some((kind, node.as_mapping()?)))
            .flat_map(|(kind, named)| named.entries.iter().map(move |entry| (kind, entry)))
            .filter(|(kind, entry)| !self.leads_to(kind, &entry.key))
            .collect()
    }

    fn leads_to(&self, kind: &str, name: &str) -> bool {
        let is_used = |kind: &str| self.0.contains(&(kind.to_owned(), name.to_owned()));
        is_used(kind) || kind == "schemas" && is_used("")
    }
}

/// Collects the components that references lead to, each by its kind and name; what a `mapping` of a discriminator names is a
/// schema, and has no kind.
fn collect(node: &Node, used: &mut HashSet<(String, String)>) {
    match &node.value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter() {
                match (key, value.as_str()) {
                    ("$ref" | "$dynamicRef" | "operationRef", Some(text)) => {
                        used.extend(component(text));
                    }
                    ("mapping", None) => {
                        let names = value.as_mapping().into_iter().flat_map(|it| it.iter());
                        for name in names.filter_map(|(_, name)| name.as_str()) {
                            let named = component(name);
                            used.extend(named.or_else(|| Some((String::new(), name.to_owned()))));
                        }
                    }
                    _ => collect(value, used),
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, used)),
        _ => {}
    }
}

/// The kind and the name of the component that a reference leads to, or into.
fn component(reference: &str) -> Option<(String, String)> {
    let (_, path) = reference.split_once("#/components/")?;
    let mut tokens = path.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    Some((kind.to_owned(), unescape_token(&name).into_owned()))
}

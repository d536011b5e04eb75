//! Suggests the pointer that a dangling reference was probably meant to be.

use std::borrow::Cow;

use crate::description::suggest::closest;
use crate::description::tree::{Mapping, Node, push_token, unescape_token};

/// Searches for similar names, up to a limit. A search takes time proportional to the length of the document, and a
/// document with very many dangling references needs more than suggestions.
pub(super) struct Suggestions {
    left: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { left: 200_000 }
    }
}

impl Suggestions {
    /// The JSON pointer of a node whose pointer is most similar to a pointer without a node.
    pub(super) fn pointer(&mut self, tree: &Node, wanted: &str) -> Option<String> {
        let tokens: Vec<Cow<'_, str>> = wanted.split('/').skip(1).map(unescape_token).collect();
        let (first, last) = (tokens.first()?, tokens.last()?);
        self.corrected(tree, &tokens).or_else(|| {
            // The last token of a path or webhook is not the name of a component.
            let is_in_paths = first == "paths" || first == "webhooks";
            (!is_in_paths).then(|| self.elsewhere(tree, last))?
        })
    }

    /// The pointer with each missing token replaced by the most similar key.
    fn corrected(&mut self, tree: &Node, tokens: &[Cow<'_, str>]) -> Option<String> {
        let mut pointer = String::new();
        let mut node = tree;
        for token in tokens {
            let (token, next) = match node.pointer(&push_token("", token)) {
                Some(next) => (&**token, next),
                None => {
                    let mapping = node.as_mapping()?;
                    let similar = self.similar(mapping, token)?;
                    (similar, mapping.get(similar)?)
                }
            };
            pointer = push_token(&pointer, token);
            node = next;
        }
        Some(pointer)
    }

    /// A component of any kind with this name, or with the most similar name.
    fn elsewhere(&mut self, tree: &Node, name: &str) -> Option<String> {
        let components = tree.get("components")?.as_mapping()?;
        let groups = components
            .iter()
            .filter_map(|(key, group)| Some((key, group.as_mapping()?)));
        let groups: Vec<(&str, &Mapping)> = groups.collect();
        let exact = groups.iter().find(|(_, group)| group.get(name).is_some());
        let (key, name) = match exact {
            Some((key, _)) => (*key, name),
            None => groups
                .iter()
                .find_map(|(key, group)| Some((*key, self.similar(group, name)?)))?,
        };
        Some(push_token(&push_token("/components", key), name))
    }

    /// The key that is most similar to a name.
    fn similar<'m>(&mut self, mapping: &'m Mapping, name: &str) -> Option<&'m str> {
        self.left = self.left.checked_sub(mapping.entries.len())?;
        closest(name, mapping.iter().map(|(key, _)| key))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Suggestions;
    use crate::description::source::{SourceMap, Span};
    use crate::description::tree::Node;

    #[test]
    fn every_part_of_a_reference_may_be_misspelt() {
        let document = json!({
            "components": {
                "schemas": {"Pet": {"properties": {"name": {}}}, "a/b": {}},
                "responses": {"NotFound": {}},
            },
        });
        let file = SourceMap::default().add("api.json", "{}");
        let tree = Node::from_json(&document, Span::new(file, 1, 1));
        let guess = |wanted: &str| Suggestions::default().pointer(&tree, wanted);
        let is = |pointer: &str| Some(pointer.to_owned());
        for wanted in [
            "/components/schemas/Pett",
            "/components/schemas/pet",
            "/component/schema/Pett",
            "/definitions/Pet",
            "/definitions/Pett",
            "/components/parameters/Pet",
        ] {
            assert_eq!(guess(wanted), is("/components/schemas/Pet"), "{wanted}");
        }
        let property = "/components/schemas/Pet/properties/name";
        assert_eq!(
            guess("/components/schemas/Pets/properties/nam"),
            is(property)
        );
        assert_eq!(
            guess("/components/schemas/NotFound"),
            is("/components/responses/NotFound")
        );
        assert_eq!(
            guess("/components/schemas/a~1c"),
            is("/components/schemas/a~1b")
        );
        assert_eq!(guess("/components/schemas/Invoice"), None);
        assert_eq!(guess("/paths/~1pets/get"), None);
    }

    #[test]
    fn suggestions_stop_at_the_limit() {
        let mut suggestions = Suggestions { left: 3 };
        let file = SourceMap::default().add("api.json", "{}");
        let tree = Node::from_json(&json!({"ab": {}, "cd": {}}), Span::new(file, 1, 1));
        assert_eq!(suggestions.pointer(&tree, "/abc"), Some("/ab".to_owned()));
        assert_eq!(suggestions.pointer(&tree, "/abc"), None);
    }
}

//! The place that a reference leading nowhere was probably meant to lead to.

use std::borrow::Cow;

use crate::suggest::closest;
use crate::tree::{Mapping, Node, push_token, unescape_token};

/// Compares names for references that lead nowhere, up to a number of them: a document that is wrong throughout is not
/// helped by a guess at each of its references, and would take the square of its length.
pub(super) struct Guesses {
    left: usize,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { left: 200_000 }
    }
}

impl Guesses {
    /// The JSON pointer of the place in a tree that is most like one which is not there.
    pub(super) fn pointer(&mut self, tree: &Node, wanted: &str) -> Option<String> {
        let tokens: Vec<Cow<'_, str>> = wanted.split('/').skip(1).map(unescape_token).collect();
        let (first, last) = (tokens.first()?, tokens.last()?);
        self.corrected(tree, &tokens).or_else(|| {
            // What is meant to be part of a path is no component.
            let is_in_paths = first == "paths" || first == "webhooks";
            (!is_in_paths).then(|| self.elsewhere(tree, last))?
        })
    }

    /// The pointer with each token that is not there replaced by the most similar key.
    fn corrected(&mut self, tree: &Node, tokens: &[Cow<'_, str>]) -> Option<String> {
        let mut pointer = String::new();
        let mut place = tree;
        for token in tokens {
            let (token, next) = match place.pointer(&push_token("", token)) {
                Some(next) => (&**token, next),
                None => {
                    let mapping = place.as_mapping()?;
                    let similar = self.similar(mapping, token)?;
                    (similar, mapping.get(similar)?)
                }
            };
            pointer = push_token(&pointer, token);
            place = next;
        }
        Some(pointer)
    }

    /// The component of any kind that has the name, or the most similar one.
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

    /// The key that is most like a name.
    fn similar<'m>(&mut self, mapping: &'m Mapping, name: &str) -> Option<&'m str> {
        self.left = self.left.checked_sub(mapping.entries.len())?;
        closest(name, mapping.iter().map(|(key, _)| key))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Guesses;
    use crate::source::{SourceMap, Span};
    use crate::tree::Node;

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
        let guess = |wanted: &str| Guesses::default().pointer(&tree, wanted);
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
    fn guessing_ends() {
        let mut guesses = Guesses { left: 3 };
        let file = SourceMap::default().add("api.json", "{}");
        let tree = Node::from_json(&json!({"ab": {}, "cd": {}}), Span::new(file, 1, 1));
        assert_eq!(guesses.pointer(&tree, "/abc"), Some("/ab".to_owned()));
        assert_eq!(guesses.pointer(&tree, "/abc"), None);
    }
}

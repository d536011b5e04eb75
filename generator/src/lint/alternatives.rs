//! What an example lacks of the alternative that its discriminator names.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::description::document::conformance::{self, MismatchKind};
use crate::description::document::{Schema, SchemaKey, key};
use crate::description::tree::push_token;
use crate::http::Direction;

type Components = IndexMap<SchemaKey, Schema>;

/// A required property that a value, or one inside of it, lacks of the alternative that it names. The comparison of whole
/// examples takes the alternative that fits best instead, as readers do that ignore the discriminator.
pub(super) fn lacking(
    value: &Json,
    schema: &Schema,
    components: &Components,
    direction: Option<Direction>,
) -> Option<String> {
    let search = Search {
        components,
        direction,
    };
    search.of(value, schema, "", DEPTH)
}

/// How deep values inside values are followed.
const DEPTH: usize = 32;

struct Search<'d> {
    components: &'d Components,
    direction: Option<Direction>,
}

impl Search<'_> {
    fn of(&self, value: &Json, schema: &Schema, pointer: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let chain: Vec<&Schema> = schema.with_referred(self.components).collect();
        let inside = |value: &Json, schema: &Schema, token: &str| {
            self.of(value, schema, &push_token(pointer, token), depth)
        };
        match value {
            Json::Object(object) => {
                let named = chain.iter().find_map(|it| self.named(value, it));
                let own = named.and_then(|it| self.missing(value, it, pointer));
                own.or_else(|| {
                    let named = named.into_iter();
                    let named = named.flat_map(|it| it.with_referred(self.components));
                    let described: Vec<&Schema> = chain.iter().copied().chain(named).collect();
                    object.iter().find_map(|(name, value)| {
                        let property = described.iter().find_map(|it| it.properties.get(name))?;
                        inside(value, property, name)
                    })
                })
            }
            Json::Array(items) => {
                let of_items = chain.iter().find_map(|it| it.items.as_deref())?;
                items.iter().find_map(|item| inside(item, of_items, "*"))
            }
            _ => None,
        }
    }

    /// The alternative that a value names by the property of the discriminator.
    fn named(&self, value: &Json, schema: &Schema) -> Option<&Schema> {
        let discriminator = schema.discriminator.as_ref()?;
        let name = value.get(&discriminator.property)?.as_str()?;
        let references = schema.alternatives.iter().map(|it| it.reference.as_ref());
        let mapped = discriminator.mapping.get(name);
        let mut keys = references.flatten();
        let key = keys.find(|it| mapped.map_or_else(|| key::name(it) == name, |key| *it == key))?;
        self.components.get(key)
    }

    fn missing(&self, value: &Json, named: &Schema, pointer: &str) -> Option<String> {
        let found = conformance::mismatches(value, named, self.components, self.direction);
        let mut found = found.iter();
        let missing = found.find(|it| it.kind == MismatchKind::MissingRequired)?;
        Some(format!(
            "`{pointer}{}` is required and absent",
            missing.pointer
        ))
    }
}

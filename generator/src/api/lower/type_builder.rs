//! Collects the named types: first one for each component, then one for each inline schema that needs a name.

use std::collections::{BTreeMap, HashMap};

use crate::api::names::UnnamedItem;
use crate::api::{Docs, Name, Type, TypeDefinition, TypeId, TypeKind, TypeUse};
use crate::description::document::{Facet, Schema, SchemaKey, key};
use crate::http::Direction;
use crate::reconcile::merge::Merged;

use super::directions::Directions;
use super::docs;
use super::structures::{StructureId, Structures};

/// The suffix in `names.lock` of a component's request type, where requests and responses have different types.
pub(super) const REQUEST: &str = " (request)";

/// The position of a schema in the API, from which its name follows.
#[derive(Debug, Clone)]
pub(super) struct SchemaPosition {
    /// Its key in `names.lock`, such as `Issue.tags[]`.
    pub(super) item: String,
    /// Possible names as space-separated words, the best first.
    pub(super) candidates: Vec<String>,
}

impl SchemaPosition {
    /// The position of a property.
    pub(super) fn property(&self, name: &str) -> Self {
        Self {
            item: format!("{}.{name}", self.item),
            candidates: self
                .candidates
                .iter()
                .map(|parent| format!("{parent} {name}"))
                .collect(),
        }
    }

    /// The position of an array's items. Their name is the singular of the array's name.
    pub(super) fn items(&self) -> Self {
        let singular = |name: &String| {
            let (rest, last) = name.rsplit_once(' ').unwrap_or(("", name));
            match crate::api::names::case::singular(last) {
                same if same == last => format!("{name} item"),
                singular => format!("{rest} {singular}").trim().to_owned(),
            }
        };
        Self {
            item: format!("{}[]", self.item),
            candidates: self.candidates.iter().map(singular).collect(),
        }
    }

    /// The position of a part. `suffix` is appended to the names, `item` to the key.
    pub(super) fn part(&self, suffix: &str, item: &str) -> Self {
        Self {
            item: format!("{}{item}", self.item),
            candidates: self
                .candidates
                .iter()
                .map(|parent| format!("{parent} {suffix}"))
                .collect(),
        }
    }
}

/// A type whose name is not yet decided.
struct UnfinishedType {
    /// Its key in `names.lock`.
    item: String,
    /// Other keys that it may have in `names.lock`: other positions, and names in other sources.
    aliases: Vec<String>,
    candidates: Vec<String>,
    /// 0 for a component, 1 for an inline schema.
    priority: u8,
    definition: TypeDefinition,
}

/// Collects all named types.
pub(super) struct TypeBuilder<'m> {
    pub(super) merged: &'m Merged,
    pub(super) directions: Directions,
    structures: Structures,
    types: Vec<UnfinishedType>,
    /// The types of the components.
    components: HashMap<(SchemaKey, Direction), TypeId>,
    /// The types of inline schemas by [`type_key`](Self::type_key), so that equal schemas share one type.
    by_structure: HashMap<TypeKey, TypeId>,
}

/// The key of an inline type: whether it is only for requests, and its structure.
type TypeKey = (bool, StructureId);

impl<'m> TypeBuilder<'m> {
    pub(super) fn new(merged: &'m Merged) -> Self {
        let directions = Directions::of(&merged.document);
        let mut builder = Self {
            merged,
            directions,
            structures: Structures::of(&merged.document),
            types: Vec::new(),
            components: HashMap::new(),
            by_structure: HashMap::new(),
        };
        let mut to_lower = Vec::new();
        for (key, schema) in &merged.document.schemas {
            for (direction, position) in builder.positions(key) {
                let id = builder.reserve(&position, 0, schema, &key::pointer(key));
                builder.add_aliases(id, key, &position);
                builder.components.insert((key.clone(), direction), id);
                builder.use_component(key, direction, id);
                to_lower.push((schema, direction, position, id));
            }
            if !builder.directions.is_split(key) {
                let id = builder
                    .component(key, Direction::Response)
                    .or(builder.component(key, Direction::Request));
                if let Some(id) = id {
                    builder
                        .components
                        .insert((key.clone(), Direction::Request), id);
                    builder
                        .components
                        .insert((key.clone(), Direction::Response), id);
                }
            }
        }
        builder.index_structures();
        for (schema, direction, position, id) in to_lower {
            let kind = builder.kind(schema, direction, &position);
            builder.fill(id, kind);
        }
        builder
    }

    /// Adds the names that other sources have for a component, so that a change of their order does not rename its type.
    fn add_aliases(&mut self, id: TypeId, key: &str, position: &SchemaPosition) {
        let suffix = position.item.strip_prefix(key).unwrap_or_default();
        let names = self.merged.schema_names.get(key).into_iter().flatten();
        let schemas = &self.merged.document.schemas;
        let aliases = names.filter(|(_, name)| !schemas.contains_key(name));
        let aliases = aliases.map(|(_, name)| format!("{name}{suffix}"));
        if let Some(unfinished) = self.types.get_mut(id.index()) {
            unfinished.aliases.extend(aliases);
        }
    }

    /// The types of a component: one for each direction if they differ, otherwise one.
    fn positions(&self, key: &str) -> Vec<(Direction, SchemaPosition)> {
        let names = key::names(key);
        let position = |suffix: &str, item: &str| SchemaPosition {
            item: format!("{key}{item}"),
            candidates: names.iter().map(|name| format!("{name}{suffix}")).collect(),
        };
        match (
            self.directions.is_split(key),
            self.directions.in_request(key),
            self.directions.in_response(key),
        ) {
            (true, ..) => vec![
                (Direction::Response, position("", "")),
                (Direction::Request, position(" input", REQUEST)),
            ],
            (false, true, false) => vec![(Direction::Request, position("", ""))],
            _ => vec![(Direction::Response, position("", ""))],
        }
    }

    /// Records whether requests, responses or both use the type of a component. A component with two types has one for each.
    fn use_component(&mut self, key: &str, direction: Direction, id: TypeId) {
        let travels = |way| !self.directions.is_split(key) || direction == way;
        let used = TypeUse {
            request: self.directions.in_request(key) && travels(Direction::Request),
            response: self.directions.in_response(key) && travels(Direction::Response),
        };
        if let Some(unfinished) = self.types.get_mut(id.index()) {
            unfinished.definition.used = used;
        }
    }

    /// Lets an inline schema share the type of the only component with the same structure. Components with few properties
    /// are left out, because equal small objects, such as an id and a name, often mean different things. A part of a
    /// component that a reference leads to is never left out.
    fn index_structures(&mut self) {
        const LEAST_PROPERTIES: usize = 4;
        let mut by_structure: HashMap<StructureId, Vec<&SchemaKey>> = HashMap::new();
        for (key, schema) in &self.merged.document.schemas {
            let is_part = key.starts_with("/components/schemas/");
            if is_part || schema.properties.len() >= LEAST_PROPERTIES {
                let structure = self.structures.id(schema);
                by_structure.entry(structure).or_default().push(key);
            }
        }
        for (structure, keys) in by_structure {
            let [key] = keys.as_slice() else { continue };
            for direction in [Direction::Request, Direction::Response] {
                if let Some(id) = self.component(key, direction) {
                    let schema = &self.merged.document.schemas[*key];
                    let type_key = self.type_key(direction, schema, structure);
                    self.by_structure.insert(type_key, id);
                }
            }
        }
    }

    /// The key in `by_structure`: equal for two inline schemas exactly if they have the same type.
    fn type_key(&self, direction: Direction, schema: &Schema, structure: StructureId) -> TypeKey {
        let is_input = direction == Direction::Request && self.directions.differs(schema);
        (is_input, structure)
    }

    pub(super) fn component(&self, key: &str, direction: Direction) -> Option<TypeId> {
        self.components.get(&(key.to_owned(), direction)).copied()
    }

    fn reserve(
        &mut self,
        position: &SchemaPosition,
        priority: u8,
        schema: &Schema,
        pointer: &str,
    ) -> TypeId {
        let id = TypeId::new(self.types.len());
        let direction = TypeUse {
            request: false,
            response: false,
        };
        self.types.push(UnfinishedType {
            item: position.item.clone(),
            aliases: Vec::new(),
            candidates: position.candidates.clone(),
            priority,
            definition: TypeDefinition {
                name: Name::placeholder(),
                schema: pointer.to_owned(),
                docs: docs::of_schema(schema, self.merged),
                used: direction,
                kind: TypeKind::Alias(Type::Any),
                examples: schema.facts.list(Facet::Examples).to_vec(),
            },
        });
        id
    }

    fn fill(&mut self, id: TypeId, kind: TypeKind) {
        if let Some(unfinished) = self.types.get_mut(id.index()) {
            unfinished.definition.kind = kind;
        }
    }

    /// The named type of an inline schema: the type of an equal schema if there is one, otherwise a new type.
    pub(super) fn hoist(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> TypeId {
        let type_key = self.type_key(direction, schema, self.structures.id(schema));
        if let Some(id) = self.by_structure.get(&type_key).copied() {
            self.add_position(id, direction, position, schema);
            return id;
        }
        let id = self.reserve(position, 1, schema, &position.item);
        self.by_structure.insert(type_key, id);
        self.add_position(id, direction, position, schema);
        let kind = self.kind(schema, direction, position);
        self.fill(id, kind);
        id
    }

    /// Adds a position to an inline type. The type gets the words that the names of its positions have in common, or
    /// else the shortest of these names.
    fn add_position(
        &mut self,
        id: TypeId,
        direction: Direction,
        position: &SchemaPosition,
        schema: &Schema,
    ) {
        let more = docs::provenance(&schema.provenance, self.merged);
        let Some(unfinished) = self.types.get_mut(id.index()) else {
            return;
        };
        match direction {
            Direction::Request => unfinished.definition.used.request = true,
            Direction::Response => unfinished.definition.used.response = true,
        }
        if unfinished.priority == 0 {
            return;
        }
        let first = |candidates: &[String]| candidates.first().cloned().unwrap_or_default();
        let (known, other) = (first(&unfinished.candidates), first(&position.candidates));
        let rank = |name: &str, item: &str| (name.len(), name.to_owned(), item.to_owned());
        let mut alias = position.item.clone();
        if rank(&other, &position.item) < rank(&known, &unfinished.item) {
            unfinished.candidates.clone_from(&position.candidates);
            std::mem::swap(&mut unfinished.item, &mut alias);
        }
        unfinished.aliases.push(alias);
        if let Some(common) = common_words(&known, &other) {
            unfinished.candidates.insert(0, common);
        }
        merge_docs(&mut unfinished.definition.docs, more);
        for example in schema.facts.list(Facet::Examples) {
            if !unfinished.definition.examples.contains(example) {
                unfinished.definition.examples.push(example.clone());
            }
        }
    }

    /// The items to name and their definitions, in the same order. A type with several positions uses the key that is
    /// pinned.
    pub(super) fn finish(
        self,
        pinned: &BTreeMap<String, String>,
    ) -> (Vec<UnnamedItem>, Vec<TypeDefinition>) {
        self.types
            .into_iter()
            .map(|unfinished| {
                let UnfinishedType {
                    item,
                    mut aliases,
                    candidates,
                    priority,
                    definition,
                } = unfinished;
                aliases.sort_unstable();
                let known = std::iter::once(&item).chain(&aliases);
                let known = known
                    .clone()
                    .find(|item| pinned.contains_key(*item))
                    .cloned();
                (
                    UnnamedItem {
                        item: known.unwrap_or(item),
                        candidates,
                        priority,
                        provenance: definition.docs.provenance.clone(),
                    },
                    definition,
                )
            })
            .unzip()
    }
}

/// The words that two names have in common, in order: `team body` of `create team body` and `update team body`. `None` if
/// they share only words that every API uses.
fn common_words(one: &str, other: &str) -> Option<String> {
    const GENERIC: [&str; 6] = ["body", "response", "item", "value", "input", "variant"];
    let mut rest = other.split(' ');
    let common: Vec<&str> = one
        .split(' ')
        .filter(|word| rest.clone().any(|other| other == *word) && rest.any(|other| other == *word))
        .collect();
    let is_specific = common.iter().any(|word| !GENERIC.contains(word));
    (is_specific && one != other).then(|| common.join(" "))
}

fn merge_docs(docs: &mut Docs, more: Vec<crate::api::Provenance>) {
    for line in more {
        if !docs
            .provenance
            .iter()
            .any(|known| known.source == line.source)
        {
            docs.provenance.push(line);
        }
    }
}

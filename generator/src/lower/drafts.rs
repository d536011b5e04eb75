//! Named types in the making: components first, then what is hoisted out of other schemas.

use std::collections::{BTreeMap, HashMap};

use crate::document::{Facet, Schema, SchemaKey, key, structure};
use crate::ir::{Docs, Name, Type, TypeDefinition, TypeId, TypeKind, TypeUse};
use crate::merge::Merged;
use crate::names::Wanted;

use super::docs;
use super::split::Directions;

/// What `names.lock` puts behind a component whose request has a type of its own.
pub(super) const REQUEST: &str = " (request)";

/// Which way a schema travels where it is being lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Request,
    Response,
}

/// Where a schema stands, for its name.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// As `names.lock` writes it: `Issue.tags[]`.
    pub(super) item: String,
    /// Names in words, the best first.
    pub(super) candidates: Vec<String>,
}

impl Place {
    /// The place of a property, of which an object or item may have to be named.
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

    /// The place of an array's items: named in the singular.
    pub(super) fn items(&self) -> Self {
        let singular = |name: &String| {
            let (rest, last) = name.rsplit_once(' ').unwrap_or(("", name));
            match crate::names::case::singular(last) {
                same if same == last => format!("{name} item"),
                singular => format!("{rest} {singular}").trim().to_owned(),
            }
        };
        Self {
            item: format!("{}[]", self.item),
            candidates: self.candidates.iter().map(singular).collect(),
        }
    }

    /// The place of a part with a suffix of its own.
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

struct Draft {
    item: String,
    /// Everything else that `names.lock` may know it by: other places, names in other sources.
    aliases: Vec<String>,
    candidates: Vec<String>,
    priority: u8,
    definition: TypeDefinition,
}

/// All named types in the making.
pub(super) struct Drafts<'m> {
    pub(super) merged: &'m Merged,
    pub(super) directions: Directions,
    drafts: Vec<Draft>,
    components: HashMap<(SchemaKey, Direction), TypeId>,
    /// Hoisted types by kind and structure, so that the same structure is one type.
    hoisted: HashMap<Vec<u8>, TypeId>,
}

impl<'m> Drafts<'m> {
    pub(super) fn new(merged: &'m Merged) -> Self {
        let directions = Directions::of(&merged.document);
        let mut drafts = Self {
            merged,
            directions,
            drafts: Vec::new(),
            components: HashMap::new(),
            hoisted: HashMap::new(),
        };
        let mut wanted = Vec::new();
        for (key, schema) in &merged.document.schemas {
            for (direction, place) in drafts.places(key) {
                let id = drafts.reserve(&place, 0, schema, &key::pointer(key));
                drafts.add_aliases(id, key, &place);
                drafts.components.insert((key.clone(), direction), id);
                drafts.use_component(key, direction, id);
                wanted.push((schema, direction, place, id));
            }
            if !drafts.directions.is_split(key) {
                let id = drafts
                    .component(key, Direction::Response)
                    .or(drafts.component(key, Direction::Request));
                if let Some(id) = id {
                    drafts
                        .components
                        .insert((key.clone(), Direction::Request), id);
                    drafts
                        .components
                        .insert((key.clone(), Direction::Response), id);
                }
            }
        }
        drafts.index_structures();
        for (schema, direction, place, id) in wanted {
            let kind = drafts.kind(schema, direction, &place);
            drafts.fill(id, kind);
        }
        drafts
    }

    /// Other sources' names of a component: it keeps its name when another source comes first.
    fn add_aliases(&mut self, id: TypeId, key: &str, place: &Place) {
        let suffix = place.item.strip_prefix(key).unwrap_or_default();
        let names = self.merged.schema_names.get(key).into_iter().flatten();
        let schemas = &self.merged.document.schemas;
        let aliases = names.filter(|(_, name)| !schemas.contains_key(name));
        let aliases = aliases.map(|(_, name)| format!("{name}{suffix}"));
        if let Some(draft) = self.drafts.get_mut(id.index()) {
            draft.aliases.extend(aliases);
        }
    }

    /// The types that a component becomes: one a direction where they differ.
    fn places(&self, key: &str) -> Vec<(Direction, Place)> {
        let names = key::names(key);
        let place = |suffix: &str, item: &str| Place {
            item: format!("{key}{item}"),
            candidates: names.iter().map(|name| format!("{name}{suffix}")).collect(),
        };
        match (
            self.directions.is_split(key),
            self.directions.in_request(key),
            self.directions.in_response(key),
        ) {
            (true, ..) => vec![
                (Direction::Response, place("", "")),
                (Direction::Request, place(" input", REQUEST)),
            ],
            (false, true, false) => vec![(Direction::Request, place("", ""))],
            _ => vec![(Direction::Response, place("", ""))],
        }
    }

    /// A component of one type travels wherever it is reached from, one that is split only the way of its type.
    fn use_component(&mut self, key: &str, direction: Direction, id: TypeId) {
        let travels = |way| !self.directions.is_split(key) || direction == way;
        let used = TypeUse {
            request: self.directions.in_request(key) && travels(Direction::Request),
            response: self.directions.in_response(key) && travels(Direction::Response),
        };
        if let Some(draft) = self.drafts.get_mut(id.index()) {
            draft.definition.used = used;
        }
    }

    /// An inline schema that has the structure of exactly one component is that component, if it is no trivial one:
    /// an id and a name alone say nothing. Where a reference leads to a part of a component, that part is always the
    /// type that the reference leads to.
    fn index_structures(&mut self) {
        const TELLING: usize = 4;
        let mut by_structure: HashMap<Vec<u8>, Vec<&SchemaKey>> = HashMap::new();
        for (key, schema) in &self.merged.document.schemas {
            let is_part = key.starts_with("/components/schemas/");
            if is_part || schema.properties.len() >= TELLING {
                by_structure
                    .entry(self.structure(schema))
                    .or_default()
                    .push(key);
            }
        }
        for (structure, keys) in by_structure {
            let [key] = keys.as_slice() else { continue };
            for direction in [Direction::Request, Direction::Response] {
                if let Some(id) = self.component(key, direction) {
                    let schema = &self.merged.document.schemas[*key];
                    let slot = self.slot(direction, schema, &structure);
                    self.hoisted.insert(slot, id);
                }
            }
        }
    }

    fn structure(&self, schema: &Schema) -> Vec<u8> {
        structure::octets(schema, &|schema| schema.reference.clone())
    }

    /// What hoisted types are told apart by.
    fn slot(&self, direction: Direction, schema: &Schema, structure: &[u8]) -> Vec<u8> {
        let direction: &[u8] = match direction {
            Direction::Request if self.directions.differs(schema) => b"request ",
            _ => b"",
        };
        [direction, structure].concat()
    }

    pub(super) fn component(&self, key: &str, direction: Direction) -> Option<TypeId> {
        self.components.get(&(key.to_owned(), direction)).copied()
    }

    fn reserve(&mut self, place: &Place, priority: u8, schema: &Schema, pointer: &str) -> TypeId {
        let id = TypeId::new(self.drafts.len());
        let direction = TypeUse {
            request: false,
            response: false,
        };
        self.drafts.push(Draft {
            item: place.item.clone(),
            aliases: Vec::new(),
            candidates: place.candidates.clone(),
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
        if let Some(draft) = self.drafts.get_mut(id.index()) {
            draft.definition.kind = kind;
        }
    }

    /// The named type of an inline schema: one that has its structure already, or a new one.
    pub(super) fn hoist(&mut self, schema: &Schema, direction: Direction, place: &Place) -> TypeId {
        let slot = self.slot(direction, schema, &self.structure(schema));
        if let Some(id) = self.hoisted.get(&slot).copied() {
            self.join(id, direction, place, schema);
            return id;
        }
        let id = self.reserve(place, 1, schema, &place.item);
        self.hoisted.insert(slot, id);
        self.join(id, direction, place, schema);
        let kind = self.kind(schema, direction, place);
        self.fill(id, kind);
        id
    }

    /// Another place where a type stands: it is named by what its places have in common, or else after the one with the
    /// shortest name.
    fn join(&mut self, id: TypeId, direction: Direction, place: &Place, schema: &Schema) {
        let more = docs::provenance(&schema.said, self.merged);
        let Some(draft) = self.drafts.get_mut(id.index()) else {
            return;
        };
        match direction {
            Direction::Request => draft.definition.used.request = true,
            Direction::Response => draft.definition.used.response = true,
        }
        if draft.priority == 0 {
            return;
        }
        let first = |candidates: &[String]| candidates.first().cloned().unwrap_or_default();
        let (known, other) = (first(&draft.candidates), first(&place.candidates));
        let rank = |name: &str, item: &str| (name.len(), name.to_owned(), item.to_owned());
        let mut alias = place.item.clone();
        if rank(&other, &place.item) < rank(&known, &draft.item) {
            draft.candidates.clone_from(&place.candidates);
            std::mem::swap(&mut draft.item, &mut alias);
        }
        draft.aliases.push(alias);
        if let Some(common) = common_words(&known, &other) {
            draft.candidates.insert(0, common);
        }
        merge_docs(&mut draft.definition.docs, more);
        for example in schema.facts.list(Facet::Examples) {
            if !draft.definition.examples.contains(example) {
                draft.definition.examples.push(example.clone());
            }
        }
    }

    /// What needs names, and the definitions, in the same order. A type of many places is the item that is pinned.
    pub(super) fn finish(
        self,
        pinned: &BTreeMap<String, String>,
    ) -> (Vec<Wanted>, Vec<TypeDefinition>) {
        self.drafts
            .into_iter()
            .map(|draft| {
                let Draft {
                    item,
                    mut aliases,
                    candidates,
                    priority,
                    definition,
                } = draft;
                aliases.sort_unstable();
                let known = std::iter::once(&item).chain(&aliases);
                let known = known
                    .clone()
                    .find(|item| pinned.contains_key(*item))
                    .cloned();
                (
                    Wanted {
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

/// The words that two names share, in order: what is left of "create team body" and "update team body" is "team body".
/// `None` when they share no telling word.
fn common_words(one: &str, other: &str) -> Option<String> {
    const TELLING_NOTHING: [&str; 6] = ["body", "response", "item", "value", "input", "variant"];
    let mut rest = other.split(' ');
    let common: Vec<&str> = one
        .split(' ')
        .filter(|word| rest.clone().any(|other| other == *word) && rest.any(|other| other == *word))
        .collect();
    let telling = common.iter().any(|word| !TELLING_NOTHING.contains(word));
    (telling && one != other).then(|| common.join(" "))
}

fn merge_docs(docs: &mut Docs, more: Vec<crate::ir::Provenance>) {
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

//! Numbers the structures of schemas. Schemas with the same number become the same type.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::description::document::{Document, Object, Operation, Schema, Written, json_schema};

/// The number of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StructureId(usize);

/// The numbers of schemas by address.
type Known = RefCell<HashMap<*const Schema, usize>>;

/// The structures of the schemas of a document, each with its number.
///
/// A structure is written with the numbers of its parts, so that each schema is written once, however deep it is nested.
pub(super) struct Structures {
    /// The structures as JSON.
    numbers: RefCell<HashMap<Vec<u8>, usize>>,
    /// The structures of the schemas of the document, by address. The document outlives this value, so that no other schema
    /// has such an address.
    known: HashMap<*const Schema, usize>,
}

impl Structures {
    /// The structures of all schemas of a document. It has to outlive them.
    pub(super) fn of(document: &Document) -> Self {
        let structures = Self {
            numbers: RefCell::default(),
            known: HashMap::new(),
        };
        let known = Known::default();
        let webhooks = document.webhooks.iter().map(|webhook| &webhook.operation);
        let operations = document.operations.iter().chain(webhooks);
        for schema in document
            .schemas
            .values()
            .chain(operations.flat_map(schemas))
        {
            structures.number(schema, &known);
        }
        Self {
            known: known.into_inner(),
            ..structures
        }
    }

    /// The structure of a schema: of the document, or of a changed copy of one.
    pub(super) fn id(&self, schema: &Schema) -> StructureId {
        let known = self.known.get(&std::ptr::from_ref(schema)).copied();
        StructureId(known.unwrap_or_else(|| self.number(schema, &RefCell::default())))
    }

    /// The number of a schema. `known` receives those of the schema and of its parts.
    fn number<'s>(&self, schema: &'s Schema, known: &Known) -> usize {
        let canonical = |schema: &Schema| schema.reference.clone();
        let part = |part: Option<&Schema>, write: &dyn Fn() -> Object<'s>| {
            Written::Count(self.number_of_part(part, write, known))
        };
        let write = || json_schema::structure_of_parts(schema, &canonical, &part);
        self.number_of_part(Some(schema), &write, known)
    }

    fn number_of_part<'s>(
        &self,
        part: Option<&Schema>,
        write: &dyn Fn() -> Object<'s>,
        known: &Known,
    ) -> usize {
        let address = part.map(std::ptr::from_ref);
        let number = address.and_then(|address| known.borrow().get(&address).copied());
        number.unwrap_or_else(|| {
            let number = self.intern(write().into());
            known
                .borrow_mut()
                .extend(address.map(|address| (address, number)));
            number
        })
    }

    fn intern(&self, structure: Written<'_>) -> usize {
        // Writing to memory cannot fail.
        let text = serde_json::to_vec(&structure).unwrap_or_default();
        let mut numbers = self.numbers.borrow_mut();
        let next = numbers.len();
        *numbers.entry(text).or_insert(next)
    }
}

/// The schemas of an operation.
fn schemas(operation: &Operation) -> impl Iterator<Item = &Schema> {
    let responses = operation.responses.values();
    let headers = responses
        .clone()
        .flat_map(|response| response.headers.values());
    let bodies = operation
        .body
        .iter()
        .flat_map(|body| body.contents.values());
    let contents = responses.flat_map(|response| response.contents.values());
    let contents = bodies
        .chain(contents)
        .filter_map(|content| content.schema.as_ref());
    let parameters = operation.parameters.iter().chain(headers);
    parameters
        .map(|parameter| &parameter.schema)
        .chain(contents)
}

//! Which descriptions describe the same operation.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::classes::content_schema;
use super::media_types::by_media_type;
use super::subject::identity;
use crate::description::document::{Content, Document, Operation, Schema};
use crate::http::HttpMethod;

/// The position of a description: its document, and its index there.
pub(super) type Position = (usize, usize);

/// The positions of the descriptions of each operation, in order of authority.
pub(super) struct Groups(BTreeMap<(String, HttpMethod), Vec<Position>>);

impl Groups {
    /// The operations of documents, by method and identity of the path.
    pub(super) fn of(documents: &[Document]) -> Self {
        let mut groups: BTreeMap<_, Vec<Position>> = BTreeMap::new();
        for (document, described) in documents.iter().enumerate() {
            for (index, operation) in described.operations.iter().enumerate() {
                let key = (identity(operation), operation.method);
                groups.entry(key).or_default().push((document, index));
            }
        }
        Self(groups)
    }

    /// The number of operations.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The subject of each operation, `GET /issues/{}/`, with its descriptions.
    pub(super) fn iter(&self) -> impl Iterator<Item = (String, &[Position])> {
        self.by_shape()
            .map(|(shape, method, positions)| (format!("{method} {shape}"), positions))
    }

    /// The identity of each operation's path and its method, with its descriptions.
    pub(super) fn by_shape(&self) -> impl Iterator<Item = (&str, HttpMethod, &[Position])> {
        let groups = self.0.iter();
        groups.map(|((shape, method), positions)| (shape.as_str(), *method, positions.as_slice()))
    }

    /// The descriptions of one operation.
    pub(super) fn get(&self, shape: &str, method: HttpMethod) -> Option<&[Position]> {
        self.0.get(&(shape.to_owned(), method)).map(Vec::as_slice)
    }

    /// For each operation, its path as the highest authority on any method of the path writes it.
    pub(super) fn canonical_paths<'a>(
        &'a self,
        documents: &'a [Document],
    ) -> impl Iterator<Item = &'a str> {
        let mut paths: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for (shape, _, positions) in self.by_shape() {
            let written = positions.iter().zip(operations(documents, positions));
            for ((document, _), operation) in written {
                let written = (*document, operation.path.as_str());
                let best = paths.entry(shape).or_insert(written);
                *best = (*best).min(written);
            }
        }
        self.by_shape()
            .map(move |(shape, ..)| paths.get(shape).map_or(shape, |(_, path)| path))
    }

    /// Groups of schemas that different sources have at the same position of the same operation.
    pub(super) fn schemas_by_use<'d>(&self, documents: &'d [Document]) -> Vec<Vec<&'d Schema>> {
        let mut schemas_by_use: Vec<Vec<&'d Schema>> = Vec::new();
        for positions in self.0.values().filter(|positions| positions.len() > 1) {
            let mut by_use: BTreeMap<String, Vec<&'d Schema>> = BTreeMap::new();
            let mut bodies: BTreeMap<String, Vec<&'d IndexMap<String, Content>>> = BTreeMap::new();
            for operation in operations(documents, positions) {
                for (position, contents) in self::bodies(operation) {
                    bodies.entry(position).or_default().push(contents);
                }
                for parameter in &operation.parameters {
                    let position = format!("{:?} {}", parameter.location, parameter.name);
                    by_use.entry(position).or_default().push(&parameter.schema);
                }
            }
            for (position, contents) in &bodies {
                for (media_type, same) in by_media_type(contents) {
                    let schemas = same.all.into_iter().filter_map(content_schema);
                    by_use.insert(format!("{position} {media_type}"), schemas.collect());
                }
            }
            schemas_by_use.extend(by_use.into_values().filter(|schemas| schemas.len() > 1));
        }
        schemas_by_use
    }
}

/// The contents of the bodies of an operation, each with its position in it.
fn bodies(operation: &Operation) -> impl Iterator<Item = (String, &IndexMap<String, Content>)> {
    let request = operation.body.iter();
    let request = request.map(|body| ("body".to_owned(), &body.contents));
    let responses = operation.responses.iter();
    request.chain(responses.map(|(status, response)| (status.to_string(), &response.contents)))
}

/// The operations at some positions.
pub(super) fn operations<'d>(
    documents: &'d [Document],
    positions: &[Position],
) -> impl Iterator<Item = &'d Operation> {
    positions
        .iter()
        .filter_map(|(document, index)| documents.get(*document)?.operations.get(*index))
}

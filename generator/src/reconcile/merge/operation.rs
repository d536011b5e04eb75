//! Merges the descriptions of one operation.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::claims::{Claim, claims_of};
use super::rules::Direction;
use super::schema::SchemaMerger;
use super::subject::Subject;
use crate::description::document::{
    Body, Content, Facet, Fact, Facts, Operation, Parameter, Provenance, Response, Schema,
};
use crate::http::{ParameterLocation, Status};
use crate::path_template::template_names;

impl SchemaMerger<'_, '_, '_> {
    /// Merges the descriptions of one operation, in order of authority. `subject` is `GET /issues/{}/`, `path` is the path
    /// as the highest authority writes it.
    pub(super) fn operation(
        &mut self,
        subject: &str,
        path: &str,
        described: &[&Operation],
    ) -> Option<Operation> {
        let provenance = Provenance::from_all(
            described
                .iter()
                .flat_map(|operation| operation.provenance.iter()),
        )?;
        let first = described.first()?;
        let statuses = self.success_statuses(subject, described);
        let facts: Vec<&Facts> = described.iter().map(|operation| &operation.facts).collect();
        Some(Operation {
            method: first.method,
            path: path.to_owned(),
            is_shadowed: first.is_shadowed,
            provenance,
            facts: self.facts(subject, &facts, Direction::Response),
            parameters: self.parameters(subject, path, described),
            body: self.body(subject, described),
            responses: self.responses(subject, described, &statuses),
        })
    }

    fn facts(&mut self, subject: &str, described: &[&Facts], direction: Direction) -> Facts {
        let facts = described.iter().flat_map(|facts| facts.iter());
        let claims = facts.flat_map(|(facet, fact)| claims_of(facet, fact));
        let mut merged = Facts::default();
        self.judge
            .settle_all(&subject, direction, claims.collect(), &mut merged);
        merged
    }

    /// The success statuses that result. Those of the highest authority, if there is a contradiction without a resolution.
    fn success_statuses(&mut self, subject: &str, described: &[&Operation]) -> Vec<Json> {
        let mut claims = Vec::new();
        for operation in described {
            let successes: Vec<(&Status, &Response)> = operation
                .responses
                .iter()
                .filter(|(status, _)| status.is_success())
                .collect();
            if let Some((_, first)) = successes.first() {
                let value: Json = successes
                    .iter()
                    .map(|(status, _)| json!(status.to_string()))
                    .collect();
                claims.push(Claim {
                    value: value.into(),
                    origin: first.provenance.first(),
                });
            }
        }
        let settled =
            self.judge
                .settle(&subject, Facet::SuccessStatus, Direction::Response, claims);
        settled
            .and_then(|fact| fact.value.as_array().cloned())
            .unwrap_or_default()
    }

    fn parameters(
        &mut self,
        subject: &str,
        path: &str,
        described: &[&Operation],
    ) -> Vec<Parameter> {
        let mut groups: IndexMap<(ParameterLocation, String), Vec<&Parameter>> = IndexMap::new();
        for operation in described {
            let mut position = 0;
            for parameter in &operation.parameters {
                let key = match parameter.location {
                    // Path parameters are the same if their position is the same. Their names may differ.
                    ParameterLocation::Path => {
                        position += 1;
                        format!("{}", position - 1)
                    }
                    ParameterLocation::Header => parameter.name.to_ascii_lowercase(),
                    _ => parameter.name.clone(),
                };
                groups
                    .entry((parameter.location, key))
                    .or_default()
                    .push(parameter);
            }
        }
        let names: Vec<&str> = template_names(path);
        let mut merged = Vec::new();
        for ((location, key), group) in groups {
            let canonical = match location {
                ParameterLocation::Path => key
                    .parse()
                    .ok()
                    .and_then(|index: usize| names.get(index).copied()),
                _ => None,
            };
            merged.extend(self.parameter(subject, canonical, &group));
        }
        merged
    }

    fn parameter(
        &mut self,
        subject: &str,
        canonical: Option<&str>,
        group: &[&Parameter],
    ) -> Option<Parameter> {
        let first = *group.first()?;
        let name = canonical.unwrap_or(&first.name).to_owned();
        let subject = format!("{subject} {} {name}", first.location.key());
        let facts: Vec<&Facts> = group.iter().map(|parameter| &parameter.facts).collect();
        let schemas: Vec<&Schema> = group.iter().map(|parameter| &parameter.schema).collect();
        let mut aliases: Vec<String> = group
            .iter()
            .flat_map(|parameter| std::iter::once(&parameter.name).chain(&parameter.aliases))
            .filter(|alias| **alias != name)
            .cloned()
            .collect();
        aliases.sort();
        aliases.dedup();
        Some(Parameter {
            facts: self.facts(&subject, &facts, Direction::Request),
            schema: self.merge(&Subject::Item(&subject), &schemas, Direction::Request)?,
            provenance: Provenance::from_all(
                group
                    .iter()
                    .flat_map(|parameter| parameter.provenance.iter()),
            )?,
            media_type: group
                .iter()
                .find_map(|parameter| parameter.media_type.clone()),
            location: first.location,
            name,
            aliases,
        })
    }

    fn body(&mut self, subject: &str, described: &[&Operation]) -> Option<Body> {
        let bodies: Vec<&Body> = described
            .iter()
            .filter_map(|operation| operation.body.as_ref())
            .collect();
        let subject = format!("{subject} body");
        let facts: Vec<&Facts> = bodies.iter().map(|body| &body.facts).collect();
        let contents: Vec<_> = bodies.iter().map(|body| &body.contents).collect();
        Some(Body {
            provenance: Provenance::from_all(
                bodies.iter().flat_map(|body| body.provenance.iter()),
            )?,
            facts: self.facts(&subject, &facts, Direction::Request),
            contents: self.contents(&subject, &contents, Direction::Request),
        })
    }

    fn contents(
        &mut self,
        subject: &str,
        described: &[&IndexMap<String, Content>],
        direction: Direction,
    ) -> IndexMap<String, Content> {
        let mut groups: IndexMap<&String, Vec<&Content>> = IndexMap::new();
        for contents in described {
            for (media_type, content) in *contents {
                groups.entry(media_type).or_default().push(content);
            }
        }
        groups.sort_unstable_keys();
        let mut merged = IndexMap::new();
        for (media_type, group) in &groups {
            // The media type is part of the subject only if there are several.
            let subject = match groups.len() {
                1 => subject.to_owned(),
                _ => format!("{subject} {media_type}"),
            };
            if let Some(content) = self.content(&subject, group, direction) {
                merged.insert((*media_type).clone(), content);
            }
        }
        merged
    }

    fn content(
        &mut self,
        subject: &str,
        group: &[&Content],
        direction: Direction,
    ) -> Option<Content> {
        let schemas: Vec<&Schema> = group
            .iter()
            .filter_map(|content| content.schema.as_ref())
            .collect();
        let mut examples: Vec<Fact> = Vec::new();
        for example in group.iter().flat_map(|content| &content.examples) {
            match examples
                .iter_mut()
                .find(|other| other.value == example.value)
            {
                Some(same) => {
                    if let Some(provenance) = Provenance::from_all(
                        same.provenance.iter().chain(example.provenance.iter()),
                    ) {
                        same.provenance = provenance;
                    }
                }
                None => examples.push(example.clone()),
            }
        }
        examples.sort_by_cached_key(|example| {
            (example.provenance.first().source, example.value.to_string())
        });
        let mut encodings = IndexMap::new();
        for (name, encoding) in group.iter().flat_map(|content| &content.encodings) {
            encodings
                .entry(name.clone())
                .or_insert_with(|| encoding.clone());
        }
        encodings.sort_unstable_keys();
        Some(Content {
            provenance: Provenance::from_all(
                group.iter().flat_map(|content| content.provenance.iter()),
            )?,
            schema: self.merge(&Subject::Item(subject), &schemas, direction),
            encodings,
            examples,
        })
    }

    fn responses(
        &mut self,
        subject: &str,
        described: &[&Operation],
        successes: &[Json],
    ) -> IndexMap<Status, Response> {
        let mut groups: IndexMap<Status, Vec<&Response>> = IndexMap::new();
        for operation in described {
            for (status, response) in &operation.responses {
                groups.entry(*status).or_default().push(response);
            }
        }
        // A success response whose status was decided against moves to the status that was decided.
        let decided: Vec<Status> = groups
            .keys()
            .copied()
            .filter(|status| status.is_success() && successes.contains(&json!(status.to_string())))
            .collect();
        let overruled: Vec<Status> = groups
            .keys()
            .copied()
            .filter(|status| status.is_success() && !decided.contains(status))
            .collect();
        for status in overruled {
            let group = groups.swap_remove(&status).unwrap_or_default();
            if let [single] = decided.as_slice()
                && *single != Status::Code(204)
                && let Some(kept) = groups.get_mut(single)
            {
                kept.extend(group);
            }
        }
        groups.sort_unstable_keys();
        let mut merged = IndexMap::new();
        for (status, group) in groups {
            if let Some(response) = self.response(&format!("{subject} {status}"), &group) {
                merged.insert(status, response);
            }
        }
        merged
    }

    fn response(&mut self, subject: &str, group: &[&Response]) -> Option<Response> {
        let facts: Vec<&Facts> = group.iter().map(|response| &response.facts).collect();
        let contents: Vec<_> = group.iter().map(|response| &response.contents).collect();
        let mut headers: IndexMap<String, Vec<&Parameter>> = IndexMap::new();
        for (name, header) in group.iter().flat_map(|response| &response.headers) {
            headers
                .entry(name.to_ascii_lowercase())
                .or_default()
                .push(header);
        }
        headers.sort_unstable_keys();
        let mut merged = IndexMap::new();
        for group in headers.into_values() {
            if let Some(header) = self.parameter(subject, None, &group) {
                merged.insert(header.name.clone(), header);
            }
        }
        Some(Response {
            provenance: Provenance::from_all(
                group.iter().flat_map(|response| response.provenance.iter()),
            )?,
            facts: self.facts(subject, &facts, Direction::Response),
            contents: self.contents(subject, &contents, Direction::Response),
            headers: merged,
        })
    }
}

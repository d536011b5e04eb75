//! Merges the descriptions of one operation.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::claims::{Claim, Item, claims_of};
use super::media_types::{SameMediaType, by_media_type};
use super::rules::Judgement;
use super::schema::SchemaMerger;
use super::subject::Subject;
use crate::description::document::{
    Body, Content, Facet, Fact, Facts, Operation, Parameter, Provenance, Response, Schema, SourceId,
};
use crate::http::{Direction, ParameterLocation, ParameterStyle, PropertyEncoding, Status};
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
        let statuses = self.success_statuses(subject, described, &provenance);
        let facts: Vec<&Facts> = described.iter().map(|operation| &operation.facts).collect();
        let facts = self.facts(subject, &facts, Direction::Response, &provenance);
        Some(Operation {
            method: first.method,
            path: path.to_owned(),
            is_shadowed: first.is_shadowed,
            facts,
            parameters: self.parameters(subject, path, described, &provenance),
            body: self.body(subject, described, &provenance),
            responses: self.responses(subject, described, &statuses, &provenance),
            provenance,
        })
    }

    /// Records a part of an item that only some of the sources of the item have.
    fn part(&mut self, subject: &str, kind: &'static str, owner: &Provenance, part: &Provenance) {
        let owners = owner.iter().map(|origin| origin.source);
        self.judge.record_presence(&subject, kind, owners, part);
    }

    fn facts(
        &mut self,
        subject: &str,
        described: &[&Facts],
        direction: Direction,
        provenance: &Provenance,
    ) -> Facts {
        let facts = described.iter().flat_map(|facts| facts.iter());
        let claims = facts.flat_map(|(facet, fact)| claims_of(facet, fact));
        let mut merged = Facts::default();
        let item = Item::new(&subject, direction, provenance);
        self.judge.settle_all(item, claims.collect(), &mut merged);
        merged
    }

    /// The success statuses that result. Those of the highest authority, if there is a contradiction without a resolution.
    fn success_statuses(
        &mut self,
        subject: &str,
        described: &[&Operation],
        provenance: &Provenance,
    ) -> Vec<Json> {
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
        let item = Item::new(&subject, Direction::Response, provenance);
        let settled = self.judge.settle(item, Facet::SuccessStatus, claims);
        settled
            .and_then(|fact| fact.value.as_array().cloned())
            .unwrap_or_default()
    }

    fn parameters(
        &mut self,
        subject: &str,
        path: &str,
        described: &[&Operation],
        provenance: &Provenance,
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
        let names: Vec<&str> = template_names(path).collect();
        let mut merged = Vec::new();
        for ((location, key), group) in groups {
            let canonical = match location {
                ParameterLocation::Path => key
                    .parse()
                    .ok()
                    .and_then(|index: usize| names.get(index).copied()),
                _ => None,
            };
            if let Some(parameter) = self.parameter(subject, canonical, &group) {
                let subject = format!("{subject} {} {}", location.key(), parameter.name);
                self.part(&subject, "parameter", provenance, &parameter.provenance);
                merged.push(parameter);
            }
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
        if !aliases.is_empty() {
            self.record_names(&subject, &name, group);
        }
        let provenance = group
            .iter()
            .flat_map(|parameter| parameter.provenance.iter());
        let provenance = Provenance::from_all(provenance)?;
        Some(Parameter {
            facts: self.facts(&subject, &facts, Direction::Request, &provenance),
            schema: self.merge(&Subject::Item(&subject), &schemas, Direction::Request)?,
            media_type: self.parameter_media_type(&subject, group, &provenance),
            provenance,
            location: first.location,
            name,
            aliases,
        })
    }

    /// The media type of a parameter that has `content`.
    fn parameter_media_type(
        &mut self,
        subject: &str,
        group: &[&Parameter],
        provenance: &Provenance,
    ) -> Option<String> {
        let claim = |parameter: &&Parameter| {
            Some(Claim {
                value: json!(parameter.media_type.as_ref()?).into(),
                origin: parameter.provenance.first(),
            })
        };
        let claims: Vec<Claim> = group.iter().filter_map(claim).collect();
        let item = Item::new(&subject, Direction::Request, provenance);
        let decided = self.judge.settle(item, Facet::Encoding, claims)?;
        decided.value.as_str().map(str::to_owned)
    }

    /// Records the names that sources give a path parameter or, in different case, a header. A source may give it several
    /// names itself, in paths that differ in nothing else; what all sources have in common is no difference between them.
    fn record_names(&mut self, subject: &str, name: &str, group: &[&Parameter]) {
        let mut by_source: BTreeMap<SourceId, BTreeSet<&str>> = BTreeMap::new();
        for parameter in group {
            let names = by_source.entry(parameter.provenance.first().source);
            names.or_default().insert(&parameter.name);
        }
        let mut all = by_source.values();
        let first = all.next();
        if all.all(|names| Some(names) == first) {
            return;
        }
        let claim = |parameter: &&Parameter| Claim {
            value: json!(parameter.name).into(),
            origin: parameter.provenance.first(),
        };
        let claims = group.iter().map(claim).collect();
        let judgement = Judgement::of_names(json!(name));
        self.judge.record(&subject, Facet::Name, claims, judgement);
    }

    fn body(
        &mut self,
        subject: &str,
        described: &[&Operation],
        provenance: &Provenance,
    ) -> Option<Body> {
        let bodies: Vec<&Body> = described
            .iter()
            .filter_map(|operation| operation.body.as_ref())
            .collect();
        let subject = format!("{subject} body");
        let facts: Vec<&Facts> = bodies.iter().map(|body| &body.facts).collect();
        let contents: Vec<_> = bodies.iter().map(|body| &body.contents).collect();
        let own = Provenance::from_all(bodies.iter().flat_map(|body| body.provenance.iter()))?;
        self.part(&subject, "request body", provenance, &own);
        Some(Body {
            facts: self.facts(&subject, &facts, Direction::Request, &own),
            contents: self.contents(&subject, &contents, Direction::Request, &own),
            provenance: own,
        })
    }

    fn contents(
        &mut self,
        subject: &str,
        described: &[&IndexMap<String, Content>],
        direction: Direction,
        provenance: &Provenance,
    ) -> IndexMap<String, Content> {
        let groups = by_media_type(described);
        let mut merged = IndexMap::new();
        for (media_type, SameMediaType { all, named }) in &groups {
            let with_media_type = format!("{subject} {media_type}");
            // The media type is part of the subject only if there are several.
            let subject = match groups.len() {
                1 => subject,
                _ => &with_media_type,
            };
            let origins = named.iter().flat_map(|content| content.provenance.iter());
            if let Some(content) = self.content(subject, all, direction)
                && let Some(of_media_type) = Provenance::from_all(origins)
            {
                self.part(&with_media_type, "media type", provenance, &of_media_type);
                let content = Content {
                    provenance: of_media_type,
                    ..content
                };
                merged.insert((*media_type).to_owned(), content);
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
        let provenance =
            Provenance::from_all(group.iter().flat_map(|content| content.provenance.iter()))?;
        let schema = self.merge(&Subject::Item(subject), &schemas, direction);
        if let Some(schema) = &schema {
            self.part(subject, "schema", &provenance, &schema.provenance);
        }
        Some(Content {
            schema,
            encodings: self.encodings(subject, group),
            examples: self.examples(subject, group, &provenance),
            provenance,
        })
    }

    /// Unites the examples of a content.
    fn examples(
        &mut self,
        subject: &str,
        group: &[&Content],
        provenance: &Provenance,
    ) -> Vec<Fact> {
        if group.len() > 1 {
            self.settle_examples(subject, group, provenance);
        }
        let mut examples: Vec<Fact> = Vec::new();
        for content in group {
            for example in &content.examples {
                let mut known = examples.iter_mut();
                match known.find(|other| other.value == example.value) {
                    Some(same) => {
                        let origins = same.provenance.iter().chain(example.provenance.iter());
                        if let Some(provenance) = Provenance::from_all(origins) {
                            same.provenance = provenance;
                        }
                    }
                    None => examples.push(example.clone()),
                }
            }
        }
        examples.sort_by_cached_key(|example| {
            (example.provenance.first().source, example.value.to_string())
        });
        examples
    }

    /// Records the examples of each source.
    fn settle_examples(&mut self, subject: &str, group: &[&Content], provenance: &Provenance) {
        let claim = |content: &&Content| {
            let first = content.examples.first()?;
            let values = content.examples.iter();
            let values: Json = values.map(|example| (*example.value).clone()).collect();
            let origin = first.provenance.first();
            let value = values.into();
            Some(Claim { value, origin })
        };
        let item = Item::new(&subject, Direction::Response, provenance);
        let claims: Vec<Claim> = group.iter().filter_map(claim).collect();
        self.judge.settle(item, Facet::Examples, claims);
    }

    /// Merges how the properties of a form are encoded. Every difference is a contradiction.
    fn encodings(
        &mut self,
        subject: &str,
        group: &[&Content],
    ) -> IndexMap<String, PropertyEncoding> {
        let mut by_property: IndexMap<&String, Vec<(Claim, &PropertyEncoding)>> = IndexMap::new();
        for content in group {
            for (name, encoding) in &content.encodings {
                let claim = Claim {
                    value: encoding_value(encoding).into(),
                    origin: content.provenance.first(),
                };
                by_property.entry(name).or_default().push((claim, encoding));
            }
        }
        by_property.sort_unstable_keys();
        let mut merged = IndexMap::new();
        for (name, stated) in by_property {
            let subject = format!("{subject}.{name}");
            let item = Item {
                subject: &subject,
                direction: Direction::Request,
                provenance: None,
            };
            let claims = stated.iter().map(|(claim, _)| claim.clone());
            let decided = self.judge.settle(item, Facet::Encoding, claims);
            let decided = decided.map(|fact| fact.value);
            let mut encodings = stated.iter();
            let chosen = encodings.find(|(claim, _)| Some(&claim.value) == decided.as_ref());
            if let Some((_, encoding)) = chosen.or(stated.first()) {
                merged.insert(name.clone(), (*encoding).clone());
            }
        }
        merged
    }

    fn responses(
        &mut self,
        subject: &str,
        described: &[&Operation],
        successes: &[Json],
        provenance: &Provenance,
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
            let subject = format!("{subject} {status}");
            if let Some(response) = self.response(&subject, &group) {
                // Differences of success statuses are recorded together.
                if !status.is_success() {
                    self.part(&subject, "response", provenance, &response.provenance);
                }
                merged.insert(status, response);
            }
        }
        merged
    }

    fn response(&mut self, subject: &str, group: &[&Response]) -> Option<Response> {
        let provenance = group.iter().flat_map(|response| response.provenance.iter());
        let provenance = Provenance::from_all(provenance)?;
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
                let subject = format!("{subject} header {}", header.name);
                self.part(&subject, "header", &provenance, &header.provenance);
                merged.insert(header.name.clone(), header);
            }
        }
        Some(Response {
            facts: self.facts(subject, &facts, Direction::Response, &provenance),
            contents: self.contents(subject, &contents, Direction::Response, &provenance),
            headers: merged,
            provenance,
        })
    }
}

/// How a property of a form is encoded, as JSON.
pub(crate) fn encoding_value(encoding: &PropertyEncoding) -> Json {
    let mut value = serde_json::Map::new();
    if let Some(media_type) = &encoding.content_type {
        value.insert("contentType".to_owned(), json!(media_type));
    }
    if let Some(style) = encoding.style.and_then(ParameterStyle::key) {
        value.insert("style".to_owned(), json!(style));
        value.insert("explode".to_owned(), json!(encoding.explode));
    }
    Json::Object(value)
}

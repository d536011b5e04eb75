//! What the sources of an item state of it: its facts, and what the model of a document keeps in its structure.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::description::document::{
    Content, Facet, Fact, Facts, Parameter, Provenance, Schema, SecurityScheme, Server, json_schema,
};
use crate::reconcile::merge::{THE_API, encoding_value};

/// A fact about an item.
pub(super) struct Stated {
    /// The subject of findings about it.
    pub(super) place: String,
    pub(super) facet: Facet,
    pub(super) fact: Fact,
}

fn stated(place: &str, facet: Facet, value: Json, provenance: &Provenance) -> Stated {
    Stated {
        place: place.to_owned(),
        facet,
        fact: Fact::new(value, provenance.clone()),
    }
}

/// The facts of an item or of its schema.
pub(super) fn facts(place: &str, facts: &Facts) -> impl Iterator<Item = Stated> {
    facts.iter().map(|(facet, fact)| Stated {
        place: place.to_owned(),
        facet,
        fact: fact.clone(),
    })
}

/// The references, alternatives and discriminators of a schema.
///
/// The model keeps no provenance of them. If one source alone describes the schema, they are its claims; if several do, they
/// are findings.
pub(super) fn structure(place: &str, schema: &Schema) -> Vec<Stated> {
    let provenance = &schema.provenance;
    let mut all = Vec::new();
    let mut state = |facet: Facet, value: Json| all.push(stated(place, facet, value, provenance));
    if !provenance.is_of_one_source() {
        return all;
    }
    if let Some(key) = &schema.reference {
        state(Facet::Reference, json!(key));
    }
    if !schema.alternatives.is_empty() {
        let canonical = |schema: &Schema| schema.reference.clone();
        let alternatives = schema.alternatives.iter();
        let structures = alternatives.map(|one| json_schema::structure(one, &canonical));
        state(Facet::Alternatives, structures.collect());
        state(
            Facet::AlternativesKind,
            json!(schema.alternatives_kind.key()),
        );
    }
    if let Some(discriminator) = &schema.discriminator {
        state(Facet::Discriminator, json!(discriminator.property));
        if !discriminator.mapping.is_empty() {
            state(Facet::DiscriminatorMapping, json!(discriminator.mapping));
        }
    }
    all.extend(schema.required_elsewhere.iter().map(|(name, origin)| {
        let provenance = Provenance::single(origin.source, origin.at);
        stated(
            &format!("{place}.{name}"),
            Facet::Required,
            json!(true),
            &provenance,
        )
    }));
    all
}

/// The media types of a body, with the examples and the encodings of each.
pub(super) fn contents(subject: &str, contents: &IndexMap<String, Content>) -> Vec<Stated> {
    let mut all = Vec::new();
    for (media_type, content) in contents {
        let provenance = &content.provenance;
        let place = format!("{subject} {media_type}");
        all.push(stated(
            &place,
            Facet::Presence,
            json!("media type"),
            provenance,
        ));
        if !provenance.is_of_one_source() {
            continue;
        }
        let place = content_subject(subject, contents.len(), media_type);
        if !content.examples.is_empty() {
            let examples = content.examples.iter();
            let values = examples.map(|example| (*example.value).clone());
            let origins = content.examples.iter();
            let origins = origins.flat_map(|example| example.provenance.iter());
            let provenance = Provenance::from_all(origins);
            let provenance = provenance.as_ref().unwrap_or(&content.provenance);
            all.push(stated(
                &place,
                Facet::Examples,
                values.collect(),
                provenance,
            ));
        }
        for (name, encoding) in &content.encodings {
            all.push(stated(
                &format!("{place}.{name}"),
                Facet::Encoding,
                encoding_value(encoding),
                provenance,
            ));
        }
    }
    all
}

/// The subject of findings about the content of a body. The media type is part of it only if there are several.
pub(super) fn content_subject(body: &str, contents: usize, media_type: &str) -> String {
    match contents {
        1 => body.to_owned(),
        _ => format!("{body} {media_type}"),
    }
}

/// The media type of a parameter that has `content`.
pub(super) fn parameter_content(place: &str, parameter: &Parameter) -> Option<Stated> {
    let media_type = json!(parameter.media_type.as_ref()?);
    let provenance = &parameter.provenance;
    provenance
        .is_of_one_source()
        .then(|| stated(place, Facet::Encoding, media_type, provenance))
}

/// The URLs of the servers.
pub(super) fn servers(servers: &[Server]) -> Option<Stated> {
    let first = servers.first()?;
    let urls: Vec<&str> = servers.iter().map(|server| server.url.as_str()).collect();
    Some(stated(
        THE_API,
        Facet::Servers,
        json!(urls),
        &first.provenance,
    ))
}

/// The declaration of a security scheme.
pub(super) fn security_scheme(place: &str, scheme: &SecurityScheme) -> Stated {
    stated(
        place,
        Facet::SecurityScheme,
        scheme.written.clone(),
        &scheme.provenance,
    )
}

//! What the generator reads, before anything is normalised or merged.

use std::collections::BTreeSet;
use std::path::Path;

use generator::description::diagnostic::{Diagnostic, Diagnostics};
use generator::description::document::{
    AlternativesKind, Content, Facet, Facts, Operation, Schema, SourceId,
};
use generator::description::document::{Document, read};
use generator::description::load;
use generator::description::source::SourceMap;
use indexmap::IndexMap;

use crate::claim::{Claim, Claims, What};

/// What was read, with all that was reported.
pub struct Read {
    pub claims: BTreeSet<Claim>,
    document: Document,
    diagnostics: Diagnostics,
    sources: SourceMap,
}

/// Reads a document.
pub fn read(path: &Path, text: &str) -> Read {
    let mut sources = SourceMap::default();
    let file = sources.add(path.to_string_lossy().into_owned(), text);
    let mut diagnostics = Diagnostics::default();
    let tree = load::parse(&sources, file, &mut diagnostics);
    let document =
        tree.and_then(|tree| read::document(&tree, SourceId(0), false, &mut diagnostics));
    let document = document.unwrap_or_else(|| {
        let errors = diagnostics.render(&sources);
        panic!("openapiv3 reads what the generator refuses:\n{errors}")
    });
    let mut reader = Reader {
        claims: Claims::default(),
    };
    for operation in &document.operations {
        reader.operation(operation);
    }
    for (name, schema) in &document.schemas {
        // Schemas that a reference leads to elsewhere go by their pointer.
        if name.starts_with('/') {
            continue;
        }
        reader.claims.item = format!("schema {name}");
        reader.claims.push("", What::Exists);
        if schema.reference.is_none() {
            reader.schema("", schema);
        }
    }
    Read {
        claims: reader.claims.all,
        document,
        diagnostics,
        sources,
    }
}

impl Read {
    /// Whether a diagnostic says that the item is read otherwise than it is written: with its position, and with the name
    /// of what the claim is about where it does not concern the item as a whole.
    pub fn is_explained(&self, claim: &Claim) -> bool {
        let items = self.diagnostics.items().iter();
        items
            .filter(|item| !item.labels.is_empty())
            .any(|item| explains(item, claim))
    }

    /// Where the item of a claim stands.
    pub fn place(&self, claim: &Claim) -> String {
        let operations = self.document.operations.iter();
        let mut operations = operations.map(|operation| {
            (
                format!("{} {}", operation.method, operation.path),
                &operation.provenance,
            )
        });
        let schemas = self.document.schemas.iter();
        let mut schemas =
            schemas.map(|(name, schema)| (format!("schema {name}"), &schema.provenance));
        let of_item = |(item, _): &(String, _)| *item == claim.item;
        let found = operations.find(of_item).or_else(|| schemas.find(of_item));
        match found {
            Some((_, provenance)) => format!("at {}", self.sources.display(provenance.first().at)),
            None => "which the generator has not read".to_owned(),
        }
    }
}

fn explains(diagnostic: &Diagnostic, claim: &Claim) -> bool {
    let names = |text: &str| diagnostic.message.contains(text);
    match diagnostic.code {
        "unknown-type" => match &claim.what {
            What::Type(name) => names(&format!("`{name}`")),
            _ => false,
        },
        "ignored-header" | "parameter-not-in-path" | "duplicate-parameter" => {
            names(&format!("`{}`", claim.name()))
        }
        "unsendable-name" => names(&format!("the name {:?}", claim.name())),
        "undescribed-path-parameter" => names(&format!("`{{{}}}`", claim.name())),
        _ => false,
    }
}

struct Reader {
    claims: Claims,
}

impl Reader {
    fn operation(&mut self, operation: &Operation) {
        self.claims.item = format!("{} {}", operation.method, operation.path);
        self.claims.push("", What::Exists);
        for parameter in &operation.parameters {
            let place = format!("{} {}", parameter.location.key(), parameter.name);
            self.claims.push(&place, required(&parameter.facts));
        }
        if let Some(body) = &operation.body {
            self.claims.push("body", required(&body.facts));
            self.contents("body", &body.contents);
        }
        for (status, response) in &operation.responses {
            let status = status.to_string();
            self.claims.push(&status, What::Exists);
            self.contents(&status, &response.contents);
        }
    }

    fn contents(&mut self, place: &str, contents: &IndexMap<String, Content>) {
        for (media_type, content) in contents {
            let place = format!("{place} {media_type}");
            self.claims.push(&place, What::Exists);
            if let Some(schema) = &content.schema {
                self.schema(&place, schema);
            }
        }
    }

    fn schema(&mut self, place: &str, schema: &Schema) {
        if let Some(reference) = &schema.reference {
            if !reference.starts_with('/') {
                self.claims.push(place, What::RefersTo(reference.clone()));
            }
            return;
        }
        for kind in schema.types() {
            self.claims.push(place, What::Type(kind.to_owned()));
        }
        for (name, property) in &schema.properties {
            let place = format!("{place}.{name}");
            self.claims.push(&place, required(&property.facts));
            self.schema(&place, property);
        }
        for (name, _) in &schema.required_elsewhere {
            self.claims.push(place, What::RequiresAlso(name.clone()));
        }
        if let Some(items) = &schema.items {
            self.schema(&format!("{place}[]"), items);
        }
        if let Some(additional) = &schema.additional {
            self.schema(&format!("{place}{{}}"), additional);
        }
        let keyword = match schema.alternatives_kind {
            AlternativesKind::OneOf => "oneOf",
            AlternativesKind::AnyOf => "anyOf",
        };
        for (keyword, schemas) in [(keyword, &schema.alternatives), ("allOf", &schema.all_of)] {
            for (index, schema) in schemas.iter().enumerate() {
                let place = format!("{place}/{keyword}/{index}");
                self.claims.push(&place, What::Exists);
                self.schema(&place, schema);
            }
        }
    }
}

/// Where nothing is said of it, it is optional.
fn required(facts: &Facts) -> What {
    What::Required(facts.flag(Facet::Required).unwrap_or_default())
}

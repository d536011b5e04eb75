//! Patterns of requests that the emitted server cannot check: they look around or refer back, which takes more than linear
//! time, or are too large.

use std::collections::{HashMap, HashSet};

use regex::Regex;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Facet, Schema};
use crate::description::source::Span;

/// Warns of each pattern of a parameter or request body that is not checked, where it stands.
pub(crate) fn report_unchecked(document: &Document, diagnostics: &mut Diagnostics) {
    let mut walk = Walk {
        document,
        seen: HashSet::new(),
        known: HashMap::new(),
        told: HashSet::new(),
        diagnostics,
    };
    for operation in &document.operations {
        let parameters = operation.parameters.iter();
        parameters.for_each(|parameter| walk.schema(&parameter.schema));
        let contents = operation
            .body
            .iter()
            .flat_map(|body| body.contents.values());
        let schemas = contents.filter_map(|content| content.schema.as_ref());
        schemas.for_each(|schema| walk.schema(schema));
    }
}

struct Walk<'a> {
    document: &'a Document,
    /// The components that were visited.
    seen: HashSet<&'a str>,
    /// Why a pattern is not checked, if it is not.
    known: HashMap<&'a str, Option<String>>,
    /// Where they stand that were told: parts of documents are copied.
    told: HashSet<Span>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Walk<'a> {
    /// Visits a schema and all that it leads to, without recursion: chains of components may be long.
    fn schema(&mut self, schema: &'a Schema) {
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            self.pattern(schema);
            let target = schema
                .reference
                .as_ref()
                .filter(|key| self.seen.insert(key));
            let target = target.and_then(|key| self.document.schemas.get(key));
            let parts = target.into_iter().chain(schema.properties.values());
            let parts = parts.chain(schema.additional.as_deref());
            let parts = parts.chain(schema.items.as_deref());
            let parts = parts
                .chain(&schema.prefix_items)
                .chain(&schema.alternatives);
            // The first part is visited first.
            let first = open.len();
            open.extend(parts);
            if let Some(added) = open.get_mut(first..) {
                added.reverse();
            }
        }
    }

    fn pattern(&mut self, schema: &'a Schema) {
        let Some(fact) = schema.facts.get(Facet::Pattern) else {
            return;
        };
        let Some(pattern) = fact.value.as_str() else {
            return;
        };
        let why = self.known.entry(pattern).or_insert_with(|| reason(pattern));
        let (Some(why), origin) = (why.clone(), fact.provenance.first()) else {
            return;
        };
        if !self.told.insert(origin.at) {
            return;
        }
        self.diagnostics.push(
            Diagnostic::warning(
                "unchecked-pattern",
                format!("the server does not check the pattern `{pattern}`: {why}"),
            )
            .at(origin.at, "no request is refused because of it")
            .help("check it in the service, or give an equal pattern that neither looks around nor refers back in an overlay"),
        );
    }
}

/// Why a pattern is not checked, if it is not: the last line of what `regex` says of it.
fn reason(pattern: &str) -> Option<String> {
    let error = Regex::new(pattern).err()?.to_string();
    let line = error.lines().last().unwrap_or_default();
    Some(line.trim_start_matches("error: ").to_owned())
}

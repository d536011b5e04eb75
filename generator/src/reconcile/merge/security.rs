//! Gives each security scheme one name, whatever the sources call it.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{self, Document, Facet, Fact};
use crate::http::SecurityScheme;

/// Renames the security schemes of documents in order of authority. A scheme is the one that an earlier document gives the
/// same name, if they are equal, or else an equal one that no other scheme of its document is. Different schemes get
/// different names.
pub(super) fn unify(documents: &mut [Document], sources: &[String], diagnostics: &mut Diagnostics) {
    let mut known: IndexMap<String, SecurityScheme> = IndexMap::new();
    for (document, source) in documents.iter_mut().zip(sources) {
        document.security_schemes.sort_unstable_keys();
        let renamed = canonical_names(&document.security_schemes, &known, source);
        let mut schemes = IndexMap::new();
        for (name, scheme) in std::mem::take(&mut document.security_schemes) {
            let canonical = renamed.get(&name).unwrap_or(&name).clone();
            if canonical != name && !known.contains_key(&canonical) {
                let at = scheme.provenance.first().at;
                diagnostics.push(another_scheme(&name, &canonical, source).at(at, "this one"));
            }
            known.insert(canonical.clone(), without_description(&scheme.scheme));
            schemes.insert(canonical, scheme);
        }
        document.security_schemes = schemes;
        let webhooks = document.webhooks.iter_mut();
        let webhooks = webhooks.map(|webhook| &mut webhook.operation);
        for operation in document.operations.iter_mut().chain(webhooks) {
            if let Some(fact) = operation.facts.take(Facet::Security) {
                let value = rename(&fact.value, &renamed);
                // A requirement of undeclared schemes is no claim, but an empty list is: no authentication.
                let stated = fact.value.as_array().is_some_and(Vec::is_empty);
                if stated
                    || value
                        .as_array()
                        .is_some_and(|alternatives| !alternatives.is_empty())
                {
                    let provenance = fact.provenance;
                    operation
                        .facts
                        .set(Facet::Security, Fact::new(value, provenance));
                }
            }
        }
    }
}

/// Tells that a source calls by the name of another scheme what is a scheme of its own.
fn another_scheme(name: &str, canonical: &str, source: &str) -> Diagnostic {
    let message = format!(
        "two sources call different security schemes `{name}`: that of `{source}` is called `{canonical}`"
    );
    let help = "if one of them is wrong, correct it in an overlay; decisions about security name the scheme as it is called here";
    Diagnostic::warning("security-schemes-of-one-name", message).help(help)
}

/// The canonical name of each scheme of a document. Equal schemes of one document stay two schemes, because each can have its
/// own credential.
fn canonical_names(
    schemes: &IndexMap<String, document::SecurityScheme>,
    known: &IndexMap<String, SecurityScheme>,
    source: &str,
) -> IndexMap<String, String> {
    let mut renamed: IndexMap<String, String> = IndexMap::new();
    for (name, scheme) in schemes {
        if known.get(name) == Some(&without_description(&scheme.scheme)) {
            renamed.insert(name.clone(), name.clone());
        }
    }
    for (name, scheme) in schemes {
        if renamed.contains_key(name) {
            continue;
        }
        let bare = without_description(&scheme.scheme);
        let is_free = |other: &String| !renamed.values().any(|taken| taken == other);
        let mut equal = known.iter().filter(|(_, other)| **other == bare);
        let canonical = match equal.find(|(other, _)| is_free(other)) {
            Some((other, _)) => other.clone(),
            None => {
                let is_new = |candidate: &String| {
                    let is_declared = candidate != name && schemes.contains_key(candidate);
                    !known.contains_key(candidate) && is_free(candidate) && !is_declared
                };
                spellings(name, source).find(is_new).unwrap_or_default()
            }
        };
        renamed.insert(name.clone(), canonical);
    }
    renamed
}

/// The name of a scheme, then names for it that tell its source, too.
fn spellings(name: &str, source: &str) -> impl Iterator<Item = String> {
    let with_source = format!("{name}-{source}");
    let numbered = (2_u64..).map({
        let with_source = with_source.clone();
        move |number| format!("{with_source}-{number}")
    });
    [name.to_owned(), with_source].into_iter().chain(numbered)
}

/// Replaces scheme names by canonical names. Drops alternatives with an undeclared scheme.
fn rename(requirements: &Json, renamed: &IndexMap<String, String>) -> Json {
    let alternatives = requirements.as_array().into_iter().flatten();
    let renamed_alternatives = alternatives.filter_map(|alternative| {
        let schemes = alternative.as_object().into_iter().flatten();
        let named =
            schemes.map(|(name, scopes)| Some((renamed.get(name)?.clone(), scopes.clone())));
        Some(Json::Object(named.collect::<Option<_>>()?))
    });
    Json::Array(renamed_alternatives.collect())
}

fn without_description(scheme: &SecurityScheme) -> SecurityScheme {
    let mut bare = scheme.clone();
    match &mut bare {
        SecurityScheme::Bearer { description }
        | SecurityScheme::Basic { description }
        | SecurityScheme::ApiKey { description, .. }
        | SecurityScheme::Http { description, .. }
        | SecurityScheme::Other { description, .. } => *description = None,
    }
    bare
}

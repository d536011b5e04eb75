//! Gives each security scheme one name, whatever the sources call it.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::description::document::{Document, Facet, Fact};
use crate::http::SecurityScheme;

/// Renames the security schemes of documents in order of authority. Equal schemes get the name that the highest authority
/// gives them. Different schemes get different names.
pub(super) fn unify(documents: &mut [Document], sources: &[String]) {
    let mut known: IndexMap<String, SecurityScheme> = IndexMap::new();
    for (document, source) in documents.iter_mut().zip(sources) {
        let mut renamed: IndexMap<String, String> = IndexMap::new();
        let mut schemes = IndexMap::new();
        document.security_schemes.sort_unstable_keys();
        // Equal schemes of one document stay two schemes, because each can have its own credential.
        let earlier = known.clone();
        for (name, scheme) in std::mem::take(&mut document.security_schemes) {
            let bare = without_description(&scheme.scheme);
            let canonical = match earlier.iter().find(|(_, other)| **other == bare) {
                Some((canonical, _)) => canonical.clone(),
                None if known.contains_key(&name) => format!("{name}-{source}"),
                None => name.clone(),
            };
            known.insert(canonical.clone(), bare);
            renamed.insert(name, canonical.clone());
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
        | SecurityScheme::Other { description, .. } => *description = None,
    }
    bare
}

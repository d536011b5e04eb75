//! What the key of a schema says of its name.

use std::borrow::Cow;

use crate::tree::unescape_token;

/// Tokens of a pointer that lead to a schema without saying what it is.
const STRUCTURAL: [&str; 27] = [
    "components",
    "schemas",
    "schema",
    "definitions",
    "$defs",
    "properties",
    "patternProperties",
    "additionalProperties",
    "items",
    "prefixItems",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "paths",
    "content",
    "responses",
    "requestBodies",
    "requestBody",
    "parameters",
    "headers",
    "index",
    "application",
    "multipart",
    "text",
    "webhooks",
    "callbacks",
];

/// Whether a key is that of a component, and not of a place anywhere else.
#[must_use]
pub fn is_component(key: &str) -> bool {
    !key.starts_with('/')
}

/// Where a schema stands, as a reference in the document says it.
#[must_use]
pub fn pointer(key: &str) -> String {
    if is_component(key) {
        return format!("#/components/schemas/{key}");
    }
    match key.contains('#') {
        true => key.trim_start_matches('/').to_owned(),
        false => format!("#{key}"),
    }
}

/// Names for a schema in words, the best first: a component's own name; for any other place what its pointer or file is
/// called after, and then all of it.
#[must_use]
pub fn names(key: &str) -> Vec<String> {
    if is_component(key) {
        return vec![key.to_owned()];
    }
    let (path, pointer) = key.split_once('#').unwrap_or(("", key));
    // The schema of a media type is called after what has it.
    let tells = |token: &String| {
        let first = token.split('/').next().unwrap_or_default();
        !STRUCTURAL.contains(&first) && token.parse::<usize>().is_err() && !token.is_empty()
    };
    let stem = |part: &str| match part.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => part.to_owned(),
    };
    let mut tokens: Vec<String> = path.split('/').map(stem).filter(tells).collect();
    let in_path = tokens.len();
    let unescaped = pointer.split('/').map(unescape_token).map(Cow::into_owned);
    tokens.extend(unescaped.filter(tells));
    if tokens.is_empty() {
        return vec![key.replace(['/', '#'], " ").trim().to_owned()];
    }
    let last = tokens.len() - 1;
    // A property alone says too little of its type.
    let first = match pointer.contains("/properties/") {
        true => in_path.min(last),
        false => last,
    };
    (0..=first)
        .rev()
        .filter_map(|from| Some(tokens.get(from..)?.join(" ")))
        .collect()
}

/// The best of [`names`].
#[must_use]
pub fn name(key: &str) -> String {
    names(key)
        .into_iter()
        .next()
        .unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_schema_is_called_after_the_last_thing_that_says_what_it_is() {
        for (key, expected) in [
            ("Pet", "Pet"),
            ("/schemas/pet.yaml#/Pet", "Pet"),
            ("/schemas/pet.yaml#", "pet"),
            ("/schemas/Pet/index.yaml#", "Pet"),
            ("/common.yaml#/components/schemas/Error", "Error"),
            ("/definitions/Owner", "Owner"),
            ("/components/schemas/Pet/properties/status", "Pet status"),
            ("/components/schemas/Pets/items", "Pets"),
            (
                "/components/responses/NotFound/content/application~1json/schema",
                "NotFound",
            ),
        ] {
            assert_eq!(name(key), expected, "{key}");
        }
    }
}

//! Keys of schemas, and the names that they suggest.

use std::borrow::Cow;

use crate::description::tree::unescape_token;

/// Tokens of a JSON pointer that do not describe the schema they lead to.
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

/// The keyword of a component of the effective API that says where the descriptions have it, if it is no component there.
pub(crate) const POINTER: &str = "x-pointer";

/// Whether a key is the name of a component, and not a JSON pointer or a file.
#[must_use]
pub fn is_component(key: &str) -> bool {
    !key.starts_with('/')
}

/// The `$ref` text that leads to a schema: `#/components/schemas/Pet`.
#[must_use]
pub fn pointer(key: &str) -> String {
    if is_component(key) {
        return format!("#/components/schemas/{key}");
    }
    if key.contains('#') {
        key.trim_start_matches('/').to_owned()
    } else {
        format!("#{key}")
    }
}

/// Names for a schema as separate words, the best name first. A component has its own name. Any other schema is named
/// after the last describing token of its pointer or file, with more leading tokens in each further name.
#[must_use]
pub fn names(key: &str) -> Vec<String> {
    if is_component(key) {
        return vec![key.to_owned()];
    }
    let (path, pointer) = key.split_once('#').unwrap_or(("", key));
    // The schema of a media type is named after the item that has the media type.
    let is_describing = |token: &String| {
        let first = token.split('/').next().unwrap_or_default();
        !STRUCTURAL.contains(&first) && token.parse::<usize>().is_err() && !token.is_empty()
    };
    let stem = |part: &str| match part.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => part.to_owned(),
    };
    let mut tokens: Vec<String> = path.split('/').map(stem).filter(is_describing).collect();
    let in_path = tokens.len();
    let unescaped = pointer.split('/').map(unescape_token).map(Cow::into_owned);
    tokens.extend(unescaped.filter(is_describing));
    if tokens.is_empty() {
        return vec![key.replace(['/', '#'], " ").trim().to_owned()];
    }
    let last = tokens.len() - 1;
    // The name of a property alone is too little for a type name.
    let first = if pointer.contains("/properties/") {
        in_path.min(last)
    } else {
        last
    };
    (0..=first)
        .rev()
        .filter_map(|from| Some(tokens.get(from..)?.join(" ")))
        .collect()
}

/// The first of [`names`].
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
    fn a_schema_is_named_after_the_last_describing_token() {
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

//! Names for operations without an operationId.
//!
//! `GET /issues/{id}/hashes/` lists issue hashes: the verb comes from the method and from whether the path ends in a
//! parameter, the noun from the last literal segment, qualified by the one before it.

use super::case::singular;
use crate::api::HttpMethod;

/// Possible names as space-separated words, the shortest first. Each further name adds a segment of the path.
#[must_use]
pub fn candidates(method: HttpMethod, path: &str) -> Vec<String> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let is_parameter = |segment: &str| segment.contains('{');
    // A literal followed by a parameter names an item. Any other names a collection or a single thing.
    let mut nouns: Vec<(String, bool)> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if !is_parameter(segment) {
            let item = segments
                .get(index + 1)
                .is_some_and(|next| is_parameter(next));
            nouns.push((segment.replace(['-', '_', '.'], " "), item));
        }
    }
    let Some((last, last_is_item)) = nouns.pop() else {
        return vec![method.key().to_owned()];
    };
    let collection = !last_is_item && singular(&last) != last;
    let verb = match method {
        HttpMethod::Get if collection => "list",
        HttpMethod::Get => "retrieve",
        HttpMethod::Post if last_is_item => "post",
        HttpMethod::Post => "create",
        HttpMethod::Put | HttpMethod::Patch if collection => "bulk update",
        HttpMethod::Put | HttpMethod::Patch => "update",
        HttpMethod::Delete if collection => "bulk delete",
        HttpMethod::Delete => "delete",
        HttpMethod::Options => "options",
        HttpMethod::Head => "head",
        HttpMethod::Trace => "trace",
    };
    let noun = if collection && matches!(verb, "list" | "bulk update" | "bulk delete") {
        last.clone()
    } else {
        singular(&last)
    };
    let mut names = Vec::new();
    let mut scope = String::new();
    // The name always includes the parent: the hashes of an issue are issue hashes.
    if let Some((parent, _)) = nouns.pop() {
        scope = singular(&parent);
    }
    names.push(join(verb, &scope, &noun));
    while let Some((parent, _)) = nouns.pop() {
        scope = format!("{} {scope}", singular(&parent));
        names.push(join(verb, &scope, &noun));
    }
    names
}

fn join(verb: &str, scope: &str, noun: &str) -> String {
    match scope {
        "" => format!("{verb} {noun}"),
        scope => format!("{verb} {scope} {noun}"),
    }
}

#[cfg(test)]
mod tests {
    use super::candidates;
    use crate::api::HttpMethod;

    fn check(method: HttpMethod, path: &str, expected: &str) {
        assert_eq!(
            candidates(method, path).first().map(String::as_str),
            Some(expected),
            "{method} {path}"
        );
    }

    #[test]
    fn names_follow_from_method_and_path() {
        check(
            HttpMethod::Get,
            "/issues/{issue_id}/hashes/",
            "list issue hashes",
        );
        check(HttpMethod::Get, "/issues/{issue_id}/", "retrieve issue");
        check(
            HttpMethod::Post,
            "/projects/{a}/{b}/keys/",
            "create project key",
        );
        check(
            HttpMethod::Delete,
            "/projects/{a}/{b}/keys/{key_id}/",
            "delete project key",
        );
        check(
            HttpMethod::Put,
            "/organizations/{a}/",
            "update organization",
        );
        check(HttpMethod::Get, "/organizations/", "list organizations");
        check(
            HttpMethod::Get,
            "/organizations/{a}/stats_v2/",
            "retrieve organization stats v2",
        );
        check(HttpMethod::Get, "/{everything}", "get");
    }
}

//! The name of an operation that its description does not name, by rule.
//!
//! `GET /issues/{id}/hashes/` lists issue hashes: the verb comes from the method and from whether the path ends in a
//! parameter, the noun from the last literal segment, qualified by the one before it.

use super::case::singular;
use crate::ir::HttpMethod;

/// Candidates for the name in words, the shortest first; each further one adds a scope from the path.
#[must_use]
pub fn candidates(method: HttpMethod, path: &str) -> Vec<String> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let is_parameter = |segment: &str| segment.contains('{');
    // A literal is an item when a parameter follows it, a collection or a single thing otherwise.
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
    // The nearest enclosing item belongs to the name: the hashes of an issue are issue hashes.
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
    use crate::ir::HttpMethod;

    fn check(method: HttpMethod, path: &str, expected: &str) {
        assert_eq!(
            candidates(method, path).first().map(String::as_str),
            Some(expected),
            "{method} {path}"
        );
    }

    #[test]
    fn names_read_as_a_person_would_give_them() {
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

//! What a change does to the code of a caller or an implementer, in one line.

use super::items::{ENUM_OF_ERRORS, Facet, Item, Kind};
use crate::emit::doc::code_span;

/// What the change of a facet does to the code of a caller.
pub(super) fn of_facet(facet: &str, rust: &str, before: &str, after: &str) -> String {
    match facet {
        "documentation" => format!("the documentation of `{rust}` has changed"),
        "servers" => format!(
            "`{rust}` is sent to {} instead of {}",
            or_servers_of_the_api(after),
            or_servers_of_the_api(before)
        ),
        "deprecated" if after.is_empty() => format!("`{rust}` is no longer deprecated"),
        "deprecated" => format!("the compiler warns of uses of `{rust}`"),
        "deprecation" if after.is_empty() => {
            format!("the description no longer calls `{rust}` deprecated")
        }
        "deprecation" => format!("the description calls `{rust}` deprecated"),
        "title" | "version" => format!(
            "the {facet} of the API, which is documentation: {} \u{2192} {}",
            or_none(before),
            or_none(after)
        ),
        "tokens" if are_same_but_scopes(before, after) => {
            format!("the description lists other scopes of `{rust}`")
        }
        "tokens" => format!("callers get the tokens for `{rust}` in another way"),
        "pages" if before.is_empty() => format!("`{rust}` is new: pages of `{after}`"),
        "pages" if after.is_empty() => format!("`{rust}` is gone"),
        "method" if before.is_empty() => format!("`{after}` is new"),
        "method" if after.is_empty() => format!("`{before}` is gone"),
        "method" => format!("`{before}` is called `{after}` now"),
        "arguments" => format!("`{rust}` takes {after} instead of {before}"),
        "argument-order" => {
            format!(
                "the arguments of `{rust}` are in another order: `{after}` instead of `{before}`"
            )
        }
        "server-type" => format!("`{rust}` of the server is `{after}` instead of `{before}`"),
        "server-trait" => format!(
            "the method of `{rust}` is one of the server trait `{after}` instead of `{before}`, and its types are in another module"
        ),
        "promise" => format!("`{rust}` in responses: {before} \u{2192} {after}"),
        "place" => format!("`{rust}` is sent as the {after} instead of the {before}"),
        "id" => of_id(rust, before, after),
        "access" if after.is_empty() => {
            format!("the description no longer calls `{rust}` {before}")
        }
        "access" => format!("the description calls `{rust}` {after}"),
        "callback-url" => format!(
            "`{rust}` is called at {} instead of {}",
            or_none(after),
            or_none(before)
        ),
        "name" => format!(
            "the description calls `{rust}` {} instead of {}",
            or_none(after),
            or_none(before)
        ),
        "value-order" => format!(
            "the values of `{rust}` are in another order, also in `{rust}::KNOWN`: `{after}` instead of `{before}`"
        ),
        "alternative-order" => format!(
            "the alternatives of `{rust}` are tried in another order: `{after}` instead of `{before}`"
        ),
        "examples" => format!("the examples of `{rust}` have changed"),
        "style" => format!("`{rust}` is sent as `{after}` instead of `{before}`"),
        "accept" => format!(
            "the header `Accept` of `{rust}`: {} \u{2192} {}",
            or_none(before),
            or_none(after)
        ),
        "presence" if after == "required" => {
            format!("`{rust}` is an argument that callers must give")
        }
        "presence" => format!("`{rust}` sets it; the argument is gone"),
        "scopes" => format!("`{rust}` needs: {}", needs(true, before, after)),
        "unique-items" if after.is_empty() => format!("the items of `{rust}` may be equal"),
        "unique-items" => format!("the items of `{rust}` must differ"),
        "additional-properties" if after.is_empty() => {
            format!("`{rust}` may have properties that are not described")
        }
        "additional-properties" => {
            format!("`{rust}` may have no properties but those described")
        }
        "content-media-type" => format!(
            "the media type of the content of `{rust}`: {} \u{2192} {}",
            or_none(before),
            or_none(after)
        ),
        "multiple-of" if after.is_empty() => {
            format!("`{rust}` need not be a multiple of `{before}`")
        }
        "multiple-of" => format!("`{rust}` must be a multiple of `{after}`"),
        "http-method" => format!("`{rust}` is sent with `{after}` instead of `{before}`"),
        "defaults" => format!(
            "the variables of `{rust}` have other defaults: `{after}` instead of `{before}`"
        ),
        "security" => format!("`{rust}` needs: {}", needs(false, before, after)),
        "type" | "response" | "error" | "kind" | "target" | "url" | "form" => {
            format!("`{rust}`: {} \u{2192} {}", or_none(before), or_none(after))
        }
        facet => format!(
            "the {} of `{rust}`: {} \u{2192} {}",
            facet.replace('-', " "),
            or_none(before),
            or_none(after)
        ),
    }
}

/// Whether flows of OAuth 2, as JSON, differ in the scopes that they list alone.
fn are_same_but_scopes(before: &str, after: &str) -> bool {
    let without_scopes = |flows: &str| {
        let mut flows: serde_json::Value = serde_json::from_str(flows).ok()?;
        for flow in flows.as_object_mut()?.values_mut() {
            flow.as_object_mut()?.remove("scopes");
        }
        Some(flows)
    };
    let before = without_scopes(before);
    before.is_some() && before == without_scopes(after)
}

/// What calls need: the schemes, or the scopes instead of the earlier ones.
pub(super) fn needs(is_of_scopes: bool, before: &str, after: &str) -> String {
    if is_of_scopes {
        format!("{} instead of {}", or_none(after), or_none(before))
    } else {
        or_none(after)
    }
}

fn or_servers_of_the_api(urls: &str) -> String {
    if urls.is_empty() {
        "the servers of the API".to_owned()
    } else {
        format!("`{urls}`")
    }
}

fn or_none(value: &str) -> String {
    if value.is_empty() {
        "nothing".to_owned()
    } else {
        code_span(value)
    }
}

/// Another id of an operation or a webhook.
fn of_id(rust: &str, before: &str, after: &str) -> String {
    format!("the id of `{rust}`, which errors and logs name, is `{after}` instead of `{before}`")
}

/// Another type of the errors of an operation.
pub(super) fn of_error(rust: &str, before: &Facet, after: &Facet) -> String {
    let told = |errors: &Facet| {
        let ty = errors.rust.as_deref().unwrap_or_default();
        match errors.value.as_str() {
            ENUM_OF_ERRORS => format!("the enum `{ty}`"),
            one if one == ty => format!("`{one}`"),
            one => format!("`{ty}` (`{one}`)"),
        }
    };
    let (before, after) = (told(before), told(after));
    format!("the error of `{rust}` is {after} instead of {before}")
}

/// The name of the type of errors.
pub(super) fn type_of_errors(errors: &Facet) -> String {
    match (errors.value.as_str(), &errors.rust) {
        (ENUM_OF_ERRORS, Some(name)) => name.clone(),
        (one, _) => one.to_owned(),
    }
}

/// What another name in Rust asks for. Callers do not name the arguments of methods, but implementers of the server name the
/// fields of requests.
pub(super) fn renamed(old: &Item, new: &Item) -> String {
    if new.kind == Kind::Package {
        return renamed_package(old, new);
    }
    let field = |item: &Item| {
        let facet = item.facets.get("server-type")?;
        facet.rust.clone().filter(|_| item.is_demanded)
    };
    let (before, after) = match (field(old), field(new)) {
        (Some(before), Some(after)) => (before, after),
        _ => (old.rust.clone(), new.rust.clone()),
    };
    format!("`{before}` is called `{after}` now")
}

/// What another name of the package asks for: the paths of callers begin with that of its library.
fn renamed_package(old: &Item, new: &Item) -> String {
    let (before, after) = (&old.name, &new.name);
    let named = format!("callers depend on the package `{after}` instead of `{before}`");
    if old.rust == new.rust {
        named
    } else {
        format!("{named}, and `{}::` is `{}::` in paths", old.rust, new.rust)
    }
}

/// The key of an item without that of what it is a part of: `header tag`, `dateCreated`, `"cat"`.
pub(super) fn own_key(key: &str, item: &Item) -> String {
    let parent = item.parent.as_deref().unwrap_or_default();
    let own = key.strip_prefix(parent).unwrap_or(key);
    own.trim_start_matches([' ', '.', '=']).to_owned()
}

/// How requests differ where an item has another key and the same name in Rust.
pub(super) fn moved(old_key: &str, key: &str, old: &Item, new: &Item) -> String {
    let rust = &new.rust;
    let method = |key: &str| key.split(' ').next().unwrap_or_default().to_owned();
    let (old_method, new_method) = (method(old_key), method(key));
    let path = |item: &Item| item.facets.get("path").map(|facet| facet.value.clone());
    if new.kind == Kind::Webhook {
        let id = |key: &str| key.trim_start_matches("webhook ").to_owned();
        of_id(rust, &id(old_key), &id(key))
    } else if new.kind != Kind::Operation {
        let (before, after) = (own_key(old_key, old), own_key(key, new));
        let (before, after) = (code_span(&before), code_span(&after));
        format!("`{rust}` is sent as {after} instead of {before}")
    } else if old_method == new_method {
        format!("`{rust}` is sent to another path")
    } else if path(old) == path(new) {
        format!("`{rust}` is sent with `{new_method}` instead of `{old_method}`")
    } else {
        format!("`{rust}` is sent with `{new_method}` instead of `{old_method}`, to another path")
    }
}

/// `` `GetBookResponse::OkText` and `GetBook::send_as_text` are gone ``, or only the first, if it has no method.
pub(super) fn is_or_are(item: &Item, what: &str) -> String {
    let method = item.facets.get("method").map(|facet| facet.value.as_str());
    match method.filter(|method| !method.is_empty()) {
        Some(method) => format!("`{}` and `{method}` are {what}", item.rust),
        None => format!("`{}` is {what}", item.rust),
    }
}

/// The media type of a body.
pub(super) fn media_type(item: &Item) -> &str {
    let media_type = item.facets.get("media-type");
    media_type.map_or("", |facet| &facet.value)
}

//! Reads an overlay from its tree and checks that it is well-formed.

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::Span;
use crate::description::tree::{Mapping, Node, Value};

use super::select::Query;
use super::{Action, Change, Overlay, Version};

/// Reads an overlay. Returns `None` exactly if it added an error to `diagnostics`.
#[must_use]
pub fn read(root: &Node, diagnostics: &mut Diagnostics) -> Option<Overlay> {
    let mut found = Diagnostics::default();
    let overlay = overlay(root, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    overlay.filter(|_| !failed)
}

fn overlay(root: &Node, diagnostics: &mut Diagnostics) -> Option<Overlay> {
    let Some(mapping) = root.as_mapping() else {
        diagnostics.push(malformed(
            "an overlay is a mapping",
            root.span,
            format!("this is of type {}", root.kind()),
        ));
        return None;
    };
    check_keys(
        mapping,
        &["overlay", "info", "extends", "actions"],
        diagnostics,
    );
    let version = version(root, mapping, diagnostics);
    let title = info(root, mapping, diagnostics);
    let extends = mapping.get("extends").and_then(|node| {
        let text = string(node, "extends", diagnostics)?;
        Some((text, node.span))
    });
    let actions = actions(root, mapping, version, diagnostics);
    Some(Overlay {
        title: title?,
        actions,
        version: version?,
        extends,
    })
}

/// The diagnostic for an overlay that is not well-formed.
fn malformed(message: &str, at: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error("overlay-form", message)
        .at(at, label)
        .help("an overlay has `overlay: 1.1.0`, `info` with `title` and `version`, and `actions`, each with `target`, `description` and one of `update`, `copy` and `remove: true`")
}

fn missing(key: &str, at: Span) -> Diagnostic {
    malformed(
        &format!("the key `{key}` is missing"),
        at,
        format!("`{key}` belongs here"),
    )
}

fn check_keys(mapping: &Mapping, known: &[&str], diagnostics: &mut Diagnostics) {
    for entry in &mapping.entries {
        if !known.contains(&entry.key.as_str()) && !entry.key.starts_with("x-") {
            diagnostics.push(malformed(
                &format!("the key `{}` is unknown", entry.key),
                entry.key_span,
                format!("known are {}", known.join(", ")),
            ));
        }
    }
}

fn string(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    match &node.value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::String(_) => {
            diagnostics.push(malformed(
                &format!("`{key}` is empty"),
                node.span,
                "some text belongs here",
            ));
            None
        }
        _ => {
            let label = format!("this is of type {}", node.kind());
            diagnostics.push(malformed(&format!("`{key}` is a string"), node.span, label));
            None
        }
    }
}

fn version(root: &Node, mapping: &Mapping, diagnostics: &mut Diagnostics) -> Option<Version> {
    let Some(node) = mapping.get("overlay") else {
        diagnostics.push(missing("overlay", root.span));
        return None;
    };
    let text = string(node, "overlay", diagnostics)?;
    let is_patch =
        |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let version = match text.rsplit_once('.') {
        Some(("1.0", patch)) if is_patch(patch) => Some(Version::V1_0),
        Some(("1.1", patch)) if is_patch(patch) => Some(Version::V1_1),
        _ => None,
    };
    if version.is_none() {
        diagnostics.push(malformed(
            &format!("the version `{text}` of the Overlay Specification is unknown"),
            node.span,
            "1.0.0 and 1.1.0 are known",
        ));
    }
    version
}

fn info(root: &Node, mapping: &Mapping, diagnostics: &mut Diagnostics) -> Option<String> {
    let Some(node) = mapping.get("info") else {
        diagnostics.push(missing("info", root.span));
        return None;
    };
    let Some(info) = node.as_mapping() else {
        diagnostics.push(malformed(
            "`info` is a mapping",
            node.span,
            format!("this is of type {}", node.kind()),
        ));
        return None;
    };
    check_keys(info, &["title", "version", "description"], diagnostics);
    match info.get("version") {
        None => diagnostics.push(missing("version", node.span)),
        // A version such as `1.0` is read as a number. Its text is not used.
        Some(Node {
            value: Value::Number(_),
            ..
        }) => {}
        Some(version) => drop(string(version, "version", diagnostics)),
    }
    match info.get("title") {
        Some(title) => string(title, "title", diagnostics),
        None => {
            diagnostics.push(missing("title", node.span));
            None
        }
    }
}

fn actions(
    root: &Node,
    mapping: &Mapping,
    version: Option<Version>,
    diagnostics: &mut Diagnostics,
) -> Vec<Action> {
    let Some(node) = mapping.get("actions") else {
        diagnostics.push(missing("actions", root.span));
        return Vec::new();
    };
    match node.as_sequence() {
        Some([]) | None => {
            diagnostics.push(malformed(
                "`actions` is a list of at least one action",
                node.span,
                "no list of actions",
            ));
            Vec::new()
        }
        Some(items) => items
            .iter()
            .filter_map(|item| action(item, version, diagnostics))
            .collect(),
    }
}

fn action(node: &Node, version: Option<Version>, diagnostics: &mut Diagnostics) -> Option<Action> {
    let Some(mapping) = node.as_mapping() else {
        diagnostics.push(malformed(
            "an action is a mapping",
            node.span,
            format!("this is of type {}", node.kind()),
        ));
        return None;
    };
    let known: &[&str] = match version {
        Some(Version::V1_0) => &["target", "description", "update", "remove"],
        _ => &["target", "description", "update", "remove", "copy"],
    };
    check_keys(mapping, known, diagnostics);
    let target = match mapping.get("target") {
        Some(target) => query(target, "target", diagnostics),
        None => {
            diagnostics.push(missing("target", node.span));
            None
        }
    };
    let description = match mapping.get("description") {
        Some(description) => string(description, "description", diagnostics),
        None => {
            diagnostics.push(
                Diagnostic::error("overlay-without-reason", "the action gives no reason")
                    .at(node.span, "`description` is missing")
                    .help("add a `description` that states the defect of the document and how you know it"),
            );
            None
        }
    };
    let change = change(node, mapping, diagnostics);
    Some(Action {
        span: node.span,
        description: description?,
        target: target?,
        change: change?,
    })
}

fn change(node: &Node, mapping: &Mapping, diagnostics: &mut Diagnostics) -> Option<Change> {
    let remove = match mapping.get("remove") {
        None => false,
        Some(remove) => remove.as_bool().unwrap_or_else(|| {
            diagnostics.push(malformed(
                "`remove` is a boolean",
                remove.span,
                format!("this is of type {}", remove.kind()),
            ));
            true
        }),
    };
    match (mapping.get("update"), mapping.get("copy"), remove) {
        (Some(update), None, false) => Some(Change::Update(update.clone())),
        (None, Some(copy), false) => query(copy, "copy", diagnostics).map(Change::Copy),
        (None, None, true) => Some(Change::Remove),
        _ => {
            diagnostics.push(malformed(
                "an action has exactly one of `update`, `copy` and `remove: true`",
                node.span,
                "this action",
            ));
            None
        }
    }
}

fn query(node: &Node, key: &str, diagnostics: &mut Diagnostics) -> Option<Query> {
    let text = string(node, key, diagnostics)?;
    match Query::parse(&text, node.span) {
        Ok(query) => Some(query),
        Err(error) => {
            diagnostics.push(
                Diagnostic::error(
                    "overlay-jsonpath",
                    format!("`{text}` is not a JSONPath of RFC 9535"),
                )
                .at(node.span, error)
                .help("for example `$.paths['/pets'].get.parameters[?@.name=='limit'].schema`"),
            );
            None
        }
    }
}

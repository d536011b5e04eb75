use super::*;
use crate::description::load;
use crate::description::source::SourceMap;

const API: &str = "\
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
tags: [{name: a}, {name: b}]
paths:
  /pets:
    get:
      summary: List
      parameters:
        - {name: limit, in: query}
        - {name: page, in: query}
    post: {summary: Add}
  /pets/{id}:
    get: {summary: Show}
";

struct Applied {
    document: Node,
    diagnostics: Diagnostics,
}

fn apply_text(overlay: &str) -> Applied {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let api = sources.add("specs/api.yaml", API);
    let file = sources.add("specs/overlays/fix.yaml", overlay);
    let mut document = load::parse(&sources, api, &mut diagnostics).unwrap();
    let root = load::parse(&sources, file, &mut diagnostics).unwrap();
    if let Some(overlay) = read(&root, &mut diagnostics) {
        apply(&mut document, "specs/api.yaml", &overlay, &mut diagnostics);
    } else {
        assert!(diagnostics.has_errors());
    }
    for item in diagnostics.items() {
        assert!(!item.labels.is_empty() && item.help.is_some(), "{item:?}");
        assert!(!item.render(&sources).is_empty());
    }
    Applied {
        document,
        diagnostics,
    }
}

fn actions(version: &str, actions: &str) -> Applied {
    apply_text(&format!(
        "overlay: {version}\ninfo: {{title: Fix, version: 1.0.0}}\nactions:\n{actions}"
    ))
}

/// Applies one action that must succeed and compares the node at a pointer.
#[track_caller]
fn check(action: &str, pointer: &str, json: &str) {
    let applied = actions("1.1.0", &format!("- {{description: why, {action}}}\n"));
    assert_eq!(applied.diagnostics.items(), [], "{action}");
    let found = applied
        .document
        .pointer(pointer)
        .map_or(serde_json::Value::Null, Node::to_json);
    assert_eq!(
        found,
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    );
}

/// The findings of one action as `line:column code`.
#[track_caller]
fn check_findings(overlay: &str, expected: &[&str]) {
    let applied = apply_text(overlay);
    let found: Vec<_> = applied
        .diagnostics
        .items()
        .iter()
        .map(|item| {
            format!(
                "{}:{} {}",
                item.labels[0].at.line, item.labels[0].at.column, item.code
            )
        })
        .collect();
    assert_eq!(found, expected, "{overlay}");
}

#[track_caller]
fn check_finding(action: &str, expected: &str) {
    let overlay =
        format!("overlay: 1.1.0\ninfo: {{title: t, version: 1.0}}\nactions:\n- {action}\n");
    check_findings(&overlay, &[expected]);
}

#[test]
fn update_merges_objects_appends_to_arrays_and_replaces_primitives() {
    check(
        "target: \"$.paths['/pets']\", update: {get: {summary: All, tags: [x]}, put: {}}",
        "/paths/~1pets",
        r#"{"get": {"summary": "All", "parameters": [{"name": "limit", "in": "query"}, {"name": "page", "in": "query"}],
            "tags": ["x"]}, "post": {"summary": "Add"}, "put": {}}"#,
    );
    check(
        "target: $.tags, update: {name: c}",
        "/tags",
        r#"[{"name": "a"}, {"name": "b"}, {"name": "c"}]"#,
    );
    check(
        "target: $.tags, update: [{name: c}]",
        "/tags/2",
        r#"{"name": "c"}"#,
    );
    check(
        "target: $, update: {tags: [1, 2]}",
        "/tags",
        r#"[{"name": "a"}, {"name": "b"}, 1, 2]"#,
    );
    check(
        "target: $.info.title, update: Cats",
        "/info/title",
        "\"Cats\"",
    );
    check(
        "target: '$.paths.*.get', update: {x-a: 1}",
        "/paths/~1pets~1{id}/get/x-a",
        "1",
    );
}

#[test]
fn array_is_one_item_in_version_1_0() {
    let applied = actions(
        "1.0.0",
        "- {description: why, target: $.tags, update: [1]}\n",
    );
    assert_eq!(
        applied.document.pointer("/tags/2/0").map(Node::to_json),
        Some(1.into())
    );
    check_findings(
        "overlay: 1.0.0\ninfo: {title: t, version: 1.0}\nactions:\n- {description: why, target: $.tags, copy: $.info}\n",
        &["4:38 overlay-form"],
    );
}

#[test]
fn filter_behind_names_selects() {
    check(
        "target: \"$.paths['/pets'].get.parameters[?@.name=='page']\", update: {required: true}",
        "/paths/~1pets/get/parameters/1/required",
        "true",
    );
    check(
        "target: \"$.paths[?@.get.summary==$.paths['/pets'].get.summary].get\", update: {x-same: true}",
        "/paths/~1pets/get/x-same",
        "true",
    );
    check(
        "target: \"$.paths['/pets']['get'].parameters[-1].name\", update: p",
        "/paths/~1pets/get/parameters/1/name",
        "\"p\"",
    );
    check(
        "target: \"$.paths['/pets'].get.parameters[1].name\", update: p",
        "/paths/~1pets/get/parameters/1/name",
        "\"p\"",
    );
}

#[test]
fn remove_takes_every_match_whatever_its_order() {
    check("target: '$.tags[*]', remove: true", "/tags", "[]");
    check(
        "target: '$..get', remove: true",
        "/paths",
        r#"{"/pets": {"post": {"summary": "Add"}}, "/pets/{id}": {}}"#,
    );
    check(
        "target: $.info.version, remove: true",
        "/info",
        r#"{"title": "Pets"}"#,
    );
    check("target: '$..*', remove: true", "", "{}");
    check("target: \"$.tags[0,0,1]\", remove: true", "/tags", "[]");
}

#[test]
fn copy_merges_the_node_that_it_selects() {
    check(
        "target: \"$.paths['/pets/{id}'].get\", copy: \"$.paths['/pets'].post\"",
        "/paths/~1pets~1{id}/get/summary",
        "\"Add\"",
    );
    check(
        "target: $.tags, copy: $.tags",
        "/tags",
        r#"[{"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": "b"}]"#,
    );
    check_finding(
        "{description: why, target: $.info, copy: '$.paths.*'}",
        "4:44 overlay-copy",
    );
    check_finding(
        "{description: why, target: $.info, copy: $.none}",
        "4:44 overlay-copy",
    );
}

#[test]
fn copies_do_not_explode() {
    let deep = format!("{}1{}", "[".repeat(124), "]".repeat(124));
    let target = "$.paths['/pets'].get.parameters[0]";
    let found = actions(
        "1.1.0",
        &format!("- {{description: why, target: \"{target}\", update: {{x: {deep}}}}}\n"),
    );
    assert_eq!(found.diagnostics.items()[0].code, "overlay-incompatible");
    let grow = "- {description: why, target: $.tags, copy: $.tags}\n".repeat(30);
    let found = actions("1.1.0", &grow).diagnostics;
    assert!(
        found
            .items()
            .iter()
            .all(|item| item.code == "overlay-too-large")
    );
    assert!(found.has_errors());
}

#[test]
fn new_nodes_stand_in_the_overlay_and_equal_ones_in_the_document() {
    let applied = actions(
        "1.1.0",
        "- {description: why, target: $.info, update: {title: Pets, x: [1]}}\n",
    );
    let info = applied.document.get("info").unwrap().as_mapping().unwrap();
    let document = applied.document.span.file;
    assert_eq!(info.get("title").unwrap().span.file, document);
    assert_ne!(info.entry("x").unwrap().key_span.file, document);
    assert_eq!(info.get("x").unwrap().span.line, 4);
}

#[test]
fn action_that_matches_or_changes_nothing_is_an_error() {
    check_finding(
        "{description: why, target: $.none, remove: true}",
        "4:3 overlay-never-applied",
    );
    check_finding(
        "{description: why, target: '$.tags[?@.name==\"z\"]', update: {}}",
        "4:3 overlay-never-applied",
    );
    check_finding(
        "{description: why, target: $.info, update: {title: Pets}}",
        "4:3 overlay-without-effect",
    );
    check_finding(
        "{description: why, target: $.info.title, update: Pets}",
        "4:3 overlay-without-effect",
    );
    check_finding(
        "{description: why, target: $.tags, update: []}",
        "4:3 overlay-without-effect",
    );
}

#[test]
fn failing_action_does_not_stop_the_next() {
    let applied = actions(
        "1.1.0",
        "- {description: why, target: $.none, remove: true}\n- {description: why, target: $.tags, remove: true}\n",
    );
    assert_eq!(applied.diagnostics.items().len(), 1);
    assert!(applied.document.get("tags").is_none());
}

#[test]
fn incompatible_nodes_are_errors_and_change_nothing() {
    for action in [
        "target: $.info, update: text",
        "target: $.info.title, update: {a: 1}",
        "target: $, update: {x-new: 1, info: {title: {a: 1}}}",
        "target: $, update: {tags: {}}",
        "target: '$.*', update: {a: 1}",
    ] {
        let applied = actions("1.1.0", &format!("- {{description: why, {action}}}\n"));
        assert_eq!(
            applied.diagnostics.items()[0].code,
            "overlay-incompatible",
            "{action}"
        );
        assert!(applied.document.get("x-new").is_none());
    }
    check_finding(
        "{description: why, target: $, remove: true}",
        "4:3 overlay-removes-all",
    );
}

#[test]
fn form_is_checked() {
    check_findings("[1]", &["1:1 overlay-form"]);
    check_findings("a: 1", &["1:1 overlay-form"; 4]);
    check_findings(
        "overlay: 1.2.0\ninfo: {title: '', versions: 1}\nextends: 5\nactions: []\n",
        &[
            "1:10 overlay-form",
            "2:19 overlay-form",
            "2:7 overlay-form",
            "2:15 overlay-form",
            "3:10 overlay-form",
            "4:10 overlay-form",
        ],
    );
    check_finding(
        "{target: $.info, update: {a: 1}}",
        "4:3 overlay-without-reason",
    );
    check_finding(
        "{description: '', target: $.info, update: {a: 1}}",
        "4:17 overlay-form",
    );
    check_finding(
        "{description: why, target: $.info, update: {a: 1}, remove: true}",
        "4:3 overlay-form",
    );
    check_finding(
        "{description: why, target: $.info, remove: false}",
        "4:3 overlay-form",
    );
    check_finding(
        "{description: why, target: $.info, remove: 1}",
        "4:46 overlay-form",
    );
    check_finding(
        "{description: why, target: $.info, update: {a: 1}, note: x}",
        "4:54 overlay-form",
    );
    check_finding("text", "4:3 overlay-form");
}

#[test]
fn invalid_jsonpath_is_located() {
    for path in [
        "info",
        "$.",
        "$.paths[",
        "$.a b",
        "$[?@.x=1]",
        "$..a..b..c..d",
        "",
    ] {
        let code = if path.is_empty() {
            "overlay-form"
        } else {
            "overlay-jsonpath"
        };
        check_finding(
            &format!("{{description: why, target: '{path}', remove: true}}"),
            &format!("4:30 {code}"),
        );
    }
    let deep = format!("$[?{}1{}]", "f(".repeat(40), ")".repeat(40));
    assert!(Query::parse(&deep, apply_text("[1]").document.span).is_err());
}

#[test]
fn extends_names_the_document() {
    let check = |extends: &str| {
        let overlay = format!(
            "overlay: 1.1.0\ninfo: {{title: t, version: v}}\nextends: {extends}\nactions:\n- {{description: why, target: $.tags, remove: true}}\n"
        );
        apply_text(&overlay)
            .diagnostics
            .items()
            .first()
            .map(|item| item.code)
    };
    for extends in [
        "api.yaml",
        "./api.yaml",
        "../api.yaml",
        "specs/api.yaml",
        "/home/me/specs/api.yaml",
        "https://example.com/x/api.yaml",
    ] {
        assert_eq!(check(extends), None, "{extends}");
    }
    for extends in [
        "other.yaml",
        "i.yaml",
        "other/api.yaml",
        "./",
        "https://example.com/other.yaml",
    ] {
        assert_eq!(
            check(extends),
            Some("overlay-of-another-document"),
            "{extends}"
        );
    }
}

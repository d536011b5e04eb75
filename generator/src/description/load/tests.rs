use super::*;
use crate::description::tree::Value;

struct Loaded {
    sources: SourceMap,
    root: Option<Node>,
    diagnostics: Diagnostics,
}

fn load(text: &str) -> Loaded {
    let mut sources = SourceMap::default();
    let file = sources.add("api.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let root = parse(&sources, file, &mut diagnostics);
    assert_eq!(root.is_none(), diagnostics.has_errors(), "{text}");
    for item in diagnostics.items() {
        assert!(!item.labels.is_empty() && item.help.is_some(), "{item:?}");
    }
    // Rendering must survive whatever position a reader reports.
    let _ = diagnostics.render(&sources);
    Loaded {
        sources,
        root,
        diagnostics,
    }
}

#[track_caller]
fn check(text: &str, json: &str) {
    let loaded = load(text);
    let Some(root) = loaded.root else {
        panic!("{}", loaded.diagnostics.render(&loaded.sources));
    };
    let expected: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(root.to_json(), expected);
}

/// The findings as `line:column code`, each label after the first in parentheses.
fn findings(text: &str) -> Vec<String> {
    let positions = |item: &Diagnostic| -> Vec<String> {
        item.labels
            .iter()
            .map(|label| format!("{}:{}", label.at.line, label.at.column))
            .collect()
    };
    let loaded = load(text);
    let items = loaded.diagnostics.items().iter();
    items
        .map(|item| format!("{} {}", item.code, positions(item).join(" ")))
        .collect()
}

#[track_caller]
fn check_findings(text: &str, expected: &[&str]) {
    assert_eq!(findings(text), expected, "{text}");
}

#[test]
fn block_yaml_is_read() {
    check(
        "a: 1\nb:\n  - x\n  - {c: null, d: [true, 1.5]}\ne: |\n  two\n  lines\nf: >-\n  one\n  line\n",
        r#"{"a": 1, "b": ["x", {"c": null, "d": [true, 1.5]}], "e": "two\nlines\n", "f": "one line"}"#,
    );
}

#[test]
fn keys_other_than_strings_are_keys_by_their_spelling() {
    check(
        "200: a\n4XX: b\ntrue: c\n1.10: d\n012: e\n'null': f\nno: g\n",
        r#"{"200": "a", "4XX": "b", "true": "c", "1.10": "d", "012": "e", "null": "f", "no": "g"}"#,
    );
}

#[test]
fn spans_are_lines_and_characters_counted_from_one() {
    let loaded = load("ä: {ö: 1, ü: [2]}\nlist:\n  - x\nq: \"ß\"\n");
    let root = loaded.root.unwrap();
    let at = |node: &Node| (node.span.line, node.span.column);
    let entry = root
        .get("ä")
        .unwrap()
        .as_mapping()
        .unwrap()
        .entry("ü")
        .unwrap();
    assert_eq!((entry.key_span.line, entry.key_span.column), (1, 11));
    assert_eq!(at(&entry.value), (1, 14));
    assert_eq!(at(root.pointer("/ä/ü/0").unwrap()), (1, 15));
    assert_eq!(at(root.pointer("/list").unwrap()), (2, 1));
    assert_eq!(at(root.pointer("/list/0").unwrap()), (3, 5));
    assert_eq!(at(root.pointer("/q").unwrap()), (4, 4));
    assert_eq!(at(&root), (1, 1));
}

#[test]
fn a_collection_below_its_key_is_at_the_key_unless_another_is_there() {
    let text = "a:\n  b:\n    c: 1\n  d: &x\n    e: 2\nf:\n  - g:\n      h:\n        i: 3\n    j:\n      k: 4\n  - l: [1]\nm: *x\n";
    let root = load(text).root.unwrap();
    let at = |pointer: &str| {
        let span = root.pointer(pointer).unwrap().span;
        (span.line, span.column)
    };
    // The document and the items of a sequence are where their first keys are, and so these keys have no value there.
    assert_eq!((at(""), at("/a"), at("/a/b")), ((1, 1), (2, 3), (3, 5)));
    assert_eq!(
        (at("/f/0"), at("/f/0/g"), at("/f/0/g/h")),
        ((7, 5), (8, 7), (9, 9))
    );
    assert_eq!(
        (at("/a/d"), at("/f"), at("/f/0/j")),
        ((4, 6), (6, 1), (10, 5))
    );
    // An alias is where its anchor is, which begins beside its key.
    assert_eq!((at("/f/1/l"), at("/m/e")), ((12, 8), (5, 8)));
}

#[test]
fn spans_of_json_are_those_of_the_same_yaml() {
    let text = "{\n\t\"ä\": [1, \"ö\", {\"b\": true}],\r\n  \"c\" : {}}";
    let root = load(text).root.unwrap();
    let at = |pointer: &str| {
        let span = root.pointer(pointer).unwrap().span;
        (span.line, span.column)
    };
    assert_eq!(at(""), (1, 1));
    assert_eq!(at("/ä"), (2, 7));
    assert_eq!(at("/ä/1"), (2, 11));
    assert_eq!(at("/ä/2/b"), (2, 22));
    assert_eq!(at("/c"), (3, 9));
    let key = root.as_mapping().unwrap().entry("c").unwrap().key_span;
    assert_eq!((key.line, key.column), (3, 3));
}

#[test]
fn byte_order_mark_and_carriage_returns_are_not_content() {
    check(
        "\u{feff}a: x\r\nb:\r\n  - y\r\nc: |\r\n  z\r\n",
        r#"{"a": "x", "b": ["y"], "c": "z\n"}"#,
    );
    check("\u{feff}{\"a\": 1}", r#"{"a": 1}"#);
    check_findings("\u{feff}a: 1\r\na: 2\r\n", &["duplicate-key 2:1 1:2"]);
}

#[test]
fn json_that_yaml_readers_refuse_is_read() {
    check(
        "{\t\"a\\/b\":\t\"\\ud83d\\ude00\\u0041\\b\", \"c\": [-0.5e+1, 12]}",
        r#"{"a/b": "😀A\b", "c": [-5.0, 12]}"#,
    );
}

#[test]
fn flow_yaml_is_read_where_json_fails() {
    check(
        "{openapi: 3.0.0, 'a': [b, c,],}",
        r#"{"openapi": "3.0.0", "a": ["b", "c"]}"#,
    );
    check("[a, b]", r#"["a", "b"]"#);
}

#[test]
fn extension_json_selects_the_json_error() {
    let mut sources = SourceMap::default();
    let file = sources.add("api.json", "{\"a\": 1,}");
    let mut diagnostics = Diagnostics::default();
    assert!(parse(&sources, file, &mut diagnostics).is_some());
    assert!(!diagnostics.has_errors());
    assert_eq!(diagnostics.items()[0].code, "json-read-as-yaml");

    let file = sources.add("bad.json", "{\"a\": 1\n \"b\": 2}");
    let mut diagnostics = Diagnostics::default();
    assert!(parse(&sources, file, &mut diagnostics).is_none());
    assert_eq!(diagnostics.items()[0].code, "json-syntax");
}

#[test]
fn error_of_the_parser_that_got_further_is_reported() {
    check_findings("{\"a\": 1,\n \"b\": \"\\ud800\"}", &["json-syntax 2:8"]);
    check_findings("{a: 1,\n b: ]}", &["yaml-syntax 2:5"]);
    check_findings("{\"a\": 1} x", &["json-syntax 1:10"]);
}

#[test]
fn json_syntax_errors_are_located() {
    for (text, at) in [
        ("{\"a\": 01, b\\: }", "1:7"),
        ("{\"a\": \"\\ud800\"", "1:8"),
    ] {
        let mut diagnostics = Diagnostics::default();
        let mut sources = SourceMap::default();
        let input = Input::new(text, sources.add("a.json", text));
        let error = json::read(&input, &mut diagnostics).unwrap_err();
        assert_eq!(
            format!("{}:{}", error.at.line, error.at.column),
            at,
            "{text}"
        );
    }
    for text in [
        "",
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{a:1}",
        "nul",
        "-",
        "1.",
        "1e",
        "1.e1",
        ".5",
        "+1",
        "\"",
        "\"\\",
        "\"\\u12",
        "\"\\ux\"",
        "\"\\x\"",
        "\"\n\"",
        "[1 2]",
        "{} {}",
        "]",
        "[}",
        "{]",
        "NaN",
        "'a'",
        "[1] // c",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\\u+123\"",
    ] {
        let mut diagnostics = Diagnostics::default();
        let mut sources = SourceMap::default();
        let input = Input::new(text, sources.add("a.json", text));
        assert!(json::read(&input, &mut diagnostics).is_err(), "{text}");
        assert!(
            serde_json::from_str::<serde_json::Value>(text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn every_duplicate_key_is_reported_with_both_positions() {
    let expected = ["duplicate-key 3:1 1:1", "duplicate-key 4:10 4:5"];
    check_findings("a: 1\nb: 2\na: {x: [1]}\nc: {d: , d: 2}\n", &expected);
    check_findings(
        "{\"a\": 1,\n \"a\": 2, \"a\": 3}",
        &["duplicate-key 2:2 1:2", "duplicate-key 2:10 1:2"],
    );
    check_findings("200: a\n\"200\": b\n", &["duplicate-key 2:1 1:1"]);
    let found = load("a:\n  b/c: 1\n  b/c: 2\n").diagnostics;
    assert_eq!(found.items()[0].pointer.as_deref(), Some("/a/b~1c"));
}

#[test]
fn flood_of_duplicates_is_counted() {
    let found = load(&"a: 1\n".repeat(3000)).diagnostics;
    assert_eq!(found.items().len(), 1001);
    assert_eq!(found.items()[1000].code, "too-many-findings");
}

#[test]
fn several_documents_and_none_are_errors() {
    check_findings(
        "a: 1\n---\nb: 2\n---\nc: 3\n",
        &["several-documents 2:1 1:1"],
    );
    check("---\na: 1\n...\n", r#"{"a": 1}"#);
    for text in ["", " \n\t\n", "# only a comment\n", "---\n", "\u{feff}"] {
        assert_eq!(findings(text), ["empty-document 1:1"], "{text:?}");
    }
    check("null", "null");
    check("''", "\"\"");
}

#[test]
fn alias_repeats_its_anchor_with_the_position_of_the_anchor() {
    let text = "a: &a {x: &s text}\nb: *a\n*s : c\n";
    check(
        text,
        r#"{"a": {"x": "text"}, "b": {"x": "text"}, "text": "c"}"#,
    );
    let root = load(text).root.unwrap();
    assert_eq!(
        root.pointer("/b/x").unwrap().span,
        root.pointer("/a/x").unwrap().span
    );
}

#[test]
fn alias_bomb_ends_at_the_budget() {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        text.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            vec![alias; 9].join(",")
        ));
    }
    let found = load(&text).diagnostics;
    assert_eq!(found.items()[0].code, "alias-budget");
    let long = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(1_000_000),
        "*a,".repeat(100)
    );
    assert_eq!(load(&long).diagnostics.items()[0].code, "alias-budget");
}

#[test]
fn endless_alias_and_alias_without_anchor_are_errors() {
    check_findings("a: &a [1, *a]\n", &["alias-cycle 1:11"]);
    check_findings("a: *b\n", &["yaml-syntax 1:4"]);
}

#[test]
fn merge_key_adds_what_the_mapping_lacks() {
    check(
        "base: &b {x: 1, y: 2}\nc: {w: 0, <<: *b, y: 3}\nd: {<<: [*b, {x: 5, z: 6}]}\ne: {'<<': 1}\n",
        r#"{"base": {"x": 1, "y": 2}, "c": {"w": 0, "x": 1, "y": 3}, "d": {"x": 1, "y": 2, "z": 6}, "e": {"<<": 1}}"#,
    );
    check_findings("a: {<<: text}", &["merge-key 1:5 1:9"]);
    check_findings("b: &b {}\na: {<<: *b, <<: *b}", &["duplicate-key 2:13 2:5"]);
    check("{\"<<\": 1}", r#"{"<<": 1}"#);
}

#[test]
fn tags_and_keys_beyond_json_are_all_reported() {
    check_findings(
        "a: !!python/object/apply:os.system [\"touch\"]\nb: !!binary aGk=\nc: !local {x: 1}\n? {complex: key}\n: {y: 1}\n? null\n: 1\n? [1, 2]\n~: 2\n!x k: 1\n",
        &[
            "custom-tag 1:4",
            "custom-tag 2:4",
            "custom-tag 3:4",
            "complex-key 4:3",
            "null-key 6:3",
            "complex-key 8:3",
            "null-key 9:1",
            "custom-tag 10:1",
        ],
    );
    check(
        "a: !!str 1\nb: !!int 2\nc: !!map {}\nd: ! 3\ne: !!seq []\nf: !!float 1\n",
        r#"{"a": "1", "b": 2, "c": {}, "d": "3", "e": [], "f": 1}"#,
    );
    check_findings("a: !!int x\n", &["custom-tag 1:4"]);
}

#[test]
fn numbers_that_json_cannot_express_are_errors() {
    check_findings(
        "a: .inf\nb: [.nan, 1e400]\n",
        &[
            "number-out-of-range 1:4",
            "number-out-of-range 2:5",
            "number-out-of-range 2:11",
        ],
    );
    check_findings("{\"a\": 1e400}", &["number-out-of-range 1:7"]);
    let root = load("{\"a\": 18446744073709551616, \"b\": 18446744073709551615}")
        .root
        .unwrap();
    assert_eq!(
        root.get("a").unwrap().value,
        Value::BigInteger("18446744073709551616".to_owned())
    );
    assert_eq!(root.get("b").unwrap().value, Value::Number(u64::MAX.into()));
}

#[test]
fn nesting_has_a_limit_and_no_stack_overflow() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    assert!(load(&nested("[", "]", 128)).root.is_some());
    for text in [
        nested("[", "]", 129),
        nested("[", "]", 100_000),
        nested("{\"a\":", "}", 100_000),
        nested("{a: ", "}", 100_000),
        nested("- ", "", 100_000),
        nested("? ", "", 100_000),
        "[".repeat(100_000),
        format!(
            "a: &a {}\nb: {}*a{}\n",
            nested("[", "]", 100),
            "[".repeat(100),
            "]".repeat(100)
        ),
    ] {
        let found = load(&text).diagnostics;
        let last = found.items().last().map(|item| item.code);
        assert_eq!(last, Some("nesting-too-deep"), "{}", &text[..40]);
        assert!(found.items().len() < 200);
    }
}

#[test]
fn control_characters_do_not_cut_the_text() {
    check_findings("a: 1\nb: x\0y\nc: 2\n", &["yaml-syntax 2:5"]);
}

#[test]
fn yaml_syntax_errors_are_located() {
    check_findings("a: b: c\n", &["yaml-syntax 1:5"]);
    check_findings("a: \"open\n", &["yaml-syntax 1:4"]);
}

#[test]
fn layout_that_most_readers_accept_is_accepted_with_a_warning() {
    let warning = |line: usize| format!("yaml-layout {line}:1");
    for (text, json, line) in [
        (
            "a:\n    b: {\n      c: [1,\n 2]\n  }\nd: 1\n",
            r#"{"a": {"b": {"c": [1, 2]}}, "d": 1}"#,
            4,
        ),
        (
            "a:\n    b: {\n\t\tc: 1,\n\t\td: 2 # }\n\t}\n",
            r#"{"a": {"b": {"c": 1, "d": 2}}}"#,
            3,
        ),
        (
            "a:\n  b: \"one \\\"\n\n   two\n three\"\n  c: 'it''s\nme'\n",
            r#"{"a": {"b": "one \"\ntwo three", "c": "it's me"}}"#,
            5,
        ),
        (
            "- - b: \"one\ntwo\"\n    \"c\": [d,\n e]\n",
            r#"[[{"b": "one two", "c": ["d", "e"]}]]"#,
            2,
        ),
        ("a:\tone\nb:\t\"two\"\n", r#"{"a": "one", "b": "two"}"#, 1),
    ] {
        check(text, json);
        assert_eq!(findings(text), [warning(line)], "{text}");
    }
}

#[test]
fn layout_of_texts_is_kept_if_other_lines_are_relaxed() {
    check(
        "a: |\n  \"x\n  {\n\n  [\nb: one\n  \"two\n  {three |\nc: >-\n  it's\nd:\n    - {\n  }\n",
        r#"{"a": "\"x\n{\n\n[\n", "b": "one \"two {three |", "c": "it's", "d": [{}]}"#,
    );
}

#[test]
fn positions_in_a_relaxed_layout_are_those_of_the_file() {
    let expected = ["yaml-layout 3:1", "duplicate-key 3:2 2:7"];
    check_findings("a:\n  b: {c: 1,\n c: 2}\n", &expected);
}

#[test]
fn pairs_of_surrogates_are_one_character_and_halves_an_error() {
    check(r#"a: "\ud83d\ude00 \\ud83d""#, r#"{"a": "😀 \\ud83d"}"#);
    check_findings("a: \"\\ud83d\"\n", &["yaml-syntax 1:4"]);
    check_findings("b: 1\na: \"\\ud83d\\ude00\"\n", &["yaml-surrogates 2:1"]);
}

#[test]
fn surrogates_outside_of_double_quotes_are_the_characters_that_they_are_written_with() {
    check(
        "a: '[\\ud83d\\ude00]' # \\ud83d\\ude00\nb: \\ud83d\\ude00\nc: [\"\\ud83d\\ude00\", '\\ud83d\\ude00'\n]\n",
        r#"{"a": "[\\ud83d\\ude00]", "b": "\\ud83d\\ude00", "c": ["😀", "\\ud83d\\ude00"]}"#,
    );
}

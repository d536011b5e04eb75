//! What is emitted for the server side.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "fixture/notes.rs"]
mod notes;

use std::collections::BTreeMap;

use generator::emit::server::generate;

fn emitted() -> BTreeMap<String, String> {
    let files = generate(&notes::api()).unwrap();
    files
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// A file without line breaks and indentation, so that tests do not depend on where the formatter breaks lines.
fn flat(files: &BTreeMap<String, String>, path: &str) -> String {
    let words: Vec<&str> = files[path].split_whitespace().collect();
    words
        .join(" ")
        .replace("( ", "(")
        .replace(", )", ")")
        .replace(",)", ")")
}

#[test]
fn a_group_with_operations_has_a_file_and_one_without_has_none() {
    let files = emitted();
    let paths = files.keys().map(String::as_str);
    let paths: Vec<&str> = paths.filter(|path| path.contains("/operations/")).collect();
    assert_eq!(
        paths,
        [
            "src/server/operations/files.rs",
            "src/server/operations/mod.rs",
            "src/server/operations/mod_.rs",
            "src/server/operations/notes.rs",
            "src/server/operations/odd.rs",
        ]
    );
}

#[test]
fn the_runtime_comes_with_it() {
    let files = emitted();
    assert!(files["src/server/mod.rs"].contains("pub mod operations;"));
    for path in files.keys() {
        assert!(files[path].starts_with("// @generated"), "{path}");
    }
}

#[test]
fn the_same_api_gives_the_same_ascii_bytes() {
    let files = emitted();
    assert_eq!(files, emitted());
    assert!(files.values().all(|text| text.is_ascii()));
}

#[test]
fn every_operation_is_a_method_with_a_default() {
    let notes = flat(&emitted(), "src/server/operations/notes.rs");
    assert!(notes.contains("pub trait NotesApi: crate::server::Service {"));
    for method in [
        "list_notes",
        "update_notes",
        "compare",
        "compare_one",
        "compare_all",
    ] {
        assert!(notes.contains(&format!("fn {method}(&self")), "{method}");
    }
    let defaults = notes.matches("{ crate::server::not_implemented(context, request) }");
    assert_eq!(defaults.count(), 5);
    let keyword = flat(&emitted(), "src/server/operations/mod_.rs");
    assert!(keyword.contains("fn r#type(&self"));
}

#[test]
fn a_described_default_makes_an_optional_parameter_certain() {
    let notes = flat(&emitted(), "src/server/operations/notes.rs");
    assert!(notes.contains("pub per_page: i32,"));
    assert!(notes.contains("pub level: crate::models::Level,"));
    assert!(notes.contains("pub full: ::std::option::Option<bool>,"));
}

#[test]
fn responses_carry_their_body_and_ranges_their_status() {
    let files = emitted();
    let notes = flat(&files, "src/server/operations/notes.rs");
    assert!(notes.contains("Ok(::std::vec::Vec<crate::models::Note>),"));
    assert!(notes.contains("ClientError { /// The status. status: ::axum::http::StatusCode, },"));
    assert!(notes.contains("NoContent,"));
    assert!(notes.contains("Other(crate::server::Reply),"));
    let uploads = flat(&files, "src/server/operations/files.rs");
    assert!(uploads.contains("CreatedTextPlain(::std::string::String),"));
}

#[test]
fn a_body_of_several_media_types_is_an_enum() {
    let uploads = flat(&emitted(), "src/server/operations/files.rs");
    for variant in [
        "Multipart(crate::models::Upload),",
        "Json(crate::models::Note),",
        "Binary(crate::types::Binary),",
    ] {
        assert!(uploads.contains(variant), "{variant}");
    }
}

//! Groups of operations that are too many for one file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "fixture/notes.rs"]
mod notes;

use std::collections::BTreeMap;

use generator::emit::{client, loopback, server};
use generator::ir::{Api, Name, Operation, PathPart, PathTemplate, Tag, Webhooks};

/// Operations that share a file at most.
const MOST_IN_A_FILE: usize = 24;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// An operation of the group `files`.
fn operation(method: &str, type_name: &str) -> Operation {
    let mut operations = notes::api().operations.into_iter();
    let one = operations
        .find(|operation| operation.name.plain() == "describe")
        .unwrap();
    let template = format!("/many/{method}");
    Operation {
        id: method.to_owned(),
        name: name(method),
        type_name: name(type_name),
        path: PathTemplate {
            parts: vec![PathPart::Literal(template.clone())],
            template,
        },
        parameters: Vec::new(),
        ..one
    }
}

/// As many operations, the first two of which have names that modules cannot take.
fn operations(count: usize) -> Vec<Operation> {
    let awkward = [operation("type", "Type"), operation("files", "Files")];
    let others = (2..count).map(|n| operation(&format!("get_{n}"), &format!("Get{n}")));
    awkward.into_iter().chain(others).collect()
}

fn api(count: usize) -> Api {
    let mut api = notes::api();
    api.tags.retain(|tag| tag.module.plain() == "files");
    api.operations = operations(count);
    api.webhooks = Some(Webhooks {
        group: Tag {
            name: "webhooks".to_owned(),
            module: name("webhooks"),
            server_trait: name("Webhooks"),
            description: None,
        },
        operations: operations(count),
    });
    api
}

fn text(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let files = files.into_iter();
    files
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, text)
        })
        .collect()
}

fn emitted(count: usize) -> BTreeMap<String, String> {
    let api = api(count);
    let mut files = client::generate(&api).unwrap();
    files.extend(server::generate(&api).unwrap());
    files.extend(loopback::generate(&api, &name("notes_api")).unwrap());
    text(files)
}

const GROUPS: [&str; 4] = [
    "src/client/operations/files",
    "src/server/operations/files",
    "src/server/webhooks",
    "tests/loopback/tag_files",
];

fn count_in(files: &BTreeMap<String, String>, group: &str) -> usize {
    let folder = format!("{group}/");
    files
        .keys()
        .filter(|path| path.starts_with(&folder))
        .count()
}

#[test]
fn a_group_is_a_folder_only_where_it_has_more_operations_than_a_file_may() {
    let files = emitted(MOST_IN_A_FILE);
    let counts = GROUPS.map(|group| count_in(&files, group));
    assert_eq!(counts, [0; 4]);
    let files = emitted(MOST_IN_A_FILE + 1);
    let counts = GROUPS.map(|group| count_in(&files, group));
    assert_eq!(counts, [MOST_IN_A_FILE + 1; 4]);
}

#[test]
fn modules_of_operations_are_private_and_exported_and_their_names_are_those_of_files() {
    let files = emitted(MOST_IN_A_FILE + 1);
    for group in &GROUPS[..3] {
        let file = &files[&format!("{group}.rs")];
        assert!(file.contains("mod get_3;\npub use self::get_3::*;\n"));
        assert!(file.contains("mod type_;\npub use self::type_::*;\n"));
        assert!(!file.contains("pub mod"));
        assert!(files.contains_key(&format!("{group}/type_.rs")));
    }
    // A module with the name of the module around it is confusing, and clippy says so.
    assert!(files.contains_key("src/client/operations/files/files_.rs"));
    assert!(files.contains_key("src/server/webhooks/files.rs"));
}

#[test]
fn what_is_emitted_of_operations_is_the_same_in_a_folder() {
    let (file, folder) = (emitted(MOST_IN_A_FILE), emitted(MOST_IN_A_FILE + 1));
    for group in &GROUPS[..3] {
        let together = &file[&format!("{group}.rs")];
        let alone = &folder[&format!("{group}/get_7.rs")];
        let items = |text: &str| {
            let items = text.lines().filter(|line| line.starts_with("pub "));
            let items = items.filter(|line| line.contains("Get7"));
            items.map(str::to_owned).collect::<Vec<_>>()
        };
        assert!(!items(together).is_empty(), "{group}");
        assert_eq!(items(together), items(alone), "{group}");
    }
}

#[test]
fn the_file_of_a_group_keeps_trait_and_router_and_leaves_the_rest_to_operations() {
    let files = emitted(MOST_IN_A_FILE + 1);
    for group in &GROUPS[1..3] {
        let file = &files[&format!("{group}.rs")];
        assert_eq!(file.matches("pub trait ").count(), 1);
        assert!(file.contains("pub fn router<"));
        assert!(!file.contains("pub struct ") && !file.contains("pub enum "));
        let operation = &files[&format!("{group}/get_7.rs")];
        assert!(operation.contains("pub(super) const ROUTE:"));
    }
    assert!(files["src/server/webhooks/get_7.rs"].contains("pub fn get_7<"));
}

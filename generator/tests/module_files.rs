//! Groups of operations that are too much for one file.

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

/// Operations that surely fit into a file.
const FEW: usize = 5;

/// Operations that surely are too much for a file.
const MANY: usize = 200;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// An operation of the group `files`.
fn operation(method: &str, type_name: &str) -> Operation {
    let mut operations = notes::api().operations.into_iter();
    let one = operations
        .find(|operation| operation.name.plain() == "describe")
        .unwrap();
    let template = format!("/api/{}", method.replace('_', "/"));
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

/// As many operations, the first three of which have names that modules cannot take.
fn operations(count: usize) -> Vec<Operation> {
    let awkward = [
        operation("type", "Type"),
        operation("files", "Files"),
        operation("_24h", "V24h"),
    ];
    let others = (3..count).map(|n| {
        let kinds = ["cat", "dog", "emu", "fox", "gnu", "hen", "ibex", "jay"];
        let kind = kinds[(n - 3) % kinds.len()];
        operation(
            &format!("{kind}_{n}"),
            &format!("{}{n}", kind.to_uppercase()),
        )
    });
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
fn a_group_is_a_folder_only_where_it_is_too_much_for_a_file() {
    let files = emitted(FEW);
    let counts = GROUPS.map(|group| count_in(&files, group));
    assert_eq!(counts, [0; 4]);
    let files = emitted(MANY);
    for group in GROUPS {
        assert!(count_in(&files, group) > 1, "{group}");
    }
}

#[test]
fn modules_in_the_folder_are_private_and_exported_and_their_names_are_those_of_files() {
    let files = emitted(MANY);
    for group in &GROUPS[..3] {
        let file = &files[&format!("{group}.rs")];
        assert!(file.contains("mod cat;\npub use self::cat::*;\n"), "{file}");
        assert!(!file.contains("pub mod"));
        assert!(files.contains_key(&format!("{group}/cat.rs")));
    }
    let test = &files["tests/loopback/tag_files.rs"];
    assert!(test.contains("mod cat;\nuse self::cat::*;\n"), "{test}");
    // In snake case, as the compiler wants it.
    assert!(test.contains("__answer_24h(self, request)"), "{test}");
}

#[test]
fn what_is_emitted_of_operations_is_the_same_in_a_folder() {
    let (few, many) = (emitted(FEW), emitted(MANY));
    for group in GROUPS {
        let together = &few[&format!("{group}.rs")];
        let divided = &many[&format!("{group}/cat.rs")];
        let imports = divided.split_once("use crate::harness;\n\n");
        let (_, items) = imports.or(divided.split_once("`.\n\n")).unwrap();
        // What there is of the first operation, except for its last item.
        let second = items.find("cat_11").or(items.find("CAT11")).unwrap();
        let first = &items[..items[..second].rfind("\n\n").unwrap()];
        assert!(first.contains("CAT3") || first.contains("cat_3"), "{group}");
        assert!(together.contains(first), "{group}:\n{first}");
    }
}

#[test]
fn the_file_of_a_group_keeps_trait_and_router() {
    let files = emitted(MANY);
    for group in &GROUPS[1..3] {
        let file = &files[&format!("{group}.rs")];
        assert_eq!(file.matches("pub trait ").count(), 1);
        assert!(file.contains("pub fn router<"));
        assert!(file.contains("<CAT3Request as crate::server::OperationRequest>::ROUTE"));
    }
    assert!(files["src/server/webhooks/cat.rs"].contains("pub fn cat_3<"));
}

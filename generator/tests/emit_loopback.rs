//! What is emitted to test the emitted client against the emitted server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "fixture/notes.rs"]
mod notes;

use generator::emit::loopback::{generate, left_out};
use generator::emit::server::generate as server;
use generator::ir::Name;

#[test]
fn every_operation_has_a_test() {
    let api = notes::api();
    assert_eq!(left_out(&api), [""; 0]);
    let files = generate(&api, &Name::new("notes_api").unwrap()).unwrap();
    let tests: usize = files
        .values()
        .map(|file| {
            String::from_utf8_lossy(file)
                .matches("#[tokio::test]")
                .count()
        })
        .sum();
    assert_eq!(tests, api.operations.len());
}

#[test]
fn the_library_is_named_once_and_all_bytes_are_ascii() {
    let files = generate(&notes::api(), &Name::new("notes_api").unwrap()).unwrap();
    assert!(files.values().all(|file| file.is_ascii()));
    let naming = files
        .iter()
        .filter(|(_, file)| String::from_utf8_lossy(file).contains("notes_api"));
    let naming: Vec<&str> = naming.map(|(path, _)| path.as_str()).collect();
    assert_eq!(naming, ["tests/loopback/main.rs"]);
}

#[test]
fn no_file_is_one_of_the_server() {
    let api = notes::api();
    let loopback = generate(&api, &Name::new("notes_api").unwrap()).unwrap();
    let server = server(&api).unwrap();
    assert!(loopback.keys().all(|path| !server.contains_key(path)));
}

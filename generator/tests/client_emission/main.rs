//! The client that is emitted for an API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod api;

use std::collections::BTreeMap;

use generator::emit::client::{UnsentMediaType, generate, unsent_media_types};
use generator::emit::rust::HEADER;
use generator::ir::{Api, Name};

/// The files as text, each checked to be a Rust file of ours.
fn emitted(api: &Api) -> BTreeMap<String, String> {
    let files = generate(api).unwrap().into_iter();
    let files = files.map(|(path, octets)| (path, String::from_utf8(octets).unwrap()));
    files
        .inspect(|(path, text)| {
            assert!(text.starts_with(HEADER), "{path}");
            assert!(text.is_ascii(), "{path}");
            syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        })
        .collect()
}

/// A file without line breaks and indentation.
fn squeezed(files: &BTreeMap<String, String>, path: &str) -> String {
    let text = &files[path];
    let lines: Vec<_> = text.split_whitespace().collect();
    lines
        .join(" ")
        .replace(",)", ")")
        .replace("( ", "(")
        .replace(", )", ")")
}

const ISSUES: &str = "src/client/operations/issues.rs";

#[test]
fn every_file_of_the_runtime_is_emitted() {
    let files = emitted(&api::api());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime/src/client");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(files.contains_key(&format!("src/client/{name}")), "{name}");
    }
}

#[test]
fn every_operation_has_one_method_and_the_same_input_gives_the_same_bytes() {
    let api = api::api();
    let files = emitted(&api);
    assert_eq!(files, emitted(&api));
    let methods: usize = files
        .iter()
        .filter(|(path, _)| path.starts_with("src/client/operations/"))
        .map(|(_, text)| text.matches("impl crate::client::Client {").count())
        .sum();
    assert_eq!(methods, api.operations.len());
}

#[test]
fn a_tag_with_operations_has_a_file_and_one_without_has_none() {
    let files = emitted(&api::api());
    assert!(files.contains_key("src/client/operations/mod_.rs"));
    assert!(!files.contains_key("src/client/operations/empty.rs"));
    assert!(files["src/client/operations/mod.rs"].contains("pub mod mod_;"));
}

#[test]
fn names_of_our_own_methods_are_left_to_them() {
    let files = emitted(&api::api());
    let text = squeezed(&files, "src/client/operations/mod_.rs");
    assert!(text.contains("pub fn clone_(&self"));
    assert!(text.contains("pub fn send_(self"));
}

#[test]
fn links_to_methods_are_not_raw_since_rustdoc_would_find_a_fragment_in_them() {
    let mut api = api::api();
    api.operations[0].name = Name::new("type").unwrap();
    let files = emitted(&api);
    let texts: String = files.into_values().collect();
    assert!(texts.contains("[`r#type`](crate::client::Client::type)"));
    assert!(!texts.contains("::r#type)"));
}

#[test]
fn up_to_six_required_arguments_are_positional_and_more_stand_in_a_struct() {
    let text = squeezed(&emitted(&api::api()), ISSUES);
    assert!(text.contains("pub fn get_team(&self, team_id: u64) -> GetTeam"));
    assert!(text.contains(
        "pub fn update_team(&self, slug: impl ::std::convert::AsRef<str>, status: crate::models::TeamStatus) -> UpdateTeam"
    ));
    assert!(text.contains("pub fn many(&self, required: ManyRequired) -> Many"));
    assert!(
        text.contains(
            "pub f: crate::types::Timestamp, /// The body. pub body: crate::models::Team"
        )
    );
}

#[test]
fn successes_that_differ_become_an_enum_and_those_that_do_not_one_type() {
    let text = squeezed(&emitted(&api::api()), ISSUES);
    assert!(text.contains("pub enum UpdateTeamSuccess"));
    assert!(!text.contains("CreateTeamSuccess"));
}

#[test]
fn only_what_is_paged_has_pages() {
    let text = squeezed(&emitted(&api::api()), ISSUES);
    assert_eq!(text.matches("pub fn pages(self)").count(), 2);
    assert!(text.contains("pub fn items(self) -> crate::client::Items<crate::models::Team>"));
    assert_eq!(text.matches("#[deprecated]").count(), 1);
}

#[test]
fn a_media_type_that_is_not_sent_is_reported_and_documented() {
    let api = api::api();
    let expected = UnsentMediaType {
        operation: "create_team".to_owned(),
        media_type: "application/xml".to_owned(),
        sent: "application/json".to_owned(),
    };
    assert_eq!(unsent_media_types(&api), [expected]);
    assert!(emitted(&api)[ISSUES].contains("`application/xml`"));
}

#[test]
fn only_absolute_servers_are_a_default_and_servers_of_operations_are_never_called() {
    let mut api = api::api();
    let constants = |api: &Api| squeezed(&emitted(api), "src/client/api.rs");
    assert!(constants(&api).contains("\"https://us.example.com/api/0/\""));
    api.servers[0].url = "/relative".to_owned();
    assert!(constants(&api).contains("Option<&str> = ::std::option::Option::None"));
    let text = squeezed(&emitted(&api), "src/client/operations/mod_.rs");
    assert_eq!(text.matches("evil.example").count(), 1);
    assert!(text.contains("(`https://evil.example`)."));
}

#[test]
fn texts_of_the_description_stay_texts() {
    let mut api = api::api();
    let hostile = "*/ } \" #] pub fn evil() {} \u{202e} `";
    api.tags[0].name = hostile.to_owned();
    api.servers[0].url = format!("https://{hostile}");
    for operation in &mut api.operations {
        operation.id = hostile.to_owned();
        operation.docs = generator::ir::Docs::default();
        operation.servers.clear();
        for parameter in &mut operation.parameters {
            parameter.wire_name = hostile.to_owned();
        }
        for response in &mut operation.responses {
            response.description = None;
            for content in &mut response.contents {
                content.media_type = hostile.to_owned();
            }
        }
    }
    api.operations[0].name = Name::new("type").unwrap();
    for (path, octets) in generate(&api).unwrap() {
        let text = String::from_utf8(octets).unwrap();
        let parsed = syn::parse_file(&text).unwrap();
        let evil = parsed
            .items
            .iter()
            .any(|item| matches!(item, syn::Item::Fn(f) if f.sig.ident == "evil"));
        assert!(!evil, "{path}");
    }
}

//! Traps that generators fall into, one test each.
//!
//! Required arguments in a struct are tested in `generator/tests/client_emission`, dots in path values also in
//! `client_runtime/wire.rs`.

use generator::description::diagnostic::Diagnostics;
use generator::pipeline;
use generator::project::Project;
use wire_api::client::Error;
use wire_api::models::{
    CreateChargeBody, CreateChargeBodyItem, CreatePetBody, PetCare, PetInput, PetTag,
};
use wire_api::types::{Binary, Change};

use super::{client, silent, targets};
use crate::workspace;

#[tokio::test]
async fn a_trailing_slash_stays() {
    let server = silent(1).await;
    let _ = client(&server)
        .create_pet(&PetInput::new("Rex"))
        .send()
        .await;
    assert_eq!(targets(&server), ["POST /pets/"]);
}

#[test]
fn a_server_template_is_not_a_host() {
    let text = workspace::text("tests/wire/generated/src/client/api.rs");
    assert!(text.contains("\"https://eu.example.com:443/v1\""), "{text}");
}

#[test]
fn items_of_inline_lists_are_typed() {
    let item = CreateChargeBodyItem {
        price: Some("p".to_owned()),
        count: Some(1),
    };
    let body = CreateChargeBody {
        items: Some(vec![item]),
        ..CreateChargeBody::new(1)
    };
    assert_eq!(body.items.unwrap()[0].count, Some(1));
}

#[tokio::test]
async fn ids_have_64_bits() {
    let server = silent(1).await;
    let id: i64 = 9_007_199_254_740_993;
    let _ = client(&server).get_pet(id).send().await;
    assert_eq!(targets(&server), ["GET /pets/9007199254740993"]);
}

#[tokio::test]
async fn an_array_of_one_is_not_sent_with_brackets() {
    let server = silent(1).await;
    let _ = client(&server).query_styles().form(["a"]).send().await;
    assert_eq!(targets(&server), ["GET /query?form=a"]);
}

#[test]
fn a_scalar_of_several_types_keeps_its_type() {
    let pet = |tag| PetInput {
        tag: Some(tag),
        ..PetInput::new("Rex")
    };
    let text = |tag| serde_json::to_string(&pet(tag)).unwrap();
    assert_eq!(text(PetTag::Integer(7)), r#"{"name":"Rex","tag":7}"#);
    assert_eq!(
        text(PetTag::String("7".to_owned())),
        r#"{"name":"Rex","tag":"7"}"#
    );
    let read: PetInput = serde_json::from_str(r#"{"name":"Rex","tag":"7"}"#).unwrap();
    assert_eq!(read.tag, Some(PetTag::String("7".to_owned())));
}

#[test]
fn an_object_is_the_alternative_that_knows_most_of_it() {
    let read = |text: &str| -> PetCare { serde_json::from_str(text).unwrap() };
    for (text, fits) in [
        (r#"{"brand":"Best"}"#, "food"),
        (r#"{"minutes":20}"#, "walk"),
        (r#"{"minutes":20,"since":"May"}"#, "walk"),
        // Both know it: the first.
        (r#"{"since":"May"}"#, "food"),
        (r#"{}"#, "food"),
        // An alternative that does not decode takes nothing.
        (r#"{"minutes":"many"}"#, "notes"),
        (r#"{"mood":"good"}"#, "notes"),
        // A property that nothing knows changes nothing.
        (r#"{"minutes":20,"since":"May","pace":3}"#, "walk"),
        (r#"{"minutes":"many","mood":1}"#, "food"),
        (r#""none""#, "unknown"),
        (r#"{"brand":1,"minutes":"many","since":2}"#, "unknown"),
    ] {
        let name = match read(text) {
            PetCare::Food(_) => "food",
            PetCare::Walk(_) => "walk",
            PetCare::Notes(_) => "notes",
            _ => "unknown",
        };
        assert_eq!(name, fits, "{text}");
    }
    let walk = r#"{"minutes":20,"since":"May"}"#;
    assert_eq!(serde_json::to_string(&read(walk)).unwrap(), walk);
}

#[tokio::test]
async fn an_upload_has_a_file_name_even_where_the_caller_gives_none() {
    let server = silent(1).await;
    let form = CreatePetBody::new(Binary::from("PNG"));
    let _ = client(&server).create_pet_as_multipart(&form).send().await;
    let request = &server.requests()[0];
    assert!(request.contains("name=\"photo\"; filename=\"photo\"\r\nContent-Type: image/png\r\n"));
}

#[tokio::test]
async fn dots_drop_no_segment() {
    let server = silent(1).await;
    let client = client(&server);
    let refused = client.compare("..", "main").send().await;
    assert!(matches!(
        refused,
        Err(Error::InvalidPathValue {
            parameter: "base",
            ..
        })
    ));
    let _ = client.compare("v1.0", "a/../b").send().await;
    assert_eq!(targets(&server), ["GET /compare/v1.0...a%2F..%2Fb"]);
}

#[test]
fn null_is_sent_where_it_may_and_only_there() {
    let text = |nick| {
        serde_json::to_string(&PetInput {
            nick,
            ..PetInput::new("Rex")
        })
        .unwrap()
    };
    assert_eq!(text(Change::Clear), r#"{"name":"Rex","nick":null}"#);
    assert_eq!(text(Change::Keep), r#"{"name":"Rex"}"#);
    // `name` is a `String` and `id` an `Option` that is left out: neither can be null.
    assert_eq!(
        serde_json::to_string(&PetInput {
            id: None,
            ..PetInput::new("x")
        })
        .unwrap(),
        r#"{"name":"x"}"#
    );
}

#[test]
fn no_file_is_endless() {
    let files = workspace::outcome()
        .files
        .as_ref()
        .expect("there were no errors");
    for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let lines = content.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines < 10_000, "{path} has {lines} lines");
    }
}

#[test]
fn neither_a_date_nor_the_path_of_the_input_gets_into_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("api.yaml");
    let text =
        workspace::text("tests/wire/openapi.yaml").replace("version: \"1\"", "version: 2024-05-17");
    std::fs::write(&spec, text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(
        &[spec],
        &folder.path().join("out"),
        "dated",
        &mut diagnostics,
    );
    let files = pipeline::run(&project).files.expect("there were no errors");
    let place = folder.path().to_string_lossy().into_owned();
    for (path, content) in &files {
        assert!(!String::from_utf8_lossy(content).contains(&place), "{path}");
    }
    let manifest = String::from_utf8_lossy(&files["Cargo.toml"]).into_owned();
    assert!(manifest.contains("version = \"0.1.0\""), "{manifest}");
}

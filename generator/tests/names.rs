//! Public names of media types, servers, headers and methods stay whatever a description adds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::source::SourceMap;
use generator::pipeline::{self, Outcome};
use generator::project::{LockFile, Project};

/// Runs the pipeline over a document with the names that are pinned so far.
fn run(document: &str, names: &str) -> (Outcome, SourceMap) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    std::fs::write(&path, document).unwrap();
    let mut diagnostics = Diagnostics::default();
    let out = PathBuf::from("unwritten");
    let mut project = Project::of_files(&[path], &out, "pets", &mut diagnostics);
    let file = project.sources.add("names.lock", names.to_owned());
    project.names = Some(LockFile {
        path: PathBuf::from("names.lock"),
        file: Some(file),
    });
    (pipeline::run(&project), project.sources.clone())
}

/// The emitted files, and what pins their names.
fn emitted(document: &str, names: &str) -> (BTreeMap<String, String>, String) {
    let (outcome, sources) = run(document, names);
    let errors = outcome.diagnostics.at_least(Severity::Error);
    assert!(errors.items().is_empty(), "{}", errors.render(&sources));
    let files = outcome.files.unwrap();
    let files = files.iter().map(|(path, bytes)| {
        (
            path.to_string(),
            String::from_utf8_lossy(bytes).into_owned(),
        )
    });
    (files.collect(), outcome.locks[0].text.clone())
}

/// The words of a file.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .collect()
}

/// Checks that a change of the document renames nothing, in however many steps the names are pinned, and returns the
/// pinned names.
fn renames_nothing(before: &str, after: &str) -> String {
    let (files, names) = emitted(before, "");
    assert_eq!(emitted(before, &names), (files.clone(), names.clone()));
    let (others, added) = emitted(after, &names);
    let sources = files.iter().filter(|(path, _)| {
        path.starts_with("src/client/operations/")
            || path.starts_with("src/server/operations/")
            || ["src/client/servers.rs", "src/headers.rs"].contains(&path.as_str())
    });
    for (path, text) in sources {
        let lost: Vec<&str> = words(text)
            .difference(&words(&others[path]))
            .copied()
            .collect();
        assert!(lost.is_empty(), "{path} lost {lost:?}");
    }
    for line in names.lines() {
        assert!(added.contains(line), "{line} is gone from {added}");
    }
    assert_eq!(emitted(after, &added), (others, added.clone()));
    added
}

const PETS: &str = r##"
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers:
  - url: https://{region}.example.com/
    variables: {region: {default: eu, enum: [eu, us]}}
paths:
  /pets/:
    post:
      operationId: createPet
      tags: [Pets]
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, properties: {name: {type: string}}}}
          application/octet-stream: {}
      responses:
        "201":
          description: Created.
          headers: {X-Rate_Limit: {schema: {type: integer}}}
          content:
            text/csv: {schema: {type: string}}
  /notes/:
    put:
      operationId: putNote
      tags: [Pets]
      parameters: [{name: timeout, in: query, schema: {type: integer}}]
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {text: {type: string}}}}
          text/plain: {schema: {type: string}}
      responses:
        "200":
          description: Put.
          content:
            application/json: {schema: {type: object, properties: {id: {type: string}}}}
            application/pdf: {}
"##;

fn with(changes: &[(&str, &str)]) -> String {
    let mut document = PETS.to_owned();
    for (place, added) in changes {
        assert!(document.contains(place), "{place}");
        document = document.replacen(place, &format!("{place}\n{added}"), 1);
    }
    document
}

#[test]
fn names_that_a_description_could_take_are_pinned() {
    let names = emitted(PETS, "").1;
    let own = names.split_once("[contents]\n").unwrap().1;
    assert_eq!(
        own,
        r#""POST /pets/ 201 text/csv" = "Created"
"POST /pets/ body application/json" = "Json"
"POST /pets/ body application/octet-stream" = "Binary"
"PUT /notes/ 200 application/json" = "Ok"
"PUT /notes/ 200 application/pdf" = "OkApplicationPdf"
"PUT /notes/ body application/json" = "Json"
"PUT /notes/ body text/plain" = "Text"

[client_methods]
"POST /pets/ body application/octet-stream" = "create_pet_as_bytes"
"PUT /notes/ 200 application/pdf" = "send_as_bytes"
"PUT /notes/ body text/plain" = "body_as_text"

[headers]
x-rate_limit = "X_RATE_LIMIT"

[servers]
"https://{region}.example.com/" = "Server"

[server_variables]
"https://{region}.example.com/ {region}" = "region"

[server_values]
"https://{region}.example.com/ {region}: eu" = "Eu"
"https://{region}.example.com/ {region}: us" = "Us"
"#
    );
}

#[test]
fn a_setter_makes_room_for_the_methods_of_requests() {
    let (files, _) = emitted(PETS, "");
    assert!(files["src/client/operations/pets.rs"].contains("timeout_: i64 = query \"timeout\""));
}

#[test]
fn a_second_media_type_of_an_encoding_renames_nothing() {
    let octets = "          application/octet-stream: {}";
    let text = "          text/plain: {schema: {type: string}}";
    let pdf = "            application/pdf: {}";
    let names = renames_nothing(
        PETS,
        &with(&[
            (octets, "          image/png: {}"),
            (text, "          text/csv: {schema: {type: string}}"),
            (pdf, "            application/gzip: {}"),
        ]),
    );
    for line in [
        r#""POST /pets/ body image/png" = "ImagePng""#,
        r#""POST /pets/ body image/png" = "create_pet_as_image_png""#,
        r#""PUT /notes/ body text/csv" = "body_as_text_csv""#,
        r#""PUT /notes/ 200 application/gzip" = "OkApplicationGzip""#,
        r#""PUT /notes/ 200 application/gzip" = "send_as_application_gzip""#,
    ] {
        assert!(names.contains(line), "{line}: {names}");
    }
}

#[test]
fn json_that_comes_first_later_leaves_the_variant_to_what_had_it() {
    let csv = "            text/csv: {schema: {type: string}}";
    let json = "            application/json: {schema: {type: array, items: {type: string}}}";
    let (_, names) = emitted(PETS, "");
    let (files, added) = emitted(&with(&[(csv, json)]), &names);
    assert!(added.contains(r#""POST /pets/ 201 text/csv" = "Created""#));
    assert!(added.contains(r#""POST /pets/ 201 application/json" = "CreatedApplicationJson""#));
    let server = &files["src/server/operations/pets.rs"];
    let server: String = server.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(server.contains("Created(String)"), "{server}");
}

#[test]
fn a_second_server_renames_nothing() {
    let server = "servers:";
    let names = renames_nothing(
        PETS,
        &with(&[(server, "  - url: https://first.example.com/")]),
    );
    assert!(
        names.contains(r#""https://first.example.com/" = "Server1""#),
        "{names}"
    );
}

#[test]
fn another_operation_renames_nothing() {
    let operation = r#"
  /another/:
    post:
      operationId: createPetAsOctets
      tags: [Pets]
      parameters: [{name: send_as_bytes, in: query, schema: {type: string}}]
      responses: {"200": {description: Done., headers: {Link: {schema: {type: string}}}}}"#;
    let (_, names) = emitted(PETS, "");
    let (outcome, _) = run(&with(&[("paths:", operation)]), &names);
    let items = outcome.diagnostics;
    let said: Vec<&str> = items.items().iter().map(|item| item.code).collect();
    assert!(!said.contains(&"name-collision"), "{said:?}");
    renames_nothing(PETS, &with(&[("paths:", operation)]));
}

/// Two operations have become one, which wants the name that is pinned to the first.
#[test]
fn a_name_of_what_is_gone_is_to_be_pinned_to_what_wants_it() {
    let (_, names) = emitted(PETS, "");
    let pinned = "\"POST /pets/\" = \"create_pet\"";
    assert!(names.contains(pinned), "{names}");
    let two = "\"POST /a/pets/\" = \"create_pet\"\n\"POST /b/pets/\" = \"create_b_pet\"";
    let ids = "[operation_ids]\n\"POST /b/pets/\" = \"createPet\"\n\n[tags]";
    let names = names.replace(pinned, two).replace("[tags]", ids);
    let (outcome, sources) = run(PETS, &names);
    let said = outcome.diagnostics.render(&sources);
    assert!(
        said.contains("`POST /a/pets/` has it, which is gone"),
        "{said}"
    );
    assert!(said.contains("\"POST /pets/\" = \"create_pet\""), "{said}");
}

#[test]
fn a_header_that_wants_the_constant_of_another_is_an_error_with_an_entry_to_paste() {
    let (_, names) = emitted(PETS, "");
    let headers = "          headers: {X-Rate_Limit: {schema: {type: integer}}, X-Rate-Limit: {schema: {type: integer}}}";
    let document = PETS.replace(
        "          headers: {X-Rate_Limit: {schema: {type: integer}}}",
        headers,
    );
    let (outcome, sources) = run(&document, &names);
    let said = outcome.diagnostics.render(&sources);
    assert!(outcome.files.is_none());
    assert!(said.contains("name-collision"), "{said}");
    assert!(said.contains("[headers]\n"), "{said}");
    assert!(
        said.contains("\"x-rate-limit\" = \"X_RATE_LIMIT2\""),
        "{said}"
    );
    let chosen = names.replace("[headers]\n", "[headers]\n\"x-rate-limit\" = \"X_RATE\"\n");
    let (files, _) = emitted(&document, &chosen);
    let headers = &files["src/headers.rs"];
    assert!(headers.contains("X_RATE:") && headers.contains("X_RATE_LIMIT:"));
}

#[test]
fn an_operation_that_was_there_first_keeps_its_types_and_parameters() {
    let error = r#"
  /error/:
    get:
      operationId: getError
      tags: [Pets]
      parameters:
        - {name: X-Id, in: header, schema: {type: string}}
        - {name: x_id, in: query, schema: {type: string}}
        - {name: body, in: query, schema: {type: string}}
      responses: {"200": {description: Done.}}"#;
    let before = with(&[("paths:", error)]);
    let get = "
  /first/:
    get:
      operationId: get
      tags: [Pets]
      responses:
        \"404\": {description: None., content: {application/json: {schema: {type: array, items: {type: string}}}}}";
    let added = renames_nothing(&before, &before.replace("paths:", &format!("paths:{get}")));
    assert!(
        added.contains(r#""GET /first/" = "GetOperation""#),
        "{added}"
    );
    assert!(
        added.contains(r#""GET /error/ query body" = "body2""#),
        "{added}"
    );
    assert!(
        added.contains(r#""GET /error/ query x_id" = "x_id2""#),
        "{added}"
    );
    // Where both are new, the shorter one has the type of its errors.
    let names = emitted(&before.replace("paths:", &format!("paths:{get}")), "").1;
    assert!(
        names.contains(r#""GET /error/" = "GetErrorOperation""#),
        "{names}"
    );
}

/// The lines of `names.lock` that pin names of an operation.
fn pinned<'n>(names: &'n str, item: &str) -> Vec<&'n str> {
    names.lines().filter(|line| line.contains(item)).collect()
}

#[test]
fn an_operation_that_moves_keeps_its_pinned_names() {
    let callback =
        "      callbacks: {done: {'{$url}': {post: {responses: {'200': {description: OK.}}}}}}";
    let tagged = "      operationId: putNote\n      tags: [Pets]";
    let before = with(&[(tagged, callback)]);
    let names = emitted(&before, "").1;
    let names = names.replace("\"put_note\"", "\"write_note\"");
    // A run over the same document pins what a person has changed by hand.
    let names = emitted(&before, &names).1;
    assert!(names.contains(r#""PUT /notes/" = "putNote""#), "{names}");
    for (item, to) in [
        ("PUT /remarks/", "  /remarks/:\n    put:"),
        ("PATCH /notes/", "  /notes/:\n    patch:"),
    ] {
        let after = before.replace("  /notes/:\n    put:", to);
        let (files, moved) = emitted(&after, &names);
        let client = &files["src/client/operations/pets.rs"];
        assert!(client.contains("write_note"), "{client}");
        let expected: Vec<String> = pinned(&names, "PUT /notes/")
            .iter()
            .map(|line| line.replace("PUT /notes/", item))
            .collect();
        assert_eq!(pinned(&moved, item), expected);
        assert_eq!(emitted(&after, &moved).1, moved);
    }
}

#[test]
fn an_operation_takes_no_names_of_another_that_stays_or_of_one_of_several_that_go() {
    let names = emitted(PETS, "").1;
    let copy = "
  /copies/:
    get:
      operationId: putNote
      responses: {'200': {description: OK.}}";
    let added = emitted(&with(&[("paths:", copy)]), &names).1;
    assert!(added.contains(r#""PUT /notes/" = "put_note""#), "{added}");
    assert!(
        added.contains(r#""GET /copies/" = "list_copies""#),
        "{added}"
    );
    let other = PETS
        .replace("  /notes/:", "  /remarks/:")
        .replace("putNote", "putRemark");
    let renamed = emitted(&other, &names).1;
    assert!(
        renamed.contains(r#""PUT /remarks/" = "put_remark""#),
        "{renamed}"
    );
}

#[test]
fn of_two_operations_that_went_away_with_one_operation_id_none_has_moved() {
    let other = "
  /remarks/:
    put:
      operationId: putNote
      responses: {'200': {description: OK.}}";
    let before = with(&[("paths:", other)]);
    let names = emitted(&before, "").1;
    // One of them is called after its operationId, the other one has it pinned.
    let method = pinned(&names, "\"PUT /remarks/\" = ")[0];
    let names = names.replacen(method, "\"PUT /remarks/\" = \"write_remark\"", 1);
    let names = emitted(&before, &names).1;
    let has = |line: &str| assert!(names.contains(line), "{line}: {names}");
    has(r#""PUT /notes/" = "put_note""#);
    has(r#""PUT /remarks/" = "write_remark""#);
    has(r#""PUT /remarks/" = "putNote""#);
    let after = PETS.replace("  /notes/:", "  /texts/:");
    let after = emitted(&after, &names).1;
    for name in ["\"put_note\"", "\"write_remark\""] {
        assert!(!after.contains(name), "{name}: {after}");
    }
}

#[test]
fn a_pinned_parameter_that_an_operation_lost_when_it_moved_is_told_at_its_entry() {
    let names = emitted(PETS, "").1;
    let entry = "[parameters]\n\"PUT /notes/ query id\" = \"note\"\n";
    let line = names.lines().count() + 2;
    let moved = PETS.replace("  /notes/:", "  /texts/:");
    let (outcome, sources) = run(&moved, &format!("{names}{entry}"));
    let errors = outcome.diagnostics.at_least(Severity::Error);
    let errors = errors.render(&sources);
    for part in [
        "error[needless-name]: there is no parameter `PUT /texts/ query id`",
        &format!("names.lock:{line}:"),
    ] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
}

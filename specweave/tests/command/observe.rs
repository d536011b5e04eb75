//! `specweave observe`: recorded exchanges against the descriptions.

use std::process::Output;

use serde_json::{Value, json};

use crate::run;

const MANIFEST: &str = "
[package]
name = 'pets'
version = '0.1.0'
output = '../pets'

[[source]]
id = 'pets'
title = 'Pets'
rank = 1
document = 'pets.yaml'
";

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example/v1'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: tag, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: sort, in: query, schema: {type: string, enum: [name, age]}}
        - {name: state, in: query, explode: false, schema: {type: array, items: {type: string, enum: [new]}}}
        - {name: any, in: query, schema: {oneOf: [{type: integer}, {type: string, enum: [all]}]}}
      responses:
        '200':
          description: The pets.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
  /pets/{id}:
    get:
      operationId: retrievePet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  /notices:
    get:
      operationId: listNotices
      responses:
        '200':
          description: The notices.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Notice'}}}}
components:
  schemas:
    Notice:
      oneOf: [{$ref: '#/components/schemas/Call'}, {$ref: '#/components/schemas/Letter'}]
      discriminator:
        propertyName: kind
        mapping: {call: '#/components/schemas/Call', letter: '#/components/schemas/Letter'}
    Call: {type: object, required: [kind, to], properties: {kind: {type: string}, to: {type: string}}}
    Letter: {type: object, required: [kind, text], properties: {kind: {type: string}, text: {type: string}}}
    Pet:
      type: object
      required: [name, kind]
      properties:
        name: {type: string}
        age: {type: integer}
        kind: {type: string, enum: [cat, dog]}
        born: {type: string, format: date}
        owner: {$ref: '#/components/schemas/Owner'}
    Owner: {type: object, properties: {name: {type: string}}}
";

/// Everything that differs, and secrets in every place that a recording has.
fn recording() -> Value {
    let exchange = |method: &str, url: &str, status: u16, mime: &str, body: &str| {
        json!({
            "request": {
                "method": method, "url": url,
                "headers": [{"name": "Authorization", "value": "Bearer s3cr3t-t0ken-of-the-caller"}],
                "cookies": [{"name": "session", "value": "s3cr3t-cookie"}],
            },
            "response": {"status": status, "content": {"mimeType": mime, "text": body, "size": body.len()}},
        })
    };
    let pets = json!([
        {"name": "Tom", "kind": "cat", "age": 3, "owner": {"name": "Ann"}},
        {"name": null, "kind": "fish", "age": "3", "chip": "s3cr3t-chip-0123456789", "born": "yesterday"},
        {"kind": "cat", "owner": null, "chip": "s3cr3t-chip-9876543210"},
    ]);
    let notices = json!([{"kind": "call", "to": "s3cr3t"}, {"kind": "visit", "at": "s3cr3t"}]);
    let json = "application/json; charset=utf-8";
    json!({"log": {"version": "1.2", "entries": [
        exchange("GET", "https://pets.example/v1/pets?tag=a&page=2&limit=s3cr3t&sort=size&state=new,old&any=3&s3cr3t", 200, json, &pets.to_string()),
        exchange("GET", "https://pets.example/v1/pets", 200, json, &pets.to_string()),
        exchange("GET", "https://pets.example/v1/pets/1", 200, json, &json!({"name": "Tom", "kind": "fish"}).to_string()),
        exchange("GET", "https://pets.example/v1/pets/s3cr3t/vaccinations/m1", 200, json, "[1]"),
        exchange("GET", "https://pets.example/v1/pets/m2/vaccinations/m2", 200, json, "[1]"),
        exchange("GET", "https://pets.example/v1/notices", 200, json, &notices.to_string()),
        exchange("GET", "https://pets.example/v1/pets/1", 404, json, "{\"detail\": \"No s3cr3t pet.\"}"),
        exchange("GET", "https://pets.example/v1/pets/1", 200, "text/html", "<p>s3cr3t</p>"),
        exchange("GET", "https://pets.example/v1/pets/1", 502, "text/html", "<p>s3cr3t</p>"),
        exchange("DELETE", "https://pets.example/v1/pets/8c1f0e6a9b2d4f7f?token=s3cr3t", 204, "", ""),
        exchange("GET", "https://ads.example/s3cr3t", 200, json, "{}"),
    ]}})
}

fn prepared(recording: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    for name in ["specs", "recorded"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    write("specs/manifest.toml", MANIFEST);
    write("specs/pets.yaml", DOCUMENT);
    write("recorded/session.har", &recording.to_string());
    write("recorded/notes.txt", "no recording");
    folder
}

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

#[test]
fn every_deviation_is_told_once_and_counted() {
    let folder = prepared(&recording());
    let output = run(folder.path(), &["observe", "recorded", "--format", "json"]);
    let observed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert_eq!(
        (&observed["exchanges"], &observed["elsewhere"]),
        (&10.into(), &1.into())
    );
    let deviations: Vec<String> = observed["deviations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let seen = it["seen"].as_array().unwrap().iter();
            let seen = seen.map(|it| {
                let text = |key: &str| it[key].as_str().unwrap().to_owned();
                format!("{} {} x{}", text("operation"), text("place"), it["count"])
            });
            let kind = it["kind"].as_str().unwrap();
            format!("{kind} | {}", seen.collect::<Vec<_>>().join(" | "))
        })
        .collect();
    assert_eq!(
        deviations,
        [
            "undocumented-operation | DELETE /pets/{} 204 x1",
            "unknown-alternative | GET /notices 200 /* x1",
            "undocumented-query-parameter | GET /pets query page x1",
            "type | GET /pets query limit x1",
            "enum-value | GET /pets query sort x1",
            "enum-value | GET /pets query state /* x1",
            "null | GET /pets 200 /*/name x2",
            "enum-value | GET /pets 200 /*/kind x2 | GET /pets/{} 200 /kind x1",
            "type | GET /pets 200 /*/age x2",
            "undocumented-property | GET /pets 200 /*/chip x2",
            "format | GET /pets 200 /*/born x2",
            "null | GET /pets 200 /*/owner x2",
            "missing-required | GET /pets 200 /*/name x2",
            "undocumented-status | GET /pets/{} 404 x1",
            "undocumented-content-type | GET /pets/{} 200 x1",
            "undocumented-operation | GET /pets/{}/vaccinations/{} 200 x2",
        ]
    );
    let text = run(folder.path(), &["observe", "recorded"]);
    for printed in [said(&output), said(&text)] {
        assert!(!printed.contains("s3cr3t"), "{printed}");
        assert!(!printed.contains("Ann"), "{printed}");
        assert!(!printed.contains("8c1f0e6a"), "{printed}");
    }
    assert!(
        said(&text).contains(
            "enum-value: `fish` is not among the values of the enum\n  GET /pets 200 /*/kind (2 times, first in recorded/session.har entry 1)\n  GET /pets/{} 200 /kind (once, first in recorded/session.har entry 3)\n  described at specs/pets.yaml:"
        ),
        "{}",
        said(&text)
    );
    assert!(
        said(&text).contains("described at specs/pets.yaml:"),
        "{}",
        said(&text)
    );
}

#[test]
fn a_deviation_of_one_exchange_is_counted_once() {
    let url = "https://pets.example/v1/pets?page=1&page=2&limit=a&limit=b&sort=size&sort=size";
    let owners = json!([
        {"name": "Tom", "kind": "cat", "owner": {"8c1f0e6a9b2d4f7f8c1f": 1, "0c1f0e6a9b2d4f7f8c1f": 2}},
        {"name": "Tim", "kind": "cat", "owner": {"7c1f0e6a9b2d4f7f8c1f": 1}},
    ]);
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "GET", "url": url},
        "response": {"status": 200, "content": {"mimeType": "application/json", "text": owners.to_string()}},
    }]}}));
    let output = run(folder.path(), &["observe", "recorded", "--format", "json"]);
    let observed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let deviations = observed["deviations"].as_array().unwrap().iter();
    let seen = deviations.map(|it| {
        let seen = it["seen"].as_array().unwrap().iter();
        let seen = seen.map(|it| format!("{} x{}", it["place"].as_str().unwrap(), it["count"]));
        format!(
            "{} | {}",
            it["kind"].as_str().unwrap(),
            seen.collect::<Vec<_>>().join(" | ")
        )
    });
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [
            "undocumented-query-parameter | query page x1",
            "type | query limit x1",
            "enum-value | query sort x1",
            "undocumented-property | 200 /*/owner/* x1",
        ]
    );
}

#[test]
fn a_body_in_base64_is_compared() {
    // [{"kind":"cat","name":"Tim","age":"3"}]
    let body = "W3sia2luZCI6ImNhdCIsIm5hbWUiOiJU\r\naW0iLCJhZ2UiOiIzIn1d";
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "GET", "url": "https://pets.example/v1/pets"},
        "response": {"status": 200, "content": {
            "mimeType": "application/json", "encoding": "base64", "text": body,
        }},
    }]}}));
    let output = run(folder.path(), &["observe", "recorded"]);
    let text = said(&output);
    assert!(
        text.contains("type: string instead of integer\n  GET /pets 200 /*/age"),
        "{text}"
    );
    assert!(
        text.starts_with("type: ") && output.status.code() == Some(3),
        "{text}"
    );
}

#[test]
fn what_a_browser_asks_before_a_request_is_no_exchange_of_the_api() {
    let options = |headers: Value| {
        json!({
            "request": {"method": "OPTIONS", "url": "https://pets.example/v1/pets", "headers": headers},
            "response": {"status": 204, "content": {"mimeType": "x-unknown", "size": 0}},
        })
    };
    let preflight = options(json!([{"name": "access-control-request-method", "value": "GET"}]));
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [
        preflight,
        options(json!([{"name": "Accept", "value": "*/*"}])),
    ]}}));
    let output = run(folder.path(), &["observe", "recorded", "--format", "json"]);
    let observed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(observed["exchanges"], 1, "{}", said(&output));
    let deviations = observed["deviations"].as_array().unwrap();
    assert_eq!(deviations.len(), 1, "{deviations:?}");
    let first = &deviations[0]["seen"][0]["first"];
    assert_eq!(first, "recorded/session.har entry 2");
}

/// The entries of all deviations, pasted as they are, leave no deviation.
#[test]
fn the_entries_mend_the_descriptions() {
    let folder = prepared(&recording());
    let output = run(folder.path(), &["observe", "recorded", "--format", "json"]);
    let observed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut actions = String::new();
    let mut supplement = String::new();
    for deviation in observed["deviations"].as_array().unwrap() {
        let entry = &deviation["entries"][0];
        let text = entry["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{deviation}"));
        match entry["kind"].as_str().unwrap() {
            "overlay" => {
                assert_eq!(entry["document"], "specs/pets.yaml");
                actions.push_str(text);
            }
            _ => supplement.push_str(text.strip_prefix("paths:\n").unwrap()),
        }
    }
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    write(
        "specs/overlay.yaml",
        &format!(
            "overlay: 1.1.0\ninfo: {{title: Recorded, version: '1'}}\nextends: pets.yaml\nactions:\n{actions}"
        ),
    );
    write(
        "specs/supplement.yaml",
        &format!(
            "openapi: 3.1.0\ninfo: {{title: Recorded, version: '1'}}\nservers: [{{url: 'https://pets.example/v1'}}]\npaths:\n{supplement}"
        ),
    );
    write(
        "specs/manifest.toml",
        &format!(
            "{MANIFEST}overlays = ['overlay.yaml']\n\n[[source]]\nid = 'supplement'\ntitle = 'Recorded'\nrank = 2\nsupplement = true\ndocument = 'supplement.yaml'\n"
        ),
    );
    let output = run(folder.path(), &["generate"]);
    assert!(output.status.success(), "{actions}\n{}", said(&output));
    let output = run(folder.path(), &["observe", "recorded"]);
    assert_eq!(
        said(&output),
        "0 deviations in 10 exchanges of 5 operations; left out: 1 exchange with other hosts\n",
        "{actions}"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn another_host_of_the_api_is_named() {
    let mut recording = recording();
    for entry in recording["log"]["entries"].as_array_mut().unwrap() {
        let url = entry["request"]["url"].as_str().unwrap();
        entry["request"]["url"] = url
            .replace("https://pets.example", "http://localhost:8000")
            .into();
    }
    let folder = prepared(&recording);
    let output = run(folder.path(), &["observe", "recorded"]);
    assert_eq!(
        said(&output),
        "error: none of the 11 exchanges is with a server of the API; name another host of it by `--host`\n"
    );
    assert_eq!(output.status.code(), Some(1));
    let output = run(
        folder.path(),
        &["observe", "recorded", "--host", "localhost:8000"],
    );
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
}

#[test]
fn what_is_no_recording_is_an_error_that_shows_nothing_of_it() {
    let folder = prepared(&recording());
    std::fs::write(folder.path().join("broken.har"), "{\"log\": s3cr3t}").unwrap();
    let output = run(folder.path(), &["observe", "broken.har"]);
    assert_eq!(
        said(&output),
        "error: broken.har is no HTTP archive: expected value (line 1, column 9)\n"
    );
    assert_eq!(output.status.code(), Some(1));
    for (text, reason) in [
        (
            "{\"log\": {\"entries\": [{\"a\": \"s3cr3t",
            "the text ends inside of a string",
        ),
        ("{}", "`log` is missing"),
        ("{\"log\": \"s3cr3t\"}", "a value is not a log of entries"),
    ] {
        std::fs::write(folder.path().join("broken.har"), text).unwrap();
        let told = said(&run(folder.path(), &["observe", "broken.har"]));
        let expected = format!("error: broken.har is no HTTP archive: {reason} (line 1, column ");
        assert!(told.starts_with(&expected), "{told}");
    }
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let output = run(folder.path(), &["observe", "empty"]);
    assert_eq!(
        said(&output),
        "error: empty has no file that ends in `.har`\n"
    );
}

#[test]
fn an_alternative_whose_value_is_secret_is_left_to_a_person() {
    let mut recording = recording();
    let text = json!([{"kind": "tom@example.com"}]).to_string();
    let notices = recording["log"]["entries"].as_array_mut().unwrap();
    let mut is_notice = notices
        .iter_mut()
        .filter(|it| it["request"]["url"] == "https://pets.example/v1/notices");
    is_notice.next().unwrap()["response"]["content"]["text"] = text.into();
    let folder = prepared(&recording);
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert!(
        text.contains("unknown-alternative: an alternative that is not described\n  GET /notices 200 /* (once, first in recorded/session.har entry 6)\n  described at specs/pets.yaml:"),
        "{text}"
    );
    assert!(
        text.contains("\n  no entry can be proposed: correct it there by hand\n"),
        "{text}"
    );
    assert!(!text.contains("tom@example.com"), "{text}");
}

#[test]
fn the_version_of_openapi_is_that_of_the_document_and_of_no_text_beside_it() {
    let pet = json!({"type": "object", "properties": {"age": {"type": "integer"}}});
    let content = json!({"application/json": {"schema": pet}});
    let entry_for = |openapi: &str| {
        // On one line, as programs write JSON.
        let document = json!({
            "openapi": openapi,
            "info": {"title": "Pets", "version": "3.0", "description": "Made of openapi 3.1."},
            "servers": [{"url": "https://pets.example/v1"}],
            "paths": {"/pets/{id}": {"get": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "The pet.", "content": content}},
            }}},
        });
        let exchange = json!({
            "request": {"method": "GET", "url": "https://pets.example/v1/pets/1"},
            "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{\"age\": null}"}},
        });
        let folder = prepared(&json!({"log": {"version": "1.2", "entries": [exchange]}}));
        std::fs::write(folder.path().join("pets.json"), document.to_string()).unwrap();
        let arguments = [
            "observe",
            "--spec",
            "pets.json",
            "--format",
            "json",
            "recorded",
        ];
        let output = run(folder.path(), &arguments);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        told["deviations"][0]["entries"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let entry = entry_for("3.1.0");
    assert!(
        entry.contains("- integer") && !entry.contains("nullable"),
        "{entry}"
    );
    let entry = entry_for("3.0.3");
    assert!(entry.contains("nullable: true"), "{entry}");
}

#[test]
fn incomplete_entries_are_counted_and_the_others_are_compared() {
    let request = json!({"method": "GET", "url": "https://pets.example/v1/pets?page=2"});
    let response = json!({"status": 200, "content": {}});
    let incomplete = [
        json!({"request": request, "response": {"status": "s3cr3t"}}),
        json!({"request": request}),
    ];
    let recording = |entries: Value| json!({"log": {"version": "1.2", "entries": entries}});
    let [first, second] = &incomplete;
    let complete = json!({"request": request, "response": response});
    let folder = prepared(&recording(json!([first, complete, second])));
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert!(
        text.contains("the query parameter `page` is not described"),
        "{text}"
    );
    assert!(
        text.ends_with("1 deviation in 1 exchange of 1 operation; left out: 2 incomplete entries (the first: recorded/session.har entry 1: a value is not a whole number)\n"),
        "{text}"
    );
    let folder = prepared(&recording(json!([second])));
    assert_eq!(
        said(&run(folder.path(), &["observe", "recorded"])),
        "error: the recordings have no complete exchange: recorded/session.har entry 1: `response` is missing\n"
    );
}

#[test]
fn a_body_that_is_not_what_it_is_said_to_be_is_told() {
    let request = json!({"method": "GET", "url": "https://pets.example/v1/pets"});
    let content = json!({"mimeType": "application/json", "text": "{broken"});
    let entry = json!({"request": request, "response": {"status": 200, "content": content}});
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [entry]}}));
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert_eq!(
        text,
        "error: the recordings have no complete exchange: recorded/session.har entry 1: a body is not JSON, but is said to be\n"
    );
}

#[test]
fn recordings_in_folders_below_are_read() {
    let folder = prepared(&recording());
    let inside = folder.path().join("recorded/of/today");
    std::fs::create_dir_all(&inside).unwrap();
    let recorded = folder.path().join("recorded/session.har");
    std::fs::rename(recorded, inside.join("session.HAR")).unwrap();
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert!(
        text.contains("first in recorded/of/today/session.HAR entry 1"),
        "{text}"
    );
    std::fs::remove_dir_all(inside).unwrap();
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert_eq!(text, "error: recorded has no file that ends in `.har`\n");
}

/// What `observe` says of requests, each with a JSON body as its response.
fn told_of(document: &str, exchanges: &[(&str, &str)]) -> String {
    let entries = exchanges.iter().map(|(url, body)| {
        let content = json!({"mimeType": "application/json", "text": body});
        json!({
            "request": {"method": "GET", "url": url},
            "response": {"status": 200, "content": content},
        })
    });
    let entries: Vec<Value> = entries.collect();
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": entries}}));
    std::fs::write(folder.path().join("specs/pets.yaml"), document).unwrap();
    said(&run(folder.path(), &["observe", "recorded"]))
}

#[test]
fn the_narrowest_range_of_media_types_counts() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200':
          description: Them.
          content:
            '*/*': {schema: {type: integer}}
            application/*: {schema: {type: string}}
            application/json: {schema: {type: array}}
  /cats:
    get:
      responses:
        '200':
          description: Them.
          content:
            '*/*': {schema: {type: integer}}
            application/*: {schema: {type: array}}
";
    let exchanges = [
        ("https://pets.example/pets", "[]"),
        ("https://pets.example/cats", "[]"),
    ];
    assert_eq!(
        told_of(document, &exchanges),
        "0 deviations in 2 exchanges of 2 operations\n"
    );
}

#[test]
fn hosts_are_compared_without_case_and_operations_can_have_their_own() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://API.pets.example/v1'}]
paths:
  /pets:
    get:
      responses: {'200': {description: Them.}}
  /photos/{id}:
    servers: [{url: 'https://photos.example'}]
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: It.}}
  /cats:
    get:
      servers: [{url: /v2}]
      responses: {'200': {description: Them.}}
";
    let exchanges = [
        ("https://api.Pets.example/v1/pets", ""),
        ("https://photos.example/photos/5", ""),
        ("https://api.pets.example/v2/cats", ""),
        ("https://photos.example/v2/cats", ""),
        ("https://photos.example/pets", ""),
    ];
    assert_eq!(
        told_of(document, &exchanges),
        "0 deviations in 3 exchanges of 3 operations; left out: 2 exchanges with other hosts\n"
    );
}

#[test]
fn a_query_parameter_that_repeats_is_proposed_once_as_an_array() {
    let proposed = [
        "- name: tag in: query schema: type: array items: type: string",
        "- name: sort in: query schema: type: string",
    ];
    let document = DOCUMENT.replace("- {name: tag, in: query, schema: {type: string}}", "");
    let document = document.replace("- {name: sort,", "- {name: order,");
    for path in ["pets", "toys"] {
        let url = format!("https://pets.example/v1/{path}?tag=a&sort=b&tag=c");
        let text = told_of(&document, &[(&url, "[]")]);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for parameter in proposed {
            assert!(words.contains(parameter), "{parameter}: {text}");
        }
        assert_eq!(text.matches("- name: tag").count(), 1, "{text}");
    }
}

#[test]
fn the_parts_of_a_deep_object_are_compared() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - name: filter
          in: query
          style: deepObject
          explode: true
          schema:
            type: object
            required: [kind]
            properties:
              kind: {type: string, enum: [cat]}
              age: {type: integer}
              born: {type: object, properties: {after: {type: string}}}
      responses: {'200': {description: Them.}}
";
    // The first of two values counts.
    let query = "filter[kind]=dog&filter[kind]=cat&filter[age]=3&filter[born][after]=x&filter%5Bowner%5D=s3cr3t";
    let url = format!("https://pets.example/pets?{query}");
    let text = told_of(
        document,
        &[(&url, ""), ("https://pets.example/pets?filter[age]=3", "")],
    );
    let lines = text
        .lines()
        .filter(|line| line.starts_with("  GET") || !line.starts_with(' '));
    assert_eq!(
        lines.collect::<Vec<_>>().join("\n"),
        "enum-value: `dog` is not among the values of the enum
  GET /pets query filter /kind (once, first in recorded/session.har entry 1)
undocumented-property: a property (string) that is not described
  GET /pets query filter /owner (once, first in recorded/session.har entry 1)
2 deviations in 2 exchanges of 1 operation"
    );
    assert!(!text.contains("s3cr3t"), "{text}");
}

/// A name that looks like a secret is told without it, and nothing is proposed.
#[test]
fn a_name_that_is_not_printed_has_no_entry() {
    let body = json!([{"name": "Tom", "kind": "cat", "user_12345678901": 1}]);
    let url = "https://pets.example/v1/pets?sk_live_9f8e7d6c5b4a=1";
    let text = told_of(DOCUMENT, &[(url, &body.to_string())]);
    assert!(
        !text.contains("sk_live") && !text.contains("user_1"),
        "{text}"
    );
    for told in [
        "the query parameter `<scrubbed>` is not described\n  GET /pets query <scrubbed>",
        "a property (integer) that is not described\n  GET /pets 200 /*/*",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(
        text.matches("no entry can be proposed").count(),
        2,
        "{text}"
    );
}

#[test]
fn what_says_how_a_value_is_used_stays_beside_the_alternatives() {
    let document = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200':
          description: It.
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: {type: integer, minimum: 1, readOnly: true, default: 5}
";
    let text = told_of(
        document,
        &[("https://pets.example/pets", "{\"id\": \"7\"}")],
    );
    assert!(text.contains("['minimum']"), "{text}");
    assert!(
        !text.contains("readOnly") && !text.contains("default"),
        "{text}"
    );
}

#[test]
fn a_body_in_json_of_another_media_type_is_told_and_compared() {
    let body = json!({"mimeType": "application/merge-patch+json", "text": "{\"age\": \"3\"}"});
    let document = DOCUMENT.replace(
        "  /pets/{id}:\n    get:",
        "  /pets/{id}:\n    patch:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses: {'204': {description: Done.}}\n    get:",
    );
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "PATCH", "url": "https://pets.example/v1/pets/5", "postData": body},
        "response": {"status": 204, "content": {}},
    }]}}));
    std::fs::write(folder.path().join("specs/pets.yaml"), document).unwrap();
    let text = said(&run(folder.path(), &["observe", "recorded"]));
    assert!(
        text.contains("a body of `application/merge-patch+json` is not described"),
        "{text}"
    );
    assert!(text.contains("type: string instead of integer"), "{text}");
}

/// A description with a form, a multipart body and JSON, and what `observe` says of requests with these bodies.
fn told_of_bodies(bodies: &[Value]) -> String {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example/v1'}]
paths:
  /pets:
    post:
      operationId: createPet
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [name, kind]
              properties:
                name: {type: string}
                kind: {type: string, enum: [cat, dog]}
                age: {type: integer}
                tags: {type: array, items: {type: integer}}
                owner: {type: object, properties: {name: {type: string}}}
          multipart/form-data:
            schema:
              type: object
              required: [photo, title]
              properties: {photo: {type: string, format: binary}, title: {type: integer}}
      responses: {'204': {description: Done.}}
";
    let entries = bodies.iter().map(|body| {
        json!({
            "request": {"method": "POST", "url": "https://pets.example/v1/pets", "postData": body},
            "response": {"status": 204, "content": {}},
        })
    });
    let entries: Vec<Value> = entries.collect();
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": entries}}));
    std::fs::write(folder.path().join("specs/pets.yaml"), document).unwrap();
    let output = run(folder.path(), &["observe", "recorded"]);
    let text = said(&output);
    assert!(!text.contains("s3cr3t"), "{text}");
    let lines = text.lines().filter(|line| {
        let is_entry = line.starts_with("    ");
        !is_entry && !line.starts_with("  described") && !line.starts_with("  for ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_fields_of_forms_are_compared() {
    let form = "application/x-www-form-urlencoded";
    let complete =
        json!({"mimeType": form, "text": "name=Tom&kind=cat&age=3&tags=1&tags=2&owner[name]=Ann"});
    assert_eq!(
        told_of_bodies(std::slice::from_ref(&complete)),
        "0 deviations in 1 exchange of 1 operation"
    );
    let text = "kind=fish&age=s3cr3t&tags=1&tags=s3cr3t&chip=s3cr3t&s3cr3t";
    let params = json!([
        {"name": "kind", "value": "fish"}, {"name": "age", "value": "s3cr3t"}, {"name": "tags", "value": "s3cr3t"},
        {"name": "chip", "value": "s3cr3t"},
    ]);
    for body in [
        json!({"mimeType": format!("{form}; charset=utf-8"), "text": text}),
        json!({"mimeType": form, "params": params}),
    ] {
        assert_eq!(
            told_of_bodies(&[body]),
            "enum-value: `fish` is not among the values of the enum
  POST /pets body /kind (once, first in recorded/session.har entry 1)
type: string instead of integer
  POST /pets body /age (once, first in recorded/session.har entry 1)
type: string instead of integer
  POST /pets body /tags/* (once, first in recorded/session.har entry 1)
undocumented-property: a property (string) that is not described
  POST /pets body /chip (once, first in recorded/session.har entry 1)
missing-required: a required property is absent
  POST /pets body /name (once, first in recorded/session.har entry 1)
5 deviations in 1 exchange of 1 operation"
        );
    }
}

#[test]
fn the_names_of_the_parts_of_multipart_bodies_are_compared() {
    let text = "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"s3cr3t\"\r\n\r\ns3cr3t\r\n--b\r\n\
        content-disposition: form-data; name=\"chip\"\r\n\r\ns3cr3t\r\n--b--\r\n";
    let params =
        json!([{"name": "photo", "fileName": "s3cr3t"}, {"name": "chip", "value": "s3cr3t"}]);
    for body in [
        json!({"mimeType": "multipart/form-data; boundary=b", "text": text}),
        json!({"mimeType": "multipart/form-data", "params": params}),
    ] {
        assert_eq!(
            told_of_bodies(&[body]),
            "undocumented-property: a property (string) that is not described
  POST /pets body /chip (once, first in recorded/session.har entry 1)
missing-required: a required property is absent
  POST /pets body /title (once, first in recorded/session.har entry 1)
2 deviations in 1 exchange of 1 operation"
        );
    }
}

#[test]
fn a_body_of_another_media_type_is_told() {
    let body = json!({"mimeType": "application/json", "text": "{\"name\": \"s3cr3t\"}"});
    assert_eq!(
        told_of_bodies(&[body]),
        "undocumented-content-type: a body of `application/json` is not described
  POST /pets body (once, first in recorded/session.har entry 1)
1 deviation in 1 exchange of 1 operation"
    );
}

/// Each document that says otherwise gets its entry, in its own words, and the keys of a map are data.
#[test]
fn each_document_that_says_otherwise_has_an_entry() {
    let document = |version: &str| {
        let spaces = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        json!({
            "openapi": version, "info": {"title": "Lots", "version": "1"},
            "servers": [{"url": "https://lots.example"}],
            "paths": {"/lots": {"get": {"operationId": "listLots", "responses": {"200": {
                "description": "The free spaces by owner.",
                "content": {"application/json": {"schema": spaces}},
            }}}}},
        })
    };
    let exchange = json!({
        "request": {"method": "GET", "url": "https://lots.example/lots"},
        "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{\"Erika\": \"many\"}"}},
    });
    let folder = prepared(&json!({"log": {"version": "1.2", "entries": [exchange]}}));
    for (name, version) in [("old.json", "3.0.3"), ("new.json", "3.1.0")] {
        std::fs::write(folder.path().join(name), document(version).to_string()).unwrap();
    }
    let arguments = [
        "observe", "--spec", "old.json", "--spec", "new.json", "recorded",
    ];
    let text = said(&run(folder.path(), &arguments));
    assert!(!text.contains("Erika"), "{text}");
    assert!(text.contains("GET /lots 200 /{} (once"), "{text}");
    assert!(text.contains("for an overlay of old.json:\n"), "{text}");
    assert!(
        text.contains("    anyOf:\n        - type: integer\n        - type: string\n"),
        "{text}"
    );
    assert!(text.contains("for an overlay of new.json:\n"), "{text}");
    assert!(
        text.contains("    type:\n        - integer\n        - string\n"),
        "{text}"
    );
}

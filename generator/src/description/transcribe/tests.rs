//! Tests each dialect on small synthetic pages, and the pages of this repository against their committed transcriptions.

mod widdershins_pages;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::project::manifest::Manifest;

const SWAGGER_TO_SLATE: &str = include_str!("tests/swagger_to_slate.md");
const WIDDERSHINS: &str = include_str!("tests/widdershins.md");
const SAVED_PAGE: &str = include_str!("tests/saved_page.md");

/// Transcribes a page. Returns the YAML, and the diagnostics without notes as `code: line of the page`.
fn read(dialect: MarkdownDialect, text: &str) -> (Value, Vec<String>) {
    read_styled(&dialect.into(), text)
}

fn read_styled(style: &Style, text: &str) -> (Value, Vec<String>) {
    let mut sources = SourceMap::default();
    let file = sources.add("reference/page.md", text);
    let mut diagnostics = Diagnostics::default();
    let yaml = transcribe(&sources, file, style, &mut diagnostics);
    let findings = diagnostics
        .items()
        .iter()
        .filter(|item| item.severity != Severity::Note)
        .map(|item| {
            let line = text
                .lines()
                .nth(item.labels[0].at.line as usize - 1)
                .unwrap_or("");
            format!("{}: {}", item.code, line.trim())
        })
        .collect();
    let value = yaml.map(|yaml| serde_yaml::from_str(&yaml).unwrap());
    (value.unwrap_or_default(), findings)
}

/// The style of the synthetic saved page.
fn saved_page() -> Style {
    Style {
        dialect: MarkdownDialect::SavedPage,
        site_lines: vec![
            "Skip to the shelves".to_owned(),
            "Made with shelves".to_owned(),
        ],
    }
}

/// The value at a pointer, without `x-origin` and `x-origins`.
fn facts(document: &Value, pointer: &str) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| !key.starts_with("x-origin"));
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = document.pointer(pointer).cloned().unwrap_or_default();
    strip(&mut value);
    value
}

/// The line of the page that `x-origin` of a mapping leads to.
fn origin_line<'t>(document: &Value, pointer: &str, text: &'t str) -> &'t str {
    let origin = document.pointer(pointer).unwrap().as_str().unwrap();
    let line: usize = origin.split_once(':').unwrap().0.parse().unwrap();
    text.lines().nth(line - 1).unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The style of a page in the manifest of this repository.
fn committed_style(specs: &Path, name: &str) -> Style {
    let text = std::fs::read_to_string(specs.join("manifest.toml")).unwrap();
    let mut sources = SourceMap::default();
    let file = sources.add("manifest.toml", text);
    let manifest = Manifest::read(&sources, file, &mut Diagnostics::default()).unwrap();
    let mut pages = manifest
        .sources
        .iter()
        .filter_map(|it| it.markdown.as_ref());
    let page = pages.find(|it| it.page == format!("reference/{name}.md"));
    page.unwrap().style.clone()
}

/// Compares a transcription with the committed one. With `UPDATE_TRANSCRIPTIONS`, writes it instead.
fn check_page(dialect: MarkdownDialect, name: &str, operations: usize) {
    let specs = repository().join("specs");
    let style = committed_style(&specs, name);
    assert_eq!(style.dialect, dialect);
    let text = std::fs::read_to_string(specs.join(format!("reference/{name}.md"))).unwrap();
    let mut sources = SourceMap::default();
    let file = sources.add(format!("reference/{name}.md"), text);
    let mut diagnostics = Diagnostics::default();
    let yaml = transcribe(&sources, file, &style, &mut diagnostics).unwrap();
    println!("{}", diagnostics.render(&sources));
    let committed = specs.join(format!("transcribed/{name}.yaml"));
    if std::env::var_os("UPDATE_TRANSCRIPTIONS").is_some() {
        std::fs::create_dir_all(committed.parent().unwrap()).unwrap();
        std::fs::write(&committed, &yaml).unwrap();
    }
    assert!(!diagnostics.has_errors());
    let found: Value = serde_yaml::from_str(&yaml).unwrap();
    let paths = found["paths"].as_object().unwrap().values();
    let count = paths.map(|item| {
        item.as_object()
            .unwrap()
            .keys()
            .filter(|key| !key.starts_with("x-"))
            .count()
    });
    assert_eq!(count.sum::<usize>(), operations);
    assert_eq!(std::fs::read_to_string(&committed).unwrap(), yaml);
}

#[test]
fn the_committed_reference_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::SwaggerToSlate, "reference", 101);
}

#[test]
fn the_committed_project_guide_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::SavedPage, "project-guide", 3);
}

#[test]
fn the_committed_teams_reference_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::Widdershins, "teams-reference", 8);
}

#[test]
fn swagger_to_slate_states_exactly_the_facts_of_its_tables() {
    let (document, findings) = read(MarkdownDialect::SwaggerToSlate, SWAGGER_TO_SLATE);
    let expected = [
        "blank-around-name: |  side | query |  | No |  |",
        "path-parameter-not-in-template: | gone | path | Not there. | Yes |  |",
        "unclosed-fence: ```",
        "template-variable-without-parameter: `***PUT*** /shelves/{shelf_id}/`",
        "response-code: | soon | Never |",
        "heading-disagrees: # /SHELVES/WRONG/",
        "blank-type-column: |  side | query |  | No |  |",
    ];
    assert_eq!(findings, expected);
    assert_eq!(
        facts(&document, "/info"),
        json!({"title": "Shop", "description": "Sells things.", "version": "v2"})
    );
    let get = facts(&document, "/paths/~1shelves~1{shelf_id}~1/get");
    assert_eq!(get["summary"], "One shelf");
    assert_eq!(
        get["description"],
        "Returns a shelf.\n\n```json\n{\"a\": 1}\n```"
    );
    assert_eq!(
        get["parameters"],
        json!([
            {"name": "shelf_id", "in": "path", "description": "The shelf.", "required": true,
                "schema": {"type": "integer", "format": "int64"}},
            {"name": "expand", "in": "query", "description": "`a|b` or nothing", "required": false,
                "schema": {"type": "string"}},
            {"name": " side", "in": "query", "required": false},
            {"name": "gone", "in": "path", "description": "Not there.", "required": true},
        ])
    );
    assert_eq!(
        get["responses"],
        json!({"200": {}, "default": {"description": "Anything else"}})
    );
}

#[test]
fn an_unclosed_fence_ends_with_its_section() {
    let (document, _) = read(MarkdownDialect::SwaggerToSlate, SWAGGER_TO_SLATE);
    assert_eq!(
        facts(&document, "/paths/~1shelves~1{shelf_id}~1/put"),
        json!({
            "description": "Replaces a shelf.\n```\nNobody closes this fence.",
            "requestBody": {"description": "The shelf.", "required": true},
            "responses": {"204": {"description": "Replaced"}},
        })
    );
}

#[test]
fn form_rows_are_the_properties_of_a_body() {
    let (document, _) = read(MarkdownDialect::SwaggerToSlate, SWAGGER_TO_SLATE);
    let schema = json!({
        "type": "object",
        "properties": {
            "photo": {"type": "string", "format": "binary", "description": "A photo."},
            "width": {"type": "number", "format": "decimal"},
        },
        "required": ["photo"],
    });
    assert_eq!(
        facts(&document, "/paths/~1shelves~1/post/requestBody"),
        json!({"content": {"multipart/form-data": {"schema": schema}}})
    );
}

#[test]
fn origins_lead_to_the_lines_that_state_the_facts() {
    let (document, _) = read(MarkdownDialect::SwaggerToSlate, SWAGGER_TO_SLATE);
    let line = |pointer: &str| origin_line(&document, pointer, SWAGGER_TO_SLATE);
    let get = "/paths/~1shelves~1{shelf_id}~1/get";
    assert_eq!(
        line(&format!("{get}/x-origin")),
        "`***GET*** /shelves/{shelf_id}/` "
    );
    assert_eq!(
        line(&format!("{get}/x-origins/summary")),
        "**Summary:** One shelf"
    );
    assert_eq!(
        line(&format!("{get}/parameters/0/x-origin")),
        "| shelf_id | path | The shelf. | Yes | long |"
    );
    assert_eq!(line(&format!("{get}/responses/200/x-origin")), "| 200 |  |");
    let keys: Vec<_> = document.as_object().unwrap().keys().take(2).collect();
    assert_eq!(keys, ["openapi", "x-transcribed-from"]);
}

#[test]
fn widdershins_document_level_facts() {
    let (document, _) = read(MarkdownDialect::Widdershins, WIDDERSHINS);
    assert_eq!(
        facts(&document, "/info"),
        json!({
            "title": "Shop",
            "version": "2.1",
            "description": "Sells things.",
            "contact": {"name": "Anna", "email": "a@shop.example", "url": "https://shop.example"},
            "license": {"name": "MIT"},
        })
    );
    assert_eq!(
        facts(&document, "/servers"),
        json!([{"url": "https://shop.example/v2"}])
    );
    assert_eq!(
        facts(&document, "/tags"),
        json!([{
            "name": "Shelves",
            "description": "Where things stand.",
            "externalDocs": {"description": "More", "url": "https://docs.example"},
        }])
    );
    assert_eq!(
        facts(&document, "/components/securitySchemes"),
        json!({"key": {"type": "apiKey", "name": "X-Key", "in": "header", "description": "The key."}})
    );
}

#[test]
fn widdershins_parameters_and_body() {
    let (document, findings) = read(MarkdownDialect::Widdershins, WIDDERSHINS);
    let put = facts(&document, "/paths/~1shelves~1{id}/put");
    assert_eq!(put["operationId"], "putShelf");
    assert_eq!(put["summary"], "Puts a shelf");
    assert_eq!(put["description"], "Replaces a shelf.");
    assert_eq!(put["tags"], json!(["Shelves"]));
    assert_eq!(
        put["parameters"],
        json!([
            {"name": "id ", "in": "path", "description": "The shelf.", "required": true,
                "schema": {"type": "integer", "format": "int64"}},
            {"name": "sort", "in": "query", "description": "A long description\nof two lines.",
                "required": false,
                "schema": {"type": "array", "items": {"type": "string", "enum": ["up", "down"]}}},
        ])
    );
    assert_eq!(
        put["requestBody"],
        json!({"required": true, "content": {"application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "label": {"type": ["string", "null"], "description": "The label | the name."},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "place": {
                        "type": "object",
                        "properties": {"room": {"type": "integer", "enum": [1]}},
                        "required": ["room"],
                    },
                },
                "required": ["label"],
            },
            "example": {"label": "a", "tags": ["x"]},
        }}})
    );
    for finding in [
        "empty-url-segment: curl -X PUT https://shop.example/v2//shelves \\",
        "blank-around-name: |id |path|integer(int64)|true|The shelf.|",
        "enumerated-value: |missing|x|",
    ] {
        assert!(
            findings.iter().any(|each| each == finding),
            "{finding}: {findings:?}"
        );
    }
}

#[test]
fn widdershins_responses_and_security() {
    let (document, findings) = read(MarkdownDialect::Widdershins, WIDDERSHINS);
    let put = facts(&document, "/paths/~1shelves~1{id}/put");
    let shelf = json!({"$ref": "#/components/schemas/Shelf"});
    assert_eq!(
        put["responses"],
        json!({
            "200": {
                "description": "Fine.",
                "headers": {"X-Left": {"description": "Calls left.",
                    "schema": {"type": "integer", "format": "int32"}}},
                "content": {"application/vnd.shop+json": {"schema": shelf, "example": {"id": 7}}},
            },
            "400": {
                "description": "Broken.",
                "content": {"*/*": {"schema": {
                    "type": "object",
                    "additionalProperties": {},
                    "properties": {
                        "code": {"type": "integer", "format": "int32",
                            "description": "What broke.", "readOnly": true},
                        "shelf": shelf,
                    },
                    "required": ["code"],
                }}},
            },
            "404": {},
        })
    );
    assert_eq!(
        put["security"],
        json!([{"key": []}, {"oauth": ["write:shelves"]}])
    );
    let get = facts(&document, "/paths/~1shelves/get");
    assert_eq!(get["security"], json!([]));
    assert_eq!(get["summary"], "listShelves");
    assert_eq!(
        get["responses"]["200"]["content"]["*/*"],
        json!({"schema": {"type": "array", "items": shelf}, "example": []})
    );
    for finding in [
        "example-not-json: ```json",
        "undeclared-security-scheme: key, oauth ( Scopes: write:shelves )",
    ] {
        assert!(
            findings.iter().any(|each| each == finding),
            "{finding}: {findings:?}"
        );
    }
}

#[test]
fn rows_that_repeat_a_component_must_agree_with_it() {
    let (_, findings) = read(MarkdownDialect::Widdershins, WIDDERSHINS);
    let disagreements: Vec<_> = findings
        .iter()
        .filter(|finding| finding.starts_with("schema-row-disagrees"))
        .map(String::as_str)
        .collect();
    // The identifier differs in its type and its restriction; the component has no colour.
    let expected = [
        "schema-row-disagrees: |»» id|string|false|none|none|",
        "schema-row-disagrees: |»» id|string|false|none|none|",
        "schema-row-disagrees: |»» color|string|false|none|none|",
    ];
    assert_eq!(disagreements, expected);
}

#[test]
fn widdershins_components() {
    let (document, _) = read(MarkdownDialect::Widdershins, WIDDERSHINS);
    assert_eq!(
        facts(&document, "/components/schemas"),
        json!({
            "Shelf": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer", "format": "int64", "readOnly": true},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
                "description": "A shelf.",
                "example": {"id": 7},
            },
            "Part": {
                "type": "object",
                "properties": {"name": {"type": "string"}},
                "required": ["name"],
                "example": {"name": "a"},
            },
            "Side": {
                "type": "string",
                "enum": ["left", "right"],
                "description": "The side.",
                "example": "left",
            },
            "Height": {
                "title": "How high it is",
                "type": "string",
                "enum": ["low", "high"],
                "description": "The height.",
                "example": "low",
            },
            "Row": {
                "title": "Shelves in a row",
                "type": "array",
                "items": {"$ref": "#/components/schemas/Shelf"},
                "example": [{"id": 7}],
            },
            // The renderer gives a list without a title the name of its items.
            "Shelves": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Shelf"},
                "example": [],
            },
        })
    );
}

#[test]
fn a_line_of_the_site_that_is_not_on_the_page_is_an_error() {
    for (dialect, text) in [
        (
            MarkdownDialect::SavedPage,
            SAVED_PAGE.replace("Made with", "Made of"),
        ),
        (MarkdownDialect::Widdershins, WIDDERSHINS.to_owned()),
    ] {
        let style = Style {
            dialect,
            ..saved_page()
        };
        let (_, findings) = read_styled(&style, &text);
        let unused = findings
            .iter()
            .filter(|it| it.starts_with("unused-site-line"));
        assert!(unused.count() > 0, "{findings:?}");
    }
}

#[test]
fn a_saved_page_has_operations_entries_and_examples() {
    let (document, findings) = read_styled(&saved_page(), SAVED_PAGE);
    assert_eq!(
        findings,
        [
            "empty-url-segment: curl \"https://shop.example/shelves//\"",
            "template-variable-without-parameter: POST /shelves/{id}/parts/",
        ]
    );
    assert_eq!(
        facts(&document, "/info"),
        json!({"description": "Shelves hold things."})
    );
    assert_eq!(
        facts(&document, "/paths/~1shelves~1{id}~1/get"),
        json!({
            "summary": "Retrieve a shelf",
            "description": "Returns one shelf. One of a, b, or c.",
            "parameters": [
                {"name": "id", "in": "path", "description": "The shelf.", "required": true,
                    "schema": {"type": "integer", "format": "int64"}},
                {"name": "expand", "in": "query", "description": "What to expand.",
                    "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "responses": {"200": {
                "description": "An example of a shelf.",
                "content": {"*/*": {"example": {"id": 7, "parts": [{"name": "a}"}]}}},
            }},
        })
    );
    assert_eq!(
        facts(&document, "/paths/~1shelves~1{id}~1parts~1/post"),
        json!({
            "summary": "List parts",
            "requestBody": {"content": {"*/*": {"schema": {
                "type": "object",
                "properties": {"name": {"type": "string", "description": "The name."}},
                "required": ["name"],
            }}}},
            "responses": {"200": {"content": {"*/*": {
                "schema": {"type": "array", "items": {"type": "object", "properties": {
                    "name": {"type": "string", "description": "The name\nof the part."},
                    "number": {"type": "integer"},
                    "string": {"type": "string"},
                }}},
                "example": [{"name": "a"}],
            }}}},
        })
    );
}

#[test]
fn the_sample_of_a_saved_page_names_media_types() {
    let sample = "Example request\n\ncurl https://shop.example/shelves/7/parts/ \\\n  -H \"Content-Type: application/json\" \\\n  -H \"Accept: text/csv\"\n\n";
    let text = SAVED_PAGE.replace("Body parameters", &format!("{sample}Body parameters"));
    let (document, _) = read_styled(&saved_page(), &text);
    let post = facts(&document, "/paths/~1shelves~1{id}~1parts~1/post");
    let names = |content: &Value| {
        content
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&post["requestBody"]["content"]), ["application/json"]);
    assert_eq!(names(&post["responses"]["200"]["content"]), ["text/csv"]);
}

#[test]
fn a_page_of_another_dialect_is_an_error() {
    for (dialect, text) in [
        (MarkdownDialect::SwaggerToSlate, WIDDERSHINS),
        (MarkdownDialect::Widdershins, SAVED_PAGE),
        (MarkdownDialect::SavedPage, SWAGGER_TO_SLATE),
        (MarkdownDialect::SavedPage, ""),
    ] {
        let (document, findings) = read(dialect, text);
        assert_eq!(document, Value::Null, "{dialect}");
        assert!(
            findings[0].starts_with("operation-count: "),
            "{dialect}: {findings:?}"
        );
    }
}

#[test]
fn an_operation_that_is_announced_but_unreadable_is_an_error() {
    let broken = SWAGGER_TO_SLATE.replace("`***PUT*** /shelves/{shelf_id}/`", "PUT");
    let (_, findings) = read(MarkdownDialect::SwaggerToSlate, &broken);
    for finding in ["no-request-line: PUT", "operation-count: ---"] {
        assert!(
            findings.iter().any(|each| each == finding),
            "{finding}: {findings:?}"
        );
    }
}

#[test]
fn an_operation_that_is_described_twice_is_an_error() {
    let twice = SWAGGER_TO_SLATE.replace("***PUT***", "***GET***");
    let (_, findings) = read(MarkdownDialect::SwaggerToSlate, &twice);
    let finding = "duplicate-operation: `***GET*** /shelves/{shelf_id}/`";
    assert!(findings.iter().any(|each| each == finding), "{findings:?}");
}

#[test]
fn line_ends_of_another_system_make_no_difference_to_the_facts() {
    for (style, text) in [
        (MarkdownDialect::SwaggerToSlate.into(), SWAGGER_TO_SLATE),
        (MarkdownDialect::Widdershins.into(), WIDDERSHINS),
        (saved_page(), SAVED_PAGE),
    ] {
        let other = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let read = |text: &str| read_styled(&style, text);
        assert_eq!(read(&other), read(text), "{}", style.dialect);
    }
}

#[test]
fn no_mutilated_page_panics() {
    let dialects = MarkdownDialect::ALL;
    for text in [SWAGGER_TO_SLATE, WIDDERSHINS, SAVED_PAGE] {
        for end in (0..text.len())
            .step_by(97)
            .filter(|end| text.is_char_boundary(*end))
        {
            for &dialect in dialects {
                read(dialect, &text[..end]);
                read(dialect, &text[end..]);
            }
        }
        for (from, to) in [
            ("|", ""),
            ("`", ""),
            ("\n\n", "\n"),
            ("#", "»"),
            ("» ", "»»» "),
            (">", "["),
            ("-", "é"),
        ] {
            for &dialect in dialects {
                read(dialect, &text.replace(from, to));
            }
        }
    }
}

#[test]
fn dialect_names_are_parsed() {
    for &dialect in MarkdownDialect::ALL {
        assert_eq!(dialect.to_string().parse(), Ok(dialect));
    }
    assert!("slate".parse::<MarkdownDialect>().is_err());
}

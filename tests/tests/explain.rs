//! `specweave explain` on the real project.

use generator::description::diagnostic::Diagnostics;
use generator::explain::{Example, Explanation, NotFound, examples, explain, render};
use generator::pipeline;
use generator::project::Project;

use crate::workspace;

fn asked(item: &str) -> Result<Vec<Explanation>, NotFound> {
    let outcome = workspace::outcome();
    let merged = outcome.merged.as_ref().expect("there were no errors");
    explain(
        &workspace::project(),
        merged,
        outcome.lowered.as_ref(),
        item,
    )
}

#[test]
fn a_property_shows_claims_verdict_decision_and_rust_item() {
    let explained = asked("Project.first_event").unwrap();
    let text = render(&explained);
    for part in [
        "Project.firstEvent",
        "contradictory: no value has both types",
        "teams-reference    reference/teams-reference.md:1646:1",
        "says [\"object\"]",
        "decided: [\"string\"]",
        "sentry_api::models::Project::first_event: Option<sentry_api::types::Timestamp>",
        "\nverdicts\n",
        "  contradictory  The claims cannot all be true\n",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    let json = generator::explain::to_json(&explained).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["subject"], "Project.firstEvent");
}

#[test]
fn an_item_is_found_by_all_its_names() {
    let names = [
        "create_team",
        "createTeam",
        "POST /organizations/{}/teams/",
        "post /organizations/{any}/teams/",
    ];
    for name in names {
        assert_eq!(
            asked(name).unwrap()[0].subject,
            "POST /organizations/{}/teams/",
            "{name}"
        );
    }
    assert_eq!(asked("ProjectDetail").unwrap()[0].subject, "Project");
    let input = asked("create_team.name").unwrap();
    assert!(
        input[0]
            .facets
            .iter()
            .any(|facet| facet.facet == "location" && facet.decision.is_some())
    );
}

#[test]
fn a_misspelt_name_gets_a_suggestion() {
    let error = asked("Projct.firstEvent").unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing is called `Projct.firstEvent`; did you mean `Project.firstEvent`?"
    );
    assert_eq!(
        asked("nothing like it at all").unwrap_err().suggestion,
        None
    );
}

#[test]
fn a_webhook_is_found_by_its_names() {
    let mut diagnostics = Diagnostics::default();
    let files = [workspace::path("tests/wire/openapi.yaml")];
    let out = workspace::path("tests/wire/generated");
    let project = Project::of_files(&files, &out, "wire-api", &mut diagnostics);
    let outcome = pipeline::run(&project);
    let merged = outcome.merged.as_ref().expect("there were no errors");
    for name in ["petCreated", "pet_created"] {
        let explained = explain(&project, merged, outcome.lowered.as_ref(), name).unwrap();
        let text = render(&explained);
        let rust = "wire_api::server::webhooks::Webhooks::pet_created";
        assert!(text.contains(rust), "{name}:\n{text}");
        // The subject is what findings name the webhook by, so that they are found with it.
        assert_eq!(explained[0].subject, "webhook POST petCreated", "{name}");
    }
}

#[test]
fn descriptions_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["a", "b", "c"].map(|name| {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("openapi.yaml");
        std::fs::write(
            &file,
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n",
        )
        .unwrap();
        file
    });
    let project = Project::of_files(&files, folder.path(), "api", &mut Diagnostics::default());
    let ids: Vec<&str> = project
        .descriptions
        .iter()
        .map(|description| &*description.id)
        .collect();
    assert_eq!(ids, ["openapi", "openapi-2", "openapi-3"]);
}

#[test]
fn the_properties_of_every_media_type_are_parts_of_the_body() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    let description = r#"
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /files:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {url: {type: string}}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}}
      responses: {"204": {description: stored}}
"#;
    std::fs::write(&file, description).unwrap();
    let project = Project::of_files(&[file], folder.path(), "api", &mut Diagnostics::default());
    let outcome = pipeline::run(&project);
    let merged = outcome.merged.as_ref().expect("there were no errors");
    let explained = explain(&project, merged, None, "POST /files body").unwrap();
    let subjects = ["POST /files body.url", "POST /files body.file"];
    assert_eq!(explained[0].parts, subjects);
    let property = explain(&project, merged, None, subjects[0]).unwrap();
    assert_eq!(property[0].parts, [""; 0]);
}

/// Explains an item of a description that is the only one.
fn of_one_source(description: &str, item: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    std::fs::write(&file, description).unwrap();
    let project = Project::of_files(&[file], folder.path(), "api", &mut Diagnostics::default());
    let outcome = pipeline::run(&project);
    let merged = outcome.merged.as_ref().expect("there were no errors");
    render(&explain(&project, merged, outcome.lowered.as_ref(), item).unwrap())
}

const NOTICES: &str = r##"
openapi: 3.1.0
info: {title: Notices, version: "1.4", description: Of a library.}
servers: [{url: 'https://library.example/v1'}]
paths:
  /notices:
    get:
      operationId: listNotices
      security: [{bearer: []}]
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Notice'}}
              examples: {none: {value: []}}
            text/csv: {schema: {type: string}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer, description: Of the console.}
  schemas:
    Notice:
      oneOf: [{$ref: '#/components/schemas/Overdue'}, {$ref: '#/components/schemas/Hold'}]
      discriminator: {propertyName: kind, mapping: {late: '#/components/schemas/Overdue'}}
    Overdue: {type: object, required: [kind], properties: {kind: {type: string}}}
    Hold: {type: object, required: [kind], properties: {kind: {type: string}}}
"##;

#[test]
fn an_item_of_one_source_shows_all_that_it_claims() {
    let expected = [
        (
            "Notice",
            &[
                "discriminator = \"kind\"\n    claimed by one source\n      openapi ",
                "discriminator mapping = {\"late\":\"Overdue\"}",
                "oneOf = [{\"$ref\":\"Overdue\"},{\"$ref\":\"Hold\"}]",
                "oneOf or anyOf = \"oneOf\"",
            ][..],
        ),
        (
            "list_notices.200",
            &[
                "presence of GET /notices 200 application/json = \"media type\"",
                "presence of GET /notices 200 text/csv = \"media type\"",
                "examples of GET /notices 200 application/json = [[]]",
                "type of GET /notices 200 application/json = [\"array\"]",
                "type of GET /notices 200 text/csv = [\"string\"]",
                "  parts\n    GET /notices 200[]\n",
            ],
        ),
        (
            "GET /notices 200[]",
            &["$ref of GET /notices 200 application/json[] = \"Notice\""],
        ),
        (
            "the API",
            &[
                "title = \"Notices\"",
                "version = \"1.4\"",
                "description = \"Of a library.\"",
                "servers = [\"https://library.example/v1\"]",
                "openapi.yaml:3:15 #/info/title",
                "security scheme bearer",
            ],
        ),
        (
            "bearer",
            &[
                "security scheme bearer\n  described by openapi ",
                "security scheme = {\"description\":\"Of the console.\",\"scheme\":\"bearer\",\"type\":\"http\"}",
            ],
        ),
    ];
    for (item, parts) in expected {
        let text = of_one_source(NOTICES, item);
        for part in parts {
            assert!(text.contains(part), "`{part}` is missing in\n{text}");
        }
    }
}

#[test]
fn the_api_and_its_security_schemes_show_the_claims_of_each_source() {
    let text = render(&asked("the API").unwrap());
    for part in [
        "title = \"Sentry\"",
        "annotation: the manifest states it",
        "says \"",
        "servers = ",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
}

#[test]
fn an_example_of_each_kind_can_be_asked() {
    let outcome = workspace::outcome();
    let merged = outcome.merged.as_ref().expect("there were no errors");
    let examples = examples(merged, outcome.lowered.as_ref());
    let meanings: Vec<&str> = examples.iter().map(|example| example.meaning).collect();
    assert_eq!(
        meanings,
        [
            "the API: its title, version and servers",
            "an operation",
            "the same, by method and path",
            "a parameter",
            "a response",
            "a type",
            "a property",
            "a security scheme",
        ]
    );
    for Example { name, .. } in examples {
        assert!(asked(&name).is_ok(), "{name}");
    }
}

#[test]
fn the_methods_of_an_operation_are_those_that_the_crate_has() {
    let path = |name: &str, id: &str| {
        let parameters =
            format!("[{{name: {name}, in: path, required: true, schema: {{type: string}}}}]");
        format!(
            "  /pets/{{{name}}}: {{get: {{operationId: {id}, tags: [pets], parameters: {parameters}, responses: {{'200': {{description: Found.}}}}}}}}\n"
        )
    };
    let description = format!(
        "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths:\n{}{}",
        path("name", "by name"),
        path("id", "call")
    );
    // Every client has a method `call`, and a router cannot tell the second path from the first.
    let explained = of_one_source(&description, "GET /pets/{id}");
    for part in [
        "api::client::Client::call_\n",
        "api::server::operations::pets::Pets::call\n",
    ] {
        assert!(explained.contains(part), "{part}: {explained}");
    }
    let explained = of_one_source(&description, "by_name");
    assert!(
        explained.contains("api::client::Client::by_name\n"),
        "{explained}"
    );
    assert!(!explained.contains("api::server::"), "{explained}");
}

//! Keys of documents: their order means nothing, and what is no name elsewhere becomes one.

use crate::run::{self, Run};

fn file(run: &Run, path: &str) -> String {
    let files = run.outcome.files.as_ref().unwrap();
    String::from_utf8(files[path].clone()).unwrap()
}

#[test]
fn the_order_of_server_variables_and_of_examples_changes_nothing() {
    let document = |variables: [&str; 2], examples: [&str; 2]| {
        let [one, other] = variables;
        let [cat, dog] = examples;
        run::text(&format!(
            "
openapi: 3.1.0
info: {{title: Pets, version: '1'}}
servers:
  - url: https://{{region}}.example.com/{{account}}
    variables: {{{one}: {{default: one}}, {other}: {{default: one}}}}
paths:
  /pets:
    get:
      parameters:
        - name: kind
          in: query
          schema: {{type: string}}
          examples: {{{cat}: {{value: {cat}}}, {dog}: {{value: {dog}}}}}
      responses: {{'204': {{description: Done.}}}}
"
        ))
    };
    let one = document(["account", "region"], ["dog", "cat"]);
    let other = document(["region", "account"], ["cat", "dog"]);
    assert_eq!(one.outcome.files, other.outcome.files);
    let servers = file(&one, "src/client/servers.rs");
    assert!(servers.find("pub region:") < servers.find("pub account:"));
}

#[test]
fn components_that_are_equal_once_cleaned_stay_two_in_the_effective_description() {
    let run = run::text(
        "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/a b'}}
components:
  schemas:
    a b: {type: object, properties: {first: {$ref: '#/components/schemas/a_b'}}}
    a_b: {type: object, properties: {second: {type: string}}}
    \u{e9}: {type: object, properties: {third: {type: string}}}
    \u{e8}: {type: object, properties: {fourth: {type: string}}}
",
    );
    let effective = file(&run, "openapi.yaml");
    for name in ["a_b:", "a_b_2:", "_:", "__2:"] {
        let lines = effective.lines().filter(|line| line.trim() == name);
        assert_eq!(lines.count(), 1, "{name}\n{effective}");
    }
    let again = run::text(&effective);
    assert!(!again.has_errors(), "{effective}");
    assert_eq!(again.types().len(), run.types().len());
}

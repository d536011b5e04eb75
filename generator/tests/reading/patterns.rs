//! Patterns that no server checks in linear time.

use generator::description::diagnostic::Severity;

use crate::run;

const DOCUMENT: &str = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets/{name}:
    post:
      parameters:
        - {name: name, in: path, required: true, schema: {type: string, pattern: '^(?!cat)[a-z]+$'}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
      responses:
        '200':
          description: Done.
          content:
            application/json: {schema: {type: string, pattern: '(?=a)b'}}
components:
  schemas:
    Pet:
      type: object
      properties:
        kind: {type: string, pattern: '(a|b)\\1'}
        color: {type: string, pattern: '^#[0-9a-f]{6}$'}
        parent: {$ref: '#/components/schemas/Pet'}
";

#[test]
fn a_pattern_of_a_request_that_is_not_checked_is_told_where_it_stands() {
    let run = run::text(DOCUMENT);
    let told = run.outcome.diagnostics.at_least(Severity::Warning);
    let found: Vec<_> = told
        .items()
        .iter()
        .filter(|one| one.code == "unchecked-pattern")
        .collect();
    assert_eq!(found.len(), 2, "{}", run.said(Severity::Warning));
    let said = run.said(Severity::Warning);
    assert!(said.contains("`^(?!cat)[a-z]+$`: look-around"), "{said}");
    assert!(said.contains("`(a|b)\\1`: backreferences"), "{said}");
    assert!(said.contains("api.yaml:7:"), "{said}");
    assert!(said.contains("api.yaml:21:"), "{said}");
    assert!(run.outcome.files.is_some());
}

//! Documents with defects: each costs what has it, and is reported.

use generator::description::diagnostic::Severity;
use insta::assert_snapshot;

use crate::run;

const DEFECTS: &str = "
openapi: 3.0.3
info: {title: Pets, version: 1}
paths:
  /pets:
    get:
      parameters:
        - {$ref: '#/components/parameters/gone'}
        - {name: old, in: body, schema: {type: string}}
        - 17
        - {name: limit, in: query, required: 'true', schema: {$ref: '#/components/schemas/Gone'}}
      requestBody: {$ref: '#/components/requestBodies/gone'}
      responses:
        '200': {$ref: '#/components/responses/gone'}
        '2000': {description: No status.}
        404: {description: None.}
  /owners:
    get: not an operation
    post:
      tags: owners
      responses: {'200': {description: Done., content: {application/json: {schema: 17}}}}
  /gone: {$ref: '#/paths/~1nowhere'}
  toys:
    get: {responses: {'200': {description: All toys.}}}
components:
  schemas:
    Number: 17
    Properties: {type: object, properties: [name]}
    Everything: {type: strin, items: 3, allOf: {}, oneOf: 7, required: 3}
";

#[test]
fn a_defect_costs_what_has_it_and_nothing_else() {
    let run = run::text(DEFECTS);
    assert!(!run.has_errors(), "{}", run.said(Severity::Error));
    assert_eq!(run.operations(), ["POST /owners", "GET /pets", "GET /toys"]);
    let pets = &run.api().operations[1];
    let parameters: Vec<&str> = pets
        .parameters
        .iter()
        .map(|it| it.wire_name.as_str())
        .collect();
    assert_eq!(parameters, ["limit"]);
    assert!(pets.parameters[0].required);
    assert!(pets.request_body.is_some(), "that there is a body is known");
    let statuses: Vec<String> = pets
        .responses
        .iter()
        .map(|it| it.status.to_string())
        .collect();
    assert_eq!(statuses, ["404"]);
}

#[test]
fn what_is_left_out_is_counted_with_its_place() {
    let run = run::text(DEFECTS);
    let report = &run.outcome.report;
    assert_eq!((report.operations.found, report.operations.emitted), (5, 3));
    let skipped: Vec<&str> = report
        .operations
        .skipped
        .iter()
        .map(|it| it.operation.as_str())
        .collect();
    assert_eq!(skipped, ["GET /owners", "/gone"]);
    let of = |item: &str| {
        report
            .skipped
            .iter()
            .filter(|part| part.item == item)
            .count()
    };
    assert_eq!(of("GET /pets"), 7, "{:#?}", report.skipped);
    assert_eq!(of("schema Everything"), 3, "{:#?}", report.skipped);
    assert!(
        report
            .skipped
            .iter()
            .all(|part| part.at.starts_with("api.yaml:") || part.at.contains("api.yaml:"))
    );
}

#[test]
fn a_document_that_describes_nothing_is_an_error_and_one_without_operations_is_not() {
    let nothing = run::text("openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\n");
    assert_eq!(nothing.codes(Severity::Error), ["nothing-described"]);
    let schemas = run::text(
        "openapi: 3.1.0
info: {title: Pets, version: '1'}
components: {schemas: {Pet: {type: object, properties: {name: {type: string}}}}}
",
    );
    assert_eq!(schemas.types(), ["Pet"]);
    let empty = run::text("openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n");
    assert_eq!(empty.operations(), Vec::<String>::new());
    assert_eq!(empty.codes(Severity::Warning), ["nothing-described"]);
    assert!(!empty.has_errors(), "it becomes a crate all the same");
}

#[test]
fn headers_of_a_part_that_are_not_sent_are_told() {
    let run = run::text(
        "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {photo: {type: string, format: binary}}}
            encoding: {photo: {contentType: image/png, headers: {X-Size: {schema: {type: integer}}}}}
      responses: {'204': {description: Done.}}
",
    );
    assert_eq!(run.codes(Severity::Note), ["unsent-part-headers"]);
    let skipped = &run.outcome.report.skipped;
    let [part] = skipped.as_slice() else {
        panic!("{skipped:?}");
    };
    assert_eq!(part.item, "POST /pets");
    assert_eq!(part.reason, "the headers of the part `photo` are not sent");
    assert_eq!(part.at, "api.yaml:11:56");
}

#[test]
fn an_operation_replaces_a_header_of_its_path_in_any_case() {
    let run = run::text(
        "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    parameters: [{name: X-Digest, in: header, schema: {type: string}}]
    post:
      parameters: [{name: x-digest, in: header, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
    );
    assert!(!run.has_errors(), "{}", run.said(Severity::Error));
    let parameters = &run.api().operations[0].parameters;
    let [digest] = parameters.as_slice() else {
        panic!("{parameters:?}");
    };
    assert_eq!(
        (digest.wire_name.as_str(), digest.required),
        ("x-digest", true)
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_told_where_it_may_have_meant_to_lead() {
    let run = run::text(
        "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200': {description: All pets., content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}
components: {schemas: {Pet: {type: object, properties: {name: {type: string}}}}}
",
    );
    assert!(!run.has_errors());
    let said = run.said(Severity::Warning);
    assert!(
        said.contains("did you mean `#/components/schemas/Pet`?"),
        "{said}"
    );
}

#[test]
fn a_security_scheme_that_is_not_declared_is_reported() {
    let run = run::text(
        r#"openapi: 3.1.0
info: {title: Pets, version: "1"}
security: [{tokens: []}]
paths:
  /pets:
    get:
      security: [{token: []}, {}, {other: []}]
      responses: {'204': {description: None.}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
"#,
    );
    assert_eq!(run.codes(Severity::Warning), ["undeclared-security-scheme"]);
    let said = run.said(Severity::Warning);
    assert!(said.contains("api.yaml:3:13"), "{said}");
    assert!(said.contains("did you mean `token`?"), "{said}");
    assert!(said.contains("api.yaml:7:36"), "{said}");
    assert!(
        said.contains("declares no security scheme `other`"),
        "{said}"
    );
}

#[test]
fn two_operations_of_one_id_are_reported() {
    let run = run::text(
        r#"openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get: {operationId: pets, responses: {'204': {description: None.}}}
  /cats:
    get: {operationId: cats, responses: {'204': {description: None.}}}
    post: {operationId: pets, responses: {'204': {description: None.}}}
"#,
    );
    assert_eq!(run.codes(Severity::Warning), ["duplicate-operation-id"]);
    let said = run.said(Severity::Warning);
    for part in [
        "api.yaml:5:24",
        "8 |",
        "two operations have the `operationId` `pets`",
    ] {
        assert!(said.contains(part), "`{part}` is missing in\n{said}");
    }
}

#[test]
fn security_schemes_that_a_reference_leads_to_are_declared() {
    let run = run::text(
        r#"openapi: 3.1.0
info: {title: Pets, version: "1"}
security: [{token: []}]
paths:
  /pets:
    get:
      responses: {'204': {description: None.}}
components:
  securitySchemes: {$ref: '#/x-schemes'}
x-schemes:
  token: {type: http, scheme: bearer}
"#,
    );
    assert_eq!(run.said(Severity::Warning), "");
}

#[test]
fn names_that_http_cannot_carry_are_left_out_with_their_place() {
    let run = run::text(
        r#"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - {name: "X-A\r\nHost: evil", in: header, schema: {type: string}}
        - {name: "X-B\0", in: header, schema: {type: string}}
        - {name: "X C", in: header, schema: {type: string}}
        - {name: "d;e", in: cookie, schema: {type: string}}
        - {name: "f=g", in: cookie, schema: {type: string}}
        - {name: "h\ni;j", in: query, schema: {type: string}}
        - {name: X-Kept, in: header, schema: {type: string}}
        - {name: kept, in: cookie, schema: {type: string}}
      responses:
        '200':
          description: All pets.
          headers:
            "X-K\r\nSet-Cookie: l": {schema: {type: string}}
            "Rate/Limit": {schema: {type: integer}}
            X-Left: {schema: {type: integer}}
      security: [{spaced: []}, {key: []}]
components:
  securitySchemes:
    spaced: {type: apiKey, in: header, name: Auth Token}
    key: {type: apiKey, in: header, name: X-Key}
"#,
    );
    assert_eq!(run.codes(Severity::Warning), ["unsendable-name"]);
    let said = run.said(Severity::Warning);
    for place in [
        "api.yaml:8:",
        "api.yaml:9:",
        "api.yaml:10:",
        "api.yaml:11:",
        "api.yaml:12:",
        "api.yaml:20:",
        "api.yaml:21:",
        "api.yaml:26:",
    ] {
        assert!(said.contains(place), "{place}: {said}");
    }
    assert!(
        said.contains(r#"no header can have the name "X-A\r\nHost: evil"; it is left out"#),
        "{said}"
    );
    let pets = &run.api().operations[0];
    let parameters: Vec<&str> = pets
        .parameters
        .iter()
        .map(|it| it.wire_name.as_str())
        .collect();
    assert_eq!(parameters, ["h\ni;j", "X-Kept", "kept"]);
    let headers: Vec<&str> = pets.responses[0]
        .headers
        .iter()
        .map(|it| it.wire_name.as_str())
        .collect();
    assert_eq!(headers, ["X-Left"]);
    let schemes: Vec<&str> = run
        .api()
        .security_schemes
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(schemes, ["key"]);
}

#[test]
fn http_schemes_that_one_text_is_enough_for_are_sent() {
    let run = run::text(
        "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths: {/pets: {get: {responses: {'204': {description: None.}}}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: BEARER}
    digest: {type: http, scheme: Digest}
    project: {type: http, scheme: DSN}
    spaced: {type: http, scheme: two words}
",
    );
    let schemes: Vec<String> = run
        .api()
        .security_schemes
        .values()
        .map(|scheme| format!("{scheme:?}"))
        .collect();
    assert_eq!(
        schemes,
        [
            "Bearer { description: None }",
            "Other { kind: \"digest\", description: None }",
            "Http { scheme: \"DSN\", description: None }",
            "Other { kind: \"two words\", description: None }",
        ]
    );
}

#[test]
fn values_of_keywords_are_read_as_meant_or_left_out_and_reported() {
    let run = run::text(
        "
openapi: 3.0.3
info: {title: Pets, version: 1}
components:
  schemas:
    Quoted: {type: integer, minimum: '5', exclusiveMinimum: 'true', maximum: 7.5, multipleOf: '2', nullable: 'true', title: 7}
    Whole: {type: string, minLength: 3.0, maxLength: '9', pattern: 5, format: null}
    Wrong: {type: integer, minimum: low, maximum: [1], exclusiveMaximum: x, multipleOf: 0, readOnly: 'yes'}
    Counts: {type: array, items: {type: string}, minItems: 1.5, maxItems: -1, uniqueItems: 1}
",
    );
    assert!(!run.has_errors(), "{}", run.said(Severity::Error));
    let files = run.outcome.files.as_ref().expect("it is emitted");
    let page = std::str::from_utf8(&files["openapi.yaml"]).expect("is UTF-8");
    let (_, schemas) = page.split_once("  schemas:\n").expect("there are schemas");
    let (schemas, _) = schemas.split_once("x-sources:").expect("there are sources");
    assert_snapshot!(schemas, @r"
    Counts:
      items:
        type: string
      type: array
    Quoted:
      exclusiveMinimum: 5
      maximum: 7.5
      multipleOf: 2
      title: '7'
      type:
      - integer
      - 'null'
    Whole:
      maxLength: 9
      minLength: 3
      pattern: '5'
      type: string
    Wrong:
      type: integer
    ");
    let found = run.outcome.diagnostics.at_least(Severity::Warning);
    let found = found.items().iter();
    let said: Vec<String> = found
        .map(|it| format!("{}: {}", it.code, it.message))
        .collect();
    assert_snapshot!(said.join("\n"), @r"
    unexpected-value: expected a number greater than 0; it is left out
    unexpected-value: expected `true` or `false`; it is left out
    unexpected-value: expected a number; it is left out
    unexpected-value: expected a number; it is left out
    unexpected-value: expected a number; it is left out
    unexpected-value: expected an integer that is not negative; it is left out
    unexpected-value: expected an integer that is not negative; it is left out
    unexpected-value: expected `true` or `false`; it is left out
    ");
}

#[test]
fn a_discriminator_without_alternatives_is_told() {
    let run = run::text(
        "
openapi: 3.0.3
info: {title: Pets, version: 1}
components:
  schemas:
    Pet:
      type: object
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {cat: Cat}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}
",
    );
    let said = run.said(Severity::Note);
    assert!(
        said.contains("a `discriminator` without `oneOf` or `anyOf` is not expressed in Rust"),
        "{said}"
    );
}

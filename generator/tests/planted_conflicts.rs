//! Planted differences between two descriptions: each is found, has the verdict that the rules promise, and nothing is
//! invented beside it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use generator::description::diagnostic::Diagnostics;
use generator::description::document::{Facet, SourceId, read};
use generator::description::source::{FileId, SourceMap, Span};
use generator::description::{load, normalize};
use generator::reconcile::merge::rules::Verdict::{
    self, Annotation, Compatible, Contradictory, Identical, Single,
};
use generator::reconcile::merge::{Merged, Resolutions, Source, Yields, merge};

/// Merges documents, the first having the highest authority.
fn merged(texts: &[String]) -> (Merged, Diagnostics, SourceMap) {
    merged_with(texts, &[])
}

/// Merges documents of which some, given by their position, yield.
fn merged_with(texts: &[String], yielding: &[usize]) -> (Merged, Diagnostics, SourceMap) {
    merged_of(texts, yielding, &[])
}

/// Merges documents of which some, given by their position, yield or are supplements.
fn merged_of(
    texts: &[String],
    yielding: &[usize],
    supplements: &[usize],
) -> (Merged, Diagnostics, SourceMap) {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let mut documents = Vec::new();
    let mut ids = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let id = char::from(b'a' + u8::try_from(index).unwrap()).to_string();
        let file = sources.add(format!("{id}.yaml"), text.as_str());
        let tree = load::parse(&sources, file, &mut diagnostics)
            .unwrap_or_else(|| panic!("{}\n{text}", diagnostics.render(&sources)));
        let source = SourceId(u16::try_from(index).unwrap());
        let mut document = read::document(&tree, source, false, &mut diagnostics).unwrap();
        normalize::normalize(&mut document, None, &mut diagnostics);
        documents.push(document);
        ids.push(Source {
            title: id.clone(),
            id,
            is_supplement: supplements.contains(&index),
            yields: yielding.contains(&index).then(|| yields(file)),
        });
    }
    let merged = merge(
        ids,
        documents,
        None,
        &Resolutions::default(),
        &mut diagnostics,
    );
    (merged, diagnostics, sources)
}

fn yields(file: FileId) -> Yields {
    Yields {
        reason: "it is old".to_owned(),
        at: Span::new(file, 1, 1),
    }
}

/// A document with one operation, given as flow YAML.
fn document(path: &str, method: &str, operation: &str, components: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  {path}:\n    {method}: {operation}\ncomponents: {components}\n"
    )
}

fn in_response(schema: &str) -> String {
    let body = format!("{{schema: {{type: object, properties: {{p: {schema}}}}}}}");
    let operation = format!(
        "{{responses: {{'200': {{description: d, content: {{application/json: {body}}}}}}}}}"
    );
    document("/x", "get", &operation, "{}")
}

fn in_request(schema: &str) -> String {
    let body = format!("{{schema: {{type: object, properties: {{p: {schema}}}}}}}");
    let operation = format!(
        "{{requestBody: {{content: {{application/json: {body}}}}}, responses: {{'204': {{description: d}}}}}}"
    );
    document("/x", "post", &operation, "{}")
}

fn in_parameter(parameter: &str) -> String {
    let operation = format!(
        "{{parameters: [{{name: q, in: query, {parameter}}}], responses: {{'204': {{description: d}}}}}}"
    );
    document("/x", "get", &operation, "{}")
}

fn in_operation(operation: &str) -> String {
    document(
        "/x",
        "get",
        &format!("{{{operation}}}"),
        "{securitySchemes: {b: {type: http, scheme: bearer}, k: {type: apiKey, in: header, name: K}}}",
    )
}

/// Checks the verdict on one facet of one subject. Of everything else nothing may be contradictory.
fn check(
    wrap: fn(&str) -> String,
    subject: &str,
    facet: &str,
    one: &str,
    other: &str,
    expected: Verdict,
) {
    let pair = [wrap(one), wrap(other)];
    let (merged, diagnostics, sources) = merged(&pair);
    let finding = merged
        .findings
        .iter()
        .find(|finding| finding.subject == subject && finding.facet.name() == facet);
    let Some(finding) = finding else {
        panic!(
            "{facet} of `{subject}` is not found for\n{one}\n{other}\nfound: {:#?}",
            subjects(&merged)
        );
    };
    assert_eq!(
        finding.judgement.verdict, expected,
        "{facet} of `{subject}`: {one} / {other}"
    );
    assert!(finding.claims.iter().all(|claim| claim.origin.at.line > 0));
    for invented in merged
        .findings
        .iter()
        .filter(|other| other.judgement.verdict == Contradictory)
    {
        assert_eq!(
            (invented.subject.as_str(), invented.facet.name()),
            (subject, facet),
            "invented for {one} / {other}"
        );
    }
    let rendered = diagnostics.render(&sources);
    assert_eq!(
        diagnostics.has_errors(),
        expected == Contradictory,
        "{rendered}"
    );
    if expected == Contradictory {
        for part in [
            "a.yaml:",
            "b.yaml:",
            "[[resolution]]",
            "fingerprint",
            subject,
        ] {
            assert!(
                rendered.contains(part),
                "`{part}` is missing in\n{rendered}"
            );
        }
    }
    // The same holds with the authority the other way round.
    let (reversed, ..) = merged_reversed(&pair);
    let verdict = reversed
        .findings
        .iter()
        .find(|finding| finding.subject == subject && finding.facet.name() == facet);
    assert_eq!(
        verdict.map(|finding| finding.judgement.verdict),
        Some(expected),
        "reversed: {one} / {other}"
    );
}

fn merged_reversed(pair: &[String; 2]) -> (Merged, Diagnostics, SourceMap) {
    merged(&[pair[1].clone(), pair[0].clone()])
}

fn subjects(merged: &Merged) -> Vec<(String, &'static str)> {
    merged
        .findings
        .iter()
        .map(|finding| (finding.subject.clone(), finding.facet.name()))
        .collect()
}

const RESPONSE: &str = "GET /x 200.p";
const REQUEST: &str = "POST /x body.p";
const QUERY: &str = "GET /x query q";
const OPERATION: &str = "GET /x";

#[test]
fn differences_in_a_response_property() {
    let cases: &[(&str, &str, &str, Verdict)] = &[
        ("type", "{type: string}", "{type: string}", Identical),
        ("type", "{type: integer}", "{type: number}", Compatible),
        ("type", "{type: string}", "{type: integer}", Contradictory),
        (
            "type",
            "{type: string, format: date-time}",
            "{type: integer}",
            Contradictory,
        ),
        (
            "type",
            "{type: string, format: date-time}",
            "{type: object}",
            Contradictory,
        ),
        (
            "type",
            "{type: array, items: {type: string}}",
            "{type: object}",
            Contradictory,
        ),
        ("type", "{type: boolean}", "{type: string}", Contradictory),
        (
            "type",
            "{type: object}",
            "{type: object, properties: {a: {type: string}}}",
            Identical,
        ),
        (
            "type",
            "{type: [string, integer]}",
            "{type: string}",
            Compatible,
        ),
        (
            "type",
            "{type: [string, integer]}",
            "{type: [string, boolean]}",
            Compatible,
        ),
        ("type", "{type: 'null'}", "{type: string}", Compatible),
        (
            "type",
            "{type: integer, format: int64}",
            "{type: number, format: double}",
            Compatible,
        ),
        (
            "format",
            "{type: string, format: date-time}",
            "{type: string, format: uri}",
            Contradictory,
        ),
        (
            "format",
            "{type: string, format: date-time}",
            "{type: string, format: date}",
            Contradictory,
        ),
        (
            "format",
            "{type: integer, format: int32}",
            "{type: integer, format: int64}",
            Compatible,
        ),
        (
            "format",
            "{type: number, format: float}",
            "{type: number, format: double}",
            Compatible,
        ),
        (
            "nullable",
            "{type: string, nullable: true}",
            "{type: string, nullable: false}",
            Compatible,
        ),
        (
            "nullable",
            "{type: string, nullable: true}",
            "{type: [string, 'null']}",
            Identical,
        ),
        (
            "nullable",
            "{type: string, nullable: true}",
            "{anyOf: [{type: string}, {type: 'null'}]}",
            Identical,
        ),
        ("enum", "{enum: [a, b]}", "{enum: [b, c]}", Compatible),
        ("enum", "{enum: [a, b]}", "{enum: [a, b]}", Identical),
        (
            "enum",
            "{type: string, enum: [a]}",
            "{type: string, const: a}",
            Identical,
        ),
        (
            "minimum",
            "{type: integer, minimum: 1}",
            "{type: integer, minimum: 3}",
            Compatible,
        ),
        (
            "maxLength",
            "{type: string, maxLength: 5}",
            "{type: string, maxLength: 9}",
            Compatible,
        ),
        (
            "pattern",
            "{type: string, pattern: a}",
            "{type: string, pattern: b}",
            Annotation,
        ),
        (
            "default",
            "{type: integer, default: 1}",
            "{type: integer, default: 2}",
            Annotation,
        ),
        (
            "deprecated",
            "{type: string, deprecated: true}",
            "{type: string, deprecated: false}",
            Compatible,
        ),
        (
            "description",
            "{type: string, description: one}",
            "{type: string, description: two}",
            Annotation,
        ),
        (
            "title",
            "{type: string, title: one}",
            "{type: string, title: two}",
            Annotation,
        ),
        (
            "examples",
            "{type: string, example: one}",
            "{type: string, example: two}",
            Annotation,
        ),
        (
            "readOnly",
            "{type: string, readOnly: true}",
            "{type: string, readOnly: false}",
            Contradictory,
        ),
        (
            "uniqueItems",
            "{type: array, items: {}, uniqueItems: true}",
            "{type: array, items: {}, uniqueItems: false}",
            Contradictory,
        ),
        (
            "contentEncoding",
            "{type: string, contentEncoding: base64}",
            "{type: string, contentEncoding: base16}",
            Contradictory,
        ),
        (
            "additionalProperties",
            "{type: object, additionalProperties: false}",
            "{type: object, additionalProperties: true}",
            Compatible,
        ),
        (
            "additionalProperties",
            "{type: object, additionalProperties: false}",
            "{type: object, additionalProperties: {type: string}}",
            Compatible,
        ),
        (
            "oneOf",
            "{oneOf: [{type: string}, {type: integer}]}",
            "{oneOf: [{type: string}, {type: boolean}]}",
            Compatible,
        ),
        (
            "oneOf",
            "{type: object, properties: {k: {type: string}}}",
            "{oneOf: [{type: object, properties: {l: {type: string}}}, {type: object, properties: {m: {type: string}}}]}",
            Compatible,
        ),
        (
            "discriminator",
            "{oneOf: [{type: object, properties: {k: {}}}], discriminator: {propertyName: k}}",
            "{oneOf: [{type: object, properties: {k: {}}}], discriminator: {propertyName: l}}",
            Contradictory,
        ),
    ];
    for (facet, one, other, expected) in cases {
        check(in_response, RESPONSE, facet, one, other, *expected);
    }
}

#[test]
fn differences_in_a_request_property() {
    let cases: &[(&str, &str, &str, Verdict)] = &[
        ("type", "{type: integer}", "{type: number}", Compatible),
        ("type", "{type: string}", "{type: integer}", Contradictory),
        (
            "type",
            "{type: [string, integer]}",
            "{type: [string, boolean]}",
            Contradictory,
        ),
        (
            "type",
            "{type: array, items: {type: string}}",
            "{type: string}",
            Contradictory,
        ),
        (
            "format",
            "{type: string, format: uuid}",
            "{type: string, format: uri}",
            Contradictory,
        ),
        (
            "nullable",
            "{type: string, nullable: true}",
            "{type: string, nullable: false}",
            Contradictory,
        ),
        ("enum", "{enum: [a, b]}", "{enum: [a, b, c]}", Contradictory),
        (
            "minimum",
            "{type: integer, minimum: 1}",
            "{type: integer, minimum: 3}",
            Contradictory,
        ),
        (
            "exclusiveMaximum",
            "{type: integer, exclusiveMaximum: 1}",
            "{type: integer, exclusiveMaximum: 3}",
            Contradictory,
        ),
        (
            "maxLength",
            "{type: string, maxLength: 5}",
            "{type: string, maxLength: 9}",
            Contradictory,
        ),
        (
            "minItems",
            "{type: array, items: {}, minItems: 1}",
            "{type: array, items: {}, minItems: 2}",
            Contradictory,
        ),
        (
            "pattern",
            "{type: string, pattern: a}",
            "{type: string, pattern: b}",
            Contradictory,
        ),
        (
            "multipleOf",
            "{type: integer, multipleOf: 2}",
            "{type: integer, multipleOf: 3}",
            Contradictory,
        ),
        (
            "default",
            "{type: integer, default: 1}",
            "{type: integer, default: 2}",
            Contradictory,
        ),
        (
            "writeOnly",
            "{type: string, writeOnly: true}",
            "{type: string, writeOnly: false}",
            Contradictory,
        ),
        (
            "description",
            "{type: string, description: one}",
            "{type: string, description: two}",
            Annotation,
        ),
        (
            "deprecated",
            "{type: string, deprecated: true}",
            "{type: string, deprecated: false}",
            Compatible,
        ),
        (
            "additionalProperties",
            "{type: object, additionalProperties: false}",
            "{type: object, additionalProperties: true}",
            Contradictory,
        ),
        (
            "oneOf",
            "{oneOf: [{type: string}, {type: integer}]}",
            "{oneOf: [{type: string}, {type: boolean}]}",
            Contradictory,
        ),
        (
            "oneOf",
            "{oneOf: [{type: string}, {type: integer}]}",
            "{oneOf: [{type: integer}, {type: string}]}",
            Identical,
        ),
    ];
    for (facet, one, other, expected) in cases {
        check(in_request, REQUEST, facet, one, other, *expected);
    }
}

#[test]
fn differences_in_a_parameter() {
    let cases: &[(&str, &str, &str, Verdict)] = &[
        (
            "required",
            "required: true",
            "required: false",
            Contradictory,
        ),
        ("required", "required: true", "required: true", Identical),
        (
            "description",
            "description: one",
            "description: two",
            Annotation,
        ),
        (
            "deprecated",
            "deprecated: true",
            "deprecated: false",
            Compatible,
        ),
        (
            "style",
            "style: form",
            "style: spaceDelimited",
            Contradictory,
        ),
        ("explode", "explode: true", "explode: false", Contradictory),
        (
            "allowReserved",
            "allowReserved: true",
            "allowReserved: false",
            Contradictory,
        ),
        (
            "type",
            "schema: {type: string}",
            "schema: {type: integer}",
            Contradictory,
        ),
        (
            "type",
            "schema: {type: integer}",
            "schema: {type: number}",
            Compatible,
        ),
        (
            "enum",
            "schema: {enum: [a]}",
            "schema: {enum: [a, b]}",
            Contradictory,
        ),
        (
            "default",
            "schema: {type: integer, default: 25}",
            "schema: {type: integer, default: 100}",
            Contradictory,
        ),
        (
            "maximum",
            "schema: {type: integer, maximum: 25}",
            "schema: {type: integer, maximum: 100}",
            Contradictory,
        ),
        (
            "examples",
            "schema: {type: string}, example: a",
            "schema: {type: string}, example: b",
            Annotation,
        ),
    ];
    for (facet, one, other, expected) in cases {
        check(in_parameter, QUERY, facet, one, other, *expected);
    }
}

#[test]
fn differences_in_an_operation() {
    let cases: &[(&str, &str, &str, Verdict)] = &[
        ("summary", "summary: one", "summary: two", Annotation),
        (
            "description",
            "description: one",
            "description: two",
            Annotation,
        ),
        (
            "operationId",
            "operationId: one",
            "operationId: two",
            Annotation,
        ),
        ("tags", "tags: [one]", "tags: [two]", Annotation),
        (
            "deprecated",
            "deprecated: true",
            "deprecated: false",
            Compatible,
        ),
        (
            "security",
            "security: [{b: []}]",
            "security: [{b: []}, {k: []}]",
            Compatible,
        ),
        (
            "security",
            "security: [{b: []}]",
            "security: []",
            Contradictory,
        ),
        (
            "security",
            "security: [{b: []}]",
            "security: [{k: []}]",
            Contradictory,
        ),
        (
            "servers",
            "servers: [{url: 'https://a.example'}]",
            "servers: [{url: 'https://b.example'}]",
            Contradictory,
        ),
        (
            "success status",
            "responses: {'200': {description: d}}",
            "responses: {'204': {description: d}}",
            Contradictory,
        ),
        (
            "success status",
            "responses: {'200': {description: d}}",
            "responses: {'201': {description: d}}",
            Contradictory,
        ),
        (
            "success status",
            "responses: {'201': {description: d}, '208': {description: d}}",
            "responses: {'201': {description: d}}",
            Compatible,
        ),
    ];
    for (facet, one, other, expected) in cases {
        check(in_operation, OPERATION, facet, one, other, *expected);
    }
}

#[test]
fn the_same_input_in_different_places_is_a_contradiction() {
    let query = in_parameter("schema: {type: string}").replace("get:", "post:");
    let body = in_request("{type: string}").replace("p:", "q:");
    let (merged, diagnostics, sources) = merged(&[query, body]);
    let contradictory = merged
        .findings
        .iter()
        .filter(|finding| finding.judgement.verdict == Contradictory);
    let contradictory: Vec<&str> = contradictory
        .map(|finding| finding.subject.as_str())
        .collect();
    assert_eq!(contradictory, ["POST /x input q"]);
    assert!(
        diagnostics
            .render(&sources)
            .contains("location of `POST /x input q`")
    );
}

#[test]
fn differences_below_items_maps_headers_and_bodies_are_found() {
    let header = |schema: &str| {
        let headers = format!("headers: {{X-A: {{schema: {schema}}}}}");
        in_operation(&format!(
            "responses: {{'200': {{description: d, {headers}}}}}"
        ))
    };
    let body = |required: &str| {
        in_operation(&format!(
            "requestBody: {{required: {required}, content: {{application/json: {{}}}}}}, responses: {{'204': {{description: d}}}}"
        ))
    };
    let list = |items: &str| in_response(&format!("{{type: array, items: {items}}}"));
    let map =
        |value: &str| in_response(&format!("{{type: object, additionalProperties: {value}}}"));
    let tuple = |value: &str| {
        in_response(&format!(
            "{{type: array, prefixItems: [{{type: string}}, {value}]}}"
        ))
    };
    let nested = |value: &str| {
        in_response(&format!(
            "{{type: object, properties: {{a: {{type: array, items: {{type: object, properties: {{b: {value}}}}}}}}}}}"
        ))
    };
    for (pair, subject, facet) in [
        (
            [header("{type: string}"), header("{type: integer}")],
            "GET /x 200 header X-A",
            "type",
        ),
        ([body("true"), body("false")], "GET /x body", "required"),
        (
            [list("{type: string}"), list("{type: integer}")],
            "GET /x 200.p[]",
            "type",
        ),
        (
            [map("{type: string}"), map("{type: integer}")],
            "GET /x 200.p{}",
            "type",
        ),
        (
            [tuple("{type: string}"), tuple("{type: integer}")],
            "GET /x 200.p[1]",
            "type",
        ),
        (
            [nested("{type: string}"), nested("{type: integer}")],
            "GET /x 200.p.a[].b",
            "type",
        ),
    ] {
        let (merged, ..) = merged(&pair);
        let contradictory = merged
            .findings
            .iter()
            .filter(|finding| finding.judgement.verdict == Contradictory);
        let contradictory: Vec<(&str, &str)> = contradictory
            .map(|finding| (finding.subject.as_str(), finding.facet.name()))
            .collect();
        assert_eq!(contradictory, [(subject, facet)]);
    }
}

#[test]
fn required_lists_claim_of_each_property_and_silence_contradicts_nothing() {
    let with = |required: &str| {
        let body = format!(
            "{{schema: {{type: object, properties: {{p: {{type: string}}, r: {{type: string}}}}{required}}}}}"
        );
        let response = format!(
            "{{responses: {{'200': {{description: d, content: {{application/json: {body}}}}}}}}}"
        );
        let request = format!(
            "{{requestBody: {{content: {{application/json: {body}}}}}, responses: {{'204': {{description: d}}}}}}"
        );
        (
            document("/x", "get", &response, "{}"),
            document("/x", "post", &request, "{}"),
        )
    };
    let (strict, loose, silent) = (
        with(", required: [p, r]"),
        with(", required: [r]"),
        with(""),
    );
    let verdict = |pair: [&String; 2], subject: &str| {
        let (merged, ..) = merged(&pair.map(Clone::clone));
        let found = merged
            .findings
            .into_iter()
            .find(|finding| finding.subject == subject && finding.facet.name() == "required");
        found.map(|finding| finding.judgement.verdict)
    };
    assert_eq!(verdict([&strict.0, &loose.0], RESPONSE), Some(Compatible));
    assert_eq!(verdict([&strict.1, &loose.1], REQUEST), Some(Contradictory));
    assert_eq!(verdict([&strict.0, &silent.0], RESPONSE), Some(Single));
    assert_eq!(verdict([&strict.1, &silent.1], REQUEST), Some(Single));
}

#[test]
fn statuses_properties_parameters_and_media_types_are_united() {
    let one = in_operation(
        "parameters: [{name: a, in: query, schema: {}}], responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}, '400': {description: e}}",
    );
    let other = in_operation(
        "parameters: [{name: b, in: query, schema: {}}], responses: {'200': {description: d, content: {application/json: {schema: {type: object, properties: {b: {type: string}}}}, text/csv: {}}}, '404': {description: e}}",
    );
    let (merged, diagnostics, _) = merged(&[one, other]);
    assert!(!diagnostics.has_errors());
    let operation = &merged.document.operations[0];
    let statuses: Vec<String> = operation
        .responses
        .keys()
        .map(ToString::to_string)
        .collect();
    assert_eq!(statuses, ["200", "400", "404"]);
    let names: Vec<&str> = operation
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b"]);
    let contents = &operation.responses[0].contents;
    assert_eq!(
        contents.keys().collect::<Vec<_>>(),
        ["application/json", "text/csv"]
    );
    let schema = contents["application/json"].schema.as_ref().unwrap();
    assert_eq!(schema.properties.keys().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn models_are_one_by_name_and_by_use() {
    let by = |name: &str, property: &str, body: &str| {
        let operation = format!(
            "{{responses: {{'200': {{description: d, content: {{application/json: {{schema: {body}}}}}}}}}}}"
        );
        let components = format!(
            "{{schemas: {{{name}: {{type: object, properties: {{{property}: {{type: string}}}}}}}}}}"
        );
        document("/x", "get", &operation, &components)
    };
    let detail = by(
        "ProjectDetail",
        "a",
        "{$ref: '#/components/schemas/ProjectDetail'}",
    );
    let project = by("Project", "b", "{$ref: '#/components/schemas/Project'}");
    let inline = by(
        "Other",
        "z",
        "{type: object, properties: {c: {type: string}}}",
    );
    let (merged, diagnostics, sources) = merged(&[detail, project, inline]);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    assert_eq!(
        merged.document.schemas.keys().collect::<Vec<_>>(),
        ["Other", "ProjectDetail"]
    );
    let model = &merged.document.schemas["ProjectDetail"];
    assert_eq!(model.properties.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_source_that_tells_two_models_apart_keeps_them_apart() {
    let apart = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /x:\n    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}\n  /y:\n    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: string}}}, B: {type: object, properties: {b: {type: string}}}}}\n";
    let same = apart
        .replace("schemas/A'", "schemas/C'")
        .replace("schemas/B'", "schemas/C'")
        .replace("A: {type", "C: {type");
    let (merged, diagnostics, sources) = merged(&[apart.to_owned(), same]);
    let rendered = diagnostics.render(&sources);
    assert!(rendered.contains("$ref of `GET /y 200`"), "{rendered}");
    assert!(merged.document.schemas.contains_key("A") && merged.document.schemas.contains_key("B"));
}

#[test]
fn path_parameters_are_the_same_by_position_whatever_they_are_called() {
    let with = |name: &str| {
        document(
            &format!("/x/{{{name}}}/"),
            "get",
            &format!(
                "{{parameters: [{{name: {name}, in: path, required: true, schema: {{type: string}}}}], responses: {{'200': {{description: d}}}}}}"
            ),
            "{}",
        )
    };
    let (merged, diagnostics, _) = merged(&[with("id_or_slug"), with("slug")]);
    assert!(!diagnostics.has_errors());
    let operation = &merged.document.operations[0];
    assert_eq!(
        (merged.document.operations.len(), operation.path.as_str()),
        (1, "/x/{id_or_slug}/")
    );
    assert_eq!(operation.parameters[0].aliases, ["slug"]);
}

#[test]
fn a_source_that_yields_gives_way_to_the_others_and_to_nothing_else() {
    let texts = [
        "{type: string}",
        "{type: integer}",
        "{type: integer, format: int64}",
    ]
    .map(in_response);
    let (merged, diagnostics, sources) = merged_with(&texts, &[2, 1]);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    let finding = |merged: &Merged| {
        let findings = merged.findings.iter();
        findings
            .clone()
            .find(|finding| finding.subject == RESPONSE)
            .unwrap()
            .clone()
    };
    assert_eq!(finding(&merged).outcome(), &serde_json::json!(["string"]));
    assert_eq!(finding(&merged).resolution.unwrap().reason, "it is old");
    // Of sources that all yield, the highest authority is left.
    let (merged, diagnostics, _) = merged_with(&texts, &[0, 1, 2]);
    assert!(!diagnostics.has_errors());
    assert_eq!(finding(&merged).outcome(), &serde_json::json!(["string"]));
    // The others still have to agree.
    assert!(merged_with(&texts, &[2]).1.has_errors());
}

#[test]
fn alternatives_of_a_source_that_yields_change_no_request() {
    let texts = [
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "{type: object, required: [a], properties: {a: {type: string, format: email}}}",
        "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: string}]}",
    ]
    .map(in_request);
    let (merged, diagnostics, sources) = merged_with(&texts, &[2]);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    let mut findings = merged.findings.iter();
    let finding = findings.find(|finding| finding.facet.name() == "oneOf");
    let finding = finding.expect("the difference is recorded");
    assert_eq!(finding.claims.len(), 3);
    assert!(finding.resolution.as_ref().expect("is decided").yielded);
    // As a firm source it contradicts.
    assert!(merged_with(&texts, &[]).1.has_errors());
}

#[test]
fn a_trailing_slash_and_a_literal_make_another_operation() {
    let at = |path: &str| document(path, "get", "{responses: {'200': {description: d}}}", "{}");
    for (one, other) in [("/x", "/x/"), ("/x/{a}", "/x/b"), ("/x/{a}", "/x/{a}/")] {
        let (merged, ..) = merged(&[at(one), at(other)]);
        assert_eq!(merged.document.operations.len(), 2, "{one} {other}");
    }
}

#[test]
fn a_body_of_any_media_type_leaves_it_to_the_others() {
    let with = |content: &str| {
        let operation = format!("{{responses: {{'404': {{description: d, content: {content}}}}}}}");
        document("/x", "get", &operation, "{}")
    };
    let stating = with(
        "{application/problem+json: {schema: {type: object, properties: {a: {type: string}}}}, text/plain: {}}",
    );
    let silent = with("{'*/*': {schema: {type: object, properties: {a: {type: integer}}}}}");
    let (merged, diagnostics, _) = merged(&[stating.clone(), silent.clone()]);
    let response = merged.document.operations[0]
        .responses
        .values()
        .next()
        .unwrap();
    let media_types: Vec<&str> = response.contents.keys().map(String::as_str).collect();
    assert_eq!(media_types, ["application/problem+json", "text/plain"]);
    // Its schema is compared, but it names no media type.
    let content = &response.contents["application/problem+json"];
    let sources = |origins: Vec<SourceId>| origins.iter().map(|id| id.0).collect::<Vec<u16>>();
    let of_content = content.provenance.iter().map(|origin| origin.source);
    assert_eq!(sources(of_content.collect()), [0]);
    let of_schema = content.schema.as_ref().unwrap().provenance.iter();
    assert_eq!(
        sources(of_schema.map(|origin| origin.source).collect()),
        [0, 1]
    );
    assert!(diagnostics.has_errors(), "string and integer contradict");
    let media_type = merged.findings.iter().find(|finding| {
        finding.subject == "GET /x 404 application/problem+json" && finding.facet == Facet::Presence
    });
    let media_type = media_type.expect("one source names it");
    assert_eq!(media_type.judgement.verdict, Single);
    assert_eq!(media_type.silent, [SourceId(1)]);
    // If nobody names one, it stays.
    let (merged, ..) = self::merged(&[silent.clone(), silent]);
    let response = merged.document.operations[0]
        .responses
        .values()
        .next()
        .unwrap();
    assert_eq!(response.contents.keys().collect::<Vec<_>>(), ["*/*"]);
}

#[test]
fn security_schemes_are_one_by_name_and_then_by_what_they_are() {
    let schemes = |names: &str, used: &str| {
        let scheme = |name| format!("{name}: {{type: http, scheme: bearer}}");
        let schemes: Vec<String> = names.split(' ').map(scheme).collect();
        let operation =
            format!("{{security: [{{{used}: []}}], responses: {{'204': {{description: d}}}}}}");
        let schemes = schemes.join(", ");
        document(
            "/x",
            "get",
            &operation,
            &format!("{{securitySchemes: {{{schemes}}}}}"),
        )
    };
    for (one, other, expected, names) in [
        // Two schemes of one document stay two, and each is that of the same name.
        (schemes("a b", "b"), schemes("a b", "b"), Identical, "a b"),
        (
            schemes("a b", "a"),
            schemes("a b", "b"),
            Contradictory,
            "a b",
        ),
        // A name of its own leads to an equal scheme.
        (schemes("a", "a"), schemes("c", "c"), Identical, "a"),
        // Of two equal ones, the one of the same name is it, and the other one stays.
        (schemes("b", "b"), schemes("a b", "b"), Identical, "a b"),
        (schemes("b", "b"), schemes("a b", "a"), Contradictory, "a b"),
    ] {
        let (merged, ..) = merged(&[one, other]);
        let verdict = merged
            .findings
            .iter()
            .find(|finding| finding.facet.name() == "security");
        assert_eq!(verdict.unwrap().judgement.verdict, expected, "{names}");
        let found: Vec<&str> = merged
            .document
            .security_schemes
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(found.join(" "), names);
    }
}

#[test]
fn a_scheme_of_another_kind_gets_a_name_that_nobody_has() {
    let document = |schemes: &str| {
        let operation = "{responses: {'204': {description: d}}}";
        document(
            "/x",
            "get",
            operation,
            &format!("{{securitySchemes: {{{schemes}}}}}"),
        )
    };
    let (merged, told, _) = merged(&[
        document("a: {type: http, scheme: bearer}"),
        document("a: {type: http, scheme: basic}, a-b: {type: apiKey, in: header, name: K}"),
    ]);
    let warning = told
        .items()
        .iter()
        .find(|it| it.code == "security-schemes-of-one-name");
    assert_eq!(
        warning.unwrap().message,
        "two sources call different security schemes `a`: that of `b` is called `a-b-2`"
    );
    let found: Vec<&str> = merged
        .document
        .security_schemes
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(found, ["a", "a-b", "a-b-2"]);
}

/// Operations of one source can require a scope that another one does not declare.
#[test]
fn a_security_scheme_has_the_scopes_of_all_sources() {
    let document = |scopes: &str| {
        let operation = "{responses: {'204': {description: d}}}";
        let flows =
            format!("{{clientCredentials: {{tokenUrl: 'https://x.example/t', scopes: {scopes}}}}}");
        document(
            "/x",
            "get",
            operation,
            &format!("{{securitySchemes: {{o: {{type: oauth2, flows: {flows}}}}}}}"),
        )
    };
    let (merged, ..) = merged(&[
        document("{admin: All.}"),
        document("{read: Reads., admin: Most.}"),
    ]);
    let written = &merged.document.security_schemes["o"].written;
    assert_eq!(
        written["flows"]["clientCredentials"]["scopes"],
        serde_json::json!({"admin": "All.", "read": "Reads."})
    );
}

#[test]
fn models_without_a_name_are_one_where_the_same_pointer_leads_to_the_same_type() {
    let text = |name: &str| {
        let operation = "{responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}";
        let part =
            |name: &str| format!("{{type: object, properties: {{{name}: {{type: string}}}}}}");
        let components = format!(
            "{{schemas: {{Pet: {{definitions: {{a: {}, b: {}}}, oneOf: [{{$ref: '#/components/schemas/Pet/definitions/a'}}, {{$ref: '#/components/schemas/Pet/definitions/b'}}]}}}}}}",
            part("name"),
            part(name),
        );
        document("/x", "get", operation, &components)
    };
    let keys = |others: [String; 2]| -> Vec<String> {
        let (merged, ..) = merged(&others);
        merged.document.schemas.keys().cloned().collect()
    };
    let pet = "Pet".to_owned();
    let at = |rest: &str| format!("/components/schemas/Pet/definitions/{rest}");
    assert_eq!(
        keys([text("wings"), text("wings")]),
        [at("a"), at("b"), pet.clone()]
    );
    assert_eq!(
        keys([text("wings"), text("fins")]),
        [at("a"), at("b"), at("b~source1"), pet],
        "a pointer alone says nothing"
    );
}

#[test]
fn what_one_source_says_in_several_places_is_one_claim() {
    let text = in_response(
        "{oneOf: [{type: object, properties: {a: {type: string, example: one}}}, {type: object, properties: {a: {type: string, example: two}}}]}",
    );
    let (alone, ..) = merged(std::slice::from_ref(&text));
    assert_eq!(subjects(&alone), []);
    let (both, ..) = merged(&[text.clone(), text]);
    assert!(!both.findings.is_empty());
    for finding in &both.findings {
        assert_eq!(finding.judgement.verdict, Identical, "{}", finding.subject);
    }
}

/// An operation with these keys beside its responses.
fn described(keys: &str) -> String {
    let operation = format!("{{{keys}, responses: {{'204': {{description: d}}}}}}");
    document(
        "/x",
        "get",
        &operation,
        "{securitySchemes: {t: {type: http, scheme: bearer}}}",
    )
}

#[test]
fn a_chosen_text_is_used_and_loses_no_statement_of_others() {
    let short = described("description: Short., x-chosen: [description]");
    let long =
        described("description: A text that tells much more of the operation. Defaults to 5.");
    for texts in [[short.clone(), long.clone()], [long, short]] {
        let (merged, diagnostics, sources) = merged(&texts);
        assert!(
            !diagnostics.has_errors(),
            "{}",
            diagnostics.render(&sources)
        );
        let facts = &merged.document.operations[0].facts;
        let used = facts.text(Facet::Description);
        assert_eq!(used, Some("Short. Defaults to 5."));
        let mut findings = merged.findings.iter();
        let finding = findings
            .find(|finding| finding.facet == Facet::Description)
            .unwrap();
        assert_eq!(
            (finding.judgement.verdict, finding.claims.len()),
            (Annotation, 2)
        );
    }
}

#[test]
fn a_choice_that_changes_nothing_is_an_error() {
    let chosen = described("description: A text that tells more., x-chosen: [description]");
    for other in [
        described("description: Short."),
        described("summary: Short."),
    ] {
        let (_, diagnostics, sources) = merged(&[chosen.clone(), other]);
        let rendered = diagnostics.render(&sources);
        assert!(rendered.contains("error[needless-choice]"), "{rendered}");
    }
}

#[test]
fn the_text_of_a_source_that_yields_gives_way() {
    let long = described("description: A text that tells much more of the operation.");
    let texts = [long, described("description: Short.")];
    let (merged, _, _) = merged_with(&texts, &[0]);
    let facts = &merged.document.operations[0].facts;
    let used = facts.text(Facet::Description);
    assert_eq!(used, Some("Short."));
}

#[test]
fn scopes_that_any_source_names_are_required() {
    let texts = [
        described("security: [{t: []}]"),
        described("security: [{t: ['a:read']}]"),
        described("security: [{t: ['a:read']}, {t: ['a:write']}]"),
    ];
    let (merged, _, _) = merged(&texts);
    let facts = &merged.document.operations[0].facts;
    let security = facts.list(Facet::Security);
    let expected = serde_json::json!([{"t": ["a:read"]}, {"t": ["a:write"]}]);
    assert_eq!(serde_json::Value::from(security), expected);
}

#[test]
fn a_supplement_without_servers_has_the_base_path_of_the_others() {
    let api = |servers: &str, path: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{servers}paths: {{{path}: {{get: {{responses: {{'204': {{description: OK}}}}}}}}}}\n"
        )
    };
    let documents = [
        api("servers: [{url: 'https://a.example/v1'}]\n", "/x"),
        api("", "/y"),
    ];
    let paths = |supplements: &[usize]| {
        let (merged, _, _) = merged_of(&documents, &[], supplements);
        let operations = merged.document.operations.iter();
        let mut paths: Vec<String> = operations.map(|it| it.path.clone()).collect();
        paths.sort();
        paths
    };
    assert_eq!(paths(&[1]), ["/x", "/y"]);
    // Of another source it is known that it has none.
    assert_eq!(paths(&[]), ["/v1/x", "/y"]);
}

#[test]
fn long_enums_are_compared_without_the_short_ones_beside_them() {
    let api = |values: &[String]| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{/x: {{get: {{parameters: [{{name: q, in: query, schema: {{type: string, enum: [{}]}}}}], responses: {{'204': {{description: OK}}}}}}}}}}\n",
            values.join(", ")
        )
    };
    let many: Vec<String> = (0..30).map(|number| format!("v{number}")).collect();
    let with = |more: &str| [&many[..], &[more.to_owned()]].concat();
    let documents = [api(&with("zeta")), api(&with("eta")), api(&many[..2])];
    let (_, diagnostics, sources) = merged(&documents);
    let said = diagnostics.render(&sources);
    assert!(
        said.contains("`a` claims \"zeta\" beside the 30 values that the long lists share"),
        "{said}"
    );
    assert!(
        said.contains("`b` claims \"eta\" beside the 30 values that the long lists share"),
        "{said}"
    );
    assert!(said.contains("`c` claims [\"v0\",\"v1\"]"), "{said}");
}

/// A document whose response is the component `Thing`, beside `A` and `B`.
fn with_thing(thing: &str) -> String {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
    let operation = format!("{{responses: {{'200': {{description: d, {content}}}}}}}");
    let components = format!(
        "{{schemas: {{Thing: {thing}, A: {{type: object, properties: {{a: {{type: string}}}}}}, B: {{type: object, properties: {{b: {{type: integer}}}}}}}}}}"
    );
    document("/x", "get", &operation, &components)
}

/// What the component `Thing` is, of two descriptions of it, in whatever order: its properties or alternatives.
fn thing_of(one: &str, other: &str) -> Vec<String> {
    let of = |texts: [String; 2]| -> Vec<String> {
        let (merged, diagnostics, sources) = merged(&texts);
        assert!(
            !diagnostics.has_errors(),
            "{}",
            diagnostics.render(&sources)
        );
        let schema = |name| {
            let schemas = &merged.document.schemas;
            schemas.get(name).unwrap()
        };
        // Neither component gets anything of the other one.
        for (name, property) in [("A", "a"), ("B", "b")] {
            let names: Vec<&String> = schema(name).properties.keys().collect();
            assert_eq!(names, [property]);
        }
        let thing = schema("Thing");
        let thing = thing.properties.get("p").unwrap_or(thing);
        let alternatives = thing.alternatives.iter();
        let mut found: Vec<String> = alternatives
            .map(|it| it.reference.clone().unwrap())
            .chain(thing.properties.keys().cloned())
            .chain(thing.reference.clone())
            .collect();
        found.sort();
        found
    };
    let found = of([with_thing(one), with_thing(other)]);
    assert_eq!(found, of([with_thing(other), with_thing(one)]));
    found
}

#[test]
fn what_stands_beside_a_reference_of_another_source_is_kept() {
    const A: &str = "{$ref: '#/components/schemas/A'}";
    const BOTH: &str = "[{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
    let property = |schema: &str| format!("{{type: object, properties: {{p: {schema}}}}}");
    let one_of = format!("{{oneOf: {BOTH}}}");
    let all_of = format!("{{allOf: {BOTH}}}");
    let inline = "{type: object, properties: {z: {type: string}}}";
    for wrap in [&str::to_owned as &dyn Fn(&str) -> String, &property] {
        assert_eq!(thing_of(&wrap(&one_of), &wrap(A)), ["A", "B"]);
        // What says nothing more leaves the reference as it is.
        assert_eq!(thing_of(&wrap("{type: object}"), &wrap(A)), ["A"]);
        for other in [inline, &all_of] {
            let texts = [with_thing(&wrap(other)), with_thing(&wrap(A))];
            let (_, diagnostics, sources) = merged(&texts);
            let said = diagnostics.render(&sources);
            assert!(
                said.contains("contradict each other: $ref of `Thing"),
                "{said}"
            );
            assert!(said.contains("`a` claims false"), "{said}");
            assert!(said.contains("`b` claims \"A\""), "{said}");
        }
    }
    let one = format!("{{oneOf: [{A}]}}");
    assert_eq!(thing_of(&one, &one_of), ["A", "B"]);
}

#[test]
fn a_source_without_the_component_describes_it_in_its_place() {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
    let operation = format!("{{responses: {{'200': {{description: d, {content}}}}}}}");
    let of = |schemas: &str| {
        document(
            "/x",
            "get",
            &operation,
            &format!("{{schemas: {{{schemas}}}}}"),
        )
    };
    let texts = [
        of("Thing: {type: object, properties: {z: {type: string}}}"),
        of(
            "Thing: {$ref: '#/components/schemas/A'}, A: {type: object, properties: {a: {type: string}}}",
        ),
    ];
    let (merged, diagnostics, sources) = merged(&texts);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    let thing = merged.document.schemas.get("Thing").unwrap();
    assert_eq!(thing.reference.as_deref(), Some("A"));
    let component = merged.document.schemas.get("A").unwrap();
    let names: Vec<&String> = component.properties.keys().collect();
    assert_eq!(names, ["a", "z"]);
}

#[test]
fn a_reference_holds_against_alternatives_of_a_source_that_yields() {
    let one_of = "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}";
    let property =
        |schema: &str| with_thing(&format!("{{type: object, properties: {{p: {schema}}}}}"));
    let texts = [
        property("{$ref: '#/components/schemas/A'}"),
        property(one_of),
    ];
    let (merged, diagnostics, sources) = merged_with(&texts, &[1]);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    let thing = merged.document.schemas.get("Thing").unwrap();
    assert_eq!(thing.properties["p"].reference.as_deref(), Some("A"));
}

#[test]
fn models_that_contain_themselves_end() {
    let of = |child: &str| {
        let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}";
        let operation = format!("{{responses: {{'200': {{description: d, {content}}}}}}}");
        let node = format!(
            "{{schemas: {{Node: {{type: object, properties: {{child: {child}, first: {{type: array, prefixItems: [{child}]}}}}}}}}}}"
        );
        document("/x", "get", &operation, &node)
    };
    let texts = [
        of("{$ref: '#/components/schemas/Node'}"),
        of("{type: object, properties: {child: {type: object}, more: {type: string}}}"),
    ];
    let (merged, ..) = merged(&texts);
    assert!(merged.document.schemas.contains_key("Node"));
}

#[test]
fn two_schemas_for_a_value_of_a_discriminator_are_a_contradiction() {
    let with = |mapping: &str| {
        with_thing(&format!(
            "{{oneOf: [{{$ref: '#/components/schemas/A'}}, {{$ref: '#/components/schemas/B'}}], discriminator: {{propertyName: k, mapping: {mapping}}}}}"
        ))
    };
    let verdict = |one: &str, other: &str| {
        let (merged, ..) = merged(&[with(one), with(other)]);
        let mut findings = merged.findings.iter();
        findings
            .find(|it| it.facet == Facet::DiscriminatorMapping)
            .map(|it| it.judgement.verdict)
    };
    assert_eq!(verdict("{a: A, b: B}", "{a: B, b: A}"), Some(Contradictory));
    assert_eq!(verdict("{a: A}", "{b: B}"), Some(Compatible));
    // What only one source maps is kept.
    let texts = [with("{a: A, b: B}"), with("{a: B, c: B}")];
    let (merged, ..) = merged_with(&texts, &[1]);
    let thing = merged.document.schemas.get("Thing").unwrap();
    let mapping = &thing.discriminator.as_ref().unwrap().mapping;
    let mapping: Vec<String> = mapping
        .iter()
        .map(|(value, key)| format!("{value}: {key}"))
        .collect();
    assert_eq!(mapping, ["a: A", "b: B", "c: B"]);
}

#[test]
fn what_one_source_reads_only_and_another_writes_only_is_a_contradiction() {
    let read = "{type: string, readOnly: true}";
    let write = "{type: string, writeOnly: true}";
    let (_, diagnostics, sources) = merged(&[in_request(read), in_request(write)]);
    let said = diagnostics.render(&sources);
    assert!(said.contains("readOnly of `POST /x body.p`"), "{said}");
    assert!(said.contains("writeOnly of `POST /x body.p`"), "{said}");
    // A source that says both of itself is told by `lint`.
    let both = "{type: string, readOnly: true, writeOnly: true}";
    let (_, diagnostics, sources) = merged(&[in_request(both), in_request(both)]);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
}

#[test]
fn the_default_of_a_type_that_was_not_decided_is_left_out() {
    let string = in_request("{type: string, enum: [low, high]}");
    let integer = in_request("{type: integer, default: 3}");
    let (merged, ..) = merged(&[string, integer]);
    let operation = &merged.document.operations[0];
    let body = operation.body.as_ref().unwrap();
    let schema = body.contents["application/json"].schema.as_ref().unwrap();
    assert!(schema.properties["p"].facts.get(Facet::Default).is_none());
}

//! Documents that lead the generator as deep as they can: what it follows, it follows without a stack, or to a bound.

use std::fmt::Write as _;

use generator::description::diagnostic::Severity;

use crate::run::text;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: op\n      \
    parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/S0'}}]\n      \
    responses: {200: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}\n\
    components:\n  schemas:\n";

/// A document with `count` schemas, of which each one is made of the number of the next.
fn chain(count: usize, last: &str, schema: impl Fn(usize) -> String) -> String {
    let mut document = HEAD.to_owned();
    for number in 0..count {
        writeln!(document, "    S{number}: {}", schema(number + 1)).unwrap();
    }
    writeln!(document, "    S{count}: {last}").unwrap();
    document
}

fn reference(number: usize) -> String {
    format!("{{$ref: '#/components/schemas/S{number}'}}")
}

#[test]
fn chains_of_schemas_of_any_length_are_followed() {
    let object = "{type: object, properties: {a: {type: string}}}";
    let links: [fn(usize) -> String; 6] = [
        reference,
        |next| format!("{{allOf: [{}]}}", reference(next)),
        |next| format!("{{type: array, items: {}}}", reference(next)),
        |next| {
            format!(
                "{{type: object, required: [n], properties: {{n: {}}}}}",
                reference(next)
            )
        },
        |next| format!("{{oneOf: [{}, {{type: string}}]}}", reference(next)),
        |next| format!("{{type: array, prefixItems: [{}]}}", reference(next)),
    ];
    for link in links {
        let run = text(&chain(500, object, link));
        assert!(!run.has_errors(), "{}", run.said(Severity::Error));
        assert!(run.outcome.files.is_some());
    }
}

#[test]
fn schemas_that_use_the_next_one_twice_do_not_double_what_is_emitted() {
    let object = "{type: object, properties: {a: {type: string}}}";
    let links: [fn(usize) -> String; 3] = [
        |next| {
            let next = reference(next);
            format!("{{type: object, properties: {{a: {next}, b: {next}}}}}")
        },
        |next| {
            let next = reference(next);
            format!("{{oneOf: [{{type: array, items: {next}}}, {next}]}}")
        },
        |next| {
            let next = reference(next);
            format!("{{oneOf: [{{type: array, prefixItems: [{next}, {next}]}}, {{type: string}}]}}")
        },
    ];
    for link in links {
        let run = text(&chain(60, object, link));
        assert!(!run.has_errors(), "{}", run.said(Severity::Error));
        assert!(run.outcome.files.is_some());
    }
}

#[test]
fn tuples_of_aliases_of_tuples_are_not_expanded() {
    let run = text(&chain(60, "{type: string}", |next| match next {
        1 => format!("{{oneOf: [{}, {{type: string}}]}}", reference(next)),
        _ => {
            let next = reference(next);
            format!("{{type: array, prefixItems: [{next}, {next}]}}")
        }
    }));
    assert!(!run.has_errors(), "{}", run.said(Severity::Error));
    assert!(run.outcome.files.is_some());
}

#[test]
fn parts_that_extend_others_in_their_properties_nest_to_a_bound() {
    let run = text(&chain(60, "{type: object}", |next| {
        let mut schema = format!(
            "{{allOf: [{}, {{type: object, properties: {{x{next}: {{type: string}}}}}}]}}",
            reference(next)
        );
        for _ in 0..20 {
            schema = format!("{{type: object, properties: {{p: {schema}}}}}");
        }
        schema
    }));
    assert!(run.codes(Severity::Error).contains(&"all-of-too-deep"));
}

#[test]
fn a_chain_of_many_schemas_needs_no_deeper_stack() {
    let document = chain(4000, "{type: string, pattern: '(?=a)'}", |next| {
        format!("{{type: object, properties: {{n: {}}}}}", reference(next))
    });
    let body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}\n      parameters:";
    let document = document
        .replacen("get:", "post:", 1)
        .replacen("parameters:", body, 1);
    let run = text(&document);
    assert!(!run.has_errors(), "{}", run.said(Severity::Error));
    assert!(run.codes(Severity::Warning).contains(&"unchecked-pattern"));
}

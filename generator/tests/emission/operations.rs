//! The table of an operation, which client and server share.

use insta::assert_snapshot;

use crate::run::{described, emitted, operations};

const TABLES: &str = "src/operations/pets.rs";

/// The table of the only operation.
fn table(line: &str) -> String {
    operations(line).item(TABLES, "pub static")
}

#[test]
fn a_table_says_only_what_is_not_the_default() {
    assert_snapshot!(table("/pets delete {operationId: deletePets, responses: {'204': {description: Gone.}}}"), @r#"
    pub static DELETE_PETS: Operation = Operation {
        id: "deletePets",
        tag: "pets",
        method: Method::Delete,
        path: "/pets",
        responses: &[response(204, "Gone.")],
        ..Operation::EMPTY
    };
    "#);
}

#[test]
fn parameters_have_their_location_style_and_type() {
    assert_snapshot!(table(
        "/pets/{id}/{ids} get {operationId: getPet, parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: ids, in: path, required: true, style: matrix, schema: {type: array, items: {type: number}}}, {name: q, in: query, schema: {type: string}}, {name: full, in: query, schema: {type: boolean}}, {name: sort, in: query, explode: false, schema: {type: array, items: {type: string}}}, {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}, {name: deep, in: query, style: deepObject, explode: true, schema: {type: object, properties: {age: {type: integer}}}}, {name: raw, in: query, allowReserved: true, schema: {type: string}}, {name: json, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, {name: any, in: query, schema: {type: object, additionalProperties: {type: string}}}, {name: X-Trace, in: header, schema: {type: string}}, {name: crumb, in: cookie, schema: {type: string}}], responses: {'204': {description: OK}}}"
    ), @r#"
    pub static GET_PET: Operation = Operation {
        id: "getPet",
        tag: "pets",
        method: Method::Get,
        path: "/pets/{id}/{ids}",
        parameters: &[
            path("id").of(ValueType::Integer),
            path("ids").style(Style::Matrix, false).of(ValueType::List(&ValueType::Number)),
            query("q"),
            query("full").of(ValueType::Boolean),
            query("sort").style(Style::Form, false).of(ValueType::List(&ValueType::Text)),
            query("piped")
                .style(Style::PipeDelimited, false)
                .of(ValueType::List(&ValueType::Text)),
            query("deep")
                .style(Style::DeepObject, true)
                .of(ValueType::Object(&[("age", ValueType::Integer)])),
            query("raw").allow_reserved(),
            query("json")
                .style(Style::Json, false)
                .of(ValueType::Object(&[("name", ValueType::Text)])),
            query("any")
                .of(ValueType::Map(&ValueType::Text))
                .except(&["q", "full", "sort", "piped", "deep", "raw", "json"]),
            header("X-Trace"),
            cookie("crumb"),
        ],
        responses: &[response(204, "OK")],
        ..Operation::EMPTY
    };
    "#);
}

#[test]
fn responses_are_codes_before_ranges_before_the_default_with_a_line_each() {
    assert_snapshot!(table(
        "/pets get {operationId: listPets, responses: {default: {description: Other.}, 4XX: {description: \"Yours.\\nMore of it.\"}, '404': {description: None.}, '200': {description: \"It's \\\"fine\\\".\", content: {application/json: {schema: {}}, text/csv: {schema: {type: string}}}}}}"
    ), @r#"
    pub static LIST_PETS: Operation = Operation {
        id: "listPets",
        tag: "pets",
        method: Method::Get,
        path: "/pets",
        accept: "application/json",
        responses: &[
            response(200, "It's \"fine\"."),
            response(404, "None."),
            responses(400, 499, "Yours."),
            responses(0, u16::MAX, "Other."),
        ],
        ..Operation::EMPTY
    };
    "#);
}

#[test]
fn bodies_have_their_media_types_and_forms_the_types_and_styles_of_their_fields() {
    assert_snapshot!(table(
        "/pets post {operationId: createPet, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, application/x-www-form-urlencoded: {schema: {type: object, properties: {age: {type: integer}, ids: {type: array, items: {type: integer}}}}, encoding: {ids: {style: form, explode: false}}}, text/plain: {schema: {type: string}}, image/*: {schema: {type: string, format: binary}}}}, responses: {'204': {description: OK}}}"
    ), @r#"
    pub static CREATE_PET: Operation = Operation {
        id: "createPet",
        tag: "pets",
        method: Method::Post,
        path: "/pets",
        body: &[
            body("application/json"),
            body("application/x-www-form-urlencoded")
                .of(
                    ValueType::Object(
                        &[
                            ("age", ValueType::Integer),
                            ("ids", ValueType::List(&ValueType::Integer)),
                        ],
                    ),
                )
                .styles(&[("ids", Style::Form, false)]),
            body("text/plain").of(ValueType::Text),
            body("image/*"),
        ],
        responses: &[response(204, "OK")],
        ..Operation::EMPTY
    };
    "#);
}

#[test]
fn a_paged_list_has_its_cursor() {
    assert_snapshot!(table(
        "/pets get {operationId: listPets, parameters: [{name: cursor, in: query, schema: {type: string}}], responses: {'200': {description: OK, headers: {Link: {schema: {type: string}}}, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}"
    ), @r#"
    pub static LIST_PETS: Operation = Operation {
        id: "listPets",
        tag: "pets",
        method: Method::Get,
        path: "/pets",
        parameters: &[query("cursor")],
        accept: "application/json",
        responses: &[response(200, "OK")],
        cursor: Some("cursor"),
        ..Operation::EMPTY
    };
    "#);
}

#[test]
fn security_is_a_list_of_alternatives_or_empty_where_none_is_needed() {
    let text = described(
        "/pets get {operationId: listPets, security: [{token: [], key: []}, {}], responses: {'204': {description: OK}}}
         /scopes get {operationId: scoped, security: [{token: [a, b]}, {token: [c]}, {key: []}, {key: [d]}, {token: [a], key: []}], responses: {'204': {description: OK}}}
         /open get {operationId: open, security: [], responses: {'204': {description: OK}}}
         /any get {operationId: any, responses: {'204': {description: OK}}}",
    );
    let schemes = "  securitySchemes:\n    token: {type: http, scheme: bearer}\n    key: {type: apiKey, in: header, name: X-Key}\n";
    let pets = emitted(&format!("{text}{schemes}"));
    let lines = ["LIST_PETS", "SCOPED", "OPEN", "ANY"].map(|name| {
        let table = pets.item(TABLES, &format!("pub static {name}"));
        let security = table.split_once("security: ");
        let text = security.map_or("nothing", |(_, text)| text);
        let words: Vec<&str> = text.trim_end_matches("};").split_whitespace().collect();
        format!(
            "{name}: {}",
            words.join(" ").replace(" ..Operation::EMPTY", "")
        )
    });
    assert_snapshot!(lines.join("\n"), @r#"
    LIST_PETS: Some(&[&[scheme("key", &[]), scheme("token", &[])], &[]]),
    SCOPED: Some( &[ &[scheme("token", &["a b", "c"])], &[scheme("key", &[])], &[scheme("key", &[]), scheme("token", &["a"])], ], ),
    OPEN: Some(&[]),
    ANY: nothing
    "#);
}

#[test]
fn an_id_of_digits_still_has_a_constant() {
    let pets = operations("/pets get {operationId: '24', responses: {'204': {description: OK}}}");
    let table = pets.item(TABLES, "pub static");
    assert_snapshot!(table.lines().next().unwrap(), @"pub static OPERATION__24: Operation = Operation {");
}

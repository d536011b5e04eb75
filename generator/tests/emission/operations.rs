//! The table of an operation, which client and server share.

use insta::assert_snapshot;

use crate::run::{described, emitted, operations};

const TABLES: &str = "src/operations/pets.rs";

/// The table of the only operation.
fn table(line: &str) -> String {
    operations(line).entry(TABLES, "    pub static")
}

#[test]
fn a_table_says_only_what_is_not_the_default() {
    assert_snapshot!(table("/pets delete {operationId: deletePets, responses: {'204': {description: Gone.}}}"), @r#"
    pub static DELETE_PETS = Delete "/pets" {
        id: "deletePets",
        accept: "",
        responses: [204 "Gone."],
    }
    "#);
}

#[test]
fn parameters_have_their_location_style_and_type() {
    assert_snapshot!(table(
        "/pets/{id}/{ids} get {operationId: getPet, parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: ids, in: path, required: true, style: matrix, schema: {type: array, items: {type: number}}}, {name: q, in: query, schema: {type: string}}, {name: full, in: query, schema: {type: boolean}}, {name: sort, in: query, explode: false, schema: {type: array, items: {type: string}}}, {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}, {name: deep, in: query, style: deepObject, explode: true, schema: {type: object, properties: {age: {type: integer}}}}, {name: raw, in: query, allowReserved: true, schema: {type: string}}, {name: json, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, {name: any, in: query, schema: {type: object, additionalProperties: {type: string}}}, {name: X-Trace, in: header, schema: {type: string}}, {name: crumb, in: cookie, schema: {type: string}}], responses: {'204': {description: OK}}}"
    ), @r#"
    pub static GET_PET = Get "/pets/{id}/{ids}" {
        id: "getPet",
        parameters: [
            path("id").of(Integer), path("ids").style(Matrix, false).of(List(&Number)), query("q"),
            query("full").of(Boolean), query("sort").style(Form, false).of(List(&Text)),
            query("piped").style(PipeDelimited, false).of(List(&Text)),
            query("deep").style(DeepObject, true).of(Object(&[("age", Integer)])),
            query("raw").allow_reserved(),
            query("json").style(Json, false).of(Object(&[("name", Text)])),
            query("any").of(Map(&Text)).except(&["q", "full", "sort", "piped", "deep", "raw", "json"]),
            header("X-Trace"), cookie("crumb"),
        ],
        accept: "",
        responses: [204],
    }
    "#);
}

#[test]
fn responses_are_codes_before_ranges_before_the_default_with_a_line_each() {
    assert_snapshot!(table(
        "/pets get {operationId: listPets, responses: {default: {description: Other.}, 4XX: {description: \"Yours.\\nMore of it.\"}, '404': {description: None.}, '200': {description: \"It's \\\"fine\\\".\", content: {application/json: {schema: {}}, text/csv: {schema: {type: string}}}}}}"
    ), @r#"
    pub static LIST_PETS = Get "/pets" {
        id: "listPets",
        accept: "application/json",
        responses: [200 "It's \"fine\".", 404 "None.", 400..=499 "Yours.", 0..=999 "Other."],
    }
    "#);
}

#[test]
fn bodies_have_their_media_types_and_forms_the_types_and_styles_of_their_fields() {
    assert_snapshot!(table(
        "/pets post {operationId: createPet, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, application/x-www-form-urlencoded: {schema: {type: object, properties: {age: {type: integer}, ids: {type: array, items: {type: integer}}}}, encoding: {ids: {style: form, explode: false}}}, text/plain: {schema: {type: string}}, image/*: {schema: {type: string, format: binary}}}}, responses: {'204': {description: OK}}}"
    ), @r#"
    pub static CREATE_PET = Post "/pets" {
        id: "createPet",
        body: [
            body("application/json"),
            body("application/x-www-form-urlencoded").of(Object(&[("age", Integer), ("ids", List(&Integer))])).styles(&[("ids", Form, false)]),
            body("text/plain").of(Text), body("image/*").stream(),
        ],
        accept: "",
        responses: [204],
    }
    "#);
}

#[test]
fn a_paged_list_has_its_cursor() {
    assert_snapshot!(table(
        "/pets get {operationId: listPets, parameters: [{name: cursor, in: query, schema: {type: string}}], responses: {'200': {description: OK, headers: {Link: {schema: {type: string}}}, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}"
    ), @r#"
    pub static LIST_PETS = Get "/pets" {
        id: "listPets",
        parameters: [query("cursor")],
        responses: [200],
        cursor: "cursor",
    }
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
        let table = pets.entry(TABLES, &format!("    pub static {name}"));
        let security = table.split_once("security: ");
        let words = security.map(|(_, text)| text.split_whitespace().collect::<Vec<_>>());
        let text = words.map(|words| words.join(" "));
        format!("{name}: {}", text.as_deref().unwrap_or("nothing"))
    });
    assert_snapshot!(lines.join("\n"), @r#"
    LIST_PETS: [[scheme("key", &[]), scheme("token", &[])], []], }
    SCOPED: [ [scheme("token", &["a b", "c"])], [scheme("key", &[])], [scheme("key", &[]), scheme("token", &["a"])], ], }
    OPEN: [], }
    ANY: nothing
    "#);
}

#[test]
fn an_id_of_digits_still_has_a_constant() {
    let pets = operations("/pets get {operationId: '24', responses: {'204': {description: OK}}}");
    let table = pets.entry(TABLES, "    pub static");
    assert_snapshot!(table.lines().next().unwrap().trim(), @r#"pub static OPERATION__24 = Get "/pets" {"#);
}

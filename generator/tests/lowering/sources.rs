//! What several sources describe.

use insta::assert_snapshot;

use crate::run::api_of;
use crate::text::all;

fn described(schema: &str) -> String {
    format!(
        "paths: {{/pets: {{get: {{operationId: listPets, responses: {{'200': {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}"
    )
}

#[test]
fn properties_of_all_sources_are_united_and_each_knows_who_describes_it() {
    let a = described("{type: object, properties: {id: {type: string}, name: {type: string}}}");
    let b = described("{type: object, properties: {name: {type: string}, color: {type: string}}}");
    assert_snapshot!(all(&api_of(&[&a, &b])), @"
    GET /pets -> pets::list_pets // a, b
        200 Ok: json Pets (application/json)
    struct Pets (response) {
        color: Option<String> // b
        id: Option<String> // a
        name: Option<String> // a, b
    } // a, b
    ");
}

#[test]
fn what_a_source_says_more_exactly_holds() {
    let a = described("{type: object, properties: {at: {type: string}, id: {}}}");
    let b = described(
        "{type: object, properties: {at: {type: string, format: date-time}, id: {type: integer}}}",
    );
    assert_snapshot!(all(&api_of(&[&a, &b])), @"
    GET /pets -> pets::list_pets // a, b
        200 Ok: json Pets (application/json)
    struct Pets (response) {
        at: Option<Timestamp> // a, b
        id: Option<i64> // a, b
    } // a, b
    ");
}

#[test]
fn values_of_all_sources_are_united() {
    let a = described("{type: string, enum: [a, b]}");
    let b = described("{type: string, enum: [b, c]}");
    assert_snapshot!(all(&api_of(&[&a, &b])), @r#"
    GET /pets -> pets::list_pets // a, b
        200 Ok: json Pets (application/json)
    enum Pets (response) {
        A = "a"
        B = "b"
        C = "c"
    } // a, b
    "#);
}

#[test]
fn a_path_parameter_with_two_names_is_one_parameter() {
    let operation = |name: &str| {
        format!(
            "paths: {{'/pets/{{{name}}}': {{get: {{operationId: showPet, parameters: [{{name: {name}, in: path, required: true, schema: {{type: string}}}}], responses: {{'204': {{description: Done}}}}}}}}}}"
        )
    };
    assert_snapshot!(all(&api_of(&[&operation("pet_id"), &operation("id_or_slug")])), @"
    GET /pets/{pet_id} -> pets::show_pet // a, b
        path pet_id: String as simple, Also called `id_or_slug`. // a, b
        204 NoContent
    ");
}

#[test]
fn schemas_of_different_names_in_the_same_place_are_one_type() {
    let named = |name: &str, property: &str| {
        let reference = format!("{{$ref: '#/components/schemas/{name}'}}");
        let schema = format!("{{type: object, properties: {{{property}: {{type: string}}}}}}");
        format!(
            "{}\ncomponents: {{schemas: {{{name}: {schema}}}}}",
            described(&reference)
        )
    };
    assert_snapshot!(all(&api_of(&[&named("Pet", "name"), &named("PetDetail", "color")])), @"
    GET /pets -> pets::list_pets // a, b
        200 Ok: json Pet (application/json)
    struct Pet (response) {
        color: Option<String> // b
        name: Option<String> // a
    } // a, b
    ");
}

#[test]
fn statuses_of_all_sources_are_united() {
    let response = |status: &str| {
        format!(
            "paths: {{/a: {{get: {{operationId: get, responses: {{'200': {{description: OK}}, '{status}': {{description: Not.}}}}}}}}}}"
        )
    };
    assert_snapshot!(all(&api_of(&[&response("404"), &response("403")])), @"
    GET /a -> a::get // a, b
        200 Ok
        403 Forbidden
        404 NotFound
    ");
}

//! Parameters.

use insta::assert_snapshot;

use crate::run::{api, operation};
use crate::text::{all, operations};

#[test]
fn parameters_of_the_path_come_in_its_order_and_are_required() {
    assert_snapshot!(operations(&operation("/a/{x}/b/{y}", "get",
        "{parameters: [{name: y, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {type: string}}, {name: x, in: path, required: true, schema: {type: string}}], responses: {'204': {description: Done}}}"
    )), @"
    GET /a/{x}/b/{y} -> a::retrieve_a_b
        path x: String as simple
        path y: i64 as simple
        query q: Option<String> as form exploded
        204 NoContent
    ");
}

#[test]
fn every_location_has_its_default_style() {
    assert_snapshot!(operations(&operation("/a/{p}", "get",
        "{parameters: [{name: p, in: path, required: true, schema: {type: array, items: {type: string}}}, {name: q, in: query, schema: {type: array, items: {type: string}}}, {name: X-Head, in: header, schema: {type: array, items: {type: string}}}, {name: c, in: cookie, schema: {type: string}}], responses: {'204': {description: Done}}}"
    )), @r#"
    GET /a/{p} -> a::retrieve_a
        path p: Vec<String> as simple
        query q: Option<Vec<String>> as form exploded
        header x_head "X-Head": Option<Vec<String>> as simple
        cookie c: Option<String> as form exploded
        204 NoContent
    "#);
}

#[test]
fn styles_are_kept_as_they_are_stated() {
    assert_snapshot!(operations(&operation("/a/{m}/{l}", "get",
        "{parameters: [{name: m, in: path, required: true, style: matrix, explode: true, schema: {type: string}}, {name: l, in: path, required: true, style: label, schema: {type: string}}, {name: s, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: integer}}}, {name: p, in: query, style: pipeDelimited, schema: {type: array, items: {type: integer}}}, {name: f, in: query, explode: false, allowReserved: true, schema: {type: array, items: {type: string}}}], responses: {'204': {description: Done}}}"
    )), @"
    GET /a/{m}/{l} -> a::retrieve_a
        path m: String as matrix exploded
        path l: String as label
        query s: Option<Vec<i64>> as spaceDelimited
        query p: Option<Vec<i64>> as pipeDelimited
        query f: Option<Vec<String>> as form reserved
        204 NoContent
    ");
}

#[test]
fn a_deep_object_and_a_media_type_have_types_of_their_own() {
    assert_snapshot!(all(&operation("/a", "get",
        "{operationId: find, parameters: [{name: filter, in: query, style: deepObject, explode: true, schema: {type: object, properties: {by: {type: string}}}}, {name: where, in: query, content: {application/json: {schema: {type: object, properties: {x: {type: integer}}}}}}], responses: {'204': {description: Done}}}"
    )), @"
    GET /a -> a::find
        query filter: Option<FindFilter> as deepObject exploded
        query where: Option<FindWhere> as json
        204 NoContent
    struct FindFilter (request) {
        by: Option<String>
    }
    struct FindWhere (request) {
        x: Option<i64>
    }
    ");
}

#[test]
fn parameters_have_defaults_notes_and_deprecation() {
    assert_snapshot!(operations(&operation("/a", "get",
        "{parameters: [{name: limit, in: query, required: true, schema: {type: integer, default: 20, maximum: 100}}, {name: old, in: query, deprecated: true, schema: {type: string}}], responses: {'204': {description: Done}}}"
    )), @"
    GET /a -> a::retrieve_a
        query limit: i64 as form exploded, default 20, Default: `20`, Maximum: `100`
        query old: Option<String> as form exploded, deprecated
        204 NoContent
    ");
}

#[test]
fn names_that_collide_in_rust_are_told_apart() {
    assert_snapshot!(operations(&operation("/a/{id}", "post",
        "{parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: id, in: query, schema: {type: string}}, {name: body, in: query, schema: {type: string}}], requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {'204': {description: Done}}}"
    )), @r#"
    POST /a/{id} -> a::post_a
        path id: String as simple
        query id2 "id": Option<String> as form exploded
        query body2 "body": Option<String> as form exploded
        optional body: json String (application/json)
        204 NoContent
    "#);
}

#[test]
fn parameters_of_a_path_are_those_of_its_operations_unless_they_say_otherwise() {
    assert_snapshot!(operations(&api(
        "paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}], get: {responses: {'204': {description: Done}}}, put: {parameters: [{name: q, in: query, required: true, schema: {type: integer}}], responses: {'204': {description: Done}}}}}"
    )), @"
    GET /a -> a::retrieve_a
        query q: Option<String> as form exploded
        204 NoContent
    PUT /a -> a::update_a
        query q: i64 as form exploded
        204 NoContent
    ");
}

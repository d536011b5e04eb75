//! Bodies of requests and responses.

use insta::assert_snapshot;

use crate::run::operation;
use crate::text::all;

#[test]
fn json_is_preferred_among_several_media_types() {
    assert_snapshot!(all(&operation("/a", "post",
        "{operationId: submit, requestBody: {required: true, content: {text/plain: {schema: {type: string}}, application/json: {schema: {type: array, items: {type: string}}}, application/vnd.x+json: {schema: {type: array, items: {type: string}}}}}, responses: {'200': {description: OK, content: {text/csv: {schema: {type: string}}, application/json: {schema: {type: integer}}}}}}"
    )), @"
    POST /a -> a::submit
        body: json Vec<String> (application/json) or json Vec<String> (application/vnd.x+json, the same) or text String (text/plain)
        200 Ok: json i64 (application/json) or text String (text/csv)
    ");
}

#[test]
fn files_of_a_multipart_body_are_bytes() {
    assert_snapshot!(all(&operation("/a", "post",
        "{operationId: upload, requestBody: {content: {multipart/form-data: {schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, files: {type: array, items: {type: string, format: binary}}, meta: {type: object, properties: {x: {type: integer}}}}}, encoding: {meta: {contentType: application/json}}}}}, responses: {'204': {description: Done}}}"
    )), @"
    POST /a -> a::upload
        optional body: multipart UploadBody (multipart/form-data meta as application/json)
        204 NoContent
    struct UploadBody (request) {
        file: Bytes
        files: Option<Vec<Bytes>>
        meta: Option<UploadBodyMeta>
    }
    struct UploadBodyMeta (request) {
        x: Option<i64>
    }
    ");
}

#[test]
fn forms_bytes_and_event_streams_are_read_as_such() {
    assert_snapshot!(all(&operation("/a", "post",
        "{operationId: submit, requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}, responses: {'200': {description: OK, content: {text/event-stream: {schema: {type: object, properties: {delta: {type: string}}}}}}, '201': {description: OK, content: {application/octet-stream: {schema: {type: string, format: binary}}}}}}"
    )), @"
    POST /a -> a::submit
        optional body: form SubmitBody (application/x-www-form-urlencoded)
        200 Ok: events SubmitOkResponse (text/event-stream)
        201 Created: binary Bytes (application/octet-stream)
    struct SubmitBody (request) {
        a: Option<String>
    }
    struct SubmitOkResponse (response) {
        delta: Option<String>
    }
    ");
}

#[test]
fn json_lines_of_a_response_are_values_and_without_a_schema_of_one_bytes() {
    let response = |media_type: &str, schema: &str| {
        all(&operation(
            "/a",
            "get",
            &format!(
                "{{operationId: export, responses: {{'200': {{description: OK, content: {{{media_type}: {{{schema}}}}}}}}}}}"
            ),
        ))
    };
    assert_snapshot!([
        response("application/x-ndjson", "schema: {type: array, items: {type: integer}}"),
        response("application/jsonl", "schema: {type: object, additionalProperties: {type: string}}"),
        response("application/json-seq", "schema: {type: integer}"),
        response("application/x-ndjson", "schema: {type: string, format: binary}"),
        response("application/x-ndjson", ""),
    ].join("\n"), @"
    GET /a -> a::export
        200 Ok: lines Vec<i64> (application/x-ndjson)

    GET /a -> a::export
        200 Ok: lines Map<String> (application/jsonl)

    GET /a -> a::export
        200 Ok: lines i64 (application/json-seq)

    GET /a -> a::export
        200 Ok: binary Bytes (application/x-ndjson)

    GET /a -> a::export
        200 Ok: binary Bytes (application/x-ndjson)
    ");
    assert_snapshot!(all(&operation("/a", "post",
        "{operationId: import, requestBody: {content: {application/x-ndjson: {schema: {type: integer}}}}, responses: {'200': {description: OK, content: {application/json: {schema: {type: array, items: {type: integer}}}, application/x-ndjson: {schema: {type: integer}}}}}}"
    )), @"
    POST /a -> a::import
        optional body: binary Bytes (application/x-ndjson)
        200 Ok: json Vec<i64> (application/json) or lines i64 (application/x-ndjson)
    ");
}

#[test]
fn every_status_has_a_variant_and_errors_have_bodies() {
    assert_snapshot!(all(&operation("/a", "get",
        "{operationId: get, responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}, '404': {description: Gone, content: {application/problem+json: {schema: {type: object, properties: {detail: {type: string}}}}}}, '429': {description: Slow down}, 5XX: {description: Broken}, default: {description: Else, content: {application/json: {schema: {type: integer}}}}}}"
    )), @"
    GET /a -> a::get
        200 Ok: json String (application/json)
        404 NotFound: json GetNotFound (application/problem+json)
        429 TooManyRequests
        5XX ServerError
        default Default: json i64 (application/json)
    struct GetNotFound (response) {
        detail: Option<String>
    }
    ");
}

#[test]
fn headers_of_a_response_are_typed() {
    assert_snapshot!(all(&operation("/a", "get",
        "{operationId: get, responses: {'200': {description: OK, headers: {X-Count: {required: true, schema: {type: integer}}, Link: {schema: {type: string}}}}}}"
    )), @r#"
    GET /a -> a::get
        200 Ok; optional header link "Link": String; header x_count "X-Count": i64
    "#);
}

#[test]
fn a_body_may_be_null() {
    assert_snapshot!(all(&operation("/a", "put",
        "{operationId: put, requestBody: {content: {application/json: {schema: {type: [string, 'null']}}}}, responses: {'200': {description: OK, content: {application/json: {schema: {type: 'null'}}}}}}"
    )), @"
    PUT /a -> a::put
        optional body: json Option<String> (application/json)
        200 Ok: json () (application/json)
    ");
}

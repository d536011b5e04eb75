//! Request bodies in every media type.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::http::Request;
use serde_json::{Value, json};

use super::send;
use crate::operation::{Content, Method, Operation, Style, ValueType, body};
use crate::server::fields::{Field, object};
use crate::server::schema::Schema;
use crate::server::{Multipart, Payload, Problem, RequestContext, Upload, Validation};
use crate::types::Binary;

/// What the body of a request reads as by `read`: status and body of the response.
async fn read_body(
    contents: &'static [Content],
    content_type: Option<&str>,
    body: impl Into<Body>,
    read: fn(&Payload, &'static [Content]) -> Result<Value, Problem>,
) -> (u16, Value) {
    let operation = Operation { method: Method::Post, body: contents, ..Operation::EMPTY };
    let router = super::reading(operation, move |_, payload| read(payload, contents));
    let mut builder = Request::builder().method("POST").uri("/");
    if let Some(content_type) = content_type {
        builder = builder.header("content-type", content_type);
    }
    let (response, body) = send(router, builder.body(body.into()).unwrap()).await;
    (response.status().as_u16(), body)
}

/// A body that must not be read.
fn unread() -> Body {
    let chunk = async { panic!("the body is read") };
    Body::from_stream(futures_util::stream::once(async {
        chunk.await;
        Ok::<_, std::io::Error>(Bytes::new())
    }))
}

/// A body of unknown length.
fn chunked(bytes: impl Into<Bytes>) -> Body {
    let bytes = Ok::<_, std::io::Error>(bytes.into());
    Body::from_stream(futures_util::stream::iter([bytes]))
}

const JSON: &[Content] = &[body("application/json"), body("application/*")];

fn as_json(payload: &Payload, contents: &'static [Content]) -> Result<Value, Problem> {
    match payload.choose(contents)? {
        Some((0, content)) => payload.json(content),
        Some(_) => Ok(json!("other")),
        None => Ok(json!("none")),
    }
}

#[tokio::test]
async fn bodies_are_chosen_by_their_media_type() {
    let json_type = Some("Application/JSON; charset=utf-8");
    assert_eq!(read_body(JSON, json_type, "[1]", as_json).await, (200, json!([1])));
    assert_eq!(read_body(JSON, json_type, "", as_json).await, (200, json!("none")));
    assert_eq!(read_body(JSON, None, "", as_json).await, (200, json!("none")));
    assert_eq!(read_body(JSON, Some("application/x"), "?", as_json).await, (200, json!("other")));
    for content_type in [None, Some("text/plain")] {
        let (code, body) = read_body(JSON, content_type, "[1]", as_json).await;
        assert_eq!(code, 415);
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains("`application/json`"), "{detail}");
    }
}

#[tokio::test]
async fn bad_json_is_refused_with_its_place() {
    let (code, body) = read_body(JSON, Some("application/json"), "{\n \"a\": }", as_json).await;
    assert_eq!(code, 400);
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.contains("line 2 column 7"), "{detail}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let large = vec![b' '; 3 * 1024 * 1024];
    let (code, body) = read_body(JSON, Some("application/json"), large, as_json).await;
    assert_eq!(code, 413);
    assert!(body["detail"].is_string());
}

#[tokio::test]
async fn neither_another_media_type_nor_an_encoding_is_read() {
    let (code, _) = read_body(JSON, Some("text/plain"), unread(), as_json).await;
    assert_eq!(code, 415);
    let operation = Operation { body: JSON, ..Operation::EMPTY };
    let router = super::reading(operation, |_, payload| as_json(payload, JSON));
    for (encoding, expected) in [("gzip", 415), ("identity", 200), ("Identity", 200), ("", 200)] {
        let builder = Request::builder().header("content-type", "application/json");
        let builder = builder.header("content-encoding", encoding);
        let body = if expected == 200 { "[]".into() } else { unread() };
        let (response, _) = send(router.clone(), builder.body(body).unwrap()).await;
        assert_eq!(response.status(), expected);
    }
}

/// The fields of forms.
const FIELDS: ValueType = ValueType::Object(&[
    ("age", ValueType::Integer),
    ("tags", ValueType::List(&ValueType::Text)),
    ("joined", ValueType::List(&ValueType::Integer)),
    ("inner", ValueType::Object(&[])),
]);

const FORM: &[Content] =
    &[body("application/x-www-form-urlencoded").of(FIELDS).styles(&[("joined", Style::Form, false)])];

#[tokio::test]
async fn a_form_is_read_by_the_types_and_styles_of_its_fields() {
    let form = Some("application/x-www-form-urlencoded");
    let read = |payload: &Payload, contents: &'static [Content]| payload.form(&contents[0]);
    let body = "age=3&tags=a+b&tags=c&joined=1,2&inner=%7B%22x%22%3A1%7D";
    let expected = json!({"age": 3, "tags": ["a b", "c"], "joined": [1, 2], "inner": {"x": 1}});
    assert_eq!(read_body(FORM, form, body, read).await, (200, expected));

    let (code, body) = read_body(FORM, form, "age=x", read).await;
    assert_eq!(code, 400);
    assert_eq!(body["detail"], "request body: `/age`: expected an integer, found `x`");
    let (_, body) = read_body(FORM, form, "joined=1,x&age=x&inner=1", read).await;
    let pointers = body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap());
    assert_eq!(pointers.collect::<Vec<_>>(), ["/joined", "/age", "/inner"]);
}

const PARTS: &[Content] = &[body("multipart/form-data").of(FIELDS)];

/// A body that a method reads.
async fn arriving(
    contents: &'static [Content],
    content_type: &str,
    body: impl Into<Body>,
    limits: Validation,
) -> Result<Payload, Problem> {
    let operation = Operation { method: Method::Post, body: contents, ..Operation::EMPTY };
    let mut context = RequestContext::new(Box::leak(Box::new(operation)));
    let content_type = content_type.parse().unwrap();
    context.headers.insert("content-type", content_type);
    Payload::read(&mut context, body.into(), limits).await
}

async fn form(body: impl Into<Body>, limits: Validation) -> Result<Multipart<Value>, Problem> {
    let payload = arriving(PARTS, "multipart/form-data; boundary=X", body, limits).await?;
    payload.multipart(&PARTS[0])
}

const FORM_OF_PARTS: &str = "--X\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n3\r\n\
    --X\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na+b\r\n\
    --X\r\nContent-Disposition: form-data; name=\"inner\"; filename=\"i.json\"\r\n\
    Content-Type: application/json\r\n\r\n{\"x\":1}\r\n--X--\r\n";

#[tokio::test]
async fn a_multipart_body_is_read_by_the_types_of_its_parts() {
    let form = form(FORM_OF_PARTS, Validation::OFF).await.unwrap();
    let other = form.clone();
    let expected = json!({"age": 3, "tags": ["a+b"], "inner": {"x": 1}});
    assert_eq!(form.read().await.unwrap(), expected);
    assert_eq!(other.read().await.unwrap_err().status, 500);
}

#[tokio::test]
async fn all_parts_that_are_of_another_type_are_told() {
    let part =
        |name: &str, value: &str| format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = [part("age", "x"), part("age", "y"), part("inner", "1"), part("a/b", "1"), part("joined", "z")];
    let problem = form(body.concat() + "--X--", Validation::OFF).await.unwrap().read().await.unwrap_err();
    assert_eq!(problem.status, 400);
    assert_eq!(problem.detail, "request body: `/age`: expected one value, found 2");
    let found = problem.violations.iter().map(|one| (one.pointer.as_str(), one.rule, one.expected.as_str()));
    let expected =
        [("/age", "type", "one value, found 2"), ("/inner", "type", "an object"), ("/joined", "type", "an integer")];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn the_fields_of_a_form_are_compared_with_its_schema() {
    let schema: Schema = serde_json::from_value(json!({
        "type": "object",
        "required": ["age", "photo", "name"],
        "properties": {
            "age": {"type": "integer", "maximum": 9},
            "photo": {"type": "string", "minLength": 1},
            "scans": {"type": "array", "maxItems": 1, "items": {"type": "string", "minLength": 1}},
            "tags": {"type": "array", "items": {"enum": ["a"]}},
            "broken": {"type": "integer"},
        },
        "additionalProperties": false,
    }))
    .unwrap();
    let file = || Field::File(Binary::new("PNG"));
    let fields = [
        ("age", Ok(Field::Value(json!(10)))),
        ("photo", Ok(file())),
        ("scans", Ok(Field::List(vec![file(), file()]))),
        ("tags", Ok(Field::List(vec![Field::Value(json!("a")), Field::Value(json!("b"))]))),
        ("broken", Err("an integer".to_owned())),
        ("other", Ok(Field::Value(json!(1)))),
    ];
    let fields = fields.map(|(name, field)| (name.to_owned(), field));
    let (_, violations) = object(fields, Some(&schema));
    let found = violations.iter().map(|one| (one.pointer.as_str(), one.rule));
    let expected = [
        ("/age", "maximum"),
        ("/broken", "type"),
        ("/name", "required"),
        ("/other", "additionalProperties"),
        ("/scans", "maxItems"),
        ("/tags/1", "enum"),
    ];
    // The order is that of `serde_json`'s maps, which another crate can change by a feature.
    assert_eq!(found.collect::<BTreeSet<_>>(), BTreeSet::from(expected));
}

#[tokio::test]
async fn the_parts_of_a_multipart_body_come_one_after_another_and_have_a_limit() {
    let mut whole = form(FORM_OF_PARTS, Validation::OFF).await.unwrap();
    let age = whole.part().await.unwrap().unwrap();
    assert_eq!((age.name(), age.file_name()), ("age", None));
    drop(age);
    // What is not read is skipped.
    let mut tags = whole.part().await.unwrap().unwrap();
    assert_eq!(tags.name(), "tags");
    assert_eq!(tags.read().await.unwrap(), "a+b");
    assert_eq!(tags.chunk().await.unwrap(), None);
    drop(tags);
    let mut inner = whole.part().await.unwrap().unwrap().with_limit(6);
    assert_eq!(inner.file_name(), Some("i.json"));
    assert_eq!(inner.content_type(), Some("application/json"));
    let error = inner.read().await.unwrap_err();
    assert_eq!(
        (error.status.as_u16(), error.detail.as_str()),
        (413, "request body: field `inner`: longer than allowed")
    );
    drop(inner);
    assert!(whole.part().await.unwrap().is_none());

    for (limits, status) in [
        (Validation { part_limit: Some(7), ..Validation::OFF }, None),
        (Validation { part_limit: Some(6), ..Validation::OFF }, Some(413)),
        (Validation { body_limit: Some(100), ..Validation::OFF }, Some(413)),
        (Validation { part_count: Some(3), ..Validation::OFF }, None),
        (Validation { part_count: Some(2), ..Validation::OFF }, Some(413)),
    ] {
        let read = form(chunked(FORM_OF_PARTS), limits).await.unwrap().read().await;
        assert_eq!(read.err().map(|error| error.status.as_u16()), status, "{limits:?}");
    }
    let broken = form("--X\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n3", Validation::OFF);
    assert_eq!(broken.await.unwrap().read().await.unwrap_err().status, 400);
    let unbounded = arriving(PARTS, "multipart/form-data", "", Validation::OFF).await;
    assert_eq!(unbounded.unwrap_err().status, 400);
}

#[tokio::test]
async fn bytes_arrive_while_they_are_read() {
    const BYTES: &[Content] = &[body("image/*").stream()];
    let image = async |body: Body, limit| {
        let limits = Validation { body_limit: limit, ..Validation::OFF };
        let payload = arriving(BYTES, "image/png", body, limits).await?;
        payload.bytes(&BYTES[0])
    };
    // Nothing reads it before the method does.
    let never = image(unread(), None).await.unwrap();
    assert_eq!(never.content_type(), Some("image/png"));
    let upload = image("PNG".into(), Some(3)).await.unwrap();
    let other = upload.clone();
    assert_eq!(upload, other);
    assert_eq!(upload.chunk().await.unwrap().unwrap(), "PNG");
    assert_eq!(other.chunk().await.unwrap(), None);
    assert_eq!(image("PNGs".into(), Some(3)).await.unwrap_err().status, 413);
    let long = image(chunked("PNGs"), Some(3)).await.unwrap();
    assert_eq!(long.chunk().await.unwrap_err().status, 413);
    let long = image(chunked("PNGs"), Some(3)).await.unwrap();
    assert_eq!(long.read().await.unwrap_err().status, 413);
    let default = image(chunked(vec![0; 3 << 20]), None).await.unwrap();
    assert_eq!(default.read().await.unwrap_err().status, 413);
    let body = image("PNG".into(), None).await.unwrap().into_body();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    assert_eq!(Upload::new(body), Upload::new("PNG"));
}

#[test]
fn uploads_are_equal_where_their_bytes_are() {
    let (one, same, other) = (Upload::new("a"), Upload::new("a"), Upload::new("b"));
    assert_eq!(one, same);
    assert_eq!(one, one.clone());
    assert_ne!(one, other);
}

//! Request bodies in every media type.

use axum::body::{Body, Bytes};
use axum::http::Request;
use serde_json::{Value, json};

use super::send;
use crate::operation::{Content, Method, Operation, Style, ValueType, body};
use crate::server::{Payload, Problem};

/// What the body of a request reads as by `read`: status and body of the response.
async fn read_body(
    contents: &'static [Content],
    content_type: Option<&str>,
    body: impl Into<Body>,
    read: fn(&Payload, &'static [Content]) -> Result<Value, Problem>,
) -> (u16, Value) {
    let operation = Operation {
        method: Method::Post,
        body: contents,
        ..Operation::EMPTY
    };
    let router = super::reading(operation, move |_, payload| read(payload, contents));
    let mut builder = Request::builder().method("POST").uri("/");
    if let Some(content_type) = content_type {
        builder = builder.header("content-type", content_type);
    }
    let (response, body) = send(router, builder.body(body.into()).unwrap()).await;
    (response.status().as_u16(), body)
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
    assert_eq!(
        read_body(JSON, json_type, "[1]", as_json).await,
        (200, json!([1]))
    );
    assert_eq!(
        read_body(JSON, json_type, "", as_json).await,
        (200, json!("none"))
    );
    assert_eq!(
        read_body(JSON, None, "", as_json).await,
        (200, json!("none"))
    );
    assert_eq!(
        read_body(JSON, Some("application/x"), "?", as_json).await,
        (200, json!("other"))
    );
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
    let unread = || {
        let chunk = async { panic!("the body is read") };
        Body::from_stream(futures_util::stream::once(async {
            chunk.await;
            Ok::<_, std::io::Error>(Bytes::new())
        }))
    };
    let (code, _) = read_body(JSON, Some("text/plain"), unread(), as_json).await;
    assert_eq!(code, 415);
    let operation = Operation {
        body: JSON,
        ..Operation::EMPTY
    };
    let router = super::reading(operation, |_, payload| as_json(payload, JSON));
    for (encoding, expected) in [("gzip", 415), ("identity", 200)] {
        let builder = Request::builder().header("content-type", "application/json");
        let builder = builder.header("content-encoding", encoding);
        let body = if expected == 200 {
            "[]".into()
        } else {
            unread()
        };
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

const FORM: &[Content] = &[body("application/x-www-form-urlencoded")
    .of(FIELDS)
    .styles(&[("joined", Style::Form, false)])];

#[tokio::test]
async fn a_form_is_read_by_the_types_and_styles_of_its_fields() {
    let form = Some("application/x-www-form-urlencoded");
    let read = |payload: &Payload, contents: &'static [Content]| payload.form(&contents[0]);
    let body = "age=3&tags=a+b&tags=c&joined=1,2&inner=%7B%22x%22%3A1%7D";
    let expected = json!({"age": 3, "tags": ["a b", "c"], "joined": [1, 2], "inner": {"x": 1}});
    assert_eq!(read_body(FORM, form, body, read).await, (200, expected));

    let (code, body) = read_body(FORM, form, "age=x", read).await;
    assert_eq!(code, 400);
    assert_eq!(
        body["detail"],
        "request body: field `age`: expected an integer, found `x`"
    );
}

#[tokio::test]
async fn a_multipart_body_is_read_by_the_types_of_its_parts() {
    const PARTS: &[Content] = &[body("multipart/form-data").of(FIELDS)];
    let multipart = Some("multipart/form-data; boundary=X");
    let read = |payload: &Payload, contents: &'static [Content]| payload.multipart(&contents[0]);
    let body = "--X\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n3\r\n\
        --X\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na+b\r\n\
        --X\r\nContent-Disposition: form-data; name=\"inner\"\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n\
        --X--\r\n";
    let expected = json!({"age": 3, "tags": ["a+b"], "inner": {"x": 1}});
    assert_eq!(
        read_body(PARTS, multipart, body, read).await,
        (200, expected)
    );
}

//! A group of operations as `group!` makes it.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode};
use serde_json::{Value, json};

use super::{request, send};
use crate::operation::{Method, Operation, ValueType, body, path, query, response, responses};
use crate::server::{Problem, Reply, RequestContext, Service, group};
use crate::types::Change;

mod operations {
    use super::*;

    pub(super) static UPDATE: Operation = Operation {
        id: "update",
        method: Method::Put,
        path: "/teams/{id}",
        parameters: &[
            path("id").of(ValueType::Integer),
            query("full").of(ValueType::Boolean),
            query("size").of(ValueType::Integer),
        ],
        body: &[body("application/json"), body("text/plain").of(ValueType::Text)],
        responses: &[response(200, "Done."), responses(400, 499, "Refused.")],
        ..Operation::EMPTY
    };

    pub(super) static DELETE: Operation = Operation {
        id: "delete",
        method: Method::Delete,
        path: "/teams/{id}",
        parameters: &[path("id").of(ValueType::Integer)],
        ..Operation::EMPTY
    };
}

#[derive(Clone, Debug, PartialEq)]
pub enum UpdateRequestBody {
    Json(Value),
    Text(String),
}

group! {
    pub trait Teams;

    fn update = operations::UPDATE;
    pub struct UpdateRequest {
        pub id: i64 = path,
        pub whole: Option<bool> = optional query "full",
        pub size: i64 = query || "10",
        pub body: UpdateRequestBody = body UpdateRequestBody { 0 Json json, 1 Text text },
    }
    pub enum UpdateResponse {
        Ok(Value) = 200 json,
        OkText(String) = 200 text "text/csv",
        NotFound = 404,
        ClientError { status: StatusCode, body: Value } = any json,
    }

    fn delete = operations::DELETE;
    pub struct DeleteRequest {
        pub id: i64 = path,
    }
    pub enum DeleteResponse {
    }
}

struct Api;

impl Service for Api {
    type Error = Reply;
    type Principal = ();

    fn reject(&self, _: &'static Operation, problem: Problem) -> Reply {
        let mut reply = Reply::from(problem);
        reply.headers_mut().insert("x-rejected", HeaderValue::from_static("yes"));
        reply
    }
}

impl Teams for Api {
    async fn update(&self, _: &RequestContext, request: UpdateRequest) -> Result<UpdateResponse, Reply> {
        let UpdateRequest { id, whole, size, body } = request;
        let text = match body {
            UpdateRequestBody::Json(value) => {
                return Ok(UpdateResponse::Ok(json!([id, whole, size, value])));
            }
            UpdateRequestBody::Text(text) => text,
        };
        match &*text {
            "none" => Ok(UpdateResponse::NotFound),
            "teapot" => Ok(UpdateResponse::ClientError { status: StatusCode::IM_A_TEAPOT, body: json!("short") }),
            "fail" => Err(Reply::detail(StatusCode::CONFLICT, "busy")),
            "keep" => Ok(Reply::json(StatusCode::OK, &Change::<i64>::Keep).into()),
            "fail to keep" => Err(Reply::json(StatusCode::CONFLICT, &Change::<i64>::Keep)),
            _ => Ok(UpdateResponse::OkText(text)),
        }
    }
}

fn put(target: &str, content_type: &str, body: &'static str) -> Request<Body> {
    let builder = Request::put(target).header("content-type", content_type);
    builder.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn a_request_is_read_field_by_field() {
    let sent = put("/teams/7?full=true", "application/json", "{}");
    let (response, body) = send(router(Api), sent).await;
    assert_eq!(response.status(), 200);
    assert_eq!(body, json!([7, true, 10, {}]));
    let sent = put("/teams/7?size=3", "application/json", "1");
    let (_, body) = send(router(Api), sent).await;
    assert_eq!(body, json!([7, null, 3, 1]));
}

#[tokio::test]
async fn a_request_that_is_not_as_described_does_not_reach_the_method() {
    for (sent, code, detail) in [
        (put("/teams/x", "application/json", "{}"), 400, "path parameter `id`: expected an integer, found `x`"),
        (put("/teams/7", "application/json", ""), 400, "the request body is missing"),
        (
            put("/teams/7", "image/png", "x"),
            415,
            "the media type `image/png` is not supported: expected `application/json` or `text/plain`",
        ),
    ] {
        let (response, body) = send(router(Api), sent).await;
        assert_eq!((response.status().as_u16(), &body["detail"]), (code, &json!(detail)));
    }
}

#[tokio::test]
async fn each_variant_is_written_as_its_line_says() {
    for (text, code, content_type, expected) in [
        ("a,b", 200, Some("text/csv"), json!("a,b")),
        ("none", 404, None, json!("")),
        ("teapot", 418, Some("application/json"), json!("short")),
        ("fail", 409, Some("application/json"), json!({"detail": "busy"})),
    ] {
        let (response, body) = send(router(Api), put("/teams/7", "text/plain", text)).await;
        assert_eq!(response.status(), code, "{text}");
        let found = response.headers().get("content-type");
        assert_eq!(found.map(|value| value.to_str().unwrap()), content_type, "{text}");
        assert_eq!(body, expected, "{text}");
    }
}

#[tokio::test]
async fn a_response_that_cannot_be_sent_is_refused_as_a_request_is() {
    for text in ["keep", "fail to keep"] {
        let (response, body) = send(router(Api), put("/teams/7", "text/plain", text)).await;
        assert_eq!(response.status(), 500, "{text}");
        assert_eq!(response.headers()["x-rejected"], "yes", "{text}");
        assert_eq!(body["detail"], "the response could not be written: `Change::Keep` has no JSON");
    }
}

#[tokio::test]
async fn an_operation_that_is_not_implemented_names_itself() {
    let (response, body) = send(router(Api), request("DELETE", "/teams/7")).await;
    assert_eq!(response.status(), 501);
    assert_eq!(body, json!({ "detail": "the operation `delete` is not implemented" }));
    assert_eq!(response.headers()["x-rejected"], "yes");
}

//! Requests that are not as described, over a real socket.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wire_api::operation::Operation;
use wire_api::server::operations::orders::{self, CreateOrderRequest, CreateOrderResponse, Orders};
use wire_api::server::operations::query::{self, Query};
use wire_api::server::{Problem, Reply, RequestContext, Service, Validation, status};

#[derive(Clone, Copy)]
struct Api(Validation);

impl Service for Api {
    type Error = Reply;
    type Principal = ();

    fn validation(&self, _: &'static Operation) -> Validation {
        self.0
    }

    fn reject(&self, operation: &'static Operation, problem: Problem) -> Reply {
        let mut reply = Reply::from(problem);
        let id = operation.id.parse().unwrap();
        reply.headers_mut().insert("x-operation", id);
        reply
    }
}

impl Query for Api {}

impl Orders for Api {
    async fn create_order(
        &self,
        _: &RequestContext,
        request: CreateOrderRequest,
    ) -> Result<CreateOrderResponse, Reply> {
        let shown = json!([request.limit, request.body.quantity]);
        Ok(Reply::json(status(200), &shown).into())
    }
}

/// The status and the body of the response to `POST`, and whether the service rejected it.
async fn post(validation: Validation, target: &str, body: &str) -> (u16, Value, bool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = orders::router(Api(validation)).into_make_service();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let rejected = head.contains("x-operation: createOrder");
    (status, serde_json::from_str(body).unwrap(), rejected)
}

const FITS: &str = r#"{"quantity": 1, "email": "a@b", "tags": ["ab"], "kind": "own"}"#;
const VIOLATES: &str =
    r#"{"quantity": 0, "email": "a", "tags": ["a", "bb", "cc"], "kind": "other"}"#;

fn rules(body: &Value) -> Vec<String> {
    let errors = body["errors"].as_array().unwrap().iter();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let mut rules: Vec<String> = errors
        .map(|error| {
            let name = text(error, "name") + &text(error, "pointer");
            format!("{} {name}: {}", text(error, "in"), text(error, "rule"))
        })
        .collect();
    rules.sort_unstable();
    rules
}

#[tokio::test]
async fn a_request_that_fits_reaches_its_method() {
    let (code, body, rejected) = post(
        Validation::STRICT,
        "/orders/ABC?limit=5&sort=asc&since=2024-02-29",
        FITS,
    )
    .await;
    assert_eq!((code, body, rejected), (200, json!([5, 1]), false));
}

#[tokio::test]
async fn all_violations_are_told_at_once() {
    let target = "/orders/abc?limit=101&sort=up&since=May&x=1";
    let (code, body, rejected) = post(Validation::default(), target, VIOLATES).await;
    assert_eq!((code, rejected), (400, true));
    assert_eq!(
        rules(&body),
        [
            "body /email: format",
            "body /kind: enum",
            "body /quantity: minimum",
            "body /tags/0: minLength",
            "body /tags: maxItems",
            "path code: pattern",
            "query limit: maximum",
            "query since: format",
            "query sort: enum",
        ]
    );
    let detail = "path parameter `code`: expected a text that matches `^[A-Z]{3}$`";
    assert_eq!(body["detail"], detail);
    let (_, body, _) = post(Validation::STRICT, "/orders/ABC?x=1", FITS).await;
    assert_eq!(rules(&body), ["query x: unknown"]);
}

#[tokio::test]
async fn a_body_alone_is_refused_with_the_status_that_the_api_has_for_it() {
    let (code, body, _) = post(Validation::default(), "/orders/ABC", VIOLATES).await;
    assert_eq!(code, 422, "{body}");
    let (code, _, _) = post(Validation::default(), "/orders/ABC", r#"{"quantity""#).await;
    assert_eq!(code, 400);
}

#[tokio::test]
async fn without_validation_only_types_are_checked_and_still_in_the_words_of_the_api() {
    let (code, body, _) = post(Validation::OFF, "/orders/abc?limit=101", VIOLATES).await;
    assert_eq!((code, body), (200, json!([101, 0])));
    let wrong = r#"{"quantity": "many", "tags": 3}"#;
    let (code, body, _) = post(Validation::OFF, "/orders/ABC", wrong).await;
    assert_eq!(code, 422);
    assert_eq!(rules(&body), ["body /quantity: type", "body /tags: type"]);
    assert_eq!(
        body["detail"],
        "request body: `/quantity`: expected an integer, found a string"
    );
    let (_, body, _) = post(Validation::OFF, "/orders/ABC?limit=ten", "{}").await;
    assert_eq!(
        rules(&body),
        ["body /quantity: required", "query limit: type"]
    );
    assert!(!body.to_string().contains("i64"), "{body}");
}

#[tokio::test]
async fn a_wrong_type_is_told_beside_an_unknown_parameter_where_nothing_is_restricted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = query::router(Api(Validation::STRICT)).into_make_service();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = "GET /query?joined=abc&bogus=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    let body = response.split_once("\r\n\r\n").unwrap().1;
    let body = serde_json::from_str(body).unwrap();
    assert_eq!(rules(&body), ["query bogus: unknown", "query joined: type"]);
}

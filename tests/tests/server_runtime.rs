//! The runtime of the server side: what is read from a request, and how a request is refused.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use sentry_api::server::{
    Location, Parameter, Part, Payload, Problem, Reply, ReplyFuture, RequestContext, Route, Routes,
    Shape, Style, not_found, status,
};
use serde_json::{Value, json};
use tower::ServiceExt;

const ID: Parameter = Parameter {
    name: "id",
    location: Location::Path,
    style: Style::Simple,
    explode: false,
    shape: Shape::Text,
    except: &[],
};

const fn query(name: &'static str, style: Style, explode: bool, shape: Shape) -> Parameter {
    Parameter {
        name,
        location: Location::Query,
        style,
        explode,
        shape,
        except: &[],
    }
}

const fn get(template: &'static str, parts: &'static [Part], operation_id: &'static str) -> Route {
    Route {
        method: "GET",
        template,
        parts,
        operation_id,
        reads_body: false,
    }
}

/// Answers with the operation's id and the raw texts of `id` and `head`, where there are such parameters.
fn echo(_: usize, context: RequestContext, _: Payload) -> ReplyFuture {
    let head = Parameter { name: "head", ..ID };
    let body = json!({
        "operation": context.operation_id(),
        "id": context.optional::<String>(&ID).unwrap(),
        "head": context.optional::<String>(&head).unwrap(),
    });
    Box::pin(std::future::ready(Ok(Reply::json(status(200), &body))))
}

fn router(routes: &'static [Route]) -> axum::Router {
    Routes::new(routes, Arc::new(echo)).into_router_with_fallback()
}

async fn send(router: axum::Router, request: Request<Body>) -> (Response<()>, Value) {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    (Response::from_parts(parts, ()), body)
}

fn request(method: &str, target: &str) -> Request<Body> {
    let builder = Request::builder().method(method).uri(target);
    builder.body(Body::empty()).unwrap()
}

const PATHS: &[Route] = &[
    get(
        "/a/{id}",
        &[Part::Literal("/a/"), Part::Parameter("id")],
        "parameter",
    ),
    get("/a/all", &[Part::Literal("/a/all")], "literal"),
    get(
        "/a/{id}...{head}",
        &[
            Part::Literal("/a/"),
            Part::Parameter("id"),
            Part::Literal("..."),
            Part::Parameter("head"),
        ],
        "two",
    ),
    get(
        "/a/{id}.json",
        &[
            Part::Literal("/a/"),
            Part::Parameter("id"),
            Part::Literal(".json"),
        ],
        "suffix",
    ),
    get(
        "/a/{id}/b/",
        &[
            Part::Literal("/a/"),
            Part::Parameter("id"),
            Part::Literal("/b/"),
        ],
        "slash",
    ),
    get("/with space/:x", &[Part::Literal("/with space/:x")], "odd"),
    get("/", &[Part::Literal("/")], "root"),
    get("/q", &[Part::Literal("/q")], "no query"),
    get(
        "/q?id={id}&kind=3",
        &[
            Part::Literal("/q?id="),
            Part::Parameter("id"),
            Part::Literal("&kind=3"),
        ],
        "query parameter",
    ),
    get("/q?type=1", &[Part::Literal("/q?type=1")], "query"),
    get(
        "/q?type=2#x",
        &[Part::Literal("/q?type=2#x")],
        "other query",
    ),
    Route {
        method: "DELETE",
        ..get(
            "/a/{key}",
            &[Part::Literal("/a/"), Part::Parameter("key")],
            "delete",
        )
    },
];

#[tokio::test]
async fn paths_are_told_apart_and_their_values_decoded() {
    for (target, operation, id, head) in [
        ("/a/all", "literal", None, None),
        ("/a/x%2Fy%20z+", "parameter", Some("x/y z+"), None),
        ("/a/main...dev...x", "two", Some("main"), Some("dev...x")),
        ("/a/x.json.json", "suffix", Some("x.json"), None),
        ("/a/.json", "parameter", Some(".json"), None),
        ("/a/1/b/", "slash", Some("1"), None),
        ("/with%20space/%3Ax", "odd", None, None),
        ("/with%20space/:x", "odd", None, None),
        ("/", "root", None, None),
        ("/q?type=1", "query", None, None),
        ("/q?a=b&type=2", "other query", None, None),
        ("/q", "no query", None, None),
        ("/q?id=a%20b&kind=3", "query parameter", Some("a b"), None),
    ] {
        let (response, body) = send(router(PATHS), request("GET", target)).await;
        assert_eq!(response.status(), 200, "{target}: {body}");
        assert_eq!(
            body,
            json!({ "operation": operation, "id": id, "head": head }),
            "{target}"
        );
    }
}

#[tokio::test]
async fn what_is_not_served_is_refused_as_json() {
    for (method, target, code) in [
        ("GET", "/nowhere", 404),
        ("GET", "/a/1/b", 404),
        ("GET", "/a/", 404),
        ("GET", "/a//b/", 404),
        ("POST", "/a/1", 405),
        ("DELETE", "/a/all", 405),
    ] {
        let (response, body) = send(router(PATHS), request(method, target)).await;
        assert_eq!(response.status(), code, "{method} {target}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert!(body["detail"].is_string(), "{method} {target}: {body}");
    }
    let (response, _) = send(router(PATHS), request("POST", "/a/1")).await;
    let allow = response.headers()["allow"].to_str().unwrap();
    let mut allow: Vec<&str> = allow.split(',').collect();
    allow.sort_unstable();
    assert_eq!(allow, ["DELETE", "GET", "HEAD"]);
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let (response, body) = send(router(PATHS), request("HEAD", "/a/1")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(body, json!(""));
}

#[tokio::test]
async fn routers_of_two_groups_merge_and_nest() {
    const OTHER: &[Route] = &[Route {
        method: "PUT",
        ..get(
            "/a/{other}",
            &[Part::Literal("/a/"), Part::Parameter("other")],
            "put",
        )
    }];
    let first = Routes::new(PATHS, Arc::new(echo)).into_router();
    let second = Routes::new(OTHER, Arc::new(echo)).into_router();
    let merged = first.merge(second);
    let nested = axum::Router::new()
        .nest("/api/0", merged.clone())
        .fallback(not_found);

    let (_, body) = send(merged.clone(), request("PUT", "/a/1")).await;
    assert_eq!(body["operation"], "put");
    let (_, body) = send(nested.clone(), request("GET", "/api/0/a/1")).await;
    assert_eq!(body["operation"], "parameter");
    for (router, target) in [(merged.clone(), "/x"), (nested, "/api/0/x")] {
        let (response, body) = send(router, request("GET", target)).await;
        assert_eq!(response.status(), 404);
        assert!(body["detail"].is_string(), "{target}");
    }
    let (response, body) = send(merged, request("POST", "/a/1")).await;
    assert_eq!(response.status(), 405);
    assert!(body["detail"].is_string());
    let allow = response.headers()["allow"].to_str().unwrap();
    assert!(allow.contains("PUT") && allow.contains("GET"), "{allow}");
}

#[tokio::test]
async fn the_whole_api_answers_404_as_json_when_nested() {
    let nested = axum::Router::new().nest("/api/0", router(PATHS));
    let (response, body) = send(nested, request("GET", "/api/0/x")).await;
    assert_eq!(response.status(), 404);
    assert!(body["detail"].is_string());
}

/// What one parameter of `GET /` reads as, or the detail of the refusal.
async fn read(parameter: Parameter, request: Request<Body>) -> Result<Value, String> {
    const ROOT: &[Route] = &[get("/", &[Part::Literal("/")], "root")];
    let dispatch = move |_, context: RequestContext, _| -> ReplyFuture {
        let value: Result<Option<Value>, Problem> = context.optional(&parameter);
        Box::pin(std::future::ready(
            value.map(|value| Reply::json(status(200), &value)),
        ))
    };
    let router = Routes::new(ROOT, Arc::new(dispatch)).into_router();
    let (response, body) = send(router, request).await;
    match response.status().as_u16() {
        200 => Ok(body),
        400 => Err(body["detail"].as_str().unwrap().to_owned()),
        other => panic!("status {other}"),
    }
}

const FILTER: Shape = Shape::Object(&[
    ("age", Shape::Integer),
    ("tags", Shape::List(&Shape::Text)),
    ("inner", Shape::Object(&[("n", Shape::Number)])),
]);

#[tokio::test]
async fn query_parameters_are_read_in_every_style() {
    const TEXTS: Shape = Shape::List(&Shape::Text);
    const NUMBERS: Shape = Shape::List(&Shape::Integer);
    const EITHER: Shape = Shape::OneOf(&[Shape::Text, Shape::Integer, TEXTS]);
    for (parameter, target, expected) in [
        (
            query("a", Style::Form, true, Shape::Text),
            "/?a=x%20y+z%2B",
            json!("x y z+"),
        ),
        (query("a", Style::Form, true, Shape::Text), "/?a", json!("")),
        (
            query("a", Style::Form, true, Shape::Text),
            "/?b=1",
            json!(null),
        ),
        (
            query("a", Style::Form, true, Shape::Integer),
            "/?a=-12",
            json!(-12),
        ),
        (
            query("a", Style::Form, true, Shape::Integer),
            "/?a=18446744073709551615",
            json!(u64::MAX),
        ),
        (
            query("a", Style::Form, true, Shape::Number),
            "/?a=1.5",
            json!(1.5),
        ),
        (
            query("a", Style::Form, true, Shape::Boolean),
            "/?a=true",
            json!(true),
        ),
        (
            query("a", Style::Form, true, TEXTS),
            "/?a=1,2&b=3&a=4",
            json!(["1,2", "4"]),
        ),
        (
            query("a", Style::Form, false, NUMBERS),
            "/?a=1,2",
            json!([1, 2]),
        ),
        (
            query("a", Style::Form, false, TEXTS),
            "/?a=1%2C2,3",
            json!(["1,2", "3"]),
        ),
        (query("a", Style::Form, false, TEXTS), "/?a=", json!([])),
        (
            query("a", Style::SpaceDelimited, false, TEXTS),
            "/?a=1%202+3",
            json!(["1", "2", "3"]),
        ),
        (
            query("a", Style::PipeDelimited, false, TEXTS),
            "/?a=1|2%7C3",
            json!(["1", "2", "3"]),
        ),
        (
            query("a", Style::Form, true, FILTER),
            "/?age=3&x=1&tags=p&tags=q",
            json!({"age": 3, "tags": ["p", "q"]}),
        ),
        (
            query("a", Style::Form, false, FILTER),
            "/?a=age,3,x,y",
            json!({"age": 3, "x": "y"}),
        ),
        (
            query("a", Style::DeepObject, true, FILTER),
            "/?a[age]=3&a%5Btags%5D=p&a[tags][]=q&a[inner][n]=0.5&ab[age]=9",
            json!({"age": 3, "tags": ["p", "q"], "inner": {"n": 0.5}}),
        ),
        (
            query("a", Style::Json, true, FILTER),
            "/?a=%7B%22age%22%3A3%7D",
            json!({"age": 3}),
        ),
        (query("a", Style::Form, true, EITHER), "/?a=7", json!(7)),
        (
            query("a", Style::Form, true, EITHER),
            "/?a=7,8",
            json!("7,8"),
        ),
        (
            query("a", Style::Form, true, EITHER),
            "/?a=7&a=8",
            json!(["7", "8"]),
        ),
    ] {
        let read = read(parameter, request("GET", target)).await;
        assert_eq!(read, Ok(expected), "{target}");
    }
}

#[tokio::test]
async fn arbitrary_keys_leave_those_of_other_parameters_alone() {
    let map = Parameter {
        except: &["page", "filter"],
        ..query("any", Style::Form, true, Shape::Map(&Shape::Text))
    };
    let target = "/?page=1&filter[age]=2&filters=3&x=y";
    let read = read(map, request("GET", target)).await;
    assert_eq!(read, Ok(json!({"filters": "3", "x": "y"})));
}

#[tokio::test]
async fn a_refusal_names_the_parameter_and_what_was_expected() {
    for (parameter, target, expected) in [
        (
            query("per_page", Style::Form, true, Shape::Integer),
            "/?per_page=ten",
            "query parameter `per_page`: expected an integer, found `ten`",
        ),
        (
            query("a", Style::Form, true, Shape::Boolean),
            "/?a=yes",
            "query parameter `a`: expected `true` or `false`, found `yes`",
        ),
        (
            query("a", Style::Form, true, Shape::Text),
            "/?a=1&a=2",
            "query parameter `a`: expected one value, found 2",
        ),
        (
            query("a", Style::Form, true, Shape::Text),
            "/?a=%FF",
            "query parameter `a`: expected percent-encoded UTF-8",
        ),
        (
            query("a", Style::DeepObject, true, FILTER),
            "/?a[age]=x",
            "query parameter `a`: expected an integer, found `x` in `age`",
        ),
    ] {
        let read = read(parameter, request("GET", target)).await;
        assert_eq!(read, Err(expected.to_owned()), "{target}");
    }
}

#[tokio::test]
async fn headers_and_cookies_are_read() {
    let header = |shape, explode| Parameter {
        name: "X-Thing",
        location: Location::Header,
        style: Style::Simple,
        explode,
        shape,
        except: &[],
    };
    let with = |name: &str, value: &str| {
        let mut request = request("GET", "/");
        let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
        request
    };
    let list = header(Shape::List(&Shape::Integer), false);
    assert_eq!(read(list, with("x-thing", "1, 2")).await, Ok(json!([1, 2])));
    let object = header(FILTER, true);
    assert_eq!(
        read(object, with("x-thing", "age=3")).await,
        Ok(json!({"age": 3}))
    );
    let cookie = Parameter {
        location: Location::Cookie,
        style: Style::Form,
        ..header(Shape::Text, true)
    };
    let sent = with("cookie", "a=1; X-Thing=a+b%20c; z=2");
    assert_eq!(read(cookie, sent).await, Ok(json!("a+b c")));
}

/// What a body reads as by `read`.
async fn read_body(
    content_type: Option<&str>,
    body: impl Into<Body>,
    read: fn(&Payload) -> Result<Value, Problem>,
) -> (u16, Value) {
    const ROOT: &[Route] = &[Route {
        method: "POST",
        reads_body: true,
        ..get("/", &[Part::Literal("/")], "root")
    }];
    let dispatch = move |_, _, payload: Payload| -> ReplyFuture {
        Box::pin(std::future::ready(
            read(&payload).map(|value| Reply::json(status(200), &value)),
        ))
    };
    let mut builder = Request::builder().method("POST").uri("/");
    if let Some(content_type) = content_type {
        builder = builder.header("content-type", content_type);
    }
    let router = Routes::new(ROOT, Arc::new(dispatch)).into_router();
    let (response, body) = send(router, builder.body(body.into()).unwrap()).await;
    (response.status().as_u16(), body)
}

fn as_json(payload: &Payload) -> Result<Value, Problem> {
    match payload.choose(&["application/json", "application/*"])? {
        Some(0) => payload.json(),
        Some(_) => Ok(json!("other")),
        None => Ok(json!("none")),
    }
}

#[tokio::test]
async fn bodies_are_chosen_by_their_media_type() {
    let json_type = Some("Application/JSON; charset=utf-8");
    assert_eq!(
        read_body(json_type, "[1]", as_json).await,
        (200, json!([1]))
    );
    assert_eq!(
        read_body(json_type, "", as_json).await,
        (200, json!("none"))
    );
    assert_eq!(read_body(None, "", as_json).await, (200, json!("none")));
    assert_eq!(
        read_body(Some("application/x"), "?", as_json).await,
        (200, json!("other"))
    );
    for content_type in [None, Some("text/plain")] {
        let (code, body) = read_body(content_type, "[1]", as_json).await;
        assert_eq!(code, 415);
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains("`application/json`"), "{detail}");
    }
}

#[tokio::test]
async fn bad_json_is_refused_with_its_place() {
    let (code, body) = read_body(Some("application/json"), "{\n \"a\": }", as_json).await;
    assert_eq!(code, 400);
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.contains("line 2 column 7"), "{detail}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let large = vec![b' '; 3 * 1024 * 1024];
    let (code, body) = read_body(Some("application/json"), large, as_json).await;
    assert_eq!(code, 413);
    assert!(body["detail"].is_string());
}

#[tokio::test]
async fn forms_and_multipart_bodies_are_read_by_their_shape() {
    const SHAPE: Shape = Shape::Object(&[
        ("age", Shape::Integer),
        ("tags", Shape::List(&Shape::Text)),
        ("joined", Shape::List(&Shape::Integer)),
        ("inner", Shape::Object(&[])),
    ]);
    let form = Some("application/x-www-form-urlencoded");
    let body = "age=3&tags=a+b&tags=c&joined=1,2&inner=%7B%22x%22%3A1%7D";
    let expected = json!({"age": 3, "tags": ["a b", "c"], "joined": [1, 2], "inner": {"x": 1}});
    let read = |payload: &Payload| payload.form(&SHAPE, &[("joined", Style::Form, false)]);
    assert_eq!(read_body(form, body, read).await, (200, expected));

    let multipart = Some("multipart/form-data; boundary=X");
    let body = "--X\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n3\r\n\
        --X\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na+b\r\n\
        --X\r\nContent-Disposition: form-data; name=\"inner\"\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n\
        --X--\r\n";
    let expected = json!({"age": 3, "tags": ["a+b"], "inner": {"x": 1}});
    let read = |payload: &Payload| payload.multipart(&SHAPE);
    assert_eq!(read_body(multipart, body, read).await, (200, expected));

    let (code, body) = read_body(form, "age=x", |payload| payload.form(&SHAPE, &[])).await;
    assert_eq!(code, 400);
    assert_eq!(
        body["detail"],
        "request body: field `age`: expected an integer, found `x`"
    );
}

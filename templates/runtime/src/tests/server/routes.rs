//! Paths, methods, and routers that are put together.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{HeaderValue, LINK, SET_COOKIE};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{request, send};
use crate::operation::{Location, Method, Operation, Parameter, path};
use crate::server::router::{Handler, ReplyFuture};
use crate::server::{Problem, Reply, RequestContext, Routes, not_found, status};

const PARAMETERS: &[Parameter] = &[path("id"), path("head")];

const fn operation(method: Method, path: &'static str, id: &'static str) -> Operation {
    Operation { id, method, path, parameters: PARAMETERS, ..Operation::EMPTY }
}

const fn get(path: &'static str, id: &'static str) -> Operation {
    operation(Method::Get, path, id)
}

static PATHS: &[Operation] = &[
    get("/a/{id}", "parameter"),
    get("/a/all", "literal"),
    get("/a/{id}...{head}", "two"),
    get("/a/{id}.json", "suffix"),
    get("/a/{id}/b/", "slash"),
    get("/with space/:x", "odd"),
    get("/", "root"),
    get("/q", "no query"),
    get("/q?id={id}&kind=3", "query parameter"),
    get("/q?type=1", "query"),
    get("/q?type=2#x", "other query"),
    operation(Method::Delete, "/a/{key}", "delete"),
];

/// Responds with the operation's id and the texts of `id` and `head`, where the path has such parameters.
fn echo(context: RequestContext, _: Body) -> ReplyFuture {
    let text = |name| context.optional::<String>(Location::Path, name).unwrap();
    let body = json!({
        "operation": context.operation().id,
        "id": text("id"),
        "head": text("head"),
    });
    Box::pin(std::future::ready(Ok(Reply::json(status(200), &body))))
}

fn routes(operations: &'static [Operation]) -> Routes {
    let handled = operations.iter().map(|operation| -> (_, Handler) { (operation, Arc::new(echo)) });
    Routes::new(handled)
}

fn router() -> axum::Router {
    routes(PATHS).into_router_with_fallback()
}

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
        let (response, body) = send(router(), request("GET", target)).await;
        assert_eq!(response.status(), 200, "{target}: {body}");
        assert_eq!(body, json!({ "operation": operation, "id": id, "head": head }), "{target}");
    }
}

#[tokio::test]
async fn a_path_is_the_same_with_letters_that_are_percent_encoded() {
    static TEAMS: &[Operation] = &[get("/teams/", "list"), get("/teams/{id}/all", "all")];
    let nested = axum::Router::new().nest("/v1", routes(TEAMS).into_router_with_fallback());
    for (target, code, operation) in [
        ("/te%61ms/", 200, "list"),
        ("/%74%65%61%6D%73/?x=%61", 200, "list"),
        ("/t%65ams/a%2Fb%7e/%61ll", 200, "all"),
        ("/te%61ms/%C3%BC/all", 200, "all"),
        ("/te%61ms//", 404, ""),
        ("/te%61ms%2F", 404, ""),
        ("/te%61ms/%6", 404, ""),
    ] {
        for (router, target) in
            [(routes(TEAMS).into_router(), target.to_owned()), (nested.clone(), format!("/v1{target}"))]
        {
            let (response, body) = send(router, request("GET", &target)).await;
            assert_eq!(response.status(), code, "{target}: {body}");
            assert_eq!(body["operation"].as_str().unwrap_or_default(), operation, "{target}");
            assert_eq!(body["detail"].is_string(), code == 404, "{target}");
        }
    }
    let (response, _) = send(nested, request("POST", "/v1/te%61ms/")).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET,HEAD");
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
        let (response, body) = send(router(), request(method, target)).await;
        assert_eq!(response.status(), code, "{method} {target}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert!(body["detail"].is_string(), "{method} {target}: {body}");
    }
    let (response, _) = send(router(), request("POST", "/a/1")).await;
    let allow = response.headers()["allow"].to_str().unwrap();
    let mut allow: Vec<&str> = allow.split(',').collect();
    allow.sort_unstable();
    assert_eq!(allow, ["DELETE", "GET", "HEAD"]);
}

#[tokio::test]
async fn a_layer_writes_the_refusals_of_requests_without_an_operation() {
    let write = map_response(async |response: Response| match response.extensions().get::<Problem>() {
        Some(problem) => Reply::json(problem.status, &json!({ "error": problem.detail })).into_response(),
        None => response,
    });
    for router in [routes(PATHS).into_router(), router()] {
        for (method, target, code) in [("GET", "/nowhere", 404), ("POST", "/a/1", 405), ("GET", "/a/1", 200)] {
            let (response, body) = send(router.clone().layer(write.clone()), request(method, target)).await;
            assert_eq!(response.status(), code);
            assert_eq!(body["error"].is_string(), code != 200, "{target}: {body}");
        }
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let (response, body) = send(router(), request("HEAD", "/a/1")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(body, json!(""));
}

#[tokio::test]
async fn routers_of_two_groups_merge_and_nest() {
    static OTHER: &[Operation] = &[operation(Method::Put, "/a/{id}", "put")];
    let merged = routes(PATHS).into_router().merge(routes(OTHER).into_router());
    let nested = axum::Router::new().nest("/api/0", merged.clone()).fallback(not_found);

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
async fn the_whole_api_responds_with_404_as_json_when_nested() {
    let nested = axum::Router::new().nest("/api/0", router());
    let (response, body) = send(nested, request("GET", "/api/0/x")).await;
    assert_eq!(response.status(), 404);
    assert!(body["detail"].is_string());
}

#[tokio::test]
async fn layers_know_the_operation_and_the_documented_path() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let note = from_fn(move |request: Request, next: Next| {
        let operation = request.extensions().get::<&'static Operation>().copied();
        let path = request.extensions().get::<MatchedPath>().cloned();
        noted.lock().unwrap().push((operation.unwrap().id, path.unwrap()));
        next.run(request)
    });
    let routes = routes(PATHS).layer(move |route| route.layer(note.clone()));
    let router = routes.into_router_with_fallback();
    for (target, id, path) in [
        ("/a/7", "parameter", "/a/{id}"),
        ("/a/7/b/", "slash", "/a/{id}/b/"),
        ("/a/x...y", "two", "/a/{id}"),
        ("/with%20space/:x", "odd", "/{with space}/{:x}"),
    ] {
        let (response, _) = send(router.clone(), request("GET", target)).await;
        let (found, matched) = seen.lock().unwrap().pop().unwrap();
        assert_eq!((found, matched.as_str()), (id, path));
        let operation = response.extensions().get::<&'static Operation>().unwrap();
        assert_eq!(operation.id, id);
    }
    let (response, _) = send(router, request("GET", "/x")).await;
    assert!(response.extensions().get::<&'static Operation>().is_none());
}

#[test]
fn a_reply_shows_neither_its_body_nor_cookies() {
    let mut reply = Reply::detail(status(200), "secret");
    let cookie = HeaderValue::from_static("sid=secret");
    reply.headers_mut().append(SET_COOKIE, cookie.clone());
    reply.headers_mut().append(SET_COOKIE, cookie);
    let shown = format!("{reply:?}");
    assert!(shown.contains("200") && shown.contains("application/json"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn statuses_without_a_body_are_sent_without_one() {
    for (code, has_body) in [(204, false), (205, false), (304, false), (206, true)] {
        let reply = Reply::json(status(code), "text");
        let response = axum::response::IntoResponse::into_response(reply);
        assert_eq!(response.headers().contains_key("content-type"), has_body);
        let body = axum::body::to_bytes(response.into_body(), 100).await;
        assert_eq!(body.unwrap().is_empty(), !has_body, "{code}");
    }
}

#[tokio::test]
async fn a_link_to_another_page_has_the_path_of_outer_routers() {
    static LIST: Operation = Operation { id: "list", path: "/items", cursor: Some("at"), ..Operation::EMPTY };
    let link = |context: RequestContext, _: Body| -> ReplyFuture {
        let mut reply = Reply::empty(status(204));
        let links = [("previous", "0:0"), ("next", "a&b")];
        for (relation, cursor) in links {
            let value = context.page_link(relation, cursor);
            reply.headers_mut().append(LINK, value);
        }
        Box::pin(std::future::ready(Ok(reply)))
    };
    let handler: Handler = Arc::new(link);
    let router = Routes::new([(&LIST, handler)]).into_router();
    let nested = axum::Router::new().nest("/api/0", router);
    let (response, _) = send(nested, request("GET", "/api/0/items?q=%20x&at=1&%61t=2")).await;
    let links: Vec<_> = response.headers().get_all(LINK).iter().collect();
    assert_eq!(
        links,
        ["</api/0/items?q=%20x&at=0%3A0>; rel=\"previous\"", "</api/0/items?q=%20x&at=a%26b>; rel=\"next\"",]
    );
}

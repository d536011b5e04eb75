//! The mock: expectations, answers, what it says of other requests, and what it records.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use runtime::client::mock::{Expectation, Mock};
use runtime::client::request::Request;
use runtime::client::response::Received;
use runtime::client::{Error, Pages, RetryPolicy, TimeLimit};
use runtime::operation::{Method, Operation, Style, ValueType, body, header, path, query, response, responses};
use serde_json::{Value, json};

/// A list in pages that are asked for by cursor.
static LIST: Operation = Operation {
    id: "list",
    path: "/teams/{team}/items.json",
    parameters: &[
        path("team"),
        query("state"),
        query("tag").of(ValueType::List(&ValueType::Text)),
        query("filter").style(Style::DeepObject, true),
        query("cursor"),
        header("X-Trace"),
    ],
    accept: "application/json",
    responses: &[response(200, "The list"), response(404, "No team")],
    cursor: Some("cursor"),
    ..Operation::EMPTY
};

static CREATE: Operation = Operation {
    id: "create",
    method: Method::Post,
    path: "/teams/{team}",
    parameters: &[path("team")],
    body: &[body("application/json"), body("application/x-www-form-urlencoded")],
    accept: "application/json",
    responses: &[response(400, "Wrong"), response(201, "The item")],
    ..Operation::EMPTY
};

static DELETE: Operation = Operation {
    id: "delete",
    method: Method::Delete,
    path: "/teams/{team}",
    parameters: &[path("team")],
    responses: &[response(204, "Gone")],
    ..Operation::EMPTY
};

fn list(mock: &Mock) -> Request {
    Request::new(&mock.client(), &LIST).path("team", "a b/c")
}

fn create(mock: &Mock) -> Request {
    Request::new(&mock.client(), &CREATE).path("team", "x")
}

/// The message of a panic.
fn panics(call: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    let text = payload.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_owned())
}

#[tokio::test]
async fn the_first_expectation_that_a_request_meets_answers() {
    let mock = Mock::new();
    mock.on(&LIST).path("team", "other").reply(&[0]);
    mock.on(&LIST).query("state", "closed").reply(&[1]);
    mock.on(&LIST).query("tag", &["a", "b&c"]).reply(&[2]);
    mock.on(&LIST).query("filter", &json!({ "x": { "y": 1 } })).reply(&[3]);
    mock.on(&LIST).header("X-Trace", "t").reply(&[4]);
    mock.on(&LIST).path("team", "a b/c").query("state", &None::<Value>).header("X-Trace", &None::<Value>).reply(&[5]);
    let call = async |request: Request| -> Vec<i64> { request.execute().await.unwrap().json().unwrap().value };
    assert_eq!(call(list(&mock)).await, [5]);
    assert_eq!(call(list(&mock).query("state", "closed")).await, [1]);
    assert_eq!(call(list(&mock).query("tag", &["a", "b&c"])).await, [2]);
    let nested = list(&mock).query("filter", &json!({ "x": { "y": 1 } }));
    assert_eq!(call(nested).await, [3]);
    let traced = list(&mock).header("X-Trace", "t");
    assert_eq!(call(traced.query("state", "open")).await, [4]);
    let message = panics(|| mock.verify());
    assert_eq!(
        message,
        "not called as expected: list (GET /teams/{team}/items.json) with path parameter `team=other`, once or more; called \
         0 times"
    );
    let other = Request::new(&mock.client(), &LIST).path("team", "other");
    assert_eq!(call(other).await, [0]);
    mock.verify();
}

#[tokio::test]
async fn the_answer_has_the_first_documented_success() {
    let mock = Mock::new();
    mock.on(&CREATE).times(1).reply(&json!({ "id": 1 }));
    mock.on(&CREATE).times(1).reply_with(400, &json!({ "detail": "no name" }));
    mock.on(&CREATE).reply_header("X-Kind", "text").reply_text("hello");
    mock.on(&DELETE).times(1).reply(&());
    let made = create(&mock).execute().await.unwrap();
    assert_eq!(made.status, 201);
    assert_eq!(made.headers[CONTENT_TYPE], "application/json");
    assert_eq!(made.json::<Value>().unwrap().value, json!({ "id": 1 }));
    let refused = create(&mock).execute().await.unwrap_err();
    let refused = refused.response().unwrap();
    assert_eq!(refused.documented, Some("Wrong"));
    assert_eq!(refused.detail().unwrap(), "no name");
    let text = create(&mock).execute().await.unwrap();
    assert_eq!(text.status, 201);
    assert_eq!(text.headers["x-kind"], "text");
    assert_eq!(text.text().unwrap().value, "hello");
    let gone = Request::new(&mock.client(), &DELETE).path("team", "x");
    let gone = gone.execute().await.unwrap();
    assert_eq!((gone.status.as_u16(), gone.body.len()), (204, 0));
    assert!(!gone.headers.contains_key(CONTENT_TYPE));
    mock.verify();
}

#[tokio::test]
async fn the_answer_has_the_documented_media_type() {
    static EXPORT: Operation = Operation {
        id: "export",
        path: "/export",
        responses: &[
            response(200, "A line for each").of("application/x-ndjson"),
            response(404, "No export").of("application/problem+json"),
            response(410, "Gone").of("text/html"),
            responses(500, 599, "Broken").of("application/xml"),
        ],
        ..Operation::EMPTY
    };
    let mock = Mock::new();
    mock.on(&EXPORT).times(1).reply(&[1, 2]);
    for (status, value) in [
        (404, json!({ "title": "none" })),
        (410, json!("<p>gone</p>")),
        (503, json!("<error/>")),
        (429, json!({ "detail": "slow" })),
    ] {
        mock.on(&EXPORT).times(1).reply_with(status, &value);
    }
    let client = mock.builder().retry(RetryPolicy::never()).build().unwrap();
    let call = || Request::new(&client, &EXPORT).execute();
    let lines = call().await.unwrap();
    assert_eq!(lines.headers[CONTENT_TYPE], "application/x-ndjson");
    assert_eq!(lines.body, "1\n2\n");
    for (media_type, body) in [
        ("application/problem+json", r#"{"title":"none"}"#),
        ("text/html", "<p>gone</p>"),
        ("application/xml", "<error/>"),
        ("application/json", r#"{"detail":"slow"}"#),
    ] {
        let error = call().await.unwrap_err();
        let response = error.response().unwrap();
        assert_eq!(response.headers[CONTENT_TYPE], media_type);
        assert_eq!(response.body, body);
    }
    mock.verify();
}

#[tokio::test]
async fn bytes_are_answered_as_they_are() {
    let mock = Mock::new().on(&LIST).reply_bytes("image/png", vec![0, 255]);
    let image = list(&mock).send_streaming().await.unwrap();
    assert_eq!(image.bytes().await.unwrap(), [0, 255][..]);
}

#[tokio::test]
async fn json_and_form_bodies_are_compared_by_value() {
    let mock = Mock::new();
    mock.on(&CREATE).body(&json!({ "b": [1], "a": "x y" })).reply(&1);
    let value = json!({ "a": "x y", "b": [1] });
    let call = create(&mock).json("application/json", &value);
    assert_eq!(call.execute().await.unwrap().status, 201);
    let call = create(&mock).form(&value);
    assert_eq!(call.execute().await.unwrap().status, 201);
    let call = create(&mock).json("application/json", &json!({ "a": "x" }));
    let error = call.execute().await.unwrap_err().to_string();
    assert!(error.ends_with("its body is {\"a\":\"x\"}"), "{error}");
    let requests = mock.requests();
    assert_eq!(requests[0].json::<Value>().unwrap(), value);
    let sent = ["a=x%20y&b=1", "b=1&a=x%20y"].map(str::as_bytes);
    assert!(sent.contains(&&*requests[1].body));
    assert!(requests[1].json::<Value>().is_err());
}

#[tokio::test]
async fn an_unexpected_request_is_an_error_that_tells_why_and_is_not_sent_again() {
    let mock = Mock::new();
    mock.on(&LIST).query("state", "open").times(2).reply(&[1]);
    mock.on(&LIST).when(|request| !request.body.is_empty()).reply(&[2]);
    let error = list(&mock).query("state", "all").execute().await.unwrap_err();
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "list: GET /teams/a%20b%2Fc/items.json with query parameters `state=all` is not expected\n\
         - list (GET /teams/{team}/items.json) with query parameter `state=open`, 2 times; called 0 times, but its query \
         parameter is `state=all`\n\
         - list (GET /teams/{team}/items.json) with a function of `when`, once or more; called 0 times, but a function of \
         `when` says no"
    );
    // What `unwrap` shows can be read.
    assert_eq!(format!("{error:?}"), format!("Unexpected({error})"));
    let error = create(&mock).execute().await.unwrap_err().to_string();
    let start = "create: POST /teams/x is not expected, nor anything of this operation\n- list (GET";
    assert!(error.starts_with(start), "{error}");
    assert_eq!(mock.requests().len(), 2);
    let faults = panics(|| mock.verify());
    assert!(faults.starts_with("list: GET /teams/a%20b%2Fc/items.json"), "{faults}");
    assert!(faults.contains("\ncreate: POST /teams/x"), "{faults}");
    assert!(faults.contains("not called as expected: list"), "{faults}");
}

#[tokio::test]
async fn a_number_of_times_is_exact() {
    let mock = Mock::new().on(&LIST).times(1).reply(&[1]);
    list(&mock).execute().await.unwrap();
    mock.verify();
    let error = list(&mock).execute().await.unwrap_err().to_string();
    let end = "1 times; called 1 times, but it was called as often as expected";
    assert!(error.ends_with(end), "{error}");
    let mock = Mock::new().on(&LIST).times(2).reply(&[1]);
    list(&mock).execute().await.unwrap();
    let faults = panics(|| mock.verify());
    assert!(faults.ends_with("2 times; called 1 times"), "{faults}");
}

#[tokio::test]
async fn pages_are_walked_by_cursor_and_resumed() {
    let mock = Mock::new();
    mock.on(&LIST).query("state", "open").times(1).reply_pages([vec![1, 2], vec![], vec![3]]);
    let mut items = Pages::<Vec<i64>>::new(list(&mock).query("state", "open"), Received::json).items();
    let mut found = Vec::new();
    while let Some(item) = items.next_item().await {
        found.push(item.unwrap());
    }
    assert_eq!(found, [1, 2, 3]);
    mock.verify();
    let requests = mock.requests();
    let cursors: Vec<_> = requests.iter().map(|it| it.query_value("cursor")).collect();
    assert_eq!(cursors, [None, Some("1"), Some("2")]);
    let pages = Pages::<Vec<i64>>::new(list(&mock).query("state", "open"), Received::json);
    let mut last = pages.resume("2");
    assert_eq!(last.next_page().await.unwrap().unwrap().value, [3]);
    assert!(last.next_page().await.is_none());
    let pages = Pages::<Vec<i64>>::new(list(&mock).query("state", "open"), Received::json);
    let error = pages.resume("3").next_page().await.unwrap().unwrap_err();
    assert!(error.to_string().ends_with("there is no page \"3\""), "{error}");
}

#[tokio::test]
async fn pages_are_walked_without_a_parameter_for_a_cursor() {
    static PLAIN: Operation =
        Operation { id: "plain", path: "/all?kind=a", parameters: &[query("text")], ..Operation::EMPTY };
    let mock = Mock::new().on(&PLAIN).query("text", "a&b").reply_pages([[1], [2]]);
    let request = Request::new(&mock.client(), &PLAIN).query("text", "a&b");
    let mut pages = Pages::<Vec<i64>>::new(request, Received::json);
    assert_eq!(pages.next_page().await.unwrap().unwrap().value, [1]);
    assert_eq!(pages.next_page().await.unwrap().unwrap().value, [2]);
    assert!(pages.next_page().await.is_none());
    mock.verify();
    assert_eq!(mock.requests()[0].query_value("kind"), Some("a"));
}

#[tokio::test]
async fn failures_are_tried_again_as_those_of_a_network() {
    let mock = Mock::new();
    mock.on(&LIST).times(1).fail(ErrorKind::ConnectionReset);
    mock.on(&LIST).times(1).reply_with(503, &json!("busy"));
    mock.on(&LIST).reply(&[1]);
    list(&mock).execute().await.unwrap();
    mock.verify();
    assert_eq!(mock.requests().len(), 3);

    // A POST is not sent again, unless there was no connection.
    let mock = Mock::new();
    mock.on(&CREATE).times(1).fail(ErrorKind::ConnectionRefused);
    mock.on(&CREATE).times(1).fail(ErrorKind::ConnectionReset);
    let error = create(&mock).execute().await.unwrap_err();
    assert!(matches!(&error, Error::Transport(error) if !error.connecting), "{error:?}");
    mock.verify();

    let mock = Mock::new().on(&CREATE).times(3).fail(ErrorKind::ConnectionRefused);
    let error = create(&mock).execute().await.unwrap_err();
    assert!(matches!(&error, Error::Transport(error) if error.connecting), "{error:?}");
    mock.verify();

    let mock = Mock::new().on(&CREATE).times(1).fail(ErrorKind::TimedOut);
    let error = create(&mock).execute().await.unwrap_err();
    let limit = TimeLimit::Connection;
    assert!(matches!(&error, Error::Timeout(timeout) if timeout.limit == limit), "{error:?}");
    mock.verify();
}

#[tokio::test]
async fn a_pause_of_the_server_is_not_waited_for() {
    let mock = Mock::new();
    mock.on(&CREATE).times(1).reply_header(RETRY_AFTER.as_str(), "30").reply_with(429, &());
    mock.on(&CREATE).reply(&1);
    let start = std::time::Instant::now();
    create(&mock).execute().await.unwrap();
    assert!(start.elapsed().as_secs() < 10);
    mock.verify();
}

#[tokio::test]
async fn requests_are_recorded_without_credentials() {
    let mock = Mock::new().on(&LIST).reply(&[1]);
    let client = mock.builder().token("secret").user_agent("tester");
    let client = client.build().unwrap();
    let request = Request::new(&client, &LIST).path("team", "a b/c");
    let request = request.query("state", "x=y").header("X-Trace", "t");
    request.execute().await.unwrap();
    let requests = mock.requests();
    let request = &requests[0];
    assert_eq!(request.operation.id, "list");
    assert_eq!(request.method, http::Method::GET);
    assert_eq!(request.path, "/teams/a%20b%2Fc/items.json");
    assert_eq!(request.path_value("team").as_deref(), Some("a b/c"));
    assert_eq!(request.path_value("other"), None);
    assert_eq!(request.query, [("state".to_owned(), "x=y".to_owned())]);
    assert_eq!(request.headers["x-trace"], "t");
    assert_eq!(request.headers["user-agent"], "tester");
    assert_eq!(request.headers[AUTHORIZATION], "<redacted>");
    assert!(!format!("{requests:?}").contains("secret"));
}

#[test]
fn what_the_operation_does_not_have_is_a_panic() {
    let mock = Mock::new();
    let on = || mock.on(&LIST);
    type Answer<'a> = Box<dyn FnOnce() + 'a>;
    let answer = |it: fn(Expectation) -> Mock| -> Answer<'_> { Box::new(move || drop(it(on()))) };
    let cases: [(Answer<'_>, &str); 8] = [
        (
            answer(|it| it.query("stat", "open").reply(&())),
            "list: the operation has no query parameter `stat`, only [\"state\", \"tag\", \"filter\", \"cursor\"]",
        ),
        (
            answer(|it| it.path("state", "open").reply(&())),
            "list: the operation has no path parameter `state`, only [\"team\"]",
        ),
        (answer(|it| it.path("team", "").reply(&())), "list: the path parameter `team` is empty"),
        (
            answer(|it| it.header("x-other", "").reply(&())),
            "list: the operation has no header `x-other`, only [\"X-Trace\"]",
        ),
        (answer(|it| it.body("").reply(&())), "list: the operation has no body"),
        (
            answer(|it| it.reply_with(201, "")),
            "list: the operation documents no response with 201; `reply_raw` answers with any",
        ),
        (answer(|it| it.reply_pages([""; 0])), "list: a list has at least one page"),
        (
            answer(|it| it.reply_header("a b", "").reply(&())),
            "the header \"a b\" of the answer contains forbidden characters",
        ),
    ];
    for (call, message) in cases {
        assert_eq!(panics(call), message);
    }
    let message = panics(|| drop(mock.on(&DELETE).reply(&1)));
    assert_eq!(message, "delete: a response with 204 has no body; `reply(&())` is one without");
    // Nothing of all that is expected.
    mock.verify();
}

#[tokio::test]
async fn any_status_and_body_can_be_answered() {
    let mock = Mock::new();
    let create = |mock: &Mock| Request::new(&mock.client(), &CREATE).path("team", "x");
    mock.on(&CREATE).times(1).reply_raw(409, "text/html", "<p>No</p>");
    mock.on(&CREATE).times(1).reply_raw(201, "application/json", "{\"id\": ");
    mock.on(&CREATE).reply_raw(413, "", "");
    let error = create(&mock).execute().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(response.status, 409);
    assert_eq!(
        (&response.headers[CONTENT_TYPE], &response.body[..]),
        (&"text/html".parse().unwrap(), &b"<p>No</p>"[..])
    );
    let received = create(&mock).execute().await.unwrap();
    assert!(matches!(received.json::<Value>(), Err(Error::Decode(_))));
    let error = create(&mock).execute().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 413);
    assert!(!error.response().unwrap().headers.contains_key(CONTENT_TYPE));
    mock.verify();
}

//! What goes over the wire, and what comes back.

use std::time::Duration;

use sentry_api::client::multipart::Form;
use sentry_api::client::{Client, Error, Limits};
use sentry_api::types::Binary;
use serde_json::{Value, json};

use super::server::{Server, reply};
use super::{CREATE, LIST, TOKEN, client, report};

#[tokio::test]
async fn a_call_sends_path_query_headers_cookies_and_token_and_decodes_the_response() {
    let headers = "X-Vendor-Rate-Limit-Remaining: 7\nX-Vendor-Rate-Limit-Limit: 40\n";
    let server = Server::start([reply("200 OK", headers, "[1, 2]")]).await;
    let response = client(&server)
        .request(&LIST)
        .path("team", "a/b c")
        .query("project", &[1, 2])
        .query("full", &false)
        .query("full", &true)
        .header("X-Trace", "abc")
        .cookie("session", "x y")
        .execute()
        .await
        .unwrap()
        .json::<Vec<i64>>()
        .unwrap();
    assert_eq!(response.value, [1, 2]);
    assert_eq!(response.rate_limit().unwrap().remaining, Some(7));
    assert_eq!(response.rate_limit().unwrap().limit, Some(40));
    let request = server.requests().remove(0).to_ascii_lowercase();
    for expected in [
        "get /api/0/teams/a%2fb%20c/list/?full=true&project=1&project=2 http/1.1\r\n",
        "\r\nauthorization: bearer sntrys_secret\r\n",
        "\r\naccept: application/json\r\n",
        "\r\nx-trace: abc\r\n",
        "\r\ncookie: session=x%20y\r\n",
        "\r\nuser-agent: sentry-api/",
    ] {
        assert!(request.contains(expected), "{expected} in {request}");
    }
}

#[tokio::test]
async fn path_values_that_change_the_path_are_refused_before_anything_is_sent() {
    let server = Server::start([reply("200 OK", "", "")]).await;
    for value in ["", ".", "..", "a\nb", "\u{0}", "\u{7f}"] {
        let call = client(&server).request(&LIST).path("team", value);
        match call.execute().await {
            Err(Error::InvalidPathValue {
                parameter: "team", ..
            }) => {}
            other => panic!("{value:?}: {other:?}"),
        }
    }
    let missing = client(&server).request(&LIST).execute().await;
    assert!(matches!(missing, Err(Error::InvalidPathValue { .. })));
    let line_break = client(&server)
        .request(&LIST)
        .path("team", "a")
        .header("X-Trace", "a\r\nB: c");
    assert!(matches!(
        line_break.execute().await,
        Err(Error::InvalidHeader {
            name: "X-Trace",
            ..
        })
    ));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_looks_encoded_is_encoded_again() {
    let server = Server::start([reply("200 OK", "", "")]).await;
    let call = client(&server).request(&LIST).path("team", "%2e%2E?#\\");
    call.execute().await.unwrap();
    assert!(
        server.requests()[0].starts_with("GET /api/0/teams/%252e%252E%3F%23%5C/list/ HTTP/1.1")
    );
}

#[tokio::test]
async fn an_error_response_tells_status_detail_and_documentation_but_no_token() {
    let body = r#"{"detail": {"message": "no such team"}}"#;
    let server = Server::start([reply("404 Not Found", "", body)]).await;
    let error = client(&server)
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(response.status, 404);
    assert_eq!(response.documented, Some("No such team."));
    assert_eq!(response.detail().as_deref(), Some("no such team"));
    assert_eq!(
        response.decode::<Value>().unwrap()["detail"]["message"],
        "no such team"
    );
    assert_eq!(
        error.to_string(),
        "list: the server responded with 404 Not Found: no such team"
    );
    assert!(!report(&error).contains(TOKEN));
}

#[tokio::test]
async fn a_body_that_does_not_decode_keeps_status_and_body() {
    let server = Server::start([reply("200 OK", "", r#"{"a": 1}"#)]).await;
    let received = client(&server)
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap();
    match received.json::<Vec<i64>>() {
        Err(Error::Decode(error)) => {
            assert_eq!(
                (error.operation, &error.body[..]),
                ("list", &br#"{"a": 1}"#[..])
            );
            assert!(
                std::error::Error::source(error.as_ref())
                    .unwrap()
                    .to_string()
                    .contains("line 1")
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_response_beyond_the_limit_is_an_error_and_an_error_beyond_it_is_cut() {
    let body = "x".repeat(2000);
    let server = Server::start([
        reply("200 OK", "", &body),
        reply("400 Bad Request", "", &body),
    ])
    .await;
    let limits = Limits {
        response_size: 1000,
        error_size: 1000,
        ..Limits::default()
    };
    let client = Client::builder()
        .base_url(server.origin())
        .limits(limits)
        .build()
        .unwrap();
    let error = client
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 1000, .. }));
    let error = client
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.body.len(), response.truncated), (1000, true));
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let builder = Client::builder()
        .base_url(url)
        .read_timeout(Duration::from_millis(50));
    let call = builder.build().unwrap().request(&LIST).path("team", "x");
    assert!(matches!(call.execute().await, Err(Error::Timeout(_))));
}

#[tokio::test]
async fn bodies_go_as_json_form_or_parts() {
    let server = Server::start(vec![reply("200 OK", "", ""); 3]).await;
    let client = client(&server);
    let body = json!({"name": "a b", "tags": ["x", "y"], "ids": [1, 2], "none": null});
    let call = client.request(&CREATE).json("application/json", &body);
    call.execute().await.unwrap().empty().unwrap();
    client.request(&CREATE).form(&body).execute().await.unwrap();
    let file = Binary::from("GIF89a")
        .with_file_name("a\"\r\n.gif")
        .with_content_type("image/gif");
    let form = Form::new()
        .value("name", None, "a b")
        .value("none", None, &None::<String>);
    let form = form
        .value("tags", None, &["x", "y"])
        .file("file", Some("image/png"), &file);
    client
        .request(&CREATE)
        .multipart(form)
        .execute()
        .await
        .unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("content-type: application/json\r\n"));
    assert!(requests[0].ends_with(&body.to_string()));
    assert!(
        requests[1].ends_with("\r\n\r\nids=1,2&name=a%20b&tags=x&tags=y")
            || requests[1].ends_with("\r\n\r\nname=a%20b&tags=x&tags=y&ids=1,2")
    );
    assert!(requests[2].contains("content-type: multipart/form-data; boundary="));
    assert!(requests[2].contains(
        "Content-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0A.gif\"\r\n\
         Content-Type: image/gif\r\n\r\nGIF89a\r\n--"
    ));
    assert_eq!(requests[2].matches("name=\"tags\"").count(), 2);
    assert!(!requests[2].contains("name=\"none\""));
}

#[tokio::test]
async fn events_come_one_by_one() {
    let body =
        ": hello\n\nevent: added\ndata: {\"a\":\ndata: 1}\nid: 7\n\ndata: second\n\ndata: cut off";
    let server = Server::start([reply("200 OK", "Content-Type: text/event-stream\n", body)]).await;
    let call = client(&server).request(&LIST).path("team", "x");
    let mut events = call.events().await.unwrap().value;
    let first = events.next_event().await.unwrap().unwrap();
    assert_eq!(first.event, "added");
    assert_eq!(first.json::<Value>().unwrap().value, json!({"a": 1}));
    let second = events.next_event().await.unwrap().unwrap();
    assert_eq!(
        (second.data.as_str(), second.id.as_deref()),
        ("second", Some("7"))
    );
    assert!(events.next_event().await.is_none());
}

#[test]
fn calls_can_be_spawned() {
    fn is_spawnable<T: Send + 'static>(_: &T) {}
    let client = Client::builder()
        .base_url("http://localhost:1")
        .build()
        .unwrap();
    let call = client.request(&LIST).path("team", "x");
    is_spawnable(&call.execute());
}

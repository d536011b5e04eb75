//! Settings of a single call.

use std::time::{Duration, Instant};

use http::HeaderValue;
use runtime::client::call::{Empty, Raw};
use runtime::client::request::Request;
use runtime::client::{Call, Client, Error, Paged, RetryPolicy, TimeLimit};
use runtime::operation::{Operation, query};

use super::server::{Server, response};
use super::sockets::Sockets;
use super::{ROOT, client};

static LIST: Operation =
    Operation { id: "list", parameters: &[query("cursor"), query("full")], cursor: Some("cursor"), ..Operation::EMPTY };

fn call<R>(client: &Client, operation: &'static Operation) -> Call<R> {
    Request::new(client, operation).into()
}

#[tokio::test]
async fn a_call_has_headers_and_query_of_its_own() {
    let server = Server::start([]).await;
    let builder = Client::builder().base_url(&server.origin).token("hunter2");
    let client = builder.build().unwrap();
    let own = call::<Empty>(&client, &ROOT)
        .header("X-Trace", "a")
        .header("x-trace", HeaderValue::from_static("b"))
        .header("Authorization", "Bearer other".to_owned())
        .extra_query("a b", "c&d")
        .extra_query("page", 2);
    assert!(!format!("{own:?}").contains("other"), "{own:?}");
    own.send().await.unwrap();
    call::<Empty>(&client, &ROOT).send().await.unwrap();
    let requests = server.requests();
    let (headers, _) = &requests[0];
    assert_eq!(headers["x-trace"], "b");
    assert_eq!(headers["authorization"], "Bearer other");
    assert_eq!(server.targets()[0], "/?a%20b=c%26d&page=2");
    assert_eq!(requests[1].0["authorization"], "Bearer hunter2");
    assert!(!requests[1].0.contains_key("x-trace"));
    assert_eq!(server.targets()[1], "/");
}

#[tokio::test]
async fn a_header_with_forbidden_characters_is_an_error() {
    let client = client("http://localhost:1");
    for (name, value) in [("X-A", "a\r\nb"), ("X A", "a"), ("", "a")] {
        let error = call::<Empty>(&client, &ROOT).header(name, value).send().await;
        let Err(Error::InvalidExtraHeader { name: shown, .. }) = error else { panic!("{error:?}") };
        assert_eq!(shown, name);
    }
}

#[tokio::test]
async fn a_header_that_frames_the_body_is_an_error() {
    let server = Server::start([]).await;
    let client = client(&server.origin);
    for name in [
        "Content-Length",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "keep-alive",
        "proxy-connection",
    ] {
        let call = call::<Empty>(&client, &ROOT).header(name, "5");
        let error = call.header("x-a", "1").send().await.unwrap_err();
        assert!(matches!(error, Error::ReservedHeader { .. }), "{error:?}");
        let expected = format!(
            "root: the header `{}` is set by the client itself, from the body and the connection",
            name.to_lowercase()
        );
        assert_eq!(error.to_string(), expected);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_has_a_deadline_and_attempts_of_its_own() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        None
    })
    .await;
    let start = Instant::now();
    let timeout = Duration::from_millis(200);
    let error = call::<Empty>(&client(&server.origin), &ROOT).timeout(timeout);
    let Err(Error::Timeout(error)) = error.send().await else { panic!("the server sends nothing") };
    assert_eq!(error.limit, TimeLimit::Deadline(timeout));
    assert!(start.elapsed() < 4 * timeout);

    let server = Server::start((0..9).map(|_| response(503, &[], ""))).await;
    let client = client(&server.origin);
    let never = call::<Empty>(&client, &ROOT).retry(RetryPolicy::never());
    assert!(never.send().await.is_err());
    assert_eq!(server.requests().len(), 1);
    assert!(call::<Empty>(&client, &ROOT).send().await.is_err());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn any_success_is_returned_as_it_was_received() {
    let server = Server::start([response(206, &[("x-a", "1")], "not JSON")]).await;
    let received = call::<Vec<i64>>(&client(&server.origin), &ROOT).raw().await;
    let received = received.unwrap();
    assert_eq!((received.status.as_u16(), &received.body[..]), (206, &b"not JSON"[..]));
    assert_eq!(received.headers["x-a"], "1");
}

#[tokio::test]
async fn the_settings_of_a_list_hold_for_each_page() {
    let next = "</?cursor=2>; rel=next; cursor=2";
    let server = Server::start([response(200, &[("link", next)], "[1]"), response(200, &[], "[2]")]).await;
    let client = client(&server.origin);
    let mut pages = call::<Paged<Vec<i64>>>(&client, &LIST).header("x-a", "1").extra_query("more", true).pages();
    let mut found = Vec::new();
    while let Some(page) = pages.next_page().await {
        found.extend(page.unwrap().value);
    }
    assert_eq!(found, [1, 2]);
    assert!(server.requests().iter().all(|(headers, _)| headers["x-a"] == "1"));
    assert_eq!(server.targets(), ["/?more=true", "/?cursor=2&more=true"]);
    let _: Call<Raw> = call(&client, &ROOT);
}

//! Lists that come in pages.

use sentry_api::client::response::Received;
use sentry_api::client::{Error, Limits, Pages};

use super::server::{Server, reply};
use super::{CREATE, LIST, client};

fn link(cursor: &str, results: bool) -> String {
    format!(
        "Link: <{{origin}}/p?cursor=0:0:1>; rel=\"previous\"; results=\"false\"; cursor=\"0:0:1\", \
         <{{origin}}/p?cursor={cursor}>; rel=\"next\"; results=\"{results}\"; cursor=\"{cursor}\"\n"
    )
}

fn pages(server: &Server) -> Pages<Vec<i64>> {
    let request = client(server)
        .request(&LIST)
        .path("team", "x")
        .query("full", &true);
    Pages::new(request, Received::json)
}

#[tokio::test]
async fn cursors_go_back_verbatim_and_an_empty_page_is_not_the_end() {
    let server = Server::start([
        reply("200 OK", &link("0:100:0", true), "[1, 2]"),
        reply("200 OK", &link("0:200:0", true), "[]"),
        reply("200 OK", &link("0:300:0", false), "[3]"),
    ])
    .await;
    let mut items = pages(&server).items();
    let mut found = Vec::new();
    while let Some(item) = items.next_item().await {
        found.push(item.unwrap());
    }
    assert_eq!(found, [1, 2, 3]);
    let requests = server.requests();
    let lines: Vec<_> = requests
        .iter()
        .filter_map(|request| request.lines().next())
        .collect();
    assert_eq!(
        lines,
        [
            "GET /api/0/teams/x/list/?full=true HTTP/1.1",
            "GET /api/0/teams/x/list/?full=true&cursor=0%3A100%3A0 HTTP/1.1",
            "GET /api/0/teams/x/list/?full=true&cursor=0%3A200%3A0 HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn without_a_cursor_the_query_of_the_link_is_taken() {
    let next = "Link: <{origin}/elsewhere?page=2&full=1>; rel=\"last next\"\n";
    let server = Server::start([reply("200 OK", next, "[1]"), reply("200 OK", "", "[2]")]).await;
    let mut pages = pages(&server);
    assert_eq!(pages.next_page().await.unwrap().unwrap().value, [1]);
    assert_eq!(pages.next_page().await.unwrap().unwrap().value, [2]);
    assert!(pages.next_page().await.is_none());
    let second = server.requests().remove(1);
    assert!(
        second.starts_with("GET /api/0/teams/x/list/?page=2&full=1 HTTP/1.1"),
        "{second}"
    );
}

#[tokio::test]
async fn a_link_to_another_origin_and_a_repeated_cursor_are_errors() {
    let foreign = "Link: <https://evil.example/?page=2>; rel=next\n";
    let circle = link("0:1:0", true);
    let replies = [foreign, &circle, &circle].map(|header| reply("200 OK", header, "[1]"));
    let server = Server::start(replies).await;
    let mut first = pages(&server);
    first.next_page().await.unwrap().unwrap();
    assert!(matches!(
        first.next_page().await,
        Some(Err(Error::Pagination { .. }))
    ));
    assert!(first.next_page().await.is_none());
    let mut second = pages(&server);
    second.next_page().await.unwrap().unwrap();
    second.next_page().await.unwrap().unwrap();
    assert!(matches!(
        second.next_page().await,
        Some(Err(Error::Pagination { .. }))
    ));
}

#[tokio::test]
async fn the_number_of_pages_is_bounded() {
    let endless = (0..9).map(|n| reply("200 OK", &link(&format!("0:{n}:0"), true), "[1]"));
    let server = Server::start(endless).await;
    let mut few = pages(&server).max_pages(2);
    assert!(few.next_page().await.is_some());
    assert!(few.next_page().await.is_some());
    assert!(few.next_page().await.is_none());
    let limits = Limits {
        pages: 1,
        ..Limits::default()
    };
    let builder = sentry_api::client::Client::builder().base_url(server.origin());
    let client = builder.limits(limits).build().unwrap();
    let request = client.request(&LIST).path("team", "x");
    let mut limited = Pages::new(request, Received::json::<Vec<i64>>);
    assert!(limited.next_page().await.unwrap().is_ok());
    assert!(matches!(
        limited.next_page().await,
        Some(Err(Error::Pagination { .. }))
    ));
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let server = Server::start([reply("403 Forbidden", "", "")]).await;
    let mut pages = Pages::new(client(&server).request(&CREATE), Received::empty);
    assert!(matches!(
        pages.next_page().await,
        Some(Err(Error::Status(_)))
    ));
    assert!(pages.next_page().await.is_none());
}

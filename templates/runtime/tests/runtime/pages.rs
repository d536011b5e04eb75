use axum::body::Body;
use axum::http::Response;
use futures_util::StreamExt;
use runtime::client::request::Request;
use runtime::client::response::Received;
use runtime::client::{Error, Items, Pages};
use runtime::operation::{Operation, query};

use super::server::{Server, response};
use super::{ROOT, client};

/// `GET /?cursor=`, a list by cursors.
static BY_CURSOR: Operation = Operation {
    id: "list",
    method: runtime::operation::Method::Get,
    parameters: &[query("full"), query("cursor")],
    cursor: Some("cursor"),
    ..ROOT
};

/// `GET /?page=`, a list whose links alone lead on.
static BY_LINK: Operation = Operation { parameters: &[query("page"), query("full")], cursor: None, ..BY_CURSOR };

/// The queries that a server has received.
fn queries(server: &Server) -> Vec<String> {
    let targets = server.targets();
    let queries = targets.iter().map(|target| target.strip_prefix("/?"));
    queries.map(|query| query.unwrap_or_default().to_owned()).collect()
}

/// A page, and the cursor of the next one.
fn page(items: &str, next: Option<u8>) -> Response<Body> {
    let link =
        next.map(|next| format!("</?page={next}&full=true>; rel=\"next\"; results=\"true\"; cursor=\"0:{next}:0\""));
    let link = link.unwrap_or_default();
    let headers = [("link", link.as_str()), ("x-ratelimit-remaining", "7")];
    response(200, &headers, items)
}

fn failing() -> Response<Body> {
    response(500, &[], "")
}

fn pages(server: &Server, operation: &'static Operation) -> Pages<Vec<i64>> {
    let request = Request::new(&client(&server.origin), operation);
    Pages::new(request.query("full", &true), Received::json)
}

fn items(server: &Server, operation: &'static Operation) -> Items<i64> {
    pages(server, operation).items()
}

#[tokio::test]
async fn each_page_has_its_rate_limit_and_the_cursor_of_the_next_one() {
    for (operation, cursor, query) in
        [(&BY_CURSOR, "0:1:0", "full=true&cursor=0%3A1%3A0"), (&BY_LINK, "?page=1&full=true", "page=1&full=true")]
    {
        let server = Server::start([page("[1]", Some(1)), page("[2]", None)]).await;
        let mut pages = pages(&server, operation);
        assert_eq!(pages.cursor(), None);
        let first = pages.next_page().await.unwrap().unwrap();
        assert_eq!(first.rate_limit().unwrap().remaining, Some(7));
        assert_eq!(first.next_cursor().as_deref(), Some(cursor));
        assert_eq!(pages.cursor(), Some(cursor));
        let last = pages.next_page().await.unwrap().unwrap();
        assert_eq!((last.value, pages.cursor()), ([2].to_vec(), None));
        assert!(pages.next_page().await.is_none());
        assert_eq!(queries(&server), ["full=true", query]);
    }
}

#[tokio::test]
async fn a_list_is_resumed_at_a_cursor() {
    for (operation, cursor, query) in [
        (&BY_CURSOR, "0:5:0", "full=true&cursor=0%3A5%3A0"),
        (&BY_CURSOR, "?page=5", "page=5"),
        (&BY_LINK, "?page=5", "page=5"),
    ] {
        let server = Server::start([page("[1]", None)]).await;
        let pages = pages(&server, operation).resume(cursor);
        assert_eq!(pages.cursor(), Some(cursor));
        let items: Vec<_> = pages.items().map(Result::unwrap).collect().await;
        assert_eq!(items, [1]);
        assert_eq!(queries(&server), [query]);
    }
    let server = Server::start([]).await;
    let mut lost = pages(&server, &BY_LINK).resume("0:5:0");
    let error = lost.next_page().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Pagination { .. }), "{error}");
    assert!(lost.next_page().await.is_none());

    // A link to the page that was resumed.
    let server = Server::start([page("[1]", Some(1))]).await;
    let mut circle = pages(&server, &BY_CURSOR).resume("0:1:0");
    circle.next_page().await.unwrap().unwrap();
    assert!(circle.next_page().await.unwrap().is_err());
}

#[tokio::test]
async fn an_error_ends_the_stream_at_the_page_that_failed_which_can_be_tried_again() {
    for failure in [failing(), response(200, &[], "not a list")] {
        let replies = [page("[1]", Some(1)), failure, page("[2]", Some(2)), page("[3]", None)];
        let server = Server::start(replies).await;
        let mut pages = pages(&server, &BY_CURSOR);
        pages.next_page().await.unwrap().unwrap();
        assert!(pages.next_page().await.unwrap().is_err());
        // A loop that goes on after errors ends.
        assert!(pages.next_page().await.is_none());
        assert_eq!(pages.cursor(), Some("0:1:0"));
        assert!(pages.retry());
        assert_eq!(pages.next_page().await.unwrap().unwrap().value, [2]);
        assert!(!pages.retry());
        assert_eq!(pages.next_page().await.unwrap().unwrap().value, [3]);
        assert!(pages.next_page().await.is_none());
        let retried = "full=true&cursor=0%3A1%3A0";
        assert_eq!(queries(&server)[1..3], [retried, retried]);
    }
    let replies = [page("[1, 2]", Some(1)), failing(), page("[3]", None)];
    let server = Server::start(replies).await;
    let mut items = items(&server, &BY_LINK);
    let mut found = Vec::new();
    loop {
        while let Some(item) = items.next_item().await {
            found.push(item.ok());
        }
        if !items.retry() {
            break;
        }
    }
    assert_eq!(found, [Some(1), Some(2), None, Some(3)]);
}

#[tokio::test]
async fn no_page_is_requested_beyond_the_items_that_are_wanted() {
    let three = || [page("[1, 2]", Some(1)), page("[3, 4]", Some(2)), page("[5]", None)];
    for (wanted, requests, cursor) in
        [(0, 0, None), (1, 1, None), (2, 1, Some("0:1:0")), (3, 2, Some("0:1:0")), (4, 2, Some("0:2:0")), (9, 3, None)]
    {
        let server = Server::start(three()).await;
        let mut items = items(&server, &BY_CURSOR).max_items(wanted);
        let mut found = Vec::new();
        while let Some(item) = items.next_item().await {
            found.push(item.unwrap());
        }
        assert_eq!(found, [1, 2, 3, 4, 5][..wanted.min(5)]);
        assert_eq!(queries(&server).len(), requests, "{wanted}");
        assert_eq!(items.cursor(), cursor, "{wanted}");
    }
    let server = Server::start(three()).await;
    let mut pages = pages(&server, &BY_CURSOR).max_pages(1);
    pages.next_page().await.unwrap().unwrap();
    assert!(pages.next_page().await.is_none());
    assert_eq!(pages.cursor(), Some("0:1:0"));
}

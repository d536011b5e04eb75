//! Calls from code that is not asynchronous.

use std::future::ready;

use runtime::client::Pages;
use runtime::client::blocking::{Wait, iter};
use runtime::client::mock::Mock;
use runtime::client::request::Request;
use runtime::client::response::Received;
use runtime::operation::{Operation, query, response};

use super::server::{Server, response as answer};
use super::{ROOT, client};

static LIST: Operation = Operation {
    id: "list",
    path: "/items",
    parameters: &[query("cursor")],
    accept: "application/json",
    responses: &[response(200, "The items")],
    cursor: Some("cursor"),
    ..Operation::EMPTY
};

#[test]
fn a_call_needs_no_runtime_and_keeps_its_connection() {
    let server = Server::start([answer(200, &[], "1"), answer(200, &[], "2")]).wait();
    let client = client(&server.origin);
    for expected in [1, 2] {
        let received = Request::new(&client, &ROOT).execute().wait().unwrap();
        assert_eq!(received.json::<i64>().unwrap().value, expected);
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_list_is_an_iterator() {
    let mock = Mock::new();
    mock.on(&LIST).reply_pages([vec![1, 2], vec![3]]);
    let request = Request::new(&mock.client(), &LIST);
    let pages = Pages::<Vec<i64>>::new(request, Received::json);
    let items: Result<Vec<i64>, _> = iter(pages.items()).collect();
    assert_eq!(items.unwrap(), [1, 2, 3]);
    mock.verify();
}

#[tokio::test]
async fn asynchronous_code_must_not_wait() {
    let waited = std::panic::catch_unwind(|| ready(1).wait());
    assert!(waited.is_err());
}

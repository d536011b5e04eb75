//! Credentials of every kind, and servers.

use wire_api::client::servers::{Server1, Server1Region, Server2};
use wire_api::client::{Client, ClientBuilder, Credential};
use wire_api::models::CreateChargeBody;
use wire_api::types::Secret;

use super::silent;
use crate::client_runtime::server::Server;

fn build(server: &Server, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    configure(Client::builder().base_url(server.origin()))
        .build()
        .unwrap()
}

fn password() -> Credential {
    Credential::Basic {
        user: "u".to_owned(),
        password: Secret::from("p"),
    }
}

#[tokio::test]
async fn each_scheme_travels_as_it_is_described() {
    let server = silent(6).await;
    let _ = build(&server, |b| b.credential("token", "t"))
        .get_pet(1)
        .send()
        .await;
    let _ = build(&server, |b| b.credential("queryKey", "k"))
        .with_key()
        .send()
        .await;
    let _ = build(&server, |b| b.credential("password", password()))
        .with_password()
        .send()
        .await;
    let _ = build(&server, |b| b.credential("open", "o"))
        .with_password()
        .send()
        .await;
    let _ = build(&server, |b| b.credential("session", "s"))
        .query_styles()
        .send()
        .await;
    let _ = build(&server, |b| b.credential("project", "https://k@host/1"))
        .with_password()
        .send()
        .await;
    let requests = server.requests();
    assert!(requests[0].contains("authorization: Bearer t\r\n"));
    assert!(requests[1].starts_with("GET /secured/key?key=k HTTP/1.1"));
    assert!(requests[2].contains("authorization: Basic dTpw\r\n"));
    assert!(requests[3].contains("authorization: Bearer o\r\n"));
    assert!(requests[4].contains("cookie: sid=s\r\n"));
    assert!(requests[5].contains("authorization: DSN https://k@host/1\r\n"));
}

#[tokio::test]
async fn the_first_alternative_with_a_credential_counts_and_nothing_goes_where_nothing_is_needed() {
    let server = silent(3).await;
    let both = build(&server, |b| {
        b.credential("session", "s").credential("key", "k")
    });
    let _ = both.query_styles().send().await;
    let _ = build(&server, |b| b).query_styles().send().await;
    let token = build(&server, |b| b.token("t"));
    let _ = token.create_charge(&CreateChargeBody::new(1)).send().await;
    let requests = server.requests();
    assert!(requests[0].contains("x-key: k\r\n") && !requests[0].contains("cookie"));
    assert!(!requests[1].contains("x-key") && !requests[1].contains("authorization"));
    assert!(!requests[2].contains("authorization"));
}

#[test]
fn variables_of_a_server_are_typed_and_have_their_defaults() {
    let server = Server1::default();
    assert_eq!(server.url(), "https://eu.example.com:443/v1");
    let other = Server1 {
        region: Server1Region::UsEast1,
        port: "8443".to_owned(),
    };
    assert_eq!(other.url(), "https://us-east-1.example.com:8443/v1");
    assert_eq!(Server2 {}.url(), "/v1");
}

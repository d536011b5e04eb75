//! The token stays with the configured origin.

use sentry_api::client::error::BuildError;
use sentry_api::client::{Client, Error};

use super::server::{Server, reply};
use super::{CREATE, LIST, TOKEN, client, report};

#[tokio::test]
async fn a_redirect_to_another_origin_is_not_followed() {
    let other = Server::start([reply("200 OK", "", "[]")]).await;
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let location = format!("Location: {}/elsewhere\n", other.origin());
        let server = Server::start([reply(status, &location, "")]).await;
        let call = client(&server).request(&LIST).path("team", "x");
        match call.execute().await {
            Err(Error::Redirect(response)) => {
                assert!(response.location().unwrap().ends_with("/elsewhere"));
            }
            other => panic!("{status}: {other:?}"),
        }
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_with_the_token() {
    let moved = reply("301 Moved", "Location: /api/0/new/?a=b\n", "");
    let server = Server::start([moved, reply("200 OK", "", "[3]")]).await;
    let received = client(&server)
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap();
    assert_eq!(received.json::<Vec<i64>>().unwrap().value, [3]);
    let second = server.requests().remove(1);
    assert!(second.starts_with("GET /api/0/new/?a=b HTTP/1.1\r\n"));
    assert!(second.contains(TOKEN));
}

#[tokio::test]
async fn a_post_is_repeated_by_308_and_never_turned_into_a_get() {
    let moved = |status: &str| reply(status, "Location: /b\n", "");
    let server = Server::start([
        moved("308 Permanent"),
        reply("200 OK", "", ""),
        moved("302 Found"),
    ])
    .await;
    let client = client(&server);
    client
        .request(&CREATE)
        .json("application/json", &1)
        .execute()
        .await
        .unwrap();
    assert!(server.requests()[1].starts_with("POST /b "));
    assert!(server.requests()[1].ends_with("\r\n\r\n1"));
    let error = client.request(&CREATE).execute().await.unwrap_err();
    assert!(matches!(error, Error::Redirect(_)));
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let around = reply("302 Found", "Location: /around\n", "");
    let server = Server::start(vec![around; 10]).await;
    let call = client(&server).request(&LIST).path("team", "x");
    assert!(matches!(call.execute().await, Err(Error::Redirect(_))));
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn plain_http_to_another_machine_needs_permission() {
    let refused = |url: &str| {
        Client::builder()
            .base_url(url)
            .token(TOKEN)
            .build()
            .unwrap_err()
    };
    for url in [
        "http://sentry.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1/",
    ] {
        assert!(
            matches!(refused(url), Error::Build(BuildError::Insecure)),
            "{url}"
        );
        Client::builder()
            .base_url(url)
            .allow_insecure()
            .build()
            .unwrap();
    }
    for url in [
        "http://localhost:9000",
        "http://127.0.0.9",
        "http://[::1]:80/x",
    ] {
        Client::builder().base_url(url).build().unwrap();
    }
    for url in [
        "http://u:p@localhost",
        "http://localhost/?q",
        "ftp://localhost",
        "/relative",
        "",
    ] {
        assert!(matches!(refused(url), Error::Build(_)), "{url}");
    }
}

#[tokio::test]
async fn no_credential_shows() {
    let builder = Client::builder()
        .base_url("http://127.0.0.1:1")
        .token(TOKEN);
    assert!(!format!("{builder:?}").contains(TOKEN));
    let client = builder
        .retry(sentry_api::client::RetryPolicy::never())
        .build()
        .unwrap();
    assert!(!format!("{client:?}").contains(TOKEN));
    let call = client
        .request(&LIST)
        .path("team", "p4ssword")
        .query("cursor", "p4ssword");
    assert!(!format!("{call:?}").contains("p4ssword"));
    let error = call.execute().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)));
    let report = report(&error);
    assert!(
        !report.contains(TOKEN) && !report.contains("p4ssword"),
        "{report}"
    );
    let bad = Client::builder()
        .base_url("http://localhost")
        .token("a\nb")
        .build()
        .unwrap_err();
    assert!(matches!(bad, Error::Build(BuildError::InvalidCredential)));
}

use std::fmt::Debug;

use runtime::client::error::BuildError;
use runtime::client::request::Request;
use runtime::client::{Client, Credential, Error};
use runtime::types::Secret;

use super::ROOT;
use super::server::Server;

fn assert_redacted(value: &dyn Debug) {
    let shown = format!("{value:?} {value:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

fn basic() -> Credential {
    Credential::Basic { user: "hunter2".to_owned(), password: Secret::new("hunter2") }
}

#[test]
fn no_debug_output_shows_a_credential() {
    assert_redacted(&Secret::new("hunter2"));
    for credential in [Credential::from("hunter2"), basic()] {
        assert_redacted(&credential);
        let builder = Client::builder().base_url("http://localhost:1");
        let builder = builder.token(credential);
        assert_redacted(&builder);
        let client = builder.build().unwrap();
        assert_redacted(&client);
        let call = Request::new(&client, &ROOT).query("key", "hunter2");
        assert_redacted(&call.bytes("text/plain", "hunter2"));
    }
}

#[tokio::test]
async fn no_error_shows_a_credential() {
    let builder = Client::builder().base_url("http://127.0.0.1:1").token("hunter2");
    let client = builder.retry(runtime::client::RetryPolicy::never()).build();
    let call = Request::new(&client.unwrap(), &ROOT).bytes("text/plain", "hunter2");
    assert_redacted(&call.execute().await.unwrap_err());
    let refused = Client::builder().base_url("http://localhost").token("hunter2\n\nhunter2");
    let error = refused.build().unwrap_err();
    assert_redacted(&error);
    assert!(!error.to_string().contains("hunter2"));
    assert!(matches!(error, Error::Build(BuildError::InvalidCredential)));
}

#[tokio::test]
async fn a_token_is_a_bearer_and_user_and_password_are_basic() {
    let server = Server::start([]).await;
    for credential in [Credential::from(" hunter2\n"), basic()] {
        let builder = Client::builder().base_url(&server.origin);
        let client = builder.token(credential).build().unwrap();
        Request::new(&client, &ROOT).execute().await.unwrap();
    }
    let sent: Vec<_> = server.requests().into_iter().map(|(headers, _)| headers["authorization"].clone()).collect();
    assert_eq!(sent, ["Bearer hunter2", "Basic aHVudGVyMjpodW50ZXIy"]);
}

#[test]
fn an_unknown_scheme_is_refused() {
    let builder = Client::builder().base_url("http://localhost");
    let error = builder.credential("other", "hunter2").build().unwrap_err();
    assert!(matches!(&error, Error::Build(BuildError::UnknownScheme(name)) if name == "other"));
    assert_eq!(error.to_string(), "the API has no security scheme `other` that can be sent");
}

#[test]
fn an_empty_or_blank_credential_is_refused() {
    let blank =
        |user: &str, password: &str| Credential::Basic { user: user.to_owned(), password: Secret::new(password) };
    for credential in [Credential::from(""), Credential::from(" \n"), blank("", ""), blank(" ", "\t")] {
        let builder = Client::builder().base_url("http://localhost");
        let error = builder.token(credential).build().unwrap_err();
        assert!(matches!(error, Error::Build(BuildError::EmptyCredential)), "{error:?}");
    }
    for credential in [blank("u", ""), blank("", "p")] {
        let builder = Client::builder().base_url("http://localhost");
        assert!(builder.token(credential).build().is_ok());
    }
}

#[test]
fn a_token_with_its_scheme_is_refused() {
    for token in ["Bearer abc", " bearer\tabc"] {
        let builder = Client::builder().base_url("http://localhost:1");
        let error = builder.token(token).build().unwrap_err();
        assert!(matches!(error, Error::Build(BuildError::SchemeInToken("Bearer"))));
        assert_eq!(error.to_string(), "a token begins with `Bearer `, which the client adds: set the token alone");
    }
    let builder = Client::builder().base_url("http://localhost:1");
    builder.token("bearerabc").build().unwrap();
}

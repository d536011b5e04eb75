//! Authentication by the server, over a real socket.

use std::sync::Arc;

use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wire_api::client::{Client, Credential, Error, RetryPolicy};
use wire_api::server::operations::pets::{
    CreatePetRequest, CreatePetResponse, GetPetRequest, GetPetResponse, Pets,
};
use wire_api::server::operations::secured::{
    Secured, WithKeyRequest, WithKeyResponse, WithPasswordRequest, WithPasswordResponse,
};
use wire_api::server::operations::{pets, query, secured};
use wire_api::server::{Problem, Reply, RequestContext, Service};
use wire_api::types::Secret;

/// What a request proved: the schemes of its credentials, with them.
#[derive(Debug, PartialEq)]
struct Proof(Vec<(&'static str, String)>);

struct Api;

impl Service for Api {
    type Error = Reply;
    type Principal = Proof;

    async fn authenticate(&self, context: &RequestContext) -> Result<Proof, Reply> {
        let required = context.operation().security.unwrap_or_default();
        let mut proof = Vec::new();
        for requirement in required.iter().copied().flatten() {
            match context.credential(requirement.scheme) {
                Some(Credential::Token(token)) => {
                    proof.push((requirement.scheme, token.expose().to_owned()));
                }
                Some(Credential::Basic { user, password }) => {
                    let pair = format!("{user}:{}", password.expose());
                    proof.push((requirement.scheme, pair));
                }
                None => {}
            }
        }
        if proof.is_empty() && !context.operation().is_public() {
            return Err(Problem::unauthorized("no credential").into());
        }
        Ok(Proof(proof))
    }
}

impl Pets for Api {
    async fn create_pet(
        &self,
        context: &RequestContext<Proof>,
        _: CreatePetRequest,
    ) -> Result<CreatePetResponse, Reply> {
        Ok(CreatePetResponse::Accepted(proof(context)))
    }

    async fn get_pet(
        &self,
        context: &RequestContext<Proof>,
        _: GetPetRequest,
    ) -> Result<GetPetResponse, Reply> {
        Err(told(context))
    }
}

impl Secured for Api {
    async fn with_password(
        &self,
        context: &RequestContext<Proof>,
        _: WithPasswordRequest,
    ) -> Result<WithPasswordResponse, Reply> {
        Err(told(context))
    }

    async fn with_key(
        &self,
        context: &RequestContext<Proof>,
        _: WithKeyRequest,
    ) -> Result<WithKeyResponse, Reply> {
        Err(told(context))
    }
}

impl query::Query for Api {
    async fn query_styles(
        &self,
        context: &RequestContext<Proof>,
        _: query::QueryStylesRequest,
    ) -> Result<query::QueryStylesResponse, Reply> {
        Err(told(context))
    }
}

/// The proof as a text, of which the description promises nothing.
fn told(context: &RequestContext<Proof>) -> Reply {
    Reply::text(StatusCode::OK, "text/plain", &proof(context))
}

fn proof(context: &RequestContext<Proof>) -> String {
    let Proof(proof) = &context.principal;
    let texts = proof
        .iter()
        .map(|(scheme, text)| format!("{scheme}={text}"));
    texts.collect::<Vec<_>>().join(" ")
}

async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let api = Arc::new(Api);
    let routes = pets::routes(&api).and(secured::routes(&api));
    let router = routes.and(query::routes(&api)).into_router_with_fallback();
    tokio::spawn(async move { axum::serve(listener, router.into_make_service()).await });
    address
}

/// Sends these bytes and returns what comes back until the server pauses or closes.
async fn exchange(address: &str, sent: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(sent.as_bytes()).await.unwrap();
    let mut received = vec![0; 4096];
    let length = socket.read(&mut received).await.unwrap();
    String::from_utf8_lossy(&received[..length]).into_owned()
}

fn expecting(authorization: &str) -> String {
    format!(
        "POST /pets/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\
         Expect: 100-continue\r\n{authorization}\r\n"
    )
}

#[tokio::test]
async fn a_body_is_asked_for_only_after_authentication() {
    let address = serve().await;
    let refused = exchange(&address, &expecting("")).await;
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(
        refused.contains("www-authenticate: Bearer\r\n"),
        "{refused}"
    );
    assert!(
        refused.contains(r#"{"detail":"no credential"}"#),
        "{refused}"
    );
    let twice = "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n";
    let refused = exchange(&address, &expecting(twice)).await;
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
    let accepted = exchange(&address, &expecting("Authorization: bearer t\r\n")).await;
    assert!(accepted.starts_with("HTTP/1.1 100 "), "{accepted}");
}

#[tokio::test]
async fn the_server_reads_each_credential_that_the_client_sends() {
    let origin = format!("http://{}", serve().await);
    let password = Credential::Basic {
        user: "u".to_owned(),
        password: Secret::from("p:p"),
    };
    let cases = [
        ("token", Credential::from("t"), "token=t"),
        ("queryKey", Credential::from("k&=+"), "queryKey=k&=+"),
        ("password", password, "password=u:p:p"),
        ("open", Credential::from("o"), "open=o"),
        (
            "project",
            Credential::from("https://k@h/1"),
            "project=https://k@h/1",
        ),
        ("session", Credential::from("s"), "session=s"),
        ("key", Credential::from("x"), "key=x"),
    ];
    for (scheme, credential, expected) in cases {
        let builder = Client::builder()
            .base_url(&origin)
            .credential(scheme, credential);
        let client = builder.retry(RetryPolicy::never()).build().unwrap();
        let response = match scheme {
            "token" => client.get_pet(1).raw().await,
            "queryKey" => client.with_key().raw().await,
            "session" | "key" => client.query_styles().raw().await,
            _ => client.with_password().raw().await,
        };
        let response = response.unwrap();
        let body = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(body, expected, "{scheme}");
    }
}

#[tokio::test]
async fn a_challenge_names_each_scheme_that_the_operation_accepts() {
    let client = Client::builder().base_url(format!("http://{}", serve().await));
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let challenges = |error: Error| {
        let response = error.response().unwrap();
        let values = response.headers.get_all("www-authenticate").iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let refused = client.with_password().send().await.unwrap_err();
    assert_eq!(
        challenges(refused),
        ["Bearer", r#"Basic realm="api", charset="UTF-8""#, "DSN"]
    );
    let refused = client.with_key().send().await.unwrap_err();
    assert_eq!(challenges(refused), ["ApiKey"]);
}

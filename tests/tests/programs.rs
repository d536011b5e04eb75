//! The programs of `examples`, against a server of this machine.

#![allow(dead_code, reason = "`main` of a program is not called")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use sentry_api::client::har::{Recorder, Replay};
use sentry_api::client::{Client, ClientBuilder};

#[path = "../examples/careful_client.rs"]
mod careful_client;
#[path = "../examples/create_and_update.rs"]
mod create_and_update;
#[path = "../examples/exchange_implementations.rs"]
mod exchange_implementations;
#[path = "../examples/list_issues.rs"]
mod list_issues;
#[path = "../examples/transfer_files.rs"]
mod transfer_files;

type Answer = (StatusCode, [(&'static str, String); 1], Vec<u8>);

/// A server that answers each request with the next of these answers, and the requests that it got.
async fn server(answers: Vec<Answer>) -> (ClientBuilder, Arc<Mutex<Vec<String>>>) {
    let answers = Arc::new(Mutex::new(answers.into_iter()));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    let router = Router::new().fallback(
        move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["authorization"], "Bearer secret");
            let body = String::from_utf8_lossy(&body).into_owned();
            log.lock().unwrap().push(format!("{method} {uri} {body}"));
            let answer = answers.lock().unwrap().next();
            std::future::ready(answer.expect("more requests than expected"))
        },
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Client::builder().base_url(url).token("secret"), requests)
}

fn json(status: u16, body: &str) -> Answer {
    with_header(status, "content-type", "application/json", body)
}

fn with_header(status: u16, name: &'static str, value: &str, body: &str) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(name, value.to_owned())], body.into())
}

#[tokio::test]
async fn list_issues_reads_all_pages() {
    let next = "<http://localhost/elsewhere>; rel=\"next\"; results=\"true\"; cursor=\"0:1:0\"";
    let (builder, requests) = server(vec![
        with_header(200, "link", next, r#"[{"title": "first"}]"#),
        json(200, r#"[{"title": "second"}]"#),
    ])
    .await;
    let titles = list_issues::run(&builder.build().unwrap(), "acme")
        .await
        .unwrap();
    assert_eq!(titles, ["first", "second"]);
    let requests = requests.lock().unwrap();
    assert!(requests[1].contains("cursor=0%3A1%3A0"), "{requests:?}");
}

#[tokio::test]
async fn create_and_update_sends_null_for_what_is_cleared_and_nothing_for_what_stays() {
    let (builder, requests) = server(vec![
        json(409, r#"{"detail": "exists"}"#),
        json(200, r#"{"slug": "checkout", "platform": null}"#),
    ])
    .await;
    let client = builder.build().unwrap();
    let project = create_and_update::run(&client, "acme", "core")
        .await
        .unwrap();
    assert_eq!(
        (project.slug.as_deref(), project.platform),
        (Some("checkout"), None)
    );
    assert_eq!(
        *requests.lock().unwrap(),
        [
            r#"POST /teams/acme/core/projects/ {"name":"Checkout","platform":"python"}"#,
            r#"PUT /projects/acme/checkout/ {"name":"Checkout service","platform":null}"#,
        ]
    );
}

#[tokio::test]
async fn transfer_files_sends_a_file_and_saves_another() {
    let (builder, requests) = server(vec![
        json(201, r#"{"id": "7"}"#),
        with_header(
            200,
            "content-type",
            "application/octet-stream",
            "downloaded",
        ),
    ])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::write(&from, "uploaded").unwrap();
    let client = builder.build().unwrap();
    let written = transfer_files::run(&client, "acme", "1.0", &from, &to)
        .await
        .unwrap();
    assert_eq!(written, 10);
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "downloaded");
    let requests = requests.lock().unwrap();
    assert!(requests[0].contains("filename=\"from\"") && requests[0].contains("uploaded"));
    assert!(requests[1].starts_with("GET /organizations/acme/releases/1.0/files/7/?download=true"));
}

#[tokio::test]
async fn careful_client_waits_for_a_server_that_is_busy() {
    let (builder, requests) = server(vec![
        with_header(429, "retry-after", "0", "{}"),
        json(503, "{}"),
        json(200, r#"[{"name": "Checkout"}]"#),
    ])
    .await;
    // The URL and the token of the server, the settings of the program.
    let url = builder.build().unwrap().base_url().to_string();
    let client = careful_client::careful()
        .base_url(url)
        .token("secret")
        .build()
        .unwrap();
    let names = careful_client::run(&client, "acme").await.unwrap();
    assert_eq!(names, ["Checkout"]);
    assert_eq!(requests.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_program_that_was_recorded_is_replayed() {
    let (builder, _) = server(vec![
        json(201, r#"{"slug": "checkout"}"#),
        json(200, r#"{"slug": "checkout", "name": "Checkout service"}"#),
    ])
    .await;
    let recorder = Recorder::new();
    let layer = recorder.clone();
    let client = builder
        .layer(move |http| layer.record(http))
        .build()
        .unwrap();
    let real = create_and_update::run(&client, "acme", "core")
        .await
        .unwrap();
    let replay = Replay::new(&recorder.har()).unwrap();
    let replayed = create_and_update::run(&replay.client(), "acme", "core")
        .await
        .unwrap();
    assert_eq!(real, replayed);
    replay.verify();
}

mod migrating {
    /// As in `MIGRATING.md`.
    pub(super) fn client(
        token: &str,
    ) -> Result<sentry_api::client::Client, Box<dyn std::error::Error>> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let client = sentry_api::client::Client::builder()
            .http_client(http.clone())
            .token(token)
            .build()?;
        Ok(client)
    }
}

#[tokio::test]
async fn implementations_are_exchanged_while_they_are_served() {
    let names = exchange_implementations::run().await.unwrap();
    assert_eq!(names, [None, Some("shop".to_owned())]);
}

#[test]
fn the_code_of_migrating_is_this_one() {
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let page = include_str!("../../generated/MIGRATING.md");
    let code = page.split("```").nth(1).unwrap().trim_start_matches("rust");
    assert!(words(include_str!("programs.rs")).contains(&words(code)));
    // Without TLS, there is no client for an HTTPS address.
    assert!(migrating::client("token").is_ok());
}

#[test]
fn the_code_of_the_readme_is_that_of_programs() {
    let readme = include_str!("../../README.md");
    let programs = [
        include_str!("../examples/first_steps.rs"),
        include_str!("../examples/serve_projects.rs"),
    ];
    let mut blocks: Vec<&str> = readme.split("```rust\n").skip(1).collect();
    blocks
        .iter_mut()
        .for_each(|block| *block = block.split("```").next().unwrap());
    assert_eq!(blocks.len(), programs.len());
    for (block, program) in blocks.iter().zip(programs) {
        assert!(program.ends_with(block), "{block}");
    }
}

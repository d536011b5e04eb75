//! The fake: an API without an implementation, in this process and over HTTP.

use std::future::pending;
use std::time::{Duration, Instant};

use sentry_api::client::{Client, Error, RetryPolicy};
use sentry_api::models::{DebugFileUpload, TeamCreate, TeamUpdate};
use sentry_api::operations;
use sentry_api::server::fake::{FakeApi, Fault};
use sentry_api::server::{Limits, Validation, document, serve};
use sentry_api::types::Binary;
use serde_json::Value;
use tokio::net::TcpListener;

/// The fake as a server, and its URL.
async fn served(fake: &FakeApi) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = fake.router().merge(document());
    tokio::spawn(serve(listener, router, Limits::default(), pending()));
    url
}

fn once(fake: &FakeApi) -> Client {
    fake.builder().retry(RetryPolicy::never()).build().unwrap()
}

fn status<T>(outcome: Result<T, Error>) -> u16 {
    outcome.err().unwrap().status().unwrap().as_u16()
}

#[tokio::test]
async fn what_is_created_is_read_changed_and_deleted() {
    let fake = FakeApi::new(7);
    let client = fake.client();
    let before = client.list_organization_teams("acme").send().await.unwrap();
    assert!(!before.value.is_empty());
    let team = TeamCreate {
        slug: "owls".to_owned().into(),
        name: "Owls".to_owned().into(),
        ..TeamCreate::default()
    };
    let created = client.create_team("acme", &team).send().await.unwrap();
    assert_eq!(created.value.slug.as_deref(), Some("owls"));
    assert_eq!(created.value.name.as_deref(), Some("Owls"));
    let id = created.value.id.clone().unwrap();

    let all = client.list_organization_teams("acme").send().await.unwrap();
    assert_eq!(all.value.len(), before.value.len() + 1);
    assert_eq!(all.value.last().unwrap().slug.as_deref(), Some("owls"));
    // By either of its names, and in this collection alone.
    for name in ["owls", &id] {
        let found = client.retrieve_team("acme", name).send().await.unwrap();
        assert_eq!(found.value.id, created.value.id, "{name}");
        assert_eq!(found.value.name.as_deref(), Some("Owls"));
    }
    let other = client
        .list_organization_teams("other")
        .send()
        .await
        .unwrap();
    assert_eq!(other.value.len(), before.value.len());

    let change = TeamUpdate {
        slug: Some("barn-owls".to_owned()),
        ..TeamUpdate::default()
    };
    let changed = client
        .update_team("acme", "owls", &change)
        .send()
        .await
        .unwrap();
    assert_eq!(changed.value.slug.as_deref(), Some("barn-owls"));
    let found = client
        .retrieve_team("acme", "barn-owls")
        .send()
        .await
        .unwrap();
    assert_eq!(found.value.id, created.value.id);

    client
        .delete_team("acme", "barn-owls")
        .send()
        .await
        .unwrap();
    for name in ["barn-owls", &id] {
        assert_eq!(status(client.retrieve_team("acme", name).send().await), 404);
        assert_eq!(status(client.delete_team("acme", name).send().await), 404);
    }
    let after = client.list_organization_teams("acme").send().await.unwrap();
    assert_eq!(after.value, before.value);
}

#[tokio::test]
async fn items_that_nobody_created_are_in_the_list_or_exist_until_they_are_deleted() {
    let client = FakeApi::new(7).client();
    let listed = client.list_organization_teams("acme").send().await.unwrap();
    let slug = listed.value[0].slug.clone().unwrap();
    let found = client.retrieve_team("acme", &slug).send().await.unwrap();
    assert_eq!(found.value.id, listed.value[0].id);

    let found = client.retrieve_team("acme", "any").send().await.unwrap();
    assert_eq!(found.value.slug.as_deref(), Some("any"));
    client.delete_team("acme", "any").send().await.unwrap();
    assert_eq!(
        status(client.retrieve_team("acme", "any").send().await),
        404
    );
}

#[tokio::test]
async fn the_same_seed_gives_the_same_responses() {
    let response = async |seed| {
        let client = FakeApi::new(seed).client();
        let list = client
            .list_organization_projects("acme")
            .send()
            .await
            .unwrap();
        let one = client.retrieve_issue("1").send().await.unwrap();
        (list.body, one.body)
    };
    let (first, again, other) = (response(1).await, response(1).await, response(2).await);
    assert_eq!(first, again);
    assert_ne!(first.0, other.0);
    assert_ne!(first.1, other.1);
}

#[tokio::test]
async fn lists_have_pages() {
    let client = FakeApi::new(7).client();
    for name in ["a", "b", "c"] {
        let team = TeamCreate {
            slug: name.to_owned().into(),
            ..TeamCreate::default()
        };
        client.create_team("acme", &team).send().await.unwrap();
    }
    let all = client.list_organization_teams("acme").send().await.unwrap();
    let mut pages = client.list_organization_teams("acme").per_page(2).pages();
    let mut found = Vec::new();
    while let Some(page) = pages.next_page().await {
        let page = page.unwrap().value;
        assert!(page.len() <= 2);
        found.extend(page);
    }
    assert_eq!(found, all.value);
}

#[tokio::test]
async fn requests_are_checked() {
    let fake = FakeApi::new(7);
    let url = served(&fake).await;
    let http = reqwest::Client::new();
    let teams = format!("{url}/organizations/acme/teams/");
    let response = http.get(&teams).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers().contains_key("www-authenticate"));
    let post = http.post(&teams).bearer_auth("any");
    let post = post.header("content-type", "application/json");
    let response = post.body(r#"{"slug": 1}"#).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body["errors"][0]["pointer"], "/slug");
}

#[tokio::test]
async fn uploads_have_the_limits_of_any_server() {
    let limited = Validation {
        part_limit: Some(3),
        ..Validation::default()
    };
    let client = FakeApi::new(7).validation(limited).client();
    let upload = async |content: &'static str| {
        let file = DebugFileUpload::new(Binary::from(content).with_file_name("a"));
        let call = client.upload_project_debug_file("acme", "web", &file);
        call.send().await.map(|_| ())
    };
    upload("ELF").await.unwrap();
    assert_eq!(status(upload("ELFs").await), 413);
    let long = "x".repeat(3 << 20);
    let file = DebugFileUpload::new(Binary::from(long).with_file_name("a"));
    let client = FakeApi::new(7).client();
    let call = client.upload_project_debug_file("acme", "web", &file);
    assert_eq!(status(call.send().await), 413);
}

#[tokio::test]
async fn faults_come_once_and_the_client_repeats() {
    let fake = FakeApi::new(7);
    let list = &operations::LIST_ORGANIZATION_TEAMS;
    for code in [429, 503] {
        fake.fail(list, Fault::Status(code));
        let error = once(&fake).list_organization_teams("acme").send().await;
        let error = error.unwrap_err();
        let response = error.response().unwrap();
        assert_eq!(response.status, code);
        assert_eq!(response.headers["retry-after"], "1");
        assert!(
            once(&fake)
                .list_organization_teams("acme")
                .send()
                .await
                .is_ok()
        );
    }
    for fault in [
        Fault::Status(429),
        Fault::Status(503),
        Fault::Reset,
        Fault::Cut,
    ] {
        fake.fail(list, fault);
        let outcome = once(&fake).list_organization_teams("acme").send().await;
        assert!(outcome.is_err(), "{fault:?}");
        fake.fail(list, fault);
        let outcome = fake.client().list_organization_teams("acme").send().await;
        assert!(outcome.is_ok(), "{fault:?}: {outcome:?}");
    }
    fake.fail(list, Fault::Slow(Duration::from_millis(150)));
    let start = Instant::now();
    once(&fake)
        .list_organization_teams("acme")
        .send()
        .await
        .unwrap();
    assert!(start.elapsed() >= Duration::from_millis(150));
    // Of the operation alone that they are set for.
    fake.fail(list, Fault::Reset);
    assert!(
        once(&fake)
            .retrieve_team("acme", "owls")
            .send()
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn faults_are_what_they_are_over_a_socket_and_on_request() {
    let fake = FakeApi::new(7);
    let url = served(&fake).await;
    let http = reqwest::Client::new();
    let get = |prefer: &str| {
        let get = http.get(format!("{url}/organizations/acme/teams/"));
        get.bearer_auth("any").header("prefer", prefer).send()
    };
    let reset = async {
        let response = get("fault=reset").await?;
        response.bytes().await
    };
    assert!(reset.await.is_err());
    let cut = get("fault=cut").await.unwrap();
    let length = cut.content_length().unwrap();
    assert!(length > 100);
    assert!(cut.bytes().await.is_err());
    let missing = get("code=404").await.unwrap();
    assert_eq!(missing.status(), 404);
    let start = Instant::now();
    let limited = get("code=429, delay=100").await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(100));
    assert_eq!(limited.status(), 429);
    assert_eq!(limited.headers()["retry-after"], "1");
    let start = Instant::now();
    assert_eq!(get("delay=100").await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn the_description_is_served_with_a_page() {
    let url = served(&FakeApi::new(1)).await;
    let response = reqwest::get(format!("{url}/openapi.json")).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let served: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(served["servers"], serde_json::json!([{"url": "."}]));
    // It is the description beside it, without sources and Rust names.
    let mut described: Value =
        serde_yaml::from_str(&crate::workspace::text("generated/openapi.yaml")).unwrap();
    strip(&mut described);
    for key in ["info", "tags", "paths", "components", "openapi"] {
        assert_eq!(served[key], described[key], "{key}");
    }
    let page = reqwest::get(format!("{url}/reference")).await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.headers().contains_key("content-security-policy"));
    let page = page.text().await.unwrap();
    // Nothing of another host, and the description beside it.
    assert!(
        !page.contains("http:") && !page.contains("https:"),
        "{page}"
    );
    assert!(page.contains("fetch(\"openapi.json\")"));
}

fn strip(value: &mut Value) {
    const OURS: [&str; 4] = [
        "x-provenance",
        "x-rust-operation",
        "x-rust-type",
        "x-aliases",
    ];
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !OURS.contains(&key.as_str()));
            object.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[tokio::test]
async fn examples_of_the_description_and_media_types_are_used() {
    let client = wire_api::server::fake::FakeApi::new(1).client();
    let pet = client.get_pet(1).send_as_text().send().await.unwrap();
    assert_eq!(pet.headers["content-type"], "text/csv");
    let stream = client.feed_pets().send().await.unwrap();
    assert_eq!(stream.status, 200);
}

#[tokio::test]
async fn what_is_remembered_has_a_limit() {
    let fake = FakeApi::new(7).validation(Validation {
        body_limit: Some(4 << 20),
        ..Validation::OFF
    });
    let client = fake.client();
    let before = client.list_organization_teams("acme").send().await.unwrap();
    let create = async |slug: &str, name: String| {
        let team = TeamCreate {
            slug: slug.to_owned().into(),
            name: name.into(),
            ..TeamCreate::default()
        };
        client.create_team("acme", &team).send().await.unwrap();
    };
    create("owls", "Owls".to_owned()).await;
    create("large", "x".repeat(3 << 20)).await;
    let count = before.value.len();
    let teams = async || client.list_organization_teams("acme").send().await.unwrap();
    assert_eq!(teams().await.value.len(), count + 2);
    create("larger", "x".repeat(3 << 20)).await;
    assert_eq!(teams().await.value, before.value);
}

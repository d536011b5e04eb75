//! What SDKs send.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use sentry_api::client::Client;
use sentry_api::models;
use serde_json::{Value, json};

use crate::http::{Response, begin, end, send};
use crate::process::{ORGANIZATION, PROJECT, Service};

/// The public client key of a project.
async fn key(client: &Client, project: &str) -> String {
    let keys = client.list_project_client_keys(ORGANIZATION, project);
    let keys = keys.send().await.expect("they are listed").value;
    keys[0].public.clone().expect("it has one")
}

fn authentication(key: &str) -> String {
    format!("x-sentry-auth: Sentry sentry_version=7, sentry_key={key}")
}

/// Sends an event to the project with the number.
fn store(service: &Service, project: u32, key: &str, event: &Value) -> Response {
    let path = format!("/api/{project}/store/");
    let body = event.to_string();
    send(
        service,
        "POST",
        &path,
        &[&authentication(key)],
        body.as_bytes(),
    )
}

#[tokio::test]
async fn projects_may_have_events_with_the_same_id() {
    let (service, client) = Service::start_with_client();
    let mut other = models::ProjectCreate::new("Other");
    other.slug = "other".into();
    let created = client
        .create_project(ORGANIZATION, "shop-team", &other)
        .send();
    created.await.expect("it is created");
    let id = "0123456789abcdef0123456789abcdef";
    for (number, project) in [(1, PROJECT), (2, "other")] {
        let event = json!({"event_id": id, "message": project, "tags": {"of": project}});
        let key = key(&client, project).await;
        for _ in 0..2 {
            let response = store(&service, number, &key, &event);
            assert_eq!(response.json["id"], id, "{response:?}");
        }
    }
    for project in [PROJECT, "other"] {
        let event = client
            .retrieve_project_event(ORGANIZATION, project, id)
            .send();
        let event = event.await.expect("it is there").value;
        assert_eq!(event.message.as_deref(), Some(project));
        let tags = event.tags.expect("it has tags");
        let tag = tags.iter().find(|tag| tag.key.as_deref() == Some("of"));
        assert_eq!(tag.expect("it has the tag").value.as_deref(), Some(project));
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .project([project]);
        let issues = issues.query(format!("of:{project}")).send().await;
        let issues = issues.expect("they are listed").value;
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].count.as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn monitors_may_have_check_ins_with_the_same_id() {
    let (service, client) = Service::start_with_client();
    let key = key(&client, PROJECT).await;
    let id = "0123456789abcdef0123456789abcdef";
    for (monitor, status) in [
        ("hourly", "in_progress"),
        ("daily", "ok"),
        ("hourly", "error"),
        // What arrives late does not start it again.
        ("daily", "in_progress"),
    ] {
        let check_in = json!({
            "check_in_id": id,
            "monitor_slug": monitor,
            "status": status,
            "monitor_config": {"schedule": {"type": "crontab", "value": "@hourly"}},
        });
        let envelope = format!("{{}}\n{{\"type\":\"check_in\"}}\n{check_in}\n");
        let authentication = authentication(&key);
        let path = "/api/1/envelope/";
        let response = send(
            &service,
            "POST",
            path,
            &[&authentication],
            envelope.as_bytes(),
        );
        assert_eq!(response.status, 200, "{response:?}");
    }
    for (monitor, status) in [("hourly", "error"), ("daily", "ok")] {
        let check_ins = client.list_organization_monitor_check_ins(ORGANIZATION, monitor);
        let check_ins = check_ins.send().await.expect("they are listed").value;
        assert_eq!(check_ins.len(), 1);
        assert_eq!(check_ins[0].status.as_deref(), Some(status));
    }
}

/// Sends an envelope to the first project.
fn send_envelope(service: &Service, headers: &[&str], envelope: &[u8]) -> Response {
    send(service, "POST", "/api/1/envelope/", headers, envelope)
}

/// An envelope with a message.
fn message(text: &str) -> String {
    let event = json!({"message": text}).to_string();
    let length = event.len();
    format!("{{}}\n{{\"type\":\"event\",\"length\":{length}}}\n{event}\n")
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("it is compressed");
    encoder.finish().expect("it is compressed")
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("it is compressed");
    encoder.finish().expect("it is compressed")
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
    encoder.write_all(content).expect("it is compressed");
    encoder.into_inner()
}

type Compress = fn(&[u8]) -> Vec<u8>;

#[tokio::test]
async fn an_envelope_may_be_compressed() {
    let (service, client) = Service::start_with_client();
    let authentication = authentication(&key(&client, PROJECT).await);
    let encodings: [(&str, Compress); 4] = [
        ("gzip", gzip),
        ("deflate", deflate),
        ("br", brotli),
        ("identity", <[u8]>::to_vec),
    ];
    for (encoding, compress) in encodings {
        let headers = [&authentication, &*format!("content-encoding: {encoding}")];
        let envelope = compress(message(&format!("by {encoding}")).as_bytes());
        let response = send_envelope(&service, &headers, &envelope);
        assert_eq!(response.status, 200, "{encoding}: {response:?}");
        let issues = client.list_organization_issues(ORGANIZATION);
        let issues = issues.query(format!("\"by {encoding}\"")).send().await;
        assert_eq!(
            issues.expect("they are listed").value.len(),
            1,
            "{encoding}"
        );
    }
    for (encoding, expected) in [("lzma", 415), ("gzip", 400)] {
        let headers = [&authentication, &*format!("content-encoding: {encoding}")];
        let response = send_envelope(&service, &headers, message("broken").as_bytes());
        assert_eq!(response.status, expected, "{encoding}: {response:?}");
        assert!(response.json["detail"].is_string(), "{response:?}");
    }
}

#[tokio::test]
async fn a_key_is_checked_before_the_body_is_read() {
    let (service, client) = Service::start_with_client();
    let wrong = authentication("0123456789abcdef0123456789abcdef");
    for path in ["/api/1/store/", "/api/1/envelope/"] {
        // Nothing of the body is sent.
        let response = end(begin(&service, "POST", path, &[&wrong], 1 << 20));
        assert_eq!(response.status, 403, "{path}: {response:?}");
    }
    let response = end(begin(&service, "POST", "/api/1/store/", &[], 1 << 20));
    assert_eq!(response.status, 401, "{response:?}");
    // The key may be in the first line of an envelope, if that is not too far away.
    let key = key(&client, PROJECT).await;
    for (host, expected) in [("example.com".to_owned(), 200), ("a".repeat(20 << 10), 400)] {
        let header = json!({"dsn": format!("https://{key}@{host}/1")});
        let envelope = message("by DSN").replacen("{}", &header.to_string(), 1);
        let response = send_envelope(&service, &[], envelope.as_bytes());
        assert_eq!(response.status, expected, "{response:?}");
    }
    let header = r#"{"dsn": "https://wrong@example.com/1"}"#.as_bytes();
    let mut request = begin(&service, "POST", "/api/1/envelope/", &[], 1 << 20);
    request
        .write_all(&[header, b"\n"].concat())
        .expect("it is sent");
    assert_eq!(end(request).status, 403);
}

#[tokio::test]
async fn what_sdks_send_has_a_limit() {
    let (service, client) = Service::start_with_client();
    let authentication = authentication(&key(&client, PROJECT).await);
    let event = json!({"message": "a".repeat(1 << 20)}).to_string();
    let envelope = format!("{{}}\n{{\"type\":\"event\"}}\n{event}\n");
    let attachment = "a".repeat(2 << 20);
    let attachment = format!("{{}}\n{{\"type\":\"attachment\"}}\n{attachment}\n");
    let many = vec![b'\n'; 21 << 20];
    for (path, body, expected) in [
        ("/api/1/store/", event.as_bytes(), 413),
        ("/api/1/envelope/", envelope.as_bytes(), 413),
        ("/api/1/envelope/", attachment.as_bytes(), 200),
        ("/api/1/envelope/", &many, 413),
    ] {
        let headers = [&authentication, "content-encoding: gzip"];
        let response = send(&service, "POST", path, &headers, &gzip(body));
        assert_eq!(response.status, expected, "{path}: {response:?}");
        assert_eq!(response.json["detail"].is_string(), expected == 413);
    }
}

#[tokio::test]
async fn feedback_that_is_sent_is_listed() {
    let (service, client) = Service::start_with_client();
    let authentication = authentication(&key(&client, PROJECT).await);
    let event = "fedcba98-7654-3210-fedc-ba9876543210";
    let feedback = json!({
        "event_id": "0123456789abcdef0123456789abcdef",
        "contexts": {"feedback": {
            "message": "It is slow.",
            "contact_email": "ben@example.com",
            "associated_event_id": event,
        }},
    });
    let envelope = format!("{{}}\n{{\"type\":\"feedback\"}}\n{feedback}\n");
    let response = send_envelope(&service, &[&authentication], envelope.as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    let listed = client
        .list_project_user_feedback(ORGANIZATION, PROJECT)
        .send();
    let listed = &listed.await.expect("it is listed").value[0];
    assert_eq!(listed.comments.as_deref(), Some("It is slow."));
    assert_eq!(listed.email.as_deref(), Some("ben@example.com"));
    assert_eq!(listed.event_id, Some(event.replace('-', "")));

    let report = json!({
        "event_id": "0123456789abcdef0123456789abcdef",
        "name": "Ben",
        "email": "ben@example.com",
        "comments": "It is fast.",
    });
    let envelope = format!("{{}}\n{{\"type\":\"user_report\"}}\n{report}\n");
    let response = send_envelope(&service, &[&authentication], envelope.as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    let listed = client
        .list_project_user_feedback(ORGANIZATION, PROJECT)
        .send();
    let listed = &listed.await.expect("it is listed").value[0];
    assert_eq!(listed.comments.as_deref(), Some("It is fast."));
}

#[tokio::test]
async fn a_job_checks_in_without_an_sdk() {
    let (service, client) = Service::start_with_client();
    let key = key(&client, PROJECT).await;
    let path = |key: &str, query: &str| format!("/api/1/cron/nightly-backup/{key}/?{query}");
    let query = "status=error&duration=2.5&environment=staging";
    for (method, path, expected) in [
        ("POST", path(&key, query), 202),
        ("GET", path(&key, "status=in_progress"), 202),
        ("GET", path("wrong", query), 403),
        ("GET", path(&key, "status=happy"), 400),
        ("GET", path(&key, "duration=1"), 400),
    ] {
        let response = send(&service, method, &path, &[], b"");
        assert_eq!(response.status, expected, "{method} {path}: {response:?}");
    }
    let config = r#"{"monitor_config": {"schedule": {"type": "crontab", "value": "@daily"}}}"#;
    let daily = format!("/api/1/cron/daily/{key}/?status=ok");
    let response = send(&service, "POST", &daily, &[], config.as_bytes());
    assert_eq!(response.status, 202, "{response:?}");
    let found = client
        .retrieve_organization_monitor(ORGANIZATION, "daily")
        .send();
    assert!(found.await.is_ok());
    let check_ins = client.list_organization_monitor_check_ins(ORGANIZATION, "nightly-backup");
    let check_ins = check_ins.send().await.expect("they are listed").value;
    assert_eq!(check_ins[0].status.as_deref(), Some("in_progress"));
    assert_eq!(check_ins[1].duration, Some(2500));
    assert_eq!(check_ins[1].environment.as_deref(), Some("staging"));
}

#[tokio::test]
async fn browsers_of_other_origins_send_events() {
    let (service, client) = Service::start_with_client();
    let key = key(&client, PROJECT).await;
    let path = format!("/api/1/envelope/?sentry_key={key}");
    let origin = "origin: https://shop.example.com";
    let ask = ["access-control-request-method: POST", origin];
    let response = send(&service, "OPTIONS", &path, &ask, b"");
    assert_eq!(response.status, 200, "{response:?}");
    let response = send(
        &service,
        "POST",
        &path,
        &[origin],
        message("browser").as_bytes(),
    );
    assert_eq!(response.status, 200, "{response:?}");
    assert!(
        response.head.contains("access-control-allow-origin: *"),
        "{response:?}"
    );
}

#[tokio::test]
async fn an_event_without_an_id_has_that_of_its_envelope() {
    let (service, client) = Service::start_with_client();
    let authentication = authentication(&key(&client, PROJECT).await);
    let id = "0123456789abcdef0123456789abcdef";
    let header = json!({"event_id": id}).to_string();
    let envelope = message("no id").replacen("{}", &header, 1);
    let response = send_envelope(&service, &[&authentication], envelope.as_bytes());
    assert_eq!(response.json["id"], id, "{response:?}");
    let event = client
        .retrieve_project_event(ORGANIZATION, PROJECT, id)
        .send();
    let event = event.await.expect("it is there").value;
    assert_eq!(event.title.as_deref(), Some("no id"));
}

#[tokio::test]
async fn a_message_is_shown_with_its_parameters_and_grouped_without() {
    let (service, client) = Service::start_with_client();
    let key = key(&client, PROJECT).await;
    for (count, who) in [(1, "Anna"), (2, "Ben")] {
        let event = json!({
            "logentry": {"message": "%d of {} are {}", "params": [count, who]},
            "extra": {"count": count},
        });
        let response = store(&service, 1, &key, &event);
        assert_eq!(response.status, 200, "{response:?}");
    }
    let events = client
        .list_project_events(ORGANIZATION, PROJECT)
        .query("are");
    let events = events.send().await.expect("they are listed").value;
    let messages: Vec<_> = events
        .iter()
        .filter_map(|event| event.message.as_deref())
        .collect();
    assert_eq!(messages, ["2 of Ben are {}", "1 of Anna are {}"]);
    assert_eq!(events[0].group_id, events[1].group_id);
    let extra = events[0].context.as_ref().expect("it has extra data");
    assert_eq!(extra["count"], 2);
}

//! What SDKs send.

use sentry_api::client::Client;
use sentry_api::models;
use serde_json::{Value, json};

use crate::http::{Response, send};
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

//! SDKs of Sentry against the service: what a program sends, and what the API has of it.
//!
//! `cargo xtask e2e sdks` installs the SDKs and runs these tests: `SENTRY_PYTHON` is an interpreter that has `sentry-sdk`, and
//! `NODE_PATH` a folder with `@sentry/node`.

#![allow(
    clippy::expect_used,
    reason = "a test panics where something is not as expected"
)]

#[path = "../service/process.rs"]
#[allow(dead_code, reason = "the tests of the service need more of it")]
mod process;

use std::process::Command;

use sentry_api::client::Client;

use process::{ORGANIZATION, PROJECT, Service};

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the SDKs"]
async fn what_python_sends_is_there() {
    let python = std::env::var_os("SENTRY_PYTHON").expect("SENTRY_PYTHON is an interpreter");
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdks/send.py"));
    let (_service, client, event) = send(command).await;
    check(&client, &event, "ValueError: a pear is missing").await;
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the SDKs"]
async fn what_node_sends_is_there() {
    let mut command = Command::new("node");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sdks/send.cjs"));
    let (_service, client, event) = send(command).await;
    check(&client, &event, "Error: a pear is missing").await;
    let feedback = client.list_project_user_feedback(ORGANIZATION, PROJECT);
    let feedback = &feedback.send().await.expect("it is listed").value[0];
    assert_eq!(feedback.comments.as_deref(), Some("Where is the pear?"));
    assert_eq!(feedback.event_id.as_deref(), Some(event.as_str()));
}

/// Runs a program with the DSN of a new service. Returns the id of the event that it prints.
async fn send(mut command: Command) -> (Service, Client, String) {
    let (service, client) = Service::start_with_client();
    let keys = client.list_project_client_keys(ORGANIZATION, PROJECT);
    let keys = keys.send().await.expect("they are listed").value;
    let mut names = keys.into_iter().filter_map(|key| key.dsn?.public);
    let output = command
        .env("SENTRY_DSN", names.next().expect("a key has a DSN"))
        .env("SENTRY_RELEASE", "sdk@1.0.0")
        .env("SENTRY_ENVIRONMENT", "staging")
        .env("no_proxy", "127.0.0.1")
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    let event = String::from_utf8(output.stdout).expect("it is text");
    (service, client, event.trim().to_owned())
}

/// Checks what both programs send.
async fn check(client: &Client, event: &str, title: &str) {
    let event = client.retrieve_project_event(ORGANIZATION, PROJECT, event);
    let event = event.send().await.expect("the event is there").value;
    assert_eq!(event.title.as_deref(), Some(title));
    let user = event.user.expect("it has a user");
    assert_eq!(user.email.as_deref(), Some("anna@example.com"));
    let query = "fruit:pear environment:staging release:sdk@1.0.0 missing";
    for (query, expected) in [(query, 1), ("hello", 2), ("transaction", 0)] {
        let issues = client.list_organization_issues(ORGANIZATION).query(query);
        let issues = issues.send().await.expect("they are listed").value;
        assert_eq!(issues.len(), expected, "{query}");
    }

    let check_ins = client.list_organization_monitor_check_ins(ORGANIZATION, "sdk-job");
    let check_ins = check_ins.send().await.expect("they are listed").value;
    assert_eq!(check_ins.len(), 1);
    assert_eq!(check_ins[0].status.as_deref(), Some("ok"));
    assert_eq!(check_ins[0].duration, Some(1500));
    let monitor = client.retrieve_organization_monitor(ORGANIZATION, "sdk-job");
    let monitor = monitor.send().await.expect("it is there").value;
    let config = monitor.config.expect("it has a configuration");
    assert_eq!(config.timezone.as_deref(), Some("Europe/Vienna"));

    let field = "sum(session)".to_owned();
    let sessions = client.retrieve_organization_session_stats(ORGANIZATION, [field.clone()]);
    let sessions = sessions.query("release:sdk@1.0.0").send().await;
    let groups = sessions.expect("there are numbers").value.groups;
    let groups = groups.expect("there are groups");
    let totals = groups[0].totals.as_ref().expect("there are totals");
    assert!(totals[&field] > Some(0.0), "{totals:?}");
}

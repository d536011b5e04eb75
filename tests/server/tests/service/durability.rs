//! What was answered is stored, whatever happens to the process.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use sentry_api::models;
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::http;
use crate::process::{ORGANIZATION, PROJECT, Service};

fn team(number: usize) -> models::TeamCreate {
    models::TeamCreate {
        slug: format!("team-{number}").into(),
        ..models::TeamCreate::default()
    }
}

#[tokio::test]
async fn data_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sentry.db");
    let first = Service::open(&database);
    first
        .client()
        .create_team(ORGANIZATION, &team(0))
        .send()
        .await
        .expect("it is created");
    let token = first.token.clone();
    first.kill();
    let second = Service::open(&database);
    for token in [&token, &second.token] {
        let client = second.client_with(token);
        let found = client.retrieve_team(ORGANIZATION, "team-0").send().await;
        found.expect("the team is there");
    }
    let events = second
        .client()
        .list_project_events(ORGANIZATION, PROJECT)
        .send()
        .await;
    assert_eq!(
        events.expect("they are listed").value.len(),
        3,
        "it is filled only once"
    );
}

/// The schema before ids of events and of check-ins belonged to projects and monitors.
const FIRST_STEPS: [&str; 5] = [
    include_str!("../../migrations/1_accounts.sql"),
    include_str!("../../migrations/2_releases.sql"),
    include_str!("../../migrations/3_errors.sql"),
    include_str!("../../migrations/4_uploads.sql"),
    include_str!("../../migrations/5_integrations.sql"),
];

#[tokio::test]
async fn events_and_check_ins_survive_a_newer_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sentry.db");
    let connection = rusqlite::Connection::open(&database).expect("the database opens");
    for step in FIRST_STEPS {
        connection.execute_batch(step).expect("the step is done");
    }
    let rows = "PRAGMA user_version = 5;
        INSERT INTO users (email, name) VALUES ('owner@example.com', 'Olive Owner');
        INSERT INTO organizations (slug, name) VALUES ('example', 'Example');
        INSERT INTO members (organization_id, user_id, email) VALUES (1, 1, 'owner@example.com');
        INSERT INTO projects (organization_id, slug, name) VALUES (1, 'shop', 'Shop');
        INSERT INTO issues (project_id, number, hash, title, level, first_seen, last_seen)
            VALUES (1, 1, 'a', 'No pear', 'error', '2026-01-01', '2026-01-01');
        INSERT INTO events (id, issue_id, title, message, platform, date_created)
            VALUES ('e1', 1, 'No pear', '', 'python', '2026-01-01');
        INSERT INTO event_tags VALUES ('e1', 'fruit', 'pear');
        INSERT INTO monitors (id, project_id, slug, name, config) VALUES ('m1', 1, 'nightly', 'N', '{}');
        INSERT INTO check_ins (id, monitor_id, config) VALUES ('c1', 'm1', '{}');";
    connection.execute_batch(rows).expect("the rows are stored");
    drop(connection);
    let service = Service::open(&database);
    let client = service.client();
    let event = client.retrieve_project_event(ORGANIZATION, PROJECT, "e1");
    let event = event.send().await.expect("it is there").value;
    let tags = event.tags.expect("it has tags");
    assert_eq!(tags[0].value.as_deref(), Some("pear"));
    let check_ins = client.list_organization_monitor_check_ins(ORGANIZATION, "nightly");
    let check_ins = check_ins.send().await.expect("they are listed").value;
    assert_eq!(check_ins[0].id.as_deref(), Some("c1"));
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("sentry.db");
    let mut answered = 0;
    // Each round kills a little later after its first response, in the midst of the requests.
    for round in 1..=8 {
        let service = Service::open(&database);
        let client = service.client();
        let first = Notify::new();
        let create = async {
            let mut created = answered;
            while client
                .create_team(ORGANIZATION, &team(created))
                .send()
                .await
                .is_ok()
            {
                created += 1;
                first.notify_one();
            }
            created
        };
        let kill = async {
            first.notified().await;
            sleep(Duration::from_micros(round * 7_300)).await;
            service.kill();
        };
        let (created, ()) = tokio::join!(create, kill);
        check_whole(&database);
        // The team whose response was lost may be there or not.
        let stored = count(&database);
        assert!(
            (created..=created + 1).contains(&stored),
            "{created} created, {stored} stored"
        );
        answered = stored;
    }
}

#[test]
fn a_signal_ends_the_service_after_the_requests_that_have_begun() {
    for signal in ["TERM", "INT"] {
        let service = Service::start();
        let body = br#"{"slug": "last-team"}"#;
        let authorization = format!("authorization: Bearer {}", service.token);
        let headers = [&authorization, "content-type: application/json"];
        let path = "/api/0/organizations/example/teams/";
        let (first, rest) = body.split_at(5);
        let mut request = http::begin(&service, "POST", path, &headers, body.len());
        request.write_all(first).expect("it is sent");
        // The service has accepted the connection when it responds to a later one.
        let later = http::send(&service, "GET", path, &headers, b"");
        assert_eq!(later.status, 200, "{later:?}");
        service.signal(signal);
        request.write_all(rest).expect("it is sent");
        let response = http::end(request);
        assert_eq!(response.status, 201, "{signal}: {response:?}");
        assert_eq!(service.exit_code(), Some(0), "{signal}");
    }
}

fn count(database: &Path) -> usize {
    let connection = rusqlite::Connection::open(database).expect("the database opens");
    let sql = "SELECT count(*) FROM teams WHERE slug LIKE 'team-%'";
    connection
        .query_row(sql, [], |row| row.get(0))
        .expect("the teams are counted")
}

/// Each team has its member: both are of one transaction.
fn check_whole(database: &Path) {
    let connection = rusqlite::Connection::open(database).expect("the database opens");
    let check = "PRAGMA integrity_check";
    let result: String = connection
        .query_row(check, [], |row| row.get(0))
        .expect("it is checked");
    assert_eq!(result, "ok");
    let alone = "SELECT count(*) FROM teams WHERE id NOT IN (SELECT team_id FROM team_members)";
    let alone: usize = connection
        .query_row(alone, [], |row| row.get(0))
        .expect("they are counted");
    assert_eq!(alone, 0);
}

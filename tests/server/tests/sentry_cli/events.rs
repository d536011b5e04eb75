//! Issues and events, and what is sent with a DSN.

use sentry_api::client::Client;
use sentry_api::models::IssueStatus;

use crate::cli::{Cli, table};
use crate::process::{ORGANIZATION, PROJECT};

async fn status(client: &Client, id: &str) -> IssueStatus {
    let issue = client
        .retrieve_issue(id)
        .send()
        .await
        .expect("the issue is there")
        .value;
    issue.status.expect("an issue has a status")
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn issues_are_resolved_and_muted() {
    for cli in Cli::all().await {
        let client = cli.client();
        let text = cli.run(&["issues", "resolve", "--id", "1"]);
        assert!(text.contains("new status: resolved"), "{text}");
        assert_eq!(status(&client, "1").await, IssueStatus::Resolved);
        assert_eq!(status(&client, "2").await, IssueStatus::Unresolved);
        let resolved = table(&cli.run(&["issues", "list", "--query", "is:resolved"]));
        assert_eq!(
            resolved[0][..3],
            ["1", "SHOP-1", "OutOfStock: no apple left"]
        );
        assert_eq!(resolved.len(), 1);

        cli.run(&["issues", "unresolve", "--status", "resolved"]);
        assert_eq!(status(&client, "1").await, IssueStatus::Unresolved);

        cli.run(&["issues", "mute", "--all"]);
        assert_eq!(status(&client, "1").await, IssueStatus::Ignored);
        assert_eq!(status(&client, "2").await, IssueStatus::Ignored);

        cli.run(&["issues", "resolve", "--next-release", "--id", "2"]);
        let issue = client
            .retrieve_issue("2")
            .send()
            .await
            .expect("the issue is there")
            .value;
        assert_eq!(issue.status, Some(IssueStatus::Resolved));
        let details = issue.status_details.expect("there is a reason");
        assert_eq!(details.in_next_release, Some(true));
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn events_are_listed_with_users_and_tags() {
    for cli in Cli::all().await {
        let plain = table(&cli.run(&["events", "list"]));
        assert_eq!(plain.len(), 3);
        let all = cli.run(&[
            "events",
            "list",
            "--show-user",
            "--show-tags",
            "--max-rows",
            "1",
        ]);
        assert!(
            all.contains("customer1@example.com") && all.contains("fruit: pear"),
            "{all}"
        );
        let text = cli.fail(&["events", "list", "--project", "other"]);
        assert!(text.contains("roject not found"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn an_event_is_sent() {
    for cli in Cli::all().await {
        let client = cli.client();
        cli.run(&["issues", "resolve", "--all"]);
        let send = [
            "send-event",
            "--message",
            "hello",
            "--tag",
            "colour:red",
            "--release",
            "shop@1.0.0",
        ];
        let text = cli.run(&send);
        assert!(text.contains("Event dispatched"), "{text}");
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .query("colour:red hello");
        let issues = issues.send().await.expect("they are listed").value;
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].title.as_deref(), Some("hello"));
        let listed = table(&cli.run(&["events", "list"]));
        assert_eq!(listed[0][2], "hello");
        cli.run(&send);
        let events = client
            .list_issue_events(issues[0].id.as_ref().expect("an id"))
            .send()
            .await;
        assert_eq!(events.expect("they are listed").value.len(), 2);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn events_of_files_are_sent() {
    for cli in Cli::all().await {
        let id = "0123456789abcdef0123456789abcdef";
        cli.write(
            "envelope",
            &format!("{{\"event_id\":\"{id}\"}}\n{{\"type\":\"event\"}}\n{{\"message\":\"from a file\"}}\n"),
        );
        cli.write("event.json", r#"{"message": "more %s", "level": "info"}"#);
        cli.run(&["send-envelope", "--raw", "envelope"]);
        cli.run(&["send-event", "event.json"]);
        let arguments = [
            "--message",
            "no %s",
            "--message-arg",
            "pear",
            "--extra",
            "a:b",
        ];
        cli.run(&[&["send-event"][..], &arguments].concat());
        let listed = table(&cli.run(&["events", "list", "--max-rows", "3"]));
        let titles: Vec<_> = listed.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(titles, ["no pear", "more %s", "from a file"]);
        assert_eq!(listed[2][0].replace('-', ""), id);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_job_brings_its_monitor() {
    for cli in Cli::all().await {
        let schedule = ["--schedule", "0 * * * *", "--timezone", "Europe/Vienna"];
        let limits = ["--check-in-margin", "5", "--max-runtime", "10"];
        let run = [
            &["monitors", "run", "hourly"][..],
            &schedule,
            &limits,
            &["--", "true"],
        ];
        cli.run(&run.concat());
        let monitor = cli
            .client()
            .retrieve_organization_monitor(ORGANIZATION, "hourly");
        let monitor = monitor.send().await.expect("it is there").value;
        let config = monitor.config.expect("it has a configuration");
        assert_eq!(config.timezone.as_deref(), Some("Europe/Vienna"));
        assert_eq!(
            (config.checkin_margin, config.max_runtime),
            (Some(5), Some(10))
        );
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_job_checks_in() {
    for cli in Cli::all().await {
        for (program, expected) in [("true", "ok"), ("false", "error")] {
            let run = [
                "monitors",
                "run",
                "nightly-backup",
                "--environment",
                "staging",
                "--",
                program,
            ];
            match expected {
                "ok" => cli.run(&run),
                _ => cli.fail(&run),
            };
            let check_ins = cli
                .client()
                .list_organization_monitor_check_ins(ORGANIZATION, "nightly-backup");
            let check_ins = check_ins.send().await.expect("they are listed").value;
            assert_eq!(check_ins[0].status.as_deref(), Some(expected));
            assert_eq!(check_ins[0].environment.as_deref(), Some("staging"));
        }
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_key_that_is_turned_off_sends_nothing() {
    for cli in Cli::all().await {
        let client = cli.client();
        let keys = client
            .list_project_client_keys(ORGANIZATION, PROJECT)
            .send()
            .await;
        let id = keys.expect("they are listed").value[0]
            .id
            .clone()
            .expect("an id");
        let deleted = client
            .delete_project_client_key(ORGANIZATION, PROJECT, &id)
            .send()
            .await;
        deleted.expect("it is deleted");
        cli.output(&["send-event", "--message", "nobody hears this"]);
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .query("nobody")
            .send()
            .await;
        assert_eq!(issues.expect("they are listed").value.len(), 0);
    }
}

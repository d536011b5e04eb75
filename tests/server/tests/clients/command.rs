//! The command `sentry`: its exit code, its JSON, and the state that it leaves.

use sentry_api::client::Client;
use serde_json::{Value, json};

use crate::process::{ORGANIZATION, PROJECT, Service, status};
use crate::program;

/// The command with a service of its own.
struct Sentry {
    service: Service,
    folder: tempfile::TempDir,
}

impl Sentry {
    fn start() -> (Self, Client) {
        let (service, client) = Service::start_with_client();
        let folder = tempfile::tempdir().expect("a folder");
        (Self { service, folder }, client)
    }

    /// Runs it, and returns whether it succeeds, and what it prints.
    fn output(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = program("sentry", self.folder.path());
        let output = command
            .args(arguments)
            .env("SENTRY_HOST", &self.service.url)
            .env("SENTRY_AUTH_TOKEN", &self.service.token)
            .output()
            .expect("sentry starts");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    /// Runs a command that succeeds.
    fn run(&self, arguments: &[&str]) -> String {
        let (succeeded, text) = self.output(arguments);
        assert!(succeeded, "sentry {arguments:?} failed:\n{text}");
        text
    }

    /// What a command prints as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&text).expect("it is JSON")
    }

    /// What a command lists, by one of the properties.
    fn list(&self, arguments: &[&str], property: &str) -> Vec<Value> {
        let listed = self.json(arguments);
        let items = listed.get("data").unwrap_or(&listed).as_array();
        let items = items.expect("it is a list").iter();
        items.map(|item| item[property].clone()).collect()
    }
}

#[test]
#[ignore = "`cargo xtask e2e` installs the command"]
fn what_there_is_is_listed() {
    let (sentry, _client) = Sentry::start();
    assert!(
        sentry
            .run(&["auth", "whoami"])
            .contains("owner@example.com")
    );
    assert_eq!(sentry.list(&["org", "list"], "slug"), [ORGANIZATION]);
    assert_eq!(
        sentry.list(&["project", "list", "example/"], "slug"),
        [PROJECT]
    );
    assert_eq!(
        sentry.list(&["team", "list", "example/"], "slug"),
        ["shop-team"]
    );
    assert_eq!(
        sentry.list(&["repo", "list", "example/"], "name"),
        ["example/shop"]
    );
    assert_eq!(
        sentry.list(&["monitor", "list", "example/"], "slug"),
        ["nightly-backup"]
    );
    assert_eq!(
        sentry.list(&["release", "list", "example/"], "version"),
        ["shop@1.0.0"]
    );
    assert_eq!(
        sentry.list(&["issue", "list", "example/shop"], "shortId"),
        ["SHOP-2", "SHOP-1"]
    );
    assert_eq!(
        sentry
            .list(&["issue", "events", "example/SHOP-1"], "title")
            .len(),
        2
    );
    let tags = sentry.run(&["issue", "tags", "example/SHOP-1", "environment"]);
    assert!(tags.contains("production"), "{tags}");
    let explored = sentry.run(&["explore", "example/shop"]);
    assert!(explored.contains("OutOfStock: no apple left"), "{explored}");
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the command"]
async fn an_issue_is_resolved_reopened_and_archived() {
    let (sentry, client) = Sentry::start();
    for (verb, expected) in [
        ("resolve", "resolved"),
        ("unresolve", "unresolved"),
        ("archive", "ignored"),
    ] {
        let shown = sentry.json(&["issue", verb, "example/SHOP-1"]);
        assert_eq!(shown["status"], expected);
        let issue = client
            .retrieve_organization_issue(ORGANIZATION, "1")
            .send()
            .await;
        let issue = issue.expect("the issue is there").value;
        assert_eq!(
            issue.status.map(|one| one.to_string()).as_deref(),
            Some(expected)
        );
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the command"]
async fn a_release_goes_from_created_to_deleted() {
    let (sentry, client) = Sentry::start();
    const RELEASE: &str = "example/2.0.0";
    let release = || {
        client
            .retrieve_organization_release(ORGANIZATION, "2.0.0")
            .send()
    };
    let created = sentry.json(&["release", "create", RELEASE, "--project", PROJECT]);
    assert_eq!(created["dateReleased"], json!(null));
    assert!(created.get("dateReleased").is_some(), "{created}");
    sentry.run(&[
        "release",
        "set-commits",
        RELEASE,
        "--commit",
        "example/shop@abcdef1234567",
    ]);
    sentry.run(&["release", "finalize", RELEASE]);
    let deployed = sentry.json(&["release", "deploy", RELEASE, "production"]);
    assert_eq!(deployed["environment"], "production");
    let found = release().await.expect("the release is there").value;
    assert!(found.date_released.is_some());
    assert_eq!((found.commit_count, found.deploy_count), (Some(1), Some(1)));
    assert_eq!(
        sentry.list(&["release", "deploys", RELEASE], "environment"),
        ["production"]
    );
    for (verb, expected) in [("archive", "archived"), ("restore", "open")] {
        sentry.run(&["release", verb, RELEASE]);
        let found = release().await.expect("the release is there").value;
        assert_eq!(found.status.as_deref(), Some(expected));
    }
    sentry.run(&["release", "delete", RELEASE, "--yes"]);
    assert_eq!(status(release().await), 404);
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the command"]
async fn a_project_is_created_and_deleted() {
    let (sentry, client) = Sentry::start();
    let created = sentry.json(&[
        "project",
        "create",
        "example/web:node",
        "--team",
        "shop-team",
    ]);
    let keys = client
        .list_project_client_keys(ORGANIZATION, "web")
        .send()
        .await;
    let keys = keys.expect("they are listed").value;
    let dsn = keys[0].dsn.as_ref().and_then(|dsn| dsn.public.as_deref());
    assert_eq!(created["dsn"].as_str(), dsn);
    sentry.run(&["project", "delete", "example/web", "--yes"]);
    let found = client.retrieve_project(ORGANIZATION, "web").send().await;
    assert_eq!(status(found), 404);
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the command"]
async fn an_event_a_check_in_and_source_maps_arrive() {
    let (sentry, client) = Sentry::start();
    let dsn = sentry.list(&["dsn", "list", "example/shop"], "dsn");
    let dsn = dsn[0].as_str().expect("a key has a DSN");
    let sent = sentry.json(&["event", "send", dsn, "-m", "Hello from here"]);
    let id = sent["eventId"].as_str().expect("it prints the id");
    let event = client
        .retrieve_project_event(ORGANIZATION, PROJECT, id)
        .send()
        .await;
    let event = event.expect("the event is there").value;
    assert_eq!(event.title.as_deref(), Some("Hello from here"));

    let check_ins = || {
        client
            .list_organization_monitor_check_ins(ORGANIZATION, "nightly-backup")
            .send()
    };
    let before = check_ins().await.expect("they are listed").value.len();
    sentry.run(&[
        "monitor",
        "run",
        "nightly-backup",
        "--dsn",
        dsn,
        "--",
        "true",
    ]);
    assert_eq!(
        check_ins().await.expect("they are listed").value.len(),
        before + 1
    );

    let folder = sentry.folder.path().join("dist");
    std::fs::create_dir(&folder).expect("the folder is made");
    let map = r#"{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}"#;
    for (name, text) in [
        ("a.js", "f();\n//# sourceMappingURL=a.js.map\n"),
        ("a.js.map", map),
    ] {
        std::fs::write(folder.join(name), text).expect("the file is written");
    }
    sentry.run(&["sourcemap", "inject", "dist"]);
    sentry.run(&[
        "sourcemap",
        "upload",
        "dist",
        "--org",
        ORGANIZATION,
        "--project",
        PROJECT,
        "--release",
        "shop@1.0.0",
    ]);
}

#[test]
#[ignore = "`cargo xtask e2e` installs the command"]
fn what_the_api_does_not_have_is_said_to_be_missing() {
    let (sentry, _client) = Sentry::start();
    for arguments in [
        ["integration", "list", "example/"],
        ["replay", "list", "example/shop"],
        ["alert", "metrics", "list"],
    ] {
        let (succeeded, text) = sentry.output(&arguments);
        assert!(!succeeded, "sentry {arguments:?} succeeded:\n{text}");
    }
    let (_, text) = sentry.output(&["replay", "list", "example/shop"]);
    assert!(text.contains("no operation has this path"), "{text}");
}

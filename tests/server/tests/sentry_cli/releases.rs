//! Releases with commits and deploys.

use sentry_api::client::Client;
use sentry_api::models;

use crate::cli::{Cli, table};
use crate::process::{ORGANIZATION, status};

const VERSION: &str = "cli@1.0.0";

async fn release(client: &Client) -> models::Release {
    let release = client
        .retrieve_organization_release(ORGANIZATION, VERSION)
        .send()
        .await;
    release.expect("the release is there").value
}

async fn commits(client: &Client) -> Vec<String> {
    let commits = client
        .list_organization_release_commits(ORGANIZATION, VERSION)
        .send()
        .await;
    let commits = commits.expect("they are listed").value.into_iter();
    commits.filter_map(|commit| commit.id).collect()
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_release_goes_from_new_to_deleted() {
    for cli in Cli::all().await {
        let client = cli.client();
        let text = cli.run(&["releases", "new", VERSION, "--url", "https://example.com/1"]);
        assert!(text.contains("Created release cli@1.0.0"), "{text}");
        let new = release(&client).await;
        assert_eq!(
            (new.status.as_deref(), new.date_released),
            (Some("open"), None)
        );
        assert_eq!(new.url.expect("a URL").as_str(), "https://example.com/1");
        assert_eq!(
            new.projects.expect("projects")[0].slug.as_deref(),
            Some("shop")
        );

        let listed = table(&cli.run(&["releases", "list"]));
        let versions: Vec<_> = listed.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(versions, [VERSION, "shop@1.0.0"]);

        cli.run(&["releases", "finalize", VERSION, "--released", "1700000000"]);
        let released = release(&client)
            .await
            .date_released
            .expect("it is released");
        assert_eq!(released.as_str(), "2023-11-14T22:13:20.000Z");
        let info = table(&cli.run(&["releases", "info", VERSION]));
        assert_eq!(info[0][0], VERSION);

        cli.run(&["releases", "archive", VERSION]);
        assert_eq!(release(&client).await.status.as_deref(), Some("archived"));
        cli.run(&["releases", "restore", VERSION]);
        assert_eq!(release(&client).await.status.as_deref(), Some("open"));

        let text = cli.run(&["releases", "delete", VERSION]);
        assert!(text.contains("Deleted release"), "{text}");
        let found = client
            .retrieve_organization_release(ORGANIZATION, VERSION)
            .send()
            .await;
        assert_eq!(status(found), 404);
        cli.fail(&["releases", "info", VERSION]);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_release_gets_the_commits_that_are_named() {
    for cli in Cli::all().await {
        let client = cli.client();
        let [newest, oldest] = &cli.repository()[..] else {
            panic!("the repository has two commits");
        };
        let proposed = cli.run(&["releases", "propose-version"]);
        assert_eq!(proposed.trim(), newest);
        cli.run(&["releases", "new", VERSION]);
        let named = format!("example/shop@{oldest}");
        cli.run(&["releases", "set-commits", VERSION, "--commit", &named]);
        assert_eq!(commits(&client).await, [oldest.as_str()]);
        let info = cli.run(&[
            "releases",
            "info",
            VERSION,
            "--show-commits",
            "--show-projects",
        ]);
        assert!(
            info.contains(oldest.as_str()) && info.contains("shop"),
            "{info}"
        );

        cli.run(&["releases", "set-commits", VERSION, "--clear"]);
        assert_eq!(commits(&client).await, [""; 0]);

        let text = cli.run(&["releases", "set-commits", VERSION, "--auto"]);
        assert!(text.contains("example/shop"), "{text}");
        assert_eq!(commits(&client).await, [newest.as_str()]);

        let unknown = format!("example/other@{oldest}");
        let text = cli.fail(&["releases", "set-commits", VERSION, "--commit", &unknown]);
        assert!(text.contains("nknown repo"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_release_gets_the_commits_of_the_folder() {
    for cli in Cli::all().await {
        let client = cli.client();
        cli.repository();
        cli.run(&["releases", "new", VERSION]);
        cli.run(&[
            "releases",
            "set-commits",
            VERSION,
            "--local",
            "--ignore-missing",
            "--initial-depth",
            "2",
        ]);
        let commits = client
            .list_organization_release_commits(ORGANIZATION, VERSION)
            .send()
            .await;
        let commits = commits.expect("they are listed").value;
        let first = commits.first().expect("there is a commit");
        assert_eq!(first.message.as_deref().map(str::trim), Some("two"));
        let author = first.author.as_ref().expect("an author");
        assert_eq!(author.email.as_deref(), Some("anna@example.com"));
        let files = client.list_organization_release_commit_files(ORGANIZATION, VERSION);
        let files = files.send().await.expect("they are listed").value;
        assert_eq!(files[0].filename.as_deref(), Some("number"));
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn deploys_are_recorded() {
    for cli in Cli::all().await {
        let release = ["--release", "shop@1.0.0"];
        let new = [
            "deploys", "new", "--env", "staging", "--name", "d2", "--time", "60",
        ];
        let text = cli.run(&[&new[..], &release].concat());
        assert!(
            text.contains("Created new deploy d2 for 'staging'"),
            "{text}"
        );
        let deploys = cli
            .client()
            .list_organization_release_deploys(ORGANIZATION, "shop@1.0.0");
        let deploys = deploys.send().await.expect("they are listed").value;
        assert_eq!(deploys[0].name.as_deref(), Some("d2"));
        assert!(deploys[0].date_started < deploys[0].date_finished);
        let listed = table(&cli.run(&[&["deploys", "list"][..], &release].concat()));
        let names: Vec<_> = listed.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(names, ["d2", "first"]);
    }
}

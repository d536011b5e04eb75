//! What is there: organizations, projects, repositories and monitors.

use crate::cli::{Cli, table};

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn info_says_who_the_user_is() {
    for cli in Cli::all().await {
        let text = cli.run(&["info"]);
        assert!(text.contains("User: owner@example.com"), "{text}");
        let text = cli.fail(&["--auth-token", "wrong", "info"]);
        assert!(text.contains("Invalid token"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn lists_have_what_is_there() {
    for cli in Cli::all().await {
        let organizations = table(&cli.run(&["organizations", "list"]));
        assert_eq!(organizations[0][..3], ["1", "Example", "example"]);
        let projects = table(&cli.run(&["projects", "list"]));
        assert_eq!(projects, [["1", "shop", "Shop Team", "Shop"]]);
        let repositories = table(&cli.run(&["repos", "list"]));
        let url = "https://github.com/example/shop";
        assert_eq!(repositories, [["example/shop", "GitHub", url]]);
        let monitors = table(&cli.run(&["monitors", "list"]));
        assert_eq!(
            monitors[0][1..],
            ["nightly-backup", "Nightly backup", "active"]
        );
        let text = cli.fail(&["projects", "list", "--org", "other"]);
        assert!(text.contains("organization not found"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn lists_are_narrowed() {
    for cli in Cli::all().await {
        let query = ["--query", "is:unresolved pear", "--max-rows", "1"];
        let issues = table(&cli.run(&[&["issues", "list"][..], &query].concat()));
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0][..2], ["2", "SHOP-2"]);
        let text = cli.run(&["issues", "list", "--query", "banana"]);
        assert!(text.contains("No issues found"), "{text}");
        let projects = table(&cli.run(&["projects", "list", "--org", "example"]));
        assert_eq!(projects.len(), 1);
        assert_eq!(cli.run(&["releases", "list", "--raw"]).trim(), "shop@1.0.0");
        // The service keeps no logs.
        let text = cli.run(&["logs", "list"]);
        assert!(text.contains("No logs found"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn a_list_of_several_pages_is_read_to_its_end() {
    for cli in Cli::all().await {
        let client = cli.client();
        for number in 0..120 {
            let mut project = sentry_api::models::ProjectCreate::new(format!("Project {number}"));
            project.slug = format!("project-{number}").into();
            let created = client
                .create_project("example", "shop-team", &project)
                .send()
                .await;
            created.expect("the project is created");
        }
        let projects = table(&cli.run(&["projects", "list"]));
        assert_eq!(projects.len(), 121);
    }
}

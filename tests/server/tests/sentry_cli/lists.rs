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

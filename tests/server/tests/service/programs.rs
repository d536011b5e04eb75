//! The programs of `tests/examples`, as they are.

#![allow(dead_code, reason = "`main` of a program is not called")]

use sentry_api::models;

use crate::process::{ORGANIZATION, PROJECT, Service};

#[path = "../../../examples/careful_client.rs"]
mod careful_client;
#[path = "../../../examples/create_and_update.rs"]
mod create_and_update;
#[path = "../../../examples/list_issues.rs"]
mod list_issues;
#[path = "../../../examples/transfer_files.rs"]
mod transfer_files;

#[tokio::test]
async fn issues_are_listed() {
    let (_service, client) = Service::start_with_client();
    let titles = list_issues::run(&client, ORGANIZATION).await;
    assert!(!titles.expect("they are listed").is_empty());
}

#[tokio::test]
async fn a_project_is_created_and_updated_with_null() {
    let (_service, client) = Service::start_with_client();
    // The second time, the project is there.
    for _ in 0..2 {
        let project = create_and_update::run(&client, ORGANIZATION, "shop-team").await;
        let project = project.expect("it is updated");
        assert_eq!(project.name.as_deref(), Some("Checkout service"));
        assert_eq!(project.platform, None);
    }
}

#[tokio::test]
async fn a_file_is_uploaded_and_downloaded() {
    let (_service, client) = Service::start_with_client();
    let release = models::ReleaseCreate::new(vec![PROJECT.into()], "1.0.0");
    let created = client.create_organization_release(ORGANIZATION, &release);
    created.send().await.expect("it is created");
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("app.js.map"), folder.path().join("copy"));
    std::fs::write(&from, vec![7; 300_000]).expect("it is written");
    let written = transfer_files::run(&client, ORGANIZATION, "1.0.0", &from, &to).await;
    assert_eq!(written.expect("it is downloaded"), 300_000);
    assert_eq!(std::fs::read(&to).expect("it is there"), vec![7; 300_000]);
}

#[tokio::test]
async fn projects_are_listed_with_care() {
    let service = Service::start();
    let builder = careful_client::careful().base_url(format!("{}/api/0", service.url));
    let client = builder.token(&*service.token).build().expect("it is built");
    let names = careful_client::run(&client, ORGANIZATION).await;
    assert!(!names.expect("they are listed").is_empty());
}

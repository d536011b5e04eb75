//! The program of the README, which fetches a project and lists issues: `cargo run --example first_steps`.

#![allow(clippy::print_stdout, reason = "this is what the program is for")]

use sentry_api::client::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::builder().token("secret").build()?;
    let project = client
        .retrieve_project("my-organization", "my-project")
        .send()
        .await?;
    println!("{:?} {:?}", project.value.name, project.rate_limit());

    let mut issues = client
        .list_organization_issues("my-organization")
        .query("is:unresolved")
        .items();
    while let Some(issue) = issues.next_item().await {
        println!("{:?}", issue?.title);
    }
    Ok(())
}

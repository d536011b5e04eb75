//! Lists the unresolved issues of an organization: `SENTRY_TOKEN=… cargo run --example list_issues -- my-organization`.
//!
//! `SENTRY_URL` is another server than sentry.io, such as `http://127.0.0.1:8000/api/0`. This workspace builds the client
//! without TLS; a crate of your own takes the feature `client`.

use sentry_api::client::{Client, Error};

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let organization = std::env::args().nth(1).ok_or("which organization?")?;
    let mut builder = Client::builder().token(std::env::var("SENTRY_TOKEN")?);
    if let Ok(url) = std::env::var("SENTRY_URL") {
        builder = builder.base_url(url);
    }
    for title in run(&builder.build()?, &organization).await? {
        println!("{title}");
    }
    Ok(())
}

/// The titles of the unresolved issues, page after page.
pub async fn run(client: &Client, organization: &str) -> Result<Vec<String>, Error> {
    let issues = client.list_organization_issues(organization);
    let mut issues = issues.query("is:unresolved").items();
    let mut titles = Vec::new();
    while let Some(issue) = issues.next_item().await {
        titles.extend(issue?.title);
    }
    Ok(titles)
}

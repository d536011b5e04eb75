//! Lists the unresolved issues of an organization: `SENTRY_TOKEN=… cargo run --example list_issues -- my-organization`.
//!
//! This workspace builds the client without TLS; a crate of your own takes the feature `client`.

use sentry_api::client::Client;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let organization = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "my-organization".to_owned());
    let token = std::env::var("SENTRY_TOKEN")?;
    let client = Client::builder().token(token).build()?;
    let mut issues = client
        .list_organization_issues(organization)
        .query("is:unresolved")
        .items();
    while let Some(issue) = issues.next_item().await {
        let issue = issue?;
        println!("{:?} {:?}", issue.short_id, issue.title);
    }
    Ok(())
}

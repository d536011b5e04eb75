//! Code that calls the API, and its tests without a server: `cargo test --example test_with_mock`.
//!
//! `SENTRY_TOKEN=... cargo run --example test_with_mock -- my-organization` runs the code itself.

use sentry_api::client::{Client, Error};

/// The titles of the unresolved issues of an organization.
async fn unresolved(client: &Client, organization: &str) -> Result<Vec<String>, Error> {
    let mut issues = client
        .list_organization_issues(organization)
        .query("is:unresolved")
        .items();
    let mut titles = Vec::new();
    while let Some(issue) = issues.next_item().await {
        titles.extend(issue?.title);
    }
    Ok(titles)
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let organization = std::env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("my-organization");
    let token = std::env::var("SENTRY_TOKEN")?;
    let client = Client::builder().token(token).build()?;
    for title in unresolved(&client, organization).await? {
        println!("{title}");
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::io::ErrorKind;

    use sentry_api::client::mock::Mock;
    use sentry_api::models::Issue;
    use sentry_api::operations::LIST_ORGANIZATION_ISSUES;

    use super::unresolved;

    fn issue(title: &str) -> Issue {
        Issue {
            title: Some(title.to_owned()),
            ..Issue::default()
        }
    }

    #[tokio::test]
    async fn all_pages_are_read_although_the_network_fails_once() {
        let mock = Mock::new();
        mock.on(&LIST_ORGANIZATION_ISSUES)
            .times(1)
            .fail(ErrorKind::ConnectionReset);
        mock.on(&LIST_ORGANIZATION_ISSUES)
            .path("organization_id_or_slug", "acme")
            .query("query", "is:unresolved")
            .reply_pages([[issue("first")], [issue("second")]]);
        let titles = unresolved(&mock.client(), "acme").await.unwrap();
        assert_eq!(titles, ["first", "second"]);
        mock.verify();
        assert_eq!(mock.requests().len(), 3);
    }

    #[tokio::test]
    async fn what_the_server_refuses_is_an_error() {
        let mock = Mock::new()
            .on(&LIST_ORGANIZATION_ISSUES)
            .reply_with(403, &serde_json::json!({ "detail": "no" }));
        let error = unresolved(&mock.client(), "acme").await.unwrap_err();
        assert_eq!(error.status().unwrap(), 403);
        mock.verify();
    }
}

//! Code that calls an API, with tests that need neither a server nor a socket.

use sentry_api::client::{Client, Error};

/// The titles of the unresolved issues of an organization.
///
/// # Errors
/// If a call fails.
pub async fn unresolved(client: &Client, organization: &str) -> Result<Vec<String>, Error> {
    let issues = client.list_organization_issues(organization);
    let mut issues = issues.query("is:unresolved").items();
    let mut titles = Vec::new();
    while let Some(issue) = issues.next_item().await {
        titles.extend(issue?.title);
    }
    Ok(titles)
}

#[cfg(test)]
mod tests {
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
    async fn all_pages_are_read() {
        let mock = Mock::new();
        mock.on(&LIST_ORGANIZATION_ISSUES)
            .query("query", "is:unresolved")
            .reply_pages([[issue("first")], [issue("second")]]);
        let titles = unresolved(&mock.client(), "acme").await;
        assert_eq!(
            titles.ok(),
            Some(vec!["first".to_owned(), "second".to_owned()])
        );
        mock.verify();
    }
}

//! The mock of the emitted clients, as a downstream crate uses it in its tests.

use std::io::ErrorKind;

use sentry_api::client::Error;
use sentry_api::client::mock::Mock;
use sentry_api::models::{Issue, IssueShortIdLookup, IssueUpdate};
use sentry_api::operations;

fn issue(id: &str) -> Issue {
    Issue {
        id: Some(id.to_owned()),
        ..Issue::default()
    }
}

#[tokio::test]
async fn typed_answers_pages_and_a_failure_that_is_tried_again() {
    let update = IssueUpdate {
        has_seen: Some(true),
        ..IssueUpdate::default()
    };
    let mock = Mock::new()
        .on(&operations::LIST_ORGANIZATION_ISSUES)
        .path("organization_id_or_slug", "acme")
        .query("query", "is:unresolved")
        .query("project", &["1", "2"])
        .times(1)
        .reply_pages([vec![issue("1"), issue("2")], vec![issue("3")]]);
    mock.on(&operations::UPDATE_ISSUE)
        .times(1)
        .fail(ErrorKind::ConnectionReset);
    mock.on(&operations::UPDATE_ISSUE)
        .path("issue_id", "1")
        .body(&update)
        .reply(&issue("1"));
    mock.on(&operations::DELETE_ISSUE)
        .times(1)
        .reply_with(404, &serde_json::json!({ "detail": "no such issue" }));

    let client = mock.client();
    let list = client.list_organization_issues("acme");
    let list = list.query("is:unresolved").project(["1", "2"]);
    let mut items = list.items();
    let mut ids = Vec::new();
    while let Some(item) = items.next_item().await {
        ids.extend(item.unwrap().id);
    }
    assert_eq!(ids, ["1", "2", "3"]);
    let updated = client.update_issue("1", &update).send().await.unwrap();
    assert_eq!(updated.value, issue("1"));
    let error = client.delete_issue("9").send().await.unwrap_err();
    assert_eq!(error.response().unwrap().detail().unwrap(), "no such issue");
    mock.verify();

    let requests = mock.requests();
    let operations: Vec<_> = requests.iter().map(|it| it.operation.id).collect();
    let expected = [
        "listOrganizationIssues",
        "listOrganizationIssues",
        "updateIssue",
        "updateIssue",
        "deleteIssue",
    ];
    assert_eq!(operations, expected);
    assert_eq!(requests[1].query_value("query"), Some("is:unresolved"));
    assert_eq!(requests[4].path_value("issue_id").as_deref(), Some("9"));
    assert_eq!(requests[2].json::<IssueUpdate>().unwrap(), update);
    assert_eq!(requests[0].headers["authorization"], "<redacted>");
}

#[tokio::test]
async fn another_query_than_expected_is_an_error_that_shows_both() {
    let mock = Mock::new()
        .on(&operations::LIST_ORGANIZATION_ISSUES)
        .query("query", "is:unresolved")
        .reply::<[Issue]>(&[]);
    let call = mock.client().list_organization_issues("acme");
    let error = call.query("is:resolved").send().await.unwrap_err();
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "listOrganizationIssues: GET /organizations/acme/issues/ with query parameters `query=is:resolved` is not expected\n\
         - listOrganizationIssues (GET /organizations/{organization_id_or_slug}/issues/) with query parameter \
         `query=is:unresolved`, once or more; called 0 times, but its query parameter is `query=is:resolved`"
    );
}

#[tokio::test]
async fn a_key_in_the_query_or_a_header_is_redacted() {
    let mock = wire_api::client::mock::Mock::new();
    mock.on(&wire_api::operations::WITH_KEY).reply(&());
    let client = mock.builder().credential("queryKey", "s3cret");
    let client = client.build().unwrap();
    client.with_key().send().await.unwrap();
    let request = &mock.requests()[0];
    assert_eq!(request.query_value("key"), Some("<redacted>"));
    assert!(!format!("{request:?}").contains("s3cret"));
    mock.verify();
}

/// The server compares the parameter with `1`, and knows no `true`.
#[tokio::test]
#[expect(deprecated, reason = "the list of a project has the parameter, too")]
async fn the_lookup_of_short_ids_is_a_number_on_the_wire() {
    let mock = Mock::new();
    for operation in [
        &operations::LIST_ORGANIZATION_ISSUES,
        &operations::LIST_PROJECT_ISSUES,
    ] {
        let on = mock.on(operation).query("shortIdLookup", "1");
        on.times(1).reply(&vec![issue("1")]);
    }
    let client = mock.client();
    let yes = IssueShortIdLookup::Yes;
    let list = client.list_organization_issues("acme");
    list.short_id_lookup(yes.clone()).send().await.unwrap();
    let list = client.list_project_issues("acme", "shop");
    list.short_id_lookup(yes).send().await.unwrap();
}

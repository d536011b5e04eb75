//! Issues, events and feedback.

#![allow(deprecated, reason = "the service also has the deprecated operations")]

use sentry_api::models::{self, IssueStatus};

use crate::process::{ORGANIZATION, PROJECT, Service, status};

#[tokio::test]
async fn issues_are_found_by_query() {
    let service = Service::start();
    let client = service.client();
    for (query, expected) in [
        ("", 2),
        ("is:unresolved", 2),
        ("is:resolved", 0),
        ("fruit:apple", 1),
        ("!fruit:apple", 1),
        ("pear", 1),
        ("\"no apple\" level:error", 1),
        ("is:unassigned release:shop@1.0.0", 2),
        ("environment:staging", 0),
        ("release:shop@* AND fruit:p*r", 1),
        ("fruit:ap?le", 0),
        ("is:new", 2),
        ("assigned:none", 2),
        ("assigned:me", 0),
        ("has:fruit !has:colour", 2),
        ("user.email:customer2@example.com", 1),
        ("platform:python title:*pear*", 1),
        ("!transaction:shop.views.buy", 0),
        ("issue:shop-2", 1),
    ] {
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .query(query)
            .send()
            .await;
        assert_eq!(
            issues.expect("they are listed").value.len(),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_issue_is_resolved_assigned_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let update = models::IssueUpdate {
        status: Some(IssueStatus::Resolved),
        assigned_to: Some("owner@example.com".to_owned()),
        status_details: Some(models::IssueStatusDetails {
            in_release: Some("shop@1.0.0".to_owned()),
            ..models::IssueStatusDetails::default()
        }),
        ..models::IssueUpdate::default()
    };
    let updated = client
        .update_organization_issue(ORGANIZATION, "SHOP-1", &update)
        .send()
        .await;
    let updated = updated.expect("it is updated").value;
    assert_eq!(updated.status, Some(IssueStatus::Resolved));
    assert_eq!(
        updated.assigned_to.and_then(|actor| actor.name).as_deref(),
        Some("Olive Owner")
    );
    let resolved = client.list_project_release_resolved_issues(ORGANIZATION, PROJECT, "shop@1.0.0");
    assert_eq!(
        resolved.send().await.expect("they are listed").value[0].id,
        updated.id
    );
    let id = updated.id.expect("an id");
    client
        .delete_issue(&id)
        .send()
        .await
        .expect("it is deleted");
    assert_eq!(status(client.retrieve_issue(&id).send().await), 404);
    let events = client
        .list_project_events(ORGANIZATION, PROJECT)
        .send()
        .await;
    assert_eq!(events.expect("they are listed").value.len(), 1);
}

#[tokio::test]
async fn many_issues_change_at_once() {
    let service = Service::start();
    let client = service.client();
    let muted = models::IssueBulkUpdate {
        status: Some(IssueStatus::Muted),
        snooze_duration: 60.into(),
        ..models::IssueBulkUpdate::default()
    };
    let call = client.bulk_update_project_issues(ORGANIZATION, PROJECT, &muted);
    let changes = call.send().await.expect("they are updated").value;
    assert_eq!(changes.status, Some(IssueStatus::Ignored));
    let until = changes
        .status_details
        .and_then(|details| details.ignore_until);
    assert!(until.expect("an end").instant() > Some(jiff::Timestamp::now()));
    let merge = models::IssueBulkUpdate {
        merge: Some(true),
        ..models::IssueBulkUpdate::default()
    };
    let call = client.bulk_update_project_issues(ORGANIZATION, PROJECT, &merge);
    call.send().await.expect("they are merged");
    let issues = client
        .list_project_issues(ORGANIZATION, PROJECT)
        .query("")
        .send()
        .await;
    let issues = issues.expect("they are listed").value;
    assert_eq!(
        issues
            .iter()
            .map(|issue| issue.count.as_deref())
            .collect::<Vec<_>>(),
        [Some("3")]
    );
}

#[tokio::test]
async fn an_event_has_neighbours_tags_and_an_issue() {
    let service = Service::start();
    let client = service.client();
    let latest = client
        .retrieve_latest_issue_event("1")
        .send()
        .await
        .expect("there is one")
        .value;
    let oldest = client
        .retrieve_oldest_issue_event("1")
        .send()
        .await
        .expect("there is one")
        .value;
    let id = latest.event_id.expect("an id");
    let event = client
        .retrieve_project_event(ORGANIZATION, PROJECT, &id)
        .send()
        .await;
    let event = event.expect("it is there").value;
    assert_eq!(event.previous_event_id, oldest.event_id);
    assert_eq!(event.next_event_id, None);
    let tags = event.tags.expect("tags");
    assert!(
        tags.iter().any(|tag| tag.key.as_deref() == Some("fruit")),
        "{tags:?}"
    );
    let lookup = client
        .resolve_organization_event_id(ORGANIZATION, &id)
        .send()
        .await;
    assert_eq!(
        lookup.expect("it is found").value.project_slug.as_deref(),
        Some(PROJECT)
    );
    let values = client
        .list_issue_tag_values("1", "fruit")
        .send()
        .await
        .expect("they are listed");
    assert_eq!(values.value[0].count, Some(2));
}

#[tokio::test]
async fn a_table_of_events_counts_groups() {
    let service = Service::start();
    let client = service.client();
    let table = client.query_organization_events(ORGANIZATION, ["fruit", "count()"]);
    let table = table
        .sort("-count")
        .send()
        .await
        .expect("there is a table")
        .value;
    let rows = table.data.expect("rows");
    let cell = |row: usize, name: &str| rows[row][name].clone();
    assert_eq!(
        (cell(0, "fruit"), cell(0, "count()")),
        ("apple".into(), 2.into())
    );
    assert_eq!(
        (cell(1, "fruit"), cell(1, "count()")),
        ("pear".into(), 1.into())
    );
    let unknown = client
        .query_organization_events(ORGANIZATION, ["p95(x)"])
        .send()
        .await;
    assert_eq!(status(unknown), 400);
}

#[tokio::test]
async fn feedback_of_an_event_is_replaced() {
    let service = Service::start();
    let client = service.client();
    let event = "0123456789abcdef0123456789ABCDEF";
    for comments in ["first", "second"] {
        let body = models::UserFeedbackCreate::new(comments, "a@example.com", event, "Anna");
        let call = client.submit_project_user_feedback(ORGANIZATION, PROJECT, &body);
        call.send().await.expect("it is stored");
    }
    let feedback = client
        .list_project_user_feedback(ORGANIZATION, PROJECT)
        .send()
        .await;
    let feedback = feedback.expect("it is listed").value;
    assert_eq!(feedback.len(), 2);
    assert_eq!(feedback[0].comments.as_deref(), Some("second"));
}

#[tokio::test]
async fn a_query_that_cannot_be_searched_for_is_refused() {
    let (_service, client) = Service::start_with_client();
    for query in [
        "is:happy",
        "age:-24h",
        "times_seen:>5",
        "fruit:apple OR fruit:pear",
        "(fruit:apple)",
        "duration:>5",
        &"a ".repeat(101),
    ] {
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .query(query)
            .send();
        assert_eq!(status(issues.await), 400, "{query}");
        let events = client
            .list_project_events(ORGANIZATION, PROJECT)
            .query(query)
            .send();
        assert_eq!(status(events.await), 400, "{query}");
    }
    let conditions = client
        .query_organization_events(ORGANIZATION, ["fruit", "count()"])
        .query("count():>1");
    assert_eq!(status(conditions.send().await), 400);
}

#[tokio::test]
async fn lists_of_issues_are_limited_to_environments_and_ordered() {
    let (_service, client) = Service::start_with_client();
    for (environment, expected) in [("production", 2), ("staging", 0)] {
        let issues = client
            .list_organization_issues(ORGANIZATION)
            .environment([environment]);
        let issues = issues.send().await.expect("they are listed").value;
        assert_eq!(issues.len(), expected, "{environment}");
        let events = client.list_issue_events("1").environment([environment]);
        let events = events.send().await.expect("they are listed").value;
        assert_eq!(events.len(), expected, "{environment}");
        let values = client.list_issue_tag_values("1", "fruit");
        let values = values.environment([environment]).send().await;
        assert_eq!(values.expect("they are listed").value.len(), expected / 2);
        let table = client
            .query_organization_events(ORGANIZATION, ["fruit", "count()"])
            .environment([environment]);
        let table = table.send().await.expect("there is a table").value;
        assert_eq!(table.data.expect("rows").len(), expected, "{environment}");
    }
    for (sort, first) in [
        (models::IssueSort::Date, "2"),
        (models::IssueSort::Frequency, "1"),
        (models::IssueSort::User, "1"),
    ] {
        let issues = client.list_organization_issues(ORGANIZATION).sort(sort);
        let issues = issues.send().await.expect("they are listed").value;
        assert_eq!(issues[0].id.as_deref(), Some(first));
    }
    for sort in [models::IssueSort::Inbox, models::IssueSort::Trends] {
        let issues = client.list_organization_issues(ORGANIZATION).sort(sort);
        assert_eq!(status(issues.send().await), 400);
    }
    let view = client.list_organization_issues(ORGANIZATION).view_id("7");
    assert_eq!(status(view.send().await), 400);
}

#[tokio::test]
async fn an_issue_is_looked_up_by_its_short_id() {
    let (_service, client) = Service::start_with_client();
    let issues = || {
        client
            .list_organization_issues(ORGANIZATION)
            .query("SHOP-2")
    };
    let found = issues()
        .short_id_lookup(models::IssueShortIdLookup::Yes)
        .send();
    let found = found.await.expect("they are listed").value;
    assert_eq!(found[0].id.as_deref(), Some("2"));
    let found = issues().send().await.expect("they are listed").value;
    assert_eq!(found.len(), 0);
}

#[tokio::test]
async fn a_list_of_issues_has_statistics_where_they_are_wanted() {
    let (_service, client) = Service::start_with_client();
    let issues = client
        .list_organization_issues(ORGANIZATION)
        .group_stats_period(models::IssueStatsPeriod::FourteenDays);
    let issues = issues.send().await.expect("they are listed").value;
    let stats = issues[1].stats.as_ref().expect("it has statistics");
    let counts = stats["14d"].iter().map(|(_, count)| count);
    assert!((counts.sum::<f64>() - 2.0).abs() < 0.1, "{stats:?}");
    let issues = client.list_organization_issues(ORGANIZATION).send().await;
    assert_eq!(issues.expect("they are listed").value[0].stats, None);
}

#[tokio::test]
async fn events_are_searched_one_by_one_and_ordered() {
    let (_service, client) = Service::start_with_client();
    // Both events of the issue have the fruit, and one of them the user.
    let events = client.list_issue_events("1").query("user.id:2");
    let events = events.send().await.expect("they are listed").value;
    assert_eq!(events.len(), 1);
    let newest = client.list_issue_events("1").send().await;
    let mut newest = newest.expect("they are listed").value;
    let oldest = client.list_issue_events("1").sort("timestamp").send().await;
    newest.reverse();
    assert_eq!(oldest.expect("they are listed").value, newest);
    let sample = client.list_issue_events("1").sample(true).send().await;
    let sample = sample.expect("they are listed").value;
    assert!(sample[0].id < sample[1].id);
    let other = client.list_issue_events("1").sort("title");
    assert_eq!(status(other.send().await), 400);
}

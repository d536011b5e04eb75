//! Alert rules, integrations and the health of releases.

use sentry_api::models;
use sentry_api::types::Uri;

use crate::http;
use crate::process::{ORGANIZATION, PROJECT, Service, status};

#[tokio::test]
async fn alert_rules_are_listed_with_the_projects_that_they_watch() {
    let (_service, client) = Service::start_with_client();
    let rules = client.list_organization_alert_rules(ORGANIZATION);
    let rules = rules.send().await.expect("they are listed").value;
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].projects, Some(vec![PROJECT.to_owned()]));
    assert_eq!(rules[0].include_all_projects, Some(false));
}

#[tokio::test]
async fn an_issue_is_linked_to_one_of_another_service() {
    let (_service, client) = Service::start_with_client();
    let installed = client.list_organization_sentry_app_installations(ORGANIZATION);
    let installed = installed.send().await.expect("they are listed").value;
    let uuid = installed[0].uuid.clone().expect("it has one");
    let url = Uri::from_text("https://tracker.example.com/7");
    let link = models::ExternalIssueCreate::new("7", 1, "shop", url.clone());
    let linked = client.create_external_issue(&uuid, &link).send().await;
    let linked = linked.expect("it is linked").value;
    assert_eq!(linked.display_name.as_deref(), Some("shop#7"));
    assert_eq!(linked.service_type.as_deref(), Some("tracker"));
    assert_eq!(linked.web_url, Some(url.clone()));
    let other = models::ExternalIssueCreate::new("7", 99, "shop", url);
    let missing = client.create_external_issue(&uuid, &other).send().await;
    assert_eq!(status(missing), 404);
    let id = linked.id.expect("it has one");
    let deleted = client.delete_external_issue(&uuid, &id).send().await;
    deleted.expect("it is deleted");
    let again = client.delete_external_issue(&uuid, &id).send().await;
    assert_eq!(status(again), 404);
}

#[tokio::test]
async fn sessions_that_are_sent_are_counted() {
    let (service, client) = Service::start_with_client();
    let keys = client
        .list_project_client_keys(ORGANIZATION, PROJECT)
        .send();
    let keys = keys.await.expect("they are listed").value;
    let key = keys[0].public.clone().expect("it has one");
    let attributes = r#""attrs":{"release":"shop@1.0.0","environment":"production"}"#;
    let session = |id: &str, user: &str, status: &str| {
        format!(
            "{{\"type\":\"session\"}}\n\
             {{\"sid\":\"{id}\",\"did\":\"{user}\",\"status\":\"{status}\",{attributes}}}\n"
        )
    };
    let numbers = format!(
        "{{\"type\":\"sessions\"}}\n{{\"aggregates\":[{{\"exited\":5,\"errored\":1}}],{attributes}}}\n"
    );
    let items = [
        session("1", "a", "crashed"),
        session("1", "a", "ok"),
        session("2", "b", "exited"),
        numbers,
    ];
    send(&service, &key, &format!("{{}}\n{}", items.concat()));

    let field = |name: &str| name.to_owned();
    let stats = client.retrieve_organization_session_stats(
        ORGANIZATION,
        [
            "sum(session)",
            "crash_rate(session)",
            "crash_free_rate(user)",
        ]
        .map(field),
    );
    let stats = stats
        .stats_period("24h")
        .send()
        .await
        .expect("they are counted")
        .value;
    let groups = stats.groups.expect("there are groups");
    let totals = groups[0].totals.as_ref().expect("there are totals");
    assert_eq!(totals["sum(session)"], Some(8.0));
    assert_eq!(totals["crash_rate(session)"], Some(0.125));
    assert_eq!(totals["crash_free_rate(user)"], Some(0.5));
    let series = groups[0].series.as_ref().expect("there are series");
    let intervals = stats.intervals.expect("there are intervals");
    assert_eq!(series["sum(session)"].len(), intervals.len());
    assert_eq!(series["sum(session)"].iter().flatten().sum::<f64>(), 8.0);

    let by_status = client
        .retrieve_organization_session_stats(ORGANIZATION, [field("sum(session)")])
        .group_by([field("session.status")])
        .order_by("-sum(session)");
    let by_status = by_status.send().await.expect("they are counted").value;
    let groups = by_status.groups.expect("there are groups");
    let found = groups.iter().map(|group| {
        let by = group.by.as_ref().expect("it has keys")["session.status"].clone();
        let Some(models::StatsGroupKey::Name(name)) = by else {
            return (String::new(), None);
        };
        let totals = group.totals.as_ref().expect("there are totals");
        (name, totals["sum(session)"])
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found[0], ("healthy".to_owned(), Some(6.0)));
    assert!(
        found.contains(&("crashed".to_owned(), Some(1.0))),
        "{found:?}"
    );
    assert!(
        found.contains(&("errored".to_owned(), Some(1.0))),
        "{found:?}"
    );

    let release = client.retrieve_organization_release(ORGANIZATION, "shop@1.0.0");
    let release = release
        .health(true)
        .send()
        .await
        .expect("it is there")
        .value;
    let project = &release.projects.expect("it has projects")[0];
    assert_eq!(project.has_health_data, Some(true));
    let health = project.health_data.as_ref().expect("it has health");
    assert_eq!(
        (health.total_sessions, health.sessions_crashed),
        (Some(8), Some(1))
    );
    assert_eq!(health.crash_free_sessions, Some(87.5));
    assert_eq!(
        (health.total_users, health.crash_free_users),
        (Some(2), Some(50.0))
    );
    let listed = client
        .list_organization_releases(ORGANIZATION)
        .health(true)
        .send()
        .await;
    let listed = &listed.expect("they are listed").value[0];
    let project = &listed.projects.as_ref().expect("it has projects")[0];
    assert_eq!(project.health_data.as_ref(), Some(health));

    let pages = || {
        let stats =
            client.retrieve_organization_session_stats(ORGANIZATION, [field("sum(session)")]);
        stats.group_by(["session.status"]).per_page(2)
    };
    let first = pages().send().await.expect("there are numbers").value;
    let second = pages().cursor("0:2:0").send().await;
    let second = second.expect("there are numbers").value;
    let (first, second) = (
        first.groups.expect("groups"),
        second.groups.expect("groups"),
    );
    assert_eq!((first.len(), second.len()), (2, 1));
    assert_ne!(first[0].by, second[0].by);

    let wrong = client.retrieve_organization_session_stats(ORGANIZATION, [field("sum(cats)")]);
    assert_eq!(status(wrong.send().await), 400);
}

/// Sends an envelope as an SDK does.
fn send(service: &Service, key: &str, envelope: &str) {
    let path = format!("/api/1/envelope/?sentry_key={key}");
    let response = http::send(service, "POST", &path, &[], envelope.as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
}

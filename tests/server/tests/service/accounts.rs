//! Organizations, members, teams, projects, keys, hooks and filters.

use sentry_api::models;
use sentry_api::types::{Change, Uri};

use crate::process::{ORGANIZATION, PROJECT, Service, status};

#[tokio::test]
async fn an_organization_is_updated() {
    let service = Service::start();
    let client = service.client();
    let update = models::OrganizationUpdate {
        name: Some("Renamed".to_owned()),
        slug: Some("renamed".to_owned()),
        is_early_adopter: Some(true),
        safe_fields: Some(vec!["name".to_owned()]),
        ..models::OrganizationUpdate::default()
    };
    client
        .update_organization(ORGANIZATION, &update)
        .send()
        .await
        .expect("it is updated");
    assert_eq!(
        status(client.retrieve_organization(ORGANIZATION).send().await),
        404
    );
    let found = client
        .retrieve_organization("renamed")
        .send()
        .await
        .expect("it is there")
        .value;
    assert_eq!(found.name.as_deref(), Some("Renamed"));
    assert_eq!(found.is_early_adopter, Some(true));
    assert_eq!(found.safe_fields, update.safe_fields);
    let all = client
        .list_organizations()
        .send()
        .await
        .expect("they are listed")
        .value;
    assert_eq!(
        all.iter()
            .map(|one| one.slug.as_deref())
            .collect::<Vec<_>>(),
        [Some("renamed")]
    );
}

#[tokio::test]
async fn the_only_owner_cannot_be_removed() {
    let service = Service::start();
    let client = service.client();
    let me = client
        .retrieve_organization_member(ORGANIZATION, "me")
        .send()
        .await;
    let me = me.expect("the user is a member").value.id.expect("an id");
    let removed = client
        .delete_organization_member(ORGANIZATION, &me)
        .send()
        .await;
    assert_eq!(status(removed), 403);
}

#[tokio::test]
async fn a_team_is_created_listed_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let create = models::TeamCreate {
        name: "The Backend!".into(),
        ..models::TeamCreate::default()
    };
    let team = client
        .create_team(ORGANIZATION, &create)
        .send()
        .await
        .expect("it is created");
    assert_eq!(team.status.as_u16(), 201);
    assert_eq!(team.value.slug.as_deref(), Some("the-backend"));
    assert_eq!(team.value.member_count, Some(1));
    let again = client.create_team(ORGANIZATION, &create).send().await;
    assert_eq!(status(again), 409);
    let update = models::TeamUpdate {
        slug: Some("backend".to_owned()),
        ..models::TeamUpdate::default()
    };
    client
        .update_team(ORGANIZATION, "the-backend", &update)
        .send()
        .await
        .expect("it is updated");
    let found = client
        .list_organization_teams(ORGANIZATION)
        .query("BACK")
        .send()
        .await;
    let found = found.expect("they are listed").value;
    assert_eq!(
        found
            .iter()
            .map(|team| team.slug.as_deref())
            .collect::<Vec<_>>(),
        [Some("backend")]
    );
    client
        .delete_team(ORGANIZATION, "backend")
        .send()
        .await
        .expect("it is deleted");
    assert_eq!(
        status(client.retrieve_team(ORGANIZATION, "backend").send().await),
        404
    );
}

#[tokio::test]
async fn a_project_is_created_listed_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let mut create = models::ProjectCreate::new("Web Site");
    create.platform = "javascript".into();
    let call = || client.create_project(ORGANIZATION, "shop-team", &create);
    let project = call().send().await.expect("it is created").value;
    assert_eq!(project.slug.as_deref(), Some("web-site"));
    assert_eq!(status(call().send().await), 409);
    // A project comes with a key.
    let keys = client
        .list_project_client_keys(ORGANIZATION, "web-site")
        .send()
        .await;
    assert_eq!(keys.expect("they are listed").value.len(), 1);
    let update = models::ProjectUpdate {
        name: Some("Site".to_owned()),
        platform: Change::Clear,
        resolve_age: Change::Set(720),
        ..models::ProjectUpdate::default()
    };
    let updated = client
        .update_project(ORGANIZATION, "web-site", &update)
        .send()
        .await;
    let updated = updated.expect("it is updated").value;
    assert_eq!(updated.name.as_deref(), Some("Site"));
    assert_eq!((updated.platform, updated.resolve_age), (None, Some(720)));
    client
        .remove_team_from_project(ORGANIZATION, "web-site", "shop-team")
        .send()
        .await
        .expect("it is removed");
    let of_team = client
        .list_team_projects(ORGANIZATION, "shop-team")
        .send()
        .await;
    assert_eq!(of_team.expect("they are listed").value.len(), 1);
    client
        .delete_project(ORGANIZATION, "web-site")
        .send()
        .await
        .expect("it is deleted");
    assert_eq!(
        status(
            client
                .retrieve_project(ORGANIZATION, "web-site")
                .send()
                .await
        ),
        404
    );
}

#[tokio::test]
async fn a_key_is_created_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let create = models::ClientKeyCreate {
        name: "Mobile".into(),
        ..models::ClientKeyCreate::default()
    };
    let key = client
        .create_project_client_key(ORGANIZATION, PROJECT, &create)
        .send()
        .await;
    let key = key.expect("it is created").value;
    let id = key.id.expect("an id");
    let public = key.dsn.expect("a DSN").public.expect("a public DSN");
    assert!(
        public.starts_with("http://") && public.contains("@127.0.0.1:"),
        "{public}"
    );
    let update = models::ClientKeyUpdate {
        is_active: Some(false),
        rate_limit: Change::Set(models::ClientKeyRateLimitInput {
            count: Change::Set(10),
            window: Change::Set(60),
        }),
        ..models::ClientKeyUpdate::default()
    };
    let call = client.update_project_client_key(ORGANIZATION, PROJECT, &id, &update);
    let updated = call.send().await.expect("it is updated").value;
    assert_eq!(updated.name.as_deref(), Some("Mobile"));
    assert_eq!(updated.rate_limit.and_then(|limit| limit.count), Some(10));
    let inactive = client
        .list_project_client_keys(ORGANIZATION, PROJECT)
        .status("inactive");
    let inactive = inactive.send().await.expect("they are listed").value;
    assert_eq!(
        inactive
            .iter()
            .map(|key| key.id.as_ref())
            .collect::<Vec<_>>(),
        [Some(&id)]
    );
    client
        .delete_project_client_key(ORGANIZATION, PROJECT, &id)
        .send()
        .await
        .expect("it is deleted");
    let found = client
        .retrieve_project_client_key(ORGANIZATION, PROJECT, &id)
        .send()
        .await;
    assert_eq!(status(found), 404);
}

#[tokio::test]
async fn a_hook_is_created_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let url = |text: &str| Uri::from_text(text);
    let events = vec!["event.created".to_owned()];
    let create = models::ServiceHookCreate::new(events.clone(), url("https://example.com/hook"));
    let hook = client
        .create_project_service_hook(ORGANIZATION, PROJECT, &create)
        .send()
        .await;
    let hook = hook.expect("it is created").value;
    let id = hook.id.expect("an id");
    let update = models::ServiceHookUpdate::new(events.clone(), url("javascript:alert(1)"));
    let call = client.update_project_service_hook(ORGANIZATION, PROJECT, &id, &update);
    assert_eq!(status(call.send().await), 400);
    let update = models::ServiceHookUpdate::new(events, url("https://example.com/other"));
    let call = client.update_project_service_hook(ORGANIZATION, PROJECT, &id, &update);
    call.send().await.expect("it is updated");
    let all = client
        .list_project_service_hooks(ORGANIZATION, PROJECT)
        .send()
        .await;
    let all = all.expect("they are listed").value;
    assert_eq!(all[0].url, Some(url("https://example.com/other")));
    client
        .delete_project_service_hook(ORGANIZATION, PROJECT, &id)
        .send()
        .await
        .expect("it is deleted");
    let again = client
        .delete_project_service_hook(ORGANIZATION, PROJECT, &id)
        .send()
        .await;
    assert_eq!(status(again), 404);
}

#[tokio::test]
async fn a_filter_is_turned_on() {
    let service = Service::start();
    let client = service.client();
    let update = models::ProjectFilterUpdate {
        active: Some(true),
        ..models::ProjectFilterUpdate::default()
    };
    let call = |id| {
        client
            .update_project_filter(ORGANIZATION, PROJECT, id, &update)
            .send()
    };
    call("localhost").await.expect("it is updated");
    assert_eq!(status(call("no-such-filter").await), 404);
    let filters = client
        .list_project_filters(ORGANIZATION, PROJECT)
        .send()
        .await;
    let filters = filters.expect("they are listed").value;
    let active = filters
        .iter()
        .filter(|filter| filter.active == Some(models::ProjectFilterActive::Active(true)));
    assert_eq!(
        active
            .map(|filter| filter.id.as_deref())
            .collect::<Vec<_>>(),
        [Some("localhost")]
    );
}

#[tokio::test]
async fn parts_of_teams_and_projects_are_left_out() {
    let (_service, client) = Service::start_with_client();
    let list = || client.list_organization_teams(ORGANIZATION);
    let teams = list().send().await.expect("they are listed").value;
    let projects = teams[0].projects.as_ref().expect("it has projects");
    assert_eq!(projects[0].slug.as_deref(), Some(PROJECT));
    let teams = list()
        .detailed("0")
        .send()
        .await
        .expect("they are listed")
        .value;
    assert_eq!(teams[0].projects, None);
    let team = client.retrieve_team(ORGANIZATION, "shop-team");
    let team = team
        .expand("projects")
        .collapse("organization")
        .send()
        .await;
    let team = team.expect("it is there").value;
    assert_eq!(team.projects.map(|projects| projects.len()), Some(1));
    assert_eq!(team.organization, None);
    let project = client.retrieve_project(ORGANIZATION, PROJECT);
    let project = project.collapse(["organization"]).send().await;
    assert_eq!(project.expect("it is there").value.organization, None);
}

#[tokio::test]
async fn organizations_are_ordered() {
    let (_service, client) = Service::start_with_client();
    let list = || client.list_organizations();
    for sort in ["members", "projects", "events"] {
        let found = list().sort_by(sort).send().await;
        assert_eq!(found.expect("they are listed").value.len(), 1, "{sort}");
    }
    assert_eq!(status(list().sort_by("mood").send().await), 400);
}

//! Releases with commits, deploys and files, and debug files.

use sentry_api::models;
use sentry_api::types::{Binary, Change, Timestamp};

use crate::process::{ORGANIZATION, PROJECT, Service, status};

const VERSION: &str = "web@2.0.0";

fn release() -> models::ReleaseCreate {
    models::ReleaseCreate::new(vec![PROJECT.into()], VERSION)
}

#[tokio::test]
async fn the_projects_of_a_release_are_looked_up_once_each_and_limited() {
    let service = Service::start();
    let client = service.client();
    let same = models::ReleaseCreate::new(vec![PROJECT.into(); 40_000], VERSION);
    let created = client.create_organization_release(ORGANIZATION, &same);
    let created = created.send().await.expect("it is created");
    assert_eq!(created.status.as_u16(), 201);
    let different: Vec<_> = (0..1_001)
        .map(|id| models::ReleaseProjectRef::String(format!("shop-{id}")))
        .collect();
    let different = models::ReleaseCreate::new(different, VERSION);
    let refused = client.create_organization_release(ORGANIZATION, &different);
    let refused = refused.send().await.expect_err("there are too many");
    assert!(
        format!("{refused:?}").contains("At most 1000 projects."),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_release_is_created_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let create = || {
        client
            .create_organization_release(ORGANIZATION, &release())
            .send()
    };
    assert_eq!(create().await.expect("it is created").status.as_u16(), 201);
    assert_eq!(create().await.expect("it is there").status.as_u16(), 208);
    let update = models::ReleaseUpdate {
        date_released: Change::Set(Timestamp::from_text("2026-01-02T03:04:05+01:00")),
        status: Some(models::ReleaseStatus::Archived),
        ..models::ReleaseUpdate::default()
    };
    let updated = client
        .update_organization_release(ORGANIZATION, VERSION, &update)
        .send()
        .await;
    let updated = updated.expect("it is updated").value;
    assert_eq!(
        updated.date_released,
        Some(Timestamp::from_text("2026-01-02T02:04:05.000Z"))
    );
    let listed = |status| {
        client
            .list_organization_releases(ORGANIZATION)
            .status(status)
            .send()
    };
    let archived = listed(models::ReleaseStatus::Archived)
        .await
        .expect("they are listed")
        .value;
    assert_eq!(archived.len(), 1);
    client
        .delete_organization_release(ORGANIZATION, VERSION)
        .send()
        .await
        .expect("it is deleted");
    let found = client
        .retrieve_organization_release(ORGANIZATION, VERSION)
        .send()
        .await;
    assert_eq!(status(found), 404);
}

#[tokio::test]
async fn a_release_needs_a_project_and_a_version_that_a_path_can_have() {
    let service = Service::start();
    let client = service.client();
    // A client may name a project by the number that its id is.
    let by_id = models::ReleaseCreate::new(vec![1.into()], "by-id");
    let created = client
        .create_organization_release(ORGANIZATION, &by_id)
        .send()
        .await;
    created.expect("it is created");
    for (projects, version) in [
        (vec![], VERSION),
        (vec!["other"], VERSION),
        (vec![PROJECT], "a/b"),
    ] {
        let projects: Vec<_> = projects.into_iter().map(Into::into).collect();
        let create = models::ReleaseCreate::new(projects, version);
        let created = client
            .create_organization_release(ORGANIZATION, &create)
            .send()
            .await;
        assert_eq!(status(created), 400, "{create:?}");
    }
    // The transaction is rolled back as a whole.
    let found = client
        .retrieve_organization_release(ORGANIZATION, VERSION)
        .send()
        .await;
    assert_eq!(status(found), 404);
}

#[tokio::test]
async fn commits_replace_those_before() {
    let service = Service::start();
    let client = service.client();
    let commit = |id: &str| {
        let file = models::CommitFileCreate::new("a.rs", models::CommitFileChange::Modified);
        let commit = models::CommitCreate::default()
            .with_id(id)
            .with_repository("example/shop");
        commit.with_patch_set(vec![file])
    };
    let create = release().with_commits(vec![commit("b2"), commit("b1")]);
    client
        .create_organization_release(ORGANIZATION, &create)
        .send()
        .await
        .expect("it is created");
    let files = client
        .list_organization_release_commit_files(ORGANIZATION, VERSION)
        .send()
        .await;
    assert_eq!(files.expect("they are listed").value.len(), 2);
    let update = models::ReleaseUpdate {
        commits: Some(vec![commit("c1")]),
        ..models::ReleaseUpdate::default()
    };
    let updated = client
        .update_organization_release(ORGANIZATION, VERSION, &update)
        .send()
        .await;
    assert_eq!(updated.expect("it is updated").value.commit_count, Some(1));
    let commits = client
        .list_project_release_commits(ORGANIZATION, PROJECT, VERSION)
        .send()
        .await;
    let commits = commits.expect("they are listed").value;
    assert_eq!(
        commits
            .iter()
            .map(|one| one.id.as_deref())
            .collect::<Vec<_>>(),
        [Some("c1")]
    );
}

#[tokio::test]
async fn deploys_are_listed_with_the_newest_first() {
    let service = Service::start();
    let client = service.client();
    for environment in ["staging", "production"] {
        let deploy = models::DeployCreate::new(environment);
        let call = client.create_organization_release_deploy(ORGANIZATION, "shop@1.0.0", &deploy);
        call.send().await.expect("it is created");
    }
    let deploys = client.list_organization_release_deploys(ORGANIZATION, "shop@1.0.0");
    let deploys = deploys.send().await.expect("they are listed").value;
    let environments = deploys
        .iter()
        .filter_map(|deploy| deploy.environment.as_deref());
    assert_eq!(
        environments.collect::<Vec<_>>(),
        ["production", "staging", "production"]
    );
}

#[tokio::test]
async fn a_file_is_uploaded_downloaded_renamed_and_deleted() {
    let service = Service::start();
    let client = service.client();
    client
        .create_organization_release(ORGANIZATION, &release())
        .send()
        .await
        .expect("it is created");
    let upload = models::ReleaseFileUpload {
        name: Some("~/app.js".to_owned()),
        header: Some(vec!["Sourcemap: app.js.map".to_owned()]),
        ..models::ReleaseFileUpload::new(Binary::from(&b"let a;\0"[..]).with_file_name("app.js"))
    };
    let upload = || {
        client
            .upload_organization_release_file(ORGANIZATION, VERSION, &upload)
            .send()
    };
    let file = upload().await.expect("it is uploaded").value;
    assert_eq!(
        file.sha1.as_deref(),
        Some("a66630e5528f58e18c47ce12c7414411bf5c1eff")
    );
    assert_eq!(file.headers.expect("headers")["Sourcemap"], "app.js.map");
    assert_eq!(status(upload().await), 409);
    let id = file.id.expect("an id");
    let call = client.retrieve_organization_release_file(ORGANIZATION, VERSION, &id);
    let content = call
        .download(true)
        .send_as_bytes()
        .send()
        .await
        .expect("it is downloaded");
    assert_eq!(&content.value[..], b"let a;\0");
    let update = models::ReleaseFileUpdate {
        name: Some("~/main.js".to_owned()),
        ..models::ReleaseFileUpdate::default()
    };
    let call = client.update_project_release_file(ORGANIZATION, PROJECT, VERSION, &id, &update);
    call.send().await.expect("it is renamed");
    let files = client
        .list_organization_release_files(ORGANIZATION, VERSION)
        .query(["main"]);
    assert_eq!(files.send().await.expect("they are listed").value.len(), 1);
    let delete = || {
        client
            .delete_organization_release_file(ORGANIZATION, VERSION, &id)
            .send()
    };
    delete().await.expect("it is deleted");
    assert_eq!(status(delete().await), 404);
}

#[tokio::test]
async fn a_debug_file_says_what_it_is() {
    let service = Service::start();
    let client = service.client();
    let content = "MODULE Linux x86_64 DFB8E43AF2423D73A453AEB6A777EF750 shop\n";
    let upload = |content| models::DebugFileUpload::new(Binary::from(content));
    let call = |content| {
        client
            .upload_project_debug_file(ORGANIZATION, PROJECT, &upload(content))
            .send()
    };
    call(content).await.expect("it is uploaded");
    assert_eq!(status(call("nothing that debuggers read").await), 400);
    let debug_id = "dfb8e43a-f242-3d73-a453-aeb6a777ef75";
    let files = client
        .list_project_debug_files(ORGANIZATION, PROJECT)
        .debug_id(debug_id);
    let files = files.send().await.expect("they are listed").value;
    assert_eq!(files[0].object_name.as_deref(), Some("shop"));
    let id = files[0].id.as_deref().expect("an id");
    let deleted = client
        .delete_project_debug_file(ORGANIZATION, PROJECT, id)
        .send()
        .await;
    deleted.expect("it is deleted");
}

#[tokio::test]
async fn releases_are_listed_by_environment_and_ordered() {
    let (_service, client) = Service::start_with_client();
    let release = models::ReleaseCreate::new(vec![PROJECT.into()], "shop@2.0.0");
    let created = client
        .create_organization_release(ORGANIZATION, &release)
        .send();
    created.await.expect("it is created");
    let list = || client.list_organization_releases(ORGANIZATION);
    for (environment, expected) in [("production", 1), ("staging", 0)] {
        let found = list().environment([environment]).send().await;
        let found = found.expect("they are listed").value;
        assert_eq!(found.len(), expected, "{environment}");
    }
    let found = list().sort(models::ReleaseSort::Sessions).send().await;
    assert_eq!(found.expect("they are listed").value.len(), 2);
    let wrong = list()
        .sort(models::ReleaseSort::CrashFreeUsers)
        .send()
        .await;
    assert_eq!(status(wrong), 400);
    let one = || client.retrieve_organization_release(ORGANIZATION, "shop@2.0.0");
    assert!(one().project(PROJECT).send().await.is_ok());
    assert_eq!(status(one().project("other").send().await), 404);
}

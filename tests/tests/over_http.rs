//! The emitted client and server over real HTTP, as a downstream crate uses them.

use sentry_api::client::{Client, Error, RetryPolicy};
use sentry_api::models::Project;
use sentry_api::server::operations::projects::{
    self, Projects, RetrieveProjectRequest, RetrieveProjectResponse,
};
use sentry_api::server::{Reply, RequestContext, Service};

struct OneOperation;

impl Service for OneOperation {
    type Error = Reply;
    type Principal = ();
}

impl Projects for OneOperation {
    async fn retrieve_project(
        &self,
        _context: &RequestContext,
        request: RetrieveProjectRequest,
    ) -> Result<RetrieveProjectResponse, Reply> {
        // The description promises `id` and `name`: without them, the response would be a 500.
        let project = Project {
            id: Some("1".to_owned()),
            name: Some(request.project_id_or_slug.clone()),
            slug: Some(request.project_id_or_slug),
            ..Project::default()
        };
        Ok(RetrieveProjectResponse::Ok(project))
    }
}

async fn client() -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = projects::router(OneOperation).into_make_service();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let builder = Client::builder()
        .base_url(format!("http://{address}"))
        .token("secret");
    builder.retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn an_implemented_operation_responds_typed() {
    let response = client()
        .await
        .retrieve_project("acme", "a b/c")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.value.slug.as_deref(), Some("a b/c"));
}

#[tokio::test]
async fn an_operation_that_is_not_implemented_responds_with_501_as_json() {
    let error = client()
        .await
        .delete_project("acme", "shop")
        .send()
        .await
        .unwrap_err();
    let Error::Status(response) = error else {
        panic!("{error:?}")
    };
    assert_eq!(response.status, 501);
    assert_eq!(response.headers["content-type"], "application/json");
    assert!(
        response
            .detail()
            .is_some_and(|detail| detail.contains("deleteProject")),
        "{response:?}"
    );
}

#[tokio::test]
async fn an_operation_of_a_group_that_is_not_mounted_responds_with_501_as_well() {
    let client = client().await;
    let calls = [
        client
            .retrieve_team("acme", "shop")
            .raw()
            .await
            .unwrap_err(),
        // Another group has the path with another method.
        client
            .create_team("acme", &Default::default())
            .raw()
            .await
            .unwrap_err(),
    ];
    for error in calls {
        let response = error.response().expect("the server responds");
        assert_eq!(response.status, 501);
        let detail = response.detail().expect("an operation that is not mounted");
        assert!(detail.contains("Team"), "{detail}");
    }
}

/// The server and two of its groups by globs: a name that all groups have, such as `routes`, needs its module.
#[allow(
    unused_qualifications,
    reason = "the lint takes the name from the first glob"
)]
mod globs {
    use std::sync::Arc;

    use sentry_api::server::operations::projects::*;
    use sentry_api::server::operations::teams::*;
    use sentry_api::server::*;

    struct Both;

    impl Service for Both {
        type Error = Reply;
        type Principal = ();
    }

    impl Projects for Both {}

    impl Teams for Both {
        async fn retrieve_team(
            &self,
            _context: &RequestContext,
            _request: RetrieveTeamRequest,
        ) -> Result<RetrieveTeamResponse, Reply> {
            Ok(Reply::empty(status(204)).into())
        }
    }

    pub(super) fn router() -> axum::Router {
        let api = Arc::new(Both);
        let projects = operations::projects::routes(&api);
        projects.and(operations::teams::routes(&api)).into_router()
    }
}

#[tokio::test]
async fn groups_can_be_imported_by_globs() {
    let client = Client::builder().base_url("http://localhost");
    let client = client.service(globs::router()).build().unwrap();
    let team = client.retrieve_team("acme", "shop").raw().await.unwrap();
    assert_eq!(team.status, 204);
    let project = client.retrieve_project("acme", "shop").raw().await;
    assert_eq!(
        project.unwrap_err().status().map(|status| status.as_u16()),
        Some(501)
    );
}

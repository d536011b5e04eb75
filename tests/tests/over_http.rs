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
        let project = Project {
            slug: Some(request.project_id_or_slug),
            ..Project::default()
        };
        Ok(RetrieveProjectResponse::Ok(project))
    }
}

async fn client() -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, projects::router(OneOperation)).await });
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

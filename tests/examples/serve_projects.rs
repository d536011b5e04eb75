//! Serves one operation of the group `Projects`; the others answer 501 as JSON: `cargo run --example serve_projects`.

use sentry_api::models::Project;
use sentry_api::server::operations::projects::{
    self, Projects, RetrieveProjectRequest, RetrieveProjectResponse,
};
use sentry_api::server::{Limits, Reply, RequestContext, Service, serve};

struct Api;

impl Service for Api {
    type Error = Reply;
    type Principal = ();
}

impl Projects for Api {
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

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    // An operation of the groups that have no route is responded to with 501, too.
    let router = axum::Router::new().nest("/api/0", projects::router(Api));
    let shutdown = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, router, Limits::default(), shutdown).await;
    Ok(())
}

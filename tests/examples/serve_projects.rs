//! Serves one operation of the group `Projects`; the others answer 501 as JSON: `cargo run --example serve_projects`.

use sentry_api::models::Project;
use sentry_api::server::operations::projects::{
    self, Projects, RetrieveProjectRequest, RetrieveProjectResponse,
};
use sentry_api::server::{Reply, RequestContext, Service};

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
        let project = Project {
            slug: Some(request.project_id_or_slug),
            ..Project::default()
        };
        Ok(RetrieveProjectResponse::Ok(project))
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, projects::router(Api)).await
}

//! Serves one operation; the others of its group answer with 501: `minimal-server 127.0.0.1:8080`, or port 0 for any that is free.

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
        // The description promises `id` and `name`.
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
    let address = std::env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:8080");
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    let shutdown = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, projects::router(Api), Limits::default(), shutdown).await;
    Ok(())
}

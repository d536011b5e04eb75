//! Two implementations of a group behind one type, exchanged while they are served: `cargo run --example exchange_implementations`.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use sentry_api::client::{Client, Error};
use sentry_api::models::Project;
use sentry_api::server::operations::projects::{
    self, Projects, RetrieveProjectRequest, RetrieveProjectResponse,
};
use sentry_api::server::{Problem, Reply, RequestContext, Service};
use tower::ServiceExt;

/// Knows every project.
struct Demo;

/// Knows no project yet.
struct Empty;

impl Service for Demo {
    type Error = Reply;
    type Principal = ();
}

impl Service for Empty {
    type Error = Problem;
    type Principal = ();
}

impl Projects for Demo {
    async fn retrieve_project(
        &self,
        _context: &RequestContext,
        request: RetrieveProjectRequest,
    ) -> Result<RetrieveProjectResponse, Reply> {
        let project = Project {
            id: Some("1".to_owned()),
            name: Some(request.project_id_or_slug.clone()),
            slug: Some(request.project_id_or_slug),
            ..Project::default()
        };
        Ok(RetrieveProjectResponse::Ok(project))
    }
}

impl Projects for Empty {
    async fn retrieve_project(
        &self,
        _context: &RequestContext,
        _request: RetrieveProjectRequest,
    ) -> Result<RetrieveProjectResponse, Problem> {
        Err(Problem::new(StatusCode::NOT_FOUND, "no such project"))
    }
}

/// The implementation that serves the requests, which another one can replace at any time. What has begun is ended by the
/// one that it was begun with.
#[derive(Clone)]
pub struct Current(Arc<RwLock<Router>>);

impl Current {
    /// Begins with an implementation.
    pub fn new(api: impl Projects) -> Self {
        Self(Arc::new(RwLock::new(projects::router(api))))
    }

    /// Has another one serve all requests from now on.
    pub fn exchange(&self, api: impl Projects) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = projects::router(api);
    }

    /// The router to serve.
    pub fn router(&self) -> Router {
        let current = Arc::clone(&self.0);
        let serve = move |request: Request| {
            let router = current
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            router.oneshot(request)
        };
        Router::new().nest("/api/0", Router::new().fallback(serve))
    }
}

/// The names of a project before and after the exchange.
pub async fn run() -> Result<[Option<String>; 2], Error> {
    let current = Current::new(Empty);
    let client = Client::builder().service(current.router()).build()?;
    let name = async || match client.retrieve_project("acme", "shop").send().await {
        Ok(project) => Ok(project.value.name),
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    };
    let before = name().await?;
    current.exchange(Demo);
    Ok([before, name().await?])
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Error> {
    println!("{:?}", run().await?);
    Ok(())
}

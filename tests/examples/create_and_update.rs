//! Creates a project, changes it, and clears a property: `SENTRY_TOKEN=… cargo run --example create_and_update -- my-organization my-team`.
//!
//! `SENTRY_URL` is another server than sentry.io, such as `http://127.0.0.1:8000/api/0`.

use sentry_api::client::{Client, Error};
use sentry_api::models::{Project, ProjectCreate, ProjectUpdate};
use sentry_api::types::Change;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let organization = arguments.next().ok_or("which organization?")?;
    let team = arguments.next().ok_or("which team?")?;
    let mut builder = Client::builder().token(std::env::var("SENTRY_TOKEN")?);
    if let Ok(url) = std::env::var("SENTRY_URL") {
        builder = builder.base_url(url);
    }
    let project = run(&builder.build()?, &organization, &team).await?;
    println!("{:?} on {:?}", project.slug, project.platform);
    Ok(())
}

/// Creates a project for Python, which then is renamed and is for no platform.
pub async fn run(client: &Client, organization: &str, team: &str) -> Result<Project, Error> {
    let new = ProjectCreate {
        platform: "python".into(),
        ..ProjectCreate::new("Checkout")
    };
    let created = client.create_project(organization, team, &new).send().await;
    let slug = match created {
        Ok(response) => response.value.slug.unwrap_or_default(),
        // Somebody has created it before: the API answers 409.
        Err(error) if error.status().is_some_and(|it| it == 409) => "checkout".to_owned(),
        Err(error) => return Err(error),
    };
    // What is left out stays as it is; `Change::Clear` is sent as null.
    let update = ProjectUpdate {
        name: Some("Checkout service".to_owned()),
        platform: Change::Clear,
        ..ProjectUpdate::default()
    };
    let updated = client.update_project(organization, slug, &update);
    Ok(updated.send().await?.into_inner())
}

//! A client for a service that runs for months: time limits, repetitions, pauses, log lines:
//! `SENTRY_TOKEN=… cargo run --example careful_client -- my-organization`.
//!
//! `SENTRY_URL` is another server than sentry.io, such as `http://127.0.0.1:8000/api/0`.

use std::time::Duration;

use sentry_api::client::{Client, ClientBuilder, Error, RetryPolicy};

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Each attempt is a span in OpenTelemetry's names; any subscriber of `tracing` can export them.
    tracing_subscriber::fmt()
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .init();
    let organization = std::env::args().nth(1).ok_or("which organization?")?;
    let mut builder = careful().token(std::env::var("SENTRY_TOKEN")?);
    if let Ok(url) = std::env::var("SENTRY_URL") {
        builder = builder.base_url(url);
    }
    let names = run(&builder.build()?, &organization).await?;
    println!("{}", names.join("\n"));
    Ok(())
}

/// The settings.
pub fn careful() -> ClientBuilder {
    Client::builder()
        // A call with all of its attempts, pauses and bodies; silence of the server; connecting.
        .deadline(Duration::from_secs(60))
        .read_timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(3))
        // Only what does no harm is sent again, five times at most.
        .retry(RetryPolicy {
            attempts: 5,
            ..RetryPolicy::default()
        })
        // The service must not be the one that takes the API down.
        .retry_budget(20)
        .max_in_flight(8)
        .pace_by_rate_limit()
        .after_attempt(|attempt, outcome| {
            if let Some(error) = outcome.error {
                tracing::warn!(
                    error,
                    attempt = attempt.number,
                    operation = attempt.operation.id
                );
            }
        })
}

/// The names of the projects of an organization, within two seconds a page.
pub async fn run(client: &Client, organization: &str) -> Result<Vec<String>, Error> {
    let projects = client.list_organization_projects(organization);
    let mut projects = projects.timeout(Duration::from_secs(2)).items();
    let (mut names, mut slow_pages) = (Vec::new(), 0);
    while let Some(project) = projects.next_item().await {
        match project {
            Ok(project) => names.extend(project.name),
            // The page at which the list has stopped can be tried again.
            Err(Error::Timeout(_)) if slow_pages < 3 && projects.retry() => slow_pages += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

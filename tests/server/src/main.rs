//! A small Sentry-compatible service on the emitted server traits, with SQLite.
//!
//! `cargo run -p example-server -- --port 8000 --database sentry.db` starts it, fills an empty database, and prints one line
//! of JSON: the URL, a token, and the slugs of an organization and a project. It listens on this machine only.
//! `--fake` takes the API's description in place of all that is written here. Either way, `/api/0/reference` shows it.
//!
//! `README.md` says in which order to read it: from here to `app.rs`, then one group of operations, `hooks.rs`.

mod alerts;
mod app;
mod authentication;
mod check_ins;
mod checksum;
mod columns;
mod commits;
mod database;
mod debug_files;
mod deploys;
mod discover;
mod error;
mod events;
mod feedback;
mod filters;
mod hooks;
mod ingest;
mod integrations;
mod issue_changes;
mod issue_list;
mod issue_tags;
mod issues;
mod keys;
mod members;
mod monitors;
mod organizations;
mod outcomes;
mod page;
mod projects;
mod release_changes;
mod release_files;
mod release_health;
mod releases;
mod repositories;
mod scim;
mod scim_groups;
mod scim_users;
mod search;
mod seed;
mod sentry_cli;
mod slug;
mod stats;
mod teams;
mod undescribed;

use std::io::{self, Write, stdout};
use std::net::Ipv4Addr;
use std::path::PathBuf;

use axum::Router;
use axum::middleware::map_response;
use clap::Parser;
use sentry_api::server::fake::FakeApi;
use sentry_api::server::{Limits, document, serve};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::error::Error;

/// A small Sentry-compatible service.
#[derive(Parser)]
struct Arguments {
    /// The port to listen on; 0 is a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The file of the database. Without one, the data is gone when the service ends.
    #[arg(long)]
    database: Option<PathBuf>,
    /// The scopes of the token, such as `org:read,project:read`; all of them if none are given.
    #[arg(long, value_delimiter = ',')]
    scopes: Option<Vec<String>>,
    /// Respond from the API's description alone, with values that follow from a seed, 1 if none is given.
    #[arg(long, value_name = "SEED", num_args = 0..=1, default_missing_value = "1", conflicts_with = "database")]
    fake: Option<u64>,
}

/// The line that is printed when the service is ready.
#[derive(Serialize)]
struct Ready {
    url: String,
    #[serde(flatten)]
    account: seed::Account,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let arguments = Arguments::parse();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (router, account) = match arguments.fake {
        Some(seed) => fake(seed),
        None => {
            let (app, account) = App::open(
                arguments.database.as_deref(),
                &url,
                arguments.scopes.as_deref(),
            )?;
            (app.router(), account)
        }
    };
    let shutdown = shutdown()?;
    let ready = columns::to_json(&Ready { url, account })?;
    writeln!(stdout(), "{ready}")?;
    let router = router.layer(map_response(error::as_json));
    serve(listener, router, Limits::default(), shutdown).await;
    Ok(())
}

/// The signals that end the service: `SIGINT` of a terminal, and `SIGTERM` of a supervisor. It listens before it is ready,
/// so that none of them is missed.
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// All operations without an implementation. Any token will do.
fn fake(seed: u64) -> (Router, seed::Account) {
    let account = seed::Account {
        token: "fake".to_owned(),
        organization: Some("example".to_owned()),
        project: Some("shop".to_owned()),
    };
    let api = FakeApi::new(seed).router().merge(document());
    (Router::new().nest("/api/0", api), account)
}

//! What a new database starts with, so that every list has something to show.

use rusqlite::{OptionalExtension, Transaction};
use sentry_api::models;
use serde::Serialize;
use serde_json::json;

use crate::app::Session;
use crate::authentication::{User, add_token};
use crate::error::Error;
use crate::ingest::events;
use crate::{check_ins, deploys, monitors, projects, release_changes, teams};

const EMAIL: &str = "owner@example.com";
const RELEASE: &str = "shop@1.0.0";

/// What a client needs to sign in.
#[derive(Serialize)]
pub(crate) struct Account {
    pub(crate) token: String,
    pub(crate) organization: Option<String>,
    pub(crate) project: Option<String>,
}

/// Fills an empty database. Each start makes a new token; those of earlier starts stay valid.
pub(crate) fn plant(
    transaction: &Transaction,
    scopes: Option<&[String]>,
) -> Result<Account, Error> {
    let user = "SELECT id FROM users WHERE email = ?1";
    let user = transaction
        .query_row(user, [EMAIL], |row| row.get(0))
        .optional()?;
    let user = match user {
        Some(user) => user,
        None => fill(transaction)?,
    };
    let token = "SELECT 'sntryu_' || lower(hex(randomblob(32)))";
    let token: String = transaction.query_row(token, [], |row| row.get(0))?;
    add_token(transaction, user, &token, scopes)?;
    let slugs = transaction.query_row(
        "SELECT o.slug, p.slug FROM members m JOIN organizations o ON o.id = m.organization_id
         LEFT JOIN projects p ON p.organization_id = o.id WHERE m.user_id = ?1 ORDER BY o.id, p.id",
        [user],
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let (organization, project) = slugs.optional()?.unwrap_or_default();
    Ok(Account {
        token,
        organization,
        project,
    })
}

/// One of everything. Returns the id of the user.
fn fill(transaction: &Transaction) -> Result<i64, Error> {
    let insert = |sql: &str| -> Result<i64, Error> {
        transaction.execute(sql, [])?;
        Ok(transaction.last_insert_rowid())
    };
    let user =
        insert("INSERT INTO users (email, name) VALUES ('owner@example.com', 'Olive Owner')")?;
    let organization =
        insert("INSERT INTO organizations (slug, name) VALUES ('example', 'Example')")?;
    transaction.execute(
        "INSERT INTO members (organization_id, user_id, email, role) VALUES (?1, ?2, ?3, 'owner')",
        (organization, user, EMAIL),
    )?;
    let member = transaction.last_insert_rowid();
    transaction.execute(
        "INSERT INTO repositories (organization_id, name, url, provider_id, provider_name)
         VALUES (?1, 'example/shop', 'https://github.com/example/shop', 'github', 'GitHub')",
        [organization],
    )?;
    let email = EMAIL.to_owned();
    let owner = User {
        id: user,
        email,
        scopes: None,
    };
    let session = Session::new(transaction, owner, "");
    let team = teams::create(&session, organization, "Shop Team", Some("shop-team"))?;
    session.execute("INSERT INTO team_members VALUES (?1, ?2)", (team, member))?;
    let mut project = models::ProjectCreate::new("Shop");
    project.platform = "python".into();
    let project = projects::create(&session, organization, &project)?;
    projects::add_team(&session, project, team)?;
    release(&session, organization)?;
    send_events(&session, project)?;
    monitor(&session, organization)?;
    transaction.execute(
        "INSERT INTO alert_rules (organization_id, project_id, name, query)
         VALUES (?1, ?2, 'Out of stock', 'fruit:apple')",
        (organization, project),
    )?;
    transaction.execute(
        "INSERT INTO installations (organization_id, app_id, app_slug) VALUES (?1, 1, 'tracker')",
        [organization],
    )?;
    Ok(user)
}

fn release(session: &Session, organization: i64) -> Result<(), Error> {
    let file = models::CommitFileCreate::new("shop/apples.py", models::CommitFileChange::Added);
    let commit = models::CommitCreate::default()
        .with_id("5d3c1b0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b")
        .with_repository("example/shop")
        .with_message("Sell apples, too")
        .with_author_name("Olive Owner")
        .with_author_email(EMAIL)
        .with_patch_set(vec![file]);
    let release = models::ReleaseCreate::new(vec!["shop".into()], RELEASE)
        .with_url("https://example.com/releases/1.0.0")
        .with_commits(vec![commit]);
    release_changes::create(session, organization, release)?;
    let release = session.release_of(organization, RELEASE)?;
    let deploy = models::DeployCreate::new("production").with_name("first");
    deploys::create(session, release, deploy).map(drop)
}

fn send_events(session: &Session, project: i64) -> Result<(), Error> {
    let now = jiff::Timestamp::now().as_second();
    for (minutes, user, fruit) in [(3, "1", "apple"), (2, "2", "apple"), (1, "1", "pear")] {
        let event = json!({
            "timestamp": now - 60 * minutes,
            "platform": "python",
            "level": "error",
            "release": RELEASE,
            "environment": "production",
            "transaction": "shop.views.buy",
            "exception": {"values": [{"type": "OutOfStock", "value": format!("no {fruit} left")}]},
            "tags": {"fruit": fruit},
            "user": {"id": user, "email": format!("customer{user}@example.com")},
        });
        let id = events::store(session, project, &event)?;
        if fruit == "pear" {
            session.execute(
                "INSERT INTO feedback (project_id, event_id, name, email, comments)
                 VALUES (?1, ?2, 'Carl', 'customer1@example.com', 'I wanted a pear.')",
                (project, id),
            )?;
        }
    }
    Ok(())
}

fn monitor(session: &Session, organization: i64) -> Result<(), Error> {
    let schedule = models::MonitorSchedule::Crontab("0 5 * * *".to_owned());
    let config = models::MonitorConfigInput::new(schedule);
    let monitor = models::MonitorInput::new(config, "Nightly backup", "shop");
    let monitor = monitors::save(session, organization, None, monitor)?;
    let check_in = models::CheckInCreate::default().with_status(models::CheckInStatus::Ok);
    let monitor = monitor.id.unwrap_or_default();
    check_ins::create(session, &monitor, &check_in).map(drop)
}

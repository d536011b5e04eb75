//! The service, and what a request runs in: one transaction of the database, on behalf of a user.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use rusqlite::{Connection, Params, Row, Transaction};
use sentry_api::operation::Operation;
use sentry_api::server::{
    Problem, Reply, RequestContext, Service, Validation, document, operations,
};
use tokio::task::spawn_blocking;

use crate::authentication::{self, User};
use crate::columns::to_json;
use crate::database::Database;
use crate::error::Error;
use crate::{ingest, seed, sentry_cli};

/// The most bytes of a body, and of one with a file. What SDKs send has limits of its own, in `ingest`.
const LARGEST_BODY: usize = 4 << 20;
const LARGEST_UPLOAD: usize = 64 << 20;

/// The service. A clone is the same service.
#[derive(Clone)]
pub(crate) struct App {
    database: Arc<Database>,
    /// The origin of its URLs, without a slash at the end.
    pub(crate) origin: Arc<str>,
}

/// A request, and the user that it is made for.
pub(crate) type Context = RequestContext<User>;

impl Service for App {
    type Error = Error;

    type Principal = User;

    async fn authenticate(&self, context: &RequestContext) -> Result<User, Reply> {
        let user = self.user(context.bearer_token()).await?;
        if !user.may_call(context.operation()) {
            return Err(Error::Forbidden.into());
        }
        Ok(user)
    }

    fn validation(&self, operation: &'static Operation) -> Validation {
        let mut contents = operation.body.iter();
        let is_upload = contents.any(|content| content.media_type == "multipart/form-data");
        Validation {
            body_limit: is_upload.then_some(LARGEST_UPLOAD),
            ..Validation::default()
        }
    }

    /// The API has one body for all errors.
    fn reject(&self, _: &'static Operation, problem: Problem) -> Reply {
        Error::from(problem).into()
    }
}

impl App {
    /// Opens the database and fills an empty one. Returns the service and what to sign in with: a token with these scopes.
    pub(crate) fn open(
        file: Option<&Path>,
        origin: &str,
        scopes: Option<&[String]>,
    ) -> Result<(Self, seed::Account), Error> {
        let database = Database::open(file)?;
        let account = database.write(|transaction| seed::plant(transaction, scopes))?;
        let app = Self {
            database: Arc::new(database),
            origin: origin.into(),
        };
        Ok((app, account))
    }

    /// All operations of the API below its base path, and the paths of `sentry_cli`, for users with a token.
    pub(crate) fn router(self) -> Router {
        let api = operations::router(self.clone())
            .merge(sentry_cli::router(self.clone()))
            .merge(document());
        let ingest = ingest::router(self.clone());
        sentry_cli::root(self)
            .nest("/api/0", api)
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .merge(ingest)
    }

    /// Runs `work` in one transaction, on a thread that may block. It writes unless the method is a safe one.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let user = context.principal.clone();
        self.transact(user, &context.method, work).await
    }

    /// [`run`](Self::run) for a request that is not one of the operations.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        user: User,
        method: &Method,
        work: impl FnOnce(&Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let only_reads = method.is_safe();
        let run = move || {
            let work =
                |transaction: &Transaction| work(&Session::new(transaction, user, &app.origin));
            if only_reads {
                app.database.read(work)
            } else {
                app.database.write(work)
            }
        };
        spawn_blocking(run).await?
    }
}

impl App {
    /// The user of a token.
    pub(crate) async fn user(&self, token: Option<&str>) -> Result<User, Error> {
        let hash = authentication::hash(token.ok_or(Error::Unauthorized)?);
        self.read(move |transaction| authentication::find(transaction, &hash))
            .await
    }

    /// Runs `work` in one transaction that reads, for requests without a user.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let database = Arc::clone(&self.database);
        spawn_blocking(move || database.read(work)).await?
    }

    /// Runs `work` in one transaction that writes, for requests without a user.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let database = Arc::clone(&self.database);
        spawn_blocking(move || database.write(work)).await?
    }
}

/// The transaction of a request. It is also the connection.
pub(crate) struct Session<'a> {
    transaction: &'a Transaction<'a>,
    /// Who makes the request.
    pub(crate) user: User,
    /// The origin of the service's URLs.
    pub(crate) origin: &'a str,
}

impl Deref for Session<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.transaction
    }
}

impl<'a> Session<'a> {
    pub(crate) fn new(transaction: &'a Transaction<'a>, user: User, origin: &'a str) -> Self {
        Self {
            transaction,
            user,
            origin,
        }
    }

    /// The first row of a query; without one, the error is 404.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        Ok(self.prepare_cached(sql)?.query_row(parameters, read)?)
    }

    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.prepare_cached(sql)?;
        let rows = statement.query_map(parameters, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Changes rows; if there are none, the error is 404.
    pub(crate) fn change(&self, sql: &str, parameters: impl Params) -> Result<(), Error> {
        match self.prepare_cached(sql)?.execute(parameters)? {
            0 => Err(Error::NotFound),
            _ => Ok(()),
        }
    }

    /// The organization, if the user is a member of it.
    pub(crate) fn organization(&self, id_or_slug: &str) -> Result<i64, Error> {
        self.id(
            "SELECT o.id FROM organizations o JOIN members m ON m.organization_id = o.id
             WHERE m.user_id = ?1 AND m.active AND (o.slug = ?2 OR CAST(o.id AS TEXT) = ?2)",
            (self.user.id, id_or_slug),
        )
    }

    /// A team of an organization.
    pub(crate) fn team(&self, organization: i64, id_or_slug: &str) -> Result<i64, Error> {
        self.id(
            "SELECT id FROM teams
             WHERE organization_id = ?1 AND (slug = ?2 OR CAST(id AS TEXT) = ?2)",
            (organization, id_or_slug),
        )
    }

    /// A project of an organization.
    pub(crate) fn project_of(&self, organization: i64, id_or_slug: &str) -> Result<i64, Error> {
        self.id(
            "SELECT id FROM projects
             WHERE organization_id = ?1 AND (slug = ?2 OR CAST(id AS TEXT) = ?2)",
            (organization, id_or_slug),
        )
    }

    /// A project by the path of most of its operations.
    pub(crate) fn project(&self, organization: &str, project: &str) -> Result<i64, Error> {
        self.project_of(self.organization(organization)?, project)
    }

    /// The projects that a list is limited to: all of the organization unless the request names some. `-1` is all of them.
    pub(crate) fn project_ids(
        &self,
        organization: i64,
        named: Option<Vec<String>>,
    ) -> Result<Vec<i64>, Error> {
        let named = named.unwrap_or_default();
        if named.is_empty() || named.iter().any(|name| name == "-1") {
            let sql = "SELECT id FROM projects WHERE organization_id = ?1";
            return self.all(sql, [organization], |row| row.get(0));
        }
        let ids = named.iter().map(|name| self.project_of(organization, name));
        ids.collect()
    }

    /// [`project_ids`](Self::project_ids) as JSON, for `json_each` in a query.
    pub(crate) fn projects(
        &self,
        organization: i64,
        named: Option<Vec<String>>,
    ) -> Result<String, Error> {
        to_json(&self.project_ids(organization, named)?)
    }

    fn id(&self, sql: &str, parameters: impl Params) -> Result<i64, Error> {
        self.one(sql, parameters, |row| row.get(0))
    }
}

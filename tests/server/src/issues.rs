//! Issues.

use rusqlite::{Params, Row};
use sentry_api::models;
use sentry_api::server::operations::issues::*;
use sentry_api::types::Uri;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, time};
use crate::error::Error;
use crate::issue_changes::{self, Changes};
use crate::issue_tags::Tags;
use crate::page::{List, Page};
use crate::search::{Search, Span};
use crate::{events, issue_list, issue_tags};

const SELECT: &str =
    "SELECT i.*, p.platform, o.slug AS organization, upper(p.slug) || '-' || i.number AS short_id,
     json_object('id', CAST(p.id AS TEXT), 'slug', p.slug, 'name', p.name,
         'platform', p.platform) AS project,
     (SELECT count(*) FROM events e WHERE e.issue_id = i.id) AS count,
     (SELECT count(DISTINCT e.user) FROM events e WHERE e.issue_id = i.id) AS user_count,
     (SELECT count(*) FROM feedback f JOIN events e ON (e.project_id, e.id) = (f.project_id, f.event_id)
      WHERE e.issue_id = i.id) AS user_report_count
     FROM issues i JOIN projects p ON p.id = i.project_id
     JOIN organizations o ON o.id = p.organization_id";

impl Issues for App {
    async fn list_organization_issues(
        &self,
        context: &Context,
        request: ListOrganizationIssuesRequest,
    ) -> Result<ListOrganizationIssuesResponse, Error> {
        let page = self.page(context, request.cursor, Some(request.limit))?;
        let (start, end) = (request.start.as_ref(), request.end.as_ref());
        let search = Search {
            query: request.query,
            environments: request.environment,
            span: Span::new(start, end, request.stats_period.as_deref())?,
        };
        Error::unless_absent("viewId", request.view_id.as_ref())?;
        let order = issue_list::order(&request.sort)?;
        let issues = self.run(context, move |session| {
            let organization = &request.organization_id_or_slug;
            if let Some(id) =
                issue_list::looked_up(session, organization, request.short_id_lookup, &search)
            {
                return self::page(session, &page, "i.id = ?1", [id]);
            }
            let organization = session.organization(organization)?;
            let projects = session.projects(organization, request.project)?;
            let issues = issue_list::search(session, &page, &projects, &search, order)?;
            issue_list::with_stats(session, issues, request.group_stats_period.as_ref())
        });
        let issues = issues.await?;
        Ok(issues.into_response(ListOrganizationIssuesResponse::Ok))
    }

    async fn list_project_issues(
        &self,
        context: &Context,
        request: ListProjectIssuesRequest,
    ) -> Result<ListProjectIssuesResponse, Error> {
        let page = self.page(context, request.cursor, request.limit)?;
        let order = issue_list::order(&request.sort)?;
        let issues = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            if let Some(hash) = request.hashes {
                return self::page(session, &page, "p.id = ?1 AND i.hash = ?2", (project, hash));
            }
            let search = Search {
                query: request.query,
                environments: None,
                span: Span::new(None, None, None)?,
            };
            let organization = &request.organization_id_or_slug;
            if let Some(id) =
                issue_list::looked_up(session, organization, request.short_id_lookup, &search)
            {
                return self::page(session, &page, "i.id = ?1", [id]);
            }
            let issues =
                issue_list::search(session, &page, &format!("[{project}]"), &search, order)?;
            // Here, `statsPeriod` is that of the statistics, too.
            let period = request.stats_period.map(models::IssueStatsPeriod::from);
            issue_list::with_stats(
                session,
                issues,
                request.group_stats_period.or(period).as_ref(),
            )
        });
        Ok(issues.await?.into_response(ListProjectIssuesResponse::Ok))
    }

    async fn retrieve_issue(
        &self,
        context: &Context,
        request: RetrieveIssueRequest,
    ) -> Result<RetrieveIssueResponse, Error> {
        let issue = self.run(context, move |session| {
            find(session, session.issue(&request.issue_id)?)
        });
        Ok(RetrieveIssueResponse::Ok(issue.await?))
    }

    async fn retrieve_organization_issue(
        &self,
        context: &Context,
        request: RetrieveOrganizationIssueRequest,
    ) -> Result<RetrieveOrganizationIssueResponse, Error> {
        let issue = self.run(context, move |session| {
            Error::unless_absent("environment", request.environment.as_ref())?;
            find(
                session,
                session.issue_of(&request.organization_id_or_slug, &request.issue_id)?,
            )
        });
        Ok(RetrieveOrganizationIssueResponse::Ok(issue.await?))
    }

    async fn update_issue(
        &self,
        context: &Context,
        request: UpdateIssueRequest,
    ) -> Result<UpdateIssueResponse, Error> {
        let issue = self.run(context, move |session| {
            let id = session.issue(&request.issue_id)?;
            Changes::from(request.body).apply(session, &[id])?;
            find(session, id)
        });
        Ok(UpdateIssueResponse::Ok(issue.await?))
    }

    async fn update_organization_issue(
        &self,
        context: &Context,
        request: UpdateOrganizationIssueRequest,
    ) -> Result<UpdateOrganizationIssueResponse, Error> {
        let issue = self.run(context, move |session| {
            let id = session.issue_of(&request.organization_id_or_slug, &request.issue_id)?;
            Changes::from(request.body).apply(session, &[id])?;
            find(session, id)
        });
        Ok(UpdateOrganizationIssueResponse::Ok(issue.await?))
    }

    async fn delete_issue(
        &self,
        context: &Context,
        request: DeleteIssueRequest,
    ) -> Result<DeleteIssueResponse, Error> {
        let deleted = self.run(context, move |session| {
            issue_changes::delete(session, session.issue(&request.issue_id)?)
        });
        deleted.await?;
        Ok(DeleteIssueResponse::Accepted)
    }

    async fn delete_organization_issue(
        &self,
        context: &Context,
        request: DeleteOrganizationIssueRequest,
    ) -> Result<DeleteOrganizationIssueResponse, Error> {
        let deleted = self.run(context, move |session| {
            let id = session.issue_of(&request.organization_id_or_slug, &request.issue_id)?;
            issue_changes::delete(session, id)
        });
        deleted.await?;
        Ok(DeleteOrganizationIssueResponse::Accepted)
    }

    async fn bulk_update_project_issues(
        &self,
        context: &Context,
        request: BulkUpdateProjectIssuesRequest,
    ) -> Result<BulkUpdateProjectIssuesResponse, Error> {
        let changes = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let status = request.status.as_deref();
            let ids = issue_changes::select(session, project, request.id, status)?;
            Changes::from(request.body).apply(session, &ids)
        });
        Ok(BulkUpdateProjectIssuesResponse::Ok(changes.await?))
    }

    async fn bulk_delete_project_issues(
        &self,
        context: &Context,
        request: BulkDeleteProjectIssuesRequest,
    ) -> Result<BulkDeleteProjectIssuesResponse, Error> {
        let deleted = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            for id in issue_changes::select(session, project, request.id, None)? {
                issue_changes::delete(session, id)?;
            }
            Ok(())
        });
        deleted.await?;
        Ok(BulkDeleteProjectIssuesResponse::NoContent)
    }

    async fn resolve_organization_short_id(
        &self,
        context: &Context,
        request: ResolveOrganizationShortIdRequest,
    ) -> Result<ResolveOrganizationShortIdResponse, Error> {
        let issue = self.run(context, move |session| {
            find(
                session,
                session.issue_of(&request.organization_id_or_slug, &request.short_id)?,
            )
        });
        let issue = issue.await?;
        let project = issue.project.as_ref();
        Ok(ResolveOrganizationShortIdResponse::Ok(
            models::ShortIdLookup {
                organization_slug: None,
                project_slug: project.and_then(|project| project.slug.clone()),
                short_id: issue.short_id.clone(),
                group_id: issue.id.clone(),
                group: Some(Box::new(issue)),
            },
        ))
    }

    async fn list_issue_hashes(
        &self,
        context: &Context,
        request: ListIssueHashesRequest,
    ) -> Result<ListIssueHashesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let hashes = self.run(context, move |session| {
            let id = session.issue(&request.issue_id)?;
            let latest = events::latest(session, id)?;
            let sql = "SELECT hash FROM issues WHERE id = ?1";
            page.select(session, sql, [id], |row| {
                Ok(models::IssueHash {
                    id: row.get("hash")?,
                    latest_event: latest.clone().map(Box::new),
                    state: Some("unlocked".to_owned()),
                    ..models::IssueHash::default()
                })
            })
        });
        Ok(hashes.await?.into_response(ListIssueHashesResponse::Ok))
    }

    async fn retrieve_issue_tag(
        &self,
        context: &Context,
        request: RetrieveIssueTagRequest,
    ) -> Result<RetrieveIssueTagResponse, Error> {
        let tag = self.run(context, move |session| {
            let id = session.issue(&request.issue_id)?;
            issue_tags::tag(session, id, &request.key, request.environment.as_deref())
        });
        Ok(RetrieveIssueTagResponse::Ok(tag.await?))
    }

    async fn list_issue_tag_values(
        &self,
        context: &Context,
        request: ListIssueTagValuesRequest,
    ) -> Result<ListIssueTagValuesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let values = self.run(context, move |session| {
            let id = session.issue(&request.issue_id)?;
            let tags = Tags {
                filter: "i.id = ?1",
                parameter: id,
                key: &request.key,
                environments: request.environment.as_deref(),
            };
            tags.values(session, &page, request.sort.as_ref())
        });
        Ok(values.await?.into_response(ListIssueTagValuesResponse::Ok))
    }
}

impl Session<'_> {
    /// An issue of any organization of the user.
    pub(crate) fn issue(&self, id: &str) -> Result<i64, Error> {
        self.one(
            "SELECT i.id FROM issues i JOIN projects p ON p.id = i.project_id
             JOIN members m ON m.organization_id = p.organization_id
             WHERE i.id = ?1 AND CAST(i.id AS TEXT) = ?1 AND m.user_id = ?2 AND m.active",
            (id, self.user.id),
            |row| row.get(0),
        )
    }

    /// An issue of an organization, by its id or its short id.
    pub(crate) fn issue_of(&self, organization: &str, id: &str) -> Result<i64, Error> {
        self.one(
            "SELECT i.id FROM issues i JOIN projects p ON p.id = i.project_id
             WHERE p.organization_id = ?1
             AND (CAST(i.id AS TEXT) = ?2 OR upper(p.slug) || '-' || i.number = upper(?2))",
            (self.organization(organization)?, id),
            |row| row.get(0),
        )
    }
}

/// A page of the issues that a filter selects, the last seen first.
pub(crate) fn page(
    session: &Session,
    page: &Page,
    filter: &str,
    parameters: impl Params,
) -> Result<List<models::Issue>, Error> {
    select(
        session,
        page,
        filter,
        parameters,
        "i.last_seen DESC, i.id DESC",
    )
}

/// A page of the issues that a filter selects, in an order.
pub(crate) fn select(
    session: &Session,
    page: &Page,
    filter: &str,
    parameters: impl Params,
    order: &str,
) -> Result<List<models::Issue>, Error> {
    let sql = format!("{SELECT} WHERE {filter} ORDER BY {order}");
    let origin = session.origin.to_owned();
    page.select(session, &sql, parameters, |row| read(row, &origin))
}

/// An issue.
pub(crate) fn find(session: &Session, id: i64) -> Result<models::Issue, Error> {
    let sql = format!("{SELECT} WHERE i.id = ?1");
    session.one(&sql, [id], |row| read(row, session.origin))
}

fn read(row: &Row, origin: &str) -> rusqlite::Result<models::Issue> {
    let (id, organization): (i64, String) = (row.get("id")?, row.get("organization")?);
    let title: String = row.get("title")?;
    let count: i64 = row.get("count")?;
    let text = |column: &str| row.get::<_, String>(column);
    let metadata = models::EventMetadata {
        title: Some(title.clone()),
        ..models::EventMetadata::default()
    };
    let permalink = format!("{origin}/organizations/{organization}/issues/{id}/");
    Ok(models::Issue {
        id: number(row, "id")?,
        short_id: row.get("short_id")?,
        title: Some(title),
        culprit: row.get("culprit")?,
        permalink: Some(Uri::from_text(permalink)),
        r#type: Some(text("type")?.into()),
        metadata: Some(Box::new(metadata)),
        level: Some(text("level")?.into()),
        status: Some(text("status")?.into()),
        substatus: row.get::<_, Option<String>>("substatus")?.map(Into::into),
        status_details: json(row, "status_details")?,
        priority: Some(text("priority")?.into()),
        assigned_to: json(row, "assigned_to")?,
        platform: row.get("platform")?,
        project: json(row, "project")?,
        count: Some(count.to_string()),
        user_count: row.get("user_count")?,
        user_report_count: row.get("user_report_count")?,
        first_seen: time(row, "first_seen")?,
        last_seen: time(row, "last_seen")?,
        has_seen: row.get("has_seen")?,
        is_bookmarked: row.get("is_bookmarked")?,
        is_public: row.get("is_public")?,
        is_subscribed: row.get("is_subscribed")?,
        num_comments: Some(0),
        annotations: Some(Vec::new()),
        ..models::Issue::default()
    })
}

//! Releases. Their files, commits and deploys are in `release_files`, `commits` and `deploys`.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::releases::*;
use sentry_api::types::Timestamp;

use crate::app::{App, Context, Session};
use crate::columns::{json, time, uri};
use crate::error::Error;
use crate::page::{List, Page};
use crate::release_files::Found;
use crate::search::{environments, in_environments};
use crate::{commits, deploys, issues, release_changes, release_files, release_health};

const SELECT: &str = "SELECT r.*,
     (SELECT json_group_array(json_object('id', p.id, 'slug', p.slug, 'name', p.name,
          'platform', p.platform, 'hasHealthData', json(iif(EXISTS (SELECT 1 FROM sessions s
              WHERE s.project_id = p.id AND s.release = r.version), 'true', 'false'))))
      FROM projects p JOIN release_projects rp ON rp.project_id = p.id
      WHERE rp.release_id = r.id) AS projects,
     (SELECT count(*) FROM release_commits rc WHERE rc.release_id = r.id) AS commit_count,
     (SELECT json_object('id', c.hash, 'message', c.message, 'dateCreated', c.date_created)
      FROM commits c JOIN release_commits rc ON rc.commit_id = c.id
      WHERE rc.release_id = r.id ORDER BY rc.position LIMIT 1) AS last_commit,
     (SELECT count(*) FROM deploys d WHERE d.release_id = r.id) AS deploy_count,
     (SELECT json_object('id', CAST(d.id AS TEXT), 'environment', d.environment, 'name', d.name,
          'url', d.url, 'dateStarted', d.date_started, 'dateFinished', d.date_finished)
      FROM deploys d WHERE d.release_id = r.id ORDER BY d.id DESC LIMIT 1) AS last_deploy,
     (SELECT json_array(min(e.date_created), max(e.date_created), count(DISTINCT e.issue_id))
      FROM events e JOIN issues i ON i.id = e.issue_id
      JOIN release_projects rp ON rp.project_id = i.project_id
      WHERE rp.release_id = r.id AND e.release = r.version) AS seen
     FROM releases r";

impl Releases for App {
    async fn list_organization_releases(
        &self,
        context: &Context,
        request: ListOrganizationReleasesRequest,
    ) -> Result<ListOrganizationReleasesResponse, Error> {
        let size = request.per_page.or(Some(request.limit));
        let page = self.page(context, request.cursor, size)?;
        let order = order(request.sort.as_ref())?;
        let releases = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let projects = request.project.filter(|projects| !projects.is_empty());
            let projects = projects.map(|named| session.projects(organization, Some(named)));
            let (of_deploys, of_events) = (in_environments("d", 5), in_environments("e", 5));
            let sql = format!(
                "{SELECT} WHERE r.organization_id = ?1 AND instr(r.version, ?2) AND r.status = ?3
                 AND (?4 IS NULL OR EXISTS (SELECT 1 FROM release_projects rp
                     WHERE rp.release_id = r.id
                     AND rp.project_id IN (SELECT value FROM json_each(?4))))
                 AND (?5 = '[]' OR EXISTS (SELECT 1 FROM deploys d
                     WHERE d.release_id = r.id AND {of_deploys})
                 OR EXISTS (SELECT 1 FROM events e JOIN release_projects rp
                     ON rp.project_id = e.project_id
                     WHERE rp.release_id = r.id AND e.release = r.version AND {of_events}))
                 {order}"
            );
            let version = request.query.unwrap_or_default();
            let status = request.status.unwrap_or(models::ReleaseStatus::Open);
            let parameters = (
                organization,
                version,
                status.as_str(),
                projects.transpose()?,
                environments(request.environment.as_deref())?,
            );
            let releases = page.select(session, &sql, parameters, read)?;
            if !request.health.unwrap_or_default() {
                return Ok(releases);
            }
            releases.try_map(|mut release| {
                release_health::add(session, &mut release, None)?;
                Ok(release)
            })
        });
        let releases = releases.await?;
        Ok(releases.into_response(ListOrganizationReleasesResponse::Ok))
    }

    async fn create_organization_release(
        &self,
        context: &Context,
        request: CreateOrganizationReleaseRequest,
    ) -> Result<CreateOrganizationReleaseResponse, Error> {
        let (created, release) = self
            .run(context, move |session| {
                let organization = session.organization(&request.organization_id_or_slug)?;
                release_changes::create(session, organization, request.body)
            })
            .await?;
        Ok(if created {
            CreateOrganizationReleaseResponse::Created(release)
        } else {
            CreateOrganizationReleaseResponse::AlreadyReported(release)
        })
    }

    async fn retrieve_organization_release(
        &self,
        context: &Context,
        request: RetrieveOrganizationReleaseRequest,
    ) -> Result<RetrieveOrganizationReleaseResponse, Error> {
        let release = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            if let Some(project) = request.project.or(request.project_id) {
                let project = session.project(&request.organization_id_or_slug, &project)?;
                session.release_in(project, &request.version)?;
            }
            let mut release = find(session, id)?;
            if request.health.unwrap_or_default() {
                let period = request.summary_stats_period.as_ref();
                let period = period.map(models::ReleaseStatsPeriod::as_str);
                release_health::add(session, &mut release, period)?;
            }
            Ok(release)
        });
        Ok(RetrieveOrganizationReleaseResponse::Ok(release.await?))
    }

    async fn update_organization_release(
        &self,
        context: &Context,
        request: UpdateOrganizationReleaseRequest,
    ) -> Result<UpdateOrganizationReleaseResponse, Error> {
        let release = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.release_of(organization, &request.version)?;
            release_changes::update(session, organization, id, request.body)?;
            find(session, id)
        });
        Ok(UpdateOrganizationReleaseResponse::Ok(release.await?))
    }

    async fn delete_organization_release(
        &self,
        context: &Context,
        request: DeleteOrganizationReleaseRequest,
    ) -> Result<DeleteOrganizationReleaseResponse, Error> {
        let deleted = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            session.change("DELETE FROM releases WHERE id = ?1", [id])
        });
        deleted.await?;
        Ok(DeleteOrganizationReleaseResponse::NoContent)
    }

    async fn list_organization_release_commits(
        &self,
        context: &Context,
        request: ListOrganizationReleaseCommitsRequest,
    ) -> Result<ListOrganizationReleaseCommitsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let commits = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            commits::of_release(session, &page, id)
        });
        let commits = commits.await?;
        Ok(commits.into_response(ListOrganizationReleaseCommitsResponse::Ok))
    }

    async fn retrieve_organization_session_stats(
        &self,
        context: &Context,
        request: RetrieveOrganizationSessionStatsRequest,
    ) -> Result<RetrieveOrganizationSessionStatsResponse, Error> {
        let page = self.page(context, request.cursor.clone(), request.per_page)?;
        let table = self.run(context, move |session| {
            release_health::table(session, &page, request)
        });
        let (groups, table) = table.await?;
        let table = |groups| models::StatsTable {
            groups: Some(groups),
            ..table
        };
        Ok(groups
            .into_response(|groups| RetrieveOrganizationSessionStatsResponse::Ok(table(groups))))
    }

    async fn list_project_release_commits(
        &self,
        context: &Context,
        request: ListProjectReleaseCommitsRequest,
    ) -> Result<ListProjectReleaseCommitsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let commits = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            commits::of_release(session, &page, id)
        });
        let commits = commits.await?;
        Ok(commits.into_response(ListProjectReleaseCommitsResponse::Ok))
    }

    async fn list_organization_release_commit_files(
        &self,
        context: &Context,
        request: ListOrganizationReleaseCommitFilesRequest,
    ) -> Result<ListOrganizationReleaseCommitFilesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let files = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            commits::files_of_release(session, &page, id)
        });
        let files = files.await?;
        Ok(files.into_response(ListOrganizationReleaseCommitFilesResponse::Ok))
    }

    async fn list_organization_release_deploys(
        &self,
        context: &Context,
        request: ListOrganizationReleaseDeploysRequest,
    ) -> Result<ListOrganizationReleaseDeploysResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let deploys = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            deploys::page(session, &page, id)
        });
        let deploys = deploys.await?;
        Ok(deploys.into_response(ListOrganizationReleaseDeploysResponse::Ok))
    }

    async fn create_organization_release_deploy(
        &self,
        context: &Context,
        request: CreateOrganizationReleaseDeployRequest,
    ) -> Result<CreateOrganizationReleaseDeployResponse, Error> {
        let deploy = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            deploys::create(session, id, request.body)
        });
        Ok(CreateOrganizationReleaseDeployResponse::Created(
            deploy.await?,
        ))
    }

    async fn list_organization_release_files(
        &self,
        context: &Context,
        request: ListOrganizationReleaseFilesRequest,
    ) -> Result<ListOrganizationReleaseFilesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let files = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            release_files::page(session, &page, id, request.query, request.checksum)
        });
        let files = files.await?;
        Ok(files.into_response(ListOrganizationReleaseFilesResponse::Ok))
    }

    async fn list_project_release_files(
        &self,
        context: &Context,
        request: ListProjectReleaseFilesRequest,
    ) -> Result<ListProjectReleaseFilesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let files = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            release_files::page(session, &page, id, request.query, request.checksum)
        });
        let files = files.await?;
        Ok(files.into_response(ListProjectReleaseFilesResponse::Ok))
    }

    async fn upload_organization_release_file(
        &self,
        context: &Context,
        request: UploadOrganizationReleaseFileRequest,
    ) -> Result<UploadOrganizationReleaseFileResponse, Error> {
        let body = request.body.read().await?;
        let file = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            release_files::upload(session, id, body)
        });
        Ok(UploadOrganizationReleaseFileResponse::Created(file.await?))
    }

    async fn upload_project_release_file(
        &self,
        context: &Context,
        request: UploadProjectReleaseFileRequest,
    ) -> Result<UploadProjectReleaseFileResponse, Error> {
        let body = request.body.read().await?;
        let file = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            release_files::upload(session, id, body)
        });
        Ok(UploadProjectReleaseFileResponse::Created(file.await?))
    }

    async fn retrieve_organization_release_file(
        &self,
        context: &Context,
        request: RetrieveOrganizationReleaseFileRequest,
    ) -> Result<RetrieveOrganizationReleaseFileResponse, Error> {
        let file = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            release_files::find(session, id, &request.file_id, request.download)
        });
        Ok(match file.await? {
            Found::Description(file) => RetrieveOrganizationReleaseFileResponse::Ok(file),
            Found::Content(file) => {
                RetrieveOrganizationReleaseFileResponse::OkApplicationOctetStream(file)
            }
        })
    }

    async fn retrieve_project_release_file(
        &self,
        context: &Context,
        request: RetrieveProjectReleaseFileRequest,
    ) -> Result<RetrieveProjectReleaseFileResponse, Error> {
        let file = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            release_files::find(session, id, &request.file_id, request.download)
        });
        Ok(match file.await? {
            Found::Description(file) => RetrieveProjectReleaseFileResponse::Ok(file),
            Found::Content(file) => {
                RetrieveProjectReleaseFileResponse::OkApplicationOctetStream(file)
            }
        })
    }

    async fn update_organization_release_file(
        &self,
        context: &Context,
        request: UpdateOrganizationReleaseFileRequest,
    ) -> Result<UpdateOrganizationReleaseFileResponse, Error> {
        let file = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            release_files::update(session, id, &request.file_id, &request.body)
        });
        Ok(UpdateOrganizationReleaseFileResponse::Ok(file.await?))
    }

    async fn update_project_release_file(
        &self,
        context: &Context,
        request: UpdateProjectReleaseFileRequest,
    ) -> Result<UpdateProjectReleaseFileResponse, Error> {
        let file = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            release_files::update(session, id, &request.file_id, &request.body)
        });
        Ok(UpdateProjectReleaseFileResponse::Ok(file.await?))
    }

    async fn delete_organization_release_file(
        &self,
        context: &Context,
        request: DeleteOrganizationReleaseFileRequest,
    ) -> Result<DeleteOrganizationReleaseFileResponse, Error> {
        let deleted = self.run(context, move |session| {
            let id = session.release(&request.organization_id_or_slug, &request.version)?;
            release_files::delete(session, id, &request.file_id)
        });
        deleted.await?;
        Ok(DeleteOrganizationReleaseFileResponse::NoContent)
    }

    async fn delete_project_release_file(
        &self,
        context: &Context,
        request: DeleteProjectReleaseFileRequest,
    ) -> Result<DeleteProjectReleaseFileResponse, Error> {
        let deleted = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            release_files::delete(session, id, &request.file_id)
        });
        deleted.await?;
        Ok(DeleteProjectReleaseFileResponse::NoContent)
    }

    async fn list_project_release_resolved_issues(
        &self,
        context: &Context,
        request: ListProjectReleaseResolvedIssuesRequest,
    ) -> Result<ListProjectReleaseResolvedIssuesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let issues = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = session.release_in(project, &request.version)?;
            issues::page(
                session,
                &page,
                "p.id = ?1 AND i.resolved_in = ?2",
                [project, id],
            )
        });
        let issues = issues.await?;
        Ok(issues.into_response(ListProjectReleaseResolvedIssuesResponse::Ok))
    }
}

const NEWEST_FIRST: &str = "ORDER BY coalesce(r.date_released, r.date_created) DESC, r.id DESC";

/// The order of a list of releases.
fn order(sort: Option<&models::ReleaseSort>) -> Result<String, Error> {
    let number = match sort {
        None | Some(models::ReleaseSort::Date) => return Ok(NEWEST_FIRST.to_owned()),
        Some(models::ReleaseSort::Sessions) => "total(s.quantity)",
        Some(models::ReleaseSort::Users) => "count(DISTINCT s.user)",
        Some(other) => {
            let detail = format!("Cannot sort by {:?}.", other.as_str());
            return Err(Error::BadRequest(detail));
        }
    };
    Ok(format!(
        "ORDER BY (SELECT {number} FROM sessions s
             JOIN release_projects rp ON rp.project_id = s.project_id
             WHERE rp.release_id = r.id AND s.release = r.version) DESC, r.id DESC"
    ))
}

impl Session<'_> {
    /// A release by the path of most of its operations.
    pub(crate) fn release(&self, organization: &str, version: &str) -> Result<i64, Error> {
        self.release_of(self.organization(organization)?, version)
    }

    /// A release of an organization.
    pub(crate) fn release_of(&self, organization: i64, version: &str) -> Result<i64, Error> {
        self.one(
            "SELECT id FROM releases WHERE organization_id = ?1 AND version = ?2",
            (organization, version),
            |row| row.get(0),
        )
    }

    /// A release of a project.
    pub(crate) fn release_in(&self, project: i64, version: &str) -> Result<i64, Error> {
        self.one(
            "SELECT r.id FROM releases r JOIN release_projects rp ON rp.release_id = r.id
             WHERE rp.project_id = ?1 AND r.version = ?2",
            (project, version),
            |row| row.get(0),
        )
    }
}

/// A release.
pub(crate) fn find(session: &Session, id: i64) -> Result<models::Release, Error> {
    session.one(&format!("{SELECT} WHERE r.id = ?1"), [id], read)
}

/// A page of the releases of a project.
pub(crate) fn of_project(
    session: &Session,
    page: &Page,
    project: i64,
) -> Result<List<models::Release>, Error> {
    let sql = format!(
        "{SELECT} JOIN release_projects of ON of.release_id = r.id AND of.project_id = ?1
         {NEWEST_FIRST}"
    );
    page.select(session, &sql, [project], read)
}

/// The newest release with commits before another one; `None` if that is the first.
pub(crate) fn previous_with_commits(
    session: &Session,
    organization: i64,
    id: i64,
) -> Result<Option<models::Release>, Error> {
    let sql = format!(
        "{SELECT} WHERE r.organization_id = ?1 AND r.id < ?2 AND commit_count > 0
         ORDER BY r.id DESC LIMIT 1"
    );
    let previous = session.one(&sql, [organization, id], read).map(Some);
    match previous {
        Err(Error::NotFound) => Ok(None),
        other => other,
    }
}

fn read(row: &Row) -> rusqlite::Result<models::Release> {
    let version: String = row.get("version")?;
    let seen: Option<(Option<Timestamp>, Option<Timestamp>, i64)> = json(row, "seen")?;
    let (first_event, last_event, groups) = seen.unwrap_or_default();
    let package = version.split_once('@');
    let (package, description) = package.map_or((None, version.as_str()), |(package, rest)| {
        (Some(package.to_owned()), rest)
    });
    let version_info = models::ReleaseVersionInfo {
        package,
        description: Some(description.to_owned()),
        version: Some(Box::new(models::ReleaseVersion {
            raw: Some(version.clone()),
            ..models::ReleaseVersion::default()
        })),
        ..models::ReleaseVersionInfo::default()
    };
    Ok(models::Release {
        id: row.get("id")?,
        short_version: Some(description.to_owned()),
        version_info: Some(Box::new(version_info)),
        version: Some(version),
        r#ref: row.get("ref")?,
        url: uri(row, "url")?,
        status: row.get("status")?,
        date_created: time(row, "date_created")?,
        date_started: time(row, "date_started")?,
        date_released: time(row, "date_released")?,
        projects: json(row, "projects")?,
        commit_count: row.get("commit_count")?,
        last_commit: json(row, "last_commit")?,
        deploy_count: row.get("deploy_count")?,
        last_deploy: json(row, "last_deploy")?,
        first_event,
        last_event,
        new_groups: Some(groups),
        authors: Some(Vec::new()),
        ..models::Release::default()
    })
}

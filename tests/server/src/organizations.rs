//! Organizations.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::organizations::*;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, options, time};
use crate::error::Error;
use crate::{outcomes, slug, stats, teams};

const SELECT: &str = "SELECT o.* FROM organizations o JOIN members m ON m.organization_id = o.id";

impl Organizations for App {
    async fn list_organizations(
        &self,
        context: &Context,
        request: ListOrganizationsRequest,
    ) -> Result<ListOrganizationsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let organizations = self.run(context, move |session| {
            // All are those of the user, so `member` changes nothing.
            let order = match request.sort_by.as_deref() {
                None | Some("") => "o.date_created DESC",
                Some("members") => {
                    "(SELECT count(*) FROM members n WHERE n.organization_id = o.id) DESC"
                }
                Some("projects") => {
                    "(SELECT count(*) FROM projects p WHERE p.organization_id = o.id) DESC"
                }
                Some("events") => {
                    "(SELECT count(*) FROM events e JOIN projects p ON p.id = e.project_id
                     WHERE p.organization_id = o.id) DESC"
                }
                Some(other) => {
                    return Err(Error::BadRequest(format!("Cannot sort by {other:?}.")));
                }
            };
            let sql = format!(
                "{SELECT} WHERE m.user_id = ?1 AND m.active AND (NOT ?2 OR m.role = 'owner')
                 AND instr(lower(o.slug || ' ' || o.name), lower(?3)) ORDER BY {order}, o.id DESC"
            );
            let owner = request.owner.unwrap_or_default();
            let query = request.query.unwrap_or_default();
            page.select(session, &sql, (session.user.id, owner, query), read)
        });
        let organizations = organizations.await?;
        Ok(organizations.into_response(ListOrganizationsResponse::Ok))
    }

    async fn retrieve_organization(
        &self,
        context: &Context,
        request: RetrieveOrganizationRequest,
    ) -> Result<RetrieveOrganizationResponse, Error> {
        let organization = self.run(context, move |session| {
            let id = session.organization(&request.organization_id_or_slug)?;
            let mut organization = find(session, id)?;
            if request.detailed.as_deref() != Some("0") {
                organization.teams = Some(teams::of_organization(session, id)?);
            }
            Ok(organization)
        });
        Ok(RetrieveOrganizationResponse::Ok(organization.await?))
    }

    async fn update_organization(
        &self,
        context: &Context,
        request: UpdateOrganizationRequest,
    ) -> Result<UpdateOrganizationResponse, Error> {
        let organization = self.run(context, move |session| {
            let id = session.organization(&request.organization_id_or_slug)?;
            update(session, id, &request.body)?;
            find(session, id)
        });
        Ok(UpdateOrganizationResponse::Ok(organization.await?))
    }

    async fn retrieve_organization_stats_v2(
        &self,
        context: &Context,
        request: RetrieveOrganizationStatsV2Request,
    ) -> Result<RetrieveOrganizationStatsV2Response, Error> {
        let table = self.run(context, move |session| outcomes::table(session, request));
        Ok(RetrieveOrganizationStatsV2Response::Ok(table.await?))
    }

    async fn retrieve_organization_stats(
        &self,
        context: &Context,
        request: RetrieveOrganizationStatsRequest,
    ) -> Result<RetrieveOrganizationStatsResponse, Error> {
        use models::OrganizationStats::Received;
        let span = stats::Steps::new(request.since, request.until, request.resolution)?;
        let points = self.run(context, move |session| {
            let id = session.organization(&request.organization_id_or_slug)?;
            // What is received is stored: nothing is rejected.
            let counts = request.stat.is_none_or(|stat| stat == Received);
            span.events(session, "p.organization_id = ?1", counts.then_some(id))
        });
        Ok(RetrieveOrganizationStatsResponse::Ok(points.await?))
    }
}

fn find(session: &Session, id: i64) -> Result<models::Organization, Error> {
    let sql = format!("{SELECT} WHERE m.user_id = ?1 AND o.id = ?2");
    session.one(&sql, (session.user.id, id), read)
}

fn update(session: &Session, id: i64, body: &models::OrganizationUpdate) -> Result<(), Error> {
    if let Some(name) = &body.name {
        slug::check_name("name", name, 64)?;
    }
    if let Some(new) = &body.slug {
        slug::check(new)?;
        let taken = "SELECT count(*) FROM organizations WHERE slug = ?1 AND id != ?2";
        if session.one(taken, (new, id), |row| row.get::<_, bool>(0))? {
            return Err(Error::invalid("slug", "This slug is already in use."));
        }
    }
    // The avatar that a client sends is an image, and the one that it receives a link.
    let options = options(
        body,
        &["name", "slug", "avatar", "avatarType", "cancelDeletion"],
    )?;
    session.change(
        "UPDATE organizations SET name = coalesce(?2, name), slug = coalesce(?3, slug),
         options = json_patch(options, ?4) WHERE id = ?1",
        (id, &body.name, &body.slug, options),
    )
}

fn read(row: &Row) -> rusqlite::Result<models::Organization> {
    let options: models::Organization = json(row, "options")?.unwrap_or_default();
    Ok(models::Organization {
        id: number(row, "id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        date_created: time(row, "date_created")?,
        status: Some(models::OrganizationStatus {
            id: Some("active".to_owned()),
            name: Some("active".to_owned()),
        }),
        features: Some(Vec::new()),
        is_early_adopter: options.is_early_adopter.or(Some(false)),
        require2_fa: options.require2_fa.or(Some(false)),
        require_email_verification: Some(false),
        ..options
    })
}

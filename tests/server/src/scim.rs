//! SCIM, by which an identity provider keeps members (`Users`) and teams (`Groups`).

use sentry_api::models;
use sentry_api::server::operations::scim::*;
use serde_json::Value;

use crate::app::{App, Context};
use crate::error::Error;
use crate::{members, scim_groups as groups, scim_users as users};

/// The schema of every list.
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

impl Scim for App {
    async fn list_organization_scim_groups(
        &self,
        context: &Context,
        request: ListOrganizationScimGroupsRequest,
    ) -> Result<ListOrganizationScimGroupsResponse, Error> {
        let range = Range::new(request.start_index, request.count)?;
        let name = equals(request.filter.as_deref(), "displayName")?;
        let list = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let (total, mut groups) = groups::list(session, organization, name.as_deref(), &range)?;
            let excluded = request.excluded_attributes.unwrap_or_default();
            if excluded.iter().any(|attribute| attribute == "members") {
                groups.iter_mut().for_each(|group| group.members = None);
            }
            Ok(models::ScimGroupList {
                items_per_page: count(groups.len()),
                resources: Some(groups),
                total_results: Some(total),
                start_index: Some(range.start),
                schemas: Some(vec![LIST.to_owned()]),
            })
        });
        Ok(ListOrganizationScimGroupsResponse::Ok(list.await?))
    }

    async fn create_organization_scim_group(
        &self,
        context: &Context,
        request: CreateOrganizationScimGroupRequest,
    ) -> Result<CreateOrganizationScimGroupResponse, Error> {
        let group = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            groups::create(session, organization, &request.body)
        });
        Ok(CreateOrganizationScimGroupResponse::Created(group.await?))
    }

    async fn retrieve_organization_scim_group(
        &self,
        context: &Context,
        request: RetrieveOrganizationScimGroupRequest,
    ) -> Result<RetrieveOrganizationScimGroupResponse, Error> {
        let group = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            groups::find(session, session.team(organization, &request.team_id)?)
        });
        Ok(RetrieveOrganizationScimGroupResponse::Ok(group.await?))
    }

    async fn update_organization_scim_group(
        &self,
        context: &Context,
        request: UpdateOrganizationScimGroupRequest,
    ) -> Result<UpdateOrganizationScimGroupResponse, Error> {
        let updated = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id)?;
            groups::update(session, organization, id, request.body.operations)
        });
        updated.await?;
        Ok(UpdateOrganizationScimGroupResponse::NoContent)
    }

    async fn delete_organization_scim_group(
        &self,
        context: &Context,
        request: DeleteOrganizationScimGroupRequest,
    ) -> Result<DeleteOrganizationScimGroupResponse, Error> {
        let deleted = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id)?;
            session.change("DELETE FROM teams WHERE id = ?1", [id])
        });
        deleted.await?;
        Ok(DeleteOrganizationScimGroupResponse::NoContent)
    }

    async fn list_organization_scim_users(
        &self,
        context: &Context,
        request: ListOrganizationScimUsersRequest,
    ) -> Result<ListOrganizationScimUsersResponse, Error> {
        let range = Range::new(request.start_index, request.count)?;
        let name = equals(request.filter.as_deref(), "userName")?;
        let list = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let (total, users) = users::list(session, organization, name.as_deref(), &range)?;
            Ok(models::ScimUserList {
                items_per_page: count(users.len()),
                resources: Some(users),
                total_results: Some(total),
                start_index: Some(range.start),
                schemas: Some(vec![LIST.to_owned()]),
            })
        });
        Ok(ListOrganizationScimUsersResponse::Ok(list.await?))
    }

    async fn create_organization_scim_user(
        &self,
        context: &Context,
        request: CreateOrganizationScimUserRequest,
    ) -> Result<CreateOrganizationScimUserResponse, Error> {
        let user = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            users::create(session, organization, &request.body)
        });
        Ok(CreateOrganizationScimUserResponse::Created(user.await?))
    }

    async fn retrieve_organization_scim_user(
        &self,
        context: &Context,
        request: RetrieveOrganizationScimUserRequest,
    ) -> Result<RetrieveOrganizationScimUserResponse, Error> {
        let user = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            users::find(
                session,
                members::find(session, organization, &request.member_id)?,
            )
        });
        Ok(RetrieveOrganizationScimUserResponse::Ok(user.await?))
    }

    async fn update_organization_scim_user(
        &self,
        context: &Context,
        request: UpdateOrganizationScimUserRequest,
    ) -> Result<UpdateOrganizationScimUserResponse, Error> {
        let updated = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let operations = request.body.operations;
            users::update(session, organization, &request.member_id, operations)
        });
        updated.await?;
        Ok(UpdateOrganizationScimUserResponse::NoContent)
    }

    async fn delete_organization_scim_user(
        &self,
        context: &Context,
        request: DeleteOrganizationScimUserRequest,
    ) -> Result<DeleteOrganizationScimUserResponse, Error> {
        let removed = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            members::remove(session, organization, &request.member_id)
        });
        removed.await?;
        Ok(DeleteOrganizationScimUserResponse::NoContent)
    }
}

/// A part of a list. SCIM counts from 1.
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) count: i64,
}

impl Range {
    fn new(start: i64, count: i64) -> Result<Self, Error> {
        if start < 1 || !(0..=100).contains(&count) {
            let detail = "startIndex must be at least 1, and count between 0 and 100.";
            return Err(Error::BadRequest(detail.to_owned()));
        }
        Ok(Self { start, count })
    }
}

/// The value of a filter `attribute eq "value"`, the only one that there is.
fn equals(filter: Option<&str>, attribute: &str) -> Result<Option<String>, Error> {
    let Some(filter) = filter.map(str::trim).filter(|filter| !filter.is_empty()) else {
        return Ok(None);
    };
    let mut words = filter.splitn(3, ' ');
    let (name, operator, value) = (words.next(), words.next(), words.next());
    let is_known = name.is_some_and(|name| name.eq_ignore_ascii_case(attribute));
    match (is_known && operator == Some("eq"), value) {
        (true, Some(value)) => Ok(Some(value.trim_matches(['"', '\'']).to_owned())),
        _ => Err(Error::BadRequest("Invalid filter".to_owned())),
    }
}

fn count(length: usize) -> Option<i64> {
    i64::try_from(length).ok()
}

/// `true`, or the text that some identity providers send for it.
pub(crate) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

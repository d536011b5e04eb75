//! SCIM: members as users, teams as groups.

use sentry_api::models::{self, ScimGroupOperationValue, ScimId};

use crate::process::{ORGANIZATION, Service, status};

#[tokio::test]
async fn a_user_is_created_deactivated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let create = models::ScimUserCreate::new("new@example.com");
    let call = || {
        client
            .create_organization_scim_user(ORGANIZATION, &create)
            .send()
    };
    let user = call().await.expect("it is created").value;
    assert_eq!(status(call().await), 400);
    let id = user.id.expect("an id");
    let operation =
        models::ScimUserOperation::new("replace", serde_json::json!({"active": "False"}));
    let patch = models::ScimUserPatch::new(vec![operation]);
    let call = client.update_organization_scim_user(ORGANIZATION, &id, &patch);
    call.send().await.expect("it is updated");
    let list = client.list_organization_scim_users(ORGANIZATION);
    let list = list.filter(r#"userName eq "NEW@example.com""#).send().await;
    let list = list.expect("they are listed").value;
    assert_eq!(list.total_results, Some(1));
    assert_eq!(list.resources.expect("users")[0].active, Some(false));
    client
        .delete_organization_scim_user(ORGANIZATION, &id)
        .send()
        .await
        .expect("it is deleted");
    let found = client
        .retrieve_organization_scim_user(ORGANIZATION, &id)
        .send()
        .await;
    assert_eq!(status(found), 404);
    // The only owner stays.
    let call = client.update_organization_scim_user(ORGANIZATION, "1", &patch);
    assert_eq!(status(call.send().await), 403);
}

#[tokio::test]
async fn a_group_gets_and_loses_members() {
    let service = Service::start();
    let client = service.client();
    let create = models::ScimGroupCreate::new("Night Shift");
    let call = || {
        client
            .create_organization_scim_group(ORGANIZATION, &create)
            .send()
    };
    let group = call().await;
    let id = group.expect("it is created").value.id.expect("an id");
    assert_eq!(status(call().await), 409);
    let mut add = models::ScimGroupOperation::new("add");
    let owner = ScimId::String("1".to_owned());
    let owner = vec![models::ScimGroupMemberInput::new(owner)];
    add.value = Some(ScimGroupOperationValue::Members(owner));
    let mut remove = models::ScimGroupOperation::new("remove");
    remove.path = Some(r#"members[value eq "1"]"#.to_owned());
    for (operation, expected) in [(add, 1), (remove, 0)] {
        let patch = models::ScimGroupPatch::new(vec![operation]);
        let call = client.update_organization_scim_group(ORGANIZATION, &id, &patch);
        call.send().await.expect("it is updated");
        let group = client
            .retrieve_organization_scim_group(ORGANIZATION, &id)
            .send()
            .await;
        let members = group.expect("it is there").value.members.expect("members");
        assert_eq!(members.len(), expected);
    }
    let team = client
        .retrieve_team(ORGANIZATION, "night-shift")
        .send()
        .await;
    assert_eq!(team.expect("a group is a team").value.member_count, Some(0));
    client
        .delete_organization_scim_group(ORGANIZATION, &id)
        .send()
        .await
        .expect("it is deleted");
    assert_eq!(
        status(
            client
                .retrieve_team(ORGANIZATION, "night-shift")
                .send()
                .await
        ),
        404
    );
}

#[tokio::test]
async fn groups_are_listed_without_members() {
    let (_service, client) = Service::start_with_client();
    let list = || client.list_organization_scim_groups(ORGANIZATION);
    let groups = list().send().await.expect("they are listed").value;
    let groups = groups.resources.expect("there are groups");
    assert!(groups[0].members.is_some());
    let groups = list().excluded_attributes(["members"]).send().await;
    let groups = groups.expect("they are listed").value;
    assert_eq!(groups.resources.expect("there are groups")[0].members, None);
}

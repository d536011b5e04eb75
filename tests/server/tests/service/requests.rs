//! What holds for all requests: tokens, pages, and errors.

use sentry_api::models;

use crate::http::send;
use crate::process::{ORGANIZATION, PROJECT, Service, status};

#[tokio::test]
async fn a_request_needs_a_valid_token() {
    let service = Service::start();
    for token in ["wrong", &service.token[1..]] {
        let client = service.client_with(token);
        assert_eq!(
            status(client.list_organizations().send().await),
            401,
            "{token:?}"
        );
    }
}

#[tokio::test]
async fn other_organizations_do_not_exist() {
    let service = Service::start();
    let client = service.client();
    assert_eq!(
        status(client.retrieve_organization("other").send().await),
        404
    );
    assert_eq!(
        status(client.list_organization_teams("other").send().await),
        404
    );
    assert_eq!(
        status(client.retrieve_project("other", PROJECT).send().await),
        404
    );
    assert_eq!(status(client.retrieve_issue("99").send().await), 404);
}

#[tokio::test]
async fn a_list_has_pages() {
    let service = Service::start();
    let client = service.client();
    for number in 0..4 {
        let body = models::TeamCreate {
            slug: format!("team-{number}").into(),
            ..models::TeamCreate::default()
        };
        client
            .create_team(ORGANIZATION, &body)
            .send()
            .await
            .expect("it is created");
    }
    let first = client
        .list_organization_teams(ORGANIZATION)
        .query("team")
        .per_page(2);
    let first = first.send().await.expect("they are listed");
    assert_eq!(first.next_cursor().as_deref(), Some("0:2:0"));
    let mut slugs = Vec::new();
    let mut teams = client
        .list_organization_teams(ORGANIZATION)
        .query("team")
        .per_page(2)
        .items();
    while let Some(team) = teams.next_item().await {
        slugs.extend(team.expect("the pages are there").slug);
    }
    assert_eq!(slugs, ["shop-team", "team-0", "team-1", "team-2", "team-3"]);
}

#[tokio::test]
async fn a_page_that_cannot_be_is_rejected() {
    let service = Service::start();
    let client = service.client();
    let list = || client.list_organization_teams(ORGANIZATION);
    for cursor in [
        "x",
        "0:0",
        "0:-1:0",
        "0:99999999999999999999:0",
        "0:1:2",
        "0:1:0:0",
    ] {
        assert_eq!(status(list().cursor(cursor).send().await), 400, "{cursor}");
    }
    for size in [0, -1, 101, i64::MAX] {
        assert_eq!(status(list().per_page(size).send().await), 400, "{size}");
    }
}

#[tokio::test]
async fn an_error_is_json() {
    let service = Service::start();
    let client = service.client();
    let error = client
        .retrieve_organization("other")
        .send()
        .await
        .expect_err("there is none");
    let response = error.response().expect("there is a response");
    assert_eq!(
        response.detail().as_deref(),
        Some("The requested resource does not exist")
    );
    let body = models::TeamCreate {
        slug: "Not A Slug".into(),
        ..models::TeamCreate::default()
    };
    let error = client
        .create_team(ORGANIZATION, &body)
        .send()
        .await
        .expect_err("it is refused");
    let errors = error
        .response()
        .expect("there is a response")
        .field_errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[tokio::test]
async fn targets_are_read_as_clients_write_them() {
    let service = Service::start();
    let token = format!("authorization: Bearer {}", service.token);
    let releases = "/api/0/organizations/example/releases/";
    for (target, expected) in [
        (&*format!("{releases}?health=1&adoptionStages=True"), 200),
        (&format!("{releases}?health=yes"), 400),
        ("/api/0/organ%69zations/", 200),
        ("/%61pi/0/organizations/", 200),
        ("/%61pi/0/nowhere", 404),
        ("/nowhere", 404),
    ] {
        let response = send(&service, "GET", target, &[&token], b"");
        assert_eq!(response.status, expected, "{target} {response:?}");
        let detail = response.json["detail"].as_str();
        assert_eq!(detail.is_some(), expected != 200, "{target} {detail:?}");
    }
}

#[tokio::test]
async fn statistics_count_the_events() {
    let service = Service::start();
    let client = service.client();
    let points = client
        .retrieve_project_stats(ORGANIZATION, PROJECT)
        .send()
        .await;
    let points = points.expect("there are statistics").value;
    assert_eq!(points.len(), 25);
    assert_eq!(points.iter().map(|(_, count)| count).sum::<i64>(), 3);
    let by = [
        models::OutcomeGroupBy::Project,
        models::OutcomeGroupBy::Outcome,
    ];
    let field = models::OutcomeField::SumQuantity;
    let table = client.retrieve_organization_stats_v2(ORGANIZATION, field, by);
    let table = table
        .interval("1d")
        .send()
        .await
        .expect("there is a table")
        .value;
    let groups = table.groups.expect("groups");
    assert_eq!(
        groups[0].totals.as_ref().expect("totals")["sum(quantity)"],
        Some(3.0)
    );
    let project = &groups[0].by.as_ref().expect("keys")["project"];
    assert_eq!(project, &Some(models::StatsGroupKey::ProjectId(1)));
    let too_many = client
        .retrieve_project_stats(ORGANIZATION, PROJECT)
        .since(0);
    assert_eq!(status(too_many.send().await), 400);
}

#[tokio::test]
async fn a_token_has_the_scopes_that_it_was_given() {
    let service = Service::run(&["--scopes", "org:read,project:read"]);
    let client = service.client();
    let found = client.list_organizations().send().await;
    assert!(found.is_ok(), "{found:?}");
    let found = client.retrieve_project(ORGANIZATION, PROJECT).send().await;
    assert!(found.is_ok(), "{found:?}");
    let deleted = client.delete_project(ORGANIZATION, PROJECT).send().await;
    assert_eq!(status(deleted), 403);
    let issues = client.list_organization_issues(ORGANIZATION).send();
    assert_eq!(status(issues.await), 403);
    // The paths that no description has ask for the scopes of the operations that do the same.
    let releases = format!("/api/0/projects/{ORGANIZATION}/{PROJECT}/releases/");
    assert_eq!(
        status_of(&service, "DELETE", &format!("{releases}1.0/")),
        403
    );
    assert_eq!(
        status_of(
            &service,
            "GET",
            "/api/0/organizations/example/chunk-upload/"
        ),
        403
    );
    assert_eq!(status_of(&service, "GET", &releases), 200);
    assert_eq!(status_of(&service, "GET", "/api/0/auth/"), 200);
    let tag = "/api/0/organizations/example/issues/SHOP-1/tags/fruit/";
    assert_eq!(status_of(&service, "GET", tag), 403);
}

/// The status of a response to a request without a body.
fn status_of(service: &Service, method: &str, path: &str) -> u16 {
    let authorization = format!("authorization: Bearer {}", service.token);
    send(service, method, path, &[&authorization], b"").status
}

#[test]
fn an_error_of_the_router_is_json() {
    let service = Service::start();
    for (method, path, expected) in [
        ("GET", "/", 404),
        ("GET", "/api/0/nothing/", 404),
        ("DELETE", "/api/0/", 405),
        ("GET", "/api/1/envelope/", 405),
        ("PATCH", "/api/0/projects/example/shop/releases/", 405),
        ("GET", "/api/0/projects/example/shop/releases/%FF/", 400),
        ("POST", "/api/shop/store/", 400),
    ] {
        let response = send(&service, method, path, &[], b"");
        assert_eq!(response.status, expected, "{method} {path}: {response:?}");
        assert!(response.json["detail"].is_string(), "{response:?}");
        let is_json = response.head.contains("content-type: application/json");
        assert!(is_json, "{response:?}");
        assert_eq!(response.head.contains("allow: "), expected == 405);
    }
}

#[test]
fn a_request_that_is_not_as_described_is_an_error_of_the_api() {
    let service = Service::start();
    let authorization = format!("authorization: Bearer {}", service.token);
    let json = [&*authorization, "content-type: application/json"];
    let teams = "/api/0/organizations/example/teams/";
    let response = send(
        &service,
        "POST",
        teams,
        &json,
        br#"{"slug": "A B", "name": 1}"#,
    );
    assert_eq!(response.status, 400, "{response:?}");
    let error: models::ErrorResponse = serde_json::from_value(response.json).unwrap();
    assert_eq!((&error.detail, &error.errors), (&None, &None));
    assert!(
        error.additional_properties.contains_key("slug"),
        "{error:?}"
    );
}

#[test]
fn a_body_has_a_limit() {
    let service = Service::start();
    let authorization = format!("authorization: Bearer {}", service.token);
    let json = [&authorization, "content-type: application/json"];
    let name = "a".repeat(5 << 20);
    let team = format!(r#"{{"slug": "many", "name": "{name}"}}"#);
    let teams = "/api/0/organizations/example/teams/";
    let response = send(&service, "POST", teams, &json, team.as_bytes());
    assert_eq!(response.status, 413, "{response:?}");
    assert!(response.json["detail"].is_string(), "{response:?}");
    let releases = "/api/0/projects/example/shop/releases/";
    let response = send(&service, "POST", releases, &json, team.as_bytes());
    assert_eq!(response.status, 413, "{response:?}");
    // A file may have more.
    let multipart = [
        &authorization,
        "content-type: multipart/form-data; boundary=b",
    ];
    let file = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.js\"\r\n\r\n{name}\r\n--b--\r\n"
    );
    let files = "/api/0/organizations/example/releases/shop@1.0.0/files/";
    let response = send(&service, "POST", files, &multipart, file.as_bytes());
    assert_eq!(response.status, 201, "{response:?}");
}

#[test]
fn a_tag_of_an_issue_is_found_by_its_short_id() {
    let service = Service::start();
    let authorization = format!("authorization: Bearer {}", service.token);
    let path = "/api/0/organizations/example/issues/SHOP-1/tags/fruit/";
    let response = send(&service, "GET", path, &[&authorization], b"");
    assert_eq!(response.json["totalValues"], 2, "{response:?}");
    assert_eq!(response.json["topValues"][0]["value"], "apple");
}

/// A zip archive of one file, with this checksum and method of compression.
fn archive(checksum: u32, method: u8) -> Vec<u8> {
    let (name, content) = (b"mapping.txt", b"a -> b");
    let sizes = [6, 0, 0, 0, 6, 0, 0, 0];
    let mut entry = vec![20, 0, 0, 0, method, 0, 0, 0, 0, 0];
    entry.extend(checksum.to_le_bytes());
    entry.extend(sizes);
    entry.extend([11, 0, 0, 0]);
    let local = [b"PK\x03\x04", &*entry, name, content].concat();
    let central = [b"PK\x01\x02\x14\0", &*entry, &[0; 14], name].concat();
    let (length, offset) = (central.len(), local.len());
    let end = [
        0,
        0,
        0,
        0,
        1,
        0,
        1,
        0,
        length as u8,
        0,
        0,
        0,
        offset as u8,
        0,
        0,
        0,
        0,
        0,
    ];
    [&*local, &central, b"PK\x05\x06", &end].concat()
}

#[test]
fn a_damaged_archive_is_refused() {
    let service = Service::start();
    let headers = [
        &*format!("authorization: Bearer {}", service.token),
        "content-type: multipart/form-data; boundary=b",
    ];
    let before =
        b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\n";
    let path = "/api/0/projects/example/shop/files/dsyms/";
    for (checksum, method, expected) in [(0xf93ec9f7, 0, 201), (0, 0, 400), (0xf93ec9f7, 99, 400)] {
        let body = [before, &*archive(checksum, method), b"\r\n--b--\r\n"].concat();
        let response = send(&service, "POST", path, &headers, &body);
        assert_eq!(response.status, expected, "{response:?}");
        assert!(expected == 201 || response.json["detail"].is_string());
    }
}

#[test]
fn a_part_that_is_not_as_described_is_named() {
    let service = Service::start();
    let headers = [
        &*format!("authorization: Bearer {}", service.token),
        "content-type: multipart/form-data; boundary=b",
    ];
    let path = "/api/0/projects/example/shop/files/dsyms/";
    let response = send(&service, "POST", path, &headers, b"--b--\r\n");
    assert_eq!(response.status, 400, "{response:?}");
    assert!(response.json["file"][0].is_string(), "{response:?}");
}

#[test]
fn a_parameter_that_is_not_as_described_is_named() {
    let service = Service::start();
    let authorization = format!("authorization: Bearer {}", service.token);
    let path = "/api/0/projects/example/shop/issues/?id=one";
    let response = send(&service, "DELETE", path, &[&*authorization], b"");
    assert_eq!(response.status, 400, "{response:?}");
    assert!(response.json["detail"].is_string());
    assert!(response.json["errors"]["id"][0].is_string(), "{response:?}");
}

#[test]
fn an_error_of_a_path_without_a_description_is_not_in_the_words_of_rust() {
    let service = Service::start();
    let authorization = format!("authorization: Bearer {}", service.token);
    let path = "/api/0/projects/example/shop/files/difs/assemble/";
    for (path, body, detail) in [
        (
            path,
            r#"{"a": 1}"#,
            "The JSON is not as expected at line 1 column 7.",
        ),
        (path, r#"{"a": "#, "Invalid JSON at line 1 column 6."),
        ("/api/shop/store/", "{}", "Bad Request"),
    ] {
        let response = send(&service, "POST", path, &[&authorization], body.as_bytes());
        assert_eq!(response.status, 400, "{response:?}");
        assert_eq!(response.json["detail"], detail);
    }
}

//! Responses that are not as the descriptions promise: they are read all the same, and reported to a client that asks for it.

use std::sync::{Arc, Mutex};

use http::StatusCode;
use sentry_api::client::Client;
use sentry_api::client::deviation::deviations;
use sentry_api::{DeviationKind, Deviations, decode, models};
use serde_json::{Value, json};

use super::server::{Server, reply};

/// What a response with a client key deviates in.
fn of_client_key(key: &Value) -> Vec<(DeviationKind, String)> {
    let body = key.to_string();
    let found = deviations("retrieveProjectClientKey", StatusCode::OK, body.as_bytes());
    let found = found.into_iter();
    found
        .map(|deviation| (deviation.kind, deviation.to_string()))
        .collect()
}

#[test]
fn a_response_that_keeps_its_promises_has_none() {
    let key =
        json!({"id": "1", "name": "Default", "public": "2", "rateLimit": null, "isActive": true});
    assert_eq!(of_client_key(&key), []);
}

#[test]
fn what_is_absent_null_new_or_of_another_type_is_named_with_its_place() {
    let key =
        json!({"id": null, "name": "Default", "isActive": "yes", "dsn": {"a/b": 1}, "more": []});
    let expected = [
        (
            DeviationKind::UnknownProperty,
            "/dsn/a~1b: expected no such property, found a number",
        ),
        (
            DeviationKind::Null,
            "/id: expected a string, found null (described by supplement, projects, project-guide)",
        ),
        (
            DeviationKind::Type,
            "/isActive: expected a boolean, found a string (described by supplement, projects, project-guide)",
        ),
        (
            DeviationKind::Absent,
            "/public: expected a string, found nothing (described by supplement, projects, project-guide)",
        ),
        (
            DeviationKind::Absent,
            "/rateLimit: expected an object, found nothing (described by supplement)",
        ),
        (
            DeviationKind::UnknownProperty,
            "/more: expected no such property, found an array",
        ),
    ];
    let expected = expected.map(|(kind, text)| (kind, text.to_owned()));
    assert_eq!(of_client_key(&key), expected);
}

#[test]
fn a_value_that_nobody_documents_is_told_with_those_that_are() {
    let rules = json!([{"dataset": "weather"}]).to_string();
    let found = deviations(
        "listOrganizationAlertRules",
        StatusCode::OK,
        rules.as_bytes(),
    );
    let found = found
        .iter()
        .find(|found| found.kind == DeviationKind::Value);
    let text = found.expect("is reported").to_string();
    assert!(text.starts_with("/0/dataset: expected one of \""), "{text}");
    assert!(text.contains("found \"weather\""), "{text}");
}

#[test]
fn nothing_is_promised_of_what_no_description_knows() {
    let none = Deviations::default();
    assert_eq!(deviations("noSuchOperation", StatusCode::OK, b"{}"), none);
    let broken = deviations("retrieveProjectClientKey", StatusCode::OK, b"<html>");
    assert_eq!(broken, none);
}

#[tokio::test]
async fn a_client_reports_on_demand_and_returns_the_response() {
    let server = Server::start([reply("200 OK", "", r#"{"name": "Default"}"#)]).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let client = Client::builder()
        .base_url(server.origin())
        .on_deviation(move |operation, status, deviations| {
            let pointers = deviations.iter().map(|deviation| &*deviation.pointer);
            let line = format!(
                "{} {status} {:?}",
                operation.id,
                pointers.collect::<Vec<_>>()
            );
            log.lock().unwrap().push(line);
        })
        .build()
        .unwrap();
    let call = client.retrieve_project_client_key("acme", "web", "1");
    let response = call.send().await.unwrap();
    assert_eq!(response.value.name.as_deref(), Some("Default"));
    assert_eq!(
        *seen.lock().unwrap(),
        [r#"retrieveProjectClientKey 200 OK ["/id", "/public", "/rateLimit"]"#]
    );
}

#[tokio::test]
async fn a_report_that_panics_does_not_break_the_call() {
    let server = Server::start([reply("200 OK", "", r#"{"name": "Default"}"#)]).await;
    let client = Client::builder()
        .base_url(server.origin())
        .on_deviation(|_, _, _| panic!("a defect of the report"))
        .build()
        .unwrap();
    let call = client.retrieve_project_client_key("acme", "web", "1");
    let response = call.send().await.unwrap();
    assert_eq!(response.value.name.as_deref(), Some("Default"));
}

#[test]
fn a_value_that_was_left_out_names_the_sources_that_describe_it() {
    let body = br#"[{"id": "1", "project": {"slug": ["x"]}, "userCount": "many"}]"#;
    let decoded = decode::<Vec<models::Issue>>(body).unwrap();
    assert_eq!(decoded.value[0].id.as_deref(), Some("1"));
    let texts: Vec<String> = decoded.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "/0/project/slug: expected a string, found an array (described by supplement, error-monitoring)",
            "/0/userCount: expected an integer, found a string (described by supplement, error-monitoring)",
        ]
    );
}

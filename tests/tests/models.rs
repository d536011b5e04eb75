//! What the emitted models refuse.

use sentry_api::models::{ClientKey, Issue, MonitorConfigInput, Project};
use sentry_api::types::decode;
use serde_json::{Value, json};

#[test]
fn an_object_without_what_it_has_to_have_is_refused() {
    let error = serde_json::from_value::<MonitorConfigInput>(json!({})).expect_err("is not whole");
    assert!(error.to_string().contains("missing field"), "{error}");
}

#[test]
fn of_a_property_that_stands_twice_the_last_value_counts() {
    let key: ClientKey = serde_json::from_str(r#"{"id": "1", "id": "2"}"#).expect("is read");
    assert_eq!(key.id.as_deref(), Some("2"));
}

#[test]
fn an_object_is_no_list_of_its_values() {
    assert!(serde_json::from_str::<ClientKey>("[]").is_err());
}

#[test]
fn the_largest_models_take_1500_bytes_at_most() {
    // The tests have the feature `preserve_order` of serde_json, with which a value takes 72 bytes instead of 32.
    let more = size_of::<Value>() - 32;
    assert!(size_of::<Issue>() <= 1500);
    assert!(size_of::<Project>() <= 1500 + 4 * more);
}

#[test]
fn a_list_of_empty_objects_cannot_fill_the_memory() {
    // 600 kB of JSON, more than 256 MiB of issues.
    let json = format!("[{}{{}}]", "{},".repeat(200_000));
    let error = decode::<Vec<Issue>>(json.as_bytes()).expect_err("is too large");
    assert!(error.to_string().contains("too much memory"), "{error}");
    let json = format!("[{}{{}}]", "{},".repeat(100));
    let few = decode::<Vec<Issue>>(json.as_bytes()).expect("is read");
    assert_eq!((few.value.len(), few.deviations.total()), (101, 0));
}

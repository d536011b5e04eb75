//! What the emitted models refuse.

use sentry_api::models::{ClientKey, MonitorConfigInput};
use serde_json::json;

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

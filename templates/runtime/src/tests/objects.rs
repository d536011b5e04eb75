//! Structs that `object!` declares.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::types::Change;
use crate::types::object::object;

object! {
    pub struct Loose {
        pub name: Option<String>,
        pub r#type: Option<i64> = nullable "type",
    }
}

object! {
    pub struct Strict {
        pub id: i64 = required,
        pub lead: Change<String>,
        pub note: Option<String>,
        pub ..others: BTreeMap<String, Value>,
    }

    pub fn new(id: i64);
    pub fn with_lead(self, lead: impl Into<Change<String>>);
    pub fn with_note(self, note: impl Into<String>);
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn written<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn debug_shows_the_fields_as_if_it_were_derived() {
    let loose: Loose = read(r#"{"name": "a", "type": 1}"#).unwrap();
    assert_eq!(format!("{loose:?}"), r#"Loose { name: Some("a"), type: Some(1) }"#);
    let strict: Strict = read(r#"{"id": 1, "lead": null, "more": true}"#).unwrap();
    assert_eq!(format!("{strict:?}"), r#"Strict { id: 1, lead: Clear, note: None, others: {"more": Bool(true)} }"#);
}

#[test]
fn an_absent_value_is_left_out_or_null() {
    assert_eq!(written(&Loose::default()), json!({"type": null}));
    let strict = |lead| Strict { lead, ..Strict::new(1) };
    assert_eq!(written(&strict(Change::Keep)), json!({"id": 1}));
    assert_eq!(written(&strict(Change::Clear)), json!({"id": 1, "lead": null}));
    assert_eq!(written(&strict(Change::Set("ana".to_owned()))), json!({"id": 1, "lead": "ana"}));
}

#[test]
fn a_struct_is_made_of_what_is_required_and_of_what_is_set() {
    let made = Strict::new(1).with_lead("ana").with_note("new");
    let expected =
        Strict { id: 1, lead: Change::Set("ana".to_owned()), note: Some("new".to_owned()), others: BTreeMap::new() };
    assert_eq!(made, expected);
}

#[test]
fn absent_and_null_are_read_alike_where_nothing_is_required() {
    for text in ["{}", r#"{"name": null, "type": null}"#] {
        assert_eq!(read::<Loose>(text), Ok(Loose::default()), "{text}");
    }
}

#[test]
fn a_required_property_that_is_absent_is_named() {
    let error = read::<Strict>("{}").unwrap_err();
    assert!(error.contains("missing field `id`"), "{error}");
}

#[test]
fn other_properties_are_kept_where_the_struct_has_a_place_for_them() {
    let text = r#"{"id": 1, "more": [2]}"#;
    let strict: Strict = read(text).unwrap();
    assert_eq!(strict.others["more"], json!([2]));
    assert_eq!(written(&strict), json!({"id": 1, "more": [2]}));
    assert_eq!(read::<Loose>(text), Ok(Loose::default()));
}

#[test]
fn of_a_property_that_stands_twice_the_last_value_counts() {
    let loose: Loose = read(r#"{"name": "a", "type": 1, "name": "b"}"#).unwrap();
    assert_eq!(loose.name.as_deref(), Some("b"));
    let strict: Strict = read(r#"{"id": 1, "x": 1, "id": 2, "x": 2}"#).unwrap();
    assert_eq!((strict.id, &strict.others["x"]), (2, &json!(2)));
}

#[test]
fn only_an_object_is_read() {
    assert!(read::<Loose>("[]").is_err());
    assert!(read::<Strict>("[1]").is_err());
}

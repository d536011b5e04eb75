//! What a response has to have.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::server::Reply;
use crate::types::{Change, object, union};

object! {
    pub struct Team {
        pub id: Option<i64> = promised,
        pub lead: Option<String> = or_null,
        pub name: Option<String> = promised "displayName",
        pub note: Option<String>,
        pub parent: Option<Owner>,
    }
}

union! {
    pub enum Owner {
        Team(#[from] Box<Team>) = decode object,
        Name(#[from str] String) = decode string,
    }
}

fn team() -> Team {
    Team { id: Some(1), name: Some("a".to_owned()), ..Team::default() }
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(reply.body().unwrap()).unwrap()
}

/// The detail of the 500 that a value becomes.
fn refused(value: &impl Serialize) -> String {
    let replies = [Reply::json(StatusCode::OK, value), Reply::text(StatusCode::OK, "text/plain", value)];
    let [json, text] = replies.map(|reply| {
        assert_eq!(reply.status(), 500);
        body(&reply)["detail"].as_str().unwrap().to_owned()
    });
    assert_eq!(json, text);
    json
}

#[test]
fn a_response_with_all_that_is_promised_is_sent_and_null_where_the_description_has_it() {
    let reply = Reply::json(StatusCode::CREATED, &team());
    assert_eq!((reply.status().as_u16(), body(&reply)), (201, json!({"id": 1, "lead": null, "displayName": "a"})));
}

#[test]
fn all_that_a_response_lacks_is_named_once_at_any_depth() {
    let nameless = Team { name: None, ..team() };
    let inner = Team { parent: Some(Box::new(nameless).into()), ..team() };
    assert_eq!(refused(&inner), "the response lacks what is promised: `Team.displayName`");
    let teams = [team(), Team::default(), Team::default()];
    assert_eq!(refused(&teams), "the response lacks what is promised: `Team.id`, `Team.displayName`");
}

#[test]
fn a_value_that_cannot_be_serialized_is_a_500_that_says_why() {
    let detail = refused(&[Change::<i64>::Keep]);
    assert_eq!(detail, "the response could not be written: `Change::Keep` has no JSON");
}

#[test]
fn arbitrary_json_promises_nothing() {
    let value = serde_json::to_value(Team::default()).unwrap();
    assert_eq!(value, json!({}));
    assert_eq!(body(&Reply::json(StatusCode::OK, &value)), value);
}

/// A list whose second item sends another response, which panics.
struct Nested;

impl Serialize for Nested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Panics;

        impl Serialize for Panics {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                panic!("in the middle of a response")
            }
        }

        serde_json::to_value(Team { id: None, ..team() }).unwrap();
        let inner = AssertUnwindSafe(|| Reply::json(StatusCode::OK, &(Team::default(), Panics)));
        assert!(catch_unwind(inner).is_err());
        serializer.serialize_unit()
    }
}

#[test]
fn a_response_inside_of_another_one_has_its_own_promises_also_if_it_panics() {
    assert_eq!(refused(&Nested), "the response lacks what is promised: `Team.id`");
}

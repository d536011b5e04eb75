//! Decoding JSON whose values have other types than described.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::types::object::object;
use crate::types::open_enum::{integer_enum, string_enum};
use crate::types::union::union;
use crate::types::{Binary, Decode, DeviationKind, Deviations, Timestamp, decode};

object! {
    pub struct Team {
        pub name: Option<String>,
        pub size: Option<i64>,
        pub ratio: Option<f64>,
        pub open: Option<bool>,
        pub tags: Option<Vec<String>>,
        pub lead: Option<Box<Person>>,
        pub people: Option<Vec<Person>>,
        pub counts: Option<BTreeMap<String, i64>>,
        pub colour: Option<Colour>,
        pub level: Option<Level>,
        pub contact: Option<Contact>,
        pub created: Option<Timestamp>,
        pub pair: Option<(i64, String)>,
        pub file: Option<Binary>,
        pub small: Option<u32>,
        pub points: Option<Vec<Option<i64>>>,
        pub ..others: BTreeMap<String, i64>,
    }
}

object! {
    pub struct Person {
        pub id: Option<i64>,
        pub email: Option<String> = "e/mail",
    }
}

string_enum! {
    pub enum Colour {
        Red = "red",
    }
}

integer_enum! {
    pub enum Level {
        Low = 1,
    }
}

union! {
    /// A person, or several addresses.
    pub enum Contact {
        Person(Person) = decode object,
        Addresses(Vec<String>) = decode array,
    }
}

/// Decodes, and lists the deviations as text.
fn read<T: Decode>(json: &Value) -> (T, Vec<String>) {
    let decoded = decode(json.to_string().as_bytes()).unwrap();
    (decoded.value, texts(&decoded.deviations))
}

fn texts(deviations: &Deviations) -> Vec<String> {
    deviations.iter().map(ToString::to_string).collect()
}

/// Decodes a team with one property, and returns the only deviation.
fn team(property: &str, value: Value) -> (Team, String) {
    let (team, deviations) = read(&json!({"name": "a", property: value}));
    assert_eq!(deviations.len(), 1, "{deviations:?}");
    (team, deviations.concat())
}

fn named() -> Team {
    Team { name: Some("a".to_owned()), ..Team::default() }
}

#[test]
fn what_fits_has_no_deviations() {
    let json = json!({
        "name": "a", "size": 1, "ratio": 2, "open": true, "tags": ["x"], "lead": {"id": 1, "e/mail": "b"},
        "people": [{}], "counts": {"x": 1}, "colour": "blue", "level": 7, "contact": ["x"],
        "created": "2024-01-01T00:00:00Z", "pair": [1, "x"], "file": "text", "small": 1, "points": [1, null], "more": 3,
    });
    let (team, deviations) = read::<Team>(&json);
    assert_eq!(deviations, [""; 0]);
    assert_eq!(team.others["more"], 3);
    let exact: Team = serde_json::from_value(json).unwrap();
    assert_eq!(team, exact);
}

#[test]
fn a_value_of_another_type_costs_its_own_place() {
    let cases = [
        ("size", json!("12"), "/size: expected an integer, found a string"),
        ("size", json!(1.5), "/size: expected an integer, found the number 1.5"),
        ("size", json!(1e300), "/size: expected an integer, found the number 1e+300"),
        ("ratio", json!(false), "/ratio: expected a number, found the boolean false"),
        ("open", json!(1), "/open: expected a boolean, found the number 1"),
        ("tags", json!("x"), "/tags: expected an array, found a string"),
        ("lead", json!("ana"), "/lead: expected an object, found a string"),
        ("people", json!({}), "/people: expected an array, found an object"),
        ("counts", json!([]), "/counts: expected an object, found an array"),
        ("colour", json!([]), "/colour: expected a string, found an array"),
        ("level", json!("low"), "/level: expected an integer, found a string"),
        ("created", json!({}), "/created: expected a string, found an object"),
        ("pair", json!([1]), "/pair: expected an array of 2 items, found an array"),
        ("pair", json!(["x", "y"]), "/pair/0: expected an integer, found a string"),
        ("file", json!([1]), "/file: expected a string, found an array"),
        ("small", json!(-1), "/small: expected an integer, found the number -1"),
        ("others", json!("x"), "/others: expected an integer, found a string"),
    ];
    for (property, value, expected) in cases {
        assert_eq!(team(property, value), (named(), expected.to_owned()));
    }
}

#[test]
fn a_conversion_without_loss_is_made_and_told() {
    let (converted, text) = team("size", json!(1_534_878_000.0));
    assert_eq!(converted.size, Some(1_534_878_000));
    assert_eq!(text, "/size: expected an integer, found the number 1534878000.0");
    let (converted, _) = team("level", json!(1.0));
    assert!(matches!(converted.level, Some(Level::Low)));
    for (value, text) in [(json!(12), "12"), (json!(true), "true"), (json!(1.5), "1.5")] {
        let (decoded, deviations) = read::<Person>(&json!({"e/mail": value}));
        assert_eq!(decoded.email.as_deref(), Some(text));
        let expected = format!("/e~1mail: expected a string, found the {}", kind(text));
        assert_eq!(deviations, [expected]);
    }
    let (converted, _) = team("created", json!(1_534_878_000));
    assert_eq!(converted.created, Some(Timestamp::from_text("1534878000")));
    let (converted, _) = team("colour", json!(5));
    assert!(matches!(converted.colour, Some(Colour::Unknown(text)) if text == "5"));
}

fn kind(text: &str) -> String {
    let kind = if text == "true" { "boolean" } else { "number" };
    format!("{kind} {text}")
}

#[test]
fn an_item_that_does_not_fit_is_left_out_of_its_list_or_map() {
    let (value, deviations) = read::<Vec<Person>>(&json!([{"id": 1}, null, "x", {"id": "2"}]));
    let ids: Vec<_> = value.iter().map(|person| person.id).collect();
    assert_eq!(ids, [Some(1), None]);
    assert_eq!(
        deviations,
        [
            "/1: expected an object, found null",
            "/2: expected an object, found a string",
            "/3/id: expected an integer, found a string",
        ]
    );
    let json = json!({"tags": ["x", null, 3], "counts": {"a": 1, "b": []}, "points": [1, null, "x"]});
    let (team, deviations) = read::<Team>(&json);
    assert_eq!(team.tags, Some(vec!["x".to_owned(), "3".to_owned()]));
    assert_eq!(team.counts, Some(BTreeMap::from([("a".to_owned(), 1)])));
    assert_eq!(team.points, Some(vec![Some(1), None]));
    assert_eq!(deviations.len(), 4, "{deviations:?}");
}

object! {
    /// A struct that cannot be made without its name.
    pub struct Named {
        pub name: String = required "na/me",
    }

    pub fn new(name: impl Into<String>);
}

#[test]
fn an_absent_property_that_is_required_is_named() {
    let (value, deviations) = read::<Vec<Named>>(&json!([{"na/me": "a"}, {"name": "b"}, {"na/me": null}]));
    assert_eq!(value, [Named { name: "a".to_owned() }]);
    assert_eq!(deviations, ["/1/na~1me: expected a value, found nothing", "/2/na~1me: expected a string, found null",]);
    let decoded = decode::<Vec<Named>>(b"[{}]").unwrap();
    assert_eq!(decoded.deviations[0].kind, DeviationKind::Absent);
    let error = decode::<Named>(b"{}").unwrap_err();
    assert!(error.to_string().contains("missing field `na/me`"), "{error}");
}

#[test]
fn a_union_keeps_the_alternative_that_fits_but_for_a_part() {
    let (team, text) = team("contact", json!({"id": "x", "e/mail": "y"}));
    let expected = Person { id: None, email: Some("y".to_owned()) };
    assert_eq!(team.contact, Some(Contact::Person(expected)));
    assert_eq!(text, "/contact/id: expected an integer, found a string");
}

object! {
    /// A union of unions, each alternative of which has another one inside.
    pub struct Node {
        pub child: Option<Box<Tree>>,
        pub x: Option<i64>,
    }
}

union! {
    pub enum Tree {
        One(Node) = decode object.required(&["x"]),
        Other(Node) = decode object.required(&["x"]),
    }
}

#[test]
fn unions_in_unions_whose_every_part_deviates_end_soon() {
    let depth = 100;
    let json = format!(r#"{}{{"x":"bad"}}{}"#, r#"{"x":"bad","child":"#.repeat(depth), "}".repeat(depth));
    let decoded = decode::<Tree>(json.as_bytes()).unwrap();
    assert!(decoded.deviations.total() > 0);
}

#[test]
fn a_union_keeps_a_value_that_fits_no_alternative() {
    let (value, deviations) = read::<Vec<Contact>>(&json!([{"id": 1}, 5]));
    assert_eq!(value[1], Contact::Unknown(json!(5)));
    assert_eq!(deviations, ["/1: expected one of several types, found the number 5"]);
}

#[test]
fn only_the_outermost_kind_and_broken_json_are_errors() {
    for json in ["[]", "3", "null", "\"x\"", "{", "{\"name\": 1} x", "<html>", ""] {
        assert!(decode::<Team>(json.as_bytes()).is_err(), "{json}");
    }
    assert!(decode::<Vec<Team>>(b"{}").is_err());
    let error = decode::<Team>(b"{\"name\": \"\xff\"}").unwrap_err();
    assert!(error.to_string().contains("line 1 column"), "{error}");
    assert_eq!(decode::<String>(b"12").unwrap().value, "12");
}

#[test]
fn serde_alone_is_strict() {
    assert!(serde_json::from_str::<Team>(r#"{"size": "12"}"#).is_err());
    assert!(serde_json::from_str::<Vec<Person>>("[null]").is_err());
    // Nor does decoding leave a trace on the thread.
    decode::<Team>(br#"{"size": "12"}"#).unwrap();
    assert!(serde_json::from_str::<Team>(r#"{"size": "12"}"#).is_err());
}

#[test]
fn deviations_are_counted_and_the_first_are_kept() {
    let (_, list) = (0, vec![Value::Null; 1000]);
    let decoded = decode::<Vec<String>>(json!(list).to_string().as_bytes()).unwrap();
    assert_eq!(decoded.value, [""; 0]);
    assert_eq!(decoded.deviations.len(), Deviations::MOST);
    assert_eq!(decoded.deviations.total(), 1000);
    assert!(decoded.deviations.iter().all(|one| one.kind == DeviationKind::Null));
}

#[test]
fn a_long_pointer_is_cut() {
    let json = format!(r#"{{"{}": "x"}}"#, "k".repeat(5000));
    let decoded = decode::<BTreeMap<String, i64>>(json.as_bytes()).unwrap();
    assert!(decoded.deviations[0].pointer.len() < 1010);
}

#[test]
fn memory_is_limited() {
    // Three bytes of JSON, some two hundred bytes of memory.
    let json = format!("[{}{{}}]", "{},".repeat(2_000_000));
    let error = decode::<Vec<Team>>(json.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("too much memory"), "{error}");
    let short = format!("[{}{{}}]", "{},".repeat(1000));
    assert_eq!(decode::<Vec<Team>>(short.as_bytes()).unwrap().value.len(), 1001);
}

#[test]
fn memory_of_arbitrary_json_is_limited() {
    let refused = |json: String| {
        let error = decode::<Vec<Value>>(json.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("too much memory"), "{error}");
    };
    // A map of one entry takes some six hundred bytes.
    let maps = format!("[{}0]", "{\"\":0},".repeat(1_000_000));
    refused(maps.clone());
    refused(format!("[{}0]", "[0],".repeat(3_000_000)));
    // So does the tree that is read where something does not fit: here, the first item.
    let error = decode::<Vec<Team>>(maps.replacen('[', "[1,", 1).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("too much memory"), "{error}");
}

#[test]
fn arbitrary_json_is_read_as_serde_reads_it() {
    let text = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "x", {"b": {}}], "": []}"#;
    let expected: Value = serde_json::from_str(text).unwrap();
    assert_eq!(decode::<Value>(text.as_bytes()).unwrap().value, expected);
    let number = r#"{"$serde_json::private::Number": "1.50"}"#;
    assert_eq!(decode::<Value>(number.as_bytes()).unwrap().value, json!(1.5));
}

#[test]
fn half_of_a_surrogate_pair_costs_one_character() {
    let cases = [
        (r#"{"name": "a\ud83d"}"#, "a\u{fffd}"),
        (r#"{"name": "\udc00b"}"#, "\u{fffd}b"),
        (r#"{"name": "\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
        (r#"{"name": "\\ud83d\\\ud83d\n"}"#, "\\ud83d\\\u{fffd}\n"),
    ];
    for (json, expected) in cases {
        let decoded = decode::<Team>(json.as_bytes()).unwrap();
        assert_eq!(decoded.value.name.as_deref(), Some(expected), "{json}");
        let deviations = texts(&decoded.deviations);
        assert_eq!(deviations, [": expected Unicode, found lone surrogates: 1"]);
    }
    // Text that is not JSON for another reason is still an error.
    assert!(decode::<Team>(br#"{"name": "\ud83d"#).is_err());
    assert!(decode::<Team>(br#"{"name": "\u12"}"#).is_err());
}

#[test]
fn a_number_out_of_range_costs_its_own_place() {
    for number in ["1e999", "-1e999", "1.5E+400", &"9".repeat(400)] {
        let json = format!(r#"{{"a": {number}, "b": 2, "c\\\"1e999": 3, "d": [1e-999]}}"#);
        let decoded = decode::<BTreeMap<String, f64>>(json.as_bytes()).unwrap();
        let expected = BTreeMap::from([("b".to_owned(), 2.0), ("c\\\"1e999".to_owned(), 3.0)]);
        assert_eq!(decoded.value, expected);
        assert_eq!(
            texts(&decoded.deviations),
            [
                "/a: expected a number, found a string",
                "/d: expected a number, found an array",
                ": expected numbers of 64 bits, found numbers out of range, read as strings: 1",
            ]
        );
        // Arbitrary JSON keeps the digits.
        let decoded = decode::<Value>(json.as_bytes()).unwrap();
        assert_eq!(decoded.value["a"], *number);
        assert_eq!(decoded.deviations.total(), 1);
    }
    let both = r#"[{"name": "\ud83d"}, {"name": 1e999}, 1e999]"#;
    let decoded = decode::<Vec<Team>>(both.as_bytes()).unwrap();
    let names: Vec<_> = decoded.value.iter().map(|team| team.name.as_deref()).collect();
    assert_eq!(names, [Some("\u{fffd}"), Some("1e999")]);
    assert_eq!(decoded.deviations.total(), 3);
    // Text that is not JSON for another reason is still an error.
    for text in ["1e999", "{\"a\": 1e999", "{\"a\": 1e999e}", "{\"a\": +1e999}", "{\"a\": .1e999}"] {
        assert!(decode::<BTreeMap<String, f64>>(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_number_whose_digits_are_not_known_is_no_text() {
    let text = r#"{"name": 123456789012345678901234567890}"#;
    let decoded = decode::<Team>(text.as_bytes()).unwrap();
    assert_eq!(decoded.value.name, None);
    assert_eq!(decoded.deviations[0].kind, DeviationKind::Type);
    let (team, _) = read::<Team>(&json!({"name": u64::MAX}));
    assert_eq!(team.name.as_deref(), Some("18446744073709551615"));
}

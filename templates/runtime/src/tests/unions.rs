//! Enums that `union!` declares.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::types::object::object;
use crate::types::union::union;

object! {
    pub struct Cat {
        pub kind: Option<String>,
        pub purrs: Option<bool>,
    }
}

object! {
    pub struct Dog {
        pub kind: Option<String>,
        pub barks: Option<bool>,
    }
}

union! {
    /// Told apart by a discriminator.
    pub enum Pet by "kind" {
        Cat(Cat) = decode object.tags(&["cat", "kitten"]),
        Dog(Dog) = decode object.tags(&["dog"]),
    }
}

union! {
    /// Told apart by what they are, and by the properties that they know.
    pub enum Any {
        Count(#[from] i64) = decode integer,
        Cat(Cat) = decode object.compared::<Cat>(),
        Dog(Dog) = decode object.compared::<Dog>(),
        Text(Option<String>) = decode string.or_null(),
    }
}

union! {
    /// A text, or a number.
    pub enum Label {
        Text(#[from str] String) = decode string,
        Number(#[from] i64) = decode integer,
    }
}

#[test]
fn literals_convert() {
    assert_eq!(Label::from("shop"), Label::Text("shop".to_owned()));
    assert_eq!(Label::from("shop".to_owned()), "shop".into());
    assert_eq!(Label::from(3), Label::Number(3));
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_tag_has_the_last_word() {
    let kitten = json!({"kind": "kitten", "barks": true});
    assert!(matches!(read(kitten), Pet::Cat(_)));
    assert!(matches!(read(json!({"kind": "dog"})), Pet::Dog(_)));
    let unknown = json!({"kind": "emu"});
    assert_eq!(read::<Pet>(unknown.clone()), Pet::Unknown(unknown));
}

#[test]
fn without_a_tag_the_first_alternative_that_fits_is_taken() {
    assert!(matches!(read(json!({"barks": true})), Pet::Cat(_)));
}

union! {
    /// Told apart by constants that need not be there.
    pub enum Speaker {
        Cat(Cat) = decode object.constants(&[("kind", "\"cat\"")]).compared::<Cat>(),
        Dog(Dog) = decode object.constants(&[("kind", "\"dog\"")]).compared::<Dog>(),
    }
}

#[test]
fn a_constant_may_be_absent_or_null() {
    assert!(matches!(read(json!({"kind": "dog", "purrs": true})), Speaker::Dog(_)));
    assert!(matches!(read(json!({"barks": true})), Speaker::Dog(_)));
    assert!(matches!(read(json!({"kind": null, "barks": true})), Speaker::Dog(_)));
    assert!(matches!(read(json!({"kind": "emu"})), Speaker::Unknown(_)));
}

object! {
    pub struct Fish {
        pub name: Option<String>,
    }
}

object! {
    pub struct Bird {
        pub name: Option<String>,
        pub ..others: BTreeMap<String, Value>,
    }
}

union! {
    /// The alternatives have no field for the discriminator.
    pub enum Animal by "kind" {
        Fish(#[from] Fish) as "fish" = decode object.tags(&["fish"]),
        Bird(#[from] Bird) as "bird" = decode object.tags(&["bird"]),
    }
}

#[test]
fn a_tag_without_a_field_is_written() {
    for value in [json!({"kind": "bird", "name": "Ada", "wings": 2}), json!({"kind": "fish", "name": "Bo"})] {
        assert_eq!(serde_json::to_value(read::<Animal>(value.clone())).unwrap(), value);
    }
    let made = Animal::from(Fish { name: None });
    assert_eq!(serde_json::to_value(made).unwrap(), json!({"kind": "fish"}));
}

#[test]
fn kinds_of_values_and_known_properties_tell_alternatives() {
    assert_eq!(read::<Any>(json!(3)), Any::Count(3));
    assert!(matches!(read(json!({"barks": true})), Any::Dog(_)));
    assert!(matches!(read(json!({"purrs": true})), Any::Cat(_)));
    assert_eq!(read::<Any>(json!("x")), Any::Text(Some("x".to_owned())));
    assert_eq!(read::<Any>(json!(null)), Any::Text(None));
}

#[test]
fn what_fits_no_alternative_is_kept_as_it_is() {
    for value in [json!(1.5), json!([1]), json!({"barks": "loud", "purrs": "loud"})] {
        let unknown: Any = read(value.clone());
        assert!(!unknown.is_known(), "{value}");
        assert_eq!(serde_json::to_value(&unknown).unwrap(), value);
    }
}

#[test]
fn what_is_marked_converts() {
    assert_eq!(Any::from(3), Any::Count(3));
}

#[test]
fn a_known_alternative_is_written_as_it_was_read() {
    let value = json!({"kind": "dog", "barks": true});
    let pet: Pet = read(value.clone());
    assert!(pet.is_known());
    assert_eq!(serde_json::to_value(&pet).unwrap(), value);
}

#[cfg(feature = "deviations")]
#[test]
fn a_documented_number_is_known_however_it_is_written() {
    use crate::types::deviation::is_one_of;
    let known = [json!(1), json!("a")];
    assert!(is_one_of(&json!(1.0), &known));
    assert!(is_one_of(&json!("a"), &known));
    assert!(!is_one_of(&json!("1"), &known));
    assert!(!is_one_of(&json!(2), &known));
}

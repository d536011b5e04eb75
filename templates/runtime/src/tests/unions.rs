//! Enums that are read and written by `union!`.

use serde_json::{Value, json};

use crate::types::object::object;
use crate::types::union::union;

#[derive(Clone, Debug, Default, PartialEq)]
struct Cat {
    kind: Option<String>,
    purrs: Option<bool>,
}

object!(Cat {
    optional kind = "kind",
    optional purrs = "purrs",
});

#[derive(Clone, Debug, Default, PartialEq)]
struct Dog {
    kind: Option<String>,
    barks: Option<bool>,
}

object!(Dog {
    optional kind = "kind",
    optional barks = "barks",
});

/// Told apart by a discriminator.
#[derive(Debug, PartialEq)]
enum Pet {
    Cat(Cat),
    Dog(Dog),
    Unknown(Value),
}

union!(Pet by "kind" {
    Cat: decode object.tags(&["cat", "kitten"]),
    Dog: decode object.tags(&["dog"]),
});

/// Told apart by what they are, and by the properties that they know.
#[derive(Debug, PartialEq)]
enum Any {
    Count(i64),
    Cat(Cat),
    Dog(Dog),
    Text(Option<String>),
    Unknown(Value),
}

union!(Any {
    Count: decode integer,
    Cat: decode object.compared::<Cat>(),
    Dog: decode object.compared::<Dog>(),
    Text: decode string.or_null(),
});

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
    for value in [
        json!(1.5),
        json!([1]),
        json!({"barks": "loud", "purrs": "loud"}),
    ] {
        let unknown: Any = read(value.clone());
        assert!(!unknown.is_known(), "{value}");
        assert_eq!(serde_json::to_value(&unknown).unwrap(), value);
    }
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

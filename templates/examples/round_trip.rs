//! Decodes a payload into its model and encodes it back.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Checks that only the `unknown` properties are lost.
pub(crate) fn round_trip<T: DeserializeOwned + Serialize>(text: &str, unknown: &[&str]) {
    let original: Value = serde_json::from_str(text).expect("the payload is JSON");
    let model: T = serde_json::from_value(original.clone())
        .unwrap_or_else(|error| panic!("the payload does not decode: {error}\n{original:#}"));
    let encoded = serde_json::to_value(&model)
        .unwrap_or_else(|error| panic!("the payload does not encode: {error}\n{original:#}"));
    let Compared { lost, changed } = compare(&original, &encoded);
    assert!(changed.is_empty(), "{}\n{original:#}", changed.join("\n"));
    assert_eq!(
        lost,
        unknown.iter().map(ToString::to_string).collect(),
        "lost of {original:#}"
    );
}

/// What is different in an encoded payload.
#[derive(Default)]
pub(crate) struct Compared {
    /// The paths of the properties that are not in it, such as `.organization.features[].name`.
    pub(crate) lost: BTreeSet<String>,
    /// The other changes. That a null is left out is none.
    pub(crate) changed: Vec<String>,
}

/// Compares a payload with what it became.
pub(crate) fn compare(original: &Value, encoded: &Value) -> Compared {
    let mut compared = Compared::default();
    compared.add("", original, encoded);
    compared
}

impl Compared {
    fn add(&mut self, path: &str, original: &Value, encoded: &Value) {
        let same = match (original, encoded) {
            (Value::Object(before), Value::Object(after)) => {
                for (key, value) in before {
                    let path = format!("{path}.{key}");
                    match after.get(key) {
                        Some(encoded) => self.add(&path, value, encoded),
                        None if value.is_null() => {}
                        None => drop(self.lost.insert(path)),
                    }
                }
                after
                    .iter()
                    .all(|(key, value)| value.is_null() || before.contains_key(key))
            }
            (Value::Array(before), Value::Array(after)) => {
                for (before, after) in before.iter().zip(after) {
                    self.add(&format!("{path}[]"), before, after);
                }
                before.len() == after.len()
            }
            (Value::Number(before), Value::Number(after)) => before.as_f64() == after.as_f64(),
            (before, after) => before == after,
        };
        if !same {
            let change = format!("at {path}: {original} became {encoded}");
            self.changed.push(change);
        }
    }
}

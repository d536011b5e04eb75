//! Decodes a payload into its model and encodes it back.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Checks that nothing is lost but what the model does not know.
pub(crate) fn round_trip<T: DeserializeOwned + Serialize>(text: &str, unknown: &[&str]) {
    let original: Value = serde_json::from_str(text).expect("the payload is JSON");
    let model: T = serde_json::from_value(original.clone())
        .unwrap_or_else(|error| panic!("the payload does not decode: {error}\n{original:#}"));
    let encoded = serde_json::to_value(&model).expect("the model encodes");
    let mut lost = BTreeSet::new();
    compare("", &original, &encoded, &mut lost);
    assert_eq!(lost, unknown.iter().map(ToString::to_string).collect(), "lost of {original:#}");
}

/// Collects what is in `original` and not in `encoded`. A null may be left out; nothing else may change.
fn compare(path: &str, original: &Value, encoded: &Value, lost: &mut BTreeSet<String>) {
    match (original, encoded) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(encoded) => compare(&path, value, encoded, lost),
                    None if value.is_null() => {}
                    None => {
                        lost.insert(path);
                    }
                }
            }
            let invented: Vec<&String> = after.keys().filter(|key| !before.contains_key(*key)).collect();
            assert!(invented.iter().all(|key| after[*key].is_null()), "invented at {path}: {invented:?}");
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len(), "items at {path}");
            for (before, after) in before.iter().zip(after) {
                compare(&format!("{path}[]"), before, after, lost);
            }
        }
        (Value::Number(before), Value::Number(after)) => {
            assert_eq!(before.as_f64(), after.as_f64(), "at {path}");
        }
        (before, after) => assert_eq!(before, after, "at {path}"),
    }
}

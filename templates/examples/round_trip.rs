//! Decodes a payload into its model and encodes it back.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A payload, decoded into its model and encoded again.
pub(crate) fn again<T: DeserializeOwned + Serialize>(
    original: &Value,
) -> Result<Value, serde_json::Error> {
    let model: T = serde_json::from_value(original.clone())?;
    serde_json::to_value(&model)
}

/// Checks that nothing is lost but what the model does not know.
pub(crate) fn round_trip<T: DeserializeOwned + Serialize>(text: &str, unknown: &[&str]) {
    let original: Value = serde_json::from_str(text).expect("the payload is JSON");
    let encoded = again::<T>(&original)
        .unwrap_or_else(|error| panic!("the payload does not decode: {error}\n{original:#}"));
    let lost = lost(&original, &encoded).unwrap_or_else(|change| panic!("{change}\n{original:#}"));
    assert_eq!(
        lost,
        unknown.iter().map(ToString::to_string).collect(),
        "lost of {original:#}"
    );
}

/// The places that are in a payload and not in what was encoded, such as `.organization.features[].name`.
///
/// # Errors
/// What was encoded says something else than the payload.
pub(crate) fn lost(original: &Value, encoded: &Value) -> Result<BTreeSet<String>, String> {
    let mut lost = BTreeSet::new();
    compare("", original, encoded, &mut lost)?;
    Ok(lost)
}

/// Collects what is in `original` and not in `encoded`. A null may be left out; nothing else may change.
fn compare(
    path: &str,
    original: &Value,
    encoded: &Value,
    lost: &mut BTreeSet<String>,
) -> Result<(), String> {
    let same = match (original, encoded) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let path = format!("{path}.{key}");
                match after.get(key) {
                    Some(encoded) => compare(&path, value, encoded, lost)?,
                    None if value.is_null() => {}
                    None => drop(lost.insert(path)),
                }
            }
            after
                .iter()
                .all(|(key, value)| value.is_null() || before.contains_key(key))
        }
        (Value::Array(before), Value::Array(after)) => {
            for (before, after) in before.iter().zip(after) {
                compare(&format!("{path}[]"), before, after, lost)?;
            }
            before.len() == after.len()
        }
        (Value::Number(before), Value::Number(after)) => before.as_f64() == after.as_f64(),
        (before, after) => before == after,
    };
    match same {
        true => Ok(()),
        false => Err(format!("at {path}: {original} became {encoded}")),
    }
}

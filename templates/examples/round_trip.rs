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

/// Checks that only the `unknown` properties are lost.
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

/// The paths of the properties that are not in the encoded payload, such as `.organization.features[].name`.
///
/// # Errors
/// Another value was changed.
pub(crate) fn lost(original: &Value, encoded: &Value) -> Result<BTreeSet<String>, String> {
    let mut lost = BTreeSet::new();
    compare("", original, encoded, &mut lost)?;
    Ok(lost)
}

/// Collects the properties of `original` that are not in `encoded`. A null may be left out; no value may change.
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
    if same {
        Ok(())
    } else {
        Err(format!("at {path}: {original} became {encoded}"))
    }
}

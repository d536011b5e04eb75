//! Decodes a sample into its model and encodes it back.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Decodes a value and encodes it back; fails with the reason why it does not decode.
pub(crate) type RoundTrip = fn(&Value) -> Result<Value, String>;

/// See [`RoundTrip`].
pub(crate) fn round_trip<T: DeserializeOwned + Serialize>(sample: &Value) -> Result<Value, String> {
    let model: T = serde_json::from_value(sample.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(&model).map_err(|error| error.to_string())
}

/// Checks all samples, one per line, and prints a line of totals.
pub(crate) fn check(cases: &[(&str, RoundTrip)], lines: &str) {
    let mut lossy = BTreeSet::new();
    let mut lost = Vec::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).expect("a line is JSON");
        let (name, sample) = (line["type"].as_str().unwrap_or_default(), &line["sample"]);
        let case = cases.iter().find(|(case, _)| *case == name);
        let (_, round_trip) = case.expect("every sample has a type");
        let reason = match round_trip(sample) {
            Ok(encoded) => difference("", sample, &encoded),
            Err(error) => Some(error),
        };
        if let Some(reason) = reason {
            lossy.insert(name.to_owned());
            lost.push(json!({"type": name, "reason": reason, "sample": sample}));
        }
    }
    let totals = json!({
        "package": env!("CARGO_PKG_NAME"),
        "types": cases.len(),
        "lossy_types": lossy.len(),
        "samples": lines.lines().count(),
        "lost": lost,
    });
    println!("\nsamples: {totals}");
    assert!(lost.is_empty(), "{} samples were changed", lost.len());
}

/// The first difference of two values. A null may be left out.
fn difference(path: &str, before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => {
            let mut keys: Vec<&String> = was.keys().chain(is.keys()).collect();
            keys.sort();
            keys.into_iter().find_map(|key| {
                let value = |object: &serde_json::Map<String, Value>| {
                    object.get(key).cloned().unwrap_or_default()
                };
                difference(&format!("{path}.{key}"), &value(was), &value(is))
            })
        }
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            let mut pairs = was.iter().zip(is);
            pairs.find_map(|(was, is)| difference(&format!("{path}[]"), was, is))
        }
        (Value::Number(was), Value::Number(is)) if was.is_f64() || is.is_f64() => {
            (was.as_f64() != is.as_f64()).then(|| format!("{path}: {was} became {is}"))
        }
        _ => (before != after).then(|| format!("{path}: {before} became {after}")),
    }
}

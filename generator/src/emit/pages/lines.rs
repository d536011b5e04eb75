//! JSON with an entry a line, whose differences a person can read.

use serde::Serialize;

/// An object with an entry a line.
///
/// # Errors
/// A value cannot be written as JSON.
pub(super) fn lines<'a, V: Serialize>(
    entries: impl Iterator<Item = (&'a str, V)>,
) -> Result<String, serde_json::Error> {
    let lines = entries.map(|(name, value)| {
        let name = serde_json::to_string(name)?;
        Ok(format!("{name}: {}", serde_json::to_string(&value)?))
    });
    let lines = lines.collect::<Result<Vec<String>, serde_json::Error>>()?;
    Ok(format!("{{\n{}\n}}", lines.join(",\n")))
}

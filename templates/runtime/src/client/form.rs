//! Bodies in `application/x-www-form-urlencoded`.

use serde_json::Value;

use super::operation::Style;
use super::parameter;

/// The media type.
pub const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// How a property of a form is written: its name, its style, and whether lists and objects are one pair an item.
pub type PropertyStyle = (&'static str, Style, bool);

/// Writes the properties of an object as pairs; what is no object has none.
///
/// Lists become one pair an item and objects JSON, as OpenAPI has it where nothing is stated, unless their property is
/// among `styles`.
#[must_use]
pub fn encode(value: &Value, styles: &[PropertyStyle]) -> String {
    let Value::Object(object) = value else {
        return String::new();
    };
    let mut pairs = Vec::new();
    for (name, item) in object {
        let stated = styles.iter().find(|(styled, ..)| styled == name);
        let (style, explode) = match (stated, item) {
            (Some((_, style, explode)), _) => (*style, *explode),
            (None, Value::Object(_)) => (Style::Json, false),
            (None, _) => (Style::Form, true),
        };
        pairs.extend(parameter::pairs(name, style, explode, false, item));
    }
    pairs.join("&")
}

//! Bodies of `application/x-www-form-urlencoded`.

use serde_json::Value;

use super::parameter;
use crate::operation::{Operation, Style};

/// The media type.
pub const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

pub(super) fn styles(operation: &Operation) -> &'static [(&'static str, Style, bool)] {
    let form = operation.body.iter().find(|content| content.media_type == MEDIA_TYPE);
    form.map_or(&[], |form| form.styles)
}

/// Writes the properties of an object as pairs: a list as one pair per item, and an object as JSON, unless `styles` has
/// the name, style and `explode` of the property.
pub fn encode(value: &Value, styles: &[(&'static str, Style, bool)]) -> String {
    let mut pairs = Vec::new();
    for (name, item) in value.as_object().into_iter().flatten() {
        let own = styles.iter().find(|(styled, ..)| styled == name);
        let (style, explode) = match (own, item) {
            (Some((_, style, explode)), _) => (*style, *explode),
            (None, Value::Object(_)) => (Style::Json, false),
            (None, _) => (Style::Form, true),
        };
        pairs.extend(parameter::pairs(name, style, explode, false, item));
    }
    pairs.join("&")
}

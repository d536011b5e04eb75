//! Bodies in `application/x-www-form-urlencoded`.

use serde_json::Value;

use super::operation::{Location, Parameter, Style};
use super::parameter;

/// The media type.
pub const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// Writes the properties of an object as pairs; what is no object has none.
///
/// Lists become one pair an item, unless their property is among `joined`: then they become one pair with commas.
#[must_use]
pub fn encode(value: &Value, joined: &[&str]) -> String {
    let Value::Object(object) = value else {
        return String::new();
    };
    let mut pairs = Vec::new();
    for (name, item) in object {
        // The names of properties are not static, those of parameters are: write the name here.
        let unnamed = Parameter {
            name: "",
            location: Location::Query,
            style: Style::Form,
            explode: !joined.contains(&name.as_str()),
            allow_reserved: false,
        };
        // An object property has no pairs of its own; it is written as JSON, the default of OpenAPI 3.1.
        let written = match item {
            Value::Object(_) => parameter::query(&unnamed, &Value::String(item.to_string())),
            _ => parameter::query(&unnamed, item),
        };
        let name = super::path::encode_query(name, false);
        pairs.extend(written.into_iter().map(|pair| format!("{name}{pair}")));
    }
    pairs.join("&")
}

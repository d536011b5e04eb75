//! What a server says of single fields of a request.

use serde_json::Value;

/// The most field errors that are read of a body, and the deepest one.
const MOST: usize = 100;
const DEEPEST: usize = 8;

/// Properties whose own properties are fields.
const WRAPPERS: [&str; 6] = ["errors", "error", "fields", "field_errors", "fieldErrors", "detail"];

/// Properties that name the field of an error in a list.
const NAMES: [&str; 6] = ["field", "loc", "path", "pointer", "param", "parameter"];

/// Properties that have the message of an error.
pub(super) const MESSAGES: [&str; 5] = ["detail", "message", "error", "title", "error_description"];

/// What a server says of a field of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The names and indices that lead to the field, separated by dots: `owner.emails.0`.
    pub path: String,
    /// The messages.
    pub messages: Vec<String>,
}

/// The field errors of the body of an error, in the forms of common frameworks: lists of texts by field, nested in the way
/// of the request, perhaps below `errors`; and lists of objects with a message and the name of a field.
pub(super) fn field_errors(body: &Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    visit(&mut Vec::new(), body, false, &mut found);
    found
}

/// Adds the errors at a path. `wrapped` is whether a text is a message: outside of a wrapper it may be anything.
fn visit(path: &mut Vec<String>, value: &Value, wrapped: bool, found: &mut Vec<FieldError>) {
    if path.len() > DEEPEST || found.len() >= MOST {
        return;
    }
    match value {
        Value::Object(object) => {
            if let Some(error) = entry(path, value) {
                found.push(error);
                return;
            }
            for (key, inner) in object {
                if path.is_empty() && WRAPPERS.contains(&key.as_str()) {
                    add(std::slice::from_ref(key), texts(inner), found);
                    visit(path, inner, key != "error" && key != "detail", found);
                } else {
                    path.push(key.clone());
                    visit(path, inner, wrapped, found);
                    path.pop();
                }
            }
        }
        Value::Array(items) => {
            if !path.is_empty() {
                add(path, texts(value), found);
            }
            for (index, item) in items.iter().enumerate() {
                if let Some(error) = entry(path, item) {
                    found.push(error);
                } else if item.is_object() {
                    path.push(index.to_string());
                    visit(path, item, wrapped, found);
                    path.pop();
                }
            }
        }
        Value::String(text) if wrapped && !path.is_empty() => add(path, vec![text.clone()], found),
        _ => {}
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn add(path: &[String], messages: Vec<String>, found: &mut Vec<FieldError>) {
    if !messages.is_empty() {
        found.push(FieldError { path: path.join("."), messages });
    }
}

/// An error that names its field.
fn entry(path: &[String], value: &Value) -> Option<FieldError> {
    let object = value.as_object()?;
    let source = object.get("source").and_then(Value::as_object);
    let mut places = [Some(object), source].into_iter().flatten();
    let name = places.find_map(|place| NAMES.iter().find_map(|name| place.get(*name)))?;
    let name = match name {
        Value::String(text) => text.trim_start_matches('/').replace('/', "."),
        Value::Array(parts) => {
            let parts = parts.iter().map(|part| match part {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            parts.collect::<Vec<_>>().join(".")
        }
        _ => return None,
    };
    let keys = MESSAGES.iter().chain(&["msg", "expected", "code"]);
    let message = keys.filter_map(|key| object.get(*key)?.as_str()).next()?.to_owned();
    let path: Vec<_> = path.iter().chain([&name]).map(String::as_str).collect();
    Some(FieldError { path: path.join("."), messages: vec![message] })
}

//! Columns of rows as values of the API, and back.

use rusqlite::Row;
use rusqlite::types::Type;
use sentry_api::types::{Timestamp, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::Error;

/// A number that is a text in the API, such as most ids.
pub(crate) fn number(row: &Row, column: &str) -> rusqlite::Result<Option<String>> {
    let number: Option<i64> = row.get(column)?;
    Ok(number.map(|number| number.to_string()))
}

/// A point in time.
pub(crate) fn time(row: &Row, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.map(Timestamp::from_text))
}

/// A URL.
pub(crate) fn uri(row: &Row, column: &str) -> rusqlite::Result<Option<Uri>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.map(Uri::from_text))
}

/// JSON.
pub(crate) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    let value = text.map(|text| serde_json::from_str(&text)).transpose();
    value.map_err(|error| {
        let column = row.as_ref().column_index(column).unwrap_or_default();
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })
}

/// The JSON of a value.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::BadRequest(error.to_string()))
}

/// The properties of an update that are kept as they are: all but those that have a column.
pub(crate) fn options(update: &impl Serialize, columns: &[&str]) -> Result<String, Error> {
    let value = serde_json::to_value(update);
    let value = value.map_err(|error| Error::BadRequest(error.to_string()))?;
    let mut options = match value {
        Value::Object(options) => options,
        _ => Map::new(),
    };
    for column in columns {
        options.remove(*column);
    }
    to_json(&options)
}

/// A point in time that a client sent, in UTC.
pub(crate) fn instant(
    property: &'static str,
    time: Option<Timestamp>,
) -> Result<Option<String>, Error> {
    let Some(time) = time else { return Ok(None) };
    let instant = time.instant();
    let instant = instant.ok_or_else(|| Error::invalid(property, "Enter a valid date-time."))?;
    // As SQLite writes it, so that texts of times are in the order of the times.
    let text = format!("{instant:.3}");
    Ok(Some(text))
}

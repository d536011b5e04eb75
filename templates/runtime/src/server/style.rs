//! The ways in which OpenAPI writes values as text: `simple`, `form`, `deepObject` and the others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::percent::{decode, decode_form};
use super::{Location, Parameter, Shape};

/// How the value of a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b` and `k,v` or `k=v`.
    Simple,
    /// `.a.b`.
    Label,
    /// `;name=a,b`.
    Matrix,
    /// `name=a&name=b` or `name=a,b`.
    Form,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a|b`.
    PipeDelimited,
    /// `name[key]=value`.
    DeepObject,
    /// JSON text.
    Json,
}

/// A pair of a query, form or cookie header: the key decoded, the value not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) raw: String,
}

/// What was expected instead of what stood there.
type Expected = String;

/// How the items of a value are decoded.
type Decode = fn(&str) -> Option<String>;

fn text(decode: Decode, raw: &str) -> Result<String, Expected> {
    decode(raw).ok_or_else(|| "percent-encoded UTF-8".to_owned())
}

fn scalar(shape: &Shape, decode: Decode, raw: &str) -> Result<Value, Expected> {
    let text = text(decode, raw)?;
    shape
        .value(&text)
        .map_err(|expected| format!("{expected}, found `{text}`"))
}

fn json(decode: Decode, raw: &str) -> Result<Value, Expected> {
    serde_json::from_str(&text(decode, raw)?).map_err(|error| format!("JSON: {error}"))
}

/// A path parameter.
pub(super) fn single(parameter: &Parameter, raw: &str) -> Result<Value, Expected> {
    let Parameter {
        name,
        explode,
        shape,
        ..
    } = parameter;
    match parameter.style {
        Style::Json => json(decode, raw),
        Style::Label => {
            let raw = raw.strip_prefix('.').unwrap_or(raw);
            delimited(
                shape,
                decode,
                raw,
                if *explode { "." } else { "," },
                *explode,
            )
        }
        Style::Matrix => {
            let raw = raw.strip_prefix(';').unwrap_or(raw);
            let prefix = format!("{name}=");
            if *explode && shape.is_object() {
                return delimited(shape, decode, raw, ";", true);
            }
            let values: Vec<&str> = raw
                .split(';')
                .map(|item| item.strip_prefix(prefix.as_str()).unwrap_or(item))
                .collect();
            if *explode && shape.is_list() {
                return list(shape, decode, values.into_iter());
            }
            let raw = values.first().copied().unwrap_or_default();
            delimited(shape, decode, raw, ",", false)
        }
        _ => delimited(shape, decode, raw, ",", *explode),
    }
}

/// A header: like a path parameter, with space around the commas and nothing percent-encoded.
pub(super) fn header(parameter: &Parameter, raw: &str) -> Result<Value, Expected> {
    let plain: Decode = |raw| Some(raw.trim().to_owned());
    match parameter.style {
        Style::Json => json(plain, raw),
        _ => delimited(&parameter.shape, plain, raw, ",", parameter.explode),
    }
}

/// A query parameter or a cookie. `None` when no pair is the parameter's.
pub(super) fn pairs(parameter: &Parameter, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let shape = &parameter.shape;
    if parameter.style == Style::DeepObject {
        // A scalar has no keys, and a list may go without them.
        let is_plain = !shape.is_object() && pairs.iter().any(|pair| pair.key == parameter.name);
        if !is_plain {
            return deep_object(parameter.name, shape, pairs);
        }
        let plain = Parameter {
            style: Style::Form,
            explode: true,
            ..*parameter
        };
        return self::pairs(&plain, pairs);
    }
    if parameter.style == Style::Form && parameter.explode && shape.is_object() {
        return exploded_object(parameter, pairs);
    }
    let values: Vec<&str> = pairs
        .iter()
        .filter(|pair| pair.key == parameter.name)
        .map(|pair| pair.raw.as_str())
        .collect();
    let [first, ..] = values.as_slice() else {
        return Ok(None);
    };
    if parameter.style == Style::Json {
        return json(decode_form, first).map(Some);
    }
    if shape.is_list() && (parameter.explode || values.len() > 1) {
        return list(shape, decode_form, values.into_iter()).map(Some);
    }
    if values.len() > 1 {
        return match shape.list_item() {
            Some(_) => list(shape, decode_form, values.into_iter()).map(Some),
            None => Err(format!("one value, found {}", values.len())),
        };
    }
    if parameter.explode {
        return scalar(shape, decode_form, first).map(Some);
    }
    let delimiter = match parameter.style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    let raw = match parameter.style {
        // A space is never itself in a query, and a pipe only by courtesy.
        Style::SpaceDelimited => first.replace("%20", " ").replace('+', " "),
        Style::PipeDelimited => first.replace("%7C", "|").replace("%7c", "|"),
        _ => (*first).to_owned(),
    };
    delimited(shape, decode_form, &raw, delimiter, false).map(Some)
}

/// A value of several items in one text. `keyed` says that properties are written `key=value`.
fn delimited(
    shape: &Shape,
    decode: Decode,
    raw: &str,
    delimiter: &str,
    keyed: bool,
) -> Result<Value, Expected> {
    if shape.is_object() {
        return object(shape, decode, raw, delimiter, keyed);
    }
    if shape.is_list() || (shape.list_item().is_some() && raw.contains(delimiter)) {
        if raw.is_empty() {
            return Ok(Value::Array(Vec::new()));
        }
        return list(shape, decode, raw.split(delimiter));
    }
    scalar(shape, decode, raw)
}

fn list<'raw>(
    shape: &Shape,
    decode: Decode,
    items: impl Iterator<Item = &'raw str>,
) -> Result<Value, Expected> {
    let item = shape.list_item().unwrap_or(Shape::Any);
    items
        .map(|raw| scalar(&item, decode, raw))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn object(
    shape: &Shape,
    decode: Decode,
    raw: &str,
    delimiter: &str,
    keyed: bool,
) -> Result<Value, Expected> {
    let mut object = Map::new();
    let mut items = raw.split(delimiter).filter(|item| !item.is_empty());
    while let Some(item) = items.next() {
        let (key, value) = if keyed {
            item.split_once('=')
        } else {
            items.next().map(|value| (item, value))
        }
        .ok_or_else(|| format!("a value for the key `{item}`"))?;
        let key = text(decode, key)?;
        let shape = shape.property(&key).unwrap_or(Shape::Any);
        let value = scalar(&shape, decode, value).map_err(|error| format!("{error} in `{key}`"))?;
        object.insert(key, value);
    }
    Ok(Value::Object(object))
}

/// `key=value&key=value`, without the parameter's own name. A shape with known keys tells its pairs from others;
/// arbitrary keys are all that are no other parameter's. A list may be one pair an item or JSON.
fn exploded_object(parameter: &Parameter, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let shape = &parameter.shape;
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in pairs {
        let known = match shape {
            Shape::Object(properties) => properties.iter().any(|(key, _)| *key == pair.key),
            _ => !is_of_another(parameter, &pair.key),
        };
        if known {
            groups.entry(&pair.key).or_default().push(&pair.raw);
        }
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let mut object = Map::new();
    for (key, values) in groups {
        let shape = shape.property(key).unwrap_or(Shape::Any);
        let value = match values.as_slice() {
            [value] => scalar(&shape, decode_form, value),
            values => values_of(&shape, values),
        };
        let value = value.map_err(|error| format!("{error} in `{key}`"))?;
        object.insert(key.to_owned(), value);
    }
    Ok(Some(Value::Object(object)))
}

/// Whether a key is `name` or `name[...]` of another parameter.
fn is_of_another(parameter: &Parameter, key: &str) -> bool {
    parameter.except.iter().any(|name| {
        key.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    })
}

/// How deep the keys of `deepObject` may nest: `name[a][b]` has two.
const DEPTH: usize = 16;

/// `name[key]=value`. Several pairs of one key, or `name[key][]=value`, are a list; `name[a][b]=value` nests.
fn deep_object(name: &str, shape: &Shape, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let mut entries = Vec::new();
    for pair in pairs {
        let keys = pair
            .key
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('['))
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(keys) = keys {
            let keys = keys.strip_suffix("][").unwrap_or(keys);
            let keys: Vec<&str> = match keys {
                "" => Vec::new(),
                keys => keys.split("][").collect(),
            };
            if keys.len() > DEPTH {
                return Err(format!("at most {DEPTH} keys in brackets"));
            }
            entries.push((keys, pair.raw.as_str()));
        }
    }
    match entries.is_empty() {
        true => Ok(None),
        false => nested(shape, &entries, 0).map(Some),
    }
}

/// The value of pairs that agree in their first `depth` keys.
fn nested(shape: &Shape, entries: &[(Vec<&str>, &str)], depth: usize) -> Result<Value, Expected> {
    let mut groups: BTreeMap<&str, Vec<(Vec<&str>, &str)>> = BTreeMap::new();
    for entry in entries {
        if let Some(key) = entry.0.get(depth) {
            groups.entry(key).or_default().push(entry.clone());
        }
    }
    if groups.is_empty() {
        let values: Vec<&str> = entries.iter().map(|(_, raw)| *raw).collect();
        return values_of(shape, &values);
    }
    if let Some(item) = shape.list_item() {
        let mut items = BTreeMap::new();
        for (key, entries) in groups {
            let index: u32 = key
                .parse()
                .map_err(|_| format!("a list, found the key `{key}`"))?;
            items.insert(index, nested(&item, &entries, depth + 1)?);
        }
        return Ok(Value::Array(items.into_values().collect()));
    }
    let mut object = Map::new();
    for (key, entries) in groups {
        let shape = shape.property(key).unwrap_or(Shape::Any);
        let value = nested(&shape, &entries, depth + 1);
        object.insert(
            key.to_owned(),
            value.map_err(|error| format!("{error} in `{key}`"))?,
        );
    }
    Ok(Value::Object(object))
}

fn values_of(shape: &Shape, values: &[&str]) -> Result<Value, Expected> {
    match values {
        _ if shape.is_list() => list(shape, decode_form, values.iter().copied()),
        [value] => scalar(shape, decode_form, value),
        _ if shape.list_item().is_some() => list(shape, decode_form, values.iter().copied()),
        _ => Err(format!("one value, found {}", values.len())),
    }
}

/// The value of a form's field that is written like all others, all pairs of its name given.
pub(super) fn field(shape: &Shape, values: &[&str]) -> Result<Value, Expected> {
    values_of(shape, values)
}

/// The value of a form's field in a style of its own; its pairs are taken out.
pub(super) fn property(
    name: &'static str,
    style: Style,
    explode: bool,
    shape: Shape,
    pairs: &mut Vec<Pair>,
) -> Result<Option<Value>, Expected> {
    let parameter = Parameter {
        name,
        location: Location::Query,
        style,
        explode,
        shape,
        except: &[],
    };
    let known = |key: &str| match shape {
        Shape::Object(properties) if style == Style::Form && explode => {
            properties.iter().any(|(property, _)| *property == key)
        }
        _ => {
            let rest = key.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        }
    };
    let (own, others): (Vec<Pair>, Vec<Pair>) = std::mem::take(pairs)
        .into_iter()
        .partition(|pair| known(&pair.key));
    *pairs = others;
    self::pairs(&parameter, &own)
}

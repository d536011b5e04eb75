//! Diagnostics for programs.

use generator::description::diagnostic::Severity;
use serde_json::{Map, Value, json};

use super::{Position, Reported};

/// The diagnostics as one JSON document, with what a command tells beside them.
pub(super) fn json(reported: &[Reported], details: &Map<String, Value>) -> String {
    let mut document = Map::from_iter([("diagnostics".to_owned(), json!(reported))]);
    document.extend(details.clone());
    pretty(&Value::Object(document))
}

/// The JSON document that is the result of a command, with the diagnostics if it is an object.
pub(super) fn with_diagnostics(document: &str, reported: &[Reported]) -> String {
    match serde_json::from_str(document) {
        Ok(Value::Object(mut document)) => {
            document.insert("diagnostics".to_owned(), json!(reported));
            pretty(&Value::Object(document))
        }
        _ => format!("{document}\n"),
    }
}

/// The diagnostics as commands of a GitHub workflow, one a line, which GitHub shows beside the lines they are about.
pub(super) fn github(reported: &[Reported]) -> String {
    let line = |item: &Reported| {
        let level = match item.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(Position {
            file, line, column, ..
        }) = item.positions.first()
        {
            properties.push(format!("file={}", escaped(file, true)));
            properties.push(format!("line={line}"));
            properties.push(format!("col={column}"));
        }
        properties.push(format!("title={}", escaped(&item.code, true)));
        let help = item.help.as_ref().map(|help| format!("\n{help}"));
        let text = format!("{}{}", item.message, help.unwrap_or_default());
        format!(
            "::{level} {}::{}\n",
            properties.join(","),
            escaped(&text, false)
        )
    };
    reported.iter().map(line).collect()
}

/// A text in a command of a workflow.
fn escaped(text: &str, is_property: bool) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    if is_property {
        text.replace(':', "%3A").replace(',', "%2C")
    } else {
        text
    }
}

/// The diagnostics as a SARIF 2.1.0 log.
pub(super) fn sarif(reported: &[Reported]) -> String {
    let mut codes: Vec<&str> = reported.iter().map(|item| item.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> = reported.iter().map(sarif_result).collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

/// A rule, with its page if it has one.
fn rule(code: &str) -> Value {
    let Some(page) = generator::lint::page(code) else {
        return json!({ "id": code });
    };
    let heading = page.lines().next().unwrap_or_default();
    json!({
        "id": code,
        "shortDescription": { "text": heading.trim_start_matches(['#', ' ']) },
        "help": { "text": page, "markdown": page },
    })
}

fn sarif_result(item: &Reported) -> Value {
    let level = match item.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let help = item.help.as_ref().map(|help| format!("\n{help}"));
    let mut result = json!({
        "ruleId": item.code,
        "level": level,
        "message": { "text": format!("{}{}", item.message, help.unwrap_or_default()) },
    });
    let mut locations = item.positions.iter();
    let first: Vec<Value> = locations
        .by_ref()
        .take(1)
        .map(|it| location(it, None))
        .collect();
    result["locations"] = first.into();
    let related: Vec<Value> = locations
        .zip(1..)
        .map(|(position, id)| location(position, Some(id)))
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(position: &Position, id: Option<usize>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&position.file) },
            "region": { "startLine": position.line.max(1), "startColumn": position.column.max(1) },
        },
    });
    if let Some(id) = id {
        location["id"] = id.into();
    }
    if !position.text.is_empty() {
        location["message"] = json!({ "text": position.text });
    }
    location
}

/// A path as a relative reference of a URI.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let bytes = path.bytes().map(|byte| match byte {
        b'\\' => "/".to_owned(),
        byte if is_plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    bytes.collect()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

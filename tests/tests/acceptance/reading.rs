//! A plain reading of an OpenAPI document: what goes into each operation, and with which statuses it responds.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

/// What a document says of an operation.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// Number of path parameters. Their names differ between documents.
    pub(crate) path_parameters: usize,
    /// `query cursor`, `header X`, and `body name` of the properties of the body.
    pub(crate) inputs: BTreeSet<String>,
    /// Whether there is a body.
    pub(crate) body: bool,
    /// Statuses.
    pub(crate) statuses: BTreeSet<String>,
}

/// The part of a path that tells it from others: below the base path, parameters without their names.
pub(crate) fn shape(path: &str) -> String {
    let path = path.strip_prefix("/api/0").unwrap_or(path);
    let mut shape = String::new();
    let mut rest = path;
    while let Some((literal, parameter)) = rest.split_once('{') {
        shape.push_str(literal);
        shape.push_str("{}");
        rest = parameter.split_once('}').map_or("", |(_, rest)| rest);
    }
    shape.push_str(rest);
    // The overlay `monitor-check-in-paths.yaml` mends this slip of one document.
    match shape.strip_prefix("/organization/") {
        Some(rest) => format!("/organizations/{rest}"),
        None => shape,
    }
}

/// All operations of a document: `GET /issues/{}/` → what it says.
pub(crate) fn document(text: &str) -> BTreeMap<String, Described> {
    let root: Value = serde_yaml::from_str(text).expect("the document is YAML");
    let mut operations = BTreeMap::new();
    for (path, item) in root["paths"].as_mapping().expect("there are paths") {
        let path = shape(path.as_str().expect("paths are strings"));
        let shared = item.get("parameters");
        for method in ["get", "put", "post", "patch", "delete"] {
            if let Some(operation) = item.get(method) {
                let key = format!("{} {path}", method.to_uppercase());
                operations.insert(key, described(&root, operation, shared));
            }
        }
    }
    operations
}

fn described(root: &Value, operation: &Value, shared: Option<&Value>) -> Described {
    let mut read = Described::default();
    let lists = [shared, operation.get("parameters")];
    for parameter in lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_sequence)
        .flatten()
    {
        let parameter = resolved(root, parameter);
        let text = |key: &str| parameter[key].as_str().unwrap_or_default();
        match text("in") {
            "path" => read.path_parameters += 1,
            place => {
                read.inputs.insert(format!("{place} {}", text("name")));
            }
        }
    }
    if let Some(body) = operation.get("requestBody") {
        read.body = true;
        let contents = resolved(root, body)["content"].as_mapping();
        for content in contents.into_iter().flat_map(|contents| contents.values()) {
            let schema = content.get("schema").map(|schema| resolved(root, schema));
            let properties = schema.and_then(|schema| schema.get("properties")?.as_mapping());
            let names = properties
                .into_iter()
                .flat_map(|properties| properties.keys());
            read.inputs.extend(
                names
                    .filter_map(Value::as_str)
                    .map(|name| format!("body {name}")),
            );
        }
    }
    let responses = operation.get("responses").and_then(Value::as_mapping);
    for status in responses.into_iter().flat_map(|responses| responses.keys()) {
        read.statuses.extend(match status {
            Value::Number(number) => Some(number.to_string()),
            status => status
                .as_str()
                .filter(|status| !status.starts_with("x-"))
                .map(str::to_owned),
        });
    }
    read
}

/// The value itself, or what it refers to in the same document.
pub(crate) fn resolved<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return value;
    };
    let tokens = reference.trim_start_matches("#/").split('/');
    let target = tokens.fold(root, |node, token| {
        &node[token.replace("~1", "/").replace("~0", "~").as_str()]
    });
    resolved(root, target)
}

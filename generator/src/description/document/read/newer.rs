//! What OpenAPI 3.2 has and 3.1 has not: each place is a warning, since it is not read.

use super::not_read::is_extension;
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::tree::{Entry, Mapping, Node, Value};

/// What is not read, by where it stands.
struct Newer {
    key: &'static str,
    /// Whether the mapping around the key is of the kind that has it. Properties and examples have keys of any name.
    is_in: fn(&Mapping) -> bool,
    what: &'static str,
    help: &'static str,
}

const NEWER: [Newer; 9] = [
    Newer {
        key: "query",
        is_in: is_path_item,
        what: "operations of the method QUERY are left out",
        help: "describe the operation with another method, if the server has one",
    },
    Newer {
        key: "additionalOperations",
        is_in: is_path_item,
        what: "operations of other methods are left out",
        help: "describe them with the methods of OpenAPI 3.1, if the server has them",
    },
    Newer {
        key: "itemSchema",
        is_in: |mapping| !has(mapping, "type") && !has(mapping, "properties"),
        what: "the schema of the items of a stream is not read",
        help: "give the whole body a `schema`",
    },
    Newer {
        key: "itemEncoding",
        is_in: |mapping| has(mapping, "itemSchema") || has(mapping, "schema"),
        what: "the encoding of the items of a stream is not read",
        help: "give the parts an `encoding` by name",
    },
    Newer {
        key: "prefixEncoding",
        is_in: |mapping| has(mapping, "itemSchema") || has(mapping, "schema"),
        what: "the encoding of parts by position is not read",
        help: "give the parts an `encoding` by name",
    },
    Newer {
        key: "defaultMapping",
        is_in: |mapping| has(mapping, "propertyName"),
        what: "the default of the discriminator is not read",
        help: "a value that no mapping has is tried as every alternative",
    },
    Newer {
        key: "dataValue",
        is_in: |mapping| !has(mapping, "type"),
        what: "the example is not read",
        help: "give it as `value`",
    },
    Newer {
        key: "serializedValue",
        is_in: |mapping| !has(mapping, "type"),
        what: "the serialized example is not read",
        help: "give it as `value`",
    },
    Newer {
        key: "$self",
        is_in: |mapping| has(mapping, "openapi"),
        what: "references are resolved against the path of the file instead",
        help: "write references relative to the file",
    },
];

fn has(mapping: &Mapping, key: &str) -> bool {
    mapping.entry(key).is_some()
}

/// Whether a mapping is a path item: all of its keys are those of one.
fn is_path_item(mapping: &Mapping) -> bool {
    const KEYS: [&str; 15] = [
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
        "query",
        "additionalOperations",
        "parameters",
        "summary",
        "description",
        "servers",
        "$ref",
    ];
    let mut entries = mapping.entries.iter();
    entries.all(|entry| KEYS.contains(&&*entry.key) || is_extension(&entry.key))
        && ["query", "additionalOperations"].iter().all(|key| {
            mapping
                .entry(key)
                .is_none_or(|entry| entry.value.as_mapping().is_some())
        })
}

/// The code of the warnings.
pub(super) const CODE: &str = "newer-than-3.1";

/// Reports each place of a document that only OpenAPI 3.2 has.
pub(super) fn report(root: &Node, diagnostics: &mut Diagnostics) {
    declarations(root, diagnostics);
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Mapping(mapping) => {
                of_mapping(mapping, diagnostics);
                open.extend(mapping.entries.iter().map(|entry| &entry.value));
            }
            Value::Sequence(items) => open.extend(items),
            _ => {}
        }
    }
}

/// What tags, servers, components and security schemes have newly. Their keys are too common to be found anywhere else.
fn declarations(root: &Node, diagnostics: &mut Diagnostics) {
    let items = |key| {
        let items = root.get(key).and_then(Node::as_sequence);
        items.into_iter().flatten()
    };
    let schemes = root.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Node::as_mapping);
    let schemes = schemes.into_iter().flat_map(Mapping::iter);
    let schemes: Vec<&Node> = schemes.map(|(_, scheme)| scheme).collect();
    let flows = schemes.iter().filter_map(|scheme| scheme.get("flows"));
    let among: [(Vec<&Node>, &[&str], &str); 5] = [
        (
            items("tags").collect(),
            &["summary", "parent", "kind"],
            "groups are not nested, and have their name and description alone",
        ),
        (
            items("servers").collect(),
            &["name"],
            "the name is not read",
        ),
        (
            root.get("components").into_iter().collect(),
            &["mediaTypes"],
            "what refers to these components is left out",
        ),
        (
            flows.collect(),
            &["deviceAuthorization"],
            "nothing is made of it",
        ),
        (
            schemes,
            &["oauth2MetadataUrl", "deprecated"],
            "nothing is made of it",
        ),
    ];
    for (nodes, keys, what) in among {
        let mappings = nodes.into_iter().filter_map(Node::as_mapping);
        let entries = mappings.flat_map(|mapping| &mapping.entries);
        for entry in entries.filter(|entry| keys.contains(&entry.key.as_str())) {
            diagnostics.push(
                Diagnostic::warning(CODE, format!("`{}`: {what}", entry.key))
                    .at(entry.key_span, "only OpenAPI 3.2 has it"),
            );
        }
    }
}

fn of_mapping(mapping: &Mapping, diagnostics: &mut Diagnostics) {
    for newer in &NEWER {
        if let Some(entry) = mapping.entry(newer.key).filter(|_| (newer.is_in)(mapping)) {
            diagnostics.push(
                Diagnostic::warning(CODE, format!("`{}`: {}", newer.key, newer.what))
                    .at(entry.key_span, "only OpenAPI 3.2 has it")
                    .help(newer.help),
            );
        }
    }
    for entry in within(mapping) {
        let what = format!("`{}`: nothing is made of it", entry.key);
        diagnostics
            .push(Diagnostic::warning(CODE, what).at(entry.key_span, "only OpenAPI 3.2 has it"));
    }
    let location = mapping.entry("in");
    if let Some(entry) = location.filter(|it| it.value.as_str() == Some("querystring")) {
        diagnostics.push(
            Diagnostic::warning(CODE, "a parameter for the whole query is left out")
                .at(entry.key_span, "only OpenAPI 3.2 has it")
                .help("describe the parameters of the query one by one"),
        );
    }
    let style = mapping.entry("style").filter(|_| has(mapping, "in"));
    if let Some(entry) = style.filter(|it| it.value.as_str() == Some("cookie")) {
        diagnostics.push(
            Diagnostic::warning(CODE, "the style `cookie` is read as `form`")
                .at(entry.value.span, "only OpenAPI 3.2 has it")
                .help("names and values are percent-encoded, which `cookie` does not do"),
        );
    }
}

/// The keys of objects below a mapping that have another meaning elsewhere: the summaries of responses, the type of the node of
/// `xml`.
fn within(mapping: &Mapping) -> Vec<&Entry> {
    let below = |key| mapping.get(key).and_then(Node::as_mapping);
    let responses = below("responses").into_iter().flat_map(Mapping::iter);
    let summaries = responses.filter_map(|(_, response)| {
        let response = response.as_mapping()?;
        let summary = response.entry("summary")?;
        // Otherwise, it is a property of this name.
        (summary.value.as_str().is_some() && !has(response, "type")).then_some(summary)
    });
    let node_type = below("xml").and_then(|xml| xml.entry("nodeType"));
    summaries.chain(node_type).collect()
}

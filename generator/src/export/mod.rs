//! The effective API as OpenAPI 3.0, for tools that do not read 3.1.
//!
//! The 3.1 description of the emitted crate is rewritten, read as [`openapiv3::OpenAPI`], and written again, so that the result
//! has the structure of 3.0. What 3.0 cannot say is told in a note with its place.

mod losses;
mod origin;
mod schema;

use serde_json::{Map, Value as Json, json};

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::Document;
use crate::description::load;
use crate::description::pointers::Pointers;
use crate::description::source::{SourceMap, Span};
use crate::description::tree::{Mapping, Node};
use crate::http::HttpMethod;

pub use losses::{of_reading as losses_of_reading, unused_components};

/// A description in OpenAPI 3.0.
#[derive(Debug)]
pub struct Exported {
    /// The description.
    pub api: openapiv3::OpenAPI,
    /// A note for each loss.
    pub notes: Diagnostics,
    /// The description as it is written.
    written: Json,
}

impl Exported {
    /// The description in YAML.
    ///
    /// # Errors
    /// If writing fails.
    pub fn to_yaml(&self) -> Result<String, serde_yaml::Error> {
        serde_yaml::to_string(&self.written)
    }

    /// The description in JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.written)
    }
}

/// Why a description cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The 3.1 description has syntax errors.
    #[error("the effective description cannot be read")]
    Unreadable,
    /// What was made is no OpenAPI 3.0: a defect of the export.
    #[error("the export is no OpenAPI 3.0: {0}")]
    Invalid(#[from] serde_json::Error),
}

/// Exports an OpenAPI 3.1 description: the file of `sources` with this path.
///
/// # Errors
/// If the file cannot be read, or if the result is no OpenAPI 3.0.
pub fn openapi_3_0(sources: &SourceMap, path: &str) -> Result<Exported, ExportError> {
    let file = sources.find(path).ok_or(ExportError::Unreadable)?;
    let root = load::parse(sources, file, &mut Diagnostics::default());
    let root = root.ok_or(ExportError::Unreadable)?;
    let mut export = Export::default();
    let json = export.root(&root);
    let api: openapiv3::OpenAPI = serde_json::from_value(json.clone())?;
    let mut written = serde_json::to_value(&api)?;
    remove_additions(&mut written, &json);
    Ok(Exported {
        api,
        notes: export.notes,
        written,
    })
}

/// Removes what `openapiv3` writes for what was absent, such as `description: null` of a server variable, or a `style` beside
/// `content`, which is invalid.
fn remove_additions(written: &mut Json, read: &Json) {
    match (written, read) {
        (Json::Object(written), Json::Object(read)) => {
            written.retain(|key, _| read.contains_key(key));
            for (key, value) in written {
                if let Some(read) = read.get(key) {
                    remove_additions(value, read);
                }
            }
        }
        (Json::Array(written), Json::Array(read)) => {
            for (written, read) in written.iter_mut().zip(read) {
                remove_additions(written, read);
            }
        }
        _ => {}
    }
}

/// Notes about an effective API, which `sources` has, with the positions of the sources that its document is made of.
#[must_use]
pub fn located(notes: &Diagnostics, sources: &SourceMap, document: &Document) -> Diagnostics {
    let pointers = Pointers::new(sources);
    let mut located = Diagnostics::default();
    for mut note in notes.items().iter().cloned() {
        let labels = std::mem::take(&mut note.labels).into_iter();
        let labels = labels.filter_map(|mut label| {
            label.at = origin::origin(document, &pointers.at(label.at)?)?;
            Some(label)
        });
        note.labels = labels.collect();
        located.push(note);
    }
    located.deduplicate();
    located
}

/// The file of `sources` with this path as JSON.
///
/// # Errors
/// If it cannot be read.
pub fn to_json(sources: &SourceMap, path: &str) -> Result<String, ExportError> {
    let file = sources.find(path).ok_or(ExportError::Unreadable)?;
    let root = load::parse(sources, file, &mut Diagnostics::default());
    let root = root.ok_or(ExportError::Unreadable)?;
    Ok(format!("{:#}\n", root.to_json()))
}

/// Rewrites the objects of a description.
#[derive(Default)]
struct Export {
    notes: Diagnostics,
    /// The security schemes that 3.0 does not know.
    unknown_schemes: Vec<String>,
}

/// The code of the notes.
const CODE: &str = "lost-in-3.0";

impl Export {
    fn lose(&mut self, at: Span, what: impl Into<String>) {
        self.notes
            .push(Diagnostic::note(CODE, what).at(at, "left out or simplified"));
    }

    fn root(&mut self, node: &Node) -> Json {
        let mut unknown = Vec::new();
        if let Some(schemes) = node.pointer("/components/securitySchemes") {
            for entry in entries(schemes) {
                if entry.value.get("type").and_then(Node::as_str) == Some("mutualTLS") {
                    self.lose(
                        entry.key_span,
                        "OpenAPI 3.0 has no security scheme `mutualTLS`",
                    );
                    unknown.push(entry.key.clone());
                }
            }
        }
        self.unknown_schemes = unknown;
        let mut root = self.object(node, |this, key, value| match key {
            "openapi" => Some("3.0.3".into()),
            "info" => Some(this.info(value)),
            "paths" => Some(this.map(value, Self::path_item)),
            "components" => Some(this.components(value)),
            "security" => this.security(value),
            "webhooks" => {
                for entry in entries(value) {
                    let what = format!("OpenAPI 3.0 has no webhooks: `{}`", entry.key);
                    this.lose(entry.key_span, what);
                }
                None
            }
            "jsonSchemaDialect" => None,
            _ => Some(value.to_json()),
        });
        if root.get("paths").is_none() {
            root["paths"] = json!({});
        }
        root
    }

    fn info(&mut self, node: &Node) -> Json {
        self.object(node, |this, key, value| {
            if key == "summary" {
                this.lose(value.span, "OpenAPI 3.0 has no summary of an API");
                return None;
            }
            let mut json = value.to_json();
            if let Some(identifier) = json.as_object_mut().and_then(|it| it.remove("identifier")) {
                // What it says is what the name of a licence says in 3.0.
                json["name"] = identifier;
            }
            Some(json)
        })
    }

    fn components(&mut self, node: &Node) -> Json {
        self.object(node, |this, key, value| match key {
            "schemas" => Some(this.map(value, Self::schema)),
            "parameters" | "headers" => Some(this.map(value, Self::parameter)),
            "responses" => Some(this.map(value, Self::response)),
            "requestBodies" => Some(this.map(value, Self::body)),
            "callbacks" => Some(this.map(value, Self::callback)),
            "securitySchemes" => {
                let unknown = this.unknown_schemes.clone();
                let known = entries(value).filter(|entry| !unknown.contains(&entry.key));
                let known = known.map(|entry| (entry.key.clone(), entry.value.to_json()));
                Some(Json::Object(known.collect()))
            }
            "pathItems" => {
                this.lose(value.span, "OpenAPI 3.0 has no components for path items");
                None
            }
            _ => Some(value.to_json()),
        })
    }

    /// Security requirements without those that need a scheme that 3.0 does not know.
    fn security(&mut self, node: &Node) -> Option<Json> {
        let mut kept = Vec::new();
        for requirement in node.as_sequence().unwrap_or_default() {
            let mut schemes = entries(requirement);
            if schemes.any(|entry| self.unknown_schemes.contains(&entry.key)) {
                let names: Vec<&str> = entries(requirement).map(|it| it.key.as_str()).collect();
                let names = names.join(" and ");
                let what = format!("OpenAPI 3.0 cannot say the security requirement of `{names}`");
                self.lose(requirement.span, what);
            } else {
                kept.push(requirement.to_json());
            }
        }
        let is_optional = node.as_sequence().is_some_and(<[Node]>::is_empty);
        (is_optional || !kept.is_empty()).then_some(Json::Array(kept))
    }

    fn path_item(&mut self, node: &Node) -> Json {
        self.object(node, |this, key, value| {
            if HttpMethod::ALL.iter().any(|method| method.key() == key) {
                return Some(this.operation(value));
            }
            match key {
                "parameters" => Some(this.list(value, Self::parameter)),
                _ => Some(value.to_json()),
            }
        })
    }

    fn operation(&mut self, node: &Node) -> Json {
        let mut operation = self.object(node, |this, key, value| match key {
            "parameters" => Some(this.list(value, Self::parameter)),
            "requestBody" => Some(this.body(value)),
            "responses" => Some(this.map(value, Self::response)),
            "callbacks" => Some(this.map(value, Self::callback)),
            "security" => this.security(value),
            _ => Some(value.to_json()),
        });
        if operation.get("responses").is_none() {
            // 3.0 demands responses.
            operation["responses"] = json!({ "default": { "description": "" } });
        }
        operation
    }

    fn callback(&mut self, node: &Node) -> Json {
        self.map(node, Self::path_item)
    }

    /// A parameter or a header.
    fn parameter(&mut self, node: &Node) -> Json {
        self.object(node, |this, key, value| match key {
            "schema" => Some(this.schema(value)),
            "content" => Some(this.map(value, Self::media_type)),
            _ => Some(value.to_json()),
        })
    }

    fn body(&mut self, node: &Node) -> Json {
        let mut body = self.object(node, |this, key, value| match key {
            "content" => Some(this.map(value, Self::media_type)),
            _ => Some(value.to_json()),
        });
        if body.get("content").is_none() && body.get("$ref").is_none() {
            body["content"] = json!({});
        }
        body
    }

    fn response(&mut self, node: &Node) -> Json {
        let mut response = self.object(node, |this, key, value| match key {
            "content" => Some(this.map(value, Self::media_type)),
            "headers" => Some(this.map(value, Self::parameter)),
            _ => Some(value.to_json()),
        });
        if response.get("description").is_none() && response.get("$ref").is_none() {
            response["description"] = "".into();
        }
        response
    }

    fn media_type(&mut self, node: &Node) -> Json {
        self.object(node, |this, key, value| match key {
            "schema" => Some(this.schema(value)),
            "encoding" => Some(this.map(value, |this, node| {
                this.object(node, |this, key, value| match key {
                    "headers" => Some(this.map(value, Self::parameter)),
                    _ => Some(value.to_json()),
                })
            })),
            _ => Some(value.to_json()),
        })
    }

    /// An object with each of its values rewritten, or left out. What is no object stays as it is; so does a reference.
    fn object(
        &mut self,
        node: &Node,
        mut rewrite: impl FnMut(&mut Self, &str, &Node) -> Option<Json>,
    ) -> Json {
        if node.as_mapping().is_none() || node.get("$ref").is_some() {
            return node.to_json();
        }
        let mut object = Map::new();
        for entry in entries(node) {
            let value = if entry.key.starts_with("x-") {
                Some(entry.value.to_json())
            } else {
                rewrite(self, &entry.key, &entry.value)
            };
            if let Some(value) = value {
                object.insert(entry.key.clone(), value);
            }
        }
        Json::Object(object)
    }

    /// A map from names to objects. Extensions stay as they are.
    fn map(&mut self, node: &Node, mut rewrite: impl FnMut(&mut Self, &Node) -> Json) -> Json {
        let rewritten = entries(node).map(|entry| (entry.key.clone(), rewrite(self, &entry.value)));
        Json::Object(rewritten.collect())
    }

    fn list(&mut self, node: &Node, mut rewrite: impl FnMut(&mut Self, &Node) -> Json) -> Json {
        let items = node.as_sequence().unwrap_or_default().iter();
        Json::Array(items.map(|item| rewrite(self, item)).collect())
    }
}

fn entries(node: &Node) -> impl Iterator<Item = &crate::description::tree::Entry> {
    let mapping = node.as_mapping();
    mapping
        .into_iter()
        .flat_map(|Mapping { entries }| entries.iter())
}

//! Reads the items of a version: what a caller or an implementer can see of it.

mod operations;
mod texts;
mod types;
mod webhooks;

use std::collections::HashMap;

use indexmap::IndexMap;

use super::items::{Item, Kind, MAJOR, MINOR, PATCH, yes};
use super::renamed::Renamed;
use super::{Claim, Version};
use crate::api::{Docs, Provenance, SecurityScheme, ServerVariable, Type};
use crate::emit::rust::type_text;
use crate::path_template::path_shape;

/// Reads the items of a version.
pub(super) struct ItemReader<'a> {
    version: Version<'a>,
    renamed: &'a Renamed,
    items: IndexMap<String, Item>,
}

impl<'a> ItemReader<'a> {
    /// A reader that gives types their later names.
    pub(super) fn new(version: Version<'a>, renamed: &'a Renamed) -> Self {
        Self {
            version,
            renamed,
            items: IndexMap::new(),
        }
    }

    /// The items by key.
    pub(super) fn read(mut self) -> IndexMap<String, Item> {
        let api = self.version.api;
        self.texts();
        self.package();
        for operation in &api.operations {
            let template = &operation.path.template;
            let path = if operation.is_served {
                path_shape(template)
            } else {
                // Another operation has the shape.
                template.clone()
            };
            let key = format!("{} {path}", operation.method);
            self.operation(&key, operation);
        }
        for webhook in api
            .webhooks
            .iter()
            .flat_map(|webhooks| &webhooks.operations)
        {
            self.webhook(&format!("webhook {}", webhook.id), webhook);
        }
        for definition in &api.types {
            self.definition(definition);
        }
        for (name, scheme) in &api.security_schemes {
            let rust = format!("ClientBuilder::credential(\"{name}\")");
            let (form, description) = scheme_form(scheme);
            let declaration = api.security_declarations.get(name).cloned();
            let declaration = declaration.unwrap_or_default();
            let docs = stated(description.clone(), declaration.provenance);
            let item = self
                .item(Kind::SecurityScheme, None, rust, &docs)
                .facet("form", form, MAJOR)
                .facet("place", place_of_key(scheme), PATCH)
                .facet("tokens", declaration.tokens, PATCH);
            self.add(format!("security scheme {name}"), item);
        }
        for server in &api.servers {
            let rust = format!("servers::{}", server.name);
            let docs = stated(server.description.clone(), server.provenance.clone());
            let item = self.item(Kind::Server, None, rust, &docs);
            let listed = |of: fn(&ServerVariable) -> &str| {
                let variables = server.variables.iter();
                let listed = variables.map(|(name, variable)| format!("{name}: {}", of(variable)));
                listed.collect::<Vec<_>>().join(", ")
            };
            let item = item
                .facet("url", server.url.clone(), PATCH)
                .facet("variables", listed(variable_type), MAJOR)
                .facet("defaults", listed(|it| &it.default), PATCH);
            let key = format!("server {}", server.url);
            self.add(key.clone(), item);
            for (name, variable) in &server.variables {
                if let Some(choices) = &variable.choices {
                    for (value, variant) in &choices.values {
                        let rust = format!("servers::{}::{variant}", choices.type_name);
                        let item = self.item(Kind::EnumValue, Some(&key), rust, &docs);
                        self.add(format!("{key} {name} = {value}"), item);
                    }
                }
            }
        }
        self.items
    }

    fn add(&mut self, key: String, item: Item) {
        self.items.entry(key).or_insert(item);
    }

    /// Adds the bounds of the items of a list, or of the values of a map, and of theirs.
    fn items(&mut self, of: &str, rust: &str, docs: &Docs, is_sent: bool) {
        for (mark, docs) in [("[]", &docs.items), ("{}", &docs.values)] {
            let Some(docs) = docs else { continue };
            let (key, rust) = (format!("{of}{mark}"), format!("{rust}{mark}"));
            let mut item = self.item(Kind::Items, Some(of), rust.clone(), docs);
            item.facets.clear();
            self.add(key.clone(), item.bounds(docs, is_sent));
            self.items(&key, &rust, docs, is_sent);
        }
    }

    /// An item, with its documentation and its claims.
    fn item(&self, kind: Kind, parent: Option<&str>, rust: String, docs: &Docs) -> Item {
        let texts = docs.summary.iter().chain(&docs.description);
        let text = texts.cloned().collect::<Vec<_>>().join("\n\n");
        let name = rust.rsplit("::").next().unwrap_or_default().to_owned();
        let item = Item {
            kind,
            parent: parent.map(str::to_owned),
            name,
            rust,
            is_demanded: false,
            facets: IndexMap::new(),
            claims: self.claims(&docs.provenance),
            places: HashMap::new(),
        };
        let format = docs.format.clone().unwrap_or_default();
        item.facet("documentation", text, PATCH)
            .facet("format", format, PATCH)
            .facet("deprecated", yes(docs.deprecated), MINOR)
    }

    fn claims(&self, provenance: &[Provenance]) -> Vec<Claim> {
        let claims = provenance.iter().map(|provenance| Claim {
            source: provenance.source.clone(),
            at: self.version.sources.shown(provenance.at),
        });
        claims.collect()
    }

    /// The later name of a type.
    fn later_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.renamed.get(name).map_or(name, String::as_str)
    }

    /// The Rust type, with later names and without the paths of the emitted crate.
    fn ty(&self, ty: &Type) -> String {
        let text = type_text(self.version.api, self.version.library, ty);
        let library = self.version.library.as_str();
        let text = text
            .replace(&format!("{library}::models::"), "")
            .replace(&format!("{library}::types::"), "");
        let mut words = String::with_capacity(text.len());
        for word in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
            let end = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
            words.push_str(self.later_name(end));
            words.push_str(&word[end.len()..]);
        }
        words
    }
}

fn presence_promise(is_promised: bool) -> String {
    if is_promised {
        "always present"
    } else {
        "may be absent"
    }
    .to_owned()
}

fn json(value: Option<&serde_json::Value>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Examples as JSON, one a line.
fn examples<'e>(values: impl IntoIterator<Item = &'e serde_json::Value>) -> String {
    let values = values.into_iter().map(ToString::to_string);
    values.collect::<Vec<_>>().join("\n")
}

/// Documentation of something that has a description alone.
fn stated(description: Option<String>, provenance: Vec<Provenance>) -> Docs {
    Docs {
        description,
        provenance,
        ..Docs::default()
    }
}

/// The type of a variable of a server in Rust.
fn variable_type(variable: &ServerVariable) -> &str {
    let choices = variable.choices.as_ref();
    choices.map_or("String", |choices| choices.type_name.plain())
}

/// What is sent for a security scheme, and the description of the scheme.
fn scheme_form(scheme: &SecurityScheme) -> (String, &Option<String>) {
    match scheme {
        SecurityScheme::Bearer { description } => ("bearer token".to_owned(), description),
        SecurityScheme::Basic { description } => ("user and password".to_owned(), description),
        SecurityScheme::ApiKey { description, .. } => ("API key".to_owned(), description),
        SecurityScheme::Http {
            scheme,
            description,
        } => (format!("Authorization: {scheme}"), description),
        SecurityScheme::Other { kind, description } => (kind.clone(), description),
    }
}

/// Where a client sends an API key. Callers give the key by the name of its scheme.
fn place_of_key(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::ApiKey { location, name, .. } => format!("{} {name}", location.key()),
        _ => String::new(),
    }
}

//! The items of a version: what a caller or an implementer can see of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use super::{Claim, Severity, Version};
use crate::api::{
    Api, BodyEncoding, Docs, EnumValue, Field, Name, Operation, Pagination, Parameter, Presence,
    Provenance, RequestBody, Response, SecurityRequirements, SecurityScheme, Struct, Tag, Type,
    TypeDefinition, TypeKind, Union,
};
use crate::emit::rust::type_text;
use crate::path_template::path_shape;

/// The types that have another Rust name for the same schema: the earlier name and the later one.
pub(super) type Renamed = HashMap<String, String>;

/// An item.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// The key of the item that it is a part of.
    pub(super) parent: Option<String>,
    /// What it is in Rust.
    pub(super) rust: String,
    /// Its own name in Rust, without what it is a part of.
    pub(super) name: String,
    /// Whether a caller that does not know it must be changed once it is there.
    pub(super) is_demanded: bool,
    /// What can change.
    pub(super) facets: IndexMap<&'static str, Facet>,
    pub(super) claims: Vec<Claim>,
    /// Where facets are stated that have places of their own.
    pub(super) places: HashMap<&'static str, Vec<Claim>>,
}

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Operation,
    Webhook,
    Parameter,
    Body,
    MediaType,
    Response,
    /// A variant of the enum of responses: a response in one media type, or without a body.
    ResponseBody,
    Header,
    Type,
    Field,
    EnumValue,
    Alternative,
    Server,
    SecurityScheme,
}

impl Kind {
    /// How kinds of changes begin.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Webhook => "webhook",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::MediaType => "media-type",
            Self::Response => "response",
            Self::ResponseBody => "response-body",
            Self::Header => "header",
            Self::Type => "type",
            Self::Field => "field",
            Self::EnumValue => "enum-value",
            Self::Alternative => "alternative",
            Self::Server => "server",
            Self::SecurityScheme => "security-scheme",
        }
    }
}

/// Something about an item that can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facet {
    pub(super) value: String,
    /// What it is in Rust, if it is not the item itself: `ListTeams::send`.
    pub(super) rust: Option<String>,
    pub(super) rule: Rule,
}

/// What a change of a facet asks of the next version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The same for every change.
    Always(Severity),
    /// Minor where there was nothing before, else major.
    Added,
    /// A number that a request must not exceed: major where it is lowered or new, minor where it is raised or gone.
    Most,
    /// A number that a request must reach: major where it is raised or new, minor where it is lowered or gone.
    Least,
}

impl Rule {
    /// What a change between these values asks.
    pub(super) fn severity(self, before: &str, after: &str) -> Severity {
        let number = |text: &str| text.parse::<f64>().ok();
        let tightened = |is_tighter: fn(f64, f64) -> bool| match (number(before), number(after)) {
            (Some(before), Some(after)) => is_tighter(before, after),
            _ => before.is_empty(),
        };
        let is_major = match self {
            Self::Always(severity) => return severity,
            Self::Added => !before.is_empty(),
            Self::Most => tightened(|before, after| after < before),
            Self::Least => tightened(|before, after| after > before),
        };
        if is_major {
            Severity::Major
        } else {
            Severity::Minor
        }
    }
}

const PATCH: Rule = Rule::Always(Severity::Patch);
const MINOR: Rule = Rule::Always(Severity::Minor);
const MAJOR: Rule = Rule::Always(Severity::Major);

/// The bounds among the notes of an item, with the rule for requests.
const BOUNDS: [(&str, &str, Rule); 12] = [
    ("Minimum", "minimum", Rule::Least),
    ("Greater than", "exclusive-minimum", Rule::Least),
    ("Maximum", "maximum", Rule::Most),
    ("Less than", "exclusive-maximum", Rule::Most),
    ("Minimum length", "minimum-length", Rule::Least),
    ("Maximum length", "maximum-length", Rule::Most),
    ("Minimum number of items", "minimum-items", Rule::Least),
    ("Maximum number of items", "maximum-items", Rule::Most),
    (
        "Minimum number of properties",
        "minimum-properties",
        Rule::Least,
    ),
    (
        "Maximum number of properties",
        "maximum-properties",
        Rule::Most,
    ),
    ("Pattern", "pattern", MAJOR),
    ("Multiple of", "multiple-of", MAJOR),
];

/// The types of the earlier version that have another name in the later one: those with the same schema and use, and those
/// that alone have the same members.
pub(super) fn renamed_types(before: &Api, after: &Api) -> Renamed {
    let names = |api: &Api| -> HashSet<String> {
        let types = api.types.iter();
        types.map(|it| it.name.plain().to_owned()).collect()
    };
    let (earlier, later) = (names(before), names(after));
    let gone = |it: &&TypeDefinition| !later.contains(it.name.plain());
    let new = |it: &&TypeDefinition| !earlier.contains(it.name.plain());
    let gone: Vec<&TypeDefinition> = before.types.iter().filter(gone).collect();
    let mut new: Vec<&TypeDefinition> = after.types.iter().filter(new).collect();
    let mut renamed = Renamed::new();
    let is_same_schema = |one: &TypeDefinition, other: &TypeDefinition| {
        one.schema == other.schema && one.used == other.used
    };
    let has_same_members = |one: &TypeDefinition, other: &TypeDefinition| {
        let members = members(one);
        members.len() > 1 && members == self::members(other)
    };
    for is_same in [is_same_schema as fn(&_, &_) -> bool, has_same_members] {
        for definition in &gone {
            let mut found = (0..new.len()).filter(|at| is_same(definition, new[*at]));
            let is_unknown = !renamed.contains_key(definition.name.plain());
            if let (true, Some(at), None) = (is_unknown, found.next(), found.next()) {
                let name = new.remove(at).name.plain().to_owned();
                renamed.insert(definition.name.plain().to_owned(), name);
            }
        }
    }
    renamed
}

/// The names of a type's properties, or its values.
fn members(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter();
            fields.map(|field| field.wire_name.clone()).collect()
        }
        TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
            values.iter().map(|value| value.wire.to_string()).collect()
        }
        TypeKind::Union(_) | TypeKind::Alias(_) => Vec::new(),
    }
}

/// Reads the items of a version.
pub(super) struct Reader<'a> {
    version: Version<'a>,
    renamed: &'a Renamed,
    items: IndexMap<String, Item>,
}

impl<'a> Reader<'a> {
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
        for operation in &api.operations {
            let key = format!(
                "{} {}",
                operation.method,
                path_shape(&operation.path.template)
            );
            self.operation(Kind::Operation, &key, operation);
        }
        for webhook in api
            .webhooks
            .iter()
            .flat_map(|webhooks| &webhooks.operations)
        {
            self.operation(Kind::Webhook, &format!("webhook {}", webhook.id), webhook);
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
                .facet("tokens", declaration.tokens, PATCH);
            self.add(format!("security scheme {name}"), item);
        }
        for server in &api.servers {
            let rust = format!("servers::{}", server.name);
            let docs = stated(server.description.clone(), server.provenance.clone());
            let item = self.item(Kind::Server, None, rust, &docs);
            let variables = server.variables.keys().cloned().collect::<Vec<_>>();
            let item = item.facet("url", server.url.clone(), PATCH).facet(
                "variables",
                variables.join(", "),
                MAJOR,
            );
            self.add(format!("server {}", server.url), item);
        }
        self.items
    }

    fn add(&mut self, key: String, item: Item) {
        self.items.entry(key).or_insert(item);
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
            words.push_str(self.renamed.get(end).map_or(end, String::as_str));
            words.push_str(&word[end.len()..]);
        }
        words
    }

    fn operation(&mut self, kind: Kind, key: &str, operation: &Operation) {
        let rust = match kind {
            Kind::Webhook => format!("Webhooks::{}", operation.name),
            _ => format!("Client::{}", operation.client_method),
        };
        let method = |name: &str| format!("{}::{name}", operation.type_name);
        let tag = self
            .version
            .api
            .tags
            .iter()
            .find(|tag| tag.module == operation.tag);
        let server = tag.map_or("", |tag: &Tag| tag.server_trait.plain());
        let requirements = operation.security.as_ref();
        let item = self
            .item(kind, None, rust, &operation.docs)
            .method_facet("response", method("send"), self.success(operation), MAJOR)
            .method_facet("pages", method("pages"), self.pages(operation), Rule::Added)
            .facet("arguments", self.arguments(operation), MAJOR)
            .facet("server-trait", server.to_owned(), MAJOR)
            .facet("path", operation.path.template.clone(), PATCH)
            .facet("security", security(requirements, false), MINOR)
            .facet("scopes", security(requirements, true), PATCH)
            .stated("security", self.claims(&operation.security_provenance))
            .stated("scopes", self.claims(&operation.security_provenance))
            .facet("accept", operation.accept.clone(), PATCH);
        self.add(key.to_owned(), item);
        for parameter in &operation.parameters {
            self.parameter(key, operation, parameter);
        }
        if let Some(body) = &operation.request_body {
            self.body(key, operation, body);
        }
        for response in &operation.responses {
            self.response(key, operation, response);
        }
    }

    /// The types of the required arguments, in order.
    fn arguments(&self, operation: &Operation) -> String {
        let parameters = operation.parameters.iter();
        let required = parameters.filter(|parameter| parameter.required);
        let body = operation.request_body.as_ref();
        let body = body.filter(|body| body.required);
        let content = body.and_then(|body| body.contents.first());
        let types = required
            .map(|parameter| &parameter.ty)
            .chain(content.map(|content| &content.ty));
        let types: Vec<String> = types.map(|ty| self.ty(ty)).collect();
        format!("({})", types.join(", "))
    }

    /// What `send` returns.
    fn success(&self, operation: &Operation) -> String {
        let successes = operation.successes();
        let mut types: Vec<String> = Vec::new();
        for response in successes {
            let content = response.contents.first();
            let ty = content.map_or("()".to_owned(), |content| match content.encoding {
                BodyEncoding::EventStream => "EventStream".to_owned(),
                _ => self.ty(&content.ty),
            });
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        if types.is_empty() {
            "()".to_owned()
        } else {
            types.join(" | ")
        }
    }

    fn pages(&self, operation: &Operation) -> String {
        match &operation.pagination {
            Some(Pagination::Link { item, .. }) => self.ty(item),
            None => String::new(),
        }
    }

    fn parameter(&mut self, key: &str, operation: &Operation, parameter: &Parameter) {
        let rust = if parameter.required {
            format!("Client::{}({})", operation.client_method, parameter.name)
        } else {
            format!("{}::{}", operation.type_name, parameter.setter)
        };
        let mut item = self
            .item(Kind::Parameter, Some(key), rust, &parameter.docs)
            .facet("presence", presence(parameter.required), MAJOR)
            .facet("type", self.ty(&parameter.ty), MAJOR)
            .facet("default", json(parameter.default.as_ref()), PATCH)
            .facet(
                "style",
                format!(
                    "{}, explode {}",
                    parameter.style.key().unwrap_or("content"),
                    parameter.explode
                ),
                PATCH,
            )
            .bounds(&parameter.docs.notes, true);
        item.is_demanded = parameter.required;
        item.name = parameter.name.to_string();
        let location = parameter.location.key();
        let name = match parameter.location {
            crate::api::ParameterLocation::Path => parameter_position(operation, parameter),
            _ => parameter.wire_name.clone(),
        };
        self.add(format!("{key} {location} {name}"), item);
    }

    fn body(&mut self, key: &str, operation: &Operation, body: &RequestBody) {
        let rust = if body.required {
            format!("Client::{}({})", operation.client_method, body.name)
        } else {
            format!("{}::{}", operation.type_name, body.setter)
        };
        let mut item = self
            .item(Kind::Body, Some(key), rust.clone(), &body.docs)
            .facet("presence", presence(body.required), MAJOR);
        item.is_demanded = body.required;
        item.name = body.name.to_string();
        let body_key = format!("{key} body");
        self.add(body_key.clone(), item);
        for content in &body.contents {
            let rust = match &content.client_name {
                Some(name) => format!("Client::{name}"),
                None => rust.clone(),
            };
            let docs = Docs {
                provenance: body.docs.provenance.clone(),
                ..Docs::default()
            };
            let mut item = self
                .item(Kind::MediaType, Some(&body_key), rust, &docs)
                .facet("type", self.ty(&content.ty), MAJOR)
                .facet("media-type", content.media_type.clone(), PATCH)
                .bounds(&content.notes, true);
            item.name = content
                .client_name
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            self.add(format!("{body_key} {}", content.media_type), item);
        }
    }

    fn response(&mut self, key: &str, operation: &Operation, response: &Response) {
        let docs = Docs {
            description: response.description.clone(),
            provenance: operation.docs.provenance.clone(),
            ..Docs::default()
        };
        let rust = format!("{}Response::{}", operation.type_name, response.name);
        let item = self.item(Kind::Response, Some(key), rust, &docs);
        let response_key = format!("{key} {}", response.status);
        self.add(response_key.clone(), item);
        self.response_bodies(&response_key, operation, response);
        for header in &response.headers {
            let constants = &self.version.api.headers;
            let constant = constants
                .iter()
                .find(|constant| constant.wire_name.eq_ignore_ascii_case(&header.wire_name));
            let constant = constant.map_or(&header.name, |constant| &constant.name);
            let rust = format!("headers::{constant}");
            let mut item = self
                .item(Kind::Header, Some(&response_key), rust, &header.docs)
                .facet("deprecation", yes(header.docs.deprecated), PATCH)
                .facet("type", self.ty(&header.ty), MAJOR)
                .facet("promise", presence_promise(header.required), PATCH);
            // Its constant has no attribute that the compiler warns of.
            item.facets.shift_remove("deprecated");
            self.add(format!("{response_key} header {}", header.wire_name), item);
        }
    }

    /// The variants of a response, each with the method that asks for its media type.
    fn response_bodies(&mut self, response_key: &str, operation: &Operation, response: &Response) {
        let docs = Docs {
            provenance: operation.docs.provenance.clone(),
            ..Docs::default()
        };
        let variant = |name: &Name| format!("{}Response::{name}", operation.type_name);
        if response.contents.is_empty() {
            let rust = variant(&response.name);
            let item = self.item(Kind::ResponseBody, Some(response_key), rust, &docs);
            let item = item.facet("type", "()".to_owned(), MAJOR).facet(
                "media-type",
                String::new(),
                PATCH,
            );
            self.add(format!("{response_key} no body"), item);
        }
        for content in &response.contents {
            let method = content.client_name.as_ref();
            let method = method.map(|name| format!("{}::{name}", operation.type_name));
            let rust = variant(&content.variant);
            let item = self
                .item(Kind::ResponseBody, Some(response_key), rust, &docs)
                .facet("type", self.ty(&content.ty), MAJOR)
                .facet("media-type", content.media_type.clone(), PATCH)
                .facet("method", method.unwrap_or_default(), Rule::Added)
                .bounds(&content.notes, false);
            self.add(format!("{response_key} {}", content.media_type), item);
        }
    }

    fn definition(&mut self, definition: &TypeDefinition) {
        let name = definition.name.plain();
        let name = self
            .renamed
            .get(name)
            .map_or(name, String::as_str)
            .to_owned();
        let (kind, target) = match &definition.kind {
            TypeKind::Struct(_) => ("struct", String::new()),
            TypeKind::StringEnum(_) => ("enum of strings", String::new()),
            TypeKind::IntegerEnum(_) => ("enum of integers", String::new()),
            TypeKind::Union(_) => ("union", String::new()),
            TypeKind::Alias(target) => ("alias", self.ty(target)),
        };
        let stated: &[Provenance] = match &definition.kind {
            TypeKind::Union(Union {
                discriminator: Some(discriminator),
                ..
            }) => &discriminator.provenance,
            _ => &[],
        };
        let item = self
            .item(
                Kind::Type,
                None,
                definition.name.to_string(),
                &definition.docs,
            )
            .facet("kind", kind.to_owned(), MAJOR)
            .facet("target", target, MAJOR)
            .facet("discriminator", discriminator(&definition.kind), PATCH)
            .stated("discriminator", self.claims(stated))
            .facet("additional-properties", forbidden(&definition.kind), PATCH)
            .bounds(&definition.docs.notes, definition.used.request);
        self.add(name.clone(), item);
        match &definition.kind {
            TypeKind::Struct(structure) => self.structure(&name, definition, structure),
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                self.values(&name, definition, values);
            }
            TypeKind::Union(union) => self.union(&name, definition, union),
            TypeKind::Alias(_) => {}
        }
    }

    fn structure(&mut self, name: &str, definition: &TypeDefinition, structure: &Struct) {
        for field in &structure.fields {
            let ty = self.field_type(field);
            let rust = format!("{}::{}", definition.name, field.name);
            let mut item = self
                .item(Kind::Field, Some(name), rust, &field.docs)
                .facet("type", ty, MAJOR)
                .facet("promise", promise(field, definition.used.response), PATCH)
                .facet("default", json(field.default.as_ref()), PATCH)
                .bounds(&field.docs.notes, definition.used.request);
            item.is_demanded = field.presence == Presence::Required;
            self.add(format!("{name}.{}", field.wire_name), item);
        }
        if let Some(map) = &structure.additional {
            let rust = format!("{}::{}", definition.name, map.name);
            let item = self
                .item(Kind::Field, Some(name), rust, &Docs::default())
                .facet(
                    "type",
                    format!("BTreeMap<String, {}>", self.ty(&map.value)),
                    MAJOR,
                );
            self.add(format!("{name}.*"), item);
        }
    }

    fn field_type(&self, field: &Field) -> String {
        let ty = self.ty(&field.ty);
        match field.presence {
            Presence::Required => ty,
            Presence::Optional | Presence::Nullable => format!("Option<{ty}>"),
            Presence::ThreeState => format!("Change<{ty}>"),
        }
    }

    fn values(&mut self, name: &str, definition: &TypeDefinition, values: &[EnumValue]) {
        for value in values {
            let docs = Docs {
                description: value.description.clone(),
                provenance: definition.docs.provenance.clone(),
                ..Docs::default()
            };
            let rust = format!("{}::{}", definition.name, value.name);
            let item = self.item(Kind::EnumValue, Some(name), rust, &docs);
            self.add(format!("{name} = {}", value.wire), item);
        }
    }

    fn union(&mut self, name: &str, definition: &TypeDefinition, union: &Union) {
        for alternative in &union.alternatives {
            let docs = Docs {
                description: alternative.description.clone(),
                provenance: definition.docs.provenance.clone(),
                ..Docs::default()
            };
            let rust = format!("{}::{}", definition.name, alternative.name);
            let ty = self.ty(&alternative.ty);
            let item = self.item(Kind::Alternative, Some(name), rust, &docs).facet(
                "type",
                ty.clone(),
                MAJOR,
            );
            self.add(format!("{name} | {ty}"), item);
        }
    }
}

impl Item {
    fn facet(mut self, name: &'static str, value: String, rule: Rule) -> Self {
        let rust = None;
        self.facets.insert(name, Facet { value, rust, rule });
        self
    }

    /// Tells where a facet is stated, if it has a place of its own.
    fn stated(mut self, facet: &'static str, claims: Vec<Claim>) -> Self {
        if !claims.is_empty() {
            self.places.insert(facet, claims);
        }
        self
    }

    /// The facet of a method of the operation's request.
    fn method_facet(mut self, name: &'static str, rust: String, value: String, rule: Rule) -> Self {
        let rust = Some(rust);
        self.facets.insert(name, Facet { value, rust, rule });
        self
    }

    /// Adds the bounds among the notes. Those of responses are documentation.
    fn bounds(mut self, notes: &[String], is_sent: bool) -> Self {
        let is_unique = notes.iter().any(|note| note == "Items are unique.");
        let rule = if is_sent { Rule::Least } else { PATCH };
        self = self.facet("unique-items", yes(is_unique), rule);
        let notes: BTreeMap<&str, &str> = notes
            .iter()
            .filter_map(|note| note.split_once(": "))
            .collect();
        for (label, name, rule) in BOUNDS {
            let value = notes.get(label).copied().unwrap_or_default();
            let rule = if is_sent { rule } else { PATCH };
            self = self.facet(name, value.trim_matches('`').to_owned(), rule);
        }
        self
    }
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "" }.to_owned()
}

fn presence(required: bool) -> String {
    if required { "required" } else { "optional" }.to_owned()
}

/// What a response promises of a field.
fn promise(field: &Field, is_received: bool) -> String {
    if !is_received {
        return String::new();
    }
    let presence = presence_promise(field.promised);
    let null = if field.nullable { ", may be null" } else { "" };
    format!("{presence}{null}")
}

fn presence_promise(is_promised: bool) -> String {
    if is_promised {
        "always present"
    } else {
        "may be absent"
    }
    .to_owned()
}

/// The property that tells the alternatives of a union apart, and its values.
fn discriminator(kind: &TypeKind) -> String {
    let TypeKind::Union(union) = kind else {
        return String::new();
    };
    let Some(discriminator) = &union.discriminator else {
        return String::new();
    };
    let mapping = discriminator.mapping.iter().filter_map(|(value, index)| {
        let alternative = union.alternatives.get(*index)?;
        Some(format!("{value}: {}", alternative.name))
    });
    let mut mapping: Vec<String> = mapping.collect();
    mapping.sort();
    format!("{} ({})", discriminator.property, mapping.join(", "))
}

/// Whether the schema of a type forbids properties that it does not describe.
fn forbidden(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Struct(structure) if structure.is_closed => "forbidden".to_owned(),
        _ => String::new(),
    }
}

fn json(value: Option<&serde_json::Value>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// The position of a path parameter, by which it is known whatever its name is.
fn parameter_position(operation: &Operation, parameter: &Parameter) -> String {
    let mut parameters = operation.path.parts.iter().filter_map(|part| match part {
        crate::api::PathPart::Parameter(name) => Some(name),
        crate::api::PathPart::Literal(_) => None,
    });
    match parameters.position(|name| *name == parameter.wire_name) {
        Some(at) => (at + 1).to_string(),
        None => parameter.wire_name.clone(),
    }
}

/// Documentation of something that has a description alone.
fn stated(description: Option<String>, provenance: Vec<Provenance>) -> Docs {
    Docs {
        description,
        provenance,
        ..Docs::default()
    }
}

/// What is sent for a security scheme, and the description of the scheme.
fn scheme_form(scheme: &SecurityScheme) -> (String, &Option<String>) {
    match scheme {
        SecurityScheme::Bearer { description } => ("bearer token".to_owned(), description),
        SecurityScheme::Basic { description } => ("user and password".to_owned(), description),
        SecurityScheme::ApiKey {
            location,
            name,
            description,
        } => (format!("{} {name}", location.key()), description),
        SecurityScheme::Http {
            scheme,
            description,
        } => (format!("Authorization: {scheme}"), description),
        SecurityScheme::Other { kind, description } => (kind.clone(), description),
    }
}

/// The alternatives of security requirements, with or without scopes.
fn security(requirements: Option<&SecurityRequirements>, has_scopes: bool) -> String {
    let Some(requirements) = requirements else {
        return String::new();
    };
    let one = |schemes: &IndexMap<String, Vec<String>>| {
        let schemes = schemes
            .iter()
            .map(|(scheme, scopes)| match scopes.as_slice() {
                scopes if has_scopes && !scopes.is_empty() => {
                    format!("{scheme} ({})", scopes.join(", "))
                }
                _ => scheme.clone(),
            });
        let schemes: Vec<String> = schemes.collect();
        if schemes.is_empty() {
            "no credential".to_owned()
        } else {
            schemes.join(" and ")
        }
    };
    let alternatives: Vec<String> = requirements.iter().map(one).collect();
    alternatives.join(" or ")
}

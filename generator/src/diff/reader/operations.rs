//! Operations, with their parameters, bodies and responses.

use indexmap::IndexMap;

use super::{ItemReader, examples, json, presence_promise, stated};
use crate::api::{
    BodyEncoding, Content, Name, Operation, OperationType, Pagination, Parameter,
    ParameterLocation, ParameterStyle, PathPart, Received, RequestBody, Response,
    SecurityRequirements, Type,
};
use crate::diff::items::{
    ENUM_OF_ERRORS, Item, Kind, MAJOR, NO_CREDENTIAL, PATCH, Rule, SECURITY_AND, SECURITY_OR, yes,
};

impl ItemReader<'_> {
    pub(super) fn operation(&mut self, key: &str, operation: &Operation) {
        let rust = format!("Client::{}", operation.client_method);
        // Without a type of its own, a call is sent as the client's method returns it.
        let method = |name: &str| {
            if operation.has_builder() {
                format!("{}::{name}", operation.type_name)
            } else {
                rust.clone()
            }
        };
        let errors = operation.error_model(self.version.api);
        let errors = errors.map_or_else(
            || operation.name_of(OperationType::Error),
            |model| self.later_name(model.plain()).to_owned(),
        );
        let item = self
            .called(Kind::Operation, rust.clone(), operation)
            .facet_of(
                "response",
                method("send"),
                self.success(operation),
                Rule::Alternatives,
            )
            .facet_of("error", errors, self.error(operation), MAJOR)
            .facet_of("pages", method("pages"), self.pages(operation), Rule::Added)
            .facet("arguments", self.arguments(operation), MAJOR)
            .facet("argument-order", argument_names(operation), MAJOR)
            .facet("id", operation.id.clone(), PATCH)
            .facet("accept", operation.accept.clone(), PATCH)
            .facet("servers", servers(operation), PATCH);
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

    /// An operation or a webhook, with what both have.
    pub(super) fn called(&self, kind: Kind, rust: String, operation: &Operation) -> Item {
        let server = self.version.api.server_trait_of(operation);
        let server = server.map_or("", |server_trait| server_trait.plain());
        let requirements = operation.security.as_ref();
        self.item(kind, None, rust, &operation.docs)
            .facet("server-trait", server.to_owned(), MAJOR)
            .facet("path", operation.path.template.clone(), PATCH)
            .facet("http-method", operation.method.to_string(), PATCH)
            .facet("security", security(requirements, false), Rule::Security)
            .facet("scopes", security(requirements, true), PATCH)
            .stated("security", self.claims(&operation.security_provenance))
            .stated("scopes", self.claims(&operation.security_provenance))
    }

    /// The type of the field that the server has for a parameter.
    pub(super) fn server_parameter(&self, parameter: &Parameter) -> String {
        let ty = self.ty(&parameter.ty);
        if parameter.required || parameter.server_default.is_some() {
            ty
        } else {
            format!("Option<{ty}>")
        }
    }

    /// The type of the body that the server reads: an enum, where there are several media types.
    pub(super) fn server_body(&self, operation: &Operation, body: &RequestBody) -> String {
        if let [content] = body.contents.as_slice() {
            return self.server_content(content);
        }
        let variants = body.contents.iter();
        let variants = variants
            .map(|content| format!("{}({})", content.variant, self.server_content(content)));
        let variants = variants.collect::<Vec<_>>().join(", ");
        let name = operation.name_of(OperationType::RequestBody);
        format!("{name} {{ {variants} }}")
    }

    fn server_content(&self, content: &Content) -> String {
        let ty = self.ty(&content.ty);
        match content.encoding {
            _ if content.is_bytes(self.version.api) => "Upload".to_owned(),
            BodyEncoding::Multipart => format!("Multipart<{ty}>"),
            _ => ty,
        }
    }

    /// The types of the required arguments, in order.
    pub(super) fn arguments(&self, operation: &Operation) -> String {
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
    pub(super) fn success(&self, operation: &Operation) -> String {
        let mut all: Vec<Received> = Vec::new();
        for response in operation.successes() {
            let received = operation.received_of(response);
            if !all.contains(&received) {
                all.push(received);
            }
        }
        if all.is_empty() {
            all.push(Received::Empty);
        }
        let types: Vec<String> = all.iter().map(|received| self.received(received)).collect();
        types.join(" | ")
    }

    fn received(&self, received: &Received) -> String {
        match received {
            Received::Empty | Received::Several => "()".to_owned(),
            Received::Json(ty) => self.ty(ty),
            Received::Text => self.ty(&Type::String),
            Received::Bytes => self.ty(&Type::Binary),
            Received::Events => "EventStream".to_owned(),
            Received::Lines(ty) => {
                format!("Lines<{}>", self.ty(self.version.api.line_of(ty)))
            }
        }
    }

    /// What the documented errors decode into, if any has a body.
    fn error(&self, operation: &Operation) -> String {
        let errors = operation.typed_errors(self.version.api);
        let mut types: Vec<String> = errors
            .iter()
            .map(|(_, content)| self.ty(&content.ty))
            .collect();
        types.dedup();
        match types.as_slice() {
            [] => String::new(),
            [ty] => ty.clone(),
            _ => ENUM_OF_ERRORS.to_owned(),
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
            .item(Kind::Parameter, Some(key), rust.clone(), &parameter.docs)
            .facet("presence", presence(parameter.required), MAJOR)
            .facet("type", self.ty(&parameter.ty), MAJOR)
            .facet_of(
                "server-type",
                server_field(operation, &parameter.name),
                self.server_parameter(parameter),
                MAJOR,
            )
            .facet("default", json(parameter.default.as_ref()), PATCH)
            .facet("style", style(parameter), PATCH)
            .bounds(&parameter.docs, true);
        item.is_demanded = parameter.required;
        item.name = parameter.name.to_string();
        let key = parameter_key(key, operation, parameter);
        self.add(key.clone(), item);
        self.items(&key, &rust, &parameter.docs, true);
    }

    fn body(&mut self, key: &str, operation: &Operation, body: &RequestBody) {
        let rust = if body.required {
            format!("Client::{}({})", operation.client_method, body.name)
        } else {
            format!("{}::{}", operation.type_name, body.setter)
        };
        let mut item = self
            .item(Kind::Body, Some(key), rust.clone(), &body.docs)
            .facet("presence", presence(body.required), MAJOR)
            .facet_of(
                "server-type",
                server_field(operation, &body.name),
                self.server_body(operation, body),
                MAJOR,
            );
        item.is_demanded = body.required;
        item.name = body.name.to_string();
        let body_key = format!("{key} body");
        self.add(body_key.clone(), item);
        for content in &body.contents {
            let rust = match &content.client_name {
                Some(name) if body.required => format!("Client::{name}"),
                Some(name) => format!("{}::{name}", operation.type_name),
                None => rust.clone(),
            };
            let docs = stated(None, content.provenance.clone());
            let mut item = self
                .item(Kind::MediaType, Some(&body_key), rust.clone(), &docs)
                .facet("type", self.ty(&content.ty), MAJOR)
                .facet("media-type", content.media_type.clone(), PATCH)
                .facet("parts", parts(content), PATCH)
                .facet("examples", examples(values(content)), PATCH)
                .bounds(&content.bounds, true);
            item.name = content
                .client_name
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let key = format!("{body_key} {}", content.media_type);
            self.add(key.clone(), item);
            self.items(&key, &rust, &content.bounds, true);
        }
    }

    pub(super) fn response(&mut self, key: &str, operation: &Operation, response: &Response) {
        let docs = stated(response.description.clone(), response.provenance.clone());
        let rust = format!(
            "{}::{}",
            operation.name_of(OperationType::Response),
            response.name
        );
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
        let variant =
            |name: &Name| format!("{}::{name}", operation.name_of(OperationType::Response));
        if response.contents.is_empty() {
            let rust = variant(&response.name);
            let docs = stated(None, response.provenance.clone());
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
            let docs = stated(None, content.provenance.clone());
            let item = self
                .item(Kind::ResponseBody, Some(response_key), rust, &docs)
                .facet("type", self.ty(&content.ty), MAJOR)
                .facet("media-type", content.media_type.clone(), PATCH)
                .facet("method", method.unwrap_or_default(), Rule::Added)
                .facet("examples", examples(values(content)), PATCH)
                .bounds(&content.bounds, false);
            self.add(format!("{response_key} {}", content.media_type), item);
        }
    }
}

/// The URLs of the servers that an operation has instead of the API's.
fn servers(operation: &Operation) -> String {
    let urls = operation.servers.iter().map(|server| server.url.as_str());
    urls.collect::<Vec<_>>().join(", ")
}

/// The field of the server's request: `ListTeamsRequest::cursor`.
pub(super) fn server_field(operation: &Operation, name: &Name) -> String {
    format!("{}::{name}", operation.name_of(OperationType::Request))
}

/// The example bodies.
pub(super) fn values(content: &Content) -> impl Iterator<Item = &serde_json::Value> {
    content.examples.iter().map(|example| &*example.value)
}

/// How the properties of a form or a multipart body are sent, where the description states it.
pub(super) fn parts(content: &Content) -> String {
    let parts = content.properties.iter().filter_map(|(name, encoding)| {
        let style = encoding.style.and_then(ParameterStyle::key);
        let style = style.map(|style| format!("{style}, explode {}", encoding.explode));
        let stated: Vec<_> = encoding.content_type.iter().cloned().chain(style).collect();
        (!stated.is_empty()).then(|| format!("{name}: {}", stated.join(", ")))
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// The names of the required arguments, in order.
fn argument_names(operation: &Operation) -> String {
    let parameters = operation.parameters.iter();
    let required = parameters.filter(|parameter| parameter.required);
    let body = operation.request_body.as_ref();
    let body = body.filter(|body| body.required);
    let names = required
        .map(|parameter| &parameter.name)
        .chain(body.map(|body| &body.name));
    let names: Vec<String> = names.map(ToString::to_string).collect();
    names.join(", ")
}

fn presence(required: bool) -> String {
    if required { "required" } else { "optional" }.to_owned()
}

/// The style in which a parameter is sent.
pub(super) fn style(parameter: &Parameter) -> String {
    let style = parameter.style.key().unwrap_or("content");
    let reserved = if parameter.allow_reserved {
        ", allowReserved"
    } else {
        ""
    };
    format!("{style}, explode {}{reserved}", parameter.explode)
}

/// The key of a parameter of an operation.
pub(super) fn parameter_key(key: &str, operation: &Operation, parameter: &Parameter) -> String {
    let location = parameter.location.key();
    let name = match parameter.location {
        ParameterLocation::Path => parameter_position(operation, parameter),
        _ => parameter.wire_name.clone(),
    };
    format!("{key} {location} {name}")
}

/// The position of a path parameter, by which it is known whatever its name is.
fn parameter_position(operation: &Operation, parameter: &Parameter) -> String {
    let mut parameters = operation.path.parts.iter().filter_map(|part| match part {
        PathPart::Parameter(name) => Some(name),
        PathPart::Literal(_) => None,
    });
    match parameters.position(|name| *name == parameter.wire_name) {
        Some(at) => (at + 1).to_string(),
        None => parameter.wire_name.clone(),
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
            NO_CREDENTIAL.to_owned()
        } else {
            schemes.join(SECURITY_AND)
        }
    };
    let alternatives: Vec<String> = requirements.iter().map(one).collect();
    alternatives.join(SECURITY_OR)
}

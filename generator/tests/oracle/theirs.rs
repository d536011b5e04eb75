//! What `openapiv3` reads.

use std::collections::BTreeSet;
use std::path::Path;

use openapiv3::{
    AdditionalProperties, Content, OpenAPI, Operation, Parameter, ReferenceOr, RequestBody,
    Response, Schema, SchemaKind, StatusCode, Type,
};

use crate::claim::{Claim, Claims, What};

/// What a document says, or why it is refused.
pub fn claims(path: &Path, text: &str) -> Result<BTreeSet<Claim>, String> {
    let is_json = path.extension().is_some_and(|end| end == "json");
    let document: OpenAPI = if is_json {
        serde_json::from_str(text).map_err(|error| error.to_string())?
    } else {
        serde_yaml::from_str(text).map_err(|error| error.to_string())?
    };
    let mut reader = Reader {
        document: &document,
        claims: Claims::default(),
    };
    reader.read();
    Ok(reader.claims.all)
}

struct Reader<'d> {
    document: &'d OpenAPI,
    claims: Claims,
}

impl<'d> Reader<'d> {
    fn read(&mut self) {
        let document = self.document;
        for (path, item) in &document.paths.paths {
            let Some(item) = item.as_item() else { continue };
            for (method, operation) in item.iter() {
                self.claims.item = format!("{} {path}", method.to_uppercase());
                self.operation(operation, &item.parameters);
            }
        }
        let schemas = document
            .components
            .iter()
            .flat_map(|components| &components.schemas);
        for (name, schema) in schemas {
            self.claims.item = format!("schema {name}");
            self.claims.push("", What::Exists);
            // A component that is only another name is resolved by the generator where it is used.
            if let ReferenceOr::Item(schema) = schema {
                self.schema("", schema);
            }
        }
    }

    fn operation(&mut self, operation: &'d Operation, shared: &'d [ReferenceOr<Parameter>]) {
        self.claims.push("", What::Exists);
        let own: Vec<&Parameter> = self.parameters(&operation.parameters);
        let key = |parameter: &Parameter| {
            let (location, name) = (location(parameter), &parameter.parameter_data_ref().name);
            // The case of a header tells nothing.
            match location {
                "header" => (location, name.to_ascii_lowercase()),
                _ => (location, name.clone()),
            }
        };
        let mut parameters: Vec<&Parameter> = Vec::new();
        for parameter in own.into_iter().chain(self.parameters(shared)) {
            if !parameters.iter().any(|known| key(known) == key(parameter)) {
                parameters.push(parameter);
            }
        }
        for parameter in parameters {
            let data = parameter.parameter_data_ref();
            let place = format!("{} {}", location(parameter), data.name);
            self.claims.push(&place, What::Required(data.required));
        }
        let body = operation.request_body.as_ref();
        if let Some(body) = body.and_then(|body| self.body(body)) {
            self.claims.push("body", What::Required(body.required));
            self.contents("body", &body.content);
        }
        let responses = &operation.responses;
        let known = responses.responses.iter();
        let known = known.map(|(status, response)| (written(status), response));
        let default = responses.default.iter();
        for (status, response) in known.chain(default.map(|response| ("default".into(), response)))
        {
            if let Some(response) = self.response(response) {
                self.claims.push(&status, What::Exists);
                self.contents(&status, &response.content);
            }
        }
    }

    fn parameters(&self, parameters: &'d [ReferenceOr<Parameter>]) -> Vec<&'d Parameter> {
        let known = self.document.components.as_ref();
        let resolve =
            |parameter| resolved(parameter, "parameters", |name| known?.parameters.get(name));
        parameters.iter().filter_map(resolve).collect()
    }

    fn body(&self, body: &'d ReferenceOr<RequestBody>) -> Option<&'d RequestBody> {
        let known = self.document.components.as_ref();
        resolved(body, "requestBodies", |name| {
            known?.request_bodies.get(name)
        })
    }

    fn response(&self, response: &'d ReferenceOr<Response>) -> Option<&'d Response> {
        let known = self.document.components.as_ref();
        resolved(response, "responses", |name| known?.responses.get(name))
    }

    fn contents(&mut self, place: &str, contents: &'d Content) {
        for (media_type, content) in contents {
            let place = format!("{place} {media_type}");
            self.claims.push(&place, What::Exists);
            if let Some(schema) = &content.schema {
                self.schema_or_reference(&place, schema);
            }
        }
    }

    fn schema_or_reference(&mut self, place: &str, schema: &ReferenceOr<Schema>) {
        match schema {
            ReferenceOr::Item(schema) => self.schema(place, schema),
            ReferenceOr::Reference { reference } => self.reference(place, reference),
        }
    }

    fn boxed(&mut self, place: &str, schema: &ReferenceOr<Box<Schema>>) {
        match schema {
            ReferenceOr::Item(schema) => self.schema(place, schema),
            ReferenceOr::Reference { reference } => self.reference(place, reference),
        }
    }

    /// References to components; where others lead is not followed.
    fn reference(&mut self, place: &str, reference: &str) {
        let schemas = self.document.components.as_ref();
        let Some(name) = component(reference, "schemas") else {
            return;
        };
        if schemas.is_some_and(|components| components.schemas.contains_key(&name)) {
            self.claims.push(place, What::RefersTo(name));
        }
    }

    fn schema(&mut self, place: &str, schema: &Schema) {
        let none = Vec::new();
        let (mut properties, mut required) = (None, &none);
        let (mut items, mut additional) = (None, None);
        let mut parts: Vec<(&str, &Vec<ReferenceOr<Schema>>)> = Vec::new();
        let mut kind = None;
        match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => {
                kind = Some("object");
                (properties, required) = (Some(&object.properties), &object.required);
                additional = object.additional_properties.as_ref();
            }
            SchemaKind::Type(Type::Array(array)) => {
                (kind, items) = (Some("array"), array.items.as_ref());
            }
            SchemaKind::Type(Type::String(_)) => kind = Some("string"),
            SchemaKind::Type(Type::Number(_)) => kind = Some("number"),
            SchemaKind::Type(Type::Integer(_)) => kind = Some("integer"),
            SchemaKind::Type(Type::Boolean(_)) => kind = Some("boolean"),
            SchemaKind::OneOf { one_of } => parts.push(("oneOf", one_of)),
            SchemaKind::AnyOf { any_of } => parts.push(("anyOf", any_of)),
            SchemaKind::AllOf { all_of } => parts.push(("allOf", all_of)),
            SchemaKind::Not { .. } => {}
            SchemaKind::Any(any) => {
                kind = any.typ.as_deref();
                (properties, required) = (Some(&any.properties), &any.required);
                (items, additional) = (any.items.as_ref(), any.additional_properties.as_ref());
                parts.extend([
                    ("oneOf", &any.one_of),
                    ("anyOf", &any.any_of),
                    ("allOf", &any.all_of),
                ]);
            }
        }
        if let Some(kind) = kind {
            self.claims.push(place, What::Type(kind.to_owned()));
        }
        let properties = properties.into_iter().flatten();
        let mut described = BTreeSet::new();
        for (name, property) in properties {
            described.insert(name);
            let place = format!("{place}.{name}");
            let is_required = required.contains(name);
            self.claims.push(&place, What::Required(is_required));
            self.boxed(&place, property);
        }
        for name in required.iter().filter(|name| !described.contains(name)) {
            self.claims.push(place, What::RequiresAlso(name.clone()));
        }
        if let Some(items) = items {
            self.boxed(&format!("{place}[]"), items);
        }
        if let Some(AdditionalProperties::Schema(schema)) = additional {
            self.schema_or_reference(&format!("{place}{{}}"), schema);
        }
        for (keyword, schemas) in parts {
            for (index, schema) in schemas.iter().enumerate() {
                let place = format!("{place}/{keyword}/{index}");
                self.claims.push(&place, What::Exists);
                self.schema_or_reference(&place, schema);
            }
        }
    }
}

/// An item, after the references that lead to it.
fn resolved<'d, T>(
    item: &'d ReferenceOr<T>,
    group: &str,
    known: impl Fn(&str) -> Option<&'d ReferenceOr<T>>,
) -> Option<&'d T> {
    let mut item = item;
    for _ in 0..32 {
        match item {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => item = known(&component(reference, group)?)?,
        }
    }
    None
}

/// The name of a component that a reference leads to.
fn component(reference: &str, group: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/")?;
    let name = name.strip_prefix(group)?.strip_prefix('/')?;
    let name = name.replace("%20", " ").replace("~1", "/");
    Some(name.replace("~0", "~")).filter(|_| !reference.contains("%7B"))
}

fn location(parameter: &Parameter) -> &'static str {
    match parameter {
        Parameter::Query { .. } => "query",
        Parameter::Header { .. } => "header",
        Parameter::Path { .. } => "path",
        Parameter::Cookie { .. } => "cookie",
    }
}

fn written(status: &StatusCode) -> String {
    match status {
        StatusCode::Code(code) => code.to_string(),
        StatusCode::Range(hundred) => format!("{hundred}XX"),
    }
}

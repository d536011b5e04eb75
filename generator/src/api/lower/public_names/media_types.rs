//! Names for media types: the variants of the server's enums, and the client's methods for contents that are not preferred.

use std::collections::BTreeMap;

use super::{CLIENT_METHODS, JSON, PublicNames, REQUEST_METHODS};
use crate::api::names::{NameKind, UnnamedItem, stem};
use crate::api::{BodyEncoding, Content, HttpMethod, Name, Operation, Provenance, Response};

impl PublicNames<'_> {
    /// Sets the variants of the server's enum of a request body. They are named after the encoding, or after the media type
    /// if several have the same encoding. A body with one media type has no enum.
    pub(super) fn variants_of_body(&mut self, operation: &mut Operation, item: &str) {
        let provenance = provenance_of_body(operation);
        let Some(body) = &mut operation.request_body else {
            return;
        };
        let unnamed = body.contents.iter().map(|content| UnnamedItem {
            item: body_item(item, content),
            candidates: vec![match encoding(&body.contents, content) {
                Some((variant, _)) => variant.to_owned(),
                None => media_type_words(content),
            }],
            priority: 0,
            provenance: provenance.clone(),
        });
        let unnamed: Vec<UnnamedItem> = unnamed.collect();
        let names = self.assign(NameKind::Content, &unnamed, &[]);
        for (content, name) in body.contents.iter_mut().zip(&names) {
            content.variant = name.clone();
        }
        if body.contents.len() > 1 {
            self.pin(NameKind::Content, &unnamed, &names);
        }
    }

    /// Sets the variants of the server's enum of responses: one for each response, named after its status, and one for each
    /// further media type, named after the status and the media type.
    pub(super) fn variants_of_responses(&mut self, operation: &mut Operation, item: &str) {
        let provenance = &operation.docs.provenance;
        let all: Vec<Name> = operation
            .responses
            .iter()
            .map(|response| response.name.clone())
            .collect();
        let mut further: Vec<String> = vec!["Other".to_owned()];
        for response in &mut operation.responses {
            let own = response.name.plain();
            if let [content] = response.contents.as_mut_slice()
                && content.media_type == JSON
                && self.pinned.contents.is_empty()
            {
                content.variant = response.name.clone();
                continue;
            }
            let unnamed = response.contents.iter().enumerate();
            let unnamed = unnamed.map(|(index, content)| {
                let mut candidates = vec![format!("{own} {}", media_type_words(content))];
                if index == 0 {
                    candidates.insert(0, own.to_owned());
                }
                UnnamedItem {
                    item: response_item(item, response, content),
                    candidates,
                    priority: u8::from(index > 0),
                    provenance: provenance.clone(),
                }
            });
            let unnamed: Vec<UnnamedItem> = unnamed.collect();
            let others = all.iter().map(Name::plain).filter(|name| *name != own);
            let reserved: Vec<&str> = others.chain(further.iter().map(String::as_str)).collect();
            let names = self.assign(NameKind::Content, &unnamed, &reserved);
            further.extend(names.iter().map(|name| name.plain().to_owned()));
            // JSON is always first. Any other first content can lose its place to JSON later, so its name is pinned.
            let is_stable = match (response.contents.as_slice(), names.as_slice()) {
                ([content], [name]) => content.media_type == JSON && *name == response.name,
                (contents, _) => contents.is_empty(),
            };
            if !is_stable {
                self.pin(NameKind::Content, &unnamed, &names);
            }
            for (content, name) in response.contents.iter_mut().zip(names) {
                content.variant = name;
            }
        }
    }

    /// Sets the client's methods for the other media types of required bodies.
    pub(super) fn methods_by_media_type(&mut self, operations: &mut [Operation], items: &[String]) {
        let mut unnamed = Vec::new();
        for (operation, item) in operations.iter().zip(items) {
            let body = operation.request_body.as_ref();
            if let Some(body) = body.filter(|body| body.required) {
                unnamed.extend(offered(operation).map(|content| UnnamedItem {
                    item: body_item(item, content),
                    candidates: vec![format!(
                        "{} as {}",
                        stem(&operation.name),
                        media_type(&body.contents, content)
                    )],
                    priority: 0,
                    provenance: provenance_of_body(operation),
                }));
            }
        }
        let methods = operations.iter().map(|operation| &operation.client_method);
        let methods: Vec<String> = methods.map(|name| name.plain().to_owned()).collect();
        let mut reserved: Vec<&str> = methods.iter().map(String::as_str).collect();
        reserved.extend(CLIENT_METHODS);
        let names = self.methods(&unnamed, &reserved);
        for (operation, item) in operations.iter_mut().zip(items) {
            for content in bodies(operation) {
                let name = names.get(body_item(item, content).as_str());
                content.client_name = name.cloned();
            }
        }
    }

    /// The names of methods by their items, pinned.
    fn methods<'u>(
        &mut self,
        unnamed: &'u [UnnamedItem],
        reserved: &[&str],
    ) -> BTreeMap<&'u str, Name> {
        let names = self.assign(NameKind::ClientMethod, unnamed, reserved);
        self.pin(NameKind::ClientMethod, unnamed, &names);
        let items = unnamed.iter().map(|unnamed| unnamed.item.as_str());
        items.zip(names).collect()
    }

    /// Sets the methods of requests for the other media types: setters for optional bodies, and methods that request
    /// another content of the response.
    pub(super) fn calls_by_media_type(&mut self, operation: &mut Operation, item: &str) {
        let mut unnamed = Vec::new();
        let body = operation.request_body.as_ref();
        if let Some(body) = body.filter(|body| !body.required) {
            unnamed.extend(offered(operation).map(|content| UnnamedItem {
                item: body_item(item, content),
                candidates: vec![format!("body as {}", media_type(&body.contents, content))],
                priority: 0,
                provenance: provenance_of_body(operation),
            }));
        }
        unnamed.extend(
            received(operation)
                .into_iter()
                .map(|(response, content)| UnnamedItem {
                    item: response_item(item, response, content),
                    candidates: vec![format!(
                        "send as {}",
                        media_type(&response.contents, content)
                    )],
                    priority: 1,
                    provenance: operation.docs.provenance.clone(),
                }),
        );
        if unnamed.is_empty() {
            return;
        }
        let parameters = operation.parameters.iter();
        let setters = parameters.map(|parameter| parameter.setter.plain());
        let reserved: Vec<&str> = setters.chain(REQUEST_METHODS).collect();
        let names = self.methods(&unnamed, &reserved);
        for content in bodies(operation) {
            if let Some(name) = names.get(body_item(item, content).as_str()) {
                content.client_name = Some(name.clone());
            }
        }
        for response in &mut operation.responses {
            let items = response.contents.iter();
            let items: Vec<String> = items
                .map(|content| response_item(item, response, content))
                .collect();
            for (content, item) in response.contents.iter_mut().zip(items) {
                content.client_name = names.get(item.as_str()).cloned();
            }
        }
    }
}

fn body_item(item: &str, content: &Content) -> String {
    format!("{item} body {}", content.media_type)
}

fn response_item(item: &str, response: &Response, content: &Content) -> String {
    format!("{item} {} {}", response.status, content.media_type)
}

fn bodies(operation: &mut Operation) -> impl Iterator<Item = &mut Content> {
    let bodies = operation.request_body.iter_mut();
    bodies.flat_map(|body| &mut body.contents)
}

/// The sources that describe the body, or else the operation.
fn provenance_of_body(operation: &Operation) -> Vec<Provenance> {
    let body = operation.request_body.as_ref();
    let own = body.map(|body| &body.docs.provenance);
    own.filter(|own| !own.is_empty())
        .unwrap_or(&operation.docs.provenance)
        .clone()
}

/// The contents of the request body that the caller can choose instead of the preferred one.
fn offered(operation: &Operation) -> impl Iterator<Item = &Content> {
    let bodies = operation.request_body.iter();
    let others = bodies.flat_map(|body| body.contents.iter().skip(1));
    others.filter(|content| content.distinct && operation.required_type.is_none())
}

/// The contents of successes that the caller can request instead of the preferred one, each media type once.
fn received(operation: &Operation) -> Vec<(&Response, &Content)> {
    let mut found: Vec<(&Response, &Content)> = Vec::new();
    if operation.method == HttpMethod::Head {
        return found;
    }
    for response in operation.successes() {
        let others = response.contents.iter().skip(1);
        for content in others.filter(|content| content.distinct) {
            let known = found
                .iter()
                .any(|(_, other)| other.media_type == content.media_type);
            if !known {
                found.push((response, content));
            }
        }
    }
    found
}

/// The variant and the word for an encoding, if only one of the contents has it.
fn encoding(contents: &[Content], content: &Content) -> Option<(&'static str, &'static str)> {
    let same = contents
        .iter()
        .filter(|other| other.encoding == content.encoding);
    (same.count() == 1).then_some(match content.encoding {
        BodyEncoding::Json => ("Json", "json"),
        BodyEncoding::Form => ("Form", "form"),
        BodyEncoding::Multipart => ("Multipart", "multipart"),
        BodyEncoding::Text => ("Text", "text"),
        BodyEncoding::EventStream => ("EventStream", "events"),
        BodyEncoding::JsonLines => ("JsonLines", "lines"),
        BodyEncoding::Binary => ("Binary", "bytes"),
    })
}

/// The word for the encoding, or the media type if several contents have the same encoding.
fn media_type(contents: &[Content], content: &Content) -> String {
    match encoding(contents, content) {
        Some((_, word)) => word.to_owned(),
        None => media_type_words(content),
    }
}

/// The media type as space-separated words.
fn media_type_words(content: &Content) -> String {
    let characters = content.media_type.chars().map(|character| match character {
        '*' => 'x',
        character if character.is_ascii_alphanumeric() => character,
        _ => ' ',
    });
    let words: String = characters.collect();
    if words.trim().is_empty() {
        "media".to_owned()
    } else {
        words
    }
}

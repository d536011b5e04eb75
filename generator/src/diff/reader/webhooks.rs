//! Webhooks and callbacks: requests that a user of the API serves. The crate has a server trait for them, and no client.

use super::operations::{parameter_key, parts, server_field, style, values};
use super::{ItemReader, examples, json, stated};
use crate::api::{Content, Operation, OperationType, Parameter, RequestBody};
use crate::diff::items::{Kind, MAJOR, PATCH};

impl ItemReader<'_> {
    pub(super) fn webhook(&mut self, key: &str, webhook: &Operation) {
        let rust = format!("Webhooks::{}", webhook.name);
        let (name, url) = self.described(webhook);
        let item = self
            .called(Kind::Webhook, rust, webhook)
            .facet("arguments", self.arguments(webhook), MAJOR)
            .facet("response", self.success(webhook), MAJOR)
            .facet("name", name, PATCH)
            .facet("callback-url", url, PATCH);
        self.add(key.to_owned(), item);
        for parameter in &webhook.parameters {
            self.webhook_parameter(key, webhook, parameter);
        }
        if let Some(body) = &webhook.request_body {
            self.webhook_body(key, webhook, body);
        }
        for response in &webhook.responses {
            self.response(key, webhook, response);
        }
    }

    /// The name of a webhook or a callback in the description, and the URL of the callback.
    fn described(&self, webhook: &Operation) -> (String, String) {
        let names = self.version.api.webhooks.iter().flat_map(|it| &it.names);
        let mut keys = names.filter(|(_, name)| **name == webhook.name);
        let key = keys.next().map_or("", |(key, _)| key.as_str());
        let method = webhook.method;
        if let Some(name) = key.strip_prefix(&format!("webhook {method} ")) {
            return (name.to_owned(), String::new());
        }
        // `callback onPet of POST /pets: POST {$request.body#/url}`
        let callback = key.strip_prefix("callback ").unwrap_or_default();
        let parts = callback.split_once(&format!(": {method} "));
        let (owned, url) = parts.unwrap_or_default();
        let name = owned.rsplit_once(" of ").map_or(owned, |(name, _)| name);
        (name.to_owned(), url.to_owned())
    }

    fn webhook_parameter(&mut self, key: &str, webhook: &Operation, parameter: &Parameter) {
        let rust = server_field(webhook, &parameter.name);
        let mut item = self
            .item(Kind::Parameter, Some(key), rust.clone(), &parameter.docs)
            .facet("type", self.server_parameter(parameter), MAJOR)
            .facet("default", json(parameter.default.as_ref()), PATCH)
            .facet("style", style(parameter), PATCH)
            .bounds(&parameter.docs, false);
        item.name = parameter.name.to_string();
        let key = parameter_key(key, webhook, parameter);
        self.add(key.clone(), item);
        self.items(&key, &rust, &parameter.docs, false);
    }

    fn webhook_body(&mut self, key: &str, webhook: &Operation, body: &RequestBody) {
        let rust = server_field(webhook, &body.name);
        let ty = self.server_body(webhook, body);
        let ty = if body.required {
            ty
        } else {
            format!("Option<{ty}>")
        };
        let mut item = self
            .item(Kind::Body, Some(key), rust.clone(), &body.docs)
            .facet("server-type", ty, MAJOR);
        item.name = body.name.to_string();
        let body_key = format!("{key} body");
        self.add(body_key.clone(), item);
        for content in &body.contents {
            let variant = match body.contents.as_slice() {
                [_] => None,
                _ => Some(content.variant.to_string()),
            };
            self.webhook_content(&body_key, webhook, variant, &rust, content);
        }
    }

    /// A media type of a body: the body itself, or a variant of the enum of several.
    fn webhook_content(
        &mut self,
        body_key: &str,
        webhook: &Operation,
        variant: Option<String>,
        body: &str,
        content: &Content,
    ) {
        let bodies = webhook.name_of(OperationType::RequestBody);
        let rust = variant
            .as_ref()
            .map(|variant| format!("{bodies}::{variant}"));
        let rust = rust.unwrap_or_else(|| body.to_owned());
        let docs = stated(None, content.provenance.clone());
        let mut item = self
            .item(Kind::MediaType, Some(body_key), rust.clone(), &docs)
            .facet("type", self.ty(&content.ty), MAJOR)
            .facet("media-type", content.media_type.clone(), PATCH)
            .facet("parts", parts(content), PATCH)
            .facet("examples", examples(values(content)), PATCH)
            .bounds(&content.bounds, false);
        item.name = variant.unwrap_or_default();
        let key = format!("{body_key} {}", content.media_type);
        self.add(key.clone(), item);
        self.items(&key, &rust, &content.bounds, false);
    }
}

//! Webhooks below `webhooks`, and callbacks below their operations.

use std::collections::BTreeMap;

use super::Writer;
use crate::document::{Facet, Object, Webhook, WebhookOrigin, Written};
use crate::emit::yaml::Yaml;
use crate::ir::{HttpMethod, Operation};
use crate::merge::shape;

/// The `callbacks` of each operation, by its method and the shape of its path.
pub(super) type Callbacks<'a> = BTreeMap<(HttpMethod, String), Named<'a, Named<'a, Object<'a>>>>;

type Named<'a, T> = BTreeMap<&'a str, T>;

impl<'a> Writer<'a> {
    fn called(&self) -> impl Iterator<Item = (&'a Webhook, &'a Operation)> + use<'a> {
        let lowered = self.api.webhooks.iter();
        let lowered = lowered.flat_map(|webhooks| &webhooks.operations);
        self.merged.document.webhooks.iter().zip(lowered)
    }

    fn webhook(&self, webhook: &'a Webhook, lowered: &'a Operation) -> Object<'a> {
        let tags = webhook.operation.facts.list(Facet::Tags).iter();
        self.operation(
            &webhook.operation,
            lowered,
            tags.map(Written::from).collect(),
        )
    }

    pub(super) fn webhooks(&self, yaml: &mut Yaml) {
        let mut webhooks: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (webhook, lowered) in self.called() {
            if webhook.origin == WebhookOrigin::Api {
                let methods = webhooks.entry(webhook.name()).or_default();
                methods.push((webhook, lowered));
            }
        }
        if !webhooks.is_empty() {
            yaml.open(0, "webhooks");
        }
        for (name, methods) in webhooks {
            yaml.open(1, name);
            for (webhook, lowered) in methods {
                let method = webhook.operation.method.key();
                yaml.entry(2, method, &self.webhook(webhook, lowered).into());
            }
        }
    }

    pub(super) fn callbacks(&self) -> Callbacks<'a> {
        let mut callbacks = Callbacks::new();
        for (webhook, lowered) in self.called() {
            let WebhookOrigin::Operation { method, path, name } = &webhook.origin else {
                continue;
            };
            let called = &webhook.operation;
            let written = self.webhook(webhook, lowered);
            let of_operation = callbacks.entry((*method, shape(path))).or_default();
            let of_callback = of_operation.entry(name.as_str()).or_default();
            let methods = of_callback.entry(called.path.as_str()).or_default();
            methods.set(called.method.key(), written);
        }
        callbacks
    }
}

/// The callbacks of one operation.
pub(super) fn written<'a>(callbacks: &Named<'a, Named<'a, Object<'a>>>) -> Object<'a> {
    let callbacks = callbacks.iter();
    callbacks
        .map(|(name, paths)| {
            let paths = paths.iter();
            let paths = paths.map(|(path, methods)| (*path, methods.clone()));
            (*name, Object::from_iter(paths))
        })
        .collect()
}

//! Webhooks below `webhooks`, and callbacks below their operations.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Writer;
use crate::document::{Facet, Webhook, WebhookOrigin};
use crate::emit::yaml::Yaml;
use crate::ir::{HttpMethod, Operation};
use crate::merge::shape;

/// The `callbacks` of each operation, by its method and the shape of its path.
pub(super) type Callbacks = BTreeMap<(HttpMethod, String), Named<Named<Map<String, Json>>>>;

type Named<T> = BTreeMap<String, T>;

impl Writer<'_> {
    fn called(&self) -> impl Iterator<Item = (&Webhook, &Operation)> {
        let lowered = self.api.webhooks.iter();
        let lowered = lowered.flat_map(|webhooks| &webhooks.operations);
        self.merged.document.webhooks.iter().zip(lowered)
    }

    fn webhook(&self, webhook: &Webhook, lowered: &Operation) -> Json {
        let tags = webhook.operation.facts.list(Facet::Tags).to_vec();
        self.operation(&webhook.operation, lowered, tags)
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
                yaml.entry(2, method, &self.webhook(webhook, lowered));
            }
        }
    }

    pub(super) fn callbacks(&self) -> Callbacks {
        let mut callbacks = Callbacks::new();
        for (webhook, lowered) in self.called() {
            let WebhookOrigin::Operation { method, path, name } = &webhook.origin else {
                continue;
            };
            let called = &webhook.operation;
            let written = self.webhook(webhook, lowered);
            let of_operation = callbacks.entry((*method, shape(path))).or_default();
            let of_callback = of_operation.entry(name.clone()).or_default();
            let methods = of_callback.entry(called.path.clone()).or_default();
            methods.insert(called.method.key().to_owned(), written);
        }
        callbacks
    }
}

//! Webhooks below `webhooks`, and callbacks below their operations.

use std::collections::{BTreeMap, HashMap};

use serde::ser::SerializeMap;

use super::Writer;
use crate::api::{Api, HttpMethod, Name, Operation};
use crate::description::document::{Facet, Object, Webhook, WebhookOwner, Written};
use crate::emit::pages::yaml::Mapping;
use crate::path_template::path_shape;

/// The `callbacks` of each operation, by its method and the shape of its path.
pub(super) type Callbacks<'a> = BTreeMap<(HttpMethod, String), Named<'a, Named<'a, Object<'a>>>>;

type Named<'a, T> = BTreeMap<&'a str, T>;

/// The webhooks and callbacks of the API by what they go by in the descriptions.
pub(super) fn by_item(api: &Api) -> HashMap<&str, &Operation> {
    let Some(webhooks) = &api.webhooks else {
        return HashMap::new();
    };
    let operations = webhooks.operations.iter();
    let by_name: HashMap<&Name, &Operation> = operations
        .map(|operation| (&operation.name, operation))
        .collect();
    let names = webhooks.names.iter();
    names
        .filter_map(|(item, name)| Some((item.as_str(), *by_name.get(name)?)))
        .collect()
}

impl<'a> Writer<'a> {
    fn webhook(&self, webhook: &'a Webhook) -> Object<'a> {
        let lowered = self.webhooks.get(&*webhook.item()).copied();
        let tags = webhook.operation.facts.list(Facet::Tags).iter();
        let tags = tags.map(Written::from).collect();
        self.operation(&webhook.operation, lowered, tags)
    }

    pub(super) fn webhooks<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let webhooks = Mapping(|| {
            let webhooks = self.webhook_items();
            webhooks.map(|(name, methods)| (name, self.tree(methods.into())))
        });
        map.serialize_entry("webhooks", &webhooks)
    }

    /// The webhooks by their names, each with its methods.
    pub(super) fn webhook_items(&self) -> impl Iterator<Item = (&'a str, Object<'a>)> {
        let mut webhooks: Named<'a, BTreeMap<HttpMethod, &'a Webhook>> = BTreeMap::new();
        for webhook in &self.merged.document.webhooks {
            if webhook.owner == WebhookOwner::Api {
                let methods = webhooks.entry(webhook.name()).or_default();
                methods.insert(webhook.operation.method, webhook);
            }
        }
        webhooks.into_iter().map(|(name, methods)| {
            let methods = methods.into_iter();
            let methods = methods.map(|(method, webhook)| (method.key(), self.webhook(webhook)));
            (name, methods.collect())
        })
    }

    /// Whether there are webhooks, rather than callbacks of operations.
    pub(super) fn has_webhooks(&self) -> bool {
        let mut webhooks = self.merged.document.webhooks.iter();
        webhooks.any(|webhook| webhook.owner == WebhookOwner::Api)
    }

    pub(super) fn callbacks_of_operations(&self) -> Callbacks<'a> {
        let mut callbacks = Callbacks::new();
        for webhook in &self.merged.document.webhooks {
            let WebhookOwner::Operation { method, path, name } = &webhook.owner else {
                continue;
            };
            let called = &webhook.operation;
            let of_operation = callbacks.entry((*method, path_shape(path))).or_default();
            let of_callback = of_operation.entry(name.as_str()).or_default();
            let methods = of_callback.entry(called.path.as_str()).or_default();
            methods.set(called.method.key(), self.webhook(webhook));
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

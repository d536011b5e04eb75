//! The pages of webhooks and callbacks: those of operations, with what the receiver writes instead of a call.

use std::collections::HashMap;

use super::Builder;
use super::operations::{Group, Line, OperationPage};
use super::words::webhook_file;
use crate::api::{Operation, OperationType, Webhooks};
use crate::description::document::Webhook;

/// The heading of the webhooks among the operations.
pub(super) const HEADING: &str = "Webhooks";

/// The anchor of that heading. No module has a hyphen in its name, so that it is not the one of a tag.
pub(super) const ANCHOR: &str = "api-webhooks";

/// A webhook or a callback.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    /// Its key in `names.lock`, which is also the subject of findings about it.
    pub(super) item: &'a str,
    /// The operation of the receiver.
    pub(super) operation: &'a Operation,
    /// The merged webhook, which has the name that the descriptions give it.
    described: &'a Webhook,
}

impl<'a> Called<'a> {
    /// The name of the webhook, or the expression for the URL of the callback.
    pub(super) fn described_at(self) -> &'a str {
        &self.described.operation.path
    }

    pub(super) fn page(self) -> String {
        format!("operations/{}.html", webhook_file(self.operation))
    }
}

impl Builder<'_> {
    /// The webhooks and callbacks, by their keys.
    pub(super) fn webhooks(&self) -> impl Iterator<Item = Called<'_>> {
        let webhooks = self.api.webhooks.iter();
        webhooks.flat_map(|webhooks| {
            let operations = webhooks.operations.iter();
            let by_name: HashMap<_, _> = operations.map(|it| (&it.name, it)).collect();
            let described = self.site.merged.document.webhooks.iter();
            described.filter_map(move |described| {
                let (item, name) = webhooks.names.get_key_value(&described.item())?;
                Some(Called {
                    item,
                    operation: by_name.get(name)?,
                    described,
                })
            })
        })
    }

    /// Their group in the list of operations, if there are any.
    pub(super) fn webhook_list(&self) -> Option<Group> {
        let line = |it: Called<'_>| {
            Line::new(
                it.operation,
                webhook_file(it.operation),
                it.described_at().to_owned(),
            )
        };
        let operations: Vec<Line> = self.webhooks().map(line).collect();
        (!operations.is_empty()).then(|| Group {
            name: HEADING.to_owned(),
            id: ANCHOR.to_owned(),
            operations,
        })
    }

    pub(super) fn webhook_page<'s>(&'s self, webhook: Called<'s>) -> OperationPage<'s> {
        let operation = webhook.operation;
        let server_trait = |it: &Webhooks| format!("{}::{}", it.group.server_trait, operation.name);
        let mut page = self.described(operation, webhook.item);
        page.path = webhook.described_at();
        HEADING.clone_into(&mut page.tag);
        page.call = method(operation);
        page.server = self.api.webhooks.as_ref().map(server_trait);
        page
    }
}

/// The method of the server trait, as its implementation begins.
fn method(operation: &Operation) -> String {
    format!(
        "async fn {}(\n    &self,\n    context: &RequestContext<Self::Principal>,\n    request: {},\n) -> Result<{}, Self::Error>",
        operation.name,
        operation.name_of(OperationType::Request),
        operation.name_of(OperationType::Response),
    )
}

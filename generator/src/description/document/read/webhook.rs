//! Reads webhooks, and callbacks of operations.

use super::DocumentReader;
use super::not_read::is_extension;
use crate::description::diagnostic::Diagnostic;
use crate::description::document::WebhookOwner;
use crate::description::tree::{Entry, Mapping, Node, Value};
use crate::http::HttpMethod;

impl<'a> DocumentReader<'a> {
    pub(super) fn read_webhooks(&mut self, webhooks: &'a Node) {
        self.item = "webhooks".to_owned();
        for entry in self.entries(webhooks, "an object of webhooks") {
            self.item = format!("webhook {}", entry.key);
            self.read_path_item(entry, &entry.key, Some(&WebhookOwner::Api), None);
        }
    }

    /// Reads the callbacks of an operation.
    pub(super) fn read_callbacks(&mut self, method: HttpMethod, path: &str, callbacks: &'a Node) {
        let item = self.item.clone();
        for callback in self.entries(callbacks, "an object of callbacks") {
            let owner = WebhookOwner::Operation {
                method,
                path: path.to_owned(),
                name: callback.key.clone(),
            };
            let Some(expressions) = self.resolve(&callback.value) else {
                self.skip_webhook(
                    &format!("callback {} of {item}", callback.key),
                    "its reference leads nowhere",
                    &callback.value,
                );
                continue;
            };
            for entry in self.entries(expressions, "an object of callback URLs") {
                self.read_path_item(entry, &entry.key, Some(&owner), None);
            }
            self.item.clone_from(&item);
        }
    }

    /// The entries of an object, without extensions.
    fn entries(&mut self, node: &'a Node, what: &str) -> Vec<&'a Entry> {
        let group = self.group(node);
        let entries: Option<&'a Mapping> = group.as_mapping();
        if entries.is_none() && group.value != Value::Null {
            self.expected(group, what);
        }
        let entries = entries.into_iter().flat_map(|mapping| &mapping.entries);
        let (extensions, entries): (Vec<_>, Vec<_>) =
            entries.partition(|entry| is_extension(&entry.key));
        for extension in extensions {
            self.extension_not_read(extension);
        }
        entries
    }

    /// Leaves out a webhook or callback.
    pub(super) fn skip_webhook(&mut self, item: &str, reason: &str, node: &'a Node) {
        self.document.webhooks_found += 1;
        let message = format!("`{item}` is left out: {reason}");
        self.leave_out(
            Diagnostic::warning("skipped-webhook", message)
                .at(node.span, "this webhook")
                .help("correct the document, or fix it in an overlay"),
        );
    }
}

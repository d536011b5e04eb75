//! Reads paths and path items.

use super::not_read::is_extension;
use super::operation::PathItem;
use super::{DocumentReader, article};
use crate::description::diagnostic::Diagnostic;
use crate::description::document::{Parameter, Skipped, Webhook, WebhookOwner};
use crate::description::tree::{Entry, Mapping, Node, Value};
use crate::http::HttpMethod;

impl<'a> DocumentReader<'a> {
    pub(super) fn read_paths(&mut self, paths: &'a Node, security: Option<&'a Node>) {
        let group = self.group(paths);
        let paths = match &group.value {
            Value::Mapping(paths) => paths,
            Value::Null => return,
            _ => {
                return self.diagnostics.push(
                    Diagnostic::error("paths-not-an-object", "`paths` is an object of paths")
                        .at(group.span, format!("this is {}", article(group.kind())))
                        .help("correct the document, or fix it in an overlay"),
                );
            }
        };
        for entry in &paths.entries {
            if is_extension(&entry.key) {
                self.extension_not_read(entry);
                continue;
            }
            self.item.clone_from(&entry.key);
            let key = entry.key.trim();
            let path = if key.starts_with('/') {
                key.to_owned()
            } else {
                format!("/{key}")
            };
            if path != entry.key {
                self.leave_out(
                    Diagnostic::warning(
                        "invalid-path",
                        format!("the path `{}` is read as `{path}`", entry.key),
                    )
                    .at(entry.key_span, "this path")
                    .help("write it relative to the server's URL, with a leading slash"),
                );
            }
            self.read_path_item(entry, &path, None, security);
        }
    }

    /// Reads the operations of a path, or of a webhook or callback.
    pub(super) fn read_path_item(
        &mut self,
        entry: &'a Entry,
        path: &str,
        webhook: Option<&WebhookOwner>,
        security: Option<&'a Node>,
    ) {
        let Some(mapping) = self.path_item(entry, path, webhook) else {
            return;
        };
        // A path item can refer to another one and add to it.
        let beside = entry.value.as_mapping();
        let beside = beside.filter(|beside| !std::ptr::eq(*beside, mapping));
        let item = PathItem {
            path,
            at: entry.key_span,
            webhook,
            parameters: self.shared_parameters(mapping, beside),
            servers: beside
                .and_then(|beside| beside.get("servers"))
                .or_else(|| mapping.get("servers")),
            security,
        };
        for method in HttpMethod::ALL {
            let own = beside.and_then(|beside| beside.entry(method.key()));
            if let Some(entry) = own.or_else(|| mapping.entry(method.key())) {
                self.read_operation(method, &item, &entry.value);
            }
        }
    }

    /// The path item of an entry, or the one that it refers to. A node of another type is reported.
    fn path_item(
        &mut self,
        entry: &'a Entry,
        path: &str,
        webhook: Option<&WebhookOwner>,
    ) -> Option<&'a Mapping> {
        let Some(item) = self.resolve(&entry.value) else {
            let reason = "its reference leads nowhere";
            match webhook {
                Some(_) => self.skip_webhook(path, reason, &entry.value),
                None => self.skip(path.to_owned(), reason, &entry.value),
            }
            return None;
        };
        let mapping = item.as_mapping();
        if mapping.is_none() && item.value != Value::Null {
            self.expected(item, "a path item object");
        }
        mapping
    }

    /// The parameters of a path item, and those beside its reference.
    fn shared_parameters(
        &mut self,
        mapping: &'a Mapping,
        beside: Option<&'a Mapping>,
    ) -> Vec<Parameter> {
        let mut known = vec!["$ref", "summary", "description", "servers", "parameters"];
        known.extend(HttpMethod::ALL.map(HttpMethod::key));
        let not_read = ["summary", "description"];
        self.check_keys(mapping, &known, "a path item");
        self.not_read(mapping, &not_read, "a path item");
        let mut shared = self.parameters(mapping);
        if let Some(beside) = beside {
            self.check_keys(beside, &known, "a path item");
            self.not_read(beside, &not_read, "a path item");
            let mut own = self.parameters(beside);
            shared.retain(|parameter| !own.iter().any(|own| own.is_same_input(parameter)));
            own.append(&mut shared);
            shared = own;
        }
        shared
    }

    /// Reads one operation into the document.
    fn read_operation(&mut self, method: HttpMethod, item: &PathItem<'_, 'a>, node: &'a Node) {
        let name = match item.webhook {
            Some(owner) => owner.item(method, item.path),
            None => format!("{method} {}", item.path),
        };
        self.item.clone_from(&name);
        let not_read = "it is not an operation object";
        match (self.operation(method, item, node), item.webhook) {
            (Some(operation), None) => {
                self.document.operations_found += 1;
                self.document.operations.push(operation);
            }
            (Some(operation), Some(owner)) => {
                self.document.webhooks_found += 1;
                let owner = owner.clone();
                self.document.webhooks.push(Webhook { owner, operation });
            }
            (None, None) => self.skip(name, not_read, node),
            (None, Some(_)) => self.skip_webhook(&name, not_read, node),
        }
    }

    /// Leaves out an operation, or a path whose operations are unknown.
    fn skip(&mut self, item: String, reason: &str, node: &Node) {
        self.document.operations_found += 1;
        self.document.skipped.push(Skipped {
            item,
            reason: reason.to_owned(),
            origin: self.provenance(node).first(),
        });
    }
}

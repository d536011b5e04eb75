//! Names of servers: a type for each server, a field for each variable of its URL, and an enum for the values of a variable.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::PublicNames;
use crate::api::names::{self, NameKind, UnnamedItem, case};
use crate::api::{Name, Server, ServerChoices, ServerVariable};

impl PublicNames<'_> {
    /// Names the types of the servers by number. A server has no name in OpenAPI, only a description.
    pub(super) fn servers(&mut self, servers: &mut [Server]) {
        let items = items_of_servers(servers);
        let pinned: HashSet<&String> = items
            .iter()
            .filter_map(|item| self.pinned.servers.get(item))
            .collect();
        let mut number = 0;
        let unnamed = items.iter().enumerate().map(|(index, item)| {
            let mut name = "Server".to_owned();
            if servers.len() > 1 && !self.pinned.servers.contains_key(item) {
                number = index.max(number);
                loop {
                    number += 1;
                    name = format!("Server{number}");
                    if !pinned.contains(&name) {
                        break;
                    }
                }
            }
            unnamed_item(item.clone(), name)
        });
        let unnamed: Vec<UnnamedItem> = unnamed.collect();
        let names = self.assign(NameKind::Server, &unnamed, &[]);
        self.pin(NameKind::Server, &unnamed, &names);
        let mut types: Vec<String> = names.iter().map(|name| name.plain().to_owned()).collect();
        for ((server, item), name) in servers.iter_mut().zip(&items).zip(names) {
            server.name = name;
            self.variables(server, item, &mut types);
        }
    }

    /// Names the variables of a server. `types` are the type names in use; the enums of the variables are added to them.
    fn variables(&mut self, server: &mut Server, item: &str, types: &mut Vec<String>) {
        let keys = server.variables.keys();
        let unnamed: Vec<UnnamedItem> = keys
            .map(|key| unnamed_item(format!("{item} {{{key}}}"), key.clone()))
            .collect();
        let names = self.assign(NameKind::ServerVariable, &unnamed, &[]);
        self.pin(NameKind::ServerVariable, &unnamed, &names);
        let variables = server.variables.values_mut().zip(names).zip(unnamed);
        for ((variable, name), UnnamedItem { item, .. }) in variables {
            variable.choices = choices(variable).map(|values| {
                let word = case::pascal(name.plain(), "Variable");
                let wanted = format!("{}{}", server.name.plain(), word.plain());
                let wanted = Name::new(&wanted).unwrap_or(word);
                let reserved: Vec<&str> = types.iter().map(String::as_str).collect();
                let mut free = names::unique([wanted], &reserved).into_iter();
                let type_name = free.next().unwrap_or_else(Name::placeholder);
                types.push(type_name.plain().to_owned());
                ServerChoices {
                    type_name,
                    values: self.values(&item, values),
                }
            });
            variable.name = name;
        }
    }

    fn values(&mut self, item: &str, values: Vec<String>) -> Vec<(String, Name)> {
        let unnamed: Vec<UnnamedItem> = values
            .iter()
            .map(|value| unnamed_item(format!("{item}: {value}"), value.clone()))
            .collect();
        let names = self.assign(NameKind::ServerValue, &unnamed, &[]);
        self.pin(NameKind::ServerValue, &unnamed, &names);
        values.into_iter().zip(names).collect()
    }
}

/// An item with one possible name.
fn unnamed_item(item: String, candidate: String) -> UnnamedItem {
    UnnamedItem {
        item,
        candidates: vec![candidate],
        priority: 0,
        provenance: Vec::new(),
    }
}

/// The keys of servers in `names.lock`: their URLs, with a number if several servers have the same.
fn items_of_servers(servers: &[Server]) -> Vec<String> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    let items = servers.iter().map(|server| {
        let count = counts.entry(&server.url).or_default();
        *count += 1;
        match *count {
            1 => server.url.clone(),
            number => format!("{} #{number}", server.url),
        }
    });
    items.collect()
}

/// The allowed values, the default first. `None` if any value is allowed.
fn choices(variable: &ServerVariable) -> Option<Vec<String>> {
    let mut choices = vec![variable.default.clone()];
    for allowed in &variable.allowed {
        if !choices.contains(allowed) {
            choices.push(allowed.clone());
        }
    }
    (!variable.allowed.is_empty()).then_some(choices)
}

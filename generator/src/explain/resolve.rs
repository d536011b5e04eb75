//! Finds the items that a name is of: one of their own names, or one that another command prints, such as `diff` or the compiler.

use super::index::{Item, ItemKind, normalized};
use super::rust_items;
use crate::api::lower::Lowered;
use crate::api::{Name, Operation, OperationType, TypeDefinition, TypeKind};
use crate::path_template::template_names;
use crate::project::Project;
use crate::reconcile::merge::{Merged, THE_API, operation_subject};

/// Where names are looked up.
pub(super) struct Names<'a> {
    pub(super) project: &'a Project,
    pub(super) merged: &'a Merged,
    pub(super) lowered: Option<&'a Lowered>,
    pub(super) items: &'a [Item],
}

impl<'a> Names<'a> {
    /// The items that are called so. If none is, the nearest ones that the name is of: the type of a value of an enum.
    pub(super) fn find(&self, name: &str) -> Vec<&'a Item> {
        let name = name.trim();
        let ways = [
            Self::called,
            Self::webhook,
            Self::path_parameter,
            Self::media_type,
            Self::of_api,
            Self::in_type,
            Self::type_of_member,
            Self::rust_path,
        ];
        let mut found = ways.iter().map(|way| way(self, name));
        found.find(|it| !it.is_empty()).unwrap_or_default()
    }

    fn called(&self, name: &str) -> Vec<&'a Item> {
        let wanted = normalized(name);
        let is_wanted = |name: &String| normalized(name) == wanted;
        let items = self.items.iter();
        items.filter(|it| it.names.iter().any(is_wanted)).collect()
    }

    /// `webhook petCreated`, and what is a part of it.
    fn webhook(&self, name: &str) -> Vec<&'a Item> {
        let Some(name) = name.strip_prefix("webhook ") else {
            return Vec::new();
        };
        let mut found = self.called(name);
        found
            .retain(|it| it.subject.starts_with("webhook ") || it.subject.starts_with("callback "));
        found
    }

    /// `GET /pets/{} path 1`: a parameter by its position in the path.
    fn path_parameter(&self, name: &str) -> Vec<&'a Item> {
        let named = || {
            let (operation, position) = name.rsplit_once(" path ")?;
            let index = position.parse::<usize>().ok()?.checked_sub(1)?;
            let wanted = normalized(operation);
            let mut operations = self.merged.document.operations.iter();
            let operation = operations.find(|it| normalized(&operation_subject(it)) == wanted)?;
            let name = template_names(&operation.path).nth(index)?;
            Some(format!("{} path {name}", operation_subject(operation)))
        };
        named().map_or_else(Vec::new, |name| self.called(&name))
    }

    /// `GET /pets 200 application/json`: the body or response that has the media type.
    fn media_type(&self, name: &str) -> Vec<&'a Item> {
        match name.rsplit_once(' ') {
            Some((body, media_type)) if media_type.find('/').is_some_and(|at| at > 0) => {
                let mut found = self.called(body);
                let wanted = normalized(name);
                let is_its = |it: &String| normalized(it) == wanted;
                found.retain(|it| it.further_subjects.iter().any(is_its));
                found
            }
            _ => Vec::new(),
        }
    }

    /// `server https://pets.example` and `tag Pets`, which are stated of the API.
    fn of_api(&self, name: &str) -> Vec<&'a Item> {
        let document = &self.merged.document;
        let is_stated = match name.split_once(' ') {
            Some(("server", url)) => document.servers.iter().any(|server| server.url == url),
            Some(("tag", tag)) => document.tags.contains_key(tag),
            _ => false,
        };
        if is_stated {
            return self.called(THE_API);
        }
        Vec::new()
    }

    /// A type by its name in Rust, or something in it: `PetStatus`, `PetOwner.name`.
    fn in_type(&self, name: &str) -> Vec<&'a Item> {
        let end = name.find(['.', '[', '{']).unwrap_or(name.len());
        let (wanted, rest) = name.split_at(end);
        let pinned = self.lowered.map(|lowered| lowered.lock.types.iter());
        let mut pinned = pinned.into_iter().flatten();
        let item = pinned.find(|(_, name)| *name == wanted);
        item.map_or_else(Vec::new, |(item, _)| self.called(&format!("{item}{rest}")))
    }

    /// `Status = "new"` and `Pet | Cat`: the type of a value or of an alternative.
    fn type_of_member(&self, name: &str) -> Vec<&'a Item> {
        let owner = name.split_once(" = ").or_else(|| name.split_once(" | "));
        owner.map_or_else(Vec::new, |(owner, _)| self.type_called(owner))
    }

    fn type_called(&self, name: &str) -> Vec<&'a Item> {
        let mut found = self.called(name);
        found.retain(|it| matches!(it.kind, ItemKind::Type(_)));
        if found.is_empty() {
            return self.in_type(name);
        }
        found
    }

    /// `my_api::models::Pet::name`, or the end of such a path. The type after it does not count.
    fn rust_path(&self, path: &str) -> Vec<&'a Item> {
        let path = path.split_once(": ").map_or(path, |(path, _)| path);
        let segments: Vec<&str> = path.split("::").map(plain).collect();
        match *segments.as_slice() {
            [.., "models", name] => self.type_called(name),
            [.., "models", owner, member] => self.member(owner, member),
            [.., "headers", constant] => self.header(constant),
            [.., "servers", server] => self.server(server),
            [owner, member] => match self.member(owner, member) {
                none if none.is_empty() => self.in_operation(owner, member),
                found => found,
            },
            [.., owner, member] => self.in_operation(owner, member),
            _ => Vec::new(),
        }
        .into_iter()
        .chain(self.methods(path))
        .collect()
    }

    /// The property of a field; the type of a variant.
    fn member(&self, owner: &str, member: &str) -> Vec<&'a Item> {
        let types = self.lowered.map(|lowered| lowered.api.types.iter());
        let mut types = types.into_iter().flatten();
        let Some(definition) = types.find(|it| it.name.plain() == owner) else {
            return Vec::new();
        };
        if let TypeKind::Struct(structure) = &definition.kind {
            let mut fields = structure.fields.iter();
            let field = fields.find(|it| it.name.plain() == member);
            return field.map_or_else(Vec::new, |field| {
                let name = format!("{owner}.{}", field.wire_name);
                let found = self.called(&name);
                if found.is_empty() {
                    self.in_type(&name)
                } else {
                    found
                }
            });
        }
        if has_variant(definition, member) {
            return self.type_called(owner);
        }
        Vec::new()
    }

    /// The headers with this constant.
    fn header(&self, constant: &str) -> Vec<&'a Item> {
        let constants = self.lowered.map(|lowered| lowered.api.headers.iter());
        let mut constants = constants.into_iter().flatten();
        let Some(found) = constants.find(|it| it.name.plain() == constant) else {
            return Vec::new();
        };
        let end = format!(" header {}", found.wire_name.to_lowercase());
        let items = self.items.iter();
        let is_header = |item: &&Item| item.subject.to_lowercase().ends_with(&end);
        items.filter(is_header).collect()
    }

    /// The API, if one of its servers is called so.
    fn server(&self, name: &str) -> Vec<&'a Item> {
        let servers = self.lowered.map(|lowered| lowered.api.servers.iter());
        let mut servers = servers.into_iter().flatten();
        match servers.find(|it| it.name.plain() == name) {
            Some(_) => self.called(THE_API),
            None => Vec::new(),
        }
    }

    /// The parameter, body or response that a type of an operation has as a field, method or variant: `ListPets::limit`,
    /// `CreatePetResponse::Created`.
    fn in_operation(&self, owner: &str, member: &str) -> Vec<&'a Item> {
        let named = || {
            let lowered = self.lowered?;
            let types = || {
                OperationType::OF_CLIENT
                    .into_iter()
                    .chain(OperationType::OF_SERVER)
            };
            let mut operations = lowered.api.operations.iter();
            let operation = operations.find(|it| {
                it.type_name.plain() == owner || types().any(|ty| it.name_of(ty) == owner)
            })?;
            let mut pinned = lowered.lock.operations.iter();
            let (subject, _) = pinned.find(|(_, name)| operation.name.plain() == *name)?;
            Some(format!("{subject} {}", part_called(operation, member)?))
        };
        named().map_or_else(Vec::new, |name| self.called(&name))
    }

    /// The operations and webhooks with this method in Rust.
    fn methods(&self, path: &str) -> Vec<&'a Item> {
        if !path.contains("::") {
            return Vec::new();
        }
        let end = format!("::{path}");
        let has_method = |item: &&Item| {
            matches!(item.kind, ItemKind::Operation(_) | ItemKind::Webhook(_))
                && rust_items::of(self.project, self.lowered, item)
                    .iter()
                    .any(|method| *method == path || method.ends_with(&end))
        };
        self.items.iter().filter(has_method).collect()
    }
}

/// The part of an operation that a type of it has under a name.
fn part_called(operation: &Operation, name: &str) -> Option<String> {
    let is_called = |it: &Name| it.plain() == name;
    let mut parameters = operation.parameters.iter();
    let parameter = parameters.find(|it| is_called(&it.name) || is_called(&it.setter));
    if let Some(parameter) = parameter {
        return Some(format!(
            "{} {}",
            parameter.location.key(),
            parameter.wire_name
        ));
    }
    let body = operation.request_body.as_ref();
    if body.is_some_and(|it| is_called(&it.name) || is_called(&it.setter)) {
        return Some("body".to_owned());
    }
    let mut responses = operation.responses.iter();
    let response = responses.find(|it| {
        let mut variants = it.contents.iter().map(|content| &content.variant);
        is_called(&it.name) || variants.any(is_called)
    });
    Some(response?.status.to_string())
}

/// An identifier without `r#`.
fn plain(identifier: &str) -> &str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

fn has_variant(definition: &TypeDefinition, name: &str) -> bool {
    match &definition.kind {
        TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
            values.iter().any(|it| it.name.plain() == name)
        }
        TypeKind::Union(union) => union.alternatives.iter().any(|it| it.name.plain() == name),
        TypeKind::Struct(_) | TypeKind::Alias(_) => false,
    }
}

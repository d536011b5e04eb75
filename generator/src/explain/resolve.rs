//! Finds the items that a name is of: one of their own names, or one that another command prints, such as `diff` or the compiler.

use super::index::{Item, ItemKind, normalized};
use super::rust_items;
use crate::api::lower::Lowered;
use crate::api::{TypeDefinition, TypeKind};
use crate::path_template::template_names;
use crate::project::Project;
use crate::reconcile::merge::{Merged, operation_subject};

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
            [.., "models", owner, member] | [owner, member] => self.member(owner, member),
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

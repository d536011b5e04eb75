//! The types that have another name in the later version.

use std::collections::{HashMap, HashSet};

use crate::api::{Api, TypeDefinition, TypeKind};

/// The types that have another Rust name for the same schema: the earlier name and the later one.
pub(super) type Renamed = HashMap<String, String>;

/// The types of the earlier version that have another name in the later one: those with the same schema and use, and those
/// that alone have the same members.
pub(super) fn renamed_types(before: &Api, after: &Api) -> Renamed {
    let names = |api: &Api| -> HashSet<String> {
        let types = api.types.iter();
        types.map(|it| it.name.plain().to_owned()).collect()
    };
    let (earlier, later) = (names(before), names(after));
    let gone = |it: &&TypeDefinition| !later.contains(it.name.plain());
    let new = |it: &&TypeDefinition| !earlier.contains(it.name.plain());
    let gone: Vec<&TypeDefinition> = before.types.iter().filter(gone).collect();
    let mut new: Vec<&TypeDefinition> = after.types.iter().filter(new).collect();
    let mut renamed = Renamed::new();
    let is_same_schema = |one: &TypeDefinition, other: &TypeDefinition| {
        one.schema == other.schema && one.used == other.used
    };
    let has_same_members = |one: &TypeDefinition, other: &TypeDefinition| {
        let members = members(one);
        members.len() > 1 && members == self::members(other)
    };
    for is_same in [is_same_schema as fn(&_, &_) -> bool, has_same_members] {
        for definition in &gone {
            let mut found = (0..new.len()).filter(|at| is_same(definition, new[*at]));
            let is_unknown = !renamed.contains_key(definition.name.plain());
            if let (true, Some(at), None) = (is_unknown, found.next(), found.next()) {
                let name = new.remove(at).name.plain().to_owned();
                renamed.insert(definition.name.plain().to_owned(), name);
            }
        }
    }
    renamed
}

/// The names of a type's properties or alternatives, or its values.
fn members(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter();
            fields.map(|field| field.wire_name.clone()).collect()
        }
        TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
            values.iter().map(|value| value.wire.to_string()).collect()
        }
        TypeKind::Union(union) => {
            let alternatives = union.alternatives.iter();
            alternatives.map(|it| it.name.to_string()).collect()
        }
        TypeKind::Alias(_) => Vec::new(),
    }
}

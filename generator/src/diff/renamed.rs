//! The types that have another name in the later version.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

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
    let new: Vec<&TypeDefinition> = after.types.iter().filter(new).collect();
    let mut renamed = Renamed::new();
    pair(&gone, &new, schema_and_use, &mut renamed);
    pair(&gone, &new, members, &mut renamed);
    renamed
}

/// Pairs each type that is gone with the new one that alone has the same features. Types without features are not paired.
fn pair<'t, F: Eq + Hash>(
    gone: &[&'t TypeDefinition],
    new: &[&'t TypeDefinition],
    features: impl Fn(&'t TypeDefinition) -> Option<F>,
    renamed: &mut Renamed,
) {
    let taken: HashSet<&str> = renamed.values().map(String::as_str).collect();
    let mut later: HashMap<F, Vec<&str>> = HashMap::new();
    for definition in new {
        let name = definition.name.plain();
        if !taken.contains(name)
            && let Some(features) = features(definition)
        {
            later.entry(features).or_default().push(name);
        }
    }
    for definition in gone {
        let name = definition.name.plain();
        if !renamed.contains_key(name)
            && let Some(features) = features(definition)
            && let Some([other]) = later.get(&features).map(Vec::as_slice)
        {
            renamed.insert(name.to_owned(), (*other).to_owned());
            later.remove(&features);
        }
    }
}

/// The schema of a type, and whether requests and responses use it.
fn schema_and_use(definition: &TypeDefinition) -> Option<(&str, bool, bool)> {
    let used = definition.used;
    Some((&definition.schema, used.request, used.response))
}

/// The names of a type's properties or alternatives, or its values, if there are several.
fn members(definition: &TypeDefinition) -> Option<Vec<String>> {
    let members: Vec<String> = match &definition.kind {
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
    };
    (members.len() > 1).then_some(members)
}

//! Decides how to tell the alternatives of a union apart: the order in which they are tried, the test that a value must pass
//! for each, which of them compete for an object, and which need a value of the discriminator added.

use crate::api::{
    Alternative, Api, Discriminator, JsonKind, JsonTest, Type, TypeDefinition, TypeId, TypeKind,
    Union,
};

/// Decides this for all unions.
pub(super) fn settle(api: &mut Api) {
    let settled = |(index, definition): (usize, &TypeDefinition)| match &definition.kind {
        TypeKind::Union(union) => Some(self::union(api, TypeId::new(index), union)),
        _ => None,
    };
    let settled: Vec<Option<Union>> = api.types.iter().enumerate().map(settled).collect();
    for (definition, union) in api.types.iter_mut().zip(settled) {
        if let Some(union) = union {
            definition.kind = TypeKind::Union(union);
        }
    }
}

fn union(api: &Api, id: TypeId, union: &Union) -> Union {
    let discriminator = union.discriminator.as_ref();
    let has_tags = discriminator.is_some_and(|by| !by.mapping.is_empty());
    let types = || union.alternatives.iter().map(|alternative| &alternative.ty);
    let has_integer = types().any(|ty| matches!(api.resolve(ty), Type::Integer(_)));
    let convertible = convertible(api, id, union);
    let settled = union.alternatives.iter().zip(convertible).enumerate();
    let settled = settled.map(|(index, (alternative, convertible))| Alternative {
        test: test(api, &alternative.ty, has_integer),
        must_be_known: is_open(api, &alternative.ty),
        compared: false,
        convertible,
        added_tag: discriminator.and_then(|by| added_tag(api, by, index, &alternative.ty)),
        ..alternative.clone()
    });
    let settled: Vec<Alternative> = settled.collect();
    let mut order = Vec::new();
    let mut alternatives = Vec::new();
    for group in groups(&settled) {
        let candidates: Vec<&Alternative> =
            group.iter().filter_map(|at| settled.get(*at)).collect();
        let compared = !has_tags && compete(&candidates);
        alternatives.extend(candidates.into_iter().map(|alternative| Alternative {
            compared,
            ..alternative.clone()
        }));
        order.extend(group);
    }
    let mut discriminator = discriminator.cloned();
    for index in discriminator
        .iter_mut()
        .flat_map(|by| by.mapping.values_mut())
    {
        *index = order.iter().position(|old| old == index).unwrap_or(*index);
    }
    Union {
        discriminator,
        alternatives,
    }
}

/// The only value of the discriminator for an alternative, if the alternative is a struct without a field for it. Of several
/// values, nothing tells which one was meant.
fn added_tag(api: &Api, by: &Discriminator, index: usize, ty: &Type) -> Option<String> {
    let Some(TypeKind::Struct(object)) = api.kind_of(ty) else {
        return None;
    };
    if object
        .fields
        .iter()
        .any(|field| field.wire_name == by.property)
    {
        return None;
    }
    let mut tags = by.mapping.iter().filter(|(_, of)| **of == index);
    let (tag, _) = tags.next()?;
    tags.next().is_none().then(|| tag.clone())
}

/// Whether a type is an open enum or a union. Such a type accepts every value of its JSON kind, also values of a later
/// alternative.
fn is_open(api: &Api, ty: &Type) -> bool {
    matches!(
        api.kind_of(ty),
        Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_))
    )
}

/// The test for values of a type. `has_integer` says whether an alternative is an integer.
fn test(api: &Api, ty: &Type, has_integer: bool) -> JsonTest {
    let mut nullable = false;
    let mut current = api.resolve(ty);
    // The nesting is no deeper than the number of types, because there is no circle of aliases.
    for _ in 0..=api.types.len() {
        let Type::Nullable(inner) = current else {
            break;
        };
        nullable = true;
        current = api.resolve(inner);
    }
    let kind = match current {
        Type::Any | Type::Nullable(_) => JsonKind::Any,
        Type::Null => JsonKind::Null,
        Type::Boolean => JsonKind::Boolean,
        Type::Integer(_) => JsonKind::Integer,
        Type::Number | Type::Float if has_integer => JsonKind::Float,
        Type::Number | Type::Float => JsonKind::Number,
        Type::String | Type::Secret | Type::Binary => JsonKind::String,
        Type::Timestamp => JsonKind::Timestamp,
        Type::Date => JsonKind::Date,
        Type::Uri => JsonKind::Uri,
        Type::Base64 => JsonKind::Base64,
        Type::List(_) | Type::Tuple(_) => JsonKind::Array,
        Type::Map(_) => JsonKind::Object,
        Type::Named(id) | Type::Boxed(id) => match api.definition(*id).kind {
            TypeKind::Struct(_) => JsonKind::Object,
            TypeKind::StringEnum(_) => JsonKind::String,
            TypeKind::IntegerEnum(_) => JsonKind::Integer,
            TypeKind::Union(_) | TypeKind::Alias(_) => JsonKind::Any,
        },
    };
    JsonTest {
        kind,
        nullable: nullable && kind != JsonKind::Any,
    }
}

/// The indices of the alternatives in the order in which they are tried. The objects in one group may compete. An
/// alternative that accepts objects and other values ends a group, so that its place in the order does not change.
fn groups(alternatives: &[Alternative]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut objects = None;
    for (index, alternative) in alternatives.iter().enumerate() {
        let JsonTest { kind, nullable } = alternative.test;
        if kind == JsonKind::Any || nullable {
            objects = None;
        } else if kind == JsonKind::Object {
            let group = objects.and_then(|group: usize| groups.get_mut(group));
            if let Some(group) = group {
                group.push(index);
                continue;
            }
            objects = Some(groups.len());
        }
        groups.push(vec![index]);
    }
    groups
}

/// Whether an object may fit several alternatives of a group. It cannot if required constants tell them apart; the last
/// alternative needs no constants, because it accepts what the others do not.
fn compete(group: &[&Alternative]) -> bool {
    let constant = match group.split_last() {
        Some((last, others)) if last.constants.is_empty() => others,
        _ => group,
    };
    let are_apart = |one: &Alternative, other: &Alternative| {
        let mut constants = required_constants(one);
        constants.any(|(property, value)| {
            let mut others = required_constants(other);
            others.any(|(name, other)| name == property && other != value)
        })
    };
    let mut later = constant.iter();
    while let Some(one) = later.next() {
        let has_none = required_constants(one).next().is_none();
        if has_none || !later.clone().all(|other| are_apart(one, other)) {
            return true;
        }
    }
    false
}

/// The constants of an alternative that each of its objects has.
fn required_constants(of: &Alternative) -> impl Iterator<Item = (&String, &serde_json::Value)> {
    let constants = of.constants.iter();
    constants.filter(|(property, _)| of.required.contains(property))
}

/// For each alternative, whether its type can be converted into the union. It cannot if another alternative has the same
/// type.
fn convertible(api: &Api, id: TypeId, union: &Union) -> Vec<bool> {
    let own = Type::Named(id);
    let types = union.alternatives.iter().map(|alternative| &alternative.ty);
    let keys: Option<Vec<String>> = std::iter::once(&own)
        .chain(types)
        .map(|ty| key(api, ty, &mut { MOST_TYPES }))
        .collect();
    // A type that is too large to compare may be equal to any other.
    let Some((own, keys)) = keys.as_deref().and_then(<[String]>::split_first) else {
        return vec![false; union.alternatives.len()];
    };
    let is_alone = |key: &String| keys.iter().filter(|other| *other == key).count() == 1;
    keys.iter().map(|key| key != own && is_alone(key)).collect()
}

/// How many types are visited to compare alternatives. Tuples of aliases of tuples double with each alias.
const MOST_TYPES: usize = 1_000;

/// A text that is equal for two types exactly if they are the same Rust type, aliases resolved. `None` if more than `fuel`
/// types would have to be visited.
fn key(api: &Api, ty: &Type, fuel: &mut usize) -> Option<String> {
    *fuel = fuel.checked_sub(1)?;
    Some(match ty {
        Type::Named(id) => match &api.definition(*id).kind {
            TypeKind::Alias(target) => key(api, target, fuel)?,
            _ => format!("#{}", id.index()),
        },
        Type::Boxed(id) => format!("Box<{}>", key(api, &Type::Named(*id), fuel)?),
        Type::List(item) => format!("List<{}>", key(api, item, fuel)?),
        Type::Map(value) => format!("Map<{}>", key(api, value, fuel)?),
        Type::Nullable(inner) => format!("Option<{}>", key(api, inner, fuel)?),
        Type::Tuple(items) => {
            let items = items.iter().map(|item| key(api, item, fuel));
            let items: Option<Vec<_>> = items.collect();
            format!("({})", items?.join(","))
        }
        other => format!("{other:?}"),
    })
}

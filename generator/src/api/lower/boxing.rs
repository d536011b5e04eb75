//! Boxes large parts of response types, so that a struct of which few fields have a value takes little memory.

use crate::api::names::Lock;
use crate::api::{IntegerKind, Presence, Struct, Type, TypeDefinition, TypeId, TypeKind};

/// The largest struct or union, in bytes, that stands in an optional field without a box.
const LARGEST: usize = 64;

/// Size of a pointer, and of what is aligned like one.
const WORD: usize = 8;

/// Boxes the optional fields of response types whose type is large. What is boxed once stays boxed, and a type that the
/// lock knows without a box never gets one, so that no new property changes the type of a field. `items` are the keys of
/// the types in the lock.
pub(super) fn box_large(
    definitions: &mut [TypeDefinition],
    items: &[String],
    pinned: &Lock,
    locked: &mut Lock,
) {
    let is_pinned = |item: &String| {
        let boxed = pinned.boxed.as_ref()?;
        let known = boxed.contains_key(item) || pinned.types.contains_key(item);
        known.then(|| boxed.get(item).copied().unwrap_or(false))
    };
    let pins: Vec<Option<bool>> = items.iter().map(is_pinned).collect();
    let sizes = sizes(definitions, &pins);
    for definition in definitions.iter_mut().filter(|one| one.used.response) {
        let TypeKind::Struct(structure) = &mut definition.kind else {
            continue;
        };
        for field in structure
            .fields
            .iter_mut()
            .filter(|field| is_optional(field.presence))
        {
            if let Type::Named(id) = field.ty
                && sizes.is_boxed(id)
            {
                field.ty = Type::Boxed(id);
            }
        }
    }
    // Also those that no field has yet: a field that is added later is to be boxed, too.
    let all = items.iter().zip(definitions.iter()).enumerate();
    let boxed = all.filter(|(index, (_, definition))| {
        let is_compound = matches!(definition.kind, TypeKind::Struct(_) | TypeKind::Union(_));
        is_compound && definition.used.response && sizes.is_boxed(TypeId::new(*index))
    });
    let boxed = boxed.map(|(_, (item, _))| (item.clone(), true));
    locked.boxed = Some(boxed.collect());
}

fn is_optional(presence: Presence) -> bool {
    matches!(presence, Presence::Optional | Presence::Nullable)
}

/// The sizes of types that do not depend on the ones that are not known yet.
struct Sizes<'a> {
    of_types: Vec<Option<usize>>,
    pins: &'a [Option<bool>],
}

/// Estimates the size of every type. It uses its own stack, because types may be nested as deeply as there are types.
fn sizes<'a>(definitions: &[TypeDefinition], pins: &'a [Option<bool>]) -> Sizes<'a> {
    let of_types = vec![None; definitions.len()];
    let mut sizes = Sizes { of_types, pins };
    let mut entered = vec![false; definitions.len()];
    for start in 0..definitions.len() {
        let mut stack = vec![start];
        while let Some(&index) = stack.last() {
            if sizes.of_types[index].is_some() {
                stack.pop();
                continue;
            }
            if !std::mem::replace(&mut entered[index], true) {
                parts(&definitions[index].kind, &mut |id| {
                    if !entered[id.index()] {
                        stack.push(id.index());
                    }
                });
                continue;
            }
            sizes.of_types[index] = Some(sizes.of_kind(&definitions[index].kind));
            stack.pop();
        }
    }
    sizes
}

/// Calls `visit` for every type that a definition contains without a box.
fn parts(kind: &TypeKind, visit: &mut dyn FnMut(TypeId)) {
    let mut of_type = |ty: &Type| direct(ty, visit);
    match kind {
        TypeKind::Struct(structure) => structure.fields.iter().for_each(|field| of_type(&field.ty)),
        TypeKind::Union(union) => union.alternatives.iter().for_each(|one| of_type(&one.ty)),
        TypeKind::Alias(ty) => of_type(ty),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
    }
}

fn direct(ty: &Type, visit: &mut dyn FnMut(TypeId)) {
    match ty {
        Type::Named(id) => visit(*id),
        Type::Nullable(inner) => direct(inner, visit),
        Type::Tuple(items) => items.iter().for_each(|item| direct(item, visit)),
        _ => {}
    }
}

impl Sizes<'_> {
    fn is_boxed(&self, id: TypeId) -> bool {
        let pin = self.pins.get(id.index()).copied().flatten();
        pin.unwrap_or_else(|| self.of_id(id) > LARGEST)
    }

    fn of_id(&self, id: TypeId) -> usize {
        self.of_types
            .get(id.index())
            .copied()
            .flatten()
            .unwrap_or(WORD)
    }

    fn of_kind(&self, kind: &TypeKind) -> usize {
        match kind {
            TypeKind::Struct(structure) => self.of_struct(structure),
            TypeKind::Union(union) => {
                let alternatives = union.alternatives.iter();
                let largest = alternatives.map(|one| self.of(&one.ty)).max();
                largest.unwrap_or_default().max(4 * WORD)
            }
            TypeKind::Alias(ty) => self.of(ty),
            TypeKind::StringEnum(_) => 3 * WORD,
            TypeKind::IntegerEnum(_) => 2 * WORD,
        }
    }

    fn of_struct(&self, structure: &Struct) -> usize {
        let fields = structure.fields.iter().map(|field| match field.ty {
            Type::Named(id) if is_optional(field.presence) && self.is_boxed(id) => WORD,
            // An `Option` of a number has no room for its tag.
            Type::Integer(_) | Type::Number if is_optional(field.presence) => 2 * WORD,
            _ => self.of(&field.ty),
        });
        let others = structure.additional.iter().map(|_| 3 * WORD);
        fields.chain(others).fold(0, usize::saturating_add)
    }

    fn of(&self, ty: &Type) -> usize {
        match ty {
            Type::Null => 0,
            Type::Boolean => 1,
            Type::Integer(IntegerKind::I32 | IntegerKind::U32) | Type::Float => WORD / 2,
            Type::Integer(_) | Type::Number | Type::Boxed(_) => WORD,
            Type::Any => 4 * WORD,
            Type::Binary => 10 * WORD,
            Type::Nullable(inner) => match **inner {
                Type::Integer(_) | Type::Number => 2 * WORD,
                _ => self.of(inner),
            },
            Type::Tuple(items) => {
                let items = items.iter().map(|item| self.of(item));
                items.fold(0, usize::saturating_add)
            }
            Type::Named(id) => self.of_id(*id),
            _ => 3 * WORD,
        }
    }
}

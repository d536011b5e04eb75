//! Recursive types: boxes the fields through which a type contains itself, and breaks circles of aliases.

use crate::api::{Operation, Pagination, Type, TypeDefinition, TypeId, TypeKind};

/// Calls `change` for every type id inside a type.
fn for_each_id_of_type(ty: &mut Type, change: &mut dyn FnMut(&mut TypeId)) {
    match ty {
        Type::Named(id) | Type::Boxed(id) => change(id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => {
            for_each_id_of_type(inner, change)
        }
        Type::Tuple(items) => items
            .iter_mut()
            .for_each(|item| for_each_id_of_type(item, change)),
        _ => {}
    }
}

/// Calls `change` for every type id inside a definition.
pub(super) fn for_each_id(definition: &mut TypeDefinition, change: &mut dyn FnMut(&mut TypeId)) {
    for_each_type(definition, &mut |ty| for_each_id_of_type(ty, change));
}

fn for_each_type(definition: &mut TypeDefinition, change: &mut dyn FnMut(&mut Type)) {
    match &mut definition.kind {
        TypeKind::Struct(structure) => {
            structure
                .fields
                .iter_mut()
                .for_each(|field| change(&mut field.ty));
            structure
                .additional
                .iter_mut()
                .for_each(|map| change(&mut map.value));
        }
        TypeKind::Union(union) => union
            .alternatives
            .iter_mut()
            .for_each(|alternative| change(&mut alternative.ty)),
        TypeKind::Alias(ty) => change(ty),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
    }
}

/// Calls `change` for every type id inside an operation.
pub(super) fn for_each_id_of_operation(
    operation: &mut Operation,
    change: &mut dyn FnMut(&mut TypeId),
) {
    for parameter in &mut operation.parameters {
        for_each_id_of_type(&mut parameter.ty, change);
    }
    for content in operation
        .request_body
        .iter_mut()
        .flat_map(|body| &mut body.contents)
    {
        for_each_id_of_type(&mut content.ty, change);
    }
    for response in &mut operation.responses {
        response
            .contents
            .iter_mut()
            .for_each(|content| for_each_id_of_type(&mut content.ty, change));
        response
            .headers
            .iter_mut()
            .for_each(|header| for_each_id_of_type(&mut header.ty, change));
    }
    if let Some(Pagination::Link { item, .. }) = &mut operation.pagination {
        for_each_id_of_type(item, change);
    }
}

/// Breaks circles of aliases, which Rust does not allow: the last alias of a circle becomes [`Type::Any`].
pub(super) fn break_alias_cycles(definitions: &mut [TypeDefinition]) {
    let mut state = vec![Visit::New; definitions.len()];
    for start in 0..definitions.len() {
        visit_aliases(start, definitions, &mut state);
    }
}

/// Searches depth-first. It uses its own stack, because a chain of aliases may be longer than the call stack.
fn visit_aliases(start: usize, definitions: &mut [TypeDefinition], state: &mut [Visit]) {
    let mut stack = vec![(start, false)];
    while let Some((index, leaving)) = stack.pop() {
        let Some(current) = state.get_mut(index) else {
            continue;
        };
        if leaving {
            *current = Visit::Done;
            continue;
        }
        if *current != Visit::New {
            continue;
        }
        *current = Visit::Open;
        stack.push((index, true));
        if let Some(TypeKind::Alias(ty)) = definitions
            .get_mut(index)
            .map(|definition| &mut definition.kind)
        {
            let above = stack.len();
            break_or_push(ty, state, &mut stack);
            if let Some(next) = stack.get_mut(above..) {
                next.reverse();
            }
        }
    }
}

/// Replaces types that are being visited by [`Type::Any`], and pushes the new ones on the stack.
fn break_or_push(ty: &mut Type, state: &[Visit], stack: &mut Vec<(usize, bool)>) {
    match ty {
        Type::Named(id) | Type::Boxed(id) => match state.get(id.index()) {
            Some(Visit::Open) => *ty = Type::Any,
            Some(Visit::New) => stack.push((id.index(), false)),
            _ => {}
        },
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => {
            break_or_push(inner, state, stack)
        }
        Type::Tuple(items) => items
            .iter_mut()
            .for_each(|item| break_or_push(item, state, stack)),
        _ => {}
    }
}

/// Boxes each use that closes a circle of types that contain each other. Lists and maps need no box, because they are on
/// the heap anyway.
pub(super) fn box_cycles(definitions: &mut [TypeDefinition]) {
    let mut state = vec![Visit::New; definitions.len()];
    for start in 0..definitions.len() {
        visit(start, definitions, &mut state);
    }
}

/// The state of a type in a depth-first search.
#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    /// The search is below this type.
    Open,
    Done,
}

/// Searches depth-first. It uses its own stack, because the depth may be the number of types.
fn visit(start: usize, definitions: &mut [TypeDefinition], state: &mut [Visit]) {
    let mut stack = vec![(start, false)];
    while let Some((index, leaving)) = stack.pop() {
        let Some(current) = state.get(index).copied() else {
            continue;
        };
        if leaving {
            state[index] = Visit::Done;
            continue;
        }
        if current != Visit::New {
            continue;
        }
        state[index] = Visit::Open;
        stack.push((index, true));
        let Some(definition) = definitions.get_mut(index) else {
            continue;
        };
        let mut next = Vec::new();
        for_each_type(definition, &mut |ty| {
            direct(ty, &mut |ty| {
                if let Type::Named(id) = ty {
                    match state.get(id.index()) {
                        Some(Visit::Open) => *ty = Type::Boxed(*id),
                        Some(Visit::New) => next.push((id.index(), false)),
                        _ => {}
                    }
                }
            });
        });
        stack.extend(next.into_iter().rev());
    }
}

/// Calls `change` for the named types that a type contains outside of lists, maps and boxes.
fn direct(ty: &mut Type, change: &mut dyn FnMut(&mut Type)) {
    match ty {
        Type::Named(_) => change(ty),
        Type::Nullable(inner) => direct(inner, change),
        Type::Tuple(items) => items.iter_mut().for_each(|item| direct(item, change)),
        _ => {}
    }
}

//! Says of enums and unions that have no description whose values they are.

use crate::api::{Operation, Type, TypeDefinition, TypeKind};

/// The users of a type that its documentation names. Further ones are not named.
const NAMED_USERS: usize = 2;

/// Gives every enum and union without a description one that names the fields and parameters that have it.
pub(super) fn describe<'o>(
    types: &mut [TypeDefinition],
    operations: impl Iterator<Item = &'o Operation>,
) {
    let mut users: Vec<Users> = Vec::new();
    users.resize_with(types.len(), Users::default);
    for definition in types.iter() {
        if let TypeKind::Struct(object) = &definition.kind {
            for field in &object.fields {
                let user = || format!("`{}::{}`", definition.name.plain(), field.name.plain());
                note(&field.ty, &mut users, &user);
            }
        }
    }
    for operation in operations {
        for parameter in &operation.parameters {
            let (name, of) = (&parameter.wire_name, operation.name.plain());
            let user = || format!("the parameter `{}` of `{of}`", name.replace('`', "'"));
            note(&parameter.ty, &mut users, &user);
        }
    }
    for (definition, users) in types.iter_mut().zip(users) {
        let docs = &mut definition.docs;
        let is_undescribed = docs.summary.is_none() && docs.description.is_none();
        let kind = match &definition.kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => "Values of",
            TypeKind::Union(_) => "A value of",
            TypeKind::Struct(_) | TypeKind::Alias(_) => continue,
        };
        if is_undescribed && !users.named.is_empty() {
            let others = if users.has_others {
                ", and of others"
            } else {
                ""
            };
            let named = users.named.join(" and of ");
            docs.description = Some(format!("{kind} {named}{others}."));
        }
    }
}

/// The fields and parameters that have a type.
#[derive(Default)]
struct Users {
    named: Vec<String>,
    has_others: bool,
}

/// Notes a user for the named type that a type holds.
fn note(ty: &Type, users: &mut [Users], user: &dyn Fn() -> String) {
    match ty {
        Type::Named(id) | Type::Boxed(id) => {
            if let Some(users) = users.get_mut(id.index()) {
                if users.named.len() < NAMED_USERS {
                    users.named.push(user());
                } else {
                    users.has_others = true;
                }
            }
        }
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => note(inner, users, user),
        Type::Tuple(items) => items.iter().for_each(|item| note(item, users, user)),
        _ => {}
    }
}

//! Names of fields, variants and parameters. They follow from the wire name or value, unless `names.lock` pins them or two
//! of them collide.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::api::names::{Collision, Lock, NameKind, case, stem};
use crate::api::{EnumValue, Field, Name, Parameter, ParameterLocation, Provenance, TypeKind};

use super::schema::{variant_name, wire_text};

/// Decides the names of the fields and variants of a type, or of the parameters of an operation.
pub(super) struct NestedNames<'a> {
    /// The key of the type or operation in `names.lock`.
    pub(super) item: &'a str,
    /// Whether its own name is pinned. If so, two nested items with the same name are a collision.
    pub(super) is_known: bool,
    /// The sources that describe the type.
    pub(super) provenance: &'a [Provenance],
    /// The pinned names.
    pub(super) pinned: &'a Lock,
    /// Receives the names that do not follow from the wire name or value alone.
    pub(super) locked: &'a mut Lock,
    /// Receives the items whose name another one has.
    pub(super) collisions: &'a mut Vec<Collision>,
}

/// A field, variant or parameter.
struct NestedItem<'m> {
    /// Its name or value on the wire.
    wire: Cow<'m, str>,
    /// The name that it would have without the other items.
    own_name: Name,
    /// The name that it has, which may differ because of the other items.
    given: &'m Name,
    provenance: &'m [Provenance],
}

impl<'m> NestedItem<'m> {
    /// `plain` is the name that follows from the wire, `signs` the one with spelled-out signs. If `given` is neither of them
    /// with or without a number, the description itself gives the name.
    fn new(
        wire: Cow<'m, str>,
        plain: Name,
        signs: &Name,
        given: &'m Name,
        provenance: &'m [Provenance],
    ) -> Self {
        let numbered = |of: &Name| {
            let number = given.plain().strip_prefix(stem(of));
            number.is_some_and(|number| number.trim_start_matches('_').parse::<u32>().is_ok())
        };
        let derived = *given == *signs || numbered(&plain) || numbered(signs);
        Self {
            wire,
            own_name: if derived { plain } else { given.clone() },
            given,
            provenance,
        }
    }
}

impl<'a> NestedNames<'a> {
    /// Sets the names of fields or variants: the pinned ones, and those that must be pinned because of the other items.
    pub(super) fn set(&mut self, kind: &mut TypeKind) {
        match kind {
            TypeKind::Struct(structure) => {
                let items = structure.fields.iter().map(field);
                let names = self.names(NameKind::Field, items.collect());
                for (field, name) in structure.fields.iter_mut().zip(names) {
                    field.name = name;
                }
            }
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                let items = values.iter().map(|value| self.variant(value));
                let names = self.names(NameKind::Variant, items.collect());
                for (value, name) in values.iter_mut().zip(names) {
                    value.name = name;
                }
            }
            TypeKind::Union(_) | TypeKind::Alias(_) => {}
        }
    }

    /// Sets the names of an operation's parameters. Those of the path are pinned with the path.
    pub(super) fn set_parameters(&mut self, parameters: &mut [Parameter]) {
        let items = parameters.iter().map(parameter).collect();
        let names = self.names(NameKind::Parameter, items);
        for (parameter, name) in parameters.iter_mut().zip(names) {
            parameter.name = name;
        }
    }

    /// The key without direction, because the fields of a schema have the same names in both.
    fn owner(&self) -> &str {
        self.item.trim_end_matches(super::type_builder::REQUEST)
    }

    fn variant<'m>(&self, value: &'m EnumValue) -> NestedItem<'m>
    where
        'a: 'm,
    {
        let wire = wire_text(&value.wire);
        let signs = case::pascal_with_signs(&wire, "Value");
        let plain = variant_name(&value.wire);
        NestedItem::new(wire.into(), plain, &signs, &value.name, self.provenance)
    }

    /// The key of a nested item in `names.lock`.
    fn item(&self, kind: NameKind, nested: &NestedItem<'_>) -> String {
        match kind {
            NameKind::Field => format!("{}.{}", self.owner(), nested.wire),
            NameKind::Parameter => format!("{} {}", self.item, nested.wire),
            _ => format!("{}: {}", self.owner(), nested.wire),
        }
    }

    fn names(&mut self, kind: NameKind, items: Vec<NestedItem<'_>>) -> Vec<Name> {
        let pins = self.pinned.section(kind);
        let pinned: Vec<Option<Name>> = items
            .iter()
            .map(|nested| {
                if pins.is_empty() {
                    return None;
                }
                Name::new(pins.get(&self.item(kind, nested))?).ok()
            })
            .collect();
        // If nothing is pinned, all items keep their given names.
        let is_free = pinned.iter().all(Option::is_none) && !self.is_known;
        let counted = if is_free { &[] } else { items.as_slice() };
        // Another item can have the name that a pinned item would have without its pin.
        let mut uses: HashMap<&Name, usize> = HashMap::new();
        for (nested, pinned) in counted.iter().zip(&pinned) {
            *uses
                .entry(pinned.as_ref().unwrap_or(&nested.own_name))
                .or_default() += 1;
        }
        let mut candidates: HashMap<&Name, usize> = HashMap::new();
        for nested in counted {
            *candidates.entry(&nested.own_name).or_default() += 1;
        }
        let is_contested = |name: &Name| candidates.get(name).is_some_and(|count| *count > 1);
        let mut names = Vec::new();
        for (nested, pinned) in items.iter().zip(&pinned) {
            let alone = uses.get(&nested.own_name) == Some(&1);
            let name = match pinned {
                Some(name) => name.clone(),
                None if alone && is_contested(&nested.own_name) => nested.own_name.clone(),
                None => nested.given.clone(),
            };
            if pinned.is_none() && !alone && self.is_known {
                self.collisions.push(Collision {
                    kind,
                    item: self.item(kind, nested),
                    wanted: nested.own_name.plain().to_owned(),
                    given: name.plain().to_owned(),
                    provenance: nested.provenance.to_vec(),
                });
            }
            if name != nested.own_name || pinned.is_some() {
                let item = self.item(kind, nested);
                let locked = self.locked.section_mut(kind);
                locked.insert(item, name.plain().to_owned());
            }
            names.push(name);
        }
        names
    }
}

fn field(field: &Field) -> NestedItem<'_> {
    let plain = case::snake(&field.wire_name, "field");
    let (wire, provenance) = (field.wire_name.as_str(), &field.docs.provenance);
    NestedItem::new(wire.into(), plain.clone(), &plain, &field.name, provenance)
}

fn parameter(parameter: &Parameter) -> NestedItem<'_> {
    let wire = format!("{} {}", parameter.location.key(), parameter.wire_name);
    let plain = match parameter.location {
        ParameterLocation::Path => parameter.name.clone(),
        _ => case::snake(&parameter.wire_name, "parameter"),
    };
    let provenance = &parameter.docs.provenance;
    NestedItem::new(
        wire.into(),
        plain.clone(),
        &plain,
        &parameter.name,
        provenance,
    )
}

//! Names of fields and variants: they follow from the wire, but for those that `names.lock` pins and those that collide.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::ir::{EnumValue, Field, Name, Provenance, TypeKind};
use crate::names::{Collision, Kind, Lock, case, stem};

use super::types::{variant_name, wire_text};

/// What settles the names of the members of one type.
pub(super) struct Members<'a> {
    /// The type, as `names.lock` writes it.
    pub(super) item: &'a str,
    /// Who describes the type, and where.
    pub(super) provenance: &'a [Provenance],
    /// The names that are pinned.
    pub(super) pinned: &'a Lock,
    /// Gets the names that do not follow from the wire alone.
    pub(super) locked: &'a mut Lock,
    /// Gets the members that want the name of another one.
    pub(super) collisions: &'a mut Vec<Collision>,
}

/// A member that needs a name.
struct Member<'m> {
    /// What it is on the wire.
    wire: Cow<'m, str>,
    /// The name that it would have alone.
    wish: Name,
    /// The name that it was given among its fellows.
    given: &'m Name,
    provenance: &'m [Provenance],
}

impl<'m> Member<'m> {
    /// `derived` are what `given` may be because of its fellows; the description itself names what is none of them.
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
            wish: if derived { plain } else { given.clone() },
            given,
            provenance,
        }
    }
}

impl<'a> Members<'a> {
    /// Gives members their pinned names, and remembers every name that another member could take from it.
    pub(super) fn settle(&mut self, kind: &mut TypeKind) {
        match kind {
            TypeKind::Struct(structure) => {
                let members = structure.fields.iter().map(field);
                let names = self.names(Kind::Field, members.collect());
                for (field, name) in structure.fields.iter_mut().zip(names) {
                    field.name = name;
                }
            }
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                let members = values.iter().map(|value| self.variant(value));
                let names = self.names(Kind::Variant, members.collect());
                for (value, name) in values.iter_mut().zip(names) {
                    value.name = name;
                }
            }
            TypeKind::Union(_) | TypeKind::Alias(_) => {}
        }
    }

    /// Both directions of a schema have the same names.
    fn owner(&self) -> &str {
        self.item.trim_end_matches(super::drafts::REQUEST)
    }

    fn variant<'m>(&self, value: &'m EnumValue) -> Member<'m>
    where
        'a: 'm,
    {
        let wire = wire_text(&value.wire);
        let signs = case::pascal_with_signs(&wire, "Value");
        let plain = variant_name(&value.wire);
        Member::new(wire.into(), plain, &signs, &value.name, self.provenance)
    }

    /// A member, as `names.lock` writes it.
    fn item(&self, kind: Kind, member: &Member<'_>) -> String {
        match kind {
            Kind::Field => format!("{}.{}", self.owner(), member.wire),
            _ => format!("{}: {}", self.owner(), member.wire),
        }
    }

    fn names(&mut self, kind: Kind, members: Vec<Member<'_>>) -> Vec<Name> {
        let pins: &BTreeMap<String, String> = match kind {
            Kind::Field => &self.pinned.fields,
            _ => &self.pinned.variants,
        };
        let pinned: Vec<Option<Name>> = members
            .iter()
            .map(|member| match pins.is_empty() {
                true => None,
                false => Name::new(pins.get(&self.item(kind, member))?).ok(),
            })
            .collect();
        // Where nothing is pinned, each member keeps the name that it was given.
        let is_free =
            pinned.iter().all(Option::is_none) && !self.pinned.types.contains_key(self.item);
        let counted = if is_free { &[] } else { members.as_slice() };
        // What a pinned member is not called any more is free for the one that wants it.
        let mut wishes: HashMap<&Name, usize> = HashMap::new();
        for (member, pinned) in counted.iter().zip(&pinned) {
            *wishes
                .entry(pinned.as_ref().unwrap_or(&member.wish))
                .or_default() += 1;
        }
        let mut contestants: HashMap<&Name, usize> = HashMap::new();
        for member in counted {
            *contestants.entry(&member.wish).or_default() += 1;
        }
        let is_contested = |wish: &Name| contestants.get(wish).is_some_and(|count| *count > 1);
        let mut names = Vec::new();
        for (member, pinned) in members.iter().zip(&pinned) {
            let alone = wishes.get(&member.wish) == Some(&1);
            let name = match pinned {
                Some(name) => name.clone(),
                None if alone && is_contested(&member.wish) => member.wish.clone(),
                None => member.given.clone(),
            };
            if pinned.is_none() && !alone && self.pinned.types.contains_key(self.item) {
                self.collisions.push(Collision {
                    kind,
                    item: self.item(kind, member),
                    wanted: member.wish.plain().to_owned(),
                    given: name.plain().to_owned(),
                    provenance: member.provenance.to_vec(),
                });
            }
            if name != member.wish || pinned.is_some() {
                let item = self.item(kind, member);
                let locked = match kind {
                    Kind::Field => &mut self.locked.fields,
                    _ => &mut self.locked.variants,
                };
                locked.insert(item, name.plain().to_owned());
            }
            names.push(name);
        }
        names
    }
}

fn field(field: &Field) -> Member<'_> {
    let plain = case::snake(&field.wire_name, "field");
    let (wire, provenance) = (field.wire_name.as_str(), &field.docs.provenance);
    Member::new(wire.into(), plain.clone(), &plain, &field.name, provenance)
}

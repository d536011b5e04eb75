//! Synthetic values: valid, deterministic, the same on every run.

use serde_json::{Map, Value, json};

use crate::api::{Api, Field, Presence, Struct, Type, TypeId, TypeKind, Union};

/// Named types nested deeper than this have only what they must have.
const DEEPEST_COMPLETE: usize = 3;

/// Types nested deeper than this are `null`: a type that requires itself has no finite value.
const DEEPEST: usize = 64;

/// When so many values are written, the rest have only what they must have.
const MOST_COMPLETE: usize = 5_000;

/// When so many values are written, the rest are `null`.
const MOST: usize = 100_000;

/// A synthetic JSON value of a type.
///
/// Strings are `text` or well-formed of their format, numbers are small, enums have their first value, unions their
/// first alternative. Structs have all their properties, but inside of themselves and below a few levels only those that must
/// be there, in a response those that are promised; lists and maps have one item, or none there.
#[must_use]
pub fn sample(api: &Api, ty: &Type) -> Value {
    let mut sampler = Sampler {
        api,
        open: Vec::new(),
        depth: 0,
        written: 0,
    };
    sampler.value(ty)
}

struct Sampler<'a> {
    api: &'a Api,
    /// The structs that the current value is inside of.
    open: Vec<TypeId>,
    depth: usize,
    written: usize,
}

impl Sampler<'_> {
    fn value(&mut self, ty: &Type) -> Value {
        self.written += 1;
        match ty {
            Type::Null => Value::Null,
            Type::Boolean => json!(true),
            Type::Integer(_) => json!(1),
            Type::Number | Type::Float => json!(1.5),
            Type::Any | Type::String | Type::Secret | Type::Binary => json!("text"),
            Type::Timestamp => json!("2024-01-02T03:04:05Z"),
            Type::Date => json!("2024-01-02"),
            Type::Uri => json!("https://example.org/"),
            Type::Base64 => json!("dGV4dA=="),
            Type::List(_) if self.is_brief() => json!([]),
            Type::List(item) => Value::Array(vec![self.value(item)]),
            Type::Tuple(items) => items.iter().map(|item| self.value(item)).collect(),
            Type::Map(_) if self.is_brief() => json!({}),
            Type::Map(value) => json!({ "key": self.value(value) }),
            Type::Nullable(inner) => self.value(inner),
            Type::Named(id) | Type::Boxed(id) => self.named(*id, &[]),
        }
    }

    /// Whether only what must be there is wanted.
    fn is_brief(&self) -> bool {
        let nested_in_itself = self
            .open
            .last()
            .is_some_and(|id| self.open.iter().filter(|open| *open == id).count() > 1);
        self.open.len() > DEEPEST_COMPLETE || nested_in_itself || self.written > MOST_COMPLETE
    }

    /// A value of a named type; of a struct, with the properties that are needed in any case.
    fn named(&mut self, id: TypeId, needed: &[String]) -> Value {
        if self.depth >= DEEPEST || self.written >= MOST {
            return Value::Null;
        }
        self.depth += 1;
        let value = self.definition(id, needed);
        self.depth -= 1;
        value
    }

    fn definition(&mut self, id: TypeId, needed: &[String]) -> Value {
        match &self.api.definition(id).kind {
            TypeKind::Struct(object) => {
                self.open.push(id);
                let value = self.object(object, needed);
                self.open.pop();
                value
            }
            TypeKind::StringEnum(values) => match values.first() {
                Some(first) => first.wire.clone(),
                None => json!("text"),
            },
            TypeKind::IntegerEnum(values) => match values.first() {
                Some(first) => first.wire.clone(),
                None => json!(1),
            },
            TypeKind::Union(union) => self.union(union),
            TypeKind::Alias(Type::Named(target)) => self.named(*target, needed),
            TypeKind::Alias(ty) => self.value(ty),
        }
    }

    fn object(&mut self, object: &Struct, needed: &[String]) -> Value {
        let brief = self.is_brief();
        let must_be = |field: &Field| {
            field.presence == Presence::Required
                || field.promised
                || needed.contains(&field.wire_name)
        };
        let mut properties = Map::new();
        for field in object
            .fields
            .iter()
            .filter(|field| !brief || must_be(field))
        {
            let value = self.value(&field.ty);
            // What is optional and can only be null is the same as absent.
            if !(value.is_null() && field.presence == Presence::Optional) {
                properties.insert(field.wire_name.clone(), value);
            }
        }
        if let (Some(map), false) = (&object.additional, brief) {
            let mut name = "additional".to_owned();
            while object.fields.iter().any(|field| field.wire_name == name) {
                name.push('_');
            }
            properties.insert(name, self.value(&map.value));
        }
        Value::Object(properties)
    }

    /// A value of the first alternative that the discriminator, if there is one, can name.
    fn union(&mut self, union: &Union) -> Value {
        let named_by_tag = union.discriminator.as_ref().and_then(|discriminator| {
            let (tag, alternative) = discriminator
                .mapping
                .iter()
                .min_by_key(|(_, alternative)| **alternative)?;
            Some((&discriminator.property, tag, *alternative))
        });
        let index = named_by_tag.map_or(0, |(_, _, alternative)| alternative);
        let Some(alternative) = union.alternatives.get(index) else {
            return json!("text");
        };
        let mut value = match &alternative.ty {
            Type::Named(id) | Type::Boxed(id) => self.named(*id, &alternative.required),
            other => self.value(other),
        };
        if let Value::Object(properties) = &mut value {
            for (property, constant) in &alternative.constants {
                properties.insert(property.clone(), constant.clone());
            }
            if let Some((property, tag, _)) = named_by_tag {
                properties.insert(property.clone(), json!(tag));
            }
        }
        value
    }
}

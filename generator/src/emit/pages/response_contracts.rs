//! `response_contracts.json` of the emitted crate: what the descriptions promise of every response, and which source
//! describes each property, for reports of deviations. It is data and no Rust, so that nobody pays for it at compile time.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lines::lines;
use crate::api::{Api, Field, Struct, Type, TypeDefinition, TypeKind, Union};

/// What a value is. The emitted `types/contracts.rs` reads it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Schema<'a> {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    String,
    List(Box<Schema<'a>>),
    Tuple(Vec<Schema<'a>>),
    Map(Box<Schema<'a>>),
    Nullable(Box<Schema<'a>>),
    /// A type by its name.
    Named(&'a str),
    Object(Object<'a>),
    /// The known values of an enum.
    Values(Vec<&'a serde_json::Value>),
    Union(Vec<Alternative<'a>>),
}

#[derive(Serialize)]
struct Object<'a> {
    properties: BTreeMap<&'a str, Property<'a>>,
    /// Schema of all other properties; none are promised where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Box<Schema<'a>>>,
}

#[derive(Serialize)]
struct Property<'a> {
    schema: Schema<'a>,
    /// Whether it is always there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    promised: bool,
    /// Whether it may be null.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    nullable: bool,
    /// Who says so: positions in the list of sources.
    sources: Vec<usize>,
}

#[derive(Serialize)]
struct Alternative<'a> {
    schema: Schema<'a>,
    /// Properties that a value of this alternative has.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    required: &'a [String],
    /// Properties and the values that they have in this alternative.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    constants: BTreeMap<&'a str, Vec<serde_json::Value>>,
}

/// The file, with a type or an operation a line.
///
/// # Errors
/// None in practice: nothing in it can fail to be JSON.
pub fn generate(api: &Api) -> Result<Vec<u8>, serde_json::Error> {
    let writer = Writer {
        api,
        sources: api.sources.iter().map(|source| &*source.id).collect(),
    };
    let types = api
        .types
        .iter()
        .filter(|definition| definition.used.response);
    let types = types.map(|definition| (definition.name.plain(), writer.definition(definition)));
    let operations = api.operations.iter().filter_map(|operation| {
        let responses = operation.responses.iter().filter_map(|response| {
            let schema = writer.schema(&response.json()?.ty);
            Some((response.status.to_string(), schema))
        });
        let responses: BTreeMap<_, _> = responses.collect();
        (!responses.is_empty()).then_some((&*operation.id, responses))
    });
    let text = format!(
        "{{\n\"sources\": {},\n\"types\": {},\n\"operations\": {}\n}}\n",
        serde_json::to_string(&writer.sources)?,
        lines(types)?,
        lines(operations)?,
    );
    Ok(text.into_bytes())
}

struct Writer<'a> {
    api: &'a Api,
    sources: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    fn definition(&self, definition: &'a TypeDefinition) -> Schema<'a> {
        match &definition.kind {
            TypeKind::Struct(object) => Schema::Object(self.object(object)),
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                Schema::Values(values.iter().map(|value| &value.wire).collect())
            }
            TypeKind::Union(union) => Schema::Union(self.alternatives(union)),
            TypeKind::Alias(ty) => self.schema(ty),
        }
    }

    fn object(&self, object: &'a Struct) -> Object<'a> {
        let fields = object.fields.iter();
        Object {
            properties: fields
                .map(|field| (&*field.wire_name, self.property(field)))
                .collect(),
            others: object
                .additional
                .as_ref()
                .map(|map| Box::new(self.schema(&map.value))),
        }
    }

    fn property(&self, field: &'a Field) -> Property<'a> {
        let said = field.docs.provenance.iter();
        Property {
            schema: self.schema(&field.ty),
            promised: field.promised,
            nullable: field.nullable,
            sources: said
                .filter_map(|said| self.sources.iter().position(|id| *id == said.source))
                .collect(),
        }
    }

    fn alternatives(&self, union: &'a Union) -> Vec<Alternative<'a>> {
        let alternatives = union.alternatives.iter().enumerate();
        alternatives
            .map(|(index, alternative)| {
                let mut constants: BTreeMap<&str, Vec<serde_json::Value>> = alternative
                    .constants
                    .iter()
                    .map(|(name, value)| (&**name, vec![value.clone()]))
                    .collect();
                if let Some(discriminator) = &union.discriminator {
                    let values = discriminator.mapping.iter();
                    let values = values.filter(|(_, alternative)| **alternative == index);
                    constants.insert(
                        &discriminator.property,
                        values.map(|(value, _)| value.as_str().into()).collect(),
                    );
                }
                Alternative {
                    schema: self.schema(&alternative.ty),
                    required: &alternative.required,
                    constants,
                }
            })
            .collect()
    }

    fn schema(&self, ty: &'a Type) -> Schema<'a> {
        match ty {
            Type::Any | Type::Binary => Schema::Any,
            Type::Null => Schema::Null,
            Type::Boolean => Schema::Boolean,
            Type::Integer(_) => Schema::Integer,
            Type::Number | Type::Float => Schema::Number,
            Type::String
            | Type::Timestamp
            | Type::Date
            | Type::Uri
            | Type::Secret
            | Type::Base64 => Schema::String,
            Type::List(item) => Schema::List(Box::new(self.schema(item))),
            Type::Tuple(items) => Schema::Tuple(items.iter().map(|ty| self.schema(ty)).collect()),
            Type::Map(value) => Schema::Map(Box::new(self.schema(value))),
            Type::Nullable(inner) => Schema::Nullable(Box::new(self.schema(inner))),
            Type::Named(id) | Type::Boxed(id) => match self.api.types.get(id.index()) {
                Some(definition) => Schema::Named(definition.name.plain()),
                None => Schema::Any,
            },
        }
    }
}

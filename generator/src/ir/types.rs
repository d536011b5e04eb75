//! Types: what a schema became.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Docs, Name};

/// Index of a [`TypeDefinition`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TypeId(u32);

impl TypeId {
    /// The id of a position in the list of types.
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The position in the list of types.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// Any JSON value: `serde_json::Value`.
    Any,
    /// JSON `null` only: `()`.
    Null,
    /// `bool`.
    Boolean,
    /// An integer.
    Integer(IntegerKind),
    /// `f64`.
    Number,
    /// `f32` (format `float`).
    Float,
    /// `String`.
    String,
    /// A date-time: the runtime's `Timestamp`.
    Timestamp,
    /// A full date: the runtime's `Date`.
    Date,
    /// A URI: the runtime's `Uri`.
    Uri,
    /// A secret text (format `password`): the runtime's `Secret`, redacted in `Debug`.
    Secret,
    /// Base64 text (format `byte`, or a base64 content encoding): the runtime's `Base64`.
    Base64,
    /// Raw octets: a file part of a multipart body, or a whole octet-stream body: `bytes::Bytes`.
    Binary,
    /// A JSON array.
    List(Box<Type>),
    /// A JSON array of fixed positions.
    Tuple(Vec<Type>),
    /// A JSON object with arbitrary keys, ordered by key.
    Map(Box<Type>),
    /// A value or `null`, where nothing else expresses it (items of arrays, values of maps, bodies).
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeId),
    /// A named type behind a `Box`, where a recursive type needs one.
    Boxed(TypeId),
}

/// The integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegerKind {
    /// Format `int32`.
    I32,
    /// Every other integer.
    I64,
    /// Format `uint32`.
    U32,
    /// Format `uint64`, or bounds that need it.
    U64,
}

/// Which way a type travels. A schema that goes both ways and differs in them became two types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TypeUse {
    /// Reached from a parameter or request body.
    pub request: bool,
    /// Reached from a response body or header.
    pub response: bool,
}

/// A named type.
#[derive(Debug, Clone, Serialize)]
pub struct TypeDefinition {
    /// Rust name, Pascal case, unique among all types.
    pub name: Name,
    /// The component schema or the place that it comes from, as a JSON pointer of the effective API.
    pub schema: String,
    /// Prose and provenance.
    pub docs: Docs,
    /// Which way it travels.
    pub used: TypeUse,
    /// What it is.
    pub kind: TypeKind,
    /// Values of this type that the descriptions give, as JSON.
    pub examples: Vec<serde_json::Value>,
}

/// What a named type is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// An object with known properties.
    Struct(Struct),
    /// A closed or open list of strings: an open Rust enum that keeps unknown values.
    StringEnum(Vec<EnumValue>),
    /// A list of integers: an open Rust enum that keeps unknown values.
    IntegerEnum(Vec<EnumValue>),
    /// One of several types.
    Union(Union),
    /// Another name of a type.
    Alias(Type),
}

/// An object with known properties.
#[derive(Debug, Clone, Serialize)]
pub struct Struct {
    /// The fields in the order of the schema, wire names unique, Rust names unique.
    pub fields: Vec<Field>,
    /// What other properties are, when the schema types or keeps them (`additionalProperties`).
    pub additional: Option<Map>,
}

/// Further properties of a struct, flattened into a map.
#[derive(Debug, Clone, Serialize)]
pub struct Map {
    /// Rust name of the field that holds them; no other field has it.
    pub name: Name,
    /// Type of their values.
    pub value: Type,
}

/// A property.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Name in JSON.
    pub wire_name: String,
    /// Rust name, snake case.
    pub name: Name,
    /// Type of the value, without the wrapping that `presence` states.
    pub ty: Type,
    /// Whether and how it may be absent or null.
    pub presence: Presence,
    /// The description says that it is always there (used to report a promise that was not kept).
    pub promised: bool,
    /// The description allows null.
    pub nullable: bool,
    /// Default value that the description states, as JSON; documentation only.
    pub default: Option<serde_json::Value>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// Whether and how a field may be absent or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// `T`, always sent. Requests only.
    Required,
    /// `Option<T>`; `None` is left out when written; absent and null both read as `None`.
    Optional,
    /// `Option<T>`; `None` is written as null; absent and null both read as `None`.
    Nullable,
    /// The runtime's three-state `Change<T>`: keep (absent), clear (null), set. Requests only.
    ThreeState,
}

/// A value of an enum.
#[derive(Debug, Clone, Serialize)]
pub struct EnumValue {
    /// The value in JSON: a string, or an integer for integer enums.
    pub wire: serde_json::Value,
    /// Rust variant, Pascal case, unique in its enum, never the name of the unknown arm.
    pub name: Name,
    /// What it means.
    pub description: Option<String>,
}

/// One of several types, told apart by a discriminator or by shape; with an arm for what fits none.
#[derive(Debug, Clone, Serialize)]
pub struct Union {
    /// The property that tells the arms apart.
    pub discriminator: Option<Discriminator>,
    /// The arms in the order in which they are tried.
    pub arms: Vec<Arm>,
}

/// How a property tells the arms of a union apart.
#[derive(Debug, Clone, Serialize)]
pub struct Discriminator {
    /// Name of the property in JSON.
    pub property: String,
    /// Value of the property → index of the arm.
    pub mapping: IndexMap<String, usize>,
}

/// An arm of a union.
#[derive(Debug, Clone, Serialize)]
pub struct Arm {
    /// Rust variant, Pascal case, unique in its union, never the name of the unknown arm.
    pub name: Name,
    /// Type of the arm.
    pub ty: Type,
    /// Properties that an object must have to be this arm.
    pub required: Vec<String>,
    /// Properties with a value that an object must have to be this arm (`const`, single `enum`).
    pub constants: IndexMap<String, serde_json::Value>,
    /// Properties with one of several texts that an object must have to be this arm, where other arms have other texts.
    pub choices: IndexMap<String, Vec<String>>,
    /// What it is.
    pub description: Option<String>,
}

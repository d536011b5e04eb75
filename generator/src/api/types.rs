//! Types.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Docs, Name, Provenance};

/// Index of a [`TypeDefinition`] in [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TypeId(u32);

impl TypeId {
    /// The id of the type at an index of the list.
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The index in the list of types.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A type, as a field, parameter, body or another type uses it.
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
    /// A secret string (format `password`): the runtime's `Secret`, redacted in `Debug`.
    Secret,
    /// A base64 string (format `byte`, or a base64 content encoding): the runtime's `Base64`.
    Base64,
    /// Raw bytes: `bytes::Bytes`. A file part of a multipart body, or a whole body.
    Binary,
    /// A JSON array.
    List(Box<Type>),
    /// A JSON array of fixed length with a type for each position.
    Tuple(Vec<Type>),
    /// A JSON object with arbitrary keys, ordered by key.
    Map(Box<Type>),
    /// A value or `null`: an item of an array, a value of a map, or a body. Fields have [`Presence`] instead.
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeId),
    /// A named type in a `Box`: because it is recursive, or large.
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

/// Whether requests, responses or both use a type. A schema that differs in requests and responses has two types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TypeUse {
    /// A parameter or request body uses it.
    pub request: bool,
    /// A response body or header uses it.
    pub response: bool,
}

/// A named type.
#[derive(Debug, Clone, Serialize)]
pub struct TypeDefinition {
    /// Rust name, Pascal case, unique among all types.
    pub name: Name,
    /// The schema of the type: a JSON pointer to a component of the effective API, or the key in `names.lock` of an inline
    /// schema.
    pub schema: String,
    /// Prose and provenance.
    pub docs: Docs,
    /// Whether requests or responses use it.
    pub used: TypeUse,
    /// Its definition.
    pub kind: TypeKind,
    /// Example values of the descriptions, as JSON.
    pub examples: Vec<serde_json::Value>,
}

/// The definition of a named type.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// An object with known properties.
    Struct(Struct),
    /// A list of strings. The Rust enum is open: it keeps unknown values.
    StringEnum(Vec<EnumValue>),
    /// A list of integers. The Rust enum is open: it keeps unknown values.
    IntegerEnum(Vec<EnumValue>),
    /// One of several types.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

/// An object with known properties.
#[derive(Debug, Clone, Serialize)]
pub struct Struct {
    /// The fields in the order of the schema. Wire names and Rust names are unique.
    pub fields: Vec<Field>,
    /// Additional properties, if the schema has `additionalProperties`.
    pub additional: Option<Map>,
    /// Whether the schema forbids properties that it does not describe (`additionalProperties: false`). Types are the same.
    #[serde(skip)]
    pub is_closed: bool,
}

impl Struct {
    /// Whether a field is required, so that the struct cannot implement `Default`.
    #[must_use]
    pub fn has_required(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| field.presence == Presence::Required)
    }
}

/// The additional properties of a struct, in a map.
#[derive(Debug, Clone, Serialize)]
pub struct Map {
    /// Rust field of the map, unique in the struct.
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
    /// Type of the value, without the `Option` or `Change` of `presence`.
    pub ty: Type,
    /// Whether and how it may be absent or null.
    pub presence: Presence,
    /// Whether the description says that it is always present. If it is absent from a response, the client reports that, and
    /// the server sends null where that is allowed, or else another response.
    pub promised: bool,
    /// Whether the description allows null.
    pub nullable: bool,
    /// Default in the description, as JSON, for documentation.
    pub default: Option<serde_json::Value>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// Whether and how a field may be absent or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// `T`, always written. Requests only.
    Required,
    /// `Option<T>`. `None` is not written. Absent and null are both read as `None`.
    Optional,
    /// `Option<T>`. `None` is written as null. Absent and null are both read as `None`. Requests only.
    Nullable,
    /// The runtime's three-state `Change<T>`: keep (absent), clear (null), set. Requests only.
    ThreeState,
}

/// A value of an enum.
#[derive(Debug, Clone, Serialize)]
pub struct EnumValue {
    /// The value in JSON: a string or an integer.
    pub wire: serde_json::Value,
    /// Rust variant, Pascal case, unique in its enum, never the name of the variant for unknown values.
    pub name: Name,
    /// Description, in markdown.
    pub description: Option<String>,
}

/// One of several types. A discriminator or the properties of a value tell them apart. The Rust enum has one more variant
/// for a value that fits none.
#[derive(Debug, Clone, Serialize)]
pub struct Union {
    /// The property that tells the alternatives apart.
    pub discriminator: Option<Discriminator>,
    /// The alternatives in the order in which they are tried. No two have the same type.
    pub alternatives: Vec<Alternative>,
}

/// How a property tells the alternatives of a union apart.
#[derive(Debug, Clone, Serialize)]
pub struct Discriminator {
    /// The sources that state it.
    #[serde(skip)]
    pub provenance: Vec<Provenance>,
    /// Name of the property in JSON.
    pub property: String,
    /// Value of the property → index of the alternative.
    pub mapping: IndexMap<String, usize>,
}

/// An alternative of a union.
#[derive(Debug, Clone, Serialize)]
pub struct Alternative {
    /// Rust variant, Pascal case, unique in its union, never the name of the variant for unknown values.
    pub name: Name,
    /// Type of the alternative.
    pub ty: Type,
    /// The required properties of the alternative.
    pub required: Vec<String>,
    /// The properties with only one allowed value (`const`, or `enum` with one value), and that value. An object fits the
    /// alternative, too, if the property is null or, unless it is required, absent.
    pub constants: IndexMap<String, serde_json::Value>,
    /// The required properties with several allowed strings, and these strings. Only those are listed for which other
    /// alternatives allow other strings.
    pub choices: IndexMap<String, Vec<String>>,
    /// The test that a JSON value must pass before the alternative is tried.
    pub test: JsonTest,
    /// Whether the decoded value must be a known one for the alternative to be chosen. Set for open enums and unions, which
    /// accept every value of their JSON kind.
    pub must_be_known: bool,
    /// Whether an object may fit this alternative and another one. Of consecutive alternatives with this flag, the one with
    /// most of the object's properties is chosen, and the first of several with equally many.
    pub compared: bool,
    /// Whether the union can implement `From` for the type: no other alternative has the same Rust type, and the type is not
    /// the union itself.
    pub convertible: bool,
    /// The value of the discriminator that encoding adds, because the type has no field for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_tag: Option<String>,
    /// Description, in markdown.
    pub description: Option<String>,
}

impl Alternative {
    /// An alternative without properties that tell it apart. [`crate::api::lower::complete`] sets the fields that depend on
    /// the other alternatives and types.
    #[must_use]
    pub fn new(name: Name, ty: Type) -> Self {
        Self {
            name,
            ty,
            required: Vec::new(),
            constants: IndexMap::new(),
            choices: IndexMap::new(),
            test: JsonTest::default(),
            must_be_known: false,
            compared: false,
            convertible: false,
            added_tag: None,
            description: None,
        }
    }
}

/// The test that a JSON value must pass before an alternative is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct JsonTest {
    /// The kind of value.
    pub kind: JsonKind,
    /// Whether null passes, too. Not set if any value passes.
    pub nullable: bool,
}

/// A kind of JSON values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonKind {
    /// Any value. Only decoding can tell whether it fits.
    #[default]
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction.
    Integer,
    /// Any number.
    Number,
    /// A number that is not an integer. Used if another alternative is an integer, because an integer that is read as a
    /// floating-point number would not be written back unchanged.
    Float,
    /// A string.
    String,
    /// A string that is a date-time.
    Timestamp,
    /// A string that is a full date.
    Date,
    /// A string that is a URI.
    Uri,
    /// A string that is base64.
    Base64,
    /// An array.
    Array,
    /// An object.
    Object,
}

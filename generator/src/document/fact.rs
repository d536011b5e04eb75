//! Facts: what one or several sources say of one facet of an item.

use std::sync::Arc;

use serde_json::Value;

use crate::source::Span;

/// Identifies a source by its position in the manifest's order of authority, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u16);

/// Who says something, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    /// The source.
    pub by: SourceId,
    /// The position in its document, or in the overlay that mends it.
    pub at: Span,
}

/// All who say the same thing: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidBy {
    first: Said,
    more: Box<[Said]>,
}

impl SaidBy {
    /// One source says so.
    #[must_use]
    pub fn one(by: SourceId, at: Span) -> Self {
        Self {
            first: Said { by, at },
            more: Box::default(),
        }
    }

    /// All of them, sorted by source and position; `None` of an empty list.
    #[must_use]
    pub fn all(said: impl IntoIterator<Item = Said>) -> Option<Self> {
        let mut said = said.into_iter();
        let mut first = said.next()?;
        let mut more: Vec<Said> = said.collect();
        if !more.is_empty() {
            more.push(first);
            more.sort_unstable();
            more.dedup();
            first = more.remove(0);
        }
        let more = more.into_boxed_slice();
        Some(Self { first, more })
    }

    /// The one of the highest authority.
    #[must_use]
    pub fn first(&self) -> Said {
        self.first
    }

    /// All of them, the highest authority first.
    pub fn iter(&self) -> impl Iterator<Item = Said> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

/// A facet of an item: what a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Facet {
    // Of operations.
    OperationId,
    Summary,
    Tags,
    Security,
    Servers,
    SuccessStatus,
    // Of parameters and bodies.
    Location,
    Style,
    Explode,
    AllowReserved,
    // Of schemas.
    Reference,
    Type,
    Format,
    Nullable,
    Enum,
    EnumNames,
    EnumDescriptions,
    AdditionalProperties,
    Alternatives,
    Discriminator,
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    MultipleOf,
    MinLength,
    MaxLength,
    Pattern,
    MinItems,
    MaxItems,
    UniqueItems,
    MinProperties,
    MaxProperties,
    ReadOnly,
    WriteOnly,
    ContentEncoding,
    ContentMediaType,
    Default,
    // Of several.
    Required,
    Deprecated,
    Arbitrary,
    Title,
    Description,
    Examples,
}

impl Facet {
    /// The name that reports, resolutions and `x-provenance` use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OperationId => "operationId",
            Self::Summary => "summary",
            Self::Tags => "tags",
            Self::Security => "security",
            Self::Servers => "servers",
            Self::SuccessStatus => "success status",
            Self::Location => "location",
            Self::Style => "style",
            Self::Explode => "explode",
            Self::AllowReserved => "allowReserved",
            Self::Reference => "$ref",
            Self::Type => "type",
            Self::Format => "format",
            Self::Nullable => "nullable",
            Self::Enum => "enum",
            Self::EnumNames => "x-enum-varnames",
            Self::EnumDescriptions => "x-enum-descriptions",
            Self::AdditionalProperties => "additionalProperties",
            Self::Alternatives => "oneOf",
            Self::Discriminator => "discriminator",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::ExclusiveMinimum => "exclusiveMinimum",
            Self::ExclusiveMaximum => "exclusiveMaximum",
            Self::MultipleOf => "multipleOf",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::Pattern => "pattern",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::UniqueItems => "uniqueItems",
            Self::MinProperties => "minProperties",
            Self::MaxProperties => "maxProperties",
            Self::ReadOnly => "readOnly",
            Self::WriteOnly => "writeOnly",
            Self::ContentEncoding => "contentEncoding",
            Self::ContentMediaType => "contentMediaType",
            Self::Default => "default",
            Self::Required => "required",
            Self::Deprecated => "deprecated",
            Self::Arbitrary => "x-arbitrary",
            Self::Title => "title",
            Self::Description => "description",
            Self::Examples => "examples",
        }
    }
}

/// A value of a facet, and who says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value, as JSON. Schemas are copied a lot, what is said of them is not.
    pub value: Arc<Value>,
    /// Who says so.
    pub said: SaidBy,
}

impl Fact {
    /// Who says what.
    #[must_use]
    pub fn new(value: impl Into<Arc<Value>>, said: SaidBy) -> Self {
        let value = value.into();
        Self { value, said }
    }
}

/// The facts of an item, at most one a facet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    entries: Vec<(Facet, Fact)>,
}

impl Facts {
    /// The fact of a facet.
    #[must_use]
    pub fn get(&self, facet: Facet) -> Option<&Fact> {
        self.entries
            .iter()
            .find(|(other, _)| *other == facet)
            .map(|(_, fact)| fact)
    }

    /// Sets the fact of a facet.
    pub fn set(&mut self, facet: Facet, fact: Fact) {
        match self.entries.iter_mut().find(|(other, _)| *other == facet) {
            Some((_, old)) => *old = fact,
            None => self.entries.push((facet, fact)),
        }
    }

    /// Sets the fact of a facet unless there is one.
    pub fn set_missing(&mut self, facet: Facet, fact: Fact) {
        if self.get(facet).is_none() {
            self.entries.push((facet, fact));
        }
    }

    /// Takes a fact out.
    pub fn take(&mut self, facet: Facet) -> Option<Fact> {
        let position = self.entries.iter().position(|(other, _)| *other == facet)?;
        Some(self.entries.remove(position).1)
    }

    /// All facts in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, &Fact)> {
        self.entries.iter().map(|(facet, fact)| (*facet, fact))
    }

    /// The text of a facet.
    #[must_use]
    pub fn text(&self, facet: Facet) -> Option<&str> {
        self.get(facet)?.value.as_str()
    }

    /// The truth of a facet.
    #[must_use]
    pub fn flag(&self, facet: Facet) -> Option<bool> {
        self.get(facet)?.value.as_bool()
    }

    /// The items of a facet whose value is a list; empty without one.
    #[must_use]
    pub fn list(&self, facet: Facet) -> &[Value] {
        self.get(facet)
            .and_then(|fact| fact.value.as_array())
            .map_or(&[], Vec::as_slice)
    }
}

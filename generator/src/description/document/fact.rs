//! Facts: the values of the facets of an item, each with the sources that state it.

use std::sync::Arc;

use serde_json::Value;

use crate::description::source::Span;

/// The index of a source in the order of authority. 0 is the highest authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u16);

/// Where a source states something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The source.
    pub source: SourceId,
    /// The position in its document, or in the overlay that corrects the document.
    pub at: Span,
}

/// The origins of a fact or an item: every source that states it. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    first: Origin,
    more: Box<[Origin]>,
}

impl Provenance {
    /// The provenance of what one source states at one position.
    #[must_use]
    pub fn single(source: SourceId, at: Span) -> Self {
        Self {
            first: Origin { source, at },
            more: Box::default(),
        }
    }

    /// Collects origins, sorted by source and position. Returns `None` if there are none.
    #[must_use]
    pub fn from_all(origins: impl IntoIterator<Item = Origin>) -> Option<Self> {
        let mut origins = origins.into_iter();
        let mut first = origins.next()?;
        let mut more: Vec<Origin> = origins.collect();
        if !more.is_empty() {
            more.push(first);
            more.sort_unstable();
            more.dedup();
            first = more.remove(0);
        }
        let more = more.into_boxed_slice();
        Some(Self { first, more })
    }

    /// The origin in the source of the highest authority.
    #[must_use]
    pub fn first(&self) -> Origin {
        self.first
    }

    /// Whether all origins are in one source.
    #[must_use]
    pub fn is_of_one_source(&self) -> bool {
        let others = self.more.iter();
        others
            .map(|origin| origin.source)
            .all(|source| source == self.first.source)
    }

    /// All origins, those of the highest authority first.
    pub fn iter(&self) -> impl Iterator<Item = Origin> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

/// Declares the facets with their names.
macro_rules! facets {
    ($($(#[$doc:meta])* $facet:ident = $name:literal,)*) => {
        /// A facet of an item: the aspect that a claim is about, such as the type of a property.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum Facet {
            $($(#[$doc])* $facet,)*
        }

        impl Facet {
            /// The names of all facets.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The name of the facet in reports and in `resolutions.toml`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$facet => $name,)*
                }
            }

            /// The facet with a name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$facet),)*
                    _ => None,
                }
            }
        }
    };
}

facets! {
    // Of anything that a source may lack, and of paths.
    Presence = "presence",
    TrailingSlash = "trailing slash",
    // Of the API, and of security schemes.
    Version = "version",
    SecurityScheme = "security scheme",
    // Of operations.
    OperationId = "operationId",
    Summary = "summary",
    Tags = "tags",
    Security = "security",
    Servers = "servers",
    SuccessStatus = "success status",
    // Of parameters and bodies.
    Name = "name",
    Location = "location",
    Style = "style",
    Explode = "explode",
    AllowReserved = "allowReserved",
    Encoding = "encoding",
    // Of schemas.
    Reference = "$ref",
    Type = "type",
    Format = "format",
    Nullable = "nullable",
    Enum = "enum",
    EnumNames = "x-enum-varnames",
    EnumDescriptions = "x-enum-descriptions",
    AdditionalProperties = "additionalProperties",
    Alternatives = "oneOf",
    AlternativesKind = "oneOf or anyOf",
    Discriminator = "discriminator",
    DiscriminatorMapping = "discriminator mapping",
    Minimum = "minimum",
    Maximum = "maximum",
    ExclusiveMinimum = "exclusiveMinimum",
    ExclusiveMaximum = "exclusiveMaximum",
    MultipleOf = "multipleOf",
    MinLength = "minLength",
    MaxLength = "maxLength",
    Pattern = "pattern",
    MinItems = "minItems",
    MaxItems = "maxItems",
    UniqueItems = "uniqueItems",
    MinProperties = "minProperties",
    MaxProperties = "maxProperties",
    ReadOnly = "readOnly",
    WriteOnly = "writeOnly",
    ContentEncoding = "contentEncoding",
    ContentMediaType = "contentMediaType",
    Default = "default",
    // Of several kinds of items.
    Required = "required",
    Deprecated = "deprecated",
    Arbitrary = "x-arbitrary",
    Refuted = "x-refuted",
    Reason = "x-reason",
    Title = "title",
    Description = "description",
    Examples = "examples",
    /// The names of the text facets whose text is chosen over those of other sources.
    Chosen = "x-chosen",
}

/// The value of a facet, and the sources that state it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value, as JSON. It is shared, because schemas are copied often.
    pub value: Arc<Value>,
    /// The sources that state the value.
    pub provenance: Provenance,
}

impl Fact {
    /// A fact from a value and its provenance.
    #[must_use]
    pub fn new(value: impl Into<Arc<Value>>, provenance: Provenance) -> Self {
        let value = value.into();
        Self { value, provenance }
    }
}

/// The facts of an item, at most one for each facet.
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

    /// Removes a fact and returns it.
    pub fn take(&mut self, facet: Facet) -> Option<Fact> {
        let position = self.entries.iter().position(|(other, _)| *other == facet)?;
        Some(self.entries.remove(position).1)
    }

    /// All facts in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (Facet, &Fact)> {
        self.entries.iter().map(|(facet, fact)| (*facet, fact))
    }

    /// The value of a facet, if it is a string.
    #[must_use]
    pub fn text(&self, facet: Facet) -> Option<&str> {
        self.get(facet)?.value.as_str()
    }

    /// The value of a facet, if it is a boolean.
    #[must_use]
    pub fn flag(&self, facet: Facet) -> Option<bool> {
        self.get(facet)?.value.as_bool()
    }

    /// The items of a facet, if its value is a list; else an empty slice.
    #[must_use]
    pub fn list(&self, facet: Facet) -> &[Value] {
        self.get(facet)
            .and_then(|fact| fact.value.as_array())
            .map_or(&[], Vec::as_slice)
    }
}

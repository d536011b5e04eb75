//! What an update does to a property that may be left out and may be null.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// What an update does to a property: leaves it as it is, clears it, or sets it.
///
/// [`Keep`](Self::Keep) is left out of the body, [`Clear`](Self::Clear) is written as `null`. A struct of your own that
/// derives serde's traits needs `#[serde(default, skip_serializing_if = "Change::is_keep")]` on fields of this type.
///
/// ```ignore
/// let update = UpdateTeam { name: "backend".into(), lead: Change::Clear, ..UpdateTeam::default() };
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change<T> {
    /// The property is not mentioned and keeps its value.
    #[default]
    Keep,
    /// The property is sent as `null`.
    Clear,
    /// The property is sent with this value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the property is not mentioned.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Whether the property is sent as `null`.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// The new value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The same change by reference.
    #[must_use]
    pub fn as_ref(&self) -> Change<&T> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(value),
        }
    }

    /// The same change of a converted value.
    #[must_use]
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(convert(value)),
        }
    }

    /// Sets a value that is there and clears the property otherwise.
    #[must_use]
    pub fn set_or_clear(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// Sets a value that is there and leaves the property alone otherwise.
    #[must_use]
    pub fn set_or_keep(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }

    /// Makes the change.
    pub fn apply(self, property: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *property = None,
            Self::Set(value) => *property = Some(value),
        }
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl From<&str> for Change<String> {
    fn from(value: &str) -> Self {
        Self::Set(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Change<T> {
    /// # Errors
    /// [`Keep`](Self::Keep) cannot be written: writing it as `null` would clear what it is meant to keep.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => Err(ser::Error::custom(
                "`Change::Keep` can only be left out, not written",
            )),
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::set_or_clear)
    }
}

//! Updates of properties that may be left out and may be null.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// What an update does to a property: keeps it, clears it, or sets it.
///
/// A struct of your own that derives serde's traits needs
/// `#[serde(default, skip_serializing_if = "Change::is_keep")]` on fields of this type.
///
/// ```ignore
/// let update = UpdateTeam { name: "backend".into(), lead: Change::Clear, ..UpdateTeam::default() };
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change<T> {
    /// The property is left out of the body and keeps its value.
    #[default]
    Keep,
    /// The property is sent as `null`.
    Clear,
    /// The property is sent with this value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the property keeps its value.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Whether the property is sent as `null`.
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// The new value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// [`Set`](Self::Set) for a value, [`Clear`](Self::Clear) for `None`.
    pub fn set_or_clear(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }

    /// [`Set`](Self::Set) for a value, [`Keep`](Self::Keep) for `None`.
    pub fn set_or_keep(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }

    /// Applies the change to a property.
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
    /// [`Keep`](Self::Keep) has no JSON: `null` would clear the property.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => Err(ser::Error::custom("`Change::Keep` has no JSON")),
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

//! What the values of facets look like.

use serde_json::Value as Json;

use super::Facet;

/// What the value of a facet has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `true` or `false`.
    Flag,
    /// How many of something there may be.
    Count,
    /// A number.
    Number,
    /// A number greater than 0.
    Positive,
    /// A text.
    Text,
    /// A list.
    List,
    /// Anything, or what the code that reads the facet checks.
    Any,
}

impl Form {
    /// Whether a value has this form.
    pub(crate) fn holds(self, value: &Json) -> bool {
        match self {
            Self::Flag => value.is_boolean(),
            Self::Count => value.is_u64(),
            Self::Number => value.is_number(),
            Self::Positive => value.as_f64().is_some_and(|number| number > 0.0),
            Self::Text => value.is_string(),
            Self::List => value.is_array(),
            Self::Any => true,
        }
    }

    /// What a value of this form is, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flag => "`true` or `false`",
            Self::Count => "an integer that is not negative",
            Self::Number => "a number",
            Self::Positive => "a number greater than 0",
            Self::Text => "a string",
            Self::List => "an array",
            Self::Any => "a value",
        }
    }
}

impl Facet {
    /// What the values of this facet have to be.
    pub(crate) fn form(self) -> Form {
        match self {
            Self::AllowReserved
            | Self::Deprecated
            | Self::Explode
            | Self::Nullable
            | Self::ReadOnly
            | Self::Required
            | Self::UniqueItems
            | Self::WriteOnly => Form::Flag,
            Self::MaxItems
            | Self::MaxLength
            | Self::MaxProperties
            | Self::MinItems
            | Self::MinLength
            | Self::MinProperties => Form::Count,
            Self::ExclusiveMaximum | Self::ExclusiveMinimum | Self::Maximum | Self::Minimum => {
                Form::Number
            }
            Self::MultipleOf => Form::Positive,
            Self::ContentEncoding
            | Self::ContentMediaType
            | Self::Format
            | Self::Pattern
            | Self::Style => Form::Text,
            Self::Enum | Self::EnumNames => Form::List,
            _ => Form::Any,
        }
    }
}

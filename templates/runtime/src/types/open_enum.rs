//! What every open enum can do. The enums themselves are written out where they belong; only their implementations,
//! which are the same for all, come from here.
//!
//! Two values are equal, hash alike and are ordered by what they are in JSON, so that an `Unknown` which holds a known
//! value equals it.

/// Implements an open enum over strings with an arm `Unknown(String)`.
#[allow(unused_macros, reason = "an API may have no enum of strings")]
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $wire:literal,)* }) => {
        impl $name {
            /// The values that the API documents, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as it stands in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(text) => text,
                }
            }

            /// Whether the API documents the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }

            /// The documented value of a text.
            fn from_known(text: &str) -> ::std::option::Option<Self> {
                match text {
                    $($wire => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::from_known(text)
                    .unwrap_or_else(|| Self::Unknown(::std::borrow::ToOwned::to_owned(text)))
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from_known(&text).unwrap_or(Self::Unknown(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(::std::convert::From::from(text))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(::std::convert::From::from(text))
            }
        }

        crate::types::open_enum::compare!($name, as_str);
    };
}

/// Implements an open enum over integers with an arm `Unknown(i64)`.
#[allow(unused_macros, reason = "an API may have no enum of integers")]
macro_rules! integer_enum {
    ($name:ident { $($variant:ident = $wire:literal,)* }) => {
        impl $name {
            /// The values that the API documents, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as it stands in JSON.
            #[must_use]
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(number) => *number,
                }
            }

            /// Whether the API documents the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown(number),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                let number: i64 = text.parse()?;
                ::std::result::Result::Ok(::std::convert::From::from(number))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.as_i64(), formatter)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let number = <i64 as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(::std::convert::From::from(number))
            }
        }

        crate::types::open_enum::compare!($name, as_i64);
    };
}

/// Implements equality, order and hash by the value in JSON.
#[allow(unused_macros, reason = "an API may have no enum")]
macro_rules! compare {
    ($name:ident, $wire:ident) => {
        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.$wire() == other.$wire()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                ::std::cmp::Ord::cmp(&self.$wire(), &other.$wire())
            }
        }

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(&self.$wire(), state);
            }
        }
    };
}

#[allow(unused_imports, reason = "an API may have no enum")]
pub(crate) use {compare, integer_enum, string_enum};

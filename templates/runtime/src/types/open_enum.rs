//! Open enums.

/// Declares an open enum of strings. Beside the variants with their values, it has `Unknown(String)`.
macro_rules! string_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[$of_variant:meta])* $variant:ident = $wire:literal,)* }
    ) => {
        $crate::types::open_enum::open_enum! {
            $(#[$attribute])*
            pub enum $name: ::std::string::String, as_str { $($(#[$of_variant])* $variant,)* }
        }

        impl $name {
            /// The value in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                match &*text {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown(text),
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                ::std::convert::From::from(::std::borrow::ToOwned::to_owned(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(::std::convert::From::from(text))
            }
        }
    };
}

/// Declares an open enum of integers. Beside the variants with their values, it has `Unknown(i64)`.
macro_rules! integer_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[$of_variant:meta])* $variant:ident = $wire:literal,)* }
    ) => {
        $crate::types::open_enum::open_enum! {
            $(#[$attribute])*
            pub enum $name: i64, as_i64 { $($(#[$of_variant])* $variant,)* }
        }

        impl $name {
            /// The value in JSON.
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(number) => *number,
                }
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

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                text.parse::<i64>().map(::std::convert::From::from)
            }
        }
    };
}

/// What all open enums have in common. Two values are equal, hash alike and are ordered by their values in
/// JSON, so that an `Unknown` with a known value equals it.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident: $json:ty, $wire:ident {
            $($(#[$of_variant:meta])* $variant:ident,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of_variant])* $variant,)*
            /// A value that is not documented.
            Unknown($json),
        }

        impl $name {
            /// The values that the API documents, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// Whether the API documents the value.
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::types::union::Known for $name {
            fn is_known(&self) -> bool {
                self.is_known()
            }
        }

        $crate::types::serde_by::serde_by!(
            $name,
            |value, serializer| ::serde::Serialize::serialize(&value.$wire(), serializer),
            |deserializer| <$json as ::serde::Deserialize>::deserialize(deserializer)
                .map(::std::convert::From::from)
        );

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.$wire(), formatter)
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.$wire() == other.$wire()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                Some(::std::cmp::Ord::cmp(self, other))
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

pub(crate) use {integer_enum, open_enum, string_enum};

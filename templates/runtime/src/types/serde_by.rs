//! Serde's traits and [`Decode`](super::Decode) for the types of the models.

/// Implements `Serialize`, `Deserialize` and `Decode` by two expressions. Serde's derive would write out a visitor for every type,
/// on which a compiler spends most of its time where an API is large.
macro_rules! serde_by {
    ($name:ident, |$value:ident, $serializer:ident| $write:expr, |$deserializer:ident| $read:expr) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, $serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                let $value = self;
                $write
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::types::Decode::read(deserializer)
            }
        }

        impl $crate::types::Decode for $name {
            fn read<'de, D: ::serde::Deserializer<'de>>($deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $read
            }
        }
    };
}
pub(crate) use serde_by;

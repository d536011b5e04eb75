//! Values that JSON has no type for: date-times, dates, URIs, secrets, bytes, and changes of a property. And decoding.
//!
//! [`Timestamp`], [`Date`], [`Uri`] and [`Base64`] keep their text exactly as it was received. Deserializing never
//! fails on a malformed text, and serializing returns the same text. [`Timestamp::instant`], [`Date::date`],
//! [`Uri::check`] and [`Base64::decode`] parse it on demand; `FromStr` fails on a malformed text.

#![allow(dead_code, reason = "an API uses what it needs")]
#![allow(unused_imports, unused_macros, reason = "as above")]

mod any;
mod base64;
pub(crate) mod binary;
mod change;
#[cfg(feature = "deviations")]
pub(crate) mod contracts;
mod date;
pub(crate) mod decode;
pub(crate) mod deviation;
pub(crate) mod media_type;
pub(crate) mod object;
pub(crate) mod open_enum;
pub(crate) mod promises;
mod secret;
pub(crate) mod serde_by;
#[cfg(feature = "client-without-tls")]
pub(crate) mod source;
mod text_type;
mod timestamp;
pub(crate) mod tree;
pub(crate) mod union;
mod uri;

pub use base64::{Base64, Base64Error};
pub use binary::Binary;
pub use change::Change;
pub use date::{Date, DateError};
pub use decode::{Decode, Decoded, decode};
pub use deviation::{Deviation, DeviationKind, Deviations};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampError};
pub use uri::{Uri, UriError};

pub(crate) use {
    object::object,
    open_enum::{integer_enum, string_enum},
    union::union,
};

//! Values that JSON has no type of its own for: points in time, dates, URIs, secrets, octets, and changes.
//!
//! The texts among them ([`Timestamp`], [`Date`], [`Uri`], [`Base64`]) keep what was received to the letter. Reading
//! one never fails on a malformed text, and writing it gives back the same text; whoever needs the meaning asks for it
//! ([`Timestamp::instant`], [`Date::date`], [`Uri::check`], [`Base64::decode`]). Their `FromStr` is strict.

mod base64;
mod binary;
mod change;
mod date;
pub(crate) mod object;
pub(crate) mod open_enum;
mod secret;
pub(crate) mod shape;
mod timestamp;
mod uri;

pub use base64::{Base64, Base64Error};
pub use binary::Binary;
pub use change::Change;
pub use date::{Date, DateError};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampError};
pub use uri::{Uri, UriError};

#[allow(
    unused_imports,
    reason = "an API may have no enum of one of the two kinds"
)]
pub(crate) use open_enum::{integer_enum, string_enum};

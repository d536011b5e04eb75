//! Types that keep a text exactly as it was received, and parse it on demand.

/// Defines such a type. Its method `check(&self) -> Result<(), $error>` makes `FromStr` fail on a malformed text.
macro_rules! text_type {
    ($(#[$attribute:meta])* $name:ident, $error:ident) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a text, well-formed or not; `text.parse()` fails on a malformed one.
            pub fn from_text(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let value = Self::from_text(text);
                value.check().map(|()| value)
            }
        }
    };
}
pub(super) use text_type;

//! What a document says, in the one form that both readers are compared in.

use std::fmt;

/// One thing that a document says. The text tells what is said of the item: `query limit: required`, `body: application/json`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// `GET /pets`, or `schema Pet`.
    pub item: String,
    /// Where in the item: `200 application/json.owner`; empty for the item itself.
    pub place: String,
    /// What.
    pub what: What,
}

/// What is said of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is there.
    Exists,
    /// It is there, and whether it is required.
    Required(bool),
    /// A name that is required without being described.
    RequiresAlso(String),
    /// It is a reference to this component schema.
    RefersTo(String),
    /// It is of this JSON type.
    Type(String),
}

impl Claim {
    /// Whether the generator may add it to what is written: a type that follows from other keywords.
    pub fn may_be_inferred(&self) -> bool {
        matches!(self.what, What::Type(_))
    }

    /// The name of what the claim is about, which a diagnostic of it gives.
    pub fn name(&self) -> &str {
        let place = self.place.rsplit(['.', ' ']).next();
        place.filter(|name| !name.is_empty()).unwrap_or(&self.item)
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.item)?;
        if !self.place.is_empty() {
            write!(formatter, " at `{}`", self.place)?;
        }
        match &self.what {
            What::Exists => write!(formatter, ": it is there"),
            What::Required(true) => write!(formatter, ": it is required"),
            What::Required(false) => write!(formatter, ": it is optional"),
            What::RequiresAlso(name) => write!(formatter, ": `{name}` is required, too"),
            What::RefersTo(name) => write!(formatter, ": it refers to the schema `{name}`"),
            What::Type(name) => write!(formatter, ": it is of type {name}"),
        }
    }
}

/// Claims as they are made.
#[derive(Debug, Default)]
pub struct Claims {
    pub all: std::collections::BTreeSet<Claim>,
    pub item: String,
}

impl Claims {
    pub fn push(&mut self, place: &str, what: What) {
        self.all.insert(Claim {
            item: self.item.clone(),
            place: place.to_owned(),
            what,
        });
    }
}

//! Enums of strings and of integers, which are open.

use insta::assert_snapshot;

use crate::run::responded;

#[test]
fn an_enum_of_strings_keeps_unknown_values() {
    assert_snapshot!(responded("Root: {type: string, enum: [low, very-high, 'caf\u{e9}', '']}").model("Root"), @r#"
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Root {
        Low,
        VeryHigh,
        CafUe9,
        Empty,
        /// A value that is not documented.
        Unknown(String),
    }

    string_enum!(Root {
        Low = "low",
        VeryHigh = "very-high",
        CafUe9 = "caf\u{e9}",
        Empty = "",
    });
    "#);
}

#[test]
fn an_enum_of_integers_keeps_unknown_values() {
    assert_snapshot!(responded("Root: {type: integer, enum: [-1, 0, 9]}").model("Root"), @"
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Root {
        Minus1,
        Value0,
        Value9,
        /// A value that is not documented.
        Unknown(i64),
    }

    integer_enum!(Root {
        Minus1 = -1,
        Value0 = 0,
        Value9 = 9,
    });
    ");
}

#[test]
fn a_value_that_is_listed_twice_has_one_variant() {
    assert_snapshot!(responded("Root: {type: string, enum: [none, some, none]}").model("Root"), @r#"
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Root {
        None,
        Some,
        /// A value that is not documented.
        Unknown(String),
    }

    string_enum!(Root {
        None = "none",
        Some = "some",
    });
    "#);
}

#[test]
fn descriptions_of_values_are_documentation_of_variants() {
    assert_snapshot!(responded(
        "Root: {oneOf: [{const: a, description: The first.}, {const: b, description: The second.}], type: string}"
    ).item("src/models/root.rs", "pub enum Root"), @"
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum Root {
        /// The first.
        A,
        /// The second.
        B,
        /// A value that is not documented.
        Unknown(String),
    }
    ");
}

//! Enums of strings and of integers, which are open.

use insta::assert_snapshot;

use crate::run::responded;

#[test]
fn an_enum_of_strings_keeps_unknown_values() {
    assert_snapshot!(responded("Root: {type: string, enum: [low, very-high, 'caf\u{e9}', '']}").model("Root"), @r#"
    string_enum! {
        pub enum Root {
            Low = "low",
            VeryHigh = "very-high",
            CafUe9 = "caf\u{e9}",
            Empty = "",
        }
    }
    "#);
}

#[test]
fn an_enum_of_integers_keeps_unknown_values() {
    assert_snapshot!(responded("Root: {type: integer, enum: [-1, 0, 9]}").model("Root"), @"
    integer_enum! {
        pub enum Root {
            Minus1 = -1,
            Value0 = 0,
            Value9 = 9,
        }
    }
    ");
}

#[test]
fn a_value_that_is_listed_twice_has_one_variant() {
    assert_snapshot!(responded("Root: {type: string, enum: [none, some, none]}").model("Root"), @r#"
    string_enum! {
        pub enum Root {
            None = "none",
            Some = "some",
        }
    }
    "#);
}

#[test]
fn descriptions_of_values_are_documentation_of_variants() {
    assert_snapshot!(responded(
        "Root: {oneOf: [{const: a, description: The first.}, {const: b, description: The second.}], type: string}"
    ).item("src/models/root.rs", "pub enum Root"), @r#"
    string_enum! {
        pub enum Root {
            /// The first.
            A = "a",
            /// The second.
            B = "b",
        }
    }
    "#);
}

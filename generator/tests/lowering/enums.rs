//! Lists of values.

use insta::assert_snapshot;

use crate::run::responded;
use crate::text::types;

#[test]
fn values_become_variants_named_after_them() {
    assert_snapshot!(types(&responded("Root: {type: string, enum: [asc, two words, '-x', '1st', '', self]}")), @r#"
    enum Root (response) {
        Asc = "asc"
        TwoWords = "two words"
        X = "-x"
        Value1st = "1st"
        Empty = ""
        Self_ = "self"
    }
    "#);
}

#[test]
fn integers_become_an_enum_of_integers() {
    assert_snapshot!(types(&responded("Root: {type: integer, enum: [1, -1, 20]}")), @"
    enum Root (response) {
        Value1 = 1
        Minus1 = -1
        Value20 = 20
    }
    ");
}

#[test]
fn given_names_and_descriptions_belong_to_the_values() {
    assert_snapshot!(types(&responded(
        "Root: {type: integer, enum: [1, 2], x-enum-varnames: [Low, High], x-enum-descriptions: [Not much., A lot.]}"
    )), @"
    enum Root (response) {
        Low = 1 // Not much.
        High = 2 // A lot.
    }
    ");
}

#[test]
fn null_among_the_values_makes_the_use_nullable() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {color: {enum: [red, null]}}}")), @r#"
    struct Root (response) {
        color: Option<RootColor>, nullable
    }
    enum RootColor (response) {
        Red = "red"
    }
    "#);
}

#[test]
fn an_enum_of_a_property_is_hoisted_and_named_after_it() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {state: {type: string, enum: [on, off]}, states: {type: array, items: {type: string, enum: [up, down]}}}}"
    )), @r#"
    struct Root (response) {
        state: Option<RootState>
        states: Option<Vec<RootState2>>
    }
    enum RootState (response) {
        On = "on"
        Off = "off"
    }
    enum RootState2 (response) {
        Up = "up"
        Down = "down"
    }
    "#);
}

#[test]
fn a_constant_is_an_enum_of_one_value() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {kind: {const: pet}, level: {const: 3}, on: {const: true}}}")), @r#"
    struct Root (response) {
        kind: Option<RootKind>
        level: Option<RootLevel>
        on: Option<bool>
    }
    enum RootKind (response) {
        Pet = "pet"
    }
    enum RootLevel (response) {
        Value3 = 3
    }
    "#);
}

#[test]
fn numbers_with_fractions_and_booleans_are_no_enum() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {share: {enum: [0.5, 1]}, flag: {type: boolean, enum: [true]}}}")), @"
    struct Root (response) {
        flag: Option<bool>
        share: Option<f64>
    }
    ");
}

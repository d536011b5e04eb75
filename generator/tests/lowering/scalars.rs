//! Types and formats.

use insta::assert_snapshot;

use crate::run::responded;
use crate::text::types;

#[test]
fn formats_of_texts_are_types_where_the_runtime_has_one() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {a: {type: string, format: date-time}, b: {type: string, format: date}, c: {type: string, format: uri}, d: {type: string, format: password}, e: {type: string, format: byte}, f: {type: string, format: email}, g: {type: string, format: uuid}, h: {type: string, contentEncoding: base64}}}"
    )), @"
    struct Root (response) {
        a: Option<Timestamp>
        b: Option<Date>
        c: Option<Uri>
        d: Option<Secret>
        e: Option<Base64>
        f: Option<String>
        g: Option<String>
        h: Option<Base64>
    }
    ");
}

#[test]
fn formats_and_bounds_of_numbers_choose_their_width() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {a: {type: integer}, b: {type: integer, format: int32}, c: {type: integer, format: int64}, d: {type: integer, format: uint32}, e: {type: integer, format: uint64}, f: {type: integer, maximum: 18446744073709551615}, g: {type: number}, h: {type: number, format: float}, i: {type: number, format: double}}}"
    )), @"
    struct Root (response) {
        a: Option<i64>
        b: Option<i32>
        c: Option<i64>
        d: Option<u32>
        e: Option<u64>
        f: Option<u64>, Maximum: `18446744073709551615`
        g: Option<f64>
        h: Option<f64>
        i: Option<f64>
    }
    ");
}

#[test]
fn only_a_bound_that_i64_cannot_have_makes_an_integer_unsigned() {
    // Programs with floating-point numbers write `i64::MAX` as 9223372036854776000.
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {rounded: {type: integer, minimum: 0, maximum: 9223372036854776000}, signed: {type: integer, minimum: -5, maximum: 18446744073709551615}, declared: {type: integer, format: int64, maximum: 18446744073709551615}, above: {type: integer, minimum: 0, maximum: 9223372036854779000}}}"
    )), @"
    struct Root (response) {
        above: Option<u64>, Minimum: `0`, Maximum: `9223372036854779000`
        declared: Option<i64>, Maximum: `18446744073709551615`
        rounded: Option<i64>, Minimum: `0`, Maximum: `9223372036854776000`
        signed: Option<i64>, Minimum: `-5`, Maximum: `18446744073709551615`
    }
    ");
}

#[test]
fn a_value_of_which_nothing_is_said_is_any_json() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {a: {}, b: {description: Something.}, c: {type: array}, d: {type: 'null'}}}")), @"
    struct Root (response) {
        a: Option<Value>, nullable
        b: Option<Value>, nullable
        c: Option<Vec<Value>>
        d: Option<()>, nullable
    }
    ");
}

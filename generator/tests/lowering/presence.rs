//! Whether and how a field may be absent or null.

use insta::assert_snapshot;

use crate::run::{requested, responded};
use crate::text::types;

const EVERY: &str = "Root: {type: object, required: [a, c], properties: {a: {type: string}, b: {type: string}, c: {type: [string, 'null']}, d: {type: [string, 'null']}}}";

#[test]
fn responses_take_every_field_as_optional_and_know_what_was_promised() {
    assert_snapshot!(types(&responded(EVERY)), @"
    struct Root (response) {
        a: Option<String>, promised
        b: Option<String>
        c: Option<String>, promised, nullable
        d: Option<String>, nullable
    }
    ");
}

#[test]
fn requests_demand_what_is_required_and_tell_absent_from_null() {
    assert_snapshot!(types(&requested(EVERY)), @"
    struct Root (request) {
        a: String
        b: Option<String>
        c: Option<String>, written as null, nullable
        d: Change<String>, nullable
    }
    ");
}

#[test]
fn without_a_list_of_what_is_required_nothing_is() {
    assert_snapshot!(types(&requested("Root: {type: object, properties: {a: {type: string}}}")), @"
    struct Root (request) {
        a: Option<String>
    }
    ");
}

#[test]
fn nullable_of_3_0_a_type_list_and_an_alternative_of_null_are_the_same() {
    assert_snapshot!(types(&requested(
        "Root: {type: object, properties: {a: {type: string, nullable: true}, b: {type: [string, 'null']}, c: {oneOf: [{type: string}, {type: 'null'}]}}}"
    )), @"
    struct Root (request) {
        a: Change<String>, nullable
        b: Change<String>, nullable
        c: Change<String>, nullable
    }
    ");
}

#[test]
fn null_is_a_value_of_arbitrary_json() {
    const ANY: &str = "Root: {type: object, required: [a, b], properties: {a: {}, b: {nullable: true}, c: {}, d: {nullable: true}, e: {type: 'null'}}}";
    assert_snapshot!(types(&requested(ANY)), @"
    struct Root (request) {
        a: Value, nullable
        b: Value, nullable
        c: Option<Value>, nullable
        d: Option<Value>, nullable
        e: Option<()>, nullable
    }
    ");
    assert_snapshot!(types(&responded(ANY)), @"
    struct Root (response) {
        a: Option<Value>, promised, nullable
        b: Option<Value>, promised, nullable
        c: Option<Value>, nullable
        d: Option<Value>, nullable
        e: Option<()>, nullable
    }
    ");
}

#[test]
fn items_and_values_may_be_null() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {list: {type: array, items: {type: [integer, 'null']}}, map: {type: object, additionalProperties: {type: [boolean, 'null']}}}}"
    )), @"
    struct Root (response) {
        list: Option<Vec<Option<i64>>>
        map: Option<Map<Option<bool>>>
    }
    ");
}

#[test]
fn what_is_required_without_being_described_is_no_field() {
    assert_snapshot!(types(&requested("Root: {type: object, required: [ghost], properties: {a: {type: string}}}")), @"
    struct Root (request) {
        a: Option<String>
    }
    ");
}

#[test]
fn defaults_are_documentation_and_change_no_presence() {
    assert_snapshot!(types(&requested(
        "Root: {type: object, required: [a], properties: {a: {type: integer, default: 3}, b: {type: string, default: x}}}"
    )), @r#"
    struct Root (request) {
        a: i64, default 3, Default: `3`
        b: Option<String>, default "x", Default: `x`
    }
    "#);
}

#[test]
fn bounds_and_patterns_are_notes() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {a: {type: integer, minimum: 1, exclusiveMaximum: 9}, b: {type: string, pattern: '^x', maxLength: 8}, c: {type: array, items: {type: string}, minItems: 1, uniqueItems: true}}}"
    )), @"
    struct Root (response) {
        a: Option<i64>, Minimum: `1`, Less than: `9`
        b: Option<String>, Maximum length: `8`, Pattern: `^x`
        c: Option<Vec<String>>, Minimum number of items: `1`, Items are unique.
    }
    ");
}

#[test]
fn deprecated_properties_and_schemas_are_deprecated_items() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, deprecated: true, properties: {old: {type: string, deprecated: true}, new: {type: string}}}"
    )), @"
    struct Root (response) {
        new: Option<String>
        old: Option<String>, deprecated
    }, deprecated
    ");
}

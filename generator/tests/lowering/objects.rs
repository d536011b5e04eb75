//! Maps, aliases, recursion.

use insta::assert_snapshot;

use crate::run::responded;
use crate::text::types;

#[test]
fn an_object_of_one_kind_of_values_is_a_map() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {typed: {type: object, additionalProperties: {type: integer}}, free: {type: object, additionalProperties: true}, bare: {type: object}}}"
    )), @"
    struct Root (response) {
        bare: Option<Map<Value>>
        free: Option<Map<Value>>
        typed: Option<Map<i64>>
    }
    ");
}

#[test]
fn typed_properties_beside_known_ones_are_a_map_in_the_struct() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {id: {type: string}}, additionalProperties: {type: array, items: {type: string}}}"
    )), @"
    struct Root (response) {
        id: Option<String>
        ..additional_properties: Map<Vec<String>>
    }
    ");
}

#[test]
fn without_additional_properties_there_is_no_map() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {id: {type: string}}, additionalProperties: false}")), @"
    struct Root (response) {
        id: Option<String>
    }
    ");
}

#[test]
fn components_of_scalars_and_lists_are_aliases() {
    assert_snapshot!(types(&responded(
        "Root: {type: array, items: {$ref: '#/components/schemas/Id'}}
         Id: {type: integer, format: int32}
         Same: {$ref: '#/components/schemas/Id'}"
    )), @"
    type Id (response) = i32
    type Root (response) = Vec<Id>
    type Same (unused) = Id
    ");
}

#[test]
fn a_type_that_holds_itself_is_boxed_where_no_list_or_map_breaks_the_circle() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {parent: {$ref: '#/components/schemas/Root'}, children: {type: array, items: {$ref: '#/components/schemas/Root'}}, named: {type: object, additionalProperties: {$ref: '#/components/schemas/Root'}}}}"
    )), @"
    struct Root (response) {
        children: Option<Vec<Root>>
        named: Option<Map<Root>>
        parent: Option<Box<Root>>
    }
    ");
}

#[test]
fn types_that_hold_each_other_are_boxed_once() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}
         B: {type: object, properties: {root: {$ref: '#/components/schemas/Root'}}}"
    )), @"
    struct B (response) {
        root: Option<Root>
    }
    struct Root (response) {
        b: Option<Box<B>>
    }
    ");
}

#[test]
fn items_of_fixed_positions_are_a_tuple() {
    assert_snapshot!(types(&responded("Root: {type: array, prefixItems: [{type: number}, {type: number}], items: false}")), @"
    type Root (response) = (f64, f64)
    ");
}

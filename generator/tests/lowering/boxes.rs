//! Which types stand in a box.

use generator::api::lower::Lowered;
use generator::api::names::Lock;
use generator::api::{Type, TypeKind};

use crate::run::{lowered, requested, responding};

const SMALL: &str = "{a: {type: string}, b: {type: string}}";
const LARGE: &str = "{a: {type: string}, b: {type: string}, c: {type: string}}";

fn schemas(properties_of_part: &str) -> String {
    let part = "{$ref: '#/components/schemas/Part'}";
    format!(
        "Part: {{type: object, properties: {properties_of_part}}}
        Root: {{type: object, properties: {{list: {{type: array, items: {part}}}, one: {part}}}}}"
    )
}

/// The API of a response with such a part.
fn with_part(properties: &str, lock: &Lock) -> Lowered {
    lowered(&[&responding(&schemas(properties))], lock)
}

/// Whether the fields of `Root` box their part.
fn boxed(api: &generator::api::Api) -> Vec<bool> {
    let root = api.types.iter().find(|one| one.name.as_str() == "Root");
    let TypeKind::Struct(root) = &root.expect("is a type").kind else {
        panic!("is a struct")
    };
    let types = root.fields.iter().map(|field| &field.ty);
    types
        .map(|ty| match ty {
            Type::List(item) => matches!(**item, Type::Boxed(_)),
            _ => matches!(ty, Type::Boxed(_)),
        })
        .collect()
}

#[test]
fn a_large_type_is_boxed_in_a_field_but_not_in_a_list() {
    let none = Lock::default();
    assert_eq!(boxed(&with_part(LARGE, &none).api), [false, true]);
    assert_eq!(boxed(&with_part(SMALL, &none).api), [false, false]);
}

#[test]
fn a_request_has_no_boxes() {
    assert_eq!(boxed(&requested(&schemas(LARGE))), [false, false]);
}

#[test]
fn a_property_that_is_added_or_removed_changes_no_box() {
    let small = with_part(SMALL, &Lock::default());
    assert_eq!(boxed(&with_part(LARGE, &small.lock).api), [false, false]);
    let large = with_part(LARGE, &Lock::default());
    assert_eq!(boxed(&with_part(SMALL, &large.lock).api), [false, true]);
}

#[test]
fn a_field_that_is_added_later_has_the_box_of_its_type() {
    let before = schemas(LARGE).replace(", one: {$ref: '#/components/schemas/Part'}", "");
    let before = lowered(&[&responding(&before)], &Lock::default());
    assert_eq!(boxed(&before.api), [false]);
    assert_eq!(boxed(&with_part(LARGE, &before.lock).api), [false, true]);
}

#[test]
fn a_lock_file_without_boxes_pins_none() {
    let mut lock = with_part(SMALL, &Lock::default()).lock;
    lock.boxed = None;
    assert_eq!(boxed(&with_part(LARGE, &lock).api), [false, true]);
}

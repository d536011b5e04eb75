//! One of several types.

use insta::assert_snapshot;

use crate::run::responded;
use crate::text::types;

#[test]
fn a_discriminator_with_a_mapping_tells_alternatives_by_its_values() {
    assert_snapshot!(types(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', kitten: Cat, dog: Dog}}}
         Cat: {type: object, required: [kind], properties: {kind: {type: string}, purrs: {type: boolean}}}
         Dog: {type: object, required: [kind], properties: {kind: {type: string}, barks: {type: boolean}}}"
    )), @r#"
    struct Cat (response) {
        kind: Option<String>, promised
        purrs: Option<bool>
    }
    struct Dog (response) {
        barks: Option<bool>
        kind: Option<String>, promised
    }
    union Root (response) by "kind" {
        Cat(Cat) = "cat" = "kitten" with ["kind"]
        Dog(Dog) = "dog" with ["kind"]
    }
    "#);
}

#[test]
fn a_discriminator_without_a_mapping_has_the_names_of_the_schemas() {
    assert_snapshot!(types(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
         Cat: {type: object, properties: {kind: {type: string}}}
         Dog: {type: object, properties: {kind: {type: string}}}"
    )), @r#"
    struct Cat (response) {
        kind: Option<String>
    }
    struct Dog (response) {
        kind: Option<String>
    }
    union Root (response) by "kind" {
        Cat(Cat) = "Cat"
        Dog(Dog) = "Dog"
    }
    "#);
}

#[test]
fn a_title_beside_a_reference_names_the_alternative_but_not_its_discriminator_value() {
    assert_snapshot!(types(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat', title: One}, {type: array, title: Many, items: {$ref: '#/components/schemas/Cat'}}]}
         Choice: {oneOf: [{$ref: '#/components/schemas/Cat', title: Small}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
         Cat: {type: object, properties: {kind: {type: string}}}
         Dog: {type: object, properties: {kind: {type: string}, owner: {$ref: '#/components/schemas/Root'}, friend: {$ref: '#/components/schemas/Choice'}}}"
    )), @r#"
    struct Cat (response) {
        kind: Option<String>
    }
    union Choice (unused) by "kind" {
        Small(Cat) = "Cat"
        Dog(Dog) = "Dog"
    }
    struct Dog (unused) {
        friend: Option<Box<Choice>>
        kind: Option<String>
        owner: Option<Root>
    }
    union Root (response) {
        One(Cat)
        Many(Vec<Cat>)
    }
    "#);
}

#[test]
fn constants_tell_alternatives_without_a_discriminator() {
    assert_snapshot!(types(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, required: [kind], properties: {kind: {const: cat}}}
         Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}}}"
    )), @r#"
    struct Cat (response) {
        kind: Option<CatKind>, promised
    }
    enum CatKind (response) {
        Cat = "cat"
    }
    struct Dog (response) {
        kind: Option<DogKind>, promised
    }
    enum DogKind (response) {
        Dog = "dog"
    }
    union Root (response) {
        Cat(Cat) with ["kind"] where "kind" is "cat"
        Dog(Dog) with ["kind"] where "kind" is "dog"
    }
    "#);
}

#[test]
fn required_properties_tell_alternatives_by_shape() {
    assert_snapshot!(types(&responded(
        "Root: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {name: {type: string}}}
         Dog: {type: object, required: [name, owner], properties: {name: {type: string}, owner: {type: string}}}"
    )), @r#"
    struct Cat (response) {
        name: Option<String>
    }
    struct Dog (response) {
        name: Option<String>, promised
        owner: Option<String>, promised
    }
    union Root (response) {
        Cat(Cat)
        Dog(Dog) with ["name", "owner"]
    }
    "#);
}

#[test]
fn scalars_lists_and_objects_are_alternatives_of_their_kinds() {
    assert_snapshot!(types(&responded(
        "Root: {oneOf: [{type: string}, {type: integer}, {type: array, items: {type: string}}, {type: object, additionalProperties: {type: string}}]}"
    )), @"
    union Root (response) {
        String(String)
        Integer(i64)
        StringList(Vec<String>)
        Map(Map<String>)
    }
    ");
}

#[test]
fn several_types_are_a_union_of_them() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {id: {type: [string, integer]}}}")), @"
    struct Root (response) {
        id: Option<RootId>
    }
    union RootId (response) {
        String(String)
        Integer(i64)
    }
    ");
}

#[test]
fn a_lone_alternative_is_no_union() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {id: {oneOf: [{type: string}]}, at: {anyOf: [{type: string, format: date-time}, {type: 'null'}]}}}")), @"
    struct Root (response) {
        at: Option<Timestamp>, nullable
        id: Option<String>
    }
    ");
}

#[test]
fn equal_alternatives_are_one() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {error: {oneOf: [{type: object, properties: {code: {type: string, example: a}}}, {type: object, properties: {code: {type: string, example: b}}}]}}}")), @"
    struct Root (response) {
        error: Option<RootError>
    }
    struct RootError (response) {
        code: Option<String>
    }
    ");
}

#[test]
fn texts_of_different_formats_are_tried_in_their_order() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {at: {anyOf: [{type: string, format: date-time}, {type: string}]}}}")), @"
    struct Root (response) {
        at: Option<RootAt>
    }
    union RootAt (response) {
        String(Timestamp)
        String2(String)
    }
    ");
}

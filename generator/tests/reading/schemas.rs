//! What schemas can say, and the types that it becomes.

use generator::api::TypeKind;

use crate::run::{self, Run};

/// Runs the pipeline over components alone, in the flow style of YAML: a line a schema.
fn components(schemas: &str) -> Run {
    let schemas: String = schemas
        .lines()
        .map(|line| format!("    {}\n", line.trim()))
        .collect();
    run::text(&format!(
        "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\ncomponents:\n  schemas:\n{schemas}"
    ))
}

#[test]
fn first_items_that_nothing_may_follow_are_a_tuple() {
    let run = components(
        "Closed: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
         Open: {type: array, prefixItems: [{type: string}], items: {type: integer}}",
    );
    assert_eq!(run.describe("Closed"), "(String, Integer(I64))");
    assert_eq!(run.describe("Open"), "[Any]");
}

#[test]
fn properties_by_pattern_are_a_map_of_what_the_patterns_allow() {
    let run = components(
        "One: {type: object, patternProperties: {'^x': {type: integer}}, additionalProperties: false}
         Same: {type: object, patternProperties: {'^x': {type: integer}, '^y': {type: integer}}}
         Two: {type: object, patternProperties: {'^y': {type: string}, '^x': {type: integer}}}
         Rest: {type: object, patternProperties: {'^x': {type: integer}}, additionalProperties: {type: boolean}}
         Any: {type: object, patternProperties: {'^x': {type: integer}, '^y': true}}",
    );
    assert_eq!(run.describe("One"), "{Integer(I64)}");
    assert_eq!(run.describe("Same"), "{Integer(I64)}");
    assert_eq!(run.describe("Two"), "{TwoValue}");
    assert_eq!(
        run.describe("TwoValue"),
        "union Integer(Integer(I64)) | String(String)"
    );
    assert_eq!(
        run.describe("RestValue"),
        "union Boolean(Boolean) | Integer(Integer(I64))"
    );
    assert_eq!(run.describe("Any"), "{Any}");
}

#[test]
fn constants_have_the_type_of_their_value() {
    let run = components(
        "Flag: {const: true}
         Share: {const: 1.5}
         Kind: {const: pet}
         Level: {const: 3}",
    );
    assert_eq!(run.describe("Flag"), "Boolean");
    assert_eq!(run.describe("Share"), "Number");
    assert_eq!(run.describe("Kind"), "enum Pet = \"pet\"");
    assert_eq!(run.describe("Level"), "enum Value3 = 3");
}

#[test]
fn properties_beside_alternatives_belong_to_each_of_them() {
    let run = components(
        "Pet: {type: object, properties: {id: {type: string}}, required: [id], oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {purrs: {type: boolean}}, required: [purrs]}
         Dog: {type: object, properties: {barks: {type: boolean}}, required: [barks]}",
    );
    assert_eq!(run.describe("Pet"), "union Cat(PetCat) | Dog(PetDog)");
    assert_eq!(
        run.describe("PetCat"),
        "struct {id: String, purrs: Boolean}"
    );
    assert_eq!(run.describe("Cat"), "struct {purrs: Boolean}");
}

#[test]
fn properties_beside_a_single_alternative_make_one_struct_with_it() {
    let run = components(
        "Open: {properties: {id: {type: string}}, oneOf: [{type: 'null'}, {type: object}]}
         Named: {properties: {id: {type: string}}, anyOf: [{$ref: '#/components/schemas/Cat'}]}
         Cat: {type: object, properties: {purrs: {type: boolean}}}",
    );
    assert_eq!(run.describe("Open"), "struct {id?: String}");
    assert_eq!(
        run.describe("Named"),
        "struct {id?: String, purrs?: Boolean}"
    );
}

#[test]
fn alternatives_that_have_the_common_properties_stay_what_they_are() {
    let run = components(
        "Pet: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {kind: {type: string}, purrs: {type: boolean}}}
         Dog: {type: object, properties: {kind: {type: string}, barks: {type: boolean}}}",
    );
    assert_eq!(
        run.describe("Pet"),
        "union Cat(Cat) | Dog(Dog) by kind (Cat = Cat, Dog = Dog)"
    );
}

#[test]
fn a_discriminator_beside_common_properties_becomes_a_constant_of_each_alternative() {
    let run = components(
        "Pet: {type: object, properties: {id: {type: string}, kind: {type: string}}, discriminator: {propertyName: kind, mapping: {meow: '#/components/schemas/Cat'}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {name: {type: string}}}
         Dog: {type: object, properties: {name: {type: string}}}",
    );
    assert_eq!(run.describe("Pet"), "union Cat(PetCat) | Dog(PetDog)");
    assert!(run.describe("PetCatKind").contains("\"meow\""));
    assert!(run.describe("PetDogKind").contains("\"Dog\""));
}

#[test]
fn properties_joined_with_alternatives_belong_to_each_of_them() {
    let run = components(
        "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {purrs: {type: boolean}}}
         Dog: {type: object, properties: {barks: {type: boolean}}}
         Guest: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {id: {type: string}}}]}
         Resident: {allOf: [{type: object, properties: {room: {type: string}}}, {$ref: '#/components/schemas/Guest'}]}",
    );
    assert_eq!(run.describe("Pet"), "union Cat(Cat) | Dog(Dog)");
    assert_eq!(run.describe("Guest"), "union Cat(GuestCat) | Dog(GuestDog)");
    assert_eq!(
        run.describe("GuestCat"),
        "struct {id?: String, purrs?: Boolean}"
    );
    assert_eq!(
        run.describe("ResidentDog"),
        "struct {barks?: Boolean, id?: String, room?: String}"
    );
}

#[test]
fn a_discriminator_of_joined_alternatives_still_tells_them_apart() {
    let run = components(
        "Pet: {discriminator: {propertyName: kind, mapping: {meow: '#/components/schemas/Cat'}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, properties: {kind: {type: string}, name: {type: string}}}
         Dog: {type: object, properties: {kind: {type: string}, name: {type: string}}}
         Guest: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {id: {type: string}}}]}",
    );
    assert_eq!(run.describe("Guest"), "union Cat(GuestCat) | Dog(GuestDog)");
    assert_eq!(run.describe("GuestCatKind"), "enum Meow = \"meow\"");
}

#[test]
fn an_alternative_that_extends_the_union_has_its_properties_but_not_its_alternatives() {
    let run = components(
        "Pet: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {purrs: {type: boolean}}}]}
         Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {barks: {type: boolean}}}]}",
    );
    assert_eq!(
        run.describe("Pet"),
        "union Cat(Cat) | Dog(Dog) by kind (Cat = Cat, Dog = Dog)"
    );
    assert_eq!(
        run.describe("Cat"),
        "struct {kind?: String, purrs?: Boolean}"
    );
}

#[test]
fn alternatives_that_are_no_objects_stay_what_they_are() {
    let run = components(
        "Either: {properties: {id: {type: string}}, oneOf: [{type: string}, {type: object, properties: {name: {type: string}}}]}",
    );
    assert!(
        run.describe("Either")
            .starts_with("union String(String) | ")
    );
}

#[test]
fn values_that_are_equal_once_cleaned_are_variants_of_their_own() {
    let run =
        components("Zone: {type: string, enum: [Etc/GMT+0, Etc/GMT-0, '+1', '-1', '', null]}");
    assert_eq!(
        run.describe("Zone"),
        "enum EtcSlashGmtPlus0 = \"Etc/GMT+0\" | EtcSlashGmtMinus0 = \"Etc/GMT-0\" | Plus1 = \"+1\" | Minus1 = \"-1\" | Empty = \"\""
    );
}

#[test]
fn several_types_are_a_union_although_one_of_them_has_properties() {
    let run = components(
        "Owner: {type: [string, object], properties: {name: {type: string}}}
         Toys: {type: [array, object, 'null'], items: {type: integer}, properties: {count: {type: integer}}}
         Size: {type: [string, integer], enum: [small, large, 7]}",
    );
    assert_eq!(
        run.describe("Owner"),
        "union String(String) | Object(OwnerObject)"
    );
    assert_eq!(run.describe("OwnerObject"), "struct {name?: String}");
    assert_eq!(
        run.describe("Toys"),
        "union Array([Integer(I64)]) | Object(ToysObject)"
    );
    assert_eq!(
        run.describe("Size"),
        "union String(String) | Integer(Integer(I64))"
    );
}

#[test]
fn a_type_beside_alternatives_holds_for_those_that_say_none() {
    let run = components(
        "Kind: {type: string, anyOf: [{enum: [cat, dog]}, {pattern: '^x-'}]}
         Code: {type: string, oneOf: [{minLength: 2, maxLength: 2}, {pattern: '^[0-9]+$'}]}
         Tags: {items: {type: string}, oneOf: [{type: array}, {type: string}]}
         Some: {type: array, items: {type: string}, anyOf: [{minItems: 1}, {maxItems: 0}]}",
    );
    assert_eq!(run.describe("Kind"), "enum Cat = \"cat\" | Dog = \"dog\"");
    assert_eq!(run.describe("Code"), "String");
    assert_eq!(
        run.describe("Tags"),
        "union StringList([String]) | String(String)"
    );
    assert_eq!(run.describe("Some"), "[String]");
}

#[test]
fn alternatives_without_a_name_are_called_after_what_tells_them_apart() {
    let run = components(
        "Part: {oneOf: [{type: object, properties: {type: {const: text}, text: {type: string}}}, {type: object, properties: {type: {type: string, enum: [image_url]}}}, {type: object, properties: {any: {type: string}}}, {type: array}]}
         Port: {oneOf: [{type: object, properties: {if_index: {type: integer}, more: {type: string}}, required: [if_index]}, {type: object, properties: {unknown: {type: integer}}}]}
         Same: {oneOf: [{type: object, properties: {type: {const: text}, a: {type: string}}}, {type: object, properties: {type: {const: text}, b: {type: string}}}]}",
    );
    assert_eq!(
        run.describe("Part"),
        "union Text(PartText) | ImageUrl(PartImageUrl) | Any(PartAny) | List([Any])"
    );
    assert_eq!(
        run.describe("Port"),
        "union IfIndex(PortIfIndex) | Unknown2(PortUnknown)"
    );
    assert_eq!(
        run.describe("Same"),
        "union Variant0(SameVariant0) | Variant1(SameVariant1)"
    );
}

#[test]
fn a_reference_to_a_part_of_a_component_leads_to_the_type_of_that_part() {
    let run = components(
        "Pet: {type: object, properties: {kind: {type: string, enum: [cat, dog]}}}
         Kinds: {type: array, items: {$ref: '#/components/schemas/Pet/properties/kind'}}",
    );
    assert_eq!(run.describe("Pet"), "struct {kind?: PetKind}");
    assert_eq!(run.describe("Kinds"), "[PetKind]");
}

#[test]
fn words_of_other_languages_for_a_type_are_understood() {
    let run = components(
        "Count: {type: int}
         Name: {type: String}
         Since: {type: datetime}
         Toys: {type: list, items: {type: bool}}
         Photo: {type: file}
         Other: {type: thing}",
    );
    let said = ["Count", "Name", "Since", "Toys", "Photo", "Other"].map(|name| run.describe(name));
    assert_eq!(
        said,
        [
            "Integer(I64)",
            "String",
            "String",
            "[Boolean]",
            "Binary",
            "Any"
        ]
    );
}

#[test]
fn a_property_of_several_texts_tells_alternatives_apart_where_others_have_other_texts() {
    let run = components(
        "Action: {oneOf: [{title: Back, type: object, properties: {type: {enum: [BACK, CLOSE]}}, required: [type]}, {title: Open, type: object, properties: {type: {enum: [URL]}, url: {type: string}}, required: [type]}]}
         Size: {oneOf: [{title: Small, type: object, properties: {unit: {enum: [cm, in]}, a: {type: string}}, required: [unit]}, {title: Large, type: object, properties: {unit: {enum: [cm, in]}, b: {type: string}}, required: [unit]}]}",
    );
    let choices = |name: &str| -> Vec<usize> {
        let mut types = run.api().types.iter();
        let found = types.find(|definition| definition.name.as_str() == name);
        match found.map(|definition| &definition.kind) {
            Some(TypeKind::Union(union)) => union
                .alternatives
                .iter()
                .map(|alternative| alternative.choices.len())
                .collect(),
            _ => Vec::new(),
        }
    };
    assert_eq!(choices("Action"), [1, 0]);
    assert_eq!(choices("Size"), [0, 0]);
}

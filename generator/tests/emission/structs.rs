//! Structs: fields with their properties, constructors, setters.

use insta::assert_snapshot;

use crate::run::{requested, responded};

#[test]
fn properties_of_a_response_are_options_with_what_is_promised_of_them() {
    assert_snapshot!(responded(
        "Root: {type: object, required: [id, closedAt], properties: {id: {type: integer}, type: {type: string}, closedAt: {type: [string, 'null'], format: date-time}}}"
    ).model("Root"), @r#"
    object! {
        pub struct Root {
            pub closed_at: Option<Timestamp> = or_null "closedAt",
            pub id: Option<i64> = promised,
            pub r#type: Option<String> = "type",
        }
    }
    "#);
}

#[test]
fn a_request_demands_what_is_required_and_tells_absent_from_null() {
    assert_snapshot!(requested(
        "Root: {type: object, required: [id, note], properties: {id: {type: integer}, note: {type: [string, 'null']}, lead: {type: [string, 'null']}, name: {type: string}}}"
    ).model("Root"), @"
    object! {
        pub struct Root {
            pub id: i64 = required,
            pub lead: Change<String>,
            pub name: Option<String>,
            pub note: Option<String> = nullable,
        }

        pub fn new(id: i64);
        pub fn with_lead(self, lead: impl Into<Change<String>>);
        pub fn with_name(self, name: impl Into<String>);
        pub fn with_note(self, note: impl Into<String>);
    }
    ");
}

#[test]
fn additional_properties_are_a_map_beside_the_fields() {
    assert_snapshot!(responded(
        "Root: {type: object, properties: {id: {type: string}}, additionalProperties: {type: array, items: {type: [string, 'null']}}}"
    ).model("Root"), @"
    object! {
        pub struct Root {
            pub id: Option<String>,
            pub ..additional_properties: BTreeMap<String, Vec<Option<String>>>,
        }
    }
    ");
}

#[test]
fn an_object_of_which_no_property_is_known_is_a_map() {
    assert_snapshot!(responded("Root: {type: object, properties: {}, additionalProperties: false}").model("Root"), @"pub type Root = BTreeMap<String, Value>;");
}

#[test]
fn new_takes_what_converts_and_scalars_as_they_are() {
    let root = requested(
        "Root: {type: object, required: [id, name, tags], properties: {id: {type: integer}, name: {type: string}, tags: {type: array, items: {type: string}}, note: {type: string}}, additionalProperties: true}",
    );
    assert_snapshot!(root.model("Root"), @"
    object! {
        pub struct Root {
            pub id: i64 = required,
            pub name: String = required,
            pub note: Option<String>,
            pub tags: Vec<String> = required,
        }

        pub fn new(id: i64, name: impl Into<String>, tags: impl Into<Vec<String>>);
        pub fn with_note(self, note: impl Into<String>);
    }
    ");
}

#[test]
fn more_than_three_optional_properties_of_a_request_have_setters() {
    let root = requested(
        "Root: {type: object, properties: {clone: {type: string}, 24h: {type: integer}, lead: {type: [string, 'null']}, tags: {type: array, items: {type: string}}}}",
    );
    assert_snapshot!(root.model("Root"), @r#"
    object! {
        pub struct Root {
            pub _24h: Option<i64> = "24h",
            pub clone: Option<String>,
            pub lead: Change<String>,
            pub tags: Option<Vec<String>>,
        }

        pub fn with_24h(self, _24h: i64);
        pub fn with_clone(self, clone: impl Into<String>);
        pub fn with_lead(self, lead: impl Into<Change<String>>);
        pub fn with_tags(self, tags: impl Into<Vec<String>>);
    }
    "#);
}

#[test]
fn properties_of_a_response_have_no_setters() {
    let properties = "{a: {type: string}, b: {type: string}, c: {type: string}, d: {type: string}}";
    let root = responded(&format!("Root: {{type: object, properties: {properties}}}"));
    assert!(!root.file(ROOT).contains("pub fn"));
}

#[test]
fn a_type_inside_of_itself_is_boxed() {
    assert_snapshot!(responded(
        "Root: {type: object, properties: {parent: {$ref: '#/components/schemas/Root'}, children: {type: array, items: {$ref: '#/components/schemas/Root'}}}}"
    ).item(ROOT, "pub struct Root"), @"
    object! {
        pub struct Root {
            pub children: Option<Vec<Root>>,
            pub parent: Option<Box<Root>>,
        }
    }
    ");
}

#[test]
fn every_type_of_a_value_has_its_rust_type() {
    let root = responded(
        "Root: {type: object, properties: {any: {}, 'null': {type: 'null'}, boolean: {type: boolean}, small: {type: integer, format: int32}, large: {type: integer, format: uint64}, number: {type: number}, float: {type: number, format: float}, text: {type: string}, at: {type: string, format: date-time}, day: {type: string, format: date}, link: {type: string, format: uri}, secret: {type: string, format: password}, base64: {type: string, format: byte}, file: {type: string, format: binary}, pair: {type: array, prefixItems: [{type: string}, {type: boolean}], items: false}, map: {type: object, additionalProperties: {type: array, items: {type: [string, 'null']}}}, other: {$ref: '#/components/schemas/Other'}}}
         Other: {type: string}"
    );
    assert_snapshot!(root.item(ROOT, "pub struct Root"), @"
    object! {
        pub struct Root {
            pub any: Option<Value>,
            pub at: Option<Timestamp>,
            pub base64: Option<Base64>,
            pub boolean: Option<bool>,
            pub day: Option<Date>,
            pub file: Option<Binary>,
            pub float: Option<f64>,
            pub large: Option<u64>,
            pub link: Option<Uri>,
            pub map: Option<BTreeMap<String, Vec<Option<String>>>>,
            pub null: Option<()>,
            pub number: Option<f64>,
            pub other: Option<Other>,
            pub pair: Option<(String, bool)>,
            pub secret: Option<Secret>,
            pub small: Option<i32>,
            pub text: Option<String>,
        }
    }
    ");
    assert_snapshot!(root.items(ROOT, &["use"]), @"
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::Other;
    use crate::types::{Base64, Binary, Date, Secret, Timestamp, Uri, object};
    ");
}

#[test]
fn a_component_of_a_scalar_is_an_alias() {
    assert_snapshot!(responded("Root: {type: array, items: {type: string}}").model("Root"), @"pub type Root = Vec<String>;");
}

#[test]
fn models_of_other_files_are_imported_by_name() {
    let root = responded(
        "Root: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}, food: {$ref: '#/components/schemas/Food'}, leaf: {$ref: '#/components/schemas/RootLeaf'}}}
         Pet: {type: object, properties: {name: {type: string}}}
         Food: {type: object, properties: {name: {type: string}}}
         RootLeaf: {type: object, properties: {name: {type: string}}}"
    );
    assert_snapshot!(root.items(ROOT, &["use", "pub struct Root {"]), @"
    use super::{Food, Pet};
    use crate::types::object;

    object! {
        pub struct Root {
            pub food: Option<Food>,
            pub leaf: Option<RootLeaf>,
            pub pet: Option<Pet>,
        }
    }
    ");
}

const ROOT: &str = "src/models/root.rs";

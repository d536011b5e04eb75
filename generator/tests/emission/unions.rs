//! Unions: how alternatives are told apart, and what converts into them.

use insta::assert_snapshot;

use crate::run::{Emitted, responded};

/// The alternatives of `Root`, with what tells them apart.
fn told_apart(emitted: &Emitted) -> String {
    emitted.model("Root")
}

#[test]
fn a_union_is_an_enum_that_keeps_what_fits_nothing() {
    assert_snapshot!(responded("Root: {oneOf: [{type: boolean}, {type: array, items: {type: string}}]}").model("Root"), @"
    union! {
        pub enum Root {
            Boolean(#[from] bool) = decode boolean,
            StringList(#[from] Vec<String>) = decode array,
        }
    }
    ");
}

#[test]
fn a_discriminator_tells_alternatives_by_its_values() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', kitten: Cat, dog: Dog}}}
         Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
         Dog: {type: object, required: [kind], properties: {kind: {type: string}}}"
    )), @r#"
    union! {
        pub enum Root by "kind" {
            Cat(#[from] Cat) = decode object.required(&["kind"]).tags(&["cat", "kitten"]),
            Dog(#[from] Dog) = decode object.required(&["kind"]).tags(&["dog"]),
        }
    }
    "#);
}

#[test]
fn a_tag_for_which_an_alternative_has_no_field_is_written() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Emu'}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog, hound: Dog, emu: Emu}}}
         Cat: {type: object, properties: {name: {type: string}}}
         Dog: {type: object, properties: {name: {type: string}}}
         Emu: {type: object, properties: {kind: {type: string}}}"
    )), @r#"
    union! {
        pub enum Root by "kind" {
            Cat(#[from] Cat) as "cat" = decode object.tags(&["cat"]),
            Dog(#[from] Dog) = decode object.tags(&["dog", "hound"]),
            Emu(#[from] Emu) = decode object.tags(&["emu"]),
        }
    }
    "#);
}

#[test]
fn kinds_of_json_and_formats_tell_alternatives() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Level'}, {type: string, format: date-time}, {type: string, format: date}, {type: string, format: uri}, {type: string}, {type: integer}, {type: number}, {type: [boolean, 'null']}, {type: array, items: {$ref: '#/components/schemas/Root'}}, {type: object}]}
         Level: {type: string, enum: [low, high]}"
    )), @"
    union! {
        pub enum Root {
            Level(#[from] Level) = decode_known string,
            String(#[from] Timestamp) = decode timestamp,
            String2(#[from] Date) = decode date,
            String3(#[from] Uri) = decode uri,
            String4(#[from str] String) = decode string,
            Integer(#[from] i64) = decode integer,
            Number(#[from] f64) = decode float,
            Boolean(#[from] bool) = decode boolean,
            RootList(#[from] Vec<Option<Root>>) = decode array,
            Map(#[from] BTreeMap<String, Value>) = decode object,
        }
    }
    ");
}

#[test]
fn an_alternative_of_any_type_takes_the_rest() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Maybe'}, {type: string, format: byte}, {type: number, format: float}, {$ref: '#/components/schemas/Anything'}]}
         Maybe: {type: [boolean, 'null']}
         Anything: {}"
    )), @"
    union! {
        pub enum Root {
            Maybe(#[from] Maybe) = decode boolean,
            String(#[from] Base64) = decode base64,
            Number(#[from] f64) = decode number,
            Anything(#[from] Anything) = decode any,
        }
    }
    ");
}

#[test]
fn required_properties_and_constants_tell_objects() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Emu'}]}
         Cat: {type: object, required: [kind], properties: {kind: {const: 7}}}
         Dog: {type: object, required: [kind, owner], properties: {kind: {type: string, enum: [dog, hound]}, owner: {type: string}}}
         Emu: {type: object, required: [kind], properties: {kind: {const: emu}}}"
    )), @r#"
    union! {
        pub enum Root {
            Cat(#[from] Cat) = decode object.required(&["kind"]).constants(&[("kind", "7")]).compared::<Cat>(),
            Dog(#[from] Dog) = decode object.required(&["kind", "owner"]).choices(&[("kind", &["dog", "hound"])]).compared::<Dog>(),
            Emu(#[from] Emu) = decode object.required(&["kind"]).constants(&[("kind", "\"emu\"")]).compared::<Emu>(),
        }
    }
    "#);
}

#[test]
fn a_constant_may_stand_in_a_component() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, required: [kind], properties: {kind: {$ref: '#/components/schemas/OfCats'}}}
         Dog: {type: object, required: [kind], properties: {kind: {$ref: '#/components/schemas/OfDogs'}}}
         OfCats: {type: string, enum: [cat]}
         OfDogs: {type: string, enum: [dog, hound]}"
    )), @r#"
    union! {
        pub enum Root {
            Cat(#[from] Cat) = decode object.required(&["kind"]).constants(&[("kind", "\"cat\"")]),
            Dog(#[from] Dog) = decode object.required(&["kind"]).choices(&[("kind", &["dog", "hound"])]),
        }
    }
    "#);
}

#[test]
fn objects_that_nothing_else_tells_apart_are_compared_by_what_they_know() {
    assert_snapshot!(told_apart(&responded(
        "Root: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: object, additionalProperties: {type: string}}]}
         Cat: {type: object, properties: {purrs: {type: boolean}}}
         Dog: {type: object, properties: {barks: {type: boolean}}}"
    )), @"
    union! {
        pub enum Root {
            Cat(#[from] Cat) = decode object.compared::<Cat>(),
            Dog(#[from] Dog) = decode object.compared::<Dog>(),
            Map(#[from] BTreeMap<String, String>) = decode object.compared_as_map(),
        }
    }
    ");
}

#[test]
fn only_objects_that_nothing_tells_apart_are_compared() {
    let is_compared = |alternatives: &[&str]| {
        let named = ["One", "Two", "Three"].iter().zip(alternatives);
        let schemas: Vec<String> = named
            .map(|(name, properties)| match *properties {
                "" => format!("{name}: {{type: object, properties: {{of{name}: {{}}}}}}"),
                kind => format!("{name}: {{type: object, required: [kind], properties: {{kind: {{const: {kind}}}}}}}"),
            })
            .collect();
        let references = ["One", "Two", "Three"].iter().take(alternatives.len());
        let references: Vec<String> = references
            .map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"))
            .collect();
        let root = format!(
            "Root: {{anyOf: [{}]}}\n{}",
            references.join(", "),
            schemas.join("\n")
        );
        told_apart(&responded(&root)).contains(".compared")
    };
    assert!(is_compared(&["", ""]));
    assert!(is_compared(&["", "two"]));
    assert!(is_compared(&["same", "same"]));
    assert!(!is_compared(&["one", "two"]));
    // The last one takes what the constants leave.
    assert!(!is_compared(&["one", "two", ""]));
    let optional = responded(
        "Root: {anyOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]}
         One: {type: object, properties: {kind: {const: one}, first: {}}}
         Two: {type: object, properties: {kind: {const: two}, second: {}}}",
    );
    // An object without the constant fits both.
    assert!(told_apart(&optional).contains(".compared::<Two>()"));
    let beside_text = responded(
        "Root: {anyOf: [{type: string}, {$ref: '#/components/schemas/One'}]}
         One: {type: object, properties: {a: {}}}",
    );
    assert!(!told_apart(&beside_text).contains(".compared"));
}

#[test]
fn an_alternative_converts_into_the_union_unless_another_is_of_the_same_type() {
    let root = responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Level'}, {type: string}, {$ref: '#/components/schemas/Title'}]}
         Level: {type: string, enum: [low, high]}
         Title: {type: string}",
    );
    assert_snapshot!(root.model("Root"), @"
    union! {
        pub enum Root {
            Level(#[from] Level) = decode_known string,
            String(String) = decode string,
            Title(Title) = decode string,
        }
    }
    ");
}

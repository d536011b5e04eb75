//! Unions: how alternatives are told apart, and what converts into them.

use insta::assert_snapshot;

use crate::run::{Emitted, responded};

/// The table that tells the alternatives of `Root` apart.
fn told_apart(emitted: &Emitted) -> String {
    emitted.item("src/models/root.rs", "union!(Root")
}

#[test]
fn a_union_is_an_enum_that_keeps_what_fits_nothing() {
    assert_snapshot!(responded("Root: {oneOf: [{type: boolean}, {type: array, items: {type: string}}]}").model("Root"), @"
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum Root {
        Boolean(bool),
        StringList(Vec<String>),
        /// A value that fits none of the documented alternatives.
        Unknown(Value),
    }

    union!(Root {
        Boolean: decode boolean,
        StringList: decode array,
    });

    impl From<bool> for Root {
        fn from(value: bool) -> Self {
            Self::Boolean(value)
        }
    }

    impl From<Vec<String>> for Root {
        fn from(value: Vec<String>) -> Self {
            Self::StringList(value)
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
    union!(Root by "kind" {
        Cat: decode object.required(&["kind"]).tags(&["cat", "kitten"]),
        Dog: decode object.required(&["kind"]).tags(&["dog"]),
    });
    "#);
}

#[test]
fn kinds_of_json_and_formats_tell_alternatives() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Level'}, {type: string, format: date-time}, {type: string, format: date}, {type: string, format: uri}, {type: string}, {type: integer}, {type: number}, {type: [boolean, 'null']}, {type: array, items: {$ref: '#/components/schemas/Root'}}, {type: object}]}
         Level: {type: string, enum: [low, high]}"
    )), @"
    union!(Root {
        Level: decode_known string,
        String: decode timestamp,
        String2: decode date,
        String3: decode uri,
        String4: decode string,
        Integer: decode integer,
        Number: decode float,
        Boolean: decode boolean,
        RootList: decode array,
        Map: decode object,
    });
    ");
}

#[test]
fn an_alternative_of_any_type_takes_the_rest() {
    assert_snapshot!(told_apart(&responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/Maybe'}, {type: string, format: byte}, {type: number, format: float}, {$ref: '#/components/schemas/Anything'}]}
         Maybe: {type: [boolean, 'null']}
         Anything: {}"
    )), @"
    union!(Root {
        Maybe: decode boolean,
        String: decode base64,
        Number: decode number,
        Anything: decode any,
    });
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
    union!(Root {
        Cat: decode object.required(&["kind"]).constants(&[("kind", "7")]).compared::<Cat>(),
        Dog: decode object.required(&["kind", "owner"]).choices(&[("kind", &["dog", "hound"])]).compared::<Dog>(),
        Emu: decode object.required(&["kind"]).constants(&[("kind", "\"emu\"")]).compared::<Emu>(),
    });
    "#);
}

#[test]
fn objects_that_nothing_else_tells_apart_are_compared_by_what_they_know() {
    assert_snapshot!(told_apart(&responded(
        "Root: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: object, additionalProperties: {type: string}}]}
         Cat: {type: object, properties: {purrs: {type: boolean}}}
         Dog: {type: object, properties: {barks: {type: boolean}}}"
    )), @"
    union!(Root {
        Cat: decode object.compared::<Cat>(),
        Dog: decode object.compared::<Dog>(),
        Map: decode object.compared_as_map(),
    });
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
    assert_snapshot!(root.item("src/models/root.rs", "impl From<"), @"
    impl From<Level> for Root {
        fn from(value: Level) -> Self {
            Self::Level(value)
        }
    }
    ");
}

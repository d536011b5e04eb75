//! What is emitted for every kind of type, from an `Api` made by hand.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use generator::emit::package::{self, PackageOptions};
use generator::emit::{models, sample::sample};
use generator::ir::{
    Api, Arm, Discriminator, Docs, EnumValue, Field, IntegerKind, Map, Name, Presence, Struct,
    Type, TypeDefinition, TypeId, TypeKind, TypeUse, Union,
};
use serde_json::{Value, json};

fn name(text: &str) -> Name {
    Name::new(text).expect("an identifier")
}

fn field(wire_name: &str, rust_name: &str, ty: Type, presence: Presence) -> Field {
    Field {
        wire_name: wire_name.to_owned(),
        name: name(rust_name),
        ty,
        presence,
        promised: false,
        nullable: false,
        default: None,
        docs: Docs::default(),
    }
}

fn optional(name: &str, ty: Type) -> Field {
    field(name, name, ty, Presence::Optional)
}

fn object(fields: Vec<Field>) -> TypeKind {
    TypeKind::Struct(Struct {
        fields,
        additional: None,
    })
}

fn value(wire: Value, rust_name: &str) -> EnumValue {
    EnumValue {
        wire,
        name: name(rust_name),
        description: None,
    }
}

fn arm(rust_name: &str, ty: Type) -> Arm {
    Arm {
        name: name(rust_name),
        ty,
        required: Vec::new(),
        constants: indexmap::IndexMap::new(),
        choices: indexmap::IndexMap::new(),
        description: None,
    }
}

fn union(arms: Vec<Arm>) -> TypeKind {
    TypeKind::Union(Union {
        discriminator: None,
        arms,
    })
}

/// An API of types alone; all travel both ways.
fn api(types: Vec<(&str, TypeKind)>) -> Api {
    let types = types.into_iter().map(|(type_name, kind)| TypeDefinition {
        name: name(type_name),
        schema: format!("/components/schemas/{type_name}"),
        docs: Docs::default(),
        used: TypeUse {
            request: true,
            response: true,
        },
        kind,
        examples: Vec::new(),
    });
    Api {
        title: "Hand-made".to_owned(),
        version: "2023-06".to_owned(),
        description: None,
        servers: Vec::new(),
        sources: Vec::new(),
        security_schemes: indexmap::IndexMap::new(),
        tags: Vec::new(),
        operations: Vec::new(),
        webhooks: None,
        types: types.collect(),
    }
}

fn named(index: usize) -> Type {
    Type::Named(TypeId::new(index))
}

/// One type of every kind, a field of every type, and every presence.
fn every_kind() -> Api {
    let list = |ty| Type::List(Box::new(ty));
    let scalars = object(vec![
        optional("any", Type::Any),
        optional("null", Type::Null),
        optional("boolean", Type::Boolean),
        optional("small", Type::Integer(IntegerKind::I32)),
        optional("large", Type::Integer(IntegerKind::U64)),
        optional("number", Type::Number),
        field("type", "type", Type::String, Presence::Nullable),
        field(
            "firstSeen",
            "first_seen",
            Type::Timestamp,
            Presence::Nullable,
        ),
        optional("day", Type::Date),
        optional("link", Type::Uri),
        optional("secret", Type::Secret),
        optional("base64", Type::Base64),
        optional("file", Type::Binary),
        optional("pair", Type::Tuple(vec![Type::String, Type::Float])),
        optional(
            "map",
            Type::Map(Box::new(list(Type::Nullable(Box::new(Type::String))))),
        ),
        optional("level", named(2)),
        optional("priority", named(3)),
        optional("tree", Type::Boxed(TypeId::new(1))),
        optional("value", named(4)),
    ]);
    let tree = TypeKind::Struct(Struct {
        fields: vec![
            field("name", "name", Type::String, Presence::Required),
            field(
                "count",
                "count",
                Type::Integer(IntegerKind::I64),
                Presence::Required,
            ),
            field("lead", "lead", Type::String, Presence::ThreeState),
            optional("children", list(named(1))),
            optional("parent", Type::Boxed(TypeId::new(1))),
            optional("level", named(2)),
        ],
        additional: Some(Map {
            name: name("additional"),
            value: Type::Any,
        }),
    });
    let mut tagged = [arm("Tree", named(1)), arm("Empty", named(6))];
    for (arm, tag) in tagged.iter_mut().zip(["tree", "empty"]) {
        arm.constants.insert("kind".to_owned(), json!(tag));
    }
    let mut by_tag = Union {
        discriminator: Some(Discriminator {
            property: "kind".to_owned(),
            mapping: [("tree".to_owned(), 0), ("empty".to_owned(), 1)].into(),
        }),
        arms: tagged.to_vec(),
    };
    by_tag.arms.push(arm("Text", Type::String));
    let mut numbered = arm("Numbered", named(6));
    numbered.required.push("kind".to_owned());
    numbered.constants.insert("kind".to_owned(), json!(7));
    api(vec![
        ("Scalars", scalars),
        ("Tree", tree),
        (
            "Level",
            TypeKind::StringEnum(vec![
                value(json!("error"), "Error"),
                value(json!("caf\u{e9}"), "Cafe"),
            ]),
        ),
        (
            "Priority",
            TypeKind::IntegerEnum(vec![value(json!(-1), "Low"), value(json!(1), "High")]),
        ),
        (
            "AnyValue",
            union(vec![
                arm("Level", named(2)),
                arm("Priority", named(3)),
                arm("Seen", Type::Timestamp),
                arm("Text", Type::String),
                arm("Count", Type::Integer(IntegerKind::I64)),
                arm("Ratio", Type::Number),
                arm("ByTag", named(5)),
                numbered,
                arm("Many", list(Type::Boxed(TypeId::new(4)))),
                arm("Maybe", Type::Nullable(Box::new(Type::Boolean))),
                arm("Again", named(7)),
                arm("Object", Type::Map(Box::new(Type::Any))),
            ]),
        ),
        ("ByTag", TypeKind::Union(by_tag)),
        ("Empty", object(Vec::new())),
        ("Title", TypeKind::Alias(Type::String)),
    ])
}

/// Types named like everything that emitted code could mistake them for.
fn obstacle_course() -> Api {
    let names = [
        "Option",
        "Some",
        "None",
        "Result",
        "Ok",
        "Err",
        "Vec",
        "String",
        "Box",
        "Default",
        "Clone",
        "Debug",
        "PartialEq",
        "From",
        "Into",
        "Iterator",
        "Send",
        "Self_",
        "Mod",
        "Crate",
        "Super",
        "Type",
        "Serialize",
        "Deserialize",
        "Serializer",
        "Value",
        "Change",
        "Timestamp",
        "Serde",
        "SerdeJson",
        "Std",
        "Core",
        "Con",
        "FooBar",
        "FOOBar",
        "S",
        "D",
        "BTreeMap",
        "Infallible",
        "Unknown",
        "Models",
        "Types",
    ];
    let mut types: Vec<(&str, TypeKind)> = Vec::new();
    for (index, type_name) in names.into_iter().enumerate() {
        let next = named((index + 1) % names.len());
        let kind = match index % 4 {
            0 => object(vec![
                field(
                    "self",
                    "self_",
                    Type::Boxed(TypeId::new((index + 1) % names.len())),
                    Presence::Required,
                ),
                field("new", "new", Type::String, Presence::Optional),
                field("clone", "clone", Type::Any, Presence::ThreeState),
                field(
                    "default",
                    "default",
                    Type::Integer(IntegerKind::U32),
                    Presence::Optional,
                ),
                field(
                    "fn",
                    "fn",
                    Type::List(Box::new(Type::String)),
                    Presence::Nullable,
                ),
                field(
                    "a\"b\\\u{202e}",
                    "value",
                    Type::Timestamp,
                    Presence::Required,
                ),
            ]),
            1 => TypeKind::StringEnum(vec![
                value(json!("none"), "None"),
                value(json!("some"), "Some"),
                value(json!("string"), "String"),
                value(json!("string"), "String2"),
                value(json!("\"\\\n"), "Ok"),
                value(json!(""), "Empty"),
            ]),
            2 => union(vec![
                arm("None", Type::Null),
                arm("Some", next),
                arm("String", Type::String),
                arm("Default", Type::List(Box::new(Type::String))),
            ]),
            _ => TypeKind::IntegerEnum(vec![
                value(json!(0), "Zero"),
                value(json!(i64::MIN), "Least"),
            ]),
        };
        types.push((type_name, kind));
    }
    api(types)
}

/// A property for every kind of prose that rustdoc or a doc comment could stumble over.
fn hostile_prose() -> Api {
    let prose = [
        "*/ } fn main() {} /*",
        "/ ends with a slash /",
        "! looks like an inner doc",
        "[Team] [`Vec<T>`] [crate::x] [a][b] [^1] [ ] [x](y::z) [self](Self) ![i](pic.png)",
        "List<String> and <div><b>bold</i> <script>alert(1)</script> <!-- open",
        "http://a.io, https://b.io/x?y=[z]&w=(1) (see https://c.io/d_e*). http://[::1]/ https://",
        "    indented code;\n\n```\nunclosed fence\n[Team]",
        "```rust\nfn main() { broken\n```\n~~~should_panic\nx\n~~~\n````\n```\n````",
        "- a\n  - b\n\n    c\n* d\nlazy\n1. x\n\n\n   y\n10) z",
        "> quote\nlazy\n> - item\n>\n>   more",
        "| a | b |\n|---|:-:|\n| `x\\|y` | [T] <b> https://a.io |\n\nSetext\n---\n# H [x]\n####### no",
        "tab\there \u{202e}\u{200b}\u{feff} caf\u{e9} \u{1f600} `caf\u{e9} [x] <y>` \u{2014} \u{201c}q\u{201d} \0 \u{1b}[0m",
        "`unclosed ``code` ``` **unclosed *em _x_ __y__ ~~z~ &amp; &lt;b&gt; &#x202e; &copy; \\",
        "line one\\\nline two  \nline three<br><br/>four<br>",
        "[ref]: https://a.io \"title\"\n[ref] and [text][ref] and [https://a.io](https://b.io) [`code`](https://c.io)",
        "\r\rcarriage\r\n\r\nreturns\u{2028}x\u{85}y",
        "<pre>\n\n[Team]\n</pre>\n\n<details><summary>s</summary>\n\n**b**\n</details>",
        "1986\\. A year\n\n-\n\n+\n\n#\n\n***\n___\n= \n===",
        "",
        " ",
        "\n\n",
        "\\",
        "`",
        "[",
        "]",
        "<",
        "&",
        "_",
        "https://a.io/caf\u{e9}`b`|c",
    ];
    let fields = prose.iter().enumerate().map(|(index, text)| {
        let mut field = optional(&format!("p{index}"), Type::String);
        field.docs.summary = Some((*text).to_owned());
        field.docs.description = Some(format!("{text}\n{text}"));
        field.docs.notes = vec![format!("Pattern: `{text}`."), (*text).to_owned()];
        field.default = Some(json!(text));
        field
    });
    let words = prose.iter().enumerate().map(|(index, text)| EnumValue {
        wire: json!(format!("{text}{index}")),
        name: name(&format!("V{index}")),
        description: Some((*text).to_owned()),
    });
    let mut api = api(vec![
        ("Prose", object(fields.collect())),
        ("Words", TypeKind::StringEnum(words.collect())),
    ]);
    api.title = prose.join(" ");
    api.description = Some(prose.join("\n\n"));
    api
}

fn emit(api: &Api) -> BTreeMap<String, String> {
    let files = models::generate(api).expect("emitted Rust parses");
    let text = |bytes| String::from_utf8(bytes).expect("is UTF-8");
    files
        .into_iter()
        .map(|(path, bytes)| (path, text(bytes)))
        .collect()
}

#[track_caller]
fn assert_contains(files: &BTreeMap<String, String>, path: &str, expected: &[&str]) {
    let text = &files[path];
    for part in expected {
        assert!(text.contains(part), "{part} is not in {path}:\n{text}");
    }
}

#[test]
fn presence_decides_how_a_field_may_be_absent_or_null() {
    let files = emit(&every_kind());
    assert_contains(
        &files,
        "src/models.rs",
        &[
            "    pub name: ::std::string::String,",
            "    pub lead: crate::types::Change<",
            "    pub additional: ::std::collections::BTreeMap<",
            "object.always(\"name\", &self.name);",
            "object.change(\"lead\", &self.lead);",
            "object.others(&self.additional);",
            "name: crate::types::object::given(\"name\", field_",
            "pub fn new(name: impl ::std::convert::Into<::std::string::String>, count: i64",
            "pub fn with_lead(",
        ],
    );
    assert_contains(
        &files,
        "src/models.rs",
        &[
            "    pub first_seen: ::std::option::Option<crate::types::Timestamp>",
            "object.always(\"firstSeen\", &self.first_seen);",
            " => object.read(&mut self.r#type),",
            "::std::default::Default,",
            "/// The `firstSeen` property.",
        ],
    );
}

#[test]
fn output_is_ascii_and_the_same_on_every_run() {
    for api in [every_kind(), obstacle_course(), hostile_prose()] {
        let files = emit(&api);
        assert!(files.values().all(|text| text.is_ascii()));
        assert_eq!(files, emit(&api));
    }
}

#[test]
fn prose_notes_default_and_provenance_become_rustdoc() {
    let mut level = field("level", "level", Type::String, Presence::Optional);
    level.docs.description = Some("The [level] of it \u{2014} see `x`.".to_owned());
    level.default = Some(json!("error"));
    let files = emit(&api(vec![("Event", object(vec![level]))]));
    assert_contains(
        &files,
        "src/models.rs",
        &[
            "    /// The \\[level\\] of it --- see `x`.\n    ///\n    /// Default: `\"error\"`.\n",
            "/// The schema `/components/schemas/Event`.",
        ],
    );
}

#[test]
fn only_one_arm_of_a_type_converts_into_its_union() {
    let files = emit(&every_kind());
    let text = &files["src/models.rs"];
    // `Text` and `Again` are both strings to Rust.
    assert!(
        !text.contains("From<::std::string::String> for AnyValue"),
        "{text}"
    );
    assert!(
        !text.contains("From<crate::models::Title> for AnyValue"),
        "{text}"
    );
    assert_contains(
        &files,
        "src/models.rs",
        &["From<crate::models::Level> for AnyValue"],
    );
}

#[test]
fn only_objects_that_nothing_tells_apart_are_compared() {
    let constant = |rust_name, id, kind: &str| {
        let mut arm = arm(rust_name, named(id));
        arm.constants.insert("kind".to_owned(), json!(kind));
        arm
    };
    let free = |rust_name, id| arm(rust_name, named(id));
    let ranks = |arms: Vec<Arm>| {
        let files = emit(&api(vec![
            ("One", object(vec![optional("a", Type::Any)])),
            ("Two", object(vec![optional("b", Type::Any)])),
            ("Other", object(vec![optional("c", Type::Any)])),
            ("Choice", union(arms)),
        ]));
        files["src/models.rs"].contains("ranked(")
    };
    assert!(ranks(vec![free("One", 0), free("Two", 1)]));
    assert!(ranks(vec![free("One", 0), constant("Two", 1, "two")]));
    assert!(ranks(vec![
        constant("One", 0, "same"),
        constant("Two", 1, "same")
    ]));
    assert!(!ranks(vec![
        constant("One", 0, "one"),
        constant("Two", 1, "two")
    ]));
    // The last one takes what the constants leave.
    assert!(!ranks(vec![
        constant("One", 0, "one"),
        constant("Two", 1, "two"),
        free("Other", 2)
    ]));
    assert!(!ranks(vec![arm("Text", Type::String), free("One", 0)]));
}

#[test]
fn samples_have_every_property_and_end() {
    let api = every_kind();
    let all = sample(&api, &named(0));
    assert_eq!(all["firstSeen"], json!("2024-01-02T03:04:05Z"));
    assert_eq!(all["level"], json!("error"));
    assert_eq!(all["tree"]["parent"], json!({"name": "text", "count": 1}));
    assert_eq!(sample(&api, &named(5))["kind"], json!("tree"));
    for index in 0..obstacle_course().types.len() {
        let _ends = sample(&obstacle_course(), &named(index));
    }
    let endless = || {
        field(
            "next",
            "next",
            Type::Boxed(TypeId::new(0)),
            Presence::Required,
        )
    };
    let twice = field(
        "other",
        "other",
        Type::Boxed(TypeId::new(0)),
        Presence::Required,
    );
    let _ends = sample(
        &self::api(vec![("Endless", object(vec![endless(), twice]))]),
        &named(0),
    );
    let itself = union(vec![arm("Itself", Type::Boxed(TypeId::new(0)))]);
    assert_eq!(
        sample(&self::api(vec![("Itself", itself)]), &named(0)),
        Value::Null
    );
}

/// Writes the emitted files for a look at them, or to compile them: `EMIT_MODELS=<folder> cargo test -- --ignored`.
#[test]
#[ignore = "writes files, where the environment says"]
fn write_emitted_models() {
    let Some(folder) = std::env::var_os("EMIT_MODELS") else {
        return;
    };
    for (crate_name, api) in [
        ("every_kind", every_kind()),
        ("obstacles", obstacle_course()),
        ("prose", hostile_prose()),
    ] {
        let mut files = models::generate(&api).expect("emitted Rust parses");
        let options = PackageOptions::new("sentry-api", "0.1.0");
        files.extend(package::generate(&api, &options).expect("is a package"));
        for (path, text) in files {
            let path = std::path::Path::new(&folder).join(crate_name).join(path);
            std::fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
            std::fs::write(path, text).expect("is written");
        }
        let samples: Vec<Value> = (0..api.types.len())
            .map(|i| sample(&api, &named(i)))
            .collect();
        let path = std::path::Path::new(&folder)
            .join(crate_name)
            .join("samples.json");
        std::fs::write(path, json!(samples).to_string()).expect("is written");
    }
}

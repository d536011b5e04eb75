//! Checking values against schemas.

use serde_json::{Value, json};

use crate::server::schema::{Check, Schema};

/// What a value violates: pointer, rule and expectation of each.
fn violations(schema: Value, value: &Value) -> Vec<String> {
    let schema: Schema = serde_json::from_value(schema).unwrap();
    let mut check = Check::new("body", None);
    check.value(value, &schema);
    let found = check.violations.iter();
    found.map(|one| format!("{} {}: {}", one.pointer, one.rule, one.expected)).collect()
}

#[test]
fn each_rule_has_its_words() {
    for (schema, fits, violates, expected) in [
        (json!({"type": "string"}), json!("a"), json!(1), "type: a string, found a number"),
        (json!({"type": ["integer", "null"]}), json!(null), json!(1.5), "type: an integer or null, found a number"),
        (json!({"enum": ["a", 1]}), json!(1), json!("b"), "enum: one of \"a\", 1"),
        (json!({"minLength": 2}), json!("\u{e4}b"), json!("\u{e4}"), "minLength: at least 2 characters"),
        (json!({"maxLength": 1}), json!("\u{e4}"), json!("ab"), "maxLength: at most 1 character"),
        (json!({"pattern": "^[a-z]+$"}), json!("ab"), json!("a1"), "pattern: a text that matches `^[a-z]+$`"),
        (json!({"format": "date"}), json!("2024-02-29"), json!("2023-02-29"), "format: a date"),
        (json!({"format": "date-time"}), json!("2024-02-29T01:02:03Z"), json!("2024-02-29"), "format: a date-time"),
        (json!({"format": "uuid"}), json!("00000000-0000-4000-8000-00000000000a"), json!("1"), "format: a UUID"),
        (json!({"format": "ipv4"}), json!("127.0.0.1"), json!("127.1"), "format: an IPv4 address"),
        (json!({"format": "ipv6"}), json!("::1"), json!(":"), "format: an IPv6 address"),
        (json!({"format": "email"}), json!("a@b"), json!("a b@c"), "format: an email address"),
        (json!({"format": "uri"}), json!("a:b"), json!("/a"), "format: a URI"),
        (json!({"format": "int32"}), json!(-2_147_483_648), json!(2_147_483_648_u64), "format: an integer of 32 bits"),
        (json!({"format": "uint32"}), json!(4_294_967_295_u64), json!(u64::MAX), "format: an integer of 32 bits"),
        (json!({"type": "integer"}), json!(i64::MAX), json!(u64::MAX), "format: an integer of 64 bits"),
        (
            json!({"type": "integer", "maximum": 9_223_372_036_854_776_000_u64}),
            json!(i64::MAX),
            json!(i64::MAX as u64 + 1),
            "format: an integer of 64 bits",
        ),
        (
            json!({"type": "integer", "minimum": -1, "maximum": u64::MAX}),
            json!(i64::MAX),
            json!(u64::MAX),
            "format: an integer of 64 bits",
        ),
        (
            json!({"type": "integer", "maximum": u64::MAX}),
            json!(u64::MAX),
            json!(-0.5),
            "type: an integer, found a number",
        ),
        (json!({"type": "integer", "format": "uint64"}), json!(u64::MAX), json!(-1), "format: an integer of 64 bits"),
        (json!({"minimum": 1}), json!(1), json!(0), "minimum: at least 1"),
        (json!({"maximum": 1.5}), json!(1.5), json!(2), "maximum: at most 1.5"),
        (json!({"exclusiveMinimum": 1}), json!(1.1), json!(1), "exclusiveMinimum: more than 1"),
        (json!({"exclusiveMaximum": 1}), json!(0), json!(1), "exclusiveMaximum: less than 1"),
        (json!({"multipleOf": 0.1}), json!(0.3), json!(0.35), "multipleOf: a multiple of 0.1"),
        // Integers that are the same as an `f64`.
        (
            json!({"minimum": 9_007_199_254_740_993_u64}),
            json!(9_007_199_254_740_993_u64),
            json!(9_007_199_254_740_992_u64),
            "minimum: at least 9007199254740993",
        ),
        (
            json!({"maximum": i64::MIN + 1}),
            json!(i64::MIN),
            json!(i64::MIN + 2),
            "maximum: at most -9223372036854775807",
        ),
        (json!({"multipleOf": 2}), json!(u64::MAX - 1), json!(u64::MAX), "multipleOf: a multiple of 2"),
        (
            json!({"type": "integer", "maximum": 9_223_372_036_854_779_904_u64}),
            json!(9_223_372_036_854_779_904_u64),
            json!(9_223_372_036_854_779_905_u64),
            "maximum: at most 9223372036854779904",
        ),
        (json!({"minItems": 1}), json!([1]), json!([]), "minItems: at least 1 item"),
        (json!({"maxItems": 2}), json!([1, 1]), json!([1, 1, 1]), "maxItems: at most 2 items"),
        (json!({"uniqueItems": true}), json!([1, 2]), json!([1, 1]), "uniqueItems: different items"),
        (json!({"minProperties": 2}), json!({"a": 1, "b": 2}), json!({}), "minProperties: at least 2 properties"),
        (json!({"maxProperties": 0}), json!({}), json!({"a": 1}), "maxProperties: at most 0 properties"),
    ] {
        assert_eq!(violations(schema.clone(), &fits), [""; 0], "{schema}");
        assert_eq!(violations(schema, &violates), [format!(" {expected}")]);
    }
}

#[test]
fn all_violations_are_found_each_with_its_pointer() {
    let schema = json!({
        "type": "object",
        "required": ["id", "name", "a/b"],
        "properties": {
            "id": {"readOnly": true},
            "list": {"type": "array", "items": {"minimum": 1}},
            "pair": {"prefixItems": [{"type": "string"}, {"type": "integer"}]},
        },
        "additionalProperties": false,
    });
    let value = json!({"list": [1, 0, -1], "pair": [1, 1], "other": null, "a/b": 1});
    let expected = [
        "/name required: a value",
        "/a~1b additionalProperties: no such property",
        "/list/1 minimum: at least 1",
        "/list/2 minimum: at least 1",
        "/other additionalProperties: no such property",
        "/pair/0 type: a string, found a number",
    ];
    let mut found = violations(schema, &value);
    found.sort_unstable();
    let mut expected = expected.map(str::to_owned);
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_value_needs_to_fit_one_alternative() {
    let schema = json!({"oneOf": [
        {"type": "object", "required": ["a"], "properties": {"a": {"maximum": 1}}},
        {"type": "object", "required": ["b", "c"]},
    ]});
    assert_eq!(violations(schema.clone(), &json!({"b": 1, "c": 1})), [""; 0]);
    assert_eq!(violations(schema.clone(), &json!({"a": 2})), ["/a maximum: at most 1"]);
    assert_eq!(violations(schema, &json!(1)), [" oneOf: one of the described alternatives"]);
}

#[test]
fn alternatives_of_alternatives_end() {
    let mut schema = json!({"type": "string"});
    for _ in 0..14 {
        schema = json!({"anyOf": [schema, schema]});
    }
    let found = violations(schema, &json!(1));
    assert_eq!(found, [" anyOf: one of the described alternatives"]);
}

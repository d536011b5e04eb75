//! Tests of what other pages of Widdershins have: alternatives and parts of schemas, callbacks, schemes, values of parameters.

use serde_json::{Value, json};

use super::{MarkdownDialect, facts, read};

const OPERATION: &str = "# T v1\n\n## a\n\n`GET /a`\n\n";

/// The component `Thing` of a page: its example and the lines around its tables.
fn component(example: &str, properties: &str) -> (Value, Vec<String>) {
    let page = format!(
        "{OPERATION}# Schemas\n\n<h2 id=\"tocS_Thing\">Thing</h2>\n<a id=\"schemathing\"></a>\n\n```json\n{example}\n```\n\n\
         {properties}\n\n<h2 id=\"tocS_Num\">Num</h2>\n<a id=\"schemanum\"></a>\n\n### Properties\n\n{}\n\
         <h2 id=\"tocS_Text\">Text</h2>\n<a id=\"schematext\"></a>\n\n### Properties\n\n{}",
        table("|value|number|true|none|none|\n"),
        table("|text|string|true|none|none|\n"),
    );
    let (document, findings) = read(MarkdownDialect::Widdershins, &page);
    let mut thing = facts(&document, "/components/schemas/Thing");
    if let Some(thing) = thing.as_object_mut() {
        thing.remove("example");
    }
    (thing, findings)
}

fn table(rows: &str) -> String {
    format!("|Name|Type|Required|Restrictions|Description|\n|---|---|---|---|---|\n{rows}\n")
}

fn linked(marks: &str, name: &str) -> String {
    let anchor = name.to_lowercase();
    table(&format!(
        "|{marks}*anonymous*|[{name}](#schema{anchor})|false|none|none|\n"
    ))
}

fn alternatives(marks: &str) -> String {
    format!(
        "oneOf\n\n{}xor\n\n{}",
        linked(marks, "Num"),
        linked(marks, "Text")
    )
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn the_tables_of_alternatives_are_alternatives() {
    let properties = format!("### Properties\n\n{}", alternatives(""));
    let (thing, findings) = component("{}", &properties);
    assert_eq!(
        thing,
        json!({"oneOf": [reference("Num"), reference("Text")]})
    );
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn the_tables_of_parts_are_parts_with_their_properties() {
    let object = table("|*anonymous*|object|false|none|none|\n|» serial|string|true|none|none|\n");
    let properties = format!(
        "### Properties\n\nallOf - discriminator: Num.kind\n\n{}and\n\n{object}",
        linked("", "Num")
    );
    let (thing, findings) = component("{}", &properties);
    assert_eq!(
        findings,
        ["combined-schema: allOf - discriminator: Num.kind"]
    );
    let object = json!({"type": "object", "properties": {"serial": {"type": "string"}}, "required": ["serial"]});
    assert_eq!(thing, json!({"allOf": [reference("Num"), object]}));
}

#[test]
fn a_schema_has_its_own_properties_beside_its_alternatives() {
    let own = table("|id|string|true|none|none|\n");
    let properties = format!("### Properties\n\n{own}{}", alternatives(""));
    let (thing, _) = component("{}", &properties);
    assert_eq!(
        thing,
        json!({
            "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"],
            "oneOf": [reference("Num"), reference("Text")],
        })
    );
}

#[test]
fn the_title_of_alternatives_is_no_property() {
    let own = table("|A thing|any|false|none|What it is.|\n");
    let properties = format!("A thing\n\n### Properties\n\n{own}{}", alternatives(""));
    let (thing, _) = component("{}", &properties);
    assert_eq!(thing["title"], "A thing");
    assert_eq!(thing["oneOf"], json!([reference("Num"), reference("Text")]));
    assert_eq!(thing.get("properties"), None);
}

#[test]
fn alternatives_of_which_nobody_knows_the_schema_are_left_out() {
    let nested = format!(
        "oneOf\n\n{}{}",
        table("|*anonymous*|any|false|none|none|\n"),
        alternatives("» ")
    );
    let of_property = format!(
        "{}{}",
        table("|id|any|true|none|none|\n"),
        alternatives("» ")
    );
    let properties = json!({"type": "object", "properties": {"id": {}}, "required": ["id"]});
    for (example, tables, expected) in [
        ("{}", nested, json!({})),
        ("{}", of_property, properties),
        // The items of a list look as the alternatives of the schema itself do.
        ("[{}]", alternatives(""), json!({})),
        (
            "{}",
            format!("{}{}", alternatives(""), alternatives("")),
            json!({}),
        ),
        ("{}", format!("not\n\n{}", linked("", "Num")), json!({})),
    ] {
        let (thing, findings) = component(example, &format!("### Properties\n\n{tables}"));
        assert_eq!(thing, expected, "{tables}");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("several-tables: "), "{findings:?}");
    }
}

#[test]
fn alternatives_without_a_type_are_left_out() {
    let any = table("|*anonymous*|any|false|none|none|\n");
    let properties = format!("### Properties\n\n{}xor\n\n{any}", alternatives(""));
    let (thing, findings) = component("{}", &properties);
    assert_eq!(thing, json!({}));
    assert_eq!(
        findings,
        ["combined-schema: |*anonymous*|any|false|none|none|"]
    );
}

#[test]
fn the_items_of_a_list_in_a_response_have_alternatives() {
    let page = format!(
        "{OPERATION}> Example responses\n\n> 200 Response\n\n```json\n[]\n```\n\n<h3 id=\"a-responses\">Responses</h3>\n\n\
         |Status|Meaning|Description|Schema|\n|---|---|---|---|\n|200|OK|Fine.|Inline|\n\n\
         <h3 id=\"a-responseschema\">Response Schema</h3>\n\nStatus Code **200**\n\n{}*anyOf*\n\n{}*or*\n\n{}",
        table("|*anonymous*|[anyOf]|false|none|Each result.|\n"),
        table("|» *anonymous*|string|false|none|none|\n"),
        table("|» *anonymous*|object|false|none|none|\n|»» id|string|true|none|none|\n"),
    );
    let (document, findings) = read(MarkdownDialect::Widdershins, &page);
    assert!(findings.is_empty(), "{findings:?}");
    let object =
        json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]});
    assert_eq!(
        facts(
            &document,
            "/paths/~1a/get/responses/200/content/*~1*/schema"
        ),
        json!({
            "type": "array",
            "description": "Each result.",
            "items": {"anyOf": [{"type": "string"}, object]},
        })
    );
}

const RESPONSES: &str = "<h3 id=\"a-responses\">Responses</h3>\n\n|Status|Meaning|Description|Schema|\n|---|---|---|---|\n\
                         |204|No Content|Done.|None|\n\n";
const OPEN: &str =
    "<aside class=\"success\">\nThis operation does not require authentication\n</aside>\n\n";

#[test]
fn callbacks_are_left_out_and_named() {
    // The operation of a callback has the name of its owner, and here its path, too.
    let callback = format!(
        "## post\n\n`POST /a`\n\n> Body parameter\n\n```json\n{{}}\n```\n\n{RESPONSES}{OPEN}"
    );
    let page = format!(
        "# T v1\n\n## post\n\n<a id=\"opIdpost\"></a>\n\n`POST /a`\n\n{RESPONSES}### Callbacks\n\n#### done\n\n\
         **{{$request.body#/url}}**\n\n{callback}{}<aside class=\"warning\">\nTo perform this operation, you must be \
         authenticated by means of one of the following methods:\nNone\n</aside>\n\n## get\n\n`GET /a`\n\n{RESPONSES}{OPEN}",
        callback.replace("POST", "PUT"),
    );
    let (document, findings) = read(MarkdownDialect::Widdershins, &page);
    assert_eq!(findings, ["callbacks: ### Callbacks"]);
    let item = facts(&document, "/paths/~1a");
    let methods: Vec<&String> = item.as_object().unwrap().keys().collect();
    assert_eq!(methods, ["post", "get"]);
    assert_eq!(item["post"].get("requestBody"), None);
    assert_eq!(item["post"]["security"], json!([{}]));
    assert_eq!(item["get"]["security"], json!([]));
}

#[test]
fn a_heading_of_a_description_starts_no_callbacks() {
    let page = format!(
        "{OPERATION}### Callbacks\n\nThere are **none**\n\n{RESPONSES}{OPEN}## b\n\n`GET /b`\n"
    );
    let (document, findings) = read(MarkdownDialect::Widdershins, &page);
    assert!(findings.is_empty(), "{findings:?}");
    let item = facts(&document, "/paths/~1a/get");
    assert_eq!(item["description"], "### Callbacks\n\nThere are **none**");
    assert_eq!(item["responses"], json!({"204": {"description": "Done."}}));
    assert_eq!(facts(&document, "/paths/~1b/get/summary"), "b");
}

#[test]
fn each_scheme_that_is_not_read_is_reported_once() {
    let page = format!(
        "# Authentication\n\n* API Key (key)\n    - Parameter Name: **X-Key**, in: header. \n\n\
         - HTTP Authentication, scheme: basic \n\n- oAuth2 authentication. \n\n    - Flow: clientCredentials\n\n\
         |Scope|Scope Description|\n|---|---|\n|write|Writes.|\n\n{OPERATION}"
    );
    let (document, findings) = read(MarkdownDialect::Widdershins, &page);
    assert_eq!(
        findings,
        [
            "security-scheme: - HTTP Authentication, scheme: basic",
            "security-scheme: - oAuth2 authentication.",
        ]
    );
    let schemes = facts(&document, "/components/securitySchemes");
    assert_eq!(schemes["key"]["in"], "header");
}

#[test]
fn the_values_of_a_parameter_are_compared_with_its_schema() {
    let values = |title: &str, name: &str, values: &[&str]| {
        let rows = values.iter().map(|value| format!("|{name}|{value}|\n"));
        format!(
            "#### Enumerated Values\n\n|{title}|Value|\n|---|---|\n{}\n",
            rows.collect::<String>()
        )
    };
    for (there, expected) in [
        (["new", "lost"], vec![]),
        (
            ["stored", "new"],
            vec!["schema-row-disagrees: |status|new|"],
        ),
    ] {
        let page = format!(
            "{OPERATION}<h3 id=\"a-parameters\">Parameters</h3>\n\n|Name|In|Type|Required|Description|\n|---|---|---|---|---|\n\
             |status|query|[Status](#schemastatus)|false|none|\n\n{}# Schemas\n\n<h2 id=\"tocS_Status\">Status</h2>\n\
             <a id=\"schemastatus\"></a>\n\n### Properties\n\n{}{}",
            values("Parameter", "status", &["new", "lost"]),
            table("|*anonymous*|string|false|none|none|\n"),
            values("Property", "*anonymous*", &there),
        );
        let (_, findings) = read(MarkdownDialect::Widdershins, &page);
        assert_eq!(findings, expected);
    }
}

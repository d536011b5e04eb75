//! The static site of a project.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use generator::description::diagnostic::Diagnostics;
use generator::files::Files;
use generator::pipeline;
use generator::project::Project;
use generator::site::{self, Site};
use serde_json::{Value, json};

fn site_of(documents: &[Value]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let paths = documents.iter().enumerate().map(|(index, document)| {
        let path = folder.path().join(format!("d{index}.json"));
        std::fs::write(&path, document.to_string()).unwrap();
        path
    });
    let paths: Vec<_> = paths.collect();
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(
        &paths,
        &folder.path().join("out"),
        "x-api",
        &mut diagnostics,
    );
    let outcome = pipeline::run(&project);
    assert!(
        !outcome.diagnostics.has_errors(),
        "{}",
        outcome.diagnostics.render(&project.sources)
    );
    site::files(&Site {
        project: &project,
        merged: outcome.merged.as_ref().unwrap(),
        lowered: outcome.lowered.as_ref().unwrap(),
        history: &[],
    })
    .unwrap()
}

fn document(text: &str, kind: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "paths": {"/teams/{id}": {"get": {
            "operationId": "getTeam", "tags": [text], "summary": text, "description": text,
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "q", "in": "query", "description": text, "schema": {"type": "string", "default": text, "enum": [text, "b"]}}
            ],
            "responses": {"200": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Team"}}}}}
        }}},
        "components": {"schemas": {
            "Team": {"type": "object", "description": text, "properties": {
                "lead": {"$ref": "#/components/schemas/Person"}, "size": {"type": kind}, text: {"type": "string"}
            }},
            "Person": {"type": "object", "properties": {"name": {"type": "string"}}}
        }}
    })
}

fn text<'f>(files: &'f Files, path: &str) -> &'f str {
    std::str::from_utf8(&files[path]).unwrap()
}

#[test]
fn no_text_of_a_description_is_html_or_script() {
    for attack in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "x' onmouseover='alert(1)",
        "[x](javascript:alert(1))",
        "{{ 7 * 7 }}{% include 'frame' %}",
    ] {
        let files = site_of(&[document(attack, "integer"), document(attack, "number")]);
        let harmless = site_of(&[
            document("harmless", "integer"),
            document("harmless", "number"),
        ]);
        for path in files.keys().filter(|path| path.ends_with(".html")) {
            let tags = tags(text(&files, path));
            let allowed: BTreeSet<String> = harmless
                .keys()
                .filter(|path| path.ends_with(".html"))
                .flat_map(|path| self::tags(text(&harmless, path)))
                .collect();
            let new: Vec<_> = tags.difference(&allowed).collect();
            assert!(
                new.iter().all(|tag| *tag == "code" || *tag == "p"),
                "{attack}: {path}: {new:?}"
            );
        }
        assert!(!text(&files, "search.js").contains('<'), "{attack}");
    }
}

/// Every tag with the names of its attributes.
fn tags(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').skip(1).map(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        let mut outside = String::new();
        let mut quoted = false;
        for letter in tag.chars() {
            match letter {
                '"' => quoted = !quoted,
                letter if !quoted => outside.push(letter),
                _ => {}
            }
        }
        outside
    });
    tags.collect()
}

#[test]
fn what_sources_say_stands_side_by_side_with_file_and_line() {
    let files = site_of(&[document("one", "integer"), document("one", "number")]);
    let page = text(&files, "types/team.html");
    for expected in [
        "Team.size",
        "[&quot;integer&quot;]",
        "[&quot;number&quot;]",
        "d0.json:1:",
        "d1.json:1:",
        "compatible",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(text(&files, "differences-compatible.html").contains("Team.size"));
    let operation = text(&files, "operations/get_team.html");
    assert!(
        operation.contains("client.get_team(id).send().await?"),
        "{operation}"
    );
    assert!(
        operation.contains("href=\"../types/team.html\""),
        "{operation}"
    );
    assert!(text(&files, "types/person.html").contains("href=\"../types/team.html\""));
}

#[test]
fn every_link_leads_to_a_page() {
    let files = site_of(&[document("one", "integer"), document("one", "number")]);
    assert!(links(&files) > 20);
}

/// Windows takes some names for devices, whatever their extension.
#[test]
fn no_page_is_called_after_a_device() {
    let files = site_of(&[json!({
        "openapi": "3.1.0", "info": {"title": "Ports", "version": "1"},
        "paths": {"/aux": {"get": {"operationId": "aux", "responses": {"200": {"description": "It.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Con"}}}}}}}},
        "components": {"schemas": {"Con": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Con"}}}}}
    })]);
    for (path, expected) in [
        ("operations/aux-page.html", "\"../types/con-page.html\""),
        ("types/con-page.html", "\"../operations/aux-page.html\""),
        ("operations.html", "\"operations/aux-page.html\""),
        ("index.html", "\"operations/aux-page.html\""),
        ("types.html", "\"types/con-page.html\""),
        ("search.js", "\"operations/aux-page.html\""),
    ] {
        let page = text(&files, path);
        assert!(page.contains(expected), "{path}: {expected}: {page}");
    }
    let device = |path: &&String| path.contains("/aux.") || path.contains("/con.");
    assert_eq!(files.keys().find(device), None);
    links(&files);
}

/// Follows every link between the pages, and returns how many there are.
fn links(files: &Files) -> usize {
    let mut links = 0;
    for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(content).unwrap();
        for link in html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
        {
            if link.starts_with(['#', 'd']) && !link.starts_with("differences") {
                continue;
            }
            let target = link.split('#').next().unwrap();
            let target = match path.rsplit_once('/') {
                Some(_) if target.starts_with("../") => target.trim_start_matches("../").to_owned(),
                Some((folder, _)) => format!("{folder}/{target}"),
                None => target.to_owned(),
            };
            assert!(files.contains_key(&target), "{path}: {link}");
            links += 1;
        }
    }
    links
}

#[test]
fn formats_discriminators_and_base_urls_are_shown_and_code_is_code() {
    let files = site_of(&[json!({
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "servers": [{"url": "https://{region}.library.example/v1", "description": "By `region`.", "variables": {"region": {"default": "eu"}}}],
        "paths": {"/notices/{id}": {"get": {
            "operationId": "getNotice", "tags": ["notices"], "summary": "Gets the notice with an `id`.", "deprecated": true,
            "servers": [{"url": "https://old.library.example"}],
            "description": "This is deprecated: use `listNotices`.",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
            "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Notice"}}}}}
        }}},
        "components": {"schemas": {
            "Number": {"type": "integer", "format": "int64"},
            "Notice": {
                "description": "What is told, by `kind`.",
                "oneOf": [{"$ref": "#/components/schemas/Overdue"}, {"$ref": "#/components/schemas/Hold"}],
                "discriminator": {"propertyName": "kind", "mapping": {
                    "overdue": "#/components/schemas/Overdue", "hold": "#/components/schemas/Hold"}}
            },
            "Overdue": {"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string"}, "loan": {"$ref": "#/components/schemas/Number"},
                "books": {"type": "array", "items": {"type": "string", "format": "uuid"}}}},
            "Hold": {"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string"}, "mail": {"type": "string", "format": "email"}}}
        }}
    })]);
    for (path, expected) in [
        (
            "operations/get_notice.html",
            "path, string (uuid), required",
        ),
        (
            "operations/get_notice.html",
            "<code>https://old.library.example</code>",
        ),
        ("operations/get_notice.html", "<code>listNotices</code>"),
        ("operations.html", "with an <code>id</code>."),
        ("types.html", "by <code>kind</code>."),
        ("types/overdue.html", "array of string (uuid)"),
        (
            "types/number.html",
            "<code>i64</code>; in JSON: integer (int64).",
        ),
        ("types/hold.html", "string (email)"),
        ("types/notice.html", "The property <code>kind</code> tells"),
        (
            "types/notice.html",
            "<td><code>overdue</code> </td><td><code>Overdue</code></td>",
        ),
        (
            "types/notice.html",
            "<td><code>hold</code> </td><td><code>Hold</code></td>",
        ),
        (
            "index.html",
            "<code>https://{region}.library.example/v1</code> By <code>region</code>.",
        ),
    ] {
        let page = text(&files, path);
        assert!(
            page.contains(expected),
            "`{expected}` is missing in {path}:\n{page}"
        );
    }
    for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(content).unwrap();
        assert!(!html.contains('`'), "{path}: {html}");
    }
    assert!(!text(&files, "search.js").contains('`'));
}

/// On a narrow screen, a name is broken between its words, in headings, tables and links.
#[test]
fn names_are_broken_between_their_words() {
    let card = json!({"type": "object", "required": ["cardType"], "properties": {
        "cardType": {"type": "string", "const": "prepaid_card"}, "card_number": {"type": "string"}}});
    let files = site_of(&[json!({
        "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
        "paths": {"/pay": {"get": {"operationId": "pay", "responses": {"200": {"description": "Paid.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PaymentMethod"}}}}}}}},
        "components": {"schemas": {
            "PrepaidCard": card,
            "Cash": {"type": "object", "required": ["cardType"], "properties": {"cardType": {"type": "string"}, "coins": {"type": "integer"}}},
            "PaymentMethod": {"oneOf": [{"$ref": "#/components/schemas/PrepaidCard"}, {"$ref": "#/components/schemas/Cash"}],
                "discriminator": {"propertyName": "cardType", "mapping": {
                    "prepaid_card": "#/components/schemas/PrepaidCard", "cash": "#/components/schemas/Cash"}}}}}
    })]);
    let page = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    let card = page("types/prepaidcard.html");
    for part in [
        "<h1>Prepaid<wbr>Card</h1>",
        "<code>card<wbr>Type</code>",
        "<code>card_<wbr>number</code>",
    ] {
        assert!(card.contains(part), "{part}: {card}");
    }
    let union = page("types/paymentmethod.html");
    for part in [
        "<td><code>prepaid_<wbr>card</code> </td>",
        "<td><code><a href=\"../types/prepaidcard.html\">Prepaid<wbr>Card</a></code></td>",
    ] {
        assert!(union.contains(part), "{part}: {union}");
    }
}

#[test]
fn an_operation_without_a_route_has_no_method_of_the_server() {
    let operation = |name: &str| {
        json!({"get": {
            "operationId": format!("by {name}"), "tags": ["pets"],
            "parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "Found."}}}})
    };
    let files = site_of(&[json!({
        "openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets/{id}": operation("id"), "/pets/{name}": operation("name")}})]);
    let served = text(&files, "operations/by_id.html");
    assert!(
        served.contains("On the server: <code>Pets::by_id</code>"),
        "{served}"
    );
    let other = text(&files, "operations/by_name.html");
    assert!(!other.contains("On the server"), "{other}");
}

/// A document whose receivers get a notice by a webhook and by a callback.
fn with_webhooks(summary: &str, kind: &str) -> Value {
    let notified = |summary: &str| {
        json!({"post": {
            "summary": summary,
            "parameters": [{"name": "X-Attempt", "in": "header", "schema": {"type": kind}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Notice"}}}},
            "responses": {"204": {"description": "Seen."}}}})
    };
    json!({
        "openapi": "3.1.0", "info": {"title": "Loans", "version": "1"},
        "paths": {"/loans": {"post": {
            "operationId": "createLoan", "responses": {"201": {"description": "Lent."}},
            "callbacks": {"returned": {"{$request.query.url}": notified("A loan is returned")}}}}},
        "webhooks": {"loanDue": notified(summary)},
        "components": {"schemas": {"Notice": {"type": "object", "properties": {"loan": {"type": "string"}}}}}
    })
}

#[test]
fn webhooks_and_callbacks_have_pages_and_are_found() {
    let files = site_of(&[
        with_webhooks("A loan is due", "integer"),
        with_webhooks("A loan is over", "number"),
    ]);
    let page = text(&files, "operations/webhook-loan_due.html");
    for expected in [
        "<span class=\"method post\">POST</span> <code>loanDue</code>",
        "A loan is due",
        "<code>application/json</code>: <code><a href=\"../types/notice.html\">Notice</a></code>",
        "request: LoanDueRequest,",
        "<code>Webhooks::loan_due</code>",
        "<code class=\"place\">webhook POST loanDue header X-Attempt</code>",
        "[&quot;number&quot;]",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(!page.contains("callback"), "{page}");
    let callback = text(&files, "operations/webhook-returned.html");
    for expected in [
        "<code>{$request.query.url}</code>",
        "The callback <code>returned</code> of <code>POST /loans</code>",
        "<code class=\"place\">callback returned of POST /loans: POST {$request.query.url} header X-Attempt</code>",
    ] {
        assert!(callback.contains(expected), "{expected}: {callback}");
    }
    for (path, expected) in [
        (
            "operations.html",
            "href=\"operations/webhook-loan_due.html\"",
        ),
        ("operations.html", "<h2 id=\"api-webhooks\">Webhooks</h2>"),
        ("index.html", "href=\"operations.html#api-webhooks\""),
        (
            "types/notice.html",
            "<a href=\"../operations/webhook-loan_due.html\">loan_due</a>",
        ),
        (
            "search.js",
            r#"["webhook","loan_due","POST loanDue A loan is due","operations/webhook-loan_due.html"]"#,
        ),
    ] {
        let page = text(&files, path);
        assert!(page.contains(expected), "{path}: {expected}: {page}");
    }
}

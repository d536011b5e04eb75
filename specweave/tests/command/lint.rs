//! `specweave lint`: levels by the manifest and by options, pages, exit codes.

use std::path::Path;
use std::process::{Command, Output};

const MANIFEST: &str = "
[package]
name = 'pets'
version = '0.1.0'
output = '../pets'

[[source]]
id = 'pets'
title = 'Pets'
rank = 1
document = 'pets.yaml'
";

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
tags: [{name: Pets}, {name: Cats}]
paths:
  /pets:
    get: {tags: [Pets], responses: {'200': {description: The pets., content: {application/json: {}}}}}
";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .arg("lint")
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

fn prepared(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    std::fs::write(folder.path().join("specs/manifest.toml"), manifest).unwrap();
    std::fs::write(folder.path().join("specs/pets.yaml"), DOCUMENT).unwrap();
    folder
}

#[test]
fn defects_are_warnings_and_notes_unless_they_are_denied() {
    let folder = prepared(MANIFEST);
    let output = run(folder.path(), &[]);
    let text = said(&output);
    assert!(text.contains("warning[success-without-type]"), "{text}");
    assert!(text.contains("specs/pets.yaml:7:"), "{text}");
    assert!(text.contains("note[unused-tag]"), "{text}");
    assert!(text.ends_with("1 warning, 1 note\n"), "{text}");
    assert_eq!(output.status.code(), Some(0));
    let denied = ["--deny", "success-without-type", "--allow", "unused-tag"];
    let output = run(folder.path(), &denied);
    let text = said(&output);
    assert!(text.contains("error[success-without-type]"), "{text}");
    assert!(text.ends_with("1 error\n"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_manifest_sets_levels_that_options_override() {
    let lint = "[lint]\nunused-tag = 'deny'\nsuccess-without-type = 'allow'\n";
    let folder = prepared(&format!("{MANIFEST}{lint}"));
    let output = run(folder.path(), &[]);
    assert!(said(&output).ends_with("1 error\n"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(1));
    let output = run(folder.path(), &["--warn", "unused-tag"]);
    assert!(said(&output).ends_with("1 warning\n"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(0));
    let folder = prepared(&format!("{MANIFEST}[lint]\nunused-tags = 'deny'\n"));
    let output = run(folder.path(), &[]);
    let text = said(&output);
    assert!(text.contains("did you mean `unused-tag`?"), "{text}");
    assert!(text.contains("specs/manifest.toml:13:15"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_document_is_linted_without_a_manifest_and_in_a_format_for_programs() {
    let folder = prepared(MANIFEST);
    let output = run(folder.path(), &["specs/pets.yaml", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let codes: Vec<&str> = results
        .iter()
        .filter_map(|it| it["ruleId"].as_str())
        .collect();
    assert_eq!(codes, ["success-without-type", "unused-tag"]);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][1];
    assert_eq!(rule["shortDescription"]["text"], "A tag without operations");
    let page = rule["help"]["markdown"].as_str().unwrap();
    assert!(page.starts_with("# A tag without operations\n"), "{page}");
}

/// What is not read is no defect, so that it is told where it is asked for.
#[test]
fn a_level_of_allow_holds_for_what_reading_reports() {
    let folder = prepared(MANIFEST);
    let everything = include_str!("everything.yaml");
    std::fs::write(folder.path().join("everything.yaml"), everything).unwrap();
    let by_default = said(&run(folder.path(), &["everything.yaml"]));
    assert!(!by_default.contains("not-read"), "{by_default}");
    let asked = said(&run(
        folder.path(),
        &["everything.yaml", "--warn", "not-read"],
    ));
    assert!(
        asked.contains("warning[not-read]: `links` of a response is not read"),
        "{asked}"
    );
}

#[test]
fn every_code_of_the_list_has_a_page() {
    let folder = prepared(MANIFEST);
    let list = said(&run(folder.path(), &["--list"]));
    assert!(list.lines().count() >= 24, "{list}");
    for line in list.lines() {
        let code = line.split(' ').next().unwrap();
        let output = run(folder.path(), &["--explain", code]);
        assert!(said(&output).starts_with("# "), "{code}");
        assert_eq!(output.status.code(), Some(0), "{code}");
    }
    let output = run(folder.path(), &["--explain", "unused-tags"]);
    assert_eq!(output.status.code(), Some(2));
    // What reading reports is in the list, too, each at its level.
    for expected in [
        "dangling-reference           warn   A `$ref` leads to nothing: ",
        "duplicate-key                deny   A mapping has the same key twice\n",
        "duplicate-parameter          warn   An operation has two parameters ",
        "not-expressed                note   A keyword of JSON Schema ",
        "not-read                     allow  OpenAPI has it, or it is an extension, ",
        "parameter-not-in-path        warn   A parameter has `in: path`, ",
        "undescribed-path-parameter   warn   A path has a `{name}` without ",
        "unused-tag                   note   A tag without operations\n",
    ] {
        assert!(list.contains(expected), "{expected}: {list}");
    }
}

#[test]
fn an_unknown_code_is_a_wrong_argument() {
    let folder = prepared(MANIFEST);
    for option in ["--deny", "--warn", "--allow", "--explain"] {
        let output = run(folder.path(), &[option, "unused-tags"]);
        let text = said(&output);
        let expected = "no rule has the code `unused-tags`; did you mean `unused-tag`?";
        assert!(text.contains(expected), "{option}: {text}");
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
}

#[test]
fn an_error_of_reading_is_not_made_milder() {
    let folder = prepared(MANIFEST);
    let expected = "`duplicate-key` is always an error, because the document cannot be read";
    for option in ["--warn", "--allow"] {
        let output = run(folder.path(), &[option, "duplicate-key"]);
        let text = said(&output);
        assert!(text.contains(expected), "{option}: {text}");
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
    let output = run(folder.path(), &["--deny", "duplicate-key"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let folder = prepared(&format!("{MANIFEST}[lint]\nduplicate-key = 'note'\n"));
    let output = run(folder.path(), &[]);
    let text = said(&output);
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("specs/manifest.toml:13:"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

const PAGE: &str = r#"
# Pets v1

## listPets

`GET /pets`

<h3 id="listpets-responses">Responses</h3>

|Status|Meaning|Description|Schema|
|---|---|---|---|
|200|[OK](https://tools.ietf.org/html/rfc7231#section-6.3.1)|The pets.|[Pet](#schemapet)|

# Schemas

<h2 id="tocS_Pet">Pet</h2>
<a id="schemapet"></a>

```json
{"name": "Rex"}
```

### Properties

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|name|string|false|none|none|

<h2 id="tocS_Cat">Cat</h2>
<a id="schemacat"></a>

```json
{"lives": 9}
```

### Properties

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|lives|integer|false|none|none|
"#;

#[test]
fn a_finding_about_a_page_has_the_line_that_states_it() {
    let page = "page = 'pets.md'\ndialect = 'widdershins'\n";
    let folder = prepared(&format!("{MANIFEST}{page}"));
    std::fs::write(folder.path().join("specs/pets.md"), PAGE).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder.path())
        .arg("transcribe")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let text = said(&run(folder.path(), &[]));
    assert!(
        text.contains("nothing refers to `#/components/schemas/Cat`"),
        "{text}"
    );
    assert!(text.contains("--> specs/pets.md:29:"), "{text}");
}

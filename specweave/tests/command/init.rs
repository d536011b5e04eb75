//! From descriptions of an API to a crate, by one command.

use std::process::Output;

use crate::run;

const OLD: &str = "
openapi: 3.0.3
info: {title: Pet Shop, version: 1.0.0}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: The pets.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, age: {type: string}}}
";

const NEW: &str = "
openapi: 3.1.0
info: {title: Pet Shop, version: 2.1.0}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, default: 10, schema: {type: integer}}]
      responses:
        '200':
          description: The pets.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
  /pets/{id}:
    delete:
      operationId: deletePet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, age: {type: integer}}}
";

const PAGE: &str = "
# Pet Shop v2.1.0

Base URLs:

* <a href=\"https://pets.example\">https://pets.example</a>

# Pets

## listPets

`GET /pets`

*Lists the pets of the shop.*

<h3 id=\"listpets-responses\">Responses</h3>

|Status|Meaning|Description|Schema|
|---|---|---|---|
|200|[OK](https://tools.ietf.org/html/rfc7231#section-6.3.1)|The pets of the shop.|None|
";

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("docs")).unwrap();
    std::fs::write(folder.path().join("openapi-v1.yaml"), OLD).unwrap();
    std::fs::write(folder.path().join("openapi-v2.yaml"), NEW).unwrap();
    std::fs::write(folder.path().join("docs/reference.md"), PAGE).unwrap();
    std::fs::write(folder.path().join("docs/notes.md"), "# Notes\n").unwrap();
    folder
}

#[test]
fn two_versions_and_a_page_become_a_crate() {
    let folder = prepared();
    let output = run(folder.path(), &["init"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    let manifest = read("specs/manifest.toml");
    let order: Vec<&str> = manifest
        .lines()
        .filter(|line| line.starts_with("id ="))
        .collect();
    assert_eq!(
        order,
        [
            "id = \"openapi-v2\"",
            "id = \"openapi-v1\"",
            "id = \"reference\""
        ]
    );
    assert!(manifest.contains("name = \"pet-shop-api\"\n"), "{manifest}");
    assert!(
        manifest.contains("dialect = \"widdershins\"\n"),
        "{manifest}"
    );
    // The types of an age contradict each other: the newer version is believed, and it is said.
    let resolutions = read("specs/resolutions.toml");
    assert!(
        resolutions.contains("subject = \"Pet.age\""),
        "{resolutions}"
    );
    assert!(
        resolutions.contains("decision = [\"integer\"]"),
        "{resolutions}"
    );
    assert!(text.contains("1 contradiction is decided"), "{text}");
    let overlay = read("specs/overlays/openapi-v2.yaml");
    assert!(
        overlay.contains("#  - target: \"$['paths']['/pets']['get']['parameters'][0]['default']\""),
        "{overlay}"
    );
    assert!(
        manifest.contains("# overlays = [\"overlays/openapi-v2.yaml\"]"),
        "{manifest}"
    );
    let client = read("pet-shop-api/src/client/operations/pets.rs");
    assert!(
        client.contains("pub fn list_pets(") && client.contains("Lists the pets of the shop."),
        "{client}"
    );
    assert!(text.contains("2 of 2 operations"), "{text}");
    // It is a project like any other now.
    assert_eq!(
        said(&run(folder.path(), &["check"])),
        "pet-shop-api is current: ".to_owned()
            + said(&run(folder.path(), &["check"]))
                .split(": ")
                .nth(1)
                .unwrap()
    );
    assert!(run(folder.path(), &["explain", "Pet.age"]).status.success());
}

#[test]
fn files_of_the_same_name_get_folders_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let with_pet_elsewhere = |text: &str| {
        text.replace("#/components/schemas/Pet", "pet.yaml")
            .split("components:\n")
            .next()
            .unwrap()
            .to_owned()
    };
    for (name, document, age) in [("old", OLD, "string"), ("new", NEW, "integer")] {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("api.yaml"), with_pet_elsewhere(document)).unwrap();
        let pet = format!("{{type: object, properties: {{age: {{type: {age}}}}}}}\n");
        std::fs::write(folder.join("pet.yaml"), pet).unwrap();
    }
    let output = run(folder.path(), &["init", "old/api.yaml", "new/api.yaml"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    let manifest = read("specs/manifest.toml");
    let documents: Vec<&str> = manifest
        .lines()
        .filter(|line| line.starts_with("document ="))
        .collect();
    // The later version comes first.
    assert_eq!(
        documents,
        ["document = \"api.yaml\"", "document = \"api-2/api.yaml\""]
    );
    for (copy, original) in [("", "new"), ("api-2/", "old")] {
        for file in ["api.yaml", "pet.yaml"] {
            assert_eq!(
                read(&format!("specs/{copy}{file}")),
                read(&format!("{original}/{file}"))
            );
        }
    }
    assert!(text.contains("1 contradiction is decided"), "{text}");
}

#[test]
fn what_cannot_be_copied_is_refused_before_anything_is_written() {
    let folder = prepared();
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    std::fs::write(folder.path().join("specs/openapi-v2.yaml"), "mine").unwrap();
    let files = ["init", "openapi-v1.yaml", "openapi-v2.yaml"];
    for (arguments, expected) in [
        (
            &files[..],
            "specs/openapi-v2.yaml would be overwritten by openapi-v2.yaml",
        ),
        (
            &["init", "openapi-v1.yaml", "./openapi-v1.yaml"],
            "./openapi-v1.yaml is named twice",
        ),
    ] {
        let output = run(folder.path(), arguments);
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert_eq!(output.status.code(), Some(1));
        let written = std::fs::read_dir(folder.path().join("specs")).unwrap();
        assert_eq!(written.count(), 1);
        assert_eq!(
            std::fs::read_to_string(folder.path().join("specs/openapi-v2.yaml")).unwrap(),
            "mine"
        );
    }
}

#[test]
fn what_no_crate_can_be_made_of_is_refused_before_anything_is_written() {
    let folder = prepared();
    for (arguments, expected) in [
        (
            ["init", "--name", "Bad Name!"],
            "`Bad Name!` cannot be the name of a package",
        ),
        (
            ["init", "--out", "."],
            "is not empty and was not written by the generator",
        ),
    ] {
        let output = run(folder.path(), &arguments);
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert_eq!(output.status.code(), Some(1));
        assert!(!folder.path().join("specs").exists());
    }
}

#[test]
fn an_output_folder_that_cannot_be_is_refused_before_anything_is_written() {
    let folder = prepared();
    let file = folder.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    for (arguments, expected) in [
        (&["--out", "file"][..], "is a file, not a folder"),
        (&["--out", "file/api"], "is a file, not a folder"),
        (
            &["--dir", "api", "--out", "api"],
            "inside of the output folder api",
        ),
        (
            &["--dir", "api/specs", "--out", "./api"],
            "inside of the output folder ./api",
        ),
    ] {
        let output = run(folder.path(), &[&["init"][..], arguments].concat());
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert_eq!(output.status.code(), Some(1));
        assert!(!folder.path().join("specs").exists());
        assert!(!folder.path().join("api").exists());
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    std::fs::create_dir_all(folder.path().join("built/target")).unwrap();
    let output = run(folder.path(), &["init", "--out", "built"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_text_of_a_description_does_not_leave_a_comment() {
    let folder = tempfile::tempdir().unwrap();
    let new = NEW
        .replace("2.1.0", r#""2.1.0\n[x]\r\u2028""#)
        .replace("https://pets.example", r"https://pets.example/v2\u0007");
    let new = new
        .replace("'https", "\"https")
        .replace("u0007'", "u0007\"");
    let old = OLD.replace("https://pets.example", "https://pets.example/v1");
    std::fs::write(folder.path().join("new.yaml"), new).unwrap();
    std::fs::write(folder.path().join("old.yaml"), old).unwrap();
    let output = run(folder.path(), &["init"]);
    assert!(output.status.success(), "{}", said(&output));
    let manifest = std::fs::read_to_string(folder.path().join("specs/manifest.toml")).unwrap();
    assert!(manifest.contains(": version 2.1.0 [x]"), "{manifest}");
    assert!(manifest.contains("`new` has `/v2 `"), "{manifest}");
}

#[test]
fn a_description_is_found_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("API.YML", &format!("\u{feff}{}", NEW.trim_start()));
    write(
        "one-line.json",
        r#"{"info": {"title": "Shops", "version": "1"}, "openapi": "3.1.0", "paths": {}}"#,
    );
    write("package.json", r#"{"dependencies": {"express": "1"}}"#);
    let text = said(&run(folder.path(), &["init"]));
    assert!(text.contains("found: API.YML, version 2.1.0"), "{text}");
    assert!(text.contains("found: one-line.json, version 1"), "{text}");
    assert!(!text.contains("package.json"), "{text}");
}

#[test]
fn a_manifest_is_never_replaced() {
    let folder = prepared();
    assert!(run(folder.path(), &["init"]).status.success());
    let output = run(folder.path(), &["init"]);
    assert!(
        said(&output).contains("specs/manifest.toml exists; add a `[[source]]` to it"),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_not_transcribed_of_a_page_is_told() {
    let folder = prepared();
    let page = PAGE.replace("`GET /pets`", "`GET /pets/{id}`");
    std::fs::write(folder.path().join("docs/reference.md"), page).unwrap();
    let output = run(folder.path(), &["init"]);
    let said = said(&output);
    assert!(
        said.contains("warning[template-variable-without-parameter]"),
        "{said}"
    );
}

#[test]
fn a_run_that_cannot_read_a_page_leaves_nothing_behind() {
    let folder = prepared();
    let (_, operation) = PAGE.split_once("## ").unwrap();
    let page = folder.path().join("docs/reference.md");
    std::fs::write(&page, format!("{PAGE}\n## {operation}")).unwrap();
    let output = run(folder.path(), &["init"]);
    let text = said(&output);
    assert!(text.contains("error[duplicate-operation]"), "{text}");
    assert!(text.contains("what was written is removed again"), "{text}");
    assert!(!folder.path().join("specs").exists());
    std::fs::write(&page, PAGE).unwrap();
    let output = run(folder.path(), &["init"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_run_that_fails_keeps_what_was_there() {
    let folder = prepared();
    let specs = folder.path().join("specs");
    std::fs::create_dir(&specs).unwrap();
    std::fs::write(specs.join("notes.txt"), "mine\n").unwrap();
    let (_, operation) = PAGE.split_once("## ").unwrap();
    let page = format!("{PAGE}\n## {operation}");
    std::fs::write(specs.join("page.md"), &page).unwrap();
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let mut left: Vec<_> = std::fs::read_dir(&specs)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["notes.txt", "page.md"]);
    assert_eq!(
        std::fs::read_to_string(specs.join("page.md")).unwrap(),
        page
    );
}

#[cfg(unix)]
#[test]
fn a_name_that_not_every_system_can_open_is_refused() {
    for name in ["back\\slash.yaml", "two\nlines.yaml"] {
        let folder = prepared();
        let path = folder.path().join(name);
        std::fs::write(path, "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n").unwrap();
        let output = run(folder.path(), &["init"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("rename the file"), "{said}");
        assert!(!folder.path().join("specs").exists());
    }
}

#[test]
fn a_run_that_fails_leaves_no_folder_behind() {
    let folder = prepared();
    let (_, operation) = PAGE.split_once("## ").unwrap();
    std::fs::write(
        folder.path().join("page.MD"),
        format!("{PAGE}\n## {operation}"),
    )
    .unwrap();
    let output = run(folder.path(), &["init", "--dir", "below/it/specs"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("a page cannot be transcribed"), "{said}");
    assert!(!folder.path().join("below").exists());
}

#[test]
fn decisions_and_overlays_are_never_replaced() {
    for (path, text) in [
        ("specs/resolutions.toml", "# mine\n"),
        ("specs/overlays/openapi-v1.yaml", "overlay: 1.0.0\n"),
        ("specs/transcribed/page.yaml", "openapi: 3.1.0\n"),
    ] {
        let folder = prepared();
        let kept = folder.path().join(path);
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        std::fs::write(&kept, text).unwrap();
        let output = run(folder.path(), &["init"]);
        let said = said(&output);
        assert!(
            said.contains(" exists, but no manifest beside it"),
            "{said}"
        );
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), text);
        assert!(!folder.path().join("specs/manifest.toml").exists());
    }
}

#[test]
fn what_says_to_transcribe_is_followed_by_a_run_that_does() {
    let folder = prepared();
    assert!(run(folder.path(), &["init"]).status.success());
    let transcribed = folder.path().join("specs/transcribed");
    std::fs::rename(&transcribed, folder.path().join("earlier")).unwrap();
    let output = run(folder.path(), &["generate"]);
    assert!(
        said(&output).contains("run `specweave transcribe`"),
        "{}",
        said(&output)
    );
    let output = run(folder.path(), &["transcribe"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(transcribed.is_dir());
    assert!(run(folder.path(), &["generate"]).status.success());
}

#[test]
fn a_project_without_a_page_has_nothing_to_transcribe() {
    let folder = prepared();
    assert!(
        run(folder.path(), &["init", "openapi-v1.yaml"])
            .status
            .success()
    );
    let output = run(folder.path(), &["transcribe"]);
    assert_eq!(
        said(&output),
        "there is no page to transcribe: no source of specs/manifest.toml has a `page`\n"
    );
    assert!(output.status.success());
}

#[test]
fn a_folder_without_descriptions_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["init"]);
    let expected = "no OpenAPI document and no Widdershins page is found in the current folder or up to four levels below it; name the files";
    assert!(said(&output).contains(expected), "{}", said(&output));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_no_openapi_document_gets_the_sentence_that_helps() {
    let folder = prepared();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "swagger.yaml",
        "swagger: '2.0'\ninfo: {title: a, version: '1'}\npaths: {}\n",
    );
    write(
        "messages.yaml",
        "asyncapi: 2.6.0\ninfo: {title: a, version: '1'}\n",
    );
    for (file, expected) in [
        ("swagger.yaml", "convert the document to OpenAPI 3"),
        ("messages.yaml", "AsyncAPI describes messages"),
        ("docs", "is a folder"),
        (
            "https://example.com/openapi.yaml",
            "`https://example.com/openapi.yaml` is a URL, and nothing is fetched from the network",
        ),
        (
            "docs/reference.md",
            "`specweave init` makes one from the page",
        ),
        ("none.yaml", "correct the path"),
    ] {
        let output = run(
            folder.path(),
            &["generate", "--spec", file, "--out", "out", "--name", "pets"],
        );
        assert!(
            said(&output).contains(expected),
            "{file}: {}",
            said(&output)
        );
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn openapi_3_2_is_read_for_what_3_1_can_say() {
    let folder = tempfile::tempdir().unwrap();
    let newer = NEW.replace("openapi: 3.1.0", "openapi: 3.2.0").replace(
        "  /pets:\n",
        "  /pets:\n    query: {responses: {'200': {description: Some.}}}\n",
    );
    std::fs::write(folder.path().join("api.yaml"), newer).unwrap();
    let output = run(
        folder.path(),
        &[
            "generate", "--spec", "api.yaml", "--out", "out", "--name", "pets",
        ],
    );
    let text = said(&output);
    assert!(
        text.contains("`query`: operations of the method QUERY are left out"),
        "{text}"
    );
    assert!(text.contains("api.yaml:7:5"), "{text}");
    assert!(output.status.success(), "{text}");
    assert!(!text.contains("`query` is unknown"), "told twice: {text}");
}

#[test]
fn what_openapi_3_2_declares_newly_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let newer = NEW
        .replace("3.1.0", "3.2.0\ntags: [{name: Pets, parent: Animals}]")
        .replace("pets.example'}", "pets.example', name: here}")
        .replace(
            "{name: limit, in: query, default: 10, schema: {type: integer}}",
            "{name: q, in: querystring, content: {text/plain: {schema: {type: string}}}}, {name: c, in: cookie, style: cookie, schema: {type: string}}",
        )
        .replace("description: The pets.", "summary: Pets.\n          description: The pets.")
        .replace("name: {type: string}", "name: {type: string, xml: {nodeType: attribute}}");
    std::fs::write(folder.path().join("api.yaml"), newer).unwrap();
    let output = run(folder.path(), &["lint", "api.yaml", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = found["diagnostics"].as_array().unwrap().iter();
    // Nothing is told in other words, too.
    let newer = found.filter(|it| it["severity"] != "note");
    let mut messages: Vec<&str> = newer.filter_map(|it| it["message"].as_str()).collect();
    messages.sort_unstable();
    assert_eq!(
        messages,
        [
            "`name`: the name is not read",
            "`nodeType`: nothing is made of it",
            "`parent`: groups are not nested, and have their name and description alone",
            "`summary`: nothing is made of it",
            "a parameter for the whole query is left out",
            "the style `cookie` is read as `form`",
        ]
    );
}

#[test]
fn a_contradiction_of_two_files_is_decided_by_a_file() {
    let folder = prepared();
    let two = [
        "generate",
        "--spec",
        "openapi-v1.yaml",
        "openapi-v2.yaml",
        "--out",
        "out",
        "--name",
        "pets",
    ];
    let output = run(folder.path(), &two);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    let entry = text.split("[[resolution]]").nth(1).unwrap();
    let entry: Vec<&str> = entry
        .lines()
        .map(str::trim)
        .filter(|line| line.contains(" = "))
        .collect();
    let entry = format!("[[resolution]]\n{}\n", entry.join("\n"))
        .replace("reason = \"\"", "reason = \"Seen.\"");
    std::fs::write(folder.path().join("decided.toml"), &entry).unwrap();
    let output = run(
        folder.path(),
        &[&two[..], &["--resolutions", "decided.toml"]].concat(),
    );
    assert!(output.status.success(), "{entry}\n{}", said(&output));
}

/// What operations have from the security of the whole API is one decision, also where it replaces older ones.
#[test]
fn security_of_the_whole_api_is_decided_once() {
    let secured = |text: &str, name: &str, scheme: &str| {
        let schemes = format!("components:\n  securitySchemes: {{{name}: {scheme}}}\n");
        let text = text.replacen("components:\n", &schemes, 1);
        let text = text.replacen("age: {type: string}", "age: {type: integer}", 1);
        text.replacen(
            "paths:\n",
            &format!("security: [{{{name}: []}}]\npaths:\n"),
            1,
        )
    };
    let old = OLD.replacen("components:", "  /pets/{id}:\n    delete:\n      operationId: deletePet\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'204': {description: Done.}}\ncomponents:", 1);
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    write(
        "v1.yaml",
        &secured(&old, "basic", "{type: http, scheme: basic}"),
    );
    write(
        "v2.yaml",
        &secured(NEW, "bearer", "{type: http, scheme: bearer}"),
    );
    let output = run(folder.path(), &["init"]);
    assert!(output.status.success(), "{}", said(&output));
    let path = folder.path().join("specs/resolutions.toml");
    let resolutions = std::fs::read_to_string(&path).unwrap();
    let subjects: Vec<&str> = resolutions
        .lines()
        .filter(|line| line.starts_with("subject ="))
        .collect();
    assert_eq!(subjects, ["subject = \"the API\""], "{resolutions}");
    let changed = secured(&old, "key", "{type: apiKey, in: header, name: X-Key}");
    write("specs/v1.yaml", &changed);
    let output = run(folder.path(), &["generate"]);
    let text = said(&output);
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    assert!(
        text.contains("error[stale-resolution]: the claims have changed since this was decided: security of `the API`, for 2 operations that have no requirements of their own\n"),
        "{text}"
    );
}

#[test]
fn servers_that_differ_get_a_base_path_and_a_source_without_one_gets_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    write(
        "openapi.yaml",
        &NEW.replace("https://pets.example'", "https://pets.example/api/v1'"),
    );
    let whole = OLD.replace("  /pets:", "  /api/v1/pets:");
    write("whole.yaml", &whole);
    write(
        "without.yaml",
        &OLD.replace("servers: [{url: 'https://pets.example'}]\n", ""),
    );
    let output = run(folder.path(), &["init"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("the servers of the sources differ: `openapi` has `/api/v1`, `whole` has none, `without` has none; `base_path` is set to `/api/v1`"),
        "{text}"
    );
    let manifest = read("specs/manifest.toml");
    assert!(
        manifest.contains("\nbase_path = \"/api/v1\"\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains(
            "document = \"without.yaml\"\noverlays = [\"overlays/server-of-without.yaml\"]\n"
        ),
        "{manifest}"
    );
    // All three describe the same operation.
    assert!(text.contains("2 of 2 operations"), "{text}");
    let explained = said(&run(folder.path(), &["explain", "GET /pets"]));
    for source in ["openapi", "whole", "without"] {
        assert!(
            explained.contains(&format!("described by {source} ")),
            "{explained}"
        );
    }
}

#[test]
fn servers_of_two_versions_are_told_with_what_to_enter() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "one.yaml",
        &NEW.replace("https://pets.example'", "https://pets.example/v2'"),
    );
    write(
        "two.yaml",
        &OLD.replace("https://pets.example'", "https://pets.example/v1'"),
    );
    let output = run(folder.path(), &["init"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("the servers of the sources differ: `one` has `/v2`, `two` has `/v1`; `base_path` in specs/manifest.toml says what to enter"),
        "{text}"
    );
    let manifest = std::fs::read_to_string(folder.path().join("specs/manifest.toml")).unwrap();
    assert!(manifest.contains("update: {url: /the/path}"), "{manifest}");
    assert!(text.contains("no names are pinned"), "{text}");
    // The advice is followed: no name of what were other operations is in the way.
    let overlay = "overlay: 1.1.0\ninfo: {title: One, version: '1'}\nactions:\n  - {target: '$.servers[0]', description: One, update: {url: 'https://pets.example/v1'}}\n";
    std::fs::create_dir_all(folder.path().join("specs/overlays")).unwrap();
    write("specs/overlays/server.yaml", overlay);
    let document = "document = \"one.yaml\"\n";
    let united = manifest.replace(
        document,
        &format!("{document}overlays = [\"overlays/server.yaml\"]\n"),
    );
    write("specs/manifest.toml", &united);
    let output = run(folder.path(), &["generate"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("2 of 2 operations"), "{text}");
}

#[test]
fn two_runs_do_not_write_the_same_project() {
    let folder = prepared();
    let other = generator::output::FolderLock::of(&folder.path().join("specs")).unwrap();
    let text = said(&run(folder.path(), &["init"]));
    assert!(text.contains("another run writes to"), "{text}");
    assert!(!folder.path().join("specs").exists());
    drop(other);
    assert!(run(folder.path(), &["init"]).status.success());
}

/// The file is there to paste the first decision into.
#[test]
fn a_missing_file_of_decisions_is_created() {
    let folder = prepared();
    assert!(run(folder.path(), &["init"]).status.success());
    let decisions = folder.path().join("specs/resolutions.toml");
    std::fs::remove_file(&decisions).unwrap();
    let text = said(&run(folder.path(), &["generate"]));
    assert!(text.contains("written: specs/resolutions.toml"), "{text}");
    assert!(
        text.contains("add an entry to specs/resolutions.toml"),
        "{text}"
    );
    let created = std::fs::read_to_string(decisions).unwrap();
    assert!(created.starts_with("# What holds"), "{created}");
}

/// What was decided, and why, is offered again when the claims have changed.
#[test]
fn a_stale_decision_is_offered_again() {
    let folder = prepared();
    assert!(run(folder.path(), &["init"]).status.success());
    let decisions = folder.path().join("specs/resolutions.toml");
    let text = std::fs::read_to_string(&decisions).unwrap();
    let (before, after) = text.split_once("reason = ").unwrap();
    let (_, after) = after.split_once('\n').unwrap();
    let decided = before.replace("[\"integer\"]", "[\"string\"]");
    assert_ne!(decided, before);
    let told = said(&run(folder.path(), &["generate"]));
    assert!(told.contains("not reviewed yet: "), "{told}");
    std::fs::write(
        &decisions,
        format!("{decided}reason = \"Measured.\"\n{after}"),
    )
    .unwrap();
    for entry in folder.path().join("specs").read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "yaml") {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(
                &path,
                text.replace("{type: string}}}\n", "{type: boolean}}}\n"),
            )
            .unwrap();
        }
    }
    let text = said(&run(folder.path(), &["generate"]));
    assert!(text.contains("stale-resolution"), "{text}");
    assert!(text.contains("decision = [\"string\"]"), "{text}");
    assert!(text.contains("reason = \"Measured.\""), "{text}");
}

#[test]
fn the_crate_is_written_below_the_current_folder_wherever_the_manifest_is() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("work/here");
    std::fs::create_dir_all(&here).unwrap();
    std::fs::write(here.join("pets.yaml"), NEW).unwrap();
    let absolute = here.join("absolute");
    let absolute = absolute.to_str().unwrap();
    for (specs, output) in [
        ("deep/specs", Some("../../deep-specs")),
        (absolute, Some("../absolute-specs")),
        ("../specs", None),
        ("deep/../more", None),
    ] {
        let out = match output {
            Some(output) => output.trim_start_matches("../").to_owned(),
            None => format!("for-{}", specs.rsplit('/').next().unwrap()),
        };
        let result = run(&here, &["init", "pets.yaml", "--dir", specs, "--out", &out]);
        assert!(result.status.success(), "{}", said(&result));
        assert!(
            here.join(&out).join("Cargo.toml").is_file(),
            "{specs}: {}",
            said(&result)
        );
        let manifest = std::fs::read_to_string(here.join(specs).join("manifest.toml")).unwrap();
        let here = here.canonicalize().unwrap();
        let output = output.map_or_else(|| here.join(&out).display().to_string(), str::to_owned);
        assert!(
            manifest.contains(&format!("output = \"{output}\"")),
            "{manifest}"
        );
    }
}

#[test]
fn a_file_in_another_encoding_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let utf_16 = format!("\u{feff}{}", NEW.trim_start());
    let utf_16 = utf_16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin_1 = NEW.replace("Pet Shop", "Caf\u{0}").into_bytes();
    let latin_1 = latin_1.into_iter();
    let latin_1 = latin_1
        .map(|byte| if byte == 0 { 0xe9 } else { byte })
        .collect();
    for bytes in [utf_16, latin_1] {
        let bytes: Vec<u8> = bytes;
        std::fs::write(folder.path().join("api.yaml"), bytes).unwrap();
        let output = run(folder.path(), &["init"]);
        let text = said(&output);
        assert!(
            text.contains("api.yaml") && text.contains("UTF-8"),
            "{text}"
        );
        assert!(!output.status.success(), "{text}");
    }
}

#[test]
fn copies_are_told_by_paths_without_a_dot() {
    let folder = tempfile::tempdir().unwrap();
    let own = "            application/json: {schema: {$ref: schemas/pet.yaml}}\n";
    let text = NEW.replace(
        "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}",
        &format!("content:\n{own}"),
    );
    std::fs::write(folder.path().join("api.yaml"), text).unwrap();
    std::fs::create_dir(folder.path().join("schemas")).unwrap();
    std::fs::write(folder.path().join("schemas/pet.yaml"), "type: object\n").unwrap();
    let output = run(folder.path(), &["init"]);
    let text = said(&output);
    assert!(
        text.contains("copied: schemas/pet.yaml to specs/schemas/pet.yaml\n"),
        "{text}"
    );
    assert!(!text.contains("./"), "{text}");
}

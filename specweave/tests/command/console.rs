//! What commands print: formats of diagnostics, colours, quiet runs, and why a crate is out of date.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

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

/// A document with a key that means nothing.
const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: tag, in: query, colour: red, schema: {type: string}}]
      responses: {'204': {description: None.}}
";

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(project.0.path().join("specs")).unwrap();
        project.write("specs/manifest.toml", MANIFEST);
        project.write("specs/pets.yaml", DOCUMENT);
        project
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.0.path().join(path), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(self.0.path(), arguments, &[])
    }
}

fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn json_is_one_document_and_the_only_thing_on_standard_output() {
    let output = Project::new().run(&["generate", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let diagnostic = &json["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "warning");
    assert_eq!(diagnostic["code"], "unknown-key");
    let position = &diagnostic["positions"][0];
    assert_eq!(
        (&position["file"], &position["line"], &position["column"]),
        (&"specs/pets.yaml".into(), &9.into(), &43.into())
    );
    assert!(error(&output).contains("1 of 1 operation,"), "{output:?}");
}

#[test]
fn sarif_has_a_rule_and_a_place_for_each_result() {
    let output = Project::new().run(&["generate", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "unknown-key");
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "unknown-key");
    assert_eq!(result["level"], "warning");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "specs/pets.yaml");
    assert_eq!(place["region"]["startLine"], 9);
}

#[test]
fn a_workflow_of_github_gets_an_annotation_a_line() {
    let output = Project::new().run(&["generate", "--format", "github"]);
    let text = out(&output);
    assert!(
        text.starts_with("::warning file=specs/pets.yaml,line=9,col=43,title=unknown-key::"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn an_error_that_ends_a_run_is_in_the_document() {
    let project = Project::new();
    project.write("specs/pets.yaml", "openapi: 3.1.0\npaths: []\n");
    let output = project.run(&["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let diagnostics = json["diagnostics"].as_array().unwrap();
    assert!(
        diagnostics.iter().any(|it| it["severity"] == "error"),
        "{json}"
    );
}

#[test]
fn programs_are_told_why_a_crate_is_out_of_date() {
    let project = Project::new();
    let check = || {
        let output = project.run(&["check", "--format", "json"]);
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert!(project.run(&["generate"]).status.success());
    let json = check();
    assert!(
        json.get("inputs").is_none() && json.get("api").is_none(),
        "{json}"
    );
    let later = DOCUMENT.replace("{type: string}", "{type: integer}");
    project.write("specs/pets.yaml", &later);
    let json = check();
    let diagnostics = json["diagnostics"].as_array().unwrap();
    let is_stale = |it: &&Value| it["code"] == "out-of-date";
    assert!(diagnostics.iter().any(|it| is_stale(&it)), "{json}");
    let [input] = json["inputs"].as_array().unwrap().as_slice() else {
        panic!("{json}");
    };
    assert_eq!(input["path"], "specs/pets.yaml");
    for hash in ["before", "after"] {
        assert_eq!(input[hash].as_str().map(str::len), Some(64), "{json}");
    }
    assert_eq!(json["api"]["verdict"], "major");
    let change = &json["api"]["changes"][0];
    assert_eq!(change["kind"], "parameter-type-changed");
    assert_eq!(change["item"], "GET /pets query tag");
    // No source has changed, but a file of the crate.
    assert!(project.run(&["generate"]).status.success());
    project.write("pets/README.md", "");
    let json = check();
    assert_eq!(json["inputs"], serde_json::json!([]), "{json}");
    assert_eq!(json["api"]["verdict"], "none", "{json}");
}

#[test]
fn a_pipe_gets_neither_colours_nor_progress_unless_colours_are_asked_for() {
    let project = Project::new();
    let output = project.run(&["generate"]);
    let text = out(&output) + &error(&output);
    assert!(text.contains("warning[unknown-key]"), "{text}");
    assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
    let coloured = project.run(&["generate", "--color", "always"]);
    assert!(error(&coloured).contains("\u{1b}["), "{coloured:?}");
    assert!(!error(&coloured).contains('\r'), "{coloured:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_unless_they_are_forbidden() {
    let project = Project::new();
    let program = env!("CARGO_BIN_EXE_specweave");
    let on_terminal = |environment: &[(&str, &str)]| {
        let command = format!("{program} generate");
        let output = Command::new("script")
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .current_dir(project.0.path())
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .envs(environment.iter().copied())
            .output();
        match output {
            Ok(output) => Some(out(&output)),
            Err(error) => {
                eprintln!("skipped: `script`, which makes a terminal, cannot be run: {error}");
                None
            }
        }
    };
    let Some(text) = on_terminal(&[]) else { return };
    assert!(text.contains("\u{1b}[1m"), "{text:?}");
    let text = on_terminal(&[("NO_COLOR", "1")]).unwrap();
    assert!(text.contains("warning[unknown-key]"), "{text:?}");
    assert!(!text.contains("\u{1b}[1m"), "{text:?}");
}

#[test]
fn a_quiet_run_prints_errors_alone() {
    let project = Project::new();
    let output = project.run(&["generate", "--quiet"]);
    assert!(output.status.success());
    assert_eq!(out(&output) + &error(&output), "");
    project.write("pets/src/lib.rs", "// mine\n");
    let output = project.run(&["check", "-q"]);
    assert_eq!(
        error(&output),
        "error: the crate on disk is out of date; run `specweave generate`\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn check_says_which_source_has_changed_and_what_it_does_to_the_api() {
    let project = Project::new();
    assert!(project.run(&["generate"]).status.success());
    let changed = DOCUMENT.replace("schema: {type: string}", "schema: {type: integer}");
    project.write("specs/pets.yaml", &changed);
    // From another folder of the repository, too.
    let folder = project.0.path().join("pets/src");
    let output = run(&folder, &["check"], &[]);
    let text = out(&output);
    assert!(
        text.starts_with(
            "../../specs/pets.yaml has changed since the crate was generated (sha256 "
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "GET /pets\n  major: parameter-type-changed: `ListPets::tag`: `String` \u{2192} `i64`\n"
        ),
        "{text}"
    );
    assert!(!text.contains("\"GET /pets\""), "{text}");
    assert_eq!(output.status.code(), Some(1));
    let written = project.run(&["generate"]);
    assert!(
        out(&written).contains("The API has changed: 1 breaking change\nGET /pets\n"),
        "{written:?}"
    );
    let again = project.run(&["generate"]);
    assert!(!out(&again).contains("The API has changed"), "{again:?}");
}

#[test]
fn the_advice_names_the_manifest_that_was_named() {
    let project = Project::new();
    let output = project.run(&["check", "--manifest", "specs/manifest.toml"]);
    assert!(
        error(&output).ends_with("run `specweave generate --manifest specs/manifest.toml`\n"),
        "{output:?}"
    );
}

#[test]
fn completions_manual_and_help_know_the_commands() {
    let project = Project::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = project.run(&["completions", shell]);
        assert!(out(&output).contains("transcribe"), "{shell}: {output:?}");
    }
    let output = project.run(&["man"]);
    assert!(out(&output).starts_with(".ie"), "{output:?}");
    assert!(project.run(&["man", "--out", "man"]).status.success());
    assert!(project.0.path().join("man/specweave-check.1").is_file());
    project.write("file", "");
    let output = project.run(&["man", "--out", "file"]);
    assert!(
        error(&output).contains("cannot write to file: "),
        "{output:?}"
    );
    let output = project.run(&["--help"]);
    assert!(
        out(&output).contains("Exit codes:\n  0  success\n"),
        "{output:?}"
    );
}

/// What every command prints of a description that cannot be read.
const READERS: [&[&str]; 5] = [
    &["explain", "listPets"],
    &["diff", "specs/pets.yaml", "specs/later.yaml"],
    &["observe", "session.har"],
    &["export", "--out", "api.json"],
    &["docs", "--out", "site"],
];

#[test]
fn every_command_that_reads_tells_programs_why_it_cannot() {
    let project = Project::new();
    let broken = "openapi: 3.1.0\npaths: []\n";
    project.write("specs/pets.yaml", broken);
    project.write("specs/later.yaml", broken);
    project.write(
        "session.har",
        r#"{"log": {"version": "1.2", "entries": []}}"#,
    );
    for reader in READERS {
        let with = |format| project.run(&[reader, &["--format", format]].concat());
        let output = with("json");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let diagnostic = &json["diagnostics"][0];
        assert_eq!(diagnostic["severity"], "error", "{reader:?}: {json}");
        assert_eq!(diagnostic["positions"][0]["file"], "specs/pets.yaml");
        assert_eq!(error(&output), "", "{reader:?}");
        let output = with("github");
        let annotation = "::error file=specs/pets.yaml,line=";
        assert!(out(&output).starts_with(annotation), "{output:?}");
        let log: Value = serde_json::from_slice(&with("sarif").stdout).unwrap();
        assert_eq!(log["runs"][0]["results"][0]["level"], "error", "{log}");
    }
}

#[test]
fn changes_differences_and_deviations_are_annotations_where_they_are_described() {
    let project = Project::new();
    let later = DOCUMENT.replace("{type: string}", "{type: integer}");
    project.write("specs/later.yaml", &later);
    let compared = ["diff", "specs/pets.yaml", "specs/later.yaml", "--format"];
    let output = project.run(&[&compared[..], &["github"]].concat());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let breaking = "::error file=specs/later.yaml,line=9,col=20,title=parameter-type-changed::GET /pets query tag: ";
    assert!(out(&output).starts_with(breaking), "{output:?}");
    let known = "[[change]]\nkind = 'parameter-type-changed'\nitem = 'GET /pets query tag'\nreason = 'It was never a text.'\n";
    project.write("known.toml", known);
    let acknowledged = ["github", "--acknowledged", "known.toml"];
    let output = project.run(&[&compared[..], &acknowledged].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(out(&output).starts_with("::notice "), "{output:?}");
    let json = project.run(&[&compared[..], &["json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["verdict"], "major");

    let output = project.run(&["explain", "listPets.tag", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let is_type =
        |it: &&Value| it["message"]["text"] == "type of `GET /pets query tag`: [\"string\"]";
    let result = results.iter().find(is_type).unwrap();
    assert_eq!(result["level"], "note");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "specs/pets.yaml");

    let exchange = r#"{"log": {"version": "1.2", "entries": [{
        "request": {"method": "GET", "url": "https://pets.example/pets", "headers": []},
        "response": {"status": 418, "content": {"mimeType": "", "text": "", "size": 0}}}]}}"#;
    project.write("session.har", exchange);
    let output = project.run(&["observe", "session.har", "--format", "github"]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let text = out(&output);
    assert!(
        text.contains("title=undocumented-status::GET /pets 418"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_description_on_standard_output_has_no_diagnostics_beside_it() {
    let output = Project::new().run(&["export", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(error(&output).contains("--out <OUT>"), "{output:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let project = Project::new();
    assert!(project.run(&["generate"]).status.success());
    for arguments in [
        &["export"][..],
        &["generate"],
        &["generate", "--format", "json"],
        &["explain", "--all", "--json"],
        &["lint", "--list"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_specweave"))
            .current_dir(project.0.path())
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap();
        let told = error(&output);
        let expected = "error: cannot write to standard output: No space left on device";
        assert_eq!(told.matches(expected).count(), 1, "{arguments:?}: {told}");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    }
}

#[test]
fn formats_that_would_not_be_kept_are_refused() {
    let project = Project::new();
    for arguments in [
        &["lint", "--list", "--format", "json"][..],
        &["lint", "--explain", "unused-tag", "--format", "json"],
        &["explain", "--all", "--json", "--format", "sarif"],
        &["diff", "--json", "--format", "sarif"],
    ] {
        let output = project.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(out(&output), "", "{arguments:?}");
    }
    let output = project.run(&["explain", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["level"], "error", "{log}");
}

#[test]
fn the_json_of_changes_has_the_diagnostics() {
    let project = Project::new();
    let later = DOCUMENT.replace("listPets", "findPets");
    project.write("specs/later.yaml", &later);
    let known = "[[change]]\nkind = 'parameter-removed'\nitem = 'nothing'\nreason = 'None.'\n";
    project.write("known.toml", known);
    let files = ["specs/pets.yaml", "specs/later.yaml"];
    let diff = ["diff", "--json", "--acknowledged", "known.toml"];
    let output = project.run(&[&diff[..], &files].concat());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["verdict"], "major");
    let codes = json["diagnostics"].as_array().unwrap().iter();
    let codes: Vec<&Value> = codes.map(|it| &it["code"]).collect();
    assert_eq!(codes, ["needless-acknowledgement"], "{json}");
}

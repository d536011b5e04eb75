//! How well an operation is known: the score, the lock that pins it, and what may not lower it.

use std::path::Path;

use generator::description::diagnostic::Diagnostics;
use generator::pipeline::{self, Outcome};
use generator::project::Project;

const MANIFEST: &str = r#"
fidelity = "fidelity.lock"

[package]
name = "notes"
version = "0.1.0"
output = "out"

[[source]]
id = "notes"
title = "Notes"
rank = 1
document = "notes.yaml"
"#;

const NOTES: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes/{id}/:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: A note.
          content:
            application/json:
              schema:
                type: object
                properties:
                  text: {type: string}
                  extra: {x-arbitrary: Each client adds its own.}
";

/// A source that knows less and otherwise: an untyped parameter and property, another type, another shape, one more status.
const OTHER: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes/{id}/:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: fields, in: query}
      responses:
        '200':
          description: A note.
          content:
            application/json:
              schema: {oneOf: [{type: object, properties: {text: {}}}, {type: object, properties: {more: {}}}]}
        '404': {description: None.}
";

fn run(folder: &Path) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = Project::open(&folder.join("manifest.toml"), &mut diagnostics);
    let project = project.unwrap_or_else(|| panic!("{}", diagnostics.render(&sources)));
    let outcome = pipeline::run(&project);
    let said = outcome.diagnostics.render(&project.sources);
    assert!(!outcome.diagnostics.has_errors(), "{said}");
    outcome
}

fn lock(outcome: &Outcome) -> &str {
    let lock = outcome
        .locks
        .iter()
        .find(|lock| lock.path.ends_with("fidelity.lock"));
    lock.expect("the manifest names it").text.as_str()
}

fn project(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [
        ("manifest.toml", manifest),
        ("notes.yaml", NOTES),
        ("other.yaml", OTHER),
    ] {
        std::fs::write(folder.path().join(name), text).expect("is written");
    }
    folder
}

#[test]
fn a_score_counts_what_is_typed_and_who_says_so() {
    let folder = project(MANIFEST);
    let outcome = run(folder.path());
    let [known] = outcome.report.fidelity.as_slice() else {
        panic!("there is one operation");
    };
    assert_eq!(
        (known.bodies.count, known.bodies.of),
        (3, 3),
        "a reason is as good as a type"
    );
    assert_eq!((known.parameters.count, known.parameters.of), (1, 1));
    assert_eq!(
        (known.uncorroborated.count, known.uncorroborated.of),
        (2, 2)
    );
    assert_eq!((known.documents, known.contradictions), (1, 0));
    // 45 for bodies + 35 for parameters + 5 for one document + 0 for parts that two documents describe.
    assert_eq!(known.score, 85);
    assert!(
        lock(&outcome).ends_with("[scores]\n\"GET /notes/{}/\" = 85\n\n[falls]\n"),
        "{}",
        lock(&outcome)
    );
}

#[test]
fn a_supplement_is_no_document() {
    let with = |key: &str| {
        let other = format!(
            "[[source]]\nid = \"same\"\ntitle = \"Same\"\nrank = 2\ndocument = \"notes.yaml\"\n{key}"
        );
        let folder = project(&format!("{MANIFEST}\n{other}"));
        run(folder.path()).report.fidelity.remove(0)
    };
    let (supplement, document) = (with("supplement = true\n"), with(""));
    assert_eq!((supplement.documents, supplement.score), (1, 85));
    assert_eq!((document.documents, document.score), (2, 100));
    assert_eq!(document.uncorroborated.count, 0);
}

#[test]
fn a_lock_keeps_the_best_score_and_the_reason_of_a_fall() {
    let folder = project(MANIFEST);
    let entries = "[scores]\n\"GET /notes/{}/\" = 99\n\n[falls.\"GET /notes/{}/\"]\nscore = 85\nreason = \"It was wrong.\"\n";
    std::fs::write(folder.path().join("fidelity.lock"), entries).expect("is written");
    assert!(lock(&run(folder.path())).ends_with(entries));
}

#[test]
fn an_operation_that_moves_keeps_its_score() {
    let manifest = MANIFEST.replace("fidelity =", "names = \"names.lock\"\nfidelity =");
    let folder = project(&manifest);
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("is written");
    };
    let named = NOTES.replace("    get:\n", "    get:\n      operationId: readNote\n");
    write("notes.yaml", &named);
    for lock in run(folder.path()).locks {
        std::fs::write(lock.path, lock.text).expect("is written");
    }
    write(
        "fidelity.lock",
        "[scores]\n\"GET /notes/{}/\" = 99\n\n[falls.\"GET /notes/{}/\"]\nscore = 85\nreason = \"It was wrong.\"\n",
    );
    write(
        "notes.yaml",
        &named.replace("/notes/{id}/", "/books/{id}/notes/"),
    );
    let moved = lock(&run(folder.path())).to_owned();
    assert!(
        moved.ends_with(
            "[scores]\n\"GET /books/{}/notes/\" = 99\n\n[falls.\"GET /books/{}/notes/\"]\nscore = 85\nreason = \"It was wrong.\"\n"
        ),
        "{moved}"
    );
}

#[test]
fn a_source_that_yields_lowers_no_score_and_changes_no_type() {
    let alone = run(project(MANIFEST).path());
    let other = "[[source]]\nid = \"other\"\ntitle = \"Other\"\nrank = 2\ndocument = \"other.yaml\"\nyields = \"It is old.\"\n";
    let folder = project(&format!("{MANIFEST}\n{other}"));
    std::fs::write(folder.path().join("fidelity.lock"), lock(&alone)).expect("is written");
    let both = run(folder.path());
    let model = |outcome: &Outcome| {
        let files = outcome.files.as_ref().expect("is emitted");
        let types = files
            .iter()
            .filter(|(path, _)| path.starts_with("src/models/"));
        types.map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(model(&both), model(&alone));
    let score = |outcome: &Outcome| outcome.report.fidelity[0].score;
    assert!(score(&both) >= score(&alone), "{:?}", both.report.fidelity);
}

#[test]
fn what_is_refuted_is_not_known() {
    let folder = project(MANIFEST);
    let known = run(folder.path()).report.fidelity.remove(0);
    let refuted = NOTES
        .replace("in: path, ", "in: path, x-refuted: No client sends it., ")
        .replace("text: {", "text: {x-refuted: No server sends it., ");
    std::fs::write(folder.path().join("notes.yaml"), refuted).expect("is written");
    let outcome = run(folder.path());
    let [now] = outcome.report.fidelity.as_slice() else {
        panic!("there is one operation");
    };
    assert_eq!((known.refuted, now.refuted), (0, 2));
    assert_eq!(now.bodies.count, known.bodies.count - 1);
    assert_eq!(now.parameters.count, known.parameters.count - 1);
    assert!(now.score < known.score);
    let page = &outcome.files.as_ref().expect("is emitted")["FIDELITY.md"];
    let page = String::from_utf8_lossy(page);
    for line in [
        "- `GET /notes/{}/ path id`: No client sends it. (`notes` `notes.yaml:8`)",
        "- `GET /notes/{}/ 200.text`: No server sends it. (`notes` `notes.yaml:17`)",
    ] {
        assert!(page.contains(line), "{page}");
    }
}

#[test]
fn a_contradiction_that_is_decided_lowers_no_score() {
    let manifest = MANIFEST.replace(
        "fidelity =",
        "resolutions = \"resolutions.toml\"\nfidelity =",
    );
    let other =
        "[[source]]\nid = \"other\"\ntitle = \"Other\"\nrank = 2\ndocument = \"other.yaml\"\n";
    let folder = project(&format!("{manifest}\n{other}"));
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("is written");
    };
    write("resolutions.toml", "");
    write("other.yaml", NOTES);
    let agreed = run(folder.path()).report.fidelity.remove(0);
    write(
        "other.yaml",
        &NOTES.replace("text: {type: string}", "text: {type: integer}"),
    );
    let mut diagnostics = Diagnostics::default();
    let opened = Project::open(&folder.path().join("manifest.toml"), &mut diagnostics).0;
    let undecided = pipeline::run(&opened.expect("is read"));
    let help = undecided
        .diagnostics
        .items()
        .iter()
        .find_map(|item| item.help.as_deref());
    let (_, entry) = help
        .and_then(|help| help.split_once("\n\n"))
        .expect("there is an entry to paste");
    write(
        "resolutions.toml",
        &entry.replace("reason = \"\"", "reason = \"It was recorded.\""),
    );
    let decided = run(folder.path()).report.fidelity.remove(0);
    assert_eq!((agreed.contradictions, decided.contradictions), (0, 1));
    assert_eq!(decided.score, agreed.score);
}

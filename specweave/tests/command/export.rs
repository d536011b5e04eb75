//! `specweave export`.

use std::collections::BTreeSet;
use std::process::{Command, Output};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: The pets.
          content:
            application/json:
              schema: {type: array, prefixItems: [{type: [string, 'null']}]}
";

fn run(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .args(["export", "--spec", "pets.yaml"])
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn what_3_0_cannot_say_is_noted_beside_the_document() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pets.yaml"), DOCUMENT).unwrap();
    let output = run(folder.path(), &["--openapi", "3.0"]);
    assert!(output.status.success(), "{output:?}");
    let document = String::from_utf8(output.stdout).unwrap();
    assert!(document.starts_with("openapi: 3.0.3\n"), "{document}");
    assert!(document.contains("nullable: true"), "{document}");
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(
        notes.contains("OpenAPI 3.0 has no `prefixItems`"),
        "{notes}"
    );
    assert!(notes.contains("--> pets.yaml:13:23\n"), "{notes}");
}

/// The texts of `everything.yaml` by which a part of it is found again.
fn texts(document: &str) -> impl Iterator<Item = &str> {
    let words = document.split(|it: char| !it.is_alphanumeric() && !"-./".contains(it));
    let words = words.map(|it| it.trim_start_matches('/'));
    words.filter(|it| it.starts_with("K-") || it.starts_with("k.example/"))
}

/// Each text of the document that begins with `K-` is another one, so that each is found again, or its line has a note.
#[test]
fn each_loss_has_a_note_at_its_line() {
    const EVERYTHING: &str = include_str!("everything.yaml");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pets.yaml"), EVERYTHING).unwrap();
    for version in ["3.0", "3.1"] {
        let output = run(folder.path(), &["--openapi", version]);
        assert!(output.status.success(), "{output:?}");
        let exported = String::from_utf8(output.stdout).unwrap();
        let kept: BTreeSet<&str> = texts(&exported).collect();
        let notes = String::from_utf8(output.stderr).unwrap();
        let mut lost = 0;
        for (index, line) in EVERYTHING.lines().enumerate() {
            for text in texts(line).filter(|it| !kept.contains(it)) {
                let place = format!("--> pets.yaml:{}:", index + 1);
                assert!(notes.contains(&place), "{version}: {text}: {notes}");
                lost += 1;
            }
        }
        assert!(lost > 30, "{version}: {lost} are lost");
    }
}

#[test]
fn a_file_that_ends_in_json_is_json() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pets.yaml"), DOCUMENT).unwrap();
    for (version, expected) in [("3.0", "3.0.3"), ("3.1", "3.1.0")] {
        let output = run(folder.path(), &["--openapi", version, "--out", "api.json"]);
        assert!(output.status.success(), "{output:?}");
        let text = std::fs::read(folder.path().join("api.json")).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(json["openapi"], expected);
    }
}

/// With a manifest, too, a position is one in a source, which a shell can open.
#[test]
fn notes_point_into_the_sources() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    write("specs/pets.yaml", DOCUMENT);
    write(
        "specs/manifest.toml",
        "[package]\nname = 'pets'\nversion = '0.1.0'\noutput = '../pets'\n\n[[source]]\nid = 'pets'\ntitle = 'Pets'\nrank = 1\ndocument = 'pets.yaml'\n",
    );
    let output = Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder.path())
        .args(["export", "--openapi", "3.0"])
        .output()
        .unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("--> specs/pets.yaml:13:23\n"), "{notes}");
}

/// What reading leaves out is in no version of the export.
#[test]
fn what_was_not_read_is_noted_with_its_position() {
    let folder = tempfile::tempdir().unwrap();
    let document = DOCUMENT.replace("{type: [string, 'null']}", "{not: {type: string}}");
    let document = format!(
        "{document}components: {{schemas: {{Pet: {{type: object, if: {{}}}}, None: false}}}}\n"
    );
    std::fs::write(folder.path().join("pets.yaml"), document).unwrap();
    for version in ["3.0", "3.1"] {
        let output = run(folder.path(), &["--openapi", version, "--out", "api.yaml"]);
        assert!(output.status.success(), "{output:?}");
        let notes = String::from_utf8(output.stderr).unwrap();
        for expected in [
            "note[not-expressed]: `not` is not expressed in Rust\n  --> pets.yaml:13:52\n",
            "note[not-expressed]: `if` is not expressed in Rust\n  --> pets.yaml:14:44\n",
            "= help: the exported document does not have it\n",
            "a schema that no value matches is read as any JSON\n",
        ] {
            assert!(notes.contains(expected), "{version}: {expected}: {notes}");
        }
    }
}

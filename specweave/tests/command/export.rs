//! `specweave export`.

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
    assert!(notes.contains("(effective API)/openapi.yaml:"), "{notes}");
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

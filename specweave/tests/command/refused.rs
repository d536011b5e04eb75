//! What `specweave generate` refuses, so that nothing is lost.

use std::path::Path;
use std::process::{Command, Output};

use crate::run;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get: {responses: {'204': {description: None.}}}
";

fn generate(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .args([
            "generate",
            "--spec",
            "apis/pets.yaml",
            "--out",
            "pets",
            "--name",
            "pets",
        ])
        .args(arguments)
        .output()
        .unwrap()
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("apis")).unwrap();
    std::fs::write(folder.path().join("apis/pets.yaml"), DOCUMENT).unwrap();
    folder
}

#[track_caller]
fn refused(output: &Output, expected: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(expected), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_file_that_is_not_generated_stays() {
    let folder = prepared();
    assert!(generate(folder.path(), &[]).status.success());
    let notes = folder.path().join("pets/notes.md");
    std::fs::write(&notes, "mine").unwrap();
    refused(
        &generate(folder.path(), &[]),
        "did not write: notes.md; move them out of it",
    );
    assert_eq!(std::fs::read_to_string(notes).unwrap(), "mine");
}

#[test]
fn a_file_where_the_output_folder_would_be_stays() {
    let folder = prepared();
    let file = folder.path().join("pets");
    std::fs::write(&file, "mine").unwrap();
    refused(
        &generate(folder.path(), &[]),
        "pets is a file, not a folder",
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let below = [
        "generate",
        "--spec",
        "apis/pets.yaml",
        "--out",
        "pets/api",
        "--name",
        "pets",
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder.path())
        .args(below)
        .output()
        .unwrap();
    refused(&output, "pets is a file, not a folder");
}

#[test]
fn a_report_in_the_output_folder_is_refused_before_anything_is_written() {
    let folder = prepared();
    let output = generate(folder.path(), &["--report", "pets/report.json"]);
    refused(
        &output,
        "pets/report.json is inside of the output folder pets",
    );
    assert!(!folder.path().join("pets").exists());
    let output = generate(folder.path(), &["--report", "report.json"]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_result_is_not_written_into_an_output_folder() {
    let folder = prepared();
    assert!(generate(folder.path(), &[]).status.success());
    let pets = folder.path().join("pets");
    let inside = "is inside of the output folder";
    let again = [
        "generate",
        "--spec",
        "../apis/pets.yaml",
        "--out",
        "../pets",
        "--name",
        "pets",
        "--report",
        "report.json",
    ];
    refused(&run(&pets, &again), inside);
    let export = ["export", "--spec", "apis/pets.yaml", "--out"];
    for path in ["pets/extra.yaml", "pets/new/../extra.yaml"] {
        refused(
            &run(folder.path(), &[&export[..], &[path]].concat()),
            inside,
        );
    }
    let built = run(
        folder.path(),
        &[&export[..], &["pets/target/extra.yaml"]].concat(),
    );
    assert!(built.status.success(), "{built:?}");
    assert!(generate(folder.path(), &[]).status.success());
}

#[test]
fn a_report_does_not_replace_the_resolutions() {
    let folder = prepared();
    let decisions = folder.path().join("decisions");
    std::fs::create_dir(&decisions).unwrap();
    let resolutions = decisions.join("resolutions.toml");
    std::fs::write(&resolutions, "# None yet.\n").unwrap();
    let path = "decisions/resolutions.toml";
    let output = generate(folder.path(), &["--resolutions", path, "--report", path]);
    refused(&output, "is a file that this run reads");
    assert_eq!(
        std::fs::read_to_string(resolutions).unwrap(),
        "# None yet.\n"
    );
}

#[test]
fn a_report_does_not_replace_a_file_that_the_run_will_write() {
    let folder = prepared();
    assert!(
        run(folder.path(), &["init", "apis/pets.yaml"])
            .status
            .success()
    );
    let names = folder.path().join("specs/names.lock");
    std::fs::remove_file(&names).unwrap();
    let report = ["generate", "--report", "specs/names.lock"];
    refused(
        &run(folder.path(), &report),
        "is a file that this run reads",
    );
    assert!(!names.exists());
}

#[test]
fn a_manifest_names_files_below_its_folder() {
    let folder = prepared();
    let specs = folder.path().join("specs");
    std::fs::create_dir(&specs).unwrap();
    std::fs::copy(
        folder.path().join("apis/pets.yaml"),
        specs.join("pets.yaml"),
    )
    .unwrap();
    std::fs::write(specs.join("page.md"), "# Pets\n").unwrap();
    let package = "[package]\nname = 'pets'\nversion = '0.1.0'\noutput = '../pets'\n";
    let source = "[[source]]\nid = 'pets'\ntitle = 'Pets'\nrank = 1\n";
    for (command, lock, files, at) in [
        (
            "generate",
            "names = '../names.lock'\n",
            "document = 'pets.yaml'\n",
            "1:9",
        ),
        (
            "transcribe",
            "",
            "page = 'page.md'\ndialect = 'widdershins'\ndocument = '../outside.yaml'\n",
            "11:12",
        ),
    ] {
        let manifest = format!("{lock}{package}{source}{files}");
        std::fs::write(specs.join("manifest.toml"), manifest).unwrap();
        let output = run(folder.path(), &[command]);
        refused(&output, "leads out of the folder");
        refused(&output, &format!("specs/manifest.toml:{at}\n"));
    }
    for written in ["names.lock", "outside.yaml", "pets"] {
        assert!(!folder.path().join(written).exists(), "{written}");
    }
}

#[test]
fn a_finding_names_the_file_as_the_shell_can_open_it() {
    let folder = prepared();
    let broken = DOCUMENT.replace("{'204': {description: None.}}", "[]");
    std::fs::write(folder.path().join("apis/pets.yaml"), broken).unwrap();
    let output = generate(folder.path(), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("apis/pets.yaml:7:"), "{said}");
}

#[test]
fn a_result_replaces_nothing_that_the_run_reads() {
    let folder = prepared();
    let read = "is a file that this run reads";
    refused(
        &generate(folder.path(), &["--report", "./apis/../apis/pets.yaml"]),
        read,
    );
    let export = [
        "export",
        "--openapi",
        "3.1",
        "--spec",
        "apis/pets.yaml",
        "--out",
    ];
    refused(
        &run(folder.path(), &[&export[..], &["apis/pets.yaml"]].concat()),
        read,
    );
    let document = std::fs::read_to_string(folder.path().join("apis/pets.yaml")).unwrap();
    assert_eq!(document, DOCUMENT);
    assert!(
        run(folder.path(), &["init", "apis/pets.yaml"])
            .status
            .success()
    );
    for kept in [
        "specs/pets.yaml",
        "specs/manifest.toml",
        "specs/names.lock",
        "specs/resolutions.toml",
    ] {
        let before = std::fs::read(folder.path().join(kept)).unwrap();
        refused(&run(folder.path(), &["generate", "--report", kept]), read);
        assert_eq!(
            std::fs::read(folder.path().join(kept)).unwrap(),
            before,
            "{kept}"
        );
    }
    let export = run(
        folder.path(),
        &["export", "--openapi", "3.1", "--out", "specs/fidelity.lock"],
    );
    refused(&export, read);
}

#[test]
fn a_crate_and_a_site_do_not_replace_each_other() {
    let folder = prepared();
    let other = "has the result of another command";
    assert!(generate(folder.path(), &[]).status.success());
    let docs = ["docs", "--spec", "apis/pets.yaml", "--out"];
    refused(&run(folder.path(), &[&docs[..], &["pets"]].concat()), other);
    assert!(folder.path().join("pets/Cargo.toml").exists());
    let site = folder.path().join("site");
    assert!(
        run(folder.path(), &[&docs[..], &["site"]].concat())
            .status
            .success()
    );
    std::fs::remove_dir_all(folder.path().join("pets")).unwrap();
    std::fs::rename(site, folder.path().join("pets")).unwrap();
    refused(&generate(folder.path(), &[]), other);
    assert!(folder.path().join("pets/index.html").exists());
}

#[test]
fn files_that_an_earlier_run_left_are_told_from_those_of_others() {
    let folder = prepared();
    assert!(generate(folder.path(), &[]).status.success());
    let left = folder.path().join("pets/src/robot.rs");
    std::fs::copy(folder.path().join("pets/src/models.rs"), &left).unwrap();
    refused(
        &generate(folder.path(), &[]),
        "has generated files that its `.generated` does not list: src/robot.rs; an earlier run left them",
    );
    assert!(left.exists());
}

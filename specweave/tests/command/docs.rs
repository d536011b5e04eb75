//! `specweave docs`.

use std::path::Path;
use std::process::{Command, Output};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: The pets.}}
";

const MANIFEST: &str = "
[package]
name = \"pets-api\"
version = \"0.1.0\"
output = \"../pets-api\"

[[source]]
id = \"pets\"
title = \"The description\"
rank = 1
document = \"pets.yaml\"
";

fn run(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    for name in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{name}_NAME"), "Test");
        command.env(format!("GIT_{name}_EMAIL"), "test@example.com");
    }
    command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn docs(folder: &Path, arguments: &[&str]) -> Output {
    run(
        env!("CARGO_BIN_EXE_specweave"),
        folder,
        &[&["docs", "--out", "site"], arguments].concat(),
    )
}

#[test]
fn a_site_of_documents_has_no_history_and_leaves_other_folders_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pets.yaml"), DOCUMENT).unwrap();
    let output = docs(folder.path(), &["--spec", "pets.yaml"]);
    assert!(output.status.success(), "{output:?}");
    let site = folder.path().join("site");
    assert!(site.join("operations/list_pets.html").is_file());
    let changes = std::fs::read_to_string(site.join("changes.html")).unwrap();
    assert!(changes.contains("No earlier version"), "{changes}");

    std::fs::write(site.join("mine.txt"), "mine").unwrap();
    let output = docs(folder.path(), &["--spec", "pets.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(site.join("mine.txt").is_file());
}

#[test]
fn a_site_of_a_manifest_tells_what_each_commit_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let specs = folder.path().join("specs");
    std::fs::create_dir(&specs).unwrap();
    std::fs::write(specs.join("manifest.toml"), MANIFEST).unwrap();
    let git = |arguments: &[&str]| {
        let output = run("git", folder.path(), arguments);
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    for (document, message) in [
        (DOCUMENT.to_owned(), "Begin"),
        (
            DOCUMENT
                .replace("listPets", "allPets")
                .replace("/pets", "/animals"),
            "Move the pets",
        ),
    ] {
        std::fs::write(specs.join("pets.yaml"), document).unwrap();
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", message]);
    }
    let output = docs(folder.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    let changes = std::fs::read_to_string(folder.path().join("site/changes.html")).unwrap();
    for expected in [
        "Move the pets",
        "severity major",
        "GET /animals",
        "GET /pets",
    ] {
        assert!(changes.contains(expected), "{expected}: {changes}");
    }
    assert!(!changes.contains("Begin"), "{changes}");
}

#[test]
fn a_merge_is_one_change_of_the_branch_that_it_is_in() {
    let folder = tempfile::tempdir().unwrap();
    let specs = folder.path().join("specs");
    std::fs::create_dir(&specs).unwrap();
    std::fs::write(specs.join("manifest.toml"), MANIFEST).unwrap();
    let git = |arguments: &[&str]| {
        let output = run("git", folder.path(), arguments);
        assert!(output.status.success(), "{output:?}");
    };
    let commit = |document: &str, message: &str| {
        std::fs::write(specs.join("pets.yaml"), document).unwrap();
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", message]);
    };
    let path = |path: &str| {
        format!("  {path}: {{get: {{responses: {{'204': {{description: None.}}}}}}}}\n")
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    commit(DOCUMENT, "Begin");
    git(&["checkout", "--quiet", "-b", "side"]);
    commit(
        &DOCUMENT.replace("  /pets:", &(path("/sides") + "  /pets:")),
        "Add a side",
    );
    git(&["checkout", "--quiet", "main"]);
    commit(&(DOCUMENT.to_owned() + &path("/mains")), "Add a main");
    git(&["merge", "--quiet", "--message", "Merge the side", "side"]);
    let output = docs(folder.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    let changes = std::fs::read_to_string(folder.path().join("site/changes.html")).unwrap();
    for expected in ["Merge the side", "Add a main", "GET /sides", "GET /mains"] {
        assert!(changes.contains(expected), "{expected}: {changes}");
    }
    for wrong in ["Add a side", "severity major", "probably"] {
        assert!(!changes.contains(wrong), "{wrong}: {changes}");
    }
}

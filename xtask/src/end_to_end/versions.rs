//! The verdict of `diff` on planted changes beside that of `cargo-semver-checks`, where it is installed: whatever that tool
//! finds breaking, `diff` has to call major.
//!
//! It sees less: a field of another type, for example, is nothing to it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use specweave::console;

use super::programs::command_succeeds;

type Failure = Box<dyn std::error::Error>;

/// The description before each change.
const BEFORE: &str = include_str!("versions/pets.yaml");

/// A change: its name, the verdict on it, and what is written in place of what.
type Change = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const CHANGES: [Change; 12] = [
    (
        "an operation is removed",
        "major",
        &[
            ("operationId: showPet", "operationId: findPet"),
            ("  /pets/{id}:", "  /animals/{id}:"),
        ],
    ),
    (
        "an operation is added",
        "minor",
        &[(
            "    post:\n",
            "    delete: {operationId: deletePets, tags: [pets], responses: {\"204\": {description: Gone}}}\n    post:\n",
        )],
    ),
    (
        "a property is removed",
        "major",
        &[("age: {type: integer}, kind", "kind")],
    ),
    (
        "a property is added",
        "minor",
        &[(
            "age: {type: integer}, kind",
            "age: {type: integer}, color: {type: string}, kind",
        )],
    ),
    (
        "a property has another type",
        "major",
        &[("age: {type: integer}, kind", "age: {type: string}, kind")],
    ),
    (
        "an enum has another value",
        "minor",
        &[("[cat, dog]", "[cat, dog, fish]")],
    ),
    ("an enum lacks a value", "major", &[("[cat, dog]", "[cat]")]),
    ("a type is renamed", "major", &[("PetInput", "NewPet")]),
    (
        "a query parameter is removed",
        "major",
        &[("name: limit", "name: page")],
    ),
    (
        "a property of a request is required",
        "major",
        &[("required: [name]", "required: [name, age]")],
    ),
    (
        "a success has no body",
        "major",
        &[(
            "\"200\": {description: One, content: {application/json: {schema: {$ref: \"#/components/schemas/Pet\"}}}}",
            "\"204\": {description: One}",
        )],
    ),
    (
        "a tag is renamed",
        "major",
        &[("tags: [pets]", "tags: [animals]")],
    ),
];

pub(super) fn run() -> bool {
    let installed = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        say("not compared with the verdicts of `diff`: cargo-semver-checks is not installed");
        return true;
    }
    // Outside of this workspace, of which the crates are no members.
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            console::failure(&format!("cannot create a temporary folder: {error}"));
            return false;
        }
    };
    let compared = generate(folder.path(), "before", BEFORE).and_then(|before| {
        let mut agree = true;
        for change in &CHANGES {
            agree &= compare(folder.path(), &before, change)?;
        }
        Ok(agree)
    });
    compared.unwrap_or_else(|error| {
        console::failure(&error.to_string());
        false
    })
}

/// Writes a description, generates its crate beside it, and returns the file.
fn generate(folder: &Path, name: &str, description: &str) -> Result<PathBuf, Failure> {
    let file = folder.join(name).with_extension("yaml");
    std::fs::write(&file, description)?;
    let mut generate = Command::new(std::env::current_exe()?);
    generate
        .args(["generate", "--quiet", "--name", "pets-api", "--spec"])
        .arg(&file);
    if command_succeeds(generate.arg("--out").arg(folder.join(name))) {
        Ok(file)
    } else {
        Err(format!("no crate was made of the description `{name}`").into())
    }
}

/// Compares the verdicts on a change; an error where one of the tools does not run.
fn compare(
    folder: &Path,
    before: &Path,
    (name, expected, edits): &Change,
) -> Result<bool, Failure> {
    let mut changed = BEFORE.to_owned();
    for (text, replacement) in *edits {
        if !changed.contains(text) {
            return Err(format!("{name}: `{text}` is not in the description").into());
        }
        changed = changed.replace(text, replacement);
    }
    let after = generate(folder, "after", &changed)?;
    let diff = Command::new(std::env::current_exe()?)
        .arg("diff")
        .args([before, &*after])
        .arg("--json")
        .output()?;
    let diff: Value = serde_json::from_slice(&diff.stdout)?;
    let mut checks = Command::new("cargo");
    checks.args([
        "semver-checks",
        "--release-type",
        "minor",
        "--only-explicit-features",
    ]);
    checks
        .args(["--features", "client-without-tls,server", "--baseline-root"])
        .arg(folder.join("before"));
    let checks = checks
        .arg("--manifest-path")
        .arg(folder.join("after/Cargo.toml"))
        .output()?;
    let text = String::from_utf8_lossy(&checks.stdout);
    let broken = text
        .lines()
        .filter(|line| line.starts_with("--- failure"))
        .count();
    if broken == 0 && !checks.status.success() {
        let said = String::from_utf8_lossy(&checks.stderr);
        return Err(format!("{name}: {said}").into());
    }
    let verdict = diff["verdict"].as_str().unwrap_or_default();
    let agrees = verdict == *expected && (broken == 0 || verdict == "major");
    let both =
        format!("{name}: `diff` says {verdict}, cargo-semver-checks finds {broken} lints broken");
    if agrees {
        say(&both);
    } else {
        console::failure(&format!("{both}; expected: {expected}"));
    }
    Ok(agrees)
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

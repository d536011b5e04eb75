//! What is committed is what the descriptions say: `specweave check` as a test.

use generator::output;

use crate::workspace;

#[test]
fn the_committed_crate_is_what_the_descriptions_say() {
    let files = workspace::outcome()
        .files
        .as_ref()
        .expect("there were no errors");
    let differences = output::check(&workspace::path("generated"), files).expect("is readable");
    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(
        differences.is_empty(),
        "{}\n\nrun `specweave generate`, and commit what it writes",
        differences.join("\n")
    );
}

#[test]
fn the_committed_names_are_the_names_in_use() {
    let lowered = workspace::outcome()
        .lowered
        .as_ref()
        .expect("there were no errors");
    assert!(
        workspace::text("specs/names.lock") == lowered.lock.to_text(),
        "specs/names.lock is out of date: run `specweave generate`, and commit what it writes"
    );
}

//! The committed crate is what the generator makes of the document.

use generator::description::diagnostic::Diagnostics;
use generator::output;
use generator::pipeline;
use generator::project::Project;

use crate::workspace;

#[test]
fn the_committed_wire_crate_is_what_its_document_says() {
    let out = workspace::path("tests/wire/generated");
    let spec = workspace::path("tests/wire/openapi.yaml");
    let mut diagnostics = Diagnostics::default();
    let mut project = Project::of_files(&[spec], &out, "wire-api", &mut diagnostics);
    project.package.loopback_tests = true;
    let files = pipeline::run(&project).files.expect("there were no errors");
    let differences = output::check(&out, &files).expect("is readable");
    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(
        differences.is_empty(),
        "{}\n\nrun `specweave generate --spec tests/wire/openapi.yaml --out tests/wire/generated --name wire-api --loopback`, \
         and commit what it writes",
        differences.join("\n")
    );
}

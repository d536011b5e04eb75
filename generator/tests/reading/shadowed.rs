//! Operations that only the names of their parameters tell apart.

use generator::description::diagnostic::Severity;

use crate::run::{self, Run};

fn document(paths: &[(&str, &str)]) -> Run {
    let paths = paths.iter().map(|(path, id)| {
        format!("  {path}:\n    get: {{operationId: {id}, tags: [pets], responses: {{'200': {{description: Done.}}}}}}\n")
    });
    run::text(&format!(
        "openapi: 3.0.3\ninfo: {{title: Pets, version: '1'}}\npaths:\n{}",
        paths.collect::<String>()
    ))
}

fn source(run: &Run, path: &str) -> String {
    let files = run.outcome.files.as_ref().expect("has no errors");
    let texts = files.iter().filter(|(name, _)| name.starts_with(path));
    texts
        .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
        .collect()
}

#[test]
fn both_can_be_called_and_one_is_served() {
    let run = document(&[("/pets/{name}", "by name"), ("/pets/{id}", "by id")]);
    assert_eq!(run.operations(), ["GET /pets/{id}", "GET /pets/{name}"]);
    assert_eq!(run.outcome.report.operations.emitted, 2);
    assert_eq!(
        run.codes(Severity::Warning),
        ["not-served", "undescribed-path-parameter"]
    );
    let client = source(&run, "src/client/");
    assert!(client.contains("fn by_id") && client.contains("fn by_name"));
    let server = source(&run, "src/server/operations/");
    assert!(server.contains("fn by_id") && !server.contains("by_name"));
    let loopback = source(&run, "tests/loopback/");
    assert!(loopback.contains("fn by_id") && !loopback.contains("by_name"));
    let description = source(&run, "openapi.yaml");
    assert!(description.contains("/pets/{id}") && description.contains("/pets/{name}"));
}

#[test]
fn which_one_is_served_does_not_depend_on_their_order() {
    let one = document(&[("/pets/{name}", "by name"), ("/pets/{id}", "by id")]);
    let other = document(&[("/pets/{id}", "by id"), ("/pets/{name}", "by name")]);
    assert_eq!(source(&one, "src/"), source(&other, "src/"));
}

//! Each dialect on small synthetic pages, and the pages of this repository against their committed transcriptions.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;

/// Transcribes and returns the YAML as a value with the codes of the findings that are no plain notes.
fn read(dialect: MarkdownDialect, text: &str) -> (Value, Vec<&'static str>) {
    let mut sources = SourceMap::default();
    let file = sources.add("reference/page.md", text);
    let mut diagnostics = Diagnostics::default();
    let yaml = transcribe(&sources, file, dialect, &mut diagnostics);
    let codes = diagnostics
        .items()
        .iter()
        .filter(|item| item.severity != Severity::Note)
        .map(|item| item.code)
        .collect();
    let value = yaml.map(|yaml| serde_yaml::from_str(&yaml).unwrap());
    (value.unwrap_or_default(), codes)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares with the committed transcription; with `UPDATE_TRANSCRIPTIONS` set it is written instead.
fn check_page(dialect: MarkdownDialect, name: &str, operations: usize) {
    let specs = repository().join("specs");
    let text = std::fs::read_to_string(specs.join(format!("reference/{name}.md"))).unwrap();
    let mut sources = SourceMap::default();
    let file = sources.add(format!("reference/{name}.md"), text);
    let mut diagnostics = Diagnostics::default();
    let yaml = transcribe(&sources, file, dialect, &mut diagnostics).unwrap();
    println!("{}", diagnostics.render(&sources));
    let committed = specs.join(format!("transcribed/{name}.yaml"));
    if std::env::var_os("UPDATE_TRANSCRIPTIONS").is_some() {
        std::fs::create_dir_all(committed.parent().unwrap()).unwrap();
        std::fs::write(&committed, &yaml).unwrap();
    }
    assert!(!diagnostics.has_errors());
    let found: Value = serde_yaml::from_str(&yaml).unwrap();
    let paths = found["paths"].as_object().unwrap().values();
    let count = paths.map(|item| item.as_object().unwrap().keys().filter(|key| !key.starts_with("x-")).count());
    assert_eq!(count.sum::<usize>(), operations);
    assert_eq!(std::fs::read_to_string(&committed).unwrap(), yaml);
}

#[test]
fn the_committed_reference_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::SwaggerToSlate, "reference", 101);
}

#[test]
fn the_committed_project_guide_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::SavedPage, "project-guide", 3);
}

#[test]
fn the_committed_teams_reference_is_the_transcription_of_its_page() {
    check_page(MarkdownDialect::Widdershins, "teams-reference", 8);
}

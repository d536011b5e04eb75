//! Input that is refused: one fixture a behaviour, with everything that a maintainer gets to read as a snapshot beside it.
//!
//! A fixture is a folder with a manifest, or a single document. `INSTA_UPDATE=always cargo test -p workspace-tests negative`
//! accepts what is said now.

use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::files::Files;
use generator::pipeline;
use generator::project::Project;

use crate::workspace;

/// Everything a run says, as the command line prints it, and what it would write.
fn run(fixture: &Path) -> (String, Option<Files>) {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = if fixture.is_dir() {
        Project::open(&fixture.join("manifest.toml"), &mut diagnostics)
    } else {
        let out = fixture.with_extension("out");
        let files = [fixture.to_owned()];
        let project = Project::of_files(&files, &out, "notes", &mut diagnostics);
        let sources = project.sources.clone();
        let could_be_read = !diagnostics.has_errors();
        (could_be_read.then_some(project), sources)
    };
    let Some(project) = project else {
        return (said(&diagnostics, &sources), None);
    };
    let outcome = pipeline::run(&project);
    (said(&outcome.diagnostics, &project.sources), outcome.files)
}

fn said(diagnostics: &Diagnostics, sources: &generator::description::source::SourceMap) -> String {
    assert!(diagnostics.has_errors(), "the run has no error");
    for item in diagnostics.at_least(Severity::Error).items() {
        assert!(
            item.help.is_some() || !item.labels.is_empty(),
            "{item:?} helps nobody"
        );
    }
    diagnostics.at_least(Severity::Warning).render(sources)
}

/// What stands in a folder, by name: documents and folders without snapshots.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("is readable").path());
    let is_snapshot = |path: &PathBuf| path.to_string_lossy().contains(".snap");
    let mut paths: Vec<PathBuf> = paths.filter(|path| !is_snapshot(path)).collect();
    paths.sort();
    paths
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let files = entries(folder).into_iter().flat_map(|path| {
        if path.is_dir() {
            files_below(&path)
        } else {
            vec![path]
        }
    });
    files.collect()
}

/// Checks every fixture of a topic.
fn check(topic: &str, at_least: usize) {
    let folder = workspace::path("tests/negative").join(topic);
    let fixtures = entries(&folder);
    assert!(
        fixtures.len() >= at_least,
        "fixtures of {topic} are missing"
    );
    let before = files_below(&folder);
    for fixture in fixtures {
        let name = fixture
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let (said, files) = run(&fixture);
        assert!(files.is_none(), "{topic}/{name} would be written");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), said));
    }
    assert_eq!(
        files_below(&folder),
        before,
        "a run that fails writes nothing"
    );
}

#[test]
fn what_is_no_document_is_refused() {
    check("load", 12);
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    check("refs", 3);
}

#[test]
fn documents_that_say_the_impossible_are_refused() {
    check("document", 3);
}

#[test]
fn overlays_that_mend_nothing_are_refused() {
    check("overlay", 5);
}

#[test]
fn contradictions_that_nobody_decided_are_refused() {
    check("merge", 3);
}

#[test]
fn the_readme_shows_a_contradiction_as_it_is_reported() {
    let fixture = workspace::path("tests/negative/merge/contradiction_without_decision");
    let (said, _) = run(&fixture);
    // The editors of a text remove the blanks at the ends of its lines.
    let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
    let shown = format!("```text\n{}\n```\n", lines.join("\n"));
    let readme = workspace::text("README.md");
    assert!(readme.contains(&shown), "README.md is to contain:\n{shown}");
}

#[test]
fn decisions_that_do_not_hold_are_refused() {
    check("resolutions", 10);
}

#[test]
fn manifests_that_cannot_be_followed_are_refused() {
    check("manifest", 10);
}

#[test]
fn pinned_names_that_cannot_be_given_are_refused() {
    check("names", 6);
}

#[test]
fn scores_that_fell_without_a_reason_are_refused() {
    check("fidelity", 5);
}

#[test]
fn transcriptions_that_are_not_what_their_page_says_are_refused() {
    check("transcribe", 1);
}

//! Runs the generator on one text of a fuzzer or of the mutation runner. A panic is a finding.
//!
//! `generator/examples/mutate.rs` has this file as a module, so that neither depends on the other.

use std::path::{Path, PathBuf};

use generator::api::lower::{self, Lowered};
use generator::api::names::Lock;
use generator::description::diagnostic::Diagnostics;
use generator::description::source::SourceMap;
use generator::description::transcribe::{MarkdownDialect, transcribe};
use generator::description::{load, overlay};
use generator::pipeline;
use generator::project::Project;
use generator::reconcile::merge::Merged;

/// A project with one document, whose text is replaced for every run.
pub struct Probe {
    project: Project,
}

impl Probe {
    /// A project with a placeholder as its document, which is written to `folder`.
    #[must_use]
    pub fn new(folder: &Path) -> Option<Self> {
        let path: PathBuf = folder.join("api.yaml");
        std::fs::write(&path, "openapi: 3.1.0\n").ok()?;
        let mut diagnostics = Diagnostics::default();
        let out = folder.join("out");
        let project = Project::of_files(&[path], &out, "probe-api", &mut diagnostics);
        (!diagnostics.has_errors()).then_some(Self { project })
    }

    fn set(&mut self, text: &str) {
        self.project.sources = SourceMap::default();
        self.project.sources.add("api.yaml", text);
    }

    /// Reads a document and lowers it to the frozen API. Returns whether that succeeds.
    pub fn lower(&mut self, text: &str) -> bool {
        self.set(text);
        let mut diagnostics = Diagnostics::default();
        let merged: Option<Merged> = pipeline::reconcile(&self.project, &mut diagnostics);
        let lowered: Option<Lowered> = match merged {
            Some(merged) if !diagnostics.has_errors() => {
                Some(lower::lower(&merged, &Lock::default()))
            }
            _ => None,
        };
        let _ = diagnostics.render(&self.project.sources);
        lowered.is_some()
    }

    /// Generates a crate from a document, and parses every file. Returns whether generation succeeds.
    ///
    /// # Panics
    /// If an emitted file does not parse, or if the generator reports a defect of its own.
    pub fn emit(&mut self, text: &str) -> bool {
        self.set(text);
        let outcome = pipeline::run(&self.project);
        let codes = outcome.diagnostics.items().iter().map(|item| item.code);
        assert!(!codes.clone().any(|code| code == "emission-failed"));
        let Some(files) = outcome.files else {
            return false;
        };
        for (path, bytes) in files {
            if path.ends_with(".rs") && !path.starts_with("src/types/") {
                let text = String::from_utf8_lossy(&bytes);
                assert!(text.is_ascii(), "{path} is not ASCII");
                if let Err(error) = syn::parse_file(&text) {
                    panic!("{path} does not parse: {error}");
                }
            }
        }
        true
    }
}

/// Transcribes a page, and parses the resulting document.
///
/// # Panics
/// If the document does not parse.
pub fn markdown(text: &str) {
    for dialect in [
        MarkdownDialect::SwaggerToSlate,
        MarkdownDialect::Widdershins,
        MarkdownDialect::SavedPage,
    ] {
        let mut sources = SourceMap::default();
        let page = sources.add("page.md", text);
        let mut diagnostics = Diagnostics::default();
        if let Some(document) = transcribe(&sources, page, &dialect.into(), &mut diagnostics) {
            let file = sources.add("page.yaml", document);
            let mut diagnostics = Diagnostics::default();
            let tree = load::parse(&sources, file, &mut diagnostics);
            assert!(tree.is_some(), "{}", diagnostics.render(&sources));
        }
    }
}

/// Reads an overlay, and applies it to a small document.
pub fn overlay(text: &str) {
    const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Notes, version: '1'}\n\
        paths:\n  /notes:\n    get: {tags: [a, b], responses: {200: {description: OK}}}\n";
    let mut sources = SourceMap::default();
    let (document, file) = (
        sources.add("api.yaml", DOCUMENT),
        sources.add("overlay.yaml", text),
    );
    let mut diagnostics = Diagnostics::default();
    let tree = load::parse(&sources, document, &mut diagnostics);
    let read = load::parse(&sources, file, &mut diagnostics)
        .and_then(|tree| overlay::read(&tree, &mut diagnostics));
    if let (Some(mut tree), Some(read)) = (tree, read) {
        overlay::apply(&mut tree, "api.yaml", &read, &mut diagnostics);
    }
    let _ = diagnostics.render(&sources);
}

//! What is done to every text that a fuzzer or the mutation runner comes up with. A panic is a finding.
//!
//! `generator/examples/mutate.rs` takes this file as a module, so that both do the same without a dependency on each other.

use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostics;
use generator::lower::{self, Lowered};
use generator::merge::Merged;
use generator::names::Lock;
use generator::project::Project;
use generator::source::SourceMap;
use generator::transcribe::{MarkdownDialect, transcribe};
use generator::{load, overlay, pipeline};

/// A project of one document, of which the text is replaced for every run.
pub struct Probe {
    project: Project,
}

impl Probe {
    /// A project without a text yet. `folder` is where the document is said to be; a placeholder is read from it.
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

    /// From a document to the frozen API. Whether it got there.
    pub fn document(&mut self, text: &str) -> bool {
        self.set(text);
        let mut diagnostics = Diagnostics::default();
        let merged: Option<Merged> = pipeline::reconcile(&self.project, &mut diagnostics);
        let lowered: Option<Lowered> = match merged {
            Some(merged) if !diagnostics.has_errors() => {
                Some(lower::lower(&merged, &[], &Lock::default()))
            }
            _ => None,
        };
        let _ = diagnostics.render(&self.project.sources);
        lowered.is_some()
    }

    /// From a document to a crate of which every file parses. Whether it got there.
    ///
    /// # Panics
    /// An emitted file does not parse, or the generator says that it has a defect.
    pub fn emitted(&mut self, text: &str) -> bool {
        self.set(text);
        let outcome = pipeline::run(&self.project);
        let codes = outcome.diagnostics.items().iter().map(|item| item.code);
        assert!(!codes.clone().any(|code| code == "emission-failed"));
        let Some(files) = outcome.files else {
            return false;
        };
        for (path, octets) in files {
            if path.ends_with(".rs") && !path.starts_with("src/types/") {
                let text = String::from_utf8_lossy(&octets);
                assert!(text.is_ascii(), "{path} is not ASCII");
                if let Err(error) = syn::parse_file(&text) {
                    panic!("{path} does not parse: {error}");
                }
            }
        }
        true
    }
}

/// From a page to a document, which can be read again.
///
/// # Panics
/// The document cannot be read again.
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

/// An overlay, read and applied to a small document.
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

//! Transcribes the markdown pages of a manifest.

use std::path::{Path, PathBuf};

use super::files::{FileReader, split};
use super::manifest::Manifest;
use crate::description::diagnostic::Diagnostics;
use crate::description::source::SourceMap;
use crate::description::transcribe::transcribe;

/// The transcriptions of the pages of a manifest.
#[derive(Debug)]
pub struct Transcriptions {
    /// The manifest's folder.
    pub folder: PathBuf,
    /// The transcriptions, one for each page.
    pub files: Vec<Transcription>,
}

/// A page as an OpenAPI document.
#[derive(Debug)]
pub struct Transcription {
    /// The path to write it to, relative to the folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Transcriptions {
    /// Transcribes every page of a manifest. The documents need not exist yet.
    pub fn of(manifest_path: &Path, diagnostics: &mut Diagnostics) -> (Self, SourceMap) {
        let (folder, name) = split(manifest_path);
        let mut reader = FileReader::new(diagnostics);
        let mut files = Vec::new();
        let manifest = reader
            .read(&folder, &name, None)
            .and_then(|file| Manifest::read(&reader.sources, file, reader.diagnostics));
        for source in manifest.iter().flat_map(|manifest| &manifest.sources) {
            let Some(markdown) = &source.markdown else {
                continue;
            };
            let Some(page) = reader.read_named(&folder, &markdown.page, markdown.at) else {
                continue;
            };
            let FileReader {
                sources,
                diagnostics,
                ..
            } = &mut reader;
            if let Some(text) = transcribe(sources, page, &markdown.style, diagnostics) {
                files.push(Transcription {
                    path: source.document.path.clone(),
                    text,
                });
            }
        }
        (Self { folder, files }, reader.sources)
    }
}

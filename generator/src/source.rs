//! The texts that the generator reads, and positions in them.

use std::sync::Arc;

use serde::Serialize;

/// A text that was read: a specification, an overlay, a markdown reference, a decision file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as diagnostics print it: relative to the manifest's folder, with forward slashes.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// Identifies a [`SourceFile`] inside its [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileId(u32);

/// Where something stands: a file, a line and a column (both counted from 1, columns in characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1, in characters.
    pub column: u32,
}

impl Span {
    /// The span of a line and column of a file.
    #[must_use]
    pub fn new(file: FileId, line: u32, column: u32) -> Self {
        Self { file, line, column }
    }
}

/// All the texts of one run. Everything that names a position holds a [`Span`] into this map.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a text and returns its id. `path` is what diagnostics will print.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
        });
        id
    }

    /// The file of an id, or `None` for an id of another map.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The id of the file with this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        let position = self.files.iter().position(|file| &*file.path == path)?;
        u32::try_from(position).ok().map(FileId)
    }

    /// The path of a file, `"?"` for an id of another map.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("?", |file| &file.path)
    }

    /// `path:line:column`.
    #[must_use]
    pub fn display(&self, span: Span) -> String {
        format!("{}:{}:{}", self.path(span.file), span.line, span.column)
    }

    /// The byte offset of a span in its text, clamped to the end of its line.
    #[must_use]
    pub fn offset(&self, span: Span) -> usize {
        let Some(file) = self.get(span.file) else {
            return 0;
        };
        let mut offset = 0;
        for (number, line) in file.text.split_inclusive('\n').enumerate() {
            if number + 1 == span.line as usize {
                let column = (span.column as usize).saturating_sub(1);
                let inside = line
                    .char_indices()
                    .nth(column)
                    .map_or(line.len(), |(index, _)| index);
                return offset + inside.min(line.trim_end_matches(['\n', '\r']).len());
            }
            offset += line.len();
        }
        file.text.len()
    }
}

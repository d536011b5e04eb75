//! The input files of the generator, and positions in them.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

/// An input file: a specification, an overlay, a markdown reference, a manifest, a resolution file or a lock file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path in the pages of the emitted crate: relative to the manifest's folder, with forward slashes.
    pub path: Arc<str>,
    /// The path in what a run prints, if it is another one: relative to the current folder.
    shown: Option<Arc<str>>,
    /// The whole text.
    pub text: Arc<String>,
    /// Computed when the first position is looked up.
    marks: Arc<OnceLock<Vec<Mark>>>,
}

/// A position whose byte offset is known.
#[derive(Debug, Clone, Copy)]
struct Mark {
    line: u32,
    column: u32,
    offset: usize,
}

/// The distance of two marks in a line, in characters. A document on a single line has millions of characters.
const MARKED_EVERY: u32 = 1024;

impl SourceFile {
    /// The byte offset of a line and a column, both counted from 1, clamped to the end of the line and of the text.
    #[must_use]
    pub fn offset(&self, line: u32, column: u32) -> usize {
        let marks = self.marks.get_or_init(|| marks(&self.text));
        let after = marks.partition_point(|mark| (mark.line, mark.column) <= (line, column));
        let Some(mark) = after.checked_sub(1).and_then(|at| marks.get(at)) else {
            return 0;
        };
        if mark.line < line {
            return self.text.len();
        }
        let rest = self.text.get(mark.offset..).unwrap_or_default();
        let wanted = column.saturating_sub(mark.column) as usize;
        let before = rest.chars().take(wanted);
        let before: usize = before
            .take_while(|character| *character != '\n')
            .map(char::len_utf8)
            .sum();
        let is_past_line_end = matches!(rest.as_bytes().get(before), None | Some(b'\n'));
        let before = match rest.get(..before) {
            Some(line) if is_past_line_end => line.strip_suffix('\r').unwrap_or(line).len(),
            _ => before,
        };
        mark.offset + before
    }
}

/// A mark at the start of each line, and further marks in long lines, in order.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let every = MARKED_EVERY as usize;
        let marked = line.char_indices().step_by(every).zip((1..).step_by(every));
        marks.extend(marked.map(|((at, _), column)| Mark {
            line: number,
            column,
            offset: start + at,
        }));
        start += line.len();
    }
    marks
}

/// Identifies a [`SourceFile`] inside its [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileId(u32);

/// A position: a file, a line and a column. Both numbers count from 1; columns count characters.
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

    fn named(self, path: &str) -> NamedPosition {
        NamedPosition {
            path: path.to_owned(),
            line: self.line,
            column: self.column,
        }
    }
}

/// A position as people read it: `path:line:column`, which is also how it is serialized.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedPosition {
    /// The path of the file.
    pub path: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1, in characters.
    pub column: u32,
}

impl fmt::Display for NamedPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column } = self;
        write!(formatter, "{path}:{line}:{column}")
    }
}

impl Serialize for NamedPosition {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// All input files of one run. A [`Span`] is a position in one of them.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id. `path` is also the path that diagnostics print, until [`show_below`](Self::show_below).
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path: path.into(),
            shown: None,
            text: Arc::new(text.into()),
            marks: Arc::default(),
        });
        id
    }

    /// The file of an id, or `None` for an id of another map.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let files = self.files.iter().enumerate();
        files.map(|(index, file)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), file))
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

    /// Lets what a run prints name files by a path below a folder, so that a shell can open it. `files` are those whose paths
    /// are relative to the folder.
    pub fn show_below(&mut self, folder: &Path, files: impl Fn(FileId) -> bool) {
        for (index, file) in self.files.iter_mut().enumerate() {
            if files(FileId(u32::try_from(index).unwrap_or(u32::MAX))) {
                let path = folder.join(&*file.path);
                let path = path.strip_prefix(".").unwrap_or(&path);
                file.shown = Some(path.to_string_lossy().into());
            }
        }
    }

    /// The path of a file in what a run prints, `"?"` for an id of another map.
    #[must_use]
    pub fn shown_path(&self, id: FileId) -> &str {
        self.get(id)
            .map_or("?", |file| file.shown.as_ref().unwrap_or(&file.path))
    }

    /// A position in what a run prints.
    #[must_use]
    pub fn shown(&self, span: Span) -> NamedPosition {
        span.named(self.shown_path(span.file))
    }

    /// A position in the pages of the emitted crate.
    #[must_use]
    pub fn display(&self, span: Span) -> NamedPosition {
        span.named(self.path(span.file))
    }

    /// The byte offset of a span in its text, clamped to the end of its line.
    #[must_use]
    pub fn offset(&self, span: Span) -> usize {
        self.get(span.file)
            .map_or(0, |file| file.offset(span.line, span.column))
    }
}

#[cfg(test)]
mod tests {
    use super::{SourceMap, Span};

    #[test]
    fn a_position_is_found_in_long_lines_and_short_ones() {
        let long: String = (0..5_000)
            .map(|number| char::from(b'a' + (number % 26) as u8))
            .collect();
        let text = format!("\u{e9}b\r\n{}{long}\n\nlast", "\u{e9}".repeat(3_000));
        let mut sources = SourceMap::default();
        let file = sources.add("api.json", text.as_str());
        let rest = |line, column| &text[sources.offset(Span::new(file, line, column))..];
        assert!(rest(1, 2).starts_with("b\r\n"));
        assert!(rest(1, 9).starts_with("\r\n"), "the end of its line");
        for column in [1, 1_024, 1_025, 3_000] {
            assert!(rest(2, 3_000 + column).starts_with(&long[column as usize - 1..]));
        }
        assert!(rest(2, 9_000).starts_with("\n\nlast"));
        assert!(rest(3, 1).starts_with("\nlast"));
        assert_eq!(rest(4, 4), "t");
        assert_eq!(rest(5, 1), "");
        assert_eq!(rest(0, 1), text);
    }

    #[test]
    fn a_later_column_is_never_before_an_earlier_one() {
        let text = "a\r\r\r\r\n\r\n";
        let mut sources = SourceMap::default();
        let file = sources.add("api.yaml", text);
        for line in 1..=3 {
            let offsets = (1..9).map(|column| sources.offset(Span::new(file, line, column)));
            assert!(offsets.is_sorted(), "line {line}");
        }
    }
}

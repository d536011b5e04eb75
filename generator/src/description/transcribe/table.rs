//! Rows and cells of a markdown table.
//!
//! A markdown parser ends a cell at every unescaped pipe, even inside code, and drops the cells after the last column.
//! So the parser only finds tables and rows, and this module splits the cells. If a row has too many pipes, they belong
//! to the column with prose; the other columns are read from both ends of the row.

use super::page::Passage;
use super::reader::PageReader;

/// The blanks around a cell that the renderer of a dialect writes. They are not part of the cell's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// `|name|type|`
    None,
    /// `| name | type |`
    OneBlank,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// The column titles.
    columns: Vec<&'a str>,
    /// The rows after the header, each with one cell for each column.
    pub(super) rows: Vec<Row<'a>>,
}

/// A row of a [`Table`].
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The line of the row.
    pub(super) at: Passage<'a>,
    cells: Vec<Passage<'a>>,
}

/// The title of the column that can contain pipes. If there is no such column, it is the last one.
const PROSE_COLUMN: &str = "Description";

impl<'a> Table<'a> {
    /// A table from its rows, the header first.
    pub(super) fn new(
        reader: &mut PageReader<'a, '_>,
        rows: &[Passage<'a>],
        padding: Padding,
    ) -> Self {
        let mut rows = rows.iter();
        let columns: Vec<&str> = rows
            .next()
            .map(|header| {
                cut(*header, padding)
                    .iter()
                    .map(|c| c.text.trim())
                    .collect()
            })
            .unwrap_or_default();
        let prose = columns
            .iter()
            .position(|title| *title == PROSE_COLUMN)
            .unwrap_or(columns.len().saturating_sub(1));
        let mut table = Self {
            columns,
            rows: Vec::new(),
        };
        for at in rows {
            if let Some(cells) = table.cells(reader, *at, prose, padding) {
                table.rows.push(Row { at: *at, cells });
            }
        }
        table
    }

    fn cells(
        &self,
        reader: &mut PageReader<'a, '_>,
        at: Passage<'a>,
        prose: usize,
        padding: Padding,
    ) -> Option<Vec<Passage<'a>>> {
        let mut cells = cut(at, padding);
        let wanted = self.columns.len();
        if cells.len() < wanted {
            reader.warn(
                "short-row",
                at,
                format!("the row has {} of {wanted} cells", cells.len()),
                "the row is not transcribed; add its facts in an overlay",
            );
            return None;
        }
        let excess = cells.len() - wanted;
        if excess > 0 {
            let first = cells.get(prose)?.start;
            let last = cells.get(prose + excess)?.end();
            let whole = reader.page.slice(first, last);
            reader.note(
                "pipe-in-cell",
                whole,
                format!(
                    "the row has {excess} unescaped pipe(s) too many; they are read as text of its column {}",
                    self.columns.get(prose).copied().unwrap_or_default(),
                ),
            );
            cells.splice(prose..=prose + excess, [whole]);
        }
        Some(cells)
    }

    /// Whether there is a column with this title.
    pub(super) fn has_column(&self, title: &str) -> bool {
        self.columns.contains(&title)
    }

    /// The cell of a row in the column with this title, or `None` if there is no such column.
    pub(super) fn cell(&self, row: &Row<'a>, title: &str) -> Option<Passage<'a>> {
        let column = self.columns.iter().position(|each| *each == title)?;
        row.cells.get(column).copied()
    }
}

/// The text of a cell, with escaped pipes unescaped.
pub(super) fn cell_text(cell: Passage<'_>) -> String {
    cell.text.replace("\\|", "|")
}

/// The prose of a cell, or `None` if the cell is blank.
pub(super) fn cell_prose(cell: Passage<'_>) -> Option<String> {
    cell.trim().markdown().map(|text| text.replace("\\|", "|"))
}

/// Splits a row at its unescaped pipes.
fn cut(row: Passage<'_>, padding: Padding) -> Vec<Passage<'_>> {
    let row = row.trim();
    let row = row.strip_prefix("|").unwrap_or(row);
    let mut cells = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, character) in row.text.char_indices() {
        if character == '|' && !escaped {
            cells.push(unpad(row.part(start, at), padding));
            start = at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    if start < row.text.len() {
        cells.push(unpad(row.from(start), padding));
    }
    cells
}

fn unpad(cell: Passage<'_>, padding: Padding) -> Passage<'_> {
    match padding {
        Padding::None => cell,
        Padding::OneBlank => {
            let cell = cell.strip_prefix(" ").unwrap_or(cell);
            cell.strip_suffix(" ").unwrap_or(cell)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::diagnostic::Diagnostics;
    use crate::description::source::SourceMap;
    use crate::description::transcribe::blocks::Content;
    use crate::description::transcribe::page::Page;

    fn check(text: &str, padding: Padding, column: &str, expected: &[&str], findings: &[&str]) {
        let mut sources = SourceMap::default();
        let file = sources.add("t.md", text);
        let page = Page::new(&sources, file).unwrap();
        let mut diagnostics = Diagnostics::default();
        let mut reader = PageReader::new(&page, &mut diagnostics);
        let blocks = reader.blocks(page.whole());
        let Content::Table(rows) = &blocks[0].content else {
            panic!("no table");
        };
        let table = Table::new(&mut reader, rows, padding);
        let cells: Vec<_> = table
            .rows
            .iter()
            .map(|row| cell_text(table.cell(row, column).unwrap()))
            .collect();
        assert_eq!(cells, expected);
        let codes: Vec<_> = diagnostics.items().iter().map(|each| each.code).collect();
        assert_eq!(codes, findings);
    }

    #[test]
    fn a_pipe_inside_code_belongs_to_the_description() {
        let text = "| Name | Description | Required |\n| --- | --- | --- |\n| a | x `b|c` and `d|e` y | Yes |\n";
        let padding = Padding::OneBlank;
        check(
            text,
            padding,
            "Description",
            &["x `b|c` and `d|e` y"],
            &["pipe-in-cell"],
        );
        check(text, padding, "Required", &["Yes"], &["pipe-in-cell"]);
    }

    #[test]
    fn an_escaped_pipe_is_a_pipe() {
        check(
            "|A|B|\n|---|---|\n|x\\|y|2|\n",
            Padding::None,
            "A",
            &["x|y"],
            &[],
        );
    }

    #[test]
    fn blanks_beyond_the_padding_are_kept() {
        check(
            "|A|B|\n|---|---|\n|x |2|\n",
            Padding::None,
            "A",
            &["x "],
            &[],
        );
        check(
            "| A | B |\n|---|---|\n|  x | 2 |\n",
            Padding::OneBlank,
            "A",
            &[" x"],
            &[],
        );
        check(
            "| A | B |\n|---|---|\n|  |  |\n",
            Padding::OneBlank,
            "A",
            &[""],
            &[],
        );
    }

    #[test]
    fn a_row_that_is_cut_off_is_reported() {
        check(
            "|A|B|\n|---|---|\n|x|\n",
            Padding::None,
            "A",
            &[],
            &["short-row"],
        );
    }
}

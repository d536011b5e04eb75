//! Tells the tables of a section apart: the rows of the schema itself, and those of its alternatives or parts.
//!
//! For `oneOf`, `anyOf` and `allOf` the renderer writes a table for each alternative or part, with a line before it: the
//! keyword before the first, and `xor`, `or` or `and` before each further one. The same lines stand before the tables of a
//! nested schema, whose rows have more marks. Where the tables do not tell clearly what belongs to which schema, only the
//! rows of the schema itself are read.

use serde_json::Value;

use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;

use super::rows::{ANONYMOUS, LabelledTable, PropertyRow, nest, read_tables, without_title};

/// What a section states about a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct SchemaRows<'a> {
    /// The rows of the schema itself.
    pub(super) own: Vec<PropertyRow<'a>>,
    /// The alternatives or parts of the schema.
    pub(super) combinations: Vec<Combination<'a>>,
    /// Whether the alternatives are those of the items of a list.
    pub(super) of_items: bool,
    /// Whether the section has tables that are not read.
    pub(super) is_partial: bool,
}

/// A keyword and its alternatives or parts.
#[derive(Debug, Clone)]
pub(super) struct Combination<'a> {
    /// `oneOf`, `anyOf` or `allOf`.
    pub(super) keyword: &'static str,
    /// The row of each alternative or part, with its properties below it.
    pub(super) rows: Vec<PropertyRow<'a>>,
}

/// Where a section stands, which decides how its rows are marked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// A component, with the line above its table: its title or its description.
    Component(Option<&'a str>),
    /// A response. The properties of the schema have one mark.
    Response,
}

impl Place<'_> {
    /// The number of marks of the properties and alternatives of the schema.
    fn depth(self) -> usize {
        match self {
            Self::Component(_) => 0,
            Self::Response => 1,
        }
    }

    /// Whether a row is that of the schema itself. The renderer names it after the title, if there is one.
    fn is_of_schema(self, row: &PropertyRow<'_>) -> bool {
        row.name == ANONYMOUS
            || match self {
                Self::Component(line) => line == Some(row.name.as_str()),
                Self::Response => row.depth == 0,
            }
    }
}

/// Reads the tables of the section of a schema, which may have an example.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    section: Passage<'a>,
    place: Place<'_>,
    example: Option<&Value>,
) -> SchemaRows<'a> {
    let mut tables = read_tables(reader, section);
    let has_own = tables.first().is_some_and(|table| table.label.is_none());
    let others = tables.split_off(usize::from(has_own).min(tables.len()));
    let mut own = nest(tables.into_iter().flat_map(|table| table.rows).collect());
    without_title(&mut own, example);
    let Some(first) = others.first().map(|table| table.at) else {
        return SchemaRows {
            own,
            ..SchemaRows::default()
        };
    };
    let combinations = combinations(others, place.depth());
    let keyword = match combinations.as_deref() {
        Some([combination]) => Some(combination.keyword),
        _ => None,
    };
    let (is_clear, of_items) = match own.as_mut_slice() {
        // The renderer writes no row for a list whose items are described in place.
        [] => (example.is_some_and(|example| !example.is_array()), false),
        [row] if place.is_of_schema(row) => own_row(row, keyword),
        rows => (rows.iter().all(|row| row.depth == place.depth()), false),
    };
    let combinations = combinations.filter(|_| is_clear);
    if combinations.is_none() {
        reader.warn(
            "several-tables",
            first,
            "the tables do not tell clearly which schema has which alternatives or parts; they are not transcribed",
            "describe the schema in an overlay",
        );
    }
    SchemaRows {
        own,
        of_items,
        is_partial: combinations.is_none(),
        combinations: combinations.unwrap_or_default(),
    }
}

/// Reads the row of the schema itself, which has alternatives. Returns whether it is clear what they are alternatives of, and
/// whether that is the items of a list.
fn own_row(row: &mut PropertyRow<'_>, keyword: Option<&str>) -> (bool, bool) {
    let data_type = row.data_type.map(|cell| cell.text);
    let is_list = keyword.is_some_and(|keyword| data_type == Some(&format!("[{keyword}]")));
    if data_type == Some("any") && row.name != ANONYMOUS {
        row.title = Some(std::mem::replace(&mut row.name, ANONYMOUS.to_owned()));
    }
    let is_clear = row.children.is_empty() && (is_list || data_type == Some("any"));
    (is_clear, is_clear && is_list)
}

/// The alternatives and parts of the tables, or `None` if a table is not that of an alternative or part of the schema.
fn combinations(tables: Vec<LabelledTable<'_>>, depth: usize) -> Option<Vec<Combination<'_>>> {
    let mut found: Vec<Combination<'_>> = Vec::new();
    for table in tables {
        let (keyword, is_first) = keyword(table.label?.text)?;
        let mut roots = nest(table.rows).into_iter();
        let row = roots.next().filter(|row| row.depth == depth)?;
        if roots.next().is_some() {
            return None;
        }
        if !is_first {
            let combination = found.last_mut().filter(|last| last.keyword == keyword)?;
            combination.rows.push(row);
        } else if found.iter().any(|each| each.keyword == keyword) {
            return None;
        } else {
            let rows = vec![row];
            found.push(Combination { keyword, rows });
        }
    }
    Some(found)
}

/// The keyword of the line before a table, and whether it stands before the first of its tables.
fn keyword(label: &str) -> Option<(&'static str, bool)> {
    Some(match label {
        "oneOf" => ("oneOf", true),
        "xor" => ("oneOf", false),
        "anyOf" => ("anyOf", true),
        "or" => ("anyOf", false),
        "allOf" => ("allOf", true),
        "and" => ("allOf", false),
        _ => return None,
    })
}

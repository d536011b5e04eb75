//! Reads the tables of properties and parameters, and builds the tree that their `»` marks describe.

use serde_json::Value;

use crate::description::transcribe::blocks::{Block, Content};
use crate::description::transcribe::page::{Passage, split};
use crate::description::transcribe::reader::PageReader;
use crate::description::transcribe::table::{Padding, Table, cell_text};

/// A row of a table of parameters or properties.
#[derive(Debug, Clone)]
pub(super) struct PropertyRow<'a> {
    /// The line of the row.
    pub(super) at: Passage<'a>,
    /// The name with its `»` marks.
    label: String,
    /// The name without its marks. Trailing blanks are kept.
    pub(super) name: String,
    /// The title of the schema itself, if its row had that for a name.
    pub(super) title: Option<String>,
    /// The number of marks.
    pub(super) depth: usize,
    /// The In column of a parameter table.
    pub(super) location: Option<Passage<'a>>,
    /// The Type column.
    pub(super) data_type: Option<Passage<'a>>,
    /// The Required column, if it is `true` or `false`.
    pub(super) required: Option<bool>,
    /// The Restrictions column.
    pub(super) restrictions: Option<Passage<'a>>,
    /// The Description column, or the detailed description below the table.
    pub(super) description: Option<Passage<'a>>,
    /// The values in the table of enumerated values.
    pub(super) values: Vec<Passage<'a>>,
    /// The rows nested in this one.
    pub(super) children: Vec<PropertyRow<'a>>,
}

impl<'a> PropertyRow<'a> {
    /// A row that has only a type.
    pub(super) fn of_type(at: Passage<'a>, data_type: Passage<'a>) -> Self {
        Self {
            at,
            label: String::new(),
            name: String::new(),
            title: None,
            depth: 0,
            location: None,
            data_type: Some(data_type),
            required: None,
            restrictions: None,
            description: None,
            values: Vec::new(),
            children: Vec::new(),
        }
    }
}

/// The mark of one level of nesting.
const MARK: char = '»';

/// The limit for nested rows. Rows that nest deeper are read as if they were at the limit.
const MAX_DEPTH: usize = 48;

/// The name of a row for the schema itself.
pub(super) const ANONYMOUS: &str = "*anonymous*";

/// The kinds of sections that can follow a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Addition {
    EnumeratedValues,
    DetailedDescriptions,
}

/// A table of properties, with the line before it.
#[derive(Debug)]
pub(super) struct LabelledTable<'a> {
    /// The line before the table, if it is one of [`LABELS`].
    pub(super) label: Option<Passage<'a>>,
    /// The table.
    pub(super) at: Passage<'a>,
    /// Its rows, in the order of the page.
    pub(super) rows: Vec<PropertyRow<'a>>,
}

/// The lines before the tables of alternatives, of parts, and of the rows after them.
const LABELS: [&str; 8] = [
    "oneOf",
    "xor",
    "anyOf",
    "or",
    "allOf",
    "and",
    "not",
    "continued",
];

/// What the renderer adds to a label for an alternative with a discriminator.
const DISCRIMINATOR: &str = " - discriminator: ";

/// Reads the rows of a section with one table, that of the parameters.
pub(super) fn read_rows<'a>(
    reader: &mut PageReader<'a, '_>,
    section: Passage<'a>,
) -> Vec<PropertyRow<'a>> {
    let mut tables = read_tables(reader, section).into_iter();
    let rows = tables.next().map(|table| table.rows).unwrap_or_default();
    for table in tables {
        reader.warn(
            "several-tables",
            table.at,
            "the section has several tables; only the first is transcribed",
            "describe the parameters in an overlay",
        );
    }
    rows
}

/// Reads the tables of a section, and the additions after them. Everything else in the section is reported.
pub(super) fn read_tables<'a>(
    reader: &mut PageReader<'a, '_>,
    section: Passage<'a>,
) -> Vec<LabelledTable<'a>> {
    let (body, additions) = split(section, |lines| match lines.first()?.text.trim() {
        "#### Enumerated Values" => Some(Addition::EnumeratedValues),
        "#### Detailed descriptions" => Some(Addition::DetailedDescriptions),
        _ => None,
    });
    let mut tables: Vec<LabelledTable<'a>> = Vec::new();
    let mut before = None;
    for block in reader.blocks(body) {
        match &block.content {
            Content::Table(lines) => {
                let table = Table::new(reader, lines, Padding::None);
                tables.push(LabelledTable {
                    label: before.take(),
                    at: block.at,
                    rows: property_rows(reader, &table),
                });
            }
            _ => {
                before = label(&block);
                if before.is_none() {
                    report_unread(reader, &block);
                } else if block.at.text.contains(DISCRIMINATOR) {
                    reader.warn(
                        "combined-schema",
                        block.at,
                        "the discriminator is not transcribed: the page names one property for each alternative",
                        "describe it in an overlay, if values are told apart by it",
                    );
                }
            }
        }
    }
    for addition in additions {
        match addition.kind {
            Addition::EnumeratedValues => add_values(reader, addition.body, &mut tables),
            Addition::DetailedDescriptions => {
                add_descriptions(reader, addition.body, &mut tables);
            }
        }
    }
    tables
}

/// The label in a line before a table: `oneOf` or `*oneOf*`.
fn label<'a>(block: &Block<'a>) -> Option<Passage<'a>> {
    let line = block.at.trim();
    let line = line
        .strip_prefix("*")
        .and_then(|line| line.strip_suffix("*"))
        .unwrap_or(line);
    let end = line.text.find(DISCRIMINATOR).unwrap_or(line.text.len());
    let label = line.part(0, end);
    LABELS.contains(&label.text).then_some(label)
}

fn report_unread<'a>(reader: &mut PageReader<'a, '_>, block: &Block<'a>) {
    let text = block.at.text.trim();
    let is_empty_marker = text == "*None*" || text.starts_with("<!--");
    if !is_empty_marker {
        reader.unread(block.at);
    }
}

fn property_rows<'a>(reader: &mut PageReader<'a, '_>, table: &Table<'a>) -> Vec<PropertyRow<'a>> {
    let mut rows = Vec::new();
    for row in &table.rows {
        let Some(label) = table
            .cell(row, "Name")
            .or_else(|| table.cell(row, "Parameter"))
        else {
            reader.warn(
                "no-name-column",
                row.at,
                "the table has no Name column",
                "it is skipped",
            );
            return rows;
        };
        let unmarked = label.text.trim_start_matches(MARK);
        let depth = label.text.chars().take_while(|each| *each == MARK).count();
        let name = if depth > 0 {
            unmarked.strip_prefix(' ').unwrap_or(unmarked)
        } else {
            unmarked
        };
        if name.trim().is_empty() {
            reader.warn(
                "blank-name",
                row.at,
                "the row has no name",
                "the row is not transcribed",
            );
            continue;
        }
        reader.check_name(name, row.at);
        let stated = |title| {
            table
                .cell(row, title)
                .map(Passage::trim)
                .filter(|c| !c.is_blank())
        };
        let stated_unless_none = |title| stated(title).filter(|cell| cell.text != "none");
        rows.push(PropertyRow {
            at: row.at,
            label: cell_text(label),
            name: name.replace("\\|", "|"),
            title: None,
            depth: depth.min(MAX_DEPTH),
            location: stated("In"),
            data_type: stated("Type"),
            required: match stated("Required").map(|cell| cell.text) {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            },
            restrictions: stated_unless_none("Restrictions"),
            description: stated_unless_none("Description"),
            values: Vec::new(),
            children: Vec::new(),
        });
    }
    rows
}

/// Reads the table `|Parameter|Value|` or `|Property|Value|`.
fn add_values<'a>(
    reader: &mut PageReader<'a, '_>,
    section: Passage<'a>,
    tables: &mut [LabelledTable<'a>],
) {
    for block in reader.blocks(section) {
        let Content::Table(lines) = &block.content else {
            reader.unread(block.at);
            continue;
        };
        let table = Table::new(reader, lines, Padding::None);
        let title = if table.has_column("Property") {
            "Property"
        } else {
            "Parameter"
        };
        for row in &table.rows {
            let name = table.cell(row, title).map(cell_text).unwrap_or_default();
            let Some(value) = table.cell(row, "Value") else {
                continue;
            };
            match find(tables, &name) {
                Some(owner) => owner.values.push(value),
                None => reader.warn(
                    "enumerated-value",
                    row.at,
                    format!("no row, or more than one, of the table above is named `{name}`"),
                    "the value is not transcribed; give the enum in an overlay",
                ),
            }
        }
    }
}

/// Reads paragraphs `**name**: description`, which replace a shortened description.
fn add_descriptions<'a>(
    reader: &mut PageReader<'a, '_>,
    section: Passage<'a>,
    tables: &mut [LabelledTable<'a>],
) {
    let (before, parts) = split(section, |lines| {
        let name = lines.first()?.between("**", "**:")?;
        lines.first()?.text.starts_with("**").then_some(name)
    });
    reader.unread(before);
    for part in parts {
        let start = part.kind.end() + "**:".len();
        let text = reader.page.slice(start, part.body.end()).trim();
        match find(tables, part.kind.text) {
            Some(row) => row.description = Some(text).filter(|text| !text.is_blank()),
            None => reader.unread(part.heading),
        }
    }
}

/// The only row with a name: compared with its marks, or else without.
fn find<'t, 'a>(
    tables: &'t mut [LabelledTable<'a>],
    name: &str,
) -> Option<&'t mut PropertyRow<'a>> {
    let rows = || tables.iter().flat_map(|table| &table.rows);
    let has_label = rows().any(|row| row.label == name);
    let matches = |row: &PropertyRow<'_>| {
        if has_label {
            row.label == name
        } else {
            row.name == name
        }
    };
    if rows().filter(|row| matches(row)).count() > 1 {
        return None;
    }
    let mut rows = tables.iter_mut().flat_map(|table| &mut table.rows);
    rows.find(|row| matches(row))
}

/// Moves every row into the nearest earlier row that has fewer marks.
pub(super) fn nest<'a>(rows: Vec<PropertyRow<'a>>) -> Vec<PropertyRow<'a>> {
    let mut roots = Vec::new();
    let mut open: Vec<PropertyRow<'a>> = Vec::new();
    for row in rows {
        close(&mut open, &mut roots, row.depth);
        open.push(row);
    }
    close(&mut open, &mut roots, 0);
    roots
}

/// Tells the title of a schema with an example from a property. The renderer names the row of a schema that is no object after
/// its title, if it has one, so that it looks like the only property of an object; the example tells them apart.
pub(super) fn without_title(rows: &mut [PropertyRow<'_>], example: Option<&Value>) {
    if let [row] = rows
        && row.name != ANONYMOUS
        && example.is_some_and(|example| !example.is_object())
    {
        row.title = Some(std::mem::replace(&mut row.name, ANONYMOUS.to_owned()));
    }
}

/// Closes the open rows with at least `depth` marks.
fn close<'a>(open: &mut Vec<PropertyRow<'a>>, roots: &mut Vec<PropertyRow<'a>>, depth: usize) {
    while let Some(row) = open.pop_if(|row| row.depth >= depth) {
        match open.last_mut() {
            Some(parent) => parent.children.push(row),
            None => roots.push(row),
        }
    }
}

//! Finds the nodes that a JSONPath (RFC 9535) selects.
//!
//! The JSONPath library works on JSON without positions. Most queries are names from the root, perhaps followed by a
//! filter. This module follows the names on the tree itself, and runs only the rest of the query on the JSON of the
//! node found.

use std::collections::BTreeSet;

use serde_json_path::{JsonPath, PathElement};

use crate::description::source::Span;
use crate::description::tree::{Node, Value};

/// The limit for nested brackets. The query parser backtracks, so each level doubles its time.
const MAX_NESTING: usize = 8;
/// The limit for `..` segments. Each segment multiplies the number of results by the depth of the document.
const MAX_DESCENTS: usize = 3;
/// The limit for commas. Each equal selector adds the same results again.
const MAX_COMMAS: usize = 16;

/// One step from a node to a child.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// A parsed JSONPath.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) text: String,
    pub(super) at: Span,
    /// The leading names and indices.
    prefix: Vec<Step>,
    /// The rest of the query.
    rest: Option<JsonPath>,
}

impl Query {
    /// Parses a JSONPath. The error is the reason why it is invalid.
    pub(super) fn parse(text: &str, at: Span) -> Result<Self, String> {
        refuse_explosive(text)?;
        let whole = JsonPath::parse(text).map_err(|error| error.to_string())?;
        let (prefix, rest) = split(text);
        let (prefix, rest) = match rest {
            "" => (prefix, None),
            // A filter that refers to the root needs the whole document.
            rest if prefix.is_empty() || rest.contains('$') => (Vec::new(), Some(whole)),
            rest => match JsonPath::parse(&format!("${rest}")) {
                Ok(rest) => (prefix, Some(rest)),
                Err(_) => (Vec::new(), Some(whole)),
            },
        };
        Ok(Self {
            text: text.to_owned(),
            at,
            prefix,
            rest,
        })
    }
}

fn refuse_explosive(text: &str) -> Result<(), String> {
    let (mut quote, mut depth, mut commas, mut descents) = (None, 0usize, 0, 0);
    let mut previous = ' ';
    for letter in text.chars() {
        match (quote, letter) {
            (Some(_), _) if previous == '\\' => {
                previous = ' ';
                continue;
            }
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, ',') => commas += 1,
            (None, '.') if previous == '.' => descents += 1,
            _ => {}
        }
        previous = letter;
        if depth > MAX_NESTING {
            return Err(format!("brackets nest more than {MAX_NESTING} deep"));
        }
    }
    if descents > MAX_DESCENTS {
        return Err(format!("more than {MAX_DESCENTS} segments `..`"));
    }
    if commas > MAX_COMMAS {
        return Err(format!("more than {MAX_COMMAS} commas"));
    }
    Ok(())
}

/// Splits off the leading segments that select exactly one child.
fn split(text: &str) -> (Vec<Step>, &str) {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix('$').unwrap_or(text);
    while let Some((step, behind)) = dotted(rest).or_else(|| bracketed(rest)) {
        steps.push(step);
        rest = behind;
    }
    (steps, rest)
}

fn dotted(text: &str) -> Option<(Step, &str)> {
    let text = text.strip_prefix('.')?;
    let end = text
        .find(|letter: char| {
            !(letter.is_ascii_alphanumeric() || letter == '_' || !letter.is_ascii())
        })
        .unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    (!name.is_empty()).then(|| (Step::Name(name.to_owned()), behind))
}

fn bracketed(text: &str) -> Option<(Step, &str)> {
    let text = text.strip_prefix('[')?;
    if let Some(quote @ ('\'' | '"')) = text.chars().next() {
        let (name, behind) = text.strip_prefix(quote)?.split_once(quote)?;
        let behind = behind.strip_prefix(']')?;
        return (!name.contains('\\')).then(|| (Step::Name(name.to_owned()), behind));
    }
    let (index, behind) = text.split_once(']')?;
    if !index.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some((Step::Index(index.parse().ok()?), behind))
}

/// Runs queries on a document. Caches the JSON of the document until the document changes.
#[derive(Default)]
pub(super) struct Selector {
    json: Option<serde_json::Value>,
}

impl Selector {
    /// Drops the cache, because the document has changed.
    pub(super) fn forget(&mut self) {
        self.json = None;
    }

    /// The paths of the selected nodes, each once, parents before their children.
    pub(super) fn select(&mut self, document: &Node, query: &Query) -> Vec<Vec<Step>> {
        let Some(start) = node(document, &query.prefix) else {
            return Vec::new();
        };
        let Some(rest) = &query.rest else {
            return vec![query.prefix.clone()];
        };
        let part;
        let json = if query.prefix.is_empty() {
            self.json.get_or_insert_with(|| document.to_json())
        } else {
            part = start.to_json();
            &part
        };
        let found: BTreeSet<Vec<Step>> = rest
            .query_located(json)
            .locations()
            .map(|location| {
                let steps = location.iter().map(|element| match element {
                    PathElement::Name(name) => Step::Name((*name).to_owned()),
                    PathElement::Index(index) => Step::Index(*index),
                });
                query.prefix.iter().cloned().chain(steps).collect()
            })
            .collect();
        found.into_iter().collect()
    }
}

/// The node at a path.
pub(super) fn node<'a>(document: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter()
        .try_fold(document, |node, step| match (&node.value, step) {
            (Value::Mapping(mapping), Step::Name(name)) => mapping.get(name),
            (Value::Sequence(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
}

/// The node at a path, mutable.
pub(super) fn node_mut<'a>(document: &'a mut Node, path: &[Step]) -> Option<&'a mut Node> {
    path.iter()
        .try_fold(document, |node, step| match (&mut node.value, step) {
            (Value::Mapping(mapping), Step::Name(name)) => mapping.get_mut(name),
            (Value::Sequence(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        })
}

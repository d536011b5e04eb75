//! Corrections of a document in a separate file: the OpenAPI Overlay Specification 1.0 and 1.1.
//!
//! This implementation is stricter than the specification, so that a correction fails once its defect is gone:
//!
//! - Each action has a `description` with the reason.
//! - Each action has exactly one of `update`, `copy` and `remove: true`.
//! - An action that selects nothing, or that leaves the document as it is, is an error.
//! - An unknown key is an error, unless it starts with `x-`.
//! - If `extends` is present, it must name the document that the overlay is applied to.
//!
//! It is more lenient in one respect: a 1.0 overlay can update and remove a primitive, as a 1.1 overlay can.

mod merge;
mod read;
mod select;
#[cfg(test)]
mod tests;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::Correction;
use crate::description::load::MAX_DEPTH;
use crate::description::source::Span;
use crate::description::tree::{Node, Value};

pub use read::read;
use select::{Query, Selector, Step};

/// The limit for the nodes that the copies of one overlay can add.
const COPY_BUDGET: usize = 1_000_000;

/// The version of the Overlay Specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    /// 1.0, in which an array that updates an array becomes one item of it.
    V1_0,
    /// 1.1, in which arrays are concatenated, and which has `copy`.
    V1_1,
}

/// An overlay that was read and is well-formed.
#[derive(Debug)]
pub struct Overlay {
    /// Its `info.title`.
    pub title: String,
    /// Its actions, in the order of application.
    pub actions: Vec<Action>,
    version: Version,
    extends: Option<(String, Span)>,
}

impl Overlay {
    /// The document that the overlay is for (`extends`), if it names one.
    #[must_use]
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_ref().map(|(extends, _)| extends.as_str())
    }

    /// The corrections that the overlay makes, in the order of application.
    #[must_use]
    pub fn corrections(&self) -> Vec<Correction> {
        let actions = self.actions.iter();
        actions
            .map(|action| Correction {
                overlay: self.title.clone(),
                target: action.target().to_owned(),
                change: action.change(),
                reason: action.description.clone(),
                at: action.span,
            })
            .collect()
    }

    /// Whether the overlay can be applied to the document at this path: `extends` names it or is missing.
    #[must_use]
    pub fn is_for(&self, path: &str) -> bool {
        self.extends().is_none_or(|extends| names(extends, path))
    }
}

/// One correction.
#[derive(Debug)]
pub struct Action {
    /// The position of the action.
    pub span: Span,
    /// The reason.
    pub description: String,
    target: Query,
    change: Change,
}

impl Action {
    /// The JSONPath of the nodes to correct.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target.text
    }

    /// What the action does: `update`, `copy` or `remove`.
    #[must_use]
    pub fn change(&self) -> &'static str {
        match self.change {
            Change::Update(_) => "update",
            Change::Copy(_) => "copy",
            Change::Remove => "remove",
        }
    }
}

#[derive(Debug)]
enum Change {
    Update(Node),
    Copy(Query),
    Remove,
}

/// Applies an overlay to a document. `path` is the path of the document in the manifest.
///
/// New and replaced nodes have positions in the overlay. Copied nodes keep the position of their original. Every
/// action that fails adds an error; the other actions are still applied.
pub fn apply(document: &mut Node, path: &str, overlay: &Overlay, diagnostics: &mut Diagnostics) {
    if let Some(mismatch) = mismatch(path, overlay) {
        diagnostics.push(mismatch);
        return;
    }
    let mut selector = Selector::default();
    let mut budget = COPY_BUDGET;
    for action in &overlay.actions {
        match run(document, overlay.version, action, &mut selector, &mut budget) {
            Ok(true) => selector.forget(),
            Ok(false) => diagnostics.push(
                action
                    .error("overlay-without-effect", "the action changes nothing")
                    .at(action.span, "the document already has this value")
                    .help("remove the action; the document was corrected, or an earlier action does the same"),
            ),
            Err(failure) => {
                // An action that fails may already have changed some of its targets.
                selector.forget();
                diagnostics.push(*failure);
            }
        }
    }
}

/// The error of an overlay that is for another document.
fn mismatch(path: &str, overlay: &Overlay) -> Option<Diagnostic> {
    let (extends, span) = overlay.extends.as_ref()?;
    if overlay.is_for(path) {
        return None;
    }
    Some(
        Diagnostic::error(
            "overlay-of-another-document",
            format!("the overlay extends `{extends}`, but it is applied to `{path}`"),
        )
        .at(*span, "the document that it is for")
        .help(format!(
            "apply it to that document, or write `extends: {path}`"
        )),
    )
}

/// Whether `extends` names a path: the shorter of the two must be a suffix of the longer one. Of an absolute URI, only
/// the file name is compared, because a local copy can be in any folder.
fn names(extends: &str, path: &str) -> bool {
    let segments = |text: &str| -> Vec<String> {
        text.split('/')
            .filter(|segment| !matches!(*segment, "" | "." | ".."))
            .map(str::to_owned)
            .collect()
    };
    let (extended, document) = (segments(extends), segments(path));
    if extends.contains("://") {
        return extended.last() == document.last();
    }
    !extended.is_empty() && (extended.ends_with(&document) || document.ends_with(&extended))
}

impl Action {
    fn error(&self, code: &'static str, message: &str) -> Diagnostic {
        Diagnostic::error(code, format!("{message}: `{}`", self.target.text))
    }

    fn incompatible(&self, what: String, at: Span) -> Box<Diagnostic> {
        Box::new(
            self.error("overlay-incompatible", "the action is incompatible with its target")
                .at(self.span, what)
                .at(at, "the target")
                .help("a mapping merges into a mapping, anything appends to a sequence, a primitive replaces a primitive; to change the kind, remove the old value first"),
        )
    }
}

/// Runs one action and returns whether it changed the document.
fn run(
    document: &mut Node,
    version: Version,
    action: &Action,
    selector: &mut Selector,
    budget: &mut usize,
) -> Result<bool, Box<Diagnostic>> {
    let targets = selector.select(document, &action.target);
    if targets.is_empty() {
        return Err(Box::new(
            action
                .error(
                    "overlay-never-applied",
                    "the action matches nothing in the document",
                )
                .at(action.span, "never applied")
                .at(document.span, "the document")
                .help("correct the `target`, or remove the action if the document has changed"),
        ));
    }
    match &action.change {
        Change::Remove => remove(document, action, &targets),
        Change::Update(value) => update(document, version, action, &targets, value),
        Change::Copy(query) => {
            let value = copied(document, action, query, selector)?;
            let (weight, _) = crate::description::load::measure(&value);
            *budget = budget
                .checked_sub(weight.saturating_mul(targets.len()))
                .ok_or_else(|| {
                    Box::new(
                        action
                            .error(
                                "overlay-too-large",
                                "the copies of the overlay are too large",
                            )
                            .at(
                                action.span,
                                format!("together they exceed {COPY_BUDGET} nodes"),
                            )
                            .help("refer to one schema with `$ref` instead of copying it"),
                    )
                })?;
            update(document, version, action, &targets, &value)
        }
    }
}

/// The only node that a `copy` selects.
fn copied(
    document: &Node,
    action: &Action,
    query: &Query,
    selector: &mut Selector,
) -> Result<Node, Box<Diagnostic>> {
    let found = selector.select(document, query);
    let mut found_iter = found.iter();
    match (found_iter.next(), found_iter.next()) {
        (Some(path), None) => select::node(document, path).cloned(),
        _ => None,
    }
    .ok_or_else(|| {
        Box::new(
            action
                .error("overlay-copy", "the action must copy one node")
                .at(query.at, format!("this selects {} nodes", found.len()))
                .help("correct the `copy` so that it selects exactly one node"),
        )
    })
}

fn remove(
    document: &mut Node,
    action: &Action,
    targets: &[Vec<Step>],
) -> Result<bool, Box<Diagnostic>> {
    // Backwards, so that a removal does not move the targets that are still to be removed.
    for target in targets.iter().rev() {
        let Some((last, parent)) = target.split_last() else {
            return Err(Box::new(
                action
                    .error(
                        "overlay-removes-all",
                        "the action removes the whole document",
                    )
                    .at(action.span, "removes `$`")
                    .help("select the nodes to remove"),
            ));
        };
        let parent = select::node_mut(document, parent).map(|node| &mut node.value);
        match (parent, last) {
            (Some(Value::Mapping(mapping)), Step::Name(name)) => drop(mapping.remove(name)),
            (Some(Value::Sequence(items)), Step::Index(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }
    Ok(true)
}

fn update(
    document: &mut Node,
    version: Version,
    action: &Action,
    targets: &[Vec<Step>],
    value: &Node,
) -> Result<bool, Box<Diagnostic>> {
    let class = |target: &Vec<Step>| select::node(document, target).map(merge::class_of);
    let first = targets.first().and_then(class);
    if let Some(odd) = targets.iter().find(|target| class(target) != first) {
        let at = select::node(document, odd).map_or(action.span, |node| node.span);
        return Err(action.incompatible("its targets are of different kinds".to_owned(), at));
    }
    let (_, height) = crate::description::load::measure(value);
    let mut changed = false;
    for target in targets {
        let Some(node) = select::node_mut(document, target) else {
            continue;
        };
        if target.len() + height > MAX_DEPTH {
            return Err(action.incompatible(
                format!("the result would nest more than {MAX_DEPTH} deep"),
                node.span,
            ));
        }
        let at = node.span;
        changed |= merge::into_target(node, value, version)
            .map_err(|conflict| action.incompatible(conflict, at))?;
    }
    Ok(changed)
}

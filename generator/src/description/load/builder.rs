//! Builds the spanned tree from the events of a parser, without recursion.
//!
//! Both parsers share it, and so the depth limit and the check for duplicate keys.

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::Span;
use crate::description::tree::{Entry, Mapping, Node, Value, push_token};

/// The limit for nested mappings and sequences.
pub(crate) const MAX_DEPTH: usize = 128;

/// The limit for diagnostics of one document. Beyond it, one more diagnostic says that there are too many.
const MAX_FINDINGS: usize = 1000;

/// Parsing has to stop. The reason was reported.
#[derive(Debug)]
pub(super) struct Stop;

/// A key of a mapping, or the reason why its value is dropped.
enum Key {
    /// No key was read yet.
    Awaited,
    /// An ordinary entry.
    Entry(String, Span),
    /// The merge key `<<` of YAML 1.1.
    Merge(Span),
    /// An error that was reported. The value is dropped.
    Dropped,
}

/// The value of a merge key, with its position.
struct Merge {
    position: usize,
    key_span: Span,
    value: Node,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        mapping: Mapping,
        key: Key,
        merge: Option<Merge>,
    },
}

struct Open {
    span: Span,
    content: Content,
}

/// The tree built so far.
pub(super) struct Builder<'a> {
    diagnostics: &'a mut Diagnostics,
    findings: usize,
    open: Vec<Open>,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            diagnostics,
            findings: 0,
            open: Vec::new(),
            root: None,
        }
    }

    /// The root, if the document is complete.
    pub(super) fn into_root(self) -> Option<Node> {
        self.root
    }

    /// Adds a diagnostic, up to the limit.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.findings += 1;
        if self.findings <= MAX_FINDINGS {
            self.diagnostics.push(diagnostic);
        } else if self.findings == MAX_FINDINGS + 1 {
            let mut last = Diagnostic::error(
                "too-many-findings",
                format!("the document has more than {MAX_FINDINGS} errors"),
            )
            .help("fix those that are reported first");
            last.labels = diagnostic.labels;
            self.diagnostics.push(last);
        }
    }

    /// The number of open mappings and sequences.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the builder expects a key of a mapping next.
    pub(super) fn awaits_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                content: Content::Mapping {
                    key: Key::Awaited,
                    ..
                },
                ..
            })
        )
    }

    /// The JSON pointer of the current node.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for open in &self.open {
            pointer = match &open.content {
                Content::Sequence(items) => push_token(&pointer, &items.len().to_string()),
                Content::Mapping {
                    key: Key::Entry(key, _),
                    ..
                } => push_token(&pointer, key),
                Content::Mapping {
                    key: Key::Merge(_), ..
                } => push_token(&pointer, "<<"),
                Content::Mapping { .. } => pointer,
            };
        }
        pointer
    }

    pub(super) fn open_sequence(&mut self, span: Span) -> Result<(), Stop> {
        self.open(span, Content::Sequence(Vec::new()))
    }

    pub(super) fn open_mapping(&mut self, span: Span) -> Result<(), Stop> {
        let content = Content::Mapping {
            mapping: Mapping::default(),
            key: Key::Awaited,
            merge: None,
        };
        self.open(span, content)
    }

    fn open(&mut self, span: Span, content: Content) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        self.open.push(Open { span, content });
        Ok(())
    }

    /// Reports that the depth limit is exceeded.
    pub(super) fn too_deep(&mut self, span: Span) -> Stop {
        self.report(
            Diagnostic::error(
                "nesting-too-deep",
                format!("mappings and sequences nest more than {MAX_DEPTH} deep"),
            )
            .at(span, "this level is too deep")
            .help("flatten the document, for example by separate schemas and `$ref`"),
        );
        Stop
    }

    /// Closes the innermost open mapping or sequence and returns it.
    pub(super) fn close(&mut self) -> Option<Node> {
        let Open { span, content } = self.open.pop()?;
        let value = match content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping {
                mut mapping, merge, ..
            } => {
                if let Some(merge) = merge {
                    self.apply(merge, &mut mapping);
                }
                Value::Mapping(mapping)
            }
        };
        Some(Node { span, value })
    }

    /// Adds a key. A duplicate is reported, and its value is dropped.
    pub(super) fn key(&mut self, text: String, span: Span) {
        let Some(Open {
            content: Content::Mapping { mapping, key, .. },
            ..
        }) = self.open.last_mut()
        else {
            return;
        };
        match mapping.entry(&text).map(|entry| entry.key_span) {
            Some(first) => {
                *key = Key::Dropped;
                self.duplicate(&text, span, first);
            }
            None => *key = Key::Entry(text, span),
        }
    }

    /// Adds a merge key.
    pub(super) fn merge_key(&mut self, span: Span) {
        let Some(Open {
            content: Content::Mapping { key, merge, .. },
            ..
        }) = self.open.last_mut()
        else {
            return;
        };
        match merge {
            Some(merge) => {
                let first = merge.key_span;
                *key = Key::Dropped;
                self.duplicate("<<", span, first);
            }
            None => *key = Key::Merge(span),
        }
    }

    /// Adds a key that was reported as an error. Its value is dropped.
    pub(super) fn dropped_key(&mut self) {
        if let Some(Open {
            content: Content::Mapping { key, .. },
            ..
        }) = self.open.last_mut()
        {
            *key = Key::Dropped;
        }
    }

    fn duplicate(&mut self, key: &str, again: Span, first: Span) {
        let pointer = push_token(&self.pointer(), key);
        self.report(
            Diagnostic::error(
                "duplicate-key",
                format!("duplicate key `{key}` in one mapping"),
            )
            .pointer(pointer)
            .at(again, "duplicate")
            .at(first, "first occurrence")
            .help("remove or rename one of the two; parsers disagree about which of them counts"),
        );
    }

    /// Adds a value: the root, an item, or the value of the last key.
    pub(super) fn value(&mut self, node: Node) {
        let node = self.at_its_key(node);
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping {
                mapping,
                key,
                merge,
            } => {
                match std::mem::replace(key, Key::Awaited) {
                    Key::Entry(key, key_span) => mapping.append(key, key_span, node),
                    Key::Merge(key_span) => {
                        *merge = Some(Merge {
                            position: mapping.entries.len(),
                            key_span,
                            value: node,
                        });
                    }
                    // A value without a key: the key itself is a mapping or a sequence.
                    Key::Awaited => *key = Key::Dropped,
                    Key::Dropped => {}
                }
            }
        }
    }

    /// The value of the last key at the position where a person looks for it: a collection that begins below its key is at the
    /// key, unless another node is there.
    fn at_its_key(&self, mut node: Node) -> Node {
        let is_collection = matches!(node.value, Value::Mapping(_) | Value::Sequence(_));
        if let Some(Open {
            content:
                Content::Mapping {
                    key: Key::Entry(_, key),
                    ..
                },
            ..
        }) = self.open.last()
            && is_collection
            && node.span.line > key.line
            && self.is_free(*key)
        {
            node.span = *key;
        }
        node
    }

    /// Whether no node is at the position of the last key. A mapping in block style begins at its first key, and stays there if
    /// it is the document or an item of a sequence.
    fn is_free(&self, mut key: Span) -> bool {
        for (index, open) in self.open.iter().enumerate().rev() {
            if open.span != key {
                return true;
            }
            let around = index.checked_sub(1).and_then(|index| self.open.get(index));
            match around.map(|around| &around.content) {
                Some(Content::Mapping {
                    key: Key::Entry(_, above),
                    ..
                }) if above.line < key.line => key = *above,
                _ => return false,
            }
        }
        false
    }

    /// Applies a merge key. A key of the mapping itself wins over a merged key, and an earlier mapping of the merge wins
    /// over a later one.
    fn apply(&mut self, merge: Merge, mapping: &mut Mapping) {
        let Merge {
            position,
            key_span,
            value,
        } = merge;
        let merged = match value.value {
            Value::Mapping(source) => vec![source],
            Value::Sequence(items) if items.iter().all(|item| item.as_mapping().is_some()) => items
                .into_iter()
                .filter_map(|item| match item.value {
                    Value::Mapping(source) => Some(source),
                    _ => None,
                })
                .collect(),
            _ => {
                let pointer = push_token(&self.pointer(), "<<");
                self.report(
                    Diagnostic::error(
                        "merge-key",
                        "the merge key `<<` takes a mapping or a sequence of mappings",
                    )
                    .pointer(pointer)
                    .at(key_span, "merge key")
                    .at(
                        value.span,
                        format!("this is of type {}", kind(&value.value)),
                    )
                    .help("write the entries out, or quote the key if `<<` is meant literally"),
                );
                return;
            }
        };
        let mut added = Mapping::default();
        for Entry {
            key,
            key_span,
            value,
        } in merged.into_iter().flat_map(|source| source.entries)
        {
            if mapping.get(&key).is_none() && added.get(&key).is_none() {
                added.insert(key, key_span, value);
            }
        }
        mapping.entries.splice(position..position, added.entries);
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Sequence(_) => "array",
        Value::Mapping(_) => "object",
        Value::Boolean(_) => "boolean",
        Value::Number(_) | Value::BigInteger(_) => "number",
        Value::String(_) => "string",
    }
}

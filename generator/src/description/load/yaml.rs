//! Parses YAML 1.2: builds the tree from the parser's events, without recursion.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::Span;
use crate::description::tree::{Node, Value};

use super::Input;
use super::builder::{Builder, MAX_DEPTH, Stop};
use super::layout;
use super::scalar::{self, NotRepresentable};

/// The code of the diagnostic for a text that is not valid YAML.
pub(super) const SYNTAX: &str = "yaml-syntax";

/// The weight that all aliases of a document may expand to. A node weighs 1, and 1 more for each 32 bytes of text.
const ALIAS_BUDGET: usize = 1_000_000;

/// The parser's error when its own limit for flow collections is exceeded, which is higher than ours.
const PARSER_TOO_DEEP: &str = "recursion limit exceeded";

/// Parses a text. `None` without an error means that the text holds no document.
///
/// If the text is not valid YAML, it is parsed again with a relaxed layout.
pub(super) fn read(input: &Input<'_>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut found = Diagnostics::default();
    let root = read_strictly(input, &mut found);
    let is_no_yaml = |found: &Diagnostics| found.items().iter().any(|item| item.code == SYNTAX);
    if is_no_yaml(&found)
        && let Some(relaxed) = layout::relax(input.text)
    {
        let mut again = Diagnostics::default();
        let root = read_strictly(&input.relaxed(&relaxed), &mut again);
        if !is_no_yaml(&again) {
            let layout = relaxed.first.map(|line| {
                Diagnostic::warning("yaml-layout", "the layout is not valid YAML")
                    .at(input.span(line, 1), "the first such line")
                    .help("indent the lines of a value more than its key, with blanks instead of tabs")
            });
            let surrogates = relaxed.surrogates.map(|line| {
                Diagnostic::warning("yaml-surrogates", "YAML has no surrogate pairs")
                    .at(input.span(line, 1), "the first line with a pair")
                    .help("write the character itself, or `\\U` and its eight digits")
            });
            for warning in layout.into_iter().chain(surrogates) {
                diagnostics.push(warning);
            }
            diagnostics.extend(again);
            return root;
        }
    }
    diagnostics.extend(found);
    root
}

fn read_strictly(input: &Input<'_>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut reader = YamlReader {
        input,
        builder: Builder::new(diagnostics),
        anchors: HashMap::new(),
        anchors_of_open: Vec::new(),
        expanded: 0,
        first_document: None,
        is_blank: false,
    };
    match reader.stream() {
        Ok(()) if reader.is_blank => None,
        Ok(()) => reader.builder.into_root(),
        Err(Stop) => None,
    }
}

/// A node that aliases can repeat.
struct Anchored {
    node: Node,
    weight: usize,
    height: usize,
}

struct YamlReader<'a> {
    input: &'a Input<'a>,
    builder: Builder<'a>,
    anchors: HashMap<usize, Anchored>,
    /// The anchor id of each open mapping and sequence, 0 for none.
    anchors_of_open: Vec<usize>,
    expanded: usize,
    first_document: Option<Span>,
    /// Whether the document is an empty plain scalar.
    is_blank: bool,
}

impl YamlReader<'_> {
    fn stream(&mut self) -> Result<(), Stop> {
        self.refuse_control_characters()?;
        for event in Parser::new_from_str(self.input.text) {
            match event {
                Ok((event, span)) => {
                    let at = self.span(span.start);
                    self.event(event, at)?;
                }
                Err(error) => {
                    let at = self.span(*error.marker());
                    return Err(self.syntax_error(error.info(), at));
                }
            }
        }
        Ok(())
    }

    /// Reports control characters. The parser treats NUL as the end of the text and accepts other control characters.
    fn refuse_control_characters(&mut self) -> Result<(), Stop> {
        let is_refused = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n' | '\r');
        let Some(offset) = self.input.text.find(is_refused) else {
            return Ok(());
        };
        let before = self.input.text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let at = self.input.span(line, column);
        self.builder.report(
            Diagnostic::error(SYNTAX, "the text holds a control character")
                .at(at, "control character")
                .help("remove it, or write it as an escape in double quotes, such as \"\\x1b\""),
        );
        Err(Stop)
    }

    fn syntax_error(&mut self, info: &str, at: Span) -> Stop {
        if info == PARSER_TOO_DEEP {
            return self.builder.too_deep(at);
        }
        self.builder.report(
            Diagnostic::error(SYNTAX, "this is not valid YAML")
                .at(at, info)
                .help("check indentation and quotes here and just before; a text with `: ` or ` #` in it must be quoted"),
        );
        Stop
    }

    fn event(&mut self, event: Event<'_>, at: Span) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(_) => self.document(at)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag, at)?
            }
            Event::SequenceStart(anchor, tag) => {
                self.collection_tag(tag, "seq", at);
                self.refuse_as_key(at);
                self.builder.open_sequence(at)?;
                self.anchors_of_open.push(anchor);
            }
            Event::MappingStart(anchor, tag) => {
                self.collection_tag(tag, "map", at);
                self.refuse_as_key(at);
                self.builder.open_mapping(at)?;
                self.anchors_of_open.push(anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let anchor = self.anchors_of_open.pop().unwrap_or(0);
                if let Some(node) = self.builder.close() {
                    self.finish(node, anchor)?;
                }
            }
            Event::Alias(anchor) => self.alias(anchor, at)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn document(&mut self, at: Span) -> Result<(), Stop> {
        let Some(first) = self.first_document else {
            self.first_document = Some(at);
            return Ok(());
        };
        self.builder.report(
            Diagnostic::error("several-documents", "the file holds several YAML documents")
                .at(at, "another document starts here")
                .at(first, "the first document")
                .help("keep one document a file; remove the `---` if it separates nothing"),
        );
        Err(Stop)
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Stop> {
        if anchor != 0 {
            let (weight, height) = measure(&node);
            // An anchor inside an anchor copies its nodes again, so copies count like expansions.
            self.spend(weight, node.span)?;
            let node = node.clone();
            self.anchors.insert(
                anchor,
                Anchored {
                    node,
                    weight,
                    height,
                },
            );
        }
        self.builder.value(node);
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        span: Span,
    ) -> Result<(), Stop> {
        if self.builder.awaits_key() {
            self.key(text, style, tag.as_deref(), span);
            if anchor != 0 {
                let value = Value::String(text.to_owned());
                let node = Node { span, value };
                self.anchors.insert(
                    anchor,
                    Anchored {
                        node,
                        weight: weight(text),
                        height: 0,
                    },
                );
            }
            return Ok(());
        }
        let is_root = self.builder.depth() == 0;
        let is_plain = style == ScalarStyle::Plain;
        self.is_blank = is_root && is_plain && text.is_empty() && tag.is_none();
        let value = match (tag.as_deref().map(core_tag), is_plain) {
            (None, true) => self.resolve(text, span),
            (None | Some(Some("str")), _) => Value::String(text.to_owned()),
            (Some(Some(core @ ("null" | "bool" | "int" | "float"))), true) => {
                let value = self.resolve(text, span);
                if !is_of_core_type(&value, core) {
                    self.refuse_tag(
                        &format!("`{text}` is not a value of the tag `!!{core}`"),
                        span,
                    );
                }
                value
            }
            (Some(_), _) => {
                self.refuse_tag("a tag that is not part of the core schema", span);
                Value::Null
            }
        };
        self.finish(Node { span, value }, anchor)
    }

    fn resolve(&mut self, text: &str, span: Span) -> Value {
        scalar::resolve(text).unwrap_or_else(|NotRepresentable| {
            let pointer = self.builder.pointer();
            self.builder
                .report(super::not_representable(text, span, pointer));
            Value::Null
        })
    }

    fn key(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) {
        if tag.is_some_and(|tag| core_tag(tag) != Some("str")) {
            self.refuse_tag("a key with a tag", span);
            self.builder.dropped_key();
        } else if style == ScalarStyle::Plain && tag.is_none() && scalar::is_null(text) {
            let pointer = self.builder.pointer();
            self.builder.report(
                Diagnostic::error("null-key", "a key is null")
                    .pointer(pointer)
                    .at(span, "a key must be text")
                    .help("name the key, or quote it: \"null\""),
            );
            self.builder.dropped_key();
        } else if style == ScalarStyle::Plain && tag.is_none() && text == "<<" {
            self.builder.merge_key(span);
        } else {
            self.builder.key(text.to_owned(), span);
        }
    }

    fn alias(&mut self, anchor: usize, at: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let pointer = self.builder.pointer();
            self.builder.report(
                Diagnostic::error("alias-cycle", "an alias is inside the node that it repeats")
                    .pointer(pointer)
                    .at(at, "this alias never ends")
                    .help("refer to a separate schema with `$ref` instead"),
            );
            return Err(Stop);
        };
        let (weight, height) = (anchored.weight, anchored.height);
        if self.builder.awaits_key() {
            match &anchored.node.value {
                Value::String(text) => {
                    let text = text.clone();
                    self.spend(weight, at)?;
                    self.builder.key(text, at);
                }
                _ => {
                    self.refuse_as_key(at);
                    self.builder.dropped_key();
                }
            }
            return Ok(());
        }
        if self.builder.depth() + height > MAX_DEPTH {
            return Err(self.builder.too_deep(at));
        }
        self.spend(weight, at)?;
        if let Some(anchored) = self.anchors.get(&anchor) {
            self.builder.value(anchored.node.clone());
        }
        Ok(())
    }

    fn spend(&mut self, weight: usize, at: Span) -> Result<(), Stop> {
        self.expanded = self.expanded.saturating_add(weight);
        if self.expanded <= ALIAS_BUDGET {
            return Ok(());
        }
        let pointer = self.builder.pointer();
        self.builder.report(
            Diagnostic::error(
                "alias-budget",
                format!("the aliases of the document expand to more than {ALIAS_BUDGET} nodes"),
            )
            .pointer(pointer)
            .at(at, "this alias exceeds the limit")
            .help("replace anchors and aliases by `$ref`, which does not expand"),
        );
        Err(Stop)
    }

    fn refuse_as_key(&mut self, at: Span) {
        if !self.builder.awaits_key() {
            return;
        }
        let pointer = self.builder.pointer();
        self.builder.report(
            Diagnostic::error("complex-key", "a key is not text")
                .pointer(pointer)
                .at(
                    at,
                    "a mapping, a sequence or an alias of a value that is not a string",
                )
                .help(
                    "a key must be a scalar; quote it if `{`, `[`, `*` or `?` belongs to its text",
                ),
        );
    }

    fn collection_tag(&mut self, tag: Option<Cow<'_, Tag>>, core: &str, at: Span) {
        if tag.is_some_and(|tag| core_tag(&tag) != Some(core)) {
            self.refuse_tag("a tag that is not part of the core schema", at);
        }
    }

    fn refuse_tag(&mut self, text: &str, at: Span) {
        let pointer = self.builder.pointer();
        self.builder.report(
            Diagnostic::error("custom-tag", "a tag changes what a value is")
                .pointer(pointer)
                .at(at, text)
                .help("remove the tag (`!…`); a description of an API holds plain JSON values"),
        );
    }

    fn span(&self, marker: Marker) -> Span {
        self.input.span(marker.line(), marker.col() + 1)
    }
}

/// The name of a core schema tag. The tag `!` alone means a string.
fn core_tag(tag: &Tag) -> Option<&str> {
    let whole = [tag.handle.as_str(), tag.suffix.as_str()];
    match whole {
        ["", "!"] | ["!", ""] => Some("str"),
        ["tag:yaml.org,2002:", name] => Some(name),
        ["" | "!", name] => name.strip_prefix("tag:yaml.org,2002:"),
        _ => None,
    }
}

fn is_of_core_type(value: &Value, core: &str) -> bool {
    match value {
        Value::Null => core == "null",
        Value::Boolean(_) => core == "bool",
        Value::Number(number) => core == "float" || (core == "int" && !number.is_f64()),
        Value::BigInteger(_) => core == "int" || core == "float",
        Value::String(_) | Value::Sequence(_) | Value::Mapping(_) => false,
    }
}

/// The weight and the height of a node. The depth limit bounds the recursion.
pub(crate) fn measure(node: &Node) -> (usize, usize) {
    match &node.value {
        Value::String(text) | Value::BigInteger(text) => (weight(text), 0),
        Value::Sequence(items) => items.iter().map(measure).fold((1, 1), combine),
        Value::Mapping(mapping) => mapping
            .iter()
            .map(|(key, value)| {
                let (of_value, height) = measure(value);
                (weight(key) + of_value, height)
            })
            .fold((1, 1), combine),
        Value::Null | Value::Boolean(_) | Value::Number(_) => (1, 0),
    }
}

fn combine(whole: (usize, usize), part: (usize, usize)) -> (usize, usize) {
    (whole.0 + part.0, whole.1.max(part.1 + 1))
}

fn weight(text: &str) -> usize {
    1 + text.len() / 32
}

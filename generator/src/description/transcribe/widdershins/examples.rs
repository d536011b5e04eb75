//! Reads examples.

use serde_json::{Map, Value};

use crate::description::transcribe::blocks::{Code, Content};
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;

/// An example with its position.
#[derive(Debug, Clone)]
pub(super) struct Example<'a> {
    /// The quoted line before it.
    pub(super) label: Option<Passage<'a>>,
    /// The code block.
    pub(super) at: Passage<'a>,
    /// The media type of the code block's language, if it has one.
    media_type: Option<&'static str>,
    /// The value.
    value: Value,
}

impl Example<'_> {
    /// The value.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }
}

/// The code blocks of a section, each with the quoted line before it.
pub(super) fn read<'a>(reader: &mut PageReader<'a, '_>, section: Passage<'a>) -> Vec<Example<'a>> {
    let mut found = Vec::new();
    let mut label = None;
    for block in reader.blocks(section) {
        match &block.content {
            Content::Quote => label = Some(block.at),
            Content::Code(code) => {
                if let Some((value, media_type)) = value(reader, code, block.at) {
                    let at = block.at;
                    found.push(Example {
                        label,
                        at,
                        media_type,
                        value,
                    });
                }
            }
            _ => reader.unread(block.at),
        }
    }
    found
}

fn value(
    reader: &mut PageReader<'_, '_>,
    code: &Code,
    at: Passage<'_>,
) -> Option<(Value, Option<&'static str>)> {
    match code.language.as_str() {
        "xml" => Some((code.text.trim_end().into(), Some("application/xml"))),
        // The renderer prints a form as YAML.
        "yaml" => match serde_yaml::from_str(&code.text) {
            Ok(value) => Some((value, None)),
            Err(error) => {
                reader.warn(
                    "example-not-yaml",
                    at,
                    format!("the example is not YAML: {error}"),
                    "the example is left out; give a valid one in an overlay",
                );
                None
            }
        },
        _ => Some((reader.json(&code.text, at)?, None)),
    }
}

/// The `content` of a body or response: the schema with the operation's media type, the examples with their own.
///
/// Returns `None` if there is neither a schema nor an example.
pub(super) fn content<'a>(
    reader: &PageReader<'a, '_>,
    at: Passage<'a>,
    media_type: &str,
    schema: Option<Object>,
    examples: Vec<Example<'a>>,
) -> Option<Value> {
    let mut content: Vec<(String, Object, Vec<Example<'a>>)> = Vec::new();
    if let Some(schema) = schema {
        let mut object = reader.object(at);
        object.set_from("schema", schema.clone(), schema.origin());
        content.push((media_type.to_owned(), object, Vec::new()));
    }
    for example in examples {
        let name = example.media_type.unwrap_or(media_type);
        match content.iter_mut().find(|(each, _, _)| each == name) {
            Some((_, _, examples)) => examples.push(example),
            None => content.push((name.to_owned(), reader.object(at), vec![example])),
        }
    }
    let content: Map<String, Value> = content
        .into_iter()
        .map(|(name, mut object, examples)| {
            set_examples(reader, &mut object, examples);
            (name, object.into_value())
        })
        .collect();
    (!content.is_empty()).then_some(Value::Object(content))
}

/// Sets `example` for one example and `examples` for several. The page gives them no names, so they are numbered.
fn set_examples<'a>(
    reader: &PageReader<'a, '_>,
    object: &mut Object,
    mut examples: Vec<Example<'a>>,
) {
    if examples.len() == 1
        && let Some(example) = examples.pop()
    {
        object.set_from("example", example.value, reader.span(example.at));
        return;
    }
    let named: Map<String, Value> = examples
        .into_iter()
        .enumerate()
        .map(|(index, example)| {
            let mut entry = reader.object(example.at);
            entry.set("value", example.value);
            (format!("example{}", index + 1), entry.into_value())
        })
        .collect();
    if !named.is_empty() {
        object.set("examples", named);
    }
}

//! Reads media types and examples.

use serde_json::{Map, Value};

use crate::description::transcribe::blocks::{Code, Content};
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::Reader;

/// The media types of an operation, from the headers of its code samples.
#[derive(Debug)]
pub(super) struct MediaTypes {
    /// Of the request body.
    request: Option<String>,
    /// Of successful responses: `accept` asks for them. The page names none for errors.
    response: Option<String>,
}

/// The range of all media types, where the page names none.
const UNNAMED: &str = "*/*";

impl MediaTypes {
    /// Reads the headers `accept` and `content-type` of the first sample that has them.
    pub(super) fn of_samples(samples: Option<Passage<'_>>) -> Self {
        let header = |name: &str| {
            let mut lines = samples?.lines();
            lines.find_map(|line| header_value(line.text, name))
        };
        Self {
            request: header("content-type:"),
            response: header("accept:"),
        }
    }

    /// The media type of the request body.
    pub(super) fn of_request(&self) -> &str {
        self.request.as_deref().unwrap_or(UNNAMED)
    }

    /// The media type of a response.
    pub(super) fn of_response(&self, status: &str) -> &str {
        let named = self.response.as_deref();
        named.filter(|_| status.starts_with('2')).unwrap_or(UNNAMED)
    }
}

/// The value of a header: quoted as in `-H 'Accept: application/json'`, or on its own line as in raw HTTP.
fn header_value(line: &str, name: &str) -> Option<String> {
    let start = line.to_ascii_lowercase().find(name)?;
    let before = line.get(..start)?;
    if !before.trim().is_empty() && !before.ends_with(['\'', '"']) {
        return None;
    }
    let value = line.get(start + name.len()..)?;
    let value = value.split(['\'', '"', ',', ';']).next()?.trim();
    (value.contains('/') && !value.contains(char::is_whitespace)).then(|| value.to_owned())
}

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
pub(super) fn read<'a>(reader: &mut Reader<'a, '_>, section: Passage<'a>) -> Vec<Example<'a>> {
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
    reader: &mut Reader<'_, '_>,
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
    reader: &Reader<'a, '_>,
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
fn set_examples<'a>(reader: &Reader<'a, '_>, object: &mut Object, mut examples: Vec<Example<'a>>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_come_from_the_headers_of_a_sample() {
        let text = "curl \\\n  --header 'accept: text/csv' \\\n  -H 'Content-Type: multipart/form-data; boundary=x'\n";
        let read = MediaTypes::of_samples(Some(Passage { start: 0, text }));
        assert_eq!(
            (read.of_request(), read.of_response("200")),
            ("multipart/form-data", "text/csv")
        );
    }

    #[test]
    fn media_types_come_from_raw_http_as_well() {
        let text =
            "```http\nPOST /a HTTP/1.1\nContent-Type: text/plain\nAccept: application/yaml\n";
        let read = MediaTypes::of_samples(Some(Passage { start: 0, text }));
        assert_eq!(
            (read.of_request(), read.of_response("201")),
            ("text/plain", "application/yaml")
        );
    }

    #[test]
    fn a_media_type_that_the_page_does_not_name_is_not_claimed() {
        let read = MediaTypes::of_samples(None);
        assert_eq!(
            (read.of_request(), read.of_response("200")),
            (UNNAMED, UNNAMED)
        );
        let text = "```http\nAccept: application/json\n";
        let read = MediaTypes::of_samples(Some(Passage { start: 0, text }));
        assert_eq!(
            (read.of_response("200"), read.of_response("404")),
            ("application/json", UNNAMED)
        );
    }
}

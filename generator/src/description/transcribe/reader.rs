//! What the readers of all dialects share: the page, the diagnostics, and checks.

use serde_json::Value;

use crate::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::description::source::Span;

use super::blocks::{Block, Code, Content, blocks};
use super::json::Example;
use super::object::Object;
use super::page::{Page, Passage};

/// The page that is being read, and the diagnostics.
#[derive(Debug)]
pub(super) struct PageReader<'a, 'd> {
    /// The page.
    pub(super) page: &'a Page<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a, 'd> PageReader<'a, 'd> {
    /// Creates the reader of a page.
    pub(super) fn new(page: &'a Page<'a>, diagnostics: &'d mut Diagnostics) -> Self {
        Self { page, diagnostics }
    }

    /// Adds a diagnostic at a passage.
    pub(super) fn report(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: Passage<'_>,
        message: impl Into<String>,
        help: &str,
    ) {
        let mut finding = Diagnostic::new(severity, code, message).at(self.page.span(at), "");
        if !help.is_empty() {
            finding = finding.help(help);
        }
        self.diagnostics.push(finding);
    }

    /// Reports a defect of the document.
    pub(super) fn warn(
        &mut self,
        code: &'static str,
        at: Passage<'_>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.report(Severity::Warning, code, at, message, help);
    }

    /// Adds a note.
    pub(super) fn note(&mut self, code: &'static str, at: Passage<'_>, message: impl Into<String>) {
        self.report(Severity::Note, code, at, message, "");
    }

    /// Reports text that is not transcribed.
    pub(super) fn unread(&mut self, at: Passage<'_>) {
        let at = at.trim();
        let line = at.lines().next().map_or("", |line| line.text);
        let shown: String = line.chars().take(60).collect();
        if !shown.is_empty() {
            self.note("unread-text", at, format!("`{shown}` is not transcribed"));
        }
    }

    /// The position of a passage.
    pub(super) fn span(&self, at: Passage<'_>) -> Span {
        self.page.span(at)
    }

    /// An empty object for what a passage states.
    pub(super) fn object(&self, at: Passage<'_>) -> Object {
        Object::at(self.span(at))
    }

    /// The blocks of a passage. Reports an unclosed code fence.
    pub(super) fn blocks(&mut self, passage: Passage<'a>) -> Vec<Block<'a>> {
        let found = blocks(passage);
        for block in &found {
            if let Content::Code(Code { closed: false, .. }) = block.content {
                self.warn(
                    "unclosed-fence",
                    block.at,
                    "the code fence is never closed",
                    "the rest of this section is read as text of the description",
                );
            }
        }
        found
    }

    /// Checks the markdown of a description: its code fences, and the syntax of its JSON.
    pub(super) fn check_prose(&mut self, passage: Passage<'a>) {
        for block in self.blocks(passage) {
            if let Content::Code(code) = &block.content
                && code.language == "json"
                && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&code.text)
            {
                self.warn(
                    "example-not-json",
                    block.at,
                    format!("the JSON in the description is not JSON: {error}"),
                    "the description keeps it unchanged; correct it in an overlay",
                );
            }
        }
    }

    /// The JSON of an example. Invalid JSON is reported.
    pub(super) fn json(&mut self, text: &str, at: Passage<'_>) -> Option<Value> {
        match serde_json::from_str(text) {
            Ok(example) => Some(self.example(example, at)),
            Err(error) => {
                self.warn(
                    "example-not-json",
                    at,
                    format!("the example is not JSON: {error}"),
                    "the example is left out; give a valid one in an overlay",
                );
                None
            }
        }
    }

    /// The value of an example. Losses are reported.
    pub(super) fn example(&mut self, example: Example, at: Passage<'_>) -> Value {
        for loss in example.losses {
            self.warn(
                "example-lossy",
                at,
                format!("the example has {loss}"),
                "give the example that is meant in an overlay",
            );
        }
        example.value
    }

    /// Reports a name with leading or trailing blanks. The name is kept unchanged.
    pub(super) fn check_name(&mut self, name: &str, at: Passage<'_>) {
        if name != name.trim() {
            self.warn(
                "blank-around-name",
                at,
                format!("the name `{name}` has a leading or trailing blank"),
                "it is kept unchanged; rename it in an overlay",
            );
        }
    }

    /// Compares the path parameters with the path template. Blanks around names are reported elsewhere.
    pub(super) fn check_path(
        &mut self,
        path: &str,
        request: Passage<'_>,
        parameters: &[(String, Passage<'a>)],
    ) {
        let variables = template_variables(path);
        for (name, at) in parameters {
            if !variables.contains(&name.trim()) {
                self.warn(
                    "path-parameter-not-in-template",
                    *at,
                    format!("the path parameter `{name}` is not in the template `{path}`"),
                    "remove it in an overlay, or correct its location",
                );
            }
        }
        let missing: Vec<_> = variables
            .iter()
            .filter(|variable| !parameters.iter().any(|(name, _)| name.trim() == **variable))
            .map(|variable| format!("`{variable}`"))
            .collect();
        if !missing.is_empty() {
            self.warn(
                "template-variable-without-parameter",
                request,
                format!(
                    "the path has variables that no parameter describes: {}",
                    missing.join(", ")
                ),
                "the variables stay in the path; describe them in an overlay",
            );
        }
    }

    /// Reports the first sample URL of a sample section that has an empty segment.
    pub(super) fn check_sample_urls(&mut self, samples: Passage<'a>) {
        for line in samples.lines() {
            let Some(scheme) = line.text.find("://") else {
                continue;
            };
            let url = line.from(scheme + "://".len());
            let end = url.text.find([' ', '"', '\'', '?', '`', ')']);
            let url = url.part(0, end.unwrap_or(url.text.len()));
            if let Some(empty) = url.text.find("//") {
                self.warn(
                    "empty-url-segment",
                    url.from(empty),
                    "the sample URL has an empty segment",
                    "the sample is not transcribed; the request line names the path",
                );
                return;
            }
        }
    }
}

/// The names in the braces of a path template.
pub(super) fn template_variables(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

/// The path item key of an HTTP method such as `GET`.
pub(super) fn method_key(method: &str) -> Option<&'static str> {
    Some(match method {
        "GET" => "get",
        "PUT" => "put",
        "POST" => "post",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        "HEAD" => "head",
        "PATCH" => "patch",
        "TRACE" => "trace",
        _ => return None,
    })
}

/// Parses a line `METHOD /path` to the key of the method and the path.
pub(super) fn request_line<'a>(line: Passage<'a>) -> Option<(&'static str, Passage<'a>)> {
    let space = line.text.find(' ')?;
    let method = method_key(line.part(0, space).text)?;
    let path = line.from(space).trim();
    (path.text.starts_with('/') && !path.text.contains(char::is_whitespace))
        .then_some((method, path))
}

/// Whether a text is a key of `responses`: a status, a range such as `2XX`, or `default`.
pub(super) fn is_status(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|c| ('1'..='5').contains(&c));
    let rest = characters.as_str();
    text == "default"
        || (first && rest.len() == 2 && (rest == "XX" || rest.chars().all(|c| c.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_a_template() {
        assert_eq!(template_variables("/a/{b}/c-{d}/"), ["b", "d"]);
        assert!(template_variables("/a/{b/").is_empty());
    }

    #[test]
    fn statuses() {
        for status in ["200", "default", "4XX"] {
            assert!(is_status(status), "{status}");
        }
        for text in ["", "20", "600", "2xx", "2000", "ok", "2é"] {
            assert!(!is_status(text), "{text}");
        }
    }

    #[test]
    fn request_lines() {
        let read = |text| request_line(Passage { start: 0, text }).map(|(m, p)| (m, p.text));
        assert_eq!(read("GET /a/{b}/"), Some(("get", "/a/{b}/")));
        assert_eq!(read("GET a"), None);
        assert_eq!(read("Get /a"), None);
        assert_eq!(read("GET /a b"), None);
    }
}

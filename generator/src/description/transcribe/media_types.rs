//! The media types of bodies, which pages name only in the headers of their samples.

use super::page::Passage;

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

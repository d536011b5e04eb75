//! Recorded exchanges: files in the HTTP Archive format (HAR 1.2), which browsers and proxies write.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::error::Category;

use crate::http::HttpMethod;

/// The exchanges of recordings.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Those that can be compared.
    pub exchanges: Vec<Exchange>,
    /// The entries that lack something, each with what it lacks.
    pub incomplete: Vec<String>,
}

/// A request and its response.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The file and the number of the entry in it, counted from 1.
    pub recorded: String,
    pub(super) method: HttpMethod,
    pub(super) url: String,
    /// The names and values of the query parameters. What has no `=` may be a value as well as a name.
    pub(super) query: Vec<(String, Option<String>)>,
    pub(super) request: Option<Json>,
    pub(super) status: u16,
    /// The media type of the response, without parameters, in lower case.
    pub(super) media_type: Option<String>,
    /// Whether the response has a body.
    pub(super) has_body: bool,
    /// The body of the response, if it is JSON.
    pub(super) response: Option<Json>,
}

#[derive(Deserialize)]
#[serde(expecting = "an HTTP archive")]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
#[serde(expecting = "a log of entries")]
struct Log {
    #[serde(default)]
    entries: Vec<Json>,
}

#[derive(Deserialize)]
#[serde(expecting = "an entry")]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a request")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    post_data: Option<Content>,
}

#[derive(Deserialize)]
#[serde(expecting = "a header")]
struct Header {
    name: String,
}

impl Request {
    /// Whether a browser asks, before a request to another origin, if it may send it. That is no operation of an API.
    fn is_preflight(&self) -> bool {
        let mut headers = self.headers.iter();
        self.method.eq_ignore_ascii_case("OPTIONS")
            && headers.any(|it| {
                it.name
                    .eq_ignore_ascii_case("Access-Control-Request-Method")
            })
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a response")]
struct Response {
    status: i64,
    #[serde(default)]
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a body")]
struct Content {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    size: i64,
}

impl Recording {
    /// Adds what an archive has. Exchanges without a response, those of methods that OpenAPI does not know, and what a browser
    /// asks before a request to another origin are left out. So is an entry that lacks something, which is remembered.
    ///
    /// # Errors
    /// If the text is no archive. The error has a reason and a position, and no part of the text.
    pub fn read(&mut self, name: &str, text: &str) -> Result<(), String> {
        let archive = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        let archive: Archive = archive.map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("{} (line {line}, column {column})", reason(&error))
        })?;
        for (entry, number) in archive.log.entries.into_iter().zip(1..) {
            let recorded = format!("{name} entry {number}");
            match serde_json::from_value(entry) {
                Ok(entry) => self.exchanges.extend(exchange(&recorded, entry)),
                Err(error) => {
                    let incomplete = format!("{recorded}: {}", reason(&error));
                    self.incomplete.push(incomplete);
                }
            }
        }
        Ok(())
    }
}

/// What is wrong with a text, in words that repeat nothing of it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let positioned = text.rsplit_once(" at line ").filter(|_| error.line() > 0);
    let text = positioned.map_or(text.as_str(), |(reason, _)| reason);
    if let Some(field) = text.strip_prefix("missing field ") {
        return format!("{field} is missing");
    }
    match (error.classify(), text.rsplit_once(", expected ")) {
        // Between the two is the value itself.
        (Category::Data, Some((_, "i64"))) => "a value is not a whole number".to_owned(),
        (Category::Data, Some((_, expected))) => format!("a value is not {expected}"),
        (Category::Data, None) => "a value is of another type".to_owned(),
        (Category::Eof, _) => text.replacen("EOF while parsing", "the text ends inside of", 1),
        _ => text.to_owned(),
    }
}

fn exchange(recorded: &str, entry: Entry) -> Option<Exchange> {
    let Entry { request, response } = entry;
    if request.is_preflight() {
        return None;
    }
    let status = u16::try_from(response.status)
        .ok()
        .filter(|it| *it >= 100)?;
    let media_type = media_type(&response.content.mime_type);
    let query = request.url.split('#').next().unwrap_or_default();
    let query = query.split_once('?').map_or("", |(_, query)| query);
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&text);
        text.decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let query = pairs.map(|pair| match pair.split_once('=') {
        Some((name, value)) => (decoded(name), Some(decoded(value))),
        None => (decoded(pair), None),
    });
    Some(Exchange {
        recorded: recorded.to_owned(),
        method: method(&request.method)?,
        query: query.collect(),
        request: request.post_data.and_then(|data| json(&data)),
        status,
        has_body: !response.content.text.is_empty() || response.content.size > 0,
        response: json(&response.content),
        media_type,
        url: request.url,
    })
}

fn json(content: &Content) -> Option<Json> {
    let is_json = media_type(&content.mime_type).is_some_and(|it| crate::media_type::is_json(&it));
    if !is_json {
        return None;
    }
    match content.encoding.as_deref() {
        Some("base64") => serde_json::from_slice(&from_base64(&content.text)?).ok(),
        _ => serde_json::from_str(&content.text).ok(),
    }
}

/// The bytes of a text in base64, in which line breaks mean nothing.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// A media type without parameters. `None` for the texts that recorders write where there is none.
fn media_type(text: &str) -> Option<String> {
    let text = text.split(';').next().unwrap_or_default().trim();
    let is_known = text.contains('/') && text != "x-unknown";
    is_known.then(|| text.to_ascii_lowercase())
}

fn method(name: &str) -> Option<HttpMethod> {
    let mut methods = HttpMethod::ALL.into_iter();
    methods.find(|method| method.as_str().eq_ignore_ascii_case(name))
}

//! Recorded exchanges: files in the HTTP Archive format (HAR 1.2), which browsers and proxies write.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::http::HttpMethod;

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
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    post_data: Option<Content>,
}

#[derive(Deserialize)]
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
struct Response {
    status: i64,
    #[serde(default)]
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
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

/// Reads an archive. Exchanges without a response, those of methods that OpenAPI does not know, and what a browser asks before
/// a request to another origin are left out.
///
/// # Errors
/// If the text is no archive.
pub fn read(name: &str, text: &str) -> Result<Vec<Exchange>, serde_json::Error> {
    let archive: Archive = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
    let entries = archive.log.entries.into_iter().zip(1..);
    Ok(entries
        .filter_map(|(entry, number)| exchange(&format!("{name} entry {number}"), entry))
        .collect())
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

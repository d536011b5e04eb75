//! Recorded exchanges: files in the HTTP Archive format (HAR 1.2), which browsers and proxies write.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::error::Category;

use crate::http::HttpMethod;

/// The exchanges of recordings.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Those that can be compared.
    pub exchanges: Vec<Exchange>,
    /// The entries that lack something or have a body that cannot be read, each with that.
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
    pub(super) request: Option<Sent>,
    pub(super) status: u16,
    /// The media type of the response, without parameters, in lower case.
    pub(super) media_type: Option<String>,
    /// Whether the response has a body.
    pub(super) has_body: bool,
    /// The body of the response, if it is JSON.
    pub(super) response: Option<Json>,
}

/// The body of a request, if it has one.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// The media type, without parameters, in lower case.
    pub(super) media_type: String,
    pub(super) body: SentBody,
}

#[derive(Debug, Clone)]
pub(super) enum SentBody {
    Json(Json),
    /// The fields of a form, or the parts of a multipart body.
    Form(Vec<Field>),
    /// What is not compared.
    Other,
}

/// A field of a form. Without a value, it is a text without `=`; a part of a multipart body has an empty one.
#[derive(Debug, Clone, Deserialize)]
#[serde(expecting = "a field of a form")]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: Option<String>,
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

impl Entry {
    /// Whether a body has a media type of JSON, and is none.
    fn has_broken_json(&self) -> bool {
        let sent = self.request.post_data.iter();
        let mut bodies = sent.chain([&self.response.content]);
        bodies.any(|body| is_json(body) && !body.text.trim().is_empty() && json(body).is_none())
    }
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
    params: Vec<Field>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    size: i64,
}

impl Recording {
    /// Adds what an archive has. Exchanges without a response, those of methods that OpenAPI does not know, and what a browser
    /// asks before a request to another origin are left out. So is an entry that lacks something or has a body that cannot be
    /// read, which is remembered.
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
            match serde_json::from_value::<Entry>(entry) {
                Ok(entry) if entry.has_broken_json() => {
                    let broken = format!("{recorded}: a body is not JSON, but is said to be");
                    self.incomplete.push(broken);
                }
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
    let query = pairs(query).map(|Field { name, value }| (name, value));
    Some(Exchange {
        recorded: recorded.to_owned(),
        method: method(&request.method)?,
        query: query.collect(),
        request: request.post_data.and_then(sent),
        status,
        has_body: !response.content.text.is_empty() || response.content.size > 0,
        response: json(&response.content),
        media_type,
        url: request.url,
    })
}

/// The names and values of a query, or of a form.
fn pairs(text: &str) -> impl Iterator<Item = Field> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&text);
        text.decode_utf8_lossy().into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(move |pair| match pair.split_once('=') {
        Some((name, value)) => Field {
            name: decoded(name),
            value: Some(decoded(value)),
        },
        None => Field {
            name: decoded(pair),
            value: None,
        },
    })
}

fn sent(content: Content) -> Option<Sent> {
    let media_type = media_type(&content.mime_type)?;
    if content.text.is_empty() && content.params.is_empty() {
        return None;
    }
    let text = || Some(String::from_utf8_lossy(&content.bytes()?).into_owned());
    let body = match media_type.as_str() {
        "application/x-www-form-urlencoded" => match text().filter(|text| !text.is_empty()) {
            Some(text) => SentBody::Form(pairs(text.trim()).collect()),
            None => SentBody::Form(content.params),
        },
        "multipart/form-data" if content.params.is_empty() => {
            let parts = text().and_then(|text| parts(&text, &content.mime_type));
            parts.map_or(SentBody::Other, SentBody::Form)
        }
        "multipart/form-data" => {
            let names = content.params.into_iter().map(|it| part(&it.name));
            SentBody::Form(names.collect())
        }
        _ => json(&content).map_or(SentBody::Other, SentBody::Json),
    };
    Some(Sent { media_type, body })
}

/// The names of the parts of a multipart body. `None` if it has no boundary.
fn parts(text: &str, content_type: &str) -> Option<Vec<Field>> {
    let mut parameters = content_type.split(';').skip(1);
    let boundary = parameters.find_map(|it| parameter(it, "boundary"))?;
    let delimiter = format!("--{boundary}");
    let sections = text.split(&delimiter).skip(1);
    let dispositions = sections.filter_map(|section| {
        let headers = section.trim_start().lines().take_while(|it| !it.is_empty());
        let mut fields = headers.filter_map(|line| line.split_once(':'));
        fields.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
    });
    let names = dispositions.filter_map(|(_, value)| {
        let mut parameters = value.split(';').skip(1);
        parameters.find_map(|it| parameter(it, "name"))
    });
    Some(names.map(part).collect())
}

fn part(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        value: Some(String::new()),
    }
}

/// The value of a parameter of a header, if it has this name.
fn parameter<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (key, value) = text.split_once('=')?;
    let is_named = key.trim().eq_ignore_ascii_case(name);
    is_named.then(|| value.trim().trim_matches('"'))
}

impl Content {
    fn bytes(&self) -> Option<Vec<u8>> {
        match self.encoding.as_deref() {
            Some("base64") => from_base64(&self.text),
            _ => Some(self.text.as_bytes().to_vec()),
        }
    }
}

fn is_json(content: &Content) -> bool {
    media_type(&content.mime_type).is_some_and(|it| crate::media_type::is_json(&it))
}

fn json(content: &Content) -> Option<Json> {
    if !is_json(content) {
        return None;
    }
    serde_json::from_slice(&content.bytes()?).ok()
}

/// The bytes of a text in base64, in which line breaks mean nothing. Padding may be absent.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let text: String = text.split_ascii_whitespace().collect();
    GeneralPurpose::new(&STANDARD, config).decode(text).ok()
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

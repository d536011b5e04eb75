//! Reads the parts of a page that are not operations: title, servers, contact, security schemes, tags.

use serde_json::Value;

use crate::description::transcribe::document::Document;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::{Passage, Section, front_matter_value, split};
use crate::description::transcribe::reader::PageReader;

use super::{SectionKind, attribute};

/// Sets `info`, `servers` and the security schemes of the document.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    matter: Option<Passage<'a>>,
    sections: &[Section<'a, SectionKind>],
    document: &mut Document,
) {
    let sections_of = |kind| sections.iter().filter(move |part| part.kind == kind);
    let section = sections_of(SectionKind::Title).next();
    let heading = section.and_then(|part| part.heading.between(">", "</h1>"));
    let title = heading.or_else(|| front_matter_value(matter?, "title"));
    if let Some(title) = title {
        let mut info = reader.object(title);
        match versioned(title) {
            Some((name, version)) => {
                info.set("title", name.text);
                info.set("version", version.text);
            }
            None => info.set("title", title.text),
        }
        if let Some(section) = section {
            read_title_section(reader, section.body, &mut info, document);
        }
        document.info = Some(info);
    }
    for section in sections_of(SectionKind::Authentication) {
        read_security_schemes(reader, section.body, document);
    }
}

/// Splits `Title v1.0` into title and version.
fn versioned(title: Passage<'_>) -> Option<(Passage<'_>, Passage<'_>)> {
    let at = title.text.rfind(" v")?;
    let version = title.from(at + " v".len());
    let is_version = version.text.starts_with(|c: char| c.is_ascii_digit())
        && !version.text.contains(char::is_whitespace);
    is_version.then(|| (title.part(0, at).trim(), version))
}

/// What a line below the title starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TitleLine {
    Hint,
    Servers,
    Links,
}

fn read_title_section<'a>(
    reader: &mut PageReader<'a, '_>,
    body: Passage<'a>,
    info: &mut Object,
    document: &mut Document,
) {
    let (before, parts) = split(body, |lines| {
        let line = lines.first()?.text.trim();
        if line.starts_with("> Scroll down for ") {
            return Some(TitleLine::Hint);
        }
        let is_link = ["Email: <a ", "Web: <a ", "License: "]
            .iter()
            .any(|each| line.starts_with(each))
            || line.ends_with(">Terms of service</a>");
        match line {
            "Base URLs:" => Some(TitleLine::Servers),
            _ => is_link.then_some(TitleLine::Links),
        }
    });
    let hint = parts.iter().find(|part| part.kind == TitleLine::Hint);
    let prose = [Some(before), hint.map(|part| part.body)];
    for prose in prose.into_iter().flatten() {
        match prose.markdown() {
            Some(text) if info.get("description").is_none() => {
                info.set_from("description", text, reader.span(prose.trim()));
            }
            _ => reader.unread(prose),
        }
    }
    for part in parts {
        match part.kind {
            TitleLine::Hint => {}
            TitleLine::Servers => read_servers(reader, part.body, document),
            TitleLine::Links => {
                read_links(reader, part.heading, info);
                reader.unread(part.body);
            }
        }
    }
}

fn read_servers<'a>(reader: &mut PageReader<'a, '_>, body: Passage<'a>, document: &mut Document) {
    for line in body.lines().filter(|line| !line.is_blank()) {
        match attribute(line, "href").filter(|_| line.text.starts_with("* ")) {
            Some(url) => {
                let mut server = reader.object(line);
                server.set("url", url.text);
                document.servers.push(server.into_value());
            }
            None => reader.unread(line),
        }
    }
}

/// Reads terms of service, contact and license. Each is a link with a label before it or inside it.
fn read_links<'a>(reader: &mut PageReader<'a, '_>, line: Passage<'a>, info: &mut Object) {
    let mut rest = line;
    let mut contact = None;
    while let Some(end) = rest.text.find("</a>") {
        let link = rest.part(0, end);
        rest = rest.from(end + "</a>".len());
        let (Some(href), Some(open)) = (attribute(link, "href"), link.text.find('<')) else {
            continue;
        };
        let label = link.part(0, open).text.trim();
        let text = link.text.rsplit('>').next().unwrap_or("").trim();
        match label {
            "Email:" | "Web:" => {
                let contact = contact.get_or_insert_with(|| reader.object(line));
                let (key, value) = match href.text.strip_prefix("mailto:") {
                    Some(address) => ("email", address),
                    None => ("url", href.text),
                };
                contact.set("name", text);
                contact.set(key, value);
            }
            "License:" => {
                let mut license = reader.object(line);
                license.set("name", text);
                license.set("url", href.text);
                info.set_from("license", license, reader.span(line));
            }
            _ => info.set_from("termsOfService", href.text, reader.span(line)),
        }
    }
    if let Some(contact) = contact {
        info.set_from("contact", contact, reader.span(line));
    }
    match rest.trim().strip_prefix("License:").map(Passage::trim) {
        Some(name) if !name.is_blank() => {
            let mut license = reader.object(line);
            license.set("name", name.text);
            info.set_from("license", license, reader.span(line));
        }
        _ => reader.unread(rest),
    }
}

/// Reads lines `* API Key (id)` with `- Parameter Name: **name**, in: header. Description` below them. Any other scheme is
/// reported once: it is an item of the list, with details and a table below it.
fn read_security_schemes<'a>(
    reader: &mut PageReader<'a, '_>,
    body: Passage<'a>,
    document: &mut Document,
) {
    let mut open: Option<(Passage<'a>, Passage<'a>)> = None;
    let mut is_reported = false;
    for line in body.lines().filter(|line| !line.is_blank()) {
        if let Some(id) = line
            .strip_prefix("* API Key (")
            .and_then(|rest| rest.trim().strip_suffix(")"))
        {
            open = Some((line, id));
            is_reported = false;
            continue;
        }
        if line.text.starts_with("- ") || line.text.starts_with("* ") {
            is_reported = false;
        }
        let detail = line.trim().strip_prefix("- Parameter Name: **");
        match (open.take(), detail) {
            (Some((at, id)), Some(detail)) => {
                if let Some(scheme) = api_key(reader, at, line, detail) {
                    document.security_schemes.insert(id.text.to_owned(), scheme);
                }
            }
            _ if is_reported => {}
            _ => {
                is_reported = true;
                reader.warn(
                    "security-scheme",
                    line,
                    "only API keys have an identifier on the page; this scheme is not transcribed",
                    "declare the scheme in an overlay",
                );
            }
        }
    }
}

fn api_key<'a>(
    reader: &mut PageReader<'a, '_>,
    at: Passage<'a>,
    line: Passage<'a>,
    detail: Passage<'a>,
) -> Option<Value> {
    let Some(close) = detail.text.find("**, in: ") else {
        reader.unread(line);
        return None;
    };
    let name = detail.part(0, close);
    let rest = detail.from(close + "**, in: ".len());
    let dot = rest.text.find('.').unwrap_or(rest.text.len());
    let location = rest.part(0, dot).trim();
    let description = rest.from((dot + 1).min(rest.text.len())).trim();
    if location.text == "header" && !is_header_name(name.text) {
        reader.warn(
            "invalid-header-name",
            name,
            format!("`{}` is not a valid HTTP header name", name.text),
            "it is kept unchanged; give the real header in an overlay",
        );
    }
    let mut scheme = reader.object(at);
    scheme.set("type", "apiKey");
    scheme.set_from("name", name.text, reader.span(name));
    scheme.set_from("in", location.text, reader.span(location));
    if let Some(text) = description.markdown() {
        scheme.set_from("description", text, reader.span(description));
    }
    Some(scheme.into_value())
}

/// Whether a text is a token of RFC 9110, section 5.6.2, as header names are.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Adds a tag and returns its name.
pub(super) fn read_tag<'a>(
    reader: &mut PageReader<'a, '_>,
    section: &Section<'a, SectionKind>,
    document: &mut Document,
) -> Option<Passage<'a>> {
    let Some(name) = section
        .heading
        .between(">", "</h1>")
        .filter(|name| !name.is_blank())
    else {
        reader.unread(section.heading);
        return None;
    };
    let mut tag = reader.object(section.heading);
    tag.set("name", name.text);
    let mut prose = section.body.trim();
    let mut documentation = None;
    // The renderer writes the external documentation as a link on the last line.
    if let Some(line) = prose.lines().last()
        && line.text.starts_with("<a href=\"")
        && line.text.trim_end().ends_with("</a>")
        && let Some(url) = attribute(line, "href")
    {
        let mut link = reader.object(line);
        if let Some(text) = line.between(">", "</a>").and_then(Passage::markdown) {
            link.set("description", text);
        }
        link.set("url", url.text);
        documentation = Some((link, line));
        prose = prose.part(0, line.start - prose.start).trim();
    }
    reader.check_prose(prose);
    if let Some(text) = prose.markdown() {
        tag.set_from("description", text, reader.span(prose));
    }
    if let Some((link, line)) = documentation {
        tag.set_from("externalDocs", link, reader.span(line));
    }
    document.tags.push(tag.into_value());
    Some(name)
}

//! Matching the path of a request against the path of an operation.

#![allow(dead_code, reason = "an API may have no operations")]

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use axum::http::Uri;

use super::percent;
use crate::operation::{Operation, PathPart};

/// A path split at its slashes.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Vec<Piece>>,
    /// Required pairs of the query, where a description has them in the path.
    query: Vec<(String, Piece)>,
    /// Whether the route of axum with its pattern has no other paths, but those with two slashes in a row.
    is_exact: bool,
    /// The parameters of the path, and the positions of their segments.
    parameters: Vec<(&'static str, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(&'static str),
}

impl Piece {
    fn text(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Parameter(name) => name,
        }
    }

    fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Parameter(_) => None,
        }
    }
}

impl Template {
    pub(super) fn new(operation: &Operation) -> Self {
        let (mut segments, mut segment) = (Vec::new(), Vec::new());
        let mut query = Vec::new();
        let mut parts = operation.path_parts();
        for part in parts.by_ref() {
            match part {
                PathPart::Parameter(name) => segment.push(Piece::Parameter(name)),
                PathPart::Literal(text) => {
                    let (path, after) = split_query(text);
                    for (index, piece) in path.split('/').enumerate() {
                        if index > 0 {
                            segments.push(std::mem::take(&mut segment));
                        }
                        if !piece.is_empty() {
                            let decoded = percent::decode(piece);
                            let piece = decoded.unwrap_or_else(|| piece.to_owned());
                            segment.push(Piece::Literal(piece));
                        }
                    }
                    if let Some(after) = after {
                        query.push(PathPart::Literal(after));
                        break;
                    }
                }
            }
        }
        segments.push(segment);
        query.extend(parts);
        // Every path starts with a slash, which makes the first segment empty.
        if !segments.first().is_some_and(Vec::is_empty) || segments.len() == 1 {
            segments.insert(0, Vec::new());
        }
        let query = query_pairs(&query);
        let is_exact = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [] | [Piece::Parameter(_)] => true,
            [Piece::Literal(text)] => is_plain(text),
            _ => false,
        };
        let is_exact = query.is_empty() && segments.iter().all(is_exact);
        let pieces = segments.iter().enumerate();
        let pieces = pieces.flat_map(|(index, pieces)| pieces.iter().map(move |piece| (piece, index)));
        let parameters = pieces.filter_map(|(piece, index)| match piece {
            Piece::Parameter(name) => Some((*name, index)),
            Piece::Literal(_) => None,
        });
        let parameters = parameters.collect();
        Self { segments, query, is_exact, parameters }
    }

    /// The path in the syntax of axum. A segment that axum cannot express (several parameters, a prefix, a suffix,
    /// characters with more than one encoding) becomes one parameter, and [`captures`](Self::captures) matches it.
    /// Parameters are named by position, so that paths of the same shape have the same pattern.
    pub(super) fn pattern(&self) -> String {
        self.written(|index, _| format!("p{index}"))
    }

    /// The [`pattern`](Self::pattern) with the names of the description: `/teams/{id}`, and `/{base...head}` for a segment
    /// of several pieces.
    pub(super) fn documented(&self) -> String {
        let mut used = BTreeSet::new();
        self.written(|index, pieces| {
            let name: String = pieces.iter().map(Piece::text).collect();
            let is_usable = !name.contains(['{', '}', '*', '/']) && used.insert(name.clone());
            if is_usable { name } else { format!("p{index}") }
        })
    }

    fn written(&self, mut name: impl FnMut(usize, &[Piece]) -> String) -> String {
        let segments = self.segments.iter().enumerate();
        let segments = segments.map(|(index, pieces)| match pieces.as_slice() {
            [] => String::new(),
            [Piece::Literal(text)] if is_plain(text) => text.clone(),
            pieces => format!("{{{}}}", name(index, pieces)),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The sort key of the templates of one pattern: those with more literal text come first.
    pub(super) fn rank(&self) -> (Vec<(usize, Reverse<usize>)>, Reverse<usize>) {
        let rank = |pieces: &Vec<Piece>| {
            let has_parameters = pieces.iter().any(|piece| piece.literal().is_none());
            let literal: usize = pieces.iter().filter_map(Piece::literal).map(str::len).sum();
            let class = match (has_parameters, literal) {
                (false, _) => 0,
                (true, 0) => 2,
                (true, _) => 1,
            };
            (class, Reverse(literal))
        };
        let segments = self.segments.iter().map(rank).collect();
        (segments, Reverse(self.query.len()))
    }

    /// Whether a target that is of the route with this pattern matches this template.
    pub(super) fn matches_on_route(&self, uri: &Uri) -> bool {
        (self.is_exact && !uri.path().contains("//")) || self.matches(uri)
    }

    /// Whether a target has a path of this template, and its query.
    pub(super) fn matches(&self, uri: &Uri) -> bool {
        let mut segments = uri.path().split('/');
        let mut is_next = |pieces: &Vec<Piece>| {
            let raw = segments.next();
            raw.is_some_and(|raw| capture(pieces, raw, &mut |_, _| {}).is_some())
        };
        self.segments.iter().all(&mut is_next) && segments.next().is_none() && self.matches_query(uri)
    }

    fn matches_query(&self, uri: &Uri) -> bool {
        if self.query.is_empty() {
            return true;
        }
        let pairs = percent::pairs(uri.query().unwrap_or_default());
        self.query.iter().all(|(key, expected)| {
            let mut pairs = pairs.iter().filter(|pair| pair.key == *key);
            pairs.any(|pair| match expected {
                Piece::Parameter(_) => true,
                Piece::Literal(text) => percent::decode_form(&pair.raw).as_ref() == Some(text),
            })
        })
    }

    /// The text of a parameter in a target that matches, percent-encoded.
    pub(super) fn parameter<'u>(&self, name: &str, uri: &'u Uri) -> Option<Cow<'u, str>> {
        let Some((_, index)) = self.parameters.iter().find(|(own, _)| *own == name) else {
            let is_own = |piece: &Piece| matches!(piece, Piece::Parameter(own) if *own == name);
            let (key, _) = self.query.iter().find(|(_, piece)| is_own(piece))?;
            let mut pairs = percent::pairs(uri.query()?).into_iter();
            return pairs.find_map(|pair| (pair.key == *key).then_some(Cow::Owned(pair.raw)));
        };
        let (pieces, raw) = (self.segments.get(*index)?, segment(uri.path(), *index)?);
        if let [Piece::Parameter(_)] = pieces.as_slice() {
            return Some(Cow::Borrowed(raw));
        }
        let mut found = None;
        capture(pieces, raw, &mut |own, text| {
            if own == name {
                found.get_or_insert(text);
            }
        })?;
        found.map(Cow::Borrowed)
    }
}

/// The target with letters, digits and `-._~` as they are in its path (RFC 3986, 6.2.2.2); `None` where all of them are.
pub(super) fn plain(uri: &Uri) -> Option<Uri> {
    let path = uri.path().as_bytes();
    if !path.contains(&b'%') {
        return None;
    }
    let (mut plain, mut position) = (Vec::with_capacity(path.len()), 0);
    while let Some((byte, length)) = percent::first_byte(path.get(position..)?) {
        let end = position + length;
        if is_plain_byte(byte) {
            plain.push(byte)
        } else {
            plain.extend_from_slice(path.get(position..end)?)
        }
        position = end;
    }
    if plain.len() == path.len() {
        return None;
    }
    if let Some(query) = uri.query() {
        plain.push(b'?');
        plain.extend_from_slice(query.as_bytes());
    }
    Uri::try_from(plain).ok()
}

/// The text between two slashes; the first one is before the first slash.
fn segment(path: &str, index: usize) -> Option<&str> {
    let (mut start, mut left) = (0, index);
    for (position, byte) in path.bytes().enumerate() {
        if byte == b'/' {
            if left == 0 {
                return path.get(start..position);
            }
            (start, left) = (position + 1, left - 1);
        }
    }
    path.get(start..).filter(|_| left == 0)
}

/// Splits a path of a description at its query or fragment.
fn split_query(text: &'static str) -> (&'static str, Option<&'static str>) {
    match text.find(['?', '#']).map(|end| text.split_at(end)) {
        Some((path, after)) => (path, Some(after.strip_prefix('?').unwrap_or(after))),
        None => (text, None),
    }
}

/// The pairs of a query in a path: `kind=1&id={id}`. A value is a text or a parameter.
fn query_pairs(parts: &[PathPart]) -> Vec<(String, Piece)> {
    let mut pairs = Vec::new();
    for part in parts {
        match part {
            PathPart::Parameter(name) => {
                if let Some((_, value)) = pairs.last_mut() {
                    *value = Piece::Parameter(name);
                }
            }
            PathPart::Literal(text) => {
                let query = text.split('#').next().unwrap_or_default();
                pairs.extend(percent::pairs(query).into_iter().map(|pair| {
                    let value = percent::decode_form(&pair.raw).unwrap_or(pair.raw);
                    (pair.key, Piece::Literal(value))
                }));
                if query.len() < text.len() {
                    break;
                }
            }
        }
    }
    pairs
}

/// Letters, digits and the punctuation that is never percent-encoded in a path.
fn is_plain(text: &str) -> bool {
    text.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Matches one segment, and gives its parameters to `found`. A parameter matches as little as possible, the last one the
/// rest. A literal before other pieces matches its first occurrence, so that the time is linear.
fn capture<'u, F: FnMut(&'static str, &'u str)>(pieces: &[Piece], raw: &'u str, found: &mut F) -> Option<()> {
    match pieces {
        [] => raw.is_empty().then_some(()),
        [Piece::Literal(text), rest @ ..] => capture(rest, raw.get(literal_length(text, raw)?..)?, found),
        [Piece::Parameter(name)] => (!raw.is_empty()).then(|| found(name, raw)),
        [Piece::Parameter(name), Piece::Literal(text), rest @ ..] => {
            let (value, after) = split_at_literal(text, rest.is_empty(), raw)?;
            found(name, value);
            capture(rest, after, found)
        }
        [Piece::Parameter(name), rest @ ..] => {
            let (_, length) = percent::first_byte(raw.as_bytes())?;
            let (value, after) = raw.split_at_checked(length)?;
            found(name, value);
            capture(rest, after, found)
        }
    }
}

/// The text before and after the first `text` (if `last`, the one at the end) that is not at the start.
fn split_at_literal<'a>(text: &str, last: bool, raw: &'a str) -> Option<(&'a str, &'a str)> {
    let mut position = 0;
    while let Some((_, length)) = percent::first_byte(raw.as_bytes().get(position..)?) {
        position += length;
        let Some((value, rest)) = raw.split_at_checked(position) else {
            continue;
        };
        if let Some(found) = literal_length(text, rest)
            && (!last || found == rest.len())
        {
            return Some((value, rest.get(found..)?));
        }
    }
    None
}

/// The length of `text` at the start of `raw`, percent-encoded or not.
fn literal_length(text: &str, raw: &str) -> Option<usize> {
    // Hardly ever is a literal percent-encoded.
    if raw.starts_with(text) && !text.contains('%') {
        return Some(text.len());
    }
    let mut position = 0;
    for expected in text.bytes() {
        let (byte, length) = percent::first_byte(raw.as_bytes().get(position..)?)?;
        if byte != expected {
            return None;
        }
        position += length;
    }
    Some(position)
}

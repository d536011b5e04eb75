//! The paths of operations, and how a request's path is matched against one.

use std::cmp::Reverse;

use super::percent;

/// An operation as the router knows it.
#[derive(Debug)]
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path as the description writes it.
    pub template: &'static str,
    /// The parts that make up the path.
    pub parts: &'static [Part],
    /// The id of the operation.
    pub operation_id: &'static str,
    /// Whether the operation takes a body; otherwise none is read.
    pub reads_body: bool,
}

/// A part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Text that must stand there, slashes included.
    Literal(&'static str),
    /// A parameter of this name; it takes at least one character and never a slash.
    Parameter(&'static str),
}

/// The path parameters of a request: name and text, still percent-encoded.
pub(super) type Captures = Vec<(&'static str, String)>;

/// A path split at its slashes.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Vec<Piece>>,
    /// Pairs that the query must have, of a description that writes them into the path.
    query: Vec<(String, Piece)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(&'static str),
}

impl Template {
    pub(super) fn new(parts: &[Part]) -> Self {
        let mut segments = vec![Vec::new()];
        let mut query: Option<Vec<Part>> = None;
        let push = |segments: &mut Vec<Vec<Piece>>, piece| {
            if let Some(last) = segments.last_mut() {
                last.push(piece);
            }
        };
        for part in parts {
            if let Some(query) = &mut query {
                query.push(*part);
                continue;
            }
            match part {
                Part::Parameter(name) => push(&mut segments, Piece::Parameter(name)),
                Part::Literal(text) => {
                    let (path, after) = split_query(text);
                    for (index, piece) in path.split('/').enumerate() {
                        if index > 0 {
                            segments.push(Vec::new());
                        }
                        if !piece.is_empty() {
                            let decoded = percent::decode(piece);
                            let piece = decoded.unwrap_or_else(|| piece.to_owned());
                            push(&mut segments, Piece::Literal(piece));
                        }
                    }
                    query = after.map(|after| vec![Part::Literal(after)]);
                }
            }
        }
        let query = query_pairs(&query.unwrap_or_default());
        // Every path starts with a slash, which leaves an empty first segment.
        if !segments.first().is_some_and(Vec::is_empty) || segments.len() == 1 {
            segments.insert(0, Vec::new());
        }
        Self { segments, query }
    }

    /// The path in the syntax of axum. A segment that axum cannot express (several parameters, a prefix, a suffix,
    /// characters that may be encoded in more than one way) becomes a parameter of its own and is left to
    /// [`captures`](Self::captures). Parameters are named by position: paths of one shape give one pattern.
    pub(super) fn pattern(&self) -> String {
        let segments: Vec<String> = self
            .segments
            .iter()
            .enumerate()
            .map(|(index, pieces)| match pieces.as_slice() {
                [] => String::new(),
                [Piece::Literal(text)] if is_plain(text) => text.clone(),
                _ => format!("{{p{index}}}"),
            })
            .collect();
        segments.join("/")
    }

    /// Sorts the templates of one pattern: those with more literal text are tried first.
    pub(super) fn rank(&self) -> (Vec<(usize, Reverse<usize>)>, Reverse<usize>) {
        let segments = self
            .segments
            .iter()
            .map(|pieces| {
                let parameters = pieces
                    .iter()
                    .filter(|piece| matches!(piece, Piece::Parameter(_)))
                    .count();
                let literal: usize = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Literal(text) => text.len(),
                        Piece::Parameter(_) => 0,
                    })
                    .sum();
                let class = match (parameters, literal) {
                    (0, _) => 0,
                    (_, 0) => 2,
                    _ => 1,
                };
                (class, Reverse(literal))
            })
            .collect();
        (segments, Reverse(self.query.len()))
    }

    /// The parameters of a path, or `None` when path or query are not of this template.
    pub(super) fn captures(&self, path: &str, query: &str) -> Option<Captures> {
        let mut captures = Captures::new();
        if !self.query.is_empty() {
            let pairs = percent::pairs(query);
            for (key, expected) in &self.query {
                let pair = pairs.iter().find(|pair| match expected {
                    Piece::Parameter(_) => pair.key == *key,
                    Piece::Literal(text) => {
                        pair.key == *key && percent::decode_form(&pair.raw).as_ref() == Some(text)
                    }
                })?;
                if let Piece::Parameter(name) = expected {
                    captures.push((name, pair.raw.clone()));
                }
            }
        }
        let mut segments = path.split('/');
        for pieces in &self.segments {
            capture(pieces, segments.next()?, &mut captures)?;
        }
        segments.next().is_none().then_some(captures)
    }
}

/// A description may write a query or a fragment into a path. Gives the path, and what follows it, if anything does.
fn split_query(text: &'static str) -> (&'static str, Option<&'static str>) {
    match text.find(['?', '#']).map(|end| text.split_at(end)) {
        Some((path, after)) => (path, Some(after.strip_prefix('?').unwrap_or(after))),
        None => (text, None),
    }
}

/// The pairs of a query in a path: `kind=1&id={id}`. A value is all text or all parameter; a fragment ends it.
fn query_pairs(parts: &[Part]) -> Vec<(String, Piece)> {
    let mut pairs = Vec::new();
    for part in parts {
        match part {
            Part::Parameter(name) => {
                if let Some((_, value)) = pairs.last_mut() {
                    *value = Piece::Parameter(name);
                }
            }
            Part::Literal(text) => {
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
    text.bytes()
        .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~'))
}

/// Matches one segment. A parameter takes as little as possible, the last one the rest. A literal that more parts follow
/// is taken where it stands first, so that the time is linear.
fn capture(pieces: &[Piece], raw: &str, captures: &mut Captures) -> Option<()> {
    match pieces {
        [] => raw.is_empty().then_some(()),
        [Piece::Literal(text), rest @ ..] => {
            let length = literal_length(text, raw)?;
            capture(rest, raw.get(length..)?, captures)
        }
        [Piece::Parameter(name)] => {
            (!raw.is_empty()).then(|| captures.push((name, raw.to_owned())))
        }
        [Piece::Parameter(name), Piece::Literal(text), rest @ ..] => {
            let (value, after) = split_at_literal(text, rest.is_empty(), raw)?;
            captures.push((name, value.to_owned()));
            capture(rest, after, captures)
        }
        [Piece::Parameter(name), rest @ ..] => {
            let (_, length) = percent::octet(raw.as_bytes())?;
            captures.push((name, raw.get(..length)?.to_owned()));
            capture(rest, raw.get(length..)?, captures)
        }
    }
}

/// What stands before and after the first `text` (the one at the end, if `last`) that has something before it.
fn split_at_literal<'raw>(
    text: &str,
    last: bool,
    raw: &'raw str,
) -> Option<(&'raw str, &'raw str)> {
    let mut position = 0;
    while let Some((_, length)) = percent::octet(raw.as_bytes().get(position..)?) {
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

/// How much of `raw` spells `text`, percent-encoded or not.
fn literal_length(text: &str, raw: &str) -> Option<usize> {
    let mut position = 0;
    for expected in text.bytes() {
        let (octet, length) = percent::octet(raw.as_bytes().get(position..)?)?;
        if octet != expected {
            return None;
        }
        position += length;
    }
    Some(position)
}

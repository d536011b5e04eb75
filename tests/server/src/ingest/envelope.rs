//! Envelopes: the form in which SDKs send several items at once.
//!
//! The first line is JSON for the whole envelope. Each item is a line of JSON about it, and its content. The content has the
//! length that the line states, or ends with its own line.

use serde::Deserialize;

use crate::error::Error;
use crate::undescribed::parse;

/// What the first line says.
#[derive(Deserialize)]
pub(crate) struct Header {
    /// The DSN, a URL with the client key.
    pub(crate) dsn: Option<String>,
    /// The id of the event that the items are about.
    pub(crate) event_id: Option<String>,
}

/// An item.
pub(crate) struct Item<'a> {
    /// What it is, such as `event`.
    pub(crate) kind: String,
    pub(crate) content: &'a [u8],
}

/// The header and the items of an envelope.
pub(crate) fn split(envelope: &[u8]) -> Result<(Header, Items<'_>), Error> {
    let (header, rest) = line(envelope);
    Ok((parse(header)?, Items { rest }))
}

/// The items of an envelope, which are read one by one.
pub(crate) struct Items<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<Item<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let item = self.read();
        if item.is_err() {
            self.rest = &[];
        }
        Some(item)
    }
}

impl<'a> Items<'a> {
    fn read(&mut self) -> Result<Item<'a>, Error> {
        #[derive(Deserialize)]
        struct ItemHeader {
            r#type: String,
            length: Option<usize>,
        }

        let (header, after) = line(self.rest);
        let header: ItemHeader = parse(header)?;
        let content = match header.length {
            Some(length) => after.split_at_checked(length),
            None => Some(line(after)),
        };
        let short = || Error::BadRequest("An item is shorter than its length.".to_owned());
        let (content, after) = content.ok_or_else(short)?;
        self.rest = after.strip_prefix(b"\n").unwrap_or(after);
        let kind = header.r#type;
        Ok(Item { kind, content })
    }
}

/// The first line, and what is after it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

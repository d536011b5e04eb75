//! The part of the emitted crate that depends on no API: the sources of `templates/runtime`.

use std::collections::BTreeMap;

use specweave_runtime::{CLIENT, MOUNT, NO_PATTERN, PATTERN, REFERENCE, SERVER, SHARED, Source};

use super::source_file::plain_file;

/// The patterns of requests, if they have any.
#[must_use]
pub fn pattern(any: bool) -> (String, Vec<u8>) {
    let (path, with) = PATTERN;
    let (_, without) = NO_PATTERN;
    file(&(path, if any { with } else { without }))
}

/// What models, client and server share.
pub(super) fn shared() -> BTreeMap<String, Vec<u8>> {
    SHARED.iter().map(file).collect()
}

/// The client.
pub(super) fn client() -> BTreeMap<String, Vec<u8>> {
    CLIENT.iter().map(file).collect()
}

/// The server side.
pub(super) fn server() -> BTreeMap<String, Vec<u8>> {
    let files = SERVER.iter().map(file);
    files.chain([page(&REFERENCE)]).collect()
}

/// What mounts webhooks.
pub(super) fn mount() -> (String, Vec<u8>) {
    file(&MOUNT)
}

fn file((path, text): &Source) -> (String, Vec<u8>) {
    ((*path).to_owned(), plain_file(text))
}

fn page((path, text): &Source) -> (String, Vec<u8>) {
    ((*path).to_owned(), (*text).into())
}

//! Which contents of a body are of one media type.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::description::document::Content;
use crate::media_type::is_json;

/// The range of all media types. A source that has it, as a page does that names no media type, leaves it to the others.
const ANY: &str = "*/*";

/// The contents that several sources have for one media type, in order of authority.
#[derive(Default)]
pub(super) struct SameMediaType<'d> {
    /// All of them.
    pub(super) all: Vec<&'d Content>,
    /// Those whose source names the media type.
    pub(super) named: Vec<&'d Content>,
}

/// The contents by media type. A content of any media type belongs to the one that other sources name. If they name several,
/// it is the first of those that are JSON, or else the first one.
pub(super) fn by_media_type<'d>(
    bodies: &[&'d IndexMap<String, Content>],
) -> BTreeMap<&'d str, SameMediaType<'d>> {
    let names_one = |contents: &IndexMap<String, Content>| contents.keys().any(|key| key != ANY);
    let is_named_beside = |body: usize| {
        let mut others = bodies.iter().enumerate();
        others.any(|(other, contents)| other != body && names_one(contents))
    };
    let named = bodies.iter().flat_map(|contents| contents.keys());
    let named = named.map(String::as_str).filter(|key| *key != ANY);
    let meant = named.min_by_key(|key| (!is_json(key), *key));
    let mut by_media_type: BTreeMap<&str, SameMediaType<'_>> = BTreeMap::new();
    for (body, contents) in bodies.iter().enumerate() {
        for (media_type, content) in *contents {
            match meant.filter(|_| media_type == ANY && is_named_beside(body)) {
                Some(meant) => by_media_type.entry(meant).or_default().all.push(content),
                None => {
                    let same = by_media_type.entry(media_type).or_default();
                    same.all.push(content);
                    same.named.push(content);
                }
            }
        }
    }
    by_media_type
}

//! The part of the server side that depends on no API.

use std::collections::BTreeMap;

use crate::emit::rust::plain_file;

/// Files of `templates/runtime/src/server` by their name.
macro_rules! runtime {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_str!(concat!("../../../../templates/runtime/src/server/", $name)),
        )),*]
    };
}

const FILES: &[(&str, &str)] = runtime![
    "context.rs",
    "fields.rs",
    "mod.rs",
    "parameter.rs",
    "payload.rs",
    "percent.rs",
    "problem.rs",
    "reply.rs",
    "route.rs",
    "router.rs",
    "service.rs",
    "shape.rs",
    "style.rs",
];

/// The runtime's files by their path in the emitted crate.
pub(super) fn files() -> BTreeMap<String, Vec<u8>> {
    let files = FILES.iter().map(|(name, text)| {
        let path = format!("src/server/{name}");
        (path, plain_file(text))
    });
    files.collect()
}

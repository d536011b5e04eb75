//! The part of the client that depends on no API.

use std::collections::BTreeMap;

use super::super::rust::plain_file;

/// Files of `templates/runtime/src/client` by their name.
macro_rules! runtime {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_str!(concat!("../../../../templates/runtime/src/client/", $name)),
        )),*]
    };
}

const FILES: &[(&str, &str)] = runtime![
    "builder.rs",
    "credential.rs",
    "deviation.rs",
    "error.rs",
    "event_stream.rs",
    "execute.rs",
    "form.rs",
    "header.rs",
    "link.rs",
    "mod.rs",
    "multipart.rs",
    "operation.rs",
    "pagination.rs",
    "parameter.rs",
    "path.rs",
    "rate_limit.rs",
    "request.rs",
    "response.rs",
    "retry.rs",
];

/// The runtime's files by their path in the emitted crate.
pub(super) fn files() -> BTreeMap<String, Vec<u8>> {
    let files = FILES.iter().map(|(name, text)| {
        let path = format!("src/client/{name}");
        (path, plain_file(text))
    });
    files.collect()
}

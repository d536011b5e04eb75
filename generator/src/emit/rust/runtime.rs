//! The part of the emitted crate that depends on no API: the sources of `templates/runtime`.

use std::collections::BTreeMap;

use super::source_file::plain_file;

/// Sources of the runtime by their path in the emitted crate.
macro_rules! sources {
    ($($path:literal),* $(,)?) => {
        &[$((
            concat!("src/", $path),
            include_str!(concat!("../../../../templates/runtime/src/", $path)),
        )),*]
    };
}

type Sources = &'static [(&'static str, &'static str)];

const SHARED: Sources = sources![
    "header.rs",
    "operation.rs",
    "security.rs",
    "types/any.rs",
    "types/base64.rs",
    "types/binary.rs",
    "types/change.rs",
    "types/contracts.rs",
    "types/date.rs",
    "types/decode.rs",
    "types/deviation.rs",
    "types/media_type.rs",
    "types/mod.rs",
    "types/object.rs",
    "types/open_enum.rs",
    "types/secret.rs",
    "types/serde_by.rs",
    "types/source.rs",
    "types/text_type.rs",
    "types/timestamp.rs",
    "types/tree.rs",
    "types/union.rs",
    "types/uri.rs",
];

const CLIENT: Sources = sources![
    "client/admission.rs",
    "client/blocking.rs",
    "client/body.rs",
    "client/browser.rs",
    "client/builder.rs",
    "client/call.rs",
    "client/clock.rs",
    "client/credential.rs",
    "client/deviation.rs",
    "client/download.rs",
    "client/error.rs",
    "client/event_stream.rs",
    "client/execute.rs",
    "client/field_error.rs",
    "client/form.rs",
    "client/handle.rs",
    "client/har.rs",
    "client/incoming.rs",
    "client/lines.rs",
    "client/link.rs",
    "client/mock.rs",
    "client/mod.rs",
    "client/multipart.rs",
    "client/native.rs",
    "client/observe.rs",
    "client/pagination.rs",
    "client/parameter.rs",
    "client/path.rs",
    "client/rate_limit.rs",
    "client/request.rs",
    "client/response.rs",
    "client/retry.rs",
    "client/transport.rs",
];

const PATTERN: Sources = sources!["server/pattern.rs"];

const NO_PATTERN: Sources = sources!["server/no_pattern.rs"];

const SERVER: Sources = sources![
    "server/authentication.rs",
    "server/context.rs",
    "server/endpoint.rs",
    "server/fields.rs",
    "server/mod.rs",
    "server/parameter.rs",
    "server/payload.rs",
    "server/percent.rs",
    "server/problem.rs",
    "server/reply.rs",
    "server/route.rs",
    "server/router.rs",
    "server/schema.rs",
    "server/serve.rs",
    "server/service.rs",
    "server/style.rs",
    "server/validation.rs",
    "server/value_type.rs",
];

/// The patterns of requests, if they have any.
#[must_use]
pub fn pattern(any: bool) -> Option<(String, Vec<u8>)> {
    let (_, text) = if any { PATTERN } else { NO_PATTERN }.first()?;
    Some(("src/server/pattern.rs".to_owned(), plain_file(text)))
}

/// What models, client and server share.
pub(super) fn shared() -> BTreeMap<String, Vec<u8>> {
    files(SHARED)
}

/// The client.
pub(super) fn client() -> BTreeMap<String, Vec<u8>> {
    files(CLIENT)
}

/// The server side.
pub(super) fn server() -> BTreeMap<String, Vec<u8>> {
    files(SERVER)
}

fn files(sources: Sources) -> BTreeMap<String, Vec<u8>> {
    let files = sources
        .iter()
        .map(|(path, text)| ((*path).to_owned(), plain_file(text)));
    files.collect()
}

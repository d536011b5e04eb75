//! The sources of the runtime as text: what the generator copies into the crates that it emits.
//!
//! A package of its own, in the folder of the files themselves: Cargo leaves out of a package what lies in the folder of
//! another one, and the package `runtime` around it is never published. It depends on nothing, since the generator needs
//! the texts alone.

/// A file: its path in the emitted crate, and its text.
pub type Source = (&'static str, &'static str);

macro_rules! source {
    ($path:literal) => {
        (concat!("src/", $path), include_str!($path))
    };
}

macro_rules! sources {
    ($($path:literal),* $(,)?) => {
        &[$(source!($path)),*]
    };
}

/// What models, client and server share.
pub const SHARED: &[Source] = sources![
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
    "types/promises.rs",
    "types/secret.rs",
    "types/serde_by.rs",
    "types/source.rs",
    "types/text_type.rs",
    "types/timestamp.rs",
    "types/tree.rs",
    "types/union.rs",
    "types/uri.rs",
];

/// The client.
pub const CLIENT: &[Source] = sources![
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
    "client/gunzip.rs",
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

/// The server.
pub const SERVER: &[Source] = sources![
    "server/authentication.rs",
    "server/context.rs",
    "server/document.rs",
    "server/endpoint.rs",
    "server/fake/mod.rs",
    "server/fake/store.rs",
    "server/fake/values.rs",
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
    "server/socket.rs",
    "server/style.rs",
    "server/upload.rs",
    "server/validation.rs",
    "server/value_type.rs",
];

/// Checks the patterns of requests.
pub const PATTERN: Source = source!("server/pattern.rs");

/// Stands in the place of [`PATTERN`] where no request has a pattern.
pub const NO_PATTERN: Source = source!("server/no_pattern.rs");

/// Mounts webhooks where there are any.
pub const MOUNT: Source = source!("server/mount.rs");

/// The page that shows the description.
pub const REFERENCE: Source = source!("server/reference.html");

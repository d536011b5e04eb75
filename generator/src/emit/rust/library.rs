//! `src/lib.rs`: the landing page of the documentation, and the modules.

use proc_macro2::TokenStream;
use quote::quote;

use super::Package;
use super::example::{self, Example};
use super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, Name, Operation, ParameterLocation, SecurityScheme};
use crate::emit::doc;
use crate::emit::features::FEATURES;
use crate::emit::tokens::{ident, string};

/// The file.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub(super) fn generate(
    api: &Api,
    library: &Name,
    package: Package,
) -> Result<Vec<u8>, FormatError> {
    let mut docs = vec![format!(
        "Types, a client and server traits for {} (API version {}).",
        doc::plain(&api.title),
        doc::code(&api.version)
    )];
    docs.extend(api.description.clone());
    let mut docs = doc::lines(&docs.join("\n\n")).to_vec();
    for section in [
        quick_start(api, library, package)?,
        features(),
        authentication(api),
        groups(api),
        ERRORS.to_owned(),
        VERSIONS.to_owned(),
        sources(api),
    ] {
        if !section.is_empty() {
            docs.push(String::new());
            docs.extend(section.lines().map(str::to_owned));
        }
    }
    let recursion_limit = string(&api.recursion_limit().to_string());
    let attributes = quote! {
        #![recursion_limit = #recursion_limit]
        #![forbid(unsafe_code)]
        #![warn(missing_docs)]
        #![allow(
            clippy::enum_variant_names,
            clippy::large_enum_variant,
            clippy::should_implement_trait,
            clippy::too_many_arguments,
            clippy::type_complexity,
            clippy::wrong_self_convention,
            reason = "names, sizes and numbers of arguments are those of the API"
        )]
        #![cfg_attr(docsrs, feature(doc_cfg))]
    };
    let items = Items::of(quote! {
        pub mod models;
        pub mod types;

        pub use types::{Decode, Decoded, Deviation, DeviationKind, Deviations, decode};

        #[cfg(any(feature = "client-without-tls", feature = "server"))]
        pub mod header;
        #[cfg(any(feature = "client-without-tls", feature = "server"))]
        pub mod headers;
        #[cfg(any(feature = "client-without-tls", feature = "server"))]
        pub mod operation;
        #[cfg(any(feature = "client-without-tls", feature = "server"))]
        pub mod operations;
        #[cfg(any(feature = "client-without-tls", feature = "server"))]
        pub mod security;

        #[cfg(feature = "client-without-tls")]
        #[cfg_attr(docsrs, doc(cfg(feature = "client")))]
        pub mod client;
        #[cfg(feature = "server")]
        #[cfg_attr(docsrs, doc(cfg(feature = "server")))]
        pub mod server;
    })?;
    source_file(&docs.join("\n"), attributes, &items)
}

/// What a caller can rely on when a call fails.
const ERRORS: &str = "# Errors

Every call returns a [`Result`] with [`client::Error`]: the request could not be made or sent, the status is not a success
(`Error::Status`, with the body and what the description says of the status), or the body is not what is described.
[`Error::response`] returns that response, and [`Error::status`] the status of any that came.
A method whose documentation names an error type has documented bodies; [`ErrorResponse::decode`] reads them, and
[`ErrorResponse::field_errors`] reads what a server says of single fields in the forms of common frameworks.

Reading is lenient: a property that is missing, null or new does not make it fail, and enums and unions keep a value that
is not documented as `Unknown`. A value of another type than described costs only its own field or list item: it is
converted if nothing is lost (a number to a text), and otherwise left out. [`ApiResponse::deviations`] lists these places, and
[`ApiResponse::body`] has the JSON as it was received. [`Strictness::Strict`] makes it an error. Outside of the client,
[`decode`] reads in the same way. Requests demand what is required.

A body that is too long, or takes too much memory when it is decoded, is an error; [`client::Limits`] has the limits.

[`client::Error`]: client/enum.Error.html
[`Error::response`]: client/enum.Error.html#method.response
[`Error::status`]: client/enum.Error.html#method.status
[`ErrorResponse::decode`]: client/struct.ErrorResponse.html#method.decode
[`ErrorResponse::field_errors`]: client/struct.ErrorResponse.html#method.field_errors
[`ApiResponse::deviations`]: client/struct.ApiResponse.html#structfield.deviations
[`ApiResponse::body`]: client/struct.ApiResponse.html#structfield.body
[`Strictness::Strict`]: client/enum.Strictness.html#variant.Strict
[`client::Limits`]: client/struct.Limits.html";

/// What a version promises.
const VERSIONS: &str = "# Versions

The version of this crate is a semantic version of its Rust interface. In minor versions, enums gain variants, structs gain
fields (build them with `new` or `..Default::default()`), and a method of the client may return another type of request
with the same methods. The `Cargo.toml` tells `cargo semver-checks` so.";

/// The examples that the page shows: a call, a list in pages, a test, a server.
pub(super) fn examples(api: &Api, library: &Name) -> Result<Vec<Example>, FormatError> {
    let mut examples = Vec::new();
    if let Some(operation) = api.example() {
        examples.push(example::quick_start(api, library, operation)?);
    }
    if let Some(operation) = api.paged_example() {
        examples.push(example::pages(api, library, operation)?);
    }
    if let Some(operation) = api.example() {
        examples.push(example::mock(api, library, operation)?);
    }
    if let Some(tag) = api
        .tags
        .iter()
        .find(|tag| api.served_of(tag).next().is_some())
    {
        examples.push(example::server(library, tag)?);
    }
    Ok(examples)
}

fn quick_start(api: &Api, library: &Name, package: Package) -> Result<String, FormatError> {
    let Package { name, version, .. } = package;
    let mut text = format!(
        "# Quick start\n\n```toml\n[dependencies]\n\
         {name} = {{ version = \"{version}\", features = [\"client\"] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n```"
    );
    for example in examples(api, library)? {
        text.push_str("\n\n");
        text.push_str(example.introduction);
        text.push_str("\n\n");
        text.push_str(&example.markdown().join("\n"));
    }
    Ok(text)
}

fn features() -> String {
    let mut text =
        "# Features\n\nThe models need no feature.\n\n| feature | what it adds |\n| --- | --- |"
            .to_owned();
    for feature in &FEATURES {
        text.push_str(&format!("\n| `{}` | {} |", feature.name, feature.adds));
    }
    text
}

/// The schemes, by the names that `ClientBuilder::credential` takes.
fn authentication(api: &Api) -> String {
    let mut text = "# Authentication\n\n".to_owned();
    if api.security_schemes.is_empty() {
        text.push_str("The description names no security scheme. `ClientBuilder::token` sends a bearer token.");
        return text;
    }
    text.push_str(
        "`ClientBuilder::token` sets the credential of all operations, `ClientBuilder::credential` that of one scheme:\n\n\
         | scheme | sent as |\n| --- | --- |",
    );
    for (name, scheme) in &api.security_schemes {
        let sent = match scheme {
            SecurityScheme::Bearer { .. } => "`Authorization: Bearer <token>`".to_owned(),
            SecurityScheme::Basic { .. } => "`Authorization: Basic <user and password>`".to_owned(),
            SecurityScheme::ApiKey { location, name, .. } => {
                let location = match location {
                    ParameterLocation::Path => "path",
                    ParameterLocation::Query => "query parameter",
                    ParameterLocation::Header => "header",
                    ParameterLocation::Cookie => "cookie",
                };
                format!("{location} {}", cell(name))
            }
            SecurityScheme::Http { scheme, .. } => {
                cell(&format!("Authorization: {scheme} <credential>"))
            }
            SecurityScheme::Other { kind, .. } => {
                format!("{}, which is left to the caller", cell(kind))
            }
        };
        text.push_str(&format!("\n| {} | {sent} |", cell(name)));
    }
    text
}

/// A table of the groups, with links to what client and server have of each.
fn groups(api: &Api) -> String {
    let mut text = "# Operations\n\nEach operation is a method of [`Client`](client/struct.Client.html) and of the trait of its tag.\n\n\
                    | tag | client | server | operations |\n| --- | --- | --- | ---: |"
        .to_owned();
    for tag in &api.tags {
        let count = api.operations_of(tag).count();
        if count == 0 {
            continue;
        }
        let (module, server_trait) = (tag.module.plain(), &tag.server_trait);
        text.push_str(&format!(
            "\n| {} | [`{module}`](client/operations/{module}/index.html) | \
             [`{server_trait}`](server/operations/{module}/trait.{server_trait}.html) | {count} |",
            cell(&tag.name)
        ));
    }
    text
}

/// The sources by the names that documentation refers to them with, where there are several.
fn sources(api: &Api) -> String {
    if api.sources.len() < 2 {
        return String::new();
    }
    let mut text = "# Sources\n\nThe descriptions that the documentation of a type or an operation names as its sources. \
                    `RECONCILIATION.md` tells\nwhere they differ and what was decided, `FIDELITY.md` how well each operation \
                    is known.\n\n| source | title | operations |\n| --- | --- | ---: |"
        .to_owned();
    for source in &api.sources {
        text.push_str(&format!(
            "\n| {} | {} | {} |",
            cell(&source.id),
            doc::plain(&source.title).replace('|', "\\|"),
            source.operations
        ));
    }
    text
}

/// Text of a description in a cell of a table.
fn cell(text: &str) -> String {
    doc::code(text).replace('|', "\\|")
}

/// `tests/documentation.rs`: every example of the documentation, so that the compiler reads them.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub(super) fn documentation_test(api: &Api, library: &Name) -> Result<Vec<u8>, FormatError> {
    let mut items = Items::default();
    for (index, example) in examples(api, library)?.iter().enumerate() {
        let name = crate::emit::tokens::own_ident(&format!("landing_page_{}", index + 1));
        items.push(example.function(&name))?;
    }
    for operation in &api.operations {
        let example = example::call(api, library, operation)?;
        items.push(example.function(&function_name(operation)))?;
    }
    let attributes = quote! {
        #![allow(dead_code, unused_variables, deprecated, reason = "the examples are compiled, not run")]
    };
    let docs = "The examples of the documentation: that they compile is the test.";
    source_file(docs, attributes, &items)
}

fn function_name(operation: &Operation) -> TokenStream {
    let name = ident(&operation.name);
    quote!(#name)
}

//! The test of synthetic samples: values that are valid by the effective description decode into their models, and encode
//! back without loss.
//!
//! The samples are made from the description's schemas, not from the models, so that a model that forgets fails.

mod values;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::json;

use self::values::Sampler;
use super::scope::Scope;
use super::source_file::{FormatError, Items, plain_file, source_file};
use crate::api::{Api, Name, Type, TypeId};
use crate::emit::tokens::string;
use crate::reconcile::merge::Merged;

/// The files of the test by their path in the emitted crate, none if there is no component. `library` is the name of the crate's library.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(
    api: &Api,
    merged: &Merged,
    library: &Name,
) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::downstream(api, library, &taken);
    let mut cases = TokenStream::new();
    let mut lines = String::new();
    for (index, definition) in api.types.iter().enumerate() {
        let key = definition.schema.strip_prefix("#/components/schemas/");
        let Some(schema) = key.and_then(|key| merged.document.schemas.get(key)) else {
            continue;
        };
        let samples = Sampler::new(&merged.document, definition.used).all(schema);
        if samples.is_empty() {
            continue;
        }
        let name = definition.name.plain();
        for sample in samples {
            lines.push_str(&json!({"type": name, "sample": sample}).to_string());
            lines.push('\n');
        }
        let rust = scope.ty(&Type::Named(TypeId::new(index)));
        let name = string(name);
        cases.extend(quote!((#name, round_trip::round_trip::<#rust>),));
    }
    if cases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let attributes = quote!(#![allow(missing_docs, reason = "tests are read, not called")]);
    let main = quote! {
        mod round_trip;

        /// What decodes and encodes a value of each type.
        const CASES: &[(&str, round_trip::RoundTrip)] = &[#cases];

        #[test]
        fn samples_decode_and_encode_without_loss() {
            round_trip::check(CASES, include_str!("samples.jsonl"));
        }
    };
    let docs = "Synthetic values of every component, decoded into their models and encoded back.";
    Ok(BTreeMap::from([
        (
            "tests/samples/main.rs".to_owned(),
            source_file(docs, attributes, &Items::of(main)?)?,
        ),
        (
            "tests/samples/round_trip.rs".to_owned(),
            plain_file(specweave_templates::SAMPLES_ROUND_TRIP),
        ),
        ("tests/samples/samples.jsonl".to_owned(), lines.into_bytes()),
    ]))
}

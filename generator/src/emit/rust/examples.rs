//! The test of the examples: every payload that a description gives decodes into its model, and encodes back without loss
//! of what the model knows.
//!
//! What the model does not know is worked out here, from the schema alone, so that a model that loses more fails.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::scope::Scope;
use super::source_file::{FormatError, Items, plain_file, source_file};
use crate::api::{Api, BodyEncoding, Content, Name, Struct, Type, TypeKind};
use crate::emit::tokens::{ident, own_ident, string};

/// The files of the test by their path in the emitted crate. `library` is the name of the crate's library.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(api: &Api, library: &Name) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::downstream(api, library, &taken);
    let mut tests = TokenStream::new();
    for operation in &api.operations {
        let name = operation.name.plain();
        if let Some(body) = &operation.request_body {
            let name = format!("{name}_request");
            tests.extend(cases(&scope, &name, &examples(&body.contents)));
        }
        for response in &operation.responses {
            let name = format!("{name}_{}", response.status.to_string().to_lowercase());
            tests.extend(cases(&scope, &name, &examples(&response.contents)));
        }
    }
    for (index, definition) in api.types.iter().enumerate() {
        let ty = Type::Named(crate::api::TypeId::new(index));
        let name = format!(
            "schema_{}",
            crate::api::names::case::snake(definition.name.plain(), "schema").plain()
        );
        let examples: Vec<_> = definition
            .examples
            .iter()
            .map(|value| (&ty, value))
            .collect();
        tests.extend(cases(&scope, &name, &examples));
    }
    let attributes = quote!(#![allow(missing_docs, reason = "tests are read, not called")]);
    let mut items = Items::of(quote! {
        mod bodies;
        mod payloads;
        mod round_trip;
    })?;
    let declarations = scope.imports().declarations(&BTreeSet::new());
    items.push(quote! {
        #declarations
        use round_trip::round_trip;
        #tests
    })?;
    let bodies = bodies(api, library)?;
    let docs = "The examples of the descriptions, decoded into their models and encoded back.";
    Ok(BTreeMap::from([
        (
            "tests/examples/main.rs".to_owned(),
            source_file(docs, attributes, &items)?,
        ),
        ("tests/examples/bodies.rs".to_owned(), bodies),
        (
            "tests/examples/payloads.rs".to_owned(),
            plain_file(specweave_templates::EXAMPLES_PAYLOADS),
        ),
        (
            "tests/examples/round_trip.rs".to_owned(),
            plain_file(specweave_templates::EXAMPLES_ROUND_TRIP),
        ),
    ]))
}

/// The table of all JSON bodies of responses, and how each is decoded and encoded.
fn bodies(api: &Api, library: &Name) -> Result<Vec<u8>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::downstream(api, library, &taken);
    let mut entries = TokenStream::new();
    for operation in &scope.api().operations {
        let (method, path) = (
            string(operation.method.as_str()),
            string(&operation.path.template),
        );
        for response in &operation.responses {
            let Some(json) = response.json() else {
                continue;
            };
            let status = string(&response.status.to_string());
            let rust = scope.ty(&json.ty);
            entries.extend(quote! {
                Response { method: #method, path: #path, status: #status, again: again::<#rust> },
            });
        }
    }
    let library = ident(library);
    let table = quote! {
        use serde::Serialize;
        use serde_json::Error;
        use #library::{Decode, Decoded, decode};

        /// A JSON body of a response.
        pub(crate) struct Response {
            pub(crate) method: &'static str,
            pub(crate) path: &'static str,
            /// A code, a range such as `4XX`, or `default`.
            pub(crate) status: &'static str,
            /// Decodes a body into its model and encodes it again.
            pub(crate) again: fn(&str) -> Result<Decoded<Value>, Error>,
        }

        fn again<T: Decode + Serialize>(body: &str) -> Result<Decoded<Value>, Error> {
            let decoded = decode::<T>(body.as_bytes())?;
            let value = serde_json::to_value(&decoded.value)?;
            Ok(decoded.map(|_| value))
        }

        pub(crate) const RESPONSES: &[Response] = &[#entries];
    };
    scope.uses("::serde_json", "Value");
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.push(table)?;
    source_file(
        "The models of all JSON bodies of responses.",
        TokenStream::new(),
        &items,
    )
}

/// The examples of a body, with their types. All media types together: a test is called after the body.
fn examples(contents: &[Content]) -> Vec<(&Type, &Value)> {
    let written_as_json = contents
        .iter()
        .filter(|content| content.encoding == BodyEncoding::Json);
    written_as_json
        .flat_map(|content| {
            let examples = content.examples.iter();
            examples.map(|example| (&content.ty, &*example.value))
        })
        .collect()
}

/// One test of all examples of a body or schema.
fn cases(scope: &Scope<'_>, name: &str, examples: &[(&Type, &Value)]) -> Option<TokenStream> {
    let calls: Vec<TokenStream> = examples
        .iter()
        .map(|(ty, example)| {
            let mut unknown = BTreeSet::new();
            find_unknown(scope.api(), ty, example, "", &mut unknown);
            let unknown = unknown.iter().map(|path| string(path));
            let rust = scope.ty(ty);
            let text = string(&example.to_string());
            quote!(round_trip::<#rust>(#text, &[#(#unknown),*]);)
        })
        .collect();
    let name = own_ident(name);
    (!calls.is_empty()).then(|| {
        quote! {
            #[test]
            fn #name() {
                #(#calls)*
            }
        }
    })
}

/// The places of an example that its model does not know: `.organization.require2FA`, `[].extra`.
fn find_unknown(api: &Api, ty: &Type, value: &Value, path: &str, unknown: &mut BTreeSet<String>) {
    match (api.resolve(ty), value) {
        (Type::List(item), Value::Array(values)) => {
            for value in values {
                find_unknown(api, item, value, &format!("{path}[]"), unknown);
            }
        }
        (Type::Map(inner), Value::Object(map)) => {
            for (key, value) in map {
                find_unknown(api, inner, value, &format!("{path}.{key}"), unknown);
            }
        }
        (Type::Nullable(inner), value) if !value.is_null() => {
            find_unknown(api, inner, value, path, unknown)
        }
        (Type::Named(id) | Type::Boxed(id), Value::Object(map)) => {
            if let TypeKind::Struct(structure) = &api.definition(*id).kind {
                find_unknown_properties(api, structure, map, path, unknown);
            }
        }
        _ => {}
    }
}

fn find_unknown_properties(
    api: &Api,
    structure: &Struct,
    map: &Map<String, Value>,
    path: &str,
    unknown: &mut BTreeSet<String>,
) {
    for (key, value) in map {
        let path = format!("{path}.{key}");
        let mut fields = structure.fields.iter();
        let field = fields.find(|field| field.wire_name == *key);
        match (field, &structure.additional) {
            (Some(field), _) => find_unknown(api, &field.ty, value, &path, unknown),
            (None, Some(further)) => find_unknown(api, &further.value, value, &path, unknown),
            // A null says as little as nothing.
            (None, None) if value.is_null() => {}
            (None, None) => {
                unknown.insert(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::description::diagnostic::Diagnostics;
    use crate::pipeline;
    use crate::project::Project;

    const TWO_MEDIA_TYPES: &str = r#"
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /note/:
    get:
      operationId: retrieveNote
      responses:
        "200":
          description: The note.
          content:
            application/json:
              schema: {type: object, properties: {id: {type: integer}}}
              example: {id: 1, color: red}
            application/vnd.notes+json:
              schema: {type: object, properties: {id: {type: integer}}}
              example: {id: 2}
"#;

    #[test]
    fn a_body_in_two_media_types_is_one_test_with_what_its_model_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.yaml");
        std::fs::write(&path, TWO_MEDIA_TYPES).unwrap();
        let mut diagnostics = Diagnostics::default();
        let out = PathBuf::from("out");
        let mut project = Project::of_files(&[path], &out, "notes-api", &mut diagnostics);
        project.package.example_tests = true;
        let outcome = pipeline::run(&project);
        let files = outcome.files.expect("the document is valid");
        let text = String::from_utf8_lossy(&files["tests/examples/main.rs"]).into_owned();
        assert_eq!(text.matches("fn retrieve_note_200()").count(), 1, "{text}");
        assert_eq!(text.matches("round_trip::<").count(), 2, "{text}");
        assert!(text.contains(r#"&[".color"]"#), "{text}");
    }
}

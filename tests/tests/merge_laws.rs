//! Laws that merging keeps whatever the documents say, on small documents made at random.
//!
//! The seed is fixed: a gate that fails now and then teaches people to press the button again. To search further, raise
//! [`CASES`] or change [`SEED`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use generator::api::lower;
use generator::api::names::Lock;
use generator::description::diagnostic::Diagnostics;
use generator::description::external::External;
use generator::description::source::SourceMap;
use generator::emit::pages::openapi;
use generator::emit::pages::package::PackageOptions;
use generator::pipeline;
use generator::project::manifest::ApiTexts;
use generator::project::{Description, Project};
use generator::reconcile::merge::Merged;
use generator::reconcile::merge::rules::Verdict;
use proptest::collection::{btree_map, btree_set};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

use crate::acceptance::reading::{self, Described};

const CASES: u32 = 100;
const SEED: u64 = 2026;

fn config() -> Config {
    Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        ..Config::default()
    }
}

/// What a document says of the value of a name.
#[derive(Debug, Clone, Copy)]
enum Said {
    Nothing,
    Wide,
    Narrow,
    /// Something that others may contradict.
    Other,
}

/// What a document says of an operation.
#[derive(Debug, Clone)]
struct Operation {
    query: BTreeMap<u8, (Said, bool)>,
    body: BTreeMap<u8, Said>,
    response: BTreeMap<u8, (Said, bool)>,
    statuses: BTreeSet<u16>,
}

/// Operations by position in [`PATHS`].
type Api = BTreeMap<usize, Operation>;

const PATHS: [(&str, &str); 4] = [
    ("/notes/", "get"),
    ("/notes/", "post"),
    ("/notes/{note_id}/", "get"),
    ("/notes/{note_id}/", "put"),
];

/// Documents of which none contradicts another, if `agreeing`.
fn api(agreeing: bool) -> impl Strategy<Value = Api> {
    let said = (0..if agreeing { 3_u8 } else { 4 }).prop_map(|choice| match choice {
        0 => Said::Nothing,
        1 => Said::Wide,
        2 => Said::Narrow,
        _ => Said::Other,
    });
    let flagged = (said.clone(), any::<bool>());
    // What a request must carry is not weakened: there the documents agree, or contradict each other.
    let request = said.prop_map(move |said| match said {
        Said::Narrow if agreeing => Said::Wide,
        said => said,
    });
    let query = btree_map(0..3_u8, (request.clone(), any::<bool>()), 0..3);
    let query = query.prop_map(move |query| {
        let is_needed = |name, flag| if agreeing { name == 0 } else { flag };
        let query = query.into_iter();
        query
            .map(|(name, (said, flag))| (name, (said, is_needed(name, flag))))
            .collect()
    });
    let statuses = btree_set(proptest::sample::select(vec![400_u16, 403, 404, 500]), 0..3);
    let operation = (
        query,
        btree_map(0..3_u8, request, 0..3),
        btree_map(0..4_u8, flagged, 0..4),
        statuses,
    )
        .prop_map(|(query, body, response, statuses)| Operation {
            query,
            body,
            response,
            statuses,
        });
    btree_map(0..PATHS.len(), operation, 1..4)
}

/// The schema of a name: the same names have texts everywhere, the others numbers.
fn schema(name: u8, said: Said) -> Value {
    match (said, name % 2) {
        (Said::Nothing, _) => json!({}),
        (Said::Wide, 0) => json!({"type": "string"}),
        (Said::Narrow, 0) => json!({"type": "string", "format": "date-time"}),
        (Said::Wide, _) => json!({"type": "number"}),
        (Said::Narrow, _) => json!({"type": "integer"}),
        (Said::Other, _) => json!({"type": "boolean"}),
    }
}

fn document(api: &Api) -> Value {
    let mut paths = json!({});
    for (position, operation) in api {
        let (path, method) = PATHS[*position];
        let mut parameters: Vec<Value> = operation
            .query
            .iter()
            .map(|(name, (said, required))| {
                json!({"name": format!("q{name}"), "in": "query", "required": required, "schema": schema(*name, *said)})
            })
            .collect();
        if path.contains('{') {
            parameters.push(json!({"name": "note_id", "in": "path", "required": true, "schema": {"type": "string"}}));
        }
        let response: serde_json::Map<String, Value> = operation
            .response
            .iter()
            .map(|(name, (said, nullable))| {
                let mut schema = schema(*name, *said);
                if let (true, Some(ty)) = (*nullable, schema.get("type").cloned()) {
                    schema["type"] = json!([ty, "null"]);
                }
                (format!("a{name}"), schema)
            })
            .collect();
        let mut responses = json!({"200": {
            "description": "Done.",
            "content": {"application/json": {"schema": {"type": "object", "properties": response}}},
        }});
        for status in &operation.statuses {
            responses[status.to_string()] = json!({"description": "Not done."});
        }
        let mut written = json!({
            "operationId": format!("operation{position}"),
            "parameters": parameters,
            "responses": responses,
        });
        if method != "get" {
            let properties: serde_json::Map<String, Value> = operation
                .body
                .iter()
                .map(|(name, said)| (format!("b{name}"), schema(*name, *said)))
                .collect();
            written["requestBody"] = json!({
                "required": true,
                "content": {"application/json": {"schema": {"type": "object", "properties": properties}}},
            });
        }
        paths[path][method] = written;
    }
    json!({"openapi": "3.1.0", "info": {"title": "Notes", "version": "1"}, "paths": paths})
}

/// Merges documents, the highest authority first.
fn merge(documents: &[&Api]) -> (Merged, Diagnostics) {
    let mut sources = SourceMap::default();
    let descriptions = documents.iter().enumerate().map(|(index, api)| {
        let id = format!("source{index}");
        Description {
            document: sources.add(format!("{id}.json"), document(api).to_string()),
            title: id.clone(),
            id,
            page: None,
            external: External::default(),
            overlays: Vec::new(),
            is_supplement: false,
            site: None,
            yields: None,
        }
    });
    let descriptions = descriptions.collect();
    let project = Project {
        sources,
        descriptions,
        base_path: None,
        api: ApiTexts::default(),
        resolutions: None,
        names: None,
        fidelity: None,
        package: PackageOptions::new("notes", "0.1.0"),
        output: PathBuf::new(),
        lint: Vec::new(),
        folder: PathBuf::new(),
        read: Vec::new(),
    };
    let mut diagnostics = Diagnostics::default();
    let merged = pipeline::reconcile(&project, &mut diagnostics).expect("the documents are valid");
    (merged, diagnostics)
}

/// The effective description of what contradicts itself nowhere.
fn effective(documents: &[&Api]) -> String {
    let (merged, diagnostics) = merge(documents);
    let errors: Vec<&str> = diagnostics
        .items()
        .iter()
        .map(|item| item.message.as_str())
        .collect();
    assert!(!diagnostics.has_errors(), "{errors:?}");
    let lowered = lower::lower(&merged, &Lock::default());
    let library = PackageOptions::new("notes", "0.1.0")
        .library()
        .expect("is a name");
    let text = openapi::generate(&lowered.api, &merged, &library).expect("is written");
    String::from_utf8(text).expect("is UTF-8")
}

/// The effective description without who says what. Parameters are sorted: their order is that of the highest authority, and
/// means nothing.
fn content(documents: &[&Api]) -> Value {
    fn without_provenance(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| key != "x-provenance" && key != "x-sources");
                map.values_mut().for_each(without_provenance);
                if let Some(Value::Array(parameters)) = map.get_mut("parameters") {
                    parameters.sort_by_key(|parameter| parameter["name"].to_string());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(without_provenance),
            _ => {}
        }
    }
    let mut value = serde_yaml::from_str(&effective(documents)).expect("is YAML");
    without_provenance(&mut value);
    value
}

/// What is contradictory: subject and facet.
fn contradictions(documents: &[&Api]) -> BTreeSet<(String, &'static str)> {
    let (merged, _) = merge(documents);
    let found = merged.findings.into_iter();
    found
        .filter(|finding| finding.judgement.verdict == Verdict::Contradictory)
        .map(|finding| (finding.subject, finding.facet.name()))
        .collect()
}

fn read(documents: &[&Api]) -> BTreeMap<String, Described> {
    reading::document(&effective(documents))
}

/// Guards the laws: documents made here can contradict each other at all.
#[test]
fn a_text_contradicts_a_truth_value() {
    let api = |said| {
        let operation = Operation {
            query: BTreeMap::from([(0, (said, true))]),
            body: BTreeMap::new(),
            response: BTreeMap::from([(0, (said, false))]),
            statuses: BTreeSet::new(),
        };
        Api::from([(0, operation)])
    };
    let found = contradictions(&[&api(Said::Wide), &api(Said::Other)]);
    let expected = ["GET /notes/ 200.a0", "GET /notes/ query q0"];
    assert_eq!(
        found,
        expected.map(|subject| (subject.to_owned(), "type")).into()
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_document_merged_with_itself_says_what_it_said(one in api(true)) {
        prop_assert_eq!(content(&[&one, &one]), content(&[&one]));
    }

    #[test]
    fn the_order_of_documents_that_agree_does_not_matter(one in api(true), two in api(true), three in api(true)) {
        let expected = content(&[&one, &two, &three]);
        prop_assert_eq!(&content(&[&three, &one, &two]), &expected);
        prop_assert_eq!(&content(&[&two, &one, &three]), &expected);
    }

    #[test]
    fn what_any_document_says_is_said_by_all_of_them(one in api(true), two in api(true)) {
        let merged = read(&[&one, &two]);
        for alone in [read(&[&one]), read(&[&two])] {
            for (operation, said) in alone {
                let all = merged.get(&operation).cloned().unwrap_or_default();
                prop_assert!(said.inputs.is_subset(&all.inputs), "{}: {:?} {:?}", operation, said, all);
                prop_assert!(said.statuses.is_subset(&all.statuses), "{}: {:?} {:?}", operation, said, all);
                prop_assert!(all.body || !said.body, "{} has lost its body", operation);
            }
        }
    }

    #[test]
    fn what_contradicts_itself_does_so_in_any_order(one in api(false), two in api(false), three in api(false)) {
        let expected = contradictions(&[&one, &two, &three]);
        prop_assert_eq!(&contradictions(&[&three, &one, &two]), &expected);
        prop_assert_eq!(&contradictions(&[&two, &one, &three]), &expected);
    }

    #[test]
    fn a_document_never_contradicts_itself_and_a_second_voice_settles_nothing(one in api(false), two in api(false)) {
        prop_assert!(contradictions(&[&one, &one]).is_empty());
        prop_assert_eq!(contradictions(&[&one, &two, &two]), contradictions(&[&one, &two]));
    }
}

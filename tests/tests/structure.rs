//! What makes two schemas one type, as octets to compare and as JSON to read.

use std::collections::HashMap;

use generator::diagnostic::Diagnostics;
use generator::document::{Schema, structure, write};
use generator::pipeline;
use generator::project::Project;

use crate::workspace;

fn collect<'s>(schema: &'s Schema, all: &mut Vec<&'s Schema>) {
    all.push(schema);
    for child in schema.children() {
        collect(child, all);
    }
}

#[test]
fn schemas_are_one_type_for_both_or_for_none() {
    let canonical = |schema: &Schema| schema.reference.clone();
    let mut json_of: HashMap<Vec<u8>, String> = HashMap::new();
    let mut octets_of: HashMap<String, Vec<u8>> = HashMap::new();
    let mut count = 0;
    let folder = std::fs::read_dir(workspace::path("tests/obstacle")).unwrap();
    for entry in folder {
        let path = entry.unwrap().path();
        let mut diagnostics = Diagnostics::default();
        let project = Project::of_files(&[path], "unwritten".as_ref(), "x", &mut diagnostics);
        let Some(merged) = pipeline::reconcile(&project, &mut diagnostics) else {
            continue;
        };
        let mut schemas = Vec::new();
        for schema in merged.document.schemas.values() {
            collect(schema, &mut schemas);
        }
        for schema in schemas {
            let octets = structure::octets(schema, &canonical);
            let json = write::structure(schema, &canonical).to_string();
            let known = json_of
                .entry(octets.clone())
                .or_insert_with(|| json.clone());
            assert_eq!(*known, json, "{octets:?}");
            let known = octets_of
                .entry(json.clone())
                .or_insert_with(|| octets.clone());
            assert_eq!(*known, octets, "{json}");
            count += 1;
        }
    }
    assert!(count > 100, "{count} schemas");
}

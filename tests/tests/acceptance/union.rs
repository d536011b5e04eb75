//! The effective API says everything that any description says, and nothing besides.

use std::collections::BTreeMap;

use super::reading::{self, Described};
use crate::workspace;

const DOCUMENTS: [&str; 6] = [
    "specs/supplement.yaml",
    "specs/projects.yaml",
    "specs/error-monitoring.yaml",
    "specs/transcribed/reference.yaml",
    "specs/transcribed/project-guide.yaml",
    "specs/transcribed/teams-reference.yaml",
];

/// What a decision or an overlay takes out of the union, and why; the reasons in full are in `resolutions.toml`.
const TAKEN_OUT: [(&str, &str, &str); 9] = [
    (
        "POST /organizations/{}/teams/",
        "query name",
        "it belongs to the body",
    ),
    (
        "POST /organizations/{}/teams/",
        "query slug",
        "it belongs to the body",
    ),
    (
        "POST /organizations/{}/teams/",
        "200",
        "creation answers 201",
    ),
    (
        "POST /teams/{}/{}/projects/",
        "query name",
        "it belongs to the body",
    ),
    (
        "POST /teams/{}/{}/projects/",
        "query platform",
        "it belongs to the body",
    ),
    (
        "POST /teams/{}/{}/projects/",
        "query slug",
        "it belongs to the body",
    ),
    (
        "POST /teams/{}/{}/projects/",
        "query default_rules",
        "it belongs to the body",
    ),
    (
        "PUT /projects/{}/{}/filters/{}/",
        "200",
        "the update of a filter answers 204",
    ),
    (
        "DELETE /teams/{}/{}/",
        "200",
        "deletion answers 204, without a body",
    ),
];

/// What every operation may respond with: `specs/overlays/errors-of-supplement.yaml`.
const ERRORS_OF_ALL: [&str; 4] = ["400", "401", "403", "404"];

fn union() -> BTreeMap<String, Described> {
    let mut union: BTreeMap<String, Described> = BTreeMap::new();
    for document in DOCUMENTS {
        for (key, said) in reading::document(&workspace::text(document)) {
            let all = union.entry(key.clone()).or_default();
            all.path_parameters = key.matches("{}").count();
            all.inputs.extend(said.inputs);
            all.body |= said.body;
            all.statuses.extend(said.statuses);
            all.statuses.extend(ERRORS_OF_ALL.map(str::to_owned));
        }
    }
    for (operation, item, reason) in TAKEN_OUT {
        let all = union
            .get_mut(operation)
            .unwrap_or_else(|| panic!("{operation} is described"));
        assert!(
            all.inputs.remove(item) | all.statuses.remove(item),
            "{item} of {operation} need not be taken out ({reason}): nobody says it"
        );
    }
    union
}

#[test]
fn inputs_and_statuses_are_the_union_of_what_the_descriptions_say() {
    let effective = reading::document(&workspace::text("generated/openapi.yaml"));
    let union = union();
    assert!(effective.keys().eq(union.keys()));
    let mut differences = String::new();
    for (key, said) in &union {
        if effective[key] != *said {
            differences.push_str(&format!(
                "{key}\nsaid: {said:#?}\nemitted: {:#?}\n",
                effective[key]
            ));
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn the_reading_finds_what_it_is_to_compare() {
    let union = union();
    let inputs: usize = union.values().map(|said| said.inputs.len()).sum();
    let statuses: usize = union.values().map(|said| said.statuses.len()).sum();
    let bodies = union.values().filter(|said| said.body).count();
    assert!(
        inputs > 100 && statuses > 300 && bodies > 10,
        "{inputs} {statuses} {bodies}"
    );
}

#[test]
fn every_operation_has_a_success_and_a_group_of_the_api() {
    let api = workspace::api();
    for operation in &api.operations {
        let mut statuses = operation.responses.iter().map(|response| response.status);
        assert!(
            statuses.any(|status| status.is_success()),
            "{} has no success",
            operation.id
        );
        let mut tags = api.tags.iter();
        assert!(
            tags.any(|tag| tag.module == operation.tag),
            "{} has no group",
            operation.id
        );
    }
}

#[test]
fn every_contradiction_is_decided_with_a_reason() {
    let merged = workspace::outcome()
        .merged
        .as_ref()
        .expect("there were no errors");
    let mut decided = 0;
    for finding in &merged.findings {
        let Some(resolution) = &finding.resolution else {
            continue;
        };
        decided += 1;
        let words = resolution.reason.split_whitespace().count();
        assert!(
            words >= 4,
            "{} of {}: {:?} is no reason",
            finding.facet.name(),
            finding.subject,
            resolution.reason
        );
    }
    let written = workspace::text("specs/resolutions.toml")
        .matches("[[resolution]]")
        .count();
    assert_eq!(decided, written);
    let contradictions = merged.findings.iter().filter(|finding| {
        finding.judgement.verdict == generator::reconcile::merge::rules::Verdict::Contradictory
    });
    assert_eq!(contradictions.count(), decided);
}

//! Public names stay: whoever describes the API first, and whoever comes along.

use std::collections::{BTreeMap, BTreeSet};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::source::Span;
use generator::pipeline;
use generator::project::Project;
use generator::reconcile::merge::Yields;
use proc_macro2::{TokenStream, TokenTree};

use crate::workspace;

/// The identifiers of every public module of the crate; those of documentation and literals are none.
fn identifiers(project: &Project) -> BTreeMap<String, BTreeSet<String>> {
    let outcome = pipeline::run(project);
    let errors = outcome.diagnostics.at_least(Severity::Error);
    assert!(
        errors.items().is_empty(),
        "{}",
        errors.render(&project.sources)
    );
    let files = outcome.files.expect("no errors");
    let sources = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    let mut identifiers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources {
        let text = String::from_utf8_lossy(text);
        let lines = text.lines().filter(|line| !is_of_the_division(line));
        let tokens: TokenStream = lines
            .map(|line| format!("{line}\n"))
            .collect::<String>()
            .parse()
            .expect("is Rust");
        collect(
            tokens,
            identifiers.entry(module(path).to_owned()).or_default(),
        );
    }
    identifiers
}

/// The public module that a file is of: models have one, whatever files they are divided among.
fn module(path: &str) -> &str {
    if path.starts_with("src/models") {
        "src/models"
    } else {
        path
    }
}

/// Whether a line declares a private module of the folder or imports all of it.
fn is_of_the_division(line: &str) -> bool {
    line.starts_with("mod ") && line.ends_with(';') || line.ends_with("::*;")
}

fn collect(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Ident(ident) => drop(names.insert(ident.to_string())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn project() -> Project {
    let mut diagnostics = Diagnostics::default();
    let (project, _) = Project::open(&workspace::path("specs/manifest.toml"), &mut diagnostics);
    project.expect("is valid")
}

#[test]
fn the_authority_of_sources_decides_no_name() {
    let project = project();
    let mut reversed = self::project();
    reversed.descriptions.reverse();
    let (names, others) = (identifiers(&project), identifiers(&reversed));
    assert_eq!(
        names.keys().collect::<Vec<_>>(),
        others.keys().collect::<Vec<_>>()
    );
    for (path, names) in &names {
        assert_eq!(Some(names), others.get(path), "{path}");
    }
}

#[test]
fn what_a_source_adds_renames_nothing() {
    let project = project();
    let names = identifiers(&project);
    let extra = r##"
openapi: 3.1.0
info: {title: Another one, version: "1"}
paths:
  /api/0/teams/{organization}/{team}/:
    get:
      tags: [Other]
      operationId: fetchTeam
      responses:
        "200":
          description: A team.
          content: {application/json: {schema: {$ref: "#/components/schemas/OtherTeam"}}}
  /api/0/teams/{organization}/{team}/mottos/:
    get:
      operationId: getTeam
      responses:
        "200":
          description: Mottos.
          content: {application/json: {schema: {$ref: "#/components/schemas/Team"}}}
components:
  schemas:
    OtherTeam:
      type: object
      properties:
        slug: {type: string}
        is_member: {type: boolean}
        motto: {$ref: "#/components/schemas/Motto"}
    Motto: {type: object, properties: {text: {type: string}}}
    Team: {type: object, properties: {mottos: {type: array, items: {type: string}}}}
"##;
    let mut extended = self::project();
    let document = extended.sources.add("extra.yaml", extra.to_owned());
    let mut description = extended
        .descriptions
        .last()
        .expect("there are some")
        .clone();
    description.id = "extra".to_owned();
    description.title = "Another one".to_owned();
    description.document = document;
    description.overlays.clear();
    description.page = None;
    description.yields = Some(Yields {
        reason: "it is the newest".to_owned(),
        at: Span::new(document, 1, 1),
    });
    extended.descriptions.push(description);
    let others = identifiers(&extended);
    for (path, names) in &names {
        let others = others.get(path).unwrap_or_else(|| panic!("{path} is gone"));
        let lost: Vec<_> = names.difference(others).collect();
        assert!(lost.is_empty(), "{path}: {lost:?}");
    }
}

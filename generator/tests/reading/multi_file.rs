//! Descriptions that are spread over many files.

use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::project::Project;

use crate::run::{self, Run};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading/multi_file_fixture")
}

/// Writes files into a folder of their own and runs the pipeline over `api.yaml`.
fn files(files: &[(&str, &str)]) -> Run {
    let folder = tempfile::tempdir().expect("has room");
    write(folder.path(), files);
    run::file(&folder.path().join("api.yaml"))
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("has a parent")).expect("has room");
        std::fs::write(path, text).expect("has room");
    }
}

/// A document whose only operation responds with the schema of a reference.
fn answering(reference: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: Pets, version: '1'}}
paths:
  /pet:
    get:
      operationId: getPet
      responses:
        '200':
          description: The pet.
          content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}
"
    )
}

#[test]
fn paths_operations_parameters_responses_and_schemas_are_read_from_their_files() {
    let run = run::file(&fixture().join("specs/openapi.yaml"));
    assert_eq!(
        run.operations(),
        [
            "GET /owners/{owner}",
            "GET /pets",
            "POST /pets",
            "GET /pets/{pet_id}"
        ]
    );
    let methods = run.api().operations.iter();
    let methods: Vec<&str> = methods.map(|operation| operation.name.plain()).collect();
    assert_eq!(methods, ["get_owner", "list_pets", "create_pet", "get_pet"]);
    // A component is the file that it refers to; other schemas are called after the end of their pointer or file.
    assert_eq!(
        run.types(),
        [
            "Id",
            "Kind",
            "Owner",
            "OwnerInput",
            "Pet",
            "PetInput",
            "PetTag",
            "Problem",
            "Tag"
        ]
    );
    assert_eq!(
        run.describe("Pet"),
        "struct {id: Id, kind?: Kind, owner?: Owner, parent?: box Pet, tag?: PetTag}"
    );
    assert_eq!(run.describe("Id"), "String");
    // The one defect: a local reference of another file that means the document.
    assert_eq!(
        run.codes(Severity::Warning),
        ["reference-to-the-document", "undescribed-path-parameter"]
    );
}

#[test]
fn positions_are_those_of_the_file_that_says_it() {
    let said = run::file(&fixture().join("specs/openapi.yaml")).said(Severity::Warning);
    assert!(said.contains("--> paths/pets.yaml:25:26"), "{said}");
    let (project, sources) = {
        let mut diagnostics = Diagnostics::default();
        Project::open(&fixture().join("manifest.toml"), &mut diagnostics)
    };
    let project = project.unwrap_or_else(|| panic!("{sources:?}"));
    let said = run::run(&project).said(Severity::Warning);
    assert!(said.contains("--> specs/paths/pets.yaml:25:26"), "{said}");
}

#[test]
fn where_the_folder_is_reaches_no_output() {
    let text = |run: &Run| {
        let files = run.outcome.files.as_ref().expect("there were no errors");
        let mut all = String::new();
        for (path, bytes) in files.iter() {
            all.push_str(&format!("{path}\n{}\n", String::from_utf8_lossy(bytes)));
        }
        all
    };
    let here = run::file(&fixture().join("specs/openapi.yaml"));
    let folder = tempfile::tempdir().expect("has room");
    let moved = folder.path().join("canary");
    copy(&fixture().join("specs"), &moved);
    let there = run::file(&moved.join("openapi.yaml"));
    assert_eq!(text(&here), text(&there));
    assert!(!text(&there).contains("canary"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("has room");
    for entry in std::fs::read_dir(from).expect("is a folder") {
        let entry = entry.expect("is readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("has room");
        }
    }
}

#[test]
fn schemas_of_several_files_may_refer_to_each_other_in_circles() {
    let run = files(&[
        ("api.yaml", &answering("a.yaml")),
        ("a.yaml", "{type: object, properties: {b: {$ref: b.yaml}}}"),
        (
            "b.yaml",
            "{type: object, properties: {a: {$ref: a.yaml}, b: {$ref: 'b.yaml#'}}}",
        ),
    ]);
    assert_eq!(run.describe("A"), "struct {b?: B}");
    assert_eq!(run.describe("B"), "struct {a?: box A, b?: box B}");
}

#[test]
fn files_that_refer_to_each_other_and_say_nothing_are_a_cycle() {
    let run = files(&[
        ("api.yaml", &answering("a.yaml")),
        ("a.yaml", "{$ref: b.yaml}"),
        ("b.yaml", "{$ref: a.yaml}"),
    ]);
    assert_eq!(run.codes(Severity::Error), ["reference-cycle"]);
}

#[test]
fn schemas_of_one_name_in_different_files_stay_two_types() {
    let run = files(&[
        (
            "api.yaml",
            &format!(
                "{}components: {{schemas: {{Tag: {{type: object, properties: {{a: {{type: string}}}}}}}}}}\n",
                answering("pets/pet.yaml")
            ),
        ),
        (
            "pets/pet.yaml",
            "{type: object, properties: {tag: {$ref: tag.yaml}, other: {$ref: '../api.yaml#/components/schemas/Tag'}}}",
        ),
        (
            "pets/tag.yaml",
            "{type: object, properties: {b: {type: string}}}",
        ),
    ]);
    assert_eq!(run.describe("Tag"), "struct {a?: String}");
    assert_eq!(run.describe("Pet"), "struct {other?: Tag, tag?: PetsTag}");
    assert_eq!(run.describe("PetsTag"), "struct {b?: String}");
}

#[test]
fn a_file_that_is_not_there_costs_what_refers_to_it_alone() {
    let run = files(&[("api.yaml", &answering("./missing.yaml#/Pet"))]);
    assert_eq!(run.operations(), ["GET /pet"]);
    assert_eq!(run.codes(Severity::Warning), ["unreadable-reference"]);
}

#[test]
fn a_broken_file_is_an_error_only_where_it_matters() {
    let broken = ("broken.yaml", "a: [");
    let run = files(&[("api.yaml", &answering("broken.yaml")), broken]);
    assert!(run.has_errors());
    let described = answering("#/components/schemas/Pet")
        + "components: {schemas: {Pet: {type: string, example: {$ref: broken.yaml}}}}\n";
    let run = files(&[("api.yaml", &described), broken]);
    assert_eq!(run.said(Severity::Warning), "");
}

#[test]
fn references_stay_below_the_folder_of_the_document() {
    let folder = tempfile::tempdir().expect("has room");
    write(
        folder.path(),
        &[
            ("secret.yaml", "{type: string}"),
            ("specs/api.yaml", &answering("../secret.yaml")),
            ("specs/linked.yaml", &answering("link.yaml")),
            ("specs/back.yaml", &answering("../specs/inside.yaml")),
            ("specs/inside.yaml", "{type: string}"),
        ],
    );
    std::os::unix::fs::symlink("../secret.yaml", folder.path().join("specs/link.yaml"))
        .expect("can be made");
    for name in ["api.yaml", "linked.yaml"] {
        let run = run::file(&folder.path().join("specs").join(name));
        assert_eq!(run.codes(Severity::Error), ["external-reference"], "{name}");
        assert!(run.said(Severity::Error).contains("leads out of"), "{name}");
    }
    let run = run::file(&folder.path().join("specs/back.yaml"));
    assert_eq!(run.said(Severity::Warning), "");
}

#[test]
fn what_is_on_another_host_is_never_fetched() {
    for reference in [
        "https://example.org/a.yaml#/A",
        "//example.org/a",
        "file:///etc/passwd",
    ] {
        let run = files(&[("api.yaml", &answering(reference))]);
        assert_eq!(
            run.codes(Severity::Error),
            ["external-reference"],
            "{reference}"
        );
    }
}

#[test]
fn every_part_of_the_document_may_be_a_file_of_its_own() {
    let run = files(&[
        (
            "api.yaml",
            "{openapi: 3.1.0, info: {$ref: info.yaml}, servers: {$ref: servers.yaml}, tags: [{$ref: tag.yaml}], paths: {$ref: paths.yaml}, components: {$ref: parts/components.yaml}}",
        ),
        (
            "info.yaml",
            "{title: Pets, version: 2, description: {$ref: 'texts.yaml#/intro'}}",
        ),
        ("texts.yaml", "{intro: All pets.}"),
        ("servers.yaml", "[{url: 'https://example.org/v2'}]"),
        ("tag.yaml", "{name: pets, description: Small ones.}"),
        (
            "paths.yaml",
            "{/pet: {get: {tags: [pets], responses: {'200': {$ref: 'parts/components.yaml#/responses/Pet'}}}}}",
        ),
        (
            "parts/components.yaml",
            "{schemas: {Pet: {type: object, properties: {name: {$ref: '#/schemas/Name'}}}, Name: {type: object, properties: {first: {type: string}}}}, responses: {Pet: {description: A pet., content: {application/json: {schema: {$ref: '#/schemas/Pet'}}}}}}",
        ),
    ]);
    assert_eq!(run.said(Severity::Warning), "");
    assert_eq!(run.types(), ["Name", "Pet"]);
    let api = run.api();
    assert_eq!((api.title.as_str(), api.version.as_str()), ("Pets", "2"));
    assert_eq!(api.servers.len(), 1);
}

#[test]
fn a_schema_of_schemas_is_any_json_and_not_fetched() {
    for reference in [
        "http://json-schema.org/draft-04/schema#",
        "https://json-schema.org/draft/2020-12/schema",
    ] {
        let run = files(&[("api.yaml", &answering(reference))]);
        assert_eq!(run.codes(Severity::Warning), ["meta-schema"], "{reference}");
        assert_eq!(run.operations(), ["GET /pet"]);
    }
}

#[test]
fn two_documents_of_one_name_are_two_documents() {
    let folder = tempfile::tempdir().expect("has room");
    write(
        folder.path(),
        &[
            ("a/api.yaml", &answering("pet.yaml")),
            (
                "a/pet.yaml",
                "{type: object, properties: {a: {type: string}}}",
            ),
            (
                "b/api.yaml",
                &answering("pet.yaml")
                    .replace("/pet:", "/cat:")
                    .replace("getPet", "getCat"),
            ),
            (
                "b/pet.yaml",
                "{type: object, properties: {b: {type: string}}}",
            ),
        ],
    );
    let paths = [
        folder.path().join("a/api.yaml"),
        folder.path().join("b/api.yaml"),
    ];
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&paths, Path::new("unwritten"), "pets", &mut diagnostics);
    let run = run::run(&project);
    assert_eq!(run.operations(), ["GET /cat", "GET /pet"]);
}

#[test]
fn schemas_go_by_the_names_that_they_give_themselves() {
    let run = run::text(
        &(answering("#/components/schemas/Tree")
            + "components:
  schemas:
    Tree:
      $id: https://example.org/schemas/tree
      type: object
      properties:
        root: {$ref: '#/$defs/node'}
        leaf: {$ref: '#leaf'}
        other: {$ref: 'https://example.org/schemas/other'}
        brother: {$ref: other}
        itself: {$ref: '#'}
      $defs:
        node: {type: object, properties: {next: {$ref: '#/$defs/node'}}}
        leaf: {$anchor: leaf, type: object, properties: {text: {type: string}}}
    Other:
      $id: https://example.org/schemas/other
      type: object
      properties: {number: {type: integer}}
"),
    );
    assert_eq!(run.said(Severity::Warning), "");
    assert_eq!(
        run.describe("Tree"),
        "struct {brother?: Other, itself?: box Tree, leaf?: Leaf, other?: Other, root?: Node}"
    );
}

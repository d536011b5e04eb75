//! Two small descriptions that differ in every way that descriptions can differ in: each difference is listed with its
//! verdict by `explain --all`, by the report and by the page, from one and the same list.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::explain;
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use generator::project::report::Reconciliation;
use generator::reconcile::merge::rules::Verdict::{
    self, Annotation, Compatible, Contradictory, Single,
};
use serde_json::Value;

const ONE: &str = "
openapi: 3.1.0
info: {title: One, version: '1'}
servers: [{url: 'https://one.example'}]
paths:
  /alone:
    get: {responses: {'204': {description: Done.}}}
  /slash:
    get: {responses: {'204': {description: Done.}}}
  /inputs:
    post:
      parameters: [{name: moved, in: query, schema: {type: string}}]
      responses: {'204': {description: Done.}}
  /bodies:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, properties: {bound: {type: integer, maximum: 10}}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string}}}
            encoding: {file: {contentType: image/png}}
      responses: {'204': {description: Done.}}
  /things/{id}:
    get:
      operationId: thing
      summary: One thing.
      description: Returns a thing.
      tags: [Things]
      deprecated: true
      security: [{bearer: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: extra, in: query, schema: {type: string}}
        - {name: filter, in: query, content: {application/json: {schema: {type: string}}}}
        - {name: many, in: query, style: form, explode: true, schema: {type: array, items: {type: string}}}
        - {name: needed, in: query, required: true, schema: {type: string}}
      responses:
        '200':
          description: A thing.
          headers: {X-Rate: {schema: {type: integer}}, X-Both: {schema: {type: string}}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {name: one}
            text/csv: {schema: {type: string}}
        '404': {description: None.}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    key: {type: apiKey, in: header, name: X-Key}
    cookie: {type: apiKey, in: cookie, name: session}
  schemas:
    Alone: {type: object}
    Thing:
      type: object
      required: [always]
      properties:
        always: {type: string}
        alone: {type: string}
        wider: {type: integer}
        kind: {type: array, items: {type: string}}
        format: {type: string, format: date-time}
        loose: {type: string, format: uuid}
        nullable: {type: [string, 'null']}
        enum: {type: string, enum: [a, b]}
        pattern: {type: string, pattern: '^a'}
        default: {type: integer, default: 1}
        minimum: {type: integer, minimum: 1}
        length: {type: string, maxLength: 5}
        unique: {type: array, items: {type: string}, uniqueItems: true, minItems: 1, maxItems: 2}
        old: {type: string, deprecated: true}
        closed: {type: object, additionalProperties: false, properties: {a: {type: string}}}
        map: {type: object, additionalProperties: {type: string}}
        union: {oneOf: [{type: string}, {type: integer}]}
        any: {oneOf: [{type: string}, {type: boolean}]}
        text: {type: string, description: One text., title: One}
        example: {type: string, example: one}
        read: {type: string, readOnly: true}
        owner: {$ref: '#/components/schemas/Owner'}
        pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Owner: {type: object, properties: {id: {type: string}}}
    Cat: {type: object, properties: {kind: {type: string}}}
";

const OTHER: &str = "
openapi: 3.1.0
info: {title: Other, version: '1'}
servers: [{url: 'https://other.example'}]
paths:
  /slash/:
    get: {responses: {'204': {description: Done.}}}
  /inputs:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {moved: {type: string}}}}}}
      responses: {'204': {description: Done.}}
  /bodies:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {bound: {type: integer, maximum: 20}}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string}}}
            encoding: {file: {contentType: image/gif}}
      responses: {'204': {description: Done.}}
  /things/{slug}:
    get:
      operationId: getThing
      summary: Another thing.
      description: Gives a thing.
      tags: [Others]
      security: [{bearer: []}, {key: []}]
      parameters:
        - {name: slug, in: path, required: true, schema: {type: string}}
        - {name: filter, in: query, schema: {type: string}}
        - {name: many, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: needed, in: query, required: false, schema: {type: string}}
      responses:
        '200':
          description: A thing.
          headers: {x-both: {schema: {type: string}}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {name: other}
        '202': {description: Later.}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Thing:
      type: object
      required: [wider]
      properties:
        always: {type: string}
        wider: {type: number}
        kind: {type: object}
        format: {type: string, format: date}
        loose: {type: string}
        nullable: {type: string}
        enum: {type: string, enum: [b, c]}
        pattern: {type: string, pattern: '^b'}
        default: {type: integer, default: 2}
        minimum: {type: integer, minimum: 2}
        length: {type: string, maxLength: 9}
        unique: {type: array, items: {type: string}}
        old: {type: string}
        closed: {type: object, additionalProperties: true, properties: {a: {type: string}}}
        map: {type: object}
        union: {oneOf: [{type: string}, {type: boolean}]}
        any: {anyOf: [{type: string}, {type: boolean}]}
        text: {type: string, description: Other text., title: Other}
        example: {type: string, example: other}
        read: {type: string}
        owner: {$ref: '#/components/schemas/User'}
        pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {tom: '#/components/schemas/Cat'}}}
    User: {type: object, properties: {id: {type: string}}}
    Cat: {type: object, properties: {kind: {type: string}}}
";

/// Every planted difference: the facet, the place, the verdict.
const PLANTED: [(&str, &str, Verdict); 53] = [
    // Parts that only one description has.
    ("presence", "GET /alone", Single),
    ("presence", "Alone", Single),
    ("presence", "Thing.alone", Single),
    ("presence", "Thing.map{}", Single),
    ("presence", "GET /things/{} query extra", Single),
    ("presence", "GET /things/{} 404", Single),
    ("presence", "GET /things/{} 200 text/csv", Single),
    ("presence", "GET /things/{} 200 header X-Rate", Single),
    ("presence", "security scheme cookie", Single),
    ("trailing slash", "GET /slash", Compatible),
    // Operations.
    ("servers", "the API", Contradictory),
    ("operationId", "GET /things/{}", Annotation),
    ("summary", "GET /things/{}", Annotation),
    ("description", "GET /things/{}", Annotation),
    ("tags", "GET /things/{}", Annotation),
    ("deprecated", "GET /things/{}", Single),
    ("security", "GET /things/{}", Compatible),
    ("success status", "GET /things/{}", Compatible),
    // Parameters and bodies.
    ("name", "GET /things/{} path id", Annotation),
    ("name", "GET /things/{} 200 header X-Both", Annotation),
    ("name", "Owner", Annotation),
    ("encoding", "GET /things/{} query filter", Single),
    ("location", "POST /inputs input moved", Contradictory),
    ("style", "GET /things/{} query many", Contradictory),
    ("explode", "GET /things/{} query many", Contradictory),
    ("required", "GET /things/{} query needed", Contradictory),
    ("required", "POST /bodies body", Single),
    (
        "maximum",
        "POST /bodies body application/json.bound",
        Contradictory,
    ),
    (
        "encoding",
        "POST /bodies body multipart/form-data.file",
        Contradictory,
    ),
    (
        "examples",
        "GET /things/{} 200 application/json",
        Annotation,
    ),
    // Schemas.
    ("required", "Thing.always", Compatible),
    ("type", "Thing.wider", Compatible),
    ("type", "Thing.kind", Contradictory),
    ("format", "Thing.format", Contradictory),
    ("format", "Thing.loose", Single),
    ("nullable", "Thing.nullable", Single),
    ("enum", "Thing.enum", Compatible),
    ("pattern", "Thing.pattern", Annotation),
    ("default", "Thing.default", Annotation),
    ("minimum", "Thing.minimum", Compatible),
    ("maxLength", "Thing.length", Compatible),
    ("uniqueItems", "Thing.unique", Single),
    ("minItems", "Thing.unique", Single),
    ("maxItems", "Thing.unique", Single),
    ("deprecated", "Thing.old", Single),
    ("additionalProperties", "Thing.closed", Compatible),
    ("oneOf", "Thing.union", Compatible),
    ("oneOf or anyOf", "Thing.any", Annotation),
    ("discriminator mapping", "Thing.pet", Compatible),
    ("description", "Thing.text", Annotation),
    ("title", "Thing.text", Annotation),
    ("examples", "Thing.example", Annotation),
    ("readOnly", "Thing.read", Single),
];

const MANIFEST: &str = "
resolutions = 'resolutions.toml'
fidelity = 'fidelity.lock'
package = {name = 'things', version = '0.1.0', output = 'out'}

[[source]]
id = 'one'
title = 'One'
rank = 1
document = 'one.yaml'
";

const SOURCE_OTHER: &str = "
[[source]]
id = 'other'
title = 'Other'
rank = 2
document = 'other.yaml'
";

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// A folder with the manifest, both documents, and no resolutions.
fn folder(manifest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "manifest.toml", manifest);
    write(folder.path(), "one.yaml", ONE);
    write(folder.path(), "other.yaml", OTHER);
    write(folder.path(), "resolutions.toml", "");
    folder
}

fn run(folder: &Path) -> (Project, Outcome) {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = Project::open(&folder.join("manifest.toml"), &mut diagnostics);
    let project = project.unwrap_or_else(|| panic!("{}", diagnostics.render(&sources)));
    let outcome = pipeline::run(&project);
    (project, outcome)
}

fn assert_no_errors(project: &Project, outcome: &Outcome) {
    let errors = outcome.diagnostics.at_least(Severity::Error);
    assert!(
        errors.items().is_empty(),
        "{}",
        errors.render(&project.sources)
    );
}

/// The entries that the errors of a run print ready to paste, by the file that they belong into, with a reason.
fn entries(outcome: &Outcome) -> (String, String) {
    let (mut resolutions, mut falls) = (String::new(), String::new());
    for error in outcome.diagnostics.at_least(Severity::Error).items() {
        let help = error.help.as_deref().unwrap_or_default();
        let (_, entry) = help.split_once("\n\n").unwrap();
        let entry = entry.replace("reason = \"\"", "reason = \"It was planted.\"");
        let file = match error.code {
            "contradiction" => &mut resolutions,
            "fidelity-fell" => &mut falls,
            code => panic!("{code}: {}", error.message),
        };
        file.push_str(&format!("{entry}\n\n"));
    }
    (resolutions, falls)
}

#[test]
fn every_planted_difference_is_seen_before_anything_is_decided() {
    let folder = folder(&format!("{MANIFEST}{SOURCE_OTHER}"));
    let (project, outcome) = run(folder.path());
    let merged = outcome.merged.as_ref().unwrap();
    let differences = explain::differences(&project, merged);
    let text = explain::render_differences(&differences);
    let mut report = outcome.report.clone();
    report.reconciliation = Some(Reconciliation::new(merged, &project.sources));
    let report: Value = serde_json::from_str(&report.to_json()).unwrap();
    let listed = report["differences"].as_array().unwrap();
    for (facet, place, verdict) in PLANTED {
        let found = listed.iter();
        let found = found
            .filter(|other| other["facet"] == facet && other["place"] == place)
            .collect::<Vec<_>>();
        let [found] = found.as_slice() else {
            panic!("{facet} of `{place}` is listed {} times", found.len());
        };
        assert_eq!(found["verdict"], verdict.name(), "{facet} of `{place}`");
        let claims = found["claims"].as_array().unwrap();
        let is_single = verdict == Single;
        assert_eq!(claims.len(), if is_single { 1 } else { 2 }, "{found}");
        assert_eq!(found["silent"][0] == "other", is_single, "{found}");
        for claim in claims {
            let source = claim["source"].as_str().unwrap();
            assert_eq!(claim["file"], format!("{source}.yaml"), "{found}");
            assert!(claim["line"].as_u64().unwrap() > 1, "{found}");
            assert!(claim["pointer"].is_string(), "{found}");
            assert!(!claim["value"].is_null(), "{found}");
        }
        let section = text.find(&format!("{}: ", verdict.name())).unwrap();
        let heading = format!("\n  {facet} of {place} = ");
        let at = text.find(&heading);
        assert!(at.is_some_and(|at| at > section), "{heading}\n{text}");
        assert_eq!(text.matches(&heading).count(), 1, "{heading}\n{text}");
    }
    // Nothing is invented beside what was planted: what is left belongs to the parts that were planted.
    let planted = |other: &&Value| {
        let mut planted = PLANTED.iter();
        !planted.any(|(facet, place, _)| other["facet"] == *facet && other["place"] == *place)
    };
    let others = listed.iter().filter(planted);
    let others: Vec<String> = others
        .map(|other| {
            let text = |key: &str| other[key].as_str().unwrap_or_default();
            format!("{} of {}", text("facet"), text("place"))
        })
        .collect();
    let expected = [
        // The same lists of required properties.
        "required of Thing.wider",
        // The documents are called differently.
        "title of the API",
        // The slash that makes two operations, and the body that the moved input is in.
        "presence of GET /slash",
        "presence of GET /slash/",
        "presence of POST /inputs body",
    ];
    assert_eq!(others, expected);
}

#[test]
fn an_item_shows_the_differences_about_it() {
    let folder = folder(&format!("{MANIFEST}{SOURCE_OTHER}"));
    let (project, outcome) = run(folder.path());
    let merged = outcome.merged.as_ref().unwrap();
    for (facet, place, verdict) in PLANTED {
        // Servers and schemes belong to no item, the location of an input to the input where it is now.
        let item = match place {
            "the API" | "security scheme cookie" => continue,
            "POST /inputs input moved" => "POST /inputs query moved",
            "GET /things/{} 200 text/csv" | "GET /things/{} 200 application/json" => {
                "GET /things/{} 200"
            }
            "POST /bodies body application/json.bound" => "POST /bodies body.bound",
            "POST /bodies body multipart/form-data.file" => "POST /bodies body.file",
            place => place,
        };
        let explained = explain::explain(&project, merged, None, item)
            .unwrap_or_else(|error| panic!("{error}"));
        let mut facets = explained.iter().flat_map(|item| &item.facets);
        assert!(
            facets.any(|other| other.facet == facet
                && other.place == place
                && other.verdict == verdict),
            "{facet} of `{place}`: {explained:#?}"
        );
    }
}

#[test]
fn the_page_lists_every_planted_difference_once_all_is_decided() {
    let folder = folder(&format!("{MANIFEST}{SOURCE_OTHER}"));
    let (_, undecided) = run(folder.path());
    assert!(undecided.files.is_none());
    let (resolutions, _) = entries(&undecided);
    write(folder.path(), "resolutions.toml", &resolutions);
    let (project, outcome) = run(folder.path());
    assert_no_errors(&project, &outcome);
    let page = &outcome.files.unwrap()["RECONCILIATION.md"];
    let page = String::from_utf8_lossy(page);
    for verdict in Verdict::differences() {
        let planted = outcome.merged.as_ref().unwrap().counts()[&verdict];
        assert!(
            page.contains(&format!("| {} | {planted} |", verdict.name())),
            "{page}"
        );
    }
    assert_eq!(page.matches("It was planted.").count(), 9, "{page}");
    for (facet, place, verdict) in PLANTED {
        let line = match (facet, verdict) {
            ("name", _) => match place {
                "GET /things/{} path id" => {
                    "- `id` is `slug` in 1 operation of `other` (`other.yaml:"
                }
                "Owner" => "- `Owner` is `\"User\"` in `other` (`other.yaml:",
                _ => {
                    "- `GET /things/{} 200 header X-Both` is `\"x-both\"` in `other` (`other.yaml:"
                }
            }
            .to_owned(),
            ("presence", Single) | (_, Single) => continue,
            (words, _) if words.contains(' ') => format!("{facet} of `{place}`"),
            _ => format!("`{facet}` of `{place}`"),
        };
        assert!(page.contains(&line), "{line}\n{page}");
    }
    // What only one document has is one line for each operation or component.
    let alone = page.split("## Only in one document").nth(1).unwrap();
    for part in [
        "- `GET /alone`: operation (`one.yaml:7`)",
        "- `GET /things/{}`: deprecated (`one.yaml:",
        "parameter `query extra` (`one.yaml:",
        "response `404` (`one.yaml:",
        "media type `200 text/csv` (`one.yaml:",
        "header `200 header X-Rate` (`one.yaml:",
        "- `Thing`: property `.alone` (`one.yaml:",
        "format `.loose` (`one.yaml:",
        "nullable `.nullable` (`one.yaml:",
        "minItems, maxItems, uniqueItems `.unique` (`one.yaml:",
        "- `GET /slash/`: operation (`other.yaml:",
    ] {
        assert!(alone.contains(part), "{part}\n{alone}");
    }
}

#[test]
fn adding_a_source_asks_once() {
    let folder = folder(MANIFEST);
    let (project, alone) = run(folder.path());
    assert_no_errors(&project, &alone);
    let lock = alone
        .locks
        .iter()
        .find(|lock| lock.path.ends_with("fidelity.lock"));
    let lock = &lock.unwrap().text;
    write(folder.path(), "fidelity.lock", lock);
    // The new source contradicts, and adds a parameter without a type.
    let untyped = "        - {name: untyped, in: query}\n      responses:\n        '200':";
    let other = OTHER.replace("      responses:\n        '200':", untyped);
    write(folder.path(), "other.yaml", &other);
    write(
        folder.path(),
        "manifest.toml",
        &format!("{MANIFEST}{SOURCE_OTHER}"),
    );
    let (resolutions, falls) = entries(&run(folder.path()).1);
    assert!(resolutions.contains("[[resolution]]") && falls.contains("[falls."));
    write(folder.path(), "resolutions.toml", &resolutions);
    let lock = lock.replace("[falls]\n", &falls);
    write(folder.path(), "fidelity.lock", &lock);
    let (project, both) = run(folder.path());
    assert_no_errors(&project, &both);
}

#[test]
fn a_single_description_differs_from_nothing() {
    let folder = folder(MANIFEST);
    let (project, outcome) = run(folder.path());
    assert_no_errors(&project, &outcome);
    let merged = outcome.merged.as_ref().unwrap();
    assert!(merged.findings.is_empty());
    assert!(explain::differences(&project, merged).is_empty());
}

/// A supplement describes an operation that only one document has, decides against a document, and gives a reason.
const SUPPLEMENT: &str = "
openapi: 3.1.0
info: {title: Supplement, version: '1'}
paths:
  /alone:
    get:
      parameters:
        - {name: more, in: query, x-reason: Clients were seen to send it., schema: {type: string}}
      responses: {'204': {description: ''}}
  /things/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: many, in: query, style: form, schema: {}}
      responses: {'200': {description: ''}}
";

#[test]
fn the_supplement_is_set_apart() {
    let supplement = "
[[source]]
id = 'own'
title = 'Own'
rank = 0
supplement = true
document = 'own.yaml'
";
    let folder = folder(&format!("{MANIFEST}{SOURCE_OTHER}{supplement}"));
    write(folder.path(), "own.yaml", SUPPLEMENT);
    let (resolutions, _) = entries(&run(folder.path()).1);
    write(folder.path(), "resolutions.toml", &resolutions);
    let (project, outcome) = run(folder.path());
    assert_no_errors(&project, &outcome);
    let page = &outcome.files.unwrap()["RECONCILIATION.md"];
    let page = String::from_utf8_lossy(page);
    let section = |heading: &str| {
        let heading = format!("\n## {heading}\n");
        let (_, after) = page
            .split_once(&heading)
            .unwrap_or_else(|| panic!("{heading}\n{page}"));
        after.split("\n## ").next().unwrap_or_default()
    };
    let alone = "- `GET /alone`: operation+ (`one.yaml:7`)";
    let documents = section("Only in one document");
    assert!(documents.contains(alone), "{documents}");
    let own = section("Only in the supplement");
    assert!(
        own.contains("parameter `query more` (`own.yaml:8`)"),
        "{own}"
    );
    let choices = section("Choices of the supplement");
    for line in [
        "- [`style` of `GET /things/{} query many`](#style-of-get-things-query-many)",
        "- Clients were seen to send it. `GET /alone query more` (`own` `own.yaml:8`)",
    ] {
        assert!(choices.contains(line), "{choices}");
    }
    // What one document and the supplement have is listed once.
    assert!(!section("Kept together").contains("`GET /alone`"));
    assert!(page.contains("| `one` | One | 5 | 2 |"), "{page}");
}

//! A change of a description, the changes that `diff` tells of it, and the verdict.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use generator::api::Name;
use generator::description::diagnostic::Diagnostics;
use generator::diff::{self, Diff, Severity, Version, may_follow, next_version};
use generator::pipeline;
use generator::project::Project;

const BASE: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists the pets.
      tags: [Pets]
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: tag, in: query, schema: {type: string}}
      responses:
        '200':
          description: The pets.
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    post:
      operationId: createPet
      summary: Adds a pet.
      tags: [Pets]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '201':
          description: The new pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '409': {description: The name is taken.}
  /pets/{id}:
    delete:
      operationId: deletePet
      summary: Removes a pet.
      tags: [Pets]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, description: Its name.}
        kind: {$ref: '#/components/schemas/Kind'}
        bornOn: {type: string, format: date}
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 50}
        nick: {type: string}
    Kind: {type: string, enum: [cat, dog]}
";

fn read(text: &str) -> (Project, pipeline::Outcome) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pets.yaml");
    std::fs::write(&file, text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&[file], folder.path(), "pets", &mut diagnostics);
    let outcome = pipeline::run(&project);
    assert!(
        outcome.lowered.is_some(),
        "{}",
        outcome.diagnostics.render(&project.sources)
    );
    (project, outcome)
}

fn between(before: &str, after: &str) -> Diff {
    let (old, new) = (read(before), read(after));
    let library = old.0.package.library().unwrap();
    let (before, after) = (version(&old, &library), version(&new, &library));
    assert_eq!(diff::diff(before, before), Diff::default());
    diff::diff(before, after)
}

fn version<'v>(
    (project, outcome): &'v (Project, pipeline::Outcome),
    library: &'v Name,
) -> Version<'v> {
    let lowered = outcome.lowered.as_ref().unwrap();
    let version = Version::new(lowered, library, &project.sources);
    version.with_merged(outcome.merged.as_ref().unwrap())
}

/// What `diff` tells of replacing a text of the base document: a line for each change.
#[track_caller]
fn check(replaced: &str, by: &str, expected: &[&str]) {
    assert!(BASE.contains(replaced), "{replaced}");
    let diff = between(BASE, &BASE.replacen(replaced, by, 1));
    let told: Vec<String> = diff
        .changes
        .iter()
        .map(|change| {
            format!(
                "{} {}: {}",
                change.severity.as_str(),
                change.kind,
                change.item
            )
        })
        .collect();
    assert_eq!(told, expected, "{}", diff::render(&diff));
    for change in &diff.changes {
        assert!(!change.effect.is_empty() && !change.rust.is_empty());
        assert!(
            !change.claims.is_empty() && change.at.is_some(),
            "{change:?}"
        );
    }
}

#[test]
fn texts_of_the_api_are_documentation() {
    check(
        "info: {title: Pets, version: '1'}",
        "info: {title: Animals, version: '2', description: All of them.}",
        &[
            "patch api-documentation-changed: the API",
            "patch api-title-changed: the API",
            "patch api-version-changed: the API",
        ],
    );
    let tagged = |text: &str| format!("{BASE}tags: [{{name: Pets, description: {text}}}]\n");
    let diff = between(&tagged("All pets."), &tagged("All the pets."));
    insta::assert_snapshot!(diff::render(&diff), @r"
    Documentation and wire format
      tag-documentation-changed: tag Pets (All pets. → All the pets.)
        the documentation of `Pets` has changed
    verdict: patch
    ");
}

#[test]
fn operations() {
    check(
        "    delete:\n      operationId: deletePet",
        "    put:\n      operationId: replacePet",
        &[
            "major operation-removed: DELETE /pets/{}",
            "minor operation-added: PUT /pets/{}",
        ],
    );
    check(
        "operationId: deletePet",
        "operationId: removePet",
        &["major operation-renamed: DELETE /pets/{}"],
    );
    let before = BASE.replacen(
        "{description: Done.}",
        "{description: Done., headers: {X-Left: {schema: {type: integer}}}}",
        1,
    );
    let moved = before.replacen("  /pets/{id}:", "  /animals/{id}:", 1);
    assert_eq!(effects(&before, &moved).len(), 1);
    check(
        "  /pets/{id}:",
        "  /animals/{id}:",
        &["patch operation-moved: DELETE /animals/{}"],
    );
    check(
        "  /pets/{id}:\n    delete:\n      operationId: deletePet",
        "  /animals/{id}:\n    delete:\n      operationId: deletePets",
        &["major operation-probably-renamed: DELETE /animals/{}"],
    );
    let webhook = |name: &str| {
        format!(
            "{BASE}webhooks: {{{name}: {{post: {{responses: {{'200': {{description: Done.}}}}}}}}}}\n"
        )
    };
    let renamed = between(&webhook("petAdded"), &webhook("petCreated"));
    let kinds = renamed.changes.iter().map(|change| change.kind.as_str());
    assert_eq!(kinds.collect::<Vec<_>>(), ["webhook-probably-renamed"]);
    check(
        "summary: Removes a pet.",
        "summary: Removes a pet.\n      deprecated: true",
        &["minor operation-deprecated-changed: DELETE /pets/{}"],
    );
    check(
        "summary: Removes a pet.",
        "summary: Removes a pet for ever.",
        &["patch operation-documentation-changed: DELETE /pets/{}"],
    );
    check(
        "summary: Removes a pet.\n      tags: [Pets]",
        "summary: Removes a pet.\n      tags: [Admin]",
        &["major operation-server-trait-changed: DELETE /pets/{}"],
    );
}

#[test]
fn a_bound_of_integers_in_another_notation_is_the_same() {
    let by = |bound: &str| format!("schema: {{type: integer, {bound}}}");
    let changed = |bound: &str, expected: &[&str]| check(&by("maximum: 100"), &by(bound), expected);
    changed("exclusiveMaximum: 101", &[]);
    changed(
        "exclusiveMaximum: 100",
        &["major parameter-maximum-changed: GET /pets query limit"],
    );
    changed(
        "exclusiveMaximum: 200",
        &["minor parameter-maximum-changed: GET /pets query limit"],
    );
    // Of other numbers, the bound itself is gone.
    let schema = "{name: limit, in: query, schema: {type: integer, maximum: 100}}";
    let of_number =
        |bound: &str| format!("{{name: limit, in: query, schema: {{type: number, {bound}}}}}");
    let before = BASE.replacen(schema, &of_number("maximum: 100"), 1);
    let after = BASE.replacen(schema, &of_number("exclusiveMaximum: 101"), 1);
    assert_eq!(effects(&before, &after).len(), 2);
}

#[test]
fn servers_of_an_operation() {
    check(
        "summary: Removes a pet.",
        "summary: Removes a pet.\n      servers: [{url: 'https://admin.example'}]",
        &["patch operation-servers-changed: DELETE /pets/{}"],
    );
}

#[test]
fn parameters() {
    check(
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "",
        &["major parameter-removed: GET /pets query tag"],
    );
    check(
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "        - {name: tag, in: query, schema: {type: string}}\n        - {name: age, in: query, schema: {type: integer}}\n",
        &["minor parameter-added: GET /pets query age"],
    );
    check(
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "        - {name: tag, in: query, schema: {type: string}}\n        - {name: age, in: query, required: true, schema: {type: integer}}\n",
        &["major parameter-added: GET /pets query age"],
    );
    check(
        "{name: tag, in: query, schema: {type: string}}",
        "{name: tag, in: query, required: true, schema: {type: string}}",
        &["major parameter-presence-changed: GET /pets query tag"],
    );
    check(
        "{name: tag, in: query, schema: {type: string}}",
        "{name: tag, in: query, schema: {type: integer}}",
        &["major parameter-type-changed: GET /pets query tag"],
    );
    check(
        "{name: tag, in: query, schema: {type: string}}",
        "{name: tags, in: query, schema: {type: string}}",
        &["major parameter-probably-renamed: GET /pets query tags"],
    );
    check(
        "maximum: 100",
        "maximum: 50",
        &["major parameter-maximum-changed: GET /pets query limit"],
    );
    check(
        "maximum: 100",
        "maximum: 500",
        &["minor parameter-maximum-changed: GET /pets query limit"],
    );
    check(
        "parameters: [{name: id, in: path, required: true, schema: {type: string}}]",
        "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]",
        &["major parameter-type-changed: DELETE /pets/{} path 1"],
    );
}

#[test]
fn bodies_and_responses() {
    check(
        "        required: true\n        content: {application/json",
        "        content: {application/json",
        &["major body-presence-changed: POST /pets body"],
    );
    check(
        "        '409': {description: The name is taken.}\n",
        "",
        &["major response-removed: POST /pets 409"],
    );
    check(
        "        '409': {description: The name is taken.}\n",
        "        '409': {description: The name is taken.}\n        '403': {description: Not yours.}\n",
        &["minor response-added: POST /pets 403"],
    );
    check(
        "          headers: {X-Total: {schema: {type: integer}}}\n",
        "",
        &["major header-removed: GET /pets 200 header X-Total"],
    );
    check(
        "          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}\n",
        "",
        &[
            "major operation-response-changed: GET /pets",
            "major response-body-type-changed: GET /pets 200 no body",
            "patch operation-accept-changed: GET /pets",
            "patch response-body-media-type-changed: GET /pets 200 no body",
        ],
    );
    check(
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}",
        "content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/NewPet'}}}",
        &["patch media-type-changed: POST /pets body application/x-www-form-urlencoded"],
    );
}

/// The base document, whose new pet comes in a second media type too.
fn with_list(schema: &str) -> String {
    let json = "description: The new pet.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}";
    assert!(BASE.contains(json));
    BASE.replacen(
        json,
        &format!("{json}, application/vnd.list+json: {{schema: {schema}}}"),
        1,
    )
}

/// The kinds, items and effects of all changes between two documents.
fn effects(before: &str, after: &str) -> Vec<String> {
    let changes = between(before, after).changes;
    let told = changes.iter().map(|change| {
        let severity = change.severity.as_str();
        format!(
            "{severity} {}: {}: {}",
            change.kind, change.item, change.effect
        )
    });
    told.collect()
}

#[test]
fn each_media_type_of_a_response_is_compared() {
    let list = with_list("{type: array, items: {type: string}}");
    let item = "POST /pets 201 application/vnd.list+json";
    assert_eq!(
        effects(BASE, &list),
        [format!(
            "minor response-body-added: {item}: `CreatePetResponse::CreatedApplicationVndListJson` and `CreatePet::send_as_application_vnd_list_json` are new"
        )]
    );
    assert_eq!(
        effects(&list, BASE),
        [format!(
            "major response-body-removed: {item}: `CreatePetResponse::CreatedApplicationVndListJson` and `CreatePet::send_as_application_vnd_list_json` are gone"
        )]
    );
    assert_eq!(
        effects(&list, &with_list("{type: array, items: {type: integer}}")),
        [format!(
            "major response-body-type-changed: {item}: `CreatePetResponse::CreatedApplicationVndListJson`: `Vec<String>` \u{2192} `Vec<i64>`"
        )]
    );
}

#[test]
fn a_media_type_that_joins_before_another_takes_its_variant() {
    let before = BASE.replacen(
        "'409': {description: The name is taken.}",
        "'409': {description: Taken., content: {text/plain: {schema: {type: string}}}}",
        1,
    );
    let after = before.replacen(
        "{text/plain:",
        "{application/json: {schema: {$ref: '#/components/schemas/Pet'}}, text/plain:",
        1,
    );
    assert_eq!(
        effects(&before, &after)[..2],
        [
            "major response-body-renamed: POST /pets 409 text/plain: `CreatePetResponse::Conflict` is called `CreatePetResponse::ConflictTextPlain` now",
            "minor response-body-added: POST /pets 409 application/json: `CreatePetResponse::Conflict` is new",
        ]
    );
}

#[test]
fn a_header_of_a_response_is_its_constant() {
    let header = "          headers: {X-Total: {schema: {type: integer}}}\n";
    let without = BASE.replacen(header, "", 1);
    let item = "GET /pets 200 header X-Total";
    assert_eq!(
        effects(BASE, &without),
        [format!(
            "major header-removed: {item}: `headers::X_TOTAL` is gone"
        )]
    );
    assert_eq!(
        effects(&without, BASE),
        [format!(
            "minor header-added: {item}: `headers::X_TOTAL` is new"
        )]
    );
    let deprecated = BASE.replacen("{X-Total: {", "{X-Total: {deprecated: true, ", 1);
    assert_eq!(
        effects(BASE, &deprecated),
        [format!(
            "patch header-deprecation-changed: {item}: the description calls `headers::X_TOTAL` deprecated"
        )]
    );
    let created = "          description: The new pet.\n";
    let twice = BASE.replacen(created, &format!("{created}{header}"), 1);
    assert_eq!(
        effects(&twice, &twice.replacen(header, "", 1)),
        [format!(
            "patch header-removed: {item}: `headers::X_TOTAL` is no longer described for `GET /pets 200`; the constant stays"
        )]
    );
}

#[test]
fn types() {
    check(
        "        bornOn: {type: string, format: date}\n",
        "",
        &["major field-removed: Pet.bornOn"],
    );
    check(
        "        bornOn: {type: string, format: date}\n",
        "        bornOn: {type: string, format: date}\n        color: {type: string}\n",
        &["minor field-added: Pet.color"],
    );
    check(
        "bornOn: {type: string, format: date}",
        "bornOn: {type: string, format: date-time}",
        &["major field-type-changed: Pet.bornOn"],
    );
    check(
        "      required: [name]\n      properties:\n        name: {type: string, maxLength: 50}",
        "      required: [name, nick]\n      properties:\n        name: {type: string, maxLength: 50}",
        &["major field-type-changed: NewPet.nick"],
    );
    check(
        "        nick: {type: string}\n",
        "        nick: {type: string}\n        owner: {type: string}\n",
        &["minor field-added: NewPet.owner"],
    );
    check(
        "maxLength: 50",
        "maxLength: 20",
        &["major field-maximum-length-changed: NewPet.name"],
    );
    check(
        "description: Its name.",
        "description: The name of the pet.",
        &["patch field-documentation-changed: Pet.name"],
    );
    check(
        "enum: [cat, dog]",
        "enum: [cat, dog, fish]",
        &["minor enum-value-added: Kind = \"fish\""],
    );
    check(
        "enum: [cat, dog]",
        "enum: [cat]",
        &["major enum-value-removed: Kind = \"dog\""],
    );
}

#[test]
fn a_type_with_another_name_is_one_change() {
    let after = BASE.replace("Kind", "Species");
    let diff = between(BASE, &after);
    let told: Vec<&str> = diff.changes.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(told, ["type-renamed"], "{}", diff::render(&diff));
    assert_eq!(diff.verdict(), Some(Severity::Major));
}

#[test]
fn a_change_tells_what_it_does_and_where() {
    let after = BASE.replacen(
        "          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}\n",
        "",
        1,
    );
    let diff = between(BASE, &after);
    let change = &diff.changes[0];
    assert_eq!(change.rust, "ListPets::send");
    assert_eq!(change.effect, "`ListPets::send`: `Vec<Pet>` \u{2192} `()`");
    assert_eq!(change.at.as_ref().unwrap().to_string(), "pets.yaml:7:5");
    let json = diff.to_json().unwrap();
    assert!(
        json.starts_with("{\n  \"verdict\": \"major\",\n  \"changes\": ["),
        "{json}"
    );
    assert!(diff::changelog(&diff).contains("- **Breaking:** `GET /pets`: `ListPets::send`"));
    assert!(diff::markdown(&diff).contains("| operation-response-changed | `GET /pets` |"));
}

#[test]
fn the_next_version_follows_semantic_versioning_as_cargo_reads_it() {
    let next = |version: &str, severity| {
        let version = semver::Version::parse(version).unwrap();
        next_version(&version, severity).to_string()
    };
    let (patch, minor, major) = (
        Some(Severity::Patch),
        Some(Severity::Minor),
        Some(Severity::Major),
    );
    assert_eq!(next("1.2.3", None), "1.2.3");
    assert_eq!(next("1.2.3", patch), "1.2.4");
    assert_eq!(next("1.2.3", minor), "1.3.0");
    assert_eq!(next("1.2.3", major), "2.0.0");
    assert_eq!(next("0.2.3", minor), "0.2.4");
    assert_eq!(next("0.2.3", major), "0.3.0");
    assert_eq!(next("0.0.3", major), "0.0.4");
}

#[test]
fn a_pre_release_may_be_followed_by_the_next_one_and_by_its_release() {
    let follows = |earlier: &str, version: &str, severity| {
        let parsed = |text: &str| semver::Version::parse(text).unwrap();
        may_follow(&parsed(version), &parsed(earlier), severity)
    };
    let major = Some(Severity::Major);
    for version in ["1.0.0-alpha.2", "1.0.0-beta", "1.0.0", "1.1.0-alpha.1"] {
        assert!(follows("1.0.0-alpha.1", version, major), "{version}");
    }
    for version in ["1.0.0-alpha.1", "1.0.0-alpha.0", "0.9.0"] {
        assert!(!follows("1.0.0-alpha.1", version, major), "{version}");
    }
    assert!(follows("1.0.0-alpha.1", "1.0.0-alpha.1", None));
    // A pre-release of the version that is needed announces what has changed.
    assert!(follows("1.0.0", "2.0.0-rc.1", major));
    assert!(!follows("1.0.0", "1.1.0-rc.1", major));
    assert!(!follows("1.0.0", "1.0.0-rc.1", Some(Severity::Patch)));
    let next =
        |version: &str| next_version(&semver::Version::parse(version).unwrap(), major).to_string();
    assert_eq!(next("1.0.0-alpha.9"), "1.0.0-alpha.10");
    assert_eq!(next("1.0.0-rc1"), "1.0.0-rc1.1");
}

#[test]
fn undescribed_properties_equal_items_and_formats_are_compared() {
    let new_pet = "    NewPet:\n      type: object\n";
    let closed = BASE.replacen(
        new_pet,
        &format!("{new_pet}      additionalProperties: false\n"),
        1,
    );
    assert_eq!(
        effects(BASE, &closed),
        [
            "major type-additional-properties-changed: NewPet: `NewPet` may have no properties but those described"
        ]
    );
    let nick = "nick: {type: string}";
    let number = |format: &str| {
        let number = format!("nick: {{type: number, format: {format}}}");
        BASE.replacen(nick, &number, 1)
    };
    assert_eq!(
        effects(&number("double"), &number("float")),
        [
            "patch field-format-changed: NewPet.nick: the format of `NewPet::nick`: `double` \u{2192} `float`"
        ]
    );
    let list = |rest: &str| {
        let list = format!("nick: {{type: array, items: {{type: string}}{rest}}}");
        BASE.replacen(nick, &list, 1)
    };
    assert_eq!(
        effects(&list(""), &list(", uniqueItems: true")),
        ["major field-unique-items-changed: NewPet.nick: the items of `NewPet::nick` must differ"]
    );
    assert_eq!(
        effects(&list(", uniqueItems: true"), &list("")),
        ["minor field-unique-items-changed: NewPet.nick: the items of `NewPet::nick` may be equal"]
    );
}

#[test]
fn another_url_of_a_server_is_one_change() {
    let before = "https://pets.example";
    check(
        before,
        "https://animals.example/v2",
        &["patch server-url-changed: server https://animals.example/v2"],
    );
    assert_eq!(
        effects(BASE, &BASE.replacen(before, "https://animals.example", 1)),
        [
            "patch server-url-changed: server https://animals.example: `servers::Server`: `https://pets.example` \u{2192} `https://animals.example`"
        ]
    );
}

#[test]
fn security_is_told_in_words_and_where_it_is_stated() {
    let secured = |scheme: &str, requirements: &str| {
        let schemes = format!("components:\n  securitySchemes: {{k: {scheme}}}\n");
        BASE.replacen("components:\n", &schemes, 1).replacen(
            "      operationId: deletePet\n",
            &format!("      operationId: deletePet\n      security: {requirements}\n"),
            1,
        )
    };
    let (key, bearer) = (
        "{type: apiKey, in: header, name: X-Key}",
        "{type: http, scheme: bearer}",
    );
    let diff = between(&secured(key, "[k: []]"), &secured(bearer, "[k: []]"));
    let change = &diff.changes[0];
    assert_eq!(
        change.effect,
        "`ClientBuilder::credential(\"k\")`: `API key` \u{2192} `bearer token`"
    );
    assert_eq!(change.at.as_ref().unwrap().to_string(), "pets.yaml:40:24");
    assert_eq!(
        effects(
            &secured(key, "[k: []]"),
            &secured(&key.replace("X-Key", "X-Token"), "[k: []]")
        ),
        [
            "patch security-scheme-place-changed: security scheme k: `ClientBuilder::credential(\"k\")` is sent as the header X-Token instead of the header X-Key"
        ]
    );
    assert_eq!(
        effects(&secured(key, "[k: []]"), &secured(key, "[k: [], {}]")),
        [
            "minor operation-security-changed: DELETE /pets/{}: `Client::delete_pet` needs: `k or no credential`"
        ]
    );
    let described = "{type: apiKey, in: header, name: X-Key, description: Yours.}";
    assert_eq!(
        effects(&secured(key, "[k: []]"), &secured(described, "[k: []]")),
        [
            "patch security-scheme-documentation-changed: security scheme k: the documentation of `ClientBuilder::credential(\"k\")` has changed"
        ]
    );
    let oauth = "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://pets.example/token', scopes: {read: Reads., write: Writes.}}}}";
    let elsewhere = oauth.replace("pets.example/token", "pets.example/v2/token");
    assert_eq!(
        effects(
            &secured(oauth, "[k: [read]]"),
            &secured(&elsewhere, "[k: [read]]")
        ),
        [
            "patch security-scheme-tokens-changed: security scheme k: callers get the tokens for `ClientBuilder::credential(\"k\")` in another way"
        ]
    );
    assert_eq!(
        effects(
            &secured(oauth, "[k: [read]]"),
            &secured(oauth, "[k: [write]]")
        ),
        [
            "patch operation-scopes-changed: DELETE /pets/{}: `Client::delete_pet` needs: `k (write)` instead of `k (read)`"
        ]
    );
}

#[test]
fn a_credential_that_is_no_longer_enough_is_breaking() {
    let schemes = "components:\n  securitySchemes: {k: {type: http, scheme: bearer}, l: {type: http, scheme: basic}}\n";
    let verdict = |before: &str, after: &str| {
        let secured = |requirements: &str| {
            let head = format!("security: {requirements}\npaths:\n");
            let text = BASE.replacen("components:\n", schemes, 1);
            text.replacen("paths:\n", &head, 1)
        };
        between(&secured(before), &secured(after)).verdict_name()
    };
    for (before, after) in [
        ("[k: [], l: []]", "[k: []]"),
        ("[]", "[k: []]"),
        ("[{}, {k: []}]", "[k: []]"),
        ("[k: []]", "[l: []]"),
        ("[k: []]", "[{k: [], l: []}]"),
    ] {
        assert_eq!(verdict(before, after), "major", "{before} {after}");
    }
    for (before, after) in [
        ("[k: []]", "[k: [], l: []]"),
        ("[k: []]", "[]"),
        ("[k: []]", "[{}, {k: []}]"),
        ("[{k: [], l: []}]", "[l: []]"),
    ] {
        assert_eq!(verdict(before, after), "minor", "{before} {after}");
    }
}

#[test]
fn what_is_sent_in_another_way_says_how() {
    let after = BASE.replacen(
        "    post:\n      operationId: createPet",
        "    put:\n      operationId: createPet",
        1,
    );
    assert_eq!(
        effects(BASE, &after),
        [
            "patch operation-moved: PUT /pets: `Client::create_pet` is sent with `PUT` instead of `POST`"
        ]
    );
    let after = BASE.replacen("{name: tag, in: query,", "{name: tag, in: header,", 1);
    assert_eq!(
        effects(BASE, &after)[0],
        "patch parameter-moved: GET /pets header tag: `ListPets::tag` is sent as `header tag` instead of `query tag`"
    );
}

#[test]
fn the_places_of_what_is_removed_are_marked() {
    let after = BASE.replacen(
        "        - {name: tag, in: query, schema: {type: string}}\n",
        "",
        1,
    );
    let diff = between(BASE, &after);
    assert_eq!(diff.changes[0].side, diff::Side::Before);
    let text = diff::render(&diff);
    assert!(
        text.contains("    pets.yaml:13:11 (before) (pets)\n"),
        "{text}"
    );
    let markdown = diff::markdown(&diff);
    assert!(
        markdown.contains("| pets.yaml:13:11 (before) |\n"),
        "{markdown}"
    );
    let json = diff.to_json().unwrap();
    assert!(json.contains("\"side\": \"before\""), "{json}");
    let diff = between(&after, BASE);
    assert!(diff::render(&diff).contains("    pets.yaml:13:11 (pets)\n"));
    assert_eq!(diff.changes[0].side, diff::Side::After);
}

#[test]
fn security_of_the_whole_api_is_told_once() {
    let schemes = "components:\n  securitySchemes: {k: {type: http, scheme: bearer}, l: {type: http, scheme: basic}}\n";
    let own = "      operationId: deletePet\n      security: [l: []]\n";
    let secured = |requirements: &str| {
        let head = format!("security: {requirements}\npaths:\n");
        BASE.replacen("components:\n", schemes, 1)
            .replacen("paths:\n", &head, 1)
            .replacen("      operationId: deletePet\n", own, 1)
    };
    let diff = between(&secured("[k: []]"), &secured("[k: [], l: []]"));
    let [change] = &*diff.changes else {
        panic!("{}", diff::render(&diff));
    };
    assert_eq!(change.kind, "api-security-changed");
    assert_eq!(change.item, "the API");
    assert_eq!(
        change.effect,
        "all 2 operations that have no requirements of their own need: `k or l`"
    );
    assert_eq!(change.at.as_ref().unwrap().to_string(), "pets.yaml:5:11");
    assert!(diff::grouped(&diff, 9).starts_with("the API\n"));
    let without = secured("[k: []]").replace("security: [k: []]\n", "");
    let diff = between(&secured("[k: []]"), &without);
    assert_eq!(diff.changes.len(), 1, "{}", diff::render(&diff));
    assert_eq!(diff.changes[0].side, diff::Side::Before);
    // What only one operation has is told of that operation.
    let alone = secured("[k: []]").replace("security: [l: []]", "security: []");
    assert_eq!(
        effects(&secured("[k: []]"), &alone),
        ["minor operation-security-changed: DELETE /pets/{}: `Client::delete_pet` needs: nothing"]
    );
}

#[test]
fn a_removed_operation_is_one_change_whatever_was_below_it() {
    let path = "
  /notes:
    get:
      operationId: listNotes
      tags: [Pets]
      parameters: [{name: since, in: query, schema: {type: string}}]
      responses: {'200': {description: OK., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string}, read: {type: boolean}}}
";
    let with = BASE.replacen(
        "components:\n  schemas:\n",
        path.trim_start_matches('\n'),
        1,
    );
    let without = with.replacen(
        "    get:\n      operationId: listNotes",
        "    x-get:\n      operationId: listNotes",
        1,
    );
    assert_eq!(
        effects(&with, &without),
        [
            "major operation-removed: GET /notes: `Client::list_notes` and its method of the server trait are gone"
        ]
    );
}

#[test]
fn a_discriminator_and_what_is_in_block_style_are_where_they_are_stated() {
    let union = "    Note:
      oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/NewPet'}]
      discriminator:
        propertyName: name
";
    let before = BASE
        .replacen("  schemas:\n", &format!("  schemas:\n{union}"), 1)
        .replacen(
            "{description: The name is taken.}",
            "{description: The name is taken., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}",
            1,
        );
    let after = before.replacen("propertyName: name", "propertyName: nick", 1);
    let line = |text: &str| 1 + after.lines().position(|line| line.trim() == text).unwrap();
    let diff = between(&before, &after);
    let [change] = &*diff.changes else {
        panic!("{}", diff::render(&diff));
    };
    assert_eq!(change.kind, "type-discriminator-changed");
    let at = change.at.as_ref().unwrap().to_string();
    assert_eq!(at, format!("pets.yaml:{}:7", line("discriminator:")));
    let without = after.replacen("    post:\n", "    x-post:\n", 1);
    let diff = between(&without, &after);
    let added = diff.changes.iter().find(|it| it.kind == "operation-added");
    let at = added.unwrap().at.as_ref().unwrap().to_string();
    assert_eq!(at, format!("pets.yaml:{}:5", line("post:")));
}

/// The server reads a body of one media type as its type, and one of several as an enum.
#[test]
fn a_media_type_of_a_request_changes_what_the_server_reads() {
    let json = "{application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}";
    let with = |media_types: &str| BASE.replacen(json, media_types, 1);
    let form = with(
        "{application/json: {schema: {$ref: '#/components/schemas/NewPet'}}, multipart/form-data: {schema: {$ref: '#/components/schemas/NewPet'}}}",
    );
    assert_eq!(
        effects(BASE, &form),
        [
            "major body-server-type-changed: POST /pets body: `CreatePetRequest::body` of the server is `CreatePetRequestBody { Json(NewPet), Multipart(Multipart<NewPet>) }` instead of `NewPet`",
            "minor media-type-added: POST /pets body multipart/form-data: `Client::create_pet(body)` is sent as before; the API also takes `multipart/form-data`",
        ]
    );
    assert_eq!(
        effects(&form, BASE),
        [
            "major media-type-removed: POST /pets body multipart/form-data: `Client::create_pet(body)`: the API no longer takes `multipart/form-data`"
        ]
    );
    let only_form = with("{multipart/form-data: {schema: {$ref: '#/components/schemas/NewPet'}}}");
    assert_eq!(
        effects(BASE, &only_form),
        [
            "major body-server-type-changed: POST /pets body: `CreatePetRequest::body` of the server is `Multipart<NewPet>` instead of `NewPet`",
            "patch media-type-changed: POST /pets body multipart/form-data: the media type of `Client::create_pet(body)`: `application/json` \u{2192} `multipart/form-data`",
        ]
    );
}

#[test]
fn what_changes_the_fields_of_the_servers_requests_is_told_by_them() {
    let limit = "schema: {type: integer, maximum: 100}";
    let default = BASE.replacen(
        limit,
        "schema: {type: integer, maximum: 100, default: 10}",
        1,
    );
    assert_eq!(
        effects(BASE, &default),
        [
            "major parameter-server-type-changed: GET /pets query limit: `ListPetsRequest::limit` of the server is `i64` instead of `Option<i64>`",
            "patch parameter-default-changed: GET /pets query limit: the default of `ListPets::limit`: nothing \u{2192} `10`",
        ]
    );
    let other = default.replacen("default: 10", "default: 20", 1);
    assert_eq!(
        effects(&default, &other),
        [
            "patch parameter-default-changed: GET /pets query limit: the default of `ListPets::limit`: `10` \u{2192} `20`"
        ]
    );
    let renamed = BASE.replacen("/pets/{id}", "/pets/{slug}", 1).replacen(
        "name: id, in: path",
        "name: slug, in: path",
        1,
    );
    assert_eq!(
        effects(BASE, &renamed),
        [
            "major parameter-renamed: DELETE /pets/{} path 1: `DeletePetRequest::id` is called `DeletePetRequest::slug` now",
            "patch operation-path-changed: DELETE /pets/{}: the path of `Client::delete_pet`: `/pets/{id}` \u{2192} `/pets/{slug}`",
        ]
    );
    let tag = BASE.replacen("tags: [Pets]", "tags: [Animals]", 1);
    assert_eq!(
        effects(BASE, &tag),
        [
            "major operation-server-trait-changed: GET /pets: the method of `Client::list_pets` is one of the server trait `Animals` instead of `Pets`, and its types are in another module"
        ]
    );
}

#[test]
fn a_header_of_another_response_has_its_constant_already() {
    let with = BASE.replacen(
        "'409': {description: The name is taken.}",
        "'409': {description: The name is taken., headers: {X-Total: {schema: {type: integer}}}}",
        1,
    );
    assert_eq!(
        effects(BASE, &with),
        [
            "patch header-added: POST /pets 409 header X-Total: `headers::X_TOTAL` is described for `POST /pets 409`, too"
        ]
    );
}

#[test]
fn responses_and_additional_properties_are_where_they_are_described() {
    let line = |text: &str, part: &str| {
        let lines = text.lines().position(|it| it.contains(part));
        u32::try_from(lines.unwrap()).unwrap() + 1
    };
    let after = BASE
        .replacen(
            "        '409': {description: The name is taken.}\n",
            "        '409': {description: The name is taken.}\n        '403': {description: Not yours., content: {text/plain: {schema: {type: string}}}}\n",
            1,
        )
        .replacen("    NewPet:\n", "    NewPet:\n      additionalProperties: {type: string}\n", 1);
    let diff = between(BASE, &after);
    let at = |kind: &str| {
        let change = diff.changes.iter().find(|it| it.kind == kind).unwrap();
        change.at.as_ref().unwrap().line
    };
    assert_eq!(at("response-added"), line(&after, "'403'"));
    assert_eq!(at("field-added"), line(&after, "NewPet:"));
}

/// Code that gives the arguments by position still compiles, and sends something else.
#[test]
fn another_order_of_the_arguments_is_breaking() {
    let with = |parameters: &str| {
        let before = "parameters: [{name: id, in: path, required: true, schema: {type: string}}";
        BASE.replacen(before, &format!("{before}, {parameters}"), 1)
    };
    let shop = "{name: shop, in: query, required: true, schema: {type: string}}";
    let owner = "{name: owner, in: query, required: true, schema: {type: string}}";
    let age = "{name: owner, in: query, required: true, schema: {type: integer}}";
    let told = "major operation-argument-order-changed: DELETE /pets/{}: the arguments of `Client::delete_pet` are in another order: `id, owner, shop` instead of `id, shop, owner`";
    for second in [owner, age] {
        let before = with(&format!("{shop}, {second}"));
        let after = with(&format!("{second}, {shop}"));
        assert_eq!(effects(&before, &after), [told]);
    }
    let renamed = effects(&with(shop), &with(owner));
    assert!(
        renamed.iter().all(|it| !it.contains("order")),
        "{renamed:?}"
    );
}

#[test]
fn a_second_type_of_errors_makes_an_enum_of_the_first() {
    let with = |errors: &str| {
        BASE.replacen(
            "        '409': {description: The name is taken.}\n",
            errors,
            1,
        )
    };
    let error = |status: u16, schema: &str| {
        format!(
            "        '{status}': {{description: No., content: {{application/json: {{schema: {schema}}}}}}}\n"
        )
    };
    let one = error(409, "{$ref: '#/components/schemas/Pet'}");
    let two = format!("{one}{}", error(422, "{$ref: '#/components/schemas/Kind'}"));
    let three = format!(
        "{two}{}",
        error(423, "{type: array, items: {type: string}}")
    );
    let expected = |status: u16, name: &str| {
        format!("minor response-added: POST /pets {status}: `CreatePetResponse::{name}` is new")
    };
    assert_eq!(
        effects(&with(&one), &with(&two)),
        [
            "major operation-error-changed: POST /pets: the error of `Client::create_pet` is the enum `CreatePetError` instead of `Pet`".to_owned(),
            expected(422, "UnprocessableContent"),
        ]
    );
    assert_eq!(
        effects(&with(&two), &with(&three)),
        [expected(423, "Locked")]
    );
}

/// The enum of several successes is open: one more does not break code, but the second one makes the enum.
#[test]
fn one_more_type_of_success_is_an_addition_where_there_are_several() {
    let with = |more: &str| BASE.replacen("        '409': ", &format!("{more}        '409': "), 1);
    let success = |status: u16, schema: &str| {
        format!(
            "        '{status}': {{description: Yes., content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}\n"
        )
    };
    let two = success(202, "NewPet");
    let three = format!("{two}{}", success(203, "Kind"));
    let severity = |before: &str, after: &str| {
        let changes = between(before, after).changes;
        let mut changes = changes
            .iter()
            .filter(|it| it.kind == "operation-response-changed");
        changes.next().map(|it| it.severity)
    };
    assert_eq!(severity(BASE, &with(&two)), Some(Severity::Major));
    assert_eq!(severity(&with(&two), &with(&three)), Some(Severity::Minor));
    assert_eq!(severity(&with(&three), &with(&two)), Some(Severity::Major));
}

#[test]
fn an_operation_without_a_route_is_compared_too() {
    let path = |name: &str, parameters: &str| {
        let own = format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}");
        format!(
            "  /pets/{{{name}}}/owner:\n    get: {{operationId: 'by {name}', tags: [Pets], parameters: [{own}{parameters}], responses: {{'204': {{description: Done.}}}}}}\n"
        )
    };
    let with = |paths: &str| BASE.replacen("components:", &format!("{paths}components:"), 1);
    let added = ", {name: deep, in: query, schema: {type: boolean}}";
    let served = path("id", "");
    let before = with(&(served.clone() + &path("name", "")));
    let after = with(&(served.clone() + &path("name", added)));
    assert_eq!(
        effects(&before, &after),
        ["minor parameter-added: GET /pets/{name}/owner query deep: `ByName::deep` is new"]
    );
    assert_eq!(
        effects(&before, &with(&served)),
        ["major operation-removed: GET /pets/{name}/owner: `Client::by_name` is gone"]
    );
}

#[test]
fn a_response_that_comes_in_lines_has_another_type() {
    let pets = "{type: array, items: {$ref: '#/components/schemas/Pet'}}";
    let one = format!("content: {{application/json: {{schema: {pets}}}}}");
    let lines = format!("content: {{application/x-ndjson: {{schema: {pets}}}}}");
    assert!(BASE.contains(&one));
    let told = effects(BASE, &BASE.replacen(&one, &lines, 1));
    let change = "major operation-response-changed: GET /pets: `ListPets::send`: `Vec<Pet>` \u{2192} `Lines<Pet>`";
    assert!(told.iter().any(|it| it == change), "{told:#?}");
}

#[test]
fn the_types_of_an_operation_that_is_called_like_a_keyword_are_called_as_emitted() {
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}";
    let both = body.replace("}}}", "}}, text/plain: {}}");
    let before = BASE.replacen("operationId: createPet", "operationId: self", 1);
    assert!(before.contains(body));
    let told = effects(&before, &before.replacen(body, &both, 1));
    let change = "`SelfRequest::body` of the server is `SelfRequestBody {";
    assert!(told.iter().any(|it| it.contains(change)), "{told:#?}");
}

#[test]
fn a_call_without_a_type_of_its_own_is_called_after_the_method() {
    let pet = "The new pet.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";
    let text = "The new pet.\n          content: {application/json: {schema: {type: string}}}";
    assert!(BASE.contains(pet));
    let told = effects(BASE, &BASE.replacen(pet, text, 1));
    let change = "major operation-response-changed: POST /pets: `Client::create_pet`: `Pet` \u{2192} `String`";
    assert!(told.iter().any(|it| it == change), "{told:#?}");
}

#[test]
fn what_a_server_refuses_newly_is_major_also_in_items_and_formats() {
    let nick = "nick: {type: string}";
    let with = |schema: &str| BASE.replacen(nick, &format!("nick: {schema}"), 1);
    let told = |before: &str, after: &str| {
        let changes = between(&with(before), &with(after)).changes;
        let told = changes
            .iter()
            .map(|it| format!("{} {}: {}", it.severity.as_str(), it.kind, it.item));
        told.collect::<Vec<_>>()
    };
    let list = "{type: array, items: {type: string}}";
    let bounded = "{type: array, items: {type: string, maxLength: 5}}";
    let changed = |severity| format!("{severity} items-maximum-length-changed: NewPet.nick[]");
    assert_eq!(told(list, bounded), [changed("major")]);
    assert_eq!(told(bounded, list), [changed("minor")]);
    assert_eq!(
        told("{type: string}", bounded),
        ["major field-type-changed: NewPet.nick"]
    );
    assert_eq!(
        told(
            "{type: object, additionalProperties: {type: array, items: {type: integer}}}",
            "{type: object, additionalProperties: {type: array, items: {type: integer, minimum: 1}}}"
        ),
        ["major items-minimum-changed: NewPet.nick{}[]"]
    );
    let email = "{type: string, format: email}";
    let changed = |severity| format!("{severity} field-format-changed: NewPet.nick");
    assert_eq!(told("{type: string}", email), [changed("major")]);
    assert_eq!(told(email, "{type: string}"), [changed("minor")]);
    assert_eq!(
        told("{type: string}", "{type: string, format: hostname}"),
        [changed("patch")]
    );
    check(
        "    NewPet:\n",
        "    NewPet:\n      additionalProperties: false\n",
        &["major type-additional-properties-changed: NewPet"],
    );
    check(
        "    Pet:\n",
        "    Pet:\n      additionalProperties: false\n",
        &["patch type-additional-properties-changed: Pet"],
    );
    check("maximum: 100", "maximum: 1.0e2", &[]);
}

#[test]
fn a_request_that_must_match_less_is_minor() {
    let severities = |property: &str, before: &str, after: &str| {
        let (name, _) = property.split_once(':').unwrap();
        let with =
            |schema: &str| BASE.replacen(property, &format!("{name}: {{type: {schema}}}"), 1);
        let changes = between(&with(before), &with(after)).changes;
        let told = changes.iter().map(|it| it.severity.as_str());
        told.collect::<Vec<_>>()
    };
    let of_request = |before: &str, after: &str| severities("nick: {type: string}", before, after);
    for (before, after, expected) in [
        ("string, pattern: '^a'", "string", "minor"),
        ("string", "string, pattern: '^a'", "major"),
        ("string, pattern: '^a'", "string, pattern: '^b'", "major"),
        ("integer, multipleOf: 10", "integer", "minor"),
        ("integer", "integer, multipleOf: 10", "major"),
        ("integer, multipleOf: 10", "integer, multipleOf: 5", "minor"),
        ("integer, multipleOf: 5", "integer, multipleOf: 10", "major"),
        (
            "number, multipleOf: 0.3",
            "number, multipleOf: 0.1",
            "minor",
        ),
        (
            "number, multipleOf: 0.5",
            "number, multipleOf: 1000000000000",
            "major",
        ),
    ] {
        assert_eq!(of_request(before, after), [expected], "{before}: {after}");
    }
    assert_eq!(
        of_request("string", "string, minLength: 0"),
        ["patch"],
        "nothing is shorter"
    );
    assert_eq!(
        of_request("string, minLength: 0", "string, minLength: 1"),
        ["major"]
    );
    let of_response = "name: {type: string, description: Its name.}";
    for (before, after) in [
        ("string, pattern: '^a'", "string"),
        ("string", "string, pattern: '^a'"),
    ] {
        assert_eq!(severities(of_response, before, after), ["patch"]);
    }
}

#[test]
fn variables_of_servers() {
    let url = "https://{region}.pets.example";
    let server = |variable: &str| {
        let server = format!("{{url: '{url}', variables: {{region: {variable}}}}}");
        BASE.replacen("{url: 'https://pets.example'}", &server, 1)
    };
    let both = server("{default: eu, enum: [eu, us]}");
    let one = server("{default: eu, enum: [eu]}");
    let value = format!("server {url} region = us");
    assert_eq!(
        effects(&both, &one),
        [format!(
            "major enum-value-removed: {value}: `servers::ServerRegion::Us` is gone"
        )]
    );
    assert_eq!(
        effects(&one, &both),
        [format!(
            "minor enum-value-added: {value}: `servers::ServerRegion::Us` is new"
        )]
    );
    assert_eq!(
        effects(&both, &server("{default: us, enum: [eu, us]}")),
        [format!(
            "patch server-defaults-changed: server {url}: the variables of `servers::Server` have other defaults: `region: us` instead of `region: eu`"
        )]
    );
    assert_eq!(
        effects(&server("{default: eu}"), &one)[0],
        format!(
            "major server-variables-changed: server {url}: the variables of `servers::Server`: `region: String` \u{2192} `region: ServerRegion`"
        )
    );
}

#[test]
fn what_only_the_wire_shows_is_a_patch() {
    check(
        "{name: tag, in: query,",
        "{name: tag, in: query, allowReserved: true,",
        &["patch parameter-style-changed: GET /pets query tag"],
    );
    let form = BASE.replacen(
        "application/json: {schema: {$ref: '#/components/schemas/NewPet'}}",
        "multipart/form-data: {schema: {$ref: '#/components/schemas/NewPet'}, encoding: {nick: {contentType: text/plain}}}",
        1,
    );
    assert_eq!(
        effects(&form, &form.replacen("text/plain", "text/csv", 1)),
        [
            "patch media-type-parts-changed: POST /pets body multipart/form-data: the parts of `Client::create_pet(body)`: `nick: text/plain` \u{2192} `nick: text/csv`"
        ]
    );
    let hook = format!(
        "{BASE}webhooks: {{born: {{post: {{operationId: petBorn, summary: A pet is born., responses: {{'204': {{description: Done.}}}}}}}}}}\n"
    );
    assert_eq!(
        effects(&hook, &hook.replacen("born: {post:", "born: {put:", 1)),
        [
            "patch webhook-http-method-changed: webhook petBorn: `Webhooks::pet_born` is sent with `PUT` instead of `POST`"
        ]
    );
}

#[test]
fn an_error_type_is_told_in_words() {
    let with = |schemas: &[&str]| {
        let errors = schemas.iter().zip(409..).map(|(schema, status)| {
            format!("        '{status}': {{description: No., content: {{application/json: {{schema: {schema}}}}}}}\n")
        });
        let taken = "        '409': {description: The name is taken.}\n";
        BASE.replacen(taken, &errors.collect::<String>(), 1)
    };
    let pet = "{$ref: '#/components/schemas/Pet'}";
    let list = "{type: array, items: {type: string}}";
    let diff = between(&with(&[pet, list]), &with(&[pet]));
    let change = &diff.changes[0];
    assert_eq!(
        change.effect,
        "the error of `Client::create_pet` is `Pet` instead of the enum `CreatePetError`"
    );
    assert_eq!(change.before.as_deref(), Some("CreatePetError"));
    assert_eq!(change.after.as_deref(), Some("Pet"));
    assert_eq!(
        effects(&with(&[pet, list]), &with(&[list, list]))[0],
        "major operation-error-changed: POST /pets: the error of `Client::create_pet` is `CreatePetError` (`Vec<String>`) instead of the enum `CreatePetError`"
    );
}

#[test]
fn another_value_on_the_wire_under_the_same_name_is_a_patch() {
    let changed = |replaced: &str, by: &str| effects(BASE, &BASE.replacen(replaced, by, 1));
    assert_eq!(
        changed("enum: [cat, dog]", "enum: [CAT, dog]"),
        [
            "patch enum-value-wire-changed: Kind = \"CAT\": `Kind::Cat` is sent as `\"CAT\"` instead of `\"cat\"`"
        ]
    );
    assert_eq!(
        changed("bornOn: {", "born_on: {"),
        ["patch field-moved: Pet.born_on: `Pet::born_on` is sent as `born_on` instead of `bornOn`"]
    );
    // The type is told beside it.
    assert_eq!(
        changed(
            "bornOn: {type: string, format: date}",
            "born_on: {type: integer}"
        ),
        [
            "major field-type-changed: Pet.born_on: `Pet::born_on`: `Option<Date>` \u{2192} `Option<i64>`",
            "patch field-moved: Pet.born_on: `Pet::born_on` is sent as `born_on` instead of `bornOn`",
        ]
    );
    assert_eq!(
        changed(
            "{name: tag, in: query, schema: {type: string}}",
            "{name: Tag, in: query, schema: {type: integer}}"
        )[1],
        "patch parameter-moved: GET /pets query Tag: `ListPets::tag` is sent as `query Tag` instead of `query tag`"
    );
    // Another name in Rust is another value.
    assert_eq!(
        changed("enum: [cat, dog]", "enum: [cow, dog]"),
        [
            "major enum-value-removed: Kind = \"cat\": `Kind::Cat` is gone",
            "minor enum-value-added: Kind = \"cow\": `Kind::Cow` is new",
        ]
    );
}

#[test]
fn an_alternative_with_another_type_is_one_change() {
    let either = |second: &str| {
        format!("{BASE}    Either: {{oneOf: [{{type: integer}}, {{title: Other, {second}}}]}}\n")
            .replacen(
                "nick: {type: string}",
                "nick: {$ref: '#/components/schemas/Either'}",
                1,
            )
    };
    assert_eq!(
        effects(
            &either("type: string"),
            &either("type: array, items: {type: string}")
        ),
        [
            "major alternative-type-changed: Either | Vec<String>: `Either::Other`: `String` \u{2192} `Vec<String>`"
        ]
    );
}

/// The crate has a server trait for webhooks and callbacks, and no client.
#[test]
fn items_of_webhooks_are_called_as_emitted() {
    let hook = |parameter: &str, body: &str| {
        format!(
            "{BASE}webhooks: {{born: {{post: {{operationId: petBorn, parameters: [{parameter}], requestBody: {body}, responses: {{'204': {{description: Done.}}}}}}}}}}\n"
        )
    };
    let signed = "{name: X-Sign, in: header, required: true, schema: {type: string}}";
    let pet =
        "required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";
    let before = hook(signed, &format!("{{{pet}}}"));
    let kind = pet.replace("schemas/Pet", "schemas/Kind");
    assert_eq!(
        effects(&before, &hook("", &format!("{{{kind}}}"))),
        [
            "major media-type-type-changed: webhook petBorn body application/json: `PetBornRequest::body`: `Pet` \u{2192} `Kind`",
            "major parameter-removed: webhook petBorn header X-Sign: `PetBornRequest::x_sign` is gone",
        ]
    );
    let optional = pet.replace("required: true, ", "");
    assert_eq!(
        effects(
            &before,
            &hook(
                &signed.replace("required: true, ", ""),
                &format!("{{{optional}}}")
            )
        ),
        [
            "major body-server-type-changed: webhook petBorn body: `PetBornRequest::body` of the server is `Option<Pet>` instead of `Pet`",
            "major parameter-type-changed: webhook petBorn header X-Sign: `PetBornRequest::x_sign`: `String` \u{2192} `Option<String>`",
        ]
    );
    // What the API sends in addition breaks no implementation, and what it sends is not checked.
    let more =
        format!("{signed}, {{name: X-Age, in: header, required: true, schema: {{type: integer}}}}");
    assert_eq!(
        effects(&before, &hook(&more, &format!("{{{pet}}}"))),
        ["minor parameter-added: webhook petBorn header X-Age: `PetBornRequest::x_age` is new"]
    );
    let bounded = signed.replace("type: string", "type: string, maxLength: 9");
    assert_eq!(
        effects(&before, &hook(&bounded, &format!("{{{pet}}}"))),
        [
            "patch parameter-maximum-length-changed: webhook petBorn header X-Sign: the maximum length of `PetBornRequest::x_sign`: nothing \u{2192} `9`"
        ]
    );
    let two = pet.replace(
        "content: {",
        "content: {text/plain: {schema: {type: string}}, ",
    );
    let told = effects(&before, &hook(signed, &format!("{{{two}}}")));
    assert!(
        told.iter()
            .any(|it| it.ends_with("`PetBornRequestBody::Text` is new")),
        "{told:?}"
    );
}

#[test]
fn another_callback_url_and_name_are_told() {
    let callbacks = |name: &str, url: &str| {
        let callbacks = format!(
            "      callbacks: {{{name}: {{'{url}': {{post: {{operationId: petSeen, responses: {{'204': {{description: Done.}}}}}}}}}}}}\n      requestBody:\n"
        );
        BASE.replacen("      requestBody:\n", &callbacks, 1)
    };
    let before = callbacks("seen", "{$request.body#/url}");
    assert_eq!(
        effects(&before, &callbacks("seen", "{$request.query.url}")),
        [
            "patch webhook-callback-url-changed: webhook petSeen: `Webhooks::pet_seen` is called at `{$request.query.url}` instead of `{$request.body#/url}`"
        ]
    );
    assert_eq!(
        effects(&before, &callbacks("noticed", "{$request.body#/url}")),
        [
            "patch webhook-name-changed: webhook petSeen: the description calls `Webhooks::pet_seen` `noticed` instead of `seen`"
        ]
    );
}

#[test]
fn another_order_of_values_and_alternatives_is_a_patch() {
    assert_eq!(
        effects(BASE, &BASE.replacen("[cat, dog]", "[dog, cat]", 1)),
        [
            "patch type-value-order-changed: Kind: the values of `Kind` are in another order, also in `Kind::KNOWN`: `Dog, Cat` instead of `Cat, Dog`"
        ]
    );
    // A new value is told as such.
    assert_eq!(
        effects(BASE, &BASE.replacen("[cat, dog]", "[ant, cat, dog]", 1)),
        ["minor enum-value-added: Kind = \"ant\": `Kind::Ant` is new"]
    );
    let either = |alternatives: &str| {
        format!("{BASE}    Either: {{anyOf: [{alternatives}]}}\n").replacen(
            "nick: {type: string}",
            "nick: {$ref: '#/components/schemas/Either'}",
            1,
        )
    };
    let (text, kind) = ("{type: string}", "{$ref: '#/components/schemas/Kind'}");
    assert_eq!(
        effects(
            &either(&format!("{text}, {kind}")),
            &either(&format!("{kind}, {text}"))
        ),
        [
            "patch type-alternative-order-changed: Either: the alternatives of `Either` are tried in another order: `Kind, String` instead of `String, Kind`"
        ]
    );
}

#[test]
fn examples_and_read_only_properties_are_documentation() {
    let shown = |name: &str| {
        BASE.replacen(
            "schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}",
            &format!("schema: {{type: array, items: {{$ref: '#/components/schemas/Pet'}}}}, example: [{{name: {name}}}]"),
            1,
        )
    };
    assert_eq!(
        effects(&shown("Rex"), &shown("Mia")),
        [
            "patch response-body-examples-changed: GET /pets 200 application/json: the examples of `ListPetsResponse::Ok` have changed"
        ]
    );
    let read_only = BASE.replacen("format: date}", "format: date, readOnly: true}", 1);
    assert_eq!(
        effects(BASE, &read_only),
        ["patch field-access-changed: Pet.bornOn: the description calls `Pet::born_on` read-only"]
    );
}

#[test]
fn a_response_that_is_referred_to_is_gone_where_its_operation_is() {
    let shared = BASE
        .replacen("components:\n", "components:\n  responses: {Taken: {description: Taken.}}\n", 1)
        .replacen("{description: The name is taken.}", "{$ref: '#/components/responses/Taken'}", 1)
        .replacen("responses: {'204': {description: Done.}}", "responses:\n        '204': {description: Done.}\n        '409': {$ref: '#/components/responses/Taken'}", 1);
    let reference = "        '409': {$ref: '#/components/responses/Taken'}\n";
    // The response of the last operation is before no other one, but others refer to it, too.
    let at = |diff: &Diff| diff.changes[0].at.as_ref().unwrap().to_string();
    let diff = between(&shared, &shared.replacen(reference, "", 1));
    assert_eq!(diff.changes[0].kind, "response-removed");
    assert_eq!(at(&diff), "pets.yaml:19:5");
    let (first, last) = shared.rsplit_once(reference).unwrap();
    let diff = between(&format!("{first}{last}"), &shared);
    assert_eq!(diff.changes[0].kind, "response-added");
    assert_eq!(at(&diff), "pets.yaml:32:5");
    // What the operation describes itself is where it is.
    let own = BASE.replacen("        '409': {description: The name is taken.}\n", "", 1);
    let diff = between(BASE, &own);
    assert_eq!(at(&diff), "pets.yaml:30:16");
}

#[test]
fn a_backtick_in_a_value_does_not_end_its_code() {
    let pattern = |text: &str| {
        BASE.replacen(
            "{type: integer, maximum: 100}",
            &format!("{{type: string, pattern: '{text}'}}"),
            1,
        )
    };
    let diff = between(&pattern("^a|b$"), &pattern("^(A|`x`)$"));
    let effect = "the pattern of `ListPets::limit`: `^a|b$` \u{2192} ``^(A|`x`)$``";
    assert_eq!(diff.changes[0].effect, effect);
    let log = diff::changelog(&diff);
    assert!(log.contains(effect), "{log}");
    let edge = between(&pattern("^a|b$"), &pattern("`x`"));
    assert!(
        edge.changes[0].effect.ends_with(" `` `x` ``"),
        "{}",
        edge.changes[0].effect
    );
    let values = between(BASE, &BASE.replacen("[cat, dog]", "[cat, dog, \"a`b\"]", 1));
    assert!(
        diff::changelog(&values).starts_with("### Added\n\n- ``Kind = \"a`b\"``: "),
        "{}",
        diff::changelog(&values)
    );
}

#[test]
fn a_changelog_has_the_reasons_of_acknowledged_changes() {
    let mut diff = between(
        BASE,
        &BASE.replacen("        nick: {type: string}\n", "", 1),
    );
    diff.changes[0].acknowledged = Some("Nobody\nused it".to_owned());
    assert_eq!(
        diff::changelog(&diff),
        "### Removed\n\n- **Breaking:** `NewPet.nick`: `NewPet::nick` is gone. Nobody used it.\n\n"
    );
}

#[test]
fn a_bound_in_another_notation_is_breaking_if_it_refuses_more() {
    let verdict = |before: &str, after: &str| {
        let nick = "nick: {type: string}";
        let with =
            |bounds: &str| BASE.replacen(nick, &format!("nick: {{type: number, {bounds}}}"), 1);
        between(&with(before), &with(after)).verdict_name()
    };
    for (before, after, expected) in [
        ("exclusiveMinimum: 0", "minimum: 0", "minor"),
        ("exclusiveMinimum: 0", "minimum: 0.5", "major"),
        ("minimum: 0", "exclusiveMinimum: 0", "major"),
        ("minimum: 0", "exclusiveMinimum: -1", "minor"),
        ("exclusiveMaximum: 10", "maximum: 10", "minor"),
        ("exclusiveMaximum: 10", "maximum: 9.5", "major"),
        ("maximum: 10", "exclusiveMaximum: 10", "major"),
        ("maximum: 10", "exclusiveMaximum: 11", "minor"),
    ] {
        assert_eq!(verdict(before, after), expected, "{before}: {after}");
    }
}

#[test]
fn other_scopes_and_contents_are_documentation() {
    let flows = |scopes: &str, url: &str| {
        let flow = format!("{{tokenUrl: 'https://pets.example/{url}', scopes: {{{scopes}}}}}");
        format!(
            "{BASE}  securitySchemes: {{login: {{type: oauth2, flows: {{clientCredentials: {flow}}}}}}}\n"
        )
    };
    assert_eq!(
        effects(&flows("a: A, b: B", "token"), &flows("a: A", "token")),
        [
            "patch security-scheme-tokens-changed: security scheme login: the description lists other scopes of `ClientBuilder::credential(\"login\")`"
        ]
    );
    assert_eq!(
        effects(&flows("a: A", "token"), &flows("", "tokens")),
        [
            "patch security-scheme-tokens-changed: security scheme login: callers get the tokens for `ClientBuilder::credential(\"login\")` in another way"
        ]
    );
    let image = |media_type: &str| {
        let nick = format!(
            "nick: {{type: string, contentEncoding: base64, contentMediaType: {media_type}}}"
        );
        BASE.replacen("nick: {type: string}", &nick, 1)
    };
    assert_eq!(
        effects(&image("image/png"), &image("image/jpeg")),
        [
            "patch field-content-media-type-changed: NewPet.nick: the media type of the content of `NewPet::nick`: `image/png` \u{2192} `image/jpeg`"
        ]
    );
}

#[test]
fn a_changelog_calls_the_end_of_a_deprecation_a_change() {
    let deprecated = BASE.replacen(
        "operationId: deletePet",
        "operationId: deletePet\n      deprecated: true",
        1,
    );
    assert_eq!(
        diff::changelog(&between(BASE, &deprecated)),
        "### Deprecated\n\n- `DELETE /pets/{}`: the compiler warns of uses of `Client::delete_pet`.\n\n"
    );
    assert_eq!(
        diff::changelog(&between(&deprecated, BASE)),
        "### Changed\n\n- `DELETE /pets/{}`: `Client::delete_pet` is no longer deprecated.\n\n"
    );
}

#[test]
fn changes_are_grouped_by_webhook() {
    let webhooks = |body: &str| {
        let webhook = format!(
            "{{post: {{requestBody: {{required: true, content: {{application/json: {{schema: {{type: {body}}}}}}}}}, responses: {{'204': {{description: Done.}}}}}}}}"
        );
        format!("{BASE}webhooks:\n  born: {webhook}\n  sold: {webhook}\n")
    };
    let diff = between(&webhooks("string"), &webhooks("integer"));
    let text = diff::grouped(&diff, 9);
    let groups = text.lines().filter(|line| !line.starts_with(' '));
    let groups: Vec<&str> = groups.collect();
    assert_eq!(groups, ["webhook born", "webhook sold"], "{text}");
}

#[test]
fn each_operation_below_a_new_prefix_is_paired_with_its_own() {
    let below = |prefix: &str, id: &str| {
        let mut text = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths:\n".to_owned();
        for number in 0..10 {
            text.push_str(&format!(
                "  /{prefix}/pets{number}/{{id}}:\n    get:\n      operationId: {id}{number}\n      tags: [Pets]\n      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n      responses: {{'204': {{description: Done.}}, '404': {{$ref: '#/components/responses/Missing'}}}}\n"
            ));
        }
        text + "components: {responses: {Missing: {description: None.}}}\n"
    };
    let expected = |kind: &str| -> Vec<String> {
        let change = |number| format!("{kind} GET /v1/pets{number}/{{}} GET /v2/pets{number}/{{}}");
        let mut all: Vec<String> = (0..10).map(change).collect();
        all.sort();
        all
    };
    let told = |before: &str, after: &str| -> Vec<String> {
        let changes = between(before, after).changes.into_iter();
        let mut all: Vec<String> = changes
            .map(|it| format!("{} {} {}", it.kind, it.before.unwrap(), it.after.unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = below("v1", "getPet");
    assert_eq!(
        told(&before, &below("v2", "getPet")),
        expected("operation-moved")
    );
    assert_eq!(
        told(&before, &below("v2", "getPetNumber")),
        expected("operation-probably-renamed")
    );
}

#[test]
fn a_webhook_with_another_name_keeps_its_type() {
    let hook = |name: &str| {
        format!(
            "{BASE}webhooks: {{{name}: {{post: {{requestBody: {{required: true, content: {{application/json: {{schema: {{oneOf: [{{$ref: '#/components/schemas/Pet'}}, {{$ref: '#/components/schemas/Kind'}}]}}}}}}}}, responses: {{'204': {{description: Done.}}}}}}}}}}\n"
        )
    };
    assert_eq!(
        effects(&hook("petStarted"), &hook("petStart")),
        [
            "major type-renamed: PetStartBody: `PetStartedBody` is called `PetStartBody` now",
            "major webhook-probably-renamed: webhook pet_start: `Webhooks::pet_started` is probably called `Webhooks::pet_start` now",
        ]
    );
    // Webhooks with other bodies are two, however similar their names are.
    let other = hook("petStart").replacen("schemas/Kind'}]", "schemas/NewPet'}]", 1);
    let told = effects(&hook("petStarted"), &other);
    assert!(
        told.iter()
            .any(|it| it.starts_with("major webhook-removed")),
        "{told:?}"
    );
}

#[test]
fn security_of_the_whole_api_in_two_documents_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let read = |first: &str, second: &str| {
        let document = |name: &str, security: &str| {
            let text = format!(
                "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\nsecurity: {security}\npaths:\n  /{name}: {{get: {{responses: {{'204': {{description: Done.}}}}}}, put: {{responses: {{'204': {{description: Done.}}}}}}}}\ncomponents:\n  securitySchemes: {{k: {{type: http, scheme: bearer}}, l: {{type: http, scheme: basic}}}}\n"
            );
            let file = folder.path().join(format!("{name}.yaml"));
            std::fs::write(&file, text).unwrap();
            file
        };
        let files = [document("cats", first), document("dogs", second)];
        let mut diagnostics = Diagnostics::default();
        let project = Project::of_files(&files, folder.path(), "pets", &mut diagnostics);
        let outcome = pipeline::run(&project);
        (project, outcome)
    };
    let (old, new) = (
        read("[k: []]", "[k: []]"),
        read("[l: []]", "[k: [], l: []]"),
    );
    let library = old.0.package.library().unwrap();
    let diff = diff::diff(version(&old, &library), version(&new, &library));
    let told: Vec<&str> = diff.changes.iter().map(|it| it.effect.as_str()).collect();
    assert_eq!(
        told,
        [
            "all 4 operations that have no requirements of their own need: 2 of them `l`, 2 of them `k or l`"
        ]
    );
    assert_eq!(diff.changes[0].claims.len(), 2);
    assert_eq!(diff.verdict(), Some(Severity::Major));
}

//! The rules of `lint`: the documents on their pages, levels, and no panic.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::lint::{self, Level, Levels, RULES};
use generator::project::Project;

fn linted(path: PathBuf, levels: &Levels) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&[path], Path::new("."), "api", &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    lint::lint(&project, levels)
}

fn of_text(text: &str, levels: &Levels) -> Diagnostics {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    std::fs::write(&path, text).unwrap();
    linted(path, levels)
}

/// The documents on a page.
fn documents(page: &str) -> Vec<&str> {
    let blocks = page.split("```yaml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

#[test]
fn the_first_document_of_each_page_is_reported_and_the_second_one_is_not() {
    for rule in RULES {
        let documents = documents(rule.page);
        let [bad, good] = documents.as_slice() else {
            panic!("{}: a page has two documents", rule.code);
        };
        let of = |text| -> Vec<(&str, String)> {
            let mut levels = Levels::default();
            levels.set(rule.code, Level::Warn).unwrap();
            let found = of_text(text, &levels);
            let found = found.items().iter();
            found.map(|it| (it.code, it.message.clone())).collect()
        };
        let found = of(bad);
        assert!(
            found.iter().any(|(code, _)| *code == rule.code),
            "{}: {found:?}",
            rule.code
        );
        let found = of(good);
        assert!(
            found.iter().all(|(code, _)| *code != rule.code),
            "{}: {found:?}",
            rule.code
        );
    }
}

#[test]
fn a_finding_has_a_place_and_the_level_of_its_rule() {
    let rule = RULES.iter().find(|rule| rule.code == "unused-tag").unwrap();
    let text = documents(rule.page)[0];
    let found = of_text(text, &Levels::default());
    let [finding] = found.items() else {
        panic!("{found:?}")
    };
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(
        (finding.labels[0].at.line, finding.labels[0].at.column),
        (3, 22)
    );
    let mut levels = Levels::default();
    levels.set("unused-tag", Level::Deny).unwrap();
    assert!(of_text(text, &levels).has_errors());
    levels.set("unused-tag", Level::Allow).unwrap();
    assert_eq!(of_text(text, &levels).items(), []);
    let error = levels.set("unused-tags", Level::Allow).unwrap_err();
    assert!(error.ends_with("did you mean `unused-tag`?"), "{error}");
}

#[test]
fn what_reading_finds_is_reported_too_and_has_pages() {
    let text =
        "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {get: {colour: red}}}\n";
    let found = of_text(text, &Levels::default());
    assert!(found.items().iter().any(|it| it.code == "unknown-key"));
    assert!(
        lint::page("unknown-key")
            .unwrap()
            .starts_with("# unknown-key\n")
    );
    assert_eq!(lint::page("no-such-code"), None);
}

/// Values that fit, in notations that the rules must understand.
#[test]
fn right_documents_have_no_findings() {
    let text = r"
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}, example: 5}
        - {name: kinds, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Kind'}}, example: [cat]}
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {id: 1, name: Tom, owner: null, kind: cat, born: '2020-01-01T00:00:00.5+02:00', extra: {any: 1}}
  /photos/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: A photo., content: {image/png: {}}}
        '304': {description: Not modified.}
    head:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: There is one.}}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Base: {type: object, required: [id], properties: {id: {type: integer}}}
    Owner: {type: object, properties: {name: {type: string}}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}, name: {type: string}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}, loud: {type: boolean}}}
    Pet:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          required: [name, secret]
          properties:
            name: {type: string}
            secret: {type: string, writeOnly: true}
            owner: {nullable: true, allOf: [{$ref: '#/components/schemas/Owner'}]}
            born: {type: string, format: date-time}
            extra: {type: object, additionalProperties: true}
        - oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
";
    let found = of_text(text, &Levels::default());
    let messages: Vec<&str> = found.items().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, [""; 0]);
}

/// All documents of `DOCUMENTS` are read without a panic.
#[test]
fn no_document_makes_a_rule_panic() {
    let Some(folder) = std::env::var_os("DOCUMENTS") else {
        eprintln!("skipped: DOCUMENTS is not set");
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "json")
        {
            let found = linted(path, &Levels::default());
            let located = found
                .items()
                .iter()
                .filter(|it| RULES.iter().any(|rule| rule.code == it.code));
            assert!(located.into_iter().all(|it| !it.labels.is_empty()));
            count += 1;
        }
    }
    assert!(count > 0, "the folder has no document");
}

#[test]
fn a_default_or_an_example_beyond_a_bound_is_reported() {
    let found = |schema: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      parameters: [{{name: it, in: query, schema: {schema}}}]\n      responses: {{'204': {{description: Done.}}}}\n"
        );
        let found = of_text(&text, &Levels::default());
        let told = found
            .items()
            .iter()
            .map(|it| format!("{}: {}", it.code, it.message));
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        found("{type: integer, maximum: 100, default: 200}"),
        [
            "default-mismatch: the default does not match its schema: `200` is more than the `maximum` of 100"
        ]
    );
    assert_eq!(
        found("{type: string, minLength: 3, example: ab}"),
        [
            "example-mismatch: an example does not match its schema: `\"ab\"` is shorter than the `minLength` of 3"
        ]
    );
    assert_eq!(
        found("{type: number, exclusiveMinimum: 0, example: 0}"),
        [
            "example-mismatch: an example does not match its schema: `0` is not more than the `exclusiveMinimum` of 0"
        ]
    );
    assert!(found("{type: integer, maximum: 100, default: 100, example: 1}").is_empty());
    assert!(found("{type: array, maxItems: 2, items: {type: string}, example: [a, b]}").is_empty());
}

#[test]
fn each_way_in_which_a_variable_does_not_fit_is_told() {
    let text = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\nservers:\n  - url: https://{region}.{zone}.pets.example\n    variables: {region: {enum: [eu]}, port: {default: '1'}}\npaths: {}\n";
    let found = of_text(text, &Levels::default());
    let told = found
        .items()
        .iter()
        .filter(|it| it.code == "server-variable");
    let told: Vec<&str> = told.map(|it| it.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "the variable `zone` of a server URL is not described",
            "the variable `region` of a server has no default",
            "the variable `port` does not occur in `https://{region}.{zone}.pets.example`",
        ]
    );
}

#[test]
fn a_keyword_of_3_0_is_told_once_with_its_places() {
    let schemas: String = ["A", "B", "C", "D", "E", "F"]
        .map(|name| format!("    {name}: {{type: string, nullable: true}}\n"))
        .concat();
    let data = "    X: {type: object, example: {type: x, nullable: true}}\n";
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}{data}"
    );
    let found = of_text(&text, &Levels::default());
    let told = found
        .items()
        .iter()
        .filter(|it| it.code == "keyword-of-3.0");
    let [told] = told.collect::<Vec<_>>()[..] else {
        panic!("{found:?}")
    };
    assert_eq!(told.labels.len(), 5);
    assert_eq!(told.help.as_deref(), Some("1 more place"));
    let found = of_text(&text.replacen("3.1.0", "3.0.3", 1), &Levels::default());
    assert!(found.items().iter().all(|it| it.code != "keyword-of-3.0"));
}

#[test]
fn bounds_hold_inside_of_examples() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet'}
            example: {toys: [{price: 5}, {price: -1}]}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Pet: {type: object, properties: {toys: {type: array, items: {$ref: '#/components/schemas/Toy'}}}}
    Toy: {type: object, properties: {price: {type: integer, minimum: 0}}}
";
    let found = of_text(text, &Levels::default());
    let messages: Vec<&str> = found.items().iter().map(|it| &*it.message).collect();
    assert_eq!(
        messages,
        [
            "an example does not match its schema: `-1` at `/toys/*/price` is less than the `minimum` of 0"
        ]
    );
}

/// Notations that the rules about keywords, patterns, examples and circles must not take for defects.
#[test]
fn what_looks_like_a_defect_is_not_reported() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
security: [{key: []}]
paths:
  /pets/{id?}:
    delete:
      parameters:
        - {name: 'id?', in: path, required: true, schema: {type: [string, 'null'], maxLength: 3, pattern: '^(?!a)b$'}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Done.}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet:
      type: object
      required: [friends, owner, kin, schema]
      properties:
        schema: {type: string}
        examples: {type: object, properties: {in: {type: string}}}
        friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}
        owner: {anyOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}
        kin: {type: object, additionalProperties: {$ref: '#/components/schemas/Pet'}}
";
    let found = of_text(text, &Levels::default());
    assert_eq!(found.items(), [], "{found:?}");
}

#[test]
fn what_a_dialect_of_regular_expressions_can_read_is_a_pattern() {
    let of = |pattern: &str| {
        let pattern = serde_json::Value::from(pattern);
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{Pet: {{type: string, pattern: {pattern}}}}}}}\n"
        );
        let found = of_text(&text, &Levels::default());
        found.of("invalid-pattern").items().len()
    };
    for right in [
        "",
        r"^[a-z]+(?:-[a-z]+)*$",
        r"^(?!-)(?<name>\w)\k<name>$",
        r"^(?P<name>a*?)(?=(?i)b{1,3})$",
        r"(?!x)[(*\]]",
        r"/^\(\d+\)$/(?<!/)",
        "(?!x)a|b",
        "a++(?!x)",
    ] {
        assert_eq!(of(right), 0, "{right}");
    }
    for wrong in ["*.txt", "[a-z", "(a", "a)", "a|*", "a\\", "(*a)"] {
        assert_eq!(of(wrong), 1, "{wrong}");
    }
}

#[test]
fn defaults_are_compared_with_formats_and_headers_with_their_examples() {
    let text = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      parameters:
        - {name: since, in: query, schema: {type: string, format: date-time, default: now}}
        - {name: until, in: query, schema: {type: string, format: date-time, default: '2026-01-01T00:00:00Z'}}
        - {name: owner, in: query, schema: {type: string, format: uuid, default: x}}
        - {name: kind, in: query, schema: {type: string, format: kind-of-pet, default: x}}
      responses:
        '204':
          description: Done.
          headers:
            X-Count: {schema: {type: integer}, example: b}
            X-Left: {schema: {type: integer}, example: 5}
";
    let found = of_text(text, &Levels::default());
    let found = found.items().iter();
    let found: Vec<(&str, u32)> = found.map(|it| (it.code, it.labels[0].at.line)).collect();
    assert_eq!(
        found,
        [
            ("default-mismatch", 8),
            ("default-mismatch", 10),
            ("example-mismatch", 16)
        ]
    );
}

/// A level can be set for whatever reading warns of, and a page explains it.
#[test]
fn what_reading_reports_has_a_page() {
    let call = regex::Regex::new(r#"Diagnostic::(?:warning|note)\(\s*"([^"]+)""#).unwrap();
    let mut found = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/description")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for code in call.captures_iter(&source) {
                assert!(lint::page(&code[1]).is_some(), "{}: {path:?}", &code[1]);
                found += 1;
            }
        }
    }
    assert!(found > 20, "{found}");
}

/// The messages about the defects of a document, each with its code.
fn told(text: &str) -> Vec<String> {
    let found = of_text(text, &Levels::default());
    let found = found.items().iter();
    found
        .map(|it| format!("{}: {}", it.code, it.message))
        .collect()
}

#[test]
fn components_that_only_use_each_other_are_unused() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  headers:
    Count: {schema: {$ref: '#/components/schemas/Number'}}
  responses:
    Gone: {description: Gone., headers: {Count: {$ref: '#/components/headers/Count'}}}
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}, mapping: {type: object, properties: {key: {$ref: '#/components/schemas/Key'}}}}
      discriminator: {propertyName: kind}
    Key: {type: string}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {claws: {$ref: '#/components/schemas/Claws'}}}]}
    Lion: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {mane: {type: boolean}}}]}
    Claws: {type: object, properties: {sharp: {type: boolean}}}
    Left: {type: object, properties: {right: {$ref: '#/components/schemas/Right'}}}
    Right: {type: object, properties: {left: {$ref: '#/components/schemas/Left'}}}
    Number: {type: integer}
";
    assert_eq!(
        told(text),
        [
            "not-expressed: a `discriminator` without `oneOf` or `anyOf` is not expressed in Rust",
            "unused-component: only what is unused itself refers to `#/components/headers/Count`",
            "unused-component: nothing refers to `#/components/responses/Gone`",
            "unused-component: only what is unused itself refers to `#/components/schemas/Left`",
            "unused-component: only what is unused itself refers to `#/components/schemas/Right`",
            "unused-component: only what is unused itself refers to `#/components/schemas/Number`",
        ]
    );
    // Other files may use what the document itself does not.
    let elsewhere = text.replace("'#/components/schemas/Number'", "'other.yaml#/Number'");
    let found = of_text(&elsewhere, &Levels::default());
    let found = found
        .items()
        .iter()
        .filter(|it| it.code == "unused-component");
    let found: Vec<&str> = found.map(|it| it.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "nothing refers to `#/components/responses/Gone`",
            "nothing refers to `#/components/schemas/Number`"
        ]
    );
}

#[test]
fn an_operation_without_responses_has_no_success() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get: {responses: {}}
    put: {responses: {x-note: none}}
    post: {operationId: addPet}
    delete: {responses: {'204': {description: Gone.}}}
    patch: {operationId: changePet, responses: {default: {description: Any.}}}
  /toys:
    get: {operationId: listToys, responses: {'200': {description: The toys.}}}
";
    let mut told = told(text);
    told.retain(|it| !it.starts_with("missing-operation-id"));
    assert_eq!(
        told,
        [
            "no-success-response: 3 operations have no response",
            "success-without-type: the type of the body of the response 200 of GET /toys is unknown",
        ]
    );
    let text = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {put: {responses: {}}}}\n";
    assert_eq!(
        self::told(text),
        ["no-success-response: PUT /pets has no response"]
    );
}

#[test]
fn each_way_in_which_a_path_is_no_template_is_told() {
    let of = |path: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths: {{'{path}': {{get: {{responses: {{'204': {{description: Done.}}}}}}}}}}\n"
        );
        let mut told = told(&text);
        told.retain(|it| it.starts_with("malformed-path"));
        told
    };
    for (path, expected) in [
        ("/x/{id", "has a brace without its other half"),
        ("/x/id}", "has a brace without its other half"),
        ("/x/{a{b}}", "has a brace without its other half"),
        ("/y/{}", "has a parameter without a name"),
        ("/z/{a}/{a}", "has the parameter `a` twice"),
    ] {
        assert_eq!(of(path), [format!("malformed-path: `{path}` {expected}")]);
    }
    for path in [
        "/",
        "/x/{a}.{b}",
        "/x/{path+}",
        "/x(a={b})",
        "/{id?}",
        "/{name=a/*}:run",
    ] {
        assert_eq!(of(path), [""; 0]);
    }
}

#[test]
fn a_mapping_of_a_discriminator_leads_to_an_alternative_that_allows_its_value() {
    let of = |alternatives: &str, mapping: &str| {
        let text = format!(
            r"
openapi: 3.1.0
info: {{title: Pets, version: '1'}}
paths:
  /pets:
    get:
      responses:
        '200': {{description: A pet., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
components:
  schemas:
    Pet: {{oneOf: [{alternatives}], discriminator: {{propertyName: kind, mapping: {{{mapping}}}}}}}
    Cat: {{type: object, properties: {{kind: {{$ref: '#/components/schemas/OfCat'}}, claws: {{type: integer}}}}}}
    OfCat: {{type: string, enum: [cat, kitten]}}
    Dog: {{type: object, properties: {{kind: {{type: string}}, loud: {{type: boolean}}}}}}
    Wild: {{oneOf: [{{$ref: '#/components/schemas/Wolf'}}]}}
    Wolf: {{type: object, properties: {{kind: {{const: wolf}}, pack: {{type: string}}}}}}
"
        );
        let mut told = told(&text);
        told.retain(|it| it.starts_with("discriminator-mapping"));
        told
    };
    let to = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let both = format!("{}, {}", to("Cat"), to("Dog"));
    assert_eq!(
        of(
            &both,
            "cat: Cat, dog: Dog, wolf: Wolf, tiger: '#/components/schemas/Cat'"
        ),
        [
            "discriminator-mapping: the mapping leads `wolf` to `Wolf`, which is none of the alternatives",
            "discriminator-mapping: the mapping leads `tiger` to `Cat`, whose `kind` is never `tiger`",
        ]
    );
    assert_eq!(of(&both, "cat: Cat, kitten: Cat, any: Dog"), [""; 0]);
    let nested = format!("{}, {}", to("Cat"), to("Wild"));
    assert_eq!(of(&nested, "cat: Cat, wolf: Wolf"), [""; 0]);
    // An alternative in place may be a component with something beside it.
    let beside = format!(
        "{}, {{allOf: [{}], description: Wild.}}",
        to("Cat"),
        to("Wolf")
    );
    assert_eq!(of(&beside, "cat: Cat, wolf: Wolf"), [""; 0]);
}

/// Notations that the rules about formats, forms, defaults and examples must not take for defects.
#[test]
fn free_forms_and_nulls_that_are_allowed_are_not_reported() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    put:
      operationId: replacePet
      parameters:
        - {name: since, in: query, schema: {type: [integer, string], format: date-time}}
        - {name: at, in: query, schema: {type: integer, format: unix-time}}
        - {name: any, in: query, schema: {default: null}}
        - {name: owner, in: query, schema: {anyOf: [{type: string}, {type: 'null'}], default: null}}
        - {name: code, in: query, schema: {anyOf: [{type: integer}, {type: string}], example: '2'}}
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {name: {type: string}}, additionalProperties: true}
            encoding: {photo: {contentType: image/png}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Form:
      type: object
      required: [required]
      properties: {required: {type: array, items: {type: string}, example: [a, a]}}
";
    let mut told = told(text);
    told.retain(|it| !it.starts_with("unused-component"));
    assert_eq!(told, [""; 0]);
}

#[test]
fn numbers_in_quotation_marks_are_told_apart_from_what_is_none() {
    let of = |schema: &str| {
        told(&format!(
            "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths: {{/pets: {{get: {{operationId: a, parameters: [{{name: it, in: query, schema: {schema}}}], responses: {{'204': {{description: Done.}}}}}}}}}}\n"
        ))
    };
    let text = "an example is a text where another type is described";
    for (schema, expected) in [
        ("{type: integer, example: '2'}", format!("quoted-example: {text}: `\"2\"` is not of the type integer")),
        ("{type: number, example: '1.5'}", format!("quoted-example: {text}: `\"1.5\"` is not of the type number")),
        ("{type: boolean, example: 'true'}", format!("quoted-example: {text}: `\"true\"` is not of the type boolean")),
        ("{type: integer, example: two}", "example-mismatch: an example does not match its schema: `\"two\"` is not of the type integer".to_owned()),
    ] {
        assert_eq!(of(schema), [expected]);
    }
}

#[test]
fn an_example_has_what_the_alternative_that_it_names_requires() {
    let of = |example: &str| {
        let text = format!(
            r"
openapi: 3.1.0
info: {{title: Pets, version: '1'}}
paths:
  /pets:
    post:
      requestBody:
        content:
          application/json:
            schema: {{type: object, properties: {{pets: {{type: array, items: {{$ref: '#/components/schemas/Pet'}}}}}}}}
            example: {{pets: [{example}]}}
      responses: {{'204': {{description: Done.}}}}
components:
  schemas:
    Pet:
      oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}]
      discriminator: {{propertyName: kind, mapping: {{cat: Cat, dog: Dog}}}}
    Cat: {{type: object, required: [kind, lives], properties: {{id: {{type: string}}, kind: {{type: string}}, lives: {{type: integer}}}}}}
    Dog: {{type: object, required: [kind, loud, id], properties: {{id: {{type: string, readOnly: true}}, kind: {{type: string}}, loud: {{type: boolean}}}}}}
"
        );
        told(&text)
    };
    assert_eq!(
        of("{kind: cat, lives: 9}, {kind: dog, lives: 1}"),
        [
            "example-mismatch: an example does not match its schema: `/pets/*/loud` is required and absent"
        ]
    );
    assert_eq!(
        of("{kind: cat, lives: 9}, {kind: dog, loud: true}"),
        [""; 0]
    );
}

/// The circles of required properties, each told once. If each component looked for its own way through the chain, this would
/// take minutes.
#[test]
fn each_circle_of_required_properties_is_told_once_however_long_the_chains() {
    let mut text =
        "openapi: 3.1.0\ninfo: {title: Chain, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
            .to_owned();
    let mut component = |name: &str, properties: &[&str]| {
        let listed: Vec<String> = properties
            .iter()
            .map(|it| format!("{it}: {{$ref: '#/components/schemas/{it}'}}"))
            .collect();
        text.push_str(&format!(
            "    {name}: {{type: object, required: [{}], properties: {{{}}}}}\n",
            properties.join(", "),
            listed.join(", ")
        ));
    };
    for index in 0..4000 {
        component(&format!("C{index}"), &[&format!("C{}", index + 1)]);
    }
    component("C4000", &["One"]);
    component("One", &["Two"]);
    component("Two", &["One", "Own"]);
    component("Own", &["Own", "End"]);
    component("End", &[]);
    let found = told(&text);
    let found: Vec<&String> = found
        .iter()
        .filter(|it| it.starts_with("infinite-schema"))
        .collect();
    assert_eq!(
        found,
        [
            "infinite-schema: `One` has no finite value: it requires a property that requires it",
            "infinite-schema: `Own` has no finite value: it requires a property that requires it",
        ]
    );
}

#[test]
fn a_circle_of_references_is_told_as_one_of_them_alone() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths: {}
components:
  schemas:
    Pet: {$ref: '#/components/schemas/Cat'}
    Cat: {$ref: '#/components/schemas/Pet'}
";
    let found = told(text);
    assert!(found[0].starts_with("reference-cycle: "), "{found:?}");
    let is_infinite = |it: &String| it.starts_with("infinite-schema");
    assert!(!found.iter().any(is_infinite), "{found:?}");
}

/// What is told of the schema of a parameter.
fn told_of_schema(version: &str, schema: &str) -> Vec<String> {
    told(&format!(
        "openapi: {version}
info: {{title: Pets, version: '1'}}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{{name: it, in: query, schema: {schema}}}]
      responses: {{'204': {{description: Done.}}}}
"
    ))
}

#[test]
fn values_of_an_enum_are_the_same_if_json_holds_them_for_the_same() {
    for same in ["a, b, a", "1, 1", "{a: 1, b: 2}, {b: 2, a: 1}"] {
        let found = told_of_schema("3.1.0", &format!("{{enum: [{same}]}}"));
        assert!(found[0].starts_with("repeated-enum-value: "), "{found:?}");
    }
    let found = told_of_schema("3.1.0", "{enum: [1, 1.0, '1', true, 'true', {a: 1}]}");
    assert_eq!(found, [""; 0]);
    let values: Vec<String> = (0..40_000).map(|it| format!("v{it}")).collect();
    let found = told_of_schema("3.1.0", &format!("{{enum: [{}]}}", values.join(", ")));
    assert_eq!(found, [""; 0]);
}

/// Names such as `value` and `default`, below which there would be data elsewhere.
#[test]
fn keywords_are_found_in_what_is_named_like_data() {
    let text = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '204': {description: Done.}
        default:
          description: Failed.
          content:
            application/json:
              schema:
                type: object
                properties:
                  value: {type: string, nullable: true}
                  example: {type: object, required: [a, a], properties: {a: {type: string}}}
";
    assert_eq!(
        told(text),
        [
            "keyword-of-3.0: OpenAPI 3.0 alone has this `nullable`; 3.1 has `null` among the `type`",
            "repeated-required: `a` stands twice among the `required`",
        ]
    );
}

#[test]
fn an_error_of_reading_cannot_be_allowed() {
    let mut levels = Levels::default();
    for level in [Level::Allow, Level::Note, Level::Warn] {
        let error = levels.set("duplicate-key", level).unwrap_err();
        assert_eq!(
            error,
            "`duplicate-key` is always an error, because the document cannot be read; its level is deny"
        );
    }
    assert_eq!(levels.set("duplicate-key", Level::Deny), Ok(()));
    assert_eq!(levels.set("unknown-key", Level::Allow), Ok(()));
}

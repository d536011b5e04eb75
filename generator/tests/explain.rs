//! The names that `explain` resolves.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::path::PathBuf;

use generator::description::diagnostic::Diagnostics;
use generator::explain::explain;
use generator::pipeline;
use generator::project::Project;

const SHOP: &str = r"
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example/v1'}]
tags: [{name: Toys}]
paths:
  /pets/{id}/toys/{toy}:
    get:
      operationId: OPERATION
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: toy, in: path, required: true, schema: {type: string}}
        - {name: maxAge, in: query, schema: {type: integer}}
      responses:
        '200':
          description: It.
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '404': {description: It is not there.}
    put:
      operationId: putToy
      tags: [Toys]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: toy, in: path, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Done.}}
webhooks:
  petSold:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Buyer'}}}}
      responses: {'204': {description: Seen.}}
components:
  schemas:
    Pet:
      type: object
      required: [kind, bornIn]
      properties:
        kind: {$ref: '#/components/schemas/Kind'}
        bornIn: {type: integer}
        owner: {type: object, properties: {firstName: {type: string}}}
    Kind: {type: string, enum: [cat, dog]}
    Buyer: {oneOf: [{$ref: '#/components/schemas/Person'}, {$ref: '#/components/schemas/Firm'}]}
    Person: {type: object, required: [age], properties: {age: {type: integer}}}
    Firm: {type: object, required: [vat], properties: {vat: {type: string}}}
";

/// The subjects of what is explained, or the error.
fn explained(name: &str) -> Result<Vec<String>, String> {
    let documents = ["getToy", "readToy"].map(|id| SHOP.replace("OPERATION", id));
    explained_in(&documents, name)
}

fn explained_in(documents: &[String], name: &str) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |(index, document): (usize, &String)| {
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(&path, document).unwrap();
        path
    };
    let files: Vec<PathBuf> = documents.iter().enumerate().map(write).collect();
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&files, folder.path(), "shop-api", &mut diagnostics);
    let outcome = pipeline::run(&project);
    let found = explain(
        &project,
        outcome.merged.as_ref().unwrap(),
        outcome.lowered.as_ref(),
        name,
    );
    let found = found.map_err(|error| error.to_string())?;
    Ok(found.into_iter().map(|it| it.subject).collect())
}

#[test]
fn names_that_other_commands_print_are_resolved() {
    for (name, subject) in [
        ("getToy", "GET /pets/{}/toys/{}"),
        ("readToy", "GET /pets/{}/toys/{}"),
        (
            "GET /pets/{}/toys/{} path 2",
            "GET /pets/{}/toys/{} path toy",
        ),
        ("webhook petSold", "webhook POST petSold"),
        ("webhook petSold body", "webhook POST petSold body"),
        ("Kind = \"cat\"", "Kind"),
        ("Buyer | Firm", "Buyer"),
        ("PetOwner.firstName", "Pet.owner.firstName"),
        ("PetOwner", "Pet.owner"),
        ("shop_api::models::Pet", "Pet"),
        ("shop_api::models::Pet::born_in", "Pet.bornIn"),
        ("shop_api::models::Pet::born_in: i64", "Pet.bornIn"),
        (
            "shop_api::models::PetOwner::first_name",
            "Pet.owner.firstName",
        ),
        ("Pet::born_in", "Pet.bornIn"),
        ("Kind::Cat", "Kind"),
        ("shop_api::client::Client::get_toy", "GET /pets/{}/toys/{}"),
        ("Client::get_toy", "GET /pets/{}/toys/{}"),
        ("Webhooks::pet_sold", "webhook POST petSold"),
        (
            "GET /pets/{}/toys/{} 200 application/json",
            "GET /pets/{}/toys/{} 200",
        ),
        (
            "PUT /pets/{}/toys/{} body application/json",
            "PUT /pets/{}/toys/{} body",
        ),
        ("server https://shop.example/v1", "the API"),
        ("tag Toys", "the API"),
        ("servers::Server", "the API"),
        ("GetToy::max_age", "GET /pets/{}/toys/{} query maxAge"),
        ("GetToyRequest::toy", "GET /pets/{}/toys/{} path toy"),
        ("GetToyResponse::NotFound", "GET /pets/{}/toys/{} 404"),
        (
            "headers::X_TOTAL",
            "GET /pets/{}/toys/{} 200 header X-Total",
        ),
    ] {
        assert_eq!(explained(name), Ok(vec![subject.to_owned()]), "{name}");
    }
}

#[test]
fn a_name_of_nothing_is_not_resolved() {
    for name in [
        "GET /pets/{}/toys/{} path 3",
        "webhook Pet",
        "Fish | Firm",
        "shop_api::models::Pet::name",
        "shop_api::client::Pet::born_in",
        "Kind::Fish",
        "GET /pets/{}/toys/{} 200 text/html",
        "server https://shop.example/v2",
        "tag Pets",
        "servers::Pets",
        "GetToy::min_age",
        "GetToyResponse::Created",
        "headers::X_PAGE",
        "Client::get_pet",
        "Pet::",
        "::",
    ] {
        let error = explained(name).unwrap_err();
        assert!(
            error.starts_with(&format!("nothing is called `{name}`")),
            "{error}"
        );
    }
}

/// If each property doubled the names of those inside it, this would not end.
#[test]
fn deeply_nested_properties_have_names_as_in_json_and_as_in_rust() {
    let open = "{type: object, properties: {someName: ";
    let document = format!(
        "openapi: 3.1.0
info: {{title: Deep, version: '1'}}
paths: {{}}
components: {{schemas: {{Deep: {}{{type: string}}{}}}}}
",
        open.repeat(40),
        "}}".repeat(40)
    );
    let documents = [document];
    let subject = format!("Deep{}", ".someName".repeat(40));
    for spelling in [".someName", ".some_name"] {
        let name = format!("Deep{}", spelling.repeat(40));
        let found = explained_in(&documents, &name);
        assert_eq!(found, Ok(vec![subject.clone()]));
    }
}

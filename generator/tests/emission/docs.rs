//! Documentation of types, fields and operations.

use insta::assert_snapshot;

use crate::run::{described, emitted, emitted_of, operations, responded};

#[test]
fn a_description_is_documentation_and_its_absence_is_none() {
    assert_snapshot!(responded(
        "Root: {type: object, title: Title, description: \"The [level] \u{2014} see `x`.\\n\\nAnother paragraph.\", properties: {level: {type: string, description: How bad it is.}, note: {type: string}}}"
    ).item("src/models/root.rs", "pub struct Root"), @r"
    object! {
        /// Title
        ///
        /// The \[level\] --- see `x`.
        ///
        /// Another paragraph.
        pub struct Root {
            /// How bad it is.
            pub level: Option<String>,
            pub note: Option<String>,
        }
    }
    ");
}

#[test]
fn what_the_schema_says_besides_is_one_paragraph_of_notes() {
    assert_snapshot!(responded(
        "Root: {type: object, properties: {level: {type: string, description: How bad it is., default: error, maxLength: 9, pattern: '^[a-z]+$', example: fatal, deprecated: true}}}"
    ).item("src/models/root.rs", "pub struct Root"), @"
    object! {
        pub struct Root {
            /// How bad it is.
            ///
            /// **Deprecated.** Default: `error`. Maximum length: `9`. Pattern: `^[a-z]+$`.
            pub level: Option<String>,
        }
    }
    ");
}

#[test]
fn a_default_is_told_where_a_value_is_left_out_and_not_of_its_type() {
    let emitted = emitted(
        r#"paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: sort, in: query, schema: {type: string, enum: [name, age], default: name}}
        - {name: state, in: query, schema: {$ref: '#/components/schemas/State'}}
      responses: {'200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    State: {type: string, enum: [well, ill], default: well, description: How it is.}
    Pet: {type: object, properties: {state: {$ref: '#/components/schemas/State'}}}
"#,
    );
    for (name, file) in [
        ("State", "src/models/state.rs"),
        ("ListPetsSort", "src/models/list.rs"),
    ] {
        let item = emitted.item(file, &format!("pub enum {name}"));
        assert!(!item.contains("Default"), "{item}");
    }
    assert_snapshot!(emitted.item("src/models/pet.rs", "pub struct Pet"), @"
    object! {
        pub struct Pet {
            /// Default: `well`.
            pub state: Option<State>,
        }
    }
    ");
    let client = &emitted.files["src/client/operations/pets.rs"];
    for expected in [
        "/// Default: `name`.\n        sort:",
        "/// Default: `well`.\n        state:",
    ] {
        assert!(
            client.contains(expected),
            "`{expected}` is missing in\n{client}"
        );
    }
}

#[test]
fn an_enum_or_union_without_a_description_names_who_has_it() {
    let root = responded(
        "Root: {type: object, properties: {level: {type: array, items: {type: string, enum: [a, b]}}, other: {oneOf: [{type: string}, {type: integer}]}, told: {type: string, enum: [c], description: How it is told.}}}",
    );
    let pets = operations(
        "/pets get {operationId: listPets, parameters: [{name: sort, in: query, schema: {type: string, enum: [up]}}], responses: {}}",
    );
    for (emitted, name, expected) in [
        (&root, "RootLevelItem", "Values of `Root::level`."),
        (&root, "RootOther", "A value of `Root::other`."),
        (&root, "RootTold", "How it is told."),
        (
            &pets,
            "ListPetsSort",
            "Values of the parameter `sort` of `list_pets`.",
        ),
    ] {
        let expected = format!("/// {expected}\n    pub enum {name} {{");
        assert!(emitted.model(name).contains(&expected), "{name}");
    }
}

const PET: &str = "components:
  schemas:
    Pet: {type: object, description: A pet., properties: {name: {type: string}}}
paths:
  /pets:
    get:
      tags: [pets]
      operationId: listPets
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
";

#[test]
fn sources_are_named_where_there_are_several_and_only_at_types_and_operations() {
    let pets = emitted_of(&[PET, PET]);
    assert_snapshot!(pets.item("src/models/pet.rs", "pub struct Pet"), @"
    object! {
        /// A pet.
        ///
        /// Sources: a, b.
        pub struct Pet {
            pub name: Option<String>,
        }
    }
    ");
    assert_snapshot!(pets.item("src/client/operations/pets.rs", "calls!"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`. Sources: a, b.
        pub fn list_pets() -> Call<models::Pet> = operations::LIST_PETS;
    }
    ");
    // Arguments stand after them.
    let one = "/pets/{id} get {operationId: getPet, parameters: [{name: id, in: path, required: true, description: Which one., schema: {type: string}}], responses: {'204': {description: OK}}}";
    let pets = emitted_of(&[&described(one), &described(one)]);
    let docs = pets.entry("src/client/operations/pets.rs", "    pub fn get_pet(");
    assert!(
        docs.starts_with(
            "    /// `GET /pets/{id}`. Sources: a, b.\n    ///\n    /// - `id`: Which one.\n"
        ),
        "{docs}"
    );
    let alone = emitted(PET);
    assert!(alone.files.values().all(|file| !file.contains("Sources: ")));
}

#[test]
fn an_operation_tells_its_request_line_arguments_failures_and_errors() {
    assert_snapshot!(operations(
        "/pets/{id} get {operationId: getPet, summary: Shows a pet, description: \"Shows a pet\\n\\nWhatever it is.\", parameters: [{name: id, in: path, required: true, description: \"Which one.\\nMore of it.\", schema: {type: string}}], responses: {'200': {description: OK}, '404': {description: None, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}, 4XX: {description: Bad}, default: {description: Other}}}"
    ).item("src/client/operations/pets.rs", "calls!"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// Shows a pet.
        ///
        /// Whatever it is.
        ///
        /// `GET /pets/{id}`; documented failures: 404, 4XX, default, which decode into
        /// [`models::Error`](crate::models::Error).
        ///
        /// - `id`: Which one. More of it.
        pub fn get_pet(id) -> Call<Empty> = operations::GET_PET;
    }
    ");
}

#[test]
fn the_scopes_that_a_credential_needs_stand_beside_the_request_line() {
    let line = |security: &str| {
        let pets = described(&format!(
            "/pets get {{operationId: listPets, security: {security}, responses: {{'204': {{description: OK}}}}}}"
        ));
        let schemes = "  securitySchemes: {token: {type: http, scheme: bearer}}\n";
        let pets = emitted(&(pets + schemes));
        let item = pets.item("src/client/operations/pets.rs", "calls!");
        let mut lines = item.lines().map(str::trim);
        lines
            .find(|line| line.contains("GET"))
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        line("[{token: ['pet:read']}]"),
        "/// `GET /pets`. Scope: `pet:read`."
    );
    assert_eq!(
        line("[{token: ['pet:read']}, {token: [a, b]}, {token: []}]"),
        "/// `GET /pets`. Scopes: `pet:read` or `a` and `b` or a credential of `token`."
    );
    assert_eq!(line("[{token: []}]"), "/// `GET /pets`.");
}

#[test]
fn methods_of_the_server_have_the_summary_and_the_request_line() {
    assert_snapshot!(operations(
        "/pets get {operationId: listPets, description: \"Lists pets.\\n\\nAll of them.\", responses: {'204': {description: OK}}}"
    ).item("src/server/operations/pets.rs", "group!"), @"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// Lists pets. `GET /pets`
        fn list_pets = operations::LIST_PETS;
        pub struct ListPetsRequest {}
        pub enum ListPetsResponse {
            NoContent = 204,
        }
    }
    ");
}

#[test]
fn links_to_methods_are_not_raw_since_rustdoc_would_find_a_fragment_in_them() {
    let pets = operations(
        "/pets get {operationId: type, parameters: [{name: size, in: query, schema: {type: integer}}], responses: {'204': {description: OK}}}",
    );
    assert!(pets.files.values().all(|file| !file.contains("::r#type)")));
}

#[test]
fn the_title_and_description_of_the_api_stand_at_the_root() {
    let text = format!(
        "{}servers: []\n",
        described("/pets get {operationId: listPets, responses: {'204': {description: OK}}}")
    );
    let head = emitted(&text)
        .file("src/lib.rs")
        .lines()
        .take(6)
        .collect::<Vec<_>>()
        .join("\n");
    assert_snapshot!(head, @"
    // @generated by `specweave generate`. Do not edit.

    //! Types, a client and server traits for Pets (API version `1`).
    //!
    //! # Quick start
    //!
    ");
}

#[test]
fn a_response_that_says_no_more_than_its_operation_and_status_is_a_row_without_documentation() {
    let pets = operations(
        "/pets/{id} get {operationId: retrievePet, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: The pet}, '403': {description: Not your pet}, '404': {description: Pet not found}}}",
    );
    let entry = pets.entry(
        "src/server/operations/pets.rs",
        "    pub enum RetrievePetResponse",
    );
    let (_, variants) = entry.split_once("Response {").unwrap();
    let variants: Vec<_> = variants.lines().map(str::trim).collect();
    assert_eq!(
        variants,
        [
            "",
            "Ok = 200,",
            "/// Not your pet.",
            "Forbidden = 403,",
            "NotFound = 404,",
            "}"
        ]
    );
}

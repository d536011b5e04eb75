//! The client's methods, and the builders of requests with optional arguments.

use insta::assert_snapshot;

use crate::run::{Emitted, described, emitted, operations, responded};

const JSON: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";
const LIST: &str = "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}";

fn signatures(emitted: &Emitted) -> String {
    let file = emitted.file("src/client/operations/pets.rs");
    let lines = file
        .lines()
        .filter(|line| line.trim_start().starts_with("pub fn"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_operation_without_options_returns_a_call() {
    assert_snapshot!(operations(&format!(
        "/pets/{{id}} get {{operationId: getPet, parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}], responses: {{'200': {{description: OK, {JSON}}}}}}}"
    )).client(), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets/{id}`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client) -> Result<(), pets_api::client::Error> {
        /// let response = client.get_pet(1).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn get_pet(id: i64) -> Call<models::Pet> = operations::GET_PET.path("id", &id);
    }
    "#);
}

#[test]
fn an_operation_with_options_returns_a_builder() {
    assert_snapshot!(operations(&format!(
        "/pets get {{operationId: listPets, parameters: [{{name: full, in: query, description: All of it., schema: {{type: boolean}}}}, {{name: X-Trace, in: header, schema: {{type: string}}}}, {{name: crumb, in: cookie, deprecated: true, schema: {{type: string}}}}, {{name: status, in: query, schema: {{type: array, items: {{type: string, enum: [a, b]}}}}}}, {{name: names, in: query, schema: {{type: array, items: {{type: string}}}}}}, {{name: filter, in: query, style: deepObject, schema: {{$ref: '#/components/schemas/Pet'}}}}, {{name: any, in: query, schema: {{}}}}], responses: {{'200': {{description: OK, {JSON}}}}}}}"
    )).client(), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        pub fn list_pets() -> ListPets = operations::LIST_PETS;
        pub struct ListPets => response of models::Pet {
            /// All of it.
            full: bool = query,
            x_trace = header "X-Trace",
            #[deprecated]
            crumb = cookie,
            status[models::ListPetsStatusItem] = query,
            names[] = query,
            filter: &models::Pet = query,
            any = query,
        }
    }
    "#);
}

#[test]
fn a_paged_list_has_items_and_pages() {
    let headers = "headers: {Link: {schema: {type: string}}}";
    let pets = operations(&format!(
        "/pets get {{operationId: listPets, parameters: [{{name: cursor, in: query, schema: {{type: string}}}}], responses: {{'200': {{description: OK, {headers}, {LIST}}}}}}}
         /plain get {{operationId: listPlain, responses: {{'200': {{description: OK, {headers}, {LIST}}}}}}}
         /alone get {{operationId: listAlone, parameters: [{{name: size, in: query, schema: {{type: integer}}}}], responses: {{'200': {{description: OK, {LIST}}}}}}}"
    ));
    let file = pets.file("src/client/operations/pets.rs");
    let builders = file.lines().filter(|line| line.contains("pub struct "));
    assert_snapshot!(builders.map(str::trim).collect::<Vec<_>>().join("\n"), @"
    pub struct ListAlone => response of Vec<models::Pet> {
    pub struct ListPets => items of models::Pet {
    ");
    assert!(signatures(&pets).contains("pub fn list_plain() -> Call<Paged<Vec<models::Pet>>>"));
}

#[test]
fn up_to_six_required_arguments_are_positional() {
    assert_snapshot!(operations(&format!(
        "/pets/{{a}}/{{b}} put {{operationId: putPet, parameters: [{{name: a, in: path, required: true, schema: {{type: string}}}}, {{name: b, in: path, required: true, schema: {{type: integer}}}}, {{name: c, in: query, required: true, schema: {{}}}}, {{name: d, in: query, required: true, schema: {{type: array, items: {{type: string}}}}}}, {{name: e, in: query, required: true, schema: {{type: string, format: date-time}}}}], requestBody: {{required: true, {JSON}}}, responses: {{'204': {{description: OK}}}}}}"
    )).item("src/client/operations/pets.rs", "calls!"), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets/{a}/{b}`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client, e: pets_api::types::Timestamp, body: pets_api::models::Pet) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_pet("a", 1, "c", ["d"], e, &body).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_pet(
            a, b: i64, c: impl AsRef<str>, d: impl IntoIterator<Item = impl AsRef<str>>, e: Timestamp,
        ) with body: &models::Pet -> Call<Empty> = operations::PUT_PET
            .path("b", &b)
            .query("c", c.as_ref())
            .query("d", &parameter::texts(d))
            .query("e", &e)
            .json("application/json", body);
    }
    "#);
}

#[test]
fn more_than_six_required_arguments_stand_in_a_struct() {
    let parameters: Vec<String> = "abcdef"
        .chars()
        .map(|name| format!("{{name: {name}, in: query, required: true, description: The {name}., schema: {{type: string}}}}"))
        .collect();
    assert_snapshot!(operations(&format!(
        "/pets put {{operationId: putPet, parameters: [{}], requestBody: {{required: true, {JSON}}}, responses: {{'204': {{description: OK}}}}}}",
        parameters.join(", ")
    )).client(), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client, required: pets_api::client::operations::pets::PutPetRequired) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_pet(required).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_pet(required: PutPetRequired)
            -> Call<Empty> = operations::PUT_PET
                .query("a", &required.a)
                .query("b", &required.b)
                .query("c", &required.c)
                .query("d", &required.d)
                .query("e", &required.e)
                .query("f", &required.f)
                .json("application/json", &required.body);
    }

    /// The required arguments of `put_pet`.
    #[derive(Debug)]
    pub struct PutPetRequired {
        pub a: String,
        pub b: String,
        pub c: String,
        pub d: String,
        pub e: String,
        pub f: String,
        pub body: models::Pet,
    }
    "#);
}

#[test]
fn a_deprecated_operation_is_so_in_rust() {
    assert_snapshot!(operations(
        "/pets get {operationId: listPets, deprecated: true, responses: {'204': {description: OK}}}"
    ).item("src/client/operations/pets.rs", "calls!"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        #[deprecated]
        pub fn list_pets() -> Call<Empty> = operations::LIST_PETS;
    }
    ");
}

#[test]
fn the_reason_of_a_deprecation_is_its_note() {
    let deprecated = |texts: &str| {
        let pets = operations(&format!(
            "/pets get {{operationId: listPets, {texts}, responses: {{'204': {{description: OK}}}}}}"
        ));
        let methods = pets.item("src/client/operations/pets.rs", "calls!");
        let lines = methods
            .lines()
            .filter(|line| !line.contains("pub fn list_pets"));
        let told = |line: &&str| line.contains("eprecated") || line.contains("note = ");
        let lines: Vec<&str> = lines.filter(told).map(str::trim).collect();
        lines.join(" ")
    };
    for (texts, expected) in [
        (
            "deprecated: true, description: 'Lists pets. Deprecated: use `dogs`.'",
            r#"#[deprecated(note = "Use `dogs`.")]"#,
        ),
        (
            "deprecated: true, description: 'It is deprecated for [dogs](https://example.com). Lists pets.'",
            "/// It is deprecated for [dogs](<https://example.com>). Lists pets. \
             #[deprecated(note = \"It is deprecated for dogs.\")]",
        ),
        (
            "deprecated: true, description: 'Deprecated: use `dogs`.'",
            r#"#[deprecated(note = "Use `dogs`.")]"#,
        ),
        (
            "deprecated: true, description: Lists pets.",
            "#[deprecated]",
        ),
        (
            "deprecated: true, x-refuted: \"No\\nserver \\\"has\\\" it.\"",
            r#"#[deprecated(note = "No server \"has\" it.")]"#,
        ),
        ("description: It is deprecated.", "/// It is deprecated."),
    ] {
        assert_eq!(deprecated(texts), expected, "{texts}");
    }
    assert_snapshot!(responded(
        "Root: {type: object, properties: {name: {type: string, deprecated: true, description: 'The name. Deprecated: use the id.'}}}"
    ).item("src/models/root.rs", "pub struct Root"), @"
    object! {
        pub struct Root {
            /// **Deprecated**: Use the id.
            pub name: Option<String>,
        }
    }
    ");
}

#[test]
fn a_deprecated_parameter_tells_so_once_on_each_side() {
    let pets = operations(
        "/pets get {operationId: listPets, parameters: [{name: breed, in: query, deprecated: true, description: 'Deprecated: use `kind`.', schema: {type: string}}], responses: {'204': {description: OK}}}",
    );
    let told = |file: &str| {
        let lines = pets.file(file).lines();
        let told = lines.filter(|line| line.contains("eprecated"));
        told.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    let client = r#"#[deprecated(note = "Use `kind`.")]"#;
    assert_eq!(told("src/client/operations/pets.rs"), client);
    let server = "/// **Deprecated**: Use `kind`.";
    assert_eq!(told("src/server/operations/pets.rs"), server);
}

#[test]
fn an_operation_with_a_cursor_that_is_no_list_tells_how_to_page() {
    let pets = |schema: &str| {
        let pets = operations(&format!(
            "/pets get {{operationId: listPets, parameters: [{{name: cursor, in: query, schema: {{type: string}}}}], responses: {{'200': {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}}}"
        ));
        let methods = pets.item("src/client/operations/pets.rs", "calls!");
        methods.contains("send the `cursor` of the link whose `rel` is `next`")
    };
    assert!(pets("{type: object}"));
    assert!(!pets("{type: array, items: {type: string}}"));
}

#[test]
fn names_of_our_own_methods_are_left_to_them() {
    let pets = operations(
        "/pets get {operationId: clone, parameters: [{name: send, in: query, schema: {type: string}}], responses: {'204': {description: OK}}}
         /other get {operationId: builder, responses: {'204': {description: OK}}}",
    );
    assert_snapshot!(signatures(&pets), @"
    pub fn retrieve_other() -> Call<Empty> = operations::RETRIEVE_OTHER;
    pub fn list_pets() -> ListPets = operations::LIST_PETS;
    ");
}

#[test]
fn servers_of_an_operation_are_named_and_never_called() {
    let pets = operations(
        "/pets get {operationId: listPets, servers: [{url: 'https://evil.example'}], responses: {'204': {description: OK}}}",
    );
    assert_snapshot!(pets.item("src/client/operations/pets.rs", "calls!"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        ///
        /// The description names servers of this operation's own (`https://evil.example`). They are not used: a credential
        /// is only ever sent to the configured base URL.
        pub fn list_pets() -> Call<Empty> = operations::LIST_PETS;
    }
    ");
    let naming = pets
        .files
        .values()
        .filter(|file| file.contains("evil.example"));
    assert_eq!(naming.count(), 1);
}

#[test]
fn every_operation_has_one_method() {
    let lines: Vec<String> = (0..9)
        .map(|n| format!("/pets/{n} get {{operationId: getPet{n}, responses: {{'204': {{description: OK}}}}}}"))
        .collect();
    let pets = operations(&lines.join("\n"));
    let methods = pets
        .file("src/client/operations/pets.rs")
        .matches("pub fn ")
        .count();
    assert_eq!(methods, pets.api.operations.len());
}

#[test]
fn a_tag_is_a_heading_of_the_client_and_has_a_module() {
    let text =
        described("/pets get {operationId: listPets, responses: {'204': {description: OK}}}");
    let text = text.replace("tags: [pets]", "tags: ['`mod` & more']");
    let emitted = emitted(&format!("{text}tags: [{{name: empty}}]\n"));
    let modules: Vec<&String> = emitted
        .files
        .keys()
        .filter(|path| path.starts_with("src/client/operations"))
        .collect();
    assert_snapshot!(format!("{modules:?}"), @r#"["src/client/operations.rs", "src/client/operations/mod_more.rs"]"#);
    assert_snapshot!(emitted.all("src/client/operations.rs"), @r#"
    #![allow(clippy::module_inception, reason = "a tag may be called `operations`")]
    #![allow(missing_docs, reason = "not every parameter has a description")]

    pub mod mod_more;
    "#);
    let module = emitted.file(modules[1]);
    assert_snapshot!(module.lines().map(str::trim).find(|line| line.starts_with("/// #")).unwrap(), @r"/// # \`mod\` & more");
}

//! The server: tables of a trait and the requests and responses of its operations.

use insta::assert_snapshot;

use crate::run::{described, emitted, operations};

const PET: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";

#[test]
fn a_group_is_a_trait_with_a_method_for_each_operation() {
    let text = described(
        "/pets get {operationId: type, summary: Lists pets., responses: {'204': {description: OK}}}
         /pets delete {operationId: deletePets, responses: {'204': {description: OK}}}",
    );
    let pets = emitted(&format!(
        "{text}tags: [{{name: pets, description: All about pets.}}]\n"
    ));
    assert_snapshot!(pets.server(&["group!"]), @"
    group! {
        /// Serves the operations of the tag `pets`.
        ///
        /// All about pets.
        pub trait Pets;

        /// Lists pets. `GET /pets`
        fn r#type = operations::TYPE;
        pub struct TypeRequest {}
        pub enum TypeResponse {
            NoContent = 204,
        }

        /// `DELETE /pets`
        fn delete_pets = operations::DELETE_PETS;
        pub struct DeletePetsRequest {}
        pub enum DeletePetsResponse {
            NoContent = 204,
        }
    }
    ");
}

#[test]
fn a_request_has_a_field_for_each_parameter_and_the_body() {
    assert_snapshot!(operations(&format!(
        "/pets/{{id}} put {{operationId: putPet, parameters: [{{name: id, in: path, required: true, description: Which one., schema: {{type: integer}}}}, {{name: full, in: query, schema: {{type: boolean}}}}, {{name: X-Trace, in: header, required: true, schema: {{type: string}}}}, {{name: crumb, in: cookie, schema: {{type: string}}}}], requestBody: {{required: true, {PET}}}, responses: {{'204': {{description: OK}}}}}}"
    )).server(&["group!"]), @r#"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `PUT /pets/{id}`
        fn put_pet = operations::PUT_PET;
        pub struct PutPetRequest {
            /// Which one.
            pub id: i64 = path,
            pub full: Option<bool> = optional query,
            pub x_trace: String = header "X-Trace",
            pub crumb: Option<String> = optional cookie,
            pub body: models::Pet = body json,
        }
        pub enum PutPetResponse {
            NoContent = 204,
        }
    }
    "#);
}

#[test]
fn a_described_default_makes_an_optional_parameter_certain() {
    assert_snapshot!(operations(
        "/pets get {operationId: listPets, parameters: [{name: per_page, in: query, schema: {type: integer, format: int32, default: 100}}, {name: level, in: query, schema: {type: string, enum: [low, high], default: low}}, {name: full, in: query, schema: {type: boolean}}], responses: {'204': {description: OK}}}"
    ).server(&["group!"]), @r#"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `GET /pets`
        fn list_pets = operations::LIST_PETS;
        pub struct ListPetsRequest {
            pub per_page: i32 = query || "100",
            pub level: models::ListPetsLevel = query || "\"low\"",
            pub full: Option<bool> = optional query,
        }
        pub enum ListPetsResponse {
            NoContent = 204,
        }
    }
    "#);
}

#[test]
fn a_body_of_several_media_types_is_an_enum() {
    assert_snapshot!(operations(
        "/pets post {operationId: createPet, requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Pet'}}, application/json: {schema: {$ref: '#/components/schemas/Pet'}}, image/*: {schema: {type: string, format: binary}}}}, responses: {'204': {description: OK}}}"
    ).server(&["group!", "pub enum CreatePetRequestBody"]), @"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `POST /pets`
        fn create_pet = operations::CREATE_PET;
        pub struct CreatePetRequest {
            pub body: Option<CreatePetRequestBody> = optional body CreatePetRequestBody { 0 Json json, 1 Multipart multipart, 2 Binary bytes },
        }
        pub enum CreatePetResponse {
            NoContent = 204,
        }
    }

    /// The body of `createPet`, by media type.
    #[derive(Clone, Debug, PartialEq)]
    pub enum CreatePetRequestBody {
        /// A body of `application/json`.
        Json(models::Pet),
        /// A body of `multipart/form-data`.
        Multipart(Multipart<models::Pet>),
        /// A body of `image/*`.
        Binary(Upload),
    }
    ");
}

#[test]
fn each_encoding_of_a_body_is_read_by_its_name() {
    let lines = [
        (
            "form",
            "application/x-www-form-urlencoded",
            "{$ref: '#/components/schemas/Pet'}",
        ),
        ("text", "text/plain", "{type: string}"),
        (
            "bytes",
            "application/octet-stream",
            "{type: string, format: binary}",
        ),
    ];
    let lines = lines.map(|(id, media_type, schema)| {
        format!("/{id} post {{operationId: {id}, requestBody: {{required: true, content: {{{media_type}: {{schema: {schema}}}}}}}, responses: {{'204': {{description: OK}}}}}}")
    });
    let pets = operations(&lines.join("\n"));
    let rows = pets.file("src/server/operations/pets.rs").lines();
    let rows: Vec<&str> = rows
        .filter(|line| line.contains(" = body "))
        .map(str::trim)
        .collect();
    assert_snapshot!(rows.join("\n"), @"
    pub body: Upload = body bytes,
    pub body: models::Pet = body form,
    pub body: String = body text,
    ");
}

#[test]
fn responses_carry_their_body_and_ranges_their_status() {
    assert_snapshot!(operations(&format!(
        "/pets get {{operationId: getPet, responses: {{'200': {{description: Success., {PET}}}, '204': {{description: No Content}}, '404': {{description: There is no such pet.}}, 4XX: {{description: Yours.}}, default: {{description: Other., {PET}}}}}}}"
    )).server(&["group!"]), @"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `GET /pets`
        fn get_pet = operations::GET_PET;
        pub struct GetPetRequest {}
        pub enum GetPetResponse {
            Ok(models::Pet) = 200 json,
            NoContent = 204,
            /// There is no such pet.
            NotFound = 404,
            /// Yours.
            ClientError { status: StatusCode } = any,
            /// Other.
            Default { status: StatusCode, body: models::Pet } = any json,
        }
    }
    ");
}

#[test]
fn errors_of_which_nothing_is_told_share_a_line() {
    assert_snapshot!(operations(&format!(
        "/pets get {{operationId: getPet, responses: {{'200': {{description: OK, {PET}}}, '400': {{description: Bad Request, {PET}}}, '404': {{description: Not Found, {PET}}}}}}}"
    )).server(&["group!"]), @"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `GET /pets`
        fn get_pet = operations::GET_PET;
        pub struct GetPetRequest {}
        pub enum GetPetResponse {
            Ok(models::Pet) = 200 json,
            BadRequest(models::Pet) = 400 json, NotFound(models::Pet) = 404 json,
        }
    }
    ");
}

#[test]
fn a_response_in_several_media_types_has_a_variant_for_each() {
    assert_snapshot!(operations(
        "/pets get {operationId: getPet, responses: {'200': {description: OK, content: {application/vnd.pet+json: {schema: {$ref: '#/components/schemas/Pet'}}, text/plain: {schema: {type: string}}, application/zip: {schema: {type: string, format: binary}}, text/event-stream: {schema: {type: string}}}}}}"
    ).server(&["group!"]), @r#"
    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `GET /pets`
        fn get_pet = operations::GET_PET;
        pub struct GetPetRequest {}
        pub enum GetPetResponse {
            Ok(models::Pet) = 200 json "application/vnd.pet+json",
            OkTextEventStream(Body) = 200 stream "text/event-stream",
            OkTextPlain(String) = 200 text "text/plain",
            OkApplicationZip(Binary) = 200 binary "application/zip",
        }
    }
    "#);
}

#[test]
fn a_group_with_operations_has_a_file_and_one_without_has_none() {
    let text =
        described("/pets get {operationId: listPets, responses: {'204': {description: OK}}}");
    let other = text
        .replace("tags: [pets]", "tags: [mod]")
        .replace("listPets", "listMod")
        .replace("'/pets'", "'/mod'");
    let emitted = crate::run::emitted_of(&[&format!("{text}tags: [{{name: empty}}]\n"), &other]);
    let paths = emitted
        .files
        .keys()
        .filter(|path| path.starts_with("src/server/operations"));
    assert_snapshot!(paths.map(String::as_str).collect::<Vec<_>>().join("\n"), @"
    src/server/operations.rs
    src/server/operations/mod_.rs
    src/server/operations/pets.rs
    ");
    assert_snapshot!(emitted.all("src/server/operations.rs"), @r#"
    #![allow(clippy::module_inception, reason = "a tag may be called `operations`")]
    #![allow(missing_docs, reason = "not every parameter has a description")]

    pub mod mod_;
    pub mod pets;

    /// The operations of each group.
    pub(super) static GROUPS: &[&[&Operation]] = &[mod_::OPERATIONS, pets::OPERATIONS];

    /// A router of the whole API. Its paths lie below the base path of the API: nest it there.
    ///
    /// Responds to unknown paths with 404, and to unknown methods with 405, both as JSON. To implement some groups,
    /// mount their routes alone: `mod_::routes(&api).and(pets::routes(&api)).into_router_with_fallback()`. The
    /// operations of all others respond with 501.
    pub fn router<Api>(api: Api) -> Router
    where
        Api: Service + mod_::Mod + pets::Pets,
    {
        let api = Arc::new(api);
        Routes::default()
            .and(mod_::routes(&api))
            .and(pets::routes(&api))
            .into_router_with_fallback()
    }
    "#);
}

#[test]
fn the_groups_that_documentation_mounts_are_those_of_the_api() {
    let operation =
        |tag: &str| format!("{{tags: [{tag}], responses: {{'204': {{description: OK}}}}}}");
    for (tags, expected) in [
        (
            &["Cats"][..],
            "cats::routes(&api).into_router_with_fallback()",
        ),
        (
            &["Dogs", "Type", "Cats"],
            "cats::routes(&api).and(dogs::routes(&api)).into_router_with_fallback()",
        ),
        (
            &["Type"],
            "r#type::routes(&api).into_router_with_fallback()",
        ),
    ] {
        let paths = tags
            .iter()
            .map(|tag| format!("  /{tag}: {{get: {}}}\n", operation(tag)));
        let pets = emitted(&format!("paths:\n{}", paths.collect::<String>()));
        let code = format!("`{expected}`");
        assert!(pets.readme.contains(&code), "{}", pets.readme);
        let operations = pets.file("src/server/operations.rs").replace("\n/// ", " ");
        assert!(operations.contains(&code), "{operations}");
    }
}

//! What calls of the client return, and what errors decode into.

use insta::assert_snapshot;

use crate::run::operations;

const PET: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";
const ERROR: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}";

/// What the client has of `GET /pets` with such responses.
fn client(responses: &str) -> String {
    operations(&format!(
        "/pets get {{operationId: getPet, responses: {{{responses}}}}}"
    ))
    .client()
}

#[test]
fn successes_that_differ_are_an_enum_by_status() {
    assert_snapshot!(client(&format!(
        "'200': {{description: The pet., {PET}}}, '202': {{description: Soon.}}, '203': {{description: Text., content: {{text/plain: {{schema: {{type: string}}}}}}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        pub fn get_pet() -> Call<GetPetSuccess> = operations::GET_PET;
    }

    /// The successes of `get_pet`.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum GetPetSuccess {
        /// `200`: The pet.
        Ok(models::Pet),
        /// `202`: Soon.
        Accepted,
        /// `203`: Text.
        NonAuthoritativeInformation(String),
    }

    successes!(GetPetSuccess {
        Ok = 200 json,
        Accepted = 202 empty,
        NonAuthoritativeInformation = 203 text,
        Ok = _ json,
    });
    ");
}

#[test]
fn a_range_and_a_default_take_what_codes_leave() {
    assert_snapshot!(client(&format!(
        "'200': {{description: The pet., {PET}}}, 2XX: {{description: Another., content: {{application/zip: {{schema: {{type: string, format: binary}}}}}}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        pub fn get_pet() -> Call<GetPetSuccess> = operations::GET_PET;
    }

    /// The successes of `get_pet`.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum GetPetSuccess {
        /// `200`: The pet.
        Ok(models::Pet),
        /// `2XX`: Another.
        Success(Bytes),
    }

    successes!(GetPetSuccess {
        Ok = 200 json,
        Success = (200..=299) bytes,
        Ok = _ json,
    });
    ");
}

#[test]
fn successes_of_one_type_need_no_enum() {
    assert_snapshot!(client(&format!(
        "'200': {{description: The pet., {PET}}}, '201': {{description: Made., {PET}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        pub fn get_pet() -> Call<models::Pet> = operations::GET_PET;
    }
    ");
}

#[test]
fn errors_of_one_model_are_that() {
    assert_snapshot!(client(&format!(
        "'204': {{description: Done.}}, '404': {{description: None., {ERROR}}}, 5XX: {{description: Ours., {ERROR}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`; documented failures: 404, 5XX, which decode into [`models::Error`](crate::models::Error).
        pub fn get_pet() -> Call<Empty> = operations::GET_PET;
    }
    ");
}

#[test]
fn errors_of_one_type_are_an_alias() {
    let errors = "content: {application/json: {schema: {type: array, items: {type: string}}}}";
    assert_snapshot!(client(&format!(
        "'204': {{description: Done.}}, '404': {{description: None., {errors}}}, 5XX: {{description: Ours., {errors}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`; documented failures: 404, 5XX, which decode into [`GetPetError`].
        pub fn get_pet() -> Call<Empty> = operations::GET_PET;
    }

    /// What the documented errors of `get_pet` [decode](crate::client::ErrorResponse::decode) into.
    pub type GetPetError = Vec<String>;
    ");
}

#[test]
fn errors_of_several_types_are_an_enum_by_status() {
    assert_snapshot!(client(&format!(
        "'204': {{description: Done.}}, '404': {{description: None., {ERROR}}}, 4XX: {{description: Yours., {PET}}}, default: {{description: Other., content: {{application/json: {{schema: {{type: array, items: {{type: string}}}}}}}}}}"
    )), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`; documented failures: 404, 4XX, default, which decode into [`GetPetError`].
        pub fn get_pet() -> Call<Empty> = operations::GET_PET;
    }

    /// What the documented errors of `get_pet` [decode](crate::client::ErrorResponse::decode) into.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum GetPetError {
        /// `404`: None.
        NotFound(models::Error),
        /// `4XX`: Yours.
        ClientError(models::Pet),
        /// `default`: Other.
        Default(Vec<String>),
        /// A status whose body is not described.
        Other,
    }

    errors!(GetPetError {
        NotFound = 404,
        ClientError = (400..=499),
        Default = _,
    });
    ");
}

#[test]
fn text_bytes_and_events_have_types_of_their_own() {
    let of = |media_type: &str, schema: &str| {
        client(&format!(
            "'200': {{description: OK, content: {{'{media_type}': {{schema: {schema}}}}}}}"
        ))
    };
    let signature = |client: String| {
        let line = client
            .lines()
            .find(|line| line.contains("pub fn get_pet"))
            .map(str::to_owned);
        line.unwrap()
    };
    let all = [
        of("text/plain", "{type: string}"),
        of("application/zip", "{type: string, format: binary}"),
        of("text/event-stream", "{type: string}"),
        of("application/x-ndjson", "{$ref: '#/components/schemas/Pet'}"),
        of("application/jsonl", "{type: array, items: {type: integer}}"),
        of("application/json", "{type: [string, 'null']}"),
        of("application/json", "{}"),
    ];
    assert_snapshot!(all.map(signature).join("\n"), @"
    pub fn get_pet() -> Call<Text> = operations::GET_PET;
    pub fn get_pet() -> Call<Raw> = operations::GET_PET;
    pub fn get_pet() -> Call<Events> = operations::GET_PET;
    pub fn get_pet() -> Call<Lines<models::Pet>> = operations::GET_PET;
    pub fn get_pet() -> Call<Lines<i64>> = operations::GET_PET;
    pub fn get_pet() -> Call<Option<String>> = operations::GET_PET;
    pub fn get_pet() -> Call<Value> = operations::GET_PET;
    ");
}

#[test]
fn further_media_types_of_a_success_are_asked_for_by_methods() {
    assert_snapshot!(client(
        "'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, text/csv: {schema: {type: string}}, application/pdf: {schema: {type: string, format: binary}}, text/event-stream: {schema: {type: string}}}}"
    ), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /pets`.
        pub fn get_pet() -> GetPet = operations::GET_PET;
        pub struct GetPet => response of models::Pet {}
    }

    impl GetPet {
        /// Asks for a response of `text/event-stream`.
        pub fn send_as_events(self) -> Call<Events> {
            self.0.accept("text/event-stream").into()
        }

        /// Asks for a response of `text/csv`.
        pub fn send_as_text(self) -> Call<Text> {
            self.0.accept("text/csv").into()
        }

        /// Asks for a response of `application/pdf`.
        pub fn send_as_bytes(self) -> Call<Raw> {
            self.0.accept("application/pdf").into()
        }
    }
    "#);
}

#[test]
fn a_head_request_has_no_body_whatever_is_described() {
    let pets = operations(&format!(
        "/pets head {{operationId: headPet, responses: {{'200': {{description: OK, {PET}}}}}}}"
    ));
    assert_snapshot!(pets.item("src/client/operations/pets.rs", "calls!"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `HEAD /pets`.
        pub fn head_pet() -> Call<Empty> = operations::HEAD_PET;
    }
    ");
}

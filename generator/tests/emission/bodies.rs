//! Request bodies of the client.

use insta::assert_snapshot;

use crate::run::operations;

/// What the client has of `PUT /pets` with such a request body.
fn client(request_body: &str) -> String {
    operations(&format!(
        "/pets put {{operationId: putPet, requestBody: {{{request_body}}}, responses: {{'204': {{description: OK}}}}}}"
    ))
    .client()
}

const PET: &str = "{schema: {$ref: '#/components/schemas/Pet'}}";

#[test]
fn an_optional_body_is_an_option_of_the_builder() {
    assert_snapshot!(client(&format!("description: What it becomes., content: {{application/json: {PET}}}")), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        pub fn put_pet() -> PutPet = operations::PUT_PET;
        pub struct PutPet => response of Empty {}
    }

    impl PutPet {
        /// What it becomes.
        pub fn body(self, body: &models::Pet) -> Self {
            Self(self.0.json("application/json", body))
        }
    }
    "#);
}

#[test]
fn further_media_types_of_a_required_body_have_methods() {
    assert_snapshot!(client(&format!(
        "required: true, content: {{application/json: {PET}, application/octet-stream: {{schema: {{type: string, format: binary}}}}, text/plain: {{schema: {{type: string}}}}}}"
    )), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        ///
        /// The body is sent as `application/json`. [`put_pet_as_text`](crate::client::Client::put_pet_as_text) sends it as
        /// `text/plain`. [`put_pet_as_bytes`](crate::client::Client::put_pet_as_bytes) sends it as
        /// `application/octet-stream`.
        pub fn put_pet() with body: &models::Pet -> Call<Empty> = operations::PUT_PET.json("application/json", body);

        /// [`put_pet`](Self::put_pet) with a body of `text/plain`.
        pub fn put_pet_as_text(body: impl Into<String>) -> Call<Empty> = operations::PUT_PET.text("text/plain", body);

        /// [`put_pet`](Self::put_pet) with a body of `application/octet-stream`.
        pub fn put_pet_as_bytes(body: impl Into<Binary>)
            -> Call<Empty> = operations::PUT_PET.bytes("application/octet-stream", body);
    }
    "#);
}

#[test]
fn further_media_types_of_an_optional_body_have_setters() {
    assert_snapshot!(client(&format!(
        "content: {{application/json: {PET}, text/plain: {{schema: {{type: string}}}}}}"
    )), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        ///
        /// The body is sent as `application/json`.
        pub fn put_pet() -> PutPet = operations::PUT_PET;
        pub struct PutPet => response of Empty {}
    }

    impl PutPet {
        pub fn body(self, body: &models::Pet) -> Self {
            Self(self.0.json("application/json", body))
        }

        /// Sets the body, as `text/plain`.
        pub fn body_as_text(self, body: impl Into<String>) -> Self {
            Self(self.0.text("text/plain", body))
        }
    }
    "#);
}

#[test]
fn a_media_type_that_is_not_sent_is_documented() {
    assert_snapshot!(client(&format!("required: true, content: {{application/json: {PET}, application/xml: {PET}}}")), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        ///
        /// The body is sent as `application/json`. The API also takes it as `application/xml`.
        pub fn put_pet() with body: &models::Pet -> Call<Empty> = operations::PUT_PET.json("application/json", body);
    }
    "#);
}

#[test]
fn a_form_is_written_from_the_model() {
    assert_snapshot!(client(&format!("required: true, content: {{application/x-www-form-urlencoded: {PET}}}")), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        pub fn put_pet() with body: &models::Pet -> Call<Empty> = operations::PUT_PET.form(body);
    }
    ");
}

#[test]
fn text_and_bytes_are_whatever_converts_into_them() {
    assert_snapshot!(operations(
        "/text put {operationId: putText, requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}, responses: {'204': {description: OK}}}
         /bytes put {operationId: putBytes, requestBody: {required: true, content: {'*/*': {schema: {type: string, format: binary}}}}, responses: {'204': {description: OK}}}"
    ).client(), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /bytes`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_bytes("text").send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_bytes(body: impl Into<Binary>)
            -> Call<Empty> = operations::PUT_BYTES.bytes("application/octet-stream", body);

        /// `PUT /text`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_text("text").send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_text(body: impl Into<String>) -> Call<Empty> = operations::PUT_TEXT.text("text/plain", body);
    }
    "#);
}

#[test]
fn lists_and_arbitrary_json_are_taken_by_reference() {
    assert_snapshot!(operations(
        "/list put {operationId: putList, requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}, responses: {'204': {description: OK}}}
         /any put {operationId: putAny, requestBody: {required: true, content: {application/json: {schema: {}}}}, responses: {'204': {description: OK}}}"
    ).client(), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /any`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client, body: ::serde_json::Value) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_any(&body).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_any(body: &(impl Serialize + ?Sized))
            -> Call<Empty> = operations::PUT_ANY.json("application/json", body);

        /// `PUT /list`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client, body: Vec<pets_api::models::Pet>) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_list(&body).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_list(body: &[models::Pet]) -> Call<Empty> = operations::PUT_LIST.json("application/json", body);
    }
    "#);
}

#[test]
fn a_multipart_body_is_put_together_part_by_part() {
    let properties = "title: {type: string}, tags: {type: array, items: {type: string}}, note: {type: [string, 'null']}, \
         file: {type: string, format: binary}, icon: {type: string, format: binary}, logo: {type: [string, 'null'], format: binary}, \
         more: {type: array, items: {type: string, format: binary}}, extra: {type: [array, 'null'], items: {type: string, format: binary}}, \
         pet: {$ref: '#/components/schemas/Pet'}";
    assert_snapshot!(client(&format!(
        "required: true, content: {{multipart/form-data: {{schema: {{type: object, required: [title, file], properties: {{{properties}}}, additionalProperties: true}}, encoding: {{icon: {{contentType: image/png}}, logo: {{contentType: 'image/png, image/jpeg'}}}}}}}}"
    )), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        pub fn put_pet() with body: &models::PutPetBody
            -> Call<Empty> = operations::PUT_PET
                .multipart(
                    Form::new()
                        .files("extra", None, body.extra.value().into_iter().flatten())
                        .file("file", None, &body.file)
                        .files("icon", Some("image/png"), &body.icon)
                        .files("logo", None, body.logo.value())
                        .files("more", None, body.more.iter().flatten())
                        .value("note", None, &body.note.value())
                        .value("pet", None, &body.pet)
                        .value("tags", None, &body.tags)
                        .value("title", None, &body.title),
                );
    }
    "#);
}

#[test]
fn a_multipart_body_of_any_type_is_left_to_the_caller() {
    assert_snapshot!(client("required: true, content: {multipart/form-data: {schema: {}}}"), @"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`.
        /// ```no_run
        /// # async fn example(client: pets_api::client::Client, body: pets_api::client::multipart::Form) -> Result<(), pets_api::client::Error> {
        /// let response = client.put_pet(body).send().await?;
        /// # Ok(()) }
        /// ```
        pub fn put_pet(body: Form) -> Call<Empty> = operations::PUT_PET.multipart(body);
    }
    ");
}

#[test]
fn a_multipart_body_in_the_struct_of_many_arguments_is_taken_apart_there() {
    let parameters: Vec<String> = "abcdef"
        .chars()
        .map(|name| format!("{{name: {name}, in: query, required: true, schema: {{type: string, format: password}}}}"))
        .collect();
    assert_snapshot!(operations(&format!(
        "/pets put {{operationId: putPet, parameters: [{}], requestBody: {{required: true, content: {{multipart/form-data: {PET}}}}}, responses: {{'204': {{description: OK}}}}}}",
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
                .multipart(Form::new().value("name", None, &required.body.name));
    }

    /// The required arguments of `put_pet`.
    #[derive(Debug)]
    pub struct PutPetRequired {
        pub a: Secret,
        pub b: Secret,
        pub c: Secret,
        pub d: Secret,
        pub e: Secret,
        pub f: Secret,
        pub body: models::Pet,
    }
    "#);
}

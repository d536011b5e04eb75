//! What the API calls at its user's server.

use insta::assert_snapshot;

use crate::run::{described, emitted};

const FILE: &str = "src/server/webhooks.rs";

fn webhooks() -> crate::run::Emitted {
    emitted(
        "webhooks:
  petBorn:
    post:
      operationId: petBorn
      parameters: [{name: X-Signature, in: header, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'202': {description: Thanks.}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
",
    )
}

#[test]
fn webhooks_are_a_trait_with_a_handler_for_any_path() {
    assert_snapshot!(webhooks().items(FILE, &["group!", "pub fn pet_born"]), @r#"
    group! {
        /// Serves the operations of the tag `webhooks`.
        pub trait Webhooks;

        /// `POST /pet_born`
        fn pet_born = self::PET_BORN;
        pub struct PetBornRequest {
            pub x_signature: String = header "X-Signature",
            pub body: models::Pet = body json,
        }
        pub enum PetBornResponse {
            /// Thanks.
            Accepted = 202,
        }
    }

    /// The handler of `petBorn`, for any path.
    pub fn pet_born<S: Webhooks>(api: &Arc<S>) -> MethodRouter {
        crate::server::mount::anywhere(&self::PET_BORN, api, <S as Webhooks>::pet_born)
    }
    "#);
}

#[test]
fn a_webhook_has_a_table_of_its_own() {
    assert_snapshot!(webhooks().item(FILE, "operations!"), @r#"
    operations! {
        tag: "";

        static PET_BORN = Post "/pet_born" {
            id: "petBorn",
            parameters: [header("X-Signature")],
            body: [body("application/json")],
            accept: "",
            responses: [202 "Thanks."],
        }
    }
    "#);
}

#[test]
fn the_body_of_a_webhook_is_read_as_leniently_as_a_response() {
    assert_snapshot!(webhooks().item("src/models/pet.rs", "pub struct Pet"), @"
    object! {
        pub struct Pet {
            pub name: Option<String> = promised,
        }
    }
    ");
}

#[test]
fn without_webhooks_nothing_of_them_is_emitted() {
    let pets = emitted(&described(
        "/pets get {operationId: listPets, responses: {'204': {description: OK}}}",
    ));
    assert!(!pets.files.contains_key(FILE));
    assert!(!pets.files.contains_key("src/server/mount.rs"));
    assert!(!pets.file("src/server/mod.rs").contains("webhooks"));
}

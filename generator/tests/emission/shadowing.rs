//! Types of an API that are called like what emitted code names.

use insta::assert_snapshot;

use crate::run::{emitted, operations, requested, responded};

#[test]
fn what_a_type_of_the_api_shadows_is_spelled_out() {
    let shadowing = responded(
        "Root: {type: object, properties: {option: {$ref: '#/components/schemas/Option'}, text: {type: array, items: {type: string}}, map: {type: object, additionalProperties: {type: string}}, at: {type: string, format: date-time}, any: {}}}
         Option: {type: object, properties: {a: {type: string}}}
         String: {type: object, properties: {a: {type: string}}}
         Vec: {type: object, properties: {a: {type: string}}}
         BTreeMap: {type: object, properties: {a: {type: string}}}
         Timestamp: {type: object, properties: {a: {type: string}}}
         Value: {type: object, properties: {a: {type: string}}}"
    );
    assert_snapshot!(shadowing.items("src/models/root.rs", &["use", "pub struct Root"]), @"
    use super::Option;
    use crate::types::object;

    object! {
        pub struct Root {
            pub any: ::std::option::Option<::serde_json::Value>,
            pub at: ::std::option::Option<crate::types::Timestamp>,
            pub map: ::std::option::Option<::std::collections::BTreeMap<::std::string::String, ::std::string::String>>,
            pub option: ::std::option::Option<Option>,
            pub text: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        }
    }
    ");
}

#[test]
fn constructors_and_setters_do_not_meet_shadowing_types() {
    let shadowing = requested(
        "Root: {type: object, required: [id], properties: {id: {type: string}, a: {$ref: '#/components/schemas/Into'}, b: {$ref: '#/components/schemas/Default'}, c: {$ref: '#/components/schemas/Change'}, d: {type: [string, 'null']}}}
         Into: {type: object, properties: {a: {type: string}}}
         Default: {type: object, properties: {a: {type: string}}}
         Change: {type: object, properties: {a: {type: string}}}"
    );
    assert_snapshot!(shadowing.model("Root"), @"
    object! {
        pub struct Root {
            pub a: Option<Into>,
            pub b: Option<Default>,
            pub c: Option<Change>,
            pub d: crate::types::Change<String>,
            pub id: String = required,
        }

        pub fn new(id: impl ::std::convert::Into<String>);
        pub fn with_a(self, a: impl ::std::convert::Into<Into>);
        pub fn with_b(self, b: impl ::std::convert::Into<Default>);
        pub fn with_c(self, c: impl ::std::convert::Into<Change>);
        pub fn with_d(self, d: impl ::std::convert::Into<crate::types::Change<String>>);
    }
    ");
}

#[test]
fn unions_and_enums_do_not_meet_shadowing_types() {
    let shadowing = responded(
        "Root: {oneOf: [{$ref: '#/components/schemas/From'}, {type: string}], discriminator: {propertyName: kind}}
         From: {type: object, properties: {kind: {type: string}}}
         Union: {type: object, properties: {a: {type: string}}}
         Alternative: {type: string, enum: [String, Clone, Unknown]}
         String: {type: object, properties: {a: {type: string}}}"
    );
    assert_snapshot!(shadowing.model("Root"), @r#"
    union! {
        pub enum Root by "kind" {
            From(#[from] From) = decode object.tags(&["From"]),
            String(#[from str] ::std::string::String) = decode string,
        }
    }
    "#);
    assert_snapshot!(shadowing.item("src/models/alternative.rs", "pub enum Alternative"), @r#"
    string_enum! {
        pub enum Alternative {
            String = "String",
            Clone = "Clone",
            Unknown2 = "Unknown",
        }
    }
    "#);
}

#[test]
fn types_called_like_derived_traits_change_no_derive() {
    // Names of derives are macros, which no type can stand in the way of.
    assert_snapshot!(responded(
        "Root: {type: object, properties: {clone: {$ref: '#/components/schemas/Clone'}, debug: {$ref: '#/components/schemas/Debug'}}}
         Clone: {type: object, properties: {a: {type: string}}}
         Debug: {type: object, properties: {a: {type: string}}}"
    ).models(&["Clone", "Root"]), @"
    object! {
        pub struct Clone {
            pub a: Option<String>,
        }
    }

    object! {
        pub struct Root {
            pub clone: Option<Clone>,
            pub debug: Option<Debug>,
        }
    }
    ");
}

#[test]
fn modules_of_operations_reach_models_by_their_module() {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Client'}}}";
    let pets = emitted(&format!(
        "paths:
  /pets:
    put: {{tags: [pets], operationId: putPets, requestBody: {{required: true, {content}}}, responses: {{'200': {{description: OK, {content}}}, '404': {{description: None, {content}}}}}}}
components:
  schemas:
    Client: {{type: object, properties: {{result: {{$ref: '#/components/schemas/Result'}}, error: {{$ref: '#/components/schemas/Error'}}}}}}
    Result: {{type: object, properties: {{a: {{type: string}}}}}}
    Error: {{type: object, properties: {{a: {{type: string}}}}}}
"
    ));
    assert_snapshot!(pets.item("src/client/operations/pets.rs", "calls!"), @r#"
    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `PUT /pets`; documented failures: 404, which decode into [`models::Client`](crate::models::Client).
        pub fn put_pets() with body: &models::Client
            -> Call<models::Client> = operations::PUT_PETS.json("application/json", body);
    }
    "#);
    assert_snapshot!(pets.server(&["use", "group!"]), @"
    use crate::server::group;
    use crate::{models, operations};

    group! {
        /// Serves the operations of the tag `pets`.
        pub trait Pets;

        /// `PUT /pets`
        fn put_pets = operations::PUT_PETS;
        pub struct PutPetsRequest {
            pub body: models::Client = body json,
        }
        pub enum PutPetsResponse {
            Ok(models::Client) = 200 json,
            /// None.
            NotFound(models::Client) = 404 json,
        }
    }
    ");
}

#[test]
fn builders_and_errors_of_operations_do_not_shadow_what_their_module_names() {
    let pets = operations(
        "/pets get {operationId: call, parameters: [{name: a, in: query, schema: {type: string}}], responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
         /client get {operationId: client, parameters: [{name: a, in: query, schema: {type: string}}], responses: {'204': {description: OK}}}
         /option get {operationId: option, parameters: [{name: a, in: query, schema: {type: array, items: {type: string}}}], responses: {'204': {description: OK}}}
         /plain get {operationId: plain, responses: {'204': {description: OK}}}",
    );
    assert_snapshot!(pets.items("src/client/operations/pets.rs", &["use", "calls!"]), @"
    use crate::client::call::{Empty, calls};
    use crate::{models, operations};

    calls! {
        /// # pets
        impl pets_api::client::Client;

        /// `GET /client`.
        pub fn client() -> Client = operations::CLIENT;
        pub struct Client => response of Empty {
            a = query,
        }

        /// `GET /option`.
        pub fn option() -> Option = operations::OPTION;
        pub struct Option => response of Empty {
            a[] = query,
        }

        /// `GET /pets`.
        pub fn call_() -> Call = operations::CALL;
        pub struct Call => response of models::Pet {
            a = query,
        }

        /// `GET /plain`.
        pub fn plain() -> crate::client::Call<Empty> = operations::PLAIN;
    }
    ");
}

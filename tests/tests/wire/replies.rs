//! What a server sends: what is promised, typed headers, limits of bodies.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use wire_api::headers;
use wire_api::models::{Pet, Problem};
use wire_api::operation::Operation;
use wire_api::server::operations::pets::{
    self, CreatePetRequest, CreatePetRequestBody, CreatePetResponse, GetPetRequest, GetPetResponse,
    Pets,
};
use wire_api::server::{IntoReply, Reply, RequestContext, Service, Validation};

struct Shelter(Validation);

impl Service for Shelter {
    type Error = Reply;
    type Principal = ();

    fn validation(&self, _: &'static Operation) -> Validation {
        self.0
    }
}

impl Pets for Shelter {
    async fn get_pet(
        &self,
        _: &RequestContext,
        request: GetPetRequest,
    ) -> Result<GetPetResponse, Reply> {
        if request.pet_id == 0 {
            let body = Problem {
                title: Some("closed".to_owned()),
                ..Problem::default()
            };
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(GetPetResponse::DefaultApplicationProblemJson { status, body });
        }
        let name = (request.pet_id > 1).then(|| "Rex".to_owned());
        let pet = Pet {
            name,
            ..Pet::default()
        };
        let response = GetPetResponse::Ok(pet);
        Ok(response.with(&headers::X_TOTAL, &request.pet_id).into())
    }

    async fn create_pet(
        &self,
        _: &RequestContext,
        request: CreatePetRequest,
    ) -> Result<CreatePetResponse, Reply> {
        if let CreatePetRequestBody::Multipart(form) = request.body {
            form.read().await?;
        }
        Ok(CreatePetResponse::Accepted("soon".to_owned()))
    }
}

async fn send(validation: Validation, request: Request<Body>) -> (StatusCode, Option<i64>, Value) {
    let response = pets::router(Shelter(validation))
        .oneshot(request)
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    (parts.status, headers::X_TOTAL.read(&parts.headers), body)
}

fn get(id: i64) -> Request<Body> {
    Request::get(format!("/pets/{id}"))
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn what_is_promised_of_one_media_type_is_not_promised_of_another() {
    let (code, _, body) = send(Validation::STRICT, get(0)).await;
    assert_eq!(
        (code, body),
        (StatusCode::SERVICE_UNAVAILABLE, json!({"title": "closed"}))
    );
}

#[tokio::test]
async fn a_response_that_lacks_what_is_promised_is_a_500_that_says_so() {
    let (code, total, body) = send(Validation::STRICT, get(2)).await;
    assert_eq!(
        (code, total, body),
        (StatusCode::OK, Some(2), json!({"name": "Rex"}))
    );
    let (code, _, body) = send(Validation::STRICT, get(1)).await;
    assert_eq!(code, StatusCode::INTERNAL_SERVER_ERROR);
    let detail = body["detail"].as_str().unwrap();
    assert!(
        detail.contains("/name: expected a string, found nothing"),
        "{detail}"
    );
    let (code, _, body) = send(Validation::OFF, get(1)).await;
    assert_eq!((code, body), (StatusCode::OK, json!({})));
}

#[tokio::test]
async fn bodies_and_parts_have_limits_for_each_operation() {
    let form = |photo: &str| {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n{photo}\r\n--x--\r\n"
        );
        let builder = Request::post("/pets/");
        let builder = builder.header("content-type", "multipart/form-data; boundary=x");
        builder.body(Body::from(body)).unwrap()
    };
    let part = Validation {
        part_limit: Some(3),
        ..Validation::default()
    };
    let whole = Validation {
        body_limit: Some(20),
        ..Validation::default()
    };
    assert_eq!(send(part, form("PNG")).await.0, StatusCode::ACCEPTED);
    let (code, _, body) = send(part, form("PNGs")).await;
    assert_eq!(code, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        body["detail"],
        "request body: field `photo`: longer than allowed"
    );
    assert_eq!(
        send(whole, form("PNG")).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

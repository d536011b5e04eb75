//! What a server sends: what is promised, typed headers, limits of bodies.

use std::future::pending;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;
use wire_api::headers;
use wire_api::models::{Pet, Problem};
use wire_api::operation::Operation;
use wire_api::server::operations::pets::{
    self, CreatePetRequest, CreatePetRequestBody, CreatePetResponse, ExportPetsRequest,
    ExportPetsResponse, GetPetRequest, GetPetResponse, Pets,
};
use wire_api::server::{
    self, IntoReply, Limits, Reply, RequestContext, Service, Validation, serve,
};

struct Shelter(Validation);

impl Service for Shelter {
    type Error = Reply;
    type Principal = ();

    fn validation(&self, _: &'static Operation) -> Validation {
        self.0
    }

    fn reject(&self, _: &'static Operation, problem: server::Problem) -> Reply {
        Reply::from(problem).with(&headers::X_TOTAL, &-1)
    }
}

impl Pets for Shelter {
    async fn get_pet(
        &self,
        _: &RequestContext,
        request: GetPetRequest,
    ) -> Result<GetPetResponse, Reply> {
        if request.pet_id < 0 {
            let (status, body) = (StatusCode::OK, json!({"id": request.pet_id}));
            return Ok(Reply::json_as(status, "application/vnd.pet+json", &body).into());
        }
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

    async fn export_pets(
        &self,
        _: &RequestContext,
        _: ExportPetsRequest,
    ) -> Result<ExportPetsResponse, Reply> {
        let rex = Pet {
            name: Some("Rex".to_owned()),
            ..Pet::default()
        };
        Ok(ExportPetsResponse::Ok(vec![rex, Pet::default()]))
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
async fn a_response_that_lacks_what_is_promised_is_never_sent() {
    let stream = connect(Shelter(Validation::OFF)).await;
    let sent = received(stream, "/pets/2").await;
    assert!(sent.starts_with("HTTP/1.1 200"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"name\":\"Rex\"}"), "{sent}");
    let detail = "the response lacks what is promised: `Pet.name`";
    for target in ["/pets/1", "/pets/export"] {
        let sent = received(connect(Shelter(Validation::OFF)).await, target).await;
        assert!(sent.starts_with("HTTP/1.1 500"), "{sent}");
        assert!(sent.contains("x-total: -1\r\n"), "{sent}");
        assert!(
            sent.ends_with(&format!("{{\"detail\":\"{detail}\"}}")),
            "{sent}"
        );
    }
}

#[tokio::test]
async fn json_of_no_model_is_compared_with_what_is_promised_only_where_that_is_asked_for() {
    let (code, total, body) = send(Validation::STRICT, get(-7)).await;
    assert_eq!((code, total), (StatusCode::INTERNAL_SERVER_ERROR, Some(-1)));
    let detail = body["detail"].as_str().unwrap();
    assert!(
        detail.contains("/name: expected a string, found nothing"),
        "{detail}"
    );
    let (code, _, body) = send(Validation::OFF, get(-7)).await;
    assert_eq!((code, body), (StatusCode::OK, json!({"id": -7})));
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
    let parts = |count: usize| {
        let part = "--x\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na\r\n";
        let photo = "--x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nPNG\r\n";
        let body = format!("{photo}{}--x--\r\n", part.repeat(count));
        let builder = Request::post("/pets/");
        let builder = builder.header("content-type", "multipart/form-data; boundary=x");
        builder.body(Body::from(body)).unwrap()
    };
    let default = Validation::default();
    assert_eq!(send(default, parts(999)).await.0, StatusCode::ACCEPTED);
    let (code, _, body) = send(default, parts(1_000)).await;
    assert_eq!(code, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(body["detail"], "the request body has more than 1000 parts");
}

/// A service that implements nothing.
struct Nothing;

impl Service for Nothing {
    type Error = Reply;
    type Principal = ();
}

impl Pets for Nothing {}

/// A connection to a server.
async fn connect(api: impl Pets) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = pets::router(api);
    tokio::spawn(serve(listener, router, Limits::default(), pending()));
    TcpStream::connect(address).await.unwrap()
}

fn upload(length: usize) -> String {
    format!(
        "POST /pets/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn all_that_is_wrong_with_an_upload_is_told_by_parts() {
    let long = "x".repeat(21);
    let json = "\r\nContent-Type: application/json";
    for (validation, parts, expected) in [
        (
            Validation::default(),
            &[
                ("name", "", &*long),
                ("details", json, r#"{"nick": 1}"#),
                ("tags", "", "a"),
            ][..],
            &[
                ("/details/name", "required"),
                ("/details/nick", "type"),
                ("/name", "maxLength"),
                ("/photo", "required"),
            ][..],
        ),
        // What cannot be read, beside what is out of bounds.
        (
            Validation::OFF,
            &[
                ("photo", "; filename=a", "PNG"),
                ("name", "", &*long),
                ("details", json, "{"),
            ],
            &[("/details", "type"), ("/name", "maxLength")],
        ),
        // The name of what is missing, also where bounds are not checked.
        (
            Validation::OFF,
            &[("name", "", "Rex")],
            &[("/photo", "required")],
        ),
        // A file has no characters to count.
        (Validation::default(), &[("photo", "; filename=a", "")], &[]),
        (
            Validation::OFF,
            &[("photo", "", "PNG"), ("name", "", &*long)],
            &[],
        ),
    ] {
        let parts = parts.iter().map(|(name, more, value)| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
            )
        });
        let body = parts.collect::<String>() + "--x--\r\n";
        let mut stream = connect(Shelter(validation)).await;
        let request = format!("{}{body}{NEXT}", upload(body.len()));
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        if expected.is_empty() {
            assert!(text.starts_with("HTTP/1.1 202 "), "{text}");
            continue;
        }
        assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
        let json = text.split("\r\n\r\n").nth(1).unwrap();
        let json = json.split("HTTP/1.1 ").next().unwrap();
        let body: Value = serde_json::from_str(json).unwrap();
        let errors = body["errors"].as_array().unwrap().iter();
        let found = errors.map(|one| {
            assert_eq!(one["in"], "body");
            (
                one["pointer"].as_str().unwrap(),
                one["rule"].as_str().unwrap(),
            )
        });
        let mut found: Vec<_> = found.collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.starts_with("request body: `/"), "{detail}");
    }
}

const NEXT: &str = "GET /pets/export HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// All that is sent in response to a GET.
async fn received(mut stream: TcpStream, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

/// The status lines of all that a connection sends until it ends.
async fn statuses(mut stream: TcpStream) -> Vec<String> {
    let mut bytes = Vec::new();
    // A connection that ends with bytes unread may be reset.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let starts = text.match_indices("HTTP/1.1 ").map(|(start, _)| start);
    starts
        .map(|start| text[start + 9..start + 12].to_owned())
        .collect()
}

#[tokio::test]
async fn a_body_that_no_method_reads_is_never_taken_for_the_next_request() {
    // A short body is skipped, and the connection goes on.
    let body = "--x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nPNG\r\n--x--\r\n";
    let mut stream = connect(Nothing).await;
    let requests = format!("{}{body}{NEXT}", upload(body.len()));
    stream.write_all(requests.as_bytes()).await.unwrap();
    assert_eq!(statuses(stream).await, ["501", "501"]);
    // Where the rest of a body comes after the reply, the connection ends, whatever the rest looks like.
    let mut stream = connect(Nothing).await;
    let head = upload(1_000_000);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"--x\r\n").await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 501");
    let _ = stream.write_all(NEXT.as_bytes()).await;
    assert_eq!(statuses(stream).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_body_that_is_declared_too_long_is_refused_before_it_is_sent() {
    for expect in ["", "Expect: 100-continue\r\n"] {
        let mut stream = connect(Nothing).await;
        let head = upload(10_000_000).replacen("\r\n", &format!("\r\n{expect}"), 1);
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(statuses(stream).await, ["413"], "{expect}");
    }
    // Within the limit, the client is told to continue.
    let mut stream = connect(Nothing).await;
    let body = "{\"name\": \"Rex\"}";
    let head = format!(
        "POST /pets/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 25];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).await.unwrap();
    assert_eq!(statuses(stream).await, ["501"]);
}

#[tokio::test]
async fn two_slashes_where_a_router_is_nested_are_no_operation() {
    let shelter = Shelter(Validation::default());
    let router = axum::Router::new().nest("/v1", pets::router(shelter));
    for (path, expected) in [
        ("/v1/pets/2", 200),
        ("/v1//pets/2", 404),
        ("/v1//orders/1", 404),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), expected, "{path}");
    }
}

//! Bodies: which media type is sent and asked for, and how forms and files are written.

use http::StatusCode;
use serde_json::{Value, json};
use wire_api::client::operations::pets::CreatePetSuccess;
use wire_api::models::{CreateChargeBody, CreatePetBody, PetInput};
use wire_api::server::operations::charges::{
    self, Charges, CreateChargeRequest, CreateChargeResponse,
};
use wire_api::server::{Reply, RequestContext, Service};
use wire_api::types::Binary;

use super::{client, silent};
use crate::client_runtime::server::{Server, reply};

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn json_is_preferred_and_a_body_that_it_cannot_carry_is_the_callers_choice() {
    let server = silent(3).await;
    let client = client(&server);
    let _ = client.create_pet(&PetInput::new("Rex")).send().await;
    let photo = Binary::from("PNG").with_file_name("rex.png");
    let form = CreatePetBody {
        name: Some("Rex".to_owned()),
        ..CreatePetBody::new(photo)
    };
    let _ = client.create_pet_as_multipart(&form).send().await;
    let _ = client
        .create_pet_as_application_octet_stream("octets")
        .send()
        .await;
    let requests = server.requests();
    assert!(requests[0].contains("content-type: application/json\r\n"));
    assert_eq!(body(&requests[0]), r#"{"name":"Rex"}"#);
    assert!(requests[1].contains("content-type: multipart/form-data; boundary="));
    assert!(requests[1].contains(
        "Content-Disposition: form-data; name=\"photo\"; filename=\"rex.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
    ));
    assert!(requests[2].contains("content-type: application/octet-stream\r\n"));
    assert_eq!(body(&requests[2]), "octets");
}

#[tokio::test]
async fn an_optional_body_has_a_setter_for_each_choice() {
    let server = silent(2).await;
    let client = client(&server);
    let _ = client.chat().send().await;
    let _ = client.chat().body_as_text("hello").send().await;
    let requests = server.requests();
    assert!(!requests[0].contains("content-type"));
    assert!(requests[1].contains("content-type: text/plain\r\n"));
    assert_eq!(body(&requests[1]), "hello");
}

#[tokio::test]
async fn json_is_requested_first_and_bytes_text_and_events_on_demand() {
    let pet = |media_type: &str, body: &str| {
        reply("200 OK", &format!("Content-Type: {media_type}\n"), body)
    };
    let server = Server::start([
        pet("application/vnd.pet+json", r#"{"name": "Rex"}"#),
        pet("application/pdf", "%PDF"),
        pet("text/csv", "name\nRex"),
        pet("application/json", r#"{"name": "Rex"}"#),
        pet("text/event-stream", "data: {\"name\": \"Rex\"}\n\n"),
    ])
    .await;
    let client = client(&server);
    let typed = client.get_pet(1).send().await.unwrap().value;
    assert_eq!(typed.name.as_deref(), Some("Rex"));
    assert_eq!(
        client
            .get_pet(1)
            .send_as_application_pdf()
            .send()
            .await
            .unwrap()
            .value,
        "%PDF"
    );
    assert_eq!(
        client.get_pet(1).send_as_text().send().await.unwrap().value,
        "name\nRex"
    );
    client.chat().send().await.unwrap();
    let mut events = client.chat().send_as_events().send().await.unwrap().value;
    let event = events.next_event().await.unwrap().unwrap();
    assert_eq!(event.json::<Value>().unwrap().value, json!({"name": "Rex"}));
    let requests = server.requests();
    let accepts = |index: usize, media_type: &str| {
        assert!(
            requests[index].contains(&format!("accept: {media_type}")),
            "{}",
            requests[index]
        );
    };
    accepts(0, "application/vnd.pet+json");
    accepts(1, "application/pdf\r\n");
    accepts(2, "text/csv\r\n");
    accepts(3, "application/json\r\n");
    accepts(4, "text/event-stream\r\n");
}

#[tokio::test]
async fn json_lines_are_values_one_after_the_other() {
    let lines = "{\"name\": \"Rex\"}\n{\"name\": \"Tom\"}\n";
    let media_type = "Content-Type: application/x-ndjson\n";
    let server = Server::start([
        reply("200 OK", media_type, lines),
        reply("200 OK", "", r#"[{"name": "Rex"}]"#),
    ])
    .await;
    let client = client(&server);
    let response = client.export_pets().send_as_lines().send().await.unwrap();
    let mut pets = response.value;
    for name in ["Rex", "Tom"] {
        let pet = pets.next_line().await.unwrap().unwrap();
        assert_eq!(pet.name.as_deref(), Some(name));
    }
    assert!(pets.next_line().await.is_none());
    assert_eq!(client.export_pets().send().await.unwrap().value.len(), 1);
    assert!(server.requests()[0].contains("accept: application/x-ndjson\r\n"));
}

#[tokio::test]
async fn a_file_is_sent_from_its_path_and_saved_to_one() {
    let folder = std::env::temp_dir().join(format!("wire-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (source, target) = (folder.join("rex.png"), folder.join("rex.pdf"));
    std::fs::write(&source, "PNG").unwrap();
    let disposition = "Content-Disposition: attachment; filename=\"rex.pdf\"\n";
    let server = Server::start([
        reply("200 OK", "", ""),
        reply("200 OK", "", ""),
        reply("200 OK", disposition, "%PDF"),
        reply("200 OK", "Content-Type: application/xml\n", "<pet/>"),
    ])
    .await;
    let client = client(&server);
    let form = CreatePetBody::new(Binary::path(&source));
    let _ = client.create_pet_as_multipart(&form).send().await;
    let file = Binary::path(&source);
    let _ = client
        .create_pet_as_application_octet_stream(file)
        .send()
        .await;
    let pdf = client.get_pet(1).send_as_application_pdf();
    let download = pdf.send_streaming().await.unwrap();
    assert_eq!(download.file_name().as_deref(), Some("rex.pdf"));
    assert_eq!(download.save(&target).await.unwrap(), 4);
    assert_eq!(std::fs::read(&target).unwrap(), b"%PDF");
    let xml = client.get_pet(1).accept("application/xml");
    let xml = xml.send_streaming().await.unwrap();
    assert_eq!(xml.bytes().await.unwrap(), "<pet/>");
    std::fs::remove_dir_all(&folder).unwrap();
    let requests = server.requests();
    assert!(requests[0].contains(
        "Content-Disposition: form-data; name=\"photo\"; filename=\"rex.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
    ));
    assert!(requests[1].contains("content-type: application/octet-stream\r\n"));
    assert!(requests[1].contains("content-length: 3\r\n"));
    assert_eq!(body(&requests[1]), "PNG");
    assert!(requests[2].contains("accept: application/pdf\r\n"));
    assert!(requests[3].contains("accept: application/xml\r\n"));
}

#[tokio::test]
async fn successes_of_several_statuses_are_an_enum() {
    let responses = [
        reply("201 Created", "", r#"{"name": "Rex"}"#),
        reply("202 Accepted", "", "soon"),
    ];
    let server = Server::start(responses).await;
    let client = client(&server);
    let created = client
        .create_pet(&PetInput::new("Rex"))
        .send()
        .await
        .unwrap()
        .value;
    assert!(
        matches!(created, CreatePetSuccess::Created(pet) if pet.name.as_deref() == Some("Rex"))
    );
    let accepted = client
        .create_pet(&PetInput::new("Rex"))
        .send()
        .await
        .unwrap()
        .value;
    assert!(matches!(accepted, CreatePetSuccess::Accepted(text) if text == "soon"));
}

fn charge() -> CreateChargeBody {
    serde_json::from_value(json!({
        "amount": 5,
        "expand": ["a", "b"],
        "ids": [1, 2],
        "plain": ["x", "y z"],
        "card": {"number": "42", "checks": {"zip": true}},
        "items": [{"price": "p", "count": 1}, {"price": "q", "count": 2}],
    }))
    .unwrap()
}

#[tokio::test]
async fn a_form_writes_each_property_in_its_own_style() {
    let server = silent(1).await;
    let _ = client(&server).create_charge(&charge()).send().await;
    let request = &server.requests()[0];
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"));
    let mut pairs: Vec<&str> = body(request).split('&').collect();
    pairs.sort_unstable();
    let expected = [
        "amount=5",
        "card%5Bchecks%5D%5Bzip%5D=true",
        "card%5Bnumber%5D=42",
        "expand%5B%5D=a",
        "expand%5B%5D=b",
        "ids=1,2",
        "items%5B0%5D%5Bcount%5D=1",
        "items%5B0%5D%5Bprice%5D=p",
        "items%5B1%5D%5Bcount%5D=2",
        "items%5B1%5D%5Bprice%5D=q",
        "plain=x",
        "plain=y%20z",
    ];
    assert_eq!(pairs, expected);
}

struct Echo;

impl Service for Echo {
    type Error = Reply;
    type Principal = ();
}

impl Charges for Echo {
    async fn create_charge(
        &self,
        _: &RequestContext,
        request: CreateChargeRequest,
    ) -> Result<CreateChargeResponse, Reply> {
        assert_eq!(request.body, charge());
        Ok(CreateChargeResponse::Ok)
    }
}

#[tokio::test]
async fn a_form_is_read_in_the_styles_in_which_it_is_written() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, charges::router(Echo)).await });
    let client = wire_api::client::Client::builder().base_url(format!("http://{address}"));
    let response = client
        .build()
        .unwrap()
        .create_charge(&charge())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status, 200);
}

#[test]
fn a_body_is_compared_with_the_alternative_that_it_deviates_from_least() {
    let of_care = |care: Value| {
        let body = json!({"name": "Rex", "care": care}).to_string();
        let found =
            wire_api::client::deviation::deviations("getPet", StatusCode::OK, body.as_bytes());
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of_care(json!({"minutes": 3, "since": "May"})), [""; 0]);
    assert_eq!(of_care(json!({"what": "ever"})), [""; 0]);
    let expected = "/care/minutes: expected an integer, found a string (described by openapi)";
    assert_eq!(
        of_care(json!({"minutes": "x", "leash": true, "since": "May"})),
        [expected]
    );
}

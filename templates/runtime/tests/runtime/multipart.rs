use runtime::client::Error;
use runtime::client::multipart::Form;
use runtime::client::request::Request;
use runtime::types::{Binary, Change};
use serde_json::json;

use super::server::{Received, Server, response};
use super::{ROOT, client};

/// Sends a form and returns its body as text, with `BOUNDARY` for the boundary.
async fn sent(form: Form) -> String {
    let server = Server::start([]).await;
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    call.execute().await.unwrap();
    text(&server.requests()[0])
}

/// The body of a request, after checking that its length is stated.
fn text((headers, body): &Received) -> String {
    assert_eq!(headers["content-length"], body.len().to_string());
    assert_eq!(headers.get_all("content-type").iter().count(), 1);
    let media_type = headers["content-type"].to_str().unwrap();
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=");
    let body = String::from_utf8(body.to_vec()).unwrap();
    body.replace(boundary.unwrap(), "BOUNDARY")
}

#[tokio::test]
async fn parts_are_written_as_rfc_7578_has_them() {
    let form = Form::new()
        .value("name", None, "caf\u{e9}")
        .value("none", None, &None::<String>)
        .value("tags", None, &["x", "y"])
        .value("map", None, &json!({"a": 1}))
        .value("ids", Some("application/json; charset=utf-8"), &[1, 2])
        .file("file", Some("image/png"), &Binary::from("\u{0}\r\n--").with_file_name("a.bin"))
        .files("files", None, &[Binary::from("1"), Binary::from("2")])
        .object(&json!({"size": 3, "gone": null}));
    assert_eq!(
        sent(form).await,
        "--BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"name\"\r\n\r\ncaf\u{e9}\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"tags\"\r\n\r\nx\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"tags\"\r\n\r\ny\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"map\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"ids\"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n[1,2]\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: image/png\r\n\r\n\
         \u{0}\r\n--\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"files\"; filename=\"files\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n1\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"files\"; filename=\"files\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n2\r\n\
         --BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"size\"\r\n\r\n3\r\n\
         --BOUNDARY--\r\n"
    );
}

#[tokio::test]
async fn names_cannot_leave_their_quotes_and_invalid_media_types_are_left_out() {
    let name = "a\"; filename=\"x\r\nX-Evil: 1\r\n\r\n\u{e9}";
    for content_type in ["image/png\r\nX-Evil: 1", "no media type", "", "\u{e9}/\u{e9}"] {
        let file = Binary::from("1").with_content_type(content_type);
        let form = Form::new().file("f", Some("image/png"), &file.with_file_name(name));
        let form = form.value(name, Some(content_type), "2");
        assert_eq!(
            sent(form).await,
            "--BOUNDARY\r\n\
             Content-Disposition: form-data; name=\"f\"; \
             filename=\"a%22; filename=%22x%0D%0AX-Evil: 1%0D%0A%0D%0A\u{e9}\"\r\n\r\n1\r\n\
             --BOUNDARY\r\n\
             Content-Disposition: form-data; \
             name=\"a%22; filename=%22x%0D%0AX-Evil: 1%0D%0A%0D%0A\u{e9}\"\r\n\r\n2\r\n\
             --BOUNDARY--\r\n",
            "{content_type:?}"
        );
    }
}

#[tokio::test]
async fn a_form_without_parts_is_only_its_end() {
    assert_eq!(sent(Form::new()).await, "--BOUNDARY--\r\n");
}

#[tokio::test]
async fn every_attempt_and_every_redirect_sends_the_whole_form() {
    let server =
        Server::start([response(307, &[("location", "/again")], ""), response(503, &[], ""), response(200, &[], "")])
            .await;
    let form = Form::new().file("f", None, &Binary::from("1"));
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    call.execute().await.unwrap();
    let bodies: Vec<_> = server.requests().iter().map(text).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies[0].contains("\r\n\r\n1\r\n--BOUNDARY--"));
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_an_error_before_anything_is_sent() {
    let server = Server::start([]).await;
    let form = Form::new().value("a", None, &Change::<u8>::Keep);
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    let error = call.execute().await.unwrap_err();
    assert!(matches!(error, Error::Encode { .. }), "{error}");
    assert!(server.requests().is_empty());
}

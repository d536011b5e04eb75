//! Errors and headers in typed form.

use wire_api::client::operations::pets::GetPetError;
use wire_api::client::{Error, ErrorBody, headers};
use wire_api::models::Mistake;

use super::client;
use crate::client_runtime::server::{Server, reply};

async fn failed<T: ErrorBody>(status: &str, body: &str) -> T {
    failed_as("application/json", status, body).await
}

async fn failed_as<T: ErrorBody>(media_type: &str, status: &str, body: &str) -> T {
    let headers = format!("X-Total: 3\nContent-Type: {media_type}\n");
    let server = Server::start([reply(status, &headers, body)]).await;
    let error = client(&server).get_pet(1).send().await.unwrap_err();
    let Error::Status(response) = error else {
        panic!("{error}")
    };
    assert_eq!(response.header(&headers::X_TOTAL), Some(3));
    response.decode().unwrap()
}

#[tokio::test]
async fn an_exact_status_goes_before_a_range_and_a_range_before_the_default() {
    let body = r#"{"title": "none", "code": 7}"#;
    let exact = failed_as("application/problem+json", "404 Not Found", body).await;
    assert!(
        matches!(exact, GetPetError::NotFoundApplicationProblemJson(problem) if problem.code == Some(7))
    );
    let range = failed("418 I'm a teapot", r#"{"message": "short"}"#).await;
    assert!(
        matches!(range, GetPetError::ClientError(mistake) if mistake.message.as_deref() == Some("short"))
    );
    let default = failed("500 Oops", r#"["a", "b"]"#).await;
    assert!(matches!(default, GetPetError::Default(texts) if texts == ["a", "b"]));
}

#[tokio::test]
async fn of_two_types_the_media_type_of_the_response_decides_and_else_the_preferred_one() {
    let body = r#"{"title": "t", "message": "m"}"#;
    let failed = |media_type| failed_as::<GetPetError>(media_type, "404 Not Found", body);
    let problem = failed("Application/Problem+JSON; charset=utf-8").await;
    assert!(
        matches!(&problem, GetPetError::NotFoundApplicationProblemJson(it) if it.title.as_deref() == Some("t")),
        "{problem:?}"
    );
    for media_type in ["application/json", "text/plain"] {
        let mistake = failed(media_type).await;
        assert!(
            matches!(&mistake, GetPetError::NotFound(it) if it.message.as_deref() == Some("m")),
            "{media_type}: {mistake:?}"
        );
    }
}

#[tokio::test]
async fn errors_of_one_model_are_that_and_any_type_may_be_asked_for() {
    let mistake: Mistake = failed("400 Bad Request", r#"{"message": "m"}"#).await;
    assert_eq!(mistake.message.as_deref(), Some("m"));
    let value: std::collections::BTreeMap<String, String> =
        failed("400 Bad Request", r#"{"message": "m"}"#).await;
    assert_eq!(value["message"], "m");
}

#[tokio::test]
async fn headers_of_a_success_are_typed_and_raw() {
    let response = reply(
        "200 OK",
        "X-Total: 12\nX-Trace: abc\nX-Other: o\n",
        r#"{"name": "Rex"}"#,
    );
    let server = Server::start([response]).await;
    let response = client(&server).get_pet(1).send().await.unwrap();
    assert_eq!(response.header(&headers::X_TOTAL), Some(12));
    assert_eq!(response.header(&headers::X_TRACE).as_deref(), Some("abc"));
    assert_eq!(response.headers["x-other"], "o");
}

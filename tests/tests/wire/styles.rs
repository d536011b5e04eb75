//! Parameters in every style, as the emitted methods write them.

use wire_api::models::{Color, PetInput};

use super::{client, silent, targets};

fn color() -> Color {
    serde_json::from_value(serde_json::json!({"R": 100, "G": 200, "B": 150})).unwrap()
}

#[tokio::test]
async fn path_parameters_are_written_in_their_style() {
    let server = silent(1).await;
    let call = client(&server).path_styles("a b", [3, 4], ["x", "y"], ["p", "q"], &color());
    let _ = call.send().await;
    assert_eq!(
        targets(&server),
        ["GET /path/a%20b/3,4/.x.y/;matrix=p,q/B=150,G=200,R=100"]
    );
}

#[tokio::test]
async fn query_header_and_cookie_parameters_are_written_in_their_style() {
    let server = silent(1).await;
    let call = client(&server)
        .query_styles()
        .form(["a", "b,c"])
        .joined([1, 2]);
    let call = call
        .space(["a", "b"])
        .pipe(["a", "b"])
        .deep(&color())
        .color(&color());
    let call = call
        .reserved("a/b?c=d&e")
        .json(&PetInput::new("Rex"))
        .x_list([5, 6])
        .crumb("c d");
    let _ = call.send().await;
    let expected = "GET /query?form=a&form=b%2Cc&joined=1,2&space=a%20b&pipe=a%7Cb\
        &deep%5BB%5D=150&deep%5BG%5D=200&deep%5BR%5D=100&B=150&G=200&R=100\
        &reserved=a/b?c=d%26e&json=%7B%22name%22%3A%22Rex%22%7D";
    let sorted = |target: &str| {
        let (path, query) = target.split_once('?').unwrap();
        let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
        pairs.sort_unstable();
        (path.to_owned(), pairs)
    };
    assert_eq!(sorted(&targets(&server)[0]), sorted(expected));
    let request = &server.requests()[0];
    assert!(request.contains("x-list: 5,6\r\n"), "{request}");
    assert!(request.contains("cookie: crumb=c%20d\r\n"), "{request}");
}

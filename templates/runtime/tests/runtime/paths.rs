//! Which values are allowed in a path.

use runtime::client::Error;
use runtime::client::parameter;
use runtime::client::request::Request;
use runtime::operation::{Style, path};
use serde_json::{Value, json};

use super::server::Server;
use super::{PUT, client};

#[test]
fn values_that_change_the_path_are_refused_in_every_style() {
    let relative = "is a relative path segment";
    let control = "contains a control character";
    for (value, reason) in [
        (json!(""), "is empty"),
        (json!([]), "is empty"),
        (json!({}), "is empty"),
        (Value::Null, "is empty"),
        (json!("."), relative),
        (json!(["a", ".."]), relative),
        (json!({"a": "."}), relative),
        (json!("a\nb"), control),
        (json!(["\u{0}"]), control),
        (json!("\u{85}"), control),
    ] {
        for style in [Style::Simple, Style::Label, Style::Matrix] {
            for explode in [false, true] {
                let described = path("id").style(style, explode);
                let refused = parameter::path(&described, &value, &mut String::new());
                assert_eq!(refused, Err(reason), "{value} {style:?} {explode}");
            }
        }
    }
}

#[test]
fn everything_but_unreserved_characters_is_encoded() {
    let described = path("id");
    for (value, written) in [
        ("a/b", "a%2Fb"),
        ("%2e%2E", "%252e%252E"),
        ("a b?#\\&=+;,", "a%20b%3F%23%5C%26%3D%2B%3B%2C"),
        ("~-._", "~-._"),
        ("...", "..."),
        ("\u{e9}", "%C3%A9"),
    ] {
        let mut found = "/".to_owned();
        assert_eq!(parameter::path(&described, &json!(value), &mut found), Ok(()));
        assert_eq!(found, format!("/{written}"));
    }
}

#[tokio::test]
async fn a_refused_or_missing_value_is_an_error_before_anything_is_sent() {
    let server = Server::start([]).await;
    let client = client(&server.origin);
    for (team, kind) in [("", "x"), ("x", ""), ("..", "x"), ("x", "."), ("a\r\nB: c", "x")] {
        let call = Request::new(&client, &PUT).path("team", team).path("kind", kind);
        let error = call.execute().await.unwrap_err();
        assert!(matches!(error, Error::InvalidPathValue { .. }), "{error}");
    }
    let missing = Request::new(&client, &PUT).path("team", "x");
    let error = missing.execute().await.unwrap_err();
    assert_eq!(error.to_string(), "put: the path parameter `kind` is not given");
    assert!(server.requests().is_empty());
}

//! Parameters, in every location and style.

use axum::body::Body;
use axum::http::{HeaderName, Request};
use serde_json::{Value, json};

use super::{request, send};
use crate::operation::{Operation, Parameter, Style, ValueType, cookie, header};

const fn query(name: &'static str, style: Style, explode: bool, value: ValueType) -> Parameter {
    crate::operation::query(name).style(style, explode).of(value)
}

/// What a parameter of `GET /` reads as, or the detail of the refusal.
async fn read(parameter: Parameter, request: Request<Body>) -> Result<Value, String> {
    let operation = Operation { parameters: Box::leak(Box::new([parameter])), ..Operation::EMPTY };
    let router = super::reading(operation, move |context, _| {
        context.optional(parameter.location, parameter.name).map(|value: Option<Value>| json!(value))
    });
    let (response, body) = send(router, request).await;
    match response.status().as_u16() {
        200 => Ok(body),
        400 => Err(body["detail"].as_str().unwrap().to_owned()),
        other => panic!("status {other}"),
    }
}

const FILTER: ValueType = ValueType::Object(&[
    ("age", ValueType::Integer),
    ("tags", ValueType::List(&ValueType::Text)),
    ("inner", ValueType::Object(&[("n", ValueType::Number)])),
]);

#[tokio::test]
async fn query_parameters_are_read_in_every_style() {
    const TEXTS: ValueType = ValueType::List(&ValueType::Text);
    const NUMBERS: ValueType = ValueType::List(&ValueType::Integer);
    const EITHER: ValueType = ValueType::OneOf(&[ValueType::Text, ValueType::Integer, TEXTS]);
    for (parameter, target, expected) in [
        (query("a", Style::Form, true, ValueType::Text), "/?a=x%20y+z%2B", json!("x y z+")),
        (query("a", Style::Form, true, ValueType::Text), "/?a", json!("")),
        (query("a", Style::Form, true, ValueType::Text), "/?b=1", json!(null)),
        (query("a", Style::Form, true, ValueType::Integer), "/?a=-12", json!(-12)),
        (query("a", Style::Form, true, ValueType::Integer), "/?a=18446744073709551615", json!(u64::MAX)),
        (query("a", Style::Form, true, ValueType::Number), "/?a=1.5", json!(1.5)),
        (query("a", Style::Form, true, ValueType::Boolean), "/?a=true", json!(true)),
        (query("a", Style::Form, true, TEXTS), "/?a=1,2&b=3&a=4", json!(["1,2", "4"])),
        (query("a", Style::Form, false, NUMBERS), "/?a=1,2", json!([1, 2])),
        (query("a", Style::Form, false, TEXTS), "/?a=1%2C2,3", json!(["1,2", "3"])),
        (query("a", Style::Form, false, TEXTS), "/?a=", json!([])),
        (query("a", Style::SpaceDelimited, false, TEXTS), "/?a=1%202+3", json!(["1", "2", "3"])),
        (query("a", Style::PipeDelimited, false, TEXTS), "/?a=1|2%7C3", json!(["1", "2", "3"])),
        (query("a", Style::Form, true, FILTER), "/?age=3&x=1&tags=p&tags=q", json!({"age": 3, "tags": ["p", "q"]})),
        (query("a", Style::Form, false, FILTER), "/?a=age,3,x,y", json!({"age": 3, "x": "y"})),
        (
            query("a", Style::DeepObject, true, FILTER),
            "/?a[age]=3&a%5Btags%5D=p&a[tags][]=q&a[inner][n]=0.5&ab[age]=9",
            json!({"age": 3, "tags": ["p", "q"], "inner": {"n": 0.5}}),
        ),
        (query("a", Style::Json, true, FILTER), "/?a=%7B%22age%22%3A3%7D", json!({"age": 3})),
        (query("a", Style::Form, true, EITHER), "/?a=7", json!(7)),
        (query("a", Style::Form, true, EITHER), "/?a=7,8", json!("7,8")),
        (query("a", Style::Form, true, EITHER), "/?a=7&a=8", json!(["7", "8"])),
    ] {
        let read = read(parameter, request("GET", target)).await;
        assert_eq!(read, Ok(expected), "{target}");
    }
}

#[tokio::test]
async fn booleans_are_read_as_clients_write_them() {
    const INTEGER: ValueType = ValueType::OneOf(&[ValueType::Boolean, ValueType::Integer]);
    const TEXT: ValueType = ValueType::OneOf(&[ValueType::Boolean, ValueType::Text]);
    const BOOLEANS: ValueType = ValueType::List(&ValueType::Boolean);
    for (ty, target, expected) in [
        (ValueType::Boolean, "/?a=1", json!(true)),
        (ValueType::Boolean, "/?a=0", json!(false)),
        (ValueType::Boolean, "/?a=True", json!(true)),
        (ValueType::Boolean, "/?a=False", json!(false)),
        (BOOLEANS, "/?a=1&a=true&a=False", json!([true, true, false])),
        // Where it can be something else, `1` is no boolean.
        (INTEGER, "/?a=1", json!(1)),
        (INTEGER, "/?a=true", json!(true)),
        (INTEGER, "/?a=True", json!(true)),
        (TEXT, "/?a=1", json!("1")),
        (TEXT, "/?a=True", json!("True")),
        (TEXT, "/?a=false", json!(false)),
    ] {
        let parameter = query("a", Style::Form, true, ty);
        assert_eq!(read(parameter, request("GET", target)).await, Ok(expected), "{ty:?} {target}");
    }
    for other in ["", "2", "-1", "yes", "on", "TRUE", "null", "01", "1.0"] {
        let parameter = query("a", Style::Form, true, ValueType::Boolean);
        let refusal = read(parameter, request("GET", &format!("/?a={other}"))).await.unwrap_err();
        assert!(refusal.ends_with(&format!("expected `true` or `false`, found `{other}`")), "{refusal}");
    }
}

#[tokio::test]
async fn arbitrary_keys_leave_those_of_other_parameters_alone() {
    let map = query("any", Style::Form, true, ValueType::Map(&ValueType::Text));
    let map = map.except(&["page", "filter"]);
    let target = "/?page=1&filter[age]=2&filters=3&x=y";
    let read = read(map, request("GET", target)).await;
    assert_eq!(read, Ok(json!({"filters": "3", "x": "y"})));
}

#[tokio::test]
async fn a_refusal_names_the_parameter_and_what_was_expected() {
    for (parameter, target, expected) in [
        (
            query("per_page", Style::Form, true, ValueType::Integer),
            "/?per_page=ten",
            "query parameter `per_page`: expected an integer, found `ten`",
        ),
        (
            query("a", Style::Form, true, ValueType::Boolean),
            "/?a=yes",
            "query parameter `a`: expected `true` or `false`, found `yes`",
        ),
        (
            query("a", Style::Form, true, ValueType::Text),
            "/?a=1&a=2",
            "query parameter `a`: expected one value, found 2",
        ),
        (
            query("a", Style::Form, true, ValueType::Text),
            "/?a=%FF",
            "query parameter `a`: expected percent-encoded UTF-8",
        ),
        (
            query("a", Style::DeepObject, true, FILTER),
            "/?a[age]=x",
            "query parameter `a`: expected an integer, found `x` in `age`",
        ),
    ] {
        let read = read(parameter, request("GET", target)).await;
        assert_eq!(read, Err(expected.to_owned()), "{target}");
    }
}

#[tokio::test]
async fn headers_and_cookies_are_read() {
    let with = |name: &str, value: &str| {
        let mut request = request("GET", "/");
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
        request
    };
    let list = header("X-Thing").of(ValueType::List(&ValueType::Integer));
    assert_eq!(read(list, with("x-thing", "1, 2")).await, Ok(json!([1, 2])));
    let object = header("X-Thing").style(Style::Simple, true).of(FILTER);
    assert_eq!(read(object, with("x-thing", "age=3")).await, Ok(json!({"age": 3})));
    let sent = with("cookie", "a=1; X-Thing=a+b%20c; z=2");
    assert_eq!(read(cookie("X-Thing"), sent).await, Ok(json!("a+b c")));
}

//! Readers and writers by themselves.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use sentry_api::client::RateLimit;
use sentry_api::client::event_stream::Decoder;
use sentry_api::client::link;
use sentry_api::client::operation::{Location, Parameter, Style};
use sentry_api::client::parameter;
use serde_json::{Value, json};

fn written(location: Location, style: Style, explode: bool, value: &Value) -> String {
    let described = Parameter::new(location, "color", style, explode, false);
    match location {
        Location::Path => parameter::path(&described, value).unwrap_or_else(str::to_owned),
        Location::Header => parameter::header(&described, value).unwrap_or_default(),
        _ => parameter::query(&described, value).join("&"),
    }
}

/// The table "Style Examples" of the OpenAPI specification.
#[test]
fn styles_write_what_the_specification_shows() {
    use Location::{Header, Path, Query};
    use Style::{DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let scalar = json!("blue");
    let list = json!(["blue", "black", "brown"]);
    let object = json!({"B": 150, "G": 200, "R": 100});
    for (location, style, explode, expected) in [
        (
            Path,
            Simple,
            false,
            ["blue", "blue,black,brown", "B,150,G,200,R,100"],
        ),
        (
            Path,
            Simple,
            true,
            ["blue", "blue,black,brown", "B=150,G=200,R=100"],
        ),
        (
            Path,
            Label,
            false,
            [".blue", ".blue,black,brown", ".B,150,G,200,R,100"],
        ),
        (
            Path,
            Label,
            true,
            [".blue", ".blue.black.brown", ".B=150.G=200.R=100"],
        ),
        (
            Path,
            Matrix,
            false,
            [
                ";color=blue",
                ";color=blue,black,brown",
                ";color=B,150,G,200,R,100",
            ],
        ),
        (
            Path,
            Matrix,
            true,
            [
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";B=150;G=200;R=100",
            ],
        ),
        (
            Header,
            Simple,
            false,
            ["blue", "blue,black,brown", "B,150,G,200,R,100"],
        ),
        (
            Header,
            Simple,
            true,
            ["blue", "blue,black,brown", "B=150,G=200,R=100"],
        ),
        (
            Query,
            Form,
            false,
            [
                "color=blue",
                "color=blue,black,brown",
                "color=B,150,G,200,R,100",
            ],
        ),
        (
            Query,
            Form,
            true,
            [
                "color=blue",
                "color=blue&color=black&color=brown",
                "B=150&G=200&R=100",
            ],
        ),
        (
            Query,
            SpaceDelimited,
            false,
            [
                "color=blue",
                "color=blue%20black%20brown",
                "color=B%20150%20G%20200%20R%20100",
            ],
        ),
        (
            Query,
            PipeDelimited,
            false,
            [
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=B%7C150%7CG%7C200%7CR%7C100",
            ],
        ),
    ] {
        let found = [&scalar, &list, &object].map(|value| written(location, style, explode, value));
        assert_eq!(found, expected, "{location:?} {style:?} {explode}");
    }
    let deep = written(Query, DeepObject, true, &json!({"a": {"b": [1, null, 2]}}));
    assert_eq!(
        deep,
        "color%5Ba%5D%5Bb%5D%5B%5D=1&color%5Ba%5D%5Bb%5D%5B%5D=2"
    );
    assert_eq!(
        written(Query, Style::Json, false, &json!({"a": 1})),
        "color=%7B%22a%22%3A1%7D"
    );
    assert_eq!(written(Query, Form, true, &Value::Null), "");
    assert_eq!(written(Query, Form, false, &json!([])), "");
    assert_eq!(written(Path, Label, false, &json!([])), "is empty");
    assert_eq!(
        written(Path, Simple, false, &json!(["a", ".."])),
        "is a relative path segment"
    );
}

#[test]
fn reserved_characters_stay_where_that_is_allowed() {
    let described = Parameter::new(Location::Query, "q", Style::Form, true, true);
    let pairs = parameter::query(&described, &json!("a/b:c,d?e&f=g#h+i%20 j"));
    assert_eq!(pairs, ["q=a/b:c,d?e%26f=g%23h%2Bi%2520%20j"]);
}

#[test]
fn links_have_quoted_parameters_and_several_headers() {
    let mut headers = HeaderMap::new();
    let first = r#"<https://a.example/?a=1,2;3>; rel="previous"; results="false"; cursor="0:0:1" , </b>;rel=next; Title="a \"b\", c;d""#;
    headers.append("link", first.parse().unwrap());
    headers.append("link", "<c>; rel=\"x Last\"; flag".parse().unwrap());
    headers.append("link", "garbage".parse().unwrap());
    headers.append("link", "<unclosed".parse().unwrap());
    let links = link::from_headers(&headers);
    assert_eq!(links.len(), 3);
    assert_eq!(links[0].target, "https://a.example/?a=1,2;3");
    assert_eq!(links[0].parameter("results"), Some("false"));
    assert_eq!(links[0].parameter("cursor"), Some("0:0:1"));
    assert!(links[1].is_rel("next"));
    assert_eq!(links[1].parameter("title"), Some("a \"b\", c;d"));
    assert!(links[2].is_rel("last"));
    assert_eq!(links[2].parameter("flag"), Some(""));
}

#[test]
fn rate_limits_are_read_from_any_of_their_headers() {
    let read = |pairs: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        RateLimit::from_headers(&headers)
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let vendor = read(&[
        ("x-vendor-rate-limit-limit", "40"),
        ("x-vendor-rate-limit-reset", "1700000060"),
        ("x-vendor-rate-limit-concurrentlimit", "25"),
        ("x-vendor-rate-limit-concurrentremaining", "24"),
    ])
    .unwrap();
    assert_eq!(
        (
            vendor.limit,
            vendor.concurrent_limit,
            vendor.concurrent_remaining
        ),
        (Some(40), Some(25), Some(24))
    );
    assert_eq!(vendor.reset_after(now), Some(Duration::from_secs(60)));
    let draft = read(&[("ratelimit-limit", "10, 10;w=60"), ("ratelimit-reset", "5")]).unwrap();
    assert_eq!(
        (draft.limit, draft.reset_after(now)),
        (Some(10), Some(Duration::from_secs(5)))
    );
    assert_eq!(
        read(&[("x-ratelimit-remaining", "3")]).unwrap().remaining,
        Some(3)
    );
    assert_eq!(
        read(&[("content-type", "x"), ("not-a-rate-limit-limit", "3")]),
        None
    );
}

#[test]
fn events_are_read_however_the_octets_are_cut() {
    let text =
        "\u{feff}data: a\r\ndata\r\n\r\nevent:b\rdata:\u{e4}\r\rretry: 5\nid: 1\ndata: c\n\n";
    for size in [1, 2, 3, 1000] {
        let mut decoder = Decoder::default();
        for chunk in text.as_bytes().chunks(size) {
            decoder.push(chunk);
        }
        let data: Vec<_> = decoder
            .events
            .iter()
            .map(|event| event.data.as_str())
            .collect();
        assert_eq!(data, ["a\n", "\u{e4}", "c"], "{size}");
        assert_eq!(decoder.events[1].event, "b");
        assert_eq!(decoder.events[2].retry, Some(Duration::from_millis(5)));
    }
}

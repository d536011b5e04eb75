//! Exchanges that are recorded and replayed.

use runtime::client::har::{Recorder, Replay};
use runtime::client::mock::Mock;
use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error};
use runtime::operation::{Method, Operation, body, path, query, response};
use serde_json::{Value, json};

use super::server::{Server, response as answer};

static GET: Operation = Operation {
    id: "get",
    path: "/teams/{team}",
    parameters: &[path("team"), query("state")],
    accept: "application/json",
    responses: &[response(200, "The team")],
    ..Operation::EMPTY
};

static CREATE: Operation = Operation {
    id: "create",
    method: Method::Post,
    path: "/teams/{team}",
    parameters: &[path("team")],
    body: &[body("application/json"), body("application/x-www-form-urlencoded")],
    accept: "application/json",
    responses: &[response(201, "The team")],
    ..Operation::EMPTY
};

/// What the API is used for.
async fn use_it(client: &Client) -> Vec<String> {
    let get = || Request::new(client, &GET).path("team", "a b/c");
    let create = || Request::new(client, &CREATE).path("team", "x");
    let body = json!({"name": "x", "client_secret": "hush", "nested": {"apiKeys": ["k"], "pin": "1234"}});
    let mut seen = Vec::new();
    for request in [
        get().query("state", "open"),
        get().query("state", "open"),
        create().json("application/json", &body),
        create().form(&json!({"password": "hush", "name": "y z"})),
    ] {
        seen.push(match request.execute().await {
            Ok(received) => received.text().unwrap().value,
            Err(error) => error.to_string(),
        });
    }
    seen
}

#[tokio::test]
async fn what_was_recorded_is_replayed_without_secrets() {
    let json = [("Content-Type", "application/json"), ("Set-Cookie", "sid=hush")];
    let server = Server::start([
        answer(200, &json, r#"{"id": 1}"#),
        answer(200, &json, r#"{"id": 2, "accessToken": "hush"}"#),
        answer(201, &json, "{}"),
        answer(404, &json, r#"{"detail": "no"}"#),
    ])
    .await;
    let recorder = Recorder::new().secret("pin").secret("api_keys");
    let layer = recorder.clone();
    let client = Client::builder()
        .base_url(format!("{}/api/0", server.origin))
        .token("hush")
        .layer(move |http| layer.record(http))
        .build()
        .unwrap();
    let seen = use_it(&client).await;
    let har = recorder.har();
    assert!(!har.contains("hush") && !har.contains("1234"), "{har}");

    let read: Value = serde_json::from_str(&har).unwrap();
    let entries = read["log"]["entries"].as_array().unwrap();
    let urls = entries.iter().map(|entry| entry["request"]["url"].as_str().unwrap());
    let paths: Vec<_> = urls.map(|it| it.strip_prefix(server.origin.as_str()).unwrap()).collect();
    assert_eq!(
        paths,
        ["/api/0/teams/a%20b%2Fc?state=open", "/api/0/teams/a%20b%2Fc?state=open", "/api/0/teams/x", "/api/0/teams/x"]
    );
    let sent = &entries[2]["request"]["postData"]["text"];
    let sent: Value = serde_json::from_str(sent.as_str().unwrap()).unwrap();
    let hidden = "<redacted>";
    let expected = json!({"name": "x", "client_secret": hidden, "nested": {"apiKeys": [hidden], "pin": hidden}});
    assert_eq!(sent, expected);
    assert_eq!(entries[3]["response"]["status"], 404);

    let replay = Replay::new(&har).unwrap().secret("pin").secret("api_keys");
    let replayed = use_it(&replay.client()).await;
    assert_eq!(replayed[0], seen[0]);
    assert!(replayed[1].contains(hidden));
    assert_eq!(replayed[2..], seen[2..]);
    replay.verify();
}

#[tokio::test]
async fn a_compressed_request_is_recorded_as_it_was_before() {
    let server = Server::start([answer(201, &[], "{}")]).await;
    let recorder = Recorder::new();
    let layer = recorder.clone();
    let builder = Client::builder().base_url(&server.origin);
    let builder = builder.layer(move |http| layer.record(http));
    let body = json!({"name": "x".repeat(5000), "token": "hush"});
    let create = |client: &Client| {
        let create = Request::new(client, &CREATE).path("team", "x");
        create.json("application/json", &body).execute()
    };
    let client = builder.compress_requests(1000).build().unwrap();
    create(&client).await.unwrap();
    assert_eq!(server.requests()[0].0["content-encoding"], "gzip");

    let har = recorder.har();
    let read: Value = serde_json::from_str(&har).unwrap();
    let sent = &read["log"]["entries"][0]["request"]["postData"]["text"];
    let sent: Value = serde_json::from_str(sent.as_str().unwrap()).unwrap();
    assert_eq!(sent["name"], body["name"]);
    assert!(!har.contains("hush"), "{har}");

    // Replayed, compressed or not.
    for least in [1000, 10_000] {
        let replay = Replay::new(&har).unwrap();
        let builder = replay.builder().compress_requests(least);
        create(&builder.build().unwrap()).await.unwrap();
        replay.verify();
    }
    let replay = Replay::new(&har).unwrap();
    let other = Request::new(&replay.client(), &CREATE).path("team", "x");
    let other = other.json("application/json", &json!({"name": "y"}));
    assert!(other.execute().await.is_err());
}

#[tokio::test]
async fn what_the_caller_has_compressed_is_recorded_as_it_was_before() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, br#"{"name": "x", "token": "hush"}"#).unwrap();
    let body = encoder.finish().unwrap();
    let server = Server::start([]).await;
    for (encoding, is_known) in [("gzip", true), ("x-gzip", true), (" GZIP ", true), ("br", false), ("br, gzip", false)]
    {
        let recorder = Recorder::new();
        let layer = recorder.clone();
        let builder = Client::builder().base_url(&server.origin);
        let client = builder.layer(move |http| layer.record(http)).build().unwrap();
        let create = Request::new(&client, &CREATE).path("team", "x").bytes("application/json", body.clone());
        create.extra_header("content-encoding", encoding).execute().await.unwrap();
        let har: Value = serde_json::from_str(&recorder.har()).unwrap();
        let sent = &har["log"]["entries"][0]["request"]["postData"];
        let text = sent["text"].as_str().map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(
            text.map(|it| it["name"] == "x" && it["token"] != "hush"),
            is_known.then_some(true),
            "{encoding} {sent}"
        );
    }
}

#[tokio::test]
async fn a_request_that_was_not_recorded_is_an_error_that_tells_what_was() {
    let har = json!({"log": {"entries": [{
        "request": {"method": "GET", "url": "https://a.invalid/v1/teams/x?state=open"},
        "response": {"status": 200, "headers": [{"name": ":status", "value": "200"}], "content": {"text": "NQ==", "encoding": "base64"}},
    }]}});
    let replay = Replay::new(&har.to_string()).unwrap();
    let client = replay.builder().base_url("https://b.invalid/v1").build().unwrap();
    let get = |team: &str| Request::new(&client, &GET).path("team", team).query("state", "open");
    let error = get("y").execute().await.unwrap_err();
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "get: GET /v1/teams/y with query parameters `state=open` was not recorded, or not so often\n\
         - GET /v1/teams/x with query parameters `state=open`"
    );
    let received = get("x").execute().await.unwrap();
    assert_eq!(received.json::<i64>().unwrap().value, 5);
    assert!(get("x").execute().await.is_err());
    replay.verify();
}

#[test]
fn what_is_no_recording_says_what_is_missing() {
    let fault = |text: &str| Replay::new(text).unwrap_err().to_string();
    assert_eq!(fault("{}"), "the text is not HAR: it has no `log.entries`");
    assert_eq!(
        fault(r#"{"log": {"entries": [{"request": {"url": "x"}}]}}"#),
        "the text is not HAR: entry 0: it has no method"
    );
    assert!(fault("<html>").starts_with("the text is not HAR: expected value"));
}

#[tokio::test]
async fn what_a_mock_and_a_recording_answer_is_recorded() {
    let mock = Mock::new();
    mock.on(&GET).reply(&json!({"name": "x"}));
    let record = async |builder: ClientBuilder| {
        let recorder = Recorder::new();
        let layer = recorder.clone();
        let client = builder.layer(move |http| layer.record(http));
        let client = client.build().unwrap();
        let request = Request::new(&client, &GET).path("team", "x");
        assert_eq!(request.execute().await.unwrap().body, r#"{"name":"x"}"#);
        recorder.har()
    };
    let first = record(mock.builder()).await;
    mock.verify();
    let replay = Replay::new(&first).unwrap();
    let second: Value = serde_json::from_str(&record(replay.builder()).await).unwrap();
    replay.verify();
    let content = &second["log"]["entries"][0]["response"]["content"];
    assert_eq!(content["text"], r#"{"name":"x"}"#);
}

#[tokio::test]
async fn what_looks_secret_in_urls_and_headers_is_not_recorded() {
    static FIND: Operation = Operation { cursor: Some("page_token"), ..GET };
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Api-Key", "hush"),
        ("X-Region", "hush"),
        ("Location", "/x?a=1&token=hush#session=hush"),
        ("Link", "<https://u:hush@a.invalid/x?api_key=hush&page_token=2>; rel=\"next\""),
    ];
    let body = r#"{"url": "https://hush:hush@a.invalid/p/@me?access_token=hush&b=2", "note": "a@b: key=5"}"#;
    let server = Server::start([answer(200, &headers, body)]).await;
    let recorder = Recorder::new().secret("region");
    let layer = recorder.clone();
    let client = Client::builder().base_url(&server.origin);
    let client = client.layer(move |http| layer.record(http)).build().unwrap();
    let send = |client: &Client| {
        let request = Request::new(client, &FIND).path("team", "x");
        let request = request.extra_query("region", "hush").extra_query("X-Amz-Signature", "hush");
        let request = request.extra_query("page_token", "1").extra_query("to", "https://a:hush@b");
        request.extra_header("X-Auth-Token", "hush").extra_header("X-Other", "1").execute()
    };
    send(&client).await.unwrap();
    let har = recorder.har();
    assert!(!har.contains("hush"), "{har}");
    let read: Value = serde_json::from_str(&har).unwrap();
    let entry = &read["log"]["entries"][0];
    let hidden = "%3Credacted%3E";
    let url = entry["request"]["url"].as_str().unwrap();
    assert!(
        url.ends_with(&format!(
            "?region={hidden}&X-Amz-Signature={hidden}&page_token=1&to=https%3A%2F%2F%253Credacted%253E%40b"
        )),
        "{url}"
    );
    let header = |name: &str| {
        let mut headers = entry["response"]["headers"].as_array().unwrap().iter();
        let header = headers.find(|it| it["name"] == name).unwrap();
        header["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(header("location"), format!("/x?a=1&token={hidden}#session={hidden}"));
    assert_eq!(header("link"), format!("<https://{hidden}@a.invalid/x?api_key={hidden}&page_token=2>; rel=\"next\""));
    let text = entry["response"]["content"]["text"].as_str().unwrap();
    let expected = json!({
        "url": format!("https://{hidden}@a.invalid/p/@me?access_token={hidden}&b=2"),
        "note": "a@b: key=5",
    });
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), expected);

    let replay = Replay::new(&har).unwrap().secret("region");
    send(&replay.client()).await.unwrap();
    replay.verify();
    // One of another program has the secrets.
    let other = har.replace(hidden, "hush");
    let replay = Replay::new(&other).unwrap().secret("region");
    send(&replay.client()).await.unwrap();
    replay.verify();
}

#[tokio::test]
async fn bodies_are_searched_for_secrets_or_not_recorded() {
    let events = "event: a\r\ndata: {\"jwt\":\"hush\"}\r\n\r\n: ping\ndata: {\"id\": 1}\n\n";
    let json = "application/json";
    let cases = [
        (json, r#"{"n":5,"password":12345678}"#, Some(r#"{"n":5,"password":0}"#)),
        ("text/plain", r#"{"tokens":["hush"]}"#, Some(r#"{"tokens":["<redacted>"]}"#)),
        ("", r#"{"keys":{"secretAccessKey":"hush"}}"#, Some(r#"{"keys":{"secretAccessKey":"<redacted>"}}"#)),
        (
            "application/x-ndjson",
            "{\"access_key\":\"hush\"}\n{\"id\": 2}\n",
            Some("{\"access_key\":\"<redacted>\"}\n{\"id\": 2}\n"),
        ),
        (
            "text/event-stream; charset=utf-8",
            events,
            Some("event: a\r\ndata:{\"jwt\":\"<redacted>\"}\r\n\r\n: ping\ndata: {\"id\": 1}\n\n"),
        ),
        (json, r#"{"token":"hush""#, None),
        ("text/plain", "token: hush", None),
        ("application/xml", "<token>hush</token>", None),
        ("text/event-stream", "data: hush\n\n", None),
        ("Multipart/form-data; boundary=x", "--x\r\n\r\nhush\r\n--x--", None),
        (json, "", Some("")),
    ];
    for (media_type, body, expected) in cases {
        let server = Server::start([answer(201, &[("Content-Type", media_type)], body)]).await;
        let recorder = Recorder::new();
        let layer = recorder.clone();
        let client = Client::builder().base_url(&server.origin);
        let client = client.layer(move |http| layer.record(http)).build().unwrap();
        let create = |client: &Client, body: &'static str| {
            let request = Request::new(client, &CREATE).path("team", "x");
            request.bytes(media_type, body).execute()
        };
        drop(create(&client, body).await);
        let har = recorder.har();
        assert!(!har.contains("hush") && !har.contains("12345678"), "{har}");
        let read: Value = serde_json::from_str(&har).unwrap();
        let content = &read["log"]["entries"][0]["response"]["content"];
        assert_eq!(content["text"].as_str(), expected, "{media_type}");
        assert_eq!(content["comment"].is_string(), expected.is_none(), "{media_type}");
        let replay = Replay::new(&har).unwrap();
        drop(create(&replay.client(), body).await);
        replay.verify();
    }
    for name in ["secret_key", "passphrase", "passwd", "credentials", "sessionId", "refreshTokens"] {
        let mut entry = json!({});
        entry[name] = "hush".into();
        let mock = Mock::new();
        mock.on(&GET).reply(&entry);
        let recorder = Recorder::new();
        let layer = recorder.clone();
        let client = mock.builder().layer(move |http| layer.record(http)).build().unwrap();
        Request::new(&client, &GET).path("team", "x").execute().await.unwrap();
        assert!(!recorder.har().contains("hush"), "{name}");
    }
}

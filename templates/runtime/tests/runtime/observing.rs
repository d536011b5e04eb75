//! Hooks and spans.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Limits, RetryPolicy};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::server::{Server, response};
use super::sockets::Sockets;
use super::{CASE, PUT, alone, assert_passed};

type Log = Arc<Mutex<Vec<String>>>;

/// A client that does not wait, and what its hooks are told.
fn observed(builder: ClientBuilder) -> (Client, Log) {
    let log = Log::default();
    let (before, after) = (Arc::clone(&log), Arc::clone(&log));
    let client = builder
        .token("hunter2")
        .sleep_with(|_| Box::pin(std::future::ready(())))
        .before_attempt(move |attempt| {
            let operation = attempt.operation;
            let line = format!("{} {} {}", attempt.number, operation.method, operation.path);
            before.lock().unwrap().push(line);
            panic!("a hook that panics breaks no call")
        })
        .after_attempt(move |attempt, outcome| {
            assert!(outcome.duration < Duration::from_secs(60));
            let (status, error) = (outcome.status.map(|it| it.as_u16()), outcome.error);
            let line = format!("{attempt:?}: {status:?} {error:?}");
            after.lock().unwrap().push(line);
        });
    (client.build().unwrap(), log)
}

fn call(client: &Client) -> Request {
    let call = Request::new(client, &PUT).path("team", "hunter2");
    call.path("kind", "hunter2").extra_query("q", "hunter2")
}

#[tokio::test]
async fn hooks_are_told_of_each_attempt_and_of_no_value() {
    let server = Server::start([
        response(307, &[("location", "/elsewhere")], ""),
        response(503, &[], ""),
        response(200, &[], "too long for the limit"),
    ])
    .await;
    let limits = Limits { response_size: 8, ..Limits::default() };
    let (client, log) = observed(Client::builder().base_url(&server.origin).limits(limits));
    assert!(call(&client).execute().await.is_err());
    assert_eq!(
        *log.lock().unwrap(),
        [
            "1 PUT /teams/{team}/{kind}",
            r#"Attempt { operation: "put", number: 1 }: Some(307) None"#,
            "2 PUT /teams/{team}/{kind}",
            r#"Attempt { operation: "put", number: 2 }: Some(503) None"#,
            "3 PUT /teams/{team}/{kind}",
            r#"Attempt { operation: "put", number: 3 }: Some(200) Some("too_large")"#,
        ]
    );
}

#[tokio::test]
async fn hooks_are_told_why_there_was_no_response() {
    let closing = Sockets::start(|mut connection| async move {
        connection.head().await?;
        None
    })
    .await;
    let silent = Sockets::start(|mut connection| async move {
        connection.head().await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        None
    })
    .await;
    let refusing = "http://127.0.0.1:1".to_owned();
    for (origin, kind) in [(&closing.origin, "transport"), (&silent.origin, "silence"), (&refusing, "connect")] {
        let builder = Client::builder().base_url(origin).retry(RetryPolicy::never());
        let (client, log) = observed(builder.read_timeout(Duration::from_millis(100)));
        assert!(call(&client).execute().await.is_err());
        let log = log.lock().unwrap();
        assert!(log[1].ends_with(&format!("None Some({kind:?})")), "{log:?}");
    }
}

/// Writes spans and events as lines.
#[derive(Default)]
struct Lines(Log);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!(" {}={value:?}", field.name());
    }
}

impl Lines {
    fn push(&self, head: &str, record: impl FnOnce(&mut Fields)) {
        let mut fields = Fields(head.to_owned());
        record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("runtime")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        self.push(attributes.metadata().name(), |fields| attributes.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.push("", |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.push("", |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Other threads without a subscriber would decide, too, whether an event is of interest.
#[tokio::test]
async fn spans_have_the_names_of_opentelemetry_and_no_value() {
    if std::env::var(CASE).is_err() {
        let test = "observing::spans_have_the_names_of_opentelemetry_and_no_value";
        assert_passed(&alone(test, "spans").output().unwrap());
        return;
    }
    let server = Server::start([response(503, &[], ""), response(404, &[], "hunter2")]).await;
    let builder = Client::builder().base_url(&server.origin).token("hunter2");
    let builder = builder.sleep_with(|_| Box::pin(std::future::ready(())));
    let client = builder.build().unwrap();
    let lines = Log::default();
    let guard = tracing::subscriber::set_default(Lines(Arc::clone(&lines)));
    assert!(call(&client).execute().await.is_err());
    drop(guard);
    let lines = lines.lock().unwrap();
    let port = server.origin.rsplit(':').next().unwrap();
    let name = "request otel.name=PUT /teams/{team}/{kind} otel.kind=\"client\" operation.id=\"put\" http.request.method=\"PUT\"";
    let place = format!("url.template=\"/teams/{{team}}/{{kind}}\" server.address=\"127.0.0.1\" server.port={port}");
    assert_eq!(lines.len(), 7, "{lines:#?}");
    assert_eq!(lines[0], format!("{name} {place}"));
    assert_eq!(lines[1..3], [" http.response.status_code=503", " error.type=\"503\""]);
    assert!(lines[3].starts_with(" message=the request is sent again operation.id=\"put\" delay_ms="), "{lines:#?}");
    assert_eq!(lines[4], format!("{name} http.request.resend_count=1 {place}"));
    assert_eq!(lines[5..], [" http.response.status_code=404", " error.type=\"404\""]);
    assert!(!format!("{lines:?}").contains("hunter2"));
}

//! What carries the requests.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::put;
use http::header::{AUTHORIZATION, LOCATION, USER_AGENT};
use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error};
use runtime::operation::Operation;
use tower::{ServiceBuilder, ServiceExt, service_fn};

use super::ROOT;
use super::server::{Server, response};

#[tokio::test]
async fn a_router_is_called_in_this_process() {
    let router = Router::new()
        .route("/", put(|body: String| async move { body + "!" }))
        .into_service::<axum::body::Body>()
        .map_request(|request: http::Request<reqwest::Body>| request.map(axum::body::Body::new));
    // No TLS is needed where there is no network.
    let builder = Client::builder().base_url("https://api.invalid");
    let client = builder.service(router).build().unwrap();
    let call = Request::new(&client, &ROOT).text("text/plain", "hello");
    let received = call.execute().await.unwrap();
    assert_eq!(received.text().unwrap().value, "hello!");
}

#[tokio::test]
async fn a_service_gets_each_attempt_with_its_headers_and_follows_redirects() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let service = service_fn(move |request: http::Request<reqwest::Body>| {
        let mut log = log.lock().unwrap();
        let (parts, _) = request.into_parts();
        log.push((parts.uri.to_string(), parts.headers));
        let response = match log.len() {
            1 => http::Response::builder().status(307).header(LOCATION, "/elsewhere?a=b"),
            2 => http::Response::builder().status(503),
            _ => http::Response::builder().status(200),
        };
        let response = response.body(reqwest::Body::from("5")).unwrap();
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let client = Client::builder()
        .base_url("http://localhost:1/api")
        .token("t")
        .user_agent("tester")
        .sleep_with(|_| Box::pin(std::future::ready(())))
        .service(service)
        .build()
        .unwrap();
    let received = Request::new(&client, &ROOT).execute().await.unwrap();
    assert_eq!(received.json::<i64>().unwrap().value, 5);
    let seen = seen.lock().unwrap();
    let targets: Vec<_> = seen.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(
        targets,
        ["http://localhost:1/api/", "http://localhost:1/elsewhere?a=b", "http://localhost:1/elsewhere?a=b"]
    );
    for (_, headers) in &*seen {
        assert_eq!(headers[AUTHORIZATION], "Bearer t");
        assert_eq!(headers[USER_AGENT], "tester");
    }
}

#[tokio::test]
async fn layers_are_around_the_network() {
    let server = Server::start([response(503, &[], ""), response(200, &[], "5")]).await;
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let client = Client::builder()
        .base_url(&server.origin)
        .sleep_with(|_| Box::pin(std::future::ready(())))
        .layer(move |http| {
            let counter = Arc::clone(&counter);
            ServiceBuilder::new()
                .map_request(move |mut request: http::Request<reqwest::Body>| {
                    let number = counter.fetch_add(1, Ordering::SeqCst);
                    request.headers_mut().insert("x-number", number.into());
                    request
                })
                .service(http)
        })
        .build()
        .unwrap();
    let call = Request::new(&client, &ROOT).text("text/plain", "hello");
    assert_eq!(call.execute().await.unwrap().body, "5");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].0["x-number"], "1");
    assert_eq!(requests[1].1, "hello");
}

#[tokio::test]
async fn layers_add_up_around_the_network_and_around_a_service() {
    let server = Server::start((0..2).map(|_| response(200, &[], "5"))).await;
    let network = |builder: ClientBuilder| builder.base_url(&server.origin);
    let service = |builder: ClientBuilder| {
        let service = service_fn(|request: http::Request<reqwest::Body>| {
            assert_eq!(request.headers()["x-layers"], "inner");
            assert!(request.extensions().get::<&'static Operation>().is_some());
            let response = http::Response::new(reqwest::Body::from("5"));
            std::future::ready(Ok::<_, Infallible>(response))
        });
        let builder = builder.base_url("https://api.invalid");
        builder.service(service)
    };
    for base in [&network as &dyn Fn(ClientBuilder) -> ClientBuilder, &service] {
        for first in [true, false] {
            let log = Arc::new(Mutex::new(Vec::new()));
            let mut builder = Client::builder();
            if first {
                builder = base(builder);
            }
            for name in ["inner", "outer"] {
                let log = Arc::clone(&log);
                builder = builder.layer(move |http| {
                    let log = Arc::clone(&log);
                    ServiceBuilder::new()
                        .map_request(move |mut request: http::Request<reqwest::Body>| {
                            log.lock().unwrap().push(name);
                            let name = http::HeaderValue::from_static(name);
                            request.headers_mut().insert("x-layers", name);
                            request
                        })
                        .service(http)
                });
            }
            if !first {
                builder = base(builder);
            }
            let client = builder.build().unwrap();
            let received = Request::new(&client, &ROOT).execute().await.unwrap();
            assert_eq!(received.body, "5");
            assert_eq!(*log.lock().unwrap(), ["outer", "inner"]);
        }
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|(headers, _)| headers["x-layers"] == "inner"));
}

#[tokio::test]
async fn an_error_of_a_service_is_one_of_the_transport() {
    let service = service_fn(|_: http::Request<reqwest::Body>| {
        let error = std::io::Error::other("the service is closed");
        std::future::ready(Err::<http::Response<reqwest::Body>, _>(error))
    });
    let client = Client::builder()
        .base_url("http://localhost:1")
        .sleep_with(|_| Box::pin(std::future::ready(())))
        .service(service)
        .build()
        .unwrap();
    let error = Request::new(&client, &ROOT).execute().await.unwrap_err();
    let Error::Transport(error) = error else { panic!("{error}") };
    assert_eq!(error.source.to_string(), "the service is closed");
    assert_eq!(error.to_string(), "root: the connection failed");
}

#[tokio::test]
async fn the_client_of_reqwest_is_configured_or_given() {
    let server = Server::start([]).await;
    let configured = Client::builder()
        .base_url(&server.origin)
        .configure_http(|http| http.default_headers([("x-own", "1")].map(header).into_iter().collect()));
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .default_headers([("x-own", "2")].map(header).into_iter().collect())
        .build()
        .unwrap();
    let given = Client::builder().base_url(&server.origin).http_client(http);
    for builder in [configured, given] {
        let client = builder.build().unwrap();
        Request::new(&client, &ROOT).execute().await.unwrap();
    }
    let requests = server.requests();
    let own: Vec<_> = requests.iter().map(|(headers, _)| (&headers["x-own"], &headers["user-agent"])).collect();
    assert_eq!(own[0].0, "1");
    assert_eq!(own[1].0, "2");
    assert!(own.iter().all(|(_, agent)| *agent == "runtime/0.1.0"));
}

fn header((name, value): (&'static str, &'static str)) -> (http::HeaderName, http::HeaderValue) {
    (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
}

#[tokio::test]
async fn limits_without_end_are_taken() {
    let server = Server::start([]).await;
    let client = Client::builder()
        .base_url(&server.origin)
        .read_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .deadline(Duration::MAX)
        .max_in_flight(usize::MAX)
        .retry_budget(u32::MAX)
        .build()
        .unwrap();
    let call = Request::new(&client, &ROOT).bytes("text/plain", vec![b' '; 1 << 20]);
    call.execute().await.unwrap();
    assert_eq!(server.requests()[0].1.len(), 1 << 20);
}

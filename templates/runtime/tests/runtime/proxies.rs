//! Proxies of the environment. It cannot be changed for a test alone, so each case is a process of its own.

use runtime::client::request::Request;
use runtime::client::{Client, Error, RetryPolicy};

use super::sockets::{OK, Sockets};
use super::{CASE, ROOT, alone, assert_passed};

/// Runs a case in a process with a proxy, and returns how many requests the proxy got.
async fn requests_to_proxy(case: &str) -> usize {
    let proxy = Sockets::start(|mut connection| async move {
        connection.head().await?;
        connection.send(OK).await
    })
    .await;
    let mut child = alone("proxies::a_case", case);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, &proxy.origin);
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy");
    let outcome = tokio::task::spawn_blocking(move || child.output());
    let output = outcome.await.unwrap().unwrap();
    assert_passed(&output);
    proxy.requests()
}

#[tokio::test]
async fn plain_http_goes_through_no_proxy_of_the_environment() {
    assert_eq!(requests_to_proxy("loopback").await, 0);
    assert_eq!(requests_to_proxy("elsewhere").await, 0);
}

#[tokio::test]
async fn plain_http_goes_through_a_proxy_that_is_set() {
    assert_eq!(requests_to_proxy("asked").await, 1);
}

/// A case; nothing in the process of the other tests.
#[tokio::test]
async fn a_case() {
    let Ok(case) = std::env::var(CASE) else {
        return;
    };
    let proxy = std::env::var("HTTP_PROXY").unwrap();
    let builder = Client::builder().token("hunter2").retry(RetryPolicy::never());
    let call = |client: Client| async move { Request::new(&client, &ROOT).execute().await };
    match case.as_str() {
        "loopback" => {
            let server = Sockets::start(|mut connection| async move {
                let head = connection.head().await?;
                assert!(head.starts_with("PUT / HTTP/1.1"), "{head}");
                connection.send(OK).await
            })
            .await;
            let received = call(builder.base_url(&server.origin).build().unwrap()).await;
            assert_eq!(received.unwrap().body, "5");
        }
        "elsewhere" => {
            let builder = builder.base_url("http://api.invalid").allow_insecure();
            let error = call(builder.build().unwrap()).await.unwrap_err();
            assert!(matches!(error, Error::Transport(it) if it.connecting));
        }
        _ => {
            let builder = builder.base_url("http://api.invalid").allow_insecure();
            let builder = builder.configure_http(move |http| http.proxy(reqwest::Proxy::http(&proxy).unwrap()));
            assert_eq!(call(builder.build().unwrap()).await.unwrap().body, "5");
        }
    }
}

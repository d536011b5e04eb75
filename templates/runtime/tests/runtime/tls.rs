//! HTTPS with the TLS of the feature `client`, to a server behind a proxy: `cargo test -p runtime --features client tls`.
//!
//! `openssl` makes the certificate, and is the server.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime::client::request::Request;
use runtime::client::{Client, Error, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use super::server::Temporary;
use super::sockets::OK;
use super::{CASE, ROOT, alone, assert_passed};

/// A certificate that is not one of an authority, which `rustls` does not take for a server.
const CONFIGURATION: &str = "[req]\ndistinguished_name = name\nx509_extensions = extensions\n[name]\n\
    [extensions]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = DNS:api.test\n";

const URL: &str = "https://api.test";
const TOKEN: &str = "hunter2";
const CONNECT: &str = "CONNECT api.test:443 HTTP/1.1\r\n";

/// A server of one connection, and what is in front of it.
struct Secure {
    certificate: PathBuf,
    server: Child,
    heads: Receiver<String>,
    /// All bytes from the client.
    seen: Arc<Mutex<Vec<u8>>>,
    address: String,
    _files: [Temporary; 4],
}

impl Secure {
    /// Starts a server behind a proxy that responds to `CONNECT`, or behind one that lets everything through.
    async fn start(name: &str, connected: Option<&'static str>) -> Self {
        let files = ["conf", "key", "pem", "s"].map(|kind| Temporary::new(&format!("{name}.{kind}")));
        let [configuration, key, certificate, socket] = files.each_ref();
        std::fs::write(&configuration.0, CONFIGURATION).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]);
        openssl.args(["-subj", "/CN=api.test", "-config"]).arg(&configuration.0);
        openssl.arg("-keyout").arg(&key.0).arg("-out").arg(&certificate.0);
        let made = openssl.output().expect("`openssl` makes the certificate");
        assert!(made.status.success(), "{made:?}");

        let mut openssl = Command::new("openssl");
        openssl.args(["s_server", "-quiet", "-naccept", "1"]);
        // It takes no path of more than 31 bytes.
        openssl.current_dir(std::env::temp_dir());
        openssl.arg("-unix").arg(socket.0.file_name().unwrap());
        openssl.arg("-cert").arg(&certificate.0).arg("-key").arg(&key.0);
        let openssl = openssl.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = openssl.stderr(Stdio::null()).spawn().unwrap();
        let (mut input, mut output) = (server.stdin.take().unwrap(), server.stdout.take().unwrap());
        let (sender, heads) = channel();
        std::thread::spawn(move || {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && output.read(&mut byte).is_ok_and(|read| read > 0) {
                head.push(byte[0]);
            }
            // Without a handshake there is neither a request nor somebody to respond to.
            let _ = sender.send(String::from_utf8(head).unwrap());
            let _ = input.write_all(OK.as_bytes());
            // The server ends with its input.
            let _ = output.read(&mut byte);
        });

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (path, log) = (socket.0.clone(), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, path.clone(), connected, Arc::clone(&log)));
            }
        });
        let certificate = certificate.0.clone();
        Self { certificate, server, heads, seen, address, _files: files }
    }

    fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    /// Checks that the server has received the token, and that nobody else could read it.
    fn assert_secret(&self) {
        let head = self.heads.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(head.starts_with("PUT / HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("\r\nauthorization: Bearer hunter2\r\n"), "{head}");
        let seen = self.seen();
        assert!(seen.len() > 500 && !seen.contains(TOKEN), "{seen}");
        assert!(!seen.contains("Bearer"), "{seen}");
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Forwards a connection to the server, and keeps what the client sends.
async fn forward(client: TcpStream, server: PathBuf, connected: Option<&str>, seen: Arc<Mutex<Vec<u8>>>) -> Option<()> {
    let (mut from, mut to) = client.into_split();
    let mut chunk = [0; 4096];
    if let Some(connected) = connected {
        while !seen.lock().unwrap().ends_with(b"\r\n\r\n") {
            let byte = from.read_u8().await.ok()?;
            seen.lock().unwrap().push(byte);
        }
        to.write_all(connected.as_bytes()).await.ok()?;
        if !connected.contains(" 200 ") {
            return None;
        }
    }
    let mut attempts = 0;
    let (mut answers, mut requests) = loop {
        match UnixStream::connect(&server).await {
            Ok(stream) => break stream.into_split(),
            // The server has just been started.
            Err(_) if attempts < 500 => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => panic!("the server of `openssl` does not start: {error}"),
        }
        attempts += 1;
    };
    let back = tokio::spawn(async move { copy(&mut answers, &mut to).await });
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        seen.lock().unwrap().extend_from_slice(&chunk[..read]);
        requests.write_all(&chunk[..read]).await.ok()?;
    }
    drop(requests);
    back.await.ok()?.ok().map(drop)
}

/// Calls the server with a certificate of which it is known, through whatever else is configured.
async fn call(
    certificate: Option<&PathBuf>,
    configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
) -> Result<(), Error> {
    let certificates = certificate.map(|path| {
        let pem = std::fs::read(path).unwrap();
        vec![reqwest::Certificate::from_pem(&pem).unwrap()]
    });
    let builder = Client::builder().base_url(URL).token(TOKEN);
    let builder = builder.retry(RetryPolicy::never());
    let builder = builder.configure_http(move |http| {
        let http = configure(http);
        match &certificates {
            Some(certificates) => http.tls_certs_only(certificates.clone()),
            None => http,
        }
    });
    let received = Request::new(&builder.build()?, &ROOT).execute().await?;
    assert_eq!(received.body, "5");
    Ok(())
}

fn proxy(address: &str) -> impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + use<> {
    let url = format!("http://user:hush@{address}");
    move |http| http.proxy(reqwest::Proxy::all(&url).unwrap())
}

#[tokio::test]
async fn a_certificate_of_the_caller_is_enough() {
    let secure = Secure::start("direct", None).await;
    let address = secure.address.parse().unwrap();
    let resolve = move |http: reqwest::ClientBuilder| http.resolve("api.test", address);
    call(Some(&secure.certificate), resolve).await.unwrap();
    secure.assert_secret();
}

#[tokio::test]
async fn a_proxy_that_is_set_reads_no_token() {
    let secure = Secure::start("set", Some("HTTP/1.1 200 Connected\r\n\r\n")).await;
    let outcome = call(Some(&secure.certificate), proxy(&secure.address)).await;
    outcome.unwrap();
    assert!(secure.seen().starts_with(CONNECT), "{}", secure.seen());
    let seen = secure.seen().to_ascii_lowercase();
    assert!(seen.contains("\r\nproxy-authorization: basic "), "{seen}");
    secure.assert_secret();
}

#[tokio::test]
async fn an_unknown_certificate_gets_no_token() {
    let secure = Secure::start("unknown", Some("HTTP/1.1 200 Connected\r\n\r\n")).await;
    let error = call(None, proxy(&secure.address)).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert!(!secure.seen().contains(TOKEN));
    assert_eq!(secure.heads.try_recv().unwrap_or_default(), "");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_an_error_without_its_password() {
    let refusal = "HTTP/1.1 407 Who Are You\r\ncontent-length: 0\r\n\r\n";
    let secure = Secure::start("refuse", Some(refusal)).await;
    let error = call(Some(&secure.certificate), proxy(&secure.address)).await;
    let error = error.unwrap_err();
    let Error::Transport(ref transport) = error else { panic!("{error:?}") };
    assert!(transport.connecting);
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");
    assert!(!secure.seen().contains(TOKEN));
}

#[tokio::test]
async fn a_proxy_of_the_environment_reads_no_token() {
    let secure = Secure::start("env", Some("HTTP/1.1 200 Connected\r\n\r\n")).await;
    let mut child = alone("tls::a_case", &secure.certificate.to_string_lossy());
    child.env("HTTPS_PROXY", format!("http://{}", secure.address));
    child.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = tokio::task::spawn_blocking(move || child.output()).await;
    assert_passed(&output.unwrap().unwrap());
    let seen = secure.seen();
    assert!(seen.starts_with(CONNECT), "{seen}");
    assert!(!seen.contains("localhost"), "{seen}");
    secure.assert_secret();
}

/// A call with the proxy of the environment; nothing in the process of the other tests.
#[tokio::test]
async fn a_case() {
    let Ok(certificate) = std::env::var(CASE) else {
        return;
    };
    call(Some(&certificate.into()), |http| http).await.unwrap();
    // No proxy leads to this machine.
    let builder = Client::builder().base_url("https://localhost:1");
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = Request::new(&client, &ROOT).execute().await.unwrap_err();
    assert!(matches!(error, Error::Transport(it) if it.connecting));
}

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use runtime::client::request::Request;
use runtime::client::{Call, Client, Download, Error, Limits};
use runtime::operation::Operation;
use runtime::types::Binary;

use super::server::{Server, Temporary, pieces, response};
use super::{PUT, ROOT, client};

async fn download(origin: &str) -> Result<Download, Error> {
    let client = client(origin);
    Request::new(&client, &ROOT).send_streaming().await
}

/// Whether a file is the only one in its folder, with this content.
fn is_alone(file: &Path, content: &str) -> bool {
    let entries = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.all(|path| path == file) && std::fs::read(file).unwrap() == content.as_bytes()
}

fn folder(name: &str) -> Temporary {
    let folder = Temporary::new(name);
    std::fs::create_dir_all(&folder.0).unwrap();
    folder
}

#[tokio::test]
async fn any_response_is_a_stream_of_bytes_with_its_headers() {
    let headers = [("content-type", "application/zip"), ("content-disposition", "attachment; filename=\"a.zip\"")];
    let server = Server::start([response(200, &headers, "content")]).await;
    let download = download(&server.origin).await.unwrap();
    assert_eq!(download.status, 200);
    assert_eq!(download.content_length(), Some(7));
    assert_eq!(download.content_type(), Some("application/zip"));
    assert_eq!(download.file_name().as_deref(), Some("a.zip"));
    assert!(!format!("{download:?}").contains("zip"), "{download:?}");
    let chunks: Vec<_> = download.map(Result::unwrap).collect().await;
    assert_eq!(chunks.concat(), b"content");
}

#[tokio::test]
async fn any_media_type_is_accepted_unless_the_caller_says_which() {
    static UNKNOWN: Operation = Operation { accept: "", ..ROOT };
    static PDF: Operation = Operation { accept: "application/pdf", ..ROOT };
    let server = Server::start([]).await;
    let client = client(&server.origin);
    for operation in [&UNKNOWN, &PDF] {
        let call = Request::new(&client, operation);
        call.send_streaming().await.unwrap();
    }
    let call = Call::<Vec<u8>>::from(Request::new(&client, &PDF));
    let call = call.accept("text/csv".to_owned());
    call.send_streaming().await.unwrap();
    let accepted: Vec<_> =
        server.requests().iter().map(|(headers, _)| headers["accept"].to_str().unwrap().to_owned()).collect();
    assert_eq!(accepted, ["*/*", "application/pdf, */*;q=0.1", "text/csv"]);
}

#[tokio::test]
async fn a_status_that_is_no_success_is_an_error_and_is_retried() {
    let server = Server::start([response(503, &[], ""), response(404, &[], "gone")]).await;
    let error = download(&server.origin).await.unwrap_err();
    assert_eq!(error.response().unwrap().body, "gone");
    assert_eq!(server.requests().len(), 2);
    let error = Request::new(&client(&server.origin), &PUT);
    assert!(error.send_streaming().await.is_err());
}

#[tokio::test]
async fn a_download_is_saved_whole_or_not_at_all() {
    let folder = folder("saved");
    let path = folder.0.join("file");
    std::fs::write(&path, "before").unwrap();

    let server = Server::start([response(200, &[], "after")]).await;
    let saved = download(&server.origin).await.unwrap().save(&path).await;
    assert_eq!(saved.unwrap(), 5);
    assert!(is_alone(&path, "after"));

    let truncated = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    let origin = pieces([Bytes::from(truncated)], Duration::ZERO).await;
    let saved = download(&origin).await.unwrap().save(&path).await;
    assert!(saved.is_err());
    assert!(is_alone(&path, "after"));

    let server = Server::start([response(200, &[], "too much")]).await;
    let limited = download(&server.origin).await.unwrap().max_size(7);
    let error = limited.save(&path).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 7, .. }), "{error}");
    assert!(is_alone(&path, "after"));

    // A future that is dropped.
    let endless = std::iter::once("HTTP/1.1 200 OK\r\n\r\n").chain(std::iter::repeat("x"));
    let origin = pieces(endless.map(Bytes::from), Duration::from_millis(5)).await;
    let saving = download(&origin).await.unwrap().save(&path);
    let dropped = tokio::time::timeout(Duration::from_millis(200), saving).await;
    assert!(dropped.is_err());
    assert!(is_alone(&path, "after"));

    let server = Server::start([response(200, &[], "x")]).await;
    let missing = folder.0.join("missing").join("file");
    let saved = download(&server.origin).await.unwrap().save(&missing).await;
    assert!(matches!(saved, Err(Error::File { .. })), "{saved:?}");
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_dir(&folder.0).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_saved_file_keeps_the_permissions_and_the_links_of_the_one_before() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder("replaced");
    let (file, link) = (folder.0.join("file"), folder.0.join("link"));
    std::fs::write(&file, "before").unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    symlink("file", &link).unwrap();
    let server = Server::start((0..4).map(|_| response(200, &[], "after"))).await;
    let save = async |path: &Path| download(&server.origin).await.unwrap().save(path).await;
    save(&link).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"after");
    assert!(link.is_symlink());
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // A device, a folder, and a link that leads nowhere.
    std::fs::remove_file(&file).unwrap();
    for path in [Path::new("/dev/null"), &folder.0, &link] {
        let error = save(path).await.unwrap_err();
        assert!(matches!(error, Error::File { .. }), "{error:?}");
    }
    let entries = std::fs::read_dir(&folder.0).unwrap();
    assert_eq!(entries.count(), 1);
    assert!(!Path::new("/dev/null").is_file());
    std::fs::remove_file(&link).unwrap();
    std::fs::remove_dir(&folder.0).unwrap();
}

#[tokio::test]
async fn a_body_that_ends_early_is_an_error_of_the_stream() {
    let truncated = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    for text in [truncated, chunked] {
        let origin = pieces([Bytes::from(text)], Duration::ZERO).await;
        let mut download = download(&origin).await.unwrap();
        assert_eq!(download.next_chunk().await.unwrap().unwrap(), "half");
        assert!(download.next_chunk().await.unwrap().is_err());
        assert!(download.next_chunk().await.is_none());
    }
}

#[tokio::test]
async fn bytes_have_the_limit_of_the_client_unless_the_caller_sets_one() {
    let server = Server::start([]).await;
    let limits = Limits { response_size: 3, ..Limits::default() };
    let builder = Client::builder().base_url(&server.origin).limits(limits);
    let client = builder.build().unwrap();
    for (limit, fits) in [(None, false), (Some(3), false), (Some(4), true)] {
        let server = Server::start([response(200, &[], "four")]).await;
        let builder = Client::builder().base_url(&server.origin).limits(limits);
        let call = Request::new(&builder.build().unwrap(), &ROOT);
        let mut download = call.send_streaming().await.unwrap();
        if let Some(limit) = limit {
            download = download.max_size(limit);
        }
        assert_eq!(download.bytes().await.is_ok(), fits, "{limit:?}");
    }
    let empty = Request::new(&client, &ROOT).send_streaming().await;
    assert!(empty.unwrap().bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_large_download_goes_into_an_upload_without_being_held_in_memory() {
    const CHUNKS: u64 = 1_024;
    const CHUNK: u64 = 128 * 1024;
    let sent = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&sent);
    let source = Router::new().fallback(move || {
        let chunks = stream::iter(0..CHUNKS).map(move |_| {
            counter.fetch_add(CHUNK, Ordering::Relaxed);
            Ok::<_, io::Error>(Bytes::from_static(&[7; CHUNK as usize]))
        });
        std::future::ready(Response::new(Body::from_stream(chunks)))
    });
    let received = Arc::new(AtomicU64::new(0));
    let ahead = Arc::new(AtomicU64::new(0));
    let counters = (Arc::clone(&received), Arc::clone(&ahead), sent);
    let sink = Router::new().fallback(move |body: Body| async move {
        let (received, ahead, sent) = counters;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let length = chunk.unwrap().len() as u64;
            let now = received.fetch_add(length, Ordering::Relaxed) + length;
            ahead.fetch_max(sent.load(Ordering::Relaxed) - now, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_micros(100)).await;
        }
    });
    let mut origins = Vec::new();
    for router in [source, sink] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        origins.push(format!("http://{}", listener.local_addr().unwrap()));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let file = Binary::stream(download(&origins[0]).await.unwrap());
    let call = Request::new(&client(&origins[1]), &ROOT);
    let call = call.bytes("application/octet-stream", file);
    call.execute().await.unwrap();
    assert_eq!(received.load(Ordering::Relaxed), CHUNKS * CHUNK);
    // What the operating system buffers on two connections: by default up to 36 MiB each.
    let ahead = ahead.load(Ordering::Relaxed);
    assert!(ahead < CHUNKS * CHUNK / 4 * 3, "{ahead}");
}

#[tokio::test]
async fn file_names_are_safe_to_use() {
    for (disposition, name) in [
        ("attachment; filename=\"a b.zip\"", Some("a b.zip")),
        ("attachment; filename=plain.txt", Some("plain.txt")),
        ("inline;FILENAME=\"a\\\"b\"", Some("a_b")),
        ("attachment; filename=\"ascii\"; filename*=UTF-8''na%C3%AFve%20.txt", Some("na\u{ef}ve .txt")),
        ("attachment; filename*=utf-8'en'a%2Fb", Some("b")),
        ("attachment; filename=\"x\"; filename*=iso-8859-1''%E9", Some("x")),
        ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
        ("attachment; filename=\"C:\\\\Windows\\\\a.dll\"", Some("a.dll")),
        ("attachment; filename=\"a:b|c?.txt\"", Some("a_b_c_.txt")),
        ("attachment; filename=\"..\"", None),
        ("attachment; filename=\"a/\"", None),
        ("attachment; filename=\"\"", None),
        ("attachment; filename=\"NUL.txt\"", Some("_NUL.txt")),
        ("attachment; filename*=UTF-8''a%00%0Ab", Some("ab")),
        ("attachment; filename=\"trailing. . \"", Some("trailing")),
        ("attachment", None),
        ("", None),
    ] {
        let headers = [("content-disposition", disposition)];
        let server = Server::start([response(200, &headers, "")]).await;
        let download = download(&server.origin).await.unwrap();
        assert_eq!(download.file_name().as_deref(), name, "{disposition}");
    }
    let long = format!("attachment; filename={}", "\u{e4}".repeat(200));
    let headers = [("content-disposition", long.as_str())];
    let server = Server::start([response(200, &headers, "")]).await;
    let name = download(&server.origin).await.unwrap().file_name();
    assert!(name.unwrap().len() <= 255);
}

#[tokio::test]
async fn a_time_of_the_call_itself_holds_for_a_body_that_is_read_as_it_arrives() {
    let router = Router::new().fallback(|| {
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, io::Error>(Bytes::from_static(b"x")), ()))
        });
        std::future::ready(Response::new(Body::from_stream(drops)))
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let call = Request::new(&client(&origin), &ROOT).timeout(Duration::from_millis(300));
    let error = call.send_streaming().await.unwrap().bytes().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
}

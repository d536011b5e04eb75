//! `server::serve` with many connections, and with clients that are slow or send too much: memory stays bounded, and others
//! are served. `cargo test -p server-bench --test connections -- --nocapture` prints what it measures.
//!
//! The server is a process of its own. 10,000 connections are idle where the system allows as many open files to each of the
//! two processes; it says so where there are fewer.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "a program that prints its results and has no callers"
)]

use std::error::Error;
use std::future::pending;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sentry_api::models::Team;
use sentry_api::operation::Operation;
use sentry_api::operations::UPLOAD_ORGANIZATION_RELEASE_FILE;
use sentry_api::server::operations::releases::{
    self, Releases, UploadOrganizationReleaseFileRequest, UploadOrganizationReleaseFileResponse,
    UploadProjectReleaseFileRequest, UploadProjectReleaseFileResponse,
};
use sentry_api::server::operations::teams::{
    self, CreateTeamRequest, CreateTeamResponse, ListOrganizationTeamsRequest,
    ListOrganizationTeamsResponse, Teams,
};
use sentry_api::server::{Limits, Reply, RequestContext, Service, Validation, serve};
use tokio::net::TcpListener;

type Failure = Box<dyn Error>;

const IDLE: usize = 10_000;
const ACTIVE: usize = 1_000;

/// How long a request of somebody else may take while others are slow.
const SOON: Duration = Duration::from_secs(2);

/// The limits of an upload, in MiB.
const PART_LIMIT: usize = 110;
const BODY_LIMIT: usize = 120;

/// The most memory that hostile requests may cost beyond what idle connections take, in KiB.
const MOST: u64 = 64 * 1024;

/// The most memory of a connection that has sent nothing, in KiB.
const MOST_UNUSED: f64 = 4.0;

const GET: &str = "GET /organizations/acme/teams/ HTTP/1.1\r\nhost: localhost\r\n\r\n";

fn main() -> Result<(), Failure> {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return server();
    }
    let idle = IDLE.min(open_files()?.saturating_sub(3_000));
    if idle < IDLE {
        println!("the system allows {idle} idle connections here, not {IDLE}");
    }
    let server = Server::start()?;
    let mut warm: Vec<TcpStream> = (0..100)
        .map(|_| server.connect())
        .collect::<Result<_, _>>()?;
    warm.iter_mut().try_for_each(get)?;
    drop(warm);

    let before = server.memory("VmRSS:")?;
    let mut quiet: Vec<TcpStream> = (0..idle)
        .map(|_| server.connect())
        .collect::<Result<_, _>>()?;
    std::thread::sleep(Duration::from_millis(500));
    let opened = server.memory("VmRSS:")?;
    quiet.iter_mut().try_for_each(get)?;
    let used = server.memory("VmRSS:")?;
    let each = |memory: u64| memory.saturating_sub(before) as f64 / idle as f64;
    println!(
        "{idle} idle connections: {:.1} KiB each before a request, {:.1} KiB each after one",
        each(opened),
        each(used)
    );
    if each(opened) > MOST_UNUSED {
        return Err("a connection that has sent nothing takes too much memory".into());
    }

    let mut active: Vec<TcpStream> = (0..ACTIVE)
        .map(|_| server.connect())
        .collect::<Result<_, _>>()?;
    let start = Instant::now();
    for _ in 0..5 {
        active
            .iter_mut()
            .try_for_each(|stream| stream.write_all(GET.as_bytes()))?;
        active
            .iter_mut()
            .try_for_each(|stream| expect(stream, 200))?;
    }
    println!(
        "{ACTIVE} active ones beside them: 5,000 requests in {:?}",
        start.elapsed()
    );
    drop(active);

    let limit = server.memory("VmRSS:")? + MOST;
    let slow = slow(&server)?;
    within(&server, "slow heads and bodies")?;
    large(&server)?;
    within(&server, "bodies of 100 MiB")?;
    streams(&server)?;
    within(&server, "uploads of 100 MiB")?;
    parts(&server)?;
    within(&server, "10,000 parts")?;
    nested(&server)?;
    within(&server, "JSON that nests 100,000 deep")?;
    let peak = server.memory("VmHWM:")?;
    println!("most memory of the server: {} MiB", peak / 1024);
    if peak > limit {
        return Err(format!("the server took {peak} KiB, more than {limit}").into());
    }
    drop(slow);
    // Those that were idle are served still.
    quiet.iter_mut().step_by(100).try_for_each(get)
}

/// 500 connections whose heads do not end, and 500 whose bodies do not.
fn slow(server: &Server) -> Result<Vec<TcpStream>, Failure> {
    let head = "POST /organizations/acme/teams/ HTTP/1.1\r\nhost: localhost\r\n";
    let body = format!("{head}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{{");
    let texts = [head, &body].into_iter().cycle().take(1_000);
    texts
        .map(|text| {
            let mut stream = server.connect()?;
            stream.write_all(text.as_bytes())?;
            Ok(stream)
        })
        .collect()
}

/// Bodies of 100 MiB, with their length and without.
fn large(server: &Server) -> Result<(), Failure> {
    let head = "POST /organizations/acme/teams/ HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let mut known = server.connect()?;
    known.write_all(format!("{head}content-length: {}\r\n\r\n", 100 << 20).as_bytes())?;
    let sent = send_all(&mut known, &[b'1'; 1 << 16], 1_600);
    expect(&mut known, 413).or(sent.map(drop))?;
    let mut chunked = server.connect()?;
    chunked.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes())?;
    let chunk = [&b"10000\r\n"[..], &[b'1'; 1 << 16], b"\r\n"].concat();
    let sent = send_all(&mut chunked, &chunk, 1_600);
    expect(&mut chunked, 413).or(sent.map(drop))?;
    Ok(())
}

/// Sends something as often as this, or until the server does not read on. The error is that it has read all.
fn send_all(stream: &mut TcpStream, bytes: &[u8], times: usize) -> Result<(), Failure> {
    stream.set_write_timeout(Some(Duration::from_secs(2)))?;
    for _ in 0..times {
        if stream.write_all(bytes).is_err() {
            return Ok(());
        }
    }
    Err("the server has read a body that is too large".into())
}

/// Uploads that the method reads as they arrive: one of 100 MiB, one with a part that is too long, and one that is too long
/// as a whole.
fn streams(server: &Server) -> Result<(), Failure> {
    for (parts, status) in [
        (&[100][..], 201),
        (&[PART_LIMIT + 1], 413),
        (&[PART_LIMIT - 1, BODY_LIMIT - PART_LIMIT + 1], 413),
    ] {
        let mut stream = server.connect()?;
        let head = "POST /organizations/acme/releases/1/files/ HTTP/1.1\r\nhost: localhost\r\n\
            content-type: multipart/form-data; boundary=x\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes())?;
        let mut sent = Ok(());
        for &mebibytes in parts {
            let head =
                "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
            let chunk = chunk(&[b'1'; 1 << 16]);
            sent = sent
                .and_then(|()| stream.write_all(&self::chunk(head.as_bytes())))
                .and_then(|()| (0..mebibytes * 16).try_for_each(|_| stream.write_all(&chunk)))
                .and_then(|()| stream.write_all(&self::chunk(b"\r\n")));
        }
        let sent =
            sent.and_then(|()| stream.write_all(&[chunk(b"--x--\r\n"), chunk(b"")].concat()));
        // A server that refuses a body does not read all of it.
        if status == 201 || sent.is_ok() {
            sent?;
            expect(&mut stream, status)?;
        }
    }
    Ok(())
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// A form of 10,000 parts, which are too many.
fn parts(server: &Server) -> Result<(), Failure> {
    let mut body = String::new();
    for number in 0..10_000 {
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"part{number}\"\r\n\r\n");
        body.push_str(&head);
        body.push_str("1\r\n");
    }
    body.push_str("--x--\r\n");
    let path = "/projects/acme/web/releases/1/files/";
    let length = body.len();
    let mut stream = server.connect()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    // A server that refuses a body does not read all of it.
    match stream.write_all(body.as_bytes()) {
        Ok(()) => expect(&mut stream, 413),
        Err(_) => Ok(()),
    }
}

/// Arrays in arrays.
fn nested(server: &Server) -> Result<(), Failure> {
    let body = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut stream = server.connect()?;
    let head = format!(
        "POST /organizations/acme/teams/ HTTP/1.1\r\nhost: localhost\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    expect(&mut stream, 400)
}

/// Checks that somebody else is served soon.
fn within(server: &Server, beside: &str) -> Result<(), Failure> {
    let start = Instant::now();
    let mut stream = server.connect()?;
    get(&mut stream)?;
    let time = start.elapsed();
    println!("{beside}: a request beside them takes {time:?}");
    if time > SOON {
        return Err(format!("a request took {time:?}").into());
    }
    Ok(())
}

fn get(stream: &mut TcpStream) -> Result<(), Failure> {
    stream.write_all(GET.as_bytes())?;
    expect(stream, 200)
}

/// Reads a response with this status.
fn expect(stream: &mut TcpStream, status: u16) -> Result<(), Failure> {
    let (mut received, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut chunk)?;
        received.extend_from_slice(chunk.get(..length).unwrap_or_default());
        let text = String::from_utf8_lossy(&received);
        if !text.starts_with("HTTP/1.1 ") && length == 0 {
            return Err("the connection ended without a response".into());
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let expected = lines.find(|(name, _)| *name == "content-length");
        let expected: usize = expected.map_or(Ok(0), |(_, value)| value.parse())?;
        if body.len() < expected {
            continue;
        }
        if !head.starts_with(&format!("HTTP/1.1 {status}")) {
            return Err(format!("{status} was expected, not {text}").into());
        }
        return Ok(());
    }
}

/// How many files this process may have open.
fn open_files() -> Result<usize, Failure> {
    let text = std::fs::read_to_string("/proc/self/limits")?;
    let line = text.lines().find(|line| line.starts_with("Max open files"));
    let limit = line.and_then(|line| line.split_whitespace().nth(3));
    Ok(limit.map_or(1024, |limit| limit.parse().unwrap_or(usize::MAX)))
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("serve").stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        let address = address.trim().to_owned();
        Ok(Self { process, address })
    }

    fn connect(&self) -> Result<TcpStream, Failure> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(stream)
    }

    /// A line of `/proc/PID/status`, in KiB.
    fn memory(&self, name: &str) -> Result<u64, Failure> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let value = text.lines().find_map(|line| line.strip_prefix(name));
        let value = value.and_then(|value| value.split_whitespace().next());
        Ok(value.ok_or("no such line")?.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Clone)]
struct Api;

impl Service for Api {
    type Error = Reply;
    type Principal = ();

    fn validation(&self, operation: &'static Operation) -> Validation {
        let mut validation = Validation {
            // The uploads respond with the number of bytes.
            response: false,
            ..Validation::default()
        };
        if operation.id == UPLOAD_ORGANIZATION_RELEASE_FILE.id {
            validation.body_limit = Some(BODY_LIMIT << 20);
            validation.part_limit = Some(PART_LIMIT << 20);
        }
        validation
    }
}

impl Teams for Api {
    async fn list_organization_teams(
        &self,
        _: &RequestContext,
        _: ListOrganizationTeamsRequest,
    ) -> Result<ListOrganizationTeamsResponse, Reply> {
        Ok(ListOrganizationTeamsResponse::Ok(Vec::new()))
    }

    async fn create_team(
        &self,
        _: &RequestContext,
        _: CreateTeamRequest,
    ) -> Result<CreateTeamResponse, Reply> {
        Ok(Reply::json(StatusCode::CREATED, &Team::default()).into())
    }
}

impl Releases for Api {
    async fn upload_organization_release_file(
        &self,
        _: &RequestContext,
        request: UploadOrganizationReleaseFileRequest,
    ) -> Result<UploadOrganizationReleaseFileResponse, Reply> {
        let (mut form, mut size) = (request.body, 0);
        while let Some(mut part) = form.part().await? {
            while let Some(chunk) = part.chunk().await? {
                size += chunk.len() as u64;
            }
        }
        Ok(Reply::json(StatusCode::CREATED, &size).into())
    }

    async fn upload_project_release_file(
        &self,
        _: &RequestContext,
        request: UploadProjectReleaseFileRequest,
    ) -> Result<UploadProjectReleaseFileResponse, Reply> {
        let file = request.body.read().await?.file;
        Ok(Reply::json(StatusCode::CREATED, &file.bytes().len()).into())
    }
}

fn server() -> Result<(), Failure> {
    let api = std::sync::Arc::new(Api);
    let routes = teams::routes(&api).and(releases::routes(&api));
    let limits = Limits {
        connections: 2 * IDLE,
        head: Duration::from_secs(120),
        ..Limits::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        serve(
            listener,
            routes.into_router_with_fallback(),
            limits,
            pending(),
        )
        .await;
        Ok(())
    })
}

//! Compares operations of the emitted server with hand-written handlers: `cargo bench -p server-bench`.
//!
//! The hand-written ones are what the documentation of axum shows: `Path`, `Json` into a struct with serde's derive, and a
//! response of bytes. They serialize the same model, and check nothing. The emitted server has its default settings, with
//! all checks, and responds from an `Arc`. Both are served by `axum::serve`, in a process of their own, over one open
//! connection of this machine. Counted are the instructions of the server's process, by `valgrind`, and its CPU time.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "a benchmark prints its results and has no callers"
)]

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use sentry_api::models::{Project, Team};
use sentry_api::server::operations::projects::{
    self, Projects, RetrieveProjectRequest, RetrieveProjectResponse,
};
use sentry_api::server::operations::teams::{self, CreateTeamRequest, CreateTeamResponse, Teams};
use sentry_api::server::{Reply, RequestContext, Service};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

const PROJECT: &str = include_str!("../decode/project.json");
const LARGE: &str = include_str!("../decode/project_with_settings.json");

/// 65 bytes.
const TEAM: &str = r#"{"name":"Ancient Gabelers","slug":"ancient-gabelers-of-the-west"}"#;

type Failure = Box<dyn Error>;

/// A kind of request: what is sent, and the status of the response.
struct Case {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    status: u16,
}

const CASES: [Case; 4] = [
    case("project", "GET", "/projects/acme/project/", "", 200),
    case(
        "project with settings",
        "GET",
        "/projects/acme/large/",
        "",
        200,
    ),
    case("404 without a body", "GET", "/projects/acme/none/", "", 404),
    case(
        "POST of 65 bytes",
        "POST",
        "/organizations/acme/teams/",
        TEAM,
        201,
    ),
];

const fn case(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    status: u16,
) -> Case {
    Case {
        name,
        method,
        path,
        body,
        status,
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", kind] => serve(kind),
        [.., "--bench"] => {
            for case in &CASES {
                report(case)?;
            }
            Ok(())
        }
        // `cargo test --benches` only checks that it works.
        _ => {
            for case in &CASES {
                for kind in ["emitted", "handwritten"] {
                    Server::start(&[], kind)?.requests(case, 2)?;
                }
            }
            Ok(())
        }
    }
}

fn report(case: &Case) -> Result<(), Failure> {
    let length = Server::start(&[], "emitted")?.requests(case, 1)?;
    if Server::start(&[], "handwritten")?.requests(case, 1)? != length {
        return Err(format!("{}: the bodies differ", case.name).into());
    }
    println!("{}: {length} bytes", case.name);
    match (
        instructions(case, "emitted"),
        instructions(case, "handwritten"),
    ) {
        (Ok(emitted), Ok(handwritten)) => println!(
            "  instructions of a request: {emitted} emitted, {handwritten} hand-written, {:.3}",
            emitted as f64 / handwritten as f64
        ),
        (Err(error), _) | (_, Err(error)) => println!("  instructions: not counted: {error}"),
    }
    let (emitted, handwritten) = (
        nanoseconds(case, "emitted")?,
        nanoseconds(case, "handwritten")?,
    );
    println!(
        "  CPU time of a request: {emitted} ns emitted, {handwritten} ns hand-written, {:.3}",
        emitted as f64 / handwritten as f64
    );
    Ok(())
}

/// The instructions of a request: of the difference between many and few, so that the start is not counted.
fn instructions(case: &Case, kind: &str) -> Result<u64, Failure> {
    let count = |requests: usize| -> Result<u64, Failure> {
        let valgrind = [
            "valgrind",
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
        ];
        let mut server = Server::start(&valgrind, kind)?;
        server.requests(case, requests)?;
        let text = server.end()?;
        let collected = text.lines().find_map(|line| line.split_once("Collected :"));
        let (_, count) = collected.ok_or_else(|| text.clone())?;
        Ok(count.trim().parse()?)
    };
    Ok((count(2_200)? - count(200)?) / 2_000)
}

/// The least CPU time of a request of several runs.
fn nanoseconds(case: &Case, kind: &str) -> Result<u64, Failure> {
    let mut server = Server::start(&[], kind)?;
    let schedstat = format!("/proc/{}/schedstat", server.process.id());
    let time = || -> Result<u64, Failure> {
        let text = std::fs::read_to_string(&schedstat)?;
        Ok(text.split(' ').next().unwrap_or_default().parse()?)
    };
    let mut least = u64::MAX;
    for _ in 0..10 {
        let start = time()?;
        server.requests(case, 4_000)?;
        least = least.min((time()? - start) / 4_000);
    }
    Ok(least)
}

/// The process of the server, and a connection to it.
struct Server {
    process: Child,
    stream: TcpStream,
}

impl Server {
    fn start(under: &[&str], kind: &str) -> Result<Self, Failure> {
        let program = std::env::current_exe()?;
        let program = program.to_str().ok_or("the path is not UTF-8")?;
        let words: Vec<&str> = under
            .iter()
            .copied()
            .chain([program, "serve", kind])
            .collect();
        let (first, rest) = words.split_first().ok_or("no program")?;
        let mut command = Command::new(first);
        let command = command
            .args(rest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        let stream = TcpStream::connect(address.trim())?;
        stream.set_nodelay(true)?;
        Ok(Self { process, stream })
    }

    /// Sends requests one after another, and returns the length of a body.
    fn requests(&mut self, case: &Case, count: usize) -> Result<usize, Failure> {
        let Case {
            method, path, body, ..
        } = case;
        let length = body.len();
        let entity = if body.is_empty() {
            String::new()
        } else {
            format!("content-type: application/json\r\ncontent-length: {length}\r\n")
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\
             authorization: Bearer token\r\nuser-agent: bench\r\n{entity}\r\n{body}"
        );
        let mut found = 0;
        for _ in 0..count {
            self.stream.write_all(request.as_bytes())?;
            found = self.response(case.status)?;
        }
        Ok(found)
    }

    fn response(&mut self, status: u16) -> Result<usize, Failure> {
        let (mut received, mut chunk) = (Vec::new(), [0; 16384]);
        loop {
            let length = self.stream.read(&mut chunk)?;
            received.extend_from_slice(chunk.get(..length).unwrap_or_default());
            let text = String::from_utf8_lossy(&received);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            if !head.starts_with(&format!("HTTP/1.1 {status}")) {
                return Err(format!("{head}\n{body}").into());
            }
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            let found = lines.find(|(name, _)| *name == "content-length");
            let expected = found.map_or(Ok(0), |(_, value)| value.parse())?;
            if body.len() >= expected {
                return Ok(expected);
            }
        }
    }

    /// Ends the process, and returns what it wrote to its standard error.
    fn end(mut self) -> Result<String, Failure> {
        drop(self.process.stdin.take());
        let mut text = String::new();
        if let Some(mut errors) = self.process.stderr.take() {
            errors.read_to_string(&mut text)?;
        }
        self.process.wait()?;
        Ok(text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the standard input ends.
fn serve(kind: &str) -> Result<(), Failure> {
    let data = Data::new()?;
    let router = if kind == "emitted" {
        emitted(data)
    } else {
        handwritten(data)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        tokio::spawn(async { axum::serve(listener, router.into_make_service()).await });
        tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
        Ok(())
    })
}

/// What both have.
#[derive(Clone)]
struct Data {
    project: Arc<Project>,
    large: Arc<Project>,
    team: Arc<Team>,
}

impl Data {
    fn new() -> Result<Self, Failure> {
        let team = Team {
            id: Some("1".to_owned()),
            name: Some("Ancient Gabelers".to_owned()),
            slug: Some("ancient-gabelers-of-the-west".to_owned()),
            ..Team::default()
        };
        let project: Project = serde_json::from_str(PROJECT)?;
        let mut large: Project = serde_json::from_str(LARGE)?;
        // No response lacks what is promised, which the projects of its team do.
        let teams = large.team.iter_mut();
        for nested in teams.flat_map(|team| team.projects.iter_mut().flatten()) {
            nested.id.clone_from(&project.id);
            nested.name.clone_from(&project.name);
            nested.slug.clone_from(&project.slug);
        }
        Ok(Self {
            project: Arc::new(project),
            large: Arc::new(large),
            team: Arc::new(team),
        })
    }

    fn find(&self, name: &str) -> Option<&Project> {
        match name {
            "project" => Some(&self.project),
            "large" => Some(&self.large),
            _ => None,
        }
    }
}

impl Service for Data {
    type Error = Reply;
    type Principal = ();
}

impl Projects for Data {
    async fn retrieve_project(
        &self,
        _: &RequestContext,
        request: RetrieveProjectRequest,
    ) -> Result<RetrieveProjectResponse, Reply> {
        Ok(match self.find(&request.project_id_or_slug) {
            Some(project) => Reply::json(StatusCode::OK, project).into(),
            None => Reply::empty(StatusCode::NOT_FOUND).into(),
        })
    }
}

impl Teams for Data {
    async fn create_team(
        &self,
        _: &RequestContext,
        request: CreateTeamRequest,
    ) -> Result<CreateTeamResponse, Reply> {
        if request.body.name.value().is_none() {
            return Ok(Reply::empty(StatusCode::BAD_REQUEST).into());
        }
        Ok(Reply::json(StatusCode::CREATED, &*self.team).into())
    }
}

fn emitted(data: Data) -> Router {
    let data = Arc::new(data);
    projects::routes(&data)
        .and(teams::routes(&data))
        .into_router_with_fallback()
}

fn handwritten(data: Data) -> Router {
    Router::new()
        .route("/projects/{organization}/{project}/", get(retrieve))
        .route("/organizations/{organization}/teams/", post(create))
        .with_state(data)
}

async fn retrieve(
    State(data): State<Data>,
    Path((_, project)): Path<(String, String)>,
) -> Result<Response, StatusCode> {
    let project = data.find(&project).ok_or(StatusCode::NOT_FOUND)?;
    json(StatusCode::OK, project)
}

#[derive(Deserialize)]
struct NewTeam {
    name: Option<String>,
    #[allow(dead_code, reason = "it is read from the request")]
    slug: Option<String>,
}

async fn create(
    State(data): State<Data>,
    Path(_): Path<String>,
    Json(team): Json<NewTeam>,
) -> Result<Response, StatusCode> {
    team.name.ok_or(StatusCode::BAD_REQUEST)?;
    json(StatusCode::CREATED, &*data.team)
}

fn json(status: StatusCode, value: &impl Serialize) -> Result<Response, StatusCode> {
    let body = serde_json::to_vec(value).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok((status, [(CONTENT_TYPE, "application/json")], body).into_response())
}

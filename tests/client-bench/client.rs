//! Compares calls of the emitted client with hand-written ones: `cargo bench -p client-bench`.
//!
//! The hand-written ones are what the documentation of `reqwest` shows: a client, a URL made by `format!`, a token, the check
//! of the status, and `json` into a struct with serde's derive. They have no limits on time and memory and send nothing again.
//! A server of this machine, in a process of its own, sends the same bytes to both. Counted are instructions, if `valgrind` is
//! there, and allocations, both of the client's process alone, and the CPU time of many calls.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "a benchmark prints its results and has no callers"
)]

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sentry_api::client::Client;
use tokio::runtime::{Builder, Runtime};

const PROJECT: &str = include_str!("../decode/project.json");

/// Names of projects, for which the server has a response.
const CASES: [(&str, &str); 2] = [("empty", "{}"), ("project", PROJECT)];

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve"] => serve(),
        ["run", origin, case, with, tasks, calls] => {
            let caller = Caller::new(origin, with)?;
            caller.run(case, tasks.parse()?, calls.parse()?)
        }
        [.., "--bench"] => {
            let server = Server::start()?;
            for (case, body) in CASES {
                println!("{case}: {} bytes", body.trim().len());
                report(&server, case)?;
            }
            Ok(())
        }
        // `cargo test --benches` only checks that it works.
        _ => {
            let server = Server::start()?;
            for with in ["emitted", "handwritten"] {
                Caller::new(&server.origin, with)?.run("project", 2, 2)?;
            }
            Ok(())
        }
    }
}

/// A client of either kind, on one thread.
struct Caller {
    runtime: Runtime,
    client: Kind,
}

#[derive(Clone)]
enum Kind {
    Emitted(Client),
    HandWritten(reqwest::Client, String),
}

impl Caller {
    fn new(origin: &str, with: &str) -> Result<Self, Failure> {
        let base_url = format!("{origin}/api/0");
        let client = if with == "emitted" {
            let builder = Client::builder().base_url(base_url);
            Kind::Emitted(builder.token("token").build()?)
        } else {
            Kind::HandWritten(reqwest::Client::new(), base_url)
        };
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, client })
    }

    /// Makes calls one after another, in several tasks at once.
    fn run(&self, case: &str, tasks: usize, calls: usize) -> Result<(), Failure> {
        self.runtime.block_on(async {
            let tasks: Vec<_> = (0..tasks)
                .map(|_| {
                    let (client, case) = (self.client.clone(), case.to_owned());
                    tokio::spawn(async move {
                        for _ in 0..calls {
                            client
                                .call(&case)
                                .await
                                .map_err(|error| error.to_string())?;
                        }
                        Ok::<_, String>(())
                    })
                })
                .collect();
            for task in tasks {
                task.await??;
            }
            Ok(())
        })
    }
}

impl Kind {
    async fn call(&self, project: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        match self {
            Self::Emitted(client) => {
                let response = client.retrieve_project("acme", project).send().await?;
                black_box(response.value);
            }
            Self::HandWritten(client, base_url) => {
                let project = utf8_percent_encode(project, NON_ALPHANUMERIC);
                let response = client
                    .get(format!("{base_url}/projects/acme/{project}/"))
                    .bearer_auth("token")
                    .header("accept", "application/json")
                    .send()
                    .await?
                    .error_for_status()?;
                black_box(response.json::<decode_bench::Project>().await?);
            }
        }
        Ok(())
    }
}

fn report(server: &Server, case: &str) -> Result<(), Failure> {
    let ratio = |emitted: u64, handwritten: u64| emitted as f64 / handwritten as f64;
    let each = |measure: &dyn Fn(&str) -> Result<u64, Failure>| -> Result<_, Failure> {
        Ok((measure("emitted")?, measure("handwritten")?))
    };
    let (emitted, handwritten) = each(&|with| allocations(server, case, with))?;
    println!(
        "  allocations of a call: {emitted} emitted, {handwritten} hand-written, {:.2}",
        ratio(emitted, handwritten)
    );
    for tasks in [1, 200] {
        let calls = 2000 / tasks;
        match each(&|with| instructions(server, case, with, tasks, calls)) {
            Ok((emitted, handwritten)) => println!(
                "  instructions of a call, {tasks} at once: {emitted} emitted, {handwritten} hand-written, {:.3}",
                ratio(emitted, handwritten)
            ),
            Err(error) => println!("  instructions: not counted: {error}"),
        }
        match least_times(server, case, tasks) {
            Ok((emitted, handwritten)) => println!(
                "  CPU time of a call, {tasks} at once: {emitted:?} emitted, {handwritten:?} hand-written, {:.3}",
                emitted.as_secs_f64() / handwritten.as_secs_f64()
            ),
            Err(error) => println!("  CPU time: not measured: {error}"),
        }
    }
    Ok(())
}

/// The allocations of a call over an open connection.
fn allocations(server: &Server, case: &str, with: &str) -> Result<u64, Failure> {
    let caller = Caller::new(&server.origin, with)?;
    let call = || caller.runtime.block_on(caller.client.call(case));
    for _ in 0..10 {
        call().map_err(|error| error.to_string())?;
    }
    let counts = (0..20).map(|_| allocation_counter::measure(|| drop(call())).count_total);
    counts.min().ok_or_else(|| "nothing was measured".into())
}

/// The instructions of a call: of the difference between all calls and a tenth of them, so that start and connections are
/// not counted.
fn instructions(
    server: &Server,
    case: &str,
    with: &str,
    tasks: usize,
    calls: usize,
) -> Result<u64, Failure> {
    let count = |calls: usize| -> Result<u64, Failure> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe()?)
            .args(["run", &server.origin, case, with])
            .args([tasks.to_string(), calls.to_string()])
            .output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let collected = text.lines().find_map(|line| line.split_once("Collected :"));
        let (_, count) = collected.ok_or_else(|| text.clone().into_owned())?;
        Ok(count.trim().parse()?)
    };
    let (few, many) = (count(calls / 10)?, count(calls)?);
    let difference = u64::try_from(tasks * (calls - calls / 10))?;
    Ok((many - few) / difference)
}

/// The least CPU time of a call of either kind, measured in turns.
fn least_times(server: &Server, case: &str, tasks: usize) -> Result<(Duration, Duration), Failure> {
    const CALLS: usize = 4000;
    let callers = (
        Caller::new(&server.origin, "emitted")?,
        Caller::new(&server.origin, "handwritten")?,
    );
    let time = |caller: &Caller| -> Result<Duration, Failure> {
        let start = cpu_time()?;
        caller.run(case, tasks, CALLS / tasks)?;
        Ok((cpu_time()? - start) / u32::try_from(CALLS)?)
    };
    let mut least = (Duration::MAX, Duration::MAX);
    for _ in 0..10 {
        least.0 = least.0.min(time(&callers.0)?);
        least.1 = least.1.min(time(&callers.1)?);
    }
    Ok(least)
}

/// The CPU time of this thread, which makes all the calls: Linux alone tells it without `unsafe`.
fn cpu_time() -> Result<Duration, Failure> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

/// The process of the server.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start() -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("serve").stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut origin = String::new();
        BufReader::new(output).read_line(&mut origin)?;
        let origin = origin.trim().to_owned();
        Ok(Self { process, origin })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the process ends, a thread for each connection.
fn serve() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        let stream = stream?;
        stream.set_nodelay(true)?;
        // A client that is gone ends its connection alone.
        thread::spawn(move || drop(connection(stream)));
    }
    Ok(())
}

fn connection(mut stream: TcpStream) -> Result<(), Failure> {
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let length = stream.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        head.extend_from_slice(chunk.get(..length).unwrap_or_default());
        if head.ends_with(b"\r\n\r\n") {
            let request = String::from_utf8_lossy(&head);
            let path = request.split(' ').nth(1).unwrap_or_default();
            let case = CASES.iter().find(|(case, _)| path.contains(case));
            let body = case.map_or("", |(_, body)| body.trim());
            // In one piece, as servers send it.
            let response = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                 date: Sun, 06 Nov 1994 08:49:37 GMT\r\nserver: bench\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(response.as_bytes())?;
            head.clear();
        }
    }
}

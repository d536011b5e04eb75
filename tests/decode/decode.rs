//! Compares decoding with serde's derive: `cargo bench -p decode-bench`.
//!
//! `decode_bench` has the same structs with the same leaf types, so that the difference is that of the emitted code. Counted are
//! instructions, if `valgrind` is there, the least time of many runs, allocations, and the memory of the decoded value.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "a benchmark prints its results and has no callers"
)]

use std::error::Error;
use std::fmt::Debug;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use decode_bench as derived;
use sentry_api::{Decode, decode, models};
use serde::de::DeserializeOwned;

const ISSUE: &str = include_str!("issue.json");
const PROJECT: &str = include_str!("project.json");
const PROJECT_WITH_SETTINGS: &str = include_str!("project_with_settings.json");

/// What is decoded, and with what.
struct Case {
    name: &'static str,
    json: String,
    emitted: fn(&str),
    derived: fn(&str),
}

fn cases() -> [Case; 3] {
    [
        Case {
            name: "issues",
            json: format!("[{}]", vec![ISSUE.trim(); 100].join(",")),
            emitted: emitted::<Vec<models::Issue>>,
            derived: derive::<Vec<derived::Issue>>,
        },
        Case {
            name: "project",
            json: PROJECT.trim().to_owned(),
            emitted: emitted::<models::Project>,
            derived: derive::<derived::Project>,
        },
        Case {
            name: "project with settings",
            json: PROJECT_WITH_SETTINGS.trim().to_owned(),
            emitted: emitted::<models::Project>,
            derived: derive::<derived::Project>,
        },
    ]
}

fn emitted<T: Decode>(json: &str) {
    drop(black_box(decode::<T>(json.as_bytes()).ok()));
}

fn derive<T: DeserializeOwned>(json: &str) {
    drop(black_box(serde_json::from_slice::<T>(json.as_bytes()).ok()));
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["run", case, with, runs] => run(case, with, runs.parse()?),
        // `cargo test --benches` only checks that it starts.
        [.., "--test"] => check()?,
        _ => {
            check()?;
            cases().iter().try_for_each(report)?;
        }
    }
    Ok(())
}

/// Runs a case under valgrind.
fn run(case: &str, with: &str, runs: usize) {
    for case in cases().iter().filter(|one| one.name == case) {
        let decode = if with == "emitted" {
            case.emitted
        } else {
            case.derived
        };
        (0..runs).for_each(|_| decode(&case.json));
    }
}

/// Both must decode the same, and all of it.
fn check() -> Result<(), Box<dyn Error>> {
    fn same<T: Decode + Debug, D: DeserializeOwned + Debug>(
        json: &str,
    ) -> Result<(), Box<dyn Error>> {
        let emitted = decode::<T>(json.as_bytes())?;
        assert!(emitted.deviations.is_empty(), "{:?}", emitted.deviations);
        let derived = serde_json::from_str::<D>(json)?;
        assert_eq!(format!("{:?}", emitted.value), format!("{derived:?}"));
        Ok(())
    }
    same::<models::Issue, derived::Issue>(ISSUE)?;
    same::<models::Project, derived::Project>(PROJECT)?;
    same::<models::Project, derived::Project>(PROJECT_WITH_SETTINGS)
}

fn report(case: &Case) -> Result<(), Box<dyn Error>> {
    let Case { name, json, .. } = case;
    println!("{name}: {} bytes of JSON", json.len());
    let count = |decode: fn(&str)| allocation_counter::measure(|| decode(json));
    let (emitted, derived) = (count(case.emitted), count(case.derived));
    let ratio = |a: u64, b: u64| a as f64 / b as f64;
    println!(
        "  allocations: {} emitted, {} derived, {:.2}",
        emitted.count_total,
        derived.count_total,
        ratio(emitted.count_total, derived.count_total)
    );
    println!(
        "  memory of the value and while decoding: {} bytes, {:.2} times the JSON",
        emitted.bytes_max,
        ratio(emitted.bytes_max, json.len() as u64)
    );
    let (emitted, derived) = least_times(case);
    println!(
        "  time: {emitted:?} emitted, {derived:?} derived, {:.2}",
        emitted.as_secs_f64() / derived.as_secs_f64()
    );
    match (
        instructions(name, "emitted")?,
        instructions(name, "derived")?,
    ) {
        (Some(emitted), Some(derived)) => println!(
            "  instructions: {emitted} emitted, {derived} derived, {:.3}",
            ratio(emitted, derived)
        ),
        _ => println!("  instructions: not counted, because there is no valgrind"),
    }
    Ok(())
}

/// The least time of either, measured in turns.
fn least_times(case: &Case) -> (Duration, Duration) {
    let time = |decode: fn(&str)| {
        let start = Instant::now();
        decode(&case.json);
        start.elapsed()
    };
    let times = (0..300).map(|_| (time(case.emitted), time(case.derived)));
    let least = |a: (Duration, Duration), b: (Duration, Duration)| (a.0.min(b.0), a.1.min(b.1));
    times.reduce(least).unwrap_or_default()
}

/// The instructions of one decoding: the difference of eleven runs and one, a tenth.
fn instructions(case: &str, with: &str) -> Result<Option<u64>, Box<dyn Error>> {
    let count = |runs: &str| -> Result<Option<u64>, Box<dyn Error>> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe()?)
            .args(["run", case, with, runs])
            .output();
        let Ok(output) = output else { return Ok(None) };
        let text = String::from_utf8_lossy(&output.stderr);
        let collected = text.lines().find_map(|line| line.split_once("Collected :"));
        Ok(collected.and_then(|(_, count)| count.trim().parse().ok()))
    };
    Ok(match (count("1")?, count("11")?) {
        (Some(one), Some(eleven)) => Some((eleven - one) / 10),
        _ => None,
    })
}

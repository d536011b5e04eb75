//! The whole pipeline and each of its stages: `cargo bench -p generator`.
//!
//! Measured on the descriptions of this repository, and on two big vendor specifications when they stand beside it.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "benchmarks are run, not called"
)]

use std::path::{Path, PathBuf};

use divan::Bencher;
use generator::diagnostic::Diagnostics;
use generator::document::{Document, SourceId, read};
use generator::emit::package::PackageOptions;
use generator::merge::{Merged, Resolutions, Source, merge};
use generator::names::Lock;
use generator::project::Project;
use generator::{emit, fidelity, load, lower, normalize, pipeline};

/// What the command line allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    for (name, path) in vendors() {
        if !path.exists() {
            println!("skipped: {name} is not beside this repository");
        }
    }
    divan::main();
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn vendors() -> [(&'static str, PathBuf); 2] {
    let specs = root().join("../shared/corpus/specs");
    [
        ("datadog", specs.join("datadog__generator-schemas-v1.yaml")),
        ("xero-accounting", specs.join("xero__xero-accounting.yaml")),
    ]
}

/// The names of what is there to be measured.
fn names() -> Vec<&'static str> {
    let present = vendors()
        .into_iter()
        .filter(|(_, path)| path.exists())
        .map(|(name, _)| name);
    std::iter::once("sentry").chain(present).collect()
}

fn project(name: &str) -> Project {
    let mut diagnostics = Diagnostics::default();
    let vendor = vendors().into_iter().find(|(other, _)| *other == name);
    let project = match vendor {
        Some((_, path)) => {
            Project::of_files(&[path], Path::new("unwritten"), "vendor", &mut diagnostics)
        }
        None => Project::open(&root().join("specs/manifest.toml"), &mut diagnostics)
            .0
            .expect("is valid"),
    };
    assert!(!diagnostics.has_errors());
    project
}

fn documents(project: &Project) -> Vec<Document> {
    let mut diagnostics = Diagnostics::default();
    let read = |(index, description): (usize, &generator::project::Description)| {
        let tree = load::parse(&project.sources, description.document, &mut diagnostics)?;
        let source = SourceId(u16::try_from(index).ok()?);
        let mut document =
            read::document(&tree, source, description.page.is_some(), &mut diagnostics)?;
        normalize::normalize(&mut document, &mut diagnostics);
        Some(document)
    };
    project
        .descriptions
        .iter()
        .enumerate()
        .filter_map(read)
        .collect()
}

fn merged(project: &Project) -> Merged {
    pipeline::reconcile(project, &mut Diagnostics::default()).expect("is readable")
}

#[divan::bench(args = names())]
fn a_whole_pipeline(bencher: Bencher<'_, '_>, name: &str) {
    let project = project(name);
    bencher.bench(|| pipeline::run(&project));
}

#[divan::bench(args = names())]
fn b_load(bencher: Bencher<'_, '_>, name: &str) {
    let project = project(name);
    bencher.bench(|| {
        let mut diagnostics = Diagnostics::default();
        for description in &project.descriptions {
            divan::black_box(load::parse(
                &project.sources,
                description.document,
                &mut diagnostics,
            ));
        }
    });
}

#[divan::bench(args = names())]
fn c_load_read_and_normalize(bencher: Bencher<'_, '_>, name: &str) {
    let project = project(name);
    bencher.bench(|| documents(&project));
}

#[divan::bench(args = names())]
fn d_merge(bencher: Bencher<'_, '_>, name: &str) {
    let project = project(name);
    let sources: Vec<Source> = project
        .descriptions
        .iter()
        .map(|description| Source {
            id: description.id.clone(),
            yields: None,
        })
        .collect();
    let base_path = project.base_path.as_deref();
    bencher
        .with_inputs(|| (sources.clone(), documents(&project)))
        .bench_values(|(sources, documents)| {
            merge(
                sources,
                documents,
                base_path,
                &Resolutions::default(),
                &mut Diagnostics::default(),
            )
        });
}

#[divan::bench(args = names())]
fn e_lower(bencher: Bencher<'_, '_>, name: &str) {
    let merged = merged(&project(name));
    bencher.bench(|| lower::lower(&merged, &[], &Lock::default()));
}

#[divan::bench(args = names())]
fn f_emit(bencher: Bencher<'_, '_>, name: &str) {
    let merged = merged(&project(name));
    let lowered = lower::lower(&merged, &[], &Lock::default());
    let options = PackageOptions::new("measured", "0.1.0");
    let fidelity = fidelity::of(&merged);
    bencher.bench(|| emit::crate_files(&lowered.api, &merged, &fidelity, &options));
}

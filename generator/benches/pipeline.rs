//! Measures the pipeline and each of its stages: `cargo bench -p specweave-generator`.
//!
//! The inputs are the descriptions of this repository, and two large vendor specifications from the folder in the
//! environment variable `DOCUMENTS`.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints its results and has no callers"
)]

use std::path::{Path, PathBuf};

use divan::Bencher;
use generator::api::lower;
use generator::api::names::Lock;
use generator::description::diagnostic::Diagnostics;
use generator::description::document::{Document, SourceId, read};
use generator::description::{load, normalize};
use generator::emit::pages::package::PackageOptions;
use generator::project::{Description, Project};
use generator::reconcile::fidelity;
use generator::reconcile::merge::{Merged, Resolutions, Source, merge};
use generator::{emit, pipeline};

/// The allocator of `xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    if names().len() == 1 {
        println!("skipped: set DOCUMENTS to a folder with the vendors' specifications");
    }
    divan::main();
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The vendors' specifications that are there.
fn vendors() -> impl Iterator<Item = (&'static str, PathBuf)> {
    let folder = std::env::var_os("DOCUMENTS").map(PathBuf::from);
    let files = [
        ("datadog", "datadog__generator-schemas-v1.yaml"),
        ("xero-accounting", "xero__xero-accounting.yaml"),
    ];
    let files = files.into_iter();
    let paths = files.filter_map(move |(name, file)| Some((name, folder.as_ref()?.join(file))));
    paths.filter(|(_, path)| path.exists())
}

/// The names of the inputs that exist.
fn names() -> Vec<&'static str> {
    let vendors = vendors().map(|(name, _)| name);
    std::iter::once("sentry").chain(vendors).collect()
}

fn project(name: &str) -> Project {
    let mut diagnostics = Diagnostics::default();
    let vendor = vendors().find(|(other, _)| *other == name);
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
    let read = |(index, description): (usize, &Description)| {
        let tree = load::parse(&project.sources, description.document, &mut diagnostics)?;
        let source = SourceId(u16::try_from(index).ok()?);
        let mut document =
            read::document(&tree, source, description.page.is_some(), &mut diagnostics)?;
        normalize::normalize(&mut document, None, &mut diagnostics);
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
        .map(Description::declared)
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
    bencher.bench(|| lower::lower(&merged, &Lock::default()));
}

#[divan::bench(args = names())]
fn f_emit(bencher: Bencher<'_, '_>, name: &str) {
    let project = project(name);
    let merged = merged(&project);
    let lowered = lower::lower(&merged, &Lock::default());
    let options = PackageOptions::new("measured", "0.1.0");
    let fidelity = fidelity::of(&merged);
    bencher
        .bench(|| emit::crate_files(&lowered.api, &merged, &fidelity, &project.sources, &options));
}

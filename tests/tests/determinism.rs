//! The same descriptions give the same bytes, in whatever order they say the same things.

use generator::api::lower;
use generator::api::names::Lock;
use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::document::{SourceId, read};
use generator::description::load;
use generator::description::normalize;
use generator::description::overlay;
use generator::description::source::SourceMap;
use generator::emit;
use generator::files::Files;
use generator::pipeline;
use generator::project::manifest::Manifest;
use generator::project::{Description, Project};
use generator::reconcile::fidelity;
use generator::reconcile::merge::{self, Resolutions};
use serde_yaml::{Mapping, Value};

use crate::workspace;

/// A generator of numbers that are always the same: xorshift, good enough for shuffling.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or_default()
    }
}

/// The keys of every mapping in another order. Of `examples` and the like, too: an object is no list.
fn shuffled(value: Value, numbers: &mut Numbers) -> Value {
    match value {
        Value::Sequence(items) => Value::Sequence(
            items
                .into_iter()
                .map(|item| shuffled(item, numbers))
                .collect(),
        ),
        Value::Mapping(mapping) => {
            let mut entries: Vec<(Value, Value)> = mapping
                .into_iter()
                .map(|(key, value)| (key, shuffled(value, numbers)))
                .collect();
            for last in (1..entries.len()).rev() {
                entries.swap(last, numbers.below(last + 1));
            }
            Value::Mapping(entries.into_iter().collect::<Mapping>())
        }
        value => value,
    }
}

/// The project with every document rewritten.
fn rewritten(project: &Project, rewrite: impl Fn(usize, Value) -> Value) -> Project {
    let mut sources = project.sources.clone();
    let descriptions = project
        .descriptions
        .iter()
        .enumerate()
        .map(|(index, description)| {
            let file = project.sources.get(description.document).expect("was read");
            let value = serde_yaml::from_str(&file.text).expect("is YAML");
            let text = serde_yaml::to_string(&rewrite(index, value)).expect("is written");
            // The path stays: overlays and `$ref`s name it.
            let document = sources.add(file.path.clone(), text);
            Description {
                document,
                ..description.clone()
            }
        });
    let descriptions = descriptions.collect();
    Project {
        sources,
        descriptions,
        base_path: project.base_path.clone(),
        api: project.api.clone(),
        resolutions: project.resolutions.clone(),
        names: project.names.clone(),
        fidelity: project.fidelity.clone(),
        package: project.package.clone(),
        output: project.output.clone(),
        lint: project.lint.clone(),
        folder: project.folder.clone(),
        read: project.read.clone(),
    }
}

/// The pipeline without the comparison of transcriptions with their pages, since a rewritten one is not what its page says.
fn files(project: &Project) -> Files {
    let mut diagnostics = Diagnostics::default();
    let found = &mut diagnostics;
    let mut documents = Vec::new();
    for (index, description) in project.descriptions.iter().enumerate() {
        let mut tree = load::parse(&project.sources, description.document, found).expect("parses");
        let mut corrections = Vec::new();
        for file in &description.overlays {
            let overlay = load::parse(&project.sources, *file, found).expect("parses");
            let overlay = overlay::read(&overlay, found).expect("is an overlay");
            overlay::apply(
                &mut tree,
                project.sources.path(description.document),
                &overlay,
                found,
            );
            corrections.extend(overlay.corrections());
        }
        let source = SourceId(u16::try_from(index).expect("few"));
        let is_transcribed = description.page.is_some();
        let mut document = read::document(&tree, source, is_transcribed, found).expect("reads");
        normalize::normalize(&mut document, description.site.as_deref(), found);
        document.corrections = corrections;
        documents.push(document);
    }
    let ids = project
        .descriptions
        .iter()
        .map(Description::declared)
        .collect();
    let resolutions = Resolutions::read(
        &project.sources,
        project
            .resolutions
            .as_ref()
            .and_then(|file| file.file)
            .expect("there are some"),
        found,
    );
    let mut merged = merge::merge(
        ids,
        documents,
        project.base_path.as_deref(),
        &resolutions,
        found,
    );
    merged.own_texts = project.api.by_facet();
    let names = project.names.as_ref().and_then(|names| names.file);
    let lock = Lock::read(&project.sources, names.expect("there are some"), found);
    let errors = diagnostics.at_least(Severity::Error);
    assert!(
        errors.items().is_empty(),
        "{}",
        errors.render(&project.sources)
    );
    let lowered = lower::lower(&merged, &lock);
    let known = fidelity::of(&merged);
    emit::crate_files(
        &lowered.api,
        &merged,
        &known,
        &project.sources,
        &project.package,
    )
    .expect("is emitted")
}

/// The files without the positions in the pages, which are all that a document written otherwise changes.
fn without_positions(files: &Files) -> Files {
    let mut files = files.clone();
    for page in ["FIDELITY.md", "RECONCILIATION.md"] {
        let text = files.get(page).expect("every crate has the page");
        let text = String::from_utf8_lossy(text);
        let mut bare = String::new();
        // Positions are code spans: `file:line` or `file:line,line`.
        for (index, part) in text.split('`').enumerate() {
            let lines = part.rsplit_once(':').map_or("", |(_, lines)| lines);
            let is_position =
                !lines.is_empty() && lines.split(',').all(|line| line.parse::<u32>().is_ok());
            bare.push_str(if index % 2 == 1 && is_position {
                "position"
            } else {
                part
            });
            bare.push('`');
        }
        files.insert(page.to_owned(), bare.into_bytes());
    }
    files
}

/// Fails with a few lines of each file that differs, positions in pages apart.
fn assert_same_but_for_positions(actual: &Files, expected: &Files) {
    assert_same(&without_positions(actual), &without_positions(expected));
}

/// Fails with a few lines of each file that differs.
fn assert_same(actual: &Files, expected: &Files) {
    let mut report = String::new();
    for (path, expected) in expected {
        let Some(actual) = actual.get(path) else {
            report.push_str(&format!("{path}: missing\n"));
            continue;
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (actual, expected) = (text(actual), text(expected));
        let mut differences = expected
            .lines()
            .zip(actual.lines())
            .filter(|(one, other)| one != other);
        if let Some((one, other)) = differences.next() {
            report.push_str(&format!(
                "{path}: {} lines\n- {one}\n+ {other}\n",
                1 + differences.count()
            ));
        }
    }
    assert!(
        report.is_empty() && actual.len() == expected.len(),
        "{report}"
    );
}

fn expected() -> &'static Files {
    workspace::outcome()
        .files
        .as_ref()
        .expect("there were no errors")
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let outcome = pipeline::run(&workspace::project());
    assert_same(&outcome.files.expect("there were no errors"), expected());
}

#[test]
fn documents_written_in_other_words_of_yaml_give_the_same_bytes() {
    assert_same_but_for_positions(
        &files(&rewritten(&workspace::project(), |_, value| value)),
        expected(),
    );
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let project = workspace::project();
    let shuffled = rewritten(&project, |index, value| {
        shuffled(value, &mut Numbers(0x9e37_79b9_7f4a_7c15 ^ index as u64))
    });
    assert_same_but_for_positions(&files(&shuffled), expected());
}

/// The order of sources is that of rank and id alone, and everything after the manifest sees only that order.
#[test]
fn the_order_of_entries_in_the_manifest_does_not_matter() {
    let text = workspace::text("specs/manifest.toml");
    let mut entries: Vec<&str> = text.split("[[source]]").collect();
    let head = entries.remove(0);
    assert_eq!(entries.len(), 6);
    for is_equal in [false, true] {
        let order = |entries: &[&str]| {
            let entries: String = entries
                .iter()
                .map(|entry| format!("[[source]]{entry}\n"))
                .collect();
            let mut text = format!("{head}{entries}");
            if is_equal {
                for rank in 2..=6 {
                    text = text.replace(&format!("rank = {rank}"), "rank = 1");
                }
            }
            let mut sources = SourceMap::default();
            let file = sources.add("manifest.toml", text);
            let manifest = Manifest::read(&sources, file, &mut Diagnostics::default());
            let sources = manifest.expect("is valid").sources;
            sources
                .into_iter()
                .map(|source| source.id)
                .collect::<Vec<_>>()
        };
        let written = order(&entries);
        let reversed: Vec<&str> = entries.iter().rev().copied().collect();
        assert_eq!(order(&reversed), written);
        assert_eq!(written.is_sorted(), is_equal);
    }
}

//! `specweave observe`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generator::description::diagnostic::{Diagnostics, Severity, counted};
use generator::observe::{self, Deviation, Entry, EntryKind, Observed, Recording, Seen};
use generator::pipeline;

use crate::console::{Console, Format, Position, Reported};
use crate::{Context, FOUND, Observe, opened};

pub(crate) fn run(arguments: &Observe, context: &Context) -> ExitCode {
    let console = &context.console;
    match try_run(arguments, context) {
        Ok(Some(observed)) => {
            match console.format() {
                Format::Json => match serde_json::to_string_pretty(&observed) {
                    Ok(json) => console.document(&json),
                    Err(error) => console.failure(&error.to_string()),
                },
                Format::Text | Format::Github | Format::Sarif => tell(&observed, console),
            }
            if observed.deviations.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(FOUND)
            }
        }
        Ok(None) => ExitCode::FAILURE,
        Err(error) => {
            console.failure(&error);
            ExitCode::FAILURE
        }
    }
}

/// Reads the recordings and compares them. `None` if the descriptions cannot be read, which was printed.
fn try_run(arguments: &Observe, context: &Context) -> Result<Option<Observed>, String> {
    let project = opened::files_or_manifest(&arguments.spec, &arguments.manifest, context);
    let Some(project) = project else {
        return Ok(None);
    };
    let mut recording = Recording::default();
    let progress = context.console.progress();
    for path in recordings(&arguments.recordings)? {
        progress.tell(&format!("reading {}", path.display()));
        read(&path, &mut recording)?;
    }
    progress.tell("reconciling");
    let mut diagnostics = Diagnostics::default();
    let merged = pipeline::reconcile(&project, &mut diagnostics);
    drop(progress);
    // What could not be read would be a deviation otherwise.
    let Some(merged) = merged.filter(|_| pipeline::is_complete(&diagnostics)) else {
        let console = &context.console;
        console.findings(&diagnostics, &project.sources, Severity::Error);
        return Ok(None);
    };
    let observed = observe::observe(&project, &merged, &recording, &arguments.host);
    if observed.exchanges == 0 {
        return Err(match (observed.elsewhere, observed.incomplete.first()) {
            (0, Some(first)) => format!("the recordings have no complete exchange: {first}"),
            (0, None) => "the recordings have no exchange".to_owned(),
            (count, _) => format!(
                "none of the {count} exchanges is with a server of the API; name another host of it by `--host`"
            ),
        });
    }
    Ok(Some(observed))
}

/// The recordings among the arguments, and those in the folders among them and below these, in order of their paths.
fn recordings(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        let mut open = vec![path.clone()];
        while let Some(folder) = open.pop() {
            list(&folder, &mut open, &mut inside)
                .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
        }
        if inside.is_empty() {
            return Err(format!(
                "{} has no file that ends in `.har`",
                path.display()
            ));
        }
        inside.sort();
        found.extend(inside);
    }
    Ok(found)
}

/// Adds the folders in a folder, and its recordings. Links to folders are not followed: they can lead back.
fn list(
    folder: &Path,
    folders: &mut Vec<PathBuf>,
    recordings: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let extension = path.extension();
        if entry.file_type()?.is_dir() {
            folders.push(path);
        } else if extension.is_some_and(|it| it.eq_ignore_ascii_case("har")) {
            recordings.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path, recording: &mut Recording) -> Result<(), String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let name = path.display().to_string();
    let read = recording.read(&name, &text);
    read.map_err(|error| format!("{name} is no HTTP archive: {error}"))
}

fn tell(observed: &Observed, console: &Console) {
    for deviation in &observed.deviations {
        console.report(reported(deviation), &of(deviation));
    }
    let Observed {
        exchanges,
        elsewhere,
        incomplete,
        operations,
        deviations,
    } = observed;
    let mut left_out = Vec::new();
    if *elsewhere > 0 {
        left_out.push(format!(
            "{} with other hosts",
            counted(*elsewhere, "exchange")
        ));
    }
    if let Some(first) = incomplete.first() {
        left_out.push(match incomplete.len() {
            1 => format!("1 incomplete entry ({first})"),
            count => format!("{count} incomplete entries (the first: {first})"),
        });
    }
    let left_out = match left_out.join(", ") {
        none if none.is_empty() => none,
        some => format!("; left out: {some}"),
    };
    console.line(&format!(
        "{} in {} of {}{left_out}",
        counted(deviations.len(), "deviation"),
        counted(*exchanges, "exchange"),
        counted(*operations, "operation"),
    ));
}

/// A deviation as a warning at what is described instead.
fn reported(deviation: &Deviation) -> Reported {
    let seen = deviation.seen.iter();
    let places = seen.map(|seen| format!("{} {}", seen.operation, seen.place));
    let places = places.collect::<Vec<_>>().join(", ");
    let first = deviation.seen.first().map_or("", |seen| &seen.first);
    let text = format!("{places}: {} (first in {first})", deviation.message);
    let described = deviation.described.as_ref();
    let entries = deviation.entries.iter();
    let entries =
        entries.map(|entry| format!("for {}:\n{}", heading(entry), entry.text.trim_end()));
    let help = entries.collect::<Vec<_>>().join("\n");
    Reported {
        positions: described
            .map(|at| Position::new(at, String::new()))
            .into_iter()
            .collect(),
        help: (!help.is_empty()).then_some(help),
        ..Reported::new(Severity::Warning, deviation.kind, text)
    }
}

/// What an entry is for.
fn heading(entry: &Entry) -> String {
    match (entry.kind, &entry.document) {
        (EntryKind::Overlay, Some(document)) => format!("an overlay of {document}"),
        (EntryKind::Overlay, None) => "an overlay".to_owned(),
        (EntryKind::Supplement, _) => "a supplement".to_owned(),
    }
}

/// A deviation with its places and its entry.
fn of(deviation: &Deviation) -> String {
    let mut text = format!("{}: {}\n", deviation.kind, deviation.message);
    for seen in &deviation.seen {
        let times = match seen.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let Seen {
            operation,
            place,
            first,
            ..
        } = seen;
        text.push_str(&format!(
            "  {operation} {place} ({times}, first in {first})\n"
        ));
    }
    if let Some(described) = &deviation.described {
        text.push_str(&format!("  described at {described}\n"));
    }
    for entry in &deviation.entries {
        text.push_str(&format!("  for {}:\n", heading(entry)));
        for line in entry.text.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    if deviation.entries.is_empty() && deviation.described.is_some() {
        text.push_str("  no entry can be proposed: correct it there by hand\n");
    }
    text.trim_end().to_owned()
}

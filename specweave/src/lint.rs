//! `specweave lint`.

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::lint::{self, Level, Levels, READING, RULES};

use crate::{Context, Lint, opened};

pub(crate) fn run(arguments: &Lint, context: &Context) -> bool {
    let console = &context.console;
    if let Some(code) = &arguments.explain {
        let page = lint::page(code).unwrap_or_default();
        console.result(page.trim_end());
        return true;
    }
    if arguments.list {
        for line in list() {
            console.result(&line);
        }
        return true;
    }
    let project = opened::files_or_manifest(&arguments.files, &arguments.manifest, context);
    let Some(project) = project else {
        return false;
    };
    let mut diagnostics = Diagnostics::default();
    let mut levels = Levels::of_manifest(&project, &mut diagnostics);
    if diagnostics.has_errors() {
        console.findings(&diagnostics, &project.sources, Severity::Error);
        return false;
    }
    let given = [
        (Level::Allow, &arguments.allow),
        (Level::Warn, &arguments.warn),
        (Level::Deny, &arguments.deny),
    ];
    for (level, codes) in given {
        for code in codes {
            if let Err(error) = levels.set(code, level) {
                console.failure(&error);
                return false;
            }
        }
    }
    let progress = console.progress();
    progress.tell("reading");
    let found = lint::lint(&project, &levels);
    drop(progress);
    console.findings(&found, &project.sources, Severity::Note);
    if found.items().is_empty() {
        console.line("no defects were found");
    }
    !found.has_errors()
}

/// A line for each code, sorted: the rules, and what reading reports.
fn list() -> Vec<String> {
    let line = |code: &str, level: Level, heading: &str| {
        let level = format!("{level:?}").to_ascii_lowercase();
        format!("{code:28} {level:6} {heading}")
    };
    let rules = RULES.iter().map(|rule| {
        let heading = rule.page.lines().next().unwrap_or_default();
        line(
            rule.code,
            rule.level,
            heading.trim_start_matches(['#', ' ']),
        )
    });
    let reading = READING
        .iter()
        .map(|it| line(it.code, it.level, it.heading()));
    let mut lines: Vec<String> = rules.chain(reading).collect();
    lines.sort();
    lines
}

/// A code, as an argument.
pub(crate) fn code(text: &str) -> Result<String, String> {
    Levels::default().set(text, Level::Deny)?;
    Ok(text.to_owned())
}

/// The code of what need not be an error, as an argument.
pub(crate) fn milder_code(text: &str) -> Result<String, String> {
    Levels::default().set(text, Level::Allow)?;
    Ok(text.to_owned())
}

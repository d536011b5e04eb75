//! `specweave lint`.

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::lint::{self, Level, Levels, RULES};

use crate::{Context, Lint, opened};

pub(crate) fn run(arguments: &Lint, context: &Context) -> bool {
    let console = &context.console;
    if let Some(code) = &arguments.explain {
        let page = lint::page(code).unwrap_or_default();
        console.result(page.trim_end());
        return true;
    }
    if arguments.list {
        for rule in RULES {
            let heading = rule.page.lines().next().unwrap_or_default();
            let heading = heading.trim_start_matches(['#', ' ']);
            let level = format!("{:?}", rule.level).to_ascii_lowercase();
            console.result(&format!("{:28} {level:6} {heading}", rule.code));
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

/// The code of a rule, as an argument.
pub(crate) fn code(text: &str) -> Result<String, String> {
    Levels::default().set(text, Level::Allow)?;
    Ok(text.to_owned())
}

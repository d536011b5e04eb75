//! The workspace's own project: where its files are, and what the pipeline makes of them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use generator::api::Api;
use generator::description::diagnostic::{Diagnostics, Severity};
use generator::pipeline::{self, Outcome};
use generator::project::Project;

/// A path in the workspace.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(relative)
}

/// The text of a file of the workspace.
pub(crate) fn text(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// The project of `specs/manifest.toml`, read anew.
pub(crate) fn project() -> Project {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = Project::open(&path("specs/manifest.toml"), &mut diagnostics);
    project.unwrap_or_else(|| panic!("{}", diagnostics.render(&sources)))
}

/// What the pipeline makes of the project; the run takes seconds without optimisation, so that it is done once.
pub(crate) fn outcome() -> &'static Outcome {
    static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| {
        let project = project();
        let outcome = pipeline::run(&project);
        let errors = outcome.diagnostics.at_least(Severity::Error);
        assert!(
            errors.items().is_empty(),
            "{}",
            errors.render(&project.sources)
        );
        outcome
    });
    &OUTCOME
}

/// The frozen API of the project.
pub(crate) fn api() -> &'static Api {
    &outcome()
        .lowered
        .as_ref()
        .expect("there were no errors")
        .api
}

//! `specweave transcribe`.

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::output;
use generator::project::Transcriptions;

use crate::{Context, Transcribe, opened};

pub(crate) fn run(arguments: &Transcribe, context: &Context) -> bool {
    let console = &context.console;
    let manifest = &arguments.manifest.path();
    if !opened::is_there(manifest, context) {
        return false;
    }
    let mut diagnostics = Diagnostics::default();
    let (transcriptions, mut sources) = Transcriptions::of(manifest, &mut diagnostics);
    sources.show_below(opened::folder_of(manifest), |_| true);
    console.findings(&diagnostics, &sources, Severity::Warning);
    if diagnostics.has_errors() {
        console.failure("nothing was written");
        return false;
    }
    if transcriptions.files.is_empty() {
        console.line(&format!(
            "there is no page to transcribe: no source of {} has a `page`",
            manifest.display()
        ));
    }
    for transcription in &transcriptions.files {
        let path = transcriptions.folder.join(&transcription.path);
        if std::fs::read(&path).is_ok_and(|written| written == transcription.text.as_bytes()) {
            console.line(&format!("unchanged: {}", path.display()));
            continue;
        }
        if let Err(error) = output::write_file(&path, transcription.text.as_bytes()) {
            console.failure(&format!("cannot write {}: {error}", path.display()));
            return false;
        }
        console.line(&format!("written: {}", path.display()));
    }
    true
}

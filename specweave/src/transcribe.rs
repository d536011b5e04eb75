//! `specweave transcribe`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::output;
use generator::project::Transcriptions;

use crate::{opened, print};

pub(crate) fn run(manifest: &Path) -> bool {
    let mut diagnostics = Diagnostics::default();
    let (transcriptions, mut sources) = Transcriptions::of(manifest, &mut diagnostics);
    sources.show_below(opened::folder_of(manifest), |_| true);
    print::findings(&diagnostics, &sources, Severity::Warning);
    if diagnostics.has_errors() {
        print::failure("nothing was written");
        return false;
    }
    for transcription in &transcriptions.files {
        let path = transcriptions.folder.join(&transcription.path);
        if std::fs::read(&path).is_ok_and(|written| written == transcription.text.as_bytes()) {
            print::line(&format!("unchanged: {}", path.display()));
            continue;
        }
        if let Err(error) = output::write_file(&path, transcription.text.as_bytes()) {
            print::failure(&format!("cannot write {}: {error}", path.display()));
            return false;
        }
        print::line(&format!("written: {}", path.display()));
    }
    true
}

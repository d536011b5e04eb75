//! A few hundred mutants of the documents of this repository: none makes the generator panic. `generator/examples/mutate.rs`
//! makes millions of them.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that fails panics"
)]
#![allow(dead_code, reason = "the fuzz targets use the rest")]

mod mutant;
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::path::Path;

use mutant::Documents;
use targets::Probe;

/// Bytes of the largest document that mutants are made of.
const LARGEST: usize = 20_000;

fn documents() -> Documents {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = Vec::new();
    for folder in ["specs", "tests/obstacle"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("is there") {
            let path = entry.expect("can be read").path();
            if path.extension().is_some_and(|kind| kind == "yaml") {
                texts.push(std::fs::read_to_string(&path).expect("is text"));
            }
        }
    }
    texts.retain(|text| text.len() <= LARGEST);
    Documents::new(texts)
}

#[test]
fn mutants_of_documents_make_nothing_panic() {
    const SEED: u64 = 7;
    let documents = documents();
    assert!(!documents.is_empty());
    let folder = tempfile::tempdir().expect("has room");
    let mut probe = Probe::new(folder.path()).expect("can be read");
    let mut lowered = 0;
    for number in 0..200 {
        let mutant = documents.mutant(SEED, number);
        let run = std::panic::AssertUnwindSafe(|| match number % 75 {
            0 => probe.emit(&mutant),
            _ => probe.lower(&mutant),
        });
        match std::panic::catch_unwind(run) {
            Ok(reached) => lowered += usize::from(reached),
            Err(panic) => {
                eprintln!("mutant {number} of seed {SEED}:\n{mutant}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    assert!(lowered > 40, "only {lowered} of 200 were lowered");
}

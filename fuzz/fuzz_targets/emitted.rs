#![no_main]

use std::sync::{LazyLock, Mutex};

use fuzz::Probe;
use libfuzzer_sys::fuzz_target;

static PROBE: LazyLock<Mutex<Probe>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    Mutex::new(Probe::new(folder.path()).expect("a project"))
});

fuzz_target!(|text: &str| {
    PROBE.lock().expect("one thread").emit(text);
});

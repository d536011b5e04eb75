//! A workspace of all emitted crates, so that they share one lockfile and their dependencies are built once.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The beginning of the workspace's manifest.
const HEAD: &str = "# Written by `cargo xtask corpus`.\n\n[workspace]\nresolver = \"3\"\n";
/// The profile of this repository. With another one, the compiled dependencies could not be shared.
const PROFILE: &str = "\n[profile.dev]\ndebug = \"line-tables-only\"\n";

/// Writes the workspace of the emitted crates, with the lockfile of this repository.
pub(super) fn write(out: &Path, packages: &[String]) -> io::Result<()> {
    let mut text = HEAD.to_owned();
    text.push_str("members = [\n");
    for package in packages {
        let _ = writeln!(text, "    \"crates/{package}\",");
    }
    text.push_str("]\n");
    text.push_str(PROFILE);
    std::fs::write(out.join("Cargo.toml"), text)?;
    let lock = repository().join("Cargo.lock");
    if lock.exists() {
        std::fs::copy(lock, out.join("Cargo.lock"))?;
    }
    Ok(())
}

/// The folder of this repository.
pub(super) fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The target folder of this repository, which the emitted crates share.
pub(super) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

//! Programs that talk to this machine alone.

use std::path::Path;
use std::process::Command;

/// A program without the variables of this process, which keeps its files in a folder. A proxy that is not there keeps it on
/// this machine.
pub(crate) fn isolated(program: &Path, folder: &Path) -> Command {
    let nowhere = "http://127.0.0.1:9";
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", folder)
        .envs([
            ("http_proxy", nowhere),
            ("https_proxy", nowhere),
            ("no_proxy", "127.0.0.1"),
        ]);
    command
}

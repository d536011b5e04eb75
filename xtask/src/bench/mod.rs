//! `cargo xtask bench`: measures the generation and compilation of crates, also of other generators.

mod measure;
mod peer;

use std::cell::Cell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use measure::Usage;

use specweave::console::Console;

use crate::Bench;

/// The crate that is generated from the descriptions of this project.
const COMMITTED: &str = "generated";

pub(crate) fn run(arguments: &Bench, console: &Console) -> bool {
    if cfg!(debug_assertions) {
        console.failure("cannot measure a debug build: run `cargo xtask-release bench`");
        return false;
    }
    match bench(arguments, console) {
        Ok(succeeded) => succeeded,
        Err(error) => {
            console.failure(&format!("cannot measure: {error}"));
            false
        }
    }
}

fn bench(arguments: &Bench, console: &Console) -> io::Result<bool> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    fs::create_dir_all(&target)?;
    let workspace = Workspace {
        folder: fs::canonicalize(&target)?.join("bench"),
        program: env::current_exe()?,
        runs: arguments.runs.max(1),
        folders: Cell::new(0),
        console,
    };
    workspace.clear()?;
    console.result(&format!(
        "{:28} {:17} {:>8} {:>9} {:>9} {:>6} {:>8} {:>9}",
        "document", "generator", "seconds", "MiB", "lines", "files", "check s", "check MiB"
    ));
    let mut succeeded = workspace.committed()?;
    for document in &arguments.files {
        succeeded &= workspace.document(&fs::canonicalize(document)?)?;
    }
    workspace.clear()?;
    Ok(succeeded)
}

/// The folder in which crates are generated and compiled.
struct Workspace<'c> {
    folder: PathBuf,
    /// This program.
    program: PathBuf,
    /// The number of measurements of each generation.
    runs: usize,
    /// The number of crate folders created so far.
    folders: Cell<usize>,
    console: &'c Console,
}

impl Workspace<'_> {
    /// Measures the descriptions of this project, with `check`: it does the same as `generate`, but writes nothing.
    fn committed(&self) -> io::Result<bool> {
        let folder = self.new_folder()?;
        let generation = self.repeated(|| {
            let mut command = Command::new(&self.program);
            command.arg("check");
            Ok((command, folder.clone()))
        })?;
        copy(Path::new(COMMITTED), &folder)?;
        self.row("specs/manifest.toml", "this", generation)
    }

    /// Measures this generator and the other ones on a document.
    fn document(&self, document: &Path) -> io::Result<bool> {
        let title = document
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let generation = self.repeated(|| {
            let folder = self.new_folder()?;
            let mut command = Command::new(&self.program);
            command.arg("generate").arg("--spec").arg(document);
            command
                .arg("--out")
                .arg(&folder)
                .args(["--name", "measured"]);
            Ok((command, folder))
        })?;
        let succeeded = self.row(&title, "this", generation)?;
        for program in peer::PROGRAMS {
            if !peer::is_installed(program) {
                self.console
                    .result(&format!("{title:28} {program:17} not installed"));
                continue;
            }
            let generation = self.repeated(|| {
                let folder = self.new_folder()?;
                let command = peer::command(program, document, &folder, "measured");
                Ok((command, folder))
            })?;
            // A failure of another generator is a result, not a failure of this command.
            self.row(&title, program, generation)?;
        }
        Ok(succeeded)
    }

    /// Prints the line of one generator. Returns whether it succeeded and its crate compiles.
    fn row(
        &self,
        title: &str,
        generator: &str,
        generation: Option<(Usage, PathBuf)>,
    ) -> io::Result<bool> {
        let Some((generation, folder)) = generation else {
            self.console
                .result(&format!("{title:28} {generator:17} failed"));
            return Ok(false);
        };
        let size = size(&folder.join("src"))?;
        let is_crate = folder.join("Cargo.toml").is_file();
        let check = if is_crate { self.check(&folder)? } else { None };
        let checked = match check {
            Some(check) => format!("{:8.2} {:9.0}", check.seconds, check.mebibytes),
            None if is_crate => "does not compile".to_owned(),
            None => "not a crate".to_owned(),
        };
        self.console.result(&format!(
            "{title:28} {generator:17} {:8.2} {:9.1} {:9} {:6} {checked}",
            generation.seconds, generation.mebibytes, size.lines, size.files
        ));
        Ok(check.is_some())
    }

    /// Runs a command several times. Returns the median, and the folder of the last crate. `None` if a run fails.
    fn repeated(
        &self,
        command: impl Fn() -> io::Result<(Command, PathBuf)>,
    ) -> io::Result<Option<(Usage, PathBuf)>> {
        let mut usages = Vec::new();
        let mut last = PathBuf::new();
        for _ in 0..self.runs {
            let (mut command, folder) = command()?;
            match measure::run(command.stderr(Stdio::null())) {
                Some(usage) => usages.push(usage),
                None => return Ok(None),
            }
            last = folder;
        }
        Ok(measure::median(usages).map(|usage| (usage, last)))
    }

    /// Measures `cargo check` of the crate with client and server. Its dependencies are compiled before.
    fn check(&self, folder: &Path) -> io::Result<Option<Usage>> {
        let manifest = folder.join("Cargo.toml");
        let mut text = fs::read_to_string(&manifest)?;
        let features = ["client-without-tls", "server"].map(|feature| {
            if text.contains(&format!("\n{feature} = ")) {
                feature
            } else {
                "default"
            }
        });
        if !text.contains("\n[workspace]\n") {
            text.push_str("\n[workspace]\n");
            fs::write(&manifest, text)?;
        }
        // Uses the same versions of packages as this project.
        if Path::new("Cargo.lock").is_file() {
            fs::copy("Cargo.lock", folder.join("Cargo.lock"))?;
        }
        let command = || {
            let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            command.args([
                "check",
                "--lib",
                "--quiet",
                "--no-default-features",
                "--features",
            ]);
            command
                .arg(features.join(","))
                .arg("--manifest-path")
                .arg(&manifest);
            command.env("CARGO_TARGET_DIR", self.folder.join("target"));
            command.env("CARGO_INCREMENTAL", "0");
            command
        };
        if measure::run(&mut command()).is_none() {
            return Ok(None);
        }
        let library = folder.join("src/lib.rs");
        fs::write(&library, fs::read(&library)?)?;
        Ok(measure::run(command().stderr(Stdio::null())))
    }

    /// A new, empty folder. No folder is removed before the end, because some file systems are slow to write files shortly
    /// after others were removed.
    fn new_folder(&self) -> io::Result<PathBuf> {
        self.folders.set(self.folders.get() + 1);
        let folder = self.crates().join(self.folders.get().to_string());
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn crates(&self) -> PathBuf {
        self.folder.join("crates")
    }

    /// Removes all crates.
    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.crates()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The size of an emitted crate.
#[derive(Default)]
struct Size {
    lines: usize,
    files: usize,
}

/// The number of the Rust files below a folder, and of their lines.
fn size(folder: &Path) -> io::Result<Size> {
    let mut size = Size::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let inner = self::size(&path)?;
            size.lines += inner.lines;
            size.files += inner.files;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            size.lines += fs::read_to_string(&path)?.lines().count();
            size.files += 1;
        }
    }
    Ok(size)
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

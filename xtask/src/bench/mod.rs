//! `cargo xtask bench`: what it costs to generate a crate and to compile it, beside other generators.

mod measure;
mod peer;

use std::cell::Cell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use measure::Usage;

use crate::{Bench, print};

/// The committed crate, which stands for the descriptions of this project.
const COMMITTED: &str = "generated";

pub(crate) fn run(arguments: &Bench) -> bool {
    match bench(arguments) {
        Ok(succeeded) => succeeded,
        Err(error) => {
            print::failure(&format!("cannot measure: {error}"));
            false
        }
    }
}

fn bench(arguments: &Bench) -> io::Result<bool> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    fs::create_dir_all(&target)?;
    let workspace = Workspace {
        folder: fs::canonicalize(&target)?.join("bench"),
        program: env::current_exe()?,
        runs: arguments.runs.max(1),
        folders: Cell::new(0),
    };
    workspace.clear()?;
    print::line(&format!(
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

/// Where crates are put and compiled.
struct Workspace {
    folder: PathBuf,
    /// This program, which is run as anybody would run it.
    program: PathBuf,
    /// How often a generation is measured.
    runs: usize,
    /// How many folders were made for crates.
    folders: Cell<usize>,
}

impl Workspace {
    /// The descriptions of this project: a check does all that a generation does, and writes nothing.
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
                print::line(&format!("{title:28} {program:17} not installed"));
                continue;
            }
            let generation = self.repeated(|| {
                let folder = self.new_folder()?;
                let command = peer::command(program, document, &folder, "measured");
                Ok((command, folder))
            })?;
            // What a peer cannot do is a result, and no failure of this command.
            self.row(&title, program, generation)?;
        }
        Ok(succeeded)
    }

    /// Prints what was measured of one generator; returns whether it did its work and its crate compiles.
    fn row(
        &self,
        title: &str,
        generator: &str,
        generation: Option<(Usage, PathBuf)>,
    ) -> io::Result<bool> {
        let Some((generation, folder)) = generation else {
            print::line(&format!("{title:28} {generator:17} failed"));
            return Ok(false);
        };
        let size = size(&folder.join("src"))?;
        let is_crate = folder.join("Cargo.toml").is_file();
        let check = if is_crate { self.check(&folder)? } else { None };
        let checked = match check {
            Some(check) => format!("{:8.2} {:9.0}", check.seconds, check.mebibytes),
            None if is_crate => "does not compile".to_owned(),
            None => "no crate of its own".to_owned(),
        };
        print::line(&format!(
            "{title:28} {generator:17} {:8.2} {:9.1} {:9} {:6} {checked}",
            generation.seconds, generation.mebibytes, size.lines, size.files
        ));
        Ok(check.is_some())
    }

    /// The median of several runs of a command, and the folder of the last crate; `None` if one of them fails.
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

    /// `cargo check` of the crate alone, with all that it depends on compiled before, for client and server.
    fn check(&self, folder: &Path) -> io::Result<Option<Usage>> {
        let manifest = folder.join("Cargo.toml");
        let mut text = fs::read_to_string(&manifest)?;
        let features = ["client-without-tls", "server"].map(|feature| {
            match text.contains(&format!("\n{feature} = ")) {
                true => feature,
                false => "default",
            }
        });
        if !text.contains("\n[workspace]\n") {
            text.push_str("\n[workspace]\n");
            fs::write(&manifest, text)?;
        }
        // The versions that this project has, as far as the crate wants the same packages.
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

    /// A folder with nothing in it. None is removed before the end: some file systems are slow to write files where others
    /// were removed just before.
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

/// What was emitted.
#[derive(Default)]
struct Size {
    lines: usize,
    files: usize,
}

/// Lines and number of the Rust files below a folder.
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
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}

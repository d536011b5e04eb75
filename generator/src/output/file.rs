//! Writes a single file outside of an output folder.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a single file outside of an output folder, and the folders that lead to it. If it fails or is killed, the file has
/// the old content; if several runs write to it at once, it has the content of one of them. Symbolic links are followed, and
/// what is no regular file, such as a device or a pipe, is written to and not replaced. The permissions stay.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if !is_replaceable(path) {
        return fs::write(path, content);
    }
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (staged, mut file) = create_beside(&target)?;
    let kept = match fs::metadata(&target) {
        Ok(present) => file.set_permissions(present.permissions()),
        Err(_) => Ok(()),
    };
    let moved = kept
        .and_then(|()| file.write_all(content))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&staged, &target));
    if moved.is_err() {
        // Report the first error, not one of the cleanup.
        let _ = fs::remove_file(&staged);
    }
    moved
}

/// Whether a path leads to a regular file, or to nothing. A link that leads nowhere is not replaced either: the file that it
/// names is created.
fn is_replaceable(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(metadata) => metadata.is_file() && !is_open_elsewhere(path),
        Err(_) => !path.is_symlink(),
    }
}

/// Whether a path leads through `/dev` or `/proc`, as `/dev/stdout` does: another process has the file open, and would go on
/// to write to the one that was replaced.
fn is_open_elsewhere(path: &Path) -> bool {
    /// More links lead nowhere on any system.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if path.starts_with("/dev") || path.starts_with("/proc") {
            return true;
        }
        match fs::read_link(&path) {
            Ok(target) => path = path.with_file_name("").join(target),
            Err(_) => return false,
        }
    }
    false
}

/// Creates a file with a name of its own in the folder of another one.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!(".specweave-{}-{number}.new", process::id());
        let staged = target.with_file_name(name);
        match File::create_new(&staged) {
            Ok(file) => return Ok((staged, file)),
            // A killed process of the same id has left it.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tempfile::TempDir;

    use super::*;

    /// The names of the files of a folder.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_its_neighbours_stay() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("out.yaml");
        fs::write(folder.path().join("out.yaml.new"), "mine").unwrap();
        // A process that was killed and had the same id has left files. Other tests of this process count on, too.
        let (_, first) = create_beside(&path).unwrap();
        drop(first);
        let left: Vec<u32> = names(folder.path())
            .iter()
            .filter_map(|name| name.strip_suffix(".new")?.rsplit('-').next()?.parse().ok())
            .collect();
        for number in left[0] + 1..left[0] + 200 {
            let name = format!(".specweave-{}-{number}.new", process::id());
            fs::write(folder.path().join(name), "left").unwrap();
        }
        let count = names(folder.path()).len();
        for content in ["one", "two"] {
            write_file(&path, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        let neighbour = fs::read_to_string(folder.path().join("out.yaml.new"));
        assert_eq!(neighbour.unwrap(), "mine");
        assert_eq!(names(folder.path()).len(), count + 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = TempDir::new().unwrap();
        let path = folder.path().join("out.yaml");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        write_file(&path, b"two").unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_another_process_has_open_is_written_to() {
        use std::os::fd::AsRawFd as _;

        let folder = TempDir::new().unwrap();
        let path = folder.path().join("log");
        let mut log = File::create(&path).unwrap();
        write_file(
            Path::new(&format!("/proc/self/fd/{}", log.as_raw_fd())),
            b"one",
        )
        .unwrap();
        log.write_all(b"two").unwrap();
        // The descriptor has a place of its own in the file, which is still the same.
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    }

    #[test]
    fn writers_at_the_same_time_leave_the_content_of_one() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("below/out.yaml");
        let contents: Vec<String> = (0..8).map(|it| it.to_string().repeat(50_000)).collect();
        for _ in 0..10 {
            thread::scope(|scope| {
                for content in &contents {
                    scope.spawn(|| write_file(&path, content.as_bytes()).unwrap());
                }
            });
            assert!(contents.contains(&fs::read_to_string(&path).unwrap()));
        }
        assert_eq!(names(path.parent().unwrap()), ["out.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_stays_and_the_file_behind_it_is_written() {
        let folder = TempDir::new().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        std::os::unix::fs::symlink("real", &link).unwrap();
        for content in ["created", "replaced"] {
            write_file(&link, content.as_bytes()).unwrap();
            assert!(link.is_symlink());
            assert_eq!(fs::read_to_string(&real).unwrap(), content);
        }
        assert_eq!(names(folder.path()), ["link", "real"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to() {
        use std::os::unix::fs::FileTypeExt as _;

        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        let made = process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        write_file(&pipe, b"text").unwrap();
        assert_eq!(reader.join().unwrap(), "text");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }
}

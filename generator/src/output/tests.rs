use std::fs;
use std::time::SystemTime;

use tempfile::TempDir;

use super::*;

fn files(pairs: &[(&str, &str)]) -> Files {
    pairs
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

fn first() -> Files {
    files(&[
        ("Cargo.toml", "[package]\n"),
        ("src/lib.rs", "one\ntwo\n"),
        ("src/a/b.rs", "b\n"),
    ])
}

struct Place {
    parent: TempDir,
    root: PathBuf,
}

fn place() -> Place {
    let parent = TempDir::new().unwrap();
    let root = parent.path().join("generated");
    Place { parent, root }
}

impl Place {
    fn put(&self, path: &str, text: &str) {
        let path = self.parent.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.root.join(path))
            .unwrap()
            .modified()
            .unwrap()
    }

    /// What stands beside the folder.
    fn siblings(&self) -> Vec<String> {
        let entries = fs::read_dir(self.parent.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn kinds(&self, files: &Files) -> Vec<String> {
        let differences = check(&self.root, files).unwrap();
        let name = |kind: &Kind| match kind {
            Kind::Changed { .. } => "changed",
            Kind::Edited { .. } => "edited",
            Kind::Missing => "missing",
            Kind::Extra => "extra",
        };
        differences
            .iter()
            .map(|one| format!("{} {}", name(&one.kind), one.path))
            .collect()
    }
}

#[test]
fn new_folder_holds_the_files_and_the_marker() {
    let place = place();
    let nested = Place {
        root: place.root.join("x/y"),
        parent: place.parent,
    };
    let written = write(&nested.root, &first()).unwrap();
    assert_eq!(
        written.added,
        [".generated", "Cargo.toml", "src/a/b.rs", "src/lib.rs"]
    );
    assert_eq!(nested.text("src/lib.rs").as_deref(), Some("one\ntwo\n"));
    assert!(nested.text(".generated").is_some());
    assert_eq!(nested.kinds(&first()), Vec::<String>::new());
    assert_eq!(nested.siblings(), ["generated"]);
}

#[test]
fn writing_the_same_again_touches_nothing() {
    let place = place();
    write(&place.root, &first()).unwrap();
    let before = (
        place.modified("src/lib.rs"),
        place.modified(".generated"),
        place.modified("src"),
    );
    let written = write(&place.root, &first()).unwrap();
    assert_eq!(
        written,
        Written {
            unchanged: 4,
            ..Written::default()
        }
    );
    let after = (
        place.modified("src/lib.rs"),
        place.modified(".generated"),
        place.modified("src"),
    );
    assert_eq!(before, after);
}

#[test]
fn only_what_changed_is_written_and_what_is_gone_is_removed() {
    let place = place();
    write(&place.root, &first()).unwrap();
    let before = place.modified("Cargo.toml");
    let second = files(&[
        ("Cargo.toml", "[package]\n"),
        ("src/lib.rs", "one\nthree\n"),
        ("src/c.rs", "c\n"),
    ]);
    assert_eq!(
        place.kinds(&second),
        ["extra src/a/b.rs", "missing src/c.rs", "changed src/lib.rs"]
    );
    let written = write(&place.root, &second).unwrap();
    assert_eq!(written.added, ["src/c.rs"]);
    assert_eq!(written.changed, [".generated", "src/lib.rs"]);
    assert_eq!(written.removed, ["src/a/b.rs"]);
    assert_eq!(written.edited, Vec::<String>::new());
    assert_eq!(written.unchanged, 1);
    assert_eq!(place.modified("Cargo.toml"), before);
    assert_eq!(place.text("src/lib.rs").as_deref(), Some("one\nthree\n"));
    assert!(!place.root.join("src/a").exists());
    assert_eq!(place.kinds(&second), Vec::<String>::new());
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn edits_by_hand_are_told_from_files_out_of_date() {
    let place = place();
    write(&place.root, &first()).unwrap();
    place.put("generated/src/lib.rs", "one\nmine\n");
    place.put("generated/src/notes.md", "mine\n");
    fs::remove_file(place.root.join("Cargo.toml")).unwrap();
    let mut second = first();
    second.insert("src/a/b.rs".to_owned(), b"new\n".to_vec());
    assert_eq!(
        place.kinds(&second),
        [
            "missing Cargo.toml",
            "changed src/a/b.rs",
            "edited src/lib.rs",
            "extra src/notes.md"
        ]
    );
    let differences = check(&place.root, &second).unwrap();
    let Kind::Edited { diff } = &differences[2].kind else {
        panic!("{differences:?}");
    };
    let expected = "--- src/lib.rs (on disk)\n+++ src/lib.rs (generated)\n@@ -1,2 +1,2 @@\n one\n-mine\n+two\n";
    assert_eq!(diff, expected);
    let written = write(&place.root, &second).unwrap();
    assert_eq!(written.edited, ["src/lib.rs", "src/notes.md"]);
    assert_eq!(place.kinds(&second), Vec::<String>::new());
}

#[test]
fn marker_is_compared_like_any_file() {
    let place = place();
    write(&place.root, &first()).unwrap();
    let marker = place.text(".generated").unwrap();
    place.put(
        "generated/.generated",
        &marker.replace("  Cargo.toml", "  Cargo.tomb"),
    );
    assert_eq!(place.kinds(&first()), ["edited .generated"]);
    place.put("generated/.generated", "nonsense");
    assert_eq!(place.kinds(&first()), ["edited .generated"]);
    fs::remove_file(place.root.join(".generated")).unwrap();
    assert_eq!(place.kinds(&first()), ["missing .generated"]);
}

#[test]
fn missing_folder_misses_every_file() {
    let place = place();
    let missing = [
        "missing .generated",
        "missing Cargo.toml",
        "missing src/a/b.rs",
        "missing src/lib.rs",
    ];
    assert_eq!(place.kinds(&first()), missing);
    assert_eq!(place.siblings(), Vec::<String>::new());
}

#[test]
fn what_a_build_in_place_leaves_is_kept_and_ignored() {
    let place = place();
    write(&place.root, &first()).unwrap();
    place.put("generated/target/debug/x", "x");
    place.put("generated/Cargo.lock", "lock");
    place.put("generated/.git/HEAD", "ref");
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    place.put("generated/src/target/x", "x");
    assert_eq!(place.kinds(&first()), ["extra src/target/x"]);
    let mut second = first();
    second.insert("src/lib.rs".to_owned(), b"new".to_vec());
    write(&place.root, &second).unwrap();
    assert_eq!(place.text("target/debug/x").as_deref(), Some("x"));
    assert_eq!(place.text("Cargo.lock").as_deref(), Some("lock"));
    assert_eq!(place.text(".git/HEAD").as_deref(), Some("ref"));
    second.insert("Cargo.lock".to_owned(), b"generated".to_vec());
    assert_eq!(place.kinds(&second), ["edited Cargo.lock"]);
    write(&place.root, &second).unwrap();
    assert_eq!(place.text("Cargo.lock").as_deref(), Some("generated"));
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn folder_of_somebody_else_is_refused() {
    let place = place();
    place.put("generated/precious.txt", "mine");
    assert!(matches!(
        write(&place.root, &first()),
        Err(OutputError::NotOwned(_))
    ));
    place.put("generated/.generated", "not a marker");
    assert!(matches!(
        write(&place.root, &first()),
        Err(OutputError::NotOwned(_))
    ));
    assert_eq!(place.text("precious.txt").as_deref(), Some("mine"));
    assert_eq!(place.siblings(), ["generated"]);
    place.put("file", "");
    assert!(matches!(
        write(&place.parent.path().join("file"), &first()),
        Err(OutputError::NotOwned(_))
    ));
    fs::create_dir_all(place.parent.path().join("folders/inside")).unwrap();
    assert!(matches!(
        write(&place.parent.path().join("folders"), &first()),
        Err(OutputError::NotOwned(_))
    ));
}

#[test]
fn empty_folder_is_taken() {
    let place = place();
    fs::create_dir(&place.root).unwrap();
    write(&place.root, &first()).unwrap();
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_while_staging_is_recovered() {
    let place = place();
    write(&place.root, &first()).unwrap();
    place.put(".generated.generated-new/.generated", "# This fold");
    place.put(".generated.generated-new/src/lib.rs", "half");
    let written = write(&place.root, &first()).unwrap();
    assert_eq!(written.unchanged, 4);
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_between_the_renames_is_recovered() {
    let place = place();
    write(&place.root, &first()).unwrap();
    fs::rename(
        &place.root,
        place.parent.path().join(".generated.generated-old"),
    )
    .unwrap();
    let written = write(&place.root, &first()).unwrap();
    assert_eq!(written.unchanged, 4);
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_before_clearing_up_is_recovered() {
    let place = place();
    write(&place.root, &first()).unwrap();
    fs::rename(
        &place.root,
        place.parent.path().join(".generated.generated-old"),
    )
    .unwrap();
    place.put(".generated.generated-old/target/x", "x");
    let moved = place.parent.path().join("elsewhere");
    write(&moved, &first()).unwrap();
    fs::rename(&moved, &place.root).unwrap();
    write(&place.root, &first()).unwrap();
    assert_eq!(place.text("target/x").as_deref(), Some("x"));
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_after_the_exchange_is_recovered() {
    let place = place();
    let second = files(&[("src/lib.rs", "new")]);
    write(&place.root, &first()).unwrap();
    place.put("generated/target/x", "x");
    let staged = place.parent.path().join(".generated.generated-new");
    fs::rename(&place.root, &staged).unwrap();
    let elsewhere = place.parent.path().join("elsewhere");
    write(&elsewhere, &second).unwrap();
    fs::rename(&elsewhere, &place.root).unwrap();
    let written = write(&place.root, &second).unwrap();
    assert_eq!(written.unchanged, 2);
    assert_eq!(place.text("target/x").as_deref(), Some("x"));
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn file_in_the_place_of_the_folder_or_of_its_parent_stays() {
    let place = place();
    place.put("generated", "mine");
    assert!(write(&place.root, &first()).is_err());
    assert!(write(&place.root.join("below"), &first()).is_err());
    assert_eq!(fs::read_to_string(&place.root).unwrap(), "mine");
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn folder_in_the_place_of_a_file_or_of_the_staged_folder_is_told_and_changes_nothing() {
    let place = place();
    write(&place.root, &first()).unwrap();
    place.put(".generated.generated-new", "a file, not a folder");
    assert!(write(&place.root, &files(&[("src/lib.rs", "new")])).is_err());
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    let folder = place.parent.path().join("names.lock");
    fs::create_dir(&folder).unwrap();
    assert!(write_file(&folder, b"text").is_err());
    assert!(folder.is_dir());
    assert_eq!(
        place.siblings(),
        [".generated.generated-new", "generated", "names.lock"]
    );
}

#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr, reason = "says why nothing was tested")]
fn read_only_parent_leaves_the_old_folder() {
    use std::os::unix::fs::PermissionsExt;

    let place = place();
    write(&place.root, &first()).unwrap();
    let parent = place.parent.path();
    fs::set_permissions(parent, fs::Permissions::from_mode(0o555)).unwrap();
    let is_writable = fs::write(parent.join("probe"), "").is_ok();
    let written = write(&place.root, &files(&[("src/lib.rs", "new")]));
    fs::set_permissions(parent, fs::Permissions::from_mode(0o755)).unwrap();
    if is_writable {
        eprintln!("skipped: this user may write into folders that are read-only");
        return;
    }
    assert!(matches!(written, Err(OutputError::Io { .. })));
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn leftover_that_is_not_ours_is_not_touched() {
    for name in [".generated.generated-old", ".generated.generated-new"] {
        let place = place();
        place.put(&format!("{name}/precious.txt"), "mine");
        assert!(matches!(
            write(&place.root, &first()),
            Err(OutputError::NotOwned(_))
        ));
        assert_eq!(place.siblings(), [name]);
    }
}

#[test]
fn refused_path_changes_nothing() {
    let place = place();
    write(&place.root, &first()).unwrap();
    let mut second = files(&[("src/lib.rs", "new")]);
    second.insert("../escape.rs".to_owned(), Vec::new());
    assert!(matches!(
        write(&place.root, &second),
        Err(OutputError::Path { .. })
    ));
    assert!(matches!(
        check(&place.root, &second),
        Err(OutputError::Path { .. })
    ));
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    assert_eq!(place.siblings(), ["generated"]);
}

#[test]
fn failure_while_staging_leaves_the_old_folder() {
    let place = place();
    write(&place.root, &first()).unwrap();
    let mut second = first();
    second.insert(format!("src/{}.rs", "x".repeat(300)), Vec::new());
    assert!(matches!(
        write(&place.root, &second),
        Err(OutputError::Io { .. })
    ));
    assert_eq!(place.kinds(&first()), Vec::<String>::new());
    assert_eq!(place.siblings(), ["generated"]);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed_inside_but_lead_to_the_folder() {
    use std::os::unix::fs::symlink;

    let place = place();
    write(&place.root, &first()).unwrap();
    place.put("outside/lib.rs", "one\ntwo\n");
    let link = place.root.join("src/lib.rs");
    fs::remove_file(&link).unwrap();
    symlink(place.parent.path().join("outside/lib.rs"), &link).unwrap();
    symlink(place.parent.path().join("outside"), place.root.join("dir")).unwrap();
    assert_eq!(place.kinds(&first()), ["extra dir", "edited src/lib.rs"]);
    write(&place.root, &first()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
    assert!(place.parent.path().join("outside/lib.rs").exists());

    let alias = place.parent.path().join("alias");
    symlink(&place.root, &alias).unwrap();
    let mut second = first();
    second.insert("new.rs".to_owned(), Vec::new());
    write(&alias, &second).unwrap();
    assert!(fs::symlink_metadata(&alias).unwrap().is_symlink());
    assert_eq!(check(&alias, &second).unwrap(), []);
    assert_eq!(place.kinds(&second), Vec::<String>::new());
}

#[test]
fn long_diff_is_cut() {
    let place = place();
    let text = |word: &str| {
        (0..500)
            .map(|line| format!("{word} {line}\n"))
            .collect::<String>()
    };
    write(&place.root, &files(&[("a", &text("old"))])).unwrap();
    let differences = check(&place.root, &files(&[("a", &text("new"))])).unwrap();
    let Kind::Changed { diff } = &differences[0].kind else {
        panic!("{differences:?}");
    };
    assert_eq!(diff.lines().count(), 61);
    assert!(diff.ends_with("... 943 more lines\n"), "{diff}");
    let bytes = Files::from([("a".to_owned(), vec![0xff])]);
    let differences = check(&place.root, &bytes).unwrap();
    assert!(matches!(&differences[0].kind, Kind::Changed { diff } if diff.contains("no text")));
}

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

fn write(root: &Path, files: &Files) -> Result<Written, OutputError> {
    super::write(root, files, &Inputs::default())
}

struct TemporaryOutput {
    parent: TempDir,
    root: PathBuf,
}

fn temporary_output() -> TemporaryOutput {
    let parent = TempDir::new().unwrap();
    let root = parent.path().join("generated");
    TemporaryOutput { parent, root }
}

impl TemporaryOutput {
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

    /// The names of the files and folders beside the output folder.
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
        let name = |kind: &DifferenceKind| match kind {
            DifferenceKind::Changed { .. } => "changed",
            DifferenceKind::Edited { .. } => "edited",
            DifferenceKind::Missing => "missing",
            DifferenceKind::Extra => "extra",
        };
        differences
            .iter()
            .map(|one| format!("{} {}", name(&one.kind), one.path))
            .collect()
    }
}

#[test]
fn new_folder_has_the_files_and_the_marker() {
    let output = temporary_output();
    let nested = TemporaryOutput {
        root: output.root.join("x/y"),
        parent: output.parent,
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
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let before = (
        output.modified("src/lib.rs"),
        output.modified(".generated"),
        output.modified("src"),
    );
    let written = write(&output.root, &first()).unwrap();
    assert_eq!(
        written,
        Written {
            unchanged: 4,
            ..Written::default()
        }
    );
    let after = (
        output.modified("src/lib.rs"),
        output.modified(".generated"),
        output.modified("src"),
    );
    assert_eq!(before, after);
}

#[test]
fn only_changed_files_are_written_and_stale_ones_removed() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let before = output.modified("Cargo.toml");
    let second = files(&[
        ("Cargo.toml", "[package]\n"),
        ("src/lib.rs", "one\nthree\n"),
        ("src/c.rs", "c\n"),
    ]);
    assert_eq!(
        output.kinds(&second),
        ["extra src/a/b.rs", "missing src/c.rs", "changed src/lib.rs"]
    );
    let written = write(&output.root, &second).unwrap();
    assert_eq!(written.added, ["src/c.rs"]);
    assert_eq!(written.changed, [".generated", "src/lib.rs"]);
    assert_eq!(written.removed, ["src/a/b.rs"]);
    assert_eq!(written.edited, Vec::<String>::new());
    assert_eq!(written.unchanged, 1);
    assert_eq!(output.modified("Cargo.toml"), before);
    assert_eq!(output.text("src/lib.rs").as_deref(), Some("one\nthree\n"));
    assert!(!output.root.join("src/a").exists());
    assert_eq!(output.kinds(&second), Vec::<String>::new());
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn edits_by_hand_are_not_reported_as_out_of_date() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put("generated/src/lib.rs", "one\nmine\n");
    output.put("generated/src/notes.md", "mine\n");
    fs::remove_file(output.root.join("Cargo.toml")).unwrap();
    let mut second = first();
    second.insert("src/a/b.rs".to_owned(), b"new\n".to_vec());
    assert_eq!(
        output.kinds(&second),
        [
            "missing Cargo.toml",
            "changed src/a/b.rs",
            "edited src/lib.rs",
            "extra src/notes.md"
        ]
    );
    let differences = check(&output.root, &second).unwrap();
    let DifferenceKind::Edited { diff } = &differences[2].kind else {
        panic!("{differences:?}");
    };
    let expected = "--- src/lib.rs (on disk)\n+++ src/lib.rs (generated)\n@@ -1,2 +1,2 @@\n one\n-mine\n+two\n";
    assert_eq!(diff, expected);
    let refused = write(&output.root, &second).unwrap_err().to_string();
    assert!(
        refused.ends_with(
            "has files that the generator did not write: src/notes.md; move them out of it"
        ),
        "{refused}"
    );
    assert_eq!(output.text("src/notes.md").as_deref(), Some("mine\n"));
    assert_eq!(output.text("src/lib.rs").as_deref(), Some("one\nmine\n"));
    fs::remove_file(output.root.join("src/notes.md")).unwrap();
    let written = write(&output.root, &second).unwrap();
    assert_eq!(written.edited, ["src/lib.rs"]);
    assert_eq!(output.kinds(&second), Vec::<String>::new());
}

#[test]
fn one_run_at_a_time_writes_to_a_folder() {
    let output = temporary_output();
    let lock = FolderLock::of(&output.root).unwrap();
    let refused = write(&output.root, &first());
    assert!(matches!(refused, Err(OutputError::Busy(_))), "{refused:?}");
    lock.write(&first(), &Inputs::default()).unwrap();
    drop(lock);
    assert_eq!(output.siblings(), ["generated"]);
    // A file that a killed run left is no lock.
    output.put(".generated.generated-lock", "");
    write(&output.root, &first()).unwrap();
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn marker_is_compared_like_any_file() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let marker = output.text(".generated").unwrap();
    output.put(
        "generated/.generated",
        &marker.replace("  Cargo.toml", "  Cargo.tomb"),
    );
    assert_eq!(output.kinds(&first()), ["edited .generated"]);
    output.put("generated/.generated", "nonsense");
    assert_eq!(output.kinds(&first()), ["edited .generated"]);
    fs::remove_file(output.root.join(".generated")).unwrap();
    assert_eq!(output.kinds(&first()), ["missing .generated"]);
}

#[test]
fn every_file_of_a_missing_folder_is_missing() {
    let output = temporary_output();
    let missing = [
        "missing .generated",
        "missing Cargo.toml",
        "missing src/a/b.rs",
        "missing src/lib.rs",
    ];
    assert_eq!(output.kinds(&first()), missing);
    assert_eq!(output.siblings(), Vec::<String>::new());
}

#[test]
fn files_of_a_build_are_kept_and_ignored() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put("generated/target/debug/x", "x");
    output.put("generated/Cargo.lock", "lock");
    output.put("generated/.git/HEAD", "ref");
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    output.put("generated/src/target/x", "x");
    assert_eq!(output.kinds(&first()), ["extra src/target/x"]);
    fs::remove_dir_all(output.root.join("src/target")).unwrap();
    let mut second = first();
    second.insert("src/lib.rs".to_owned(), b"new".to_vec());
    write(&output.root, &second).unwrap();
    assert_eq!(output.text("target/debug/x").as_deref(), Some("x"));
    assert_eq!(output.text("Cargo.lock").as_deref(), Some("lock"));
    assert_eq!(output.text(".git/HEAD").as_deref(), Some("ref"));
    second.insert("Cargo.lock".to_owned(), b"generated".to_vec());
    assert_eq!(output.kinds(&second), ["edited Cargo.lock"]);
    write(&output.root, &second).unwrap();
    assert_eq!(output.text("Cargo.lock").as_deref(), Some("generated"));
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn folder_with_other_files_is_refused() {
    let output = temporary_output();
    output.put("generated/precious.txt", "mine");
    assert!(matches!(
        write(&output.root, &first()),
        Err(OutputError::NotOwned(_))
    ));
    output.put("generated/.generated", "not a marker");
    assert!(matches!(
        write(&output.root, &first()),
        Err(OutputError::NotOwned(_))
    ));
    assert_eq!(output.text("precious.txt").as_deref(), Some("mine"));
    assert_eq!(output.siblings(), ["generated"]);
    output.put("file", "");
    assert!(matches!(
        write(&output.parent.path().join("file"), &first()),
        Err(OutputError::NotAFolder(_))
    ));
    fs::create_dir_all(output.parent.path().join("folders/inside")).unwrap();
    assert!(matches!(
        write(&output.parent.path().join("folders"), &first()),
        Err(OutputError::NotOwned(_))
    ));
}

#[test]
fn empty_folder_is_accepted() {
    let output = temporary_output();
    fs::create_dir(&output.root).unwrap();
    write(&output.root, &first()).unwrap();
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_while_staging_is_recovered() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put(".generated.generated-new/.generated", "# This fold");
    output.put(".generated.generated-new/src/lib.rs", "half");
    let written = write(&output.root, &first()).unwrap();
    assert_eq!(written.unchanged, 4);
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_between_the_renames_is_recovered() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    fs::rename(
        &output.root,
        output.parent.path().join(".generated.generated-old"),
    )
    .unwrap();
    let written = write(&output.root, &first()).unwrap();
    assert_eq!(written.unchanged, 4);
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_before_clearing_up_is_recovered() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    fs::rename(
        &output.root,
        output.parent.path().join(".generated.generated-old"),
    )
    .unwrap();
    output.put(".generated.generated-old/target/x", "x");
    let moved = output.parent.path().join("elsewhere");
    write(&moved, &first()).unwrap();
    fs::rename(&moved, &output.root).unwrap();
    write(&output.root, &first()).unwrap();
    assert_eq!(output.text("target/x").as_deref(), Some("x"));
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn run_that_was_killed_after_the_exchange_is_recovered() {
    let output = temporary_output();
    let second = files(&[("src/lib.rs", "new")]);
    write(&output.root, &first()).unwrap();
    output.put("generated/target/x", "x");
    let staged = output.parent.path().join(".generated.generated-new");
    fs::rename(&output.root, &staged).unwrap();
    let elsewhere = output.parent.path().join("elsewhere");
    write(&elsewhere, &second).unwrap();
    fs::rename(&elsewhere, &output.root).unwrap();
    let written = write(&output.root, &second).unwrap();
    assert_eq!(written.unchanged, 2);
    assert_eq!(output.text("target/x").as_deref(), Some("x"));
    assert_eq!(output.siblings(), ["generated"]);
}

/// The state after a run that was killed between the exchange and moving the kept files back.
fn killed_after_the_exchange() -> TemporaryOutput {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put("generated/.git/HEAD", "history");
    let staged = output.parent.path().join(".generated.generated-new");
    fs::rename(&output.root, &staged).unwrap();
    output
}

#[test]
fn a_repository_that_a_killed_run_left_is_not_removed_for_a_new_one() {
    let output = killed_after_the_exchange();
    let elsewhere = output.parent.path().join("elsewhere");
    write(&elsewhere, &first()).unwrap();
    fs::rename(&elsewhere, &output.root).unwrap();
    output.put("generated/.git/HEAD", "new");
    let refused = write(&output.root, &first());
    assert!(
        matches!(refused, Err(OutputError::KeptTwice { .. })),
        "{refused:?}"
    );
    assert_eq!(output.text(".git/HEAD").as_deref(), Some("new"));
    fs::remove_dir_all(output.root.join(".git")).unwrap();
    write(&output.root, &first()).unwrap();
    assert_eq!(output.text(".git/HEAD").as_deref(), Some("history"));
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn a_repository_that_a_killed_run_left_is_restored_if_the_folder_is_gone() {
    let output = killed_after_the_exchange();
    write(&output.root, &first()).unwrap();
    assert_eq!(output.text(".git/HEAD").as_deref(), Some("history"));
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn a_build_in_the_new_folder_does_not_hinder_the_next_run() {
    let output = killed_after_the_exchange();
    output.put(".generated.generated-new/target/x", "old");
    let elsewhere = output.parent.path().join("elsewhere");
    write(&elsewhere, &first()).unwrap();
    fs::rename(&elsewhere, &output.root).unwrap();
    output.put("generated/target/x", "new");
    write(&output.root, &first()).unwrap();
    assert_eq!(output.text("target/x").as_deref(), Some("new"));
    assert_eq!(output.text(".git/HEAD").as_deref(), Some("history"));
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn file_instead_of_the_folder_or_of_its_parent_stays() {
    let output = temporary_output();
    output.put("generated", "mine");
    assert!(write(&output.root, &first()).is_err());
    assert!(write(&output.root.join("below"), &first()).is_err());
    assert_eq!(fs::read_to_string(&output.root).unwrap(), "mine");
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn folder_instead_of_a_file_or_file_instead_of_the_staged_folder_is_an_error() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put(".generated.generated-new", "a file, not a folder");
    assert!(write(&output.root, &files(&[("src/lib.rs", "new")])).is_err());
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    let folder = output.parent.path().join("names.lock");
    fs::create_dir(&folder).unwrap();
    assert!(write_file(&folder, b"text").is_err());
    assert!(folder.is_dir());
    assert_eq!(
        output.siblings(),
        [".generated.generated-new", "generated", "names.lock"]
    );
}

#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr, reason = "the test reports that it was skipped")]
fn read_only_parent_leaves_the_old_folder() {
    use std::os::unix::fs::PermissionsExt;

    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let parent = output.parent.path();
    fs::set_permissions(parent, fs::Permissions::from_mode(0o555)).unwrap();
    let is_writable = fs::write(parent.join("probe"), "").is_ok();
    let written = write(&output.root, &files(&[("src/lib.rs", "new")]));
    fs::set_permissions(parent, fs::Permissions::from_mode(0o755)).unwrap();
    if is_writable {
        eprintln!("skipped: this user may write into folders that are read-only");
        return;
    }
    assert!(matches!(written, Err(OutputError::Io { .. })));
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn leftover_that_the_generator_did_not_write_is_not_changed() {
    for name in [".generated.generated-old", ".generated.generated-new"] {
        let output = temporary_output();
        output.put(&format!("{name}/precious.txt"), "mine");
        assert!(matches!(
            write(&output.root, &first()),
            Err(OutputError::NotOwned(_))
        ));
        assert_eq!(output.siblings(), [name]);
    }
}

#[test]
fn refused_path_changes_nothing() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let mut second = files(&[("src/lib.rs", "new")]);
    second.insert("../escape.rs".to_owned(), Vec::new());
    assert!(matches!(
        write(&output.root, &second),
        Err(OutputError::Path { .. })
    ));
    assert!(matches!(
        check(&output.root, &second),
        Err(OutputError::Path { .. })
    ));
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    assert_eq!(output.siblings(), ["generated"]);
}

#[test]
fn failure_while_staging_leaves_the_old_folder() {
    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    let mut second = first();
    second.insert(format!("src/{}.rs", "x".repeat(300)), Vec::new());
    assert!(matches!(
        write(&output.root, &second),
        Err(OutputError::Io { .. })
    ));
    assert_eq!(output.kinds(&first()), Vec::<String>::new());
    assert_eq!(output.siblings(), ["generated"]);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed_inside_but_lead_to_the_folder() {
    use std::os::unix::fs::symlink;

    let output = temporary_output();
    write(&output.root, &first()).unwrap();
    output.put("outside/lib.rs", "one\ntwo\n");
    let link = output.root.join("src/lib.rs");
    fs::remove_file(&link).unwrap();
    symlink(output.parent.path().join("outside/lib.rs"), &link).unwrap();
    symlink(
        output.parent.path().join("outside"),
        output.root.join("dir"),
    )
    .unwrap();
    assert_eq!(output.kinds(&first()), ["extra dir", "edited src/lib.rs"]);
    let refused = write(&output.root, &first());
    assert!(matches!(refused, Err(OutputError::ForeignFiles { .. })));
    fs::remove_file(output.root.join("dir")).unwrap();
    write(&output.root, &first()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
    assert!(output.parent.path().join("outside/lib.rs").exists());

    let alias = output.parent.path().join("alias");
    symlink(&output.root, &alias).unwrap();
    let mut second = first();
    second.insert("new.rs".to_owned(), Vec::new());
    write(&alias, &second).unwrap();
    assert!(fs::symlink_metadata(&alias).unwrap().is_symlink());
    assert_eq!(check(&alias, &second).unwrap(), []);
    assert_eq!(output.kinds(&second), Vec::<String>::new());
}

#[test]
fn long_diff_is_cut() {
    let output = temporary_output();
    let text = |word: &str| {
        (0..500)
            .map(|line| format!("{word} {line}\n"))
            .collect::<String>()
    };
    write(&output.root, &files(&[("a", &text("old"))])).unwrap();
    let differences = check(&output.root, &files(&[("a", &text("new"))])).unwrap();
    let DifferenceKind::Changed { diff } = &differences[0].kind else {
        panic!("{differences:?}");
    };
    assert_eq!(diff.lines().count(), 61);
    assert!(diff.ends_with("... 943 more lines\n"), "{diff}");
    let bytes = Files::from([("a".to_owned(), vec![0xff])]);
    let differences = check(&output.root, &bytes).unwrap();
    assert!(
        matches!(&differences[0].kind, DifferenceKind::Changed { diff } if diff.contains("not text"))
    );
}

#[test]
fn the_inputs_are_known_and_a_change_of_them_alone_is_no_difference() {
    let output = temporary_output();
    assert!(inputs(&output.root).unwrap().is_empty());
    let before = Inputs::of([("pets.yaml", "openapi: 3.1.0\n")]);
    super::write(&output.root, &first(), &before).unwrap();
    assert_eq!(inputs(&output.root).unwrap(), before);
    assert_eq!(check(&output.root, &first()).unwrap(), []);
    let after = Inputs::of([("pets.yaml", "openapi: 3.1.0 # a comment\n")]);
    let written = super::write(&output.root, &first(), &after).unwrap();
    assert_eq!(written.changed, [".generated"]);
    assert_eq!(inputs(&output.root).unwrap(), after);
}

#[test]
fn data_for_programs_is_not_shown_line_by_line() {
    let output = temporary_output();
    write(&output.root, &files(&[("data.json", "{\"a\": 1}\n")])).unwrap();
    let differences = check(&output.root, &files(&[("data.json", "{}\n")])).unwrap();
    let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["out of date: data.json\n9 bytes on disk, 3 generated"]
    );
}

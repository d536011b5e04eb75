//! Runs that write to the same folder at the same time, and are killed at any moment, leave a whole folder.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const ROUNDS: usize = 40;

/// A document with this number of operations, so that each has other files.
fn document(operations: usize) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\nservers: [{url: 'https://pets.example'}]\npaths:\n".to_owned();
    for number in 0..operations {
        text.push_str(&format!(
            "  /group{number}/pets:\n    get: {{tags: [Group {number}], responses: {{'204': {{description: Done.}}}}}}\n"
        ));
    }
    text
}

fn start(folder: &Path, document: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .args([
            "generate", "--spec", document, "--out", "pets", "--name", "pets",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The operations of the crate in a folder, all of whose files are those of one run.
fn operations(folder: &Path) -> usize {
    let marker = std::fs::read_to_string(folder.join(".generated")).unwrap();
    let checked = Command::new("sha256sum")
        .current_dir(folder)
        .args(["--check", "--quiet", ".generated"])
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let modules = marker
        .lines()
        .filter(|line| line.contains("src/operations/"));
    modules.count()
}

/// Starts a number of runs in one folder, again and again, and kills another selection of them each time.
fn check(runs: usize) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.yaml"), document(2)).unwrap();
    std::fs::write(folder.path().join("large.yaml"), document(30)).unwrap();
    assert!(start(folder.path(), "small.yaml").wait().unwrap().success());
    let small = operations(&folder.path().join("pets"));
    let mut seen = [false, false];
    for round in 0..ROUNDS {
        let documents = ["large.yaml", "small.yaml"].into_iter().cycle();
        let documents = documents.skip(round % 2).take(runs);
        let mut started: Vec<Child> = documents
            .map(|document| start(folder.path(), document))
            .collect();
        // From before the first file is written to after the last one.
        std::thread::sleep(Duration::from_millis(round as u64 * 7 % 150));
        let selections = (1 << runs) - 1;
        let selection = round % selections + 1;
        for (index, run) in started.iter_mut().enumerate() {
            if selection >> index & 1 == 1 {
                run.kill().unwrap();
            }
        }
        let ends: Vec<Option<i32>> = started
            .iter_mut()
            .map(|run| run.wait().unwrap().code())
            .collect();
        assert!(
            ends.iter().all(|end| matches!(end, None | Some(0 | 1))),
            "{ends:?}"
        );
        let found = operations(&folder.path().join("pets"));
        assert!([small, 30].contains(&found), "{found} of round {round}");
        seen[usize::from(found == small)] = true;
    }
    assert_eq!(seen, [true, true], "runs of both documents have won");
    // What the killed runs left beside the folder is gone after the next run.
    assert!(start(folder.path(), "small.yaml").wait().unwrap().success());
    let mut entries: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    entries.sort();
    assert_eq!(entries, ["large.yaml", "pets", "small.yaml"]);
}

#[test]
fn a_whole_folder_is_left_by_two_runs_that_may_be_killed() {
    check(2);
}

#[test]
fn a_whole_folder_is_left_by_three_runs_that_may_be_killed() {
    check(3);
}

#[test]
fn a_whole_folder_is_left_by_four_runs_that_may_be_killed() {
    check(4);
}

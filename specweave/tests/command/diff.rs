//! `specweave diff` and `specweave check --semver` in a repository of git.

use std::process::{Command, Output};

use tempfile::TempDir;

use crate::run;

const MANIFEST: &str = "
[package]
name = 'pets'
version = '0.1.0'
output = '../pets'

[[source]]
id = 'pets'
title = 'Pets'
rank = 1
document = 'pets.yaml'
";

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: tag, in: query, schema: {type: string}}]
      responses: {'204': {description: None.}}
";

struct Repository(TempDir);

impl Repository {
    /// A repository with a crate, committed. The project is in a folder below its root.
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(repository.path("apis/specs")).unwrap();
        repository.write("apis/specs/manifest.toml", MANIFEST);
        repository.write("apis/specs/pets.yaml", DOCUMENT);
        repository.git(&["init", "--quiet"]);
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message", "The first version"]);
        repository
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
        let status = Command::new("git")
            .current_dir(self.0.path())
            .args(identity)
            .args(arguments)
            .status();
        assert!(status.unwrap().success());
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.path("apis"), arguments)
    }
}

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

#[test]
fn nothing_has_changed() {
    let repository = Repository::new();
    let output = repository.run(&["diff"]);
    assert_eq!(said(&output), "verdict: none\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_breaking_change_fails_unless_it_is_acknowledged() {
    let repository = Repository::new();
    let renamed = DOCUMENT.replace("name: tag", "name: kind, required: true");
    repository.write("apis/specs/pets.yaml", &renamed);
    let output = repository.run(&["diff", "HEAD"]);
    let text = said(&output);
    assert!(
        text.contains("parameter-added: GET /pets query kind"),
        "{text}"
    );
    let advice = "verdict: major\n\nIf the breaking changes are wanted, write an entry for each, with the reason, into the file of `--acknowledged`:\n\n[[change]]\nkind = \"parameter-added\"\nitem = \"GET /pets query kind\"\nreason = \"\"\n\n[[change]]\nkind = \"parameter-removed\"\nitem = \"GET /pets query tag\"\nreason = \"\"\n";
    assert!(text.ends_with(advice), "{text}");
    assert_eq!(output.status.code(), Some(3));
    let entry = |kind: &str, item: &str| {
        format!("[[change]]\nkind = '{kind}'\nitem = '{item}'\nreason = 'Agreed.'\n")
    };
    repository.write(
        "known.toml",
        &[
            entry("parameter-added", "GET /pets query kind"),
            entry("parameter-removed", "GET /pets query tag"),
        ]
        .concat(),
    );
    let all = std::fs::read_to_string(repository.path("known.toml")).unwrap();
    repository.write(
        "known.toml",
        &entry("parameter-added", "GET /pets query kind"),
    );
    let text = said(&repository.run(&["diff", "--acknowledged", "../known.toml"]));
    assert_eq!(text.matches("[[change]]").count(), 1, "{text}");
    repository.write("known.toml", &all);
    let output = repository.run(&["diff", "--acknowledged", "../known.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("warning"), "{}", said(&output));
    let text = said(&output);
    assert_eq!(
        text.matches("    acknowledged: Agreed.\n").count(),
        2,
        "{text}"
    );
    assert!(text.ends_with("verdict: major\n"), "{text}");
    let known = ["diff", "--acknowledged", "../known.toml", "--format"];
    let printed = |format| said(&repository.run(&[known.as_slice(), &[format]].concat()));
    let markdown = printed("markdown");
    assert!(
        markdown.contains("is gone; acknowledged: Agreed. |"),
        "{markdown}"
    );
    let log = printed("changelog");
    assert!(log.contains("is gone. Agreed.\n"), "{log}");
    let json: serde_json::Value = serde_json::from_str(&printed("json")).unwrap();
    assert_eq!(json["changes"][0]["acknowledged"], "Agreed.");
    let github = printed("github");
    assert!(github.contains("(acknowledged: Agreed.)"), "{github}");
    assert!(!github.contains("::error"), "{github}");
}

#[test]
fn an_acknowledgement_has_a_reason() {
    let repository = Repository::new();
    let renamed = DOCUMENT.replace("name: tag", "name: kind, required: true");
    repository.write("apis/specs/pets.yaml", &renamed);
    let advice = String::from_utf8(repository.run(&["diff"]).stderr).unwrap();
    let entry = advice.split_once("[[change]]").unwrap().1;
    repository.write("known.toml", &format!("[[change]]{entry}"));
    let output = repository.run(&["diff", "--acknowledged", "../known.toml"]);
    let text = said(&output);
    assert!(
        text.contains(
            "error[empty-reason]: `parameter-added` of `GET /pets query kind` has no reason"
        ),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(1));
    let help = said(&repository.run(&["diff", "--help"]));
    assert!(help.contains("  [[change]]\n  kind = "), "{help}");
}

#[test]
fn a_package_with_another_name_is_breaking() {
    let repository = Repository::new();
    let renamed = MANIFEST.replace("name = 'pets'", "name = 'tea'\nlicense = 'MIT'");
    repository.write("apis/specs/manifest.toml", &renamed);
    let output = repository.run(&["diff", "--quiet"]);
    assert_eq!(
        said(&output),
        "Breaking changes
  package-renamed: the package (pets \u{2192} tea)
    callers depend on the package `tea` instead of `pets`, and `pets::` is `tea::` in paths
    specs/manifest.toml:3:8 (manifest)
Documentation and wire format
  package-license-changed: the package (nothing \u{2192} MIT)
    the license of `tea`: nothing \u{2192} `MIT`
    specs/manifest.toml:3:8 (manifest)
verdict: major
"
    );
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_changed_text_of_the_api_asks_for_a_patch() {
    let repository = Repository::new();
    let titled = DOCUMENT.replace("title: Pets, version: '1'", "title: Animals, version: '1'");
    repository.write("apis/specs/pets.yaml", &titled);
    assert_eq!(
        said(&repository.run(&["diff"])),
        "Documentation and wire format
  api-title-changed: the API (Pets \u{2192} Animals)
    the title of the API, which is documentation: `Pets` \u{2192} `Animals`
    specs/pets.yaml:3:15 (pets)
verdict: patch
"
    );
    assert!(repository.run(&["generate"]).status.success());
    let text = said(&repository.run(&["check", "--semver"]));
    assert!(
        text.contains("version 0.1.0 is too low for patch changes"),
        "{text}"
    );
}

#[test]
fn an_error_of_the_earlier_version_names_the_revision() {
    let repository = Repository::new();
    let broken = DOCUMENT.replace("type: string}}]", "type: string}]");
    repository.write("apis/specs/pets.yaml", &broken);
    repository.git(&["commit", "--quiet", "--all", "--message", "Broken"]);
    repository.write("apis/specs/pets.yaml", DOCUMENT);
    let output = repository.run(&["diff", "HEAD"]);
    let text = said(&output);
    assert!(text.contains("--> HEAD:apis/specs/pets.yaml:"), "{text}");
    assert_eq!(output.status.code(), Some(1));
    let json = repository.run(&["diff", "HEAD", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let position = &json["diagnostics"][0]["positions"][0];
    assert_eq!(position["file"], "HEAD:apis/specs/pets.yaml");
}

#[test]
fn what_is_neither_a_revision_nor_two_files_is_refused() {
    let repository = Repository::new();
    let renamed = DOCUMENT.replace("name: tag", "name: kind");
    repository.write("apis/specs/pets.yaml", &renamed);
    repository.git(&["commit", "--quiet", "--all", "--message", "Renamed"]);
    let takes = "`diff` takes one revision, to which the files as they are now are compared, or two documents or manifests, the earlier one first";
    for (arguments, problem) in [
        (
            &["HEAD~1", "HEAD"][..],
            "`HEAD~1` is a revision, of which only one can be given, and no file beside it",
        ),
        (&["HEAD~1..HEAD"], "`HEAD~1..HEAD` is a range of revisions"),
        (&["specs/pets.yaml"], "`specs/pets.yaml` is one file"),
    ] {
        let output = repository.run(&[&["diff"], arguments].concat());
        assert_eq!(said(&output), format!("error: {problem}; {takes}\n"));
        assert_eq!(output.status.code(), Some(2));
    }
    let output = repository.run(&["diff", "specs/no.yaml", "specs/pets.yaml"]);
    let text = said(&output);
    assert!(text.contains("cannot read `specs/no.yaml`"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_acknowledgement_without_a_breaking_change_is_a_warning() {
    let repository = Repository::new();
    let renamed = DOCUMENT.replace("name: tag", "name: kind, required: true");
    repository.write("apis/specs/pets.yaml", &renamed);
    let warned = |kind: &str, item: &str, help: &str| {
        let entry = format!("[[change]]\nkind = '{kind}'\nitem = '{item}'\nreason = 'Agreed.'\n");
        repository.write("known.toml", &entry);
        let output = repository.run(&["diff", "--acknowledged", "../known.toml"]);
        let text = said(&output);
        for expected in [
            &format!(
                "warning[needless-acknowledgement]: there is no breaking change `{kind}` of `{item}`"
            ),
            "../known.toml:1:1",
            help,
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert_eq!(output.status.code(), Some(3), "{text}");
    };
    let added = "parameter-added";
    warned(
        added,
        "GET /pets query kinds",
        "did you mean `GET /pets query kind`?",
    );
    warned(
        "parameter-new",
        "GET /pets query kind",
        "did you mean the kind `parameter-added`?",
    );
    warned(added, "DELETE /pets/{} query force", "remove the entry");
    repository.write("known.toml", "[[change]]\nkind = 5\n");
    let output = repository.run(&["diff", "--acknowledged", "../known.toml"]);
    let text = said(&output);
    assert!(
        text.contains("error[invalid-toml]") && text.contains("../known.toml:2:8"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn two_files_are_compared_without_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), DOCUMENT).unwrap();
    let new = DOCUMENT.replace(
        "{name: tag,",
        "{name: age, in: query, schema: {type: integer}}, {name: tag,",
    );
    std::fs::write(folder.path().join("new.yaml"), new).unwrap();
    let output = run(folder.path(), &["diff", "old.yaml", "new.yaml", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["verdict"], "minor");
    assert_eq!(json["changes"][0]["kind"], "parameter-added");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_version_of_the_manifest_has_to_follow_the_changes() {
    let repository = Repository::new();
    assert!(repository.run(&["generate"]).status.success());
    let output = repository.run(&["check", "--semver"]);
    let unchanged = "version 0.1.0 suffices: no changes since HEAD (0.1.0)";
    assert!(said(&output).contains(unchanged), "{}", said(&output));
    assert!(output.status.success());
    repository.write(
        "apis/specs/pets.yaml",
        &DOCUMENT.replace("operationId: listPets", "operationId: findPets"),
    );
    // A crate that is out of date hides no verdict.
    let text = said(&repository.run(&["check", "--semver"]));
    for expected in ["is out of date", "version 0.1.0 is too low for major"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(repository.run(&["generate"]).status.success());
    let output = repository.run(&["check", "--semver"]);
    let text = said(&output);
    assert!(
        text.contains(
            "version 0.1.0 is too low for major changes since HEAD (0.1.0); set at least 0.2.0"
        ),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(1));
    let manifest = MANIFEST.replace("0.1.0", "0.2.0");
    repository.write("apis/specs/manifest.toml", &manifest);
    assert!(repository.run(&["generate"]).status.success());
    let output = repository.run(&["check", "--semver", "HEAD"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_pre_release_suffices_after_an_earlier_one() {
    let repository = Repository::new();
    let set = |version: &str| {
        repository.write(
            "apis/specs/manifest.toml",
            &MANIFEST.replace("0.1.0", version),
        );
        assert!(repository.run(&["generate"]).status.success());
        repository.run(&["check", "--semver"])
    };
    set("1.0.0-alpha.1");
    repository.git(&["commit", "--quiet", "--all", "--message", "Alpha"]);
    let renamed = DOCUMENT.replace("operationId: listPets", "operationId: findPets");
    repository.write("apis/specs/pets.yaml", &renamed);
    for version in ["1.0.0-alpha.2", "1.0.0"] {
        let output = set(version);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let text = said(&set("1.0.0-alpha.1"));
    assert!(text.contains("set at least 1.0.0-alpha.2"), "{text}");
}

#[test]
fn a_hook_of_git_compares_the_repository_that_the_manifest_is_in() {
    let (repository, other) = (Repository::new(), Repository::new());
    other.git(&["rm", "--quiet", "-r", "apis"]);
    other.git(&["commit", "--quiet", "--message", "Nothing"]);
    for hook_of in [&repository, &other] {
        let output = Command::new(env!("CARGO_BIN_EXE_specweave"))
            .current_dir(repository.path("apis"))
            .env("GIT_DIR", hook_of.path(".git"))
            .env("GIT_INDEX_FILE", hook_of.path(".git/index"))
            .env("GIT_PREFIX", "")
            .arg("diff")
            .output()
            .unwrap();
        assert_eq!(said(&output), "verdict: none\n");
    }
}

#[test]
fn a_name_that_is_edited_by_hand_is_told() {
    let repository = Repository::new();
    let pinned = format!("names = 'names.lock'\n{MANIFEST}");
    repository.write("apis/specs/manifest.toml", &pinned);
    let body = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";
    let described = DOCUMENT.replace("description: None.", &format!("description: Pets., {body}"));
    let described = described.replace("'204'", "'200'");
    let schema = "components: {schemas: {Pet: {type: object, properties: {name: {type: string}}}}}";
    repository.write("apis/specs/pets.yaml", &format!("{described}{schema}\n"));
    assert!(repository.run(&["generate"]).status.success());
    let rename = |from: &str, to: &str| {
        let lock = std::fs::read_to_string(repository.path("apis/specs/names.lock")).unwrap();
        assert!(lock.contains(from), "{lock}");
        repository.write("apis/specs/names.lock", &lock.replace(from, to));
    };
    rename("\"list_pets\"", "\"all_pets\"");
    let change = "GET /pets\n  major: operation-renamed: `Client::list_pets` is called `Client::all_pets` now\n";
    let text = said(&repository.run(&["check"]));
    for expected in [
        "no source has changed: the generator has, or names in specs/names.lock, or files were edited by hand",
        change,
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let text = said(&repository.run(&["generate"]));
    assert!(text.contains(change), "{text}");
    let text = said(&repository.run(&["check"]));
    assert!(text.contains("is current"), "{text}");
    let text = said(&repository.run(&["generate"]));
    assert!(!text.contains("The API has changed"), "{text}");
}

#[test]
fn a_revision_that_is_none_is_an_error() {
    let repository = Repository::new();
    let output = repository.run(&["diff", "no-such-revision"]);
    assert!(
        said(&output).starts_with("error: `no-such-revision` is no revision of the repository "),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn without_an_earlier_version_it_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository(folder);
    std::fs::create_dir_all(repository.path("apis/specs")).unwrap();
    let fails = |expected: &str| {
        let output = repository.run(&["diff"]);
        let text = said(&output);
        assert!(text.contains(expected), "{text}");
        assert_eq!(output.status.code(), Some(1));
    };
    fails("error: there is no manifest specs/manifest.toml; write one with `specweave init`, ");
    repository.write("apis/specs/manifest.toml", MANIFEST);
    repository.write("apis/specs/pets.yaml", DOCUMENT);
    fails("error: specs is in no repository of git that has an earlier version (");
    repository.git(&["init", "--quiet"]);
    fails(
        "error: nothing is committed yet, so that there is no earlier version; commit specs first",
    );
    repository.write("readme.md", "Pets");
    repository.git(&["add", "readme.md"]);
    repository.git(&["commit", "--quiet", "--message", "The first version"]);
    fails(
        "error: specs/manifest.toml is not in `HEAD`, so that there is no earlier version; commit it",
    );
    for command in [["generate"], ["check"], ["lint"], ["transcribe"]] {
        let output = run(repository.0.path(), &command);
        let text = said(&output);
        assert!(
            text.contains("there is no manifest specs/manifest.toml"),
            "{text}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn a_media_type_that_joins_leaves_the_pinned_variant_of_another_as_it_is() {
    let repository = Repository::new();
    let text = DOCUMENT.replace(
        "'204': {description: None.}",
        "'204': {description: None.}, '404': {description: Gone., content: {text/plain: {schema: {type: string}}}}",
    );
    repository.write("apis/specs/pets.yaml", &text);
    let pinned = format!("names = 'names.lock'\n{MANIFEST}");
    repository.write("apis/specs/manifest.toml", &pinned);
    assert!(repository.run(&["generate"]).status.success());
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "Not found"]);
    let joined = text.replace(
        "{text/plain:",
        "{application/json: {schema: {type: integer}}, text/plain:",
    );
    repository.write("apis/specs/pets.yaml", &joined);
    let text = said(&repository.run(&["diff"]));
    assert!(
        text.contains("`ListPetsResponse::NotFoundApplicationJson` is new"),
        "{text}"
    );
    assert!(text.ends_with("verdict: minor\n"), "{text}");
}

#[test]
fn an_undecided_contradiction_is_named_and_all_else_is_compared() {
    let repository = Repository::new();
    let second = "\n[[source]]\nid = 'page'\ntitle = 'Page'\nrank = 2\ndocument = 'page.yaml'\n";
    let manifest = format!("resolutions = 'resolutions.toml'\n{MANIFEST}{second}");
    repository.write("apis/specs/manifest.toml", &manifest);
    repository.write("apis/specs/page.yaml", DOCUMENT);
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "A second source"]);
    let numbers = DOCUMENT.replace("type: string", "type: integer");
    repository.write("apis/specs/page.yaml", &numbers);
    let removed = "  /pets/{id}:\n    delete: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: Done.}}}\n";
    repository.write("apis/specs/pets.yaml", &format!("{DOCUMENT}{removed}"));
    let output = repository.run(&["diff"]);
    let (told, errors) = (output.stdout.clone(), said(&output));
    let told = String::from_utf8(told).unwrap();
    assert!(
        told.starts_with(
            "Undecided contradictions, of which the proposed decision is compared\n  specs/pets.yaml:9:58: the sources contradict each other: type of `GET /pets query tag` (later version)\nAdditions\n  operation-added: DELETE /pets/{}\n"
        ),
        "{told}"
    );
    assert!(errors.contains("[[resolution]]"), "{errors}");
    assert_eq!(output.status.code(), Some(1));
    let markdown = said(&repository.run(&["diff", "--format", "markdown"]));
    assert!(
        markdown.contains("- specs/pets.yaml:9:58: the sources contradict each other: type of"),
        "{markdown}"
    );
    let json = repository.run(&["diff", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["undecided"][0]["side"], "after");
    assert_eq!(json["undecided"][0]["at"], "specs/pets.yaml:9:58");
    assert_eq!(json["changes"][0]["kind"], "operation-added");
    // The contradiction may be in the earlier version, and be decided now.
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "Undecided"]);
    repository.write("apis/specs/page.yaml", DOCUMENT);
    let output = repository.run(&["diff"]);
    let text = said(&output);
    assert!(text.contains("(earlier version)"), "{text}");
    assert_eq!(output.status.code(), Some(1), "{text}");
}

#[test]
fn base_paths_that_differ_now_are_named_once_with_both_places() {
    let repository = Repository::new();
    let second = "\n[[source]]\nid = 'page'\ntitle = 'Page'\nrank = 2\ndocument = 'page.yaml'\n";
    repository.write("apis/specs/manifest.toml", &format!("{MANIFEST}{second}"));
    let of = |version: &str| DOCUMENT.replace("pets.example", &format!("pets.example/{version}"));
    repository.write("apis/specs/pets.yaml", &of("v2"));
    repository.write("apis/specs/page.yaml", &of("v2"));
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "Two sources"]);
    repository.write("apis/specs/pets.yaml", &of("v3"));
    let text = said(&repository.run(&["diff"]));
    assert_eq!(text.matches("base-paths-differ").count(), 1, "{text}");
    for place in [
        "specs/pets.yaml:4:11",
        "`pets` has `/v3`",
        "specs/page.yaml:4:11",
        "`page` has `/v2`",
        "`update: {url: /the/path}`",
    ] {
        assert!(text.contains(place), "{place}: {text}");
    }
    // That they are different operations can be said.
    let manifest = format!("base_path = '/'\n{MANIFEST}{second}");
    repository.write("apis/specs/manifest.toml", &manifest);
    let text = said(&repository.run(&["diff"]));
    assert!(!text.contains("base-paths-differ"), "{text}");
    // Both can have the new one.
    repository.write("apis/specs/manifest.toml", &format!("{MANIFEST}{second}"));
    repository.write("apis/specs/page.yaml", &of("v3"));
    let text = said(&repository.run(&["diff"]));
    assert!(!text.contains("base-paths-differ"), "{text}");
    assert!(!text.contains("operation-"), "{text}");
}

#[test]
fn an_operation_at_another_path_keeps_its_pinned_name_and_is_moved() {
    let repository = Repository::new();
    let pinned = format!("names = 'names.lock'\n{MANIFEST}");
    repository.write("apis/specs/manifest.toml", &pinned);
    assert!(repository.run(&["generate"]).status.success());
    let lock = std::fs::read_to_string(repository.path("apis/specs/names.lock")).unwrap();
    let by_hand = lock.replace("\"list_pets\"", "\"all_pets\"");
    repository.write("apis/specs/names.lock", &by_hand);
    assert!(repository.run(&["generate"]).status.success());
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "Names"]);
    let moved = DOCUMENT.replace("  /pets:", "  /animals:");
    repository.write("apis/specs/pets.yaml", &moved);
    let told = "Documentation and wire format\n  operation-moved: GET /animals (GET /pets \u{2192} GET /animals)\n    `Client::all_pets` is sent to another path\n";
    let text = said(&repository.run(&["diff"]));
    assert!(text.starts_with(told), "{text}");
    assert!(text.ends_with("verdict: patch\n"), "{text}");
    assert!(repository.run(&["generate"]).status.success());
    let lock = std::fs::read_to_string(repository.path("apis/specs/names.lock")).unwrap();
    assert!(lock.contains("\"GET /animals\" = \"all_pets\""), "{lock}");
    assert!(lock.contains("\"GET /animals\" = \"listPets\""), "{lock}");
    assert!(!lock.contains("GET /pets"), "{lock}");
}

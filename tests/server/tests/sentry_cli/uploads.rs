//! Uploads of source maps and of debug files.

use crate::cli::Cli;
use crate::process::{ORGANIZATION, PROJECT};

const VERSION: &str = "shop@1.0.0";

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn source_maps_are_uploaded() {
    for cli in Cli::all().await {
        let client = cli.client();
        cli.write(
            "out/a.js",
            "console.log(1);\n//# sourceMappingURL=a.js.map\n",
        );
        let map = r#"{"version":3,"sources":["a.ts"],"sourcesContent":["1"],"names":[],"mappings":"AAAA"}"#;
        cli.write("out/a.js.map", map);
        let text = cli.run(&["sourcemaps", "inject", "out"]);
        assert!(
            text.contains("Source Map Debug ID Injection Report"),
            "{text}"
        );
        let upload = ["sourcemaps", "upload", "--release", VERSION, "out"];
        let text = cli.run(&upload);
        assert!(text.contains("Source Map Upload Report"), "{text}");

        let files = client
            .list_organization_release_files(ORGANIZATION, VERSION)
            .send()
            .await;
        let files = files.expect("they are listed").value.into_iter();
        let names: Vec<_> = files.filter_map(|file| file.name).collect();
        // They are in a bundle.
        assert_eq!(names, [""; 0]);
        let event = client
            .retrieve_latest_issue_event("1")
            .send()
            .await
            .expect("there is one");
        let event = event.value.event_id.expect("an id");
        let debug = client.debug_project_event_source_maps(ORGANIZATION, PROJECT, event);
        let debug = debug.send().await.expect("there is something").value;
        assert_eq!(debug.release_has_some_artifact, Some(true));
        assert_eq!(debug.project_has_some_artifact_bundle, Some(true));
        // What is there is not uploaded again.
        cli.run(&upload);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn files_of_a_release_are_listed_and_deleted() {
    for cli in Cli::all().await {
        // Version 3 has no such commands.
        if !cli.is_old() {
            continue;
        }
        let client = cli.client();
        cli.write("a.txt", "some text");
        cli.run(&["releases", "files", VERSION, "upload", "a.txt", "~/a.txt"]);
        let text = cli.run(&["releases", "files", VERSION, "list"]);
        assert!(text.contains("~/a.txt"), "{text}");
        cli.run(&["releases", "files", VERSION, "delete", "~/a.txt"]);
        cli.run(&["releases", "files", VERSION, "upload", "a.txt", "~/b.txt"]);
        cli.run(&["releases", "files", VERSION, "delete", "--all"]);
        let files = client
            .list_organization_release_files(ORGANIZATION, VERSION)
            .send()
            .await;
        assert_eq!(files.expect("they are listed").value.len(), 0);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn debug_files_are_uploaded_once() {
    for cli in Cli::all().await {
        let client = cli.client();
        let module = "MODULE Linux x86_64 DFB8E43AF2423D73A453AEB6A777EF750 shop\n\
                      FILE 0 shop.c\nFUNC 1000 10 0 main\n1000 10 1 0\n";
        cli.write("shop.sym", module);
        let text = cli.run(&["debug-files", "check", "shop.sym"]);
        assert!(text.contains("Usable: yes"), "{text}");
        for expected in [
            "Uploaded 1 missing debug information file",
            "Nothing to upload",
        ] {
            let text = cli.run(&["debug-files", "upload", "shop.sym"]);
            assert!(text.contains(expected), "{text}");
            let files = client
                .list_project_debug_files(ORGANIZATION, PROJECT)
                .send()
                .await;
            let files = files.expect("they are listed").value;
            assert_eq!(files.len(), 1);
            let id = files[0].debug_id.as_deref();
            assert_eq!(id, Some("dfb8e43a-f242-3d73-a453-aeb6a777ef75"));
        }
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn source_maps_are_uploaded_without_a_release() {
    for cli in Cli::all().await {
        cli.write("out/a.js", "console.log(1);\n");
        let text = cli.run(&["sourcemaps", "upload", "--wait", "out"]);
        assert!(text.contains("Release: None"), "{text}");
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn symbol_maps_of_dart_belong_to_a_debug_file() {
    for cli in Cli::all().await {
        let program = std::env::current_exe().expect("it is a file");
        let program = program.to_str().expect("a path of UTF-8");
        cli.write("names.json", r#"["Shop","a"]"#);
        let text = cli.run(&["dart-symbol-map", "upload", "names.json", program]);
        assert!(text.contains("Uploaded 1 missing"), "{text}");
        let files = cli
            .client()
            .list_project_debug_files(ORGANIZATION, PROJECT)
            .send();
        let files = files.await.expect("they are listed").value;
        assert_eq!(files[0].symbol_type.as_deref(), Some("dartsymbolmap"));
        assert!(files[0].debug_id.is_some());
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn mappings_of_code_are_created_and_then_updated() {
    for cli in Cli::all().await {
        // Version 2 has no such command.
        if cli.is_old() {
            continue;
        }
        cli.repository();
        let mapping = r#"{"stackRoot": "com/example", "sourceRoot": "src/com/example"}"#;
        cli.write("mappings.json", &format!("[{mapping}]"));
        for expected in ["Created: 1, Updated: 0", "Created: 0, Updated: 1"] {
            let text = cli.run(&["code-mappings", "upload", "mappings.json"]);
            assert!(text.contains(expected), "{text}");
        }
        let other = ["code-mappings", "upload", "--repo", "example/other"];
        cli.fail(&[&other[..], &["mappings.json"]].concat());
    }
}

/// The types and the identifiers of the debug files of the project.
async fn debug_files(cli: &Cli) -> Vec<(Option<String>, Option<String>)> {
    let files = cli
        .client()
        .list_project_debug_files(ORGANIZATION, PROJECT)
        .send();
    let files = files.await.expect("they are listed").value.into_iter();
    files
        .map(|file| (file.symbol_type, file.debug_id))
        .collect()
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn mappings_of_proguard_are_uploaded_once() {
    for cli in Cli::all().await {
        let mapping = "com.example.A -> a.a:\n    1:5:void m():10:14 -> a\n";
        cli.write("mapping.txt", mapping);
        let upload = ["upload-proguard", "mapping.txt"];
        cli.run(&upload);
        let id = "a8e14dcb-38eb-580d-9754-e4c3f2514822";
        let expected = [(Some("proguard".to_owned()), Some(id.to_owned()))];
        assert_eq!(debug_files(&cli).await, expected);
        cli.run(&upload);
        assert_eq!(debug_files(&cli).await, expected);
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn sources_of_java_are_uploaded_as_a_bundle() {
    for cli in Cli::all().await {
        let id = "dfb8e43a-f242-3d73-a453-aeb6a777ef75";
        cli.write("src/com/example/A.java", "class A {}");
        let bundle = ["debug-files", "bundle-jvm", "--output", "bundle"];
        cli.run(&[&bundle[..], &["--debug-id", id, "src"]].concat());
        for expected in [
            "Uploaded 1 missing debug information file",
            "Nothing to upload",
        ] {
            let text = cli.run(&["debug-files", "upload", "--type", "jvm", "bundle"]);
            assert!(text.contains(expected), "{text}");
            let files = debug_files(&cli).await;
            assert_eq!(files.len(), 1);
            assert_eq!(files[0].1.as_deref(), Some(id));
        }
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs sentry-cli"]
async fn what_the_service_lacks_is_no_missing_project() {
    for cli in Cli::all().await {
        cli.write(
            "mapping.txt",
            "com.example.A -> a.a:\n    1:5:void m():10:14 -> a\n",
        );
        // Each version has commands of its own, and version 2 looks at what the service takes in chunks.
        let commands = if cli.is_old() {
            [
                &["sourcemaps", "explain", "0123456789abcdef0123456789abcdef"][..],
                &[
                    "upload-proguard",
                    "--app-id",
                    "shop",
                    "--version",
                    "1",
                    "--version-code",
                    "1",
                    "mapping.txt",
                ],
            ]
        } else {
            [
                &["build", "download", "--build-id", "1"][..],
                &["snapshots", "download", "--app-id", "shop"],
            ]
        };
        for command in commands {
            let text = cli.fail(command);
            assert!(
                text.contains("This service cannot do that. (http status: 501)"),
                "{text}"
            );
        }
    }
}

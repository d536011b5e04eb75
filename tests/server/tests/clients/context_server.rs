//! Sentry's server of the Model Context Protocol, whose tools call the API.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use sentry_api::models;
use serde_json::{Value, json};

use crate::process::{ORGANIZATION, PROJECT, Service};
use crate::program;

/// The server as a child process, which reads and writes a line of JSON a message. Dropping it kills it.
struct ContextServer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: u64,
    _folder: tempfile::TempDir,
}

impl ContextServer {
    fn start(service: &Service) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let host = service.url.trim_start_matches("http://");
        let mut process = program("sentry-mcp", folder.path())
            .arg(format!("--access-token={}", service.token))
            .arg(format!("--host={host}"))
            .arg("--insecure-http")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sentry-mcp starts");
        let input = process.stdin.take().expect("the input is piped");
        let output = process.stdout.take().expect("the output is piped");
        let mut server = Self {
            process,
            input,
            output: BufReader::new(output),
            requests: 0,
            _folder: folder,
        };
        let client = json!({"name": "example-server", "version": "1"});
        let parameters =
            json!({"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": client});
        server.request("initialize", &parameters);
        server
            .write(&json!({"jsonrpc": "2.0", "method": "notifications/initialized", "params": {}}));
        server
    }

    fn write(&mut self, message: &Value) {
        writeln!(self.input, "{message}").expect("the server reads");
    }

    /// The result of a request.
    fn request(&mut self, method: &str, parameters: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.write(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("the server writes");
            assert!(read > 0, "the server ended");
            let message: Value = serde_json::from_str(&line).expect("a message is JSON");
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    /// The text of a tool that succeeds.
    fn call(&mut self, tool: &str, arguments: Value) -> String {
        let result = self.request("tools/call", &json!({"name": tool, "arguments": arguments}));
        let text = result["content"][0]["text"].as_str().unwrap_or_default();
        assert_ne!(result["isError"], true, "{tool} failed:\n{text}");
        text.to_owned()
    }
}

impl Drop for ContextServer {
    fn drop(&mut self) {
        // It may have ended before.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[tokio::test]
#[ignore = "`cargo xtask e2e` installs the server"]
async fn its_tools_understand_every_response() {
    let (service, client) = Service::start_with_client();
    let mut server = ContextServer::start(&service);
    for (tool, expected) in [
        ("whoami", "owner@example.com"),
        ("find_organizations", ORGANIZATION),
        ("find_teams", "shop-team"),
        ("find_projects", PROJECT),
        ("find_releases", "## 1.0.0"),
    ] {
        let text = server.call(tool, json!({"organizationSlug": ORGANIZATION}));
        assert!(text.contains(expected), "{tool}: {text}");
    }
    let of = |more: Value| {
        let mut arguments = json!({"organizationSlug": ORGANIZATION});
        let more = more.as_object().expect("an object").clone();
        arguments.as_object_mut().expect("an object").extend(more);
        arguments
    };
    let text = server.call("search_issues", of(json!({"query": "is:unresolved"})));
    assert!(text.contains("Found **2** issues"), "{text}");
    server.call("search_events", of(json!({"query": "apple"})));
    server.call(
        "search_issue_events",
        of(json!({"issueId": "SHOP-1", "query": "apple"})),
    );
    let tags = of(json!({"issueId": "SHOP-1", "tagKey": "environment"}));
    assert!(
        server
            .call("get_issue_tag_values", tags)
            .contains("production")
    );

    server.call(
        "update_issue",
        of(json!({"issueId": "SHOP-1", "status": "resolved"})),
    );
    let issue = client
        .retrieve_organization_issue(ORGANIZATION, "1")
        .send()
        .await;
    let issue = issue.expect("the issue is there").value;
    assert_eq!(issue.status, Some(models::IssueStatus::Resolved));

    server.call("create_team", of(json!({"name": "fruit"})));
    let project = json!({"teamSlug": "fruit", "name": "Stall", "platform": "python"});
    server.call("create_project", of(project));
    server.call(
        "update_project",
        of(json!({"projectSlug": "stall", "name": "The stall"})),
    );
    let project = client.retrieve_project(ORGANIZATION, "stall").send().await;
    let project = project.expect("the project is there").value;
    assert_eq!(project.name.as_deref(), Some("The stall"));
    server.call(
        "create_dsn",
        of(json!({"projectSlug": "stall", "name": "second"})),
    );
    let text = server.call("find_dsns", of(json!({"projectSlug": "stall"})));
    assert!(text.contains("## second"), "{text}");
}

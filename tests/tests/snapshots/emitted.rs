//! Emitted Rust as it is committed: operations of client and server, their tables, and models.

use super::assert_text;
use super::cut;
use crate::workspace;

/// The file of the group that an operation belongs to, and the beginning of its types' names.
fn find(side: &str, name: &str) -> (String, &'static str) {
    let operations = &workspace::api().operations;
    let operation = operations
        .iter()
        .find(|operation| operation.name.plain() == name)
        .unwrap_or_else(|| panic!("no operation is called {name}"));
    let file = workspace::text(&format!(
        "generated/src/{side}/{}.rs",
        operation.tag.plain()
    ));
    (file, operation.type_name.plain())
}

/// What the client has of an operation.
fn client_operation(name: &str) {
    let (file, ty) = find("client/operations", name);
    let method = cut::with_member(cut::item(&file, "calls! {"), &format!("pub fn {name}("));
    let own = [
        format!("impl {ty} {{"),
        format!("pub struct {ty}Required"),
        format!("pub enum {ty}Success"),
        format!("successes!({ty}Success"),
        format!("pub enum {ty}Error"),
        format!("pub type {ty}Error"),
        format!("errors!({ty}Error"),
    ];
    let is_own = |item: &str| {
        item.lines()
            .any(|line| own.iter().any(|head| line.starts_with(head)))
    };
    let mut parts = vec![method.as_str()];
    parts.extend(cut::items(&file, is_own));
    assert_text("client", name, &parts.join("\n\n"));
}

/// What the server has of an operation.
fn server_operation(name: &str) {
    let (file, ty) = find("server/operations", name);
    let table = cut::with_member(cut::item(&file, "group! {"), &format!("fn {name} = "));
    let head = format!("pub enum {ty}RequestBody ");
    let mut parts = vec![table.as_str()];
    parts.extend(cut::items(&file, |item| {
        item.lines().any(|line| line.starts_with(&head))
    }));
    assert_text("server", name, &parts.join("\n\n"));
}

#[test]
fn client_operations() {
    for name in [
        // Pages, and query parameters of many types.
        "list_organization_issues",
        // A body with a required field, and no options.
        "create_team",
        // Described by several sources.
        "update_organization_issue",
        // A file.
        "upload_project_debug_file",
        // No body on success.
        "delete_project",
    ] {
        client_operation(name);
    }
}

#[test]
fn server_operations() {
    for name in [
        "list_organization_issues",
        "create_team",
        "upload_project_debug_file",
    ] {
        server_operation(name);
    }
}

#[test]
fn tables_of_operations() {
    for name in ["list_organization_issues", "upload_project_debug_file"] {
        let (file, _) = find("operations", name);
        let table = cut::item(&file, "operations! {");
        let head = format!("pub static {} = ", name.to_uppercase());
        assert_text("operations", name, &cut::with_member(table, &head));
    }
}

#[test]
fn models() {
    for (name, file, ty) in [
        // Described by several sources.
        ("team", "team", "Team"),
        // Dates, objects in objects.
        ("release", "release", "Release"),
        // Open enums.
        ("issue_status", "issue", "IssueStatus"),
        ("issue_sort", "issue", "IssueSort"),
        // A union.
        ("monitor_schedule", "monitor", "MonitorSchedule"),
        // Bodies of requests: with a required property, with changes and setters.
        ("team_create", "team", "TeamCreate"),
        ("issue_update", "issue", "IssueUpdate"),
    ] {
        let file = workspace::text(&format!("generated/src/models/{file}.rs"));
        let heads = ["struct", "enum"].map(|kind| format!("    pub {kind} {ty} "));
        let is_of_type = |item: &str| {
            let is_head = |line: &str| heads.iter().any(|head| line.starts_with(head));
            item.lines().any(is_head)
        };
        assert_text("models", name, &cut::items(&file, is_of_type).join("\n\n"));
    }
}

#[test]
fn the_page_on_the_reconciliation() {
    // The tables; the rest is committed as `generated/RECONCILIATION.md`.
    let page = workspace::text("generated/RECONCILIATION.md");
    let end = page.find("\n## Corrections").expect("there is the section");
    assert_text("pages", "reconciliation", page[..end].trim_end());
}

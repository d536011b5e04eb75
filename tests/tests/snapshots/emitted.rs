//! Emitted Rust: operations of the client and of the server, and models.

use super::assert_text;
use super::cut::{self, Stems};
use crate::workspace;

fn operation(side: &str, name: &str) {
    let operations = &workspace::api().operations;
    let operation = operations
        .iter()
        .find(|operation| operation.name.plain() == name)
        .unwrap_or_else(|| panic!("no operation is called {name}"));
    let tag = operation.tag.plain();
    let files = workspace::module(&format!("generated/src/{side}/operations/{tag}"));
    let stems = Stems {
        method: name,
        ty: operation.type_name.plain(),
    };
    assert_text(side, name, &cut::operation(&files, &stems));
}

#[test]
fn client_operations() {
    for name in [
        // Pages, and query parameters of many types.
        "list_organization_issues",
        // A body with a required field.
        "create_team",
        // Described by several sources, with an optional body.
        "update_organization_issue",
        // A file.
        "upload_project_debug_file",
        // No body on success.
        "delete_project",
    ] {
        operation("client", name);
    }
}

#[test]
fn server_operations() {
    for name in [
        "list_organization_issues",
        "create_team",
        "upload_project_debug_file",
    ] {
        operation("server", name);
    }
}

#[test]
fn models() {
    let files = workspace::module("generated/src/models");
    for (name, ty) in [
        // Reconciled from three sources.
        ("project", "Project"),
        ("team", "Team"),
        // Dates, objects in objects.
        ("release", "Release"),
        ("client_key_dsn", "ClientKeyDsn"),
        // An open enum.
        ("issue_status", "IssueStatus"),
        ("issue_sort", "IssueSort"),
        // Bodies of requests.
        ("issue_update", "IssueUpdate"),
        ("project_update", "ProjectUpdate"),
    ] {
        assert_text("models", name, &cut::model(&files, ty));
    }
}

#[test]
fn the_page_on_the_reconciliation() {
    assert_text(
        "pages",
        "reconciliation",
        &workspace::text("generated/RECONCILIATION.md"),
    );
}

//! A static site of a project: every operation, webhook and type with what each source says of it, the differences and decisions, which
//! source covers what, how well each operation is known, and the changes of the past.
//!
//! The pages are plain HTML, a style sheet and a script for the search. They load nothing from elsewhere, and work from a
//! folder as well as from a server.

mod claims;
mod formats;
mod history;
mod markdown;
mod operations;
mod overview;
mod render;
mod types;
mod webhooks;
mod words;

use serde::Serialize;

use crate::api::lower::Lowered;
use crate::api::{Api, Name, Operation};
use crate::diff::Diff;
use crate::files::Files;
use crate::parallel;
use crate::project::Project;
use crate::reconcile::fidelity::{self, Fidelity};
use crate::reconcile::merge::Merged;
use crate::reconcile::merge::rules::Verdict;

use claims::ClaimsByItem;
use formats::Formats;
use render::Renderer;
pub use render::SiteError;
use words::{Links, operation_file};

/// What a site shows.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The project, whose files the claims lie in.
    pub project: &'a Project,
    /// The effective API.
    pub merged: &'a Merged,
    /// The frozen API.
    pub lowered: &'a Lowered,
    /// What has changed, the latest first.
    pub history: &'a [Revision],
}

/// The changes of the descriptions in one revision of the repository.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Its name, such as the short hash of a commit.
    pub name: String,
    /// The day, as `2026-11-29`.
    pub date: String,
    /// The first line of its message.
    pub summary: String,
    /// What it changed. `None` if one of the two versions cannot be read.
    pub diff: Option<Diff>,
}

/// The files of the site by their path.
///
/// # Errors
/// A template has a defect.
pub fn files(site: &Site<'_>) -> Result<Files, SiteError> {
    let library = site.project.package.library().ok();
    let library = library.as_ref();
    let links = Links::new(site.lowered);
    let builder = Builder {
        site,
        api: &site.lowered.api,
        library,
        users: types::users(&site.lowered.api, &links),
        links,
        claims: ClaimsByItem::new(site.merged, &site.project.sources),
        formats: Formats::new(&site.merged.document),
        known: fidelity::of(site.merged),
        renderer: Renderer::new()?,
    };
    builder.files()
}

/// Everything that the pages have in common.
struct Builder<'a> {
    site: &'a Site<'a>,
    api: &'a Api,
    library: Option<&'a Name>,
    links: Links,
    /// By the index of a type: the operations and types that use it.
    users: Vec<Vec<types::UsedBy>>,
    claims: ClaimsByItem,
    formats: Formats<'a>,
    known: Vec<Fidelity>,
    renderer: Renderer,
}

/// An entry of the search.
#[derive(Serialize)]
struct Found(&'static str, String, String, String);

impl Builder<'_> {
    fn files(&self) -> Result<Files, SiteError> {
        let mut files = Files::new();
        for (name, text) in specweave_templates::SITE_FILES {
            files.insert((*name).to_owned(), text.as_bytes().to_vec());
        }
        files.insert("search.js".to_owned(), self.search_index()?.into_bytes());
        self.page(&mut files, "index.html", "overview", &self.overview())?;
        self.page(
            &mut files,
            "operations.html",
            "operations",
            &self.operation_list(),
        )?;
        self.page(&mut files, "types.html", "types", &self.type_list())?;
        for verdict in Verdict::differences() {
            let path = overview::page_of(verdict);
            self.page(&mut files, &path, "differences", &self.differences(verdict))?;
        }
        self.page(&mut files, "changes.html", "changes", &self.changes())?;
        let operations: Vec<_> = self.api.operations.iter().collect();
        let pages = parallel::map(&operations, |operation| {
            let path = format!("operations/{}.html", operation_file(operation));
            self.render(&path, "operation", &self.operation(operation))
        });
        let webhooks: Vec<_> = self.webhooks().collect();
        let called = parallel::map(&webhooks, |webhook| {
            self.render(&webhook.page(), "operation", &self.webhook_page(*webhook))
        });
        let types: Vec<_> = self.api.types.iter().collect();
        let more = parallel::map(&types, |definition| {
            let path = format!("types/{}.html", self.links.file_of(definition));
            self.render(&path, "type", &self.type_page(definition))
        });
        for page in pages.into_iter().chain(called).chain(more) {
            let (path, text) = page?;
            files.insert(path, text);
        }
        Ok(files)
    }

    fn page(
        &self,
        files: &mut Files,
        path: &str,
        template: &'static str,
        content: &impl Serialize,
    ) -> Result<(), SiteError> {
        let (path, text) = self.render(path, template, content)?;
        files.insert(path, text);
        Ok(())
    }

    fn render(
        &self,
        path: &str,
        template: &'static str,
        content: &impl Serialize,
    ) -> Result<(String, Vec<u8>), SiteError> {
        let frame = render::Frame {
            api: &self.api.title,
            root: if path.contains('/') { "../" } else { "" },
            here: path,
            page: content,
        };
        let text = self.renderer.render(template, &frame)?;
        Ok((path.to_owned(), text.into_bytes()))
    }

    /// The script with everything that can be searched: kind, name, other names, and the page.
    fn search_index(&self) -> Result<String, SiteError> {
        let found = |kind, operation: &Operation, path: &str, page| {
            let summary = operation.docs.summary.as_deref().unwrap_or_default();
            let summary = summary.replace('`', "");
            let more = format!("{} {path} {summary}", operation.method);
            Found(kind, operation.name.plain().to_owned(), more, page)
        };
        let operations = self.api.operations.iter().map(|operation| {
            let page = format!("operations/{}.html", operation_file(operation));
            found("operation", operation, &operation.path.template, page)
        });
        let webhooks = self.webhooks().map(|webhook| {
            let path = webhook.described_at();
            found("webhook", webhook.operation, path, webhook.page())
        });
        let types = self.api.types.iter().map(|definition| {
            let properties = types::property_names(definition).join(" ");
            let page = format!("types/{}.html", self.links.file_of(definition));
            Found("type", definition.name.to_string(), properties, page)
        });
        let found: Vec<Found> = operations.chain(webhooks).chain(types).collect();
        // `<` could end the script where it is written into a page.
        let json = serde_json::to_string(&found)?.replace('<', "\\u003c");
        Ok(format!("window.searchIndex = {json};\n"))
    }
}

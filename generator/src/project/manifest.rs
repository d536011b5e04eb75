//! `manifest.toml`: the sources, their order of authority, and the output folder.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::Deserialize;
use toml::Spanned;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::Facet;
use crate::description::source::{FileId, SourceMap, Span};
use crate::description::toml_file::{span_at, toml_error};
use crate::description::transcribe::{MarkdownDialect, Style};

/// The manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The emitted package.
    pub package: Package,
    /// Title, version and description of the whole API. They replace those of the sources.
    pub api: ApiTexts,
    /// The part of every URL that belongs to the server rather than to the path, such as `/api/0`. If absent, it is the path
    /// that the servers of the sources have in common.
    pub base_path: Option<String>,
    /// The file with the resolutions.
    pub resolutions: Option<NamedFile>,
    /// The file with the pinned names.
    pub names: Option<NamedFile>,
    /// The file with the best fidelity scores.
    pub fidelity: Option<NamedFile>,
    /// The levels of rules of `lint`.
    pub lint: Vec<LintSetting>,
    /// The sources, sorted by rank and id: the highest authority first.
    pub sources: Vec<Source>,
}

/// A file that a manifest names. It lies below the folder of the manifest.
#[derive(Debug, Clone)]
pub struct NamedFile {
    /// The path, relative to the manifest.
    pub path: String,
    /// The position of the path.
    pub at: Span,
}

/// The level of a rule, as the `[lint]` table of a manifest sets it: `unused-component = "deny"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintSetting {
    /// The code of the rule.
    pub code: String,
    /// The level, not checked yet.
    pub level: String,
    /// The position of the level.
    pub at: Span,
}

/// The emitted package.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Package name.
    pub name: String,
    /// Crate version. The maintainer chooses it; it is not the version of the API.
    pub version: String,
    /// SPDX expression of the crate's licence.
    #[serde(default)]
    pub license: Option<String>,
    /// URL of the crate's repository.
    #[serde(default)]
    pub repository: Option<String>,
    /// Whether the crate has a test of the client against the server, for every operation and status.
    #[serde(default)]
    pub loopback_tests: bool,
    /// Whether the crate has a test with the examples of the descriptions.
    #[serde(default)]
    pub example_tests: bool,
    /// Folder that the generator owns, relative to the manifest.
    pub output: String,
}

/// Texts of the whole API. Each replaces the text of the sources.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiTexts {
    /// Title.
    pub title: Option<String>,
    /// Version, as the API's provider counts it.
    pub version: Option<String>,
    /// Description, in markdown.
    pub description: Option<String>,
}

impl ApiTexts {
    /// The texts that are stated.
    #[must_use]
    pub fn by_facet(&self) -> BTreeMap<Facet, String> {
        let texts = [
            (Facet::Title, &self.title),
            (Facet::Version, &self.version),
            (Facet::Description, &self.description),
        ];
        let texts = texts.into_iter();
        texts
            .filter_map(|(facet, text)| Some((facet, text.clone()?)))
            .collect()
    }
}

/// A description of the API.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Authority: 1 is the highest. Sources of equal rank are ordered by id.
    pub rank: u16,
    /// The document.
    pub document: NamedFile,
    /// The page that the document is transcribed from.
    pub markdown: Option<Markdown>,
    /// Overlays in the order in which they are applied.
    pub overlays: Vec<NamedFile>,
    /// Whether the maintainers of this project wrote it. Pages list its claims apart from those of published descriptions.
    pub is_supplement: bool,
    /// The address that links in its texts are relative to, such as `https://docs.example.com`.
    pub site: Option<String>,
    /// The reason why the claims of other sources win every contradiction, if they do.
    pub yields: Option<String>,
    /// The position of the entry.
    pub at: Span,
}

/// A page that a document is transcribed from.
#[derive(Debug, Clone)]
pub struct Markdown {
    /// The page, relative to the manifest.
    pub page: String,
    /// The position of its path.
    pub at: Span,
    /// Its markdown style.
    pub style: Style,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    package: Package,
    #[serde(default)]
    api: ApiTexts,
    #[serde(default)]
    base_path: Option<String>,
    #[serde(default)]
    resolutions: Option<Spanned<String>>,
    #[serde(default)]
    names: Option<Spanned<String>>,
    #[serde(default)]
    fidelity: Option<Spanned<String>>,
    #[serde(default)]
    lint: BTreeMap<String, Spanned<String>>,
    #[serde(default, rename = "source")]
    sources: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    rank: u16,
    document: Spanned<String>,
    #[serde(default)]
    page: Option<Spanned<String>>,
    #[serde(default)]
    dialect: Option<String>,
    #[serde(default)]
    site_lines: Vec<String>,
    #[serde(default)]
    overlays: Vec<Spanned<String>>,
    #[serde(default)]
    supplement: bool,
    site: Option<String>,
    #[serde(default)]
    yields: Option<String>,
}

/// The position of the package's name in a manifest.
#[must_use]
pub fn package_position(sources: &SourceMap, file: FileId) -> Span {
    #[derive(Deserialize)]
    struct File {
        package: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        name: Spanned<String>,
    }
    let text = sources.get(file).map_or("", |file| &*file.text);
    let parsed: Result<File, _> = toml::from_str(text);
    let start = parsed.map_or(0, |file| file.package.name.span().start);
    span_at(text, file, start)
}

impl Manifest {
    /// Reads a manifest. Reports errors, and returns `None` if there are any.
    pub fn read(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Option<Self> {
        let text = sources.get(file).map_or("", |file| &*file.text);
        let parsed: File = match toml::from_str(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                return None;
            }
        };
        let mut read: Vec<Source> = Vec::new();
        let is_empty = parsed.sources.is_empty();
        for spanned in parsed.sources {
            let at = span_at(text, file, spanned.span().start);
            read.extend(source(spanned.into_inner(), at, text, diagnostics));
        }
        read.sort_by(|a, b| (a.rank, &a.id).cmp(&(b.rank, &b.id)));
        report_duplicates(&read, diagnostics);
        if is_empty {
            diagnostics.push(
                Diagnostic::error("no-source", "the manifest has no source")
                    .at(Span::new(file, 1, 1), "in this file")
                    .help("add a `[[source]]` with id, title, rank and document"),
            );
        }
        let lint = parsed.lint.into_iter();
        let lint = lint.map(|(code, level)| LintSetting {
            code,
            at: span_at(text, file, level.span().start),
            level: level.into_inner(),
        });
        let lint = lint.collect();
        let mut named = |path: Option<Spanned<String>>| {
            path.map(|path| NamedFile::read(path, text, file, diagnostics))
        };
        let resolutions = named(parsed.resolutions);
        let names = named(parsed.names);
        let fidelity = named(parsed.fidelity);
        (!diagnostics.has_errors()).then_some(Self {
            package: parsed.package,
            api: parsed.api,
            base_path: parsed.base_path,
            resolutions,
            names,
            fidelity,
            lint,
            sources: read,
        })
    }
}

impl NamedFile {
    /// A path in the text of a manifest. Reports one that leads out of the manifest's folder, or that not every system can open.
    fn read(
        path: Spanned<String>,
        text: &str,
        manifest: FileId,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let at = span_at(text, manifest, path.span().start);
        let path = path.into_inner();
        if leads_out(&path) {
            diagnostics.push(
                Diagnostic::error("path-outside", format!("`{path}` leads out of the folder"))
                    .at(at, "named here")
                    .help("name files below the manifest's folder"),
            );
        }
        if !is_portable(&path) {
            diagnostics.push(
                Diagnostic::error(
                    "path-not-portable",
                    format!("{path:?} has a backslash or a control character"),
                )
                .at(at, "named here")
                .help("write `/` between folders, or rename the file"),
            );
        }
        Self { path, at }
    }
}

/// Whether a path leads out of the folder that it is relative to.
fn leads_out(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.any(|part| !matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Whether a path means the same on every system: without backslashes, which are part of a name on some and separate folders
/// on others, and without line breaks and the like.
#[must_use]
pub fn is_portable(path: &str) -> bool {
    !path.contains(|character: char| character == '\\' || character.is_control())
}

/// Reports sources that have one id.
fn report_duplicates(sources: &[Source], diagnostics: &mut Diagnostics) {
    let mut known: BTreeMap<&str, &Source> = BTreeMap::new();
    for source in sources {
        if let Some(first) = known.insert(&source.id, source) {
            diagnostics.push(
                Diagnostic::error(
                    "duplicate-source",
                    format!("two sources have the id `{}`", source.id),
                )
                .at(source.at, "this entry")
                .at(first.at, "and this one")
                .help("give one of them another id"),
            );
        }
    }
}

fn source(entry: Entry, at: Span, manifest: &str, diagnostics: &mut Diagnostics) -> Option<Source> {
    let Entry {
        id,
        title,
        rank,
        document,
        page,
        dialect,
        site_lines,
        overlays,
        supplement,
        site,
        yields,
    } = entry;
    let mut named = |path| NamedFile::read(path, manifest, at.file, diagnostics);
    let document = named(document);
    let page = page.map(&mut named);
    let overlays = overlays.into_iter().map(named).collect();
    let markdown = match (page, dialect) {
        (None, None) if site_lines.is_empty() => None,
        (Some(page), Some(dialect)) => match dialect.parse::<MarkdownDialect>() {
            Ok(dialect) => Some(Markdown {
                at: page.at,
                page: page.path,
                style: Style {
                    dialect,
                    site_lines,
                },
            }),
            Err(error) => {
                diagnostics.push(
                    Diagnostic::error("unknown-dialect", format!("{error}"))
                        .at(at, "this source")
                        .help("correct `dialect` of the source in the manifest"),
                );
                return None;
            }
        },
        _ => {
            diagnostics.push(
                Diagnostic::error(
                    "incomplete-source",
                    format!("`{id}` needs both `page` and `dialect`, or neither"),
                )
                .at(at, "this source")
                .help("a transcribed source has the path of the page and its dialect"),
            );
            return None;
        }
    };
    Some(Source {
        id,
        title,
        rank,
        document,
        markdown,
        overlays,
        is_supplement: supplement,
        site,
        yields,
        at,
    })
}

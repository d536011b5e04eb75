//! The part of the URLs that belongs to the servers, where the servers of the descriptions differ.

use std::collections::HashSet;

use generator::description::diagnostic::Diagnostics;
use generator::description::document::Document;
use generator::path_template::{path_shape, url_path};
use generator::pipeline;
use generator::project::Project;

use super::proposed::{Overlay, comment};

/// What `base_path` of the manifest should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BasePath {
    /// What the servers of all sources have in common.
    Common,
    /// A path below which all operations are, if the sources in `without`, which name no server, have it, too.
    Proposed {
        base: String,
        /// The servers of the sources, in words.
        servers: String,
        without: Vec<String>,
    },
    /// The paths of the servers, in words: which of them is meant cannot be told.
    Differing { servers: String },
}

/// A source: its id, the path of its server, whether it names one, and the paths of its operations.
struct Source {
    id: String,
    own: String,
    has_server: bool,
    paths: Vec<String>,
}

/// Looks at the servers of the descriptions.
pub(super) fn propose(project: &Project) -> BasePath {
    let descriptions = project.descriptions.iter();
    let sources = descriptions.filter_map(|description| {
        // What is wrong in a document is reported when it is generated from.
        let mut unreported = Diagnostics::default();
        let (_, document) = pipeline::read_alone(project, description, &mut unreported)?;
        Some(Source::of(&description.id, &document))
    });
    of_sources(&sources.collect::<Vec<_>>())
}

fn of_sources(sources: &[Source]) -> BasePath {
    let Some(first) = sources.first() else {
        return BasePath::Common;
    };
    if sources.iter().all(|source| source.own == first.own) {
        return BasePath::Common;
    }
    let said = |source: &Source| match source.own.as_str() {
        "" => format!("`{}` has none", source.id),
        own => format!("`{}` has `{own}`", source.id),
    };
    let servers = sources.iter().map(said).collect::<Vec<_>>().join(", ");
    let mut bases: Vec<&str> = sources.iter().map(|it| it.own.as_str()).collect();
    bases.retain(|base| !base.is_empty());
    bases.sort_by_key(|base| std::cmp::Reverse(base.len()));
    for base in bases {
        let (below, others): (Vec<&Source>, Vec<&Source>) =
            sources.iter().partition(|source| source.is_below(base));
        if others.iter().all(|other| other.leaves_out(base, &below)) {
            return BasePath::Proposed {
                base: base.to_owned(),
                servers,
                without: others.iter().map(|other| other.id.clone()).collect(),
            };
        }
    }
    BasePath::Differing { servers }
}

impl Source {
    fn of(id: &str, document: &Document) -> Self {
        let server = document.servers.first();
        let operations = document.operations.iter();
        Self {
            id: id.to_owned(),
            own: server.map_or("", |server| url_path(&server.url)).to_owned(),
            has_server: server.is_some(),
            paths: operations.map(|it| it.path.clone()).collect(),
        }
    }

    /// The shapes of its paths below a base path; `None` where one is not below it.
    fn shapes_below(&self, base: &str) -> Option<HashSet<String>> {
        let paths = self.paths.iter().map(|path| {
            let full = format!("{}{path}", self.own);
            let rest = full.strip_prefix(base)?;
            rest.starts_with('/').then(|| path_shape(rest))
        });
        paths.collect()
    }

    fn is_below(&self, base: &str) -> bool {
        self.shapes_below(base).is_some()
    }

    /// Whether it has the paths of others without the base path, and names no server that could have it.
    fn leaves_out(&self, base: &str, others: &[&Self]) -> bool {
        let others = others.iter().filter_map(|other| other.shapes_below(base));
        let shapes: HashSet<String> = others.flatten().collect();
        let mut own = self.paths.iter().map(|path| path_shape(path));
        !self.has_server && own.any(|shape| shapes.contains(&shape))
    }
}

impl BasePath {
    /// The lines of the manifest.
    pub(super) fn to_toml(&self) -> String {
        let meaning = "# The part of every URL that belongs to the server rather than to the path.";
        match self {
            Self::Common => format!(
                "{meaning} By default, it is what the servers of the\n# sources have in common.\n# base_path = \"/api/v1\"\n"
            ),
            Self::Proposed { base, servers, .. } => format!(
                "{meaning} Proposed, since the servers of the\n# sources differ: {}.\nbase_path = {}\n",
                comment(servers),
                toml::Value::from(base.as_str())
            ),
            Self::Differing { servers } => format!(
                "{meaning} The servers of the sources differ:\n# {}.\n# So the same path below two of them is two operations. If it is one, give the sources the same server: an overlay with\n# `- target: $.servers[0]`, `update: {{url: /the/path}}`; then that path is the base path.\n# base_path = \"/the/path\"\n",
                comment(servers)
            ),
        }
    }

    /// An overlay for each source that names no server.
    pub(super) fn overlays(&self, project: &Project) -> Vec<Overlay> {
        let Self::Proposed {
            base,
            servers,
            without,
        } = self
        else {
            return Vec::new();
        };
        let overlay = |id: &String| {
            let description = project.descriptions.iter().find(|it| it.id == *id)?;
            let document = project.sources.path(description.document);
            let json = |text: &str| serde_json::Value::from(text);
            let text = format!(
                "# The server of {}, which names none. Written by `specweave init`; review it.\n\
                 overlay: 1.1.0\ninfo:\n  title: {}\n  version: 1.0.0\nextends: {}\nactions:\n  - target: $\n    description: {}\n    update: {{servers: [{{url: {}}}]}}\n",
                comment(document),
                json(&format!("The server of {document}")),
                json(&format!("../{document}")),
                json(&format!(
                    "It names no server, and has paths of those that do: {servers}. Proposed by `specweave init`, not reviewed yet."
                )),
                json(base),
            );
            Some(Overlay::complete(id, &format!("server-of-{id}"), text))
        };
        without.iter().filter_map(overlay).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{BasePath, Source, of_sources};

    fn source(id: &str, server: Option<&str>, paths: &[&str]) -> Source {
        Source {
            id: id.to_owned(),
            own: server.unwrap_or_default().to_owned(),
            has_server: server.is_some(),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }
    }

    fn proposed(base: &str, servers: &str, without: &[&str]) -> BasePath {
        BasePath::Proposed {
            base: base.to_owned(),
            servers: servers.to_owned(),
            without: without.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn the_base_path_is_what_all_paths_are_below() {
        let one = source("one", Some("/api/v1"), &["/pets"]);
        let other = source("other", Some(""), &["/api/v1/pets", "/api/v1/emus"]);
        let servers = "`one` has `/api/v1`, `other` has none";
        assert_eq!(of_sources(&[one, other]), proposed("/api/v1", servers, &[]));
        let one = source("one", Some("/v1"), &["/pets"]);
        assert_eq!(of_sources(&[one]), BasePath::Common);
    }

    #[test]
    fn a_source_without_a_server_has_the_one_of_the_others_if_it_has_their_paths() {
        let one = || source("one", Some("/v1"), &["/pets/{id}"]);
        let servers = "`one` has `/v1`, `other` has none";
        let other = source("other", None, &["/pets/{name}", "/emus"]);
        assert_eq!(
            of_sources(&[one(), other]),
            proposed("/v1", servers, &["other"])
        );
        let stranger = source("other", None, &["/emus"]);
        let servers = servers.to_owned();
        assert_eq!(
            of_sources(&[one(), stranger]),
            BasePath::Differing { servers }
        );
    }

    #[test]
    fn two_versions_of_a_server_are_for_a_person_to_decide() {
        let one = source("one", Some("/v1"), &["/pets"]);
        let other = source("other", Some("/v2"), &["/pets"]);
        let servers = "`one` has `/v1`, `other` has `/v2`".to_owned();
        assert_eq!(of_sources(&[one, other]), BasePath::Differing { servers });
    }
}

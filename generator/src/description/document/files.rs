//! The parsed files of a description: its document, and the files that its references lead to.

use std::cell::Cell;
use std::collections::HashMap;

use crate::description::diagnostic::Diagnostics;
use crate::description::external::{External, Found};
use crate::description::load;
use crate::description::source::{FileId, SourceMap};
use crate::description::tree::Node;

/// The parsed document of a description, and the parsed files beside it.
#[derive(Debug)]
pub struct DescriptionFiles<'p> {
    /// The document.
    pub(super) root: &'p Node,
    /// The file of the document. A position in an overlay or a markdown page counts as a position in this file.
    root_file: Option<FileId>,
    external: Option<&'p External>,
    trees: HashMap<FileId, Parsed>,
}

/// A parsed file and its diagnostics. They are reported only if a reference leads to the file.
#[derive(Debug)]
struct Parsed {
    tree: Option<Node>,
    found: Diagnostics,
    is_reported: Cell<bool>,
}

/// The result of looking up the path of a reference.
pub(super) enum Lookup {
    /// The document of the description.
    Root,
    /// A file beside the document.
    File(FileId),
    /// A path outside the folder of the description.
    Outside,
    /// A path that cannot be read, with the reason.
    Unreadable(String),
    /// A file with syntax errors. Only the first lookup gets the diagnostics.
    Broken(Diagnostics),
}

impl<'p> DescriptionFiles<'p> {
    /// A description that is one file.
    #[must_use]
    pub fn alone(root: &'p Node) -> Self {
        Self {
            root,
            root_file: None,
            external: None,
            trees: HashMap::new(),
        }
    }

    /// Parses the files that were found beside a document.
    #[must_use]
    pub fn parse(
        root: &'p Node,
        root_file: FileId,
        external: &'p External,
        sources: &SourceMap,
    ) -> Self {
        let mut trees = HashMap::new();
        for file in external.files() {
            let mut found = Diagnostics::default();
            let tree = load::parse(sources, *file, &mut found);
            let is_reported = Cell::new(false);
            trees.insert(
                *file,
                Parsed {
                    tree,
                    found,
                    is_reported,
                },
            );
        }
        Self {
            root,
            root_file: Some(root_file),
            external: Some(external),
            trees,
        }
    }

    /// The file of a position, if it is a file beside the document.
    pub(super) fn beside(&self, file: FileId) -> Option<FileId> {
        self.trees.contains_key(&file).then_some(file)
    }

    /// The tree of a file beside the document, or of the document itself for `None`.
    pub(super) fn tree(&self, file: Option<FileId>) -> &Node {
        file.and_then(|file| self.trees.get(&file)?.tree.as_ref())
            .unwrap_or(self.root)
    }

    /// The path of a file beside the document, relative to the document's folder.
    pub(super) fn path(&self, file: FileId) -> Option<&str> {
        self.external?.path(file)
    }

    /// Looks up a relative path that the file `base` contains.
    pub(super) fn find(&self, base: FileId, path: &str) -> Lookup {
        let missing = || Lookup::Unreadable("it was not read".to_owned());
        let Some(external) = self.external else {
            return missing();
        };
        let base = self.beside(base).or(self.root_file);
        match base.and_then(|base| external.find(base, path)) {
            None => missing(),
            Some(Found::Outside) => Lookup::Outside,
            Some(Found::Unreadable(why)) => Lookup::Unreadable(why.clone()),
            Some(Found::File(file)) => match self.trees.get(file) {
                None => Lookup::Root,
                Some(parsed) if parsed.tree.is_some() => Lookup::File(*file),
                Some(broken) if broken.is_reported.replace(true) => {
                    Lookup::Broken(Diagnostics::default())
                }
                Some(broken) => Lookup::Broken(broken.found.clone()),
            },
        }
    }
}

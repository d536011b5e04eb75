//! The trees that a description consists of: its document, and the files that references lead to.

use std::cell::Cell;
use std::collections::HashMap;

use crate::diagnostic::Diagnostics;
use crate::external::{External, Found};
use crate::load;
use crate::source::{FileId, SourceMap};
use crate::tree::Node;

/// A document and the files beside it, parsed.
#[derive(Debug)]
pub struct Files<'p> {
    /// The document.
    pub(super) root: &'p Node,
    /// Its file; positions in an overlay or page count as positions in it.
    root_file: Option<FileId>,
    external: Option<&'p External>,
    trees: HashMap<FileId, Parsed>,
}

/// A parsed file, with what was wrong with it: that matters only once a reference leads there.
#[derive(Debug)]
struct Parsed {
    tree: Option<Node>,
    found: Diagnostics,
    is_reported: Cell<bool>,
}

/// What a path in a reference leads to.
pub(super) enum Lookup {
    /// The document itself.
    Root,
    /// Another file.
    File(FileId),
    /// A place that is not below the folder of the description.
    Outside,
    /// Nothing that can be read; why.
    Unreadable(String),
    /// A file with errors in its syntax, which are given the first time.
    Broken(Diagnostics),
}

impl<'p> Files<'p> {
    /// A document that is one file.
    #[must_use]
    pub fn alone(root: &'p Node) -> Self {
        Self {
            root,
            root_file: None,
            external: None,
            trees: HashMap::new(),
        }
    }

    /// A document and the files that were found beside it.
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

    /// Whether a position is in a file beside the document.
    pub(super) fn beside(&self, file: FileId) -> Option<FileId> {
        self.trees.contains_key(&file).then_some(file)
    }

    /// The tree of a file beside the document, or of the document.
    pub(super) fn tree(&self, file: Option<FileId>) -> &Node {
        file.and_then(|file| self.trees.get(&file)?.tree.as_ref())
            .unwrap_or(self.root)
    }

    /// The path of a file beside the document, relative to its folder.
    pub(super) fn path(&self, file: FileId) -> Option<&str> {
        self.external?.path(file)
    }

    /// What a relative path leads to that stands in a file.
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
                Some(broken) => Lookup::Broken(match broken.is_reported.replace(true) {
                    true => Diagnostics::default(),
                    false => broken.found.clone(),
                }),
            },
        }
    }
}

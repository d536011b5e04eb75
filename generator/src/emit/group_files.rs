//! A group of operations as files: a single one, or a folder with one for each operation where there are many.
//!
//! Which of them it is changes no public path: modules of operations are private, and the file of the group exports what
//! they have. Names are unique within a group, so no two of these modules export the same.

use crate::emit::code::{Code, Ident, quote};

use super::rust::{FormatError, assemble, chunk};
use crate::ir::Operation;
use crate::names::modules;

/// Operations that share a file. Of an operation, the server's side has 100 to 350 lines as a rule, so that this many
/// make a file of some thousands, in which a reader still finds the way; with a much smaller number, the common group of
/// one resource and its parts would be torn apart.
const MOST_IN_A_FILE: usize = 24;

/// Whether a group is one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// All operations are in the file of the group.
    File,
    /// Each operation has a file in the folder of the group.
    Folder,
}

impl Layout {
    /// The layout of a group with so many operations.
    pub(super) fn of(operations: usize) -> Self {
        match operations > MOST_IN_A_FILE {
            true => Self::Folder,
            false => Self::File,
        }
    }
}

/// What the file of a group has besides its operations: formatted items, but for the docs, which are markdown of ours.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The path of the file in the crate, without its extension.
    pub(super) path: String,
    /// The docs of the module.
    pub(super) docs: String,
    /// What stands before the operations.
    pub(super) before: String,
    /// What stands behind the operations.
    pub(super) after: String,
}

/// The items of one operation, formatted.
pub(super) struct Part<'api> {
    /// The operation that they are of.
    pub(super) operation: &'api Operation,
    /// The items.
    pub(super) items: String,
}

impl Group {
    /// The files of the group by their path in the crate.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of an emitter.
    pub(super) fn files(
        self,
        layout: Layout,
        parts: Vec<Part<'_>>,
    ) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
        let mut files = Vec::new();
        let mut inside = Vec::new();
        match layout {
            Layout::File => inside.extend(parts.into_iter().map(|part| part.items)),
            Layout::Folder => {
                let names = module_names(&self.path, parts.iter().map(|part| part.operation), &[]);
                let mut exports = Code::new();
                for (part, name) in parts.into_iter().zip(&names) {
                    let file = operation_file(part)?;
                    files.push((format!("{}/{name}.rs", self.path), file));
                    let module = Ident::new(name);
                    exports.push(quote! {
                        mod #module;
                        pub use self::#module::*;
                    });
                }
                inside.push(chunk(exports)?);
            }
        }
        let chunks = [self.before].into_iter().chain(inside).chain([self.after]);
        files.push((format!("{}.rs", self.path), assemble(&self.docs, chunks)?));
        Ok(files)
    }
}

/// The file of one operation of a group that is a folder.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of an emitter.
pub(super) fn operation_file(part: Part<'_>) -> Result<Vec<u8>, FormatError> {
    let docs = format!("The operation `{}`.", part.operation.name.plain());
    assemble(&docs, [part.items])
}

/// The names of the modules of operations in the folder of a group. `taken` are names that the file of the group has for
/// something else.
pub(super) fn module_names<'api>(
    path: &str,
    operations: impl IntoIterator<Item = &'api Operation>,
    taken: &[&str],
) -> Vec<String> {
    let parent = path.rsplit('/').next().unwrap_or(path);
    let operations = operations.into_iter();
    let wanted = operations.map(|operation| operation.name.plain().to_ascii_lowercase());
    // A module would hide the primitive type that the dispatch of a group has.
    let taken = taken.iter().chain(&["usize"]);
    modules::private(parent, wanted, taken.map(|&name| name.to_owned()))
}

//! Names of modules, which are also names of files and folders.

use super::Taken;
use crate::api::Name;

/// Whether a module of this name can have its own file on every system. `mod.rs` is the file of the parent module, and
/// Windows reserves the names of devices, with any extension.
#[must_use]
pub fn is_file_name(module: &str) -> bool {
    module != "mod" && !is_device(module)
}

/// Whether a name in lower case is that of a device on Windows.
#[must_use]
pub fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("com").or(name.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']));
    is_port || matches!(name, "aux" | "con" | "nul" | "prn")
}

/// The names of private modules inside `parent`, in the order of `wanted`. A keyword, an invalid file name and the name of
/// `parent` get an `_`. A name that is in `taken`, or that an earlier module has, gets a number.
///
/// `wanted` must be in lower case, since some file systems ignore case.
pub fn private(
    parent: &str,
    wanted: impl IntoIterator<Item = String>,
    taken: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let mut names = Taken::default();
    names.extend(taken);
    let wanted = wanted.into_iter();
    wanted
        .map(|mut base| {
            if Name::new(&base).map_or(true, |name| name.as_str() != base) {
                base.push('_');
            }
            if !is_file_name(&base) || base == parent {
                base.push('_');
            }
            if names.take(&base) {
                base
            } else {
                names.take_numbered(&base, "_")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_file_name, private};

    #[test]
    fn devices_and_mod_are_not_file_names() {
        for name in ["mod", "con", "nul", "aux", "prn", "com1", "lpt0"] {
            assert!(!is_file_name(name), "{name}");
        }
        for name in ["mod_", "con_", "com", "com10", "lptx", "models"] {
            assert!(is_file_name(name), "{name}");
        }
    }

    #[test]
    fn private_modules_have_unique_names() {
        let wanted = ["type", "mod", "mod_", "pets", "nul", "usize", "list", "_1"];
        let names = private(
            "pets",
            wanted.map(str::to_owned),
            ["usize"].map(str::to_owned),
        );
        let expected = [
            "type_", "mod_", "mod__2", "pets_", "nul_", "usize_2", "list", "_1",
        ];
        assert_eq!(names, expected);
    }
}

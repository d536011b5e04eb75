//! Names of modules, which are names of files and folders too.

use std::collections::BTreeSet;

use crate::ir::Name;

/// Whether a module of this name can have a file of its own everywhere: not `mod.rs`, which is the file of the module
/// around it, and no device of Windows, which is one with any extension.
#[must_use]
pub fn is_name_of_a_file(module: &str) -> bool {
    let port = module.strip_prefix("com").or(module.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']));
    !is_port && !matches!(module, "mod" | "aux" | "con" | "nul" | "prn")
}

/// The names of private modules inside of `parent`, in the order of the names that are wanted: with `_` behind what is a
/// keyword, no name of a file or the name of `parent`, and with a number behind what `taken` or an earlier module has.
///
/// What is wanted is in lower case, since file systems do not tell cases apart.
pub fn private(
    parent: &str,
    wanted: impl IntoIterator<Item = String>,
    taken: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let mut taken: BTreeSet<String> = taken.into_iter().collect();
    let wanted = wanted.into_iter();
    wanted
        .map(|mut base| {
            if Name::new(&base).map_or(true, |name| name.as_str() != base) {
                base.push('_');
            }
            if !is_name_of_a_file(&base) || base == parent {
                base.push('_');
            }
            let mut name = base.clone();
            let mut number = 2_usize;
            while !taken.insert(name.clone()) {
                name = format!("{base}_{number}");
                number += 1;
            }
            name
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_name_of_a_file, private};

    #[test]
    fn devices_and_the_file_of_the_module_around_are_no_names_of_files() {
        for name in ["mod", "con", "nul", "aux", "prn", "com1", "lpt0"] {
            assert!(!is_name_of_a_file(name), "{name}");
        }
        for name in ["mod_", "con_", "com", "com10", "lptx", "models"] {
            assert!(is_name_of_a_file(name), "{name}");
        }
    }

    #[test]
    fn private_modules_have_plain_names_that_no_two_share() {
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

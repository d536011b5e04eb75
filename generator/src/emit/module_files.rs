//! A module as files: a single one, or, where that would be too long to read, several in a folder.
//!
//! The division changes no public path: the modules in the folder are private, and the file of the module exports what
//! they have. What begins alike is in one file. So there are neither files of a hundred thousand lines nor thousands of
//! files, which compilers, version control and file systems are slow with.

use std::collections::BTreeMap;

use crate::emit::code::{Code, Ident, quote};

use super::rust::{FormatError, assemble, chunk};
use crate::ir::{Operation, PathPart};
use crate::names::{case, modules};

/// Octets up to which a module is a single file, and a file is not divided: some four thousand lines.
const MOST: usize = 160_000;

/// Octets below which what begins alike has no file of its own: some three hundred lines.
const FEWEST: usize = 12_000;

/// What stays together: a type, or what there is of an operation.
#[derive(Debug)]
pub(super) struct Part {
    /// What it is found by, the most general word first.
    pub(super) words: Vec<String>,
    /// The items, formatted.
    pub(super) items: String,
}

/// How a module has what lies in the files of its folder.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// By `pub use`.
    #[default]
    Public,
    /// By `use`.
    Private,
}

/// A module besides its parts. Items are formatted, docs are markdown of ours.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The path of its file in the crate, without the extension, which is the path of its folder too.
    pub(super) path: String,
    /// The docs of the module.
    pub(super) docs: String,
    /// What stands before the parts.
    pub(super) before: String,
    /// What stands behind the parts.
    pub(super) after: String,
    /// What each file begins with.
    pub(super) imports: String,
    /// What the parts are, for the docs of the files in the folder: `Types`.
    pub(super) contents: &'static str,
    /// How the module has what lies in the folder.
    pub(super) access: Access,
    /// Names that no module in the folder may have.
    pub(super) taken: Vec<String>,
}

impl Module {
    /// The files of the module by their path in the crate.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of an emitter.
    pub(super) fn files(self, parts: &[Part]) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
        let division = Division::of(parts);
        let parent = self.path.rsplit('/').next().unwrap_or(&self.path);
        let names = division.files.keys().map(|words| file_name(words));
        let names = modules::private(parent, names, self.taken.iter().cloned());
        let mut files = Vec::new();
        let mut declarations = Code::new();
        for ((words, members), name) in division.files.iter().zip(&names) {
            let docs = format!("{} of `{}`.", self.contents, words.join(" "));
            let items = [self.imports.as_str()]
                .into_iter()
                .chain(division.items(members));
            files.push((format!("{}/{name}.rs", self.path), assemble(&docs, items)?));
            let module = Ident::new(name);
            declarations.push(match self.access {
                Access::Public => quote!(mod #module; pub use self::#module::*;),
                Access::Private => quote!(mod #module; use self::#module::*;),
            });
        }
        let declarations = chunk(declarations)?;
        let before = [self.imports.as_str(), &self.before, &declarations].into_iter();
        let inside = division.items(&division.inside);
        let items = before.chain(inside).chain([self.after.as_str()]);
        files.push((format!("{}.rs", self.path), assemble(&self.docs, items)?));
        Ok(files)
    }
}

/// What an operation is found by: the words of its path, and then those of its name.
pub(super) fn words_of_operation(operation: &Operation) -> Vec<String> {
    let literals = operation.path.parts.iter().filter_map(|part| match part {
        PathPart::Literal(text) => Some(text.as_str()),
        PathPart::Parameter(_) => None,
    });
    let path = literals
        .filter(|literal| literal.contains(|letter: char| letter.is_ascii_alphanumeric()))
        .map(|literal| case::snake(literal, "path").plain().to_owned());
    let name = operation.name.plain().to_owned();
    path.chain([name]).flat_map(|text| words(&text)).collect()
}

/// The words of a text in snake case.
pub(super) fn words(snake: &str) -> Vec<String> {
    let words = snake.split('_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn file_name(words: &[&str]) -> String {
    case::snake(&words.join(" "), "others").plain().to_owned()
}

/// The division of parts among files.
struct Division<'p> {
    parts: &'p [Part],
    /// How many words all parts begin with. They tell nothing.
    shared: usize,
    /// The files in the folder, by what only their parts begin with.
    files: BTreeMap<Vec<&'p str>, Vec<usize>>,
    /// What is in the file of the module itself.
    inside: Vec<usize>,
}

impl<'p> Division<'p> {
    fn of(parts: &'p [Part]) -> Self {
        let mut division = Self {
            parts,
            shared: 0,
            files: BTreeMap::new(),
            inside: Vec::new(),
        };
        let all: Vec<usize> = (0..parts.len()).collect();
        division.shared = division.common_words(&all);
        division.inside = division.divide(all);
        division.files.retain(|_, members| !members.is_empty());
        for members in division.files.values_mut() {
            members.sort_unstable();
        }
        division.inside.sort_unstable();
        division
    }

    /// Divides these parts by the first word that tells them apart, if they are too much for a file. Gives back what
    /// belongs to none of the files: what has no further word, and what begins so differently that there is little of
    /// each, if a file can hold it. Otherwise what is little is joined by the letters that its words begin with.
    fn divide(&mut self, members: Vec<usize>) -> Vec<usize> {
        if members.len() < 2 || self.octets(&members) <= MOST {
            return members;
        }
        let common = self.common_words(&members);
        let first = members.first().map_or(&[][..], |first| self.words(*first));
        let before = first.get(self.shared..common).unwrap_or_default();
        let key = |word: &'p str| -> Vec<&'p str> {
            let before = before.iter().map(String::as_str);
            before.chain([word]).collect()
        };
        let mut rest = Vec::new();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for member in members {
            match self.words(member).get(common) {
                Some(word) => groups.entry(word).or_default().push(member),
                None => rest.push(member),
            }
        }
        let (small, large): (BTreeMap<_, _>, BTreeMap<_, _>) = groups
            .into_iter()
            .partition(|(_, group)| self.octets(group) < FEWEST);
        for (word, group) in large {
            let group = self.divide(group);
            self.files.entry(key(word)).or_default().extend(group);
        }
        let together = small
            .values()
            .map(|group| self.octets(group))
            .sum::<usize>();
        if self.octets(&rest) + together <= MOST {
            rest.extend(small.into_values().flatten());
            return rest;
        }
        for (letters, group) in self.by_letters(small, 1) {
            self.files.entry(key(letters)).or_default().extend(group);
        }
        rest
    }

    /// Joins groups by as many letters of their words as it takes for each to fit into a file.
    fn by_letters(
        &self,
        groups: BTreeMap<&'p str, Vec<usize>>,
        letters: usize,
    ) -> Vec<(&'p str, Vec<usize>)> {
        let mut joined: BTreeMap<&str, BTreeMap<&'p str, Vec<usize>>> = BTreeMap::new();
        for (word, group) in groups {
            let start = word.get(..letters).unwrap_or(word);
            joined.entry(start).or_default().insert(word, group);
        }
        let mut files = Vec::new();
        for (start, groups) in joined {
            let octets = groups
                .values()
                .map(|group| self.octets(group))
                .sum::<usize>();
            if groups.len() > 1 && octets > MOST {
                files.extend(self.by_letters(groups, letters + 1));
            } else {
                files.push((start, groups.into_values().flatten().collect()));
            }
        }
        files
    }

    fn octets(&self, members: &[usize]) -> usize {
        self.items(members).map(str::len).sum()
    }

    fn words(&self, member: usize) -> &'p [String] {
        self.parts.get(member).map_or(&[], |part| &part.words)
    }

    /// How many words all of these begin with.
    fn common_words(&self, members: &[usize]) -> usize {
        let mut members = members.iter().map(|member| self.words(*member));
        let first = members.next().unwrap_or_default();
        members.fold(first.len(), |common, words| {
            let pairs = first.iter().zip(words).take(common);
            pairs.take_while(|(one, other)| one == other).count()
        })
    }

    /// The items of these parts.
    fn items(&self, members: &[usize]) -> impl Iterator<Item = &'p str> {
        let parts = members.iter().filter_map(|member| self.parts.get(*member));
        parts.map(|part| part.items.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Division, FEWEST, MOST, Part, words};

    fn part(name: &str, octets: usize) -> Part {
        Part {
            words: words(name),
            items: "\n".repeat(octets),
        }
    }

    /// The files by name, and their parts; the one of the module itself has no name.
    fn division(parts: &[(&str, usize)]) -> Vec<(String, Vec<String>)> {
        let parts: Vec<Part> = parts
            .iter()
            .map(|(name, octets)| part(name, *octets))
            .collect();
        let division = Division::of(&parts);
        let names = |members: &[usize]| -> Vec<String> {
            let parts = members.iter().filter_map(|member| parts.get(*member));
            parts.map(|part| part.words.join("_")).collect()
        };
        let inside = (String::new(), names(&division.inside));
        let files = division.files.iter();
        let files = files.map(|(words, members)| (words.join("_"), names(members)));
        std::iter::once(inside).chain(files).collect()
    }

    fn file(name: &str, parts: &[&str]) -> (String, Vec<String>) {
        (
            name.to_owned(),
            parts.iter().map(|part| (*part).to_owned()).collect(),
        )
    }

    #[test]
    fn what_a_file_can_hold_is_one_file() {
        let half = MOST / 2;
        assert_eq!(
            division(&[("pet", half), ("order", half)]),
            [file("", &["pet", "order"])]
        );
        assert_eq!(
            division(&[("pet", 2 * MOST)]),
            [file("", &["pet"])],
            "a part is never divided"
        );
        assert_eq!(division(&[]), [file("", &[])]);
    }

    #[test]
    fn what_begins_alike_shares_a_file_and_what_is_small_stays_in_the_module() {
        let half = MOST / 2;
        let parts = [
            ("tag", 10),
            ("pet_list", half),
            ("order", half),
            ("pet", half - 1),
            ("user", FEWEST - 1),
        ];
        let expected = [
            file("", &["tag", "user"]),
            file("order", &["order"]),
            file("pet", &["pet_list", "pet"]),
        ];
        assert_eq!(division(&parts), expected);
    }

    #[test]
    fn what_is_still_too_long_is_divided_by_the_next_word() {
        let parts = [
            ("v1_pet_list", MOST),
            ("v1_pet_list_item", MOST),
            ("v1_pet_toy", 10),
            ("v1_order", 10),
        ];
        let expected = [
            file("", &["v1_order"]),
            file("pet", &["v1_pet_toy"]),
            file("pet_list", &["v1_pet_list"]),
            file("pet_list_item", &["v1_pet_list_item"]),
        ];
        assert_eq!(division(&parts), expected);
    }

    #[test]
    fn many_small_parts_that_have_nothing_in_common_are_found_by_their_first_letter() {
        let half = MOST / 2;
        let parts = [
            ("api_bear", 20),
            ("api_ape", 10),
            ("api_cat_list", half),
            ("api_cat_item", half),
            ("api_cow", 30),
        ];
        let mut parts = parts.to_vec();
        let names: Vec<String> = (0..110).map(|n| format!("api_z{n:04}")).collect();
        parts.extend(names.iter().map(|name| (name.as_str(), MOST / 100)));
        let files = division(&parts);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["", "a", "b", "c", "cat", "z00", "z01"]);
        assert_eq!(files[1], file("a", &["api_ape"]));
        assert_eq!(files[4], file("cat", &["api_cat_list", "api_cat_item"]));
    }
}

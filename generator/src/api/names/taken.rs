//! Unique names in a scope.

use std::collections::{HashMap, HashSet};

/// The names that are in use in a scope.
#[derive(Debug, Default)]
pub struct Taken {
    texts: HashSet<String>,
    /// Whether names that differ only in case are the same.
    folds_case: bool,
    /// The number to try next for each stem. All smaller ones are in use.
    numbers: HashMap<String, u32>,
}

impl Taken {
    /// A scope in which names that differ only in case are the same, as file names are on some systems.
    #[must_use]
    pub fn folding_case() -> Self {
        Self {
            folds_case: true,
            ..Self::default()
        }
    }

    /// Adds a name. Returns `false` if it is already in use.
    pub fn take(&mut self, text: &str) -> bool {
        self.texts.insert(self.key(text))
    }

    /// Adds and returns the first free name of the form `stem`, `separator`, number. Numbers begin with 2.
    pub fn take_numbered(&mut self, stem: &str, separator: &str) -> String {
        let key = self.key(stem);
        let mut number = self.numbers.get(&key).copied().unwrap_or(2);
        loop {
            let text = format!("{stem}{separator}{number}");
            number = number.saturating_add(1);
            if self.take(&text) || number == u32::MAX {
                self.numbers.insert(key, number);
                return text;
            }
        }
    }

    fn key(&self, text: &str) -> String {
        if self.folds_case {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
    }
}

impl<T: AsRef<str>> Extend<T> for Taken {
    fn extend<I: IntoIterator<Item = T>>(&mut self, texts: I) {
        for text in texts {
            self.take(text.as_ref());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Taken;

    #[test]
    fn numbers_begin_with_two_and_skip_names_in_use() {
        let mut taken = Taken::default();
        taken.extend(["a", "a3"]);
        assert!(!taken.take("a") && taken.take("A"));
        let numbered = [(); 3].map(|()| taken.take_numbered("a", ""));
        assert_eq!(numbered, ["a2", "a4", "a5"]);
        assert_eq!(taken.take_numbered("a", "-"), "a-6");
    }

    #[test]
    fn a_scope_can_ignore_case() {
        let mut taken = Taken::folding_case();
        assert!(taken.take("Pet") && !taken.take("pet"));
        assert_eq!(taken.take_numbered("Pet", ""), "Pet2");
        assert!(!taken.take("pet2"));
    }
}

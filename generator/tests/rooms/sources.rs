//! Which module of a crate uses which, read from its sources.
//!
//! Comments and strings do not count, nor do items under `#[cfg(test)]` (a unit test may drive the whole pipeline), nor the
//! templates in `quote!`, whose paths are those of the emitted crate.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use syn::UseTree;

/// A path in segments. An absolute one starts below the root of the crate.
pub type Segments = Vec<String>;

/// The modules of a crate by their absolute path; the root has the empty one.
#[derive(Default)]
pub struct Sources {
    modules: BTreeMap<Segments, Module>,
}

#[derive(Default)]
struct Module {
    /// Names that `use` brings into the module, with the path as written.
    imports: BTreeMap<String, Segments>,
    /// All paths as written: in `use` items, expressions, types and arguments of macros.
    paths: Vec<Segments>,
}

/// That a module uses an item of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The module that uses it.
    pub from: Segments,
    /// The module that defines it.
    pub to: Segments,
    /// The path as written.
    pub path: String,
}

impl Sources {
    /// Reads the crate whose root is `lib.rs` in a folder.
    pub fn read(folder: &Path) -> Self {
        let load = |path: &str| std::fs::read_to_string(folder.join(path)).ok();
        let mut sources = Self::default();
        sources.file(&load, Vec::new(), "lib.rs", "");
        sources
    }

    /// The crate of these files, the first being `lib.rs`.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let load = |path: &str| files.get(path).map(|text| (*text).to_owned());
        let mut sources = Self::default();
        sources.file(&load, Vec::new(), "lib.rs", "");
        sources
    }

    fn file(
        &mut self,
        load: &dyn Fn(&str) -> Option<String>,
        module: Segments,
        file: &str,
        folder: &str,
    ) {
        let text = load(file).unwrap_or_else(|| panic!("{file} is not there"));
        let tokens = text
            .parse()
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        self.modules.entry(module.clone()).or_default();
        for child in self.tokens(tokens, &module) {
            let flat = format!("{folder}{child}.rs");
            let nested = format!("{folder}{child}/mod.rs");
            let file = if load(&flat).is_some() { flat } else { nested };
            self.file(
                load,
                joined(&module, &child),
                &file,
                &format!("{folder}{child}/"),
            );
        }
    }

    /// Reads the tokens of a module, and returns the modules that have files of their own.
    fn tokens(&mut self, tokens: TokenStream, module: &Segments) -> Vec<String> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut files = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = &tokens[at..];
            at += match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => attribute(rest),
                TokenTree::Ident(word) if word == "use" && !is_punct(rest.get(1), '<') => {
                    let length = 1 + until(&rest[1..], |token| is_punct(Some(token), ';'));
                    self.import(&rest[..length], module);
                    length
                }
                TokenTree::Ident(word) if word == "mod" => match rest {
                    [_, TokenTree::Ident(name), TokenTree::Group(body), ..] => {
                        let inner = joined(module, &name.to_string());
                        self.modules.entry(inner.clone()).or_default();
                        let nested = self.tokens(body.stream(), &inner);
                        assert!(nested.is_empty(), "a file of an inline module");
                        3
                    }
                    [_, TokenTree::Ident(name), ..] => {
                        files.push(name.to_string());
                        3
                    }
                    _ => 1,
                },
                TokenTree::Ident(word) if is_template(word) && is_punct(rest.get(1), '!') => 3,
                TokenTree::Ident(_) => {
                    let segments = path(rest);
                    let length = 3 * segments.len() - 2;
                    // After `::` it is the rest of a path of another crate, or of an associated item.
                    if segments.len() > 1 && !is_after_path_separator(&tokens[..at]) {
                        self.module(module).paths.push(segments);
                    }
                    length
                }
                TokenTree::Group(group) => {
                    files.extend(self.tokens(group.stream(), module));
                    1
                }
                _ => 1,
            };
        }
        files
    }

    fn import(&mut self, tokens: &[TokenTree], module: &Segments) {
        let item: syn::ItemUse = syn::parse2(tokens.iter().cloned().collect())
            .unwrap_or_else(|error| panic!("{}: {error}", module.join("::")));
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        let module = self.module(module);
        for (name, path) in leaves {
            module.imports.insert(name, path.clone());
            module.paths.push(path);
        }
    }

    fn module(&mut self, module: &Segments) -> &mut Module {
        self.modules.entry(module.clone()).or_default()
    }

    /// Every use of an item of another module, through all re-exports to the module that defines it.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = Vec::new();
        for (from, module) in &self.modules {
            for path in &module.paths {
                let Some(to) = self.definition(from, path, 16) else {
                    continue;
                };
                if to != *from {
                    let (from, path) = (from.clone(), path.join("::"));
                    uses.push(Use { from, to, path });
                }
            }
        }
        uses.sort();
        uses.dedup();
        uses
    }

    /// The module that defines what a path means in a module; `None` where that is of another crate.
    fn definition(&self, module: &Segments, path: &[String], steps: usize) -> Option<Segments> {
        assert!(steps > 0, "{}: {}", module.join("::"), path.join("::"));
        let mut at = module.clone();
        for (index, segment) in path.iter().enumerate() {
            match segment.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop();
                }
                name => {
                    let child = joined(&at, name);
                    if self.modules.contains_key(&child) {
                        at = child;
                        continue;
                    }
                    let import = self.modules.get(&at).and_then(|it| it.imports.get(name));
                    return match import {
                        // A name of another crate imports itself: `use serde;`.
                        Some(import) if import.first().is_some_and(|first| first == name) => None,
                        Some(import) => {
                            let mut whole = import.clone();
                            whole.extend_from_slice(&path[index + 1..]);
                            self.definition(&at, &whole, steps - 1)
                        }
                        None if index == 0 => None,
                        None => Some(at),
                    };
                }
            }
        }
        Some(at)
    }
}

fn joined(module: &Segments, name: &str) -> Segments {
    let mut path = module.clone();
    path.push(name.to_owned());
    path
}

/// The number of tokens of an attribute; of the whole item where it is one of tests.
fn attribute(tokens: &[TokenTree]) -> usize {
    let start = if is_punct(tokens.get(1), '!') { 2 } else { 1 };
    let Some(TokenTree::Group(group)) = tokens.get(start) else {
        return 1;
    };
    if group.stream().to_string().replace(' ', "") != "cfg(test)" {
        return start + 1;
    }
    let item = &tokens[start + 1..];
    let is_import = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "use");
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::Brace && !item.iter().take(2).any(is_import)
        }
        other => is_punct(Some(other), ';'),
    };
    start + 1 + until(item, is_end)
}

/// The number of tokens up to the first of a kind, and that one.
fn until(tokens: &[TokenTree], is_end: impl Fn(&TokenTree) -> bool) -> usize {
    let end = tokens.iter().position(is_end);
    end.map_or(tokens.len(), |end| end + 1)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether a macro takes tokens of the emitted crate.
fn is_template(name: &Ident) -> bool {
    ["quote", "quote_spanned", "parse_quote"]
        .iter()
        .any(|template| name == template)
}

fn is_after_path_separator(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Punct(first), TokenTree::Punct(second)] => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
        }
        _ => false,
    }
}

/// The path that starts with the first token, which is an identifier.
fn path(tokens: &[TokenTree]) -> Segments {
    let mut segments = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(segment), after @ ..] = rest {
        segments.push(segment.to_string());
        match after {
            [first, second, next @ ..]
                if is_punct(Some(first), ':')
                    && is_punct(Some(second), ':')
                    && matches!(next.first(), Some(TokenTree::Ident(_))) =>
            {
                rest = next;
            }
            _ => break,
        }
    }
    segments
}

/// The names that a `use` brings in, each with its path.
fn flatten(tree: &UseTree, prefix: &mut Segments, leaves: &mut Vec<(String, Segments)>) {
    let mut leaf = |name: String, last: String| {
        let mut path = prefix.clone();
        if last != "self" || path.is_empty() {
            path.push(last);
        }
        let name = if name == "self" {
            path.last().cloned()
        } else {
            Some(name)
        };
        leaves.extend(name.map(|name| (name, path)));
    };
    match tree {
        UseTree::Name(name) => leaf(name.ident.to_string(), name.ident.to_string()),
        UseTree::Rename(rename) => leaf(rename.rename.to_string(), rename.ident.to_string()),
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, prefix, leaves);
            }
        }
        _ => panic!("{}::*: a glob hides what is used", prefix.join("::")),
    }
}

//! `use` declarations in the order and the form that rustfmt gives them, divided as by hand: the standard library, other
//! crates, this one.

use syn::{ItemUse, UseTree, Visibility};

/// The most columns of a line.
const WIDTH: usize = 100;

/// Whether a declaration has neither attributes nor a restricted visibility.
pub(super) fn is_plain(declaration: &ItemUse) -> bool {
    declaration.attrs.is_empty() && !matches!(declaration.vis, Visibility::Restricted(_))
}

/// The text of [plain](is_plain) declarations, with a blank line between the groups.
pub(super) fn formatted(mut declarations: Vec<ItemUse>) -> String {
    declarations.sort_by_cached_key(|declaration| {
        (Group::of(&declaration.tree), segments(&declaration.tree))
    });
    let mut text = String::new();
    let mut before = None;
    for declaration in &declarations {
        let group = Group::of(&declaration.tree);
        if before.is_some_and(|before| before != group) {
            text.push('\n');
        }
        before = Some(group);
        write(&mut text, declaration);
    }
    text
}

/// What a declaration imports from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Standard,
    Other,
    This,
}

impl Group {
    fn of(tree: &UseTree) -> Self {
        let UseTree::Path(path) = tree else {
            return Self::Other;
        };
        match path.ident.to_string().as_str() {
            "std" => Self::Standard,
            "crate" | "self" | "super" => Self::This,
            _ => Self::Other,
        }
    }
}

/// A segment of a path, in the order of rustfmt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    This,
    Parent,
    Root,
    Name(Vec<(char, u64)>),
    All,
    List,
}

fn segments(tree: &UseTree) -> Vec<Segment> {
    let segment = |name: &str| match name {
        "self" => Segment::This,
        "super" => Segment::Parent,
        "crate" => Segment::Root,
        name => Segment::Name(natural(name)),
    };
    let mut segments = Vec::new();
    let mut rest = tree;
    while let UseTree::Path(path) = rest {
        segments.push(segment(&path.ident.to_string()));
        rest = &path.tree;
    }
    segments.push(match rest {
        UseTree::Name(name) => segment(&name.ident.to_string()),
        UseTree::Rename(rename) => segment(&rename.ident.to_string()),
        UseTree::Glob(_) => Segment::All,
        UseTree::Path(_) | UseTree::Group(_) => Segment::List,
    });
    segments
}

/// A name as its sorting key: numbers by their value, `_` before everything.
fn natural(name: &str) -> Vec<(char, u64)> {
    let mut key: Vec<(char, u64)> = Vec::new();
    let mut follows_digit = false;
    for letter in name.chars() {
        let digit = letter.to_digit(10).map(u64::from);
        match (digit, key.last_mut()) {
            (Some(digit), Some((_, number))) if follows_digit => {
                *number = number.saturating_mul(10).saturating_add(digit);
            }
            (Some(digit), _) => key.push(('0', digit)),
            (None, _) => key.push((if letter == '_' { ' ' } else { letter }, 0)),
        }
        follows_digit = digit.is_some();
    }
    key
}

/// Writes a declaration, a list on as many lines as it takes.
fn write(text: &mut String, declaration: &ItemUse) {
    let mut tree = &declaration.tree;
    let mut head = match declaration.vis {
        Visibility::Inherited => "use ".to_owned(),
        Visibility::Public(_) | Visibility::Restricted(_) => "pub use ".to_owned(),
    };
    if declaration.leading_colon.is_some() {
        head.push_str("::");
    }
    while let UseTree::Path(path) = tree {
        head.push_str(&format!("{}::", path.ident));
        tree = &path.tree;
    }
    let UseTree::Group(group) = tree else {
        text.push_str(&format!("{head}{};\n", spelled(tree)));
        return;
    };
    let mut names: Vec<&UseTree> = group.items.iter().collect();
    names.sort_by_cached_key(|name| segments(name));
    let names: Vec<String> = names.into_iter().map(spelled).collect();
    let whole = format!("{head}{{{}}};", names.join(", "));
    if whole.len() <= WIDTH {
        text.push_str(&whole);
        text.push('\n');
        return;
    }
    text.push_str(&format!("{head}{{\n"));
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && 4 + line.len() + name.len() + 2 > WIDTH {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&format!("{name},"));
    }
    text.push_str(&format!("    {line}\n}};\n"));
}

/// The text of a tree.
fn spelled(tree: &UseTree) -> String {
    match tree {
        UseTree::Path(path) => format!("{}::{}", path.ident, spelled(&path.tree)),
        UseTree::Name(name) => name.ident.to_string(),
        UseTree::Rename(rename) => format!("{} as {}", rename.ident, rename.rename),
        UseTree::Glob(_) => "*".to_owned(),
        UseTree::Group(group) => {
            let names: Vec<String> = group.items.iter().map(spelled).collect();
            format!("{{{}}}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use quote::quote;

    use super::formatted;

    /// What rustfmt makes of a text.
    fn with_rustfmt(text: &str) -> String {
        let mut rustfmt = Command::new("rustfmt")
            .args(["--edition", "2024"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = rustfmt.stdin.take().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        drop(input);
        String::from_utf8(rustfmt.wait_with_output().unwrap().stdout).unwrap()
    }

    #[test]
    fn declarations_are_sorted_and_broken_as_rustfmt_does() {
        let file: syn::File = syn::parse2(quote! {
            use crate::{operations, models};
            use crate::types::{string_enum, Change, object};
            use crate::client::{parameter, Call};
            use crate::client::call::{calls, Empty};
            use super::{
                Team10, Team2, Team_1, ProjectWithALongName, AnotherProjectWithALongName, TeamA, B, aTeam,
                ProjectWithAnotherName
            };
            use serde_json::Value;
            use axum::Router;
            use std::sync::Arc;
            use std::collections::BTreeMap;
            pub use self::team::*;
        })
        .unwrap();
        let uses = file.items.into_iter().map(|item| match item {
            syn::Item::Use(item) => item,
            _ => unreachable!(),
        });
        let text = formatted(uses.collect());
        insta::assert_snapshot!(text, @"
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use axum::Router;
    use serde_json::Value;

    pub use self::team::*;
    use super::{
        AnotherProjectWithALongName, B, ProjectWithALongName, ProjectWithAnotherName, Team_1, Team2,
        Team10, TeamA, aTeam,
    };
    use crate::client::call::{Empty, calls};
    use crate::client::{Call, parameter};
    use crate::types::{Change, object, string_enum};
    use crate::{models, operations};
    ");
        assert_eq!(with_rustfmt(&text), text);
    }
}

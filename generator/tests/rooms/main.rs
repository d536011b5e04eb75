//! Data goes through the rooms of the generator in one direction, and no modules go in circles.
//!
//! An item of a module that lies around both (`super::Item`, defined in that `mod.rs` itself) belongs to both of them; a
//! re-export counts as the module that defines the item.

#![allow(clippy::panic, reason = "a test fails by panicking")]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sources::{Segments, Sources, Use};

/// The modules of the crate's root in the order of the data: none uses another one of its line, or one of a later line.
const ORDER: &[&[&str]] = &[
    &[
        "files",
        "http",
        "media_type",
        "parallel",
        "path_template",
        "prose",
    ],
    &["description"],
    &["reconcile"],
    &["api"],
    &["emit", "output"],
    &["project"],
    &["pipeline"],
    &["diff", "explain", "export", "lint", "observe"],
    &["site"],
];

#[test]
fn no_room_uses_a_later_one_and_no_modules_go_in_circles() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let found = violations(&Sources::read(&source).uses(), ORDER);
    let mut report = String::new();
    for (violation, uses) in found {
        report.push_str(&format!("{violation}\n"));
        for line in uses {
            report.push_str(&format!("    {line}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn a_use_of_a_later_room_is_found_behind_a_re_export() {
    let found = violations(
        &Sources::of(&[
            ("lib.rs", "mod early; mod late; mod facade;"),
            ("early.rs", "use crate::facade::Item;"),
            ("facade.rs", "pub use crate::late::inner::Item;"),
            ("late.rs", "pub mod inner { pub struct Item; }"),
        ])
        .uses(),
        &[&["facade"], &["early"], &["late"]],
    );
    let expected = ["early uses the later late", "facade uses the later late"];
    assert_eq!(found.keys().collect::<Vec<_>>(), expected);
}

#[test]
fn a_circle_is_found_in_imports_expressions_and_arguments_of_macros() {
    let found = violations(
        &Sources::of(&[
            ("lib.rs", "mod room;"),
            (
                "room/mod.rs",
                "mod a; mod b; mod c; mod d; pub use d::make as build;",
            ),
            ("room/a.rs", "use super::{b::{self, Item as Other}};"),
            ("room/b.rs", "pub struct Item; fn f() { super::c::g() }"),
            (
                "room/c/mod.rs",
                "mod deep; fn g() { println!(\"{}\", crate::room::build()) }",
            ),
            ("room/c/deep.rs", "fn f() -> super::super::d::Item {}"),
            ("room/d.rs", "pub fn make() { use super::a; a::f() }"),
        ])
        .uses(),
        &[&["room"]],
    );
    assert_eq!(found.keys().collect::<Vec<_>>(), ["room: a, b, c, d"]);
    assert_eq!(
        found.values().next().map(Vec::as_slice),
        Some(
            [
                "room::a -> room::b: super::b",
                "room::a -> room::b: super::b::Item",
                "room::b -> room::c: super::c::g",
                "room::c -> room::d: crate::room::build",
                "room::c::deep -> room::d: super::super::d::Item",
                "room::d -> room::a: a::f",
                "room::d -> room::a: super::a",
            ]
            .map(str::to_owned)
            .as_slice()
        )
    );
}

#[test]
fn comments_strings_tests_and_templates_are_no_uses() {
    let found = violations(
        &Sources::of(&[
            ("lib.rs", "mod early; mod late;"),
            (
                "early.rs",
                r#"
                //! [`crate::late`]
                // use crate::late::Item;
                const TEXT: &str = "use crate::late::Item;";
                fn f() { quote!(use crate::late::Item;); ::std::late::f() }
                #[cfg(test)]
                use crate::late::{Item, Other};
                #[cfg(test)]
                mod tests { use crate::late::Item; }
                "#,
            ),
            ("late.rs", "pub struct Item; pub struct Other;"),
        ])
        .uses(),
        &[&["early"], &["late"]],
    );
    assert_eq!(found, BTreeMap::new());
}

/// What is against the rules, with the uses that make it so.
fn violations(uses: &[Use], order: &[&[&str]]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    let mut graphs = BTreeMap::<Segments, BTreeMap<&str, BTreeMap<&str, Vec<String>>>>::new();
    for used in uses {
        let around = used
            .from
            .iter()
            .zip(&used.to)
            .take_while(|(from, to)| from == to)
            .count();
        let (Some(from), Some(to)) = (used.from.get(around), used.to.get(around)) else {
            continue;
        };
        let line = format!(
            "{} -> {}: {}",
            used.from.join("::"),
            used.to.join("::"),
            used.path
        );
        if around == 0 {
            let place = |name: &str| {
                let place = order.iter().position(|line| line.contains(&name));
                place.unwrap_or_else(|| panic!("`{name}` has no place in the order"))
            };
            if place(to) >= place(from) {
                let later = if place(to) == place(from) {
                    ""
                } else {
                    "later "
                };
                let violation = format!("{from} uses the {later}{to}");
                found.entry(violation).or_default().push(line);
            }
        } else {
            let graph = graphs.entry(used.from[..around].to_vec()).or_default();
            graph
                .entry(from)
                .or_default()
                .entry(to)
                .or_default()
                .push(line);
        }
    }
    for (parent, graph) in &graphs {
        for circle in circles(graph) {
            let names: Vec<&str> = circle.iter().copied().collect();
            let inside = |(from, to): &(&str, &str)| circle.contains(from) && circle.contains(to);
            let edges = graph
                .iter()
                .flat_map(|(from, to)| to.iter().map(|to| (*from, to)));
            let lines = edges.filter(|(from, (to, _))| inside(&(*from, **to)));
            let lines = lines
                .flat_map(|(_, (_, lines))| lines.iter().cloned())
                .collect();
            found.insert(
                format!("{}: {}", parent.join("::"), names.join(", ")),
                lines,
            );
        }
    }
    found
}

/// The sets of modules that reach each other.
fn circles<'m>(
    graph: &BTreeMap<&'m str, BTreeMap<&'m str, Vec<String>>>,
) -> BTreeSet<BTreeSet<&'m str>> {
    let reached = |start: &'m str| {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(module) = open.pop() {
            for next in graph.get(module).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(*next) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|module| (*module, reached(module)))
        .collect();
    let circle = |module: &'m str| -> BTreeSet<&'m str> {
        let reaches = |from: &str, to: &str| all.get(from).is_some_and(|set| set.contains(to));
        let members = all
            .keys()
            .filter(|other| reaches(module, other) && reaches(other, module));
        members.copied().collect()
    };
    all.keys()
        .map(|module| circle(module))
        .filter(|circle| circle.len() > 1)
        .collect()
}

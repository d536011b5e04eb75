//! Whether two crates are the same but for texts and names.

use std::collections::BTreeMap;

use generator::description::diagnostic::Diagnostics;
use generator::description::load;
use generator::description::source::SourceMap;
use generator::files::Files;
use pulldown_cmark::{Event, Parser};

use crate::erase;

/// What is wrong with a crate, beside its harmless twin.
pub fn differences(files: &Files, twin: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (path, octets) in files {
        // A path that the twin has, too, is that of an emitter, or of a harmless name.
        if !twin.contains_key(path)
            && let Some(reason) = refused_path(path)
        {
            found.push(format!("{path:?}: {reason}"));
        }
        if twin.get(path) == Some(octets) {
            continue;
        }
        match std::str::from_utf8(octets) {
            Ok(text) => found.extend(defect(path, text).map(|defect| format!("{path}: {defect}"))),
            Err(_) => found.push(format!("{path} is no text")),
        }
    }
    found.extend(other_folders(files, twin));
    found
}

/// Why a specification must not name a file so. It names files below `src` and `tests` alone.
fn refused_path(path: &str) -> Option<&'static str> {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com1", "lpt1"];
    let mut segments = path.split('/');
    let first = segments.next().unwrap_or_default();
    if !["src", "tests"].contains(&first) {
        return Some("not of the fixed scheme");
    }
    for segment in segments {
        let stem = segment.strip_suffix(".rs").unwrap_or(segment);
        let of_name =
            |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_';
        if stem.is_empty() || !stem.bytes().all(of_name) {
            return Some("not a name in snake case");
        }
        if segment.len() > 255 {
            return Some("longer than some file systems take");
        }
        if DEVICES.contains(&stem) {
            return Some("a device of some systems");
        }
    }
    None
}

fn defect(path: &str, text: &str) -> Option<String> {
    if path.ends_with(".rs") {
        if !text.is_ascii() {
            return Some("not ASCII".to_owned());
        }
        return syn::parse_file(text).err().map(|error| error.to_string());
    }
    let is_hidden = |letter: char| {
        (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)
    };
    if path.ends_with(".md") {
        if text.contains(is_hidden) {
            return Some("a control character".to_owned());
        }
        // Our own: the comment on top, and what shows a literal that is not ASCII.
        let is_ours = |html: &str| {
            html.starts_with("<!-- @generated") || ["<code>", "</code>"].contains(&html)
        };
        let is_html = |event: &Event<'_>| match event {
            Event::Html(html) | Event::InlineHtml(html) => !is_ours(html),
            _ => false,
        };
        return Parser::new(text)
            .find(is_html)
            .map(|event| format!("raw HTML: {event:?}"));
    }
    if path.ends_with(".json") {
        let read = serde_json::from_str::<serde_json::Value>(text);
        return read.err().map(|error| error.to_string());
    }
    if path.ends_with(".yaml") {
        let mut sources = SourceMap::default();
        let file = sources.add(path, text);
        let mut diagnostics = Diagnostics::default();
        let tree = load::parse(&sources, file, &mut diagnostics);
        let other = serde_yaml::from_str::<serde_yaml::Value>(text);
        return match (tree, other) {
            (Some(_), Ok(_)) if !diagnostics.has_errors() => None,
            (_, Err(error)) => Some(error.to_string()),
            _ => Some("our own reader refuses it".to_owned()),
        };
    }
    None
}

/// Compares files by folder: those of the same name, and of the others their shapes.
fn other_folders(files: &Files, twin: &Files) -> Vec<String> {
    let mut found = Vec::new();
    let (mine, theirs) = (shapes(files, twin), shapes(twin, files));
    for (folder, shapes) in &mine {
        if theirs.get(folder) != Some(shapes) {
            let other = theirs.get(folder).cloned().unwrap_or_default();
            found.push(format!(
                "below {folder}: {}",
                first_difference(shapes, &other)
            ));
        }
    }
    found.extend(
        theirs
            .keys()
            .filter(|folder| !mine.contains_key(*folder))
            .map(|folder| format!("nothing is below {folder}")),
    );
    found.extend(manifest_difference(files, twin));
    found
}

/// The sorted shapes of the Rust files that differ from those of the other crate, by folder. Models are divided among files
/// by their names: all of them are one shape.
fn shapes(files: &Files, other: &Files) -> BTreeMap<String, Vec<String>> {
    let mut by_folder: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut models = Vec::new();
    for (path, octets) in files {
        if !path.ends_with(".rs") {
            continue;
        }
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let shapes = by_folder.entry(folder.to_owned()).or_default();
        if other.get(path) == Some(octets) {
            continue;
        }
        let text = std::str::from_utf8(octets).unwrap_or_default();
        let mut items = erase::shapes(text)
            .unwrap_or_else(|error| vec![format!("{path} has no tokens: {error}")]);
        if folder == "src/models" {
            models.append(&mut items);
            continue;
        }
        if path == "src/models.rs" {
            // The attributes of the file stand in front of the first module.
            const MODULE: &str = "mod identifier ;";
            let mut heads: Vec<String> = items
                .iter()
                .filter_map(|item| item.strip_suffix(MODULE).map(str::to_owned))
                .collect();
            items.retain(|item| !item.ends_with(MODULE));
            items.append(&mut heads);
            items.retain(|item| !item.is_empty());
            items.sort_unstable();
            items.dedup();
        }
        shapes.push(items.join("\n"));
    }
    by_folder.insert("src/models".to_owned(), models);
    for shapes in by_folder.values_mut() {
        shapes.sort_unstable();
    }
    by_folder
}

fn first_difference(mine: &[String], theirs: &[String]) -> String {
    if mine.len() != theirs.len() {
        let (more, less) = if mine.len() > theirs.len() {
            (mine, theirs)
        } else {
            (theirs, mine)
        };
        let count =
            |shapes: &[String], shape: &String| shapes.iter().filter(|one| *one == shape).count();
        let odd = more
            .iter()
            .find(|shape| count(more, shape) > count(less, shape));
        return format!(
            "{} files or items instead of {}, for instance `{}`",
            mine.len(),
            theirs.len(),
            odd.map_or("", String::as_str)
        );
    }
    let lines = |shapes: &[String]| -> Vec<String> {
        shapes
            .iter()
            .flat_map(|shape| shape.lines())
            .map(str::to_owned)
            .collect()
    };
    let (mine, theirs) = (lines(mine), lines(theirs));
    let differ = mine
        .iter()
        .zip(&theirs)
        .find(|(mine, theirs)| mine != theirs);
    match differ {
        Some((mine, theirs)) => {
            let same = mine
                .bytes()
                .zip(theirs.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let from = same.saturating_sub(120);
            let cut = |text: &str| {
                text.get(from..)
                    .unwrap_or(text)
                    .chars()
                    .take(300)
                    .collect::<String>()
            };
            format!("`{}` instead of `{}`", cut(mine), cut(theirs))
        }
        None => format!("{} items instead of {}", mine.len(), theirs.len()),
    }
}

/// The manifest is the same but for the sentence that describes the package.
fn manifest_difference(files: &Files, twin: &Files) -> Option<String> {
    let manifest = |files: &Files| {
        let text = std::str::from_utf8(files.get("Cargo.toml")?)
            .ok()?
            .to_owned();
        let mut table: toml::Table = toml::from_str(&text).ok()?;
        let package = table.get_mut("package")?.as_table_mut()?;
        package.get("description")?.as_str()?;
        package.insert("description".to_owned(), "".into());
        Some(table)
    };
    match (manifest(files), manifest(twin)) {
        (Some(mine), Some(theirs)) if mine == theirs => None,
        (None, _) => Some("Cargo.toml cannot be read".to_owned()),
        _ => Some("Cargo.toml differs".to_owned()),
    }
}

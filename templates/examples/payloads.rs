//! Response bodies in a folder that the environment variable `PAYLOADS` names. The columns `file`, `method`, `path` and
//! `status` of its `INDEX.tsv` map each JSON file to a response.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::bodies::RESPONSES;
use crate::round_trip::compare;

#[test]
fn payloads() {
    let Some(folder) = std::env::var_os("PAYLOADS").filter(|folder| Path::new(folder).is_dir())
    else {
        println!("skipped: set PAYLOADS");
        return;
    };
    let read = |name: &str| {
        let path = Path::new(&folder).join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let index = read("INDEX.tsv");
    let mut lines = index.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let (mut payloads, mut deviating, mut failures) = (0, 0, Vec::new());
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |column: &str| {
            let position = columns.iter().position(|name| *name == column);
            position
                .and_then(|position| cells.get(position).copied())
                .unwrap_or_default()
        };
        payloads += 1;
        match check(
            cell("method"),
            cell("path"),
            cell("status"),
            &read(cell("file")),
        ) {
            Ok(checked) => {
                deviating += usize::from(!checked.deviations.is_empty());
                for deviation in checked.deviations {
                    println!("{}: {deviation}", cell("file"));
                }
                for path in checked.unknown {
                    *unknown.entry(path).or_default() += 1;
                }
            }
            Err(failure) => failures.push(format!("{}: {failure}", cell("file"))),
        }
    }
    for (path, count) in &unknown {
        println!("not in the model, in {count} of {payloads} payloads: {path}");
    }
    assert!(
        failures.is_empty(),
        "{} of {payloads} payloads:\n{}",
        failures.len(),
        failures.join("\n")
    );
    println!(
        "{payloads} payloads decode and encode, {deviating} of them with deviations; {} properties are not in the models",
        unknown.len()
    );
}

/// What became of a payload.
struct Checked {
    /// The values of another type than described, which were converted or left out.
    deviations: Vec<String>,
    /// The paths of the properties that the model does not have.
    unknown: Vec<String>,
}

/// Decodes and encodes a payload. Without deviations, no value may change.
fn check(method: &str, path: &str, status: &str, text: &str) -> Result<Checked, String> {
    let original: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut same = RESPONSES
        .iter()
        .filter(|response| response.method == method && shape(response.path) == shape(path));
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let response = same
        .clone()
        .find(|response| response.status == status)
        .or_else(|| same.clone().find(|response| response.status == range))
        .or_else(|| same.find(|response| response.status == "default"))
        .ok_or_else(|| format!("no response {status} of {method} {path} is described"))?;
    let encoded = (response.again)(text).map_err(|error| format!("does not decode: {error}"))?;
    let deviations: Vec<String> = encoded.deviations.iter().map(ToString::to_string).collect();
    let compared = compare(&original, &encoded.value);
    match compared.changed.first() {
        Some(change) if deviations.is_empty() => return Err(change.clone()),
        _ => {}
    }
    let unknown = compared.lost.into_iter();
    Ok(Checked {
        deviations,
        unknown: unknown.map(|property| format!("{method} {path} {property}")).collect(),
    })
}

/// A path without the names of its parameters and without a slash at its end.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut within = false;
    for character in path.trim_end_matches('/').chars() {
        within = (within || character == '{') && character != '}';
        if !within {
            shape.push(character);
        }
    }
    shape
}

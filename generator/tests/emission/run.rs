//! From small descriptions to the files of a crate, and whole items out of those.

use std::collections::BTreeMap;

use generator::api::Api;
use generator::description::diagnostic::{Diagnostics, Severity};
use generator::pipeline;
use generator::project::Project;

/// The crate of a description.
pub(crate) struct Emitted {
    pub(crate) api: Api,
    /// Its Rust files, by path.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) readme: String,
    /// The synthetic values of its components, a line each.
    pub(crate) samples: String,
}

/// The crate of a description in YAML, which is given without its head.
pub(crate) fn emitted(description: &str) -> Emitted {
    emitted_of(&[description])
}

/// The crate of several descriptions, which are called `a`, `b`, … in the order of their authority.
pub(crate) fn emitted_of(descriptions: &[&str]) -> Emitted {
    let folder = tempfile::tempdir().unwrap();
    let named = ('a'..).zip(descriptions);
    let paths: Vec<_> = named
        .map(|(letter, description)| {
            let path = folder.path().join(format!("{letter}.yaml"));
            let head = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\n";
            std::fs::write(&path, format!("{head}{description}")).unwrap();
            path
        })
        .collect();
    let mut diagnostics = Diagnostics::default();
    let out = folder.path().join("out");
    let mut project = Project::of_files(&paths, &out, "pets-api", &mut diagnostics);
    project.package.loopback_tests = true;
    project.package.example_tests = true;
    project.package.sample_tests = true;
    let outcome = pipeline::run(&project);
    let errors = outcome.diagnostics.at_least(Severity::Error);
    assert!(
        errors.items().is_empty(),
        "{}",
        errors.render(&project.sources)
    );
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let mut files = outcome.files.unwrap();
    Emitted {
        api: outcome.lowered.unwrap().api,
        readme: text(files.remove("README.md").unwrap()),
        samples: text(
            files
                .remove("tests/samples/samples.jsonl")
                .unwrap_or_default(),
        ),
        files: files
            .into_iter()
            .filter(|(path, _)| path.ends_with(".rs"))
            .map(|(path, bytes)| (path, text(bytes)))
            .collect(),
    }
}

/// The crate of component schemas, a line each, of which a response has the one called `Root`.
pub(crate) fn responded(schemas: &str) -> Emitted {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}";
    with_schemas(
        &format!(
            "get: {{operationId: getRoot, responses: {{'200': {{description: OK, {content}}}}}}}"
        ),
        schemas,
    )
}

/// The crate of component schemas, a line each, of which a request has the one called `Root`.
pub(crate) fn requested(schemas: &str) -> Emitted {
    let body = "{required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}";
    with_schemas(
        &format!(
            "put: {{operationId: putRoot, requestBody: {body}, responses: {{'204': {{description: Done}}}}}}"
        ),
        schemas,
    )
}

fn with_schemas(operation: &str, schemas: &str) -> Emitted {
    let lines = schemas.lines().map(|line| format!("    {}\n", line.trim()));
    emitted(&format!(
        "paths:\n  /root:\n    {operation}\ncomponents:\n  schemas:\n{}",
        lines.collect::<String>()
    ))
}

/// The crate of operations on pets. A line is a path, a method and an operation in the flow style of YAML, without its tag:
/// `/pets get {operationId: listPets, responses: {...}}`. There are two schemas, `Pet` and `Error`.
pub(crate) fn operations(lines: &str) -> Emitted {
    emitted(&described(lines))
}

/// The description of [`operations`].
pub(crate) fn described(lines: &str) -> String {
    let mut by_path: BTreeMap<&str, String> = BTreeMap::new();
    for line in lines.lines().map(str::trim) {
        let (path, rest) = line.split_once(' ').unwrap();
        let (method, operation) = rest.split_once(" {").unwrap();
        let methods = by_path.entry(path).or_default();
        methods.push_str(&format!("    {method}: {{tags: [pets], {operation}\n"));
    }
    let paths = by_path
        .iter()
        .map(|(path, methods)| format!("  '{path}':\n{methods}"));
    let paths: String = paths.collect();
    format!(
        "paths:\n{paths}components:\n  schemas:\n    Pet: {{type: object, properties: {{name: {{type: string}}}}}}\n    \
         Error: {{type: object, properties: {{detail: {{type: string}}}}}}\n"
    )
}

impl Emitted {
    /// A file.
    pub(crate) fn file(&self, path: &str) -> &str {
        let file = self.files.get(path);
        file.unwrap_or_else(|| panic!("{path} is none of {:#?}", self.files.keys()))
    }

    /// The item of a file that has a line with this beginning (after its documentation and attributes, and in the macro
    /// that declares it), as it stands there. Items are what blank lines part that are followed by code without indentation.
    pub(crate) fn item(&self, path: &str, head: &str) -> String {
        let file = self.file(path);
        let found = items(file);
        let found: Vec<_> = found
            .into_iter()
            .filter(|item| has_head(item, head))
            .collect();
        match found.as_slice() {
            [item] => (*item).to_owned(),
            _ => panic!("{} items begin with `{head}`:\n{file}", found.len()),
        }
    }

    /// The entry of a table that has a line with this beginning. Entries are what blank lines part.
    pub(crate) fn entry(&self, path: &str, head: &str) -> String {
        let file = self.file(path).trim_end().trim_end_matches("\n}");
        let mut entries = file.split("\n\n").filter(|entry| has_head(entry, head));
        let entry = entries.next();
        entry
            .unwrap_or_else(|| panic!("no entry begins with `{head}`:\n{file}"))
            .to_owned()
    }

    /// Several items of a file; `use` is all of its imports.
    pub(crate) fn items(&self, path: &str, heads: &[&str]) -> String {
        let of_head = |head: &&str| match *head {
            "use" => self.imports(path),
            head => self.item(path, head),
        };
        heads.iter().map(of_head).collect::<Vec<_>>().join("\n\n")
    }

    /// The imports of a file.
    fn imports(&self, path: &str) -> String {
        let mut imports = items(self.file(path));
        imports.retain(|item| item.starts_with("use "));
        imports.join("\n\n")
    }

    /// All items of a file but its imports.
    pub(crate) fn all(&self, path: &str) -> String {
        let items = items(self.file(path)).into_iter();
        let kept = items.filter(|item| {
            let is_comment = |line: &str| line.starts_with("//!") || line.starts_with("// ");
            !item.starts_with("use ") && !item.lines().all(is_comment)
        });
        kept.collect::<Vec<_>>().join("\n\n")
    }

    /// A type of `models`.
    pub(crate) fn model(&self, name: &str) -> String {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("src/models/"));
        let heads = ["struct", "enum", "type"].map(|kind| format!("pub {kind} {name} "));
        let of_type = |item: &&str| heads.iter().any(|head| has_head(item, head));
        let items = files.flat_map(|(_, file)| items(file));
        items.filter(of_type).collect::<Vec<_>>().join("\n\n")
    }

    /// The types of `models` in the order of the files.
    pub(crate) fn models(&self, names: &[&str]) -> String {
        let models: Vec<_> = names.iter().map(|name| self.model(name)).collect();
        models.join("\n\n")
    }

    /// What the client has of the operations on pets.
    pub(crate) fn client(&self) -> String {
        self.all("src/client/operations/pets.rs")
    }

    /// What the server has of the operations on pets.
    pub(crate) fn server(&self, heads: &[&str]) -> String {
        self.items("src/server/operations/pets.rs", heads)
    }
}

fn has_head(item: &str, head: &str) -> bool {
    let is_declared = item
        .lines()
        .next()
        .is_some_and(|line| line.ends_with("! {"));
    let declared = |line: &str| line.strip_prefix("    ").map(|line| line.starts_with(head));
    item.lines()
        .any(|line| line.starts_with(head) || is_declared && declared(line) == Some(true))
}

fn items(file: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = file.trim_end();
    let mut from = 0;
    while let Some(found) = rest[from..].find("\n\n") {
        let end = from + found;
        if rest[end + 2..].starts_with([' ', '}']) {
            from = end + 2;
            continue;
        }
        items.push(&rest[..end]);
        rest = &rest[end + 2..];
        from = 0;
    }
    items.push(rest);
    items
}

//! Runs of the pipeline over small documents, and what came out of them in few words.

use std::path::{Path, PathBuf};

use generator::api::{Api, Type, TypeDefinition, TypeKind};
use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::source::SourceMap;
use generator::pipeline::{self, Outcome};
use generator::project::Project;

/// What came of a document.
pub(crate) struct Run {
    pub(crate) outcome: Outcome,
    pub(crate) sources: SourceMap,
}

/// Runs the pipeline over the file of a path.
pub(crate) fn file(path: &Path) -> Run {
    let mut diagnostics = Diagnostics::default();
    let out = PathBuf::from("unwritten");
    let mut project = Project::of_files(&[path.to_owned()], &out, "pets", &mut diagnostics);
    project.package.loopback_tests = true;
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&project.sources)
    );
    run(&project)
}

/// Runs the pipeline over a project.
pub(crate) fn run(project: &Project) -> Run {
    Run {
        outcome: pipeline::run(project),
        sources: project.sources.clone(),
    }
}

/// Runs the pipeline over a text.
pub(crate) fn text(text: &str) -> Run {
    let folder = tempfile::tempdir().expect("has room");
    let path = folder.path().join("api.yaml");
    std::fs::write(&path, text).expect("has room");
    file(&path)
}

impl Run {
    /// All that is said, as the command line prints it.
    pub(crate) fn said(&self, least: Severity) -> String {
        self.outcome
            .diagnostics
            .at_least(least)
            .render(&self.sources)
    }

    /// The codes of what is said of at least a severity, sorted, each once.
    pub(crate) fn codes(&self, least: Severity) -> Vec<&'static str> {
        let found = self.outcome.diagnostics.at_least(least);
        let mut codes: Vec<_> = found.items().iter().map(|item| item.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.outcome.diagnostics.has_errors()
    }

    pub(crate) fn api(&self) -> &Api {
        let lowered = self.outcome.lowered.as_ref();
        &lowered
            .unwrap_or_else(|| panic!("{}", self.said(Severity::Error)))
            .api
    }

    /// `GET /path` of every operation, in their order.
    pub(crate) fn operations(&self) -> Vec<String> {
        let operations = self.api().operations.iter();
        operations
            .map(|operation| format!("{} {}", operation.method, operation.path.template))
            .collect()
    }

    /// The names of all types, sorted.
    pub(crate) fn types(&self) -> Vec<&str> {
        let types = self.api().types.iter();
        types.map(|definition| definition.name.plain()).collect()
    }

    pub(crate) fn definition(&self, name: &str) -> &TypeDefinition {
        let found = self
            .api()
            .types
            .iter()
            .find(|definition| definition.name.plain() == name);
        found.unwrap_or_else(|| panic!("no type {name} among {:?}", self.types()))
    }

    /// What a type is: `struct {a: String, b: [Pet]}`, `enum "a" | "b"`, `union A | B`, or the type that it is an alias of.
    pub(crate) fn describe(&self, name: &str) -> String {
        match &self.definition(name).kind {
            TypeKind::Struct(structure) => {
                let fields = structure.fields.iter().map(|field| {
                    let optional = if field.promised { "" } else { "?" };
                    let nullable = if field.nullable { " | null" } else { "" };
                    format!(
                        "{}{optional}: {}{nullable}",
                        field.wire_name,
                        self.ty(&field.ty)
                    )
                });
                let mut fields: Vec<String> = fields.collect();
                if let Some(additional) = &structure.additional {
                    fields.push(format!("*: {}", self.ty(&additional.value)));
                }
                format!("struct {{{}}}", fields.join(", "))
            }
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                let values: Vec<String> = values
                    .iter()
                    .map(|value| format!("{} = {}", value.name, value.wire))
                    .collect();
                format!("enum {}", values.join(" | "))
            }
            TypeKind::Union(union) => {
                let alternatives: Vec<String> = union
                    .alternatives
                    .iter()
                    .map(|alternative| {
                        format!("{}({})", alternative.name, self.ty(&alternative.ty))
                    })
                    .collect();
                let by = union.discriminator.as_ref();
                let by = by.map_or_else(String::new, |by| {
                    let mapping: Vec<String> = by
                        .mapping
                        .iter()
                        .map(|(value, alternative)| {
                            format!("{value} = {}", union.alternatives[*alternative].name)
                        })
                        .collect();
                    format!(" by {} ({})", by.property, mapping.join(", "))
                });
                format!("union {}{by}", alternatives.join(" | "))
            }
            TypeKind::Alias(ty) => self.ty(ty),
        }
    }

    /// A type in few words.
    pub(crate) fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Named(id) => self.api().types[id.index()].name.plain().to_owned(),
            Type::List(item) => format!("[{}]", self.ty(item)),
            Type::Map(value) => format!("{{{}}}", self.ty(value)),
            Type::Nullable(inner) => format!("{} | null", self.ty(inner)),
            Type::Boxed(id) => format!("box {}", self.ty(&Type::Named(*id))),
            Type::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.ty(item)).collect();
                format!("({})", items.join(", "))
            }
            other => format!("{other:?}"),
        }
    }
}

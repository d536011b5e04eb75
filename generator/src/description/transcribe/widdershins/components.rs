//! Reads the `# Schemas` section: anchors, example and properties of every component.

use serde_json::Value;

use crate::description::transcribe::blocks::Content;
use crate::description::transcribe::page::{Passage, Section, split};
use crate::description::transcribe::reader::PageReader;

use super::combined::{self, Place, SchemaRows};
use super::schema::{Components, Schemas};
use super::{SectionKind, attribute};

/// A component of the page.
pub(super) struct Component<'a> {
    /// Its name.
    pub(super) name: Passage<'a>,
    rows: SchemaRows<'a>,
    table_at: Passage<'a>,
    description: Option<Passage<'a>>,
    example: Option<(Value, Passage<'a>)>,
}

/// Reads the sections of all components first, so that links can be resolved in both directions.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    sections: &[Section<'a, SectionKind>],
) -> (Vec<Component<'a>>, Components<'a>) {
    let mut found: Vec<Component<'a>> = Vec::new();
    let mut components = Components::default();
    for section in sections
        .iter()
        .filter(|part| part.kind == SectionKind::Schema)
    {
        let Some(name) = section
            .heading
            .between(">", "</h2>")
            .filter(|name| !name.is_blank())
        else {
            reader.unread(section.heading);
            continue;
        };
        if components.rows.contains_key(name.text) {
            reader.warn(
                "duplicate-schema",
                name,
                format!("the schema `{}` is described twice", name.text),
                "the first description counts",
            );
            continue;
        }
        let anchors = section
            .body
            .lines()
            .filter(|line| line.text.starts_with("<a id="));
        for line in anchors.chain([section.heading]) {
            if let Some(anchor) = attribute(line, "id") {
                let anchors = &mut components.anchors;
                anchors
                    .entry(anchor.text.to_owned())
                    .or_insert_with(|| name.text.to_owned());
            }
        }
        let component = read_component(reader, name, section.body);
        components
            .rows
            .insert(name.text.to_owned(), component.rows.clone());
        found.push(component);
    }
    (found, components)
}

fn read_component<'a>(
    reader: &mut PageReader<'a, '_>,
    name: Passage<'a>,
    body: Passage<'a>,
) -> Component<'a> {
    let (before, parts) = split(body, |lines| {
        (lines.first()?.text.trim_end() == "### Properties").then_some(())
    });
    let mut component = Component {
        name,
        rows: SchemaRows::default(),
        table_at: name,
        description: None,
        example: None,
    };
    for block in reader.blocks(before) {
        match &block.content {
            Content::Code(code) if component.example.is_none() => {
                let value = reader.json(&code.text, block.at);
                component.example = value.map(|value| (value, block.at));
            }
            _ if block.at.text.starts_with('<') => {}
            _ if component.description.is_none() => component.description = Some(block.at.trim()),
            _ => reader.unread(block.at),
        }
    }
    if let Some(part) = parts.first() {
        component.table_at = part.heading;
        let example = component.example.as_ref().map(|(example, _)| example);
        let line = component.description.map(|line| line.text);
        component.rows = combined::read(reader, part.body, Place::Component(line), example);
    }
    for part in parts.iter().skip(1) {
        reader.unread(part.heading);
    }
    component
}

impl<'a> Component<'a> {
    /// The schema in the YAML.
    pub(super) fn into_value(
        self,
        reader: &mut PageReader<'a, '_>,
        schemas: &Schemas<'_, 'a>,
    ) -> Value {
        let mut schema = reader.object(self.name);
        if let Some(rows) = schemas.of_rows(reader, self.table_at, &self.rows) {
            schema.absorb(rows);
        }
        if let Some((text, at)) = self.description.and_then(|at| Some((at.markdown()?, at))) {
            schema.set_from("description", text, reader.span(at));
        }
        if let Some((example, at)) = self.example {
            schema.set_from("example", example, reader.span(at));
        }
        schema.into_value()
    }
}

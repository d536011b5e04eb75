//! What the bodies of an operation reach. Each component is looked at once: most operations reach many of them, and
//! from there on only numbers are followed.

use std::mem;

use super::arbitrary::{is_arbitrary, reason};
use super::{Contradictions, Share, is_firm};
use crate::document::Schema;
use crate::merge::Merged;

/// What there is to count in schemas, without the components that they refer to.
#[derive(Debug, Default)]
struct Part {
    /// Schemas that have a type, or a reason to have none.
    typed: Share,
    /// The components that are referred to, as positions among the components.
    references: Vec<usize>,
}

impl Part {
    fn count(&mut self, schema: &Schema, merged: &Merged) {
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            match &schema.reference {
                Some(key) => self
                    .references
                    .extend(merged.document.schemas.get_index_of(key)),
                None if !is_firm(&schema.said, merged) => {}
                None => {
                    self.typed
                        .add(!is_arbitrary(schema) || reason(schema).is_some());
                    waiting.extend(schema.children());
                }
            }
        }
    }
}

/// The components, and what was counted of the operation at hand.
pub(super) struct Reach<'m> {
    merged: &'m Merged,
    /// What each component consists of and how many contradictions are about it, in the order of the components.
    components: Vec<(Part, usize)>,
    /// The bodies of the operation at hand.
    bodies: Part,
    /// The last operation that reached each component, counted from one.
    reached_by: Vec<usize>,
    operation: usize,
}

impl<'m> Reach<'m> {
    pub(super) fn new(merged: &'m Merged, contradictions: &Contradictions<'m>) -> Self {
        let schemas = merged.document.schemas.iter();
        let components: Vec<_> = schemas
            .map(|(key, schema)| {
                let mut part = Part::default();
                part.count(schema, merged);
                // What refers twice to a component leads there once.
                part.references.sort_unstable();
                part.references.dedup();
                (part, contradictions.about(key))
            })
            .collect();
        Self {
            merged,
            reached_by: vec![0; components.len()],
            components,
            bodies: Part::default(),
            operation: 0,
        }
    }

    /// Counts a schema in a body of the operation at hand.
    pub(super) fn body(&mut self, schema: &Schema) {
        self.bodies.count(schema, self.merged);
    }

    /// Counts a body without a schema.
    pub(super) fn body_without_schema(&mut self, is_typed: bool) {
        self.bodies.typed.add(is_typed);
    }

    /// What the operation at hand came to, each component counted once, and the contradictions about these. The next
    /// one begins at nothing.
    pub(super) fn finish(&mut self) -> (Share, usize) {
        self.operation += 1;
        let Part {
            mut typed,
            references: mut waiting,
        } = mem::take(&mut self.bodies);
        let mut contradictions = 0;
        while let Some(index) = waiting.pop() {
            let (Some((part, about)), Some(reached_by)) =
                (self.components.get(index), self.reached_by.get_mut(index))
            else {
                continue;
            };
            if mem::replace(reached_by, self.operation) == self.operation {
                continue;
            }
            typed.count += part.typed.count;
            typed.of += part.typed.of;
            contradictions += about;
            waiting.extend(&part.references);
        }
        (typed, contradictions)
    }
}

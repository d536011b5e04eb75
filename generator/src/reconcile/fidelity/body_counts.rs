//! Counts typed schemas in everything that the bodies of an operation reach. Each component is counted once and its
//! numbers are reused, because many operations reach the same components.

use std::mem;

use super::arbitrary::{is_arbitrary, reason};
use super::{Contradictions, Share, is_firm, is_refuted};
use crate::description::document::Schema;
use crate::reconcile::merge::Merged;

/// The counts of some schemas, without the components that they refer to.
#[derive(Debug, Default)]
struct Counts {
    /// The schemas that have a type, or a reason for having none.
    typed: Share,
    /// The schemas that are refuted.
    refuted: usize,
    /// The components that are referred to, as indices.
    references: Vec<usize>,
}

impl Counts {
    fn count(&mut self, schema: &Schema, merged: &Merged) {
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            let is_refuted = is_refuted(&schema.facts);
            self.refuted += usize::from(is_refuted);
            match &schema.reference {
                // What a refuted property refers to may be right elsewhere.
                _ if is_refuted => self.typed.add(false),
                Some(key) => self
                    .references
                    .extend(merged.document.schemas.get_index_of(key)),
                None if !is_firm(&schema.provenance, merged) => {}
                None => {
                    self.typed
                        .add(!is_arbitrary(schema) || reason(schema).is_some());
                    waiting.extend(schema.children());
                }
            }
        }
    }
}

/// The counts of everything that the bodies of an operation reach.
pub(super) struct Reached {
    /// The schemas that have a type, or a reason for having none.
    pub(super) typed: Share,
    /// The schemas that are refuted.
    pub(super) refuted: usize,
    /// The contradictions.
    pub(super) contradictions: usize,
}

/// The counts of all components, and those of the current operation.
pub(super) struct BodyCounts<'m> {
    merged: &'m Merged,
    /// The counts of each component, and the number of contradictions about it.
    components: Vec<(Counts, usize)>,
    /// The counts of the current operation's bodies.
    bodies: Counts,
    /// For each component, the last operation that reached it, counted from one.
    reached_by: Vec<usize>,
    operation: usize,
}

impl<'m> BodyCounts<'m> {
    pub(super) fn new(merged: &'m Merged, contradictions: &Contradictions<'m>) -> Self {
        let schemas = merged.document.schemas.iter();
        let components: Vec<_> = schemas
            .map(|(key, schema)| {
                let mut counts = Counts::default();
                counts.count(schema, merged);
                // Two references to the same component count once.
                counts.references.sort_unstable();
                counts.references.dedup();
                (counts, contradictions.about(key))
            })
            .collect();
        Self {
            merged,
            reached_by: vec![0; components.len()],
            components,
            bodies: Counts::default(),
            operation: 0,
        }
    }

    /// Counts a schema in a body of the current operation.
    pub(super) fn body(&mut self, schema: &Schema) {
        self.bodies.count(schema, self.merged);
    }

    /// Counts a body without a schema.
    pub(super) fn body_without_schema(&mut self, is_typed: bool) {
        self.bodies.typed.add(is_typed);
    }

    /// Returns the counts of everything that the current operation's bodies reach, each component counted once. Starts the
    /// next operation.
    pub(super) fn finish(&mut self) -> Reached {
        self.operation += 1;
        let Counts {
            typed,
            refuted,
            references: mut waiting,
        } = mem::take(&mut self.bodies);
        let mut reached = Reached {
            typed,
            refuted,
            contradictions: 0,
        };
        while let Some(index) = waiting.pop() {
            let (Some((counts, about)), Some(reached_by)) =
                (self.components.get(index), self.reached_by.get_mut(index))
            else {
                continue;
            };
            if mem::replace(reached_by, self.operation) == self.operation {
                continue;
            }
            reached.typed.count += counts.typed.count;
            reached.typed.of += counts.typed.of;
            reached.refuted += counts.refuted;
            reached.contradictions += about;
            waiting.extend(&counts.references);
        }
        reached
    }
}

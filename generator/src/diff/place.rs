//! Where a change is, if a reference leads to what is new or gone.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Change;
use super::items::{Item, Items, Kind};
use crate::description::source::NamedPosition;

/// Where the operations and the responses of a version are described.
pub(super) struct Places<'i> {
    items: &'i Items,
    /// The operations that have a response at a position.
    of_responses: HashMap<&'i NamedPosition, HashSet<&'i str>>,
    /// The lines and columns of the operations of a kind in a file.
    starts: HashMap<(Kind, &'i str), BTreeSet<(u32, u32)>>,
}

impl<'i> Places<'i> {
    pub(super) fn of(items: &'i Items) -> Self {
        let mut places = Self {
            items,
            of_responses: HashMap::new(),
            starts: HashMap::new(),
        };
        for item in items.values() {
            for claim in &item.claims {
                places.add(item, &claim.at);
            }
        }
        places
    }

    fn add(&mut self, item: &'i Item, at: &'i NamedPosition) {
        match (item.kind, item.parent.as_deref()) {
            (Kind::Response, Some(operation)) => {
                self.of_responses.entry(at).or_default().insert(operation);
            }
            (Kind::Operation | Kind::Webhook, _) => {
                let starts = self.starts.entry((item.kind, &at.path)).or_default();
                starts.insert((at.line, at.column));
            }
            _ => {}
        }
    }

    /// The change of a response that is new or gone. Where an operation only refers to the response, which stands elsewhere,
    /// the change is at the operation.
    pub(super) fn of_reference(&self, mut change: Change, response: &Item) -> Change {
        let parent = response.parent.as_deref();
        let parent = parent.filter(|_| response.kind == Kind::Response);
        let Some((key, operation)) = parent.and_then(|key| Some((key, self.items.get(key)?)))
        else {
            return change;
        };
        for claim in &mut change.claims {
            let own = operation.claims.iter().find(|it| it.source == claim.source);
            if let Some(own) = own
                && (self.is_shared(&claim.at, key)
                    || !self.is_within(&claim.at, &own.at, operation.kind))
            {
                claim.at = own.at.clone();
            }
        }
        change.at = change.claims.first().map(|claim| claim.at.clone());
        change
    }

    /// Whether another operation has a response at a position, too.
    fn is_shared(&self, at: &NamedPosition, operation: &str) -> bool {
        let operations = self.of_responses.get(at);
        operations.is_some_and(|all| all.iter().any(|it| *it != operation))
    }

    /// Whether a position is behind the start of an operation, and before that of the next one.
    fn is_within(&self, at: &NamedPosition, start: &NamedPosition, kind: Kind) -> bool {
        let starts = self.starts.get(&(kind, at.path.as_str()));
        let last = starts.and_then(|it| it.range(..=(at.line, at.column)).next_back());
        at.path == start.path && last == Some(&(start.line, start.column))
    }
}

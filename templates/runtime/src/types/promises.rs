//! What the description promises of a response, while a server writes it.

use std::cell::Cell;

/// Promised properties without a value: the names of their types, and their own.
type Lacking = Vec<(&'static str, &'static str)>;

thread_local! {
    /// What the response that is being written lacks; `None` while none is.
    static LACKING: Cell<Option<Lacking>> = const { Cell::new(None) };
}

/// A response that is being written: until its end, objects have to have what is promised of them.
pub(crate) struct Promises(Option<Lacking>);

impl Promises {
    pub(crate) fn of_response() -> Self {
        Self(LACKING.replace(Some(Vec::new())))
    }

    /// What was written, or why it cannot be sent.
    pub(crate) fn kept<T>(self, written: serde_json::Result<T>) -> Result<T, String> {
        let written = written.map_err(|error| format!("the response could not be written: {error}"))?;
        let lacking = LACKING.take().unwrap_or_default();
        if lacking.is_empty() {
            return Ok(written);
        }
        let names: Vec<_> = lacking.iter().map(|(of, name)| format!("`{of}.{name}`")).collect();
        Err(format!("the response lacks what is promised: {}", names.join(", ")))
    }
}

impl Drop for Promises {
    fn drop(&mut self) {
        LACKING.set(self.0.take());
    }
}

/// Whether a response is being written.
pub(super) fn are_kept() -> bool {
    let lacking = LACKING.take();
    let are_kept = lacking.is_some();
    LACKING.set(lacking);
    are_kept
}

/// Notes that an object is written without a promised property.
#[cold]
pub(super) fn lacks(of: &'static str, name: &'static str) {
    if let Some(mut lacking) = LACKING.take() {
        if !lacking.contains(&(of, name)) {
            lacking.push((of, name));
        }
        LACKING.set(Some(lacking));
    }
}

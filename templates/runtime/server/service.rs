//! What every implementation of the API has in common.

use super::{IntoReply, Problem, Reply};

/// An implementation of the API, or of a part of it: the supertrait of every group's trait.
pub trait Service: Send + Sync + 'static {
    /// What a method returns when it fails with something that the operation does not describe. [`Reply`] itself will
    /// do; an error type of your own says how it is answered by `impl From<YourError> for Reply`.
    type Error: Into<Reply> + Send;
}

/// Turns the outcome of a trait's method into what is sent.
///
/// # Errors
/// Never; the type is the one that the dispatch of a group returns.
pub fn settle<R: IntoReply, E: Into<Reply>>(outcome: Result<R, E>) -> Result<Reply, Problem> {
    Ok(match outcome {
        Ok(response) => response.into_reply(),
        Err(error) => error.into(),
    })
}

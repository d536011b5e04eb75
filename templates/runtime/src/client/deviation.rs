//! Reports of responses that are not as their descriptions promise.
//!
//! Nothing is compared unless [`ClientBuilder::on_deviation`](super::ClientBuilder::on_deviation) is set.

use http::StatusCode;

use super::observe::guarded;
use super::response::Received;
use crate::operation::Operation;
use crate::types::{Deviations, contracts};

pub(super) type Report = dyn Fn(&'static Operation, StatusCode, &Deviations) + Send + Sync;

/// The deviations of a JSON body from what the descriptions promise of an operation's response: also properties that are
/// absent or unknown, and values that are not documented. There are none for an unknown operation or status, and for a
/// body that is not JSON.
pub fn deviations(operation_id: &str, status: StatusCode, body: &[u8]) -> Deviations {
    contracts::compare(operation_id, status.as_u16(), body)
}

/// Compares a response, and reports its deviations. A panic of the report ends there.
pub(super) fn compare(report: &Report, received: &Received) {
    let (operation, status) = (received.operation, received.status);
    let found = deviations(operation.id, status, &received.body);
    if !found.is_empty() {
        guarded(|| report(operation, status, &found));
    }
}

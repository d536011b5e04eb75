//! The groups of operations that this service does not have. Without methods of their own, they respond with 501.

use sentry_api::server::operations::alerts::Alerts;
use sentry_api::server::operations::integrations::Integrations;

use crate::app::App;

impl Alerts for App {}

impl Integrations for App {}

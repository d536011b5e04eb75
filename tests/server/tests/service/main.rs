//! The service as its clients see it: a process of its own, called with the emitted client.

#![allow(
    clippy::expect_used,
    reason = "a test panics where something is not as expected"
)]

mod accounts;
mod durability;
mod http;
mod ingest;
mod integrations;
mod issues;
mod monitors;
mod process;
mod programs;
mod releases;
mod requests;
mod scim;

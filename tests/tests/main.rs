//! Everything that is tested across crates, in one binary.

mod client_runtime;
mod server_runtime;
mod types;

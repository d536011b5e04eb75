//! From the frozen [`Api`](crate::ir::Api) to files in memory. Emitters decide nothing: every name and every choice
//! stands in the [`Api`](crate::ir::Api).

pub mod client;
pub mod doc;
pub mod loopback;
pub mod models;
pub mod package;
pub mod rust;
pub mod sample;
pub mod server;

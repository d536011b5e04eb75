//! Generates one Rust crate from several descriptions of one HTTP API.
//!
//! Data goes through the rooms in one direction: [`description`], [`reconcile`], [`api`], [`emit`], [`output`]. All of them use
//! a small vocabulary: [`http`], [`media_type`], [`path_template`], [`prose`], the map of generated [`files`] and `parallel`. [`project`],
//! [`pipeline`], [`explain`], [`diff`], [`lint`], [`observe`] and [`export`] use the rooms. `tests/rooms` checks this order.
//!
//! Nothing in this library knows a particular API or opens a socket, and only [`output`] writes files.

pub mod api;
pub mod description;
pub mod diff;
pub mod emit;
pub mod explain;
pub mod export;
pub mod files;
pub mod http;
pub mod lint;
pub mod media_type;
pub mod observe;
pub mod output;
mod parallel;
pub mod path_template;
pub mod pipeline;
pub mod project;
pub mod prose;
pub mod reconcile;
pub mod site;

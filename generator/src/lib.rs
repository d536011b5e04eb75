//! Generates one Rust crate from several descriptions of one HTTP API.
//!
//! Data goes through five modules (the *rooms*) in one direction: [`description`], [`reconcile`], [`api`], [`emit`], [`output`].
//! Any of them may use [`http`], [`media_type`], [`path_template`], [`prose`], the map of generated [`files`] and `parallel`.
//! [`project`], [`pipeline`], [`explain`], [`diff`], [`lint`], [`observe`], [`export`] and [`site`] use the rooms. `tests/rooms`
//! checks this order.
//!
//! Nothing in this library knows a particular API or opens a socket, and only [`output`] writes files.
//!
//! # As a library
//!
//! What the command `specweave generate --spec pets.yaml --out pets-api --name pets-api` does; `examples/build-script` of the
//! repository does it in a `build.rs`:
//!
//! ```
//! use generator::description::diagnostic::Diagnostics;
//! use generator::{output, pipeline, project::Project};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("generator-example-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # std::fs::write(folder.join("pets.yaml"), "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")?;
//! let description = folder.join("pets.yaml");
//! let out = folder.join("pets-api");
//! let mut diagnostics = Diagnostics::default();
//! let project = Project::of_files(&[description], &out, "pets-api", &mut diagnostics);
//! let outcome = pipeline::run(&project);
//! diagnostics.extend(outcome.diagnostics);
//! print!("{}", diagnostics.render(&project.sources));
//! if let Some(files) = &outcome.files {
//!     output::write(&out, files, &project.inputs())?;
//! }
//! assert!(out.join("src/lib.rs").is_file());
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```

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

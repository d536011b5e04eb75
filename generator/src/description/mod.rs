//! From the bytes of a description to one normalised [`document::Document`]. Every node keeps its position.

pub mod component_references;
pub mod diagnostic;
pub mod document;
pub mod external;
pub mod load;
pub mod normalize;
pub mod overlay;
pub mod pointers;
pub mod source;
pub mod suggest;
pub mod toml_file;
pub mod transcribe;
pub mod tree;

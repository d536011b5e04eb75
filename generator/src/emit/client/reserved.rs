//! Names that the client's own methods and types have.

use super::super::rust::ident;
use crate::emit::code::Ident;
use crate::ir::Name;

/// Methods of the client that no operation may be named after. `clone` would hide the trait's.
pub const CLIENT_METHODS: &[&str] = &["base_url", "builder", "clone"];

/// Methods of requests that no optional parameter may be named after.
pub const REQUEST_METHODS: &[&str] = &["items", "pages", "send"];

/// The method of an operation. A trailing underscore sets it apart from ours; names in snake case never end in one.
pub(super) fn client_method(name: &Name) -> Ident {
    unless_reserved(name, CLIENT_METHODS)
}

/// A link to the method of an operation, for docs: rustdoc takes `#` for the beginning of a fragment.
pub(super) fn client_method_link(name: &Name) -> String {
    let method = client_method(name).to_string();
    let path = method.trim_start_matches("r#");
    format!("[`{method}`](crate::client::Client::{path})")
}

/// The setter of an optional parameter.
pub(super) fn request_method(name: &Name) -> Ident {
    unless_reserved(name, REQUEST_METHODS)
}

fn unless_reserved(name: &Name, reserved: &[&str]) -> Ident {
    if reserved.contains(&name.plain()) {
        Ident::new(&format!("{}_", name.plain()))
    } else {
        ident(name)
    }
}

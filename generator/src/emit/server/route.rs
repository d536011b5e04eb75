//! Where an operation is found: its method and its path.

use crate::emit::code::{Code, quote};
use crate::emit::rust::string;
use crate::ir::{Operation, PathPart};

/// The route as the runtime knows it.
pub(super) fn generate(operation: &Operation) -> Code {
    let method = string(operation.method.as_str());
    let template = string(&operation.path.template);
    let parts = operation.path.parts.iter().map(|part| match part {
        PathPart::Literal(text) => {
            let text = string(text);
            quote!(crate::server::Part::Literal(#text))
        }
        PathPart::Parameter(name) => {
            let name = string(name);
            quote!(crate::server::Part::Parameter(#name))
        }
    });
    let id = string(&operation.id);
    let reads_body = operation.request_body.is_some();
    quote! {
        crate::server::Route {
            method: #method,
            template: #template,
            parts: &[#(#parts),*],
            operation_id: #id,
            reads_body: #reads_body,
        }
    }
}

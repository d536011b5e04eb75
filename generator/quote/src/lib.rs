//! `quote!` of the generator: a template of Rust becomes code that writes the template's text.
//!
//! It takes the templates of the `quote` crate, `#name` and `#(…),*`, and differs in what comes of them: text, of which
//! all that stands between two interpolations is a constant of the program. Millions of tokens that are written to be
//! formatted and forgotten need not be made one by one.

mod expand;
mod template;

use proc_macro::TokenStream;

/// Rust code with values of the generator put into it; the expression is a `crate::emit::code::Code`.
///
/// - `#name` is replaced by the variable `name`, which implements `crate::emit::code::ToCode`.
/// - `#(…)*`, `#(…),*` and the like repeat what is in parentheses for every item of the variables in it, which are
///   iterators or slices. A variable that is neither is the same in every repetition; one of them has to end.
#[proc_macro]
pub fn quote(input: TokenStream) -> TokenStream {
    expand::code(&template::read(input))
}

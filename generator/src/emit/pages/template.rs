//! Text files from templates. A template substitutes and loops; it decides nothing.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// Renders a template with the fields of a value.
///
/// # Errors
/// The template has a defect, such as a name that the value does not have.
pub(super) fn render(template: &str, value: &impl Serialize) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    environment.set_syntax(syntax);
    environment
        .template_from_str(template)?
        .render(minijinja::value::Serde(value))
}

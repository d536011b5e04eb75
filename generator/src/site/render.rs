//! Pages from templates. Every text is escaped, unless this crate has made HTML of it.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, escape_formatter};
use serde::Serialize;

/// Why a site could not be rendered: a defect of the generator.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A template has a defect.
    #[error("a template of the site has a defect: {0:#}")]
    Template(#[from] minijinja::Error),
    /// The index of the search cannot be written.
    #[error("the index of the search cannot be written: {0}")]
    Index(#[from] serde_json::Error),
}

/// What every page has.
#[derive(Serialize)]
pub(super) struct Frame<'a, T> {
    /// The title of the API.
    pub(super) api: &'a str,
    /// The way from the page to the root of the site.
    pub(super) root: &'static str,
    /// The path of the page.
    pub(super) here: &'a str,
    pub(super) page: &'a T,
}

/// The templates, parsed.
pub(super) struct Renderer(Environment<'static>);

impl Renderer {
    pub(super) fn new() -> Result<Self, SiteError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(|output, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => Ok(output.write_str(&escaped(text))?),
            _ => escape_formatter(output, state, value),
        });
        environment.add_filter("name", |text: &str| {
            Value::from_safe_string(breakable(&escaped(text)))
        });
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?;
        environment.set_syntax(syntax);
        for (name, text) in specweave_templates::SITE_PAGES {
            environment.add_template(name, text)?;
        }
        Ok(Self(environment))
    }

    pub(super) fn render(&self, name: &str, frame: &impl Serialize) -> Result<String, SiteError> {
        let template = self.0.get_template(name)?;
        Ok(template.render(minijinja::value::Serde(frame))?)
    }
}

/// HTML of a name that does not fit into its line is broken between its words: before a capital, and after `_`.
pub(super) fn breakable(name: &str) -> String {
    let mut html = String::with_capacity(name.len());
    let mut last = ' ';
    for letter in name.chars() {
        let is_capital = letter.is_uppercase() && (last.is_lowercase() || last.is_ascii_digit());
        if is_capital || (last == '_' && letter != '_') {
            html.push_str("<wbr>");
        }
        html.push(letter);
        last = letter;
    }
    html
}

/// A text as it stands in HTML, between tags or in quotation marks. The escaping of the library also spells every `/`, of
/// which paths have many.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

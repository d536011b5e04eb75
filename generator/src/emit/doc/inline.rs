//! Runs of text: what stands inside of a paragraph, a heading or a cell.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::text::{absolute, encode_url, escape, to_ascii};

/// A line break that is kept. Two blanks would do too, but no line of emitted Rust ends in blanks.
pub(super) const HARD_BREAK: &str = "\\\n";

/// A code span that shows the text: markdown to be put into what [`lines`](super::lines) is given.
#[must_use]
pub fn code(text: &str) -> String {
    let shown = super::one_line(text);
    if shown.is_empty() {
        return "(empty)".to_owned();
    }
    code_span(&shown)
}

/// A code span; the text has no line breaks.
pub(crate) fn code_span(text: &str) -> String {
    let delimiter = "`".repeat(longest_run(text, '`') + 1);
    let is_edge = |c: char| c == '`' || c == ' ';
    let pad = if text.starts_with(is_edge) || text.ends_with(is_edge) {
        " "
    } else {
        ""
    };
    [&delimiter, pad, text, pad, &delimiter].concat()
}

/// The longest run of a character.
pub(super) fn longest_run(text: &str, character: char) -> usize {
    if !text.contains(character) {
        return 0;
    }
    text.split(|c| c != character)
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// A run of text, being written.
#[derive(Default)]
pub(super) struct Inline {
    pub(super) out: String,
    /// Targets of the links that are open; `None` for one that leads nowhere and leaves its text only.
    pub(super) links: Vec<Option<String>>,
    pub(super) in_table: bool,
    /// Inside of an address that has been written; its text repeats it.
    pub(super) in_address: bool,
}

impl Inline {
    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            // An address that is its own text is written once.
            Event::End(TagEnd::Link) if self.in_address => self.in_address = false,
            _ if self.in_address => {}
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                dest_url,
                ..
            }) if absolute(&dest_url).is_some() => {
                self.out.push_str(&format!("<{}>", encode_url(&dest_url)));
                self.in_address = true;
            }
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Code(text) => self.code(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.hard_break(),
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => self.out.push('*'),
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => self.out.push_str("**"),
            Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => {
                self.out.push_str("~~");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.open_link(&dest_url);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(Some(target)) = self.links.pop() {
                    self.out.push_str(&format!("](<{target}>)"));
                }
            }
            _ => {}
        }
    }

    fn is_in_link(&self) -> bool {
        self.links.iter().any(Option::is_some)
    }

    fn text(&mut self, text: &str) {
        let escaped = escape(text, !self.is_in_link());
        self.out.push_str(&escaped.replace('\n', " "));
    }

    fn code(&mut self, text: &str) {
        let text = to_ascii(text).replace('\n', " ");
        if text.trim().is_empty() {
            return;
        }
        if !text.is_ascii() {
            self.out.push_str("<code>");
            self.out.push_str(&escape(&text, false).replace(' ', "\0"));
            self.out.push_str("</code>");
            return;
        }
        // Two spans side by side would run into one.
        let gap = if self.out.ends_with('`') { " " } else { "" };
        let mut span = code_span(&text);
        if self.in_table {
            span = span.replace('|', "\\|");
        }
        self.out.push_str(gap);
        self.out.push_str(&span.replace(' ', "\0"));
    }

    /// Shows HTML as text, except for line breaks, which are made, and comments, which nobody is meant to read.
    fn html(&mut self, html: &str) {
        let tag = html.trim();
        let name = tag.trim_matches(['<', '>', '/', ' ']);
        if name.eq_ignore_ascii_case("br") {
            self.hard_break();
        } else if !(tag.starts_with("<!--") && tag.ends_with("-->")) {
            self.text(html);
        }
    }

    fn hard_break(&mut self) {
        self.out
            .push_str(if self.in_table { " " } else { HARD_BREAK });
    }

    fn open_link(&mut self, target: &CowStr<'_>) {
        let target = if self.is_in_link() {
            None
        } else {
            absolute(target)
        };
        if target.is_some() {
            // `![` would begin an image.
            if self.out.ends_with('!') {
                self.out.pop();
                self.out.push_str("\\!");
            }
            self.out.push('[');
        }
        self.links.push(target);
    }
}

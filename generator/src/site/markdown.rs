//! Descriptions as HTML.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Markdown of a description as HTML without anything that a description must not bring: raw HTML is text, a link leads to
/// the web, and there are no images.
pub(super) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut open_links = Vec::new();
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_kept = is_of_the_web(&dest_url);
            open_links.push(is_kept);
            is_kept.then(|| link(dest_url))
        }
        Event::End(TagEnd::Link) => open_links.pop().unwrap_or_default().then_some(event),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // The page has headings of its own.
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
        event => Some(event),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

/// The same for a text in a line. One that is a single paragraph has none around it.
pub(super) fn to_inline_html(markdown: &str) -> String {
    let html = to_html(markdown);
    let paragraph = html.trim_end().strip_prefix("<p>");
    let inside = paragraph.and_then(|rest| rest.strip_suffix("</p>"));
    match inside.filter(|inside| !inside.contains("<p>")) {
        Some(inside) => inside.to_owned(),
        None => html,
    }
}

fn is_of_the_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn link(url: CowStr<'_>) -> Event<'_> {
    Event::Start(Tag::Link {
        link_type: pulldown_cmark::LinkType::Inline,
        dest_url: url,
        title: "".into(),
        id: "".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::{to_html, to_inline_html};

    #[test]
    fn nothing_of_a_description_is_code_of_the_page() {
        for attack in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "![x](https://elsewhere.example/pixel.png)",
            "<div>\n\n# x\n\n</div>",
            "[x](data:text/html,<script>alert(1)</script>)",
        ] {
            let html = to_html(attack).to_lowercase();
            for forbidden in [
                "<script",
                "<img",
                "<div",
                "href=\"javascript",
                "href=\"data",
                "<h1",
            ] {
                assert!(!html.contains(forbidden), "{attack}: {html}");
            }
        }
    }

    #[test]
    fn what_is_harmless_stays() {
        assert_eq!(
            to_html("See [the guide](https://example.com/a?b=c&d) and `code`."),
            "<p>See <a href=\"https://example.com/a?b=c&amp;d\">the guide</a> and <code>code</code>.</p>\n"
        );
        assert_eq!(to_html("[here](/docs/)"), "<p>here</p>\n");
        assert_eq!(to_inline_html("See `code`."), "See <code>code</code>.");
        assert_eq!(to_inline_html("a\n\nb"), "<p>a</p>\n<p>b</p>\n");
    }
}

use http::HeaderMap;
use runtime::client::link::{self, Link};

#[test]
fn links_have_quoted_parameters_and_several_headers() {
    let mut headers = HeaderMap::new();
    let first = r#"<https://a.example/?a=1,2;3>; rel="previous"; results="false"; cursor="0:0:1" , </b>;rel=next; Title="a \"b\", c;d""#;
    headers.append("link", first.parse().unwrap());
    headers.append("link", "<c>; rel=\"x Last\"; flag".parse().unwrap());
    headers.append("link", "garbage".parse().unwrap());
    headers.append("link", "<unclosed".parse().unwrap());
    let links = link::from_headers(&headers);
    assert_eq!(links.len(), 3);
    assert_eq!(links[0].target, "https://a.example/?a=1,2;3");
    assert_eq!(links[0].parameter("results"), Some("false"));
    assert_eq!(links[0].parameter("cursor"), Some("0:0:1"));
    assert!(links[1].is_rel("next"));
    assert_eq!(links[1].parameter("title"), Some("a \"b\", c;d"));
    assert!(links[2].is_rel("last"));
    assert_eq!(links[2].parameter("flag"), Some(""));
}

#[test]
fn what_is_malformed_ends_its_header_and_nothing_else() {
    let targets = |text| {
        let links = link::parse(text).into_iter();
        links.map(|link| link.target).collect::<Vec<_>>()
    };
    for (text, expected) in [
        ("", &[][..]),
        (" , ,", &[]),
        ("a; rel=next", &[]),
        ("<", &[]),
        ("<>", &[""]),
        ("< a >;;rel=next", &["a"]),
        ("<a>, b, <c>", &["a"]),
        ("<a>; rel=\"next, <b>", &["a"]),
        ("<a>; title=\"\\", &["a"]),
        ("<a>;rel = next,<b>", &["a", "b"]),
        ("<a>; title=\"\u{e9}\\\u{e9}\"; rel=next", &["a"]),
    ] {
        assert_eq!(targets(text), expected, "{text}");
    }
}

#[test]
fn the_first_of_several_parameters_counts() {
    let links = link::parse("<a>; REL=\"prev Next\"; rel=last");
    let expected = Link {
        target: "a".to_owned(),
        parameters: vec![("rel".to_owned(), "prev Next".to_owned()), ("rel".to_owned(), "last".to_owned())],
    };
    assert_eq!(links, [expected]);
    assert!(links[0].is_rel("next") && links[0].is_rel("PREV"));
    assert!(!links[0].is_rel("last"));
    assert_eq!(links[0].parameter("title"), None);
}

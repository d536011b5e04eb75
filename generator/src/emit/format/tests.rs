use proc_macro2::TokenStream;

use super::format;

#[track_caller]
fn check(source: &str, expected: &str) {
    let tokens: TokenStream = source.parse().expect("are tokens");
    let text = format(&tokens.to_string()).expect("can be formatted");
    assert_eq!(text, expected);
    let again: TokenStream = text.parse().expect("are tokens");
    assert_eq!(format(&again.to_string()).as_deref(), Some(expected));
}

#[test]
fn items_of_several_lines_stand_apart() {
    check(
        "mod a; pub use self::a::{B, C}; /** D.*/ pub struct D { /** E.*/ pub e: ::std::vec::Vec<F>, pub(crate) g: H } struct I;",
        "mod a;
pub use self::a::{B, C};

/// D.
pub struct D {
    /// E.
    pub e: ::std::vec::Vec<F>,
    pub(crate) g: H,
}

struct I;
",
    );
}

#[test]
fn what_does_not_fit_is_broken_at_its_brackets() {
    check(
        "impl<'de> ::serde::Deserialize<'de> for Name { fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D, another: &'de mut Parameter) -> ::std::result::Result<Self, D::Error> { read(deserializer)?.map(|a, b| a - -1) } }",
        "impl<'de> ::serde::Deserialize<'de> for Name {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
        another: &'de mut Parameter,
    ) -> ::std::result::Result<Self, D::Error> {
        read(deserializer)?.map(|a, b| a - -1)
    }
}
",
    );
}

#[test]
fn the_last_element_of_a_list_gets_a_comma_where_that_changes_nothing() {
    check(
        "fn f() { let Self { a, .. } = self; let b: (u8,) = (1,); call((1), [1; 3],); Self { a, ..b } }",
        "fn f() {
    let Self {
        a,
        ..
    } = self;
    let b: (u8,) = (1,);
    call((1), [1; 3]);
    Self {
        a,
        ..b
    }
}
",
    );
}

#[test]
fn a_block_of_one_expression_is_no_list() {
    check(
        "fn f() -> G { { move |a, b| { h(a, b) } } } const I: J = K { l: 1 }; #[m] static N: fn(O) -> P = q;",
        "fn f() -> G {
    {
        move |a, b| {
            h(a, b)
        }
    }
}

const I: J = K {
    l: 1,
};

#[m]
static N: fn(O) -> P = q;
",
    );
}

#[test]
fn arms_and_branches_stand_on_lines_of_their_own() {
    check(
        "fn f() { match a { 1 | 2 if b => { c() } _ => d!(e, f), } if !a < b { g() } else { h() } .i(); for j in &k {} return ::l::m() }",
        "fn f() {
    match a {
        1 | 2 if b => {
            c()
        }
        _ => d!(e, f),
    }
    if !a < b {
        g()
    } else {
        h()
    }.i();
    for j in &k {}
    return ::l::m()
}
",
    );
}

#[test]
fn a_line_of_documentation_is_a_comment_only_if_a_comment_can_say_it() {
    check(
        r####"#[doc = r" a\"] #[doc = " \"b\\"] #[doc = "/c"] #[doc = "d\ne"] #[doc = "\u{202e}"] #[doc = ""] #[doc(hidden)] mod f {}"####,
        r#"/// a\
/// "b\
#[doc = "/c"]
#[doc = "d\ne"]
#[doc = "\u{202e}"]
///
#[doc(hidden)]
mod f {}
"#,
    );
}

#[test]
fn literals_stay_as_they_are() {
    check(
        r####"const A: B = (1.5e-3_f64, 0x1e, b'\'', 'x', '\'', '\n', "\"//", r#"""#, b"{", r#type, 'a: 1..=2);"####,
        r####"const A: B = (1.5e-3_f64, 0x1e, b'\'', 'x', '\'', '\n', "\"//", r#"""#, b"{", r#type, 'a: 1..=2);
"####,
    );
}

#[test]
fn what_is_no_text_of_tokens_is_refused() {
    for text in ["(", ")", "{ ]", "\"", "'\\", "r#\""] {
        assert_eq!(format(text), None, "{text}");
    }
    assert_eq!(format(&"[".repeat(100_000)), None);
    assert_eq!(format("").as_deref(), Some(""));
}

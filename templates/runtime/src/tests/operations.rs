//! The tables of operations.

#![cfg(any(feature = "client-without-tls", feature = "server"))]

use crate::operation::{Operation, PathPart, response, responses};

fn parts(path: &'static str) -> Vec<PathPart> {
    let operation = Operation {
        path,
        ..Operation::EMPTY
    };
    operation.path_parts().collect()
}

#[test]
fn a_path_is_split_at_its_parameters() {
    use PathPart::{Literal, Parameter};
    assert_eq!(
        parts("/compare/{base}...{head}/"),
        [
            Literal("/compare/"),
            Parameter("base"),
            Literal("..."),
            Parameter("head"),
            Literal("/"),
        ]
    );
    assert_eq!(parts("{a}{b}"), [Parameter("a"), Parameter("b")]);
    assert_eq!(parts(""), []);
}

#[test]
fn a_brace_that_nothing_closes_is_literal_text() {
    use PathPart::{Literal, Parameter};
    assert_eq!(parts("/a{b"), [Literal("/a{b")]);
    assert_eq!(parts("{"), [Literal("{")]);
    assert_eq!(parts("/}{a}"), [Literal("/}"), Parameter("a")]);
}

#[test]
fn the_first_documented_response_with_a_status_tells_its_meaning() {
    static OPERATION: Operation = Operation {
        responses: &[
            response(404, "None."),
            responses(400, 499, "Yours."),
            responses(0, u16::MAX, "Other."),
        ],
        ..Operation::EMPTY
    };
    assert_eq!(OPERATION.meaning(404), Some("None."));
    assert_eq!(OPERATION.meaning(418), Some("Yours."));
    assert_eq!(OPERATION.meaning(500), Some("Other."));
    assert_eq!(Operation::EMPTY.meaning(200), None);
}

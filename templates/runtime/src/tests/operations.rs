//! The tables of operations.

#![cfg(any(feature = "client-without-tls", feature = "server"))]

use crate::operation::{Location, Operation, PathPart, ValueType, operations, response, responses};

fn parts(path: &'static str) -> Vec<PathPart> {
    let operation = Operation { path, ..Operation::EMPTY };
    operation.path_parts().collect()
}

#[test]
fn a_path_is_split_at_its_parameters() {
    use PathPart::{Literal, Parameter};
    assert_eq!(
        parts("/compare/{base}...{head}/"),
        [Literal("/compare/"), Parameter("base"), Literal("..."), Parameter("head"), Literal("/"),]
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
        responses: &[response(404, "None."), responses(400, 499, "Yours."), responses(0, 999, "Other.")],
        ..Operation::EMPTY
    };
    assert_eq!(OPERATION.meaning(404), Some("None."));
    assert_eq!(OPERATION.meaning(418), Some("Yours."));
    assert_eq!(OPERATION.meaning(500), Some("Other."));
    assert_eq!(Operation::EMPTY.meaning(200), None);
}

operations! {
    tag: "Teams";

    static UPDATE = Put "/teams/{id}/{name}{size}" {
        id: "update",
        parameters: [path("size").of(Integer), query("name").style(Form, false).of(List(&Text))],
        responses: [200 "Done.", 208, 404, 409 "Busy.", 400..=499 "Yours.", 0..=999 "Other."],
        security: [[scheme("token", &["team:write"])], []],
    }

    static DELETE = Delete "/teams" {
        id: "delete",
        security: [],
    }
}

#[test]
fn the_path_names_the_parameters_that_have_no_row() {
    let parameters = UPDATE.all_parameters();
    let parameters: Vec<_> = parameters.map(|each| (each.location, each.name, each.value)).collect();
    assert_eq!(
        parameters,
        [
            (Location::Path, "id", ValueType::Text),
            (Location::Path, "name", ValueType::Text),
            (Location::Path, "size", ValueType::Integer),
            (Location::Query, "name", ValueType::List(&ValueType::Text)),
        ]
    );
    let find = |name| UPDATE.parameter(Location::Path, name);
    let found = ["id", "size", "other"].map(|name| find(name).map(|found| found.value));
    assert_eq!(found, [Some(ValueType::Text), Some(ValueType::Integer), None]);
    assert_eq!(DELETE.tag, "Teams");
    assert_eq!(DELETE.all_parameters().count(), 0);
}

#[test]
fn a_status_without_a_description_has_its_reason_phrase() {
    for (status, meaning) in [
        (200, "Done."),
        (208, "Already Reported"),
        (404, "Not Found"),
        (409, "Busy."),
        (418, "Yours."),
        (500, "Other."),
    ] {
        assert_eq!(UPDATE.meaning(status), Some(meaning));
    }
}

#[test]
fn no_requirement_is_another_one_than_none_that_is_known() {
    assert!(UPDATE.is_public() && DELETE.is_public());
    assert_eq!(UPDATE.security.map(<[_]>::len), Some(2));
    assert_eq!(DELETE.security.map(<[_]>::len), Some(0));
}

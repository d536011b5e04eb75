//! How parameters are written.

use runtime::client::parameter;
use runtime::operation::{Location, Parameter, Style, query};
use serde_json::{Value, json};

fn written(location: Location, style: Style, explode: bool, value: &Value) -> String {
    let described = Parameter { location, ..query("color").style(style, explode) };
    match location {
        Location::Path => {
            let mut path = String::new();
            let outcome = parameter::path(&described, value, &mut path);
            outcome.map_or_else(str::to_owned, |()| path)
        }
        Location::Header => parameter::header(&described, value).unwrap_or_default(),
        _ => parameter::query(&described, value).join("&"),
    }
}

/// The table "Style Examples" of the OpenAPI specification.
#[test]
fn styles_write_what_the_specification_shows() {
    use Location::{Header, Path, Query};
    use Style::{DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let scalar = json!("blue");
    let list = json!(["blue", "black", "brown"]);
    let object = json!({"B": 150, "G": 200, "R": 100});
    for (location, style, explode, expected) in [
        (Path, Simple, false, ["blue", "blue,black,brown", "B,150,G,200,R,100"]),
        (Path, Simple, true, ["blue", "blue,black,brown", "B=150,G=200,R=100"]),
        (Path, Label, false, [".blue", ".blue,black,brown", ".B,150,G,200,R,100"]),
        (Path, Label, true, [".blue", ".blue.black.brown", ".B=150.G=200.R=100"]),
        (Path, Matrix, false, [";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100"]),
        (Path, Matrix, true, [";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100"]),
        (Header, Simple, false, ["blue", "blue,black,brown", "B,150,G,200,R,100"]),
        (Header, Simple, true, ["blue", "blue,black,brown", "B=150,G=200,R=100"]),
        (Query, Form, false, ["color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"]),
        (Query, Form, true, ["color=blue", "color=blue&color=black&color=brown", "B=150&G=200&R=100"]),
        (
            Query,
            SpaceDelimited,
            false,
            ["color=blue", "color=blue%20black%20brown", "color=B%20150%20G%20200%20R%20100"],
        ),
        (
            Query,
            PipeDelimited,
            false,
            ["color=blue", "color=blue%7Cblack%7Cbrown", "color=B%7C150%7CG%7C200%7CR%7C100"],
        ),
    ] {
        let found = [&scalar, &list, &object].map(|value| written(location, style, explode, value));
        assert_eq!(found, expected, "{location:?} {style:?} {explode}");
    }
    let deep = written(Query, DeepObject, true, &json!({"a": {"b": [1, null, 2]}}));
    assert_eq!(deep, "color%5Ba%5D%5Bb%5D%5B%5D=1&color%5Ba%5D%5Bb%5D%5B%5D=2");
    assert_eq!(written(Query, Style::Json, false, &json!({"a": 1})), "color=%7B%22a%22%3A1%7D");
    assert_eq!(written(Query, Form, true, &Value::Null), "");
    assert_eq!(written(Query, Form, false, &json!([])), "");
    assert_eq!(written(Path, Label, false, &json!([])), "is empty");
    assert_eq!(written(Path, Simple, false, &json!(["a", ".."])), "is a relative path segment");
}

#[test]
fn reserved_characters_stay_where_that_is_allowed() {
    let described = query("q").allow_reserved();
    let pairs = parameter::query(&described, &json!("a/b:c,d?e&f=g#h+i%20 j"));
    assert_eq!(pairs, ["q=a/b:c,d?e%26f=g%23h%2Bi%2520%20j"]);
}

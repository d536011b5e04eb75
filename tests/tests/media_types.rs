//! What counts as JSON: the generator and the runtime of emitted crates agree.

use generator::media_type as of_generator;

#[allow(dead_code, reason = "the generator has not all of it")]
#[path = "../../templates/runtime/src/types/media_type.rs"]
mod of_runtime;

#[test]
fn the_generator_and_the_runtime_agree_on_what_is_json() {
    for (media_type, is_json) in [
        ("application/json", true),
        ("text/json", true),
        ("APPLICATION/JSON", true),
        (" Application/Json ; charset=utf-8", true),
        ("application/problem+json", true),
        ("application/vnd.api+JSON;version=1", true),
        ("image/x+json", true),
        ("application/json-patch+json", true),
        ("application/+json", true),
        ("application/jsonl", false),
        ("application/x-ndjson", false),
        ("application/json5", false),
        ("application/json+xml", false),
        ("application/json-seq", false),
        ("application/xjson", false),
        ("model/json", false),
        ("text/plain; format=application/json", false),
        ("text/plain", false),
        ("json", false),
        ("x+json", false),
        ("*/*", false),
        ("", false),
    ] {
        assert_eq!(of_generator::is_json(media_type), is_json, "{media_type}");
        assert_eq!(of_runtime::is_json(media_type), is_json, "{media_type}");
        let essence = of_generator::essence(media_type);
        let as_written = of_runtime::essence(media_type);
        assert_eq!(as_written.to_ascii_lowercase(), essence, "{media_type}");
        assert_eq!(of_runtime::is_json(&essence), is_json, "{media_type}");
    }
}

//! The rules: their codes, levels and pages.

use super::{
    Described, Findings, Level, components, declared, examples, keywords, naming, paths, patterns,
    recursion, required, responses, types,
};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code.
    pub code: &'static str,
    /// Its level, unless another one is set.
    pub level: Level,
    /// Its page, in markdown: what the defect is, a document that has it, and one that does not.
    pub page: &'static str,
}

/// The families of rules.
pub(super) const FAMILIES: [fn(&Described<'_>, &mut Findings); 11] = [
    paths::check,
    responses::check,
    required::check,
    types::check,
    examples::check,
    naming::check,
    components::check,
    declared::check,
    keywords::check,
    patterns::check,
    recursion::check,
];

macro_rules! rules {
    ($($code:literal: $level:ident,)*) => {
        /// All rules.
        pub const RULES: &[Rule] = &[$(Rule {
            code: $code,
            level: Level::$level,
            page: include_str!(concat!("pages/", $code, ".md")),
        }),*];
    };
}

rules! {
    "array-without-items": Warn,
    "body-of-empty-response": Warn,
    "boolean-as-string": Note,
    "bound-of-another-type": Warn,
    "date-as-string": Warn,
    "default-mismatch": Warn,
    "discriminator-property": Warn,
    "duplicate-operation-id": Warn,
    "empty-enum": Warn,
    "enum-value-of-another-type": Warn,
    "example-mismatch": Warn,
    "example-without-value": Warn,
    "identifier-of-two-types": Warn,
    "impossible-bounds": Warn,
    "inconsistent-naming": Note,
    "infinite-schema": Warn,
    "invalid-pattern": Warn,
    "keyword-of-3.0": Warn,
    "missing-operation-id": Note,
    "missing-required": Allow,
    "mixed-trailing-slash": Note,
    "no-success-response": Warn,
    "optional-path-parameter": Warn,
    "paths-differ-in-names": Warn,
    "paths-differ-in-slash": Warn,
    "query-in-path": Warn,
    "repeated-enum-value": Warn,
    "request-body-of-get": Note,
    "required-against-text": Warn,
    "required-unknown-property": Warn,
    "server-variable": Warn,
    "success-without-type": Warn,
    "undeclared-scope": Warn,
    "undeclared-tag": Note,
    "undocumented-in-example": Note,
    "unused-component": Note,
    "unused-security-scheme": Note,
    "unused-tag": Note,
}

/// The rule of a code.
pub(super) fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// What reading a description reports, with its page. The level is that of each diagnostic.
pub(super) const READING: &[(&str, &str)] = &[
    (
        "dangling-reference",
        "A `$ref` leads to nothing: the component is missing, or its name is misspelt. The item is left out. Correct the reference, or add the component, in an overlay.",
    ),
    (
        "duplicate-key",
        "A mapping has the same key twice. Readers differ in which of them counts; here it is the last one. Remove one of them.",
    ),
    (
        "duplicate-parameter",
        "An operation has two parameters of the same name in the same location. The first one counts. Remove one of them in an overlay.",
    ),
    (
        "empty-body",
        "A request body has no `content`, so that nobody knows its media type. Describe it in an overlay.",
    ),
    (
        "external-reference",
        "A `$ref` leads to another host or out of the folder of the description. Nothing is fetched: save the file beside the description.",
    ),
    (
        "ignored-header",
        "OpenAPI says that parameters called Accept, Content-Type and Authorization are ignored: media types and security schemes describe them. Remove the parameter.",
    ),
    (
        "newer-than-3.1",
        "OpenAPI 3.2 has it, and 3.1 has not. It is not read, as the warning says.",
    ),
    (
        "not-expressed",
        "A keyword of JSON Schema that Rust types cannot express, such as `not` or `if`. The type is wider than the schema.",
    ),
    (
        "number-out-of-range",
        "A number does not fit the 64 bits of a Rust integer, or a bound is no number.",
    ),
    (
        "parameter-not-in-path",
        "A parameter has `in: path`, and the path has no `{name}` for it. It is ignored. Correct its name, or the path, or its location.",
    ),
    (
        "reference-cycle",
        "References lead to each other in a circle, so that none of them leads to a value.",
    ),
    (
        "skipped-operation",
        "An operation could not be read, for the reason that is given. It is left out of the crate.",
    ),
    (
        "undescribed-path-parameter",
        "A path has a `{name}` without a parameter that describes it. It is read as a string. Describe it in an overlay.",
    ),
    (
        "unexpected-value",
        "A value is not of the type that OpenAPI demands at its place. It is left out.",
    ),
    (
        "unknown-key",
        "A key means nothing at its place: it is misspelt, or belongs elsewhere. It is ignored. Keys of your own begin with `x-`.",
    ),
    (
        "unknown-type",
        "A `type` is none of JSON Schema's: null, boolean, integer, number, string, array, object. It is read as any JSON.",
    ),
    (
        "unsendable-name",
        "A header or a cookie has a name that HTTP cannot send.",
    ),
    (
        "untyped-parameter",
        "A parameter has neither `schema` nor `content`, so that its type is unknown. It is read as a string.",
    ),
];

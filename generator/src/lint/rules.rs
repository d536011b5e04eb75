//! The rules: their codes, levels and pages.

use super::{
    Described, Findings, Level, components, declared, discriminators, examples, keywords, naming,
    paths, patterns, recursion, required, responses, types,
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
pub(super) const FAMILIES: [fn(&Described<'_>, &mut Findings); 12] = [
    paths::check,
    responses::check,
    required::check,
    types::check,
    examples::check,
    naming::check,
    components::check,
    declared::check,
    keywords::check,
    discriminators::check,
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
    "discriminator-mapping": Warn,
    "discriminator-property": Warn,
    "duplicate-operation-id": Warn,
    "empty-enum": Warn,
    "encoding-of-unknown-part": Warn,
    "enum-value-of-another-type": Warn,
    "example-mismatch": Warn,
    "example-without-value": Warn,
    "format-of-another-type": Warn,
    "identifier-of-two-types": Warn,
    "impossible-bounds": Warn,
    "inconsistent-naming": Note,
    "infinite-schema": Warn,
    "invalid-pattern": Warn,
    "keyword-of-3.0": Warn,
    "malformed-path": Warn,
    "missing-operation-id": Note,
    "missing-required": Allow,
    "mixed-trailing-slash": Note,
    "no-success-response": Warn,
    "null-default": Note,
    "optional-path-parameter": Warn,
    "paths-differ-in-names": Warn,
    "paths-differ-in-slash": Warn,
    "query-in-path": Warn,
    "quoted-example": Note,
    "read-only-and-write-only": Warn,
    "repeated-enum-value": Warn,
    "repeated-required": Warn,
    "repeated-tag": Warn,
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

/// What reading a description reports.
#[derive(Debug)]
pub struct Reading {
    /// Its code.
    pub code: &'static str,
    /// The level that reading reports it at.
    pub level: Level,
    /// What it means and what to do, in markdown. Its first sentence is its heading.
    pub page: &'static str,
}

impl Reading {
    /// The first sentence of its page, without its full stop.
    #[must_use]
    pub fn heading(&self) -> &'static str {
        let sentence = self.page.split_once(". ");
        sentence.map_or(self.page.trim_end_matches('.'), |(first, _)| first)
    }
}

/// The diagnostic of reading that has a code.
pub(super) fn find_reading(code: &str) -> Option<&'static Reading> {
    READING.iter().find(|reading| reading.code == code)
}

/// All that reading a description reports and that a level can be set for.
pub const READING: &[Reading] = &[
    Reading {
        code: "dangling-reference",
        level: Level::Warn,
        page: "A `$ref` leads to nothing: the component is missing, or its name is misspelt. The item is left out. Correct the reference, or add the component, in an overlay.",
    },
    Reading {
        code: "duplicate-key",
        level: Level::Deny,
        page: "A mapping has the same key twice. Readers differ in which of them counts, so the document is refused. Remove one of them.",
    },
    Reading {
        code: "duplicate-parameter",
        level: Level::Warn,
        page: "An operation has two parameters of the same name in the same location. The first one counts. Remove one of them in an overlay.",
    },
    Reading {
        code: "empty-body",
        level: Level::Warn,
        page: "A request body has no `content`, so that nobody knows its media type. Describe it in an overlay.",
    },
    Reading {
        code: "external-reference",
        level: Level::Deny,
        page: "A `$ref` leads to another host or out of the folder of the description. Nothing is fetched: save the file beside the description.",
    },
    Reading {
        code: "ignored-header",
        level: Level::Note,
        page: "OpenAPI says that parameters called Accept, Content-Type and Authorization are ignored: media types and security schemes describe them. Remove the parameter.",
    },
    Reading {
        code: "invalid-path",
        level: Level::Warn,
        page: "A path is written without its leading slash, or with blanks around it. It is read as the path that the report shows. Write it relative to the URL of the server, with a leading slash.",
    },
    Reading {
        code: "invalid-status",
        level: Level::Warn,
        page: "A key of `responses` is no status. What is meant is read where it is clear, as of `4xx`, and else the response is left out. Write a code such as 200, a range such as 4XX, or `default`.",
    },
    Reading {
        code: "json-read-as-yaml",
        level: Level::Warn,
        page: "A file whose name ends in `.json` is no JSON, but it is YAML. It is read as YAML. Mend the syntax, or rename the file.",
    },
    Reading {
        code: "meta-schema",
        level: Level::Warn,
        page: "A `$ref` leads to a meta-schema of JSON Schema. It is read as any JSON, because nothing is fetched from a network. Save the file beside the description for a stricter type.",
    },
    Reading {
        code: "newer-than-3.1",
        level: Level::Warn,
        page: "OpenAPI 3.2 has it, and 3.1 has not. It is not read, as the warning says.",
    },
    Reading {
        code: "not-emitted",
        level: Level::Note,
        page: "A part of the description has no counterpart in the emitted crate, such as the callbacks of a webhook. Nothing needs to be done.",
    },
    Reading {
        code: "not-expressed",
        level: Level::Note,
        page: "A keyword of JSON Schema that Rust types cannot express, such as `not` or `if`. The type is wider than the schema.",
    },
    Reading {
        code: "not-read",
        level: Level::Allow,
        page: "OpenAPI has it, or it is an extension, and nothing is made of it: external documentation, links, names of examples, XML, `x-` keys. `export` does not have it.",
    },
    Reading {
        code: "nothing-described",
        level: Level::Warn,
        page: "A document has no operation, webhook or schema. It is probably the wrong file.",
    },
    Reading {
        code: "number-out-of-range",
        level: Level::Deny,
        page: "JSON cannot express a number: it is infinite, not a number, or beyond a float of 64 bits. Remove it, or quote it if it is a text.",
    },
    Reading {
        code: "parameter-not-in-path",
        level: Level::Warn,
        page: "A parameter has `in: path`, and the path has no `{name}` for it. It is ignored. Correct its name, or the path, or its location.",
    },
    Reading {
        code: "reference-cycle",
        level: Level::Deny,
        page: "References lead to each other in a circle, so that none of them leads to a value.",
    },
    Reading {
        code: "reference-to-the-document",
        level: Level::Warn,
        page: "A `$ref` that begins with `#` stands in a file where it leads to nothing, and leads to something in the document that refers to that file. It is read so. Write the path of the document before the `#`.",
    },
    Reading {
        code: "skipped-operation",
        level: Level::Warn,
        page: "An operation could not be read, for the reason that is given. It is left out of the crate.",
    },
    Reading {
        code: "skipped-webhook",
        level: Level::Warn,
        page: "A webhook or callback could not be read, for the reason that is given. It is left out. Correct the document, or mend it in an overlay.",
    },
    Reading {
        code: "undeclared-security-scheme",
        level: Level::Warn,
        page: "A security requirement names a scheme that the document does not declare. The requirement is ignored, so that no credential is sent for it. Declare the scheme in `components.securitySchemes`.",
    },
    Reading {
        code: "undescribed-path-parameter",
        level: Level::Warn,
        page: "A path has a `{name}` without a parameter that describes it. It is read as a string. Describe it in an overlay.",
    },
    Reading {
        code: "unexpected-value",
        level: Level::Warn,
        page: "A value is not of the type that OpenAPI demands at its place. It is left out.",
    },
    Reading {
        code: "unknown-key",
        level: Level::Warn,
        page: "A key means nothing at its place: it is misspelt, or belongs elsewhere. It is ignored. Keys of your own begin with `x-`.",
    },
    Reading {
        code: "unknown-type",
        level: Level::Warn,
        page: "A `type` is none of JSON Schema's: null, boolean, integer, number, string, array, object. It is read as any JSON.",
    },
    Reading {
        code: "unreadable-reference",
        level: Level::Warn,
        page: "A `$ref` leads to a file that cannot be read. The item is left out. Put the file at this path, or correct the reference.",
    },
    Reading {
        code: "unsendable-name",
        level: Level::Warn,
        page: "A header or a cookie has a name that HTTP cannot send.",
    },
    Reading {
        code: "unsent-part-headers",
        level: Level::Note,
        page: "A part of a `multipart` body has headers of its own. The client does not send them.",
    },
    Reading {
        code: "untyped-parameter",
        level: Level::Warn,
        page: "A parameter has neither `schema` nor `content`, so that its type is unknown. It is read as a string.",
    },
    Reading {
        code: "yaml-layout",
        level: Level::Warn,
        page: "The layout of a file is not valid YAML, though what is meant is clear. Indent the lines of a value more than its key, with blanks instead of tabs.",
    },
    Reading {
        code: "yaml-surrogates",
        level: Level::Warn,
        page: "A YAML text has a surrogate pair of JSON. YAML has none. Write the character itself, or `\\U` and its eight digits.",
    },
];

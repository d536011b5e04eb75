//! Texts that break out of something if they are put anywhere as they are.

/// Names, each with its text.
pub fn all() -> Vec<(&'static str, String)> {
    let fixed: [(&str, &str); 60] = [
        ("quote", "a\"b"),
        ("quote and item", "\"; pub fn canary() {} //"),
        ("apostrophe", "it's '"),
        ("backslash at the end", "a\\"),
        ("escapes", "\\n \\u{41} \\x41 \\\" \\0"),
        ("raw string", "r#\"a\"#"),
        ("end of raw strings", "\"#; \"##; \"###;"),
        ("block comment end", "*/ pub fn canary() {} /*"),
        ("line comment", "// canary"),
        ("outer doc comment", "/// canary"),
        ("slash at the end", "ends in /"),
        ("line feed", "a\npub fn canary() {}"),
        ("carriage return", "a\rpub fn canary() {}"),
        ("carriage return and line feed", "a\r\nX-Canary: 1"),
        ("line separator", "a\u{2028}pub fn canary() {}\u{2029}b"),
        ("next line and form feed", "a\u{85}\u{b}\u{c}b"),
        ("NUL", "a\0b"),
        ("escape sequence", "\u{1b}[31mred\u{1b}]0;title\u{7}"),
        ("bidirectional", "\u{202e}\u{2066}canary\u{2069}\u{202c}"),
        ("zero width", "a\u{200b}\u{200d}\u{feff}b"),
        ("attribute", "#[cfg(canary)]"),
        ("inner attribute", "#![allow(canary)]"),
        ("doc attribute", "#[doc = include_str!(\"/etc/passwd\")]"),
        ("closing brackets", "}]) ; fn canary() {}"),
        ("opening brackets", "{[("),
        ("format arguments", "{} {0} {name} {:?} {{"),
        ("template expression", "{{ 7 * 7 }}"),
        (
            "template statement",
            "{% for x in range(9) %}canary{% endfor %}{# #}",
        ),
        ("shell", "$(touch /tmp/canary) `touch /tmp/canary` ${HOME}"),
        ("TOML table", "\"]\n[dependencies]\ncanary = \"1\"\n["),
        ("TOML multiline", "\"\"\"\nbuild = \"canary.rs\"\n'''"),
        ("YAML document", "a\n---\ncanary: true\n..."),
        ("YAML signs", "*alias &anchor !tag %directive @at |"),
        ("bare fence", "```\npanic!(\"canary\")\n```"),
        (
            "Rust fence",
            "```rust,should_panic\npanic!(\"canary\")\n```",
        ),
        ("open fence", "~~~ignore\nlet canary = 1;"),
        (
            "indented code",
            "text\n\n    panic!(\"canary\");\n\tcanary();",
        ),
        (
            "HTML",
            "<script>canary()</script><img src=x onerror=canary()>",
        ),
        ("HTML comment", "--><!-- canary"),
        ("CDATA", "]]>canary"),
        (
            "markdown link",
            "[canary](javascript:canary()) [Vec] [`Foo`] <https://a.b>",
        ),
        ("markdown table", "| a | b |\n|---|---|\n| \\| | `|` |"),
        ("macro", "canary!(x) $crate $x:expr"),
        ("lifetime", "'static"),
        ("keyword", "fn"),
        ("word that cannot be raw", "self"),
        ("type of its own", "Self"),
        ("crate", "crate::super::canary"),
        ("underscore", "_"),
        ("prelude name", "Option"),
        ("boolean", "true"),
        ("module", "mod"),
        ("parent folder", "../../canary"),
        ("absolute path", "/etc/passwd"),
        ("Windows device", "CON"),
        ("percent encoded", "%2e%2e%2f%00%0a\u{25}"),
        ("leading digit", "1st"),
        ("blanks", " \t "),
        ("empty", ""),
        ("number beyond 64 bits", "99999999999999999999999"),
    ];
    let mut payloads: Vec<(&str, String)> = fixed
        .into_iter()
        .map(|(name, text)| (name, text.to_owned()))
        .collect();
    payloads.extend([
        ("long", "long name ".repeat(100)),
        ("long word", "w".repeat(1_000)),
        ("deep quotes", "> ".repeat(60)),
        ("deep emphasis", "*_[".repeat(60)),
        (
            "emoji",
            "\u{1f980}\u{fe0f}\u{1f468}\u{200d}\u{1f469}".to_owned(),
        ),
        ("composed", "caf\u{e9}".to_owned()),
        ("decomposed", "cafe\u{301}".to_owned()),
        ("homoglyph", "\u{440}\u{430}y".to_owned()),
        ("beyond the basic plane", "\u{10ffff}\u{e000}".to_owned()),
    ]);
    payloads
}

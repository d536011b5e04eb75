//! Mutants of documents. Most mutations are of the tree, so that most mutants can still be read and reach lowering; some
//! are of the text, for the loader.

use serde_json::{Value, json};

/// Numbers that only look random (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next())
            .unwrap_or(0)
            .checked_rem(end)
            .unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Words that mean something where they stand.
const WORDS: [&str; 36] = [
    "null",
    "~",
    "true",
    "[]",
    "{}",
    "-1",
    "1e400",
    "99999999999999999999",
    "\"\"",
    "''",
    "string",
    "object",
    "array",
    "integer",
    "type: [string, 'null']",
    "nullable: true",
    "$ref: '#/components/schemas/'",
    "$ref: '#'",
    "allOf: []",
    "oneOf: []",
    "enum: []",
    "enum: [1, a, null, {}]",
    "discriminator: {propertyName: ''}",
    "additionalProperties: false",
    "items: {}",
    "properties: {}",
    "required: [a]",
    "/{a}{b}",
    "default",
    "*alias",
    "&anchor",
    "!!str",
    "\u{202e}",
    "\\\"",
    "format: binary",
    "\u{0}",
];

/// Documents to make mutants of.
pub(crate) struct Documents {
    texts: Vec<String>,
    trees: Vec<Value>,
}

impl Documents {
    /// Takes documents in any order.
    pub(crate) fn new(mut texts: Vec<String>) -> Self {
        texts.sort();
        let trees = texts.iter();
        let trees = trees.filter_map(|text| serde_yaml::from_str(text).ok());
        Self {
            trees: trees.collect(),
            texts,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The mutant of a seed and a number.
    pub(crate) fn mutant(&self, seed: u64, number: u64) -> String {
        let mut random = Random((seed << 40) ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..4 {
            random.next();
        }
        match random.below(10) {
            0 => self.mutant_of_text(&mut random),
            _ => self.mutant_of_tree(&mut random),
        }
    }

    fn mutant_of_tree(&self, random: &mut Random) -> String {
        let mut tree = random.pick(&self.trees).cloned().unwrap_or_default();
        for _ in 0..=random.below(4) {
            let other = random.pick(&self.trees).unwrap_or(&Value::Null);
            mutate_tree(&mut tree, other, random);
        }
        tree.to_string()
    }

    fn mutant_of_text(&self, random: &mut Random) -> String {
        let mut text = random.pick(&self.texts).cloned().unwrap_or_default();
        for _ in 0..=random.below(3) {
            text = match random.below(10) {
                0..=3 => mutate_lines(&text, &self.texts, random),
                4..=7 => mutate_token(&text, random),
                _ => mutate_characters(&text, random),
            };
        }
        text
    }
}

/// Keywords with values that say much.
fn keyword(random: &mut Random, reference: Value) -> (&'static str, Value) {
    let values = [
        ("type", json!(["string", "null"])),
        ("type", json!("array")),
        ("type", json!("object")),
        ("type", json!("integer")),
        ("type", json!("string")),
        ("format", json!("binary")),
        ("format", json!("date-time")),
        ("nullable", json!(true)),
        ("readOnly", json!(true)),
        ("writeOnly", json!(true)),
        ("deprecated", json!(true)),
        ("required", json!(["id", "name", "\u{202e}", ""])),
        ("enum", json!(["+1", "-1", "", "Self", 1, 1.0, null, {}])),
        ("const", json!("a")),
        ("default", json!({"a": [1, null]})),
        ("items", json!({"$ref": reference})),
        (
            "prefixItems",
            json!([{"$ref": reference}, {"$ref": reference}, true]),
        ),
        ("additionalProperties", json!({"$ref": reference})),
        ("additionalProperties", json!(false)),
        ("patternProperties", json!({"^x": {"$ref": reference}})),
        (
            "properties",
            json!({"": {"$ref": reference}, "self": {}, "a-b": true, "a_b": false}),
        ),
        ("allOf", json!([{"$ref": reference}, {"required": ["a"]}])),
        (
            "oneOf",
            json!([{"$ref": reference}, {"type": "null"}, {"type": "string"}]),
        ),
        ("anyOf", json!([{"$ref": reference}, {"$ref": reference}])),
        ("not", json!({"$ref": reference})),
        (
            "discriminator",
            json!({"propertyName": "type", "mapping": {"a": reference}}),
        ),
        ("style", json!("deepObject")),
        ("explode", json!(true)),
        ("in", json!("header")),
        ("in", json!("cookie")),
        ("content", json!({"*/*": {"schema": {"$ref": reference}}})),
        (
            "content",
            json!({"multipart/form-data": {"schema": {"$ref": reference}}}),
        ),
        (
            "4XX",
            json!({"description": "", "content": {"text/event-stream": {}}}),
        ),
        ("maximum", json!(1e308)),
        ("minimum", json!(-9_223_372_036_854_775_808_i64)),
        ("description", json!("    ```\n*/ <b> #[a] \"#")),
        ("title", json!("\u{0}\u{2028}")),
        ("x-any", json!(1)),
    ];
    random.pick(&values).cloned().unwrap_or_default()
}

/// Changes one thing of a tree; `other` is where parts may come from.
fn mutate_tree(tree: &mut Value, other: &Value, random: &mut Random) {
    let mut places = Vec::new();
    pointers(tree, String::new(), &mut places);
    let place = random.pick(&places).cloned().unwrap_or_default();
    let second = random.pick(&places).cloned().unwrap_or_default();
    let references: Vec<&String> = places
        .iter()
        .filter(|place| place.ends_with("/$ref"))
        .collect();
    let reference = random.pick(&references).and_then(|at| tree.pointer(at));
    let reference = reference
        .cloned()
        .unwrap_or_else(|| json!(format!("#{second}")));
    match random.below(9) {
        0 => {
            remove(tree, &place);
        }
        1 => {
            let copied = tree.pointer(&second).cloned().unwrap_or_default();
            put(tree, &place, copied);
        }
        2 => {
            let moved = remove(tree, &place).unwrap_or_default();
            put(tree, &second, moved);
        }
        3 => {
            let mut places = Vec::new();
            pointers(other, String::new(), &mut places);
            let last = place.rsplit('/').next().unwrap_or_default();
            let alike: Vec<&String> = places
                .iter()
                .filter(|other| other.rsplit('/').next() == Some(last))
                .collect();
            let taken = random.pick(&alike).and_then(|at| other.pointer(at));
            put(tree, &place, taken.cloned().unwrap_or_default());
        }
        4 => {
            let at = random.pick(&references).map(|at| (*at).clone());
            let target = match random.below(3) {
                0 => json!(format!("#{second}")),
                _ => reference,
            };
            put(tree, &at.unwrap_or(place), target);
        }
        5 | 6 => {
            let (name, value) = keyword(random, reference);
            if let Some(map) = nearest_mapping(tree, &place) {
                map.insert(name.to_owned(), value);
            }
        }
        7 => {
            let word = random.pick(&WORDS).copied().unwrap_or_default();
            if let Some(Value::Object(map)) = tree.pointer_mut(&place)
                && let Some(key) = random.pick(&map.keys().cloned().collect::<Vec<_>>())
                && let Some(value) = map.remove(key)
            {
                map.insert(word.to_owned(), value);
            }
        }
        _ => {
            let word = random.pick(&WORDS).copied().unwrap_or_default();
            let scalar = match random.below(3) {
                0 => serde_yaml::from_str(word).unwrap_or_default(),
                _ => json!(word),
            };
            let scalars: Vec<&String> = places
                .iter()
                .filter(|place| {
                    tree.pointer(place)
                        .is_some_and(|node| !node.is_object() && !node.is_array())
                })
                .collect();
            let at = random.pick(&scalars).map(|at| (*at).clone());
            put(tree, &at.unwrap_or(place), scalar);
        }
    }
}

/// The places of all nodes.
fn pointers(node: &Value, at: String, places: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                let token = key.replace('~', "~0").replace('/', "~1");
                pointers(value, format!("{at}/{token}"), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

fn put(tree: &mut Value, at: &str, value: Value) {
    if let Some(node) = tree.pointer_mut(at) {
        *node = value;
    }
}

fn remove(tree: &mut Value, at: &str) -> Option<Value> {
    let (parent, token) = at.rsplit_once('/')?;
    match tree.pointer_mut(parent)? {
        Value::Object(map) => map.remove(&token.replace("~1", "/").replace("~0", "~")),
        Value::Array(items) => {
            let index: usize = token.parse().ok()?;
            (index < items.len()).then(|| items.remove(index))
        }
        _ => None,
    }
}

/// The mapping at a place, or the nearest one around it.
fn nearest_mapping<'t>(
    tree: &'t mut Value,
    at: &str,
) -> Option<&'t mut serde_json::Map<String, Value>> {
    let mut at = at;
    while !tree.pointer(at)?.is_object() {
        at = at.rsplit_once('/')?.0;
    }
    tree.pointer_mut(at)?.as_object_mut()
}

fn mutate_lines(text: &str, documents: &[String], random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return String::new();
    }
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    let end = (from + 1 + random.below(12)).min(lines.len());
    match random.below(6) {
        0 => {
            lines.drain(from..end);
        }
        1 => lines.swap(from, to),
        2 => {
            let copied: Vec<&str> = lines.get(from..end).unwrap_or_default().to_vec();
            lines.splice(to..to, copied);
        }
        3 => {
            let other: Vec<&str> = random
                .pick(documents)
                .map(|other| other.lines().collect())
                .unwrap_or_default();
            let start = random.below(other.len());
            let taken = other.into_iter().skip(start).take(1 + random.below(30));
            lines.splice(to..to, taken);
        }
        4 => lines.truncate(to),
        _ => {
            let line = lines.get(from).copied().unwrap_or_default();
            let moved = match random.below(2) {
                0 => format!("  {line}"),
                _ => line.strip_prefix("  ").unwrap_or(line).to_owned(),
            };
            let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
            if let Some(line) = lines.get_mut(from) {
                *line = moved;
            }
            return lines.join("\n");
        }
    }
    lines.join("\n")
}

/// Puts a word in the place of another one, or of a value.
fn mutate_token(text: &str, random: &mut Random) -> String {
    let is_inside = |letter: char| letter.is_alphanumeric() || "_-/#$.".contains(letter);
    let at = boundary(text, random.below(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let start = before
        .rfind(|letter| !is_inside(letter))
        .map_or(0, |found| boundary_after(text, found));
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len());
    let other = match random.below(3) {
        0 => {
            let words: Vec<&str> = text
                .split(|letter| !is_inside(letter))
                .filter(|word| !word.is_empty())
                .collect();
            random.pick(&words).copied().unwrap_or_default().to_owned()
        }
        _ => random.pick(&WORDS).copied().unwrap_or_default().to_owned(),
    };
    let head = text.get(..start).unwrap_or_default();
    let tail = rest.get(length..).unwrap_or_default();
    format!("{head}{other}{tail}")
}

fn mutate_characters(text: &str, random: &mut Random) -> String {
    let start = boundary(text, random.below(text.len()));
    let end = boundary(text, (start + random.below(8)).min(text.len()));
    let signs: Vec<char> = "{}[]:,-?#&*!|>'\"%@`\\/ \n\t\r0aZ\u{e9}\u{2028}\u{feff}\u{1f980}"
        .chars()
        .collect();
    let other = random.pick(&signs).copied().unwrap_or(' ');
    let (head, tail) = (
        text.get(..start).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    format!("{head}{other}{tail}")
}

/// The last boundary of characters up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The first boundary of characters behind an offset.
fn boundary_after(text: &str, offset: usize) -> usize {
    (offset + 1..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

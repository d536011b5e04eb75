//! Parts of a template → the expression that writes them.

use proc_macro::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};

use crate::template::Part;

/// Names of our own in what a template becomes. A template has no variables like them.
const CODE: &str = "__code";
const FIRST: &str = "__first";

/// Bytes of the average value of a variable.
const VARIABLE: usize = 32;
/// How often the average repetition goes round.
const REPETITIONS: usize = 2;

/// The expression whose value is the code of a template.
pub(crate) fn code(parts: &[Part]) -> TokenStream {
    let writes = writes(parts);
    let bytes = bytes(parts);
    let body = rust(&format!(
        "let mut {CODE} = crate::emit::code::Code::with_capacity({bytes});"
    ));
    let value = rust(CODE);
    braces(body.into_iter().chain(writes).chain(value).collect())
}

/// Bytes that are likely to be enough for the code of a template.
fn bytes(parts: &[Part]) -> usize {
    let bytes = parts.iter().map(|part| match part {
        Part::Text(text) => text.len() + 1,
        Part::Variable(_) => VARIABLE,
        Part::Repetition { parts, .. } => REPETITIONS * bytes(parts),
        Part::Mistake(_) => 0,
    });
    bytes.sum()
}

fn writes(parts: &[Part]) -> TokenStream {
    parts.iter().flat_map(write).collect()
}

fn write(part: &Part) -> TokenStream {
    match part {
        Part::Text(text) => call(
            "crate::emit::code::Code::text",
            &Literal::string(text).to_string(),
        ),
        Part::Variable(name) => {
            let mut arguments: TokenStream = rust("&");
            arguments.extend([TokenTree::Ident(name.clone())]);
            arguments.extend(rust(&format!(", &mut {CODE}")));
            let mut call = rust("crate::emit::code::ToCode::write");
            call.extend([TokenTree::Group(Group::new(
                Delimiter::Parenthesis,
                arguments,
            ))]);
            call.extend(rust(";"));
            call
        }
        Part::Repetition { parts, separator } => repetition(parts, separator),
        Part::Mistake(message) => mistake(message),
    }
}

/// A loop over what the variables of a repetition hold, each under the name of its variable.
fn repetition(parts: &[Part], separator: &str) -> TokenStream {
    let mut names: Vec<&Ident> = Vec::new();
    variables(parts, &mut names);
    if names.is_empty() {
        return mistake("a repetition has a variable");
    }
    let mut body = rust("use crate::emit::code::repetition::*;");
    let (mut items, mut nexts) = (TokenStream::new(), TokenStream::new());
    for name in names {
        let name = || [TokenTree::Ident(name.clone())];
        body.extend(rust("let mut"));
        body.extend(name());
        body.extend(rust("="));
        body.extend(name());
        body.extend(rust(".each();"));
        items.extend(rust("::core::option::Option::Some"));
        items.extend([parentheses(name().into_iter().collect())]);
        items.extend(rust(","));
        nexts.extend(rust("::core::iter::Iterator::next"));
        let mut argument = rust("&mut");
        argument.extend(name());
        nexts.extend([parentheses(argument)]);
        nexts.extend(rust(","));
    }
    body.extend(rust(&format!("let mut {FIRST} = true;")));
    body.extend(rust("while let"));
    body.extend([parentheses(items)]);
    body.extend(rust("="));
    body.extend([parentheses(nexts)]);
    let mut pass = TokenStream::new();
    if !separator.is_empty() {
        let text = call(
            "crate::emit::code::Code::text",
            &Literal::string(separator).to_string(),
        );
        pass.extend(rust(&format!("if !{FIRST}")));
        pass.extend(braces(text));
    }
    pass.extend(rust(&format!("{FIRST} = false;")));
    pass.extend(writes(parts));
    body.extend(braces(pass));
    braces(body)
}

/// The variables in the parts, each once.
fn variables<'p>(parts: &'p [Part], names: &mut Vec<&'p Ident>) {
    for part in parts {
        match part {
            Part::Text(_) | Part::Mistake(_) => {}
            Part::Variable(name) => {
                if !names
                    .iter()
                    .any(|known| known.to_string() == name.to_string())
                {
                    names.push(name);
                }
            }
            Part::Repetition { parts, .. } => variables(parts, names),
        }
    }
}

/// A statement that hands the code and an argument to a function.
fn call(function: &str, argument: &str) -> TokenStream {
    rust(&format!("{function}(&mut {CODE}, {argument});"))
}

fn parentheses(inner: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(Delimiter::Parenthesis, inner))
}

fn braces(inner: TokenStream) -> TokenStream {
    TokenTree::Group(Group::new(Delimiter::Brace, inner)).into()
}

fn mistake(message: &str) -> TokenStream {
    rust(&format!("compile_error!({});", Literal::string(message)))
}

/// Rust of our own, under names that no variable of a template can be taken for.
fn rust(text: &str) -> TokenStream {
    let defect = || "compile_error!(\"a defect of `quote!`\");".parse();
    let tokens: TokenStream = text.parse().or_else(|_| defect()).unwrap_or_default();
    let span = Span::mixed_site();
    tokens.into_iter().map(|token| at(token, span)).collect()
}

fn at(token: TokenTree, span: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            let inner = group.stream().into_iter().map(|token| at(token, span));
            TokenTree::Group(Group::new(group.delimiter(), inner.collect()))
        }
        other => other,
    };
    token.set_span(span);
    token
}

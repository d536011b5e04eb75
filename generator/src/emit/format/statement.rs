//! Where statements, elements of lists and attributes end.

use super::token::{Delimiter, Kind, Token, nodes, split_last_node, split_node};

/// Splits the attributes in front off.
pub(super) fn attributes(tokens: &[Token]) -> (&[Token], &[Token]) {
    let mut length = 0;
    while let Some((attribute, _)) = first_attribute(tokens.get(length..).unwrap_or_default()) {
        length += attribute.len();
    }
    tokens.split_at_checked(length).unwrap_or((tokens, &[]))
}

/// Splits the first attribute off: a comment, `#` and `[…]`, or `#`, `!` and `[…]`.
pub(super) fn first_attribute(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let is_bracket = |token: &Token| token.kind == Kind::Opening(Delimiter::Bracket);
    let length = match tokens {
        [comment, ..] if comment.kind == Kind::Documentation => 1,
        [hash, group, ..] if hash.kind == Kind::Hash && is_bracket(group) => 1 + group.size,
        [hash, bang, group, ..]
            if hash.kind == Kind::Hash && bang.kind == Kind::Bang && is_bracket(group) =>
        {
            2 + group.size
        }
        _ => return None,
    };
    tokens.split_at_checked(length)
}

/// Whether a statement is an item.
pub(super) fn is_item(statement: &[Token]) -> bool {
    let first = statement.first();
    first.is_some_and(|first| first.kind.begins_item())
}

/// Splits the first statement off, with its semicolon.
pub(super) fn first_statement(tokens: &[Token]) -> (&[Token], &[Token]) {
    // The `=` of an `if let` assigns nothing.
    let is_block = tokens
        .first()
        .is_some_and(|first| matches!(first.kind, Kind::Block | Kind::For));
    let mut assigns = false;
    let mut is_import = false;
    let mut had_brace = false;
    let mut end = tokens.len();
    for (kind, behind) in nodes(tokens) {
        let ends = match kind {
            Kind::Semicolon => true,
            Kind::Use => {
                is_import |= !had_brace;
                false
            }
            Kind::Equals | Kind::PlusEquals => {
                assigns |= !is_block;
                false
            }
            Kind::Opening(Delimiter::Brace) => {
                had_brace = true;
                let next = tokens.get(behind);
                !assigns && !is_import && !next.is_some_and(|next| continues(next.kind))
            }
            _ => false,
        };
        if ends {
            end = behind;
            break;
        }
    }
    tokens.split_at_checked(end).unwrap_or((tokens, &[]))
}

/// Whether a statement goes on after a brace with such a token.
fn continues(kind: Kind) -> bool {
    let is_word = matches!(kind, Kind::As | Kind::Else);
    // No `#`, `&`, `*` or `::`: with these, the next statement begins.
    let is_sign = matches!(
        kind,
        Kind::Bang
            | Kind::Bar
            | Kind::Colon
            | Kind::Comma
            | Kind::Dollar
            | Kind::Dot
            | Kind::Equals
            | Kind::FatArrow
            | Kind::Member
            | Kind::Minus
            | Kind::Operator
            | Kind::PlusEquals
            | Kind::Question
            | Kind::Range
            | Kind::RangeInclusive
            | Kind::Semicolon
    );
    is_word || is_sign
}

/// Whether braces hold a list, of fields, variants or arms, and not statements.
pub(super) fn is_list(tokens: &[Token]) -> bool {
    let (_, first) = attributes(tokens);
    if nodes(tokens).any(|(kind, _)| kind == Kind::Semicolon) || is_item(first) && !is_field(first)
    {
        return false;
    }
    let (element, rest) = first_element(tokens);
    is_field(first)
        || !rest.is_empty()
        || element.last().is_some_and(|last| last.kind == Kind::Comma)
        || nodes(element).any(|(kind, _)| kind == Kind::FatArrow)
}

/// Whether tokens begin with a field and its type or value.
fn is_field(tokens: &[Token]) -> bool {
    let Some((first, rest)) = split_node(tokens) else {
        return false;
    };
    let is = |tokens: &[Token], kind| tokens.first().is_some_and(|first| first.kind == kind);
    if is(first, Kind::Pub) {
        let restriction = split_node(rest);
        let restriction =
            restriction.filter(|(node, _)| is(node, Kind::Opening(Delimiter::Parenthesis)));
        return is_field(restriction.map_or(rest, |(_, behind)| behind));
    }
    is(first, Kind::Name) && is(rest, Kind::Colon)
}

/// Splits the first element of a list off, with its comma. An arm with a body in braces needs none.
pub(super) fn first_element(tokens: &[Token]) -> (&[Token], &[Token]) {
    let mut in_closure = false;
    let mut after_arrow = false;
    let mut end = tokens.len();
    for (kind, behind) in nodes(tokens) {
        if kind == Kind::Bar {
            let bar = tokens.get(behind - 1);
            in_closure = bar.is_some_and(|bar| bar.glued);
        }
        let is_body = after_arrow && kind == Kind::Opening(Delimiter::Brace);
        after_arrow = kind == Kind::FatArrow;
        let next = tokens.get(behind).map(|next| next.kind);
        let goes_on = || {
            let signs = [Kind::Comma, Kind::Member, Kind::Dot, Kind::Question];
            next.is_some_and(|next| signs.contains(&next))
        };
        if kind == Kind::Comma && !in_closure || is_body && !goes_on() {
            end = behind;
            break;
        }
    }
    tokens.split_at_checked(end).unwrap_or((tokens, &[]))
}

/// Whether an element is an arm with a body in braces.
pub(super) fn is_arm(element: &[Token]) -> bool {
    split_last_node(element).is_some_and(|(before, last)| {
        let is_brace = |first: &Token| first.kind == Kind::Opening(Delimiter::Brace);
        last.first().is_some_and(is_brace)
            && before
                .last()
                .is_some_and(|arrow| arrow.kind == Kind::FatArrow)
    })
}

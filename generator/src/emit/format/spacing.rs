//! Where blanks stand between tokens on a line.

use super::token::{Delimiter, Kind, Token, split_last_node};

/// What stands beside a token.
pub(super) struct Spacing {
    /// Whether a blank stands before it.
    pub(super) space: bool,
    /// Whether nothing stands between it and what follows.
    pub(super) glued: bool,
}

/// Settles what stands beside a token; `before` is what stands before it in its group.
pub(super) fn settle(before: &[Token], kind: Kind, in_closure: &mut bool) -> Spacing {
    let previous = before.last().map(|previous| previous.kind);
    let is_operand = previous.is_some_and(Kind::is_operand);
    let mut tight = before.last().is_none_or(|previous| previous.glued);
    let mut glued = false;
    match kind {
        Kind::Comma | Kind::Semicolon | Kind::Colon | Kind::Member => tight = true,
        Kind::Dot => (tight, glued) = (true, true),
        Kind::Question => {
            tight |= is_operand;
            glued = !is_operand;
        }
        Kind::AbsolutePath => tight |= is_operand && !ends_parameters(before),
        Kind::Separator => {
            tight |= is_operand && !ends_parameters(before);
            glued = true;
        }
        Kind::Range | Kind::RangeInclusive | Kind::Bang => {
            tight |= is_operand;
            glued = true;
        }
        Kind::Hash | Kind::Dollar => glued = true,
        Kind::Pointer | Kind::Minus => glued = !is_operand,
        Kind::Bar => {
            if *in_closure {
                (*in_closure, tight) = (false, true);
            } else if opens_closure(previous) {
                (*in_closure, glued) = (true, true);
            }
        }
        Kind::Opening(Delimiter::Parenthesis) => {
            tight |= is_operand || matches!(previous, Some(Kind::Pub | Kind::Fn));
        }
        Kind::Opening(Delimiter::Bracket) => tight |= is_operand,
        Kind::Opening(Delimiter::Angle) => {
            tight |= is_operand || matches!(previous, Some(Kind::Impl | Kind::For | Kind::Fn));
        }
        // The brace of a macro stands apart, that of an import does not.
        Kind::Opening(Delimiter::Brace) => tight &= previous != Some(Kind::Bang),
        _ => {}
    }
    let space = !tight;
    Spacing { space, glued }
}

/// Whether tokens end in the type parameters of an `impl`: what follows them is no part of their path.
fn ends_parameters(tokens: &[Token]) -> bool {
    let is_angle = |last: &Token| last.kind == Kind::Closing(Delimiter::Angle);
    tokens.last().is_some_and(is_angle)
        && split_last_node(tokens)
            .and_then(|(before, _)| before.last())
            .is_some_and(|owner| owner.kind == Kind::Impl)
}

fn opens_closure(previous: Option<Kind>) -> bool {
    previous.is_none_or(|previous| {
        matches!(
            previous,
            Kind::Move | Kind::Comma | Kind::Equals | Kind::FatArrow | Kind::Return
        )
    })
}

//! Names and slugs that clients choose.

use crate::error::Error;

const LONGEST: usize = 50;

/// The slug of a new resource: the one that the client wants, or one made of the name.
pub(crate) fn choose(slug: Option<&str>, name: &str) -> Result<String, Error> {
    match slug {
        Some(slug) => check(slug).map(|()| slug.to_owned()),
        None => {
            let slug = from_name(name);
            check(&slug).map(|()| slug)
        }
    }
}

/// Lowercase letters, digits, `-` and `_`, with something else than digits, so that no slug looks like an id.
pub(crate) fn check(slug: &str) -> Result<(), Error> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let reason = if slug.is_empty() {
        "This field may not be blank."
    } else if slug.len() > LONGEST {
        "Ensure this field has no more than 50 characters."
    } else if !slug.chars().all(fits) || slug.chars().all(|c| c.is_ascii_digit()) {
        "Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric."
    } else {
        return Ok(());
    };
    Err(Error::invalid("slug", reason))
}

/// A name: not blank, and not too long.
pub(crate) fn check_name(property: &'static str, name: &str, longest: usize) -> Result<(), Error> {
    if name.trim().is_empty() {
        return Err(Error::invalid(property, "This field may not be blank."));
    }
    if name.chars().count() > longest {
        let reason = format!("Ensure this field has no more than {longest} characters.");
        return Err(Error::invalid(property, reason));
    }
    Ok(())
}

fn from_name(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').to_owned()
}

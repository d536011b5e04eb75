//! Finds the name that a misspelt name was probably meant to be.

/// The candidate most similar to `wanted`, or `None` if none is similar enough.
#[must_use]
pub fn closest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (wanted.chars().count() / 3).max(1);
    let lowered = wanted.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wanted)
        .map(|candidate| {
            let distance = strsim::levenshtein(&lowered, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn only_a_similar_name_is_suggested() {
        assert_eq!(closest("Isue", ["Issue", "Event"]), Some("Issue"));
        assert_eq!(closest("Zebra", ["Issue", "Event"]), None);
    }
}

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

/// The shortest candidate that contains `part`, in whatever case. `None` for a part of one or two letters.
#[must_use]
pub fn containing<'a>(
    part: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lowered = part.to_lowercase();
    let contains = |candidate: &&str| candidate.to_lowercase().contains(&lowered);
    let candidates = candidates.into_iter().filter(contains);
    let shortest = candidates.min_by_key(|candidate| (candidate.chars().count(), *candidate));
    shortest.filter(|_| part.chars().count() > 2)
}

#[cfg(test)]
mod tests {
    use super::{closest, containing};

    #[test]
    fn a_part_of_a_name_suggests_the_shortest_that_contains_it() {
        let names = ["PaymentLinkRequest", "PaymentLink", "Payment"];
        assert_eq!(containing("tlink", names), Some("PaymentLink"));
        assert_eq!(containing("refund", names), None);
        assert_eq!(containing("pa", names), None);
    }

    #[test]
    fn only_a_similar_name_is_suggested() {
        assert_eq!(closest("Isue", ["Issue", "Event"]), Some("Issue"));
        assert_eq!(closest("Zebra", ["Issue", "Event"]), None);
    }
}

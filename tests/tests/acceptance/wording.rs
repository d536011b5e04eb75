//! The committed descriptions are the published ones, word for word.

use sha2::{Digest, Sha256};

use crate::workspace;

/// SHA-256 of the words of a text joined by single blanks, in hexadecimal: line breaks and indentation are left out, because
/// one document was published without them.
fn hash_of_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let hash = Sha256::digest(words.join(" ").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_description_has_the_words_that_were_published() {
    for (path, published) in [
        // Published on one line; the committed file has its line breaks back.
        (
            "specs/projects.yaml",
            "6e989deab713132fee57da7a3b86baa6150c93307c700e9980c6d6f565fa54f6",
        ),
        // Published below a few lines of page, which are not part of the document.
        (
            "specs/error-monitoring.yaml",
            "b5dd09a9ed8889a225e24cac6d31747b5afe40c54e2ab020e09a4481c1c514be",
        ),
        (
            "specs/reference/reference.md",
            "38542f3604d617800296e87ee712a690733be4195ea7877b55121bbb22ae9f2b",
        ),
        (
            "specs/reference/project-guide.md",
            "016a6437b60a695890a26e44fdddcfbcd1b0c719eb68c5ddd770cd75f11cb93c",
        ),
        (
            "specs/reference/teams-reference.md",
            "06a4b4f0d0319630dfbc62de9a773b7dee7a7bd6f530a8159de333ae48887f67",
        ),
    ] {
        assert_eq!(
            hash_of_words(&workspace::text(path)),
            published,
            "{path} is not what was published: fixes of it belong into an overlay"
        );
    }
}

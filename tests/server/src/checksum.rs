//! Checksums in hexadecimal digits.

use sha1::{Digest, Sha1};

/// The SHA-1 of a file, which is what the API names files by.
pub(crate) fn sha1(content: &[u8]) -> String {
    let digest = Sha1::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! The maintainer's command line.

fn main() {}

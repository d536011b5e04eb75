//! Reads a project from standard input, and prints what this program needs of it. A value that is not as described costs the
//! field that it is in, and is told; nothing else is lost.

use std::io::Read;

use sentry_api::models::Project;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let decoded = sentry_api::decode::<Project>(&body)?;
    let project = decoded.value;
    println!(
        "{} ({})",
        project.slug.unwrap_or_default(),
        project.name.unwrap_or_default()
    );
    for deviation in decoded.deviations.iter() {
        println!("not as described: {deviation}");
    }
    Ok(())
}

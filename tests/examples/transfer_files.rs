//! Uploads a file to a release and downloads it again, neither of them in memory as a whole:
//! `SENTRY_TOKEN=… cargo run --example transfer_files -- my-organization 1.0.0 app.js.map copy.js.map`.
//!
//! `SENTRY_URL` is another server than sentry.io, such as `http://127.0.0.1:8000/api/0`.

use std::path::Path;

use sentry_api::client::{Client, Error};
use sentry_api::models::ReleaseFileUpload;
use sentry_api::types::Binary;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [organization, version, from, to] = arguments.as_slice() else {
        return Err("needs an organization, a release, a file to read and one to write".into());
    };
    let mut builder = Client::builder().token(std::env::var("SENTRY_TOKEN")?);
    if let Ok(url) = std::env::var("SENTRY_URL") {
        builder = builder.base_url(url);
    }
    let (from, to) = (Path::new(from), Path::new(to));
    let written = run(&builder.build()?, organization, version, from, to).await?;
    println!("{written} bytes");
    Ok(())
}

/// Returns how many bytes were downloaded.
pub async fn run(
    client: &Client,
    organization: &str,
    version: &str,
    from: &Path,
    to: &Path,
) -> Result<u64, Error> {
    // The file is read while it is sent, and again if the request has to be sent again.
    let upload = ReleaseFileUpload {
        name: Some("~/app.js.map".to_owned()),
        ..ReleaseFileUpload::new(Binary::path(from))
    };
    let uploaded = client.upload_organization_release_file(organization, version, &upload);
    let id = uploaded.send().await?.value.id.unwrap_or_default();

    let file = client.retrieve_organization_release_file(organization, version, id);
    let download = file.download(true).send_streaming().await?;
    // `to` appears when all of it is there.
    download.max_size(1 << 30).save(to).await
}

//! Retrieves a project: `minimal-client http://127.0.0.1:8080 my-organization my-project`.

use sentry_api::client::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [server, organization, project] = arguments.as_slice() else {
        return Err("give the server, the organization and the project".into());
    };
    let client = Client::builder().base_url(server).token("secret").build()?;
    let response = client
        .retrieve_project(organization, project)
        .send()
        .await?;
    println!("{} {:?}", response.status, response.value.slug);
    // A failure of the server is an error with its status.
    match client
        .list_project_client_keys(organization, project)
        .send()
        .await
    {
        Ok(keys) => println!("{} keys", keys.value.len()),
        Err(error) => println!("{:?}", error.status()),
    }
    Ok(())
}

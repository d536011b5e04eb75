//! Uploads in chunks: not among the described operations, but the only way in which `sentry-cli` of version 3 uploads.
//!
//! A client asks how to upload, and to assemble a file of chunks. It is told which chunks are missing, uploads them, and asks
//! again.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::handler::Handler;
use axum::routing::{get, post};
use axum::{Json, Router};
use sentry_api::operations;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, Session};

use crate::checksum::sha1;
use crate::columns::to_json;
use crate::debug_files;
use crate::error::Error;
use crate::undescribed::{Caller, parse};

/// The most bytes of a chunk, and of the chunks of a request.
const CHUNK: usize = 8 << 20;
const CHUNKS: usize = 4 * CHUNK;

/// The most bytes of a request with chunks, which has a head for each of them.
const LARGEST_REQUEST: usize = CHUNKS + (64 << 10);

/// The most bytes of a file that is assembled.
const LARGEST_FILE: usize = 256 << 20;

pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(
            "/organizations/{organization}/chunk-upload/",
            get(how).post(upload.layer(DefaultBodyLimit::max(LARGEST_REQUEST))),
        )
        .route(
            "/projects/{organization}/{project}/files/difs/assemble/",
            post(debug_files),
        )
        .route(
            "/organizations/{organization}/artifactbundle/assemble/",
            post(bundle),
        )
}

/// What may be assembled. With `release_files`, version 2 sends bundles of them; it calls their operations for single files.
const ACCEPTED: [&str; 8] = [
    "release_files",
    "debug_files",
    "pdbs",
    "portablepdbs",
    "sources",
    "dartsymbolmap",
    "artifact_bundles",
    "artifact_bundles_v2",
];

/// How to upload.
async fn how(Path(organization): Path<String>, caller: Caller) -> Result<Json<Value>, Error> {
    let origin = caller.origin();
    caller
        .run(&operations::UPLOAD_PROJECT_DEBUG_FILE, move |session| {
            session.organization(&organization)?;
            Ok(Json(json!({
                "url": format!("{origin}/api/0/organizations/{organization}/chunk-upload/"),
                "chunkSize": CHUNK,
                "chunksPerRequest": 4,
                "maxRequestSize": CHUNKS,
                "maxFileSize": LARGEST_FILE,
                "maxWait": 0,
                "concurrency": 1,
                "hashAlgorithm": "sha1",
                "compression": [],
                "accept": ACCEPTED,
            })))
        })
        .await
}

/// Stores chunks: parts that are called `file`, each with its checksum as its file name.
async fn upload(
    Path(organization): Path<String>,
    caller: Caller,
    mut form: Multipart,
) -> Result<(), Error> {
    let mut chunks = Vec::new();
    let malformed =
        |error: axum::extract::multipart::MultipartError| Error::BadRequest(error.body_text());
    while let Some(part) = form.next_field().await.map_err(malformed)? {
        let name = part.file_name().unwrap_or_default().to_owned();
        let content = part.bytes().await.map_err(malformed)?;
        if sha1(&content) != name {
            return Err(Error::BadRequest(
                "A chunk does not have its checksum.".to_owned(),
            ));
        }
        chunks.push((name, content));
    }
    caller
        .run(&operations::UPLOAD_PROJECT_DEBUG_FILE, move |session| {
            let organization = session.organization(&organization)?;
            for (name, content) in &chunks {
                session.execute(
                "INSERT OR IGNORE INTO chunks (organization_id, sha1, content) VALUES (?1, ?2, ?3)",
                (organization, name, &content[..]),
            )?;
            }
            Ok(())
        })
        .await
}

/// A debug file to assemble.
#[derive(Deserialize)]
struct DebugFile {
    name: String,
    chunks: Vec<String>,
    debug_id: Option<String>,
}

/// Assembles debug files, by the checksums of the whole files.
async fn debug_files(
    Path((organization, project)): Path<(String, String)>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<BTreeMap<String, Value>>, Error> {
    let files: BTreeMap<String, DebugFile> = parse(&body)?;
    caller
        .run(&operations::UPLOAD_PROJECT_DEBUG_FILE, move |session| {
            let organization = session.organization(&organization)?;
            let project = session.project_of(organization, &project)?;
            let state = |(checksum, file): (String, DebugFile)| {
                let state = debug_file(session, organization, project, &checksum, &file)?;
                Ok((checksum, state))
            };
            files
                .into_iter()
                .map(state)
                .collect::<Result<_, _>>()
                .map(Json)
        })
        .await
}

fn debug_file(
    session: &Session,
    organization: i64,
    project: i64,
    checksum: &str,
    file: &DebugFile,
) -> Result<Value, Error> {
    let stored = match debug_files::find(session, project, checksum) {
        Err(Error::NotFound) => match assemble(session, organization, checksum, &file.chunks)? {
            Assembled::Missing(chunks) => return Ok(not_found(&chunks)),
            Assembled::File(content) => {
                let debug_id = file.debug_id.as_deref();
                debug_files::store(session, project, &file.name, &content, debug_id)
            }
        },
        other => other,
    };
    match stored {
        Ok(file) => Ok(json!({"state": "ok", "missingChunks": [], "dif": file})),
        Err(Error::BadRequest(detail)) => {
            Ok(json!({"state": "error", "missingChunks": [], "detail": detail}))
        }
        Err(other) => Err(other),
    }
}

/// A bundle of artifacts to assemble.
#[derive(Deserialize)]
struct Bundle {
    checksum: String,
    chunks: Vec<String>,
    projects: Vec<String>,
    version: Option<String>,
    dist: Option<String>,
}

async fn bundle(
    Path(organization): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let bundle: Bundle = parse(&body)?;
    caller
        .run(&operations::UPLOAD_PROJECT_DEBUG_FILE, move |session| {
            let organization = session.organization(&organization)?;
            let projects = session.projects(organization, Some(bundle.projects))?;
            let known = session.one(
                "SELECT count(*) = json_array_length(?1) FROM artifact_bundles
             WHERE sha1 = ?2 AND project_id IN (SELECT value FROM json_each(?1))",
                (&projects, &bundle.checksum),
                |row| row.get::<_, bool>(0),
            )?;
            if !known {
                let content =
                    match assemble(session, organization, &bundle.checksum, &bundle.chunks)? {
                        Assembled::Missing(chunks) => return Ok(Json(not_found(&chunks))),
                        Assembled::File(content) => content,
                    };
                session.execute(
                "INSERT OR IGNORE INTO artifact_bundles (project_id, sha1, release, dist, content)
                 SELECT value, ?2, ?3, ?4, ?5 FROM json_each(?1)",
                (projects, bundle.checksum, bundle.version, bundle.dist, content),
            )?;
            }
            Ok(Json(json!({"state": "ok", "missingChunks": []})))
        })
        .await
}

fn not_found(chunks: &[String]) -> Value {
    json!({"state": "not_found", "missingChunks": chunks})
}

/// A file of chunks.
enum Assembled {
    /// All chunks are there. They are not kept.
    File(Vec<u8>),
    /// These are not.
    Missing(Vec<String>),
}

fn assemble(
    session: &Session,
    organization: i64,
    checksum: &str,
    chunks: &[String],
) -> Result<Assembled, Error> {
    let names = to_json(&chunks)?;
    let missing = session.all(
        "SELECT value FROM json_each(?2)
         WHERE value NOT IN (SELECT sha1 FROM chunks WHERE organization_id = ?1)",
        (organization, &names),
        |row| row.get(0),
    )?;
    if !missing.is_empty() || chunks.is_empty() {
        return Ok(Assembled::Missing(missing));
    }
    // A file may have the same chunk more than once.
    let chunks =
        "FROM json_each(?2) j JOIN chunks c ON c.sha1 = j.value WHERE c.organization_id = ?1";
    let length = format!("SELECT sum(length(c.content)) {chunks}");
    let length: usize = session.one(&length, (organization, &names), |row| row.get(0))?;
    if length > LARGEST_FILE {
        return Err(Error::BadRequest(format!(
            "A file may have at most {LARGEST_FILE} bytes."
        )));
    }
    let parts = format!("SELECT c.content {chunks} ORDER BY j.key");
    let parts: Vec<Vec<u8>> = session.all(&parts, (organization, &names), |row| row.get(0))?;
    session.execute(
        "DELETE FROM chunks WHERE organization_id = ?1 AND sha1 IN (SELECT value FROM json_each(?2))",
        (organization, names),
    )?;
    let content = parts.concat();
    if sha1(&content) != checksum {
        return Err(Error::BadRequest(
            "The file does not have its checksum.".to_owned(),
        ));
    }
    Ok(Assembled::File(content))
}

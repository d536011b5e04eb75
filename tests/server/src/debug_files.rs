//! Debug information files of a project.

use std::io::{Cursor, Read};

use axum::body::Bytes;
use rusqlite::{Row, params};
use sentry_api::models;
use sentry_api::server::operations::debug_files::*;
use serde_json::json;
use tokio::task::spawn_blocking;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::app::{App, Context, Session};
use crate::checksum::sha1;
use crate::columns::{number, time, to_json};
use crate::error::Error;

/// How many bytes the files of an archive have at most.
const LARGEST_ARCHIVE: u64 = 256 << 20;

const SELECT: &str = "SELECT id, object_name, symbol_type, cpu_name, debug_id, sha1,
     length(content) AS size, date_created FROM debug_files";

impl DebugFiles for App {
    async fn list_project_debug_files(
        &self,
        context: &Context,
        request: ListProjectDebugFilesRequest,
    ) -> Result<ListProjectDebugFilesResponse, Error> {
        let page = self.page(context, request.cursor, None)?;
        let files = self.run(context, move |session| {
            let project = session.project(&request.organization_id_or_slug, &request.project_id_or_slug)?;
            let sql = format!(
                "{SELECT} WHERE project_id = ?1 AND (?2 IS NULL OR debug_id = ?2)
                 AND instr(lower(object_name || ' ' || coalesce(debug_id, '') || ' ' || sha1), lower(?3))
                 AND (?4 = '[]' OR symbol_type IN (SELECT value FROM json_each(?4)))
                 AND ?5 IS NULL ORDER BY id DESC"
            );
            let query = request.query.unwrap_or_default();
            let formats = to_json(&request.file_formats.unwrap_or_default())?;
            // The formats that are read here have no code id.
            let parameters = (project, request.debug_id, query, formats, request.code_id);
            page.select(session, &sql, parameters, read)
        });
        let files = files.await?;
        Ok(files.into_response(ListProjectDebugFilesResponse::Ok))
    }

    async fn upload_project_debug_file(
        &self,
        context: &Context,
        request: UploadProjectDebugFileRequest,
    ) -> Result<UploadProjectDebugFileResponse, Error> {
        let file = request.body.read().await?.file;
        let name = file.file_name().unwrap_or("file").to_owned();
        // Before the transaction, so that no other one waits for an archive.
        let files = spawn_blocking(move || unpack(name, file.into_bytes())).await??;
        let files = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let files = files.iter();
            let stored = files.map(|(name, content)| store(session, project, name, content, None));
            stored.collect()
        });
        Ok(UploadProjectDebugFileResponse::Created(files.await?))
    }

    async fn delete_project_debug_file(
        &self,
        context: &Context,
        request: DeleteProjectDebugFileRequest,
    ) -> Result<DeleteProjectDebugFileResponse, Error> {
        let deleted = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let sql = "DELETE FROM debug_files WHERE project_id = ?1 AND id = ?2";
            session.change(sql, (project, &request.id))
        });
        deleted.await?;
        Ok(DeleteProjectDebugFileResponse::NoContent)
    }
}

/// The files of a zip archive that are for debuggers, or a file that is no archive.
fn unpack(name: String, content: Bytes) -> Result<Vec<(String, Bytes)>, Error> {
    if !content.starts_with(b"PK") {
        return Ok(vec![(name, content)]);
    }
    let malformed = |error: ZipError| Error::BadRequest(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(malformed)?;
    let mut files = Vec::new();
    let mut rest = LARGEST_ARCHIVE;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(malformed)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(malformed)?.into_owned();
        let mut content = Vec::new();
        // What an entry says of its size may be wrong.
        let mut entry = entry.take(rest);
        // An entry may be compressed in a way that is not known, or damaged.
        entry
            .read_to_end(&mut content)
            .map_err(|error| Error::BadRequest(error.to_string()))?;
        rest -= u64::try_from(content.len()).unwrap_or(rest);
        if rest == 0 {
            return Err(Error::BadRequest("The archive is too large.".to_owned()));
        }
        // An archive also has files that are not for debuggers, such as property lists.
        if Format::of(&name, &content, None).is_some() {
            files.push((name, content.into()));
        }
    }
    Ok(files)
}

/// Stores a file. One that is stored already stays as it is. The client may know the id where the file does not say it.
pub(crate) fn store(
    session: &Session,
    project: i64,
    name: &str,
    content: &[u8],
    debug_id: Option<&str>,
) -> Result<models::DebugFile, Error> {
    let Some(format) = Format::of(name, content, debug_id) else {
        let detail = "The file has no format of debug information that is known.";
        return Err(Error::BadRequest(detail.to_owned()));
    };
    let checksum = sha1(content);
    session.execute(
        "INSERT OR IGNORE INTO debug_files
             (project_id, object_name, symbol_type, cpu_name, debug_id, sha1, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            project,
            format.object_name.unwrap_or(name),
            format.symbol_type,
            format.cpu_name,
            format
                .debug_id
                .as_deref()
                .or(debug_id)
                .or_else(|| proguard_id(name)),
            checksum,
            content,
        ],
    )?;
    find(session, project, &checksum)
}

/// The file of a checksum.
pub(crate) fn find(
    session: &Session,
    project: i64,
    checksum: &str,
) -> Result<models::DebugFile, Error> {
    let sql = format!("{SELECT} WHERE project_id = ?1 AND sha1 = ?2");
    session.one(&sql, (project, checksum), read)
}

/// The id of a mapping file, which clients put into its name: `/proguard/96433236-bb74-5675-8ce8-daeb224b4f98.txt`.
fn proguard_id(name: &str) -> Option<&str> {
    let (_, name) = name.split_once("proguard/")?;
    name.strip_suffix(".txt")
}

/// What the first bytes of a file say about it.
struct Format<'a> {
    symbol_type: &'static str,
    cpu_name: &'a str,
    debug_id: Option<String>,
    object_name: Option<&'a str>,
}

impl<'a> Format<'a> {
    fn of(name: &str, content: &'a [u8], debug_id: Option<&str>) -> Option<Self> {
        let simple = |symbol_type| Self {
            symbol_type,
            cpu_name: "any",
            debug_id: None,
            object_name: None,
        };
        let line = content
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let line = std::str::from_utf8(line).unwrap_or_default();
        match content {
            [0x7f, b'E', b'L', b'F', ..] => Some(simple("elf")),
            [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => {
                Some(simple("macho"))
            }
            [b'M', b'i', b'c', b'r', b'o', b's', b'o', b'f', b't', ..] => Some(simple("pdb")),
            [b'M', b'Z', ..] => Some(simple("pe")),
            [b'B', b'S', b'J', b'B', ..] => Some(simple("portablepdb")),
            [0, b'a', b's', b'm', ..] => Some(simple("wasm")),
            [b'S', b'Y', b'S', b'B', ..] => Some(simple("sourcebundle")),
            // A list of names, which does not say of which file they are.
            [b'[', ..] if debug_id.is_some() => Some(simple("dartsymbolmap")),
            _ if line.starts_with("MODULE ") => Self::breakpad(line),
            _ if proguard_id(name).is_some() || line.contains(" -> ") => Some(simple("proguard")),
            _ => None,
        }
    }

    /// `MODULE Linux x86_64 DFB8E43AF2423D73A453AEB6A777EF750 name`.
    fn breakpad(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace().skip(2);
        let (cpu_name, id, name) = (words.next()?, words.next()?, words.next()?);
        let (uuid, age) = id.split_at_checked(32)?;
        let parts = [
            uuid.get(..8)?,
            uuid.get(8..12)?,
            uuid.get(12..16)?,
            uuid.get(16..20)?,
            uuid.get(20..)?,
        ];
        let uuid = parts.join("-").to_lowercase();
        let age = if age == "0" {
            String::new()
        } else {
            format!("-{}", age.to_lowercase())
        };
        Some(Self {
            symbol_type: "breakpad",
            cpu_name,
            debug_id: Some(uuid + &age),
            object_name: Some(name),
        })
    }
}

fn read(row: &Row) -> rusqlite::Result<models::DebugFile> {
    let (debug_id, symbol_type): (Option<String>, String) =
        (row.get("debug_id")?, row.get("symbol_type")?);
    let headers = [(
        "Content-Type".to_owned(),
        "application/octet-stream".to_owned(),
    )];
    let data = [
        ("features".to_owned(), json!([])),
        ("type".to_owned(), "dbg".into()),
    ];
    Ok(models::DebugFile {
        id: number(row, "id")?,
        uuid: debug_id.clone(),
        debug_id,
        object_name: row.get("object_name")?,
        symbol_type: Some(symbol_type),
        cpu_name: row.get("cpu_name")?,
        headers: Some(headers.into()),
        data: Some(data.into()),
        sha1: row.get("sha1")?,
        size: row.get("size")?,
        date_created: time(row, "date_created")?,
        ..models::DebugFile::default()
    })
}

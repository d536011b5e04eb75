//! Responses that are read as they arrive.

use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use http::{HeaderMap, StatusCode, header};

use super::error::Error;
use super::header::Header;
use super::incoming::Incoming;
use super::link;
use super::observe::debug_fields;
use super::response::Received;
use crate::header::content_type;

/// The longest file name that file systems have, in bytes.
const LONGEST_NAME: usize = 255;

/// A successful response whose body is read as it arrives, in memory that does not grow with it: a stream of bytes.
///
/// A body that ends before its stated length is an error. The stream ends after an error. `Debug` shows neither headers nor
/// body.
#[non_exhaustive]
pub struct Download {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    operation: &'static str,
    length: Option<u64>,
    /// The limit of [`bytes`](Self::bytes) unless the caller sets one.
    default_limit: usize,
    limit: Option<usize>,
    received: u64,
    /// Why the body is not what was asked for.
    unexpected: Option<Box<Error>>,
    body: BoxStream<'static, Result<Bytes, Error>>,
}

debug_fields!(Download, it => operation: it.operation, status: it.status, length: it.length);

impl Download {
    pub(super) fn new(received: Received, incoming: Incoming, default_limit: usize) -> Self {
        let length = incoming.stated_length();
        let body = stream::try_unfold(incoming, |mut incoming| async move {
            let chunk = incoming.chunk().await?;
            Ok(chunk.map(|chunk| (chunk, incoming)))
        });
        Self {
            status: received.status,
            headers: received.headers,
            operation: received.operation.id,
            length,
            default_limit,
            limit: None,
            received: 0,
            unexpected: received.unexpected,
            body: body.boxed(),
        }
    }

    /// Sets the most bytes that are read. Without it, only [`bytes`](Self::bytes) has a limit: that of
    /// [`Limits::response_size`](super::Limits::response_size).
    #[must_use]
    pub fn max_size(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// The length that the server has stated; `None` where it has not, or where the body is compressed.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// The media type.
    pub fn content_type(&self) -> Option<&str> {
        content_type(&self.headers)
    }

    /// The file name of the `Content-Disposition` header, made safe: without a path, and without characters that a file
    /// system does not allow.
    pub fn file_name(&self) -> Option<String> {
        let value = self.headers.get(header::CONTENT_DISPOSITION)?;
        file_name(&String::from_utf8_lossy(value.as_bytes()))
    }

    /// The value of a header; `None` where it is absent or of another type.
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// The next bytes; `None` at the end.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Error>> {
        self.next().await
    }

    /// The whole body, in memory.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::UnexpectedBody`], and all errors of the connection.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.check()?;
        self.limit.get_or_insert(self.default_limit);
        let mut body = Vec::new();
        while let Some(chunk) = self.next().await {
            body.extend_from_slice(&chunk?);
        }
        Ok(body.into())
    }

    /// Writes the body to a file, in place of an existing one, whose permissions it gets on Unix, and returns its length. Until
    /// the body is complete, it is in a temporary file of the same folder, which is removed if anything fails or the future is
    /// dropped. Where the path is a symbolic link, the file that it leads to is replaced; what is no file, such as a device, is
    /// an error.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::TooLarge`], [`Error::UnexpectedBody`], and all errors of the connection. Over HTTP/2, the end
    /// of a body without a stated length is where the server says so, even by a reset of the stream without an error.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn save(mut self, path: impl AsRef<std::path::Path>) -> Result<u64, Error> {
        self.check()?;
        let operation = self.operation;
        let failed = |source| Error::File { operation, source };
        let partial = partial::File::create(path.as_ref()).await.map_err(failed)?;
        while let Some(chunk) = self.next().await {
            partial.write(chunk?).await.map_err(failed)?;
        }
        partial.complete().await.map_err(failed)?;
        Ok(self.received)
    }

    /// Returns why the body is not what was asked for.
    fn check(&mut self) -> Result<(), Error> {
        self.unexpected.take().map_or(Ok(()), |error| Err(*error))
    }

    fn counted(&mut self, chunk: Bytes) -> Result<Bytes, Error> {
        self.received += chunk.len() as u64;
        let expected = self.length.unwrap_or_default().max(self.received);
        match self.limit {
            Some(limit) if expected > limit as u64 => Err(Error::TooLarge { operation: self.operation, limit }),
            _ => Ok(chunk),
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = self.body.poll_next_unpin(context);
        chunk.map(|chunk| {
            let counted = chunk?.and_then(|chunk| self.counted(chunk));
            if counted.is_err() {
                self.body = stream::empty().boxed();
            }
            Some(counted)
        })
    }
}

/// The file name of a `Content-Disposition` (RFC 6266), made safe.
fn file_name(disposition: &str) -> Option<String> {
    let (_, parameters) = disposition.split_once(';')?;
    let (parameters, _) = link::parse_parameters(&format!(";{parameters}"));
    let find = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let extended = find("filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_, encoded) = rest.split_once('\'')?;
        let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8();
        decoded.ok().filter(|_| charset.eq_ignore_ascii_case("utf-8"))
    });
    let name = extended.or_else(|| find("filename").map(Into::into))?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut safe = last.replace(char::is_control, "").replace(['<', '>', ':', '"', '|', '?', '*'], "_");
    while safe.len() > LONGEST_NAME {
        safe.pop();
    }
    // Windows drops them at the end; `.` and `..` are folders.
    let safe = safe.trim().trim_end_matches(['.', ' ']);
    // Names of devices in Windows, with any extension.
    let stem = safe.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    let prefix = if is_device { "_" } else { "" };
    (!safe.is_empty()).then(|| format!("{prefix}{safe}"))
}

/// A file that is not complete yet.
#[cfg(not(target_arch = "wasm32"))]
mod partial {
    use std::fs::{self, OpenOptions};
    use std::io::{self, ErrorKind, Write};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use bytes::Bytes;

    use crate::client::retry::entropy;
    use crate::types::source::blocking;

    pub(super) struct File {
        path: PathBuf,
        /// The file that it becomes.
        target: PathBuf,
        file: Arc<fs::File>,
        /// Whether it has become that.
        is_complete: bool,
    }

    impl File {
        /// A new file beside the one to write.
        pub(super) async fn create(target: &Path) -> io::Result<Self> {
            let target = target.to_owned();
            blocking(move || {
                let replaced = replaced(&target)?;
                let target = if replaced.is_some() { fs::canonicalize(target)? } else { target };
                let path = target.with_file_name(format!(".{:016x}.part", entropy()));
                let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
                let created = Self { path, target, file: Arc::new(file), is_complete: false };
                if let Some(replaced) = replaced
                    && cfg!(unix)
                {
                    created.file.set_permissions(replaced.permissions())?;
                }
                Ok(created)
            })
            .await
        }

        pub(super) async fn write(&self, bytes: Bytes) -> io::Result<()> {
            let file = Arc::clone(&self.file);
            blocking(move || (&*file).write_all(&bytes)).await
        }

        /// Takes the place of the file to write.
        pub(super) async fn complete(self) -> io::Result<()> {
            blocking(move || {
                let mut partial = self;
                partial.file.sync_all()?;
                fs::rename(&partial.path, &partial.target)?;
                partial.is_complete = true;
                Ok(())
            })
            .await
        }
    }

    /// The file that is to be replaced, if there is one.
    fn replaced(target: &Path) -> io::Result<Option<fs::Metadata>> {
        match fs::metadata(target) {
            Ok(found) if found.is_file() => Ok(Some(found)),
            Ok(_) => Err(io::Error::other("it is no file that can be replaced")),
            // A link that leads nowhere is no file, either.
            Err(error) if error.kind() == ErrorKind::NotFound && !target.is_symlink() => Ok(None),
            Err(error) => Err(error),
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            if !self.is_complete {
                // Nothing can be done about a file that cannot be removed.
                let _ = fs::remove_file(&self.path);
            }
        }
    }
}

//! Bytes that are read while they are sent: a file, a reader, a stream.

use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};

#[cfg(not(target_arch = "wasm32"))]
use std::{fs::File, io::Read, path::Path};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use tokio::io::{AsyncRead, ReadBuf};
#[cfg(not(target_arch = "wasm32"))]
use tokio::sync::mpsc;

use super::Binary;

/// The bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// Chunks of bytes.
pub(crate) type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// A future of chunks, with their length if it is known.
type Opening = Pin<Box<dyn Future<Output = io::Result<(Chunks, Option<u64>)>> + Send>>;

/// Where bytes are read from.
#[derive(Clone)]
pub(crate) struct Source {
    origin: Arc<Origin>,
    /// The length that the caller has stated.
    length: Option<u64>,
}

enum Origin {
    /// Opened each time that it is sent.
    Each(Box<dyn Fn() -> Opening + Send + Sync>),
    /// Read once; `None` from then on.
    Once(Mutex<Option<Chunks>>),
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match *self.origin {
            Origin::Each(_) => "opened when it is sent",
            Origin::Once(_) => "read once",
        })
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.origin, &other.origin) && self.length == other.length
    }
}

impl Eq for Source {}

impl Hash for Source {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.origin).hash(state);
    }
}

impl Source {
    fn each(open: impl Fn() -> Opening + Send + Sync + 'static) -> Self {
        Self { origin: Arc::new(Origin::Each(Box::new(open))), length: None }
    }

    fn once(chunks: Chunks) -> Self {
        Self { origin: Arc::new(Origin::Once(Mutex::new(Some(chunks)))), length: None }
    }

    /// Whether it has been read and cannot be read again.
    pub(crate) fn is_spent(&self) -> bool {
        match &*self.origin {
            Origin::Each(_) => false,
            Origin::Once(chunks) => locked(chunks).is_none(),
        }
    }

    /// Opens it. What can be read once is taken when the first chunk is, so that it is not lost if nothing is sent.
    pub(crate) async fn open(&self) -> io::Result<(Chunks, Option<u64>)> {
        let (chunks, length) = match &*self.origin {
            Origin::Each(open) => open().await?,
            Origin::Once(_) => {
                let origin = Arc::clone(&self.origin);
                (stream::once(async move { taken(&origin) }).try_flatten().boxed(), None)
            }
        };
        Ok(match self.length.or(length) {
            Some(length) => (exactly(chunks, length), Some(length)),
            None => (chunks, None),
        })
    }
}

fn taken(origin: &Origin) -> io::Result<Chunks> {
    let chunks = match origin {
        Origin::Each(_) => None,
        Origin::Once(chunks) => locked(chunks).take(),
    };
    chunks.ok_or_else(|| io::Error::other("a reader or a stream cannot be read again"))
}

/// Locks a mutex whose data no panic leaves half-changed.
pub(crate) fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fails where there are fewer or more bytes than stated: HTTP sends the length first.
fn exactly(chunks: Chunks, length: u64) -> Chunks {
    let checked = stream::try_unfold((chunks, length), move |(mut chunks, left)| async move {
        let chunk = chunks.try_next().await?;
        let taken = chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        match left.checked_sub(taken) {
            Some(left) if chunk.is_some() || left == 0 => Ok(chunk.map(|chunk| (chunk, (chunks, left)))),
            _ => Err(io::Error::other(format!(
                "a file, a reader or a stream has not the stated length of {length} bytes"
            ))),
        }
    });
    checked.boxed()
}

/// The bytes of a reader.
fn read(reader: impl AsyncRead + Send + 'static) -> Chunks {
    let (mut reader, mut buffer) = (Box::pin(reader), vec![0; CHUNK]);
    let chunks = stream::poll_fn(move |context| {
        let mut buffer = ReadBuf::new(&mut buffer);
        ready!(reader.as_mut().poll_read(context, &mut buffer))?;
        let filled = buffer.filled();
        Poll::Ready((!filled.is_empty()).then(|| Ok(Bytes::copy_from_slice(filled))))
    });
    chunks.boxed()
}

/// Runs what blocks on a thread where it may.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) async fn blocking<T: Send + 'static>(run: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(run).await.map_err(io::Error::other)?
}

#[cfg(not(target_arch = "wasm32"))]
async fn open_file(path: Arc<Path>) -> io::Result<(Chunks, Option<u64>)> {
    let at = Arc::clone(&path);
    let metadata = blocking(move || at.metadata()).await?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Ok((open_pipe(path).await?, None));
    }
    let file = blocking(move || File::open(path)).await?;
    let length = file.metadata()?.len();
    let chunks = stream::try_unfold(file, |file| blocking(move || read_chunk(file)));
    Ok((chunks.boxed(), Some(length)))
}

/// Opens a pipe or a device on a thread of its own: it may wait for ever, and a runtime does not end before its threads.
#[cfg(not(target_arch = "wasm32"))]
async fn open_pipe(path: Arc<Path>) -> io::Result<Chunks> {
    let (sender, mut receiver) = mpsc::channel(1);
    std::thread::Builder::new().spawn(move || {
        if let Err(error) = read_pipe(&path, &sender) {
            // Nobody may want it any more.
            let _ = sender.blocking_send(Err(error));
        }
    })?;
    receiver.recv().await.transpose()?;
    Ok(stream::poll_fn(move |context| receiver.poll_recv(context)).boxed())
}

/// Sends an empty chunk when it is open, and then what it reads.
#[cfg(not(target_arch = "wasm32"))]
fn read_pipe(path: &Path, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut chunk = Bytes::new();
    while sender.blocking_send(Ok(chunk)).is_ok() {
        match read_chunk(file)? {
            Some(next) => (chunk, file) = next,
            None => break,
        }
    }
    Ok(())
}

#[cfg(not(target_arch = "wasm32"))]
fn read_chunk(mut file: File) -> io::Result<Option<(Bytes, File)>> {
    let mut chunk = vec![0; CHUNK];
    let length = file.read(&mut chunk)?;
    chunk.truncate(length);
    Ok((length > 0).then(|| (chunk.into(), file)))
}

/// What the client reads while it sends it, at constant memory.
#[cfg_attr(docsrs, doc(cfg(feature = "client-without-tls")))]
impl Binary {
    /// A file, which is opened when it is sent, and again for each further attempt. Its name is sent, not its path.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn path(path: impl Into<std::path::PathBuf>) -> Self {
        let path: Arc<Path> = path.into().into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into());
        let mut file = Self::of(Source::each(move || Box::pin(open_file(Arc::clone(&path)))));
        file.file_name = file_name;
        file
    }

    /// A reader. Once it has been read from, a request cannot be sent again; see [`open_with`](Self::open_with).
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::of(Source::once(read(reader)))
    }

    /// A stream of bytes, such as a download. Once it has been read from, a request cannot be sent again.
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let chunks = stream.map(|chunk| chunk.map(Into::into).map_err(io::Error::other));
        Self::of(Source::once(chunks.boxed()))
    }

    /// A reader that the function opens when it is sent, and again for each further attempt.
    pub fn open_with<F, O, R>(open: F) -> Self
    where
        F: Fn() -> O + Send + Sync + 'static,
        O: Future<Output = io::Result<R>> + Send + 'static,
        R: AsyncRead + Send + 'static,
    {
        Self::of(Source::each(move || {
            let opening = open();
            Box::pin(async move { Ok((read(opening.await?), None)) })
        }))
    }

    /// States the length of a reader or a stream, which is an error if it has another one. Without it, the length of the
    /// request is not known before it has been sent, which some servers do not take.
    #[must_use]
    pub fn with_length(mut self, length: u64) -> Self {
        if let Some(source) = &mut self.source {
            source.length = Some(length);
        }
        self
    }

    fn of(source: Source) -> Self {
        let mut file = Self::default();
        file.source = Some(source);
        file
    }
}

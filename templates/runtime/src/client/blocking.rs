//! Calls from code that is not asynchronous.
//!
//! ```text
//! use client::blocking::{Wait, iter};
//!
//! let item = client.some_operation(required).send().wait()?;
//! for item in iter(client.some_list(required).items()) {
//!     println!("{:?}", item?);
//! }
//! ```
//!
//! One thread of the process, which starts with the first call, serves the connections of all clients.

use std::iter::from_fn;
use std::sync::OnceLock;

use futures_util::stream::{Stream, StreamExt};
use tokio::runtime::{Builder, Runtime};

/// Waits for any future of this crate.
pub trait Wait: Future + Sized {
    /// Blocks this thread until the result is there.
    ///
    /// # Panics
    /// The thread runs asynchronous code, which would have to stand still; or no thread can be started.
    fn wait(self) -> Self::Output {
        runtime().block_on(self)
    }
}

impl<F: Future> Wait for F {}

/// Blocks this thread for each item of a list, page, event or line.
///
/// # Panics
/// See [`Wait::wait`].
pub fn iter<S: Stream>(stream: S) -> impl Iterator<Item = S::Item> {
    let mut stream = Box::pin(stream);
    from_fn(move || stream.next().wait())
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.unwrap_or_else(|error| panic!("the thread of the client cannot be started: {error}"))
    })
}

//! How long a call may take.

use std::future::poll_fn;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::error::{Error, TimeLimit, Timeout};
use super::platform::{self, Instant, Sleep, sleep_until};

/// The most bytes of a request that the operating system may hold before the server has read them.
const HELD: u64 = 4 * 1024 * 1024;

/// The slowest server that is not taken for silent reads so many bytes of them in a second.
const SLOWEST: u64 = 64 * 1024;

/// Longer than any call.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// The limits of a call's time, and the timer that they share.
pub(super) struct Clock {
    operation: &'static str,
    deadline: Duration,
    ends: Instant,
    silence: Duration,
    upload: Option<Arc<Upload>>,
    sleep: Pin<Box<Sleep>>,
    /// Whom the timer wakes, if it is set.
    waker: Option<Waker>,
}

impl Clock {
    /// Starts the clock of a call.
    ///
    /// # Errors
    /// [`Error::NoRuntime`]: the timers are Tokio's. [`Error::Timeout`] where there is no time.
    pub(super) fn start(operation: &'static str, deadline: Duration, silence: Duration) -> Result<Self, Error> {
        if !platform::has_timers() {
            return Err(Error::NoRuntime { operation });
        }
        // A timer would let a request go out meanwhile.
        if deadline.is_zero() {
            return Err(Timeout::new(operation, TimeLimit::Deadline(deadline)).into());
        }
        let now = Instant::now();
        let ends = after(now, deadline);
        // Only a panic tells that a runtime was built without timers.
        let sleep = catch_unwind(|| Box::pin(sleep_until(ends.min(after(now, silence)))));
        Ok(Self {
            operation,
            deadline,
            ends,
            silence,
            upload: None,
            sleep: sleep.map_err(|_| Error::NoRuntime { operation })?,
            waker: None,
        })
    }

    /// Watches the body of a request: to send it is progress.
    pub(super) fn watch(&mut self, request: &mut reqwest::Request) {
        self.upload = platform::watch(request);
    }

    /// The whole request has been sent, since the response has begun.
    pub(super) fn responded(&mut self) {
        self.upload = None;
    }

    pub(super) fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// There is no deadline any more.
    pub(super) fn without_deadline(&mut self) {
        self.deadline = NEVER;
        self.ends = after(Instant::now(), NEVER);
    }

    /// The error of a passed deadline.
    pub(super) fn too_late(&self) -> Timeout {
        Timeout::new(self.operation, TimeLimit::Deadline(self.deadline))
    }

    /// Waits for a future, within the limits. It is pinned where it was made, since it may be large.
    pub(super) fn limit<F: Future>(&mut self, future: Pin<&mut F>) -> impl Future<Output = Result<F::Output, Timeout>> {
        self.limit_from(None, future)
    }

    /// Waits for a future, within the limits. The server has been silent since an earlier time, or since the future had to
    /// wait: most do not have to, and to ask for the time takes long.
    pub(super) fn limit_from<F: Future>(
        &mut self,
        mut silent: Option<Instant>,
        mut future: Pin<&mut F>,
    ) -> impl Future<Output = Result<F::Output, Timeout>> {
        poll_fn(move |context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => {
                let start = *silent.get_or_insert_with(Instant::now);
                self.poll_limit(start, context).map(Err)
            }
        })
    }

    /// Ready when a limit has passed. The timer is set anew only when it fires too early: most waits end before.
    fn poll_limit(&mut self, start: Instant, context: &mut Context<'_>) -> Poll<Timeout> {
        loop {
            let silent = self.silent_at(start);
            let due = silent.min(self.ends);
            if self.sleep.deadline() > due {
                self.sleep.as_mut().reset(due);
            } else if !self.sleep.is_elapsed()
                && let Some(waker) = &self.waker
                && waker.will_wake(context.waker())
            {
                return Poll::Pending;
            }
            self.waker = Some(context.waker().clone());
            ready!(self.sleep.as_mut().poll(context));
            self.waker = None;
            if self.sleep.deadline() < due {
                self.sleep.as_mut().reset(due);
            } else if self.ends <= silent {
                return Poll::Ready(self.too_late());
            } else {
                return Poll::Ready(Timeout::new(self.operation, TimeLimit::Silence(self.silence)));
            }
        }
    }

    /// When the server has been silent for too long. What the operating system still holds of an upload is not read yet.
    fn silent_at(&self, start: Instant) -> Instant {
        let Some(upload) = &self.upload else {
            return after(start, self.silence);
        };
        if upload.is_starved.load(Ordering::Relaxed) {
            return after(Instant::now(), self.silence);
        }
        let last = upload.started + Duration::from_millis(upload.last.load(Ordering::Relaxed));
        let held = upload.sent.load(Ordering::Relaxed).min(HELD);
        let reading = Duration::from_millis(held * 1000 / SLOWEST);
        after(last.max(start), self.silence.saturating_add(reading))
    }
}

fn after(now: Instant, duration: Duration) -> Instant {
    now.checked_add(duration).unwrap_or_else(|| now + NEVER)
}

pub(super) struct Upload {
    started: Instant,
    /// Milliseconds from the start to the last progress.
    last: AtomicU64,
    /// Bytes.
    sent: AtomicU64,
    /// Whether the source of the body is waited for, which is no silence of the server.
    is_starved: AtomicBool,
}

// A browser does not tell how far a body has been sent.
#[cfg(not(target_arch = "wasm32"))]
impl Upload {
    /// An upload that starts now.
    pub(super) fn start() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            last: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            is_starved: AtomicBool::new(false),
        })
    }

    /// Records that the source of the body has no further bytes yet.
    pub(super) fn starves(&self) {
        self.is_starved.store(true, Ordering::Relaxed);
    }

    /// Records that so many further bytes have been sent.
    pub(super) fn progress(&self, bytes: usize) {
        let elapsed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(elapsed, Ordering::Relaxed);
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
        self.is_starved.store(false, Ordering::Relaxed);
    }
}

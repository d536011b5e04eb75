//! Lists that are sent in pages, by `Link` headers (RFC 8288).

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{Stream, StreamExt};
use http::HeaderMap;

use super::error::Error;
use super::execute::is_ours;
use super::link::{self, Link};
use super::observe::debug_fields;
use super::request::Request;
use super::response::{ApiResponse, Received};
use crate::operation::{Location, Operation};

/// The pages of a list, each with its own request.
///
/// The link `rel="next"` leads to the next page, unless it has `results="false"`. The next request has the `cursor` of the
/// link, if the operation has a parameter for it, or else the query of the link's URL. A link to another origin or to an
/// earlier page is an error.
///
/// An error ends the stream. [`retry`](Self::retry) goes on with the page that failed, [`cursor`](Self::cursor) tells where
/// it is, and [`resume`](Self::resume) starts there another time.
#[must_use]
pub struct Pages<T> {
    decode: fn(Received) -> Result<ApiResponse<T>, Error>,
    pager: Pager,
}

impl<T> Pages<T> {
    /// The pages of a list, from the page of the request on.
    pub fn new(request: Request, decode: fn(Received) -> Result<ApiResponse<T>, Error>) -> Self {
        let state = State::Ready(Box::new(request));
        Self { decode, pager: Pager { state, cursor: None, seen: HashSet::new(), fetched: 0, left: usize::MAX } }
    }

    /// Starts at the page of a [`cursor`](Self::cursor) of an earlier call, instead of the first page.
    pub fn resume(mut self, cursor: impl AsRef<str>) -> Self {
        self.pager.resume(cursor.as_ref());
        self
    }

    /// Ends the stream after this number of further pages.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pager.left = pages;
        self
    }

    /// The next page; `None` at the end, and after an error. Its [`next_cursor`](ApiResponse::next_cursor) tells what
    /// follows, its [`rate_limit`](ApiResponse::rate_limit) how many requests are left.
    pub async fn next_page(&mut self) -> Option<Result<ApiResponse<T>, Error>> {
        self.next().await
    }

    /// The position of the page that is requested next or that failed; `None` for the first page, and after the last one.
    pub fn cursor(&self) -> Option<&str> {
        self.pager.cursor.as_deref()
    }

    /// Lets the stream go on after an error: the page that failed is requested again. Returns whether there is one.
    pub fn retry(&mut self) -> bool {
        self.pager.retry()
    }
}

impl<T> Pages<Vec<T>> {
    /// The items of all pages.
    pub fn items(self) -> Items<T> {
        Items { pages: self, page: Vec::new().into_iter(), cursor: None, left: usize::MAX }
    }
}

debug_fields!(Pages<T>, it => fetched: it.pager.fetched);

impl<T> Stream for Pages<T> {
    type Item = Result<ApiResponse<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let received = ready!(self.pager.poll_received(context));
        Poll::Ready(received.map(|received| {
            let (request, received) = received?;
            let next = next_link(&received.headers);
            let page = (self.decode)(received);
            self.pager.settle(request, page.is_ok(), next);
            page
        }))
    }
}

/// The position in a list. This is not generic, so that it is compiled once.
struct Pager {
    state: State,
    /// The position of the request; `None` for the first page.
    cursor: Option<String>,
    /// The positions that links have led to.
    seen: HashSet<String>,
    fetched: usize,
    /// How many pages the caller still wants.
    left: usize,
}

#[derive(Default)]
enum State {
    /// The request for the next page.
    Ready(Box<Request>),
    Fetching(BoxFuture<'static, Fetched>),
    /// The request that failed.
    Failed(Box<Request>),
    /// The list cannot be followed further, which is returned next.
    Lost(Error),
    #[default]
    Ended,
}

type Page = (Box<Request>, Received);
type Fetched = (Box<Request>, Result<Received, Error>);

impl Pager {
    fn poll_received(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page, Error>>> {
        loop {
            match std::mem::take(&mut self.state) {
                State::Ready(mut request) if self.left > 0 => {
                    request.check()?;
                    if self.fetched >= request.client.inner.settings.limits.pages {
                        let error = lost(&request, "the list has more pages than the client's limits allow");
                        self.state = State::Failed(request);
                        return Poll::Ready(Some(Err(error)));
                    }
                    let fetching = async move {
                        let received = request.fetch().await;
                        (request, received)
                    };
                    self.state = State::Fetching(fetching.boxed());
                }
                State::Fetching(mut future) => {
                    let Poll::Ready((request, received)) = future.poll_unpin(context) else {
                        self.state = State::Fetching(future);
                        return Poll::Pending;
                    };
                    return Poll::Ready(Some(match received {
                        Ok(received) => Ok((request, received)),
                        Err(error) => {
                            self.state = State::Failed(request);
                            Err(error)
                        }
                    }));
                }
                State::Lost(error) => return Poll::Ready(Some(Err(error))),
                waiting => {
                    self.state = waiting;
                    return Poll::Ready(None);
                }
            }
        }
    }

    /// Goes to the next page, or stays where the page could not be decoded.
    fn settle(&mut self, mut request: Box<Request>, decoded: bool, next: Option<Link>) {
        if !decoded {
            self.state = State::Failed(request);
            return;
        }
        self.fetched += 1;
        self.left -= 1;
        self.cursor = None;
        self.state = match next.map(|link| self.follow(&mut request, &link)) {
            None => State::Ended,
            Some(Ok(())) => State::Ready(request),
            // The page itself is good.
            Some(Err(error)) => State::Lost(error),
        };
    }

    fn follow(&mut self, request: &mut Request, link: &Link) -> Result<(), Error> {
        let cursor = cursor_of(link, request.operation);
        if cursor.starts_with('?') {
            let url = request.url("")?.join(&link.target).ok();
            let url = url.ok_or_else(|| lost(request, "the link to the next page is not a URL"))?;
            if !is_ours(&request.client, &url) {
                return Err(lost(request, "the link to the next page leads to another origin"));
            }
        }
        if !self.seen.insert(cursor.clone()) {
            return Err(lost(request, "the link to the next page leads to an earlier page"));
        }
        self.go_to(request, cursor)
    }

    /// Sets the position of a request.
    fn go_to(&mut self, request: &mut Request, cursor: String) -> Result<(), Error> {
        match (cursor.strip_prefix('?'), request.operation.cursor) {
            (Some(query), _) => request.query = Some(query.to_owned()),
            (None, Some(name)) => request.set(Location::Query, name, cursor.as_str().into()),
            (None, None) => return Err(lost(request, "the list has no parameter for a cursor")),
        }
        self.cursor = Some(cursor);
        Ok(())
    }

    fn resume(&mut self, cursor: &str) {
        self.retry();
        if let State::Ready(mut request) = std::mem::take(&mut self.state) {
            self.seen.insert(cursor.to_owned());
            self.state = match self.go_to(&mut request, cursor.to_owned()) {
                Ok(()) => State::Ready(request),
                Err(error) => State::Lost(error),
            };
        }
    }

    fn retry(&mut self) -> bool {
        let failed = matches!(self.state, State::Failed(_));
        self.state = match std::mem::take(&mut self.state) {
            State::Failed(request) => State::Ready(request),
            other => other,
        };
        failed
    }
}

fn lost(request: &Request, reason: &'static str) -> Error {
    Error::Pagination { operation: request.operation.id, reason }
}

fn next_link(headers: &HeaderMap) -> Option<Link> {
    let next = link::from_headers(headers).into_iter().find(|link| link.is_rel("next"));
    next.filter(|link| link.parameter("results") != Some("false"))
}

/// The cursor of a link, or else the query of its target after a question mark.
fn cursor_of(link: &Link, operation: &Operation) -> String {
    match (link.parameter("cursor"), operation.cursor) {
        (Some(cursor), Some(_)) if !cursor.starts_with('?') => cursor.to_owned(),
        _ => {
            let target = link.target.split('#').next().unwrap_or_default();
            let (_, query) = target.split_once('?').unwrap_or_default();
            format!("?{query}")
        }
    }
}

/// The position of the page after a response.
pub(super) fn next_cursor(headers: &HeaderMap, operation: &Operation) -> Option<String> {
    next_link(headers).map(|link| cursor_of(&link, operation))
}

/// The items of all pages of a list. Each page is requested when it is needed.
///
/// An error ends the stream. [`retry`](Self::retry) goes on with the page that failed.
#[must_use]
pub struct Items<T> {
    pages: Pages<Vec<T>>,
    page: std::vec::IntoIter<T>,
    cursor: Option<String>,
    left: usize,
}

// No field is pinned structurally.
impl<T> Unpin for Items<T> {}

impl<T> Items<T> {
    /// Starts at the page of a [`cursor`](Self::cursor) of an earlier call, instead of the first page.
    pub fn resume(mut self, cursor: impl AsRef<str>) -> Self {
        self.pages = self.pages.resume(cursor);
        self
    }

    /// Ends the stream after this number of further pages.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Ends the stream after this number of further items. No page is requested after the last one.
    pub fn max_items(mut self, items: usize) -> Self {
        self.left = items;
        self
    }

    /// The next item; `None` at the end, and after an error.
    pub async fn next_item(&mut self) -> Option<Result<T, Error>> {
        self.next().await
    }

    /// The position of the page that the next item is on; `None` for the first page, and after the last one. To resume
    /// there repeats the items of that page that have been returned.
    pub fn cursor(&self) -> Option<&str> {
        if self.page.len() > 0 { self.cursor.as_deref() } else { self.pages.cursor() }
    }

    /// Lets the stream go on after an error: the page that failed is requested again. Returns whether there is one.
    pub fn retry(&mut self) -> bool {
        self.pages.retry()
    }
}

debug_fields!(Items<T>, it => pages: it.pages);

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.left > 0 {
            if let Some(item) = self.page.next() {
                self.left -= 1;
                return Poll::Ready(Some(Ok(item)));
            }
            let cursor = self.pages.cursor().map(str::to_owned);
            let Some(page) = ready!(self.pages.poll_next_unpin(context)?) else {
                break;
            };
            self.page = page.value.into_iter();
            self.cursor = cursor;
        }
        Poll::Ready(None)
    }
}

//! Lists that are sent in pages, by `Link` headers (RFC 8288).

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use serde_json::Value;

use super::error::Error;
use super::execute::is_ours;
use super::link::{self, Link};
use super::request::Request;
use super::response::{ApiResponse, Received};
use crate::operation::Location;

/// The pages of a list, each with its own request.
///
/// The link `rel="next"` leads to the next page, unless it has `results="false"`. The next request has the `cursor` of the
/// link, if the operation has a parameter for it, or else the query of the link's URL. A link to another origin or to an
/// earlier page is an error. An error ends the stream.
#[must_use]
pub struct Pages<T> {
    decode: fn(Received) -> Result<ApiResponse<T>, Error>,
    received: BoxStream<'static, Result<Received, Error>>,
}

impl<T> Pages<T> {
    /// The pages of a list, from the page of the request on.
    pub fn new(request: Request, decode: fn(Received) -> Result<ApiResponse<T>, Error>) -> Self {
        let received = received(request).boxed();
        Self { decode, received }
    }

    /// Ends the stream after this number of further pages.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.received = self.received.take(pages).boxed();
        self
    }

    /// The next page; `None` at the end.
    pub async fn next_page(&mut self) -> Option<Result<ApiResponse<T>, Error>> {
        self.next().await
    }
}

impl<T> Pages<Vec<T>> {
    /// The items of all pages.
    pub fn items(self) -> Items<T> {
        let (pages, page) = (self, Vec::new().into_iter());
        Items { pages, page }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<ApiResponse<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let received = ready!(self.received.poll_next_unpin(context));
        let page = received.map(|received| received.and_then(self.decode));
        if let Some(Err(_)) = &page {
            self.received = stream::empty().boxed();
        }
        Poll::Ready(page)
    }
}

/// The pages before they are decoded. This is not generic, so that it is compiled once.
fn received(request: Request) -> impl Stream<Item = Result<Received, Error>> + Send {
    let pager = Pager {
        request,
        seen: HashSet::new(),
        fetched: 0,
    };
    // An error in the links of a page is returned after that page.
    let start: Result<_, Error> = Ok(Some(pager));
    stream::try_unfold(start, |pager| async move {
        let Some(mut pager) = pager? else {
            return Ok(None);
        };
        let received = pager.request.fetch().await?;
        let next = pager.advance(&received);
        Ok(Some((received, next.map(|more| more.then_some(pager)))))
    })
}

/// The position in a list.
struct Pager {
    request: Request,
    seen: HashSet<String>,
    fetched: usize,
}

impl Pager {
    /// Prepares the request for the next page. Returns whether there is one.
    fn advance(&mut self, received: &Received) -> Result<bool, Error> {
        self.fetched += 1;
        let links = link::from_headers(&received.headers);
        let next = links.iter().find(|link| link.is_rel("next"));
        let Some(next) = next.filter(|link| link.parameter("results") != Some("false")) else {
            return Ok(false);
        };
        if self.fetched >= self.request.client.inner.settings.limits.pages {
            return Err(self.error("the list has more pages than the client's limits allow"));
        }
        let position = match (next.parameter("cursor"), self.request.operation.cursor) {
            (Some(cursor), Some(name)) => {
                self.request.set(Location::Query, name, Value::from(cursor));
                cursor.to_owned()
            }
            _ => self.follow(next)?,
        };
        if self.seen.insert(position) {
            Ok(true)
        } else {
            Err(self.error("the link to the next page leads to an earlier page"))
        }
    }

    /// Uses the query of a link.
    fn follow(&mut self, link: &Link) -> Result<String, Error> {
        let url = self.request.url("")?.join(&link.target).ok();
        let url = url.ok_or_else(|| self.error("the link to the next page is not a URL"))?;
        if !is_ours(&self.request.client, &url) {
            return Err(self.error("the link to the next page leads to another origin"));
        }
        let query = url.query().unwrap_or_default().to_owned();
        self.request.query = Some(query.clone());
        Ok(query)
    }

    fn error(&self, reason: &'static str) -> Error {
        let operation = self.request.operation.id;
        Error::Pagination { operation, reason }
    }
}

/// The items of all pages of a list. Each page is requested when it is needed.
#[must_use]
pub struct Items<T> {
    pages: Pages<Vec<T>>,
    page: std::vec::IntoIter<T>,
}

// No field is pinned structurally.
impl<T> Unpin for Items<T> {}

impl<T> Items<T> {
    /// Ends the stream after this number of further pages.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// The next item; `None` at the end.
    pub async fn next_item(&mut self) -> Option<Result<T, Error>> {
        self.next().await
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").finish_non_exhaustive()
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_next_unpin(context)) {
                Some(Ok(page)) => self.page = page.value.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

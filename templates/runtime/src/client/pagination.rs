//! Lists that come in pages (`Link` headers, RFC 8288).

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde_json::Value;

use super::error::Error;
use super::execute::is_ours;
use super::link::{self, Link};
use super::operation::Location;
use super::request::Request;
use super::response::{ApiResponse, Received};

/// The pages of a list, one request each.
///
/// The next page is where the link `rel="next"` leads, unless it says `results="false"`. An empty page is not the end.
/// Where the link has a `cursor` and the operation takes one, the cursor goes back verbatim; otherwise the query of the
/// link's URL takes the place of the query. A page that was already there, and a link to another origin, are errors.
#[must_use]
pub struct Pages<T> {
    decode: fn(Received) -> Result<ApiResponse<T>, Error>,
    state: State,
}

enum State {
    /// The next page is not asked for yet.
    Idle(Box<Pager>),
    /// The next page is on its way.
    Fetching(Fetching),
    /// The page before led nowhere good.
    Failed(Error),
    Ended,
}

type Fetching = Pin<Box<dyn Future<Output = (Box<Pager>, Result<Received, Error>)> + Send>>;

/// The way through the list.
struct Pager {
    request: Request,
    seen: HashSet<String>,
    fetched: usize,
    max_pages: usize,
}

impl<T> Pages<T> {
    /// The pages of a list from the one on that the request asks for; `decode` decodes one.
    pub fn new(request: Request, decode: fn(Received) -> Result<ApiResponse<T>, Error>) -> Self {
        let max_pages = usize::MAX;
        let pager = Pager {
            request,
            seen: HashSet::new(),
            fetched: 0,
            max_pages,
        };
        Self {
            decode,
            state: State::Idle(Box::new(pager)),
        }
    }

    /// Ends the stream after so many pages. Has no effect once a page was asked for.
    pub fn max_pages(mut self, pages: usize) -> Self {
        if let State::Idle(pager) = &mut self.state {
            pager.max_pages = pages;
        }
        self
    }

    /// The next page; `None` at the end.
    pub async fn next_page(&mut self) -> Option<Result<ApiResponse<T>, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T> Pages<Vec<T>> {
    /// The items of all pages.
    pub fn items(self) -> Items<T> {
        Items {
            pages: self,
            page: Vec::new().into_iter(),
        }
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
        let fetching = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => return Poll::Ready(None),
            State::Failed(error) => return Poll::Ready(Some(Err(error))),
            State::Idle(pager) if pager.max_pages == 0 => return Poll::Ready(None),
            State::Idle(pager) => fetch(pager),
            State::Fetching(fetching) => fetching,
        };
        self.state = State::Fetching(fetching);
        let State::Fetching(fetching) = &mut self.state else {
            return Poll::Ready(None);
        };
        let (mut pager, result) = ready!(fetching.as_mut().poll(context));
        self.state = State::Ended;
        let page = result.and_then(|received| {
            let next = pager.advance(&received);
            let page = (self.decode)(received)?;
            Ok((page, next))
        });
        let (page, next) = match page {
            Ok(page) => page,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        self.state = match next {
            Ok(true) => State::Idle(pager),
            Ok(false) => State::Ended,
            Err(error) => State::Failed(error),
        };
        Poll::Ready(Some(Ok(page)))
    }
}

fn fetch(mut pager: Box<Pager>) -> Fetching {
    Box::pin(async move {
        let result = pager.request.fetch().await;
        (pager, result)
    })
}

impl Pager {
    /// Goes on to the next page, and tells whether there is one.
    fn advance(&mut self, received: &Received) -> Result<bool, Error> {
        self.fetched += 1;
        let links = link::from_headers(&received.headers);
        let next = links.iter().find(|link| link.is_rel("next"));
        let Some(next) = next.filter(|link| link.parameter("results") != Some("false")) else {
            return Ok(false);
        };
        if self.fetched >= self.max_pages {
            return Ok(false);
        }
        if self.fetched >= self.request.client.inner.limits.pages {
            return Err(self.error("the list has more pages than the client's limits allow"));
        }
        let place = match (next.parameter("cursor"), self.request.operation.cursor) {
            (Some(cursor), Some(name)) => {
                self.request.set(Location::Query, name, Value::from(cursor));
                cursor.to_owned()
            }
            _ => self.follow(next, received)?,
        };
        match self.seen.insert(place) {
            true => Ok(true),
            false => Err(self.error("the next page is one that was already there")),
        }
    }

    /// Takes over the query of a link.
    fn follow(&mut self, link: &Link, received: &Received) -> Result<String, Error> {
        let url = received.url.join(&link.target).ok();
        let url = url.ok_or_else(|| self.error("the link to the next page is no URL"))?;
        if !is_ours(&self.request.client, &url) {
            return Err(self.error("the link to the next page leads to another origin"));
        }
        let query = url.query().unwrap_or_default().to_owned();
        self.request.query = Some(query.clone());
        Ok(query)
    }

    fn error(&self, reason: &'static str) -> Error {
        Error::Pagination {
            operation: self.request.operation.id,
            reason,
        }
    }
}

/// The items of all pages of a list. Each page is asked for when the one before is used up.
#[must_use]
pub struct Items<T> {
    pages: Pages<Vec<T>>,
    page: std::vec::IntoIter<T>,
}

// Nothing in here is ever pinned in place.
impl<T> Unpin for Items<T> {}

impl<T> Items<T> {
    /// Ends the stream after so many pages. Has no effect once a page was asked for.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// The next item; `None` at the end.
    pub async fn next_item(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
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
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.page = page.value.into_iter(),
            }
        }
    }
}

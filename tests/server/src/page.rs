//! Pages of lists: `cursor` and `per_page` in the request, a `Link` header in the response.
//!
//! A cursor is `0:<offset>:<1 for the page before>`. To clients it is a text that they send back as it is.

use axum::http::HeaderValue;
use axum::http::header::LINK;
use rusqlite::{Params, Row};
use sentry_api::server::{IntoReply, Reply};

use crate::app::{App, Context, Session};
use crate::error::Error;

const LARGEST: i64 = 100;

/// The part of a list that a request is for.
pub(crate) struct Page {
    /// The URL of the list, to which a cursor is added.
    url: String,
    offset: i64,
    size: i64,
}

/// A page of a list.
pub(crate) struct List<T> {
    items: Vec<T>,
    link: String,
}

impl App {
    /// The page that a request is for.
    pub(crate) fn page(
        &self,
        context: &Context,
        cursor: Option<String>,
        size: Option<i64>,
    ) -> Result<Page, Error> {
        let cursor = cursor.unwrap_or_default();
        let offset = offset(&cursor)
            .ok_or_else(|| Error::BadRequest("Invalid cursor parameter.".to_owned()))?;
        let size = size.unwrap_or(LARGEST);
        if !(1..=LARGEST).contains(&size) {
            let detail =
                format!("Invalid per_page value. Must be between 1 and {LARGEST}, got {size}.");
            return Err(Error::BadRequest(detail));
        }
        let (path, query) = (context.uri.path(), context.uri.query().unwrap_or_default());
        let mut url = format!("{}/api/0{path}?", self.origin);
        for pair in query.split('&').filter(|pair| !pair.starts_with("cursor=")) {
            url.push_str(pair);
            url.push('&');
        }
        Ok(Page { url, offset, size })
    }
}

/// The offset of a cursor; an empty cursor is the first page.
fn offset(cursor: &str) -> Option<i64> {
    if cursor.is_empty() {
        return Some(0);
    }
    let mut parts = cursor.split(':');
    let (Some(_), Some(offset), Some("0" | "1"), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    // An offset is less than this, so that no sum overflows.
    let offset = offset.parse::<u32>().ok()?;
    Some(offset.into())
}

impl Page {
    /// The first page of a list whose requests name none.
    pub(crate) fn first() -> Self {
        Self {
            url: String::new(),
            offset: 0,
            size: LARGEST,
        }
    }

    /// The rows of a query, which has an order, that are on this page.
    pub(crate) fn select<T>(
        &self,
        session: &Session,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<List<T>, Error> {
        // One row more tells whether there is another page.
        let sql = format!("{sql} LIMIT {} OFFSET {}", self.size + 1, self.offset);
        let items = session.all(&sql, parameters, read)?;
        Ok(self.list(items))
    }

    /// The items of all that are on this page.
    pub(crate) fn of<T>(&self, items: Vec<T>) -> List<T> {
        let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let items = items.into_iter().skip(count(self.offset));
        self.list(items.take(count(self.size + 1)).collect())
    }

    /// The page of rows, of which there is one more than fits if there is another page.
    fn list<T>(&self, mut items: Vec<T>) -> List<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let is_more = items.len() > size;
        items.truncate(size);
        let before = (self.offset - self.size).max(0);
        let previous = self.relation("previous", self.offset > 0, &format!("0:{before}:1"));
        let next = format!("0:{}:0", self.offset + self.size);
        let next = self.relation("next", is_more, &next);
        let link = format!("{previous}, {next}");
        List { items, link }
    }

    fn relation(&self, relation: &str, results: bool, cursor: &str) -> String {
        let url = &self.url;
        format!(
            r#"<{url}cursor={cursor}>; rel="{relation}"; results="{results}"; cursor="{cursor}""#
        )
    }
}

impl<T> List<T> {
    /// The page with other items.
    pub(crate) fn try_map<U>(
        self,
        map: impl FnMut(T) -> Result<U, Error>,
    ) -> Result<List<U>, Error> {
        let items = self.items.into_iter().map(map);
        Ok(List {
            items: items.collect::<Result<_, _>>()?,
            link: self.link,
        })
    }

    /// The items, without a `Link` header.
    pub(crate) fn into_items(self) -> Vec<T> {
        self.items
    }

    /// The response of an operation, with its `Link` header.
    pub(crate) fn into_response<R: IntoReply + From<Reply>>(
        self,
        ok: impl FnOnce(Vec<T>) -> R,
    ) -> R {
        let response = ok(self.items);
        match HeaderValue::try_from(self.link) {
            Ok(link) => response.with_header(LINK, link).into(),
            Err(_) => response,
        }
    }
}

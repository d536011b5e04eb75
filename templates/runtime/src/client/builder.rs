//! The configuration of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use url::{Host, Url};

use super::api::DEFAULT_BASE_URL;
use super::credential::{Credential, Credentials};
#[cfg(feature = "deviations")]
use super::deviation::Report;
use super::error::{BuildError, Error};
use super::response::Decoding;
use super::retry::{Pause, RetryPolicy, Sleep};
use super::{Client, Inner};
#[cfg(feature = "deviations")]
use crate::types::Deviations;
use crate::types::decode::MEMORY;

/// Limits on what a server can make the client do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body of a success, or event of a stream, in bytes; 64 MiB by default.
    pub response_size: usize,
    /// The most memory that a decoded body takes, in bytes, not counting strings and arbitrary JSON; 256 MiB by default. A
    /// long list of empty objects takes much more memory than its JSON.
    pub decoded_size: usize,
    /// The longest part of an error's body that is kept, in bytes; 1 MiB by default.
    pub error_size: usize,
    /// The most redirects that are followed; 5 by default.
    pub redirects: usize,
    /// The most pages of a list; 10,000 by default.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            response_size: 64 * 1024 * 1024,
            decoded_size: MEMORY,
            error_size: 1024 * 1024,
            redirects: 5,
            pages: 10_000,
        }
    }
}

/// What the client does with a response in which a value has another type than described.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Only the value itself is converted or left out, as [`decode`](crate::decode) does, and
    /// [`ApiResponse::deviations`](super::ApiResponse::deviations) tells where.
    #[default]
    Lenient,
    /// The first such value is an error.
    Strict,
}

/// Configures a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    base_url: Option<String>,
    allow_insecure: bool,
    token: Option<Credential>,
    credentials: Vec<(String, Credential)>,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    settings: Settings,
}

/// Settings that the client keeps as they are.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    pub(super) retry: RetryPolicy,
    pub(super) sleep: Sleep,
    pub(super) strictness: Strictness,
    #[cfg(feature = "deviations")]
    pub(super) on_deviation: Option<Arc<Report>>,
}

impl Settings {
    /// How responses are decoded.
    pub(super) fn decoding(&self) -> Decoding {
        Decoding {
            memory: self.limits.decoded_size,
            strictness: self.strictness,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (&self.limits, &self.retry).fmt(formatter)
    }
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            base_url: None,
            allow_insecure: false,
            token: None,
            credentials: Vec::new(),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            settings: Settings::default(),
        }
    }

    /// Sets the base URL of all paths; by default, the first absolute server URL of the description.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows plain HTTP to another machine. Anybody on the way can then read the credentials.
    pub fn allow_insecure(mut self) -> Self {
        self.allow_insecure = true;
        self
    }

    /// Sets the default credential: a token or key, or a [`Credential::Basic`].
    ///
    /// A token is sent by the description's first bearer scheme, else by its first key scheme, else by its first other scheme,
    /// else as a bearer token. It is also sent to operations without security requirements in the description, and to those whose schemes have no
    /// credential, but not to those that need no authentication.
    pub fn token(mut self, token: impl Into<Credential>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the credential of a security scheme, by the scheme's name in the description.
    pub fn credential(
        mut self,
        scheme: impl Into<String>,
        credential: impl Into<Credential>,
    ) -> Self {
        self.credentials.push((scheme.into(), credential.into()));
        self
    }

    /// Sets the `User-Agent`; by default, the name and version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the longest time to connect; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the longest time in which nothing is received: before or within a response, or between two events of a stream;
    /// 60 seconds by default. To limit the time of a whole call, put `tokio::time::timeout` around it.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Sets the limits on what a server can make the client do.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Sets when a request is sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets what the client does with a response in which a value has another type than described.
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.settings.strictness = strictness;
        self
    }

    /// Sets a function that is called when a response differs from its description in any way: a missing or unknown
    /// property, a null, a value that is not documented. Without it, nothing is compared. If it panics, the call goes on.
    #[cfg(feature = "deviations")]
    #[cfg_attr(docsrs, doc(cfg(feature = "deviations")))]
    pub fn on_deviation(
        mut self,
        report: impl Fn(&'static crate::operation::Operation, http::StatusCode, &Deviations)
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.settings.on_deviation = Some(Arc::new(report));
        self
    }

    /// Replaces the pause between attempts, for tests.
    #[doc(hidden)]
    pub fn sleep_with(mut self, sleep: impl Fn(Duration) -> Pause + Send + Sync + 'static) -> Self {
        self.settings.sleep = Sleep(Arc::new(sleep));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`Error::Build`], with the invalid setting.
    pub fn build(self) -> Result<Client, Error> {
        let text = self.base_url.as_deref().or(DEFAULT_BASE_URL);
        let base_url = check_base_url(text.ok_or(BuildError::NoBaseUrl)?, self.allow_insecure)?;
        let mut credentials = Credentials::default();
        if let Some(token) = &self.token {
            credentials.set_default(token)?;
        }
        for (scheme, credential) in &self.credentials {
            credentials.set(scheme, credential)?;
        }
        let user_agent =
            HeaderValue::from_str(&self.user_agent).map_err(|_| BuildError::InvalidUserAgent)?;
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()
            .map_err(BuildError::Http)?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url,
                credentials,
                settings: self.settings,
            }),
        })
    }
}

fn check_base_url(text: &str, allow_insecure: bool) -> Result<Url, BuildError> {
    let url = Url::parse(text).map_err(BuildError::InvalidBaseUrl)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BuildError::UnusableBaseUrl("has a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BuildError::UnusableBaseUrl("contains a user or a password"));
    }
    match url.scheme() {
        "https" if cfg!(not(any(feature = "client", feature = "client-native-tls"))) => {
            Err(BuildError::NoTls)
        }
        "https" => Ok(url),
        "http" if allow_insecure || is_loopback(&url) => Ok(url),
        "http" => Err(BuildError::Insecure),
        _ => Err(BuildError::UnusableBaseUrl("is neither HTTP nor HTTPS")),
    }
}

/// Whether the host is this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

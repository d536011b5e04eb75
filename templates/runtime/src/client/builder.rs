//! How a client is configured.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
#[cfg(feature = "deviations")]
use http::StatusCode;
use url::{Host, Url};

use super::api::DEFAULT_BASE_URL;
use super::credential::{Credential, Credentials};
#[cfg(feature = "deviations")]
use super::deviation::{Deviation, Handler};
use super::error::{BuildError, Error};
#[cfg(feature = "deviations")]
use super::operation::Operation;
use super::retry::{Pause, RetryPolicy, Sleep};
use super::{Client, Inner};

/// Bounds on what a server can make the client do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body of a success, in bytes; also the longest event of a stream. 64 MiB unless changed.
    pub response_size: usize,
    /// How much of an error's body is kept, in bytes. 1 MiB unless changed.
    pub error_size: usize,
    /// How many redirects are followed. 5 unless changed.
    pub redirects: usize,
    /// How many pages a list may have. 10,000 unless changed.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            response_size: 64 * 1024 * 1024,
            error_size: 1024 * 1024,
            redirects: 5,
            pages: 10_000,
        }
    }
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
    limits: Limits,
    retry: RetryPolicy,
    sleep: Sleep,
    #[cfg(feature = "deviations")]
    on_deviation: Handler,
}

impl ClientBuilder {
    /// A configuration with all defaults: no credential, 10 seconds to connect, 60 seconds of silence at most.
    pub(super) fn new() -> Self {
        Self {
            base_url: None,
            allow_insecure: false,
            token: None,
            credentials: Vec::new(),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            sleep: Sleep::default(),
            #[cfg(feature = "deviations")]
            on_deviation: Handler::default(),
        }
    }

    /// The URL below which all paths lie, in place of the one that the description names.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Permits a base URL of plain HTTP to another machine. Everybody on the way can then read the credentials.
    pub fn allow_insecure(mut self) -> Self {
        self.allow_insecure = true;
        self
    }

    /// The credential for everything that needs no other: a token or key, or a [`Credential::Basic`].
    ///
    /// A token travels as the description's first bearer scheme says, else as its first key, else as a bearer token. It
    /// also goes with operations for which the description states no scheme, or only schemes that have no credential
    /// here; not with those that it says need none.
    pub fn token(mut self, token: impl Into<Credential>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The credential of a security scheme, by the scheme's name in the description.
    pub fn credential(
        mut self,
        scheme: impl Into<String>,
        credential: impl Into<Credential>,
    ) -> Self {
        self.credentials.push((scheme.into(), credential.into()));
        self
    }

    /// What the client calls itself; the name and version of this crate unless changed.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long a connection may take to be made.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long the server may be silent: before the answer, within it, or between two events of a stream. A whole
    /// answer that keeps coming is bounded by its size alone ([`Limits::response_size`]); put `tokio::time::timeout`
    /// around a call to bound its time.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Bounds on what a server can make the client do.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// When a request is sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What is called with an answer that is read well, but is not as the descriptions promise: a property that is missing
    /// or new, a null, a value that is not among the documented ones. Without it, nothing is compared.
    #[cfg(feature = "deviations")]
    #[cfg_attr(docsrs, doc(cfg(feature = "deviations")))]
    pub fn on_deviation(
        mut self,
        report: impl Fn(&'static Operation, StatusCode, &[Deviation]) + Send + Sync + 'static,
    ) -> Self {
        self.on_deviation = Handler(Some(Arc::new(report)));
        self
    }

    /// Replaces the pause between attempts, for tests.
    #[doc(hidden)]
    pub fn sleep_with(mut self, sleep: impl Fn(Duration) -> Pause + Send + Sync + 'static) -> Self {
        self.sleep = Sleep(Arc::new(sleep));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// [`Error::Build`], with the setting that cannot be.
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
                limits: self.limits,
                retry: self.retry,
                sleep: self.sleep,
                #[cfg(feature = "deviations")]
                on_deviation: self.on_deviation,
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
        return Err(BuildError::UnusableBaseUrl("holds a user or a password"));
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

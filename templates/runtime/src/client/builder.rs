//! The configuration of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http_body::Body;
use tower_service::Service;
use url::{Host, Url};

use super::admission::Admission;
use super::api::DEFAULT_BASE_URL;
use super::credential::Credentials;
#[cfg(feature = "deviations")]
use super::deviation::Report;
use super::error::{BuildError, Error};
use super::handle::Inner;
use super::observe::{Attempt, Hooks, Outcome, debug_fields};
use super::platform;
use super::response::Decoding;
use super::retry::{Budget, Pause, RetryPolicy, Sleep};
use super::transport::{BoxError, HttpService};
use super::{Client, Credential};
#[cfg(feature = "deviations")]
use crate::types::Deviations;
use crate::types::decode::MEMORY;

/// Limits on what a server can make the client do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest body of a success, or event of a stream, in bytes; 64 MiB by default.
    pub response_size: usize,
    /// The most memory that a decoded body takes, in bytes, not counting the characters of strings; 256 MiB by default. A
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
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    base_url: Option<String>,
    allow_insecure: bool,
    token: Option<Credential>,
    credentials: Vec<(String, Credential)>,
    user_agent: String,
    connect_timeout: Duration,
    http: Http,
    /// What is used in place of `http`.
    service: Option<HttpService>,
    layers: Vec<Arc<Wrap>>,
    retry_budget: u32,
    in_flight: Option<usize>,
    paced: bool,
    settings: Settings,
}

/// Puts services around another one.
type Wrap = dyn Fn(HttpService) -> HttpService + Send + Sync;

pub(super) type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// The client of `reqwest` that is used.
#[derive(Clone)]
enum Http {
    /// Our own, further configured by a function.
    Own(Arc<Configure>),
    Given(reqwest::Client),
}

/// Settings that the client keeps as they are.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) deadline: Duration,
    pub(super) silence: Duration,
    pub(super) limits: Limits,
    pub(super) retry: RetryPolicy,
    pub(super) sleep: Arc<Sleep>,
    pub(super) hooks: Hooks,
    pub(super) strictness: Strictness,
    #[cfg(feature = "deviations")]
    pub(super) on_deviation: Option<Arc<Report>>,
    #[cfg(feature = "gzip")]
    pub(super) least_compressed: Option<usize>,
}

impl Settings {
    pub(super) fn decoding(&self) -> Decoding {
        Decoding { memory: self.limits.decoded_size, strictness: self.strictness }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (&self.limits, &self.retry).fmt(formatter)
    }
}

debug_fields!(ClientBuilder, it => base_url: it.base_url, user_agent: it.user_agent, settings: it.settings);

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            base_url: None,
            allow_insecure: false,
            token: None,
            credentials: Vec::new(),
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            http: Http::Own(Arc::new(|builder| builder)),
            service: None,
            layers: Vec::new(),
            retry_budget: 100,
            in_flight: None,
            paced: false,
            settings: Settings {
                deadline: Duration::from_secs(600),
                silence: Duration::from_secs(60),
                limits: Limits::default(),
                retry: RetryPolicy::default(),
                sleep: Arc::new(|pause| Box::pin(platform::sleep(pause))),
                hooks: Hooks::default(),
                strictness: Strictness::default(),
                #[cfg(feature = "deviations")]
                on_deviation: None,
                #[cfg(feature = "gzip")]
                least_compressed: None,
            },
        }
    }

    /// Sets the base URL of all paths; by default, the first absolute server URL of the description.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows plain HTTP to another machine. Anybody on the way can then read the credentials.
    ///
    /// The proxies of the environment (`HTTPS_PROXY`, `ALL_PROXY`) serve HTTPS to other machines alone, which they cannot read.
    /// With plain HTTP they would see the credentials; [`configure_http`](Self::configure_http) sets one all the same.
    pub fn allow_insecure(mut self) -> Self {
        self.allow_insecure = true;
        self
    }

    /// Sets the default credential: a token or key, or a [`Credential::Basic`]. One that is empty or blank is refused.
    ///
    /// A token is sent by the description's first bearer scheme, else by its first key scheme, else by its first other scheme,
    /// else as a bearer token. Operations without security requirements and those whose schemes have no credential get it, too,
    /// but not those that need no authentication.
    pub fn token(mut self, token: impl Into<Credential>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the credential of a security scheme, by the scheme's name in the description.
    pub fn credential(mut self, scheme: impl Into<String>, credential: impl Into<Credential>) -> Self {
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

    /// Sets the longest silence of the server, in which it neither reads from the request nor sends any of the response;
    /// 60 seconds by default. To wait for a body that is read while it is sent is no silence.
    ///
    /// A connection of HTTP/2 with a request under way is given up earlier if nothing comes from the server for a third of
    /// this time (at least 1 and at most 20 seconds), and then no answer to a PING for another third. The next attempt makes a
    /// new connection. [`configure_http`](Self::configure_http) sets other times.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.silence = timeout;
        self
    }

    /// Sets the longest time of a whole call, with its redirects, attempts, the pauses between them, and the body of the
    /// response; 10 minutes by default. For a body that is read as it arrives, the time ends where the body begins, unless
    /// the call has a time of its own. Each page of a list is a call.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Configures the client of `reqwest` that sends the requests: proxies, certificates, HTTP/2, names of hosts. Redirects,
    /// further attempts and gzip stay those of this crate; a call with the header `accept-encoding: identity` asks for no
    /// compression.
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http = Http::Own(Arc::new(configure));
        self
    }

    /// What a client of a [`service`](Self::service) in this process needs: a base URL where nothing is sent, a token, and no
    /// time between attempts.
    #[cfg(any(feature = "fake", feature = "mock"))]
    pub(crate) fn in_process(self, name: &str) -> Self {
        self.base_url(format!("https://{name}.invalid")).token(name).sleep_with(|_| Box::pin(std::future::ready(())))
    }

    /// Sends the requests with a client of `reqwest` that is already there. Build it with `redirect(Policy::none())`: redirects
    /// that it follows by itself may lead the credentials to another origin. With `retry(reqwest::retry::never())` it leaves
    /// attempts over HTTP/2 to the [policy](Self::retry) of this crate, too. Its own timeouts hold in place of
    /// [`connect_timeout`](Self::connect_timeout), and beside the others.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Http::Given(http);
        self
    }

    /// Sends the requests through a service of `tower`, in place of the network, which is called once an attempt. The
    /// extensions of a request have the `&'static Operation`, and an [`io::Error`](std::io::Error) tells by its kind how far the
    /// request came: `ConnectionRefused`, `ConnectionReset`, `TimedOut`.
    pub fn service<S, B>(mut self, service: S) -> Self
    where
        S: Service<http::Request<reqwest::Body>, Response = http::Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: Body + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        self.service = Some(HttpService::of(service));
        self
    }

    /// Puts layers of `tower` around the service that sends the requests: the network, or the [`service`](Self::service) in its
    /// place, that of a mock or a recording included. They see each attempt. Later ones are around earlier ones.
    ///
    /// ```text
    /// Client::builder().layer(|http| ServiceBuilder::new().layer(MyLayer).service(http))
    /// ```
    pub fn layer<S, B>(mut self, wrap: impl Fn(HttpService) -> S + Send + Sync + 'static) -> Self
    where
        S: Service<http::Request<reqwest::Body>, Response = http::Response<B>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: Body + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        self.layers.push(Arc::new(move |http| HttpService::of(wrap(http))));
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

    /// Sets how many requests the client and its clones send again while no call succeeds; 100 by default. Each success of
    /// a second attempt gives one back, and each success of a first attempt a tenth. So a server that is down gets hardly
    /// more requests than one that is not.
    pub fn retry_budget(mut self, requests: u32) -> Self {
        self.retry_budget = requests;
        self
    }

    /// Sets how many requests the client and its clones have in flight at most; any number by default. Further ones wait for
    /// their turn, at most until their deadline. A response that is read as it arrives is in flight until it is dropped.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.in_flight = Some(requests);
        self
    }

    /// Waits before the rate limit is hit: the client and its clones send no more requests than responses say that this
    /// window has left, and none after a `Retry-After`, until the window ends. A call whose deadline comes first fails at once
    /// with [`TimeLimit::Deadline`](super::TimeLimit::Deadline).
    pub fn pace_by_rate_limit(mut self) -> Self {
        self.paced = true;
        self
    }

    /// Sets a function that is called before each attempt. If it panics, the call goes on.
    pub fn before_attempt(mut self, hook: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.settings.hooks.before = Some(Arc::new(hook));
        self
    }

    /// Sets a function that is called after each attempt, unless the call was dropped before. If it panics, the call goes on.
    pub fn after_attempt(mut self, hook: impl Fn(&Attempt, &Outcome) + Send + Sync + 'static) -> Self {
        self.settings.hooks.after = Some(Arc::new(hook));
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
        report: impl Fn(&'static crate::operation::Operation, http::StatusCode, &Deviations) + Send + Sync + 'static,
    ) -> Self {
        self.settings.on_deviation = Some(Arc::new(report));
        self
    }

    /// Compresses bodies of requests with gzip that have at least this number of bytes. The server has to take that; no
    /// description tells. Multipart bodies and what is read while it is sent are not compressed.
    #[cfg(feature = "gzip")]
    #[cfg_attr(docsrs, doc(cfg(feature = "gzip")))]
    pub fn compress_requests(mut self, least: usize) -> Self {
        self.settings.least_compressed = Some(least);
        self
    }

    /// Replaces the pause between attempts, for tests.
    #[doc(hidden)]
    pub fn sleep_with(mut self, sleep: impl Fn(Duration) -> Pause + Send + Sync + 'static) -> Self {
        self.settings.sleep = Arc::new(sleep);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`Error::Build`], with the invalid setting.
    pub fn build(self) -> Result<Client, Error> {
        let text = self.base_url.as_deref().or(DEFAULT_BASE_URL);
        let base_url = check_base_url(text.ok_or(BuildError::NoBaseUrl)?, self.allow_insecure)?;
        let own_http = self.service.is_none() && self.layers.is_empty() && matches!(self.http, Http::Own(_));
        // A browser has TLS of its own.
        let has_tls = cfg!(any(feature = "client", feature = "client-native-tls", target_arch = "wasm32"));
        if base_url.scheme() == "https" && own_http && !has_tls {
            return Err(BuildError::NoTls.into());
        }
        let mut credentials = Credentials::default();
        if let Some(token) = &self.token {
            credentials.set_default(token)?;
        }
        for (scheme, credential) in &self.credentials {
            credentials.set(scheme, credential)?;
        }
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| BuildError::InvalidUserAgent)?;
        let service = match &self.service {
            Some(service) => service.clone(),
            None => self.http(base_url.scheme() == "http" || is_loopback(&base_url))?.into(),
        };
        let inner = Inner {
            transport: self.layers.iter().fold(service, |service, wrap| wrap(service)),
            user_agent,
            base_url,
            credentials,
            settings: self.settings,
            budget: Budget::new(self.retry_budget),
            admission: Admission::new(self.in_flight, self.paced),
        };
        Ok(Client { inner: Arc::new(inner) })
    }

    fn http(&self, is_direct: bool) -> Result<reqwest::Client, BuildError> {
        match &self.http {
            Http::Given(http) => Ok(http.clone()),
            Http::Own(configure) => {
                let client = platform::client(self.connect_timeout, self.settings.silence, is_direct, &**configure);
                client.map_err(BuildError::Http)
            }
        }
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
        "https" => Ok(url),
        "http" if allow_insecure || is_loopback(&url) => Ok(url),
        "http" => Err(BuildError::Insecure),
        _ => Err(BuildError::UnusableBaseUrl("is neither HTTP nor HTTPS")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

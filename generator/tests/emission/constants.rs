//! What the description says of the API as a whole: servers, security schemes, headers of responses.

use insta::assert_snapshot;

use crate::run::{described, emitted};

const PETS: &str = "/pets get {operationId: listPets, responses: {'204': {description: OK}}}";

fn with_servers(servers: &str) -> crate::run::Emitted {
    emitted(&format!("{}servers: {servers}\n", described(PETS)))
}

#[test]
fn the_first_absolute_server_is_the_default_with_its_variables_at_their_defaults() {
    let default = |servers: &str| {
        with_servers(servers).item("src/client/api.rs", "pub(super) const DEFAULT_BASE_URL")
    };
    assert_snapshot!(default("[{url: /v1}, {url: 'https://{region}.example.com/v1', variables: {region: {default: eu}}}]"), @r#"
    /// The first server of the description whose URL is absolute, its variables at their defaults.
    pub(super) const DEFAULT_BASE_URL: Option<&str> = Some("https://eu.example.com/v1");
    "#);
    assert_snapshot!(default("[{url: /relative}]"), @"
    /// The first server of the description whose URL is absolute, its variables at their defaults.
    pub(super) const DEFAULT_BASE_URL: Option<&str> = None;
    ");
}

#[test]
fn a_server_with_variables_is_a_struct_of_them() {
    assert_snapshot!(with_servers(
        "[{url: 'https://{region}.example.com:{port}', description: Production, variables: {region: {default: eu, enum: [eu, us-east-1], description: Where it is.}, port: {default: '443'}}}]"
    ).all("src/client/servers.rs"), @r#"
    /// `https://{region}.example.com:{port}`
    ///
    /// Production
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Server {
        /// Where it is.
        pub region: ServerRegion,
        /// The variable `port`.
        pub port: String,
    }

    impl ::std::default::Default for Server {
        fn default() -> Self {
            Self {
                region: ::std::default::Default::default(),
                port: "443".to_owned(),
            }
        }
    }

    impl Server {
        /// The URL with the variables.
        #[must_use]
        pub fn url(&self) -> String {
            String::from("https://{region}.example.com:{port}")
                .replace("{region}", self.region.as_str())
                .replace("{port}", &self.port)
        }
    }

    /// The values of the variable `region`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum ServerRegion {
        /// `eu`
        #[default]
        Eu,
        /// `us-east-1`
        UsEast1,
    }

    impl ServerRegion {
        /// The value as it stands in the URL.
        #[must_use]
        pub fn as_str(self) -> &'static str {
            match self {
                Self::Eu => "eu",
                Self::UsEast1 => "us-east-1",
            }
        }
    }
    "#);
}

#[test]
fn several_servers_are_numbered() {
    let servers = with_servers(
        "[{url: 'https://a.example'}, {url: 'https://b.example', description: The other.}]",
    );
    assert_snapshot!(servers.items("src/client/servers.rs", &["pub struct Server1", "pub struct Server2", "impl Server2"]), @r#"
    /// `https://a.example`
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Server1 {}

    /// `https://b.example`
    ///
    /// The other.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Server2 {}

    impl Server2 {
        /// The URL with the variables.
        #[must_use]
        pub fn url(&self) -> String {
            String::from("https://b.example")
        }
    }
    "#);
}

#[test]
fn security_schemes_are_a_table() {
    let schemes = "  securitySchemes:
    token: {type: http, scheme: bearer}
    password: {type: http, scheme: basic}
    key: {type: apiKey, in: query, name: api_key}
    header: {type: apiKey, in: header, name: X-Key}
    session: {type: apiKey, in: cookie, name: sid}
    open: {type: openIdConnect, openIdConnectUrl: 'https://a.example'}
    tls: {type: mutualTLS}
";
    let emitted = emitted(&format!("{}{schemes}", described(PETS)));
    assert_snapshot!(emitted.item("src/security/schemes.rs", "pub static SECURITY_SCHEMES"), @r#"
    /// The security schemes of the description whose credentials one text or pair is enough for, in its order.
    pub static SECURITY_SCHEMES: &[SecurityScheme] = &[
        SecurityScheme {
            name: "header",
            carrier: Carrier::Key(Location::Header, "X-Key"),
        },
        SecurityScheme {
            name: "key",
            carrier: Carrier::Key(Location::Query, "api_key"),
        },
        SecurityScheme {
            name: "open",
            carrier: Carrier::Bearer,
        },
        SecurityScheme {
            name: "password",
            carrier: Carrier::Basic,
        },
        SecurityScheme {
            name: "session",
            carrier: Carrier::Key(Location::Cookie, "sid"),
        },
        SecurityScheme {
            name: "token",
            carrier: Carrier::Bearer,
        },
    ];
    "#);
}

#[test]
fn headers_of_responses_are_constants() {
    let emitted = emitted(&described(
        "/pets get {operationId: listPets, responses: {'200': {description: OK, headers: {X-Total: {description: How many there are., schema: {type: integer}}, x-trace: {schema: {type: string}}}}}}
         /other get {operationId: other, responses: {'200': {description: OK, headers: {x-total: {schema: {type: integer}}, X-Flag: {schema: {type: boolean}}}}}}",
    ));
    assert_snapshot!(emitted.all("src/headers.rs"), @r#"
    /// The header `X-Flag`.
    pub const X_FLAG: Header<bool> = Header::new("x-flag");

    /// How many there are.
    ///
    /// The header `X-Total`.
    pub const X_TOTAL: Header<i64> = Header::new("x-total");

    /// The header `X-Trace`.
    pub const X_TRACE: Header<String> = Header::new("x-trace");
    "#);
}

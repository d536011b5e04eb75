//! Groups of operations.

#![allow(unused_imports, unused_macros, reason = "an API may have no operations")]

/// Defines a group of operations: its trait, its routers, and the request and the response of each operation.
///
/// `fn list_teams = operations::LIST_TEAMS;` is the method `list_teams(&self, &RequestContext, ListTeamsRequest)` that returns an
/// [`Outcome`](crate::server::Outcome) with a `ListTeamsResponse`, and by default 501.
///
/// A field has its source: `path`, `query`, `header` or `cookie`, of the same name or with another one (`query "perPage"`),
/// with its default (`query || "JSON"`), or after `optional`. The body is `body json`, likewise `form`, `multipart`, `text`
/// and `bytes`, or `body Enum { 0 Json json, ... }` for several media types, after `optional` too.
///
/// A variant has its status and body: `200 json`, `200 text "text/csv"` with a media type, or `404` alone. The status `any`
/// is for a variant with a field `status`. Each response also has a variant `Other(Reply)`.
macro_rules! group {
    (
        $(#[$about:meta])*
        pub trait $api:ident;

        $(
            $(#[$method_about:meta])*
            fn $method:ident = $operation:path;
            pub struct $request:ident $fields:tt
            pub enum $response:ident $variants:tt
        )*
    ) => {
        $(#[$about])*
        pub trait $api: $crate::server::Service {
            $(
                $(#[$method_about])*
                fn $method(
                    &self,
                    context: &$crate::server::RequestContext<Self::Principal>,
                    request: $request,
                ) -> impl $crate::server::Outcome<$response, Self::Error> {
                    $crate::server::service::not_implemented(self, context, request)
                }
            )*
        }

        /// The operations of this group.
        #[allow(dead_code, reason = "webhooks are no operations of the API")]
        pub(super) const OPERATIONS: &[&$crate::operation::Operation] = &[$(&$operation),*];

        /// The router of this group. Other groups respond with 501. Routers of several groups can be merged. Each group has
        /// a function of this name: call it by its module.
        pub fn router(api: impl $api) -> ::axum::Router {
            routes(&::std::sync::Arc::new(api)).into_router()
        }

        /// The routes of this group, to combine with those of other groups: `teams::routes(&Arc::new(api))`. Each group has a
        /// function of this name.
        pub fn routes<S: $api>(api: &::std::sync::Arc<S>) -> $crate::server::Routes {
            $crate::server::Routes::new([
                $($crate::server::service::handler(&$operation, api, <S as $api>::$method),)*
            ])
        }

        $($crate::server::endpoint::operation! {
            $api $method $operation;
            pub struct $request $fields
            pub enum $response $variants
        })*
    };
}

/// Defines the request and the response of an operation. Not a part of [`group!`]: the time of matching grows with the
/// square of what one macro repeats.
macro_rules! operation {
    (
        $api:ident $method:ident $operation:path;
        pub struct $request:ident {
            $(
                $(#[$field_about:meta])*
                pub $field:ident: $type:ty = $($source:ident)+ $({ $($bodies:tt)* })?
                    $($name:literal)? $(|| $default:literal)?,
            )*
        }
        pub enum $response:ident {
            $(
                $(#[$variant_about:meta])*
                $variant:ident $(($body:ty))? $({ $($member:ident: $member_type:ty),* })?
                    = $status:tt $($encoding:ident $($media_type:literal)?)?,
            )*
        }
    ) => {
        #[doc = concat!("A [`", stringify!($api), "::", stringify!($method), "`] request.")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $request {
            $($(#[$field_about])* pub $field: $type,)*
        }

        #[doc = concat!("A response to [`", stringify!($api), "::", stringify!($method), "`]. ")]
        #[doc = "A variant without a value is sent without a body, also one of an error."]
        #[derive(Debug)]
        pub enum $response {
            $($(#[$variant_about])* $variant $(($body))? $({ $($member: $member_type),* })?,)*
            /// Any other response.
            Other($crate::server::Reply),
        }

        impl $crate::server::service::OperationRequest for $request {
            #[allow(unused_variables, reason = "not every operation has parameters and a body")]
            fn read(
                context: &$crate::server::RequestContext,
                payload: &$crate::server::Payload,
            ) -> ::std::result::Result<Self, $crate::server::Problem> {
                // There are thousands of fields, and `?` is more work for the compiler than `match`.
                ::std::result::Result::Ok(Self {
                    $($field: match $crate::server::endpoint::read!(
                        context payload $($source)+ $({ $($bodies)* })?, $field $($name)? $(|| $default)?
                    ) {
                        ::std::result::Result::Ok(value) => value,
                        ::std::result::Result::Err(problem) => return ::std::result::Result::Err(problem),
                    },)*
                })
            }
        }

        impl $crate::server::IntoReply for $response {
            fn into_reply(self) -> $crate::server::Reply {
                match self {
                    $($crate::server::endpoint::variant!(
                        $variant status body $status $($encoding)?
                    ) => $crate::server::endpoint::reply!(
                        status body $status $($encoding $($media_type)?)?
                    ),)*
                    Self::Other(reply) => reply,
                }
            }
        }

        impl ::std::convert::From<$crate::server::Reply> for $response {
            fn from(reply: $crate::server::Reply) -> Self {
                Self::Other(reply)
            }
        }
    };
}

/// Reads a field of a request.
macro_rules! read {
    ($context:ident $payload:ident optional body $how:ident $({ $($bodies:tt)* })?, $field:ident) => {
        ::std::result::Result::Ok($crate::server::endpoint::read_body!($context $payload $how $({ $($bodies)* })?))
    };
    ($context:ident $payload:ident body $how:ident $({ $($bodies:tt)* })?, $field:ident) => {
        $crate::server::endpoint::read_body!($context $payload $how $({ $($bodies)* })?)
            .ok_or_else($crate::server::Problem::missing_body)
    };
    ($context:ident $payload:ident optional $location:ident, $($name:tt)+) => {
        $context.optional(
            $crate::server::endpoint::location::$location,
            $crate::operation::name!($($name)+),
        )
    };
    ($context:ident $payload:ident $location:ident, $field:ident $($name:literal)? || $default:literal) => {
        $context.or_default(
            $crate::server::endpoint::location::$location,
            $crate::operation::name!($field $($name)?),
            $default,
        )
    };
    ($context:ident $payload:ident $location:ident, $($name:tt)+) => {
        $context.required(
            $crate::server::endpoint::location::$location,
            $crate::operation::name!($($name)+),
        )
    };
}

/// Reads a body, if there is one.
macro_rules! read_body {
    ($context:ident $payload:ident $encoding:ident) => {
        match $payload.choose($context.operation().body)? {
            Some((_, content)) => Some($payload.$encoding(content)?),
            None => None,
        }
    };
    ($context:ident $payload:ident $body:ident { $($index:literal $variant:ident $encoding:ident),* }) => {
        match $payload.choose($context.operation().body)? {
            $(Some(($index, content)) => Some($body::$variant($payload.$encoding(content)?)),)*
            _ => None,
        }
    };
}

/// The locations by the names that [`group!`] has for them.
pub(crate) mod location {
    pub(crate) use crate::operation::Location::{Cookie as cookie, Header as header, Path as path, Query as query};
}

/// A variant of a response as a pattern.
macro_rules! variant {
    ($variant:ident $status:ident $body:ident any) => {
        Self::$variant { status: $status }
    };
    ($variant:ident $status:ident $body:ident any $encoding:ident) => {
        Self::$variant { status: $status, body: $body }
    };
    ($variant:ident $status:ident $body:ident $code:literal) => {
        Self::$variant
    };
    ($variant:ident $status:ident $body:ident $code:literal $encoding:ident) => {
        Self::$variant($body)
    };
}

/// The reply of a variant.
macro_rules! reply {
    ($status:ident $body:ident any $($encoding:ident $($media_type:literal)?)?) => {
        $crate::server::endpoint::reply!(@ $status; $($body $encoding $($media_type)?)?)
    };
    ($status:ident $body:ident $code:literal $($encoding:ident $($media_type:literal)?)?) => {
        $crate::server::endpoint::reply!(
            @ $crate::server::status($code); $($body $encoding $($media_type)?)?
        )
    };
    (@ $status:expr;) => { $crate::server::Reply::empty($status) };
    (@ $status:expr; $body:ident json) => { $crate::server::Reply::json($status, &$body) };
    (@ $status:expr; $body:ident json $media_type:literal) => {
        $crate::server::Reply::json_as($status, $media_type, &$body)
    };
    (@ $status:expr; $body:ident text $media_type:literal) => {
        $crate::server::Reply::text($status, $media_type, &$body)
    };
    (@ $status:expr; $body:ident $encoding:ident $media_type:literal) => {
        $crate::server::Reply::$encoding($status, $media_type, $body)
    };
}

pub(crate) use {group, operation, read, read_body, reply, variant};

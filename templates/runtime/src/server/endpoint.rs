//! Implementations of requests and responses, and the router of a group of operations.

#![allow(
    unused_imports,
    unused_macros,
    reason = "an API may have no operations"
)]

/// Implements the request and the response of an operation.
///
/// Each line of the request is the source of a field: `field(path "name")`, likewise `query`, `header` and `cookie`, after
/// `optional` or `default "JSON"`; or `field(body json)`, likewise `form`, `multipart`, `text` and `bytes`, after
/// `optional`, with `field(body Enum { Variant json, ... })` for several media types. Each line of the response is a
/// variant: `Variant = 200 json`, `Variant = 200 text "text/csv"` with a media type, or `Variant = 404` without a body. The
/// status `any` is for a variant with a field `status`.
macro_rules! endpoint {
    (
        $api:ident::$method:ident: $operation:path,
        $request:ident { $($field:ident($($source:tt)*),)* }
        $response:ident { $($variant:ident = $status:tt $($encoding:ident $($media_type:literal)?)?,)* }
    ) => {
        impl $crate::server::service::OperationRequest for $request {
            const OPERATION: &'static $crate::operation::Operation = &$operation;

            type Response = $response;

            #[allow(unused_variables, reason = "not every operation has parameters and a body")]
            fn read(
                context: &$crate::server::RequestContext,
                payload: &$crate::server::Payload,
            ) -> ::std::result::Result<Self, $crate::server::Problem> {
                ::std::result::Result::Ok(Self {
                    $($field: $crate::server::endpoint::read!(context payload $($source)*),)*
                })
            }
        }

        impl<__Api: $api> $crate::server::service::Call<__Api> for $request {
            fn call(
                self,
                api: &__Api,
                context: &$crate::server::RequestContext<__Api::Principal>,
            ) -> impl $crate::server::Outcome<Self::Response, __Api::Error> {
                $api::$method(api, context, self)
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
    ($context:ident $payload:ident body $($body:tt)*) => {
        match $crate::server::endpoint::read_body!($context $payload $($body)*) {
            ::std::option::Option::Some(body) => body,
            ::std::option::Option::None => {
                return ::std::result::Result::Err($crate::server::Problem::missing_body())
            }
        }
    };
    ($context:ident $payload:ident optional body $($body:tt)*) => {
        $crate::server::endpoint::read_body!($context $payload $($body)*)
    };
    ($context:ident $payload:ident optional $location:ident $name:literal) => {
        $context.optional($crate::server::endpoint::location::$location, $name)?
    };
    ($context:ident $payload:ident default $default:literal $location:ident $name:literal) => {
        $context.or_default($crate::server::endpoint::location::$location, $name, $default)?
    };
    ($context:ident $payload:ident $location:ident $name:literal) => {
        $context.required($crate::server::endpoint::location::$location, $name)?
    };
}

/// Reads a body, if there is one.
macro_rules! read_body {
    ($context:ident $payload:ident $encoding:ident) => {
        match $payload.choose($context.operation().body)? {
            ::std::option::Option::Some((_, content)) => {
                ::std::option::Option::Some($payload.$encoding(content)?)
            }
            ::std::option::Option::None => ::std::option::Option::None,
        }
    };
    ($context:ident $payload:ident $body:ident { $($index:literal $variant:ident $encoding:ident),* }) => {
        match $payload.choose($context.operation().body)? {
            $(::std::option::Option::Some(($index, content)) => {
                ::std::option::Option::Some($body::$variant($payload.$encoding(content)?))
            })*
            _ => ::std::option::Option::None,
        }
    };
}

/// The locations by the names that [`endpoint!`] has for them.
pub(crate) mod location {
    pub(crate) use crate::operation::Location::{
        Cookie as cookie, Header as header, Path as path, Query as query,
    };
}

/// A variant of a response as a pattern.
macro_rules! variant {
    ($variant:ident $status:ident $body:ident any) => {
        Self::$variant { status: $status }
    };
    ($variant:ident $status:ident $body:ident any $encoding:ident) => {
        Self::$variant {
            status: $status,
            body: $body,
        }
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

/// Defines the routers of a group, for a trait and the requests of its operations.
macro_rules! routes {
    ($api:ident { $($request:ident),* $(,)? }) => {
        /// The operations of this group.
        #[allow(dead_code, reason = "webhooks are no operations of the API")]
        pub(super) const OPERATIONS: &[&$crate::operation::Operation] =
            &[$(<$request as $crate::server::service::OperationRequest>::OPERATION),*];

        /// The router of this group. Other groups respond with 501. Routers of several groups can be merged.
        pub fn router<__Api: $api>(api: __Api) -> ::axum::Router {
            routes(&::std::sync::Arc::new(api)).into_router()
        }

        /// The routes of this group, to combine with those of other groups.
        pub fn routes<__Api: $api>(api: &::std::sync::Arc<__Api>) -> $crate::server::Routes {
            $crate::server::Routes::new([
                $($crate::server::service::handler::<__Api, $request>(api),)*
            ])
        }
    };
}

pub(crate) use {endpoint, read, read_body, reply, routes, variant};

//! Calls of operations, and the types that their responses decode into.

#![allow(unused_imports, unused_macros, reason = "an API uses what it needs")]

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use bytes::Bytes;

use super::error::Error;
use super::request::Request;
use super::response::{ApiResponse, Received};
use super::{EventStream, Items, Lines, Pages};
use crate::types::Decode;

/// A call of an operation without optional arguments.
///
/// The response decodes into `R`: a type of [`models`](crate::models), [`Text`], [`Raw`], [`Events`] or [`Empty`],
/// [`Lines`] of a type, or [`Paged`] around the type of a page.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<R>(Request, PhantomData<fn() -> R>);

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<R> From<Request> for Call<R> {
    fn from(request: Request) -> Self {
        Self(request, PhantomData)
    }
}

/// The response to a call. Nothing is sent until it is awaited.
///
/// The type is the same for all operations: it compiles faster than a type for each, and a future that awaits it stays small.
pub type ResponseFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Implements the settings of a single call for a type that is made from a request, and holds it in its first field.
macro_rules! settings {
    ($name:ident $(<$parameter:ident>)?) => {
        impl $(<$parameter>)? $name $(<$parameter>)? {
            /// Sets a header of this call alone, which the operation need not have. It goes before what the client would
            /// send, credentials included.
            pub fn header(
                self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::convert::TryInto<::http::HeaderValue>,
            ) -> Self {
                self.0.extra_header(name, value).into()
            }

            /// Adds a pair to the query of this call alone, which the operation need not have.
            pub fn extra_query(self, name: impl ::std::convert::AsRef<str>, value: impl ::std::fmt::Display) -> Self {
                self.0.extra_query(name, value).into()
            }

            /// Sets the longest time of this call, in place of
            /// [`ClientBuilder::deadline`](crate::client::ClientBuilder::deadline). It also holds for a body that is read as
            /// it arrives.
            pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
                self.0.timeout(timeout).into()
            }

            /// Sets when this request is sent again, in place of
            /// [`ClientBuilder::retry`](crate::client::ClientBuilder::retry).
            pub fn retry(self, policy: $crate::client::RetryPolicy) -> Self {
                self.0.retry(policy).into()
            }

            /// Sets the media types to accept, in place of those of the operation.
            pub fn accept(self, media_types: impl ::std::convert::Into<::std::borrow::Cow<'static, str>>) -> Self {
                self.0.accept(media_types).into()
            }

            /// Sends the request, and returns the body as it was received, with status and headers.
            ///
            /// # Errors
            /// Here and below, see [`Error`](crate::client::Error); every status other than a success is one.
            pub fn raw(self) -> $crate::client::ResponseFuture<$crate::client::Received> {
                self.0.raw()
            }

            /// Sends the request, and reads the response as it arrives: as a stream, or into a file. It may have any media
            /// type.
            pub fn send_streaming(self) -> $crate::client::ResponseFuture<$crate::client::Download> {
                self.0.send_streaming()
            }
        }
    };
}

settings!(Call<R>);

impl<R: Receive + 'static> Call<R> {
    /// Sends the request, and decodes the response.
    ///
    /// # Errors
    /// See [`Error`]; every status other than a success is one.
    pub fn send(self) -> ResponseFuture<ApiResponse<R::Value>> {
        Box::pin(R::receive(self.0))
    }
}

impl<T: Decode> Call<Paged<T>> {
    /// The pages of the list, as a stream. Each page is requested when it is needed.
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.0, Received::json)
    }
}

impl<T: Decode> Call<Paged<Vec<T>>> {
    /// The items of all pages, as a stream.
    pub fn items(self) -> Items<T> {
        self.pages().items()
    }
}

/// A type that a response decodes into: from JSON, except for the types of this module and the enums of operations with
/// several successes.
pub trait Receive {
    /// The type of [`ApiResponse::value`].
    type Value;

    /// Sends the request, and decodes the response.
    fn receive(request: Request) -> impl Future<Output = Result<ApiResponse<Self::Value>, Error>> + Send;
}

/// A list that is sent in pages of type `T`.
#[derive(Debug)]
pub struct Paged<T>(PhantomData<T>);

/// A response of text.
#[derive(Debug)]
pub struct Text;

/// A response of bytes.
#[derive(Debug)]
pub struct Raw;

/// A response whose body is ignored.
#[derive(Debug)]
pub struct Empty;

/// A response of server-sent events.
#[derive(Debug)]
pub struct Events;

macro_rules! receive {
    (<$($parameter:ident)?> $response:ty => $value:ty, |$request:ident| $received:expr) => {
        impl<$($parameter: Decode)?> Receive for $response {
            type Value = $value;

            async fn receive($request: Request) -> Result<ApiResponse<$value>, Error> {
                $received
            }
        }
    };
}

receive!(<T> T => T, |request| request.execute().await?.json());
receive!(<T> Paged<T> => T, |request| request.execute().await?.json());
receive!(<T> Lines<T> => Lines<T>, |request| request.lines().await);
receive!(<> Text => String, |request| request.execute().await?.text());
receive!(<> Raw => Bytes, |request| request.execute().await?.bytes());
receive!(<> Empty => (), |request| request.execute().await?.empty());
receive!(<> Events => EventStream, |request| request.events().await);

/// Defines the methods of the client for a group of operations, and the builders of requests with optional arguments.
///
/// `pub fn delete_team(team) -> Call<Empty> = operations::DELETE_TEAM;` is a method with an argument for the path parameter
/// `team`, `impl AsRef<str>`; `(team "teamId")` has another name in HTTP. Arguments with a type are set by calls of
/// [`Request`]'s methods after the operation. `with body: &models::Team` is a further argument, for the body. A method that
/// takes nothing but texts and such a body gets an example.
///
/// Each row of a builder is a method that sets a parameter: `cursor = query` takes a text, `size: i64 = query` a value,
/// `names[] = query` several texts and `ids[i64] = query` several values; `query "page[size]"` has another name in HTTP. The
/// response is an `items of T`, a [`Paged`] list with the methods `pages` and `items`, any other [`Paged`] `pages of T`, or a
/// `response of T`.
macro_rules! calls {
    (
        $(#[$heading:meta])*
        impl $library:ident::client::Client;

        $(
            $(#[$about:meta])*
            pub fn $method:ident($($argument:ident $($wire:literal)? $(: $type:ty)?),* $(,)?)
                $(with $body:ident: &$models:ident::$model:ident)?
                -> $returns:ty = $tables:ident::$operation:ident $(.$call:ident($($value:tt)*))*;
            $(
                pub struct $builder:ident => $kind:ident of $response:ty {
                    $(
                        $(#[$setter_about:meta])*
                        $setter:ident $(: $value_type:ty)? $([$($item:ty)?])? = $location:ident $($name:literal)?,
                    )*
                }
            )?
        )*
    ) => {
        $(#[$heading])*
        impl $crate::client::Client {
            $(
                $(#[$about])*
                #[doc = $crate::client::call::example!(
                    $library $method ($($argument $(: $type)?),*) $($body: $models::$model)?
                )]
                pub fn $method(
                    &self,
                    $($argument: $crate::client::call::argument!($($type)?),)*
                    $($body: &$models::$model,)?
                ) -> $returns {
                    let request = self.request(&$tables::$operation);
                    $(let request = $crate::client::call::path_text!(request $argument $($wire)?; $($type)?);)*
                    request$(.$call($($value)*))*.into()
                }
            )*
        }

        $($(
            #[doc = concat!(
                "Builder of a [`", stringify!($method), "`](crate::client::Client::", stringify!($method), ") request."
            )]
            #[allow(rustdoc::broken_intra_doc_links, reason = "the name of the method may be raw")]
            #[derive(Debug)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct $builder($crate::client::request::Request);

            impl $builder {
                $($crate::client::call::setter! {
                    $(#[$setter_about])* $setter $(: $value_type)? $([$($item)?])? = $location $($name)?
                })*
            }

            $crate::client::call::call!($builder => $kind of $response);
        )?)*
    };
}

/// The documentation with the example of a method whose arguments have no types, perhaps with a body.
macro_rules! example {
    (@ $library:ident $method:ident [$($parameter:tt)*] [$($argument:tt)*]) => {
        concat!(
            "```no_run\n# async fn example(client: ", stringify!($library), "::client::Client", $($parameter)*
            ") -> Result<(), ", stringify!($library), "::client::Error> {\nlet response = client.",
            stringify!($method), "(", $($argument)* ").send().await?;\n# Ok(()) }\n```"
        )
    };
    ($library:ident $method:ident ($($first:ident $(, $argument:ident)*)?)) => {
        $crate::client::call::example!(@ $library $method [] [
            $("\"", stringify!($first), $("\", \"", stringify!($argument),)* "\"",)?
        ])
    };
    ($library:ident $method:ident ($($argument:ident),*) $body:ident: $models:ident::$model:ident) => {
        $crate::client::call::example!(@ $library $method [
            ", ", stringify!($body), ": ", stringify!($library), "::", stringify!($models), "::", stringify!($model),
        ] [
            $("\"", stringify!($argument), "\", ",)* "&", stringify!($body),
        ])
    };
    ($($typed:tt)*) => {
        ""
    };
}

/// The type of an argument of a method.
macro_rules! argument {
    () => { impl ::std::convert::AsRef<str> };
    ($type:ty) => { $type };
}

/// Sets the path parameter of an argument without a type.
macro_rules! path_text {
    ($request:ident $argument:ident $($wire:literal)?;) => {
        $request.path($crate::operation::name!($argument $($wire)?), $argument.as_ref())
    };
    ($request:ident $argument:ident; $type:ty) => {
        $request
    };
}

/// The method of a row of a builder.
macro_rules! setter {
    (@ $(#[$about:meta])* $name:ident($value:ident: $type:ty, $given:expr) = $location:ident $($wire:literal)?) => {
        $(#[$about])*
        pub fn $name(self, $value: $type) -> Self {
            Self(self.0.$location($crate::operation::name!($name $($wire)?), $given))
        }
    };
    ($(#[$about:meta])* $name:ident = $($parameter:tt)+) => {
        $crate::client::call::setter! {
            @ $(#[$about])* $name(value: impl ::std::convert::AsRef<str>, value.as_ref()) = $($parameter)+
        }
    };
    ($(#[$about:meta])* $name:ident: $type:ty = $($parameter:tt)+) => {
        $crate::client::call::setter! { @ $(#[$about])* $name(value: $type, &value) = $($parameter)+ }
    };
    ($(#[$about:meta])* $name:ident[] = $($parameter:tt)+) => {
        $crate::client::call::setter! {
            @ $(#[$about])* $name(
                value: impl ::std::iter::IntoIterator<Item = impl ::std::convert::AsRef<str>>,
                &$crate::client::parameter::texts(value)
            ) = $($parameter)+
        }
    };
    ($(#[$about:meta])* $name:ident[$item:ty] = $($parameter:tt)+) => {
        $crate::client::call::setter! {
            @ $(#[$about])* $name(
                value: impl ::std::iter::IntoIterator<Item = $item>,
                &$crate::client::parameter::values(value)
            ) = $($parameter)+
        }
    };
}

/// Implements `send` for the builder of a request.
macro_rules! call {
    ($name:ident => items of $item:ty) => {
        $crate::client::call::call!($name => pages of ::std::vec::Vec<$item>);

        impl $name {
            /// The items of all pages, as a stream.
            pub fn items(self) -> $crate::client::Items<$item> {
                self.pages().items()
            }
        }
    };
    ($name:ident => pages of $page:ty) => {
        $crate::client::call::call!($name => response of $crate::client::Paged<$page>);

        impl $name {
            /// The pages of the list, as a stream. Each page is requested when it is needed.
            pub fn pages(self) -> $crate::client::Pages<$page> {
                $crate::client::Call::<$crate::client::Paged<_>>::from(self.0).pages()
            }
        }
    };
    ($name:ident => response of $response:ty) => {
        $crate::client::call::settings!($name);

        impl ::std::convert::From<$crate::client::request::Request> for $name {
            fn from(request: $crate::client::request::Request) -> Self {
                Self(request)
            }
        }

        impl $name {
            /// Sends the request, and decodes the response.
            ///
            /// # Errors
            /// See [`Error`](crate::client::Error); every status other than a success is one.
            pub fn send(
                self,
            ) -> $crate::client::ResponseFuture<
                $crate::client::ApiResponse<<$response as $crate::client::call::Receive>::Value>,
            > {
                $crate::client::Call::<$response>::from(self.0).send()
            }
        }
    };
}

/// Decodes the successes of an operation into an enum, by status: `Variant = status decoder`.
macro_rules! successes {
    ($name:ident { $($variant:ident = $status:tt $decode:ident,)* }) => {
        impl $crate::client::call::Receive for $name {
            type Value = Self;

            async fn receive(
                request: $crate::client::request::Request,
            ) -> ::std::result::Result<$crate::client::ApiResponse<Self>, $crate::client::Error> {
                let received = request.execute().await?;
                match received.status.as_u16() {
                    $($crate::client::call::status!($status) => {
                        $crate::client::call::decode!(received $decode Self::$variant)
                    })*
                }
            }
        }
    };
}

/// Decodes the documented errors of an operation into an enum, by status, and by media type where a status has several
/// types: `Variant = status "application/problem+json"`.
macro_rules! errors {
    ($name:ident { $($variant:ident = $status:tt $($media_type:literal)?,)* }) => {
        impl $crate::client::ErrorBody for $name {
            fn read(
                response: &$crate::client::ErrorResponse,
            ) -> ::std::result::Result<Self, ::serde_json::Error> {
                match response.status.as_u16() {
                    $($crate::client::call::status!($status) $(if response.is_of($media_type))? => {
                        response.decode().map(Self::$variant)
                    })*
                    #[allow(unreachable_patterns, reason = "a default response has any status")]
                    _ => ::std::result::Result::Ok(Self::Other),
                }
            }
        }
    };
}

/// A status as a pattern: `200`, `(400..=499)`, `_`.
macro_rules! status {
    (($first:literal..=$last:literal)) => {
        $first..=$last
    };
    ($status:pat) => {
        $status
    };
}

macro_rules! decode {
    ($received:ident empty $variant:path) => {
        $received.empty().map(|it| it.map(|()| $variant))
    };
    ($received:ident $decode:ident $variant:path) => {
        $received.$decode().map(|response| response.map($variant))
    };
}

pub(crate) use {argument, call, calls, decode, errors, example, path_text, setter, settings, status, successes};

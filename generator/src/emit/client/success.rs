//! What a call returns on success.

use super::super::doc;
use super::super::rust::{CratePath, ident, suffixed, type_tokens};
use super::{docs, is_header_text};
use crate::emit::code::{Code, Ident, Literal, quote};
use crate::ir::{
    Api, BodyEncoding, Content, HttpMethod, Operation, Pagination, Response, Status, Type,
};

/// How the body of a success is read.
#[derive(Clone, PartialEq, Eq)]
enum Decoding {
    Empty,
    Json(Type),
    Text,
    Octets,
    Events,
}

impl Decoding {
    fn of(operation: &Operation, response: &Response) -> Self {
        match response.contents.first() {
            Some(content) if operation.method != HttpMethod::Head => Self::of_content(content),
            _ => Self::Empty,
        }
    }

    fn of_content(content: &Content) -> Self {
        match content.encoding {
            BodyEncoding::Json => Self::Json(content.ty.clone()),
            BodyEncoding::Text => Self::Text,
            BodyEncoding::EventStream => Self::Events,
            BodyEncoding::Form | BodyEncoding::Multipart | BodyEncoding::Binary => Self::Octets,
        }
    }

    fn ty(&self, api: &Api) -> Code {
        match self {
            Self::Empty => quote!(()),
            Self::Json(ty) => type_tokens(api, &CratePath::inside(), ty),
            Self::Text => quote!(::std::string::String),
            Self::Octets => quote!(::bytes::Bytes),
            Self::Events => quote!(crate::client::EventStream),
        }
    }

    /// The method of the runtime's `Received`.
    fn method(&self) -> Code {
        match self {
            Self::Empty => quote!(empty),
            Self::Json(_) => quote!(json),
            Self::Text => quote!(text),
            // An event stream beside other successes cannot be told apart before the body is read.
            Self::Octets | Self::Events => quote!(octets),
        }
    }
}

/// What a call returns: the methods that perform it, and the enum of its successes where they differ.
pub(super) struct Success {
    pub(super) methods: Code,
    pub(super) items: Code,
}

/// The success of an operation.
pub(super) fn generate(api: &Api, operation: &Operation) -> Success {
    let mut arms: Vec<(&Response, Decoding)> = successes(operation)
        .into_iter()
        .map(|response| (response, Decoding::of(operation, response)))
        .collect();
    let first = arms
        .first()
        .map_or(Decoding::Empty, |(_, decoding)| decoding.clone());
    if arms.iter().all(|(_, decoding)| *decoding == first) {
        return Success {
            methods: single(api, operation, &first),
            items: Code::new(),
        };
    }
    for (_, decoding) in &mut arms {
        if *decoding == Decoding::Events {
            *decoding = Decoding::Octets;
        }
    }
    several(api, operation, &arms)
}

/// The responses that stand for success: those of 2XX, or the default where it is the only one that can.
pub(super) fn successes(operation: &Operation) -> Vec<&Response> {
    let all = operation.responses.iter();
    let found: Vec<_> = all
        .clone()
        .filter(|response| response.status.is_success())
        .collect();
    match found.is_empty() {
        true => all
            .filter(|response| response.status == Status::Default)
            .collect(),
        false => found,
    }
}

/// The contents of successes that carry something that the first one does not, each media type once.
pub(super) fn alternatives(operation: &Operation) -> Vec<(&Response, &Content)> {
    let mut found: Vec<(&Response, &Content)> = Vec::new();
    for response in successes(operation) {
        for content in response
            .contents
            .iter()
            .skip(1)
            .filter(|content| content.distinct)
        {
            let known = found
                .iter()
                .any(|(_, other)| other.media_type == content.media_type);
            if !known && operation.method != HttpMethod::Head {
                found.push((response, content));
            }
        }
    }
    found
}

/// What a content is received as, and the calls that receive it.
pub(super) fn received(api: &Api, content: &Content) -> (Code, Code) {
    let decoding = Decoding::of_content(content);
    let method = decoding.method();
    let call = match decoding {
        Decoding::Events => quote!(events().await),
        _ => quote!(execute().await?.#method()),
    };
    (decoding.ty(api), call)
}

/// The media types to ask for: the first of each response, successes before errors.
pub(super) fn accept(operation: &Operation) -> String {
    let mut accepted: Vec<&str> = Vec::new();
    for response in successes(operation).into_iter().chain(&operation.responses) {
        let media_type = response
            .contents
            .first()
            .map(|content| content.media_type.as_str());
        let media_type = media_type.filter(|text| is_header_text(text) && !accepted.contains(text));
        accepted.extend(media_type);
    }
    accepted.join(", ")
}

fn single(api: &Api, operation: &Operation, decoding: &Decoding) -> Code {
    let ty = decoding.ty(api);
    let method = decoding.method();
    let call = match decoding {
        Decoding::Events => quote!(self.request.events().await),
        _ => quote!(self.request.execute().await?.#method()),
    };
    let pages = pages(api, operation, decoding);
    quote! {
        /// Performs the call.
        ///
        /// # Errors
        /// See [`Error`](crate::client::Error); every status that is not a success is one.
        pub async fn send(
            self,
        ) -> ::std::result::Result<crate::client::ApiResponse<#ty>, crate::client::Error> {
            #call
        }
        #pages
    }
}

/// The streams of an operation that pages its list.
fn pages(api: &Api, operation: &Operation, decoding: &Decoding) -> Code {
    let (Some(Pagination::Link { .. }), Decoding::Json(ty)) = (&operation.pagination, decoding)
    else {
        return Code::new();
    };
    let page = decoding.ty(api);
    let items = match api.resolve(ty) {
        Type::List(item) => {
            let item = type_tokens(api, &CratePath::inside(), item);
            quote! {
                /// The items of all pages, as a stream.
                pub fn items(self) -> crate::client::Items<#item> {
                    self.pages().items()
                }
            }
        }
        _ => Code::new(),
    };
    quote! {
        /// The pages of the list, as a stream; each is asked for when it is needed.
        pub fn pages(self) -> crate::client::Pages<#page> {
            crate::client::Pages::new(self.request, crate::client::response::Received::json)
        }
        #items
    }
}

fn several(api: &Api, operation: &Operation, arms: &[(&Response, Decoding)]) -> Success {
    let name = suffixed(&operation.type_name, "Success");
    let variants = arms
        .iter()
        .map(|(response, decoding)| variant(api, response, decoding));
    let decoded = arms
        .iter()
        .map(|(response, decoding)| (pattern(response.status), decode(&name, response, decoding)));
    // A status that the description does not know is taken for the last arm if that takes any, else for the first.
    let open = arms
        .iter()
        .any(|(response, _)| response.status == Status::Default);
    let fallback = match arms.first() {
        Some((response, decoding)) if !open => {
            let decode = decode(&name, response, decoding);
            quote!(_ => #decode,)
        }
        _ => Code::new(),
    };
    let (patterns, decoded): (Vec<_>, Vec<_>) = decoded.unzip();
    let docs = doc::line(&format!("The successes of `{}`.", operation.name.plain()));
    Success {
        methods: quote! {
            /// Performs the call. A success with a status that the description does not know is taken for the first
            /// that it knows.
            ///
            /// # Errors
            /// See [`Error`](crate::client::Error); every status that is not a success is one.
            pub async fn send(
                self,
            ) -> ::std::result::Result<crate::client::ApiResponse<#name>, crate::client::Error> {
                let received = self.request.execute().await?;
                match received.status.as_u16() {
                    #(#patterns => #decoded,)*
                    #fallback
                }
            }
        },
        items: quote! {
            #docs
            #[derive(Debug, Clone)]
            #[non_exhaustive]
            pub enum #name { #(#variants)* }
        },
    }
}

fn variant(api: &Api, response: &Response, decoding: &Decoding) -> Code {
    let name = ident(&response.name);
    let docs = doc::text_comments(&docs::status(response));
    match decoding {
        Decoding::Empty => quote!(#docs #name,),
        _ => {
            let ty = decoding.ty(api);
            quote!(#docs #name(#ty),)
        }
    }
}

fn decode(name: &Ident, response: &Response, decoding: &Decoding) -> Code {
    let variant = ident(&response.name);
    let method = decoding.method();
    let convert = match decoding {
        Decoding::Empty => quote!(|()| #name::#variant),
        _ => quote!(#name::#variant),
    };
    quote!(received.#method().map(|response| response.map(#convert)))
}

/// The statuses as a pattern of numbers.
pub(super) fn pattern(status: Status) -> Code {
    match status {
        Status::Code(code) => {
            let code = Literal::integer(code);
            quote!(#code)
        }
        Status::Range(hundred) => {
            let first = Literal::integer(u16::from(hundred) * 100);
            let last = Literal::integer(u16::from(hundred) * 100 + 99);
            quote!(#first..=#last)
        }
        Status::Default => quote!(_),
    }
}

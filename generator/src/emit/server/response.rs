//! What an operation may answer: an enum of its described statuses, and anything else.

use super::body::{media_type_name, unique};
use super::documentation;
use crate::emit::code::{Code, Ident, quote};
use crate::emit::doc::code;
use crate::emit::rust::{CratePath, string, suffixed, type_tokens};
use crate::ir::{Api, BodyEncoding, Content, Operation, Response, Status, Type};

/// A variant of the enum: a response in one of its media types, or without a body.
struct Variant<'api> {
    name: Ident,
    response: &'api Response,
    content: Option<&'api Content>,
}

pub(super) fn generate(api: &Api, operation: &Operation) -> Code {
    let name = suffixed(&operation.type_name, "Response");
    let docs = documentation::described(&format!("What {} may answer.", code(&operation.id)), None);
    let variants = variants(operation);
    let declarations = variants.iter().map(|variant| declaration(api, variant));
    let arms = variants.iter().map(|variant| arm(api, variant));
    quote! {
        #docs
        #[derive(Debug)]
        pub enum #name {
            #(#declarations,)*
            /// Anything else: a status, header or body that is not described.
            Other(crate::server::Reply),
        }

        impl crate::server::IntoReply for #name {
            fn into_reply(self) -> crate::server::Reply {
                match self {
                    #(#arms,)*
                    Self::Other(reply) => reply,
                }
            }
        }

        impl ::std::convert::From<crate::server::Reply> for #name {
            fn from(reply: crate::server::Reply) -> Self {
                Self::Other(reply)
            }
        }
    }
}

/// One variant a response; one more for every further media type, with the media type in its name.
fn variants(operation: &Operation) -> Vec<Variant<'_>> {
    let mut taken = vec!["Other".to_owned()];
    taken.extend(
        operation
            .responses
            .iter()
            .map(|response| response.name.plain().to_owned()),
    );
    let mut variants = Vec::new();
    for response in &operation.responses {
        variants.push(Variant {
            name: crate::emit::rust::ident(&response.name),
            response,
            content: response.contents.first(),
        });
        for content in response.contents.iter().skip(1) {
            let media_type = media_type_name(&content.media_type);
            let name = unique(format!("{}{media_type}", response.name.plain()), &taken);
            variants.push(Variant {
                name: Ident::new(&name),
                response,
                content: Some(content),
            });
            taken.push(name);
        }
    }
    variants
}

/// The type that a variant carries.
fn body_type(api: &Api, content: &Content) -> Code {
    match content.encoding {
        BodyEncoding::EventStream => quote!(::axum::body::Body),
        BodyEncoding::Form | BodyEncoding::Multipart => quote!(::axum::body::Bytes),
        BodyEncoding::Json | BodyEncoding::Text | BodyEncoding::Binary => {
            type_tokens(api, &CratePath::inside(), &content.ty)
        }
    }
}

fn declaration(api: &Api, variant: &Variant<'_>) -> Code {
    let name = &variant.name;
    let mut summary = match variant.response.status {
        Status::Code(code) => format!("Status {code}"),
        Status::Range(hundred) => format!("Any status of {hundred}XX"),
        Status::Default => "Any other status".to_owned(),
    };
    if let Some(content) = variant.content {
        summary.push_str(&format!(", {}", code(&content.media_type)));
    }
    summary.push('.');
    let docs = documentation::described(&summary, variant.response.description.as_deref());
    let body = variant.content.map(|content| body_type(api, content));
    let fields = match (variant.response.status, body) {
        (Status::Code(_), None) => quote!(),
        (Status::Code(_), Some(body)) => quote!((#body)),
        (_, None) => quote!({
            /// The status.
            status: ::axum::http::StatusCode,
        }),
        (_, Some(body)) => quote!({
            /// The status.
            status: ::axum::http::StatusCode,
            /// The body.
            body: #body,
        }),
    };
    quote!(#docs #name #fields)
}

fn arm(api: &Api, variant: &Variant<'_>) -> Code {
    let name = &variant.name;
    let has_body = variant.content.is_some();
    let (pattern, status) = match variant.response.status {
        Status::Code(code) => {
            let pattern = if has_body { quote!((body)) } else { quote!() };
            (pattern, quote!(crate::server::status(#code)))
        }
        _ if has_body => (quote!({ status, body }), quote!(status)),
        _ => (quote!({ status }), quote!(status)),
    };
    let reply = match variant.content {
        None => quote!(empty(#status)),
        Some(content) => {
            let media_type = string(sent_media_type(content));
            match content.encoding {
                BodyEncoding::Json => quote!(json_as(#status, #media_type, &body)),
                BodyEncoding::EventStream => quote!(stream(#status, #media_type, body)),
                BodyEncoding::Form | BodyEncoding::Multipart => {
                    quote!(bytes(#status, #media_type, body))
                }
                BodyEncoding::Binary if *api.resolve(&content.ty) == Type::Binary => {
                    quote!(binary(#status, #media_type, body))
                }
                BodyEncoding::Text | BodyEncoding::Binary => {
                    quote!(text(#status, #media_type, &body))
                }
            }
        }
    };
    quote!(Self::#name #pattern => crate::server::Reply::#reply)
}

/// The media type to send. A range says none; what is sent then follows from how the body is written.
fn sent_media_type(content: &Content) -> &str {
    match content.encoding {
        BodyEncoding::Json if content.media_type.contains('*') => "application/json",
        BodyEncoding::Text if content.media_type.contains('*') => "text/plain",
        _ => &content.media_type,
    }
}

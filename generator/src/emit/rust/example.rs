//! Examples of the documentation, which the compiler reads as a test of the emitted crate.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::scope::Scope;
use super::source_file::{FormatError, one_line};
use crate::api::{Api, BodyEncoding, Content, Name, Operation, Parameter, Tag, Type, TypeKind};
use crate::emit::tokens::{ident, own_ident, string};

/// An example: the statements that a reader sees, in a function with what they need.
pub(super) struct Example {
    /// The sentence in front of it (markdown of ours).
    pub(super) introduction: &'static str,
    arguments: Vec<TokenStream>,
    /// The error of its calls, which are asynchronous; none without calls.
    error: Option<TokenStream>,
    /// Items and statements.
    body: TokenStream,
    /// The lines of the body, formatted.
    lines: Vec<String>,
}

impl Example {
    fn new(
        introduction: &'static str,
        arguments: Vec<TokenStream>,
        error: Option<TokenStream>,
        body: TokenStream,
    ) -> Result<Self, FormatError> {
        let block: syn::Block = syn::parse2(quote!({ #body }))?;
        let mut lines: Vec<String> = Vec::new();
        let mut before = None;
        for statement in block.stmts {
            let kind = Kind::of(&statement);
            if before.is_some_and(|before| before != kind || kind == Kind::Item) {
                lines.push(String::new());
            }
            lines.extend(formatted(&statement)?);
            before = Some(kind);
        }
        Ok(Self {
            introduction,
            arguments,
            error,
            body,
            lines: with_joined_chains(lines),
        })
    }

    /// As rustdoc shows it: the function around it, where there is one, is hidden.
    pub(super) fn markdown(&self) -> Vec<String> {
        let arguments: Vec<String> = self.arguments.iter().map(one_line).collect();
        let arguments = arguments.join(", ");
        let error = self.error.as_ref().map(one_line);
        let head = error
            .as_ref()
            .map(|error| format!("# async fn example({arguments}) -> Result<(), {error}> {{"));
        let mut lines = vec!["```no_run".to_owned()];
        lines.extend(head);
        lines.extend(self.lines.iter().cloned());
        lines.extend(error.map(|_| "# Ok(()) }".to_owned()));
        lines.push("```".to_owned());
        lines
    }

    /// As a function of this name.
    pub(super) fn function(&self, name: &impl ToTokens) -> TokenStream {
        let (arguments, body) = (&self.arguments, &self.body);
        match &self.error {
            Some(error) => quote! {
                async fn #name(#(#arguments),*) -> Result<(), #error> {
                    #body
                    Ok(())
                }
            },
            None => quote!(fn #name() { #body }),
        }
    }
}

/// What blank lines part in an example: imports, each item, statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Import,
    Item,
    Statement,
}

impl Kind {
    fn of(statement: &syn::Stmt) -> Self {
        match statement {
            syn::Stmt::Item(syn::Item::Use(_)) => Self::Import,
            syn::Stmt::Item(_) => Self::Item,
            _ => Self::Statement,
        }
    }
}

/// The lines of a statement.
fn formatted(statement: &syn::Stmt) -> Result<Vec<String>, FormatError> {
    let item = syn::parse2(quote!(fn example() { #statement }))?;
    let text = prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    });
    let lines = text.lines().skip(1);
    let mut lines: Vec<String> = lines
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned())
        .collect();
    lines.pop();
    Ok(lines)
}

/// The most columns of a chain of calls on one line.
const CHAIN_WIDTH: usize = 112;

/// Puts each chain of calls that has a line for each call on one line, if it is not too long.
fn with_joined_chains(lines: Vec<String>) -> Vec<String> {
    let is_call = |line: &&String| line.trim_start().starts_with('.');
    let mut joined: Vec<String> = Vec::new();
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        let calls: Vec<&String> = std::iter::from_fn(|| rest.next_if(is_call)).collect();
        let chain: String = std::iter::once(line.as_str())
            .chain(calls.iter().map(|call| call.trim_start()))
            .collect();
        let is_whole = calls.last().is_none_or(|last| last.ends_with(';'));
        if is_whole && chain.len() <= CHAIN_WIDTH {
            joined.push(chain);
        } else {
            joined.push(line.clone());
            joined.extend(calls.into_iter().cloned());
        }
    }
    joined
}

/// The call of an operation with its required arguments.
pub(super) fn call(
    api: &Api,
    library: &Name,
    operation: &Operation,
) -> Result<Example, FormatError> {
    let (call, mut arguments) = request(api, library, operation);
    let library = ident(library);
    arguments.insert(0, quote!(client: #library::client::Client));
    Example::new(
        "",
        arguments,
        Some(quote!(#library::client::Error)),
        quote!(let response = client.#call.send().await?;),
    )
}

/// How a client is made and called.
pub(super) fn quick_start(
    api: &Api,
    library: &Name,
    operation: &Operation,
) -> Result<Example, FormatError> {
    let (call, arguments) = request(api, library, operation);
    let library = ident(library);
    Example::new(
        "With the feature `client`, in a runtime of Tokio:",
        arguments,
        Some(quote!(#library::client::Error)),
        quote! {
            use #library::client::Client;

            let client = Client::builder().token("secret").build()?;
            let response = client.#call.send().await?;
            println!("{:?} {:?}", response.status, response.value);
        },
    )
}

/// A list that comes in pages.
pub(super) fn pages(
    api: &Api,
    library: &Name,
    operation: &Operation,
) -> Result<Example, FormatError> {
    let (call, mut arguments) = request(api, library, operation);
    let library = ident(library);
    arguments.insert(0, quote!(client: #library::client::Client));
    Example::new(
        "A list that comes in pages, item by item:",
        arguments,
        Some(quote!(#library::client::Error)),
        quote! {
            let mut items = client.#call.items();
            while let Some(item) = items.next_item().await {
                let item = item?;
                println!("{item:?}");
            }
        },
    )
}

/// A test of code that calls an operation.
pub(super) fn mock(
    api: &Api,
    library: &Name,
    operation: &Operation,
) -> Result<Example, FormatError> {
    let (call, arguments) = request(api, library, operation);
    let (library, constant) = (ident(library), ident(&operation.constant));
    Example::new(
        "With the feature `mock`, in a test without a server:",
        arguments,
        Some(quote!(#library::client::Error)),
        quote! {
            use #library::client::mock::Mock;
            use #library::operations;
            use serde_json::json;

            let mock = Mock::new();
            mock.on(&operations::#constant).reply(&json!({}));
            let response = mock.client().#call.send().await?;
            mock.verify();
        },
    )
}

/// A server of a group.
pub(super) fn server(library: &Name, tag: &Tag) -> Result<Example, FormatError> {
    let library = ident(library);
    let (module, server_trait) = (ident(&tag.module), ident(&tag.server_trait));
    Example::new(
        "With the feature `server`; each method that is not implemented responds with 501:",
        Vec::new(),
        None,
        quote! {
            use #library::server::operations::#module;
            use #library::server::{Reply, Service};

            struct MyService;

            impl Service for MyService {
                type Error = Reply;
                type Principal = ();
            }

            impl #module::#server_trait for MyService {}

            let router = #module::router(MyService);
        },
    )
}

/// Names of other crates that types of arguments may have.
const IMPORTED: [&str; 2] = ["BTreeMap", "Value"];

/// The call of an operation as far as `send`, and the arguments of the function around it.
fn request(api: &Api, library: &Name, operation: &Operation) -> (TokenStream, Vec<TokenStream>) {
    let method = ident(&operation.client_method);
    // An example has no imports.
    let taken = IMPORTED.map(str::to_owned).into();
    let scope = Scope::downstream(api, library, &taken);
    let library = ident(library);
    if let Some(required) = &operation.required_type {
        let (module, required) = (ident(&operation.tag), ident(required));
        return (
            quote!(#method(required)),
            vec![quote!(required: #library::client::operations::#module::#required)],
        );
    }
    let mut values: Vec<TokenStream> = Vec::new();
    let mut more = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        values.push(match api.resolve(&parameter.ty) {
            Type::String => {
                let text = string(first_word(parameter));
                quote!(#text)
            }
            Type::Integer(_) => quote!(1),
            Type::Boolean => quote!(true),
            Type::List(item) if *api.resolve(item) == Type::String => {
                let text = string(first_word(parameter));
                quote!([#text])
            }
            _ => {
                let name = ident(&parameter.name);
                let ty = scope.ty(&parameter.ty);
                more.push(quote!(#name: #ty));
                let is_moved = matches!(api.resolve(&parameter.ty), Type::List(_) | Type::Any);
                if is_moved || api.is_small(&parameter.ty) {
                    quote!(#name)
                } else {
                    quote!(&#name)
                }
            }
        });
    }
    let body = operation.request_body.as_ref().filter(|body| body.required);
    if let Some(content) = body.and_then(|body| body.contents.first()) {
        let name = own_ident("body");
        let (argument, ty) = body_argument(&scope, &library, content);
        values.push(argument);
        more.extend(ty.map(|ty| quote!(#name: #ty)));
    }
    (quote!(#method(#(#values),*)), more)
}

/// `organization` of `organization_id_or_slug`.
fn first_word(parameter: &Parameter) -> &str {
    let mut words = parameter
        .name
        .plain()
        .split('_')
        .filter(|word| !word.is_empty());
    words.next().unwrap_or("text")
}

/// The argument for a body, and the type of the variable `body`, where there is one.
fn body_argument(
    scope: &Scope<'_>,
    library: &proc_macro2::Ident,
    content: &Content,
) -> (TokenStream, Option<TokenStream>) {
    let api = scope.api();
    let resolved = api.resolve(&content.ty);
    match content.encoding {
        BodyEncoding::Text
        | BodyEncoding::EventStream
        | BodyEncoding::JsonLines
        | BodyEncoding::Binary => (quote!("text"), None),
        BodyEncoding::Json | BodyEncoding::Form if *resolved == Type::String => {
            (quote!("text"), None)
        }
        BodyEncoding::Json | BodyEncoding::Form if api.is_small(&content.ty) => {
            (quote!(body), Some(scope.ty(&content.ty)))
        }
        BodyEncoding::Json | BodyEncoding::Form => (quote!(&body), Some(scope.ty(&content.ty))),
        BodyEncoding::Multipart => {
            let is_struct = matches!(api.kind_of(&content.ty), Some(TypeKind::Struct(_)));
            if is_struct {
                (quote!(&body), Some(scope.ty(&content.ty)))
            } else {
                (
                    quote!(body),
                    Some(quote!(#library::client::multipart::Form)),
                )
            }
        }
    }
}

//! Where the sources say what an item of the effective API is.

use crate::description::document::{
    Content, Document, Facet, Operation, Parameter, Provenance, Response, Schema,
};
use crate::description::source::Span;
use crate::description::tree::unescape_token;

/// The position in the source of the highest authority of the item at a JSON pointer into the effective API, or of the item
/// around it.
pub(super) fn origin(document: &Document, pointer: &str) -> Option<Span> {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| unescape_token(token).into_owned())
        .collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let found = match tokens.as_slice() {
        ["paths", path, method, rest @ ..] => {
            let mut operations = document.operations.iter();
            let operation = operations.find(|it| it.path == *path && it.method.key() == *method);
            operation.map(|it| of_operation(it, rest))
        }
        ["webhooks", name, ..] => {
            let mut webhooks = document.webhooks.iter();
            let webhook = webhooks.find(|it| it.operation.path == *name);
            webhook.map(|it| &it.operation.provenance)
        }
        ["components", "schemas", name, rest @ ..] => {
            document.schemas.get(*name).map(|it| of_schema(it, rest))
        }
        ["components", "securitySchemes", name, ..] => {
            let scheme = document.security_schemes.get(*name);
            scheme.map(|it| &it.provenance)
        }
        _ => None,
    };
    let of_api = || Some(&document.facts.get(Facet::Title)?.provenance);
    found.or_else(of_api).map(|it| it.first().at)
}

fn of_operation<'d>(operation: &'d Operation, tokens: &[&str]) -> &'d Provenance {
    let found = match tokens {
        ["parameters", index, rest @ ..] => {
            let parameter = at(&operation.parameters, index);
            parameter.map(|it| of_parameter(it, rest))
        }
        ["requestBody", rest @ ..] => operation.body.as_ref().map(|body| match rest {
            ["content", media_type, rest @ ..] => {
                let content = body.contents.get(*media_type);
                content.map_or(&body.provenance, |it| of_content(it, rest))
            }
            _ => &body.provenance,
        }),
        ["responses", status, rest @ ..] => {
            let mut responses = operation.responses.iter();
            let response = responses.find(|(it, _)| it.to_string() == *status);
            response.map(|(_, it)| of_response(it, rest))
        }
        _ => None,
    };
    found.unwrap_or(&operation.provenance)
}

fn of_response<'d>(response: &'d Response, tokens: &[&str]) -> &'d Provenance {
    let found = match tokens {
        ["content", media_type, rest @ ..] => {
            let content = response.contents.get(*media_type);
            content.map(|it| of_content(it, rest))
        }
        ["headers", name, rest @ ..] => {
            let header = response.headers.get(*name);
            header.map(|it| of_parameter(it, rest))
        }
        _ => None,
    };
    found.unwrap_or(&response.provenance)
}

fn of_parameter<'d>(parameter: &'d Parameter, tokens: &[&str]) -> &'d Provenance {
    match tokens {
        ["schema", rest @ ..] => of_schema(&parameter.schema, rest),
        _ => &parameter.provenance,
    }
}

fn of_content<'d>(content: &'d Content, tokens: &[&str]) -> &'d Provenance {
    match (tokens, &content.schema) {
        (["schema", rest @ ..], Some(schema)) => of_schema(schema, rest),
        _ => &content.provenance,
    }
}

fn of_schema<'d>(schema: &'d Schema, tokens: &[&str]) -> &'d Provenance {
    let found = match tokens {
        ["properties", name, rest @ ..] => schema.properties.get(*name).zip(Some(rest)),
        ["items", rest @ ..] => schema.items.as_deref().zip(Some(rest)),
        ["additionalProperties", rest @ ..] => schema.additional.as_deref().zip(Some(rest)),
        ["prefixItems", index, rest @ ..] => at(&schema.prefix_items, index).zip(Some(rest)),
        ["oneOf" | "anyOf", index, rest @ ..] => at(&schema.alternatives, index).zip(Some(rest)),
        _ => None,
    };
    found.map_or(&schema.provenance, |(below, rest)| of_schema(below, rest))
}

fn at<'d, T>(items: &'d [T], index: &str) -> Option<&'d T> {
    items.get(index.parse::<usize>().ok()?)
}

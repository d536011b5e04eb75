//! Checking requests against their description.

#![allow(dead_code, reason = "an API may have no operations")]

use axum::http::StatusCode;

use super::schema::{Check, RequestSchema, Violation};
use super::{Payload, Problem, RequestContext};
use crate::operation::{Location, Operation, Style, ValueType};
use crate::security::{Carrier, SECURITY_SCHEMES};

/// What is checked of the requests and responses of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validation {
    /// Whether values are checked against bounds, lengths, patterns, formats and the values of enums.
    pub schema: bool,
    /// Whether query parameters that the description does not have are refused.
    pub unknown_query: bool,
    /// Whether the JSON of a response is compared with the description, and becomes a 500 where it lacks what is promised or
    /// has another type. Models have what is promised in any case; this finds it in JSON that comes from no model, too. On by
    /// default where debug assertions are; it needs the feature `deviations`.
    pub response: bool,
    /// The most bytes of a request body, in place of [`axum::extract::DefaultBodyLimit`].
    pub body_limit: Option<usize>,
    /// The most bytes of a part of a multipart body.
    pub part_limit: Option<usize>,
    /// The most parts of a multipart body: by default 1,000.
    pub part_count: Option<usize>,
}

/// The most parts of a multipart body, unless a service has another limit.
const PART_COUNT: usize = 1_000;

impl Validation {
    /// Checks nothing beyond the types.
    pub const OFF: Self = Self {
        schema: false,
        unknown_query: false,
        response: false,
        body_limit: None,
        part_limit: None,
        part_count: None,
    };

    /// Checks all of it.
    pub const STRICT: Self =
        Self { schema: true, unknown_query: true, response: true, part_count: Some(PART_COUNT), ..Self::OFF };
}

/// Checks schemas, and accepts unknown query parameters.
impl Default for Validation {
    fn default() -> Self {
        Self { schema: true, response: cfg!(debug_assertions), part_count: Some(PART_COUNT), ..Self::OFF }
    }
}

/// Checks a request against its schemas, before it is read.
///
/// # Errors
/// All violations.
pub(super) fn check(
    context: &RequestContext,
    payload: &mut Payload,
    validation: Validation,
    schema: Option<&RequestSchema>,
) -> Result<(), Problem> {
    let mut later = if validation.unknown_query { unknown_query(context) } else { Vec::new() };
    let is_compared = |schema: &&RequestSchema| validation.schema && (schema.restricted || !later.is_empty());
    let schema = schema.filter(is_compared);
    if let Some(schema) = schema {
        later.extend(body(context, payload, schema)?);
    }
    // What is not restricted is read in any case; it is compared only where there is something else to tell.
    let has_restricted = |schema: &&RequestSchema| {
        let mut parameters = schema.parameters.values();
        !later.is_empty() || parameters.any(|parameter| parameter.restricted)
    };
    let mut violations = match schema.filter(has_restricted) {
        Some(schema) => parameters(context, schema),
        None => Vec::new(),
    };
    violations.append(&mut later);
    refused(context.operation(), violations)
}

/// Checks a request against its schemas, whether they restrict more than the types do or not, and parses its body.
///
/// # Errors
/// All violations.
pub(super) fn complete(
    context: &RequestContext,
    payload: &mut Payload,
    schema: Option<&RequestSchema>,
) -> Result<(), Problem> {
    let Some(schema) = schema else {
        return payload.parse(context.operation().body);
    };
    let mut violations = parameters(context, schema);
    let body = body(context, payload, schema).map(|found| violations.extend(found));
    refused(context.operation(), violations)?;
    body
}

/// All that is wrong with a request that cannot be read.
pub(super) fn explain(
    context: &RequestContext,
    payload: &mut Payload,
    schema: Option<&RequestSchema>,
    problem: Problem,
) -> Problem {
    if problem.status != StatusCode::BAD_REQUEST {
        return problem;
    }
    let complete = complete(context, payload, schema).err();
    complete.filter(|found| !found.violations.is_empty()).unwrap_or(problem)
}

pub(super) fn refused(operation: &Operation, violations: Vec<Violation>) -> Result<(), Problem> {
    let Some(detail) = violations.first().map(ToString::to_string) else {
        return Ok(());
    };
    // The status of a body that can be read, but not processed, where the API has it.
    let is_body = violations.iter().all(|one| one.location == "body");
    let documented = |status: u16| {
        let mut responses = operation.responses.iter();
        responses.any(|response| response.first == status && response.last == status)
    };
    let status = if is_body && documented(422) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
    Err(Problem { status, detail, violations })
}

fn parameters(context: &RequestContext, schema: &RequestSchema) -> Vec<Violation> {
    let mut violations = Vec::new();
    for parameter in context.operation().all_parameters() {
        let location = key(parameter.location);
        let mut check = Check::new(location, Some(parameter.name));
        let schema = schema.parameters.get(&format!("{location} {}", parameter.name));
        match (context.json(&parameter), schema) {
            (Ok(Some(value)), Some(schema)) => check.value(&value, &schema.schema),
            (Ok(None), Some(schema)) if schema.required => check.add("required", "a value"),
            (Ok(_), _) => {}
            (Err(expected), _) => check.add("type", expected),
        }
        violations.append(&mut check.violations);
    }
    violations
}

/// Parses the body, and compares it.
///
/// # Errors
/// 400 where it is not JSON or not a form, 415 where the operation does not have its media type.
fn body(context: &RequestContext, payload: &mut Payload, schema: &RequestSchema) -> Result<Vec<Violation>, Problem> {
    match payload.parse(context.operation().body) {
        // The fields of a form.
        Err(problem) if !problem.violations.is_empty() => return Ok(problem.violations),
        parsed => parsed?,
    }
    let mut check = Check::new("body", None);
    let chosen = payload.choose(context.operation().body);
    match (chosen, &*payload.value.borrow()) {
        (Ok(None), _) if schema.required => check.add("required", "a request body"),
        (Ok(Some((_, content))), Some(value)) => {
            if let Some(schema) = schema.bodies.get(content.media_type) {
                check.value(value, schema);
            }
        }
        _ => {}
    }
    Ok(check.violations)
}

/// The query parameters that belong neither to a parameter nor to a credential.
fn unknown_query(context: &RequestContext) -> Vec<Violation> {
    let operation = context.operation();
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|parameter| parameter.location == Location::Query);
    let is_known = |key: &str| {
        let mut parameters = parameters.clone();
        parameters.any(|parameter| match (parameter.style, parameter.value) {
            (Style::Form, ValueType::Object(known)) if parameter.explode => known.iter().any(|(name, _)| *name == key),
            (Style::Form, ValueType::Map(_) | ValueType::Open(..)) if parameter.explode => true,
            (Style::DeepObject, _) => key.split('[').next() == Some(parameter.name),
            _ => key == parameter.name,
        })
    };
    let is_credential = |key: &str| {
        let mut carriers = SECURITY_SCHEMES.iter().map(|scheme| scheme.carrier);
        carriers.any(|carrier| matches!(carrier, Carrier::Key(Location::Query, name) if name == key))
    };
    let described = operation.path.split_once('?').map_or("", |(_, query)| query);
    let described = super::percent::pairs(described);
    let unknown = context
        .query
        .iter()
        .map(|pair| pair.key.as_str())
        .filter(|key| !is_known(key) && !is_credential(key) && !described.iter().any(|pair| pair.key == *key));
    let violations = unknown.map(|key| {
        let mut check = Check::new("query", Some(key));
        check.add("unknown", "no such parameter");
        check.violations
    });
    violations.flatten().collect()
}

fn key(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

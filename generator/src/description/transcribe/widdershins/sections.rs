//! Splits an operation into its sections.

use crate::description::transcribe::page::{Passage, Section, split};

use super::{attribute, request_in_code};

/// The kind of a section of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OperationSectionKind {
    /// `> Code samples`.
    CodeSamples,
    /// The request line and the description after it.
    Request,
    /// `> Body parameter`.
    BodyExample,
    /// The table of parameters.
    Parameters,
    /// `> Example responses`.
    ExampleResponses,
    /// The table of responses.
    Responses,
    /// The schemas of responses.
    ResponseSchemas,
    /// `### Response Headers`.
    ResponseHeaders,
    /// `<aside …>`: the security requirements.
    Security,
}

/// The sections of one operation.
pub(super) type Sections<'a> = Vec<Section<'a, OperationSectionKind>>;

/// Splits the body of an operation into the text before its first section, and its sections.
pub(super) fn sections<'a>(body: Passage<'a>) -> (Passage<'a>, Sections<'a>) {
    let mut seen_request = false;
    split(body, |lines| {
        let line = *lines.first()?;
        if !seen_request {
            seen_request = request_in_code(line).is_some();
            if seen_request {
                return Some(OperationSectionKind::Request);
            }
            let is_samples = line.text.trim_end() == "> Code samples";
            return is_samples.then_some(OperationSectionKind::CodeSamples);
        }
        if line.text.starts_with("<h3 ") {
            let id = attribute(line, "id")?.text;
            return Some(match id.rsplit('-').next()? {
                "parameters" => OperationSectionKind::Parameters,
                "responses" => OperationSectionKind::Responses,
                "responseschema" => OperationSectionKind::ResponseSchemas,
                _ => return None,
            });
        }
        match line.text.trim_end() {
            "> Body parameter" => Some(OperationSectionKind::BodyExample),
            "> Example responses" => Some(OperationSectionKind::ExampleResponses),
            "### Response Headers" => Some(OperationSectionKind::ResponseHeaders),
            text => text
                .starts_with("<aside")
                .then_some(OperationSectionKind::Security),
        }
    })
}

/// The security requirements after the callbacks of an operation.
pub(super) fn security_after(body: Passage<'_>) -> Option<Section<'_, OperationSectionKind>> {
    let (_, parts) = split(body, |lines| {
        let line = lines.first()?;
        line.text
            .starts_with("<aside")
            .then_some(OperationSectionKind::Security)
    });
    parts.into_iter().next()
}

/// The first section of a kind.
pub(super) fn find<'s, 'a>(
    sections: &'s Sections<'a>,
    kind: OperationSectionKind,
) -> Option<&'s Section<'a, OperationSectionKind>> {
    sections.iter().find(|part| part.kind == kind)
}

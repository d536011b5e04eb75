//! Names of the constants of response headers.

use std::collections::BTreeMap;

use super::PublicNames;
use crate::api::names::{NameKind, UnnamedItem};
use crate::api::{Api, Header, HeaderConstant, Type};

impl PublicNames<'_> {
    /// The constants of the response headers that operations describe.
    pub(super) fn headers(&mut self, api: &Api) -> Vec<HeaderConstant> {
        let responses = api
            .operations
            .iter()
            .flat_map(|operation| &operation.responses);
        // Names of headers ignore case.
        let mut described: BTreeMap<String, Vec<&Header>> = BTreeMap::new();
        for header in responses.flat_map(|response| &response.headers) {
            let wire_name = header.wire_name.to_ascii_lowercase();
            described.entry(wire_name).or_default().push(header);
        }
        let unnamed = described.iter().map(|(wire_name, headers)| {
            let provenance = headers.iter().flat_map(|header| &header.docs.provenance);
            UnnamedItem {
                item: wire_name.clone(),
                candidates: vec![wire_name.clone()],
                priority: 0,
                provenance: provenance.cloned().collect(),
            }
        });
        let unnamed: Vec<UnnamedItem> = unnamed.collect();
        let names = self.assign(NameKind::Header, &unnamed, &[]);
        self.pin(NameKind::Header, &unnamed, &names);
        let constants = described.into_iter().zip(names);
        let constants = constants.map(|((wire_name, headers), name)| {
            let mut types = headers.iter().map(|header| scalar(api, &header.ty));
            let first = types.next().unwrap_or(&Type::String);
            let ty = if types.all(|ty| ty == first) {
                first
            } else {
                &Type::String
            };
            let mut descriptions = headers
                .iter()
                .filter_map(|header| header.docs.description.as_ref());
            HeaderConstant {
                title: title(&wire_name, &headers),
                wire_name,
                name,
                ty: ty.clone(),
                description: descriptions.next().cloned(),
            }
        });
        constants.collect()
    }
}

/// A name as a description spells it, unless all of them have it in lower case: then each word begins with a capital.
fn title(wire_name: &str, headers: &[&Header]) -> String {
    let has_capital = |name: &&str| name.contains(|letter: char| letter.is_ascii_uppercase());
    let mut spelled = headers.iter().map(|header| header.wire_name.as_str());
    if let Some(spelled) = spelled.find(has_capital) {
        return spelled.to_owned();
    }
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    };
    let words: Vec<String> = wire_name.split('-').map(capital).collect();
    words.join("-")
}

/// The type to parse a header as: that of the description if it is a scalar, otherwise a string.
fn scalar<'a>(api: &'a Api, ty: &'a Type) -> &'a Type {
    match api.resolve(ty) {
        ty @ (Type::Integer(_) | Type::Boolean | Type::Float) => ty,
        _ => &Type::String,
    }
}

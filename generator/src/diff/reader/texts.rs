//! The texts of the API and of its tags, and the package that the manifest states.

use super::{Claim, ItemReader, stated};
use crate::api::Docs;
use crate::description::document::{Facet, Fact};
use crate::diff::items::{Kind, PATCH};

/// The source of what the manifest states itself.
const MANIFEST: &str = "manifest";

impl ItemReader<'_> {
    /// Adds the texts of the API and of its tags, which are documentation of the crate.
    pub(super) fn texts(&mut self) {
        let api = self.version.api;
        let or =
            |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
        let docs = stated(api.description.clone(), Vec::new());
        let library = self.version.library.to_string();
        let mut item = self
            .item(Kind::Api, None, library, &docs)
            // The effective document has these where no source has others.
            .facet("title", or(&api.title, "API"), PATCH)
            .facet("version", or(&api.version, "0"), PATCH)
            .stated("title", self.claims_of_text(Facet::Title))
            .stated("version", self.claims_of_text(Facet::Version))
            .stated("documentation", self.claims_of_text(Facet::Description));
        item.name.clear();
        self.add("the API".to_owned(), item);
        for tag in &api.tags {
            let docs = stated(tag.description.clone(), Vec::new());
            let mut item = self.item(Kind::Tag, None, tag.server_trait.to_string(), &docs);
            item.name.clear();
            self.add(format!("tag {}", tag.name), item);
        }
    }

    /// The sources of a text of the API, or the manifest, if it replaces the text.
    fn claims_of_text(&self, facet: Facet) -> Vec<Claim> {
        let Some(merged) = self.version.merged else {
            return Vec::new();
        };
        if merged.own_texts.contains_key(&facet) {
            return self.of_manifest().into_iter().collect();
        }
        self.claims_of(merged.document.facts.get(facet))
    }

    /// The sources that state a fact of the merged documents.
    pub(super) fn claims_of(&self, fact: Option<&Fact>) -> Vec<Claim> {
        let Some(merged) = self.version.merged else {
            return Vec::new();
        };
        let origins = fact.into_iter().flat_map(|fact| fact.provenance.iter());
        let claims = origins.map(|origin| Claim {
            source: merged.source(origin.source).to_owned(),
            at: self.version.sources.shown(origin.at),
        });
        claims.collect()
    }

    /// Adds the package, if a manifest states one. Its version is none of its changes.
    pub(super) fn package(&mut self) {
        let Some((package, _)) = self.version.package else {
            return;
        };
        let library = self.version.library.to_string();
        let license = package.license.clone().unwrap_or_default();
        let mut item = self
            .item(Kind::Package, None, library, &Docs::default())
            .facet("license", license, PATCH);
        item.name.clone_from(&package.name);
        item.claims.extend(self.of_manifest());
        self.add("the package".to_owned(), item);
    }

    /// The manifest, at the package that it states.
    fn of_manifest(&self) -> Option<Claim> {
        let (_, at) = self.version.package?;
        Some(Claim {
            source: MANIFEST.to_owned(),
            at: self.version.sources.shown(at),
        })
    }
}

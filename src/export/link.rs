//! Who cites which place of which law, one row for each pair.

use super::entries::guide_url;
use crate::citation::{self, Context, Provision};
use crate::corpus::{Corpus, Entry, Law};
use crate::links::{Kind, Links};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A page that cites a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The page.
    #[schemars(title = "从哪里")]
    pub from: Source,
    /// The place.
    #[schemars(title = "到哪一条")]
    pub to: Place,
    /// Whether the header lists it among the provisions that the page rests on.
    #[schemars(
        title = "是依据",
        description = "true 是列在这一页的依据条文里的，false 是正文、表格或者模板里提到的"
    )]
    pub basis: bool,
}

/// What kind of page cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// 案例
    Case,
    /// 问答
    Question,
    /// 文书
    Letter,
    /// 政策
    Policy,
    /// 指南
    Guide,
    /// 自测
    Quiz,
    /// 演练
    Drill,
    /// The note on an article.
    Law,
}

/// A page, or the note on an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What kind of page.
    #[schemars(
        title = "种类",
        description = "case 案例、question 问答、letter 文书、policy 政策、guide 指南、quiz 自测、drill 演练、law 法规的要点"
    )]
    pub kind: SourceKind,
    /// Its id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页；法规的要点带那一条的锚点")]
    pub url: String,
}

/// A place of a law in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Id of the law.
    #[schemars(title = "法规", description = "laws 里的编号")]
    pub law: String,
    /// 第三十六条
    #[schemars(title = "条")]
    pub article: String,
    /// 第三十六条第（五）项
    #[schemars(title = "条款项", description = "引用到款、项的，写到款、项")]
    pub provision: String,
    /// Its anchor.
    #[schemars(title = "锚点", description = "不清楚款项结构的法规，只到条")]
    pub anchor: String,
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
}

/// A page that may cite: what it is for [`Links`], what it is for readers, the provisions of its header.
type Row<'a> = (Kind, Source, &'a [String]);

pub(super) fn links(corpus: &Corpus, links: &Links) -> Vec<Link> {
    let mut all = vec![];
    for (kind, from, cites) in pages(corpus) {
        let basis = basis(corpus, cites);
        let found = links.cites(kind, &from.id).filter_map(|(law, place)| {
            let to = to(corpus, law, place)?;
            Some(Link { from: from.clone(), to, basis: basis.contains(&(law.to_owned(), place)) })
        });
        all.extend(found);
    }
    all.extend(corpus.laws.values().flat_map(|entry| between_laws(corpus, links, entry)));
    all
}

/// The pages that cite, in the order in which they are exported.
fn pages(corpus: &Corpus) -> Vec<Row<'_>> {
    let source =
        |kind, folder: &str, id: &String| Source { kind, id: id.clone(), url: format!("{folder}/{id}.html") };
    let mut all: Vec<Row<'_>> = vec![];
    all.extend(
        corpus
            .cases
            .iter()
            .map(|(id, e)| (Kind::Case, source(SourceKind::Case, "cases", id), e.header.cites.as_slice())),
    );
    all.extend(corpus.questions.iter().map(|(id, e)| {
        (Kind::Question, source(SourceKind::Question, "questions", id), e.header.cites.as_slice())
    }));
    all.extend(corpus.policies.iter().map(|(id, e)| {
        (Kind::Policy, source(SourceKind::Policy, "policies", id), e.header.cites.as_slice())
    }));
    all.extend(
        corpus.clauses.iter().map(|(id, e)| {
            (Kind::Letter, source(SourceKind::Letter, "letters", id), e.header.cites.as_slice())
        }),
    );
    all.extend(corpus.guides.iter().map(|(path, e)| {
        let from = Source { kind: SourceKind::Guide, id: e.header.id.clone(), url: guide_url(path) };
        (Kind::Guide, from, e.header.cites.as_slice())
    }));
    // The answers of a quiz name their provisions in the text.
    all.extend(
        corpus.quizzes.keys().map(|id| (Kind::Quiz, source(SourceKind::Quiz, "quiz", id), [].as_slice())),
    );
    all.extend(
        corpus
            .drills
            .iter()
            .map(|(id, e)| (Kind::Drill, source(SourceKind::Drill, "drills", id), e.header.cites.as_slice())),
    );
    all
}

/// The places that a header names.
fn basis(corpus: &Corpus, cites: &[String]) -> BTreeSet<(String, Provision)> {
    let found = cites.iter().flat_map(|text| citation::find(text, &corpus.names, &Context::default()));
    let mut all = BTreeSet::new();
    for found in found {
        let Some(citation::Law::Known(law)) = &found.law else { continue };
        let Some(entry) = corpus.laws.get(law) else { continue };
        let places = found.targets.iter().flat_map(citation::Target::provisions);
        all.extend(places.filter_map(|p| Some((law.clone(), entry.header.locate(p).ok()?))));
    }
    all
}

/// What the notes on the articles of a law cite.
fn between_laws(corpus: &Corpus, links: &Links, entry: &Entry<Law>) -> Vec<Link> {
    let law = &entry.header;
    let mut all: Vec<Link> = vec![];
    for citation in links.in_text(&entry.path) {
        let at = citation.range.start;
        let note = law.notes.iter().rfind(|note| note.content.start <= at);
        let anchor = note.map_or_else(|| law.id.clone(), |note| note.provision.anchor(&law.id));
        let url = format!("laws/{}.html#{anchor}", law.id);
        for place in &citation.provisions {
            let Some(to) = to(corpus, &citation.law, *place) else { continue };
            let from = Source { kind: SourceKind::Law, id: law.id.clone(), url: url.clone() };
            let link = Link { from, to, basis: false };
            if !all.contains(&link) {
                all.push(link);
            }
        }
    }
    all
}

/// A place of a law that the corpus holds.
fn to(corpus: &Corpus, law: &str, place: Provision) -> Option<Place> {
    let entry = corpus.laws.get(law)?;
    // As the pages have their anchors: down to the 项 where the structure is known, else of the article.
    let known =
        if entry.header.structure.is_some() { Provision { subitem: None, ..place } } else { place.whole() };
    let anchor = known.anchor(law);
    Some(Place {
        law: law.to_owned(),
        article: place.whole().to_string(),
        provision: place.to_string(),
        url: format!("laws/{law}.html#{anchor}"),
        anchor,
    })
}

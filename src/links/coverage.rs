//! What the handbook holds, counted, and where it still has gaps.

use super::{Kind, Links, plain, upkeep};
use crate::citation::Provision;
use crate::corpus::Corpus;
use std::collections::BTreeMap;

/// The counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Laws.
    pub laws: usize,
    /// Articles of laws that have notes of ours.
    pub articles_with_notes: usize,
    /// Cases.
    pub cases: usize,
    /// Those of them that are made up.
    pub fictional: usize,
    /// Cases by the id of their type, those without any included.
    pub cases_by_type: BTreeMap<String, usize>,
    /// Questions.
    pub questions: usize,
    /// Letters.
    pub letters: usize,
    /// Policies.
    pub policies: usize,
    /// Hand-written pages.
    pub guides: usize,
    /// Questions of quizzes.
    pub quiz: usize,
    /// Drills.
    pub drills: usize,
    /// Terms of the glossary.
    pub terms: usize,
    /// Points marked 待核 in headers.
    pub unverified: usize,
    /// Pages that nobody approved.
    pub unreviewed: usize,
    /// Characters of running text, without markup and blanks; imported texts are not counted.
    pub characters: usize,
    /// For each 答复情形 in the order of its table, what is there.
    pub outcomes: Vec<OutcomeCount>,
    /// The law with the most citations, and its articles that no case, question or letter cites.
    pub unused: Option<(String, Vec<Provision>)>,
}

/// What there is about one 答复情形.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeCount {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it ends the request: it has a row in the annual report or a remedy.
    pub decides: bool,
    /// Cases.
    pub cases: usize,
    /// Questions.
    pub questions: usize,
    /// Letters.
    pub letters: usize,
}

impl Coverage {
    /// Counts what `corpus` holds.
    #[must_use]
    pub fn of(corpus: &Corpus, links: &Links) -> Self {
        let mut cases_by_type: BTreeMap<String, usize> =
            corpus.rules.case_types.iter().map(|t| (t.id.clone(), 0)).collect();
        for entry in corpus.cases.values() {
            *cases_by_type.entry(entry.header.r#type.clone()).or_default() += 1;
        }
        let pages = upkeep(corpus);
        Self {
            laws: corpus.laws.len(),
            articles_with_notes: corpus.laws.values().map(|e| e.header.notes.len()).sum(),
            cases: corpus.cases.len(),
            fictional: corpus.cases.values().filter(|e| e.header.fictional).count(),
            cases_by_type,
            questions: corpus.questions.len(),
            letters: corpus.clauses.len(),
            policies: corpus.policies.len(),
            guides: corpus.guides.len(),
            quiz: corpus.quizzes.values().map(|e| e.header.items.len()).sum(),
            drills: corpus.drills.len(),
            terms: corpus.rules.glossary.len(),
            unverified: pages.iter().map(|page| page.unverified.len()).sum(),
            unreviewed: pages.iter().filter(|page| page.unreviewed()).count(),
            characters: characters(corpus),
            outcomes: outcomes(corpus),
            unused: unused(corpus, links),
        }
    }
}

fn characters(corpus: &Corpus) -> usize {
    let count = |text: &str| plain(text).chars().filter(|c| !c.is_whitespace()).count();
    let bodies = upkeep(corpus).into_iter().filter(|page| page.citing.kind != Kind::Letter);
    let terms: usize = corpus.rules.glossary.iter().map(|term| count(&term.meaning)).sum();
    bodies.map(|page| count(page.body)).sum::<usize>() + terms
}

fn outcomes(corpus: &Corpus) -> Vec<OutcomeCount> {
    let count = |outcome: &crate::corpus::Outcome| {
        let about = |outcomes: &[String]| outcomes.contains(&outcome.id);
        OutcomeCount {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            decides: outcome.annual_row.is_some() && !outcome.remedy.is_empty(),
            cases: corpus.cases.values().filter(|e| about(&e.header.outcomes)).count(),
            questions: corpus.questions.values().filter(|e| about(&e.header.outcomes)).count(),
            letters: corpus.clauses.values().filter(|e| e.header.outcome == outcome.id).count(),
        }
    };
    corpus.rules.outcomes.iter().map(count).collect()
}

fn unused(corpus: &Corpus, links: &Links) -> Option<(String, Vec<Provision>)> {
    let law = &corpus.laws_by_weight().first()?.header;
    let used = |place: Provision| {
        links
            .cited_by(&law.id, place)
            .any(|(c, _)| matches!(c.kind, Kind::Case | Kind::Question | Kind::Letter))
    };
    let all = (1..=law.articles.unwrap_or(0)).map(Provision::article);
    Some((law.id.clone(), all.filter(|place| !used(*place)).collect()))
}

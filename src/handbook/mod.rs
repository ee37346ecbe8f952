//! Corpus and links become the chapters of the handbook.
//!
//! Only [`book`] knows mdBook; the pages themselves are Markdown with a little HTML.

mod appendix;
pub mod book;
mod decide;
mod entries;
mod form;
mod front;
mod index;
mod law;
mod learning;
mod letter;
#[cfg(feature = "linkcheck")]
pub mod linkcheck2;
mod markup;
mod original;
mod page;
pub mod rendered;
mod rules;

use crate::corpus::{Agency, Corpus, Publication};
use crate::links::Links;
use std::collections::BTreeMap;

pub use page::Page;

/// What the pages are made from.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// All content.
    pub corpus: &'a Corpus,
    /// All citations.
    pub links: &'a Links,
    /// For each clause, its letter filled with the example values, as HTML.
    pub samples: &'a BTreeMap<String, String>,
    /// For each clause, its empty request file.
    pub forms: &'a BTreeMap<String, String>,
    /// The agency's settings: fields that they fill may stay empty.
    pub agency: &'a Agency,
    /// The edition; the corpus holds what it holds, this says which of the generated pages.
    pub edition: &'a Publication,
}

/// One part of the handbook: a heading in the sidebar and the chapters under it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Heading in the sidebar.
    pub title: &'static str,
    /// Its chapters.
    pub chapters: Vec<Chapter>,
}

/// An index page and the pages below it.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The first page.
    pub index: Page,
    /// The others, in the order of the sidebar.
    pub pages: Vec<Page>,
}

impl Site<'_> {
    /// The generated parts, in the order of the sidebar.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let corpus = self.corpus;
        let laws = corpus.laws_by_weight().into_iter().flat_map(|e| {
            let mut pages = vec![self.law(e)];
            pages.extend(self.old_texts(e));
            pages.extend(self.comparisons(e));
            pages
        });
        let laws = laws.collect();
        let policies = corpus.policies.values().map(|e| self.policy(e)).collect();
        let cases = corpus.cases_by_type().into_iter().map(|e| self.case(e)).collect();
        let questions = corpus
            .questions_by_topic()
            .into_iter()
            .flat_map(|(_, all)| all)
            .map(|e| self.question(e))
            .collect();
        let letters = corpus.clauses_by_outcome().into_iter().map(|e| self.letter(e)).collect();
        let chapter = |index, pages| Chapter { index, pages };
        let shows = |page: &Page| self.edition.holds(page.path.trim_end_matches(".md"));
        let alone = |page: Page| chapter(page, vec![]);
        let handling: Vec<Chapter> =
            [self.decide_page(), self.rules_page()].into_iter().flatten().filter(shows).map(alone).collect();
        // In the staff's edition an index stands there though nothing is below it: it says what would be there.
        let with = |index: Page, pages: Vec<Page>| {
            (self.edition.is_whole() || !pages.is_empty()).then(|| chapter(index, pages))
        };
        let quizzes: Vec<Page> = corpus.quizzes_in_order().into_iter().map(|e| self.quiz(e)).collect();
        let drills: Vec<Page> = corpus.drills_by_level().into_iter().map(|e| self.drill(e)).collect();
        let mut learning = vec![];
        if !quizzes.is_empty() {
            learning.push(chapter(self.quiz_index(), quizzes));
        }
        if !drills.is_empty() {
            learning.push(chapter(self.drills_index(), drills));
        }
        let mut appendix = vec![self.articles_index(), self.outcomes_index()];
        appendix.extend(self.keywords_page());
        appendix.extend(self.glossary_page());
        appendix.push(self.changes_page());
        let appendix = appendix.into_iter().filter(shows).map(alone).collect();
        let basis = [with(self.laws_index(), laws), with(self.policies_index(), policies)];
        let reference = [
            with(self.letters_index(), letters),
            with(self.cases_index(), cases),
            with(self.questions_index(), questions),
        ];
        let all = [
            ("办理", handling),
            ("依据", basis.into_iter().flatten().collect()),
            ("参考", reference.into_iter().flatten().collect()),
            ("自测和演练", learning),
            ("附录", appendix),
        ];
        let parts = all.into_iter().map(|(title, chapters)| Part { title, chapters });
        parts.filter(|part: &Part| !part.chapters.is_empty()).collect()
    }
}

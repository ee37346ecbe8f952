//! Corpus and links become the chapters of the handbook.
//!
//! Only [`book`] knows mdBook; the pages themselves are Markdown with a little HTML.

pub mod book;
mod entries;
mod index;
mod law;
mod letter;
#[cfg(feature = "linkcheck")]
pub mod linkcheck2;
mod markup;
mod page;
pub mod rendered;

use crate::corpus::Corpus;
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
}

/// One part of the handbook: a heading in the sidebar, an index page and the pages below it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Heading in the sidebar.
    pub title: &'static str,
    /// The first page.
    pub index: Page,
    /// The others.
    pub pages: Vec<Page>,
}

impl Site<'_> {
    /// The generated parts, in the order of the sidebar.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let corpus = self.corpus;
        vec![
            Part {
                title: "法律法规与政策",
                index: self.laws_index(),
                pages: corpus.laws.values().map(|e| self.law(e)).collect(),
            },
            Part {
                title: "政策文件",
                index: self.policies_index(),
                pages: corpus.policies.values().map(|e| self.policy(e)).collect(),
            },
            Part {
                title: "典型案例",
                index: self.cases_index(),
                pages: corpus.cases.values().map(|e| self.case(e)).collect(),
            },
            Part {
                title: "法律问题解析",
                index: self.questions_index(),
                pages: corpus.questions.values().map(|e| self.question(e)).collect(),
            },
            Part {
                title: "参考文书",
                index: self.letters_index(),
                pages: corpus.clauses.values().map(|e| self.letter(e)).collect(),
            },
            Part { title: "索引", index: self.articles_index(), pages: vec![self.outcomes_index()] },
        ]
    }
}

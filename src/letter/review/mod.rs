//! A second pair of eyes: reads a finished letter again, also one that was edited in Word or written without gongkai, and
//! says what is wrong with it.
//!
//! Bytes become a [`Reviewed`] ([`read()`]): every paragraph of the file with its place, and the traces of editing. Its parts
//! are told apart (`anatomy`), and each group of rules looks at them. A finding names a rule of the one catalogue, [`RULES`].

mod anatomy;
mod catalog;
mod citations;
mod content;
mod docx;
mod form;
mod page;
mod personal;
mod read;
mod remedies;
mod scan;
mod styles;
mod terms;
mod traces;

pub use catalog::{RULES, Rule, Severity, rule};
pub use personal::personal_numbers;
pub use read::{LARGEST, Paragraph, Reviewed, Unreadable, Zone, read};

use crate::calendar::{Date, MakeUp};
use crate::corpus::{Agency, Corpus};
use anatomy::Anatomy;
use std::ops::Range;

/// One thing that is wrong with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of a rule of [`RULES`].
    pub rule: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// 第12段, 表1第2行, 页眉, 文档属性.
    pub place: String,
    /// Index into [`Reviewed::paragraphs`]; `None` for what has no place in the text.
    pub paragraph: Option<usize>,
    /// The text of that paragraph, or other words to show; may be empty.
    pub line: String,
    /// Bytes of `line`.
    pub range: Range<usize>,
    /// What is wrong, one Chinese sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Finding {
    /// The words that are wrong.
    #[must_use]
    pub fn words(&self) -> &str {
        self.line.get(self.range.clone()).unwrap_or_default()
    }
}

/// What a letter is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The agency whose letter it is.
    pub agency: &'a Agency,
    /// The day to judge it on where it has no date of its own.
    pub on: Option<Date>,
}

/// Everything that is wrong with a letter, in the order of its paragraphs.
#[must_use]
pub fn review(corpus: &Corpus, reviewed: &Reviewed, asked: Asked<'_>) -> Vec<Finding> {
    let anatomy = Anatomy::of(corpus, reviewed, asked.on);
    let mut all = Review { corpus, reviewed, asked, anatomy, found: vec![] };
    all.form();
    all.citations();
    all.remedies();
    all.terms();
    all.content();
    all.personal();
    all.traces();
    all.page();
    let mut found = all.found;
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found.dedup();
    found
}

fn key(f: &Finding) -> (usize, usize, &str, &str) {
    (f.paragraph.unwrap_or(usize::MAX), f.range.start, f.rule, &f.message)
}

/// A letter under review.
struct Review<'a> {
    corpus: &'a Corpus,
    reviewed: &'a Reviewed,
    asked: Asked<'a>,
    anatomy: Anatomy,
    found: Vec<Finding>,
}

impl Review<'_> {
    /// A finding at bytes of a paragraph.
    fn at(
        &mut self,
        rule: &'static str,
        (paragraph, range): (usize, Range<usize>),
        message: impl Into<String>,
    ) {
        let Some(found) = self.reviewed.paragraphs.get(paragraph) else { return };
        self.push(Finding {
            paragraph: Some(paragraph),
            line: found.text.clone(),
            range,
            place: found.place.clone(),
            ..finding(rule, message.into())
        });
    }

    /// A finding about a whole paragraph.
    fn whole(&mut self, rule: &'static str, paragraph: usize, message: impl Into<String>) {
        let length = self.reviewed.paragraphs.get(paragraph).map_or(0, |p| p.text.len());
        self.at(rule, (paragraph, 0..length), message);
    }

    /// A finding about the file and no place in its text.
    fn file(&mut self, rule: &'static str, (place, words): (&str, &str), message: impl Into<String>) {
        self.push(Finding {
            place: place.to_owned(),
            line: words.to_owned(),
            range: 0..words.len(),
            ..finding(rule, message.into())
        });
    }

    fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Gives the last finding another hint than its rule's.
    fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.found.last_mut() {
            last.hint = hint.into();
        }
    }

    /// Makes the last finding a warning.
    fn soften(&mut self) {
        if let Some(last) = self.found.last_mut() {
            last.severity = Severity::Warning;
        }
    }

    fn text(&self, paragraph: usize) -> &str {
        self.reviewed.paragraphs.get(paragraph).map_or("", |p| &p.text)
    }

    fn make_up(&self) -> MakeUp {
        let skip = self.asked.agency.policy.get("make-up-days").is_some_and(|c| c == "skip");
        if skip { MakeUp::Skip } else { MakeUp::Count }
    }

    /// The place for what a letter lacks: its title, or the first paragraph.
    fn head(&self) -> usize {
        self.anatomy.title.last().copied().unwrap_or(0)
    }
}

fn finding(id: &'static str, message: String) -> Finding {
    let known = rule(id);
    Finding {
        rule: id,
        severity: known.map_or(Severity::Error, |r| r.severity),
        place: String::new(),
        paragraph: None,
        line: String::new(),
        range: 0..0,
        message,
        hint: known.map_or("", |r| r.fix).to_owned(),
    }
}

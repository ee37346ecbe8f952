//! Who wrote each page, who approved it, when it was last checked, and what changed.

use super::{Citing, Kind};
use crate::calendar::Date;
use crate::corpus::{Change, Corpus, Review};

/// What is known of one page.
#[derive(Debug, Clone)]
pub struct Upkeep<'a> {
    /// The page.
    pub citing: Citing,
    /// Its file, relative to the root.
    pub path: &'a str,
    /// The whole text of the file.
    pub text: &'a str,
    /// Its body.
    pub body: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Points still to be checked.
    pub unverified: &'a [String],
    /// ISO date of the last check.
    pub checked: &'a str,
    /// Who wrote and who approved it.
    pub review: &'a Review,
    /// What changed, the newest first.
    pub changes: &'a [Change],
}

impl Upkeep<'_> {
    /// Days from the last check to `on`; `None` where the page's date is no date or later.
    #[must_use]
    pub fn age(&self, on: Date) -> Option<i32> {
        let checked = Date::parse(self.checked)?;
        let days = on.number() - checked.number();
        (days >= 0).then_some(days)
    }

    /// Whether nobody approved it, or it changed after that.
    #[must_use]
    pub fn unreviewed(&self) -> bool {
        match (&self.review.reviewed_by, &self.review.reviewed_on) {
            (Some(_), Some(on)) => self.changes.iter().any(|change| change.date > *on),
            _ => true,
        }
    }
}

/// Every page with a header, by kind and id.
#[must_use]
pub fn upkeep(corpus: &Corpus) -> Vec<Upkeep<'_>> {
    let mut all = vec![];
    macro_rules! add {
        ($kind:expr, $entries:expr) => {
            all.extend($entries.map(|entry| Upkeep {
                citing: Citing { kind: $kind, id: entry.header.id.clone() },
                path: &entry.path,
                text: &entry.text,
                body: entry.body(),
                unverified: &entry.header.unverified,
                title: &entry.header.title,
                checked: &entry.header.checked,
                review: &entry.header.review,
                changes: &entry.header.changes,
            }))
        };
    }
    add!(Kind::Case, corpus.cases.values());
    add!(Kind::Question, corpus.questions.values());
    add!(Kind::Letter, corpus.clauses.values());
    add!(Kind::Policy, corpus.policies.values());
    add!(Kind::Guide, corpus.guides.values());
    add!(Kind::Quiz, corpus.quizzes.values());
    add!(Kind::Drill, corpus.drills.values());
    add!(Kind::Law, corpus.laws.values());
    all
}

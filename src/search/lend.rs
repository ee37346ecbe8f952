//! What the best hits lead to: a question cites articles and belongs to outcomes that have letters, a letter rests on
//! articles. These gain, so that the article and the letter come up where only the question speaks as people speak.

use super::rank::{Hit, float};
use super::shelf::Kind;
use super::{Engine, Shelf};
use rustc_hash::FxHashMap;

/// What leads where, by number of record.
#[derive(Debug, Clone, Default)]
pub(super) struct Leads {
    /// For each page the articles that it cites.
    cites: Vec<Vec<u32>>,
    /// How many pages cite an article.
    cited: FxHashMap<u32, u32>,
    /// The letters that cite an article.
    citing: FxHashMap<usize, Vec<usize>>,
    /// The letters of an outcome.
    letters: FxHashMap<String, Vec<usize>>,
}

impl Leads {
    /// `first` has the first record of each page.
    pub(super) fn new(shelf: &Shelf, first: &[usize]) -> Self {
        let mut leads = Self { cites: shelf.cites(), ..Self::default() };
        for ((page, cites), first) in shelf.pages.iter().zip(&leads.cites).zip(first) {
            for record in cites {
                *leads.cited.entry(*record).or_default() += 1;
                if page.kind == Kind::Letter {
                    leads.citing.entry(*record as usize).or_default().push(*first);
                }
            }
            if page.kind == Kind::Letter {
                for outcome in &page.outcomes {
                    leads.letters.entry(outcome.clone()).or_default().push(*first);
                }
            }
        }
        leads
    }
}

impl Engine {
    /// Lets the best of all hits lend to what they lead to; answers from how much on what was lent counts. The hits come
    /// and go in no order.
    pub(super) fn lend(&self, hits: &mut Vec<Hit>) -> f64 {
        let numbers = &self.numbers;
        let mut best: Vec<Hit> = hits.iter().filter(|h| h.score > 0.0).copied().collect();
        best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        best.truncate(numbers.sources);
        let Some(most) = best.first().map(|h| h.score) else { return f64::INFINITY };
        let mut lent: FxHashMap<usize, f64> = FxHashMap::default();
        let mut lend = |record: usize, worth: f64| *lent.entry(record).or_default() += worth;
        for (nth, source) in best.iter().enumerate() {
            let page = self.page_of(source.record);
            let Some(found) = self.shelf.pages.get(page) else { continue };
            if found.kind == Kind::Law {
                let letters = self.leads.citing.get(&source.record).filter(|_| nth < numbers.grounds);
                for letter in letters.into_iter().flatten() {
                    lend(*letter, numbers.ground * source.score / float(letters.map_or(1, Vec::len)));
                }
                continue;
            }
            let worth =
                if found.kind == Kind::Question { source.score } else { source.score * numbers.beyond };
            let cites = self.leads.cites.get(page).map_or(&[][..], Vec::as_slice);
            for record in cites {
                let others = f64::from(self.leads.cited.get(record).copied().unwrap_or(1));
                let share = numbers.cited * worth / float(cites.len()).sqrt() / others.sqrt().sqrt();
                lend(*record as usize, share);
            }
            if found.kind == Kind::Letter {
                continue;
            }
            for outcome in &found.outcomes {
                let letters = self.leads.letters.get(outcome).map_or(&[][..], Vec::as_slice);
                for letter in letters {
                    let share = numbers.outcome * worth / float(found.outcomes.len());
                    lend(*letter, share / float(letters.len()).sqrt());
                }
            }
        }
        let mut places: FxHashMap<usize, usize> =
            hits.iter().enumerate().map(|(nth, hit)| (hit.record, nth)).collect();
        let mut lent: Vec<(usize, f64)> = lent.into_iter().collect();
        lent.sort_unstable_by_key(|(record, _)| *record);
        for (record, worth) in lent {
            let law = self.shelf.pages.get(self.page_of(record)).is_some_and(|p| p.kind == Kind::Law);
            let bound = most * if law { numbers.most_cited } else { numbers.most_letter };
            let nth = *places.entry(record).or_insert_with(|| {
                hits.push(Hit { record, score: 0.0, cover: 0.0, lent: 0.0 });
                hits.len() - 1
            });
            if let Some(hit) = hits.get_mut(nth) {
                hit.lent = worth.min(bound);
                hit.score += hit.lent;
            }
        }
        most * numbers.led
    }
}

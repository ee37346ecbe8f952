//! All records that a query touches, in order.

use super::query::{Group, Plan, Token};
use super::shelf::Kind;
use super::{Engine, Options};
use std::collections::BTreeMap;

/// A record and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub record: usize,
    pub score: f64,
    /// Which share of the query it meets.
    pub cover: f64,
    /// What of its score other hits lent it.
    pub lent: f64,
}

/// Values with how many records have them.
type Counts = BTreeMap<String, usize>;

/// All hits, the best first, before they are looked at closely.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranked {
    pub hits: Vec<Hit>,
    /// How many of the first are looked at closely.
    pub closely: usize,
    pub total: usize,
    /// kind, outcome, year, state.
    pub facets: [Counts; 4],
}

/// The natural logarithm from additions and multiplications only: the same bits on every machine.
pub(super) fn ln(mut x: f64) -> f64 {
    let mut exponent = 0.0;
    while x >= 2.0 {
        x /= 2.0;
        exponent += 1.0;
    }
    let y = (x - 1.0) / (x + 1.0);
    let square = y * y;
    let (mut term, mut sum) = (y, 0.0);
    for k in (1..40).step_by(2) {
        sum += term / f64::from(k);
        term *= square;
    }
    2.0 * sum + exponent * std::f64::consts::LN_2
}

/// A number of things in memory.
pub(super) fn float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// What documents gain, by record.
struct Gains {
    score: Vec<f64>,
    met: Vec<f64>,
    /// The records that gained anything.
    touched: Vec<usize>,
}

impl Gains {
    fn new(count: usize) -> Self {
        Self { score: vec![0.0; count], met: vec![0.0; count], touched: vec![] }
    }

    fn add(&mut self, record: usize, score: f64, met: f64) {
        let (Some(s), Some(m)) = (self.score.get_mut(record), self.met.get_mut(record)) else { return };
        if *m == 0.0 {
            self.touched.push(record);
        }
        *s += score;
        *m += met;
    }

    /// Keeps the better of what a record has and what it is offered.
    fn raise(&mut self, record: usize, score: f64, met: f64) {
        let (Some(s), Some(m)) = (self.score.get_mut(record), self.met.get_mut(record)) else { return };
        if *m == 0.0 {
            self.touched.push(record);
        }
        if score > *s {
            (*s, *m) = (score, met);
        }
    }

    fn take(&mut self, record: usize) -> (f64, f64) {
        let taken = |all: &mut Vec<f64>| all.get_mut(record).map_or(0.0, std::mem::take);
        (taken(&mut self.score), taken(&mut self.met))
    }
}

impl Engine {
    pub(super) fn idf(&self, df: u32) -> f64 {
        let (all, df) = (f64::from(self.count), f64::from(df));
        ln(1.0 + (all - df + 0.5) / (df + 0.5))
    }

    /// Adds what tokens give; answers the most that one record could get. Without `focus` the names of laws give nothing.
    fn add(&self, tokens: &[Token], scale: f64, focus: Option<&[usize]>, gains: &mut Gains) -> f64 {
        let mut most = 0.0;
        for token in tokens {
            let list = self.index.postings(token.key);
            let named = || self.named.get(&token.key).map_or(&[][..], Vec::as_slice);
            let among = match focus {
                Some(laws) if token.focus && !laws.is_empty() => laws,
                Some(_) => named(),
                None => &[],
            };
            if list.is_none() && among.is_empty() {
                continue;
            }
            let list = list.unwrap_or_default();
            let gain = token.weight * scale * self.idf(list.df);
            most += gain;
            for (record, weight) in &list.records {
                gains.add(*record as usize, gain * f64::from(*weight) / 255.0, gain);
            }
            let mut seen: Vec<usize> = vec![];
            for page in among {
                if seen.contains(page) {
                    continue;
                }
                seen.push(*page);
                let Some(range) = self.range(*page) else { continue };
                let from = range.start;
                let mut held =
                    list.records.iter().map(|(r, _)| *r as usize).skip_while(|r| *r < from).peekable();
                for record in range {
                    if held.next_if_eq(&record).is_none() {
                        gains.add(record, gain * self.numbers.law / 255.0, gain);
                    }
                }
            }
        }
        most
    }

    /// The most that tokens could give.
    fn worth(&self, tokens: &[Token]) -> f64 {
        let known = tokens.iter().filter(|token| self.index.df(token.key) > 0);
        known.fold(0.0, |sum, token| sum + token.weight * self.idf(self.index.df(token.key)))
    }

    pub(super) fn rank(&self, plan: &Plan, options: &Options<'_>) -> Ranked {
        let count = self.count as usize;
        let (mut gains, mut group, mut part) = (Gains::new(count), Gains::new(count), Gains::new(count));
        let mut total = self.add(&plan.plain, 1.0, Some(&plan.focus), &mut gains);
        total += self.add(&plan.near, 1.0, None, &mut gains);
        for Group { readings, scale } in &plan.groups {
            // An everyday word says no more where it stands itself than what it means.
            let own = readings.first().map_or(0.0, |tokens| self.worth(tokens));
            let meant = readings.iter().skip(1).map(|tokens| self.worth(tokens)).fold(0.0, f64::max);
            let first = if meant > 0.0 && meant < own { meant / own } else { 1.0 };
            let mut most = 0.0_f64;
            for (nth, tokens) in readings.iter().enumerate() {
                let scale = if nth > 0 { *scale } else { first };
                most = most.max(self.add(tokens, scale, Some(&[]), &mut part));
                for record in std::mem::take(&mut part.touched) {
                    let (score, met) = part.take(record);
                    group.raise(record, score, met);
                }
            }
            for record in std::mem::take(&mut group.touched) {
                let (score, met) = group.take(record);
                gains.add(record, score, met);
            }
            total += most;
        }
        let touched = std::mem::take(&mut gains.touched);
        let mut hits: Vec<Hit> = touched
            .into_iter()
            .map(|record| {
                let (score, met) = gains.take(record);
                let cover = met / total;
                let score = self.weighed(record, score * cover * cover.sqrt());
                Hit { record, score, cover, lent: 0.0 }
            })
            .collect();
        let best = hits.iter().map(|h| h.cover).fold(0.0, f64::max);
        let led = self.lend(&mut hits);
        for record in &plan.refs {
            if !hits.iter().any(|h| h.record == *record) {
                hits.push(Hit { record: *record, score: 0.0, cover: 1.0, lent: 0.0 });
            }
        }
        let bounds = (self.numbers.counted * f64::min(best, 1.0), led);
        let mut ranked = self.count_facets(plan, hits, bounds, options);
        self.raise_whole(&mut ranked, best * 0.999);
        ranked
    }

    /// What meets the query most is looked at closely too, unless everything does.
    fn raise_whole(&self, ranked: &mut Ranked, bound: f64) {
        let checked = self.numbers.checked;
        ranked.closely = checked.min(ranked.hits.len());
        if ranked.hits.iter().filter(|h| h.cover >= bound).count() > self.numbers.whole {
            return;
        }
        let rest = ranked.hits.split_off(checked.min(ranked.hits.len()));
        let (whole, mut other): (Vec<Hit>, Vec<Hit>) = rest.into_iter().partition(|h| h.cover >= bound);
        let (raised, left) = whole.split_at(whole.len().min(self.numbers.also));
        ranked.closely += raised.len();
        other.extend(left);
        other.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        ranked.hits.extend(raised);
        ranked.hits.append(&mut other);
    }

    /// What the kind and state of a record make of its score.
    fn weighed(&self, record: usize, mut score: f64) -> f64 {
        let page = self.page_of(record);
        let Some(found) = self.shelf.pages.get(page) else { return score };
        let is_untitled = self.record(record).is_some_and(super::Record::is_untitled);
        let untitled = if is_untitled { self.numbers.untitled } else { 1.0 };
        score *= super::numbers::Numbers::kind(found.kind) * untitled;
        if page == 0 {
            score *= self.numbers.home;
        }
        if self.is_old(page) {
            score *= self.numbers.old;
        }
        if found.kind == Kind::Law && self.first.get(page) == Some(&record) {
            score *= self.numbers.head;
        }
        score
    }

    /// What hardly touches the question, and to which nothing leads, is shown where there is nothing better, and never
    /// counted.
    fn count_facets(
        &self,
        plan: &Plan,
        hits: Vec<Hit>,
        (bound, led): (f64, f64),
        options: &Options<'_>,
    ) -> Ranked {
        let mut ranked = Ranked::default();
        let wanted = [options.kind, options.outcome, options.year, options.state];
        for hit in hits {
            let Some(page) = self.shelf.pages.get(self.page_of(hit.record)) else { continue };
            let values: [Vec<&str>; 4] = [
                vec![page.kind.name()],
                page.outcomes.iter().map(String::as_str).collect(),
                page.year.iter().map(String::as_str).collect(),
                page.state.into_iter().collect(),
            ];
            let failed: Vec<usize> = (0..)
                .zip(wanted.iter().zip(&values))
                .filter(|(_, (wanted, values))| wanted.is_some_and(|w| !values.contains(&w)))
                .map(|(nth, _)| nth)
                .collect();
            let counts = hit.cover >= bound || hit.lent >= led || plan.refs.contains(&hit.record);
            if failed.is_empty() {
                ranked.hits.push(hit);
                ranked.total += usize::from(counts);
            }
            for (nth, (facet, values)) in ranked.facets.iter_mut().zip(&values).enumerate() {
                if counts && (failed.is_empty() || failed == [nth]) {
                    for value in values {
                        *facet.entry((*value).to_owned()).or_default() += 1;
                    }
                }
            }
        }
        ranked.hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
        ranked
    }
}

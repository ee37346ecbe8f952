//! The best hits looked at closely, and shown.

use super::fold::{is_word, pair};
use super::names::{bare, contains, count};
use super::query::{Plan, respelt};
use super::rank::{Hit, Ranked, float};
use super::shelf::{Kind, Line, Record};
use super::{Engine, Found};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Places of a line that were asked for: where they begin and end, and what they are worth.
type Places = Vec<(usize, usize, f64)>;

/// A line cut around what was asked.
#[derive(Default)]
struct Snippet {
    anchor: String,
    text: String,
    marks: Vec<(usize, usize)>,
}

/// Length of the longest piece of `part` that stands in `text`.
fn common(part: &[u16], text: &[u16]) -> usize {
    let (mut best, mut i) = (0, 0);
    while i + best < part.len() {
        if part.get(i..=i + best).is_some_and(|piece| contains(text, piece)) {
            best += 1;
        } else {
            i += 1;
        }
    }
    best
}

/// Which share of the pairs of a word stands in a text; of a single character whether it does.
fn share(word: &[u16], text: &[u16]) -> f64 {
    let pairs = word.windows(word.len().clamp(1, 2));
    let all = count(word).max(2.0) - 1.0;
    float(pairs.filter(|pair| contains(text, pair)).count()) / all
}

impl Engine {
    /// Puts the hits into their last order.
    pub(super) fn finish(&self, plan: &Plan, ranked: &Ranked, limit: usize) -> Vec<Hit> {
        let wanted = limit.min(ranked.total.max(10));
        let mut hits = vec![];
        for (nth, record) in plan.refs.iter().enumerate() {
            for hit in ranked.hits.iter().filter(|h| h.record == *record) {
                hits.push(Hit { score: self.numbers.reference - float(nth), ..*hit });
            }
        }
        // What is asked for by name or number goes before everything else, and may leave no room for it.
        if hits.len() < wanted {
            let mut top: Vec<Hit> = ranked.hits.iter().take(ranked.closely).copied().collect();
            for hit in &mut top {
                // What was lent is not what stands in the text.
                hit.score = hit.lent + (hit.score - hit.lent) * self.closely(plan, hit.record);
            }
            top.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.record.cmp(&b.record)));
            top.extend(ranked.hits.iter().skip(ranked.closely));
            hits.extend(top.into_iter().filter(|h| !plan.refs.contains(&h.record)));
        }
        if !plan.refs.iter().any(|r| ranked.hits.iter().any(|h| h.record == *r)) {
            self.in_plain_words(&mut hits);
        }
        hits.truncate(wanted);
        hits
    }

    /// Among the first three is a page that speaks as people speak, if there is one worth it.
    fn in_plain_words(&self, hits: &mut Vec<Hit>) {
        let kind = |hit: &Hit| self.shelf.pages.get(self.page_of(hit.record)).map(|p| p.kind);
        let plain = |hit: &Hit| matches!(kind(hit), Some(Kind::Question | Kind::Guide));
        let Some(nth) = hits.iter().take(10).position(plain).filter(|nth| *nth > 2) else { return };
        let Some(third) = hits.get(2).map(|h| h.score) else { return };
        if hits.get(nth).is_some_and(|h| h.score >= self.numbers.plain * third) {
            let raised = hits.remove(nth);
            hits.insert(2, Hit { score: third, ..raised });
        }
    }

    /// By how much a record gains when its text is read: the more of the query stands in it as it was typed.
    fn closely(&self, plan: &Plan, record: usize) -> f64 {
        let Some(content) = self.record(record) else { return 1.0 };
        let head = self.shelf.fold.dense(&content.title);
        let mut folded = head.clone();
        folded.push(0x20);
        folded.extend(content.lines.iter().flat_map(|l| self.shelf.fold.dense(&l.text)));
        let page = self.shelf.pages.get(self.page_of(record));
        // A law's keywords are those of all its articles.
        let keywords = page.filter(|p| p.kind != Kind::Law).map_or(&[][..], |p| &p.keywords);
        let keywords: Vec<Vec<u16>> = keywords.iter().map(|w| self.shelf.fold.dense(w)).collect();
        let words: Vec<Vec<u16>> = plan.asked.iter().map(|(_, run)| run.clone()).collect();
        let other: Vec<Vec<u16>> = words.iter().map(|run| respelt(run)).collect();
        // With its punctuation, too.
        let verbatim = || content.lines.iter().any(|line| line.text.contains(&plan.typed));
        let factor = |words| self.factor(words, (&head, &folded), &keywords, &verbatim);
        if other == words { factor(&words) } else { factor(&words).max(factor(&other)) }
    }

    fn factor(
        &self,
        words: &[Vec<u16>],
        (head, folded): (&[u16], &[u16]),
        keywords: &[Vec<u16>],
        verbatim: &dyn Fn() -> bool,
    ) -> f64 {
        let joined = words.concat();
        let pieces: usize = words.iter().map(|word| common(word, folded)).sum();
        let together = if words.len() > 1 { common(&joined, folded) } else { pieces };
        let mut found = float(pieces);
        if words.len() > 1 {
            found = (self.numbers.apart * found).max(float(together));
        }
        let whole = if joined.is_empty() { 0.0 } else { found / count(&joined) };
        let mut gain = 1.0 + self.numbers.piece * whole * whole;
        if !joined.is_empty() && together == joined.len() {
            gain += self.numbers.exact;
            if verbatim() {
                gain += self.numbers.verbatim;
            }
        } else if !joined.is_empty() && pieces == joined.len() {
            gain += self.numbers.every;
        } else if whole >= self.numbers.apart {
            gain += self.numbers.exact * self.numbers.loose;
        }
        let terms = words.len() > 1 && words.iter().all(|word| word.len() <= self.numbers.term);
        if terms && pieces < joined.len() {
            gain += self.numbers.balance * words.iter().map(|word| share(word, folded)).fold(1.0, f64::min);
        }
        let same = head == joined || bare(head) == joined || keywords.contains(&joined);
        if !joined.is_empty() && same { gain + self.numbers.same } else { gain }
    }

    pub(super) fn shown(&self, plan: &Plan, hit: &Hit, nth: usize) -> Option<Found> {
        let record = self.record(hit.record)?;
        let page = self.shelf.pages.get(self.page_of(hit.record))?;
        let place = plan.place.filter(|_| plan.refs.iter().take(plan.placed).any(|r| *r == hit.record));
        let snippet = self.snippet(plan, record, place);
        let label = record.label();
        let title = match &label {
            Some(label) if record.title.is_empty() => label.clone(),
            Some(label) => format!("{label}　{}", record.title),
            None => record.title.clone(),
        };
        Some(Found {
            rank: nth + 1,
            score: hit.score,
            kind: page.kind,
            title,
            law: (page.kind == Kind::Law).then(|| page.title.clone()),
            article: label,
            url: record.url(page, &snippet.anchor),
            snippet: snippet.text,
            marks: snippet.marks,
            badges: page.badges.clone(),
            state: page.state,
            year: page.year.clone(),
        })
    }

    /// The line that says most of what was asked, cut around it.
    fn snippet(&self, plan: &Plan, record: &Record, place: Option<(u32, u32)>) -> Snippet {
        let mut gains: FxHashMap<u32, f64> = FxHashMap::default();
        for token in plan.tokens() {
            let gain = token.weight * self.idf(self.index.df(token.key));
            if token.key >= 65_536 || token.weight == 1.0 {
                let known = gains.entry(token.key).or_default();
                *known = known.max(gain);
            }
        }
        let (mut best, mut most) = (None, -1.0);
        for line in &record.lines {
            let (places, mut sum) = self.places(&line.text, &gains);
            if place.is_some_and(|place| is_at(&line.anchor, place)) {
                sum = 1e9;
            }
            if sum > most {
                most = sum;
                best = Some((line, places));
            }
        }
        best.map_or_else(Snippet::default, |(line, places)| self.around(line, &places))
    }

    /// Where in a text the tokens stand, and what the different ones are worth together.
    fn places(&self, text: &str, gains: &FxHashMap<u32, f64>) -> (Places, f64) {
        let units = self.shelf.fold.text(text);
        let (mut places, mut sum, mut seen) = (vec![], 0.0, BTreeSet::new());
        for (i, unit) in units.iter().enumerate() {
            let next = units.get(i + 1).copied().unwrap_or(0);
            let both = pair(*unit, next);
            let two = is_word(*unit) && is_word(next);
            let (key, length) =
                match (two && gains.contains_key(&both), gains.contains_key(&u32::from(*unit))) {
                    (true, _) => (both, 2),
                    (false, true) => (u32::from(*unit), 1),
                    _ => continue,
                };
            let gain = gains.get(&key).copied().unwrap_or(0.0);
            if seen.insert(key) {
                sum += gain;
            }
            places.push((i, i + length, gain));
        }
        (places, sum)
    }

    fn around(&self, line: &Line, places: &Places) -> Snippet {
        let units: Vec<u16> = line.text.encode_utf16().collect();
        let half = |at: usize| units.get(at).is_some_and(|u| (0xDC00..=0xDFFF).contains(u));
        let width = self.numbers.snippet;
        let mut from = 0;
        if units.len() > width {
            let mut most = -1.0;
            for (nth, (start, ..)) in places.iter().enumerate() {
                let within = places.iter().skip(nth).take_while(|(_, end, _)| *end <= start + width);
                let sum: f64 = within.map(|(.., gain)| gain).fold(0.0, |a, b| a + b);
                if sum > most {
                    most = sum;
                    from = *start;
                }
            }
            from = from.saturating_sub(self.numbers.lead).min(units.len() - width);
            if from > 0 && half(from) {
                from -= 1;
            }
        }
        let mut to = units.len().min(from + width);
        if to < units.len() && half(to) {
            to -= 1;
        }
        let lead = usize::from(from > 0);
        let mut marks: Vec<(usize, usize)> = vec![];
        for (start, end, _) in places.iter().filter(|(start, end, _)| *start >= from && *end <= to) {
            let (start, end) = (start - from + lead, end - from + lead);
            match marks.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => marks.push((start, end)),
            }
        }
        let mut text = if from > 0 { "…".to_owned() } else { String::new() };
        text.push_str(&String::from_utf16_lossy(units.get(from..to).unwrap_or_default()));
        if to < units.len() {
            text.push('…');
        }
        Snippet { anchor: line.anchor.clone(), text, marks }
    }
}

/// Whether a line's anchor is the 款 or 项 that was asked for.
fn is_at(anchor: &str, (paragraph, item): (u32, u32)) -> bool {
    let (first, second) = anchor.split_once('=').unwrap_or((anchor, ""));
    let of_paragraph = paragraph > 0 && first == format!("-{paragraph}");
    if item > 0 {
        return second == item.to_string()
            && (paragraph == 0 || of_paragraph || (first.is_empty() && paragraph == 1));
    }
    of_paragraph
}

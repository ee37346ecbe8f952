//! What a query asks for: an article, a law, and words with what each is worth.

use super::Engine;
use super::fold::{is_word, pair, utf16};
use super::names::{Match, bare, named};
use super::numbers::{ENDINGS, NEUTRAL, OWN};
use super::reference::{Reference, numerals, reference, value};
use super::sayings::pairs;
use crate::text::chinese;

/// A character or a pair of characters of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub key: u32,
    pub weight: f64,
    /// Where it stands in the query.
    pub start: usize,
    pub end: usize,
    /// Whether it is part of the name of a law.
    pub focus: bool,
}

/// Tokens of which one reading counts: what was typed, then what may stand for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub readings: Vec<Vec<Token>>,
    /// What the other readings are worth beside the first.
    pub scale: f64,
}

/// What of a run is looked for: single characters with this weight, and every so manieth pair.
#[derive(Debug, Clone, Copy)]
struct Reach {
    single: f64,
    step: usize,
}

/// A run of a word that has other readings: from, to, the readings, what they are worth.
type Span = (usize, usize, Vec<Vec<u16>>, f64);

/// The meanings of what was nearly said so far, how many more are wanted, and what is looked for because of them.
struct Heard {
    spare: usize,
    means: Vec<Vec<Vec<u16>>>,
    tokens: Vec<Token>,
}

/// A query that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// The query as it was typed, as far as it is read.
    pub typed: String,
    /// Its runs of words: where they begin, and their units.
    pub asked: Vec<(usize, Vec<u16>)>,
    /// Its tokens outside of everyday words.
    pub plain: Vec<Token>,
    /// Pairs of what is meant by everyday words that it nearly says.
    pub near: Vec<Token>,
    /// For each everyday word or number its own tokens and those of what may stand for it.
    pub groups: Vec<Group>,
    /// Pages of laws that it names.
    pub focus: Vec<usize>,
    /// Records that it asks for by name or number, the likeliest first.
    pub refs: Vec<usize>,
    /// The 款 and 项 that it asks for, 0 where it does not; and of how many of `refs`.
    pub place: Option<(u32, u32)>,
    /// See `place`.
    pub placed: usize,
}

impl Plan {
    /// All its tokens.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &Token> {
        let words = self.plain.iter().chain(&self.near);
        words.chain(self.groups.iter().flat_map(|g| &g.readings).flatten())
    }
}

/// How many laws are tried where an article is asked for without one.
const MOST_LAWS: usize = 3;

impl Engine {
    pub(super) fn plan(&self, query: &str) -> Plan {
        let units: Vec<u16> = query.encode_utf16().take(self.numbers.units).collect();
        let mut text: Vec<u16> = units.iter().map(|u| self.shelf.fold.unit(*u)).collect();
        let typed = String::from_utf16_lossy(&units);
        let typed = typed.trim_matches([' ', '\t', '\r', '\n', '\u{3000}']).to_owned();
        let mut plan = Plan { typed, ..Plan::default() };
        if let Some(found) = reference(&text) {
            text = self.article(text, &found, &mut plan);
        }
        plan.asked = runs(&text);
        let whole: Vec<u16> = text.iter().copied().filter(|u| is_word(*u)).collect();
        if plan.refs.is_empty() && ends_as_law(&whole) {
            let named = named(&self.laws, &whole);
            if named.score >= 60.0 {
                plan.refs = named.laws.iter().filter_map(|p| self.first.get(*p).copied()).collect();
            }
        }
        let (mut quiet, spoken) = self.quiet_places(&plan.asked, text.len());
        let length: usize = plan.asked.iter().map(|(_, run)| run.len()).sum();
        // A long query needs no single characters, and not every pair.
        let single = if length <= self.numbers.short { self.numbers.single } else { 0.0 };
        let reach = Reach { single, step: length.div_ceil(self.numbers.pairs).max(1) };
        // What is asked as people speak is looked for by what is nearly said, too.
        let asks = length <= self.numbers.asks && spoken;
        let mut near =
            Heard { spare: if asks { self.numbers.sayings } else { 0 }, means: vec![], tokens: vec![] };
        for (at, words) in plan.asked.clone() {
            self.read((at, &words), reach, (&mut quiet, &mut near), &mut plan);
        }
        plan.near = near.tokens;
        plan
    }

    /// Finds the law of an article; answers the query with the article in its usual spelling.
    fn article(&self, text: Vec<u16>, found: &Reference, plan: &mut Plan) -> Vec<u16> {
        let dense = |part: &[u16]| part.iter().copied().filter(|u| is_word(*u)).collect::<Vec<u16>>();
        let before = text.get(..found.start).unwrap_or_default();
        let after = text.get(found.end..).unwrap_or_default();
        let name = dense(before);
        let (mut law, mut length) = (named(&self.laws, &name), name.len());
        if law.score == 0.0
            && let Some(short) = name.strip_suffix(utf16("的").as_slice())
        {
            law = named(&self.laws, short);
        }
        if law.score == 0.0 {
            let last = runs(before).pop().map(|(_, run)| run).unwrap_or_default();
            law = named(&self.laws, &last);
            length = if law.score > 0.0 { last.len() } else { 0 };
        }
        let known = law.score > 0.0;
        let other = dense(after).len() + name.len() - length;
        let few = other <= if known { self.numbers.beside } else { self.numbers.without };
        // 本法第九十一条 is a piece of a law's own text.
        let own = !known && OWN.iter().any(|word| name.ends_with(&utf16(word)));
        if own || !few || !(found.sure || known || other == 0) {
            return text;
        }
        let mut among = if known { law.laws.clone() } else { self.laws.iter().map(|l| l.page).collect() };
        self.refer(found, (&among, known), plan);
        plan.place = Some((found.paragraph, found.item));
        plan.placed = plan.refs.len();
        let usual = |article: u32| utf16(&format!(" 第{}条 ", chinese(article)));
        let (mut read, mut rest) = ([before, &usual(found.article)].concat(), after);
        // Other articles behind it, of the same law unless they name another.
        while let Some(next) = reference(rest).filter(|next| next.sure) {
            let before = rest.get(..next.start).unwrap_or_default();
            let mut between = dense(before);
            if between.first().is_some_and(|u| utf16("和与及至到").contains(u)) {
                between.remove(0);
            }
            if !between.is_empty() {
                let other = named(&self.laws, &between);
                if other.score < 60.0 {
                    break;
                }
                among = other.laws;
            }
            self.refer(&next, (&among, known || !between.is_empty()), plan);
            read.extend([before, &usual(next.article)].concat());
            rest = rest.get(next.end..).unwrap_or_default();
        }
        if known {
            plan.focus = law.laws;
        }
        [read.as_slice(), rest].concat()
    }

    /// Asks for an article of some laws: of each if they are named, else of a few.
    fn refer(&self, found: &Reference, (among, named): (&[usize], bool), plan: &mut Plan) {
        let article = (found.article, (found.sub > 0).then_some(found.sub));
        let most = plan.refs.len() + MOST_LAWS;
        for page in among {
            let usual = named || (plan.refs.len() < most && !self.is_old(*page));
            let record = self.articles.get(&(*page, article)).filter(|r| usual && !plan.refs.contains(r));
            plan.refs.extend(record);
        }
    }

    /// 1 for every unit within words that only ask, nowhere if that were everywhere; and whether people ask so, not laws.
    fn quiet_places(&self, asked: &[(usize, Vec<u16>)], length: usize) -> (Vec<u8>, bool) {
        let (mut quiet, mut loud, mut spoken) = (vec![0; length], 0, false);
        let neutral: Vec<Vec<u16>> = NEUTRAL.split_whitespace().map(utf16).collect();
        for (at, words) in asked {
            for (a, b) in phrases(words, self.longest_quiet, |part| self.quiet.contains(part)) {
                fill(&mut quiet, at + a, at + b, 1);
                spoken |= words.get(a..b).is_some_and(|word| !neutral.iter().any(|n| n == word));
            }
            loud += quiet.iter().skip(*at).take(words.len()).filter(|q| **q == 0).count();
        }
        (if loud == 0 { vec![0; length] } else { quiet }, spoken)
    }

    /// Reads one run of words.
    fn read(
        &self,
        (at, words): (usize, &[u16]),
        reach: Reach,
        (quiet, near): (&mut [u8], &mut Heard),
        plan: &mut Plan,
    ) {
        // The run, or how it begins, names a law.
        let mut law = 0;
        let whole = if ends_as_law(words) { named(&self.laws, words) } else { Match::default() };
        if whole.score >= 60.0 {
            plan.focus.extend(whole.laws);
            law = words.len();
        } else {
            for end in (2..words.len()).rev() {
                let head = self.exact.get(bare(words.get(..end).unwrap_or_default()));
                if let Some(head) = head {
                    plan.focus.extend(head);
                    law = end;
                    break;
                }
            }
        }
        let mut spans: Vec<Span> = vec![];
        for (a, b) in phrases(words, self.longest, |part| self.says.contains_key(part)) {
            if a >= law
                && let Some(means) = words.get(a..b).and_then(|say| self.says.get(say))
            {
                spans.push((a, b, means.clone(), self.numbers.synonym));
            }
        }
        Self::numbers_in(words, &mut spans);
        // Sayings are compared before `quiet` changes.
        self.hear((at, words), quiet, (near, &spans));
        for (a, b, ..) in &spans {
            fill(quiet, at + a, at + b, 0);
        }
        for mut token in self.tokens_of((at, words), quiet, reach) {
            token.focus = token.end - at <= law;
            let (mut inside, mut across) = (false, false);
            for (a, b, ..) in &spans {
                if at + a <= token.start && token.end <= at + b {
                    inside = true;
                } else if token.start < at + b && at + a < token.end {
                    across = true;
                }
            }
            if across {
                token.weight *= self.numbers.across;
            }
            if !inside {
                plan.plain.push(token);
            }
        }
        for (a, b, means, scale) in &spans {
            let own = words.get(*a..*b).unwrap_or_default();
            let own = self.tokens_of((at + a, own), quiet, Reach { step: 1, ..reach });
            let only = Reach { single: 0.0, step: 1 };
            let others = means.iter().map(|mean| self.tokens_of((0, mean), &vec![0; mean.len()], only));
            plan.groups.push(Group { readings: std::iter::once(own).chain(others).collect(), scale: *scale });
        }
    }

    /// Adds what is meant by everyday words that are nearly said.
    fn hear(&self, (at, words): (usize, &[u16]), quiet: &[u8], (near, spans): (&mut Heard, &[Span])) {
        if near.spare == 0 {
            return;
        }
        for saying in self.nearly((at, words), quiet) {
            if near.spare == 0 {
                break;
            }
            let said = spans.iter().any(|(_, _, means, _)| means == saying.means);
            if said || near.means.contains(saying.means) {
                continue;
            }
            near.spare -= 1;
            near.means.push(saying.means.clone());
            let weight = self.numbers.nearly * saying.like;
            for key in saying.means.iter().take(self.numbers.meanings).flat_map(|mean| pairs(mean)) {
                let full = near.tokens.len() >= self.numbers.heard;
                match near.tokens.iter_mut().find(|token| token.key == key) {
                    Some(same) => same.weight += weight,
                    None if full => {}
                    None => near.tokens.push(Token { key, weight, start: 0, end: 0, focus: false }),
                }
            }
        }
    }

    /// 20个 is 二十个, and the other way round.
    fn numbers_in(words: &[u16], spans: &mut Vec<Span>) {
        let mut i = 0;
        while i < words.len() {
            let j = numerals(words, i);
            let number = if j > i { value(words, i, j) } else { 0 };
            let apart = spans.iter().all(|(a, b, ..)| *b < i || j < *a);
            let article = i > 0 && words.get(i - 1) == utf16("第").first();
            if number > 0 && apart && !article {
                let after = (j + 1).min(words.len());
                let digits = words.get(i).is_some_and(|u| (0x30..=0x39).contains(u));
                let mut spelt = utf16(&if digits { chinese(number) } else { number.to_string() });
                spelt.extend(words.get(j..after).unwrap_or_default());
                spans.push((i, after, vec![spelt], 1.0));
            }
            i = j.max(i + 1);
        }
    }

    /// The tokens of a run that begins at `at` of the query.
    fn tokens_of(&self, (at, words): (usize, &[u16]), quiet: &[u8], reach: Reach) -> Vec<Token> {
        let hushed = |place: usize| quiet.get(place).copied().unwrap_or(0);
        let mut all = vec![];
        for (i, unit) in words.iter().enumerate() {
            let single = if words.len() == 1 {
                1.0
            } else if hushed(at + i) > 0 {
                0.0
            } else {
                reach.single
            };
            let start = at + i;
            if single > 0.0 {
                all.push(Token {
                    key: u32::from(*unit),
                    weight: single,
                    start,
                    end: start + 1,
                    focus: false,
                });
            }
            if let Some(next) = words.get(i + 1).filter(|_| i.is_multiple_of(reach.step)) {
                let weight = match hushed(start) + hushed(start + 1) {
                    2 => self.numbers.quiet,
                    1 => self.numbers.half,
                    _ => 1.0,
                };
                all.push(Token { key: pair(*unit, *next), weight, start, end: start + 2, focus: false });
            }
        }
        all
    }
}

/// The same with its numbers in the other spelling: 20个 as 二十个.
pub(super) fn respelt(words: &[u16]) -> Vec<u16> {
    let (mut out, mut i) = (vec![], 0);
    while i < words.len() {
        let j = numerals(words, i);
        let number = if j > i { value(words, i, j) } else { 0 };
        let next = j.max(i + 1);
        let article = i > 0 && words.get(i - 1) == utf16("第").first();
        if number == 0 || article {
            out.extend(words.get(i..next).unwrap_or_default());
        } else if words.get(i).is_some_and(|u| (0x30..=0x39).contains(u)) {
            out.extend(utf16(&chinese(number)));
        } else {
            out.extend(utf16(&number.to_string()));
        }
        i = next;
    }
    out
}

fn fill(places: &mut [u8], from: usize, to: usize, value: u8) {
    for place in places.iter_mut().take(to).skip(from) {
        *place = value;
    }
}

fn ends_as_law(name: &[u16]) -> bool {
    ENDINGS.iter().map(|e| utf16(e)).any(|e| name.len() > e.len() && name.ends_with(&e))
}

/// Runs of words with their place.
fn runs(text: &[u16]) -> Vec<(usize, Vec<u16>)> {
    let mut out: Vec<(usize, Vec<u16>)> = vec![];
    let mut open = false;
    for (i, unit) in text.iter().enumerate() {
        match out.last_mut().filter(|_| open) {
            Some((_, run)) if is_word(*unit) => run.push(*unit),
            _ if is_word(*unit) => out.push((i, vec![*unit])),
            _ => {}
        }
        open = is_word(*unit);
    }
    out
}

/// The longest phrase at each place, from left to right.
pub(super) fn phrases(text: &[u16], longest: usize, known: impl Fn(&[u16]) -> bool) -> Vec<(usize, usize)> {
    let (mut out, mut i) = (vec![], 0);
    while i < text.len() {
        let lengths = (1..=longest.min(text.len() - i)).rev();
        let length = lengths.into_iter().find(|n| text.get(i..i + n).is_some_and(&known));
        out.extend(length.map(|n| (i, i + n)));
        i += length.unwrap_or(1);
    }
    out
}

//! The numbers and word lists of the ranking. The browser gets them with the data, so there is one place to change.

use super::shelf::Kind;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// How words are weighed. Found by trying on the odd lines of `tests/search/queries.jsonl`.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Numbers {
    /// How soon more of the same word says nothing new.
    pub k1: f64,
    /// How much the length of a record counts.
    pub b: f64,
    /// A word in a title or among keywords counts as so many in the text.
    pub title: f64,
    /// What a word in the name of a law gives to all its articles, of 255.
    pub law: f64,
    /// Weight of a single character beside pairs.
    pub single: f64,
    /// Weight of a pair within words that ask, and of one half within.
    pub quiet: f64,
    /// See `quiet`.
    pub half: f64,
    /// Weight of what stands for an everyday word.
    pub synonym: f64,
    /// Weight of a pair across the edge of an everyday word.
    pub across: f64,
    /// How long an everyday word must be to be heard where it is only nearly said, and how long a query may be that asks
    /// as people speak.
    pub said: usize,
    /// See `said`.
    pub asks: usize,
    /// Which share of an everyday word must stand in the query; of how many such words what they mean is looked for, and
    /// how many meanings of each.
    pub likeness: f64,
    /// See `likeness`.
    pub sayings: usize,
    /// See `likeness`.
    pub meanings: usize,
    /// How many pairs of characters are looked for at most because something is nearly said.
    pub heard: usize,
    /// Weight of what an everyday word means that is nearly said.
    pub nearly: f64,
    /// What counts of that for a word of no field.
    pub general: f64,
    /// What a pair within words that ask tells of an everyday word.
    pub quiet_said: f64,
    /// What two characters tell of an everyday word between which others stand, and how many these may be.
    pub gap: f64,
    /// See `gap`.
    pub gaps: usize,
    /// Which share of the best score a record must have been lent to be counted though it hardly touches the query.
    pub led: f64,
    /// How many of the best records lend to what they lead to.
    pub sources: usize,
    /// What a page lends to the articles that it cites, and at most, beside the best score.
    pub cited: f64,
    /// See `cited`.
    pub most_cited: f64,
    /// What pages other than 问答 lend beside these.
    pub beyond: f64,
    /// What a page lends to the letters of its outcomes, and at most, beside the best score.
    pub outcome: f64,
    /// See `outcome`.
    pub most_letter: f64,
    /// What an article lends to the letters that rest on it, and how many of the best records do so.
    pub ground: f64,
    /// See `ground`.
    pub grounds: usize,
    /// What the longest piece of the query that stands in a record adds.
    pub piece: f64,
    /// What a record gains that holds the query whole.
    pub exact: f64,
    /// What it gains besides where the query stands in one line with its punctuation.
    pub verbatim: f64,
    /// Which share of `exact` where it holds nearly all of it.
    pub loose: f64,
    /// What a record gains whose title is the query.
    pub same: f64,
    /// Weight of the page of a law beside its articles.
    pub head: f64,
    /// Weight of the first page: the law that the handbook rests on most.
    pub home: f64,
    /// Weight of an article of which the handbook says nothing: only its own words lead to it.
    pub untitled: f64,
    /// Weight of what is no longer in force.
    pub old: f64,
    /// Among the first three is a page in plain words (问答, 指南) if one is worth this share of the third.
    pub plain: f64,
    /// What a text gains in which each of several words stands, though apart.
    pub every: f64,
    /// What it gains where not all of them stand there whole: the share that stands of the word of which least does. Only
    /// of words that are no longer than `term`.
    pub balance: f64,
    /// See `balance`.
    pub term: usize,
    /// From which share on nearly all of a query is there; and what several words found apart are worth.
    pub apart: f64,
    /// Which share of the best cover a record must have to be counted.
    pub counted: f64,
    /// Score of an article that was asked for by number.
    pub reference: f64,
    /// How many characters may stand beside an article with the name of its law.
    pub beside: usize,
    /// The same without the name of a law.
    pub without: usize,
    /// How many units of a query are read.
    pub units: usize,
    /// How many records are looked at closely.
    pub checked: usize,
    /// How many more that meet the query as well as any; and how many of these there may be at most.
    pub also: usize,
    /// See `also`.
    pub whole: usize,
    /// Up to this length a query is also looked for by its single characters.
    pub short: usize,
    /// About so many pairs of a query are looked for.
    pub pairs: usize,
    /// Longest list of documents for one token.
    pub postings: usize,
    /// Length of a snippet.
    pub snippet: usize,
    /// How much of it stands before the first mark.
    pub lead: usize,
}

pub(super) const NUMBERS: Numbers = Numbers {
    k1: 1.5,
    b: 0.45,
    title: 2.0,
    law: 85.0,
    single: 0.25,
    quiet: 0.3,
    half: 0.6,
    synonym: 0.55,
    across: 0.6,
    said: 3,
    asks: 32,
    likeness: 0.3,
    sayings: 8,
    meanings: 2,
    heard: 24,
    nearly: 0.25,
    general: 0.7,
    quiet_said: 0.1,
    gap: 0.7,
    gaps: 2,
    led: 0.2,
    sources: 12,
    cited: 1.5,
    most_cited: 1.3,
    beyond: 0.5,
    outcome: 0.5,
    most_letter: 0.45,
    ground: 0.6,
    grounds: 5,
    piece: 0.4,
    exact: 2.0,
    verbatim: 1.0,
    loose: 0.25,
    same: 5.0,
    head: 0.45,
    home: 1.1,
    untitled: 1.4,
    old: 0.5,
    plain: 0.5,
    every: 0.2,
    balance: 0.5,
    term: 8,
    apart: 0.95,
    counted: 0.6,
    reference: 1000.0,
    beside: 20,
    without: 8,
    units: 256,
    checked: 12,
    also: 4,
    whole: 32,
    short: 20,
    pairs: 40,
    postings: 4096,
    snippet: 90,
    lead: 12,
};

impl Numbers {
    /// Weight of a kind of page.
    pub(super) const fn kind(kind: Kind) -> f64 {
        match kind {
            Kind::Law => 1.2,
            Kind::Question => 0.9,
            Kind::Case | Kind::Guide => 0.7,
            Kind::Letter | Kind::Policy => 0.8,
            Kind::Tool => 0.6,
            Kind::Practice => 0.35,
        }
    }

    /// All of them for the browser.
    pub(super) fn json(&self) -> Json {
        let kinds: serde_json::Map<String, Json> =
            Kind::ALL.iter().map(|k| (k.name().to_owned(), json!(Self::kind(*k)))).collect();
        let mut all = json!(self);
        if let Some(all) = all.as_object_mut() {
            all.insert("kinds".to_owned(), kinds.into());
        }
        all
    }
}

/// What a law calls itself.
pub(super) const OWN: [&str; 6] = ["本法", "本条例", "本办法", "本规定", "本解释", "本细则"];

/// How names of laws end.
pub(super) const ENDINGS: [&str; 7] = ["法", "条例", "规定", "办法", "解释", "细则", "规则"];

/// Words of a question that say nothing of what is looked for.
pub(super) const QUIET: &str = "怎么办 怎么样 怎么 怎样 如何 什么样 什么 是否 是不是 能不能 可不可以 要不要 有没有 可以 应该 \
    应当 需要 必须 请问 哪些 哪个 哪里 哪儿 为什么 为何 吗 呢 吧 的 了 和 与 或者 还是 以及 对于 关于 一下 我 你 他 我们 \
    他们 这个 那个 这种 一个 被 把 让 给 在 是 有 要 能 会 就 都 也 不 没 到 去 来 找 谁 几 多 做 算 时候 情况";

/// Those of them that laws use as well: with no other, a query is not spoken.
pub(super) const NEUTRAL: &str =
    "是否 可以 应该 应当 需要 必须 的 和 与 或者 以及 对于 关于 一个 被 在 是 有 要 不 情况 到 做 会 就 给";

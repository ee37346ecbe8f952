//! The handbook as records, and a query as ranked hits: the twin of `engine.js`.
//!
//! No dictionary and no segmenter: characters and pairs of characters, weighed; references to articles and names of laws
//! first; the best hits read closely. What is asked in everyday words is looked for in the words of the laws as well.

mod data;
mod finish;
mod fold;
mod index;
mod lend;
mod made;
mod names;
mod numbers;
mod parts;
mod query;
mod rank;
mod reference;
mod sayings;
mod shelf;
mod words;

use crate::corpus::{Corpus, Publication};
use crate::links::Links;
use crate::text::Report;
use fold::{Fold, utf16};
use index::Index;
use lend::Leads;
use names::{Named, bare};
use numbers::{NUMBERS, Numbers, QUIET};
use rustc_hash::{FxHashMap, FxHashSet};
use sayings::Sayings;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;

pub use shelf::{Kind, Line, Page, Record};
pub use words::filed;

/// The twin for the browser.
const ENGINE: &str = include_str!("engine.js");

/// Everyday words and the words of Chinese law.
const EVERYDAY: &str = concat!(include_str!("everyday.txt"), include_str!("everyday-more.txt"));

/// Everyday words of no field: less is made of them where they are only nearly said.
const GENERAL: &str = include_str!("everyday-general.txt");

/// Everything that can be found.
#[derive(Debug, Clone)]
pub struct Shelf {
    pages: Vec<Page>,
    fold: Fold,
    /// An everyday word, then what it may mean; folded.
    synonyms: Vec<Vec<String>>,
    /// The pinyin of the characters of names, keywords and synonyms.
    sounds: words::Sounds,
}

impl Shelf {
    /// Cuts an edition of a handbook into records; the corpus holds what it holds.
    #[must_use]
    pub fn new(corpus: &Corpus, links: &Links, edition: &Publication) -> Self {
        Self::of_pages(shelf::pages(corpus, links, edition), &corpus.rules.synonyms.meanings())
    }

    /// What the handbook says, without lists, tables and what colleagues learn with.
    #[must_use]
    pub fn content(corpus: &Corpus, links: &Links) -> Self {
        Self::of_pages(shelf::content(corpus, links), &corpus.rules.synonyms.meanings())
    }

    /// Pages that were cut already, and what everyday words may mean.
    #[must_use]
    pub fn of_pages(pages: Vec<Page>, meanings: &BTreeMap<String, Vec<String>>) -> Self {
        let mut alphabet = vec![false; 1 << 16];
        let lines = pages.iter().flat_map(|p| &p.records);
        let lines = lines.flat_map(|r| r.lines.iter().map(|l| &l.text).chain([&r.title]));
        let words = pages.iter().flat_map(|p| p.names.iter().chain(&p.keywords).chain([&p.title]));
        for unit in lines.chain(words).flat_map(|text| text.encode_utf16()) {
            if let Some(known) = alphabet.get_mut(usize::from(unit)) {
                *known = true;
            }
        }
        let fold = Fold::new(&alphabet);
        let dense = |word: &String| String::from_utf16_lossy(&fold.dense(word));
        let synonyms: Vec<Vec<String>> = meanings
            .iter()
            .map(|(say, means)| std::iter::once(say).chain(means).map(dense).collect())
            .collect();
        let words = pages
            .iter()
            .flat_map(|p| p.names.iter().chain(&p.keywords).chain(&p.outcomes).chain([&p.title]))
            .chain(synonyms.iter().flatten());
        let sounds = words::sounds(words.map(String::as_str));
        Self { pages, fold, synonyms, sounds }
    }

    /// The pages with their records.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// Every place that a hit may lead to, relative to the handbook.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let mut all = vec![];
        for page in &self.pages {
            for record in &page.records {
                all.push(record.url(page, ""));
                all.extend(record.lines.iter().map(|line| record.url(page, &line.anchor)));
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// For each page the records of the articles that it cites, by number, each once.
    fn cites(&self) -> Vec<Vec<u32>> {
        let laws: FxHashSet<&str> =
            self.pages.iter().flat_map(|p| &p.cites).map(|(law, _)| law.as_str()).collect();
        let (mut places, mut next) = (FxHashMap::default(), 0_u32);
        for page in &self.pages {
            let cited = laws.contains(page.anchor.as_str());
            for record in &page.records {
                if let Some(article) = record.article.filter(|_| cited) {
                    places.insert((page.anchor.as_str(), article), next);
                }
                next += 1;
            }
        }
        let record =
            |(law, article): &(String, (u32, Option<u32>))| places.get(&(law.as_str(), *article)).copied();
        let sorted = |page: &Page| {
            let mut all: Vec<u32> = page.cites.iter().filter_map(record).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        self.pages.iter().map(sorted).collect()
    }

    /// What people say, and what the laws may call it: the agency's table, then ours, folded; and how many there are before
    /// those of no field.
    fn says(&self) -> (Vec<(String, Vec<String>)>, usize) {
        let dense = |word: &str| String::from_utf16_lossy(&self.fold.dense(word));
        let own = self.synonyms.iter().filter_map(|group| {
            let (say, means) = group.split_first()?;
            Some((say.clone(), means.to_vec()))
        });
        let mut all: Vec<(String, Vec<String>)> = own.collect();
        let mut seen: FxHashSet<String> = all.iter().map(|(say, _)| say.clone()).collect();
        let mut before = 0;
        for table in [EVERYDAY, GENERAL] {
            before = all.len();
            for line in table.lines().filter(|l| !l.starts_with('#')) {
                let Some((says, means)) = line.split_once(" > ") else { continue };
                let means: Vec<String> = means.split(' ').map(dense).collect();
                let fresh = says.split(' ').map(dense).filter(|say| seen.insert(say.clone()));
                all.extend(fresh.map(|say| (say, means.clone())));
            }
        }
        (all, before)
    }
}

/// Warns of words in the agency's table of synonyms that stand nowhere in what the handbook says.
pub fn check(corpus: &Corpus, links: &Links, report: &mut Report) {
    let pages = shelf::content(corpus, links);
    let records = pages.iter().flat_map(|p| &p.records);
    let lines = records.flat_map(|r| std::iter::once(&r.title).chain(r.lines.iter().map(|l| &l.text)));
    let words = pages.iter().flat_map(|p| p.names.iter().chain(&p.keywords).chain([&p.title]));
    let texts: Vec<&str> = lines.chain(words).map(String::as_str).collect();
    for unknown in corpus.rules.synonyms.unknown_words(&texts) {
        report.push(unknown.diagnostic());
    }
}

/// What hits must be, and how many are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// At most so many; 0 for 10.
    pub limit: usize,
    /// `Kind::name`
    pub kind: Option<&'a str>,
    /// Title of a 答复情形.
    pub outcome: Option<&'a str>,
    /// 2019
    pub year: Option<&'a str>,
    /// 现行有效
    pub state: Option<&'a str>,
}

/// A hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// From 1.
    pub rank: usize,
    /// Larger is better; only comparable within one query.
    pub score: f64,
    /// What it is.
    pub kind: Kind,
    /// Label and heading of an article, title of a page.
    pub title: String,
    /// Full title of its law.
    pub law: Option<String>,
    /// 第三十六条
    pub article: Option<String>,
    /// Relative to the handbook, with the anchor of the 条, 款 or 项.
    pub url: String,
    /// What it says about the query.
    pub snippet: String,
    /// What of the snippet was asked for: UTF-16 units from and to.
    pub marks: Vec<(usize, usize)>,
    /// What a reader must know first: 待核, 教学示例（虚构）.
    pub badges: Vec<String>,
    /// 现行有效
    pub state: Option<&'static str>,
    /// Year of the law, policy or case.
    pub year: Option<String>,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The best.
    pub hits: Vec<Found>,
    /// How many there are.
    pub total: usize,
    /// Values with how many hits have them, most first: kind, outcome, year, state.
    pub facets: BTreeMap<&'static str, Vec<(String, usize)>>,
    /// What was looked for instead of the letters that were typed.
    pub reading: Option<String>,
    /// Other queries worth trying.
    pub suggestions: Vec<String>,
}

/// A handbook that can be asked.
#[derive(Debug, Clone)]
pub struct Engine {
    shelf: Shelf,
    numbers: Numbers,
    index: Index,
    /// Number of records.
    count: u32,
    /// For each page its first record.
    first: Vec<usize>,
    /// For each record its page.
    page: Vec<u32>,
    /// Records of articles, by page and article.
    articles: FxHashMap<(usize, (u32, Option<u32>)), usize>,
    laws: Vec<Named>,
    /// Pages of laws by each of their names.
    exact: FxHashMap<Vec<u16>, Vec<usize>>,
    /// Pages of laws in whose names two characters stand together.
    named: FxHashMap<u32, Vec<usize>>,
    says: FxHashMap<Vec<u16>, Vec<Vec<u16>>>,
    longest: usize,
    quiet: FxHashSet<Vec<u16>>,
    longest_quiet: usize,
    sayings: Sayings,
    leads: Leads,
    vocabulary: Vec<words::Word>,
}

impl Engine {
    /// Reads everything.
    #[must_use]
    pub fn new(shelf: Shelf) -> Self {
        let index = Index::new(&shelf.pages, &shelf.fold, &NUMBERS);
        let (mut first, mut page, mut articles) = (vec![], vec![], FxHashMap::default());
        for (nth, found) in shelf.pages.iter().enumerate() {
            first.push(page.len());
            for record in &found.records {
                if let Some(article) = record.article {
                    articles.insert((nth, article), page.len());
                }
                page.push(u32::try_from(nth).unwrap_or(u32::MAX));
            }
        }
        let laws = laws(&shelf);
        let mut exact: FxHashMap<Vec<u16>, Vec<usize>> = FxHashMap::default();
        for (name, page) in laws.iter().flat_map(|law| law.names.iter().map(|name| (name, law.page))) {
            let list = exact.entry(name.clone()).or_default();
            if list.last() != Some(&page) {
                list.push(page);
            }
        }
        let mut named: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        for law in &laws {
            for two in law.names.iter().flat_map(|name| name.windows(2)) {
                let [a, b] = two else { continue };
                let list = named.entry(fold::pair(*a, *b)).or_default();
                if list.last() != Some(&law.page) {
                    list.push(law.page);
                }
            }
        }
        let (says, before) = shelf.says();
        let says: Vec<(Vec<u16>, Vec<Vec<u16>>)> =
            says.iter().map(|(say, all)| (utf16(say), all.iter().map(|m| utf16(m)).collect())).collect();
        let quiet: FxHashSet<Vec<u16>> = QUIET.split_whitespace().map(utf16).collect();
        let longest = |words: &mut dyn Iterator<Item = usize>| words.max().unwrap_or(1);
        let longest_quiet = longest(&mut quiet.iter().map(Vec::len));
        let sayings = Sayings::new((&says, before), &NUMBERS, (&quiet, longest_quiet));
        let leads = Leads::new(&shelf, &first);
        let mut engine = Self {
            numbers: NUMBERS,
            index,
            count: u32::try_from(page.len()).unwrap_or(u32::MAX),
            first,
            page,
            articles,
            laws,
            exact,
            named,
            longest: longest(&mut says.iter().map(|(say, _)| say.len())),
            says: says.into_iter().collect(),
            longest_quiet,
            quiet,
            sayings,
            leads,
            vocabulary: vec![],
            shelf,
        };
        engine.vocabulary = engine.vocabulary();
        engine
    }

    /// Looks for a query.
    #[must_use]
    pub fn search(&self, query: &str, options: &Options<'_>) -> Answer {
        let mut words = self.spelt(query).into_iter();
        let reading = words.next();
        let plan = self.plan(reading.as_deref().unwrap_or(query));
        let ranked = self.rank(&plan, options);
        let limit = if options.limit == 0 { 10 } else { options.limit };
        let hits = self.finish(&plan, &ranked, limit);
        let hits = hits.iter().enumerate().filter_map(|(nth, hit)| self.shown(&plan, hit, nth)).collect();
        let poor = ranked.hits.len() < 3 || ranked.hits.first().is_some_and(|h| h.cover < 0.5);
        let suggestions = match &reading {
            Some(_) => words.take(6).collect(),
            None if poor => self.near(query),
            None => vec![],
        };
        let facets = ["kind", "outcome", "year", "state"].into_iter().zip(ranked.facets);
        let facets = facets.map(|(name, counts)| (name, most_first(counts))).collect();
        Answer { hits, total: ranked.total, facets, reading, suggestions }
    }

    fn page_of(&self, record: usize) -> usize {
        self.page.get(record).map_or(0, |p| *p as usize)
    }

    /// The records of a page.
    fn range(&self, page: usize) -> Option<Range<usize>> {
        let from = *self.first.get(page)?;
        Some(from..self.first.get(page + 1).copied().unwrap_or(self.page.len()))
    }

    fn record(&self, record: usize) -> Option<&Record> {
        let page = self.page_of(record);
        self.shelf.pages.get(page)?.records.get(record - self.first.get(page)?)
    }

    /// Whether a page is no longer in force.
    fn is_old(&self, page: usize) -> bool {
        self.shelf
            .pages
            .get(page)
            .and_then(|p| p.state)
            .is_some_and(|s| s == shelf::OLD || s == shelf::REPEALED)
    }
}

fn laws(shelf: &Shelf) -> Vec<Named> {
    let laws = shelf.pages.iter().enumerate().filter(|(_, p)| p.kind == Kind::Law);
    laws.map(|(page, found)| {
        // Texts that are not in force are meant only where they are named with their year.
        let title = (found.state != Some(shelf::OLD)).then_some(&found.title);
        let names = title.into_iter().chain(&found.names);
        Named { page, names: names.map(|n| bare(&shelf.fold.dense(n)).to_vec()).collect() }
    })
    .collect()
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut all: Vec<(String, usize)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.encode_utf16().cmp(b.0.encode_utf16())));
    all
}

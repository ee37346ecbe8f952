//! In which records a character or a pair of characters stands, and how much each is about it.

use super::fold::{Fold, is_word, pair};
use super::numbers::Numbers;
use super::shelf::Page;
use rustc_hash::FxHashMap;

/// The records that are most about a token, by number, with 1 to 255 for how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Postings {
    /// In how many records it stands.
    pub df: u32,
    /// Number and weight; at most `Numbers::postings`.
    pub records: Vec<(u32, u8)>,
}

/// For each token its postings, packed: the distance to the record before in groups of seven bits, then the weight.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    lists: FxHashMap<u32, Packed>,
}

/// A list of postings, packed.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed {
    df: u32,
    last: u32,
    bytes: Vec<u8>,
}

/// So many postings are put in order before they go to their lists: a list is far away in memory, and visiting it once
/// for many postings costs as much as for one.
const HEAP: usize = 2_000_000;

/// Postings of some records that follow each other: token, record, weight in one number.
#[derive(Debug, Default)]
struct Heap {
    first: u32,
    postings: Vec<u64>,
}

impl Heap {
    fn push(&mut self, token: u32, record: u32, weight: u8) {
        if self.postings.is_empty() {
            self.first = record;
        }
        // Far fewer than 2^24 records have two million postings.
        self.postings.push(u64::from(token) << 32 | u64::from(record - self.first) << 8 | u64::from(weight));
    }

    /// Moves all to their lists if there are more than `most`.
    fn pour(&mut self, lists: &mut FxHashMap<u32, Packed>, most: usize) {
        if self.postings.len() <= most {
            return;
        }
        self.postings.sort_unstable();
        for same in self.postings.chunk_by(|a, b| a >> 32 == b >> 32) {
            let Some(token) = same.first().map(|p| (p >> 32) as u32) else { continue };
            let list = lists.entry(token).or_default();
            for posting in same {
                list.push(self.first + (posting >> 8 & 0xFF_FFFF) as u32, (posting & 0xFF) as u8);
            }
        }
        self.postings.clear();
    }
}

impl Packed {
    fn push(&mut self, record: u32, weight: u8) {
        let mut gap = record - self.last;
        while gap >= 0x80 {
            self.bytes.push((gap & 0x7F) as u8 | 0x80);
            gap >>= 7;
        }
        self.bytes.extend([gap as u8, weight]);
        self.last = record;
        self.df += 1;
    }

    pub(super) fn postings(&self) -> Postings {
        Postings { df: self.df, records: self.records().collect() }
    }

    /// In how many records the token stands.
    pub(super) fn df(&self) -> u32 {
        self.df
    }

    /// How many bytes it takes here.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Number and weight of each record that is kept.
    pub(super) fn records(&self) -> impl Iterator<Item = (u32, u8)> {
        let (mut record, mut bytes) = (0, self.bytes.iter());
        std::iter::from_fn(move || {
            let (mut gap, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                gap |= u32::from(byte & 0x7F) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
                shift += 7;
            }
            record += gap;
            Some((record, *bytes.next()?))
        })
    }
}

impl Index {
    /// Reads all pages. Records are numbered from 0 over all pages.
    pub(super) fn new(pages: &[Page], fold: &Fold, numbers: &Numbers) -> Self {
        let table = fold.table();
        let records =
            || pages.iter().flat_map(|p| p.records.iter().enumerate().map(move |(n, r)| (p, n == 0, r)));
        let lengths: Vec<u32> =
            records().map(|(_, _, r)| r.lines.iter().map(|l| words(&table, &l.text)).sum()).collect();
        let total: f64 = lengths.iter().map(|l| f64::from(*l)).sum();
        let count = u32::try_from(lengths.len().max(1)).unwrap_or(u32::MAX);
        let average = total.max(1.0) / f64::from(count);
        let mut lists: FxHashMap<u32, Packed> = FxHashMap::default();
        let (mut title, mut body): (Vec<u32>, Vec<u32>) = (vec![], vec![]);
        let mut heap = Heap::default();
        for (record, ((page, first, content), length)) in (0..).zip(records().zip(&lengths)) {
            title.clear();
            body.clear();
            tokens(&table, &content.title, &mut title);
            if first {
                for word in page.names.iter().chain(&page.keywords) {
                    tokens(&table, word, &mut title);
                }
            }
            for line in &content.lines {
                tokens(&table, &line.text, &mut body);
            }
            title.sort_unstable();
            body.sort_unstable();
            let norm = 1.0 - numbers.b + numbers.b * f64::from(*length) / average;
            each(&title, &body, |token, in_title, in_body| {
                let often = f64::from(in_body) / norm + numbers.title * f64::from(in_title);
                let weight = (255.0 * often / (numbers.k1 + often) + 0.5).floor().max(1.0);
                heap.push(token, record, weight as u8);
            });
            heap.pour(&mut lists, HEAP);
        }
        heap.pour(&mut lists, 0);
        for list in lists.values_mut() {
            list.cut(numbers.postings);
        }
        Self { lists }
    }

    /// What is known of a token.
    pub(super) fn postings(&self, token: u32) -> Option<Postings> {
        self.lists.get(&token).map(Packed::postings)
    }

    /// In how many records a token stands.
    pub(super) fn df(&self, token: u32) -> u32 {
        self.lists.get(&token).map_or(0, |list| list.df)
    }
}

impl Index {
    /// All tokens in order with their packed lists.
    pub(super) fn packed(&self) -> Vec<(u32, &Packed)> {
        let mut all: Vec<_> = self.lists.iter().map(|(token, list)| (*token, list)).collect();
        all.sort_unstable_by_key(|(token, _)| *token);
        all
    }
}

impl Packed {
    /// Keeps the records that are most about the token, the earlier of equals.
    fn cut(&mut self, most: usize) {
        self.bytes.shrink_to_fit();
        let df = self.df;
        if df as usize <= most {
            return;
        }
        let mut counts = [0_usize; 256];
        for (_, weight) in self.records() {
            if let Some(count) = counts.get_mut(usize::from(weight)) {
                *count += 1;
            }
        }
        let (mut kept, mut least) = (0, 255_u8);
        while kept + counts.get(usize::from(least)).copied().unwrap_or(0) <= most {
            kept += counts.get(usize::from(least)).copied().unwrap_or(0);
            least -= 1;
        }
        let mut spare = most - kept;
        let mut short = Self::default();
        for (record, weight) in self.records() {
            let among = weight == least && spare > 0;
            if among {
                spare -= 1;
            }
            if weight > least || among {
                short.push(record, weight);
            }
        }
        short.bytes.shrink_to_fit();
        *self = Self { df, ..short };
    }
}

/// How many units of words a text has.
fn words(table: &[u16], text: &str) -> u32 {
    let word = |u: u16| is_word(table.get(usize::from(u)).copied().unwrap_or(u));
    u32::try_from(text.encode_utf16().filter(|u| word(*u)).count()).unwrap_or(u32::MAX)
}

/// The tokens of a text: every unit of a word, and every two of a word that follow each other.
fn tokens(table: &[u16], text: &str, out: &mut Vec<u32>) {
    let mut before = 0;
    for unit in text.encode_utf16() {
        let unit = table.get(usize::from(unit)).copied().unwrap_or(unit);
        if !is_word(unit) {
            before = 0;
            continue;
        }
        out.push(u32::from(unit));
        if before != 0 {
            out.push(pair(before, unit));
        }
        before = unit;
    }
}

/// Every token of two sorted lists with how often it stands in each.
fn each(title: &[u32], body: &[u32], mut visit: impl FnMut(u32, u32, u32)) {
    let (mut t, mut b) = (0, 0);
    loop {
        let token = match (title.get(t), body.get(b)) {
            (Some(one), Some(other)) => *one.min(other),
            (Some(one), None) | (None, Some(one)) => *one,
            (None, None) => return,
        };
        let (from, start) = (t, b);
        while title.get(t) == Some(&token) {
            t += 1;
        }
        while body.get(b) == Some(&token) {
            b += 1;
        }
        visit(token, (t - from) as u32, (b - start) as u32);
    }
}

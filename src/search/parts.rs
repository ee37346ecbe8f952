//! The search data of a handbook that is too large for one file: parts of which a query reads a few.
//!
//! `data.js` then holds what every query needs: the names of laws, what a filter looks at, and what is where. `p/` holds
//! the postings of most tokens, a file for all whose number leaves the same rest; `l/` one long list of postings each;
//! `t/` the texts of records that follow each other, with what is shown of their pages; `w/` the words that are offered
//! instead of others. Numbers are bits in characters of ASCII; of texts the commonest characters take one byte or two.

use super::Shelf;
use super::data;
use super::index::{Index, Packed};
use super::numbers::NUMBERS;
use super::shelf::{Kind, Page};
use super::words::spelling;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

/// How large a file of short lists becomes, in bytes, near enough.
const PART: usize = 3_000;
/// From so many postings on a list has a file of its own.
const LONG: u32 = 800;
/// How many bytes of text stand in a block before it is coded.
const BLOCK: usize = 6_000;
/// The least number of files for short lists: quotients of tokens stay below 2^27.
const FEWEST: usize = 61;
/// Lists that are shorter say nothing of how they are written.
const FEW: usize = 4;

/// Numbers as bits, thirteen in two characters.
#[derive(Debug, Default)]
struct Bits {
    out: String,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += bits;
        while self.count >= 13 {
            self.two();
            self.count -= 13;
        }
    }

    fn two(&mut self) {
        let value = (self.held & 0x1FFF) as u32;
        self.held >>= 13;
        self.out.push(printable(value % 93));
        self.out.push(printable(value / 93));
    }

    /// Exponential Golomb code: the longer the larger, numbers below 2^`k` the shortest.
    fn number(&mut self, value: u32, k: u32) {
        let high = (value >> k) + 1;
        let more = 31 - high.leading_zeros();
        let ones = (1 << more) - 1;
        self.put(ones, more + 1);
        self.put(high & ones, more);
        self.put(value & ((1 << k) - 1), k);
    }

    /// Rising numbers of 32 bits, in halves.
    fn keys(&mut self, keys: &[u32]) {
        self.number(count(keys.len()), 8);
        let (mut high, mut low) = (0, 0);
        for key in keys {
            let (a, b) = (key >> 16, key & 0xFFFF);
            self.number(a - high, 2);
            if a > high {
                low = 0;
            }
            self.number(b - low, 9);
            (high, low) = (a, b);
        }
    }

    /// The postings of a token; `width` bits are enough for the number of any record.
    fn list(&mut self, list: &Packed, width: u32, room: &mut Room) {
        self.number(list.df() - 1, 0);
        room.gaps.clear();
        room.weights.clear();
        let mut next = 0;
        for (record, weight) in list.records() {
            room.gaps.push(record - next);
            room.weights.push(u32::from(weight));
            next = record + 1;
        }
        if room.gaps.len() < FEW {
            for (gap, weight) in room.gaps.iter().zip(&room.weights) {
                self.put(*gap, width);
                self.put(*weight, 8);
            }
            return;
        }
        let least = room.weights.iter().copied().min().unwrap_or(0);
        room.weights.iter_mut().for_each(|weight| *weight -= least);
        let (of_gaps, of_weights) = (shortest(&room.gaps, 16), shortest(&room.weights, 8));
        self.put(of_gaps, 4);
        self.put(of_weights, 3);
        self.put(least, 8);
        for (gap, over) in room.gaps.iter().zip(&room.weights) {
            self.number(*gap, of_gaps);
            self.number(*over, of_weights);
        }
    }

    fn end(mut self) -> String {
        if self.count > 0 {
            self.two();
        }
        self.out
    }
}

/// What one list after the other is unpacked into.
#[derive(Debug, Default)]
struct Room {
    gaps: Vec<u32>,
    weights: Vec<u32>,
}

/// The `k` below `most` with which numbers take the fewest bits.
fn shortest(numbers: &[u32], most: u32) -> u32 {
    let sum: u64 = numbers.iter().map(|n| u64::from(*n)).sum();
    let mean = sum / (numbers.len() as u64).max(1);
    let middle = (63 - (mean + 1).leading_zeros()).min(most - 1);
    let size = |k: u32| numbers.iter().map(|n| 2 * (31 - ((n >> k) + 1).leading_zeros()) + k).sum::<u32>();
    let around = middle.saturating_sub(2)..=middle;
    around.min_by_key(|k| size(*k)).unwrap_or(middle)
}

/// The character for a number below 93: ASCII without blanks beyond the first, quotes and backslashes.
fn printable(number: u32) -> char {
    let code = number + 0x20;
    let code = code + u32::from(code >= 0x22);
    char::from_u32(code + u32::from(code >= 0x5C)).unwrap_or(' ')
}

/// Characters that stand for others: one byte in UTF-8, then two.
fn codes() -> impl Iterator<Item = u16> {
    let one = (0..93).filter_map(|n| u16::try_from(printable(n) as u32).ok());
    one.chain(0xA1..=0xAC).chain(0xAE..=0x2FF).chain(0x370..=0x58F)
}

/// A spelling in which common characters are short.
struct Code {
    /// The units that are spelt otherwise, in the order of `codes`.
    alphabet: Vec<u16>,
    /// For each unit how it is spelt.
    table: Vec<char>,
}

/// Below this stand all `codes`: what a text has of these is always spelt otherwise.
const LOW: u16 = 0x590;

impl Code {
    /// For texts in which each unit stands so often.
    fn new(often: &[u32]) -> Self {
        let mut units: Vec<(u16, u32)> = (0..=u16::MAX).zip(often.iter().copied()).collect();
        units.retain(|(unit, n)| *n > 0 && !(0xD800..0xE000).contains(unit));
        units.sort_unstable_by_key(|(unit, n)| (*unit >= LOW, std::cmp::Reverse(*n), *unit));
        let codes: Vec<u16> = codes().collect();
        // Nobody writes with a thousand letters that are not Chinese; such a text is left as it is.
        let fits = units.get(codes.len()).is_none_or(|(unit, _)| *unit >= LOW);
        units.truncate(if fits { codes.len() } else { 0 });
        units.sort_unstable_by_key(|(unit, n)| (std::cmp::Reverse(*n), *unit));
        let char = |unit: u16| char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut table: Vec<char> = (0..=u16::MAX).map(char).collect();
        for ((unit, _), code) in units.iter().zip(codes) {
            if let Some(place) = table.get_mut(usize::from(*unit)) {
                *place = char(code);
            }
        }
        Self { alphabet: units.into_iter().map(|(unit, _)| unit).collect(), table }
    }

    fn add(&self, text: &str, out: &mut String) {
        out.extend(text.chars().map(|c| self.table.get(c as usize).copied().unwrap_or(c)));
    }

    fn spell(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.add(text, &mut out);
        out
    }
}

/// How often each unit stands in texts.
fn often<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut all = vec![0_u32; 1 << 16];
    for unit in texts.flat_map(str::encode_utf16) {
        if let Some(n) = all.get_mut(usize::from(unit)) {
            *n = n.saturating_add(1);
        }
    }
    all
}

/// Texts each of which is kept once.
#[derive(Default)]
struct Once {
    all: Vec<String>,
    places: FxHashMap<String, usize>,
}

impl Once {
    fn place(&mut self, text: String) -> usize {
        let next = self.all.len();
        *self.places.entry(text).or_insert_with_key(|text| {
            self.all.push(text.clone());
            next
        })
    }
}

impl Shelf {
    /// Hands over all files but the program.
    pub(super) fn write_parts<E>(&self, put: &mut impl FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
        let mut all = self.common();
        let (mut classes, mut articles) = (Once::default(), Once::default());
        let (mut heads, mut words, mut shown) = (vec![], vec![], vec![]);
        for (page, cites) in self.pages.iter().zip(self.cites()) {
            let class = classes.place(class(page));
            let articles = articles.place(data::articles(&page.records));
            let law = page.kind == Kind::Law;
            let (title, names) = (data::short_title(page), data::short_names(page));
            let first = [data::base36(count(class)), data::base36(count(articles))];
            heads.push(
                [first.join("\t").as_str(), if law { &title } else { "" }, &names, &data::rising(&cites)]
                    .join("\t")
                    .trim_end()
                    .to_owned(),
            );
            words.push(
                format!("{}\t{}", if law { "" } else { &title }, data::list(&page.keywords))
                    .trim_end()
                    .to_owned(),
            );
            let url = data::own_url(page).unwrap_or_default();
            let badges = data::list(&page.badges);
            shown.push(
                [&page.anchor, url, &data::list(&page.keywords), &badges]
                    .map(|t| t.replace('\n', " "))
                    .join("\t")
                    .trim_end()
                    .to_owned(),
            );
        }
        let (heads, words) = (heads.join("\n"), words.join("\n"));
        let records = || self.pages.iter().flat_map(|p| &p.records);
        let texts = records().flat_map(|r| std::iter::once(&r.title).chain(r.lines.iter().map(|l| &l.text)));
        let texts =
            texts.map(String::as_str).chain(shown.iter().map(String::as_str)).chain([heads.as_str(), &words]);
        let ascii: String = (' '..='~').chain(['\n', '\t']).collect();
        let code = Code::new(&often(texts.chain([ascii.as_str()])));
        self.write_texts(&code, &shown, &mut all, put)?;
        self.write_postings(&mut all, put)?;
        let offered = json!([code.spell(&words), spelling(&self.sounds)]);
        put("w/00000.js", &part("w", 0, &offered))?;
        all.insert("alphabet".to_owned(), String::from_utf16_lossy(&code.alphabet).into());
        all.insert("classes".to_owned(), classes.all.join("\n").into());
        all.insert("articles".to_owned(), articles.all.join("\n").into());
        all.insert("pages".to_owned(), code.spell(&heads).into());
        put("data.js", &data::data(all))
    }

    /// The texts in blocks: for each page that has a part in it what is shown of it, then the records.
    fn write_texts<E>(
        &self,
        code: &Code,
        shown: &[String],
        all: &mut Map<String, Json>,
        put: &mut impl FnMut(&str, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut blocks: Vec<u32> = vec![];
        let (mut pages, mut texts, mut size, mut records) = (String::new(), String::new(), 0, 0);
        let mut end = |pages: &mut String, texts: &mut String, records: u32| {
            pages.push_str(texts);
            pages.pop();
            let number = blocks.len();
            blocks.push(records);
            let content = code.spell(pages);
            pages.clear();
            texts.clear();
            put(&format!("t/{number:05}.js"), &part("t", number, &content.into()))
        };
        for (page, shown) in self.pages.iter().zip(shown) {
            for (nth, record) in page.records.iter().enumerate() {
                if nth == 0 || records == 0 {
                    pages.extend([shown, "\n"]);
                }
                let lines = record.lines.iter().map(|l| l.text.as_str());
                for line in [record.title.as_str(), &data::steps(record)].into_iter().chain(lines) {
                    texts.extend([line, "\n"]);
                    size += line.len() + 1;
                }
                records += 1;
                if size >= BLOCK {
                    end(&mut pages, &mut texts, records)?;
                    (size, records) = (0, 0);
                }
            }
        }
        if records > 0 {
            end(&mut pages, &mut texts, records)?;
        }
        let mut bits = Bits::default();
        bits.number(count(blocks.len()), 12);
        blocks.iter().for_each(|records| bits.number(*records, 3));
        all.insert("blocks".to_owned(), bits.end().into());
        Ok(())
    }

    /// The postings of all tokens.
    fn write_postings<E>(
        &self,
        all: &mut Map<String, Json>,
        put: &mut impl FnMut(&str, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let records: usize = self.pages.iter().map(|p| p.records.len()).sum();
        let width = 32 - count(records).leading_zeros();
        let index = Index::new(&self.pages, &self.fold, &NUMBERS);
        let mut room = Room::default();
        let (long, mut short): (Vec<_>, Vec<_>) =
            index.packed().into_iter().partition(|(_, list)| list.df() >= LONG);
        let mut keys = Bits::default();
        keys.keys(&long.iter().map(|(token, _)| *token).collect::<Vec<_>>());
        for (nth, (_, list)) in long.into_iter().enumerate() {
            let mut bits = Bits::default();
            bits.list(list, width, &mut room);
            put(&format!("l/{nth:05}.js"), &part("l", nth, &bits.end().into()))?;
        }
        let size: usize = short.iter().map(|(_, list)| list.size() + 4).sum();
        let rest = count((size / PART).max(FEWEST) | 1);
        short.sort_unstable_by_key(|(token, _)| (token % rest, token / rest));
        let mut short = short.into_iter().peekable();
        for nth in 0..rest {
            let mut mine = vec![];
            while let Some(next) = short.next_if(|(token, _)| token % rest == nth) {
                mine.push(next);
            }
            let mut before = 0;
            let quotient = |(token, _): &(u32, &Packed)| {
                let more = token / rest - before;
                before = token / rest;
                more
            };
            let quotients: Vec<u32> = mine.iter().map(quotient).collect();
            let k = shortest(&quotients, 16);
            let mut bits = Bits::default();
            bits.number(count(mine.len()), 6);
            bits.put(k, 4);
            for (more, (_, list)) in quotients.into_iter().zip(&mine) {
                bits.number(more, k);
                bits.list(list, width, &mut room);
            }
            put(&format!("p/{nth:05}.js"), &part("p", nth as usize, &bits.end().into()))?;
        }
        all.insert("long".to_owned(), keys.end().into());
        all.insert("parts".to_owned(), rest.into());
        Ok(())
    }
}

/// What a filter and the ranking know of a page: kind, state, year, outcomes.
fn class(page: &Page) -> String {
    let year = page.year.as_deref().unwrap_or_default();
    [page.kind.name(), page.state.unwrap_or_default(), year, &data::list(&page.outcomes)]
        .join("\t")
        .trim_end()
        .to_owned()
}

fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// A file of which a query loads some.
fn part(kind: &str, number: usize, content: &Json) -> String {
    format!("gongkaiSearchPart({},{number},{});\n", json!(kind), data::script(content))
}

//! The search data of a handbook, as the browser reads it.
//!
//! `search/engine.js` is the program with all everyday words; it is the same size for every handbook.
//! `search/data.js` is the text and, beside it, as little as possible: where each line stands. Of a handbook that is too
//! large for one file it says only what there is; `search/p/` holds the postings, `search/t/` the text, in small parts that
//! a page loads as scripts, which works without a server.

use super::index::Index;
use super::names::STATE;
use super::numbers::{ENDINGS, NUMBERS, QUIET};
use super::shelf::{OLD, Page, REPEALED, Record};
use super::words::spelling;
use super::{ENGINE, Shelf};
use serde_json::{Map, Value as Json, json};

/// Where the program keeps its place for the words.
const WORDS: &str = "\"/* everyday.txt */\"";

/// More units of text than this are written in parts, of which a query loads a few.
const MOST_UNITS: usize = 2_000_000;

/// How large parts become, in bytes: lists of postings, and text.
const PART: usize = 4_000;
/// See `PART`.
const BLOCK: usize = 5_000;

impl Shelf {
    /// Hands every file of the search to `put`: its path below `search/` and its content.
    ///
    /// # Errors
    ///
    /// The first that `put` has.
    pub fn write<E>(&self, mut put: impl FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
        self.write_with(MOST_UNITS, &mut put)
    }

    /// The same with another bound between the two ways.
    ///
    /// # Errors
    ///
    /// The first that `put` has.
    pub fn write_with<E>(
        &self,
        most_units: usize,
        put: &mut impl FnMut(&str, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        put("engine.js", &self.engine_script())?;
        let records = self.pages.iter().flat_map(|p| &p.records);
        // Three bytes a character, near enough.
        let bytes: usize = records.flat_map(|r| &r.lines).map(|l| l.text.len()).sum();
        if bytes <= most_units * 3 { put("data.js", &self.data_script()) } else { self.write_parts(put) }
    }

    /// `search/engine.js`
    #[must_use]
    pub fn engine_script(&self) -> String {
        let mut groups: Vec<(String, String)> = vec![];
        for (say, means) in self.says() {
            let means = means.join(" ");
            match groups.last_mut() {
                Some((says, same)) if *same == means => *says = format!("{says} {say}"),
                _ => groups.push((say, means)),
            }
        }
        let groups: Vec<String> = groups.into_iter().map(|(says, means)| format!("{says}>{means}")).collect();
        ENGINE.replacen(WORDS, &json!(groups.join("\n")).to_string(), 1)
    }

    /// `search/data.js` of a handbook that fits into one file.
    #[must_use]
    pub fn data_script(&self) -> String {
        let mut all = self.common();
        let places: Vec<String> = self.pages.iter().map(|p| places(&p.records)).collect();
        all.insert("places".to_owned(), places.join("\n").into());
        let records = self.pages.iter().flat_map(|p| &p.records);
        let lines: Vec<&str> = records
            .flat_map(|r| std::iter::once(r.title.as_str()).chain(r.lines.iter().map(|l| l.text.as_str())))
            .collect();
        all.insert("text".to_owned(), lines.join("\n").into());
        format!("gongkaiSearchData({});\n", script(&Json::Object(all)))
    }

    /// Postings in parts by token, text in blocks by record, and what says which is where.
    fn write_parts<E>(&self, put: &mut impl FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
        let mut all = self.common();
        let articles: Vec<String> = self.pages.iter().map(|p| articles(&p.records)).collect();
        all.insert("articles".to_owned(), articles.join("\n").into());
        let (mut firsts, mut block, mut number, mut size) = (vec![], vec![], 0_u32, 0);
        for record in self.pages.iter().flat_map(|p| &p.records) {
            if size == 0 {
                firsts.push(number);
            }
            size += record.title.len() + record.lines.iter().map(|l| l.text.len() + 1).sum::<usize>() + 1;
            block.push(content(record));
            number += 1;
            if size >= BLOCK {
                put(&format!("t/{:05}.js", firsts.len() - 1), &part("t", firsts.len() - 1, &block.into()))?;
                (block, size) = (vec![], 0);
            }
        }
        if !block.is_empty() {
            put(&format!("t/{:05}.js", firsts.len() - 1), &part("t", firsts.len() - 1, &block.into()))?;
        }
        all.insert("blocks".to_owned(), steps_up(&firsts).into());
        let index = Index::new(&self.pages, &self.fold, &NUMBERS);
        let (mut keys, mut lines) = (vec![], String::new());
        for (token, df, bytes) in index.packed() {
            if lines.is_empty() {
                keys.push(token);
            } else {
                lines.push('\n');
            }
            lines.push_str(&format!("{token} {df} {}", base64(bytes)));
            if lines.len() >= PART {
                put(
                    &format!("p/{:05}.js", keys.len() - 1),
                    &part("p", keys.len() - 1, &lines.as_str().into()),
                )?;
                lines.clear();
            }
        }
        if !lines.is_empty() {
            put(&format!("p/{:05}.js", keys.len() - 1), &part("p", keys.len() - 1, &lines.as_str().into()))?;
        }
        all.insert("parts".to_owned(), steps_up(&keys).into());
        put("data.js", &format!("gongkaiSearchData({});\n", script(&Json::Object(all))))
    }

    /// What both kinds of data begin with.
    fn common(&self) -> Map<String, Json> {
        let all = json!({
            "numbers": NUMBERS.json(),
            "endings": ENDINGS,
            "quiet": QUIET.split_whitespace().collect::<Vec<_>>(),
            "old": OLD,
            "repealed": REPEALED,
            "traditional": self.fold.pairs(),
            "pinyin": spelling(&self.sounds),
            "synonyms": self.synonyms.len(),
            "pages": self.pages.iter().map(meta).collect::<Vec<_>>().join("\n"),
        });
        match all {
            Json::Object(all) => all,
            _ => Map::new(),
        }
    }
}

/// Rising numbers, each as what it is more than the one before, to the base of 36.
fn steps_up(numbers: &[u32]) -> String {
    let before = std::iter::once(&0).chain(numbers);
    let words: Vec<String> = numbers.iter().zip(before).map(|(n, before)| base36(n - before)).collect();
    words.join(" ")
}

fn base36(mut number: u32) -> String {
    let mut digits = vec![];
    loop {
        digits.push(char::from_digit(number % 36, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// A file of which a query loads some.
fn part(kind: &str, number: usize, content: &Json) -> String {
    format!("gongkaiSearchPart({},{number},{});\n", json!(kind), script(content))
}

/// JSON that may stand in a script: two line separators of Unicode end a line in old browsers.
fn script(value: &Json) -> String {
    value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// A page on one line: kind, anchor, address where it is not that of a law, title, other names, keywords, state, year,
/// outcomes, badges. A name that is the title without the state in front is `~`.
fn meta(page: &Page) -> String {
    let clean = |text: &str| text.replace(['\t', '\n', '|'], " ");
    let list = |all: &[String]| all.iter().map(|t| clean(t)).collect::<Vec<_>>().join("|");
    let own = page.url != format!("laws/{}.html", page.anchor);
    let short = page.title.strip_prefix(STATE).filter(|rest| !rest.is_empty()).unwrap_or(&page.title);
    let mut names: Vec<String> = vec![];
    for name in &page.names {
        let name = if name == short { "~".to_owned() } else { clean(name) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    [
        page.kind.name().to_owned(),
        page.anchor.clone(),
        if own { page.url.clone() } else { String::new() },
        clean(&page.title).replacen(STATE, "~", usize::from(page.title.starts_with(STATE))),
        names.join("|"),
        list(&page.keywords),
        page.state.unwrap_or_default().to_owned(),
        page.year.clone().unwrap_or_default(),
        list(&page.outcomes),
        list(&page.badges),
    ]
    .join("\t")
    .trim_end()
    .to_owned()
}

/// The articles of a page's records: `-` for none, `1~56` for a run.
fn articles(records: &[Record]) -> String {
    let mut out: Vec<(String, u32, u32)> = vec![];
    for record in records {
        match (record.article, out.last_mut()) {
            (Some((number, None)), Some((_, _, last))) if *last > 0 && number == *last + 1 => *last = number,
            (Some((number, None)), _) => out.push((String::new(), number, number)),
            (Some((number, Some(sub))), _) => out.push((format!("{number}_{sub}"), 0, 0)),
            (None, _) => out.push(("-".to_owned(), 0, 0)),
        }
    }
    let words: Vec<String> = out
        .into_iter()
        .map(|(word, from, to)| match (from, to) {
            (0, _) => word,
            _ if from == to => from.to_string(),
            _ => format!("{from}~{to}"),
        })
        .collect();
    words.join(" ")
}

/// `[title, places, lines…]`
fn content(record: &Record) -> Json {
    let lines = record.lines.iter().map(|l| l.text.as_str());
    [record.title.as_str(), &steps(record)].into_iter().chain(lines).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let all = at(0) << 16 | at(1) << 8 | at(2);
        for (nth, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS.get((all >> shift & 63) as usize).copied().unwrap_or(b'=');
            out.push(if nth > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

/// One word for each record: its article and `:`, unless it is the next one, then the steps of its lines.
fn places(records: &[Record]) -> String {
    let mut next = (1, None);
    let words: Vec<String> = records
        .iter()
        .map(|record| {
            let article = match record.article {
                None => "-:".to_owned(),
                Some(article) if article == next => String::new(),
                Some((number, None)) => format!("{number}:"),
                Some((number, Some(sub))) => format!("{number}_{sub}:"),
            };
            if let Some((number, _)) = record.article {
                next = (number + 1, None);
            }
            article + &steps(record)
        })
        .collect();
    words.join(" ")
}

/// For each line `.` for the anchor of the line before, `+` for the next 项, `*` for the next 款, else the anchor in
/// brackets.
fn steps(record: &Record) -> String {
    let (mut out, mut last) = (String::new(), "");
    for line in &record.lines {
        match line.anchor.as_str() {
            anchor if anchor == last => out.push('.'),
            anchor if anchor == next_item(last) => out.push('+'),
            anchor if anchor == next_paragraph(last) => out.push('*'),
            anchor => out.push_str(&format!("({anchor})")),
        }
        last = &line.anchor;
    }
    out
}

/// `-2` → `-2=1`, `-2=1` → `-2=2`
fn next_item(anchor: &str) -> String {
    let (paragraph, item) = anchor.split_once('=').unwrap_or((anchor, "0"));
    format!("{paragraph}={}", item.parse::<u32>().map_or(0, |n| n + 1))
}

/// `` → `-1`, `-2=4` → `-3`
fn next_paragraph(anchor: &str) -> String {
    let paragraph = anchor.split('=').next().unwrap_or_default();
    let number = paragraph.strip_prefix('-').map_or(Ok(0), str::parse::<u32>);
    format!("-{}", number.map_or(0, |n| n + 1))
}

//! The search data of a handbook, as the browser reads it.
//!
//! `search/engine.js` is the program with all everyday words; it is the same size for every handbook.
//! `search/data.js` is the text and, beside it, as little as possible: where each line stands. Of a handbook that is too
//! large for one file it says only what there is (`parts.rs`); the rest is in small parts that a page loads as scripts,
//! which works without a server.

use super::names::STATE;
use super::numbers::{ENDINGS, NEUTRAL, NUMBERS, QUIET};
use super::shelf::{OLD, Page, REPEALED, Record};
use super::words::spelling;
use super::{ENGINE, Shelf};
use serde_json::{Map, Value as Json, json};

/// Where the program keeps its place for the words.
const WORDS: &str = "\"/* everyday.txt */\"";

/// More units of text than this are written in parts, of which a query loads a few.
const MOST_UNITS: usize = 2_000_000;

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
        for (say, means) in self.says().0 {
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
        let cites = self.cites();
        let pages: Vec<String> = self.pages.iter().zip(&cites).map(|(p, cites)| meta(p, cites)).collect();
        all.insert("pinyin".to_owned(), spelling(&self.sounds).into());
        all.insert("pages".to_owned(), pages.join("\n").into());
        all.insert("places".to_owned(), places.join("\n").into());
        let records = self.pages.iter().flat_map(|p| &p.records);
        let lines: Vec<&str> = records
            .flat_map(|r| std::iter::once(r.title.as_str()).chain(r.lines.iter().map(|l| l.text.as_str())))
            .collect();
        all.insert("text".to_owned(), lines.join("\n").into());
        data(all)
    }

    /// What both kinds of data begin with.
    pub(super) fn common(&self) -> Map<String, Json> {
        let all = json!({
            "numbers": NUMBERS.json(),
            "endings": ENDINGS,
            "quiet": QUIET.split_whitespace().collect::<Vec<_>>(),
            "neutral": NEUTRAL.split_whitespace().collect::<Vec<_>>(),
            "old": OLD,
            "repealed": REPEALED,
            "traditional": self.fold.pairs(),
            "synonyms": self.synonyms.len(),
            "general": self.says().1,
        });
        match all {
            Json::Object(all) => all,
            _ => Map::new(),
        }
    }
}

/// The file that says what there is.
pub(super) fn data(all: Map<String, Json>) -> String {
    format!("gongkaiSearchData({});\n", script(&Json::Object(all)))
}

/// A number to the base of 36.
pub(super) fn base36(mut number: u32) -> String {
    let mut digits = vec![];
    loop {
        digits.push(char::from_digit(number % 36, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// JSON that may stand in a script: two line separators of Unicode end a line in old browsers.
pub(super) fn script(value: &Json) -> String {
    let text = value.to_string();
    // Hardly any text has these.
    if text.contains("\u{2028}") || text.contains("\u{2029}") {
        text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
    } else {
        text
    }
}

/// A page on one line: kind, anchor, address where it is not that of a law, title, other names, keywords, state, year,
/// outcomes, badges, what it cites.
fn meta(page: &Page, cites: &[u32]) -> String {
    [
        page.kind.name().to_owned(),
        page.anchor.clone(),
        own_url(page).unwrap_or_default().to_owned(),
        short_title(page),
        short_names(page),
        list(&page.keywords),
        page.state.unwrap_or_default().to_owned(),
        page.year.clone().unwrap_or_default(),
        list(&page.outcomes),
        list(&page.badges),
        rising(cites),
    ]
    .join("\t")
    .trim_end()
    .to_owned()
}

/// Rising numbers, each as how much it is more than the one before.
pub(super) fn rising(numbers: &[u32]) -> String {
    let before = std::iter::once(&0).chain(numbers);
    let steps: Vec<String> = numbers.iter().zip(before).map(|(n, before)| base36(n - before)).collect();
    steps.join(" ")
}

fn clean(text: &str) -> String {
    text.replace(['\t', '\n', '|'], " ")
}

pub(super) fn list(all: &[String]) -> String {
    all.iter().map(|t| clean(t)).collect::<Vec<_>>().join("|")
}

/// The address of a page where it is not that of a law.
pub(super) fn own_url(page: &Page) -> Option<&str> {
    (page.url != format!("laws/{}.html", page.anchor)).then_some(&page.url)
}

/// The title with `~` for the state in front.
pub(super) fn short_title(page: &Page) -> String {
    clean(&page.title).replacen(STATE, "~", usize::from(page.title.starts_with(STATE)))
}

/// The other names. One that is the title without the state in front is `~`.
pub(super) fn short_names(page: &Page) -> String {
    let short = page.title.strip_prefix(STATE).filter(|rest| !rest.is_empty()).unwrap_or(&page.title);
    let mut names: Vec<String> = vec![];
    for name in &page.names {
        let name = if name == short { "~".to_owned() } else { clean(name) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("|")
}

/// The articles of a page's records: `-` for none, `1~56` for a run, `!1~56` for a run without titles.
pub(super) fn articles(records: &[Record]) -> String {
    let mut out: Vec<(String, u32, u32)> = vec![];
    for record in records {
        let mark = if record.is_untitled() { "!" } else { "" };
        match (record.article, out.last_mut()) {
            (Some((number, None)), Some((sign, _, last)))
                if *last > 0 && number == *last + 1 && sign == mark =>
            {
                *last = number;
            }
            (Some((number, None)), _) => out.push((mark.to_owned(), number, number)),
            (Some((number, Some(sub))), _) => out.push((format!("{mark}{number}_{sub}"), 0, 0)),
            (None, _) => out.push(("-".to_owned(), 0, 0)),
        }
    }
    let words: Vec<String> = out
        .into_iter()
        .map(|(word, from, to)| match (from, to) {
            (0, _) => word,
            _ if from == to => format!("{word}{from}"),
            _ => format!("{word}{from}~{to}"),
        })
        .collect();
    words.join(" ")
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
pub(super) fn steps(record: &Record) -> String {
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

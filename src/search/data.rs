//! The search data of a handbook, as the browser reads it.
//!
//! `search/engine.js` is the program with all everyday words; it is the same size for every handbook.
//! `search/data.js` is the text and, beside it, as little as possible: where each line stands.

use super::numbers::{ENDINGS, NUMBERS, QUIET};
use super::shelf::{OLD, Page, REPEALED, Record};
use super::words::spelling;
use super::{ENGINE, Shelf};
use serde_json::{Map, Value as Json, json};

/// Where the program keeps its place for the words.
const WORDS: &str = "\"/* everyday.txt */\"";

impl Shelf {
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

    /// `search/data.js`
    #[must_use]
    pub fn data_script(&self) -> String {
        let mut all = self.common();
        let pages = self.pages.iter().map(|p| {
            let mut meta = meta(p);
            meta.insert("p".to_owned(), places(&p.records).into());
            Json::Object(meta)
        });
        all.insert("pages".to_owned(), pages.collect());
        let lines = self.pages.iter().flat_map(|p| &p.records);
        let lines: Vec<&str> = lines
            .flat_map(|r| std::iter::once(r.title.as_str()).chain(r.lines.iter().map(|l| l.text.as_str())))
            .collect();
        all.insert("text".to_owned(), lines.join("\n").into());
        format!("gongkaiSearchData({});\n", script(&Json::Object(all)))
    }

    /// What every kind of data begins with.
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
        });
        match all {
            Json::Object(all) => all,
            _ => Map::new(),
        }
    }
}

/// JSON that may stand in a script: two line separators of Unicode end a line in old browsers.
fn script(value: &Json) -> String {
    value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn meta(page: &Page) -> Map<String, Json> {
    let mut out = Map::new();
    let mut set = |key: &str, value: Json| {
        if !value.is_null() && !value.as_array().is_some_and(Vec::is_empty) {
            out.insert(key.to_owned(), value);
        }
    };
    set("k", json!(page.kind));
    set("a", json!(page.anchor));
    set("u", json!(page.url));
    set("t", json!(page.title));
    set("n", json!(page.names));
    set("w", json!(page.keywords));
    set("s", json!(page.state));
    set("y", json!(page.year));
    set("o", json!(page.outcomes));
    set("b", json!(page.badges));
    out
}

/// One word for each record: its article and `:`, unless it is the next one, then for each line `.` for the anchor of
/// the line before, `+` for the next 项, `*` for the next 款, else the anchor in brackets.
fn places(records: &[Record]) -> String {
    let mut next = (1, None);
    let words: Vec<String> = records
        .iter()
        .map(|record| {
            let mut word = match record.article {
                None => "-:".to_owned(),
                Some(article) if article == next => String::new(),
                Some((number, None)) => format!("{number}:"),
                Some((number, Some(sub))) => format!("{number}_{sub}:"),
            };
            if let Some((number, _)) = record.article {
                next = (number + 1, None);
            }
            let mut last = String::new();
            for line in &record.lines {
                let step = match line.anchor.as_str() {
                    anchor if anchor == last => ".".to_owned(),
                    anchor if anchor == next_item(&last) => "+".to_owned(),
                    anchor if anchor == next_paragraph(&last) => "*".to_owned(),
                    anchor => format!("({anchor})"),
                };
                word.push_str(&step);
                last.clone_from(&line.anchor);
            }
            word
        })
        .collect();
    words.join(" ")
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

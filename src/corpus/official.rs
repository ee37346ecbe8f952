//! An official text that the agency imported: `book/laws/text/<law>/<version>.md`, and the versions of a law in time.

use super::entry::{Body, Entry, Header};
use super::law::{Law, Version};
use super::structure::{Structure, of_text};
use crate::statute::{Statute, restore};
use crate::text::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands for a date that nobody knows.
pub const UNKNOWN_DATE: &str = "未知";

/// Header of an imported text. Written by `gongkai law import`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "法规原文")]
pub struct OfficialText {
    /// Id of the law.
    #[schemars(title = "法规编号", length(min = 1))]
    pub law: String,
    /// Title as in the text.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// Number of the act.
    #[schemars(title = "文号")]
    pub number: Option<String>,
    /// 公布, or the last 修订 or 修正.
    #[schemars(title = "公布日期", extend("format" = "date"))]
    pub promulgated: Option<String>,
    /// 施行, or 未知.
    #[schemars(title = "施行日期", description = "写成 2019-05-15；不知道就写 未知", length(min = 1))]
    pub effective: String,
    /// 失效.
    #[schemars(title = "失效日期", extend("format" = "date"))]
    pub expired: Option<String>,
    /// What made this version.
    #[schemars(title = "修改依据")]
    pub amended_by: Option<String>,
    /// Name of the file it came from.
    #[schemars(title = "来源文件", length(min = 1))]
    pub source_name: String,
    /// Date of that file.
    #[schemars(title = "来源文件日期", extend("format" = "date"))]
    pub source_date: Option<String>,
    /// SHA-256 of that file.
    #[schemars(title = "来源文件校验值", description = "SHA-256", length(min = 64))]
    pub source_sha256: String,
    /// Format and encoding of that file.
    #[schemars(title = "来源文件格式", length(min = 1))]
    pub source_format: String,
    /// The text, from the body.
    #[serde(skip)]
    #[schemars(skip)]
    pub statute: Statute,
    /// Its structure.
    #[serde(skip)]
    #[schemars(skip)]
    pub structure: BTreeMap<String, Vec<u32>>,
}

impl OfficialText {
    /// The day on which it took effect, where that is known.
    #[must_use]
    pub fn since(&self) -> Option<&str> {
        (self.effective != UNKNOWN_DATE).then_some(self.effective.as_str())
    }
}

impl Header for OfficialText {
    fn id(&self) -> &str {
        &self.law
    }

    fn read_body(&mut self, body: &Body<'_>, _: &mut Report) {
        self.statute = restore(body.text.get(body.range.clone()).unwrap_or_default());
        self.structure = of_text(&self.statute);
    }

    /// Official texts are taken as they are.
    fn check_text(_: &str, _: &str, _: &mut Report) {}
}

/// One version of a law: what its notes say of it, and its text where that was imported.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The law.
    pub law: &'a Law,
    /// Its row among the law's versions.
    pub version: Option<&'a Version>,
    /// Its text.
    pub text: Option<&'a OfficialText>,
    /// Whether it is today's.
    pub current: bool,
}

impl<'a> Edition<'a> {
    /// The day since which it holds.
    #[must_use]
    pub fn since(&self) -> Option<&'a str> {
        self.version.and_then(|v| v.effective.as_deref()).or_else(|| self.text.and_then(OfficialText::since))
    }

    /// The day on which it was made.
    #[must_use]
    pub fn made(&self) -> Option<&'a str> {
        self.version
            .and_then(|v| v.promulgated.as_deref())
            .or_else(|| self.text.and_then(|t| t.promulgated.as_deref()))
    }

    /// What it is called.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.version, self.text) {
            (Some(version), _) => version.label.clone(),
            (None, Some(text)) => match &text.promulgated {
                Some(date) => format!("{date}公布的版本"),
                None => format!("施行日期{}的版本", text.effective),
            },
            (None, None) => String::new(),
        }
    }

    /// By what it is named on the command line: the day since which it holds, or that on which it was made.
    #[must_use]
    pub fn key(&self) -> String {
        self.since().or(self.made()).unwrap_or(UNKNOWN_DATE).to_owned()
    }

    /// What exists in it: of its text, or of the notes if it is today's; `None` where nobody knows.
    #[must_use]
    pub fn structure(&self) -> Option<Structure<'a>> {
        if self.current && self.law.structure.is_some() {
            return Some(self.law.known());
        }
        if let Some(text) = self.text {
            return Some(Structure {
                name: &self.law.short,
                last: text.statute.last(),
                parts: Some(&text.structure),
                complete: true,
            });
        }
        self.current.then(|| self.law.known())
    }
}

/// Imported texts by law, the oldest first.
pub type Texts = BTreeMap<String, Vec<Entry<OfficialText>>>;

/// The versions of a law, the oldest first; today's is the last that its notes list.
#[must_use]
pub fn editions<'a>(law: &'a Law, texts: &'a [Entry<OfficialText>]) -> Vec<Edition<'a>> {
    let mut used = vec![false; texts.len()];
    let last = law.versions.len();
    let mut all: Vec<Edition<'a>> = vec![];
    for (row, version) in (1..).zip(&law.versions) {
        let matching = texts.iter().position(|t| belongs(&t.header, version));
        // One text of a law with one version needs no date to be that version's.
        let only = || (last == 1 && texts.len() == 1).then_some(0);
        let found = matching.or_else(only).filter(|i| !used.get(*i).copied().unwrap_or(true));
        if let Some(taken) = found.and_then(|i| used.get_mut(i)) {
            *taken = true;
        }
        let text = found.and_then(|i| texts.get(i)).map(|t| &t.header);
        all.push(Edition { law, version: Some(version), text, current: row == last });
    }
    for (text, used) in texts.iter().zip(used) {
        if !used {
            all.push(Edition { law, version: None, text: Some(&text.header), current: false });
        }
    }
    all.sort_by(|a, b| order(a).cmp(order(b)));
    all
}

fn order<'a>(edition: &Edition<'a>) -> &'a str {
    edition.since().or(edition.made()).unwrap_or_default()
}

fn belongs(text: &OfficialText, version: &Version) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
    same(text.since(), version.effective.as_deref())
        || same(text.promulgated.as_deref(), version.promulgated.as_deref())
}

/// The id of the page that compares the `n`th imported version, from 1, with the next.
#[must_use]
pub fn comparison_id(law: &str, n: usize) -> String {
    format!("{law}-diff-{n}")
}

/// What the page is called that compares two versions of a law.
#[must_use]
pub fn comparison_title(short: &str, old: &Edition<'_>, new: &Edition<'_>) -> String {
    format!("{short}：{}与{}对照", old.label(), new.label())
}

/// The id of the page that shows the `n`th imported text, from 1, of those that are not in force.
#[must_use]
pub fn old_text_id(law: &str, n: usize) -> String {
    format!("{law}-old-{n}")
}

/// The imported version that is newer than today's as the notes have it.
#[must_use]
pub fn newer<'a>(editions: &[Edition<'a>]) -> Option<Edition<'a>> {
    let current = editions.iter().find(|e| e.current)?;
    let last = editions.last()?;
    (!last.current && order(last) > order(current) && !order(current).is_empty()).then_some(*last)
}

/// The version before today's, or the one that is called by a year.
#[must_use]
pub fn earlier<'a>(editions: &[Edition<'a>], year: Option<u32>) -> Option<Edition<'a>> {
    let Some(year) = year.map(|y| y.to_string()) else {
        return editions.iter().take_while(|e| !e.current).last().copied();
    };
    let of_year = |date: Option<&str>| date.is_some_and(|d| d.starts_with(&year));
    editions
        .iter()
        .rev()
        .find(|e| e.label().starts_with(&year) || of_year(e.made()) || of_year(e.since()))
        .copied()
}

/// The version in force on a day; `None` if the day is before all that are known.
#[must_use]
pub fn in_force<'a>(editions: &[Edition<'a>], on: &str) -> Option<Edition<'a>> {
    editions
        .iter()
        .filter(|e| order_date(e).is_some_and(|since| since <= on))
        .max_by_key(|e| (order_date(e), e.current))
        .copied()
}

/// The day from which a version counts: since it holds, else since it was made.
fn order_date<'a>(edition: &Edition<'a>) -> Option<&'a str> {
    edition.since().or(edition.made())
}

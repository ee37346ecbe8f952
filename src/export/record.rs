//! The handbook as records for the search engine of others: one for each article of a law and for each section of a page.
//!
//! They are cut as our own search cuts them, so that a hit there leads to the same place as a hit here. Lists, tables and
//! what colleagues learn with are not among them: many districts share one engine, and each would bring the same.

use super::Handbook;
use super::elasticsearch::LONGEST_ID;
use super::entries::guide_url;
use super::letter::stays;
use crate::corpus::{Confidence, Corpus, Entry, old_text_id, section_anchor};
use crate::links::Links;
use crate::search::{Kind, Line, Page, Shelf};
use serde::Serialize;
use std::collections::BTreeMap;

/// Whose handbook the records are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Begins every id: lower-case ASCII letters, digits and hyphens.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// One record. The keys are the fields of the engine, in this order; what is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Unique over all districts and editions, the same at every export: `shili/staff/laws/foi-2019.html#foi-2019-art-36`.
    #[serde(skip)]
    pub id: String,
    /// Whose.
    pub district: String,
    /// What people read of it.
    pub district_name: String,
    /// `staff`, `public`.
    pub edition: String,
    /// `law`, `question`, `case`, `letter`, `policy`, `guide`.
    pub kind: &'static str,
    /// 法规
    pub kind_label: &'static str,
    /// The page, relative to the handbook: what hits on one page have in common.
    pub page: String,
    /// Its place on the page, from 0.
    pub position: usize,
    /// Where it stands, relative to the handbook.
    pub url: String,
    /// The same with the address of the handbook, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Title of the page.
    pub title: String,
    /// Our heading of the article, heading of the section.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heading: String,
    /// Id of the law, on pages of laws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// 第三十六条
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What a law is called besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Words to find the page by: on its first record alone, for they say nothing of its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Titles of the 答复情形 it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// 现行有效, 已废止, 旧版本.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// ISO date of the version of the law, the policy or the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// V, S2, S1, G.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// What a reader must know first: 待核 2 处, 教学示例（虚构）.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<String>,
    /// ISO date of the last check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// Whether the page must stay in the agency.
    pub internal: bool,
    /// Our words, a line for each block.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The words of the law, where they were imported.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub official_text: String,
}

/// What the pages of the search do not say of themselves.
#[derive(Default)]
struct More {
    law: Option<String>,
    date: Option<String>,
    confidence: Option<Confidence>,
    checked: Option<String>,
    internal: bool,
    /// Headings of the sections by the end of their anchors.
    headings: BTreeMap<String, String>,
}

/// Headings of the sections of a letter's page.
const LETTER: [(&str, &str); 5] = [
    ("-use", "什么时候用"),
    ("-avoid", "什么时候不用"),
    ("-proof", "要留存的材料"),
    ("-fields", "要填的内容"),
    ("-sample", "文书里的话"),
];

/// Cuts a handbook into records: laws first, those with the most notes in front. Articles of which nothing is said are none.
///
/// # Errors
///
/// Says in Chinese which place has an id that is too long for an engine.
pub fn records(
    handbook: &Handbook,
    district: &District,
    corpus: &Corpus,
    links: &Links,
) -> Result<Vec<Record>, String> {
    let more = more(corpus);
    let none = More::default();
    let mut all = vec![];
    for page in Shelf::content(corpus, links).pages() {
        let more = more.get(&page.url).unwrap_or(&none);
        let mut position = 0;
        for record in &page.records {
            for (anchor, lines) in sections(record) {
                if record.article.is_some() && lines.is_empty() {
                    continue;
                }
                let url = record.url(page, anchor);
                let id = format!("{}/{}/{url}", district.id, handbook.edition);
                if id.len() > LONGEST_ID {
                    return Err(format!(
                        "{url} 的编号超过 {LONGEST_ID} 个字节，搜索引擎放不下\n提示: 把这一处标题后面 {{#…}} 里的锚点改短"
                    ));
                }
                let heading = heading(page, record, (anchor, &lines), more);
                let (official, ours): (Vec<&Line>, Vec<&Line>) = lines.into_iter().partition(|l| l.official);
                all.push(Record {
                    id,
                    position,
                    link: handbook.address.as_ref().map(|address| joined(address, &url)),
                    url,
                    heading,
                    article: record.label(),
                    text: text(&ours),
                    official_text: text(&official),
                    keywords: if position == 0 { page.keywords.clone() } else { vec![] },
                    ..whole(page, more, (handbook, district))
                });
                position += 1;
            }
        }
    }
    Ok(all)
}

/// What all records of a page have in common.
fn whole(page: &Page, more: &More, (handbook, district): (&Handbook, &District)) -> Record {
    Record {
        id: String::new(),
        district: district.id.clone(),
        district_name: district.name.clone(),
        edition: handbook.edition.clone(),
        kind: page.kind.name(),
        kind_label: page.kind.label(),
        page: page.url.clone(),
        position: 0,
        url: String::new(),
        link: None,
        title: page.title.clone(),
        heading: String::new(),
        law: more.law.clone(),
        article: None,
        names: page.names.clone(),
        keywords: vec![],
        outcomes: page.outcomes.clone(),
        state: page.state,
        date: more.date.clone(),
        confidence: more.confidence,
        badges: page.badges.clone(),
        checked: more.checked.clone(),
        internal: more.internal,
        text: String::new(),
        official_text: String::new(),
    }
}

/// The lines of a record by the anchor under which they stand; all of them for an article, whose 款 and 项 belong together,
/// and for a law as a whole. What stands before the first section comes first, even if it is nothing.
fn sections(record: &crate::search::Record) -> Vec<(&str, Vec<&Line>)> {
    let mut all: Vec<(&str, Vec<&Line>)> = vec![("", vec![])];
    for line in &record.lines {
        let anchor = if record.article.is_some() { "" } else { line.anchor.as_str() };
        match all.iter_mut().find(|(known, _)| *known == anchor) {
            Some((_, lines)) => lines.push(line),
            None => all.push((anchor, vec![line])),
        }
    }
    all
}

fn text(lines: &[&Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// What stands above a section, as far as it is not the title of the page.
fn heading(
    page: &Page,
    record: &crate::search::Record,
    (anchor, lines): (&str, &[&Line]),
    more: &More,
) -> String {
    match page.kind {
        _ if record.article.is_some() => record.title.clone(),
        _ if anchor.is_empty() => String::new(),
        // The heading of a section of a guide or of what is attached to a law is its first line.
        Kind::Guide | Kind::Law if !anchor.contains("-part-") => {
            lines.first().map(|line| line.text.clone()).unwrap_or_default()
        }
        _ => more.headings.get(anchor).cloned().unwrap_or_default(),
    }
}

/// An address and what stands below it, with one slash between.
fn joined(address: &str, url: &str) -> String {
    format!("{}/{url}", address.trim_end_matches('/'))
}

/// What the headers say, by the page they are the headers of.
fn more(corpus: &Corpus) -> BTreeMap<String, More> {
    let mut all = BTreeMap::new();
    for (id, entry) in &corpus.laws {
        let mut old = 0;
        for edition in corpus.editions(id) {
            let page = match (edition.current, edition.text) {
                (true, _) => id.clone(),
                (false, Some(_)) => {
                    old += 1;
                    old_text_id(id, old)
                }
                (false, None) => continue,
            };
            let more = More {
                law: Some(id.clone()),
                date: edition.since().or(edition.made()).map(str::to_owned),
                // Our notes are on today's version alone.
                confidence: edition.current.then_some(entry.header.confidence),
                checked: edition.current.then(|| entry.header.checked.clone()),
                internal: entry.header.internal,
                headings: BTreeMap::new(),
            };
            all.insert(format!("laws/{page}.html"), more);
        }
    }
    for (id, entry) in &corpus.questions {
        let header = &entry.header;
        let more = More {
            headings: headings(entry),
            ..trust((header.confidence, &header.checked, header.internal))
        };
        all.insert(format!("questions/{id}.html"), more);
    }
    for (id, entry) in &corpus.cases {
        let header = &entry.header;
        let trust = trust((header.confidence, &header.checked, header.internal));
        let more = More { headings: headings(entry), date: header.date.clone(), ..trust };
        all.insert(format!("cases/{id}.html"), more);
    }
    for (id, entry) in &corpus.clauses {
        let header = &entry.header;
        let headings = LETTER.map(|(anchor, heading)| (anchor.to_owned(), heading.to_owned())).into();
        let trust = trust((header.confidence, &header.checked, stays(corpus, header)));
        all.insert(format!("letters/{id}.html"), More { headings, ..trust });
    }
    for (id, entry) in &corpus.policies {
        let header = &entry.header;
        let more = More {
            date: header.date.clone(),
            ..trust((header.confidence, &header.checked, header.internal))
        };
        all.insert(format!("policies/{id}.html"), more);
    }
    for (path, entry) in &corpus.guides {
        let more = More {
            confidence: entry.header.confidence,
            checked: Some(entry.header.checked.clone()),
            internal: entry.header.internal,
            ..More::default()
        };
        all.insert(guide_url(path), more);
    }
    all
}

fn trust((confidence, checked, internal): (Confidence, &str, bool)) -> More {
    More { confidence: Some(confidence), checked: Some(checked.to_owned()), internal, ..More::default() }
}

fn headings<T>(entry: &Entry<T>) -> BTreeMap<String, String> {
    let sections = entry.sections().into_iter();
    sections.map(|section| (format!("-{}", section_anchor(&section.title)), section.title)).collect()
}

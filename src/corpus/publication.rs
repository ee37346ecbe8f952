//! Editions of the handbook: the staff's has everything, any other holds what `book.toml` chooses for it and nothing else.

use super::agency::is_address;
use super::entry::Header;
use super::schema;
use super::synonyms::SynonymTable;
use super::tree::{Node, Value};
use super::{Corpus, DocumentKind, Entry, GlossaryTerm};
use crate::calendar::Date;
use crate::text::{Diagnostic, Place, Report, forbidden, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The edition that holds everything.
pub const STAFF: &str = "staff";

/// Generated pages, by their path without ending, that an edition may choose; and the table of synonyms, without which its
/// search knows only the words that stand on its pages.
pub const PUBLIC_PAGES: [&str; 8] =
    ["articles", "cases/by-outcome", "changes", "decide", "glossary", "keywords", "synonyms", "terms"];

/// `[preprocessor.gongkai.editions.<id>]`
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "手册的一个版本")]
#[allow(dead_code, reason = "read only for its schema")]
pub(super) struct Settings {
    /// Title of the book.
    #[schemars(title = "书名", description = "不写就用 [book] 里的 title", length(min = 1, max = 60))]
    title: Option<String>,
    /// Lines under the title on the cover.
    #[serde(default)]
    #[schemars(title = "封面文字", description = "书名下面的几行字")]
    cover: Vec<String>,
    /// Who issues it.
    #[schemars(title = "编印单位")]
    office: Option<String>,
    /// 2026年第1版
    #[schemars(title = "版次", description = "例如 2026年第1版")]
    version: Option<String>,
    /// Day of issue.
    #[schemars(title = "日期", extend("format" = "date"))]
    date: Option<String>,
    /// Where it can be read: becomes the QR code.
    #[schemars(title = "网址", description = "封面二维码指向这里；以 http:// 或 https:// 开头")]
    address: Option<String>,
    /// Whether chapters show codes of their own.
    #[serde(default)]
    #[schemars(title = "每章也印二维码", description = "写 true，每一章的第一页印上它自己的网址")]
    chapter_codes: bool,
    /// What it holds.
    #[schemars(
        title = "收入的页面",
        description = "staff 版不写；别的版本一定要写，只收写出来的：例如 \"guide/citizen-*\"、\"laws/foi-2019\"、\"policies/*\"、\"glossary\""
    )]
    include: Option<Vec<String>>,
    /// Headings and labels whose text it leaves out.
    #[serde(default)]
    #[schemars(
        title = "略去的小标题",
        description = "这些小标题（##）下面的内容，和以“易错：”这样开头的段落，不收进这个版本；例如 [\"怎么办\", \"怎么用\", \"易错\"]"
    )]
    omit: Vec<String>,
}

/// One edition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// `staff`, `public`; the name of its files.
    pub id: String,
    /// Title; `None` for that of the handbook.
    pub title: Option<String>,
    /// Lines under the title.
    pub cover: Vec<String>,
    /// Who issues it; may be empty.
    pub office: String,
    /// 2026年第1版; may be empty.
    pub version: String,
    /// Day of issue; may be empty.
    pub date: String,
    /// Where it can be read.
    pub address: Option<String>,
    /// Whether chapters show QR codes of their own.
    pub chapter_codes: bool,
    /// What it holds, with the place where that is written; `None` for everything.
    pub include: Option<Vec<(String, Place)>>,
    /// Titles of sections, and labels at the beginning of paragraphs, that are left out.
    pub omit: Vec<String>,
}

impl Publication {
    /// The staff's edition where `book.toml` says nothing of it.
    #[must_use]
    pub fn staff() -> Self {
        Self { id: STAFF.to_owned(), ..Self::default() }
    }

    /// Whether it holds everything.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.include.is_none()
    }

    /// Whether a page is chosen, by its path without ending.
    #[must_use]
    pub fn holds(&self, page: &str) -> bool {
        self.include.as_ref().is_none_or(|all| all.iter().any(|(pattern, _)| fits(pattern, page)))
    }

    /// Reads the table of editions, which has the right shape. Mistakes go to `report`.
    pub(super) fn read(table: Option<&Node>, path: &str, report: &mut Report) -> Vec<Self> {
        table.map(Node::entries).unwrap_or_default().iter().map(|entry| one(entry, path, report)).collect()
    }
}

fn one(entry: &super::tree::Entry, path: &str, report: &mut Report) -> Publication {
    let node = &entry.node;
    let mut mistake = |range: &std::ops::Range<usize>, message: String, hint: &str| {
        report.push(Diagnostic::error("edition", Place::new(path, range.clone()), message).hint(hint));
    };
    if !is_id(&entry.key) {
        mistake(
            &entry.key_range,
            format!("版本的编号「{}」不能用", entry.key),
            "编号用作文件名：以小写英文字母开头，只用小写字母、数字和 -，例如 public",
        );
    }
    let text = |key: &str| match node.get(key).map(|n| &n.value) {
        Some(Value::Text(text)) => text.trim().to_owned(),
        Some(Value::Date(date)) => date.clone(),
        _ => String::new(),
    };
    let list = |key: &str| {
        let items = node.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| match &item.value {
            Value::Text(text) => Some((text.trim().to_owned(), item.range.clone())),
            _ => None,
        })
    };
    for key in ["title", "office", "version"] {
        if let Some(inner) = node.get(key).filter(|_| unprintable(&text(key))) {
            mistake(&inner.range, format!("{key} 里有换行或看不见的字符"), "写成一行；删去后重新输入");
        }
    }
    for (line, range) in list("cover").filter(|(line, _)| unprintable(line)) {
        mistake(&range, format!("封面文字「{}」里有换行或看不见的字符", line.escape_debug()), "一行写成一项");
    }
    let date = text("date");
    if let Some(inner) = node.get("date").filter(|_| Date::parse(&date).is_none()) {
        mistake(&inner.range, format!("「{date}」不是日期"), "写成 \"2026-11-27\" 这样");
    }
    let address = Some(text("address")).filter(|a| !a.is_empty());
    if let (Some(inner), Some(text)) = (node.get("address"), &address)
        && !is_address(text)
    {
        let hint = "写成 https://www.example.gov.cn/ 这样，以 http:// 或者 https:// 开头，中间没有空格";
        mistake(&inner.range, format!("「{text}」不是网址"), hint);
    }
    let whole = entry.key == STAFF;
    let include = node.get("include");
    if let Some(include) = include.filter(|_| whole) {
        let hint =
            "删去这一行；要一个只收一部分的版本，另起一个编号，例如 [preprocessor.gongkai.editions.public]";
        mistake(&include.range, "staff 版收全部内容，不写 include".to_owned(), hint);
    }
    let omit: Vec<String> = list("omit").map(|(title, _)| title).filter(|t| !t.is_empty()).collect();
    if let Some(omit) = node.get("omit").filter(|_| whole && !omit.is_empty()) {
        mistake(&omit.range, "staff 版收全部内容，不写 omit".to_owned(), "删去这一行");
    }
    let chosen: Vec<(String, Place)> =
        list("include").map(|(pattern, range)| (pattern, Place::new(path, range))).collect();
    if !whole && chosen.is_empty() {
        let hint = "写明收哪些，例如 include = [\"guide/citizen-*\", \"laws/foi-2019\", \"glossary\"]";
        let range = include.map_or_else(|| entry.key_range.clone(), |i| i.range.clone());
        mistake(&range, format!("版本 {} 没有写收入哪些页面（include）", entry.key), hint);
    }
    for (pattern, place) in &chosen {
        let stars = pattern.matches('*').count();
        if pattern.is_empty() || stars > 1 || stars == 1 && !pattern.ends_with('*') || pattern == "*" {
            let hint = "写页面的路径，不带 .md，例如 laws/foi-2019；星号只能写在末尾，例如 policies/*";
            mistake(&place.range, format!("「{pattern}」看不出是哪些页面"), hint);
        }
    }
    Publication {
        id: entry.key.clone(),
        title: Some(text("title")).filter(|t| !t.is_empty()),
        cover: list("cover").map(|(line, _)| line).filter(|line| !line.is_empty()).collect(),
        office: text("office"),
        version: text("version"),
        date,
        address,
        chapter_codes: node.get("chapter_codes").is_some_and(|n| n.value == Value::Bool(true)),
        include: (!whole).then_some(chosen),
        omit: if whole { vec![] } else { omit },
    }
}

/// Names that Windows keeps for devices cannot be names of files.
fn is_id(text: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "handbook", "debug"];
    let device = |name: &str| {
        let number = text.strip_prefix(name).map(str::as_bytes);
        number.is_some_and(|n| matches!(n, [b'0'..=b'9']))
    };
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.len() <= 30
        && !DEVICES.contains(&text)
        && !device("com")
        && !device("lpt")
        && !["release", "doc", "tools", "tmp"].contains(&text)
}

fn unprintable(text: &str) -> bool {
    text.contains(['\n', '\r', '\t']) || text.contains(forbidden)
}

/// `policies/*` fits every policy.
fn fits(pattern: &str, page: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == page, |start| page.starts_with(start))
}

/// What an edition came to hold.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// The content of the edition and nothing else.
    pub corpus: Corpus,
    /// Pages that a `*` would have taken and that are marked as internal: path of the file, title.
    pub left_out: Vec<(String, String)>,
}

/// A page that can be chosen.
struct Candidate<'a> {
    /// `laws/foi-2019`
    name: String,
    /// Path of its file and what it is called.
    path: &'a str,
    title: &'a str,
    /// Whether it stays in the agency.
    internal: bool,
    /// Its text.
    text: &'a str,
}

impl Corpus {
    /// What an edition holds. What is marked as internal is never in it; to name it is a mistake, and so is a name that
    /// no page has, and a comment, which would go out with the page.
    pub fn choose(&self, publication: &Publication, report: &mut Report) -> Chosen {
        let Some(include) = &publication.include else {
            return Chosen { corpus: self.clone(), left_out: vec![] };
        };
        let candidates = self.candidates();
        let mut left_out = vec![];
        for (pattern, place) in include {
            let found: Vec<&Candidate<'_>> = candidates.iter().filter(|c| fits(pattern, &c.name)).collect();
            if found.is_empty() && !PUBLIC_PAGES.iter().any(|page| fits(pattern, page)) {
                let names = candidates.iter().map(|c| c.name.as_str()).chain(PUBLIC_PAGES);
                let hint = nearest(pattern, names).map_or_else(
                    || {
                        format!(
                            "写页面在手册里的路径，不带 .md；自动生成的页面有 {}",
                            PUBLIC_PAGES.join("、")
                        )
                    },
                    |name| format!("您是不是要写 {name}？"),
                );
                let message = format!("手册里没有「{pattern}」这样的页面");
                report.push(Diagnostic::error("edition", place.clone(), message).hint(hint));
            }
            for page in found.into_iter().filter(|c| c.internal) {
                if pattern.ends_with('*') {
                    left_out.push((page.path.to_owned(), page.title.to_owned()));
                } else {
                    let message = format!("《{}》（{}）只限内部，不能收进这个版本", page.title, page.path);
                    let hint =
                        "从 include 里删去；确实可以公开的，先经审核再去掉那一页文件头里的 internal = true";
                    report.push(Diagnostic::error("edition", place.clone(), message).hint(hint));
                }
            }
        }
        let taken: BTreeSet<&str> =
            candidates.iter().filter(|c| !c.internal && publication.holds(&c.name)).map(|c| c.path).collect();
        for page in candidates.iter().filter(|c| taken.contains(c.path)) {
            check_comments(page, report);
        }
        left_out.sort();
        left_out.dedup();
        let mut corpus = self.clone();
        corpus.laws.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.texts.retain(|law, _| corpus.laws.contains_key(law));
        corpus.cases.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.questions.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.policies.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.quizzes.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.drills.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.guides.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.clauses.retain(|_, e| taken.contains(e.path.as_str()));
        corpus.omit(&publication.omit);
        // Tables that show on any page, chosen or not; of the words of the field, those that its pages use.
        if publication.holds("glossary") {
            let pages = corpus.candidates();
            let uses = |word: &String| pages.iter().any(|c| c.text.contains(word.as_str()));
            let used = |term: &GlossaryTerm| [&term.word].into_iter().chain(&term.also).any(uses);
            corpus.rules.glossary = corpus.rules.glossary.iter().filter(|t| used(t)).cloned().collect();
        } else {
            corpus.rules.glossary.clear();
        }
        if !publication.holds("synonyms") {
            corpus.rules.synonyms = SynonymTable::default();
        }
        Chosen { corpus, left_out }
    }

    /// Takes sections and labelled paragraphs out of every page, as if they had never been written.
    fn omit(&mut self, titles: &[String]) {
        if titles.is_empty() {
            return;
        }
        macro_rules! all {
            ($($entries:expr),*) => { $( for entry in $entries.values_mut() { shorten(entry, titles); } )* };
        }
        for entry in self.laws.values_mut() {
            // What a text that was imported said of the structure stays.
            let (structure, articles) = (entry.header.structure.take(), entry.header.articles);
            shorten(entry, titles);
            (entry.header.structure, entry.header.articles) = (structure, articles);
        }
        all!(self.cases, self.questions, self.policies, self.quizzes, self.drills, self.guides);
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        let mut all = vec![];
        macro_rules! add {
            ($folder:expr, $entries:expr, $internal:expr) => {
                for (id, entry) in $entries {
                    all.push(Candidate {
                        name: format!("{}{}", $folder, id.strip_suffix(".md").unwrap_or(id)),
                        path: &entry.path,
                        title: &entry.header.title,
                        internal: entry.header.internal || $internal(entry),
                        text: &entry.text,
                    });
                }
            };
        }
        add!("laws/", &self.laws, no);
        add!("cases/", &self.cases, no);
        add!("questions/", &self.questions, no);
        add!("policies/", &self.policies, no);
        add!("quiz/", &self.quizzes, no);
        add!("drills/", &self.drills, no);
        add!("", &self.guides, no);
        // What never leaves the agency is not printed for others either.
        let inner = |entry: &Entry<super::Clause>| matches!(self.kind(&entry.header), DocumentKind::Internal);
        add!("letters/", &self.clauses, inner);
        all
    }
}

/// Reads an entry again without some of its text. What its body must hold was checked before.
fn shorten<T: Header>(entry: &mut Entry<T>, titles: &[String]) {
    let mut left = entry.text.get(..entry.body.start).unwrap_or_default().to_owned();
    let (mut section, mut paragraph, mut fenced) = (false, false, false);
    for line in entry.body().split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        if let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) {
            let title = heading.split(" {#").next().unwrap_or_default().trim();
            section = titles.iter().any(|t| t == title);
        }
        if line.trim().is_empty() {
            paragraph = false;
        } else if !paragraph {
            let labelled = |t: &String| line.strip_prefix(t.as_str()).is_some_and(|r| r.starts_with('：'));
            paragraph = titles.iter().any(labelled);
        }
        if !section && !paragraph {
            left.push_str(line);
        }
    }
    let read = Entry::read(&entry.path, &left, &schema::of::<T>(), &mut Report::default());
    if let Some(read) = read {
        *entry = read;
    }
}

const fn no<T>(_: &Entry<T>) -> bool {
    false
}

/// Comments are invisible on the page and in the file all the same.
fn check_comments(page: &Candidate<'_>, report: &mut Report) {
    for (at, _) in page.text.match_indices("<!--") {
        let rest = page.text.get(at..).unwrap_or_default();
        if rest.starts_with("<!-- gongkai:") {
            continue;
        }
        let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
        let message = "要收进对外版本的页面里有注释，读者打开网页源文件就能看到";
        let hint = "把 <!-- 到 --> 删去；内部的话写到别处";
        report.push(Diagnostic::error("edition", Place::new(page.path, at..at + end), message).hint(hint));
    }
}

//! The whole handbook as data for other programs: one JSON object, or records for the search engine of a province.
//!
//! [`Export`] is what `gongkai export --json` prints; [`records`] and the writers beside it make what `--bulk` writes. All
//! of it comes from a corpus that was narrowed to an edition before, so no page can get out that the edition does not hold.

pub mod elasticsearch;
mod entries;
pub mod groonga;
mod law;
mod letter;
mod link;
mod record;

pub use entries::{Case, Drill, Guide, Policy, Question, Quiz, QuizItem, QuizOption, Term};
pub use law::{Annex, Article, Law, OfficialArticle, OfficialText, Part, Version};
pub use letter::{CaseType, Column, Letter, Outcome, Parameter, Remedy};
pub use link::{Link, Place, Source, SourceKind};
pub use record::{District, Record, records};

use crate::corpus::{Change, Confidence, Corpus, Review, Section as Heading, section_anchor};
use crate::links::{Links, plain};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::ops::Range;

/// The version of the shape. The first number rises when a key goes away, is renamed or comes to mean something else;
/// the second when keys are added.
pub const SCHEMA_VERSION: &str = "1.0";

/// A handbook as one object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "手册导出",
    description = "gongkai export --json 的格式。所有项目都有，不知道的写 null，没有的写空列表。url 都相对于手册的首页所在的文件夹，# 后面的锚点长期不变。text 是纯文字，一段一行；markdown 是编写时的原文，里面的相对链接从 source 那个文件算起"
)]
pub struct Export {
    /// See [`SCHEMA_VERSION`].
    #[schemars(
        title = "格式版本",
        description = "主版本.次版本。去掉、改名或者改变意思，主版本加一；只增加项目，次版本加一。读的程序：主版本相同就能读，不认识的项目不用管；要逐项校验，用同一个版本的程序打印的 schema"
    )]
    pub schema_version: String,
    /// Which handbook.
    #[schemars(title = "手册")]
    pub handbook: Handbook,
    /// Laws, by id.
    #[schemars(title = "法规")]
    pub laws: Vec<Law>,
    /// Cases, by id.
    #[schemars(title = "案例")]
    pub cases: Vec<Case>,
    /// Types of cases, in the order of their table.
    #[schemars(title = "案例类型")]
    pub case_types: Vec<CaseType>,
    /// Questions, by id.
    #[schemars(title = "问答")]
    pub questions: Vec<Question>,
    /// Policies, by id.
    #[schemars(title = "政策文件")]
    pub policies: Vec<Policy>,
    /// Letters, by id.
    #[schemars(title = "文书", description = "文书的模板，不含任何填好的内容")]
    pub letters: Vec<Letter>,
    /// Outcomes, in the order of their table.
    #[schemars(title = "答复情形")]
    pub outcomes: Vec<Outcome>,
    /// Hand-written pages, by path.
    #[schemars(title = "指南页")]
    pub guides: Vec<Guide>,
    /// Quizzes, in their order.
    #[schemars(title = "自测")]
    pub quizzes: Vec<Quiz>,
    /// Drills, by id.
    #[schemars(title = "演练", description = "来信和人物都是虚构的")]
    pub drills: Vec<Drill>,
    /// The glossary, in the order of its table.
    #[schemars(title = "术语")]
    pub terms: Vec<Term>,
    /// Who cites which place of which law.
    #[schemars(
        title = "引用",
        description = "哪一页（from）引用哪一条（to），每一对一行。按 to 分组就是某一条被谁引用；页面和答复情形的关系在各页的 outcomes 里"
    )]
    pub links: Vec<Link>,
}

/// Which handbook was exported.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handbook {
    /// Title of the book, where `book.toml` has one.
    #[schemars(title = "书名")]
    pub title: Option<String>,
    /// Full name of the agency, where its settings have one.
    #[schemars(title = "机关全称", description = "机关设置里的名称；没有设就是 null")]
    pub agency: Option<String>,
    /// Id of the edition: `staff`, `public`.
    #[schemars(title = "版本", description = "staff 工作人员用的全本，public 公众读本")]
    pub edition: String,
    /// 2026年第1版.
    #[schemars(title = "版次")]
    pub version: Option<String>,
    /// Day of issue.
    #[schemars(title = "日期", extend("format" = "date"))]
    pub date: Option<String>,
    /// Where the edition can be read online.
    #[schemars(title = "网址", description = "手册首页所在的网址；后面接上 url 就是那一页")]
    pub address: Option<String>,
    /// The program that wrote this.
    #[schemars(title = "程序版本")]
    pub program: String,
}

impl Handbook {
    /// A handbook of which only the edition is known.
    #[must_use]
    pub fn new(edition: &str) -> Self {
        Self {
            title: None,
            agency: None,
            edition: edition.to_owned(),
            version: None,
            date: None,
            address: None,
            program: format!("gongkai {}", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// How far a page can be trusted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Upkeep {
    /// Whether it must stay in the agency.
    #[schemars(title = "只限内部", description = "true 是只给工作人员看的，不能公开")]
    pub internal: bool,
    /// How sure the content is.
    #[schemars(
        title = "核实程度",
        description = "V 已核对法条，S2 两处来源一致，S1 单一来源（待核），G 通行实务（待核）；指南页可以没有"
    )]
    pub confidence: Option<Confidence>,
    /// Points still to be checked.
    #[schemars(title = "待核事项", description = "还没有核对原文的各点，用之前先核实")]
    pub unverified: Vec<String>,
    /// ISO date of the last check.
    #[schemars(title = "核对日期", extend("format" = "date"))]
    pub checked: String,
    /// Who wrote and who approved it.
    #[schemars(
        title = "编写和审核",
        description = "没有审核的，审核一项是 null；编写人和审核人的姓名全本才有"
    )]
    pub review: Review,
    /// What changed, the newest first.
    #[schemars(title = "更新说明")]
    pub changes: Vec<Change>,
}

/// Running text of ours.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Without markup, a line for each block.
    #[schemars(title = "纯文字", description = "一段一行，没有任何标记")]
    pub text: String,
    /// The source.
    #[schemars(
        title = "Markdown 原文",
        description = "全本才有；别的版本是 null，因为里面有通到没有收的页面的链接"
    )]
    pub markdown: Option<String>,
}

impl Text {
    fn new(markdown: &str) -> Self {
        Self { text: plain(markdown), markdown: Some(markdown.trim().to_owned()) }
    }
}

/// A part of a page under a heading of its own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    #[schemars(title = "小标题")]
    pub heading: String,
    /// Its anchor.
    #[schemars(title = "锚点")]
    pub anchor: String,
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// What it says.
    #[schemars(title = "内容")]
    pub body: Text,
}

impl Section {
    /// A section of the page `url` whose title has the anchor `page`.
    fn new((url, page): (&str, &str), heading: &Heading, text: &str) -> Self {
        let anchor = format!("{page}-{}", section_anchor(&heading.title));
        Self {
            heading: heading.title.clone(),
            url: format!("{url}#{anchor}"),
            anchor,
            body: Text::new(cut(text, &heading.content)),
        }
    }
}

impl Export {
    /// Everything that the corpus holds. Of the tables, which are the same in every edition, one that is not `whole` has only
    /// the rows that its pages name.
    #[must_use]
    pub fn new(handbook: Handbook, corpus: &Corpus, links: &Links, whole: bool) -> Self {
        let mut export = Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            handbook,
            laws: corpus.laws.values().map(|entry| law::law(corpus, links, entry)).collect(),
            cases: corpus.cases.values().map(entries::case).collect(),
            case_types: letter::case_types(corpus),
            questions: corpus.questions.values().map(entries::question).collect(),
            policies: corpus.policies.values().map(entries::policy).collect(),
            letters: corpus.clauses.values().map(|entry| letter::letter(corpus, entry)).collect(),
            outcomes: letter::outcomes(corpus),
            guides: corpus.guides.iter().map(|(path, entry)| entries::guide(path, entry)).collect(),
            quizzes: corpus.quizzes_in_order().into_iter().map(entries::quiz).collect(),
            drills: corpus.drills.values().map(entries::drill).collect(),
            terms: corpus.rules.glossary.iter().map(entries::term).collect(),
            links: link::links(corpus, links),
        };
        if !whole {
            export.keep_named();
        }
        export
    }

    fn keep_named(&mut self) {
        let pages = self.cases.iter().map(|page| &page.outcomes);
        let pages = pages.chain(self.questions.iter().map(|page| &page.outcomes));
        let pages = pages.chain(self.policies.iter().map(|page| &page.outcomes));
        let pages = pages.chain(self.guides.iter().map(|page| &page.outcomes));
        let pages = pages.chain(self.drills.iter().map(|page| &page.outcomes));
        let named: BTreeSet<&String> =
            pages.flatten().chain(self.letters.iter().map(|letter| &letter.outcome)).collect();
        self.outcomes.retain(|outcome| named.contains(&outcome.id));
        for outcome in &mut self.outcomes {
            outcome.note = None;
        }
        let types: BTreeSet<&String> = self.cases.iter().map(|case| &case.r#type).collect();
        self.case_types.retain(|found| types.contains(&found.id));
    }

    /// The object as it is printed. In an edition that is not `whole`, names of people and sources, which hold links to pages
    /// that it leaves out, are `null`, as they are not on its pages either.
    ///
    /// # Errors
    ///
    /// Never: every key is text and every number is whole.
    pub fn printed(&self, whole: bool) -> serde_json::Result<Json> {
        let mut value = serde_json::to_value(self)?;
        if !whole {
            blank(&mut value);
        }
        Ok(value)
    }
}

/// Keys that an edition for others does not fill.
const INNER: [&str; 4] = ["markdown", "template", "written_by", "reviewed_by"];

fn blank(value: &mut Json) {
    match value {
        Json::Object(map) => {
            for (key, inner) in map {
                if INNER.contains(&key.as_str()) {
                    *inner = Json::Null;
                } else {
                    blank(inner);
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

/// Bytes of a file.
fn cut<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    text.get(range.clone()).unwrap_or_default()
}

/// A file of a bulk export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkFile {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

impl BulkFile {
    fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// What the part number `number`, from 1, of a bulk export is called.
#[must_use]
pub fn part_name(name: &str, number: usize, ending: &str) -> String {
    format!("{name}_{number:03}.{ending}")
}

/// Pieces with something between them, a head before and a tail behind, in files of at most `most` bytes; a longer piece has
/// a file of its own.
fn parts(
    pieces: impl Iterator<Item = String>,
    (name, ending): (&str, &str),
    (head, between, tail): (&str, &str, &str),
    most: usize,
) -> Vec<BulkFile> {
    let mut all: Vec<BulkFile> = vec![];
    let mut text = head.to_owned();
    let close = |text: &mut String, all: &mut Vec<BulkFile>| {
        let whole = std::mem::replace(text, head.to_owned()) + tail;
        all.push(BulkFile { name: part_name(name, all.len() + 1, ending), text: whole });
    };
    for piece in pieces {
        let length = text.len() + between.len() + piece.len() + tail.len();
        if text.len() > head.len() && length > most {
            close(&mut text, &mut all);
        }
        if text.len() > head.len() {
            text.push_str(between);
        }
        text.push_str(&piece);
    }
    close(&mut text, &mut all);
    all
}

/// The header's keys of trust, which all pages share.
macro_rules! upkeep {
    ($header:expr) => {
        crate::export::Upkeep {
            internal: $header.internal,
            confidence: $header.confidence.into(),
            unverified: $header.unverified.clone(),
            checked: $header.checked.clone(),
            review: $header.review.clone(),
            changes: $header.changes.clone(),
        }
    };
}
use upkeep;

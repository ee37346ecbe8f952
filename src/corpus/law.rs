//! A law: metadata, versions, structure, and our own notes article by article. Never the official text.

use super::entry::{Body, Header};
use super::kinds::{Change, Confidence, Review, State};
use super::schema::ID;
use super::structure::{Located, Structure};
use crate::citation::Provision;
use crate::text::{Diagnostic, Place, Report, chinese, number};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// No article of any law has more 款, and no 款 more 项, than this.
const MOST_PARTS: usize = 200;

/// Where a law stands in the order of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum LawKind {
    /// 法律
    #[serde(rename = "法律")]
    Statute,
    /// 行政法规
    #[serde(rename = "行政法规")]
    Regulation,
    /// 司法解释
    #[serde(rename = "司法解释")]
    Interpretation,
    /// 党内法规
    #[serde(rename = "党内法规")]
    Party,
    /// 地方性法规
    #[serde(rename = "地方性法规")]
    Local,
    /// 规章
    #[serde(rename = "规章")]
    Rule,
    /// 规范性文件
    #[serde(rename = "规范性文件")]
    Document,
}

impl LawKind {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Statute => "法律",
            Self::Regulation => "行政法规",
            Self::Interpretation => "司法解释",
            Self::Party => "党内法规",
            Self::Local => "地方性法规",
            Self::Rule => "规章",
            Self::Document => "规范性文件",
        }
    }
}

/// One dated version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// What this version is called, e.g. 2019年修订.
    #[schemars(title = "版本", length(min = 1))]
    pub label: String,
    /// Number of the act that made it.
    #[schemars(title = "文号")]
    pub number: Option<String>,
    /// 公布
    #[schemars(title = "公布日期", extend("format" = "date"))]
    pub promulgated: Option<String>,
    /// 施行
    #[schemars(title = "施行日期", extend("format" = "date"))]
    pub effective: Option<String>,
    /// 失效
    #[schemars(title = "失效日期", extend("format" = "date"))]
    pub expired: Option<String>,
    /// By what it was amended or replaced.
    #[schemars(title = "由什么修改或取代")]
    pub amended_by: Option<String>,
    /// Anything else.
    #[schemars(title = "说明")]
    pub note: Option<String>,
}

/// Header of `book/laws/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "法规")]
pub struct Law {
    /// Stable id, equal to the file's name and the first part of every anchor.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Full title.
    #[schemars(title = "全称", length(min = 1))]
    pub title: String,
    /// Short title for lists.
    #[schemars(title = "简称", length(min = 1))]
    pub short: String,
    /// Other names people cite it by.
    #[serde(default)]
    #[schemars(title = "别名", description = "别的叫法；写成 《条例》 的只在书名号里才算")]
    pub aliases: Vec<String>,
    /// Rank.
    #[schemars(title = "种类")]
    pub kind: LawKind,
    /// Who made it.
    #[schemars(title = "制定机关", length(min = 1))]
    pub issuer: String,
    /// Number of the act of the version in force.
    #[schemars(title = "文号")]
    pub number: Option<String>,
    /// In force or not.
    #[schemars(title = "效力")]
    pub state: State,
    /// Number of the last article, absent where unknown.
    #[schemars(title = "条数", description = "最后一条是第几条；不清楚就不写", range(min = 1, max = 9999))]
    pub articles: Option<u32>,
    /// How sure the notes are.
    #[schemars(title = "核实程度", description = "V 已核对法条，S2 两处来源一致，S1 单一来源，G 通行实务")]
    pub confidence: Confidence,
    /// Points still to be checked.
    #[serde(default)]
    #[schemars(title = "待核事项")]
    pub unverified: Vec<String>,
    /// When it was last checked.
    #[schemars(title = "核对日期", extend("format" = "date"), length(min = 1))]
    pub checked: String,
    /// Whether the page is for the agency only: no edition but the staff's takes it.
    #[serde(default)]
    #[schemars(title = "只限内部", description = "写 true 的页面只进工作人员用的版本，别的版本不收")]
    pub internal: bool,
    /// Who wrote and who approved it.
    #[serde(default)]
    #[schemars(title = "编写和审核")]
    pub review: Review,
    /// What changed, the newest first.
    #[serde(default)]
    #[schemars(title = "更新说明", description = "每次改了什么，新的写在前面")]
    pub changes: Vec<Change>,
    /// What the notes were checked against.
    #[schemars(title = "核对依据")]
    pub source: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// Dated versions, oldest first.
    #[schemars(title = "历次版本", length(min = 1))]
    pub versions: Vec<Version>,
    /// For each article (36, 133_1) the number of 项 in each of its 款. Complete where given: an article that
    /// is not listed has one 款 and no 项. Absent where the structure is not known.
    #[schemars(
        title = "款项结构",
        description = "条 = [每一款的项数]，例如 36 = [7]；没有列出的条只有一款、没有项"
    )]
    pub structure: Option<BTreeMap<String, Vec<u32>>>,
    /// The notes, from the body.
    #[serde(skip)]
    #[schemars(skip)]
    pub notes: Vec<Article>,
}

/// Notes on one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Which article.
    pub provision: Provision,
    /// Our own short heading.
    pub heading: String,
    /// The chapter heading above it, where it is the first of its chapter.
    pub chapter: Option<String>,
    /// Bytes of the free notes in the file.
    pub content: Range<usize>,
    /// Notes on 款 and 项.
    pub parts: Vec<ProvisionNote>,
}

/// A note on one 款 or 项.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionNote {
    /// Which 款 or 项.
    pub provision: Provision,
    /// Bytes of the note in the file, label excluded.
    pub content: Range<usize>,
}

impl Law {
    /// What exists in the version in force, as far as the notes say.
    #[must_use]
    pub fn known(&self) -> Structure<'_> {
        Structure { name: &self.short, last: self.articles, parts: self.structure.as_ref(), complete: false }
    }

    /// The number of 项 in each 款 of an article; `None` where the structure of this law is not known.
    #[must_use]
    pub fn paragraphs(&self, article: Provision) -> Option<Vec<u32>> {
        self.known().paragraphs(article)
    }

    /// Looks for a place in the version in force.
    #[must_use]
    pub fn look(&self, place: Provision) -> Located {
        self.known().locate(place, self.note(place).is_some())
    }

    /// Whether the place exists: `Ok` with the place as anchors have it (the only 款 of an article is left out),
    /// `Err` with what would be valid, in Chinese. What is written in an unusual way is an error too.
    pub fn locate(&self, place: Provision) -> Result<Provision, String> {
        match self.look(place) {
            Located::Found(place) => Ok(place),
            Located::Unusual(_, hint) | Located::NoArticle(hint) | Located::NoPart(hint) => Err(hint),
        }
    }

    /// Every 款 and 项 of an article that has an anchor, in order; none where the structure is not known.
    #[must_use]
    pub fn parts(&self, article: Provision) -> Vec<Provision> {
        let paragraphs = self.paragraphs(article).unwrap_or_default();
        let mut all = vec![];
        for (index, items) in (1..).zip(&paragraphs) {
            let paragraph = if paragraphs.len() > 1 {
                let place = Provision { paragraph: Some(index), ..article };
                all.push(place);
                place
            } else {
                article
            };
            all.extend((1..=*items).map(|item| Provision { item: Some(item), ..paragraph }));
        }
        all
    }

    /// The notes on an article.
    #[must_use]
    pub fn note(&self, article: Provision) -> Option<&Article> {
        self.notes.iter().find(|a| a.provision == article.whole())
    }
}

impl Header for Law {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        self.check_structure(body, report);
        let mut chapter = None;
        let mut at = body.range.start;
        for line in body.text.get(body.range.clone()).unwrap_or_default().split_inclusive('\n') {
            let start = at;
            at += line.len();
            let range = start..start + line.trim_end().len();
            if let Some(title) = line.strip_prefix("## ") {
                chapter = Some(title.trim().to_owned());
            } else if let Some(title) = line.strip_prefix("### ") {
                match article_heading(title) {
                    Some((provision, heading)) => {
                        self.begin(provision, heading, (body, range, at), report);
                        if let Some(article) = self.notes.last_mut() {
                            article.chapter = chapter.take();
                        }
                    }
                    None => report.push(
                        Diagnostic::error(
                            "article-heading",
                            Place::new(body.path, range),
                            "三级标题要以条号开头",
                        )
                        .hint("写成 ### 第三十六条 标题"),
                    ),
                }
            } else if chapter.is_some() {
                if !line.trim().is_empty() {
                    let place = Place::new(body.path, range);
                    report.push(
                        Diagnostic::error("text-under-chapter", place, "章标题下面直接写了文字")
                            .hint("先写 ### 第…条，再写这一条的要点"),
                    );
                }
            } else if let Some(article) = self.notes.last_mut() {
                match line.strip_prefix("- ").and_then(|rest| part_label(rest, article.provision)) {
                    Some((provision, length)) => {
                        let content = start + 2 + length..range.end.max(start + 2 + length);
                        article.parts.push(ProvisionNote { provision, content });
                    }
                    None if article.parts.is_empty() => article.content.end = at,
                    None if line.trim().is_empty() => {}
                    None => report.push(
                        Diagnostic::error(
                            "note-after-parts",
                            Place::new(body.path, range),
                            "逐款逐项的要点后面不能再接文字",
                        )
                        .hint("把这段话移到“- 第一款：”或“- 第（一）项：”各行的前面"),
                    ),
                }
            }
        }
        for index in 0..self.notes.len() {
            self.check_parts(index, body, report);
        }
    }
}

impl Law {
    fn begin(
        &mut self,
        provision: Provision,
        heading: &str,
        (body, range, content): (&Body<'_>, Range<usize>, usize),
        report: &mut Report,
    ) {
        let place = Place::new(body.path, range);
        if let Err(hint) = self.locate_article(provision) {
            report.push(
                Diagnostic::error("no-such-article", place.clone(), format!("没有{provision}")).hint(hint),
            );
        }
        if let Some(last) = self.notes.last()
            && last.provision >= provision
        {
            let message = format!("{provision}排在{}后面", last.provision);
            report.push(
                Diagnostic::error("article-order", place, message).hint("按条文顺序排列，每条只写一次"),
            );
        }
        self.notes.push(Article {
            provision,
            heading: heading.to_owned(),
            chapter: None,
            content: content..content,
            parts: vec![],
        });
    }

    fn locate_article(&self, provision: Provision) -> Result<(), String> {
        match self.articles {
            Some(last) if provision.article > last => {
                Err(format!("文件头写的是到第{}条为止（articles = {last}）", chinese(last)))
            }
            _ => Ok(()),
        }
    }

    fn check_parts(&self, index: usize, body: &Body<'_>, report: &mut Report) {
        let Some(article) = self.notes.get(index) else { return };
        if self.structure.is_none() {
            return;
        }
        let parts = self.parts(article.provision);
        let mut last = None;
        for part in &article.parts {
            let place = Place::new(body.path, part.content.clone());
            let position = parts.iter().position(|p| *p == part.provision);
            match position {
                None => {
                    let hint = match self.locate(part.provision) {
                        Err(hint) => hint,
                        Ok(other) => format!("写成“- {}：”", strip_article(other)),
                    };
                    let message = format!("{}和款项结构不符", part.provision);
                    report.push(Diagnostic::error("no-such-part", place, message).hint(hint));
                }
                Some(position) if last.is_some_and(|l| l >= position) => {
                    let message = format!("{}的次序不对或重复", part.provision);
                    report.push(
                        Diagnostic::error("part-order", place, message).hint("按款项顺序排列，每项只写一次"),
                    );
                }
                Some(position) => last = Some(position),
            }
        }
    }

    fn check_structure(&self, body: &Body<'_>, report: &mut Report) {
        for entry in body.header.get("structure").map(super::tree::Node::entries).unwrap_or_default() {
            let (article, sub) =
                entry.key.split_once('_').map_or((entry.key.as_str(), None), |(a, s)| (a, Some(s)));
            let valid = article.parse::<u32>().is_ok_and(|n| n > 0 && n <= self.articles.unwrap_or(u32::MAX))
                && sub.is_none_or(|s| s.parse::<u32>().is_ok_and(|n| n > 0));
            let counts = entry.node.to_json();
            let countable = counts.as_array().is_some_and(|c| {
                (1..=MOST_PARTS).contains(&c.len())
                    && c.iter().all(|n| n.as_u64().is_some_and(|n| n <= MOST_PARTS as u64))
            });
            if !valid || !countable {
                let place = Place::new(body.path, entry.key_range.clone());
                let hint = "左边写条号（第一百三十三条之一写 133_1），右边写每一款的项数，例如 36 = [7]";
                report.push(Diagnostic::error("wrong-structure", place, "款项结构写得不对").hint(hint));
            }
        }
    }
}

fn strip_article(place: Provision) -> String {
    let label = place.to_string();
    label.strip_prefix(&place.whole().to_string()).unwrap_or(&label).to_owned()
}

/// 第三十六条[之一] heading
fn article_heading(title: &str) -> Option<(Provision, &str)> {
    let rest = title.trim().strip_prefix('第')?;
    let (digits, rest) = rest.split_once('条')?;
    let article = number(digits)?;
    let (sub, rest) = match rest.strip_prefix('之') {
        Some(after) => {
            let end = after.find([' ', '\u{3000}']).unwrap_or(after.len());
            (Some(number(after.get(..end)?)?), after.get(end..)?)
        }
        None => (None, rest),
    };
    Some((Provision { sub, ..Provision::article(article) }, rest.trim()))
}

/// 第二款第（三）项： at the start of a list line: the place, and the length of the label with its colon.
fn part_label(line: &str, article: Provision) -> Option<(Provision, usize)> {
    let end = line.find(['：', ':'])?;
    let label = line.get(..end)?;
    let mut place = article;
    let mut rest = label;
    if let Some((digits, after)) = rest.strip_prefix('第').and_then(|r| r.split_once('款')) {
        place.paragraph = Some(number(digits)?);
        rest = after;
    }
    if let Some((digits, after)) = rest.strip_prefix('第').and_then(|r| r.split_once('项')) {
        place.item = Some(number(digits.trim_matches(['（', '）', '(', ')']))?);
        rest = after;
    }
    let colon = line.get(end..)?.chars().next()?.len_utf8();
    (rest.is_empty() && place != article).then_some((place, end + colon))
}

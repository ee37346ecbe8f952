//! Laws as they are exported: what we say of each article, and the official text where the agency imported it.

use super::{Text, Upkeep, cut, upkeep};
use crate::citation::Provision;
use crate::corpus::{self, Corpus, Edition, Entry, LawKind, State, old_text_id};
use crate::links::{Links, plain};
use crate::statute::{self, Kind};
use schemars::JsonSchema;
use serde::Serialize;

/// A law.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Stable id, the first part of every anchor.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Full title.
    #[schemars(title = "全称")]
    pub title: String,
    /// Short title.
    #[schemars(title = "简称")]
    pub short: String,
    /// Other names people cite it by.
    #[schemars(title = "别名", description = "带书名号的只在书名号里才算")]
    pub aliases: Vec<String>,
    /// Rank.
    #[schemars(title = "种类")]
    pub kind: LawKind,
    /// Who made it.
    #[schemars(title = "制定机关")]
    pub issuer: String,
    /// Number of the act of the version in force.
    #[schemars(title = "文号")]
    pub number: Option<String>,
    /// In force or not.
    #[schemars(title = "效力")]
    pub state: State,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What the notes were checked against.
    #[schemars(title = "核对依据")]
    pub checked_against: Option<String>,
    /// What we say of the law as a whole.
    #[schemars(title = "说明", description = "本手册用自己的话写的，不是法规原文")]
    pub note: Text,
    /// Its versions, the oldest first.
    #[schemars(title = "历次版本", description = "从旧到新")]
    pub versions: Vec<Version>,
    /// Today's articles that are known, in order.
    #[schemars(
        title = "条文",
        description = "现行版本的各条；不清楚有几条的法规，只有写了要点或者被引用的条"
    )]
    pub articles: Vec<Article>,
    /// How far the notes can be trusted.
    #[schemars(title = "核实情况", description = "说的是要点，不是原文")]
    pub upkeep: Upkeep,
}

/// One dated version.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// What it is called.
    #[schemars(title = "版本", description = "例如 2019年修订")]
    pub label: String,
    /// Whether it is today's.
    #[schemars(title = "现行", description = "true 是手册所列的现行版本")]
    pub current: bool,
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
    #[schemars(title = "备注")]
    pub remark: Option<String>,
    /// The text, where it was imported.
    #[schemars(title = "法规原文", description = "本机关导入的官方文本；没有导入的是 null")]
    pub official: Option<OfficialText>,
}

/// An official text as it was imported.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficialText {
    /// Title as in the text.
    #[schemars(title = "标题")]
    pub title: String,
    /// The page that shows it.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Name of the file it came from.
    #[schemars(title = "来源文件")]
    pub source_name: String,
    /// Date of that file.
    #[schemars(title = "来源文件日期", extend("format" = "date"))]
    pub source_date: Option<String>,
    /// SHA-256 of that file.
    #[schemars(title = "来源文件校验值", description = "SHA-256")]
    pub source_sha256: String,
    /// Paragraphs before the first article.
    #[schemars(title = "第一条以前的文字")]
    pub preamble: Vec<String>,
    /// The articles, in order.
    #[schemars(title = "条文", description = "不分条的文件，一、二、……各算一条")]
    pub articles: Vec<OfficialArticle>,
    /// What is attached: title and text.
    #[schemars(title = "附件")]
    pub annexes: Vec<Annex>,
    /// Signature and date under the text.
    #[schemars(title = "文末的署名和日期")]
    pub closing: Vec<String>,
}

/// Something attached to a law.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Annex {
    /// 附件一, as written.
    #[schemars(title = "标题")]
    pub title: String,
    /// The text, lines joined by line breaks.
    #[schemars(title = "文字")]
    pub text: String,
}

/// One article of an official text.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficialArticle {
    /// 第三十六条, as written.
    #[schemars(title = "条号")]
    pub label: String,
    /// The headings it stands under, outermost first.
    #[schemars(title = "所在编章节")]
    pub path: Vec<String>,
    /// Its anchor on the page that shows it.
    #[schemars(title = "锚点", description = "在 url 那一页上；旧版本的和现行版本的不同")]
    pub anchor: String,
    /// Its 款, each whole, lines of 项 joined by line breaks.
    #[schemars(title = "各款", description = "一款一条，项各占一行")]
    pub paragraphs: Vec<String>,
}

/// An article of the version in force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// 第三十六条
    #[schemars(title = "条号")]
    pub label: String,
    /// 36
    #[schemars(title = "第几条")]
    pub number: u32,
    /// 1 for 之一.
    #[schemars(title = "之几", description = "第一百三十三条之一是 1")]
    pub sub: Option<u32>,
    /// Its anchor.
    #[schemars(title = "锚点", description = "法规编号-art-条；款、项各加 -数字")]
    pub anchor: String,
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Our heading.
    #[schemars(title = "小标题", description = "本手册加的，不是原文")]
    pub heading: Option<String>,
    /// Our note.
    #[schemars(
        title = "要点",
        description = "本手册用自己的话写的，不是原文；没有写的是 null；逐款逐项的要点在 parts"
    )]
    pub note: Option<Text>,
    /// The text of the law.
    #[schemars(
        title = "原文",
        description = "现行版本的官方文本，没有导入的是 null；款和项各占一行，和 versions 里的一样"
    )]
    pub official_text: Option<String>,
    /// Its 款 and 项 that have an anchor.
    #[schemars(title = "款和项", description = "只有一款的条，不单列那一款")]
    pub parts: Vec<Part>,
}

/// A 款 or 项.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// 第三十六条第（五）项
    #[schemars(title = "条款项")]
    pub label: String,
    /// 款
    #[schemars(title = "第几款")]
    pub paragraph: Option<u32>,
    /// 项
    #[schemars(title = "第几项")]
    pub item: Option<u32>,
    /// Its anchor.
    #[schemars(title = "锚点")]
    pub anchor: String,
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Our note.
    #[schemars(title = "要点", description = "本手册用自己的话写的，不是原文")]
    pub note: Option<Text>,
}

pub(super) fn law(corpus: &Corpus, links: &Links, entry: &Entry<corpus::Law>) -> Law {
    let law = &entry.header;
    let body = entry.body();
    let end = if body.starts_with('#') {
        0
    } else {
        body.find("\n## ").or_else(|| body.find("\n### ")).unwrap_or(body.len())
    };
    let places = places(corpus, links, law);
    Law {
        id: law.id.clone(),
        url: page(&law.id),
        source: entry.path.clone(),
        title: law.title.clone(),
        short: law.short.clone(),
        aliases: law.aliases.clone(),
        kind: law.kind,
        issuer: law.issuer.clone(),
        number: law.number.clone(),
        state: law.state,
        keywords: law.keywords.clone(),
        checked_against: law.source.clone(),
        note: Text::new(body.get(..end).unwrap_or_default()),
        versions: versions(corpus, law),
        articles: places.into_iter().map(|place| article(corpus, entry, place)).collect(),
        upkeep: upkeep!(law),
    }
}

fn page(id: &str) -> String {
    format!("laws/{id}.html")
}

/// The articles that have a place on the page: those that are known to exist, have notes or a text, or are cited.
fn places(corpus: &Corpus, links: &Links, law: &corpus::Law) -> Vec<Provision> {
    let mut all: Vec<Provision> = (1..=law.articles.unwrap_or(0)).map(Provision::article).collect();
    all.extend(law.notes.iter().map(|note| note.provision));
    let text = corpus.text(&law.id).filter(|text| text.statute.kind == Kind::Articles);
    all.extend(text.iter().flat_map(|text| &text.statute.articles).map(whole));
    all.extend(links.articles().filter(|(id, _)| *id == law.id).map(|(_, article)| article));
    all.sort_unstable();
    all.dedup();
    all
}

fn whole(article: &statute::Article) -> Provision {
    Provision { sub: article.sub, ..Provision::article(article.number) }
}

fn article(corpus: &Corpus, entry: &Entry<corpus::Law>, place: Provision) -> Article {
    let law = &entry.header;
    let note = law.note(place);
    let text = corpus.text(&law.id).filter(|text| text.statute.kind == Kind::Articles);
    let text = text.and_then(|text| text.statute.article(place.article, place.sub));
    let words = |range: &std::ops::Range<usize>| Some(Text::new(cut(&entry.text, range)));
    let said = |text: &Text| !text.text.is_empty();
    let part = |part: Provision| Part {
        label: part.to_string(),
        paragraph: part.paragraph,
        item: part.item,
        anchor: part.anchor(&law.id),
        url: format!("{}#{}", page(&law.id), part.anchor(&law.id)),
        note: note
            .and_then(|note| note.parts.iter().find(|p| p.provision == part))
            .and_then(|found| words(&found.content)),
    };
    Article {
        label: place.to_string(),
        number: place.article,
        sub: place.sub,
        anchor: place.anchor(&law.id),
        url: format!("{}#{}", page(&law.id), place.anchor(&law.id)),
        heading: note.map(|note| plain(&note.heading)).filter(|heading| !heading.is_empty()),
        note: note.and_then(|note| words(&note.content)).filter(said),
        official_text: text.map(statute::Article::text),
        parts: law.parts(place).into_iter().map(part).collect(),
    }
}

fn versions(corpus: &Corpus, law: &corpus::Law) -> Vec<Version> {
    let mut old = 0;
    let version = |edition: &Edition<'_>| {
        let text = edition.text;
        let id = match (edition.current, text) {
            (false, Some(_)) => {
                old += 1;
                old_text_id(&law.id, old)
            }
            _ => law.id.clone(),
        };
        let row = edition.version;
        let number = row.and_then(|row| row.number.clone());
        Version {
            label: edition.label(),
            current: edition.current,
            number: number.or_else(|| text.and_then(|text| text.number.clone())),
            promulgated: edition.made().map(str::to_owned),
            effective: edition.since().map(str::to_owned),
            expired: row
                .and_then(|row| row.expired.clone())
                .or_else(|| text.and_then(|text| text.expired.clone())),
            amended_by: row
                .and_then(|row| row.amended_by.clone())
                .or_else(|| text.and_then(|text| text.amended_by.clone())),
            remark: row.and_then(|row| row.note.clone()),
            official: text.map(|text| official(&id, text, edition.current)),
        }
    };
    corpus.editions(&law.id).iter().map(version).collect()
}

/// An imported text, shown on the page `id`.
fn official(id: &str, text: &corpus::OfficialText, current: bool) -> OfficialText {
    let statute = &text.statute;
    // Today's page has the articles of a law in its own order, and anything else as parts.
    let parts = current && statute.kind != Kind::Articles;
    let article = |(nth, article): (usize, &statute::Article)| OfficialArticle {
        label: article.label.clone(),
        path: article.path.to_vec(),
        anchor: if parts { format!("{id}-part-{nth}") } else { whole(article).anchor(id) },
        paragraphs: article.paragraphs.iter().map(|paragraph| paragraph.text.clone()).collect(),
    };
    OfficialText {
        title: text.title.clone(),
        url: page(id),
        source_name: text.source_name.clone(),
        source_date: text.source_date.clone(),
        source_sha256: text.source_sha256.clone(),
        preamble: statute.preamble.clone(),
        articles: (1..).zip(&statute.articles).map(article).collect(),
        annexes: statute
            .annexes
            .iter()
            .map(|annex| Annex { title: annex.title.clone(), text: annex.text.clone() })
            .collect(),
        closing: statute.closing.clone(),
    }
}

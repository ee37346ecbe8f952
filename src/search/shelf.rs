//! What can be found: every page of the handbook cut into records, each a place that a person would open.

use crate::citation::Provision;
use crate::corpus::{
    Article, Case, Clause, Confidence, Corpus, Drill, Edition, Entry, Guide, Law, OfficialText, Policy,
    Publication, Question, Quiz, State, old_text_id, section_anchor,
};
use crate::links::{self, Links, plain};
use crate::statute;
use serde::Serialize;
use std::ops::Range;

/// What kind of page something stands on, in the order in which equal hits are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// 法规
    Law,
    /// 问答
    Question,
    /// 案例
    Case,
    /// 文书
    Letter,
    /// 政策
    Policy,
    /// 指南
    Guide,
    /// 工具
    Tool,
    /// 练习
    Practice,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Self; 8] = [
        Self::Law,
        Self::Question,
        Self::Case,
        Self::Letter,
        Self::Policy,
        Self::Guide,
        Self::Tool,
        Self::Practice,
    ];

    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Law => "法规",
            Self::Question => "问答",
            Self::Case => "案例",
            Self::Letter => "文书",
            Self::Policy => "政策",
            Self::Guide => "指南",
            Self::Tool => "工具",
            Self::Practice => "练习",
        }
    }

    /// The name in JSON and in the search data.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Question => "question",
            Self::Case => "case",
            Self::Letter => "letter",
            Self::Policy => "policy",
            Self::Guide => "guide",
            Self::Tool => "tool",
            Self::Practice => "practice",
        }
    }
}

/// The state of a text that is not in force.
pub(super) const OLD: &str = "旧版本";

/// The state of a law that is not in force.
pub(super) const REPEALED: &str = State::Repealed.label();

/// One page of the handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What it is.
    pub kind: Kind,
    /// Anchor of its title, and the beginning of most anchors on it.
    pub anchor: String,
    /// The page, relative to the handbook.
    pub url: String,
    /// Its full title.
    pub title: String,
    /// What a law is called besides; the first is what it is called in lists.
    pub names: Vec<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// 现行有效, 已废止 …, for laws and policies.
    pub state: Option<&'static str>,
    /// Year of the law, policy or case, where known.
    pub year: Option<String>,
    /// Titles of the 答复情形 it is about.
    pub outcomes: Vec<String>,
    /// What a reader must know before relying on it: 待核, 教学示例（虚构）.
    pub badges: Vec<String>,
    /// The articles that it cites: anchor of the law's page, 条 and 之.
    pub cites: Vec<(String, (u32, Option<u32>))>,
    /// Its records. The first is the page itself; a law's others are its articles, in order.
    pub records: Vec<Record>,
}

/// A place that a hit leads to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// The article, for those of laws: 条 and 之.
    pub article: Option<(u32, Option<u32>)>,
    /// Its heading: our heading of an article, the title of a page.
    pub title: String,
    /// Its text.
    pub lines: Vec<Line>,
}

/// A paragraph, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Added to the anchor of the record; with `#` in front, an anchor of its own.
    pub anchor: String,
    /// Text without markup, on one line.
    pub text: String,
    /// Whether it is the text of the law itself and not our words.
    pub official: bool,
}

impl Record {
    fn provision(&self) -> Option<Provision> {
        self.article.map(|(number, sub)| Provision { sub, ..Provision::article(number) })
    }

    /// Whether it is an article of which the handbook says nothing.
    pub(super) const fn is_untitled(&self) -> bool {
        self.article.is_some() && self.title.is_empty()
    }

    /// 第三十六条, for records of articles.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        self.provision().map(|article| article.to_string())
    }

    /// Where a line with this anchor stands, relative to the handbook.
    #[must_use]
    pub fn url(&self, page: &Page, anchor: &str) -> String {
        let base = self.provision().map_or_else(|| page.anchor.clone(), |a| a.anchor(&page.anchor));
        match anchor.strip_prefix('#') {
            Some(own) => format!("{}#{own}", page.url),
            None => format!("{}#{base}{}", page.url, anchor.replacen('=', "-", 1)),
        }
    }
}

/// Cuts what the handbook says into pages and records. Laws come first, those with the most notes in front.
pub(super) fn content(corpus: &Corpus, links: &Links) -> Vec<Page> {
    let laws = corpus.laws_by_weight();
    let mut all: Vec<Page> = laws.iter().map(|e| law(corpus, e)).collect();
    all.extend(laws.iter().flat_map(|e| old_texts(corpus, e)));
    let citing = |kind, id: &str, page: Page| Page { cites: cites(links, kind, id), ..page };
    let questions = corpus.questions.values();
    all.extend(questions.map(|e| citing(links::Kind::Question, &e.header.id, question(corpus, e))));
    all.extend(corpus.cases.values().map(|e| citing(links::Kind::Case, &e.header.id, case(corpus, e))));
    let letters = corpus.clauses_by_outcome().into_iter();
    all.extend(letters.map(|e| citing(links::Kind::Letter, &e.header.id, letter(corpus, e))));
    let policies = corpus.policies.values();
    all.extend(policies.map(|e| citing(links::Kind::Policy, &e.header.id, policy(corpus, e))));
    all.extend(
        corpus.guides.iter().map(|(path, e)| citing(links::Kind::Guide, &e.header.id, guide(path, e))),
    );
    all
}

/// The whole of an edition: its content, then what nobody writes and what colleagues learn with.
pub(super) fn pages(corpus: &Corpus, links: &Links, edition: &Publication) -> Vec<Page> {
    let mut all = content(corpus, links);
    all.extend(super::made::pages(corpus, edition));
    all.extend(corpus.quizzes_in_order().into_iter().map(quiz));
    all.extend(corpus.drills_by_level().into_iter().map(|e| drill(corpus, e)));
    all
}

/// The articles that a page cites.
fn cites(links: &Links, kind: links::Kind, id: &str) -> Vec<(String, (u32, Option<u32>))> {
    let mut all: Vec<_> =
        links.cites(kind, id).map(|(law, place)| (law.to_owned(), (place.article, place.sub))).collect();
    all.dedup();
    all
}

fn law(corpus: &Corpus, entry: &Entry<Law>) -> Page {
    let law = &entry.header;
    let text = corpus.text(&law.id);
    let mut names = vec![law.short.clone()];
    for alias in &law.aliases {
        let alias = alias.trim_matches(['《', '》']).to_owned();
        if !names.contains(&alias) {
            names.push(alias);
        }
    }
    let year = corpus.editions(&law.id).iter().rfind(|e| e.current).and_then(|e| Edition::made(e).map(year));
    let mut head = Record { title: law.title.clone(), ..Record::default() };
    let body = entry.body();
    if !body.starts_with('#') {
        let end = body.find("\n## ").or_else(|| body.find("\n### ")).unwrap_or(body.len());
        push(&mut head.lines, "", body.get(..end).unwrap_or_default());
    }
    let mut records = vec![];
    if let Some(text) = text {
        around(&mut head, law, text);
    }
    let text = text.filter(|t| t.statute.kind == statute::Kind::Articles);
    let mut places: Vec<Provision> = (1..=law.articles.unwrap_or(0)).map(Provision::article).collect();
    places.extend(law.notes.iter().map(|n| n.provision));
    places.extend(text.iter().flat_map(|t| &t.statute.articles).map(place));
    places.sort_unstable();
    places.dedup();
    records.push(head);
    for place in places {
        let text = text.and_then(|t| t.statute.article(place.article, place.sub));
        records.push(article(entry, place, law.note(place), text));
    }
    Page {
        kind: Kind::Law,
        anchor: law.id.clone(),
        url: format!("laws/{}.html", law.id),
        title: law.title.clone(),
        names,
        keywords: law.keywords.clone(),
        state: Some(law.state.label()),
        year: year.flatten(),
        outcomes: vec![],
        badges: badges(Some(law.confidence), &law.unverified, false),
        cites: vec![],
        records,
    }
}

/// The imported texts that are not in force, each on a page of its own.
fn old_texts(corpus: &Corpus, entry: &Entry<Law>) -> Vec<Page> {
    let law = &entry.header;
    let editions = corpus.editions(&law.id);
    let old = editions.iter().filter(|e| !e.current).filter_map(|e| Some((e, e.text?)));
    let page = |(n, (edition, text)): (usize, (&Edition<'_>, &OfficialText))| {
        let year = Edition::made(edition).or(edition.since()).and_then(year);
        let mut names: Vec<String> =
            year.iter().flat_map(|y| [format!("{y}年{}", law.short), format!("{y}{}", law.short)]).collect();
        names.push(format!("旧{}", law.short));
        let head = Record { title: format!("{}（{}）", law.title, edition.label()), ..Record::default() };
        let articles = text.statute.articles.iter().map(|a| Record {
            article: Some((a.number, a.sub)),
            lines: original(place(a), a, &|_| true),
            ..Record::default()
        });
        Page {
            kind: Kind::Law,
            anchor: old_text_id(&law.id, n),
            url: format!("laws/{}.html", old_text_id(&law.id, n)),
            title: law.title.clone(),
            names,
            keywords: vec![],
            state: Some(OLD),
            year,
            outcomes: vec![],
            badges: vec![format!("旧版本：{}", edition.label())],
            cites: vec![],
            records: std::iter::once(head).chain(articles).collect(),
        }
    };
    (1..).zip(old).map(page).collect()
}

fn place(article: &statute::Article) -> Provision {
    Provision { sub: article.sub, ..Provision::article(article.number) }
}

/// What of a text belongs to no article.
fn around(head: &mut Record, law: &Law, text: &OfficialText) {
    let statute = &text.statute;
    head.lines.extend(statute.preamble.iter().map(|l| official("", l)));
    if statute.kind != statute::Kind::Articles {
        for (index, article) in (1..).zip(&statute.articles) {
            let anchor = format!("#{}-part-{index}", law.id);
            let text = article.text();
            let lines = text.lines().enumerate();
            head.lines.extend(lines.map(|(nth, text)| match nth {
                0 => official(&anchor, &format!("{}{text}", article.label)),
                _ => official(&anchor, text),
            }));
        }
    }
    for (index, annex) in (1..).zip(&statute.annexes) {
        let anchor = format!("#{}-annex-{index}", law.id);
        head.lines.push(official(&anchor, &annex.title));
        head.lines.extend(annex.text.lines().map(|l| official(&anchor, l)));
    }
}

/// The text of an article where there is one, then our notes on it.
fn article(
    entry: &Entry<Law>,
    place: Provision,
    note: Option<&Article>,
    text: Option<&statute::Article>,
) -> Record {
    let mut lines = vec![];
    // An anchor that the page does not have would lead nowhere.
    let known = entry.header.parts(place);
    let exists = |part: Provision| known.contains(&part);
    if let Some(text) = text {
        lines = original(place, text, &exists);
    }
    if let Some(note) = note {
        let words = |range: &Range<usize>| entry.text.get(range.clone()).unwrap_or_default();
        push(&mut lines, "", words(&note.content));
        for part in &note.parts {
            let anchor = if exists(part.provision) { below(place, part.provision) } else { String::new() };
            push(&mut lines, &anchor, words(&part.content));
        }
    }
    Record {
        article: Some((place.article, place.sub)),
        title: note.map(|n| n.heading.clone()).unwrap_or_default(),
        lines,
    }
}

/// The lines of an article's text with the anchors of their 款 and 项.
fn original(place: Provision, text: &statute::Article, exists: &dyn Fn(Provision) -> bool) -> Vec<Line> {
    let anchor =
        |part: Provision| if part != place && exists(part) { below(place, part) } else { String::new() };
    let many = text.paragraphs.len() > 1;
    let mut lines = vec![];
    for (number, paragraph) in (1..).zip(&text.paragraphs) {
        let whole = Provision { paragraph: many.then_some(number), ..place };
        let (mut start, mut last) = (0, anchor(whole));
        for words in paragraph.text.split('\n') {
            if let Some(item) = paragraph.items.iter().find(|i| i.marker.start == start) {
                last = anchor(Provision { item: Some(item.number), ..whole });
            }
            lines.push(official(&last, words));
            start += words.len() + 1;
        }
    }
    lines
}

/// What a part of an article adds to the anchor of the article: `-2` for 第二款, `=3` for 第三项, `-2=3` for both; the
/// page has `-` for each, but a query may say which it means.
fn below(article: Provision, part: Provision) -> String {
    let number = |mark: char, number: Option<u32>| number.map(|n| format!("{mark}{n}")).unwrap_or_default();
    debug_assert_eq!(article, part.whole());
    number('-', part.paragraph) + &number('=', part.item)
}

fn question(corpus: &Corpus, entry: &Entry<Question>) -> Page {
    let question = &entry.header;
    let mut record = sections(entry, &question.title);
    record.lines.extend(question.unverified.iter().map(|l| line("", l)));
    Page {
        keywords: question.keywords.clone(),
        outcomes: outcomes(corpus, &question.outcomes),
        badges: badges(Some(question.confidence), &question.unverified, false),
        ..page(Kind::Question, ("questions", &question.id), &question.id, record)
    }
}

fn case(corpus: &Corpus, entry: &Entry<Case>) -> Page {
    let case = &entry.header;
    let mut record = sections(entry, &case.title);
    record.lines.insert(0, line("", &case.result));
    record.lines.extend(
        [Some(&case.origin), case.body.as_ref(), case.number.as_ref()]
            .into_iter()
            .flatten()
            .map(|l| line("", l)),
    );
    let mut keywords = case.keywords.clone();
    keywords.extend(called(&case.title));
    keywords.extend(case.number.clone());
    Page {
        keywords,
        year: case.date.as_deref().and_then(year),
        outcomes: outcomes(corpus, &case.outcomes),
        badges: badges(Some(case.confidence), &case.unverified, case.fictional),
        ..page(Kind::Case, ("cases", &case.id), &format!("case-{}", case.id), record)
    }
}

/// What a case is called in short: 王宗利案 for 王宗利诉天津市和平区房地产管理局案.
fn called(title: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    if let Some((who, _)) = title.split_once('诉').filter(|(who, _)| (2..=24).contains(&who.chars().count()))
    {
        all.push(format!("{who}案"));
        all.extend(who.split_once('、').map(|(first, _)| format!("{first}案")));
    }
    all
}

fn policy(corpus: &Corpus, entry: &Entry<Policy>) -> Page {
    let policy = &entry.header;
    let mut record = Record { title: policy.title.clone(), ..Record::default() };
    record.lines.push(line("", &policy.issuer));
    push(&mut record.lines, "", entry.body());
    Page {
        keywords: policy.keywords.iter().cloned().chain([policy.number.replace("（待核）", "")]).collect(),
        state: Some(policy.state.label()),
        year: policy.date.as_deref().and_then(year),
        outcomes: outcomes(corpus, &policy.outcomes),
        badges: badges(Some(policy.confidence), &policy.unverified, false),
        ..page(Kind::Policy, ("policies", &policy.id), &format!("policy-{}", policy.id), record)
    }
}

fn letter(corpus: &Corpus, entry: &Entry<Clause>) -> Page {
    let clause = &entry.header;
    let mut record = Record { title: clause.title.clone(), ..Record::default() };
    for (anchor, points) in
        [("-use", &clause.use_when), ("-avoid", &clause.avoid_when), ("-proof", &clause.proof)]
    {
        record.lines.extend(points.iter().map(|p| line(anchor, p)));
    }
    let labels: Vec<&str> = clause.parameters.iter().map(|p| p.label.as_str()).collect();
    record.lines.push(line("-fields", &labels.join("、")));
    let template = without_tags(entry.body());
    record.lines.extend(template.lines().filter(|l| !l.trim().is_empty()).map(|l| line("-sample", l)));
    Page {
        outcomes: outcomes(corpus, std::slice::from_ref(&clause.outcome)),
        keywords: vec![clause.heading.clone()],
        badges: badges(Some(clause.confidence), &clause.unverified, false),
        ..page(Kind::Letter, ("letters", &clause.id), &format!("letter-{}", clause.id), record)
    }
}

/// The words of a template that stand in every letter made from it: without placeholders, directives and marks of tables.
fn without_tags(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    for (nth, piece) in template.split("{{").enumerate() {
        let text = if nth == 0 { piece } else { piece.rsplit_once("}}").map_or("", |(_, text)| text) };
        out.push_str(text);
    }
    let words = |line: &str| {
        let line = line.trim_start_matches('#').trim();
        let line =
            if line.starts_with('@') { line.split_once(' ').map_or("", |(_, rest)| rest) } else { line };
        line.replace(['|', '*'], " ")
    };
    out.lines().map(words).collect::<Vec<_>>().join("\n")
}

fn guide(path: &str, entry: &Entry<Guide>) -> Page {
    let guide = &entry.header;
    let mut record = Record { title: guide.title.clone(), ..Record::default() };
    let body = entry.body();
    let (mut anchor, mut count, mut at, mut from) = (String::new(), 0, 0, 0);
    // As `handbook` sets them: an id in the heading, else the page's with a number.
    for source in body.split_inclusive('\n') {
        let hashes = source.bytes().take_while(|b| *b == b'#').count();
        if (1..=6).contains(&hashes) && source.as_bytes().get(hashes) == Some(&b' ') {
            push(&mut record.lines, &anchor, body.get(from..at).unwrap_or_default());
            let own = source.split_once("{#").and_then(|(_, rest)| rest.split_once('}'));
            anchor = own.map_or_else(
                || {
                    count += 1;
                    format!("-{count}")
                },
                |(id, _)| format!("#{id}"),
            );
            from = at;
        }
        at += source.len();
    }
    push(&mut record.lines, &anchor, body.get(from..).unwrap_or_default());
    let url = path.strip_suffix(".md").unwrap_or(path);
    let mut page = page(Kind::Guide, ("", ""), &guide.id, record);
    page.keywords.clone_from(&guide.keywords);
    page.url = format!("{url}.html");
    page.badges = badges(guide.confidence, &guide.unverified, false);
    page
}

/// What is asked; the answers are found by who reads the page.
fn quiz(entry: &Entry<Quiz>) -> Page {
    let quiz = &entry.header;
    let mut record = Record { title: quiz.title.clone(), ..Record::default() };
    let start = quiz.items.first().map_or(entry.body.end, |item| item.heading.start);
    push(&mut record.lines, "", entry.text.get(entry.body.start..start).unwrap_or_default());
    for (number, item) in (1..).zip(&quiz.items) {
        record.lines.push(line(&format!("-{number}"), &item.ask));
    }
    Page {
        keywords: vec![quiz.part.clone()],
        badges: badges(Some(quiz.confidence), &quiz.unverified, false),
        ..page(Kind::Practice, ("quiz", &quiz.id), &format!("quiz-{}", quiz.id), record)
    }
}

/// What the learner gets; what the trainer keeps is folded on the page.
fn drill(corpus: &Corpus, entry: &Entry<Drill>) -> Page {
    let drill = &entry.header;
    let mut record = Record { title: drill.title.clone(), ..Record::default() };
    for section in entry.sections().into_iter().filter(|section| !Drill::is_key(&section.title)) {
        let text = entry.text.get(section.content.clone()).unwrap_or_default();
        push(&mut record.lines, &format!("-{}", section_anchor(&section.title)), text);
    }
    Page {
        keywords: drill.keywords.clone(),
        outcomes: outcomes(corpus, &drill.outcomes),
        badges: badges(Some(drill.confidence), &drill.unverified, true),
        ..page(Kind::Practice, ("drills", &drill.id), &format!("drill-{}", drill.id), record)
    }
}

pub(super) fn page(kind: Kind, (folder, id): (&str, &str), anchor: &str, record: Record) -> Page {
    Page {
        kind,
        anchor: anchor.to_owned(),
        url: format!("{folder}/{id}.html"),
        title: record.title.clone(),
        names: vec![],
        keywords: vec![],
        state: None,
        year: None,
        outcomes: vec![],
        badges: vec![],
        cites: vec![],
        records: vec![record],
    }
}

fn sections<T>(entry: &Entry<T>, title: &str) -> Record {
    let mut record = Record { title: title.to_owned(), ..Record::default() };
    for section in entry.sections() {
        let text = entry.text.get(section.content.clone()).unwrap_or_default();
        push(&mut record.lines, &format!("-{}", section_anchor(&section.title)), text);
    }
    record
}

fn outcomes(corpus: &Corpus, ids: &[String]) -> Vec<String> {
    ids.iter().filter_map(|id| Some(corpus.outcome(id)?.title.clone())).collect()
}

fn badges(confidence: Option<Confidence>, unverified: &[String], fictional: bool) -> Vec<String> {
    let doubtful = confidence.filter(|c| matches!(c, Confidence::S1 | Confidence::G));
    let mut all: Vec<String> = doubtful.map(|c| c.label().to_owned()).into_iter().collect();
    if fictional {
        all.push("教学示例（虚构）".to_owned());
    }
    if !unverified.is_empty() {
        all.push(format!("待核 {} 处", unverified.len()));
    }
    all
}

fn year(date: &str) -> Option<String> {
    date.split('-').next().filter(|y| y.len() == 4).map(str::to_owned)
}

pub(super) fn line(anchor: &str, text: &str) -> Line {
    let text: Vec<&str> = text.split_whitespace().collect();
    Line { anchor: anchor.to_owned(), text: text.join(" "), official: false }
}

/// A line of the text of a law.
fn official(anchor: &str, text: &str) -> Line {
    Line { official: true, ..line(anchor, text) }
}

/// Markdown as lines of plain text.
fn push(lines: &mut Vec<Line>, anchor: &str, markdown: &str) {
    let text = plain(markdown);
    lines.extend(text.lines().map(|l| line(anchor, l)).filter(|l| !l.text.is_empty()));
}

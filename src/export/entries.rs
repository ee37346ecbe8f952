//! Cases, questions, policies, guide pages, quizzes, drills and terms as they are exported.

use super::{Section, Text, Upkeep, cut, upkeep};
use crate::corpus::{self, Confidence, DateKind, Entry, Level, Prevailed, State};
use crate::links::plain;
use schemars::JsonSchema;
use serde::Serialize;

/// A case.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Name of the case.
    #[schemars(title = "案名")]
    pub title: String,
    /// True for a made-up teaching case.
    #[schemars(title = "教学示例", description = "true 是虚构的教学案例，不是真实裁判")]
    pub fictional: bool,
    /// Id of its type.
    #[schemars(title = "案例类型", description = "case_types 里的编号")]
    pub r#type: String,
    /// Ids of outcomes.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcomes: Vec<String>,
    /// The result in a few words.
    #[schemars(title = "处理结果")]
    pub result: String,
    /// Whose view was upheld.
    #[schemars(title = "支持谁")]
    pub prevailed: Option<Prevailed>,
    /// Court or review body.
    #[schemars(title = "审理机关", description = "没有核实的是 null")]
    pub body: Option<String>,
    /// ISO date.
    #[schemars(title = "日期", extend("format" = "date"))]
    pub date: Option<String>,
    /// What `date` is the date of.
    #[schemars(title = "日期种类")]
    pub date_kind: Option<DateKind>,
    /// Case number.
    #[schemars(title = "案号")]
    pub number: Option<String>,
    /// Where it was published.
    #[schemars(title = "出处")]
    pub origin: String,
    /// The law the decision applied.
    #[schemars(title = "裁判时的法条", description = "旧法的条文，照写")]
    pub law_then: Vec<String>,
    /// Today's provisions.
    #[schemars(title = "今天的法条")]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What it says.
    #[schemars(title = "各段")]
    pub sections: Vec<Section>,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// The question as staff ask it.
    #[schemars(title = "问题")]
    pub title: String,
    /// Under which heading it stands.
    #[schemars(title = "所属主题")]
    pub topic: String,
    /// Ids of outcomes.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcomes: Vec<String>,
    /// Provisions it rests on.
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What it says.
    #[schemars(title = "各段", description = "简答、理由，可以有怎么办")]
    pub sections: Vec<Section>,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// Our notes on a policy document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Title of the document.
    #[schemars(title = "文件名称")]
    pub title: String,
    /// Document number.
    #[schemars(title = "文号")]
    pub number: String,
    /// Who issued it.
    #[schemars(title = "制发机关")]
    pub issuer: String,
    /// ISO date of issue.
    #[schemars(title = "成文日期", extend("format" = "date"))]
    pub date: Option<String>,
    /// In force or not.
    #[schemars(title = "效力")]
    pub state: State,
    /// What it replaced.
    #[schemars(title = "取代的文件")]
    pub replaces: Vec<String>,
    /// Ids of outcomes.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcomes: Vec<String>,
    /// Provisions it rests on.
    #[schemars(title = "相关条文")]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What we say of it.
    #[schemars(title = "要点", description = "本手册用自己的话写的，不是文件原文")]
    pub note: Text,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// A hand-written page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Title of the page.
    #[schemars(title = "标题")]
    pub title: String,
    /// Ids of outcomes.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcomes: Vec<String>,
    /// Provisions it rests on.
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What it says.
    #[schemars(title = "正文")]
    pub body: Text,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// A quiz.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Title.
    #[schemars(title = "标题")]
    pub title: String,
    /// Its place among the quizzes.
    #[schemars(title = "次序")]
    pub order: u32,
    /// Which part of the handbook it follows.
    #[schemars(title = "对应部分")]
    pub part: String,
    /// Its questions.
    #[schemars(title = "题")]
    pub items: Vec<QuizItem>,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// One question of a quiz.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuizItem {
    /// Where it stands.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// What is asked.
    #[schemars(title = "题目")]
    pub ask: String,
    /// What can be chosen.
    #[schemars(title = "选项")]
    pub options: Vec<QuizOption>,
    /// Why.
    #[schemars(title = "解析")]
    pub why: Text,
}

/// What can be chosen.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuizOption {
    /// The words.
    #[schemars(title = "文字")]
    pub text: String,
    /// Whether it is right.
    #[schemars(title = "对不对")]
    pub right: bool,
}

/// A drill.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Title.
    #[schemars(title = "标题")]
    pub title: String,
    /// How hard it is.
    #[schemars(title = "难度")]
    pub level: Level,
    /// How long a group needs, minutes.
    #[schemars(title = "用时", description = "分钟")]
    pub minutes: u32,
    /// Ids of outcomes.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcomes: Vec<String>,
    /// Ids of the letters to be written.
    #[schemars(title = "应出的文书", description = "letters 里的编号")]
    pub letters: Vec<String>,
    /// Provisions it trains.
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// What the learner gets.
    #[schemars(title = "给学员的各段")]
    pub sections: Vec<Section>,
    /// What the trainer keeps.
    #[schemars(title = "给带练的人的各段", description = "参考走法、评分表等，先做后看")]
    pub key: Vec<Section>,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// A word of the field.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// The word.
    #[schemars(title = "术语")]
    pub word: String,
    /// Other words for the same.
    #[schemars(title = "别的叫法")]
    pub also: Vec<String>,
    /// Under which heading it is listed.
    #[schemars(title = "分组")]
    pub group: String,
    /// What it means.
    #[schemars(title = "意思")]
    pub meaning: String,
    /// Where that stands.
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// How sure it is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
}

fn sections<T>(entry: &Entry<T>, url: &str, anchor: &str) -> Vec<Section> {
    entry.sections().iter().map(|section| Section::new((url, anchor), section, &entry.text)).collect()
}

pub(super) fn case(entry: &Entry<corpus::Case>) -> Case {
    let case = &entry.header;
    let url = format!("cases/{}.html", case.id);
    Case {
        id: case.id.clone(),
        sections: sections(entry, &url, &format!("case-{}", case.id)),
        url,
        source: entry.path.clone(),
        title: case.title.clone(),
        fictional: case.fictional,
        r#type: case.r#type.clone(),
        outcomes: case.outcomes.clone(),
        result: case.result.clone(),
        prevailed: case.prevailed,
        body: case.body.clone(),
        date: case.date.clone(),
        date_kind: case.date_kind,
        number: case.number.clone(),
        origin: case.origin.clone(),
        law_then: case.law_then.clone(),
        cites: case.cites.clone(),
        keywords: case.keywords.clone(),
        upkeep: upkeep!(case),
    }
}

pub(super) fn question(entry: &Entry<corpus::Question>) -> Question {
    let question = &entry.header;
    let url = format!("questions/{}.html", question.id);
    Question {
        id: question.id.clone(),
        sections: sections(entry, &url, &question.id),
        url,
        source: entry.path.clone(),
        title: question.title.clone(),
        topic: question.topic.clone(),
        outcomes: question.outcomes.clone(),
        cites: question.cites.clone(),
        keywords: question.keywords.clone(),
        upkeep: upkeep!(question),
    }
}

pub(super) fn policy(entry: &Entry<corpus::Policy>) -> Policy {
    let policy = &entry.header;
    Policy {
        id: policy.id.clone(),
        url: format!("policies/{}.html", policy.id),
        source: entry.path.clone(),
        title: policy.title.clone(),
        number: policy.number.clone(),
        issuer: policy.issuer.clone(),
        date: policy.date.clone(),
        state: policy.state,
        replaces: policy.replaces.clone(),
        outcomes: policy.outcomes.clone(),
        cites: policy.cites.clone(),
        keywords: policy.keywords.clone(),
        note: Text::new(entry.body()),
        upkeep: upkeep!(policy),
    }
}

/// The page of the guide at `path` below `book/`.
pub(super) fn guide_url(path: &str) -> String {
    format!("{}.html", path.strip_suffix(".md").unwrap_or(path))
}

pub(super) fn guide(path: &str, entry: &Entry<corpus::Guide>) -> Guide {
    let guide = &entry.header;
    Guide {
        id: guide.id.clone(),
        url: guide_url(path),
        source: entry.path.clone(),
        title: guide.title.clone(),
        outcomes: guide.outcomes.clone(),
        cites: guide.cites.clone(),
        keywords: guide.keywords.clone(),
        body: Text::new(entry.body()),
        upkeep: upkeep!(guide),
    }
}

pub(super) fn quiz(entry: &Entry<corpus::Quiz>) -> Quiz {
    let quiz = &entry.header;
    let url = format!("quiz/{}.html", quiz.id);
    let item = |(number, item): (usize, &corpus::QuizItem)| QuizItem {
        url: format!("{url}#quiz-{}-{number}", quiz.id),
        ask: item.ask.clone(),
        options: item
            .options
            .iter()
            .map(|(words, right)| QuizOption { text: plain(cut(&entry.text, words)), right: *right })
            .collect(),
        why: Text::new(cut(&entry.text, &item.why)),
    };
    Quiz {
        id: quiz.id.clone(),
        items: (1..).zip(&quiz.items).map(item).collect(),
        url,
        source: entry.path.clone(),
        title: quiz.title.clone(),
        order: quiz.order,
        part: quiz.part.clone(),
        upkeep: upkeep!(quiz),
    }
}

pub(super) fn drill(entry: &Entry<corpus::Drill>) -> Drill {
    let drill = &entry.header;
    let url = format!("drills/{}.html", drill.id);
    let all = sections(entry, &url, &format!("drill-{}", drill.id));
    let (key, sections) = all.into_iter().partition(|section| corpus::Drill::is_key(&section.heading));
    Drill {
        id: drill.id.clone(),
        url,
        source: entry.path.clone(),
        title: drill.title.clone(),
        level: drill.level,
        minutes: drill.minutes,
        outcomes: drill.outcomes.clone(),
        letters: drill.letters.clone(),
        cites: drill.cites.clone(),
        keywords: drill.keywords.clone(),
        sections,
        key,
        upkeep: upkeep!(drill),
    }
}

pub(super) fn term(term: &corpus::GlossaryTerm) -> Term {
    Term {
        id: term.id.clone(),
        word: term.word.clone(),
        also: term.also.clone(),
        group: term.group.clone(),
        meaning: term.meaning.clone(),
        cites: term.cites.clone(),
        confidence: term.confidence,
    }
}

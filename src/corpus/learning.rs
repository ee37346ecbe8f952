//! What colleagues learn with: quizzes whose answers are hidden, and drills for an evening class.

use super::entry::{Body, Header, check_personal_data, check_sections, sections};
use super::kinds::{Change, Confidence, Review};
use super::schema::ID;
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Header of `book/quiz/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "自测")]
pub struct Quiz {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Title.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// Its place among the quizzes.
    #[schemars(title = "次序", description = "第几组：1、2、3……", range(min = 1))]
    pub order: u32,
    /// Which part of the handbook it follows.
    #[schemars(title = "对应部分", description = "这组题对应手册的哪一部分，例如 办理流程", length(min = 1))]
    pub part: String,
    /// How sure the content is.
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
    /// Its questions, from the body.
    #[serde(skip)]
    pub items: Vec<QuizItem>,
}

/// One question of a quiz; ranges are bytes in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizItem {
    /// What is asked.
    pub ask: String,
    /// The heading line.
    pub heading: Range<usize>,
    /// What can be chosen: the words, and whether they are right.
    pub options: Vec<(Range<usize>, bool)>,
    /// The explanation, its lead `解析：` included.
    pub why: Range<usize>,
}

impl QuizItem {
    /// Whether more than one option is right.
    #[must_use]
    pub fn several(&self) -> bool {
        self.options.iter().filter(|(_, right)| *right).count() > 1
    }
}

const OPTION_WRONG: &str = "- [ ] ";
const OPTION_RIGHT: &str = "- [x] ";
const WHY: &str = "解析：";
const QUIZ_HINT: &str =
    "一题是一个 ## 标题，下面每个选项一行：对的写 - [x] ，错的写 - [ ] ；空一行，再写 解析：";

impl Header for Quiz {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_personal_data(body, report);
        self.items = sections(body.text, body.range.clone())
            .into_iter()
            .filter_map(|section| {
                let place = Place::new(body.path, section.heading.clone());
                item(body.text, section)
                    .map_err(|message| {
                        report.push(Diagnostic::error("quiz-item", place, message).hint(QUIZ_HINT));
                    })
                    .ok()
            })
            .collect();
        if self.items.is_empty() {
            let place = Place::new(body.path, body.range.start..body.range.start);
            report.push(Diagnostic::error("quiz-item", place, "这组自测还没有题").hint(QUIZ_HINT));
        }
    }
}

/// A section of a quiz as a question, or what is wrong with it.
fn item(text: &str, section: super::Section) -> Result<QuizItem, &'static str> {
    let mut options = vec![];
    let mut at = section.content.start;
    for line in text.get(section.content.clone()).unwrap_or_default().split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if line.starts_with(OPTION_RIGHT) || line.starts_with(OPTION_WRONG) {
            let words = at + OPTION_RIGHT.len()..end;
            if words.is_empty() {
                return Err("有一个选项是空的");
            }
            options.push((words, line.starts_with(OPTION_RIGHT)));
        } else if !line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    let why = at..section.content.end;
    if options.len() < 2 {
        return Err("这一题少于两个选项");
    }
    if !options.iter().any(|(_, right)| *right) {
        return Err("这一题没有标出对的选项");
    }
    if text.get(why.clone()).is_none_or(|t| t.strip_prefix(WHY).is_none_or(|t| t.trim().is_empty())) {
        return Err("选项下面没有解析");
    }
    Ok(QuizItem { ask: section.title, heading: section.heading, options, why })
}

/// How hard a drill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Level {
    /// For the first week.
    #[serde(rename = "入门")]
    First,
    /// For those who answered some requests.
    #[serde(rename = "进阶")]
    Further,
    /// Several difficulties at once.
    #[serde(rename = "综合")]
    Whole,
}

impl Level {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::First => "入门",
            Self::Further => "进阶",
            Self::Whole => "综合",
        }
    }
}

/// Header of `book/drills/<id>.md`; a drill is always made up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "演练")]
pub struct Drill {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Title.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// How hard it is.
    #[schemars(title = "难度")]
    pub level: Level,
    /// How long a group needs, minutes.
    #[schemars(title = "用时", description = "一组人大约要多少分钟", range(min = 1))]
    pub minutes: u32,
    /// 答复情形 that it ends in, ids of `book/rules/outcomes.toml`.
    #[schemars(
        title = "答复情形",
        description = "book/rules/outcomes.toml 里的编号，至少一个",
        length(min = 1)
    )]
    pub outcomes: Vec<String>,
    /// The letters to be written, ids of `templates/clauses/`.
    #[schemars(
        title = "应出的文书",
        description = "文书的编号，见 gongkai letter list，至少一个",
        length(min = 1)
    )]
    pub letters: Vec<String>,
    /// Provisions it trains.
    #[schemars(
        title = "依据条文",
        description = "每条写明法规名称，例如 《政府信息公开条例》第十五条",
        length(min = 1)
    )]
    pub cites: Vec<String>,
    /// Words to find it by.
    #[serde(default)]
    #[schemars(title = "关键词")]
    pub keywords: Vec<String>,
    /// How sure the content is.
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
}

/// What the learner gets, and what the trainer keeps.
const DRILL_SECTIONS: [&str; 7] = ["来信", "已知情况", "任务", "参考走法", "应出文书", "评分表", "讲评"];
/// How many of them the learner gets.
const FOR_LEARNERS: usize = 3;

impl Drill {
    /// Whether a section is for the trainer only.
    #[must_use]
    pub fn is_key(title: &str) -> bool {
        DRILL_SECTIONS.iter().skip(FOR_LEARNERS).any(|t| *t == title)
    }
}

impl Header for Drill {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_sections(body, &DRILL_SECTIONS, &[], report);
        check_personal_data(body, report);
    }
}

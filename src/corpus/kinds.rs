//! Headers of cases, questions and policies.

use super::entry::{Body, Header, check_sections};
use super::schema::ID;
use crate::text::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sure a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Confidence {
    /// Checked against the text of the law.
    V,
    /// Two independent second-hand sources agree.
    S2,
    /// One second-hand source.
    S1,
    /// General practice; no text found to check against.
    G,
}

impl Confidence {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::V => "已核对法条",
            Self::S2 => "两处来源一致",
            Self::S1 => "单一来源，待核",
            Self::G => "通行实务，待核",
        }
    }
}

/// The state of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum State {
    /// In force.
    #[serde(rename = "现行有效")]
    Valid,
    /// In force, amended since these notes.
    #[serde(rename = "已修改")]
    Amended,
    /// Repealed.
    #[serde(rename = "已废止")]
    Repealed,
    /// Not yet in force.
    #[serde(rename = "尚未施行")]
    Future,
    /// Not known for sure.
    #[serde(rename = "待核")]
    Unverified,
}

impl State {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Valid => "现行有效",
            Self::Amended => "已修改",
            Self::Repealed => "已废止",
            Self::Future => "尚未施行",
            Self::Unverified => "待核",
        }
    }
}

/// What a case's date is the date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DateKind {
    /// Of publication.
    #[serde(rename = "公布")]
    Published,
    /// Of the judgment.
    #[serde(rename = "裁判")]
    Judged,
    /// Of the decision (review, agency).
    #[serde(rename = "作出")]
    Decided,
}

impl DateKind {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Published => "公布",
            Self::Judged => "裁判",
            Self::Decided => "作出",
        }
    }
}

/// Whose view a decision upheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Prevailed {
    /// The agency's.
    #[serde(rename = "机关")]
    Agency,
    /// The applicant's.
    #[serde(rename = "申请人")]
    Applicant,
    /// Each in part.
    #[serde(rename = "各有")]
    Both,
    /// Not known for sure.
    #[serde(rename = "待核")]
    Unverified,
}

impl Prevailed {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Agency => "支持机关",
            Self::Applicant => "支持申请人",
            Self::Both => "双方各有支持",
            Self::Unverified => "结果待核",
        }
    }
}

/// Who wrote a page and who approved it; nothing is filled in by the program.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "编写和审核")]
pub struct Review {
    /// Who wrote it.
    #[schemars(title = "编写", length(min = 1))]
    pub written_by: Option<String>,
    /// Who approved it.
    #[schemars(title = "审核", length(min = 1))]
    pub reviewed_by: Option<String>,
    /// ISO date of the approval.
    #[schemars(title = "审核日期", extend("format" = "date"))]
    pub reviewed_on: Option<String>,
    /// Which versions of the laws it was checked against.
    #[schemars(
        title = "依据版本",
        description = "核对时所依据的法规版本，例如：2019年修订的条例",
        length(min = 1)
    )]
    pub basis: Option<String>,
}

/// One change of a page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "更新说明")]
pub struct Change {
    /// ISO date.
    #[schemars(title = "日期", extend("format" = "date"), length(min = 1))]
    pub date: String,
    /// What changed.
    #[schemars(title = "改了什么", length(min = 1))]
    pub what: String,
    /// Why.
    #[schemars(title = "为什么", length(min = 1))]
    pub why: String,
}

/// Header of `cases/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "案例")]
pub struct Case {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Name of the case.
    #[schemars(title = "案名", length(min = 1))]
    pub title: String,
    /// Case type, an id of `book/rules/case-types.toml`.
    #[schemars(title = "案例类型", description = "book/rules/case-types.toml 里的编号", length(min = 1))]
    pub r#type: String,
    /// 答复情形, ids of `book/rules/outcomes.toml`.
    #[schemars(
        title = "答复情形",
        description = "book/rules/outcomes.toml 里的编号，至少一个",
        length(min = 1)
    )]
    pub outcomes: Vec<String>,
    /// The result in a few words.
    #[schemars(title = "处理结果", description = "几个字，例如：撤销，限期重作", length(min = 1))]
    pub result: String,
    /// Whose view was upheld, absent where it was not about that.
    #[schemars(
        title = "支持谁",
        description = "裁判或复议决定支持了哪一方：机关、申请人、各有；不清楚写待核"
    )]
    pub prevailed: Option<Prevailed>,
    /// Court or review body, absent where not verified.
    #[schemars(title = "审理机关", description = "法院或复议机关；没有核实就不写")]
    pub body: Option<String>,
    /// ISO date.
    #[schemars(title = "日期", description = "写成 2026-11-23", extend("format" = "date"))]
    pub date: Option<String>,
    /// What `date` is the date of.
    #[schemars(title = "日期种类")]
    pub date_kind: Option<DateKind>,
    /// Case number.
    #[schemars(title = "案号")]
    pub number: Option<String>,
    /// Where it was published.
    #[schemars(title = "出处", length(min = 1))]
    pub origin: String,
    /// The law the decision applied, where that is no longer today's.
    #[serde(default)]
    #[schemars(title = "裁判时的法条", description = "旧法的条文，照写，不作链接")]
    pub law_then: Vec<String>,
    /// Today's provisions.
    #[schemars(
        title = "今天的法条",
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
    /// True for a made-up teaching case.
    #[serde(default)]
    #[schemars(title = "教学示例", description = "虚构的教学案例写 true")]
    pub fictional: bool,
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

/// The sections of a case, in order.
pub(crate) const CASE_SECTIONS: [&str; 5] = ["基本案情", "争议焦点", "处理结果", "要旨", "启示"];

impl Header for Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_sections(body, &CASE_SECTIONS, &[], report);
        super::entry::check_personal_data(body, report);
    }
}

/// Header of `book/questions/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "问答")]
pub struct Question {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// The question as staff ask it.
    #[schemars(title = "问题", length(min = 1))]
    pub title: String,
    /// Under which heading it stands.
    #[schemars(title = "所属主题", description = "例如 期限、征求意见、救济", length(min = 1))]
    pub topic: String,
    /// 答复情形, ids of `book/rules/outcomes.toml`.
    #[serde(default)]
    #[schemars(title = "答复情形", description = "book/rules/outcomes.toml 里的编号")]
    pub outcomes: Vec<String>,
    /// Provisions it rests on.
    #[serde(default)]
    #[schemars(title = "依据条文", description = "每条写明法规名称，例如 《政府信息公开条例》第十五条")]
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

impl Header for Question {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_sections(body, &["简答", "理由"], &["怎么办"], report);
    }
}

/// Header of `book/policies/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "政策文件")]
pub struct Policy {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Title.
    #[schemars(title = "文件名称", length(min = 1))]
    pub title: String,
    /// Document number.
    #[schemars(title = "文号", length(min = 1))]
    pub number: String,
    /// Who issued it.
    #[schemars(title = "制发机关", length(min = 1))]
    pub issuer: String,
    /// ISO date of issue.
    #[schemars(title = "成文日期", extend("format" = "date"))]
    pub date: Option<String>,
    /// In force or not.
    #[schemars(title = "效力")]
    pub state: State,
    /// What it replaced.
    #[serde(default)]
    #[schemars(title = "取代的文件")]
    pub replaces: Vec<String>,
    /// 答复情形, ids of `book/rules/outcomes.toml`.
    #[serde(default)]
    #[schemars(title = "答复情形", description = "book/rules/outcomes.toml 里的编号")]
    pub outcomes: Vec<String>,
    /// Provisions it rests on.
    #[serde(default)]
    #[schemars(title = "相关条文", description = "每条写明法规名称，例如 《政府信息公开条例》第十五条")]
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

impl Header for Policy {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        let found = super::entry::sections(body.text, body.range.clone());
        if found.is_empty() {
            check_sections(body, &["要求了什么"], &[], report);
        }
    }
}

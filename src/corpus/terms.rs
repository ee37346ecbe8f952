//! `book/rules/terms.toml`: how long each term is and on what law, and what each event does to the reply's term.

use super::kinds::Confidence;
use super::schema::ID;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "期限表")]
pub struct TermTable {
    /// Terms, in file order.
    #[serde(default)]
    pub term: Vec<TermRule>,
    /// Events, in file order.
    #[serde(default)]
    pub event: Vec<EventRule>,
}

/// What days a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Working days.
    Workday,
    /// All days.
    Day,
    /// Months.
    Month,
}

impl Unit {
    /// 个工作日, 日, 个月.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Workday => "个工作日",
            Self::Day => "日",
            Self::Month => "个月",
        }
    }
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermRule {
    /// Stable id; the program knows these.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What is to be done.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// By whom.
    #[schemars(title = "谁", length(min = 1))]
    pub who: String,
    /// How many.
    #[schemars(title = "数目", range(min = 1, max = 1000))]
    pub count: u32,
    /// Of what.
    #[schemars(title = "单位")]
    pub unit: Unit,
    /// From which day, in words.
    #[schemars(title = "从哪天起", length(min = 1))]
    pub from: String,
    /// Legal ground.
    #[schemars(title = "依据")]
    pub citations: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

impl TermRule {
    /// 20个工作日
    #[must_use]
    pub fn length(&self) -> String {
        format!("{}{}", self.count, self.unit.label())
    }
}

/// What an event does to the term of the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It begins.
    Start,
    /// It begins anew.
    Restart,
    /// It stands still.
    Pause,
    /// It goes on.
    Resume,
    /// It becomes longer.
    Extend,
    /// It is over.
    End,
    /// Nothing.
    None,
}

impl Effect {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Start => "起算",
            Self::Restart => "重新计算",
            Self::Pause => "停，不计入",
            Self::Resume => "接着数",
            Self::Extend => "加长",
            Self::End => "办结",
            Self::None => "不影响",
        }
    }
}

/// One kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// The kind, as in request files.
    #[schemars(title = "事情", length(min = 1))]
    pub kind: String,
    /// What it does.
    #[schemars(title = "作用")]
    pub effect: Effect,
    /// Legal ground.
    #[schemars(title = "依据")]
    pub citations: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

impl TermTable {
    /// A term by its id.
    #[must_use]
    pub fn term(&self, id: &str) -> Option<&TermRule> {
        self.term.iter().find(|t| t.id == id)
    }

    /// A kind of event by its name.
    #[must_use]
    pub fn event(&self, kind: &str) -> Option<&EventRule> {
        self.event.iter().find(|e| e.kind == kind)
    }
}

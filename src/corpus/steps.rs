//! `book/rules/steps.toml`: the way from a request to the outcome, one question at a time.

use super::schema::ID;
use super::tree::Node;
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "一步一步定答复")]
pub struct StepTable {
    /// The steps, in order.
    #[serde(default)]
    pub step: Vec<Step>,
    /// The questions, in order.
    #[serde(default)]
    pub question: Vec<StepQuestion>,
}

/// Ids that answers and questions may name.
pub(super) struct Known<'a> {
    /// Of outcomes.
    pub(super) outcomes: BTreeSet<&'a str>,
    /// Of cases.
    pub(super) cases: BTreeSet<&'a str>,
}

/// One of the steps: 补不补, 是不是 …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// What it is about.
    #[schemars(title = "说明", length(min = 1))]
    pub about: String,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepQuestion {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Id of the step.
    #[schemars(title = "属于哪一步", length(min = 1))]
    pub step: String,
    /// The question.
    #[schemars(title = "问题", length(min = 1))]
    pub ask: String,
    /// What to look at.
    #[schemars(title = "怎样判断", length(min = 1))]
    pub help: String,
    /// The law.
    #[serde(default)]
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// Ids of cases.
    #[serde(default)]
    #[schemars(title = "案例编号")]
    pub cases: Vec<String>,
    /// Asked only if one of these was chosen before: 题目=选项. Asked always where there is none.
    #[serde(default)]
    #[schemars(title = "什么时候问", description = "写成 题目编号=选项编号，选过其中一个就问")]
    pub show_if: Vec<String>,
    /// The answers.
    #[schemars(title = "选项", length(min = 1))]
    pub answer: Vec<StepAnswer>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepAnswer {
    /// Id, unique in its question.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff choose.
    #[schemars(title = "选项", length(min = 1))]
    pub label: String,
    /// Said once it is chosen.
    #[schemars(title = "选了以后的提示")]
    pub note: Option<String>,
    /// The question that follows; else the next that is asked.
    #[schemars(title = "接着问哪一题")]
    pub next: Option<String>,
    /// The outcome that ends it.
    #[schemars(title = "得出的答复情形")]
    pub outcome: Option<String>,
    /// The outcome is a document on the way; afterwards the officer comes back.
    #[serde(default)]
    #[schemars(title = "是中间文书")]
    pub interim: bool,
    /// What to do after the document on the way.
    #[schemars(title = "发出以后怎么办")]
    pub then: Option<String>,
    /// The risk, for the leader who approves.
    #[schemars(title = "风险")]
    pub risk: Option<String>,
}

impl StepTable {
    /// The index of a question.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.question.iter().position(|q| q.id == id)
    }

    /// Names of what is not there, jumps backwards, answers that lead nowhere.
    pub(super) fn check(&self, (path, node): (&str, &Node), known: &Known<'_>, report: &mut Report) {
        let Known { outcomes, cases } = known;
        let rows = node.get("question").map(Node::items).unwrap_or_default();
        let mut push = |range: std::ops::Range<usize>, message: String, hint: &str| {
            report.push(Diagnostic::error("wrong-step", Place::new(path, range), message).hint(hint));
        };
        let mut before: BTreeSet<String> = BTreeSet::new();
        for (i, (question, row)) in self.question.iter().zip(rows).enumerate() {
            if self.step.iter().all(|s| s.id != question.step) {
                push(
                    row.place_of("step", None),
                    format!("没有「{}」这一步", question.step),
                    "写前面 [[step]] 里的编号",
                );
            }
            for (k, wanted) in question.show_if.iter().enumerate() {
                if !before.contains(wanted) {
                    let message = format!("前面的题目里没有「{wanted}」");
                    push(
                        row.place_of("show_if", Some(k)),
                        message,
                        "写成 题目编号=选项编号，题目要在这一题前面",
                    );
                }
            }
            for (k, case) in question.cases.iter().enumerate() {
                if !cases.contains(case.as_str()) {
                    push(
                        row.place_of("cases", Some(k)),
                        format!("没有编号为「{case}」的案例"),
                        "写 cases 里的文件名",
                    );
                }
            }
            let answers = row.get("answer").map(Node::items).unwrap_or_default();
            for (k, (answer, row)) in question.answer.iter().zip(answers).enumerate() {
                if question.answer.iter().take(k).any(|a| a.id == answer.id) {
                    push(
                        row.place_of("id", None),
                        format!("选项「{}」写了两次", answer.id),
                        "一题里的选项编号不能相同",
                    );
                }
                match (&answer.outcome, &answer.next) {
                    (Some(_), Some(_)) => {
                        push(
                            row.place_of("next", None),
                            "又写了 outcome 又写了 next".to_owned(),
                            "得出结论的不再往下问，删去一个",
                        );
                    }
                    (Some(outcome), None) if !outcomes.contains(outcome.as_str()) => {
                        push(
                            row.place_of("outcome", None),
                            format!("没有编号为「{outcome}」的答复情形"),
                            "写 outcomes.toml 里的编号",
                        );
                    }
                    (None, Some(next)) if self.position(next).is_none_or(|n| n <= i) => {
                        push(
                            row.place_of("next", None),
                            format!("「{next}」不在这一题后面"),
                            "只能往后跳，写后面题目的编号",
                        );
                    }
                    (None, None) if i + 1 == self.question.len() => {
                        push(row.range.clone(), "最后一题的这个选项没有得出结论".to_owned(), "写上 outcome");
                    }
                    _ => {}
                }
                if answer.interim != answer.then.is_some() || (answer.interim && answer.outcome.is_none()) {
                    let hint = "interim = true 的要写 outcome 和 then；then 只写给中间文书";
                    push(row.range.clone(), format!("选项「{}」的中间文书没有写全", answer.label), hint);
                }
                before.insert(format!("{}={}", question.id, answer.id));
            }
        }
    }
}

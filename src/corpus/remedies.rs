//! `book/rules/remedy.toml`: which remedy belongs to which ground, in which words, before which body, from which day
//! on; and `book/rules/policies.toml`: the points that each agency settles for itself.

use super::kinds::Confidence;
use super::schema::ID;
use super::tree::Node;
use crate::calendar::Date;
use crate::citation::Provision;
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// File `remedy.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "救济告知表")]
pub struct RemedyTable {
    /// Decisions of earlier days are refused: the table has no law for them.
    #[schemars(title = "适用起始日", extend("format" = "date"), length(min = 1))]
    pub since: String,
    /// Letters of earlier days are refused: the templates rest on later law.
    #[schemars(title = "文书适用起始日", extend("format" = "date"), length(min = 1))]
    pub letters_since: Option<String>,
    /// Grounds, in file order.
    #[serde(default)]
    pub ground: Vec<RemedyGround>,
    /// Classes, in file order.
    #[serde(default)]
    pub class: Vec<RemedyClass>,
    /// Kinds of organs, in file order.
    #[serde(default)]
    pub organ: Vec<Organ>,
}

/// What a decision rests on, and the class of remedy that follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyGround {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// Places of the regulation in force: 《政府信息公开条例》第三十六条第（四）项.
    #[serde(default)]
    #[schemars(title = "条例的条文")]
    pub grounds: Vec<String>,
    /// The policy of the agency that may put another class in the place of this one.
    #[schemars(title = "由机关自定的点", description = "book/rules/policies.toml 里的编号")]
    pub policy: Option<String>,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
    /// The class, from day to day.
    #[schemars(title = "规则", length(min = 1))]
    pub rule: Vec<GroundRule>,
}

/// From a day on, this class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroundRule {
    /// The first day.
    #[schemars(title = "从哪天起", extend("format" = "date"), length(min = 1))]
    pub from: String,
    /// Id of a class.
    #[schemars(title = "救济类别", length(min = 1))]
    pub class: String,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

/// A class of remedy and its paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyClass {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// The class that programs are told, where it is another.
    #[schemars(title = "对外显示为")]
    pub shown_as: Option<String>,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
    /// The words, from day to day.
    #[schemars(title = "告知文字", length(min = 1))]
    pub wording: Vec<Wording>,
}

/// From a day on, these words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The first day.
    #[schemars(title = "从哪天起", extend("format" = "date"), length(min = 1))]
    pub from: String,
    /// The paragraph, with `{{subject}}` and `{{review_body}}`; empty where no remedy is named.
    #[schemars(title = "告知文字")]
    pub text: String,
    /// Days for a review.
    #[schemars(title = "申请复议的日数")]
    pub review_days: Option<u32>,
    /// Months for a suit without review.
    #[schemars(title = "直接起诉的月数")]
    pub direct_months: Option<u32>,
    /// Days for a suit after the review.
    #[schemars(title = "复议后起诉的日数")]
    pub after_review_days: Option<u32>,
    /// Legal ground.
    #[serde(default)]
    #[schemars(title = "依据")]
    pub citations: Vec<String>,
    /// Legal ground in laws of then.
    #[serde(default)]
    #[schemars(title = "当时的依据")]
    pub law_then: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

/// A kind of organ and who hears reviews against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organ {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// The bodies, from day to day.
    #[schemars(title = "规则", length(min = 1))]
    pub rule: Vec<OrganRule>,
}

/// From a day on, these bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganRule {
    /// The first day.
    #[schemars(title = "从哪天起", extend("format" = "date"), length(min = 1))]
    pub from: String,
    /// The bodies; where there are several the applicant chooses.
    #[schemars(title = "复议机关", length(min = 1))]
    pub bodies: Vec<String>,
    /// Whether the State Council may be asked for a ruling instead of a suit.
    #[serde(default)]
    #[schemars(title = "可以申请国务院裁决")]
    pub ruling: bool,
    /// Legal ground.
    #[serde(default)]
    #[schemars(title = "依据")]
    pub citations: Vec<String>,
    /// Legal ground in laws of then.
    #[serde(default)]
    #[schemars(title = "当时的依据")]
    pub law_then: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

/// A point that the law leaves open and each agency settles for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalPolicy {
    /// Stable id, the key in `book.toml`.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// The choice where the agency has made none.
    #[schemars(title = "没有定时按哪一种", length(min = 1))]
    pub default: String,
    /// How sure the default is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// Why it is open.
    #[schemars(title = "说明", length(min = 1))]
    pub note: String,
    /// The choices.
    #[schemars(title = "选项", length(min = 2))]
    pub option: Vec<PolicyOption>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyOption {
    /// Stable id, the value in `book.toml`.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// The class of remedy that it puts in the place of the rule's.
    #[schemars(title = "改用的救济类别")]
    pub class: Option<String>,
}

/// File `policies.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "由机关自定的点")]
pub(super) struct Policies {
    #[serde(default)]
    pub(super) policy: Vec<LocalPolicy>,
}

/// The names that the words of a remedy may use.
const NAMES: [&str; 2] = ["{{subject}}", "{{review_body}}"];

/// What the agency chose: `[preprocessor.gongkai.policy]`, by the policy's id.
pub type Choices = BTreeMap<String, String>;

/// The row of a table that holds on a day: the last that begins no later.
pub fn holding<T>(rows: &[T], from: impl Fn(&T) -> &str, date: Date) -> Option<&T> {
    rows.iter().rfind(|row| Date::parse(from(row)).is_some_and(|day| day <= date))
}

impl RemedyGround {
    /// The places of [`RemedyGround::grounds`].
    pub fn places(&self) -> impl Iterator<Item = Provision> {
        self.grounds
            .iter()
            .filter_map(|g| Provision::parse(g.split_once('》').map_or(g.as_str(), |(_, rest)| rest)))
    }
}

impl RemedyTable {
    /// A class by its id.
    #[must_use]
    pub fn class(&self, id: &str) -> Option<&RemedyClass> {
        self.class.iter().find(|c| c.id == id)
    }

    /// A ground by its id.
    #[must_use]
    pub fn ground(&self, id: &str) -> Option<&RemedyGround> {
        self.ground.iter().find(|g| g.id == id)
    }

    /// A kind of organ by its id or title.
    #[must_use]
    pub fn organ(&self, name: &str) -> Option<&Organ> {
        self.organ.iter().find(|o| o.id == name || o.title == name)
    }

    /// The ground that an article of the regulation belongs to: the place itself, else what it lies in.
    #[must_use]
    pub fn of_article(&self, place: Provision) -> Option<&RemedyGround> {
        let holds = |wanted: &dyn Fn(Provision) -> bool| self.ground.iter().find(|g| g.places().any(wanted));
        holds(&|p| p == place).or_else(|| holds(&|p| place.is_within(p)))
    }

    /// Words that are more than a paragraph, names that no other part has, days out of order.
    pub(super) fn check(&self, path: &str, node: &Node, policies: &[LocalPolicy], report: &mut Report) {
        let rows = |table: &'static str| node.get(table).map(Node::items).unwrap_or_default();
        let mut push = |range: std::ops::Range<usize>, code: &'static str, message: String, hint: &str| {
            report.push(Diagnostic::error(code, Place::new(path, range), message).hint(hint));
        };
        for (row, class) in rows("class").iter().zip(&self.class) {
            let wordings = row.get("wording").map(Node::items).unwrap_or_default();
            for (row, wording) in wordings.iter().zip(&class.wording) {
                if wording.text.contains('\n') || wording.text.trim_start().starts_with(['@', '#']) {
                    let hint = "写成一行，不换行，不以 @ 或 # 开头";
                    push(row.place_of("text", None), "remedy-text", "救济告知只能是一段文字".into(), hint);
                }
                let rest = NAMES.iter().fold(wording.text.clone(), |text, name| text.replace(name, ""));
                if rest.contains(['{', '}']) {
                    let hint = "只能用 {{subject}}（对什么不服）和 {{review_body}}（复议机关）";
                    let message = "救济告知里有不认识的名称".to_owned();
                    push(row.place_of("text", None), "remedy-text", message, hint);
                }
            }
            in_order(row, "wording", class.wording.iter().map(|w| w.from.as_str()), &mut push);
            let shown = class.shown_as.iter();
            unknown(shown, &|c| self.class(c).is_some(), || row.place_of("shown_as", None), &mut push);
        }
        for (row, ground) in rows("ground").iter().zip(&self.ground) {
            in_order(row, "rule", ground.rule.iter().map(|r| r.from.as_str()), &mut push);
            let classes = ground.rule.iter().map(|r| &r.class);
            unknown(classes, &|c| self.class(c).is_some(), || row.place_of("rule", None), &mut push);
            let policy = ground.policy.iter();
            let known = |p: &str| policies.iter().any(|known| known.id == p);
            unknown(policy, &known, || row.place_of("policy", None), &mut push);
        }
        for (row, organ) in rows("organ").iter().zip(&self.organ) {
            in_order(row, "rule", organ.rule.iter().map(|r| r.from.as_str()), &mut push);
        }
        // Policies that no ground here refers to may be another table's.
        let used = policies.iter().filter(|p| self.ground.iter().any(|g| g.policy.as_ref() == Some(&p.id)));
        let classes = used.flat_map(|p| &p.option).filter_map(|o| o.class.as_ref());
        unknown(classes, &|c| self.class(c).is_some(), || node.place_of("class", None), &mut push);
    }
}

type Push<'a> = dyn FnMut(std::ops::Range<usize>, &'static str, String, &str) + 'a;

fn in_order<'a>(row: &Node, key: &str, days: impl Iterator<Item = &'a str>, push: &mut Push<'_>) {
    let days: Vec<Option<Date>> = days.map(Date::parse).collect();
    for (i, pair) in days.windows(2).enumerate() {
        if let [Some(a), Some(b)] = pair
            && a >= b
        {
            let hint = "按日期从早到晚写，同一天只写一条";
            push(row.place_of(key, Some(i + 1)), "date-order", format!("{b} 写在 {a} 后面"), hint);
        }
    }
}

fn unknown<'a>(
    ids: impl Iterator<Item = &'a String>,
    known: &dyn Fn(&str) -> bool,
    place: impl Fn() -> std::ops::Range<usize>,
    push: &mut Push<'_>,
) {
    for id in ids.filter(|id| !known(id)) {
        let hint = "这个编号要在同一个表或者 policies.toml 里有";
        push(place(), "unknown-reference", format!("没有编号为「{id}」的这一项"), hint);
    }
}

impl LocalPolicy {
    /// The choice that holds: what the agency chose, else the default; and whether it was chosen.
    #[must_use]
    pub fn chosen(&self, choices: &Choices) -> (&PolicyOption, bool) {
        let wanted = choices.get(&self.id);
        let find = |id: &str| self.option.iter().find(|o| o.id == id);
        let chosen = wanted.and_then(|id| find(id));
        (chosen.or_else(|| find(&self.default)).unwrap_or(&self.option[0]), chosen.is_some())
    }
}

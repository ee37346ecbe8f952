//! Tables that are data: case types, 答复情形, remedies.

use super::fees::FeeTable;
use super::glossary::{GlossaryTable, GlossaryTerm};
use super::holidays::{self, HolidayYear};
use super::kinds::Confidence;
use super::materials::{Material, MaterialTable};
use super::remedies::{LocalPolicy, Policies, RemedyTable};
use super::schema::{self, ID};
use super::steps::StepTable;
use super::synonyms::SynonymTable;
use super::terms::TermTable;
use super::tree::Node;
use crate::calendar::{Calendar, Statutory};
use crate::citation::Provision;
use crate::text::{Diagnostic, Place, Report, Sources};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// All tables.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// `book/rules/case-types.toml`, in file order.
    pub case_types: Vec<CaseType>,
    /// `book/rules/outcomes.toml`, in file order.
    pub outcomes: Vec<Outcome>,
    /// `book/rules/remedy.toml`.
    pub remedies: RemedyTable,
    /// `book/rules/policies.toml`, in file order.
    pub policies: Vec<LocalPolicy>,
    /// `book/rules/terms.toml`.
    pub terms: TermTable,
    /// `book/rules/steps.toml`.
    pub steps: StepTable,
    /// `book/rules/materials.toml`, in file order.
    pub materials: Vec<Material>,
    /// `book/rules/synonyms.toml`: how people say what the laws say.
    pub synonyms: SynonymTable,
    /// `book/rules/glossary.toml`, in file order.
    pub glossary: Vec<GlossaryTerm>,
    /// `book/rules/fee.toml`.
    pub fees: FeeTable,
    /// `book/rules/calendar/`, by year.
    pub holidays: Vec<HolidayYear>,
    /// The legal holidays of years without a notice.
    pub statutory: Vec<Statutory>,
    /// The calendar that the notices make.
    pub calendar: Calendar,
    /// `book/rules/law-names.toml`: laws outside the handbook, by what people call them.
    pub law_names: Vec<LawName>,
    /// `book/rules/concordance.toml`: what became of the articles of older versions.
    pub concordances: Vec<Concordance>,
    /// Names of the tables that are there but could not be read.
    pub broken: BTreeSet<&'static str>,
    /// The tables with places, by path.
    pub trees: Vec<(String, Node)>,
}

/// A type of dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseType {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// What falls here.
    #[schemars(title = "说明", length(min = 1))]
    pub about: String,
}

/// 答复情形: one way in which a request can be answered, or one document on the way there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Internal code, never shown to staff.
    #[schemars(title = "内部代码", length(min = 1))]
    pub code: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// Under which heading it is listed.
    #[schemars(title = "分组", length(min = 1))]
    pub group: String,
    /// Legal ground.
    #[schemars(title = "依据")]
    pub grounds: Vec<String>,
    /// Remedies, one paragraph each; none for procedural documents.
    #[schemars(title = "救济")]
    pub remedy: Vec<OutcomeRemedy>,
    /// Said instead of the remedy where it follows from something else.
    #[schemars(title = "救济说明")]
    pub remedy_note: Option<String>,
    /// Row of the annual report.
    #[schemars(title = "年报栏")]
    pub annual_row: Option<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// A pitfall, for staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
}

impl Outcome {
    /// What staff read about the remedy, given the titles of its classes.
    #[must_use]
    pub fn remedy_summary<S: AsRef<str>>(&self, titles: &[S]) -> String {
        match (&self.remedy_note, titles) {
            (Some(note), _) => note.clone(),
            (None, []) => "不写救济（程序性文书）".to_owned(),
            (None, _) => titles.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("；"),
        }
    }
}

/// Which remedy against which part of the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRemedy {
    /// Id of a ground in the table of remedies.
    #[schemars(title = "救济依据", description = "book/rules/remedy.toml 里 ground 的编号", length(min = 1))]
    pub ground: String,
    /// What may be contested: 本告知书, 本告知书中不予公开的部分.
    #[schemars(title = "对什么不服", length(min = 1))]
    pub subject: String,
}

/// A law that the handbook does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawName {
    /// Full title.
    #[schemars(title = "全称", length(min = 1))]
    pub title: String,
    /// What people write without marks.
    #[serde(default)]
    #[schemars(title = "叫法")]
    pub names: Vec<String>,
    /// Whether it is no longer in force.
    #[serde(default)]
    #[schemars(title = "已废止")]
    pub repealed: bool,
    /// What replaced it.
    #[schemars(title = "由什么取代")]
    pub replaced_by: Option<String>,
}

/// What became of the articles of one version in the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concordance {
    /// Id of the law.
    #[schemars(title = "法规编号", length(min = 1))]
    pub law: String,
    /// Label of the older version.
    #[schemars(title = "旧版本", length(min = 1))]
    pub from: String,
    /// Label of the newer version.
    #[schemars(title = "新版本", length(min = 1))]
    pub to: String,
    /// How sure it is as a whole.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// What it rests on.
    #[schemars(title = "说明")]
    pub note: Option<String>,
    /// The rows.
    #[serde(default)]
    #[schemars(title = "对照")]
    pub row: Vec<ConcordanceRow>,
}

/// One row of a concordance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcordanceRow {
    /// A place of the older version: 第二十一条第（三）项; absent for what is new.
    #[schemars(title = "旧条文")]
    pub old: Option<String>,
    /// The places of the newer version; none for what is gone.
    #[serde(default)]
    #[schemars(title = "新条文")]
    pub new: Vec<String>,
    /// What changed, in a few words.
    #[schemars(title = "变化")]
    pub change: Option<String>,
    /// How sure this row is, where that differs.
    #[schemars(title = "核实程度")]
    pub confidence: Option<Confidence>,
}

impl Concordance {
    /// The rows for a place of the older version: of the place itself, else of what lies in it, else of what it lies in.
    #[must_use]
    pub fn rows(&self, old: Provision) -> Vec<&ConcordanceRow> {
        let place = |row: &ConcordanceRow| row.old.as_deref().and_then(Provision::parse);
        let with = |wanted: &dyn Fn(Provision) -> bool| -> Vec<&ConcordanceRow> {
            self.row.iter().filter(|r| place(r).is_some_and(wanted)).collect()
        };
        let exact = with(&|p| p == old);
        if !exact.is_empty() {
            return exact;
        }
        let within = with(&|p| p.is_within(old));
        if !within.is_empty() {
            return within;
        }
        // The narrowest place that holds it.
        let around = with(&|p| old.is_within(p));
        let depth = |p: Provision| [p.paragraph, p.item, p.subitem].iter().flatten().count();
        let most = around.iter().filter_map(|r| place(r)).map(depth).max();
        around.into_iter().filter(|r| place(r).map(depth) == most).collect()
    }
}

/// File `law-names.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "法规名称表")]
pub(super) struct LawNames {
    #[serde(default)]
    law: Vec<LawName>,
}

/// File `concordance.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "新旧条文对照表")]
pub(super) struct Concordances {
    #[serde(default)]
    concordance: Vec<Concordance>,
}

/// File `case-types.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "案例类型表")]
pub(super) struct CaseTypes {
    #[serde(default)]
    r#type: Vec<CaseType>,
}

/// File `outcomes.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "答复情形表")]
pub(super) struct Outcomes {
    #[serde(default)]
    outcome: Vec<Outcome>,
}

const CASE_TYPES: &str = "book/rules/case-types.toml";
const OUTCOMES: &str = "book/rules/outcomes.toml";
const REMEDY: &str = "book/rules/remedy.toml";
const POLICIES: &str = "book/rules/policies.toml";
const FEE: &str = "book/rules/fee.toml";
const GLOSSARY: &str = "book/rules/glossary.toml";
const MATERIALS: &str = "book/rules/materials.toml";
const STEPS: &str = "book/rules/steps.toml";
const SYNONYMS: &str = "book/rules/synonyms.toml";
const TERMS: &str = "book/rules/terms.toml";
const LAW_NAMES: &str = "book/rules/law-names.toml";
const CONCORDANCE: &str = "book/rules/concordance.toml";

impl Rules {
    pub(super) fn load(sources: &Sources, report: &mut Report) -> Self {
        let mut rules = Self::default();
        for (name, path) in [("case-types", CASE_TYPES), ("outcomes", OUTCOMES), ("remedy", REMEDY)] {
            if sources.get(path).is_some() {
                rules.broken.insert(name);
            }
        }
        if let Some((table, node)) = file::<CaseTypes>(sources, CASE_TYPES, report) {
            rules.broken.remove("case-types");
            rules.case_types = table.r#type;
            unique(CASE_TYPES, &node, "type", report);
            rules.trees.push((CASE_TYPES.to_owned(), node));
        }
        if let Some((table, node)) = file::<Policies>(sources, POLICIES, report) {
            unique(POLICIES, &node, "policy", report);
            check_defaults(&table.policy, &node, report);
            rules.policies = table.policy;
            rules.trees.push((POLICIES.to_owned(), node));
        }
        if let Some((table, node)) = file::<RemedyTable>(sources, REMEDY, report) {
            rules.broken.remove("remedy");
            for list in ["ground", "class", "organ"] {
                unique(REMEDY, &node, list, report);
            }
            table.check(REMEDY, &node, &rules.policies, report);
            rules.remedies = table;
            rules.trees.push((REMEDY.to_owned(), node));
        }
        if let Some((table, node)) = file::<Outcomes>(sources, OUTCOMES, report) {
            rules.broken.remove("outcomes");
            rules.outcomes = table.outcome;
            unique(OUTCOMES, &node, "outcome", report);
            rules.check_grounds(&node, report);
            rules.trees.push((OUTCOMES.to_owned(), node));
        }
        if let Some((table, _)) = file::<LawNames>(sources, LAW_NAMES, report) {
            rules.law_names = table.law;
        }
        if let Some((table, node)) = file::<Concordances>(sources, CONCORDANCE, report) {
            check_places(&node, report);
            rules.concordances = table.concordance;
        }
        if let Some((table, node)) = file::<TermTable>(sources, TERMS, report) {
            unique(TERMS, &node, "term", report);
            rules.terms = table;
            rules.trees.push((TERMS.to_owned(), node));
        }
        if let Some((table, node)) = file::<FeeTable>(sources, FEE, report) {
            unique(FEE, &node, "method", report);
            rules.fees = table;
            rules.trees.push((FEE.to_owned(), node));
        }
        if let Some((table, node)) = file::<GlossaryTable>(sources, GLOSSARY, report) {
            unique(GLOSSARY, &node, "term", report);
            table.check(GLOSSARY, &node, report);
            rules.glossary = table.term;
            rules.trees.push((GLOSSARY.to_owned(), node));
        }
        if let Some((table, node)) = file::<MaterialTable>(sources, MATERIALS, report) {
            unique(MATERIALS, &node, "material", report);
            rules.materials = table.material;
            rules.trees.push((MATERIALS.to_owned(), node));
        }
        if let Some((table, node)) = file::<StepTable>(sources, STEPS, report) {
            unique(STEPS, &node, "step", report);
            unique(STEPS, &node, "question", report);
            rules.steps = table;
            rules.trees.push((STEPS.to_owned(), node));
        }
        if let Some((mut table, node)) = file::<SynonymTable>(sources, SYNONYMS, report) {
            table.check(SYNONYMS, &node, report);
            rules.synonyms = table;
            rules.trees.push((SYNONYMS.to_owned(), node));
        }
        (rules.holidays, rules.statutory, rules.calendar) = holidays::load(sources, report);
        rules
    }

    fn check_grounds(&self, node: &Node, report: &mut Report) {
        if self.broken.contains("remedy") {
            return;
        }
        for (row, outcome) in
            node.get("outcome").map(Node::items).unwrap_or_default().iter().zip(&self.outcomes)
        {
            for (i, remedy) in outcome.remedy.iter().enumerate() {
                if remedy.subject.contains(['{', '}', '\n', '@', '#']) {
                    let place = Place::new(OUTCOMES, row.place_of("remedy", Some(i)));
                    let message = "“对什么不服”里有不能用的字符";
                    report.push(
                        Diagnostic::error("remedy-text", place, message).hint("只写文字，例如 本告知书"),
                    );
                }
                if self.remedies.ground(&remedy.ground).is_none() {
                    let place = Place::new(OUTCOMES, row.place_of("remedy", Some(i)));
                    let known: Vec<_> = self.remedies.ground.iter().map(|c| c.id.as_str()).collect();
                    let message = format!("没有编号为「{}」的救济依据", remedy.ground);
                    report.push(
                        Diagnostic::error("unknown-reference", place, message)
                            .hint(format!("可以写的有：{}", known.join("、"))),
                    );
                }
            }
        }
    }
}

/// Reports policies whose default is none of their choices.
fn check_defaults(policies: &[LocalPolicy], node: &Node, report: &mut Report) {
    for (row, policy) in node.get("policy").map(Node::items).unwrap_or_default().iter().zip(policies) {
        if policy.option.iter().all(|o| o.id != policy.default) {
            let place = Place::new(POLICIES, row.place_of("default", None));
            let known: Vec<_> = policy.option.iter().map(|o| o.id.as_str()).collect();
            let message = format!("没有编号为「{}」的选项", policy.default);
            let hint = format!("可以写的有：{}", known.join("、"));
            report.push(Diagnostic::error("unknown-reference", place, message).hint(hint));
        }
    }
}

/// Reports rows of a concordance whose places cannot be read.
fn check_places(node: &Node, report: &mut Report) {
    for table in node.get("concordance").map(Node::items).unwrap_or_default() {
        for row in table.get("row").map(Node::items).unwrap_or_default() {
            let places =
                row.get("old").into_iter().chain(row.get("new").map(Node::items).unwrap_or_default());
            for place in places {
                let text = place.to_json();
                if text.as_str().is_some_and(|t| Provision::parse(t).is_none()) {
                    let message = "看不出这是哪一条";
                    let hint = "写成 第二十一条第（三）项 这样，不写法规名称";
                    report.push(
                        Diagnostic::error(
                            "not-a-citation",
                            Place::new(CONCORDANCE, place.range.clone()),
                            message,
                        )
                        .hint(hint),
                    );
                }
            }
        }
    }
}

pub(super) fn file<T: DeserializeOwned + JsonSchema>(
    sources: &Sources,
    path: &str,
    report: &mut Report,
) -> Option<(T, Node)> {
    let node = Node::parse(path, sources.get(path)?, 0, report)?;
    if !schema::check(&node, &schema::of::<T>(), path, report) {
        return None;
    }
    match serde_json::from_value(node.to_json()) {
        Ok(value) => Some((value, node)),
        Err(error) => {
            let place = Place::new(path, node.range.clone());
            report.push(Diagnostic::error("header", place, format!("这个表不能用：{error}")));
            None
        }
    }
}

fn unique(path: &str, node: &Node, list: &str, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for row in node.get(list).map(Node::items).unwrap_or_default() {
        if let Some(id) = row.get("id")
            && !seen.insert(id.to_json().to_string())
        {
            let message = "这个编号前面已经用过";
            report.push(
                Diagnostic::error("duplicate-id", Place::new(path, id.range.clone()), message)
                    .hint("每个编号只能用一次"),
            );
        }
    }
}

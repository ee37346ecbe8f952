//! Letters and answers as they are exported: what a letter is for, what it asks for, which remedy it names. Nothing that
//! anybody filled in.

use super::{Upkeep, upkeep};
use crate::corpus::{self, Clause, Confidence, Corpus, DocumentKind, Entry, ParameterType};
use schemars::JsonSchema;
use serde::Serialize;

/// A letter: a clause with its shell.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// Its page.
    #[schemars(title = "网页", description = "相对于手册的首页")]
    pub url: String,
    /// Its file.
    #[schemars(title = "源文件")]
    pub source: String,
    /// Name as staff know it.
    #[schemars(title = "文书名称")]
    pub title: String,
    /// Title printed on the letter.
    #[schemars(title = "文书标题")]
    pub heading: String,
    /// Who it is for.
    #[schemars(title = "种类", description = "letter 对外文书、form 表单、internal 内部文书")]
    pub kind: DocumentKind,
    /// Id of its outcome.
    #[schemars(title = "答复情形", description = "outcomes 里的编号")]
    pub outcome: String,
    /// Id of its shell.
    #[schemars(title = "文书框架")]
    pub shell: String,
    /// When to use it.
    #[schemars(title = "什么时候用")]
    pub use_when: Vec<String>,
    /// When not.
    #[schemars(title = "什么时候不用")]
    pub avoid_when: Vec<String>,
    /// What must be on file.
    #[schemars(title = "要留存的材料")]
    pub proof: Vec<String>,
    /// Provisions it rests on.
    #[schemars(title = "依据条文")]
    pub cites: Vec<String>,
    /// Its fields: those of the shell, then its own.
    #[schemars(title = "要填的内容", description = "框架的在前，自己的在后；没有示例，也没有填好的内容")]
    pub parameters: Vec<Parameter>,
    /// Closing words.
    #[schemars(title = "结尾语", description = "表单没有，是空的")]
    pub closing: String,
    /// The source of its words, Handlebars.
    #[schemars(
        title = "条款模板",
        description = "Handlebars 写法，{{…}} 是要填的地方；全本才有，别的版本是 null"
    )]
    pub template: Option<String>,
    /// How far it can be trusted.
    #[schemars(title = "核实情况")]
    pub upkeep: Upkeep,
}

/// One field of a letter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name in request files.
    #[schemars(title = "名称")]
    pub name: String,
    /// What staff read.
    #[schemars(title = "中文名")]
    pub label: String,
    /// What may be filled in.
    #[schemars(
        title = "类型",
        description = "line 一行文字、text 文字可分段、date 日期、count 整数、choice 选一个、list 可写多条、rows 表、replies 几项答复"
    )]
    pub r#type: ParameterType,
    /// Whether it must be given.
    #[schemars(title = "必填")]
    pub required: bool,
    /// What to write and where to find it.
    #[schemars(title = "说明")]
    pub help: String,
    /// The words to choose from.
    #[schemars(title = "选项")]
    pub choices: Vec<String>,
    /// The columns of a table.
    #[schemars(title = "各列")]
    pub columns: Vec<Column>,
    /// Key of the agency's settings that is used where nothing is given.
    #[schemars(title = "取自机关设置", description = "只有设置的名称，没有内容")]
    pub agency: Option<String>,
}

/// One column of a table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name in request files.
    #[schemars(title = "名称")]
    pub name: String,
    /// What staff read.
    #[schemars(title = "中文名")]
    pub label: String,
    /// Whether every row must have it.
    #[schemars(title = "必填")]
    pub required: bool,
    /// What to write.
    #[schemars(title = "说明")]
    pub help: String,
}

/// 答复情形: one way in which a request can be answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称")]
    pub title: String,
    /// Under which heading it is listed.
    #[schemars(title = "分组")]
    pub group: String,
    /// Legal ground.
    #[schemars(title = "依据")]
    pub grounds: Vec<String>,
    /// Remedies, one for each part of the reply that may be contested.
    #[schemars(title = "救济", description = "程序性文书没有；今天的规则，不是个案的结论")]
    pub remedy: Vec<Remedy>,
    /// Said instead of the remedy.
    #[schemars(title = "救济说明")]
    pub remedy_note: Option<String>,
    /// Row of the annual report.
    #[schemars(title = "年报栏")]
    pub annual_row: Option<String>,
    /// A pitfall, for staff.
    #[schemars(title = "提示", description = "给工作人员的，全本才有")]
    pub note: Option<String>,
    /// Ids of its letters.
    #[schemars(title = "文书", description = "letters 里的编号")]
    pub letters: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
}

/// Which remedy against which part of a reply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// What may be contested.
    #[schemars(title = "对什么不服")]
    pub subject: String,
    /// Id of the ground.
    #[schemars(title = "救济依据", description = "book/rules/remedy.toml 里 ground 的编号")]
    pub ground: String,
    /// What the ground is called.
    #[schemars(title = "救济依据的名称")]
    pub ground_title: Option<String>,
    /// The class that follows today.
    #[schemars(
        title = "救济类别",
        description = "今天的规则下是哪一类；book/rules/remedy.toml 里 class 的编号"
    )]
    pub class: Option<String>,
    /// What the class is called.
    #[schemars(title = "救济类别的名称")]
    pub class_title: Option<String>,
}

/// A type of dispute.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseType {
    /// Stable id.
    #[schemars(title = "编号")]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称")]
    pub title: String,
    /// What falls here.
    #[schemars(title = "说明")]
    pub about: String,
}

pub(super) fn letter(corpus: &Corpus, entry: &Entry<Clause>) -> Letter {
    let clause = &entry.header;
    let shell = corpus.shells.get(&clause.shell);
    let parameters = shell.into_iter().flat_map(|s| &s.header.parameters).chain(&clause.parameters);
    Letter {
        id: clause.id.clone(),
        url: format!("letters/{}.html", clause.id),
        source: entry.path.clone(),
        title: clause.title.clone(),
        heading: clause.heading.clone(),
        kind: corpus.kind(clause),
        outcome: clause.outcome.clone(),
        shell: clause.shell.clone(),
        use_when: clause.use_when.clone(),
        avoid_when: clause.avoid_when.clone(),
        proof: clause.proof.clone(),
        cites: clause.cites.clone(),
        parameters: parameters.map(parameter).collect(),
        closing: clause.closing.clone(),
        template: Some(entry.body().trim().to_owned()),
        upkeep: Upkeep { internal: stays(corpus, clause), ..upkeep!(clause) },
    }
}

/// Whether a letter must stay in the agency.
pub(super) fn stays(corpus: &Corpus, clause: &Clause) -> bool {
    clause.internal || corpus.kind(clause) == DocumentKind::Internal
}

fn parameter(parameter: &corpus::Parameter) -> Parameter {
    let column = |column: &corpus::Column| Column {
        name: column.name.clone(),
        label: column.label.clone(),
        required: column.required,
        help: column.help.clone(),
    };
    Parameter {
        name: parameter.name.clone(),
        label: parameter.label.clone(),
        r#type: parameter.kind,
        required: parameter.required,
        help: parameter.help.clone(),
        choices: parameter.choices.clone(),
        columns: parameter.columns.iter().map(column).collect(),
        agency: parameter.agency.clone(),
    }
}

pub(super) fn outcomes(corpus: &Corpus) -> Vec<Outcome> {
    let remedy = |row: &corpus::OutcomeRemedy| {
        let class = corpus.remedy(row);
        Remedy {
            subject: row.subject.clone(),
            ground: row.ground.clone(),
            ground_title: corpus.rules.remedies.ground(&row.ground).map(|ground| ground.title.clone()),
            class: class.map(|class| class.id.clone()),
            class_title: class.map(|class| class.title.clone()),
        }
    };
    let outcome = |outcome: &corpus::Outcome| Outcome {
        id: outcome.id.clone(),
        title: outcome.title.clone(),
        group: outcome.group.clone(),
        grounds: outcome.grounds.clone(),
        remedy: outcome.remedy.iter().map(remedy).collect(),
        remedy_note: outcome.remedy_note.clone(),
        annual_row: outcome.annual_row.clone(),
        note: outcome.note.clone(),
        letters: corpus.letters(&outcome.id).into_iter().map(|entry| entry.header.id.clone()).collect(),
        confidence: outcome.confidence,
    };
    corpus.rules.outcomes.iter().map(outcome).collect()
}

pub(super) fn case_types(corpus: &Corpus) -> Vec<CaseType> {
    let case_type = |found: &corpus::CaseType| CaseType {
        id: found.id.clone(),
        title: found.title.clone(),
        about: found.about.clone(),
    };
    corpus.rules.case_types.iter().map(case_type).collect()
}

//! Headers of letter templates: clauses (what an outcome says) and shells (how such a document is laid out).

use super::entry::{Body, Header, check_personal_data};
use super::kinds::{Change, Confidence, Review};
use super::schema::ID;
use crate::calendar::Date;
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What may be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// One line of text.
    Line,
    /// Several paragraphs.
    Text,
    /// A date.
    Date,
    /// A whole number, not negative.
    Count,
    /// One of a few words.
    Choice,
    /// Lines of text.
    List,
    /// A table.
    Rows,
    /// The items of the application, each answered with the words of another letter.
    Replies,
}

/// Who a document is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    /// 文书: goes out to an applicant, a third party, another body.
    #[default]
    Letter,
    /// 表单: a form or a list that is filled in and filed, or handed in with something else.
    Form,
    /// 内部文书: never leaves the agency.
    Internal,
}

/// How a document stands on its paper (GB/T 9704-2012).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PageLayout {
    /// 公文格式: the agency's name in red, the number in the middle over a red rule (7.2).
    Official,
    /// 信函格式: the agency's name in red over a double rule, the number at the right (10.1).
    Letter,
    /// Without a red head: for forms, and for paper that has its head already.
    #[default]
    Plain,
    /// An envelope, 230 × 120 mm (GB/T 1416, ZL).
    Envelope,
}

/// One column of a `rows` parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name in templates and request files.
    #[schemars(title = "名称", length(min = 1))]
    pub name: String,
    /// What staff read.
    #[schemars(title = "中文名", length(min = 1))]
    pub label: String,
    /// Whether every row must have it.
    #[serde(default)]
    #[schemars(title = "必填")]
    pub required: bool,
    /// What to write.
    #[serde(default)]
    #[schemars(title = "说明")]
    pub help: String,
    /// A plainly fictional example.
    #[serde(default)]
    #[schemars(title = "示例")]
    pub example: String,
}

/// One field of a letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name in templates and request files, ASCII.
    #[schemars(title = "名称", description = "英文小写字母和下划线", length(min = 1))]
    pub name: String,
    /// What staff read.
    #[schemars(title = "中文名", length(min = 1))]
    pub label: String,
    /// What may be filled in.
    #[serde(rename = "type")]
    #[schemars(title = "类型")]
    pub kind: ParameterType,
    /// Whether it must be given.
    #[serde(default)]
    #[schemars(title = "必填")]
    pub required: bool,
    /// What to write and where to find it.
    #[schemars(title = "说明", length(min = 1))]
    pub help: String,
    /// A plainly fictional example, of the type of the field.
    #[schemars(title = "示例")]
    pub example: Json,
    /// The words to choose from, for `choice`.
    #[serde(default)]
    #[schemars(title = "选项")]
    pub choices: Vec<String>,
    /// The columns, for `rows`.
    #[serde(default)]
    #[schemars(title = "各列")]
    pub columns: Vec<Column>,
    /// Key of the agency's settings that is used where nothing is given.
    #[schemars(title = "取自机关设置")]
    pub agency: Option<String>,
    /// The largest number allowed, for `count`.
    #[schemars(title = "最大数")]
    pub max: Option<u32>,
    /// The field, a date too, that this date must not be earlier than.
    #[schemars(title = "不早于", description = "另一个日期字段的名称")]
    pub not_before: Option<String>,
    /// The field, a date too, that this date must not be later than.
    #[schemars(title = "不晚于", description = "另一个日期字段的名称")]
    pub not_after: Option<String>,
    /// True where somebody else's words are copied: articles named in them are not checked.
    #[serde(default)]
    #[schemars(title = "照抄的文字", description = "照抄申请人原话的写 true，里面提到的条文不核对")]
    pub quoted: bool,
}

/// Header of `templates/clauses/<id>.hbs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "文书条款")]
pub struct Clause {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Name as staff know it.
    #[schemars(title = "文书名称", length(min = 1))]
    pub title: String,
    /// Title printed on the letter.
    #[schemars(title = "文书标题", length(min = 1))]
    pub heading: String,
    /// 答复情形, an id of `book/rules/outcomes.toml`.
    #[schemars(title = "答复情形", length(min = 1))]
    pub outcome: String,
    /// Id of the shell.
    #[schemars(title = "文书框架", length(min = 1))]
    pub shell: String,
    /// Closing words printed on a line of their own; forms have none.
    #[serde(default)]
    #[schemars(title = "结尾语", description = "表单不写")]
    pub closing: String,
    /// When to use it.
    #[schemars(title = "什么时候用", length(min = 1))]
    pub use_when: Vec<String>,
    /// When not.
    #[schemars(title = "什么时候不用")]
    pub avoid_when: Vec<String>,
    /// What must be on file.
    #[schemars(title = "要留存的材料")]
    pub proof: Vec<String>,
    /// Provisions it rests on.
    #[schemars(title = "依据条文", length(min = 1))]
    pub cites: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
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
    /// Examples that replace those of the fields, so that the sample tells one story; `""` leaves a field out.
    #[serde(default)]
    #[schemars(title = "换掉的示例", description = "字段名称 = 示例；写空的表示这一项不填")]
    pub example: BTreeMap<String, Json>,
    /// The fields of its own.
    #[serde(default)]
    #[schemars(title = "字段")]
    pub parameters: Vec<Parameter>,
}

/// Header of `templates/letters/<id>.hbs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "文书框架")]
pub struct Shell {
    /// Stable id, equal to the file's name.
    #[schemars(title = "编号", description = "和文件名相同，只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// Who such documents are for.
    #[serde(default)]
    #[schemars(title = "种类", description = "letter 文书、form 表单、internal 内部文书")]
    pub kind: DocumentKind,
    /// How they stand on paper, where the agency did not choose otherwise.
    #[serde(default)]
    #[schemars(
        title = "版式",
        description = "official 公文格式、letter 信函格式、plain 不套红、envelope 信封"
    )]
    pub layout: PageLayout,
    /// Whether what it says may be one of several answers in one reply.
    #[serde(default)]
    #[schemars(title = "可作几项答复中的一项")]
    pub item: bool,
    /// The fields that all such documents have.
    #[serde(default)]
    #[schemars(title = "字段")]
    pub parameters: Vec<Parameter>,
}

impl Header for Clause {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_personal_data(body, report);
        check_parameters(&self.parameters, body, report);
    }
}

impl Header for Shell {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, body: &Body<'_>, report: &mut Report) {
        check_personal_data(body, report);
        check_parameters(&self.parameters, body, report);
    }
}

/// Names that templates have from elsewhere.
pub(crate) const RESERVED: [&str; 8] =
    ["letter", "heading", "closing", "subject", "this", "items", "events", "pack"];

fn check_parameters(parameters: &[Parameter], body: &Body<'_>, report: &mut Report) {
    let nodes = body.header.get("parameters").map(super::tree::Node::items).unwrap_or_default();
    for (index, (parameter, node)) in parameters.iter().zip(nodes).enumerate() {
        let mut push = |key: &str, message: String, hint: &str| {
            let place = Place::new(body.path, node.place_of(key, None));
            report.push(Diagnostic::error("wrong-parameter", place, message).hint(hint));
        };
        let label = &parameter.label;
        if !is_name(&parameter.name) || RESERVED.contains(&parameter.name.as_str()) {
            push(
                "name",
                format!("「{}」不能作字段名称", parameter.name),
                "用英文小写字母、数字和下划线，以字母开头；不能用 letter、heading、closing、subject、this、items、events、pack",
            );
        }
        if parameters.iter().take(index).any(|p| p.name == parameter.name || p.label == parameter.label) {
            push("name", format!("字段「{label}」前面已经有了"), "名称和中文名都只能用一次");
        }
        let words = [&parameter.label, &parameter.help].into_iter().chain(&parameter.choices);
        let cells = parameter.columns.iter().flat_map(|c| [&c.label, &c.help]);
        if words.chain(cells).any(|text| text.contains('\n')) {
            push("help", format!("字段「{label}」的文字换了行"), "中文名、说明和选项都写成一行");
        }
        if (parameter.kind == ParameterType::Choice) == parameter.choices.is_empty() {
            push(
                "choices",
                format!("字段「{label}」的选项不对"),
                "type = \"choice\" 的字段要写 choices，别的类型不写",
            );
        }
        if (parameter.kind == ParameterType::Rows) == parameter.columns.is_empty()
            || parameter.columns.iter().any(|c| !is_name(&c.name))
        {
            push(
                "columns",
                format!("字段「{label}」的列不对"),
                "type = \"rows\" 的字段要写 columns，列名用英文小写字母和下划线，别的类型不写",
            );
        }
        if !example_fits(parameter) {
            push(
                "example",
                format!("字段「{label}」的示例和类型不符"),
                "示例要能直接填进文书：文字、日期 \"2026-11-23\"、整数、选项之一、[\"…\"] 或 [{ 列名 = \"…\" }]",
            );
        }
    }
}

fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn example_fits(parameter: &Parameter) -> bool {
    parameter.fits(&parameter.example)
}

impl Parameter {
    /// Whether an example is of the type of the field.
    #[must_use]
    pub fn fits(&self, example: &Json) -> bool {
        let text = example.as_str();
        let line = |v: &Json| v.as_str().is_some_and(|t| !t.contains('\n'));
        match self.kind {
            ParameterType::Line => line(example),
            ParameterType::Text => text.is_some(),
            ParameterType::Date => text.is_some_and(|t| Date::parse(t).is_some()),
            ParameterType::Count => example.as_u64().is_some(),
            ParameterType::Choice => text.is_some_and(|t| self.choices.iter().any(|c| c == t)),
            ParameterType::List => example.as_array().is_some_and(|all| all.iter().all(line)),
            // Tables with the id of a letter; whether it exists is checked when the example is filled.
            ParameterType::Replies => example
                .as_array()
                .is_some_and(|all| all.iter().all(|v| v.get("letter").is_some_and(Json::is_string))),
            ParameterType::Rows => {
                example.as_array().is_some_and(|rows| rows.iter().all(|row| row_fits(row, &self.columns)))
            }
        }
    }
}

fn row_fits(row: &Json, columns: &[Column]) -> bool {
    row.as_object().is_some_and(|cells| {
        cells.iter().all(|(key, value)| value.is_string() && columns.iter().any(|c| c.name == *key))
            && columns.iter().all(|c| !c.required || cells.contains_key(&c.name))
    })
}

//! Headers of the hand-written guide pages.

use super::entry::{Body, Header};
use super::kinds::{Change, Confidence, Review};
use super::schema::ID;
use crate::text::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Header of `book/index.md` and `book/guide/<id>.md`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "指南页")]
pub struct Guide {
    /// Stable id; the page's anchor.
    #[schemars(title = "编号", description = "只用小写英文字母、数字和 -", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// Title of the page.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// 答复情形 that the page is about, ids of `book/rules/outcomes.toml`.
    #[serde(default)]
    #[schemars(title = "答复情形", description = "这一页讲的答复情形，book/rules/outcomes.toml 里的编号")]
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
    pub confidence: Option<Confidence>,
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

impl Header for Guide {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, _body: &Body<'_>, _report: &mut Report) {}
}

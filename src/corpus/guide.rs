//! Headers of the hand-written guide pages.

use super::entry::{Body, Header};
use super::kinds::Confidence;
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
}

impl Header for Guide {
    fn id(&self) -> &str {
        &self.id
    }

    fn read_body(&mut self, _body: &Body<'_>, _report: &mut Report) {}
}

//! `book/rules/materials.toml`: what the file of a request must hold.

use super::schema::ID;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "案卷材料")]
pub struct MaterialTable {
    /// The materials, in the order of the case.
    #[serde(default)]
    pub material: Vec<Material>,
}

/// When a material must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Needed {
    /// In every file.
    Always,
    /// Where the reply is one of the outcomes that are named.
    Searched,
    /// Where the day of receipt had to be confirmed with the applicant.
    Confirmed,
    /// Where the request was corrected.
    Corrected,
    /// Where somebody was asked for an opinion.
    Consulted,
    /// Where the term was extended.
    Extended,
    /// Where a fee was asked for.
    Charged,
}

/// One material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// Words in the name of a file that is this material.
    #[schemars(title = "文件名里的词", length(min = 1))]
    pub files: Vec<String>,
    /// Clauses whose letters are this material.
    #[schemars(title = "文书编号")]
    pub letters: Vec<String>,
    /// When it must be there.
    #[schemars(title = "什么时候要有")]
    pub needed: Needed,
    /// For which outcomes, for `searched`.
    #[serde(default)]
    #[schemars(title = "答复情形")]
    pub outcomes: Vec<String>,
    /// Why, with the law.
    #[schemars(title = "为什么", length(min = 1))]
    pub why: String,
}

//! `book/rules/glossary.toml`: the words of the field, each with what it means and where that stands.

use super::kinds::Confidence;
use super::schema::ID;
use super::tree::Node;
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "术语表")]
pub(super) struct GlossaryTable {
    /// Terms, in file order.
    #[serde(default)]
    pub term: Vec<GlossaryTerm>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlossaryTerm {
    /// Stable id.
    #[schemars(title = "编号", regex(pattern = ID), length(min = 1))]
    pub id: String,
    /// The word.
    #[schemars(title = "术语", length(min = 1))]
    pub word: String,
    /// Other words for the same.
    #[serde(default)]
    #[schemars(title = "别的叫法")]
    pub also: Vec<String>,
    /// Longer words that hold it and mean something else.
    #[serde(default)]
    #[schemars(title = "不是它的词", description = "含有这几个字、意思不同的词，例如 被告 不是 被告知")]
    pub except: Vec<String>,
    /// Under which heading it is listed.
    #[schemars(title = "分组", length(min = 1))]
    pub group: String,
    /// What it means, in one or two sentences.
    #[schemars(title = "意思", length(min = 1))]
    pub meaning: String,
    /// Where that stands.
    #[serde(default)]
    #[schemars(title = "依据条文", description = "每条写明法规名称，例如 《政府信息公开条例》第十五条")]
    pub cites: Vec<String>,
    /// How sure it is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
}

impl GlossaryTerm {
    /// Where it stands on its page.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("term-{}", self.id)
    }

    /// The word and the other words for it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.word.as_str()).chain(self.also.iter().map(String::as_str))
    }
}

impl GlossaryTable {
    /// Reports words that stand twice: a reader could not be told which is meant.
    pub(super) fn check(&self, path: &str, node: &Node, report: &mut Report) {
        let rows = node.get("term").map(Node::items).unwrap_or_default();
        let mut seen = BTreeSet::new();
        for (term, row) in self.term.iter().zip(rows) {
            for word in term.words() {
                if !seen.insert(word) {
                    let place = Place::new(path, row.place_of("word", None));
                    let message = format!("「{word}」在术语表里写了两次");
                    report.push(
                        Diagnostic::error("duplicate-phrase", place, message).hint("合成一条，或者删去一个"),
                    );
                }
            }
        }
    }
}

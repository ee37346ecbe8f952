//! `book/rules/fee.toml`: what is charged for very many requests.

use super::kinds::Confidence;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "信息处理费")]
pub struct FeeTable {
    /// The two ways of charging.
    #[serde(default)]
    pub method: Vec<FeeRule>,
    /// What else to know.
    #[serde(default)]
    pub rule: Vec<FeeNote>,
}

/// By what is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeeMethod {
    /// By request of one applicant in one calendar month.
    Item,
    /// By page of one request.
    Page,
}

/// One way of charging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// Which.
    #[schemars(title = "编号")]
    pub id: FeeMethod,
    /// What staff read.
    #[schemars(title = "名称", length(min = 1))]
    pub title: String,
    /// 件, 页
    #[schemars(title = "单位", length(min = 1))]
    pub unit: String,
    /// Over what is summed up.
    #[schemars(title = "怎样累计", length(min = 1))]
    pub scope: String,
    /// So many are free.
    #[schemars(title = "免费数目")]
    pub free: u32,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// For staff.
    #[schemars(title = "提示")]
    pub note: Option<String>,
    /// The bands, the lowest first.
    #[schemars(title = "档次", length(min = 1))]
    pub band: Vec<FeeBand>,
}

/// One band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeBand {
    /// The first item or page in it.
    #[schemars(title = "从第几", range(min = 1, max = 1_000_000))]
    pub from: u32,
    /// Yuan for each.
    #[schemars(title = "每件、每页多少元", range(max = 1_000_000))]
    pub rate: u32,
    /// The rate rises again after so many.
    #[schemars(title = "再往上每多少一档", range(min = 1, max = 1_000_000))]
    pub every: Option<u32>,
    /// By so many yuan.
    #[schemars(title = "每档多收多少元", range(max = 1_000_000))]
    pub step: Option<u32>,
}

/// What else to know about fees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeNote {
    /// In a few words.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// In full.
    #[schemars(title = "内容", length(min = 1))]
    pub text: String,
    /// Legal ground.
    #[serde(default)]
    #[schemars(title = "依据")]
    pub citations: Vec<String>,
    /// How sure this is.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
}

impl FeeTable {
    /// One way of charging.
    #[must_use]
    pub fn method(&self, id: FeeMethod) -> Option<&FeeRule> {
        self.method.iter().find(|m| m.id == id)
    }

    /// Yuan for item or page number `n` (from 1), and the last number with the same rate; none where it never changes.
    #[must_use]
    pub fn rate(&self, method: FeeMethod, n: u32) -> (u64, Option<u32>) {
        let Some(rule) = self.method(method) else { return (0, None) };
        let next = rule.band.iter().map(|b| b.from).filter(|from| *from > n).min().map(|from| from - 1);
        let Some(band) = rule.band.iter().filter(|b| b.from <= n).max_by_key(|b| b.from) else {
            return (0, next);
        };
        match (band.every, band.step) {
            (Some(every), Some(step)) if every > 0 => {
                let tier = (n - band.from) / every;
                let last = band.from.saturating_add((tier + 1).saturating_mul(every)) - 1;
                let rate = u64::from(band.rate) + u64::from(step) * u64::from(tier);
                (rate, Some(next.map_or(last, |next| next.min(last))))
            }
            _ => (u64::from(band.rate), next),
        }
    }
}

//! `gongkai stats`: how much the handbook holds, and where it has gaps.

use super::output;
use super::{Ending, Project};
use crate::links::Coverage;
use std::path::Path;

/// Fewer cases than this about an answer are a gap.
const FEW_CASES: usize = 2;

/// Prints the counts.
pub fn run(root: Option<&Path>, json: bool) -> anyhow::Result<Ending> {
    let project = Project::load(root)?;
    if project.report.has_errors() {
        output::report(&project.report, &project.sources);
        output::note("内容里有错误，先改正上面的错误，再统计。");
        return Ok(Ending::Findings);
    }
    let coverage = Coverage::of(&project.corpus, &project.links);
    if json {
        output::print(&(serde_json::to_string_pretty(&as_json(&coverage))? + "\n"))?;
    } else {
        output::print(&text(&project, &coverage))?;
    }
    Ok(Ending::Fine)
}

fn as_json(coverage: &Coverage) -> serde_json::Value {
    let outcomes: Vec<_> = coverage
        .outcomes
        .iter()
        .map(|o| {
            serde_json::json!({
                "id": o.id, "title": o.title, "cases": o.cases, "questions": o.questions, "letters": o.letters,
            })
        })
        .collect();
    let unused = coverage.unused.as_ref().map(|(law, articles)| {
        let articles: Vec<String> = articles.iter().map(ToString::to_string).collect();
        serde_json::json!({ "law": law, "articles": articles })
    });
    serde_json::json!({
        "laws": coverage.laws,
        "articles_with_notes": coverage.articles_with_notes,
        "cases": coverage.cases,
        "cases_fictional": coverage.fictional,
        "cases_by_type": coverage.cases_by_type,
        "questions": coverage.questions,
        "letters": coverage.letters,
        "policies": coverage.policies,
        "guides": coverage.guides,
        "quiz": coverage.quiz,
        "drills": coverage.drills,
        "terms": coverage.terms,
        "unverified": coverage.unverified,
        "unreviewed": coverage.unreviewed,
        "characters": coverage.characters,
        "outcomes": outcomes,
        "unused_articles": unused,
    })
}

fn text(project: &Project, coverage: &Coverage) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!("法规　　{} 部，{} 条有要点", coverage.laws, coverage.articles_with_notes));
    line(format!("案例　　{} 个，其中教学示例（虚构）{} 个", coverage.cases, coverage.fictional));
    for case_type in &project.corpus.rules.case_types {
        let count = coverage.cases_by_type.get(&case_type.id).copied().unwrap_or_default();
        line(format!("　　　　　{} {count}", case_type.title));
    }
    line(format!("问答　　{} 个", coverage.questions));
    line(format!("文书　　{} 份", coverage.letters));
    line(format!("政策　　{} 份", coverage.policies));
    line(format!("指南　　{} 页", coverage.guides));
    line(format!("自测　　{} 题", coverage.quiz));
    line(format!("演练　　{} 个", coverage.drills));
    line(format!("术语　　{} 条", coverage.terms));
    line(format!("正文　　{} 字（不算导入的法规原文）", coverage.characters));
    line(format!("待核　　{} 处", coverage.unverified));
    line(format!("未审核　{} 页（列出来：gongkai check --unreviewed）", coverage.unreviewed));
    let thin: Vec<_> =
        coverage.outcomes.iter().filter(|o| o.decides && (o.cases < FEW_CASES || o.questions == 0)).collect();
    if !thin.is_empty() {
        line(String::new());
        line("案例少于两个，或者还没有问答的答复情形：".to_owned());
        for outcome in thin {
            line(format!(
                "  {}（{}）：案例 {}，问答 {}",
                outcome.title, outcome.id, outcome.cases, outcome.questions
            ));
        }
    }
    if let Some((law, articles)) = coverage.unused.as_ref().filter(|(_, articles)| !articles.is_empty()) {
        let title = project.corpus.laws.get(law).map_or(law.as_str(), |e| e.header.short.as_str());
        let places: Vec<String> = articles.iter().map(ToString::to_string).collect();
        line(String::new());
        line(format!("还没有案例、问答、文书用到的《{title}》条文：{}", places.join("、")));
    }
    out
}

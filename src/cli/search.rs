//! `gongkai search`: the handbook's search at the command line.

use super::output;
use super::{Ending, Project};
use crate::search::{Answer, Engine, Found, Kind, Options, Shelf};
use anyhow::bail;
use std::path::Path;

/// What the command was asked.
pub struct Asked<'a> {
    /// The words.
    pub query: &'a str,
    /// 法规 or `law`.
    pub kind: Option<&'a str>,
    /// At most so many hits.
    pub limit: usize,
    /// For programs.
    pub json: bool,
}

/// Prints what was found. Nothing found is no mistake.
pub fn run(root: Option<&Path>, asked: &Asked<'_>) -> anyhow::Result<Ending> {
    let kind = asked.kind.map(kind).transpose()?;
    let project = Project::load(root)?;
    if project.report.has_errors() {
        output::report(&project.report, &project.sources);
        output::note("内容里有错误，先改正上面的错误，再查。");
        return Ok(Ending::Findings);
    }
    let engine = Engine::new(Shelf::new(&project.corpus, &project.links, &project.edition));
    let options = Options { limit: asked.limit, kind: kind.map(Kind::name), ..Options::default() };
    let answer = engine.search(asked.query, &options);
    if asked.json {
        let mut hits = answer.hits;
        for hit in &mut hits {
            hit.marks = in_characters(&hit.snippet, &hit.marks);
        }
        output::print(&(serde_json::to_string_pretty(&hits)? + "\n"))?;
    } else {
        output::print(&page(&answer, asked.query, kind))?;
    }
    Ok(Ending::Fine)
}

fn kind(word: &str) -> anyhow::Result<Kind> {
    if let Some(kind) = Kind::ALL.into_iter().find(|k| k.label() == word || k.name() == word) {
        return Ok(kind);
    }
    let all: Vec<&str> = Kind::ALL.into_iter().map(Kind::label).collect();
    bail!("没有「{word}」这一类\n提示: --kind 可以写 {}", all.join("、"))
}

/// Marks counted in characters; the engine counts as a browser does.
fn in_characters(text: &str, marks: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut starts = vec![];
    for (nth, c) in text.chars().enumerate() {
        starts.extend(std::iter::repeat_n(nth, c.len_utf16()));
    }
    starts.push(text.chars().count());
    let at = |unit: usize| starts.get(unit).copied().unwrap_or(0);
    marks.iter().map(|(a, b)| (at(*a), at(*b))).collect()
}

fn page(answer: &Answer, query: &str, kind: Option<Kind>) -> String {
    let mut out = String::new();
    if let Some(reading) = &answer.reading {
        out.push_str(&format!("「{query}」按拼音找：{reading}\n\n"));
    }
    if answer.hits.is_empty() {
        out.push_str("没有找到。换几个字少一点、意思宽一点的词再试。\n");
    } else {
        // A filter leaves the counts of what it filters; here only what is shown is of interest.
        let counts = answer.facets.get("kind").map_or(&[][..], Vec::as_slice);
        let counts = counts.iter().filter(|(name, _)| kind.is_none_or(|k| k.name() == name));
        let label = |name: &str| Kind::ALL.into_iter().find(|k| k.name() == name).map_or("", Kind::label);
        let counts: Vec<String> = counts.map(|(kind, n)| format!("{} {n}", label(kind))).collect();
        out.push_str(&format!("找到 {} 处（{}）\n\n", answer.total, counts.join("，")));
    }
    for hit in &answer.hits {
        out.push_str(&one(hit));
    }
    if !answer.suggestions.is_empty() {
        out.push_str(&format!("也可以查：{}\n", answer.suggestions.join("、")));
    }
    out
}

fn one(hit: &Found) -> String {
    let law = hit.law.as_deref().filter(|l| *l != hit.title).map(named).unwrap_or_default();
    let mut notes: Vec<&str> = hit.badges.iter().map(String::as_str).collect();
    notes.extend(hit.state.filter(|s| *s != "现行有效"));
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join("，")) };
    let mut out = format!("{:>2}. [{}] {law}{}{notes}\n", hit.rank, hit.kind.label(), hit.title);
    if !hit.snippet.is_empty() {
        out.push_str(&format!("    {}\n", hit.snippet));
    }
    out.push_str(&format!("    {}\n\n", hit.url));
    out
}

/// A title in marks; marks inside are single.
fn named(title: &str) -> String {
    format!("《{}》", title.replace('《', "〈").replace('》', "〉"))
}

#[cfg(test)]
mod tests {
    use super::in_characters;

    #[test]
    fn marks_count_a_rare_character_once() {
        assert_eq!(in_characters("𠮷某申请", &[(2, 3), (3, 5)]), [(1, 2), (2, 4)]);
    }
}

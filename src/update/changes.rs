//! What changes, in the field's words, file by file.

use super::law::{LawChange, texts};
use super::rules::{holidays, rows, table_title};
use super::{Action, Side};
use crate::corpus::tree::{Node, Value};
use crate::corpus::{CALENDAR, Clause, Corpus, Entry, OfficialText, TEXTS};
use std::collections::BTreeMap;

/// Under what heading a file is shown. The order is the order of display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// 放假安排
    Holidays,
    /// 法规
    Laws,
    /// 规则表
    Rules,
    /// 文书
    Letters,
    /// 案例
    Cases,
    /// 问答
    Questions,
    /// 政策
    Policies,
    /// 指南
    Guides,
    /// 自测和演练
    Learning,
    /// 其他: how pages look, pictures, the table of contents
    Other,
}

impl Group {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Holidays => "放假安排",
            Self::Laws => "法规",
            Self::Rules => "规则表",
            Self::Letters => "文书条款和模板",
            Self::Cases => "案例",
            Self::Questions => "问答",
            Self::Policies => "政策",
            Self::Guides => "指南",
            Self::Learning => "自测和演练",
            Self::Other => "其他（目录、页面样式、图片）",
        }
    }

    /// The group of a file by its path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let folders = [
            (CALENDAR, Self::Holidays),
            ("book/laws/", Self::Laws),
            ("book/rules/", Self::Rules),
            ("templates/", Self::Letters),
            ("cases/", Self::Cases),
            ("book/questions/", Self::Questions),
            ("book/policies/", Self::Policies),
            ("book/quiz/", Self::Learning),
            ("book/drills/", Self::Learning),
            ("book/guide/", Self::Guides),
        ];
        let page = path.ends_with(".md") && path != "book/SUMMARY.md" && path != "book/404.md";
        let content = page || path.ends_with(".toml") || path.ends_with(".hbs");
        match folders.iter().find(|(folder, _)| path.starts_with(folder)) {
            Some((_, group)) if content => *group,
            None if page => Self::Guides,
            _ => Self::Other,
        }
    }
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// 新增
    Added,
    /// 修改
    Changed,
    /// 删去
    Removed,
}

impl Change {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Changed => "修改",
            Self::Removed => "删去",
        }
    }
}

/// One file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Heading.
    pub group: Group,
    /// What becomes of it.
    pub change: Change,
    /// Its path.
    pub path: String,
    /// What staff call it.
    pub title: String,
    /// What exactly, as far as it can be said.
    pub details: Vec<String>,
}

/// Every file that an update would write or remove, by group, then by path.
#[must_use]
pub fn changes(
    old: Side<'_>,
    new: Side<'_>,
    laws: &BTreeMap<String, LawChange>,
    plan: &BTreeMap<String, Action>,
) -> Vec<Item> {
    let mut all: Vec<Item> = plan
        .iter()
        .filter_map(|(path, action)| {
            let change = match action {
                Action::Add => Change::Added,
                Action::Replace => Change::Changed,
                Action::Remove => Change::Removed,
                Action::Same | Action::Own | Action::Conflict(_) => return None,
            };
            let group = Group::of(path);
            let title = title(new.corpus, path).or_else(|| title(old.corpus, path));
            let title = title.unwrap_or_else(|| path.clone());
            let details = match (group, change) {
                (_, Change::Removed) => vec![],
                (Group::Holidays, _) => {
                    stem(path).parse().map(|year| holidays(old, new, year)).unwrap_or_default()
                }
                (Group::Laws, _) => law(old, new, path, laws),
                (Group::Rules, Change::Changed) => {
                    let tree = |side: Side<'_>| {
                        let trees = &side.corpus.rules.trees;
                        trees.iter().find(|(p, _)| p == path).map(|(_, tree)| tree.to_json())
                    };
                    rows(tree(old).as_ref(), tree(new).as_ref())
                }
                (Group::Letters, Change::Changed) => letter(old, new, path),
                _ => vec![],
            };
            let details = details.into_iter().chain(notes(old, new, path)).collect();
            Some(Item { group, change, path: path.clone(), title, details })
        })
        .collect();
    all.sort_by(|a, b| (a.group, a.change, &a.path).cmp(&(b.group, b.change, &b.path)));
    all
}

/// The first few of a list, and how many there are.
pub(super) fn several(all: &[String], most: usize) -> String {
    let shown: Vec<&str> = all.iter().take(most).map(String::as_str).collect();
    let more = if all.len() > most { format!(" 等 {} 处", all.len()) } else { String::new() };
    format!("{}{more}", shown.join("、"))
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The header of the file of that path, where the handbook reads one.
fn header<'a>(corpus: &'a Corpus, path: &str) -> Option<(&'a str, &'a Node)> {
    macro_rules! find {
        ($map:expr) => {
            $map.values().find(|e| e.path == path).map(|e| (e.header.title.as_str(), &e.header_tree))
        };
    }
    if path.starts_with(TEXTS) {
        return None;
    }
    find!(corpus.laws)
        .or_else(|| find!(corpus.cases))
        .or_else(|| find!(corpus.questions))
        .or_else(|| find!(corpus.policies))
        .or_else(|| find!(corpus.quizzes))
        .or_else(|| find!(corpus.drills))
        .or_else(|| find!(corpus.guides))
        .or_else(|| find!(corpus.clauses))
        .or_else(|| find!(corpus.shells))
}

/// What staff call a file; `None` where the handbook does not hold it.
#[must_use]
pub fn title(corpus: &Corpus, path: &str) -> Option<String> {
    if let Some(text) = official(corpus, path) {
        return Some(format!("《{}》原文（{}）", text.title, text.effective));
    }
    if let Some((title, _)) = header(corpus, path) {
        return Some(match path {
            p if p.starts_with("templates/letters/") => format!("框架：{title}"),
            p if p.starts_with("templates/clauses/") => format!("《{title}》"),
            _ => title.to_owned(),
        });
    }
    let name = stem(path);
    match path {
        "book/SUMMARY.md" => Some("手册的目录".to_owned()),
        "book/404.md" => Some("找不到网页时的说明".to_owned()),
        p if p.starts_with("templates/partials/") => {
            corpus.partials.contains_key(name).then(|| format!("片段：{name}"))
        }
        p if p.starts_with(CALENDAR) && name.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{name}年放假安排"))
        }
        p if p.starts_with("book/rules/") => Some(table_title(name).to_owned()),
        _ => None,
    }
}

fn official<'a>(corpus: &'a Corpus, path: &str) -> Option<&'a OfficialText> {
    let entry: Option<&Entry<OfficialText>> = corpus.texts.values().flatten().find(|e| e.path == path);
    entry.map(|e| &e.header)
}

/// What changed in a law's file, or in one of its texts.
fn law(old: Side<'_>, new: Side<'_>, path: &str, laws: &BTreeMap<String, LawChange>) -> Vec<String> {
    if !path.starts_with(TEXTS) {
        let Some(change) = laws.get(stem(path)) else { return vec![] };
        let notes = LawChange {
            whole: vec![],
            articles: change
                .articles
                .iter()
                .filter(|(_, w)| w.starts_with("要点"))
                .map(|(a, w)| (*a, *w))
                .collect(),
        };
        return change.whole.iter().cloned().chain(notes.said()).collect();
    }
    let Some(now) = official(new.corpus, path) else { return vec![] };
    // The same version as it was, or the one that was in force so far.
    let then = official(old.corpus, path).or_else(|| old.corpus.text(&now.law));
    let Some(then) = then else { return vec!["第一次有这部法规的原文".to_owned()] };
    let mut change = LawChange::default();
    texts(&then.statute, &now.statute, &mut change.articles);
    match change.said() {
        said if said.is_empty() => vec![format!("和原来的原文（{}）逐条相同", then.effective)],
        said => said.into_iter().map(|s| format!("和原来的原文（{}）比，{s}", then.effective)).collect(),
    }
}

/// What changed in a template, and for which letters.
fn letter(old: Side<'_>, new: Side<'_>, path: &str) -> Vec<String> {
    let clause = |side: Side<'_>| side.corpus.clauses.values().find(|e| e.path == path).cloned();
    let (Some(then), Some(now)) = (clause(old), clause(new)) else { return vec![] };
    let mut all = vec![];
    if then.body().trim() != now.body().trim() {
        all.push("正文改了".to_owned());
    }
    let (a, b): (&Clause, &Clause) = (&then.header, &now.header);
    if (&a.heading, &a.closing) != (&b.heading, &b.closing) {
        all.push("标题或者结尾语改了".to_owned());
    }
    if a.outcome != b.outcome || a.shell != b.shell {
        all.push("答复情形或者框架换了".to_owned());
    }
    if a.cites != b.cites {
        all.push(format!("依据：{} → {}", a.cites.join("、"), b.cites.join("、")));
    }
    if a.use_when != b.use_when || a.avoid_when != b.avoid_when || a.proof != b.proof {
        all.push("什么时候用、要留存的材料，说明改了".to_owned());
    }
    if a.parameters != b.parameters {
        let label = |p: &crate::corpus::Parameter| p.label.clone();
        let gone = a.parameters.iter().filter(|p| b.parameters.iter().all(|q| q.name != p.name));
        let come = b.parameters.iter().filter(|p| a.parameters.iter().all(|q| q.name != p.name));
        let other = b.parameters.iter().filter(|p| a.parameters.iter().any(|q| q.name == p.name && q != *p));
        for (word, fields) in [
            ("要填的字段新增", come.map(label).collect::<Vec<_>>()),
            ("要填的字段删去", gone.map(label).collect()),
            ("要填的字段修改", other.map(label).collect()),
        ] {
            if !fields.is_empty() {
                all.push(format!("{word}：{}", several(&fields, 12)));
            }
        }
    }
    all
}

/// The 更新说明 that are new in the header of a file.
fn notes(old: Side<'_>, new: Side<'_>, path: &str) -> Vec<String> {
    let of = |side: Side<'_>| -> Vec<String> {
        let Some((_, tree)) = header(side.corpus, path) else { return vec![] };
        let rows = tree.get("changes").map(Node::items).unwrap_or_default();
        let word = |row: &Node, key: &str| match row.get(key).map(|n| &n.value) {
            Some(Value::Text(text) | Value::Date(text)) => text.clone(),
            _ => String::new(),
        };
        rows.iter()
            .map(|row| {
                format!("更新说明：{} {}（{}）", word(row, "date"), word(row, "what"), word(row, "why"))
            })
            .collect()
    };
    let before = of(old);
    of(new).into_iter().filter(|note| !before.contains(note)).collect()
}

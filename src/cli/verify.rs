//! `gongkai letter verify`: which template, laws and calendar a letter came from, and whether its text was changed since.

use super::{Ending, Project, output};
use crate::disk;
use crate::letter::origin::{self, Change, Origin, Snapshot};
use anyhow::bail;
use serde_json::json;
use std::path::Path;

/// Largest document that is read, in bytes.
const LARGEST: u64 = 20 * 1024 * 1024;

/// Runs the command: findings where the text was changed.
pub fn run(project: &Project, file: &Path, as_json: bool) -> anyhow::Result<Ending> {
    let bytes = disk::read_bytes(file, LARGEST)?;
    let shown = file.display();
    let origin = match Origin::read(&bytes) {
        Ok(Some(origin)) => origin,
        Ok(None) => bail!(
            "{shown} 里没有来源记录：不是 gongkai 生成的，或者换过格式、另存时丢了\n提示: 要检查文字，用 gongkai letter check {shown}"
        ),
        Err(message) => bail!("{shown}：{message}\n提示: 这个命令只认 gongkai 生成的 .docx"),
    };
    let judged = Judged::of(project, &origin);
    if as_json {
        output::print(&format!("{}\n", serde_json::to_string_pretty(&judged.json(&origin))?))?;
    } else {
        output::print(&judged.text())?;
    }
    Ok(if judged.changes.as_ref().is_none_or(Vec::is_empty) { Ending::Fine } else { Ending::Findings })
}

/// What the document says, against what the handbook says now.
struct Judged {
    title: String,
    template: &'static str,
    versions: Vec<String>,
    laws_same: bool,
    calendar: String,
    calendar_now: String,
    changes: Option<Vec<Change>>,
}

const SAME: &str = "和手册现在的一样";
const CHANGED: &str = "手册里的模板后来改过，重新生成会不一样";
const GONE: &str = "手册里已经没有这种文书";

impl Judged {
    fn of(project: &Project, origin: &Origin) -> Self {
        let corpus = &project.corpus;
        let now = Snapshot::of(corpus);
        let letter = origin.get("letter").unwrap_or_default();
        let items = origin.get("items").unwrap_or_default().split(' ').filter(|id| !id.is_empty());
        let ids: Vec<&str> = std::iter::once(letter).chain(items).collect();
        let title =
            |id: &str| corpus.clauses.get(id).map_or_else(|| id.to_owned(), |c| c.header.title.clone());
        let current: Option<Vec<String>> = ids.iter().map(|id| origin::current(corpus, id)).collect();
        let template = match current {
            None => GONE,
            Some(all) if all.join(" ") == origin.get("template").unwrap_or_default() => SAME,
            Some(_) => CHANGED,
        };
        let version = |pair: &str| {
            let (id, day) = pair.split_once('@').unwrap_or((pair, ""));
            let title = corpus.laws.get(id).map_or_else(|| id.to_owned(), |e| e.header.title.clone());
            let last = corpus.laws.get(id).and_then(|e| e.header.versions.last());
            let newer = last.is_some_and(|v| v.effective.as_deref().unwrap_or_default() != day);
            let day = if day.is_empty() {
                "施行日期未核".to_owned()
            } else {
                format!("{day} 起施行的版本")
            };
            format!("《{title}》{day}{}", if newer { "，手册里已经有别的版本" } else { "" })
        };
        let versions = origin.get("versions").unwrap_or_default().split(' ').filter(|p| !p.is_empty());
        Self {
            title: ids.iter().map(|id| title(id)).collect::<Vec<_>>().join("，其中："),
            template,
            versions: versions.map(version).collect(),
            laws_same: origin.get("laws") == Some(now.laws.as_str()),
            calendar: origin.get("calendar").unwrap_or_default().to_owned(),
            calendar_now: now.calendar,
            changes: origin.changes(),
        }
    }

    fn text(&self) -> String {
        let mut out = format!("文书：{}\n模板：{}\n", self.title, self.template);
        for (at, version) in self.versions.iter().enumerate() {
            out.push_str(&format!("{}{version}\n", if at == 0 { "法规：" } else { "　　　" }));
        }
        let laws = if self.laws_same { SAME } else { "手册里的法规资料后来改过" };
        out.push_str(&format!("法规资料：{laws}\n"));
        let calendar = if self.calendar == self.calendar_now {
            SAME.to_owned()
        } else {
            format!("手册现在到 {}，期限可能要重算：gongkai deadline recheck", self.calendar_now)
        };
        out.push_str(&format!("放假安排：到 {}，{calendar}\n", self.calendar));
        match self.changes.as_deref() {
            None => out.push_str("文字：文件没有记下生成时的文字，看不出改没改过\n"),
            Some([]) => out.push_str("文字：生成以后没有改过\n"),
            Some(changes) => {
                out.push_str(&format!("文字：生成以后改过 {} 处\n", changes.len()));
                for change in changes {
                    out.push_str(&format!("  {}\n", sentence(change)));
                }
                out.push_str("改过的文书要再检查一遍：gongkai letter check 文件\n");
            }
        }
        out
    }

    fn json(&self, origin: &Origin) -> serde_json::Value {
        let change = |c: &Change| json!({ "before": [c.before.start + 1, c.before.end], "now": c.now });
        json!({
            "letter": origin.get("letter"),
            "items": origin.get("items"),
            "template": origin.get("template"),
            "template_same": self.template == SAME,
            "versions": origin.get("versions"),
            "laws": origin.get("laws"),
            "laws_same": self.laws_same,
            "calendar": self.calendar,
            "calendar_same": self.calendar == self.calendar_now,
            "program": origin.get("program"),
            "changed": self.changes.as_ref().map(|all| !all.is_empty()),
            "changes": self.changes.as_ref().map(|all| all.iter().map(change).collect::<Vec<_>>()),
        })
    }
}

/// 第3段改成了：…
fn sentence(change: &Change) -> String {
    let first = change.before.start + 1;
    let which = match change.before.len() {
        0 => format!("第{}段后面加了", change.before.start),
        1 => format!("第{first}段"),
        _ => format!("第{first}至{}段", change.before.end),
    };
    match (change.before.len(), change.now.is_empty()) {
        (_, true) => format!("{which}删去了"),
        (0, false) => format!("{which}：{}", cut(&change.now.join(" / "))),
        (_, false) => format!("{which}改成了：{}", cut(&change.now.join(" / "))),
    }
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}……") } else { short }
}

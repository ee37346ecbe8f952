//! `gongkai law diff`: two versions side by side.

use super::corpus;
use crate::cli::{Ending, output};
use crate::corpus::{Corpus, Edition};
use crate::statute::{Change, Pair, Piece, compare, pieces};
use anyhow::bail;
use std::fmt::Write as _;
use std::path::Path;
use unicode_width::UnicodeWidthChar;

/// Width of one column of the table, in cells of the terminal.
const COLUMN: usize = 46;

/// Compares two versions of a law and prints what changed.
pub fn run(
    root: Option<&Path>,
    law: &str,
    (from, to): (Option<&str>, Option<&str>),
    json: bool,
) -> anyhow::Result<Ending> {
    let corpus = corpus(root)?;
    let Some(crate::citation::Law::Known(id)) = corpus.names.named(law) else {
        let near = crate::text::nearest(law, corpus.laws.keys().map(String::as_str));
        let near = near.map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        bail!("手册里没有「{law}」这部法规。{near}\n提示: 用 gongkai law list 看编号和版本");
    };
    let (old, new) = versions(&corpus, &id, from, to)?;
    let (Some(a), Some(b)) = (old.text, new.text) else { bail!("两个版本的原文都要先导入") };
    let rows = compare(&a.statute, &b.statute);
    output::print(&if json { machine(&rows)? } else { table(&old, &new, &rows) })?;
    Ok(Ending::Fine)
}

/// The two versions that are meant; the last two that were imported where none is named.
fn versions<'a>(
    corpus: &'a Corpus,
    id: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> anyhow::Result<(Edition<'a>, Edition<'a>)> {
    let all = corpus.editions(id);
    let known: Vec<String> = all
        .iter()
        .map(|e| {
            format!(
                "{}（{}，{}）",
                e.key(),
                e.label(),
                if e.text.is_some() { "原文已导入" } else { "原文没有导入" }
            )
        })
        .collect();
    let known = format!("提示: 有这些版本：{}", known.join("、"));
    let pick = |wanted: &str| -> anyhow::Result<Edition<'a>> {
        let hits: Vec<Edition<'a>> = all
            .iter()
            .filter(|e| e.key() == wanted || e.label() == wanted || e.made() == Some(wanted))
            .copied()
            .collect();
        let hits = if hits.is_empty() {
            let near = |d: Option<&str>| d.is_some_and(|d| d.starts_with(wanted));
            all.iter()
                .filter(|e| near(e.since()) || near(e.made()) || e.label().starts_with(wanted))
                .copied()
                .collect()
        } else {
            hits
        };
        match hits.as_slice() {
            [one] if one.text.is_some() => Ok(*one),
            [one] => bail!("{}的原文没有导入，没法比较\n提示: gongkai law import 文件", one.label()),
            [] => bail!("没有「{wanted}」这个版本\n{known}"),
            _ => bail!("「{wanted}」不止一个版本\n{known}"),
        }
    };
    let imported: Vec<Edition<'a>> = all.iter().filter(|e| e.text.is_some()).copied().collect();
    match (from, to) {
        (Some(from), Some(to)) => Ok((pick(from)?, pick(to)?)),
        (Some(from), None) => {
            let old = pick(from)?;
            let Some(new) = imported.last().filter(|e| e.key() != old.key()) else {
                bail!("只导入了这一个版本，没有可以比较的\n{known}")
            };
            Ok((old, *new))
        }
        _ => match imported.as_slice() {
            [.., old, new] => Ok((*old, *new)),
            _ => bail!("要导入两个版本的原文才能比较，现在导入了 {} 个\n{known}", imported.len()),
        },
    }
}

fn machine(rows: &[Pair<'_>]) -> anyhow::Result<String> {
    let name = |c: Change| match c {
        Change::Same => "same",
        Change::Renumbered => "renumbered",
        Change::Changed => "changed",
        Change::Added => "added",
        Change::Removed => "removed",
    };
    let side = |a: Option<&crate::statute::Article>| {
        a.map(|a| serde_json::json!({ "label": a.label, "number": a.number, "sub": a.sub, "text": a.text() }))
    };
    let all: Vec<_> = rows
        .iter()
        .map(|r| serde_json::json!({ "change": name(r.change), "old": side(r.old), "new": side(r.new) }))
        .collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&all)?))
}

fn table(old: &Edition<'_>, new: &Edition<'_>, rows: &[Pair<'_>]) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "《{}》\n旧：{}　施行 {}\n新：{}　施行 {}",
        new.law.title,
        old.label(),
        old.since().unwrap_or("未知"),
        new.label(),
        new.since().unwrap_or("未知")
    );
    let count = |c: Change| rows.iter().filter(|r| r.change == c).count();
    let counts: Vec<String> =
        [Change::Added, Change::Removed, Change::Changed, Change::Renumbered, Change::Same]
            .iter()
            .map(|c| format!("{} {} 条", c.label(), count(*c)))
            .collect();
    let _ = writeln!(out, "{}。〔－旧文－〕是删去的，〔＋新文＋〕是加上的。\n", counts.join("，"));
    for row in rows {
        let label = |a: Option<&crate::statute::Article>| a.map_or("—".to_owned(), |a| a.label.clone());
        match row.change {
            Change::Same => {}
            Change::Renumbered => {
                let _ = writeln!(out, "■ {} → {}　只改条号\n", label(row.old), label(row.new));
            }
            _ => {
                let _ = writeln!(out, "■ {} → {}　{}", label(row.old), label(row.new), row.change.label());
                columns(&mut out, row);
                out.push('\n');
            }
        }
    }
    out
}

/// Old text on the left, new text on the right.
fn columns(out: &mut String, row: &Pair<'_>) {
    let text = |a: Option<&crate::statute::Article>| a.map(crate::statute::Article::text).unwrap_or_default();
    let (mut left, mut right) = (String::new(), String::new());
    if row.change == Change::Changed {
        for piece in pieces(&text(row.old), &text(row.new)) {
            match piece {
                Piece::Kept(t) => {
                    left.push_str(&t);
                    right.push_str(&t);
                }
                Piece::Removed(t) => left.push_str(&format!("〔－{t}－〕")),
                Piece::Added(t) => right.push_str(&format!("〔＋{t}＋〕")),
            }
        }
    } else {
        (left, right) = (text(row.old), text(row.new));
    }
    let (left, right) = (wrapped(&left), wrapped(&right));
    for i in 0..left.len().max(right.len()) {
        let (a, b) = (left.get(i).map_or("", String::as_str), right.get(i).map_or("", String::as_str));
        let fill = COLUMN.saturating_sub(width(a));
        let _ = writeln!(out, "{}", format!("  {a}{}│ {b}", " ".repeat(fill)).trim_end());
    }
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Lines of at most [`COLUMN`] cells.
fn wrapped(text: &str) -> Vec<String> {
    let mut all = vec![];
    for line in text.lines() {
        let mut current = String::new();
        for c in line.chars() {
            if width(&current) + c.width().unwrap_or(0) > COLUMN - 1 {
                all.push(std::mem::take(&mut current));
            }
            current.push(c);
        }
        all.push(current);
    }
    all
}

//! `gongkai law`: official texts in and out.

mod diff;
mod import;
mod show;

use super::{Ending, LawCommand, output, project};
use crate::calendar::Date;
use crate::corpus::Corpus;
use crate::disk;
use crate::statute::{self, Kind, Statute, Text, Unreadable};
use crate::text::{Report, Sources};
use anyhow::bail;
use std::fmt::Write as _;
use std::path::Path;

/// Runs one of the commands.
pub fn run(root: Option<&Path>, command: LawCommand) -> anyhow::Result<Ending> {
    match command {
        LawCommand::Parse { file, json } => parse(&file, json),
        LawCommand::Import(args) => import::run(root, &args),
        LawCommand::Show { citation, on } => show::run(root, &citation, on.as_deref()),
        LawCommand::List { json } => show::list(root, json),
        LawCommand::Diff { law, from, to, json } => {
            diff::run(root, &law, (from.as_deref(), to.as_deref()), json)
        }
    }
}

/// The laws of the handbook around; outside of one, those that the program brings along.
pub fn corpus(root: Option<&Path>) -> anyhow::Result<Corpus> {
    let here = || std::env::current_dir().ok().and_then(|here| disk::find_root(&here));
    let root = match root {
        Some(root) => Some(project::find(Some(root))?),
        None => here(),
    };
    let mut report = Report::default();
    let sources = match root {
        Some(root) => {
            project::whole(&root)?;
            disk::read_sources(&root, &mut report)?
        }
        None => super::init::own_laws(),
    };
    Ok(Corpus::load(&sources, &mut report))
}

/// A day given on the command line.
pub fn date(text: &str) -> anyhow::Result<String> {
    match Date::parse(text) {
        Some(date) => Ok(date.to_string()),
        None => bail!("「{text}」不是日期\n提示: 写成 2018-06-01 这样"),
    }
}

/// Reads and takes apart a file; `None` if it cannot be read, and then that was said.
fn read(file: &Path) -> anyhow::Result<Option<(Vec<u8>, Text)>> {
    let bytes = disk::read_bytes(file, statute::LARGEST)?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    match statute::read(&name, &bytes) {
        Ok(text) => Ok(Some((bytes, text))),
        Err(unreadable) => {
            complain(file, &unreadable, &bytes);
            Ok(None)
        }
    }
}

/// Shows why a file cannot be read, with its place where that is known.
fn complain(file: &Path, unreadable: &Unreadable, bytes: &[u8]) {
    use crate::text::{Diagnostic, Place};
    let path = file.display().to_string().replace('\\', "/");
    let mut sources = Sources::default();
    let mut report = Report::default();
    let mut diagnostic = Diagnostic::placeless("unreadable", unreadable.message.clone());
    let at = unreadable.at.unwrap_or(0);
    if unreadable.at.is_some() {
        // What can be shown of the line.
        let start = bytes.get(..at).and_then(|b| b.iter().rposition(|b| *b == b'\n')).map_or(0, |i| i + 1);
        let before = bytes.get(..start).unwrap_or_default().iter().filter(|b| **b == b'\n').count();
        let line = bytes.get(start..bytes.len().min(at + 60)).unwrap_or_default();
        let line =
            String::from_utf8_lossy(line.split(|b| *b == b'\n').next().unwrap_or_default()).into_owned();
        let column = String::from_utf8_lossy(bytes.get(start..at).unwrap_or_default()).len();
        sources.insert(path.as_str(), format!("{}{line}", "\n".repeat(before.min(1_000_000))));
        let from = before.min(1_000_000) + column;
        diagnostic.place = Some(Place::new(path, from..from + 3));
    } else {
        diagnostic.place = Some(Place::new(path, 0..0));
    }
    report.push(diagnostic.hint(unreadable.hint));
    output::report(&report, &sources);
}

/// Prints the structure of a file, and keeps nothing.
fn parse(file: &Path, json: bool) -> anyhow::Result<Ending> {
    let Some((_, text)) = read(file)? else { return Ok(Ending::Findings) };
    let statute = &text.parsed.statute;
    if json {
        let mut out = serde_json::to_string_pretty(statute)?;
        out.push('\n');
        output::print(&out)?;
    } else {
        output::print(&format!("{}{}", summary(statute), outline(statute)))?;
    }
    Ok(Ending::Fine)
}

/// What was found in a text, in a few lines.
fn summary(statute: &Statute) -> String {
    let mut out = String::new();
    let title = if statute.title.is_empty() { "（没有找到标题）" } else { &statute.title };
    let _ = writeln!(out, "{title}");
    for info in statute.info.iter().take(6) {
        let _ = writeln!(out, "  {info}");
    }
    if statute.info.len() > 6 {
        let _ = writeln!(out, "  ……共 {} 行说明", statute.info.len());
    }
    let count = |n: usize, what: &str| if n > 0 { format!("，{n} {what}") } else { String::new() };
    let paragraphs: usize = statute.articles.iter().map(|a| a.paragraphs.len()).sum();
    let items: usize = statute.articles.iter().flat_map(|a| &a.paragraphs).map(|p| p.items.len()).sum();
    let headings = statute.headings.iter().filter(|h| h.level < 8).count();
    let unit = match statute.kind {
        Kind::Articles => "条",
        Kind::Enumerated => "部分（一、二、三、）",
        Kind::Table => "条（这份文件只有表格）",
    };
    let range = match (statute.articles.first(), statute.articles.last()) {
        (Some(first), Some(last)) => format!("（{}到{}）", first.label, last.label),
        _ => String::new(),
    };
    let _ = writeln!(
        out,
        "  找到 {} {unit}{range}，{paragraphs} 款，{items} 项{}{}{}",
        statute.articles.len(),
        count(headings, "个章节标题"),
        count(statute.annexes.len(), "个附件"),
        count(statute.notes.len(), "条脚注"),
    );
    for warning in statute.warnings.iter().take(20) {
        let line = if warning.line > 0 { format!("第 {} 行：", warning.line) } else { String::new() };
        let _ = writeln!(out, "  提醒: {line}{}", warning.message);
    }
    if statute.warnings.len() > 20 {
        let _ = writeln!(out, "  提醒: 一共 {} 处，上面只列出前 20 处", statute.warnings.len());
    }
    out
}

/// The headings and articles, a line each.
fn outline(statute: &Statute) -> String {
    let mut out = String::from("\n");
    let mut headings = statute.headings.iter().peekable();
    for (index, article) in statute.articles.iter().enumerate() {
        while let Some(heading) = headings.next_if(|h| h.before <= index) {
            let _ = writeln!(out, "{}{}", "  ".repeat(usize::from(heading.level.min(3))), heading.text);
        }
        let text = article.text();
        let first: String = text.chars().take(24).map(|c| if c == '\n' { ' ' } else { c }).collect();
        let more = if text.chars().count() > 24 { "…" } else { "" };
        let parts = article.structure();
        let shape = match parts.as_slice() {
            [] | [0] => String::new(),
            parts => format!(
                "（{} 款；项数 {}）",
                parts.len(),
                parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
            ),
        };
        let _ = writeln!(out, "        {}　{first}{more}{shape}", article.label);
    }
    for annex in &statute.annexes {
        let _ = writeln!(out, "{}（{} 字）", annex.title, annex.text.chars().count());
    }
    out
}

//! `gongkai letter check` and `gongkai explain`: finished letters read again, and why a rule is there.

use super::{Ending, LetterCheckArgs, Project, deadline, output};
use crate::calendar::Date;
use crate::disk;
use crate::letter::review::{self, Asked, Finding, LARGEST, RULES, Rule, Severity};
use crate::letter::{self, COMMAND_LINE, Input, Request};
use crate::text::{Level, Report, Sources, nearest};
use anyhow::bail;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Largest request file, in bytes.
const LARGEST_REQUEST: u64 = 2 * 1024 * 1024;

/// Characters of a paragraph shown before and behind the words that are wrong.
const AROUND: usize = 24;

/// What was found in one file.
struct Checked {
    /// The file as messages name it.
    shown: String,
    /// Whether its places are lines of a text.
    lines: bool,
    findings: Vec<Finding>,
    /// What filling a request complained of.
    report: Report,
    sources: Sources,
}

/// Checks a letter, or the letter that a request file would become.
pub fn check(project: &Project, args: &LetterCheckArgs) -> anyhow::Result<Ending> {
    if args.file.as_os_str() == "-" {
        bail!("要检查的是一个文件，不能从标准输入读\n提示: gongkai letter check 答复书.docx");
    }
    let on = args.date.as_deref().map(deadline::date).transpose()?;
    let toml = args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let checked = if toml { request(project, args)? } else { file(project, &args.file, on)? };
    let (errors, _) = checked.counts();
    if args.sarif {
        output::print(&format!("{}\n", serde_json::to_string_pretty(&checked.sarif())?))?;
    } else if args.json {
        output::print(&format!("{}\n", serde_json::to_string_pretty(&checked.json())?))?;
    } else {
        checked.tell()?;
    }
    Ok(if errors > 0 { Ending::Findings } else { Ending::Fine })
}

fn file(project: &Project, path: &Path, on: Option<Date>) -> anyhow::Result<Checked> {
    let bytes = disk::read_bytes(path, LARGEST)?;
    let shown = path.display().to_string().replace('\\', "/");
    let lines = !bytes.starts_with(b"PK");
    let reviewed = review::read(&bytes).map_err(|error| anyhow::anyhow!("读不了 {shown}：{error}"))?;
    let findings = review::review(&project.corpus, &reviewed, Asked { agency: &project.agency, on });
    Ok(Checked { shown, lines, findings, report: Report::default(), sources: project.sources.clone() })
}

/// Fills the letter as `letter fill` does, and reads it again.
fn request(project: &Project, args: &LetterCheckArgs) -> anyhow::Result<Checked> {
    let mut report = Report::default();
    let shown = args.file.display().to_string().replace('\\', "/");
    let text = disk::read_text(&args.file, LARGEST_REQUEST, &mut report)?;
    let set: Vec<(String, String)> = args.date.iter().map(|d| ("date".to_owned(), d.clone())).collect();
    let mut sources = project.sources.clone();
    sources.insert(shown.as_str(), text.as_str());
    sources.insert(COMMAND_LINE, set.iter().map(|(n, v)| format!("{n}={v}\n")).collect::<String>());
    let input = Input { path: &shown, text: &text, set: &set };
    let letter = if report.has_errors() {
        None
    } else {
        Request::read(&project.corpus, &project.agency, input, &mut report)
            .and_then(|request| letter::fill(&project.corpus, &request, &mut report))
    };
    let mut findings = vec![];
    if let Some(letter) = letter {
        let bytes = letter::docx::write(&letter)?;
        let reviewed = review::read(&bytes).map_err(|error| anyhow::anyhow!("读不了生成的文书：{error}"))?;
        findings = review::review(&project.corpus, &reviewed, Asked { agency: &project.agency, on: None });
        // What filling has said already is not said again.
        let said: BTreeSet<&str> = report.sorted().iter().map(|d| d.code).collect();
        findings.retain(|f| !said.contains(f.rule));
    }
    Ok(Checked { shown, lines: false, findings, report, sources })
}

impl Checked {
    fn counts(&self) -> (usize, usize) {
        let told = self.report.sorted();
        let errors = self.findings.iter().filter(|f| f.severity == Severity::Error).count()
            + told.iter().filter(|d| d.level == Level::Error).count();
        (errors, self.findings.len() + told.len() - errors)
    }

    /// For people.
    fn tell(&self) -> anyhow::Result<()> {
        let (errors, warnings) = self.counts();
        if errors + warnings == 0 {
            return output::print(&format!(
                "{}：没有找到问题。事实对不对程序看不出来，发出以前还要自己通读一遍。\n",
                self.shown
            ));
        }
        if !self.report.is_empty() {
            output::report(&self.report, &self.sources);
        }
        let mut out = String::new();
        for finding in &self.findings {
            out.push_str(&self.shown_finding(finding));
        }
        if !self.findings.is_empty() {
            let _ = writeln!(out, "共 {errors} 处错误，{warnings} 处提醒。");
        }
        out.push_str(&closing(&self.rules()));
        output::note(&out);
        Ok(())
    }

    /// Rules that spoke, in the order of the catalogue.
    fn rules(&self) -> Vec<&'static Rule> {
        let told = self.report.sorted();
        let spoke =
            |r: &&Rule| self.findings.iter().any(|f| f.rule == r.id) || told.iter().any(|d| d.code == r.id);
        RULES.iter().filter(spoke).collect()
    }

    fn shown_finding(&self, finding: &Finding) -> String {
        let level = if finding.severity == Severity::Error { "错误" } else { "提醒" };
        let mut out = format!("{level}: {}\n --> {} {}\n", finding.message, self.shown, finding.place);
        if let Some((excerpt, indent, width)) = excerpt(finding) {
            let carets = "^".repeat(width.max(1));
            let _ = write!(out, "  |\n  | {excerpt}\n  | {}{carets}\n", " ".repeat(indent));
        }
        let _ = write!(out, "  = 提示: {}\n\n", finding.hint);
        out
    }

    /// For programs.
    fn json(&self) -> Json {
        let (errors, warnings) = self.counts();
        let mut findings: Vec<Json> = vec![];
        for row in self.told_rows() {
            findings.push(json!({
                "rule": row["code"],
                "title": review::rule(row["code"].as_str().unwrap_or_default()).map(|r| r.title),
                "severity": row["level"],
                "place": place_of(&row),
                "paragraph": Json::Null,
                "start": Json::Null,
                "end": Json::Null,
                "words": "",
                "line": "",
                "message": row["message"],
                "hint": row["hint"],
            }));
        }
        for f in &self.findings {
            let characters = |byte: usize| f.line.get(..byte).map_or(0, |t| t.chars().count());
            findings.push(json!({
                "rule": f.rule,
                "title": review::rule(f.rule).map(|r| r.title),
                "severity": f.severity,
                "place": f.place,
                "paragraph": f.paragraph.map(|at| at + 1),
                "start": f.paragraph.map(|_| characters(f.range.start)),
                "end": f.paragraph.map(|_| characters(f.range.end)),
                "words": f.words(),
                "line": f.line,
                "message": format!("{}（规则：{}）", f.message, f.rule),
                "hint": f.hint,
            }));
        }
        json!({ "file": self.shown, "errors": errors, "warnings": warnings, "findings": findings })
    }

    /// What filling complained of, as JSON.
    fn told_rows(&self) -> Vec<Json> {
        match self.report.to_json(&self.sources) {
            Json::Array(rows) => rows,
            _ => vec![],
        }
    }

    /// SARIF 2.1.0, for editors and services that show findings.
    fn sarif(&self) -> Json {
        let rules: Vec<Json> = RULES.iter().map(sarif_rule).collect();
        let artifact = json!({ "uri": uri(&self.shown) });
        let mut results: Vec<Json> = vec![];
        for row in self.told_rows() {
            let mut physical = json!({ "artifactLocation": artifact });
            if let (Some(line), Some(column)) = (row["line"].as_u64(), row["column"].as_u64()) {
                physical["region"] = json!({ "startLine": line, "startColumn": column });
            }
            results.push(sarif_result(
                row["code"].as_str().unwrap_or_default(),
                row["level"].as_str().unwrap_or("error"),
                (row["message"].as_str().unwrap_or_default(), row["hint"].as_str().unwrap_or_default()),
                &json!([{ "physicalLocation": physical }]),
            ));
        }
        for f in &self.findings {
            let mut physical = json!({ "artifactLocation": artifact });
            let line = f.place.trim_start_matches('第').trim_end_matches('行').parse::<u64>();
            if let (true, Ok(line)) = (self.lines, line) {
                physical["region"] = json!({ "startLine": line });
            }
            let logical =
                json!([{ "name": f.place, "fullyQualifiedName": format!("{} {}", self.shown, f.place) }]);
            let level = if f.severity == Severity::Error { "error" } else { "warning" };
            let locations = json!([{ "physicalLocation": physical, "logicalLocations": logical }]);
            results.push(sarif_result(f.rule, level, (&f.message, &f.hint), &locations));
        }
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "gongkai", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        })
    }
}

fn place_of(row: &Json) -> String {
    match (row["line"].as_u64(), row["column"].as_u64()) {
        (Some(line), Some(column)) => format!("第{line}行第{column}字"),
        _ => String::new(),
    }
}

fn sarif_rule(rule: &Rule) -> Json {
    let level = if rule.severity == Severity::Error { "error" } else { "warning" };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": format!("依据：{}\n怎样改：{}", rule.law, rule.fix) },
        "defaultConfiguration": { "level": level },
    })
}

fn sarif_result(rule: &str, level: &str, (message, hint): (&str, &str), locations: &Json) -> Json {
    let text = if hint.is_empty() { message.to_owned() } else { format!("{message}。提示：{hint}") };
    let mut result =
        json!({ "ruleId": rule, "level": level, "message": { "text": text }, "locations": locations });
    if let Some(index) = RULES.iter().position(|r| r.id == rule) {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// A path as a relative reference: what is not plain is percent-encoded.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    let encoded: String = path
        .bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    let drive = path.as_bytes().get(1) == Some(&b':');
    if drive { format!("file:///{}", encoded.replacen("%3A", ":", 1)) } else { encoded }
}

/// The words with what stands around them; how far in they stand and how wide they are, in columns.
fn excerpt(finding: &Finding) -> Option<(String, usize, usize)> {
    let (start, end) = (finding.range.start, finding.range.end);
    let lead = finding.line.get(..start)?;
    let words = finding.line.get(start..end)?;
    let rest = finding.line.get(end..)?;
    if finding.line.is_empty() {
        return None;
    }
    let shown_words: String = words.chars().take(2 * AROUND).collect();
    let cut = lead.chars().count() > AROUND;
    let lead: String = lead.chars().skip(lead.chars().count().saturating_sub(AROUND)).collect();
    let lead = if cut { format!("…{lead}") } else { lead };
    let whole = shown_words.len() == words.len();
    let behind: String = if whole { rest.chars().take(AROUND).collect() } else { String::new() };
    let more = if !whole || behind.len() < rest.len() { "…" } else { "" };
    let text = format!("{lead}{shown_words}{behind}{more}").replace(['\n', '\t'], " ");
    Some((text, lead.width(), shown_words.width()))
}

/// 想知道为什么: the commands that explain the rules.
fn closing(rules: &[&Rule]) -> String {
    let Some((first, more)) = rules.split_first() else { return String::new() };
    let more: Vec<&str> = more.iter().map(|r| r.id).collect();
    let more = if more.is_empty() { String::new() } else { format!("（还有 {}）", more.join("、")) };
    format!("想知道为什么：gongkai explain {}{more}\n", first.id)
}

/// The same for what filling a letter refused.
pub fn closing_of(report: &Report) -> String {
    let told = report.sorted();
    let rules: Vec<&Rule> = RULES.iter().filter(|r| told.iter().any(|d| d.code == r.id)).collect();
    closing(&rules)
}

/// `gongkai explain`: a rule, or all of them.
pub fn explain(wanted: Option<&str>) -> anyhow::Result<Ending> {
    let Some(wanted) = wanted else {
        let width = RULES.iter().map(|r| r.id.len()).max().unwrap_or(0);
        let mut out = String::new();
        for rule in RULES {
            let _ = writeln!(out, "{:width$}  {}", rule.id, rule.title);
        }
        out.push_str("\n看一条规则：gongkai explain 规则\n");
        output::print(&out)?;
        return Ok(Ending::Fine);
    };
    let Some(rule) = RULES.iter().find(|r| r.id == wanted || r.title == wanted) else {
        let words = RULES.iter().flat_map(|r| [r.id, r.title]);
        let near = nearest(wanted, words).map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        bail!("没有「{wanted}」这条规则。{near}\n提示: 用 gongkai explain 看全部规则");
    };
    let level = if rule.severity == Severity::Error { "错误，要改" } else { "提醒，看一看" };
    output::print(&format!(
        "{}（{}，{level}）\n\n为什么：{}\n依据：{}\n怎样改：{}\n",
        rule.title, rule.id, rule.why, rule.law, rule.fix
    ))?;
    Ok(Ending::Fine)
}

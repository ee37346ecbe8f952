//! Request files with their events: read and counted, one by one or a folder of them.

use super::deadline::{date, day_text, days_left, days_to, distance, today};
use super::rules::{self, Settings};
use super::{DueArgs, Ending, RecheckArgs, output};
use crate::calendar::Date;
use crate::clock::{AfterReply, Clock, History, Item, State, Status};
use crate::corpus::Rules;
use crate::corpus::tree::Node;
use crate::disk;
use crate::letter::labels;
use crate::remedy::{self, Asked};
use crate::text::{Diagnostic, Place, Report, Sources, nearest};
use anyhow::Context;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Largest request file, in bytes.
pub const LARGEST: u64 = 2 * 1024 * 1024;

/// The keys that letters have, so that a request file may serve both.
pub fn letter_keys(settings: &Settings) -> BTreeSet<String> {
    let corpus = &settings.corpus;
    let own = corpus.clauses.values().flat_map(|e| &e.header.parameters);
    let shells = corpus.shells.values().flat_map(|e| &e.header.parameters);
    let words = own.chain(shells).flat_map(|p| [p.name.clone(), p.label.clone()]);
    words.chain(["letter".to_owned(), "文书".to_owned()]).collect()
}

/// Reads a request file's history.
pub fn read(settings: &Settings, path: &str, text: &str, report: &mut Report) -> Option<History> {
    let mut node = Node::parse(path, text, 0, report)?;
    let own = ["request_number", "applicant", "request_text", "you"];
    let shells = settings.corpus.shells.values().flat_map(|e| &e.header.parameters);
    let shared: Vec<_> = shells.filter(|p| own.contains(&p.name.as_str())).collect();
    labels::to_names(&mut node, &shared, path, report);
    if !History::is_in(&node) {
        let hint = "在申请件里加上 [[events]]，至少一条“收到申请”；用 gongkai request new 登记会自动写好";
        let message = "这个申请件没有办理记录（events），推算不了期限";
        report.push(Diagnostic::error("no-events", Place::new(path, 0..0), message).hint(hint));
        return None;
    }
    let history = History::read(&node, path, &letter_keys(settings), report)?;
    let outcomes = &settings.corpus.rules.outcomes;
    let nodes = node.get("items").map(Node::items).unwrap_or_default();
    for (item, node) in history.items.iter().zip(nodes) {
        let Some(wanted) = item.outcome.as_deref().filter(|o| !o.is_empty()) else { continue };
        if outcomes.iter().all(|o| o.id != wanted && o.title != wanted) {
            let words = outcomes.iter().flat_map(|o| [o.title.as_str(), o.id.as_str()]);
            let hint = nearest(wanted, words).map_or_else(
                || {
                    format!(
                        "可以写的有：{}",
                        outcomes.iter().map(|o| o.title.as_str()).collect::<Vec<_>>().join("、")
                    )
                },
                |w| format!("您是不是要写 {w}？"),
            );
            let place = Place::new(path, node.place_of("outcome", None));
            report.push(
                Diagnostic::error("unknown-reference", place, format!("没有「{wanted}」这种答复情形"))
                    .hint(hint),
            );
        }
    }
    (!report.has_errors()).then_some(history)
}

/// What may be done against the reply, item by item; none before it is decided.
pub fn after_reply(settings: &Settings, history: &History) -> Vec<AfterReply> {
    use crate::clock::Kind;
    let rules = &settings.corpus.rules;
    let mut all: Vec<AfterReply> = vec![];
    for item in &history.items {
        let decided = [Kind::Decided, Kind::Sent, Kind::Served];
        let about = |kind: &Kind| history.of(*kind).find(|e| e.concerns(&item.id)).and_then(|e| e.date);
        let Some(date) = decided.iter().find_map(about) else { continue };
        let grounds = grounds(settings, item);
        let asked = Asked { date, organ: None, choices: &settings.agency.policy };
        let several = history.items.len() > 1;
        let whole = if several { format!("第{}项", item.id) } else { "答复".to_owned() };
        let mut push = |subject: String, review_days: Option<u32>, direct_months: Option<u32>| {
            all.push(AfterReply { subject, items: vec![item.id.clone()], review_days, direct_months });
        };
        if grounds.is_empty() {
            // Without an outcome both are possible.
            push(format!("{whole}，还没有写答复情形；不予公开的先复议，不能直接起诉"), Some(60), Some(6));
        }
        for (ground, subject) in grounds {
            let Ok(found) = remedy::decide(rules, ground, asked) else { continue };
            let subject = if subject == "本告知书" {
                whole.clone()
            } else {
                format!("{whole}中{}", subject.trim_start_matches("本告知书中"))
            };
            push(
                format!("{subject}，{}", found.class.title),
                found.wording.review_days,
                found.wording.direct_months,
            );
        }
    }
    all
}

fn grounds<'a>(settings: &'a Settings, item: &Item) -> Vec<(&'a crate::corpus::RemedyGround, String)> {
    let rules: &Rules = &settings.corpus.rules;
    let wanted = item.outcome.as_deref().unwrap_or_default();
    let Some(outcome) = rules.outcomes.iter().find(|o| o.id == wanted || o.title == wanted) else {
        return vec![];
    };
    let ground =
        |row: &crate::corpus::OutcomeRemedy| Some((rules.remedies.ground(&row.ground)?, row.subject.clone()));
    outcome.remedy.iter().filter_map(ground).collect()
}

/// The status of one request file. `None` if it has mistakes, and then those were shown; for programs too with `json`.
pub fn status(
    settings: &Settings,
    file: &Path,
    on: Date,
    (provisional, as_json): (bool, bool),
) -> anyhow::Result<Option<(History, Status)>> {
    let path = file.display().to_string().replace('\\', "/");
    let mut report = Report::default();
    let text = disk::read_text(file, LARGEST, &mut report)?;
    let mut sources = Sources::default();
    sources.insert(path.as_str(), text.as_str());
    let found = (!report.has_errors())
        .then(|| counted(settings, (&path, &text), Some(on), provisional, &mut report))
        .flatten();
    if !report.is_empty() {
        output::report(&report, &sources);
    }
    if found.is_none() && as_json {
        let value = json!({ "deadline": null, "errors": report.to_json(&sources) });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    }
    Ok(found)
}

/// Reads and counts one request.
pub fn counted(
    settings: &Settings,
    (path, text): (&str, &str),
    on: Option<Date>,
    provisional: bool,
    report: &mut Report,
) -> Option<(History, Status)> {
    let history = read(settings, path, text, report)?;
    let after = after_reply(settings, &history);
    let clock = Clock { rules: &settings.corpus.rules, choices: &settings.agency.policy, provisional };
    let status = clock.run(&history, on, &after, report)?;
    Some((history, status))
}

/// The request files below a folder, in path order: those that have events.
fn scan(folder: &Path, failed: &mut bool) -> anyhow::Result<Vec<PathBuf>> {
    anyhow::ensure!(folder.is_dir(), "{} 不是文件夹\n提示: 写放申请件的文件夹", folder.display());
    let mut all = vec![];
    for entry in WalkDir::new(folder).sort_by_file_name() {
        // One folder that cannot be read must not hide the requests of the others.
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).display().to_string();
                output::note(&format!("错误: 读不了 {path}，里面的申请件没有看"));
                *failed = true;
                continue;
            }
        };
        let path = entry.path();
        let toml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
        if entry.file_type().is_file() && toml && entry.file_name() != "book.toml" {
            all.push(path.to_path_buf());
        }
    }
    Ok(all)
}

/// One request file of a folder; `None` where it has no events or has mistakes (which were shown).
fn one<T>(
    path: &Path,
    failed: &mut bool,
    count: impl FnOnce(&str, &str, &mut Report) -> Option<T>,
) -> anyhow::Result<Option<T>> {
    let shown = path.display().to_string().replace('\\', "/");
    let mut report = Report::default();
    let text = match disk::read_text(path, LARGEST, &mut report) {
        Ok(text) => text,
        Err(error) => {
            output::note(&format!("错误: {error}"));
            *failed = true;
            return Ok(None);
        }
    };
    if !report.has_errors() && !text.contains("[[events]]") && !text.contains("events") {
        return Ok(None);
    }
    let found = if report.has_errors() { None } else { count(&shown, &text, &mut report) };
    if !report.is_empty() {
        let mut sources = Sources::default();
        sources.insert(shown.as_str(), text.as_str());
        output::report(&report, &sources);
        *failed |= report.has_errors();
    }
    Ok(found)
}

/// `gongkai deadline due`: what is due soon, overdue first.
pub fn due(root: Option<&Path>, args: &DueArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let on = today(args.on.as_deref())?;
    let mut failed = false;
    let mut rows = vec![];
    let mut unknown = vec![];
    for path in scan(&args.folder, &mut failed)? {
        let found = one(&path, &mut failed, |shown, text, report| {
            counted(&settings, (shown, text), Some(on), args.provisional, report)
        })?;
        let Some((history, status)) = found else { continue };
        let name = history.number.clone().unwrap_or_else(|| path.display().to_string());
        if status.receipt.date.is_none() {
            unknown.push((name.clone(), status.receipt.reason.clone()));
        }
        for term in &status.terms {
            let ours =
                term.who == "本机关" && matches!(term.state, State::Running | State::Overdue | State::Paused);
            if let Some(no) = term.no_date {
                unknown.push((name.clone(), format!("{}：{no}", term.title)));
            }
            // What the applicant let pass asks for a decision of ours.
            let passed =
                ["correction", "fee-payment"].contains(&term.id.as_str()) && term.state == State::Passed;
            let left = match days_left(&settings, term, on) {
                Some(left) if ours && term.id != "correction-notice" => left,
                _ if passed && !status.done => match term.due {
                    Some(due) => days_to(&settings, due.date, on),
                    None => continue,
                },
                _ => continue,
            };
            if left <= i64::from(args.within) {
                let applicant = history.applicant.clone().unwrap_or_default();
                rows.push((left, name.clone(), applicant, term.clone(), path.clone()));
            }
        }
    }
    rows.sort_by(|a, b| {
        (a.3.due.map(|d| d.date), &a.1, &a.3.items).cmp(&(b.3.due.map(|d| d.date), &b.1, &b.3.items))
    });
    if args.json {
        let open =
            unknown.iter().map(|(name, why)| json!({ "request_number": name, "due": null, "reason": why }));
        let values: Vec<_> = rows
            .iter()
            .map(|(left, name, applicant, term, path)| {
                json!({
                    "request_number": name,
                    "applicant": applicant,
                    "term": term.id,
                    "title": term.title,
                    "items": term.items,
                    "due": term.due.map(|d| d.date.to_string()),
                    "provisional": term.due.is_some_and(|d| d.provisional),
                    "days_left": left,
                    "file": path.display().to_string().replace('\\', "/"),
                })
            })
            .chain(open)
            .collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&values)?))?;
    } else {
        let mut out = format!("按 {} 看，{} 个工作日以内到期的：\n", day_text(&settings, on), args.within);
        for (left, name, applicant, term, path) in &rows {
            let when = term.due.map(|d| distance(d.date, on, *left)).unwrap_or_default();
            let items = if term.items.is_empty() {
                String::new()
            } else {
                format!("（第{}项）", term.items.join("、"))
            };
            let due = term.due.map(|d| day_text(&settings, d.date)).unwrap_or_default();
            let word = if term.due.is_some_and(|d| d.provisional) { "（暂定）" } else { "" };
            let paused = if term.state == State::Paused { "，征求意见中" } else { "" };
            writeln!(
                out,
                "  {due}{word}  {when}{paused}  {name} {applicant}  {}{items}  {}",
                term.title,
                path.display()
            )?;
        }
        if rows.is_empty() {
            out.push_str("  没有\n");
        }
        for (name, why) in &unknown {
            writeln!(out, "  要先弄清  {name}：{why}")?;
        }
        output::print(&out)?;
    }
    // What cannot be counted has to be looked at, as with a single file.
    Ok(if failed || !unknown.is_empty() { Ending::Findings } else { Ending::Fine })
}

/// `gongkai deadline recheck`: which open requests a new notice moved.
pub fn recheck(root: Option<&Path>, args: &RecheckArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let on = today(args.on.as_deref())?;
    let rules = &settings.corpus.rules;
    // What was known before the notice: the newest one, or the first of a day and later.
    let since = match &args.since {
        Some(since) => date(since)?,
        None => rules.calendar.notices().last().map(|n| n.date).context("没有放假安排")?,
    };
    let notices: Vec<String> = rules
        .calendar
        .notices()
        .iter()
        .filter(|n| n.date >= since)
        .map(|n| if n.number.is_empty() { n.title.clone() } else { format!("{}（{}）", n.title, n.number) })
        .collect();
    let mut older: Rules = rules.clone();
    older.calendar = rules.calendar.before(since, &rules.statutory);
    let mut failed = false;
    let (mut moved, mut seen) = (vec![], 0);
    for path in scan(&args.folder, &mut failed)? {
        let found = one(&path, &mut failed, |shown, text, report| {
            let history = read(&settings, shown, text, report)?;
            let after = after_reply(&settings, &history);
            let choices = &settings.agency.policy;
            let now = Clock { rules, choices, provisional: true }.run(&history, Some(on), &after, report)?;
            let before = Clock { rules: &older, choices, provisional: true }.run(
                &history,
                Some(on),
                &after,
                &mut Report::default(),
            );
            Some((history, before, now))
        })?;
        let Some((history, before, now)) = found else { continue };
        seen += 1;
        if now.done && !args.all {
            continue;
        }
        for term in
            now.terms.iter().filter(|t| !matches!(t.state, State::Met(_) | State::Late(_) | State::Closed(_)))
        {
            let then = before.as_ref().and_then(|b| {
                let key = |t: &&crate::clock::Term| {
                    (&t.id, &t.items, &t.title, t.from) == (&term.id, &term.items, &term.title, term.from)
                };
                b.terms.iter().find(key)
            });
            let (old, new) = (then.and_then(|t| t.due), term.due);
            if old.map(|d| d.date) == new.map(|d| d.date)
                && old.map(|d| d.provisional) == new.map(|d| d.provisional)
            {
                continue;
            }
            let name = history.number.clone().unwrap_or_else(|| path.display().to_string());
            // The days that the notice changed between the start and the later of the two ends.
            let end = old.into_iter().chain(new).map(|d| d.date).max();
            let why = match (term.from, end) {
                (Some(from), Some(end)) => changed_days(&older.calendar, &rules.calendar, from, end),
                _ => vec![],
            };
            moved.push((name, term.clone(), old, new, why, path.clone()));
        }
    }
    let text = |due: Option<crate::clock::Due>| due.map(|d| d.date.to_string());
    if args.json {
        let values: Vec<_> = moved
            .iter()
            .map(|(name, term, old, new, why, path)| {
                json!({
                    "request_number": name,
                    "term": term.id,
                    "title": term.title,
                    "items": term.items,
                    "from": text(*old),
                    "from_provisional": old.is_some_and(|d| d.provisional),
                    "to": text(*new),
                    "to_provisional": new.is_some_and(|d| d.provisional),
                    "days": why,
                    "file": path.display().to_string().replace('\\', "/"),
                })
            })
            .collect();
        let value = json!({ "notices": notices, "checked": seen, "moved": values });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    } else {
        let mut out = format!("比较的是：{}\n看了 {seen} 个申请件，", notices.join("、"));
        writeln!(out, "{}", if moved.is_empty() { "没有期限变动。" } else { "这些期限变了：" })?;
        for (name, term, old, new, why, path) in &moved {
            let shown = |due: Option<crate::clock::Due>| match due {
                Some(due) => format!(
                    "{}{}",
                    day_text(&settings, due.date),
                    if due.provisional { "（暂定）" } else { "" }
                ),
                None => "算不出".to_owned(),
            };
            writeln!(out, "  {name}  {}：{} → {}  {}", term.title, shown(*old), shown(*new), path.display())?;
            for day in why {
                writeln!(out, "    {day}")?;
            }
        }
        output::print(&out)?;
    }
    Ok(if failed { Ending::Findings } else { Ending::Fine })
}

/// The days that two calendars see differently.
fn changed_days(
    old: &crate::calendar::Calendar,
    new: &crate::calendar::Calendar,
    from: Date,
    to: Date,
) -> Vec<String> {
    use crate::calendar::{Day, DayKind};
    let works = |kind: DayKind| matches!(kind, DayKind::Working | DayKind::MakeUp);
    let word = |day: &Day<'_>| match day.kind {
        DayKind::Working => "上班".to_owned(),
        DayKind::Weekend => "周末".to_owned(),
        DayKind::Off => format!("{}放假", day.holiday.unwrap_or_default()),
        DayKind::MakeUp => "调休上班".to_owned(),
    };
    (from.number()..=to.number())
        .filter_map(Date::of_number)
        .filter_map(|date| {
            let (a, b) = (old.day(date).ok()?, new.day(date).ok()?);
            (works(a.kind) != works(b.kind))
                .then(|| format!("{date}（{}）原来按{}，现在是{}", date.weekday(), word(&a), word(&b)))
        })
        .collect()
}

//! `gongkai deadline`: one term from the command line, or all terms of a request file; folders of them.

use super::rules::{self, Settings};
use super::{DeadlineArgs, DeadlineCommand, Ending, output};
use crate::calendar::{Date, ics};
use crate::clock::{self, Clock, Quick, QuickAnswer, State, Status, Term};
use crate::corpus::Unit;
use crate::disk;
use anyhow::{Context, bail};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::path::Path;

/// Runs one of the forms.
pub fn run(root: Option<&Path>, args: &DeadlineArgs) -> anyhow::Result<Ending> {
    match &args.command {
        Some(DeadlineCommand::Due(due)) => return super::dossier::due(root, due),
        Some(DeadlineCommand::Recheck(recheck)) => return super::dossier::recheck(root, recheck),
        None => {}
    }
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    match (&args.file, &args.received) {
        (Some(_), Some(_)) => bail!("申请件和 --received 只能写一个\n提示: 有申请件的，收到日从申请件里取"),
        (Some(file), None) => of_file(&settings, file, args),
        (None, Some(_)) if args.on.is_some() => {
            bail!("--on 只用于申请件\n提示: 只算一个日子的，不写 --on")
        }
        (None, Some(received)) => quick(&settings, received, args),
        (None, None) => bail!(
            "没有写从哪天算起\n提示: gongkai deadline --received 2026-04-27 --days 20，或者 gongkai deadline 申请件.toml"
        ),
    }
}

/// A date of the command line.
pub fn date(text: &str) -> anyhow::Result<Date> {
    match Date::parse(text) {
        Some(date) => Ok(date),
        None => bail!("「{text}」不是日期\n提示: 写成 2026-04-27 这样"),
    }
}

/// The day of `--on`, else today.
pub fn today(on: Option<&str>) -> anyhow::Result<Date> {
    match on {
        Some(on) => date(on),
        None => disk::today().context("读不了电脑的日期，用 --on 写明今天"),
    }
}

/// `FROM..TO` of the command line.
fn range(text: &str) -> anyhow::Result<(Date, Date)> {
    match text.split_once("..") {
        Some((from, to)) => Ok((date(from)?, date(to)?)),
        None => bail!(
            "--suspend 不能写「{text}」\n提示: 写成 2026-05-06..2026-05-20，前面是发出的日期，后面是收到意见的日期"
        ),
    }
}

// The quick form

fn quick(settings: &Settings, received: &str, args: &DeadlineArgs) -> anyhow::Result<Ending> {
    let unit = match args.unit.as_deref() {
        None | Some("workday" | "工作日") => Unit::Workday,
        Some("day" | "日") => Unit::Day,
        Some("month" | "月") => Unit::Month,
        Some(other) => {
            bail!("--unit 不能写「{other}」\n提示: 可以写 workday（工作日）、day（日）、month（月）")
        }
    };
    let Some(count) = args.days else { bail!("没有写期限多长\n提示: 加上 --days 20") };
    let question = Quick {
        received: date(received)?,
        count,
        unit,
        extend: args.extend.unwrap_or(0),
        suspended: args.suspend.iter().map(|s| range(s)).collect::<Result<_, _>>()?,
        corrected: args.corrected.as_deref().map(date).transpose()?,
    };
    let clock = Clock {
        rules: &settings.corpus.rules,
        choices: &settings.agency.policy,
        provisional: args.provisional,
    };
    let answer = match question.problem() {
        Some(problem) => {
            if args.json {
                let value = json!({ "deadline": null, "alternative": null, "provisional": false, "reasons": [problem] });
                output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
            }
            output::note(&format!("错误: {problem}"));
            return Ok(Ending::Findings);
        }
        None => question.answer(&settings.corpus.rules.calendar, clock.make_up(), args.provisional),
    };
    if args.json {
        output::print(&format!("{}\n", serde_json::to_string_pretty(&quick_json(&answer))?))?;
    } else {
        output::print(&quick_text(settings, &answer)?)?;
    }
    if args.explain && !args.json && answer.deadline.is_some() {
        output::print(&table(settings, &clock, &answer.span)?)?;
    }
    if let (Some(path), Some(deadline)) = (&args.ics, answer.deadline) {
        let summary = format!("届满：{received} 收到的申请");
        let uid = format!("{received}-{count}-{deadline}@gongkai");
        let entry = ics::Entry { uid, date: deadline, summary, description: answer.reasons.join("；") };
        write_ics(path, &[entry], args.force)?;
    }
    Ok(if answer.deadline.is_some() { Ending::Fine } else { Ending::Findings })
}

fn quick_json(answer: &QuickAnswer) -> Json {
    let text = |date: Option<Date>| date.map(|d| d.to_string());
    json!({
        "deadline": text(answer.deadline),
        "alternative": text(answer.alternative),
        "other_make_up": text(answer.other_make_up),
        "provisional": answer.provisional,
        "moving": answer.moving.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "reasons": answer.reasons,
    })
}

fn quick_text(settings: &Settings, answer: &QuickAnswer) -> anyhow::Result<String> {
    let mut out = String::new();
    match answer.deadline {
        Some(deadline) => {
            let word = if answer.provisional { "（暂定）" } else { "" };
            writeln!(out, "届满日：{}{word}", day_text(settings, deadline))?;
        }
        None => writeln!(out, "届满日：算不出")?,
    }
    for reason in &answer.reasons {
        writeln!(out, "  · {reason}")?;
    }
    if answer.provisional {
        writeln!(out, "  · 还可能变动的日子：{}", several(&answer.moving))?;
    }
    Ok(out)
}

/// A list of days, the long ones shortened.
fn several(days: &[Date]) -> String {
    let shown: Vec<String> = days.iter().take(12).map(ToString::to_string).collect();
    let more = if days.len() > 12 { format!("等 {} 天", days.len()) } else { String::new() };
    format!("{}{more}", shown.join("、"))
}

/// 2026-05-09（周六，调休上班）
pub fn day_text(settings: &Settings, date: Date) -> String {
    let kind = settings.corpus.rules.calendar.day(date).map(|d| d.kind);
    let more = match kind {
        Ok(crate::calendar::DayKind::MakeUp) => "，调休上班",
        _ => "",
    };
    format!("{date}（{}{more}）", date.weekday())
}

/// The day-by-day table of a span.
fn table(settings: &Settings, clock: &Clock<'_>, span: &clock::Span) -> anyhow::Result<String> {
    let rows = clock::explain(&settings.corpus.rules.calendar, span, clock.make_up())
        .map_err(|no| anyhow::anyhow!(no.to_string()))?;
    let mut out = String::from("\n  日期        星期  序号  说明\n");
    for row in rows {
        let number = row.number.map(|n| n.to_string()).unwrap_or_default();
        let mark = if row.provisional { "（暂定）" } else { "" };
        writeln!(out, "  {}  {}  {number:>4}  {}{mark}", row.date, row.date.weekday(), row.why)?;
    }
    Ok(out)
}

// The terms of a request file

fn of_file(settings: &Settings, file: &Path, args: &DeadlineArgs) -> anyhow::Result<Ending> {
    if args.days.is_some() || args.extend.is_some() || args.corrected.is_some() || !args.suspend.is_empty() {
        bail!(
            "申请件里已经有办理记录，不能再写 --days、--extend、--suspend、--corrected\n提示: 把这些事情记进申请件的 [[events]]"
        );
    }
    let on = today(args.on.as_deref())?;
    let Some((history, status)) = super::dossier::status(settings, file, on, (args.provisional, args.json))?
    else {
        return Ok(Ending::Findings);
    };
    if args.json {
        let value = status_json(settings, &history, &status, on);
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    } else {
        output::print(&status_text(settings, &history, &status, on)?)?;
    }
    if args.explain && !args.json {
        let clock = Clock {
            rules: &settings.corpus.rules,
            choices: &settings.agency.policy,
            provisional: args.provisional,
        };
        for term in status.terms.iter().filter(|t| t.due.is_some()) {
            if let Some(span) = &term.span {
                output::print(&format!(
                    "\n{}\n{}",
                    term.title,
                    table(settings, &clock, span)?.trim_start_matches('\n')
                ))?;
            }
        }
    }
    if let Some(path) = &args.ics {
        write_ics(path, &entries(&history, &status), args.force)?;
    }
    let unknown = status.terms.iter().any(|t| t.no_date.is_some()) || status.receipt.date.is_none();
    Ok(if unknown { Ending::Findings } else { Ending::Fine })
}

/// The terms that still run, for a calendar program.
fn entries(history: &clock::History, status: &Status) -> Vec<ics::Entry> {
    let name = history.number.as_deref().or(history.applicant.as_deref()).unwrap_or("申请件");
    let open =
        |t: &&Term| matches!(t.state, State::Running | State::Paused | State::Waiting | State::Overdue);
    status
        .terms
        .iter()
        .enumerate()
        .filter(|(_, term)| open(term))
        .filter_map(|(i, term)| {
            let due = term.due?;
            let word = if due.provisional { "（暂定）" } else { "" };
            Some(ics::Entry {
                uid: format!("{name}-{}-{}-{i}@gongkai", term.id, term.items.join("-")),
                date: due.date,
                summary: format!("{name}：{}{word}", term.title),
                description: format!("{}；{}", term.citations.join("、"), term.why.join("；")),
            })
        })
        .collect()
}

fn write_ics(path: &Path, entries: &[ics::Entry], force: bool) -> anyhow::Result<()> {
    let text = ics::write("政府信息公开期限", entries);
    disk::write_atomic(path, text.as_bytes(), force)
        .with_context(|| format!("写不了 {}（已经有这个文件的，加 --force 换掉它）", path.display()))?;
    output::note(&format!("日历已写到 {}，共 {} 个期限。", path.display(), entries.len()));
    Ok(())
}

fn term_json(settings: &Settings, term: &Term, on: Date) -> Json {
    let readings: Vec<Json> = term
        .readings
        .iter()
        .map(|r| json!({ "title": r.title, "due": r.due.map(|d| d.to_string()) }))
        .collect();
    json!({
        "id": term.id,
        "title": term.title,
        "who": term.who,
        "items": term.items,
        "from": term.from.map(|d| d.to_string()),
        "length": term.length,
        "due": term.due.map(|d| d.date.to_string()),
        "provisional": term.due.is_some_and(|d| d.provisional),
        "state": term.state.id(),
        "done": match term.state { State::Met(d) | State::Late(d) | State::Closed(d) => Some(d.to_string()), _ => None },
        "days_left": days_left(settings, term, on),
        "readings": readings,
        "citations": term.citations,
        "confidence": term.confidence,
        "reasons": reasons(term),
    })
}

fn reasons(term: &Term) -> Vec<String> {
    term.why.iter().cloned().chain(term.no_date.map(|no| no.to_string())).collect()
}

/// Working days from a day to the end of a term; negative once it is overdue.
pub fn days_left(settings: &Settings, term: &Term, on: Date) -> Option<i64> {
    let open = matches!(term.state, State::Running | State::Overdue | State::Paused);
    Some(days_to(settings, term.due.filter(|_| open)?.date, on))
}

/// Working days from a day to another; negative where that lies behind.
pub fn days_to(settings: &Settings, due: Date, on: Date) -> i64 {
    let calendar = &settings.corpus.rules.calendar;
    let clock = Clock { rules: &settings.corpus.rules, choices: &settings.agency.policy, provisional: true };
    let between = |a, b| calendar.working_days_between(a, b, clock.make_up()).ok().map(i64::from);
    // Beyond the calendar days are counted as they come: rather a rough number than none.
    let days = i64::from(due.number() - on.number());
    let counted = if on <= due { between(on, due) } else { between(due, on).map(|n| -n) };
    counted.unwrap_or(days)
}

/// How long until a day, or since it; on the weekend after it no working day has passed yet.
pub fn distance(due: Date, on: Date, left: i64) -> String {
    match left {
        0 if on == due => "就是今天".to_owned(),
        0 if on > due => "已经过了，中间没有工作日".to_owned(),
        n if n < 0 => format!("超了 {} 个工作日", -n),
        n => format!("还有 {n} 个工作日"),
    }
}

/// An item with the state of its reply.
fn item_json(item: &clock::Item, status: &Status) -> Json {
    let about = |t: &&Term| t.items.is_empty() || t.items.contains(&item.id);
    let reply =
        status.terms.iter().filter(|t| ["reply", "extension", "delay"].contains(&t.id.as_str())).find(about);
    json!({
        "id": item.id,
        "text": item.text,
        "outcome": item.outcome,
        "holder": item.holder,
        "state": reply.map(|t| t.state.id()),
        "due": reply.and_then(|t| t.due).map(|d| d.date.to_string()),
    })
}

fn status_json(settings: &Settings, history: &clock::History, status: &Status, on: Date) -> Json {
    let next = status.next();
    json!({
        "request_number": history.number,
        "on": on.to_string(),
        "received": status.receipt.date.map(|d| d.to_string()),
        "received_reason": status.receipt.reason,
        "received_citation": status.receipt.citation,
        "done": status.done,
        "deadline": next.map(|(_, date)| date.to_string()),
        "provisional": next.is_some_and(|(t, _)| t.due.is_some_and(|d| d.provisional)),
        "items": history.items.iter().map(|item| item_json(item, status)).collect::<Vec<_>>(),
        "terms": status.terms.iter().map(|t| term_json(settings, t, on)).collect::<Vec<_>>(),
        "asks": status.asks,
        "notes": status.notes,
    })
}

/// What staff read of a request.
pub fn status_text(
    settings: &Settings,
    history: &clock::History,
    status: &Status,
    on: Date,
) -> anyhow::Result<String> {
    let mut out = String::new();
    let name = history.number.as_deref().map(|n| format!("申请 {n}")).unwrap_or_else(|| "申请".to_owned());
    writeln!(out, "{name}，按 {} 看", day_text(settings, on))?;
    match status.receipt.date {
        Some(date) => writeln!(
            out,
            "收到日：{}，{}（{}）",
            day_text(settings, date),
            status.receipt.reason,
            status.receipt.citation
        )?,
        None => writeln!(out, "收到日：还不知道")?,
    }
    for ask in &status.asks {
        writeln!(out, "要先弄清：{ask}")?;
    }
    if history.items.len() > 1 {
        for item in &history.items {
            let outcome = item.outcome.as_deref().unwrap_or("还没有定");
            let text: String = item.text.chars().take(30).collect();
            writeln!(out, "第{}项：{text}　答复情形：{outcome}", item.id)?;
        }
    }
    for term in &status.terms {
        out.push('\n');
        let items = match term.items.as_slice() {
            [] => String::new(),
            all => format!("（第{}项）", all.join("、")),
        };
        writeln!(out, "{}{items}", term.title)?;
        let word = if term.due.is_some_and(|d| d.provisional) { "（暂定）" } else { "" };
        let due = match term.due {
            Some(due) => format!("{}{word}", day_text(settings, due.date)),
            None => "现在还没有".to_owned(),
        };
        writeln!(out, "  届满日  {due}")?;
        let state = match term.state {
            State::Met(date) | State::Late(date) | State::Closed(date) => {
                format!("{}（{date}）", term.state.label())
            }
            _ => term.state.label().to_owned(),
        };
        let left = match (days_left(settings, term, on), term.due) {
            (Some(left), Some(due)) => format!("，{}", distance(due.date, on, left)),
            _ => String::new(),
        };
        writeln!(out, "  状态    {state}{left}")?;
        writeln!(
            out,
            "  规则    {}，{}；{}（{}）",
            term.who,
            term.length,
            term.citations.join("、"),
            term.confidence.label()
        )?;
        for reason in reasons(term) {
            writeln!(out, "  说明    {reason}")?;
        }
        for reading in &term.readings {
            let due = reading.due.map_or_else(|| "还没有届满日".to_owned(), |d| day_text(settings, d));
            writeln!(out, "  另一种算法  {}：{due}", reading.title)?;
        }
    }
    for note in &status.notes {
        write!(out, "\n注意：{note}")?;
    }
    if !status.notes.is_empty() {
        out.push('\n');
    }
    Ok(out)
}

//! `gongkai calendar`: the holiday notices, shown and added.

use super::{CalendarAddArgs, CalendarCommand, Ending, output, project, rules};
use crate::calendar::{Calendar, Date, DayKind, ics};
use crate::corpus::{CALENDAR, Confidence, FESTIVALS, HolidayDays, HolidayNotice, HolidayYear};
use crate::disk;
use crate::text::{Report, Sources};
use anyhow::{Context, bail};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Largest file, in bytes.
const LARGEST: u64 = 2 * 1024 * 1024;

/// Runs one of the commands.
pub fn run(root: Option<&Path>, command: &CalendarCommand) -> anyhow::Result<Ending> {
    match command {
        CalendarCommand::Show { year, json } => show(root, *year, *json),
        CalendarCommand::Add(args) => add(root, args),
    }
}

fn show(root: Option<&Path>, year: Option<i16>, json: bool) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let rules = &settings.corpus.rules;
    let years = rules.calendar.years();
    let Some(year) = year else {
        if json {
            let rows: Vec<Json> = rules.calendar.notices().iter().map(notice_json).collect();
            output::print(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
            return Ok(Ending::Fine);
        }
        let mut out = format!("放假安排从{}年到{}年，依据这些通知：\n", years.start, years.end - 1);
        for year in &rules.holidays {
            for notice in &year.notice {
                let number = if notice.number.is_empty() { "文号待核" } else { &notice.number };
                writeln!(
                    out,
                    "  {}  {}  {number}  {}（{}）",
                    year.year,
                    notice.date,
                    notice.title,
                    notice.confidence.label()
                )?;
            }
        }
        out.push_str("\n看一年：gongkai calendar show 2026\n新通知公布后：gongkai calendar add 2027.toml\n");
        output::print(&out)?;
        return Ok(Ending::Fine);
    };
    let (Some(first), Some(last)) = (Date::of(year, 1, 1), Date::of(year, 12, 31)) else {
        bail!("「{year}」不是年份");
    };
    if rules.calendar.day(first).is_err()
        || (!years.contains(&year) && !rules.statutory.iter().any(|s| s.year == year))
    {
        output::note(&format!(
            "错误: 没有{year}年的放假安排\n提示: 有的是{}年到{}年；新的用 gongkai calendar add 导入",
            years.start,
            years.end - 1
        ));
        return Ok(Ending::Findings);
    }
    if json {
        output::print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&year_json(&rules.calendar, first, last))?
        ))?;
    } else {
        output::print(&year_text(&rules.calendar, year, first, last)?)?;
    }
    Ok(Ending::Fine)
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    (first.number()..=last.number()).filter_map(Date::of_number)
}

fn notice_json(notice: &crate::calendar::Notice) -> Json {
    json!({ "year": notice.year, "number": notice.number, "title": notice.title, "date": notice.date.to_string() })
}

fn year_json(calendar: &Calendar, first: Date, last: Date) -> Json {
    let special = days(first, last).filter_map(|d| calendar.day(d).ok()).filter(|d| d.holiday.is_some());
    let rows: Vec<Json> = special
        .map(|d| {
            json!({
                "date": d.date.to_string(),
                "name": d.holiday,
                "off": d.kind == DayKind::Off,
                "notice": d.notice.map(|n| n.number.clone()),
                "provisional": d.provisional,
            })
        })
        .collect();
    let working = calendar.working_days_between(first, last, crate::calendar::MakeUp::Count).unwrap_or(0)
        + u32::from(calendar.is_working(first, crate::calendar::MakeUp::Count).unwrap_or(false));
    json!({ "year": first.year(), "provisional": calendar.is_provisional(first), "working_days": working, "days": rows })
}

/// Twelve months side by side would not fit a narrow terminal: one line for each holiday, then the months with
/// anything special.
fn year_text(calendar: &Calendar, year: i16, first: Date, last: Date) -> anyhow::Result<String> {
    let mut out = String::new();
    let provisional = calendar.is_provisional(first);
    if provisional {
        writeln!(out, "{year}年的通知还没有导入，下面只有能确定的法定节日（暂定）。")?;
    }
    let working = year_json(calendar, first, last)["working_days"].clone();
    writeln!(out, "{year}年，工作日 {working} 天")?;
    let mut rows: Vec<(String, String, Vec<Date>, Vec<Date>)> = vec![];
    for day in days(first, last).filter_map(|d| calendar.day(d).ok()) {
        let Some(name) = day.holiday else { continue };
        let notice = day.notice.map(|n| n.number.clone()).unwrap_or_default();
        let row = match rows.iter_mut().find(|r| r.0 == name && r.1 == notice) {
            Some(row) => row,
            None => {
                rows.push((name.to_owned(), notice, vec![], vec![]));
                rows.last_mut().context("刚放进去的一行")?
            }
        };
        match day.kind {
            DayKind::Off => row.2.push(day.date),
            DayKind::MakeUp | DayKind::Working => row.3.push(day.date),
            DayKind::Weekend => {}
        }
    }
    for (name, notice, off, work) in rows {
        let list = |all: &[Date]| {
            all.iter()
                .map(|d| format!("{}-{}（{}）", d.month(), d.day(), d.weekday()))
                .collect::<Vec<_>>()
                .join("、")
        };
        writeln!(out, "\n{name}  {notice}")?;
        if !off.is_empty() {
            writeln!(out, "  放假  {}", list(&off))?;
        }
        if !work.is_empty() {
            writeln!(out, "  上班  {}", list(&work))?;
        }
    }
    Ok(out)
}

/// Takes a year's arrangement into the handbook.
fn add(root: Option<&Path>, args: &CalendarAddArgs) -> anyhow::Result<Ending> {
    let root = project::find(root)?;
    let shown = args.file.display().to_string().replace('\\', "/");
    let mut report = Report::default();
    let text = disk::read_text(&args.file, LARGEST, &mut report)?;
    let mut sources = Sources::default();
    sources.insert(shown.as_str(), text.as_str());
    let ending = args.file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let year = if report.has_errors() {
        None
    } else {
        match ending.as_str() {
            "toml" => HolidayYear::read(&shown, &text, &mut report),
            "json" | "ics" => Some(foreign(&text, &ending, args)?),
            other => bail!(
                "不认识 .{other} 文件\n提示: 可以用 .toml（见 book/rules/calendar/2026.toml）、.json、.ics"
            ),
        }
    };
    let Some(year) = year else {
        output::report(&report, &sources);
        output::note("放假安排没有导入。");
        return Ok(Ending::Findings);
    };
    let name = format!("{CALENDAR}{}.toml", year.year);
    let written = year.to_toml();
    // What is written must be read back the same.
    let mut again = Report::default();
    if HolidayYear::read(&name, &written, &mut again).as_ref() != Some(&year) {
        let mut sources = Sources::default();
        sources.insert(name.as_str(), written.as_str());
        output::report(&again, &sources);
        output::note("放假安排没有导入。");
        return Ok(Ending::Findings);
    }
    let target = root.join(&name);
    if target.exists() && !args.force {
        bail!("已经有 {}，没有动它\n提示: 确实要换掉的，加上 --force", target.display());
    }
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
    }
    disk::write_atomic(&target, written.as_bytes(), args.force)
        .with_context(|| format!("写不了 {}", target.display()))?;
    let Some(settings) = rules::load(Some(&root))? else { return Ok(Ending::Findings) };
    let years = settings.corpus.rules.calendar.years();
    output::print(&format!("{}年的放假安排已写到 {}。\n", year.year, target.display()))?;
    if years.contains(&year.year) {
        output::print(
            "看这一年：gongkai calendar show 年份\n看哪些申请件的期限变了：gongkai deadline recheck 申请件的文件夹\n",
        )?;
    } else {
        output::note(&format!(
            "注意: {}年和已有的{}年到{}年不相连，这一年还用不上；先把中间缺的年份导入。",
            year.year,
            years.start,
            years.end - 1
        ));
    }
    for warning in weekday_warnings(&year) {
        output::note(&format!("注意: {warning}"));
    }
    Ok(Ending::Fine)
}

/// Make-up days that are Mondays to Fridays are most likely mistaken.
fn weekday_warnings(year: &HolidayYear) -> Vec<String> {
    let work = year.notice.iter().flat_map(|n| &n.holiday).flat_map(|h| h.work.iter().map(move |d| (h, d)));
    work.filter_map(|(h, d)| Some((h, Date::parse(d)?)))
        .filter(|(_, d)| !matches!(d.weekday(), "周六" | "周日"))
        .map(|(h, d)| format!("{}的调休上班日 {d} 是{}，本来就是工作日，核对一下", h.name, d.weekday()))
        .collect()
}

/// A year from other people's files: the usual JSON of holiday data, or a calendar of 休 and 班.
fn foreign(text: &str, ending: &str, args: &CalendarAddArgs) -> anyhow::Result<HolidayYear> {
    let Some(date) = args.date.clone() else {
        bail!(
            "这个文件里没有通知的文号和日期\n提示: 加上 --number 文号 --date 印发日期，例如 --number 国办发明电〔2025〕7号 --date 2025-11-04；不知道文号的可以不写 --number"
        );
    };
    super::deadline::date(&date)?;
    let rows = if ending == "json" { of_json(text)? } else { of_ics(text)? };
    let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
    for (_, date, _) in &rows {
        *counts.entry(date.year()).or_default() += 1;
    }
    let found = counts.iter().max_by_key(|(year, n)| (**n, -**year)).map(|(year, _)| *year);
    let year = args.year.or(found).context("文件里没有日期")?;
    let mut holidays: Vec<HolidayDays> = vec![];
    for (name, date, off) in rows {
        // The last days of the year before belong to the first holiday of this one.
        let before = date.year() == year - 1 && date.month() == 12;
        if date.year() != year && !before {
            continue;
        }
        let row = match holidays.iter_mut().find(|h| h.name == name) {
            Some(row) => row,
            None => {
                holidays.push(HolidayDays { name, off: vec![], work: vec![] });
                holidays.last_mut().context("刚放进去的一行")?
            }
        };
        if off { row.off.push(date.to_string()) } else { row.work.push(date.to_string()) }
    }
    if holidays.is_empty() {
        bail!("文件里没有{year}年的放假安排");
    }
    for holiday in &mut holidays {
        holiday.off.sort();
        holiday.off.dedup();
        holiday.work.sort();
        holiday.work.dedup();
    }
    let note = "由别处的数据导入，请对照国务院办公厅的通知核对".to_owned();
    Ok(HolidayYear {
        year,
        notice: vec![HolidayNotice {
            number: args.number.clone().unwrap_or_default(),
            title: format!("国务院办公厅关于{year}年部分节假日安排的通知"),
            date,
            confidence: Confidence::S1,
            note: Some(note),
            holiday: holidays,
        }],
    })
}

/// `{"days":[{"name":"元旦","date":"2026-01-01","isOffDay":true}]}` and
/// `{"holidays":{"2026-01-01":"元旦"},"workdays":{…}}`.
fn of_json(text: &str) -> anyhow::Result<Vec<(String, Date, bool)>> {
    let value: Json = serde_json::from_str(text)
        .map_err(|e| anyhow::anyhow!("这个 JSON 读不了：第 {} 行第 {} 列", e.line(), e.column()))?;
    let mut all = vec![];
    let mut push = |name: &str, date: &str, off: bool| -> anyhow::Result<()> {
        let day = Date::parse(date).with_context(|| format!("没有「{date}」这一天"))?;
        // Some write "New Year's Day,元旦,1".
        let chinese = |part: &&str| part.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let name = name.split(',').find(chinese).unwrap_or(name).trim().to_owned();
        all.push((if name.is_empty() { "放假".to_owned() } else { name }, day, off));
        Ok(())
    };
    if let Some(days) = value.get("days").and_then(Json::as_array) {
        for day in days {
            let text = |key: &str| day.get(key).and_then(Json::as_str);
            let off = day
                .get("isOffDay")
                .and_then(Json::as_bool)
                .context("有一天没有写 isOffDay（放假还是上班）")?;
            push(text("name").unwrap_or_default(), text("date").context("有一天没有写 date")?, off)?;
        }
    }
    for (key, off) in [("holidays", true), ("workdays", false)] {
        for (date, name) in value.get(key).and_then(Json::as_object).into_iter().flatten() {
            push(name.as_str().unwrap_or_default(), date, off)?;
        }
    }
    if all.is_empty() {
        bail!("这个 JSON 里没有放假安排\n提示: 要有 days（name、date、isOffDay），或者 holidays 和 workdays");
    }
    Ok(all)
}

/// 春节 休, 国庆节 班, 元旦（休） …
fn of_ics(text: &str) -> anyhow::Result<Vec<(String, Date, bool)>> {
    let named = ics::read(text).map_err(anyhow::Error::msg)?;
    let (mut all, mut left_out) = (vec![], vec![]);
    for entry in named {
        let work = ["班", "补班", "上班", "调休上班"].iter().any(|w| entry.name.contains(w));
        let off = ["休", "假"].iter().any(|w| entry.name.contains(w)) && !work;
        // A festival of which nobody says whether it is a day off is not taken for one.
        let festival =
            FESTIVALS.iter().chain(&["除夕", "五一", "抗战", "胜利"]).any(|w| entry.name.contains(w));
        if (!work && !off) || !festival {
            left_out.push(entry.name.clone());
            continue;
        }
        let words = [
            "补班",
            "调休上班",
            "上班",
            "放假",
            "假期",
            "（休）",
            "（班）",
            "(休)",
            "(班)",
            "休",
            "班",
            "第1天",
            "第2天",
        ];
        let mut name = entry.name.clone();
        for word in words {
            name = name.replace(word, "");
        }
        let name: String = name
            .chars()
            .filter(|c| !c.is_whitespace() && !"（）()·-:：/0123456789第天共".contains(*c))
            .collect();
        for date in days(entry.first, entry.last) {
            all.push((if name.is_empty() { "放假".to_owned() } else { name.clone() }, date, !work));
        }
    }
    if !left_out.is_empty() {
        left_out.sort();
        left_out.dedup();
        let shown: Vec<&str> = left_out.iter().take(8).map(String::as_str).collect();
        output::note(&format!("注意: 这些日程不是节日放假、调休，没有导入：{}", shown.join("、")));
    }
    if all.is_empty() {
        bail!("这个 .ics 里看不出哪些天放假、哪些天上班\n提示: 日程的标题里要有“休”或者“班”");
    }
    Ok(all)
}

//! `gongkai request`: a request registered in one screen, and what happens to it added to its file.

use super::rules;
use super::{
    Ending, Project, RequestAddArgs, RequestCommand, RequestNewArgs, deadline, dossier, folder, output,
};
use crate::calendar::Date;
use crate::clock::{Channel, EventKeys, Kind};
use crate::corpus::schema;
use crate::disk;
use crate::letter::{self, Answer, Answers, Input, Request};
use crate::text::{Report, Sources, nearest};
use anyhow::{Context, bail};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Runs one of the commands.
pub fn run(root: Option<&Path>, command: &RequestCommand) -> anyhow::Result<Ending> {
    match command {
        RequestCommand::New(args) => new(root, args),
        RequestCommand::Check(args) => folder::run(root, args),
        RequestCommand::Add(args) => {
            let shown = args.file.display();
            disk::alone(&args.file, || add(root, args))
                .with_context(|| format!("锁不住 {shown} 所在的文件夹"))?
        }
    }
}

/// Asks what the command line does not say.
struct Desk {
    interactive: bool,
    lines: std::io::Lines<std::io::StdinLock<'static>>,
}

impl Desk {
    fn open() -> Self {
        Self { interactive: std::io::stdin().is_terminal(), lines: std::io::stdin().lines() }
    }

    /// One line; `None` if it is empty.
    fn line(&mut self, question: &str) -> anyhow::Result<Option<String>> {
        output::note(question);
        match self.lines.next() {
            Some(line) => {
                let line = line.context("读不了回答")?;
                let line = line.trim().to_owned();
                Ok((!line.is_empty()).then_some(line))
            }
            None => bail!("回答还没有完就结束了，申请没有登记"),
        }
    }

    /// An answer that `read` takes; a person is asked again, a file is not.
    fn until<T>(
        &mut self,
        question: &str,
        read: impl Fn(Option<&str>) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        loop {
            let line = self.line(question)?;
            match read(line.as_deref()) {
                Ok(value) => return Ok(value),
                Err(problem) if self.interactive => output::note(&format!("  {problem}")),
                Err(problem) => bail!("{problem}"),
            }
        }
    }
}

fn channel(text: &str) -> Result<Channel, String> {
    let by_number = text.parse::<usize>().ok().and_then(|n| Channel::ALL.get(n.checked_sub(1)?)).copied();
    let by_word = Channel::ALL.iter().copied().find(|c| c.word() == text);
    by_number.or(by_word).ok_or_else(|| {
        let words: Vec<_> = Channel::ALL.iter().map(|c| c.word()).collect();
        format!("没有「{text}」这种方式；可以写 {}", words.join("、"))
    })
}

/// A day; 未知 and nothing are none.
fn day(text: Option<&str>, today: Option<Date>) -> Result<Option<Date>, String> {
    match text {
        None => Ok(today),
        Some("未知") => Ok(None),
        Some("今天") if today.is_some() => Ok(today),
        Some(text) => Date::parse(text)
            .map(Some)
            .ok_or_else(|| format!("「{text}」不是日期；写成 2026-11-05 这样，不知道写 未知")),
    }
}

fn time(text: &str) -> Result<String, String> {
    let text = text.replace('：', ":");
    let fine = text.split_once(':').is_some_and(|(h, m)| {
        h.parse::<u8>().is_ok_and(|h| h < 24) && m.len() == 2 && m.parse::<u8>().is_ok_and(|m| m < 60)
    });
    if fine { Ok(text) } else { Err(format!("「{text}」不是时间；写成 17:20 这样")) }
}

/// What is registered.
struct Intake {
    channel: Channel,
    date: Option<Date>,
    time: Option<String>,
    confirmed: Option<Date>,
    /// How it was confirmed, and by whom.
    confirmation: Option<(String, String)>,
    applicant: String,
    you: String,
    items: Vec<String>,
}

fn intake(args: &RequestNewArgs, on: Option<Date>) -> anyhow::Result<Intake> {
    let mut desk = Desk::open();
    let say = anyhow::Error::msg::<String>;
    let channels: Vec<String> = (1..).zip(Channel::ALL).map(|(n, c)| format!("{n} {}", c.word())).collect();
    let channel = match &args.channel {
        Some(word) => channel(word).map_err(say)?,
        None => desk.until(&format!("怎样提交的？{}", channels.join("  ")), |line| {
            channel(line.unwrap_or_default())
        })?,
    };
    let date = match &args.date {
        Some(text) => day(Some(text), on).map_err(say)?,
        None => {
            let hint = on.map(|d| format!("（直接回车就是今天 {d}）")).unwrap_or_default();
            let word = if channel == Channel::SignedMail { "哪天签收的" } else { "哪天到的" };
            desk.until(&format!("{word}？不知道写 未知{hint}"), |line| day(line, on))?
        }
    };
    let time = match &args.time {
        Some(text) => Some(time(text).map_err(say)?),
        None if args.date.is_some() => None,
        None => desk.until("几点到的？（可以直接回车）", |line| line.map(time).transpose())?,
    };
    if !channel.needs_confirmation()
        && (args.confirmed.is_some() || args.how.is_some() || args.confirmed_by.is_some())
    {
        bail!("{}的收到日不用确认，不写 --confirmed、--how、--confirmed-by", channel.word());
    }
    let mut confirmed = None;
    let mut confirmation = None;
    if channel.needs_confirmation() {
        confirmed = match &args.confirmed {
            Some(text) => day(Some(text), on).map_err(say)?,
            None if args.date.is_some() => None,
            None => desk.until(
                &format!(
                    "{}的收到日是与申请人确认之日。哪天确认的？（还没有确认就直接回车）",
                    channel.word()
                ),
                |line| day(line, None),
            )?,
        };
        if confirmed.is_some() {
            let how = match &args.how {
                Some(how) => how.clone(),
                None => desk.until("怎样确认的？例如 电话方式（2026年9月18日10时20分）", required)?,
            };
            let who = match &args.confirmed_by {
                Some(who) => who.clone(),
                None => desk.until("申请人一方谁确认的？例如 张某本人", required)?,
            };
            confirmation = Some((how, who));
        }
    }
    let applicant = match &args.applicant {
        Some(name) => name.trim().to_owned(),
        None => desk.until("申请人是谁？", required)?,
    };
    let you = match &args.you {
        Some(word) => word.clone(),
        None if applicant.chars().count() > 4 => "你单位".to_owned(),
        None => "你".to_owned(),
    };
    let mut items = args.item.clone();
    while args.item.is_empty() {
        let question = if items.is_empty() {
            "申请什么？照抄原文，一项一行".to_owned()
        } else {
            format!("第 {} 项（没有了就直接回车）", items.len() + 1)
        };
        match desk.line(&question)? {
            Some(item) => items.push(item),
            None if items.is_empty() && desk.interactive => output::note("  至少写一项"),
            None if items.is_empty() => bail!("没有写申请什么"),
            None => break,
        }
    }
    let empty = applicant.is_empty() || items.iter().any(|i| i.trim().is_empty());
    if empty {
        bail!("申请人和申请的内容不能是空的");
    }
    if let Some(c) = applicant
        .chars()
        .chain(items.iter().flat_map(|i| i.chars()))
        .find(|c| crate::text::forbidden(*c) || c.is_control())
    {
        bail!("内容里有不能用的字符 U+{:04X}\n提示: 删去后重新输入", u32::from(c));
    }
    Ok(Intake { channel, date, time, confirmed, confirmation, applicant, you, items })
}

fn required(line: Option<&str>) -> Result<String, String> {
    line.map(str::to_owned).ok_or_else(|| "这一项要写".to_owned())
}

fn new(root: Option<&Path>, args: &RequestNewArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    anyhow::ensure!(
        args.folder.is_dir(),
        "没有 {} 这个文件夹\n提示: 先建好放申请件的文件夹，或者用 --dir 写另一个",
        args.folder.display()
    );
    let on = match &args.on {
        Some(on) => Some(deadline::date(on)?),
        None => disk::today(),
    };
    let intake = intake(args, on)?;
    let year = intake.date.or(intake.confirmed).or(on).context("读不了电脑的日期，用 --on 写明今天")?.year();
    let (number, path) = save(&args.folder, year, &intake)?;
    let on = on.context("读不了电脑的日期，用 --on 写明今天")?;
    let Some((history, status)) = dossier::status(&settings, &path, on, (true, false))? else {
        // What cannot be counted is no registration.
        std::fs::remove_file(&path).with_context(|| format!("删不了 {}", path.display()))?;
        output::note("申请没有登记。");
        return Ok(Ending::Findings);
    };
    output::print(&format!("登记编号：{number}\n申请件：{}\n\n", path.display()))?;
    output::print(&deadline::status_text(&settings, &history, &status, on)?)?;
    letters(root, &path, &intake)?;
    Ok(Ending::Fine)
}

/// Writes the file under the next free number; two people at once get two numbers.
fn save(folder: &Path, year: i16, intake: &Intake) -> anyhow::Result<(String, PathBuf)> {
    let mut last = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry.with_context(|| format!("读不了 {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy();
        // 20260031.toml and what lies beside it (20260031-登记回执.docx), not any file that begins with a date.
        let number = name.get(..8).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let number =
            number.filter(|_| name.get(8..).is_some_and(|rest| rest == ".toml" || rest.starts_with('-')));
        if let Some(serial) = number.and_then(|n| n.strip_prefix(&year.to_string())?.parse::<u32>().ok()) {
            last = last.max(serial);
        }
    }
    for serial in last + 1..=9999 {
        let number = format!("{year}{serial:04}");
        let path = folder.join(format!("{number}.toml"));
        let text = file(&number, intake)?;
        match disk::write_atomic(&path, text.as_bytes(), false) {
            Ok(()) => return Ok((number, path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => bail!("写不了 {}：{}", path.display(), disk::explain(&error)),
        }
    }
    bail!("{year}年的登记编号用完了")
}

/// The text of a new request file.
fn file(number: &str, intake: &Intake) -> anyhow::Result<String> {
    let quoted = |text: &str| Json::from(text).to_string();
    let mut out = format!(
        "# 申请件 {number}。办理中的每一件事按顺序记在最后，只加不改：gongkai request add {number}.toml 事情\n# 看期限：gongkai deadline {number}.toml\n\nrequest_number = {}\napplicant = {}\nyou = {}\nrequest_text = {}\n",
        quoted(number),
        quoted(&intake.applicant),
        quoted(&intake.you),
        quoted(&intake.items.join("\n")),
    );
    for (i, item) in (1..).zip(&intake.items) {
        write!(out, "\n[[items]]\nid = \"{i}\"\ntext = {}\n", quoted(item))?;
    }
    let date = intake.date.map_or_else(|| "未知".to_owned(), |d| d.to_string());
    write!(
        out,
        "\n[[events]]\ndate = \"{date}\"\nkind = \"收到申请\"\nchannel = \"{}\"\n",
        intake.channel.word()
    )?;
    if let Some(time) = &intake.time {
        writeln!(out, "time = {}", quoted(time))?;
    }
    if let Some(confirmed) = intake.confirmed {
        write!(out, "\n[[events]]\ndate = \"{confirmed}\"\nkind = \"确认收到日\"\n")?;
        if let Some((how, who)) = &intake.confirmation {
            writeln!(out, "note = {}", quoted(&format!("{how}；{who}")))?;
        }
    }
    Ok(out)
}

/// The receipt, and the confirmation of the day of receipt, beside the request file; where the handbook has them.
fn letters(root: Option<&Path>, path: &Path, intake: &Intake) -> anyhow::Result<()> {
    let Ok(project) = Project::at_desk(root) else {
        output::note("这里没有手册，登记回执没有生成；进入手册的文件夹再登记，就有回执。");
        return Ok(());
    };
    if project.report.has_errors() {
        output::note("手册的内容有错，登记回执没有生成。先运行 gongkai check 改正。");
        return Ok(());
    }
    let mut wanted = vec![];
    if intake.channel.needs_confirmation() {
        wanted.push(("receipt-date-confirmation", "收到日期确认函"));
    }
    wanted.push(("receipt", "登记回执"));
    let text = disk::read_text(path, dossier::LARGEST, &mut Report::default())?;
    let date = intake.confirmed.or(intake.date);
    let Some(date) = date.filter(|_| !intake.channel.needs_confirmation() || intake.confirmed.is_some())
    else {
        let target = confirmation_form(&project, path, intake)?;
        output::print(&format!(
            "\n先与申请人确认收到日，再运行：\n  gongkai request add {} 确认收到日 --date 日期\n",
            path.display()
        ))?;
        if let Some(target) = target {
            output::print(&format!(
                "确认的时间、方式、谁确认的，填进 {0}，再运行：\n  gongkai letter fill {0}\n",
                target.display()
            ))?;
        }
        return Ok(());
    };
    for (id, name) in wanted {
        if !project.corpus.clauses.contains_key(id) {
            continue;
        }
        let shown = path.display().to_string();
        let mut set = vec![("date".to_owned(), date.to_string())];
        if let (Some((how, who)), "receipt-date-confirmation") = (&intake.confirmation, id) {
            set.push(("method".to_owned(), how.clone()));
            set.push(("confirmed_by".to_owned(), who.clone()));
            set.push(("officer".to_owned(), project.agency.contact.clone().unwrap_or_default()));
        }
        let with = format!("letter = \"{id}\"\n{text}");
        let mut report = Report::default();
        let input = Input { path: &shown, text: &with, set: &set };
        let filled = Request::read(&project.corpus, &project.agency, input, &mut report)
            .and_then(|request| letter::fill(&project.corpus, &request, &mut report));
        let target = path.with_file_name(format!(
            "{}-{name}.docx",
            path.file_stem().unwrap_or_default().to_string_lossy()
        ));
        match filled {
            Some(letter) => {
                let bytes = letter::docx::write(&letter)?;
                disk::write_atomic(&target, &bytes, false)
                    .with_context(|| format!("写不了 {}", target.display()))?;
                output::print(&format!("{name}：{}\n", target.display()))?;
            }
            None => {
                let mut sources = Sources::default();
                sources.insert(shown.as_str(), with.as_str());
                output::report(&report, &sources);
                output::note(&format!("{name}没有生成；申请已经登记。"));
            }
        }
    }
    Ok(())
}

/// The form for the confirmation of the day of receipt, with everything that is known filled in.
fn confirmation_form(project: &Project, path: &Path, intake: &Intake) -> anyhow::Result<Option<PathBuf>> {
    let Some(entry) = project.corpus.clauses.get("receipt-date-confirmation") else { return Ok(None) };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = |text: &str| Answer::Text(text.to_owned());
    let mut answers = Answers::from([
        ("request_number".to_owned(), text(&stem)),
        ("applicant".to_owned(), text(&intake.applicant)),
        ("you".to_owned(), text(&intake.you)),
        ("channel".to_owned(), text(letter::channel_word(intake.channel))),
        ("request_text".to_owned(), text(&intake.items.join("\n"))),
    ]);
    if let Some(date) = intake.date {
        answers.insert("submitted_date".to_owned(), Answer::Date(date));
    }
    let form = letter::skeleton(&project.corpus, &entry.header, &project.agency, &answers);
    let target = path.with_file_name(format!("{stem}-收到日期确认函.toml"));
    disk::write_atomic(&target, form.as_bytes(), false)
        .with_context(|| format!("写不了 {}", target.display()))?;
    Ok(Some(target))
}

/// Adds an event at the end of a request file, if the whole then still makes sense.
fn add(root: Option<&Path>, args: &RequestAddArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let Some(kind) = Kind::ALL.iter().copied().find(|k| k.word() == args.kind) else {
        let near = nearest(&args.kind, Kind::ALL.iter().map(|k| k.word()));
        let mean = near.map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        let all: Vec<_> = Kind::ALL.iter().map(|k| k.word()).collect();
        bail!("没有「{}」这种事情\n提示: {mean}可以写的有：{}", args.kind, all.join("、"));
    };
    let path = args.file.display().to_string().replace('\\', "/");
    let mut report = Report::default();
    let text = disk::read_text(&args.file, dossier::LARGEST, &mut report)?;
    let date = match &args.date {
        Some(date) => deadline::date(date)?,
        None => disk::today().context("读不了电脑的日期，用 --date 写明")?,
    };
    if disk::today().is_some_and(|today| date > today) {
        output::note(&format!("注意: {date} 是以后的日子，发生了的事才记；写错了就改申请件的最后几行。"));
    }
    let on = date;
    let mut event = format!("\n[[events]]\ndate = \"{date}\"\nkind = \"{}\"\n", kind.word());
    for pair in &args.set {
        let Some((name, value)) = pair.split_once('=') else {
            bail!("--set 要写成 名称=内容，例如 --set party=示例公司；现在是「{pair}」");
        };
        writeln!(event, "{} = {}", name.trim(), value_of(name.trim(), value.trim()))?;
    }
    let separator = if text.ends_with('\n') { "" } else { "\n" };
    let whole = format!("{text}{separator}{event}");
    let mut sources = Sources::default();
    sources.insert(path.as_str(), whole.as_str());
    let found = if report.has_errors() {
        None
    } else {
        dossier::counted(&settings, (&path, &whole), Some(on), true, &mut report)
    };
    let Some((history, status)) = found else {
        output::report(&report, &sources);
        output::note("没有记进去，申请件没有动。");
        return Ok(Ending::Findings);
    };
    disk::write_atomic(&args.file, whole.as_bytes(), true).with_context(|| format!("写不了 {path}"))?;
    output::print(&format!("已经记进 {path}。\n\n"))?;
    output::print(&deadline::status_text(&settings, &history, &status, on)?)?;
    Ok(Ending::Fine)
}

/// A value of an event as TOML: lists of items, numbers, text.
fn value_of(name: &str, value: &str) -> String {
    let properties = schema::of::<EventKeys>();
    let kind = properties.pointer(&format!("/properties/{name}/type")).cloned().unwrap_or_default();
    let is = |wanted: &str| {
        kind.as_str() == Some(wanted) || kind.as_array().is_some_and(|a| a.iter().any(|k| k == wanted))
    };
    if is("array") {
        let parts: Vec<Json> = value.split([',', '，', '、']).map(|p| Json::from(p.trim())).collect();
        return Json::from(parts).to_string();
    }
    if is("integer") && value.parse::<u32>().is_ok() {
        return value.to_owned();
    }
    Json::from(value).to_string()
}

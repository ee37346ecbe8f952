//! `gongkai decide`: the seven steps, one question at a time; at the end a request file for the letter and a page for
//! the leader who approves.

use super::rules::{self, Settings};
use super::{DecideArgs, Ending, dossier, output};
use crate::calendar::Date;
use crate::clock::{History, Status};
use crate::corpus::{Outcome, StepAnswer, StepQuestion};
use crate::decide::{self, Chosen, Walk};
use crate::disk;
use crate::letter::{self, Answer, Answers, Block, Letter};
use crate::remedy::{self, Asked};
use crate::text::{Report, nearest};
use anyhow::{Context, bail};
use serde_json::json;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Asks to the end.
pub fn run(root: Option<&Path>, args: &DecideArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    if args.json && args.output.as_ref().is_some_and(|o| o.as_os_str() == "-") {
        bail!("--json 和 -o - 都打印到窗口，只能选一个\n提示: -o 写一个文件名");
    }
    let table = &settings.corpus.rules.steps;
    if table.question.is_empty() {
        bail!("这本手册没有一步一步定答复的题目（book/rules/steps.toml）");
    }
    let on = super::deadline::today(args.on.as_deref())?;
    let request = match &args.file {
        Some(file) => match dossier::status(&settings, file, on, (true, false))? {
            Some((history, status)) => Some((file.as_path(), history, status)),
            None => return Ok(Ending::Findings),
        },
        None => None,
    };
    let mut chosen = given(&settings, &args.answer)?;
    let walk = match ask(&settings, &mut chosen)? {
        Some(walk) => walk,
        None => return Ok(Ending::Findings),
    };
    let Some(end) = walk.end() else { bail!("还没有得出结论") };
    let outcome = end
        .outcome
        .as_deref()
        .and_then(|id| settings.corpus.outcome(id))
        .context("答复情形表里没有这个结论")?;
    if args.json {
        output::print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&value(&settings, &walk, end, outcome, on))?
        ))?;
    } else {
        output::print(&conclusion(&settings, &walk, end, outcome, on)?)?;
    }
    let facts = request.as_ref().map(|(file, history, status)| (*file, history, status));
    write_request(&settings, args, facts, outcome)?;
    if let Some(path) = &args.brief {
        let brief = brief(&settings, facts.map(|(_, h, s)| (h, s)), &walk, (end, outcome), on)?;
        let bytes = letter::docx::write(&brief)?;
        disk::write_atomic(path, &bytes, args.force)
            .with_context(|| format!("写不了 {}（已经有这个文件的，加 --force 换掉它）", path.display()))?;
        output::note(&format!("呈批说明已写到 {}。", path.display()));
    }
    Ok(Ending::Fine)
}

/// The answers of the command line.
fn given(settings: &Settings, pairs: &[String]) -> anyhow::Result<Chosen> {
    let table = &settings.corpus.rules.steps;
    let mut chosen = Chosen::new();
    for pair in pairs {
        let Some((question, answer)) = pair.split_once('=') else {
            bail!("--answer 要写成 题目=选项，例如 --answer stage=new；现在是「{pair}」");
        };
        let found = table.question.iter().find(|q| q.id == question);
        let Some(found) = found else {
            let near = nearest(question, table.question.iter().map(|q| q.id.as_str()));
            let mean = near.map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
            bail!("没有「{question}」这一题\n提示: {mean}题目的编号在 book/rules/steps.toml");
        };
        if found.answer.iter().all(|a| a.id != answer) {
            let known: Vec<String> =
                found.answer.iter().map(|a| format!("{}（{}）", a.id, a.label)).collect();
            bail!("「{question}」没有「{answer}」这个选项\n提示: 可以写的有：{}", known.join("、"));
        }
        if chosen.insert(question.to_owned(), answer.to_owned()).is_some_and(|before| before != answer) {
            bail!("「{question}」写了两个不同的选项\n提示: 一题只写一个 --answer");
        }
    }
    Ok(chosen)
}

/// Asks what is still open. `None` when the person stopped.
fn ask<'a>(settings: &'a Settings, chosen: &mut Chosen) -> anyhow::Result<Option<Walk<'a>>> {
    let table = &settings.corpus.rules.steps;
    let interactive = std::io::stdin().is_terminal();
    let mut lines = std::io::stdin().lines();
    let mut shown_help = false;
    // Going back opens a question again; its answer and the later ones stay known.
    let mut reopened: Option<String> = None;
    loop {
        let known: Chosen = match &reopened {
            Some(id) => {
                chosen.iter().filter(|(q, _)| *q != id).map(|(q, a)| (q.clone(), a.clone())).collect()
            }
            None => chosen.clone(),
        };
        let walk = decide::walk(table, &known);
        let Some(question) = walk.open else { return Ok(Some(walk)) };
        if !shown_help {
            output::note("回答写前面的数字；b 退回上一题，q 停下来。");
            shown_help = true;
        }
        let before = chosen.get(&question.id).cloned();
        output::note(&shown(settings, question, walk.answered.len() + 1, before.as_deref()));
        let Some(line) = lines.next() else { bail!("回答还没有完就结束了，没有得出结论") };
        let line = line.context("读不了回答")?;
        let line = line.trim();
        match line {
            "q" | "Q" => {
                output::note("停下来了，什么都没有写。");
                return Ok(None);
            }
            "b" | "B" => {
                reopened = walk.answered.last().map(|(q, _)| q.id.clone()).or(reopened);
                continue;
            }
            "" if before.is_some() => {}
            _ => match picked(question, line) {
                Some(answer) => {
                    chosen.insert(question.id.clone(), answer.id.clone());
                    if let Some(note) = &answer.note {
                        output::note(&format!("  → {note}"));
                    }
                }
                None => {
                    let message = format!("没有「{line}」这个选项，写 1 到 {}", question.answer.len());
                    output::note(&message);
                    if !interactive {
                        bail!("{message}");
                    }
                    continue;
                }
            },
        }
        reopened = None;
    }
}

fn picked<'a>(question: &'a StepQuestion, line: &str) -> Option<&'a StepAnswer> {
    let by_number = line.parse::<usize>().ok().and_then(|n| question.answer.get(n.checked_sub(1)?));
    by_number.or_else(|| question.answer.iter().find(|a| a.id == line || a.label == line))
}

fn shown(settings: &Settings, question: &StepQuestion, number: usize, before: Option<&str>) -> String {
    let steps = &settings.corpus.rules.steps.step;
    let step = steps.iter().find(|s| s.id == question.step).map_or("", |s| s.title.as_str());
    let mut out = format!("\n【{step}】第 {number} 题　{}\n", question.ask);
    let _ = writeln!(out, "  {}", question.help);
    if !question.cites.is_empty() {
        let _ = writeln!(out, "  依据：{}", question.cites.join("、"));
    }
    for id in &question.cases {
        if let Some(case) = settings.corpus.cases.get(id) {
            let _ = writeln!(out, "  案例：{}", case.header.title);
        }
    }
    for (i, answer) in (1..).zip(&question.answer) {
        let mark = if before == Some(answer.id.as_str()) {
            "（上次选的，直接回车就是它）"
        } else {
            ""
        };
        let _ = writeln!(out, "  {i}  {}{mark}", answer.label);
    }
    out
}

/// The remedies of an outcome on a day.
fn remedies(settings: &Settings, outcome: &Outcome, on: Date) -> Vec<String> {
    let table = &settings.corpus.rules.remedies;
    let organ = settings.agency.organ.as_deref().and_then(|o| table.organ(o));
    let asked = Asked { date: on, organ, choices: &settings.agency.policy };
    let parts: Vec<_> =
        outcome.remedy.iter().filter_map(|r| Some((table.ground(&r.ground)?, r.subject.clone()))).collect();
    let all = match remedy::paragraphs(&settings.corpus.rules, &parts, asked) {
        Ok(all) => all,
        Err(refused) => return vec![refused.to_string()],
    };
    let mut titles: Vec<String> = all
        .iter()
        .map(|(r, subject)| format!("{subject}：{}（{}）", r.class.title, r.confidence.label()))
        .collect();
    titles.extend(outcome.remedy_note.clone());
    if titles.is_empty() {
        titles.push("不写救济（程序性文书）".to_owned());
    }
    titles
}

fn value(
    settings: &Settings,
    walk: &Walk<'_>,
    end: &StepAnswer,
    outcome: &Outcome,
    on: Date,
) -> serde_json::Value {
    let clause = settings.corpus.letters(&outcome.id).into_iter().next();
    json!({
        "outcome": outcome.id,
        "title": outcome.title,
        "grounds": outcome.grounds,
        "interim": end.interim,
        "then": end.then,
        "risk": end.risk,
        "note": end.note,
        "remedies": remedies(settings, outcome, on),
        "letter": clause.map(|e| e.header.id.clone()),
        "confidence": outcome.confidence,
        "path": walk.answered.iter().map(|(q, a)| json!({ "question": q.id, "answer": a.id })).collect::<Vec<_>>(),
    })
}

fn conclusion(
    settings: &Settings,
    walk: &Walk<'_>,
    end: &StepAnswer,
    outcome: &Outcome,
    on: Date,
) -> anyhow::Result<String> {
    let mut out = String::from("一路的判断\n");
    for (question, answer) in &walk.answered {
        writeln!(out, "  {}　{}", question.ask, answer.label)?;
        if let Some(note) = &answer.note {
            writeln!(out, "    {note}")?;
        }
    }
    let word = if end.interim { "先发这份文书" } else { "结论" };
    writeln!(out, "\n{word}：{}（{}）", outcome.title, outcome.confidence.label())?;
    for ground in &outcome.grounds {
        writeln!(out, "  依据  {ground}")?;
    }
    for remedy in remedies(settings, outcome, on) {
        writeln!(out, "  救济  {remedy}")?;
    }
    for other in settings.corpus.letters(&outcome.id).into_iter().skip(1) {
        let header = &other.header;
        writeln!(out, "  另有文书  {}（gongkai letter new {}）", header.title, header.id)?;
    }
    if let Some(note) = &outcome.note {
        writeln!(out, "  提示  {note}")?;
    }
    if let Some(then) = &end.then {
        writeln!(out, "  接着  {then}")?;
    }
    if let Some(risk) = &end.risk {
        writeln!(out, "  风险  {risk}")?;
    }
    Ok(out)
}

/// The request file of the letter, with everything that is known filled in and the events at its end.
fn write_request(
    settings: &Settings,
    args: &DecideArgs,
    request: Option<(&Path, &History, &Status)>,
    outcome: &Outcome,
) -> anyhow::Result<()> {
    let Some(clause) = settings.corpus.letters(&outcome.id).into_iter().next() else {
        output::note(&format!("「{}」还没有文书模板，申请件没有写。", outcome.title));
        return Ok(());
    };
    let mut answers = Answers::new();
    if let Some((file, history, status)) = request {
        let dossier = letter::Dossier { history: history.clone(), status: status.clone(), original: None };
        answers = dossier.facts();
        let text = disk::read_text(file, dossier::LARGEST, &mut Report::default())?;
        let path = file.display().to_string();
        if let Some(node) = crate::corpus::tree::Node::parse(&path, &text, 0, &mut Report::default()) {
            for key in ["request_text", "you"] {
                if let Some(crate::corpus::tree::Value::Text(value)) = node.get(key).map(|n| &n.value) {
                    answers.insert(key.to_owned(), Answer::Text(value.clone()));
                }
            }
        }
    }
    let form = letter::skeleton(&settings.corpus, &clause.header, &settings.agency, &answers);
    let text = form;
    let target = args.output.clone().or_else(|| {
        let (file, ..) = request?;
        let stem = file.file_stem()?.to_string_lossy().into_owned();
        Some(file.with_file_name(format!("{stem}-{}.toml", clause.header.id)))
    });
    let Some(target) = target.filter(|t: &PathBuf| t.as_os_str() != "-") else {
        if args.output.is_some() {
            output::print(&text)?;
        } else {
            output::note(&format!("文书：{}。得到填好一半的申请件：再加 -o 文件名", clause.header.title));
        }
        return Ok(());
    };
    disk::write_atomic(&target, text.as_bytes(), args.force)
        .with_context(|| format!("写不了 {}（已经有这个文件的，加 --force 换掉它）", target.display()))?;
    output::note(&format!(
        "《{0}》的申请件已写到 {1}，知道的都填好了；补上其余的，再运行：gongkai letter fill {1}",
        clause.header.title,
        target.display(),
    ));
    Ok(())
}

/// 呈批说明: one page for the leader who approves.
fn brief(
    settings: &Settings,
    request: Option<(&History, &Status)>,
    walk: &Walk<'_>,
    (end, outcome): (&StepAnswer, &Outcome),
    on: Date,
) -> anyhow::Result<Letter> {
    let mut blocks = vec![Block::Title("政府信息公开申请呈批说明".to_owned())];
    let cut = |text: &str, most: usize| {
        let short: String = text.chars().take(most).collect();
        if text.chars().count() > most { format!("{short}……") } else { short }
    };
    let blank = || "　　　　".to_owned();
    let mut rows = vec![];
    let mut row = |name: &str, text: String| rows.push(vec![name.to_owned(), text]);
    match request {
        Some((history, status)) => {
            row(
                "申请",
                format!(
                    "{}　申请人：{}",
                    history.number.clone().unwrap_or_else(blank),
                    history.applicant.clone().unwrap_or_else(blank)
                ),
            );
            let items: Vec<String> =
                history.items.iter().map(|i| format!("{}．{}", i.id, i.text.replace('\n', " "))).collect();
            row("要什么", cut(&items.join("　"), 110));
            let received = status.receipt.date.map_or_else(|| "还没有确定".to_owned(), Date::official);
            let due = match status.next() {
                Some((term, date)) => format!(
                    "{}{}",
                    date.official(),
                    if term.due.is_some_and(|d| d.provisional) {
                        "（暂定，待放假安排公布）"
                    } else {
                        ""
                    }
                ),
                None => "见期限推算".to_owned(),
            };
            row("期限", format!("收到日：{received}　答复期限：{due}"));
        }
        None => {
            row("申请", format!("编号：{}　申请人：{}", blank(), blank()));
            row("要什么", blank());
            row("期限", format!("收到日：{}　答复期限：{}", blank(), blank()));
        }
    }
    // The last questions are those that are in dispute; the first ones are about the desk.
    let points: Vec<String> = walk
        .answered
        .iter()
        .rev()
        .take(3)
        .map(|(q, a)| format!("{}——{}", q.ask.trim_end_matches('？'), a.label))
        .collect();
    row("争议点", cut(&points.into_iter().rev().collect::<Vec<_>>().join("；"), 150));
    let word = if end.interim { "先发文书" } else { "拟答复" };
    row("拟办意见", format!("{word}：{}（{}）", outcome.title, outcome.confidence.label()));
    row("依据", cut(&outcome.grounds.join("、"), 120));
    row("救济", cut(&remedies(settings, outcome, on).join("；"), 110));
    blocks.push(Block::Table { head: vec!["事项".to_owned(), "内容".to_owned()], rows });
    let mut options = vec![];
    if let Some((question, _)) = walk.answered.last() {
        let mark = |a: &StepAnswer| if a.id == end.id { "（拟采用）" } else { "" };
        let mut all: Vec<&StepAnswer> = vec![end];
        all.extend(question.answer.iter().filter(|a| a.id != end.id && a.risk.is_some()));
        for answer in all.into_iter().take(3) {
            let risk = answer.risk.as_deref().unwrap_or("手册没有列出风险");
            options.push(vec![format!("{}{}", cut(&answer.label, 34), mark(answer)), cut(risk, 70)]);
        }
    }
    blocks
        .push(Block::Table { head: vec!["可选的办法".to_owned(), "风险".to_owned()], rows: options });
    let sign = |who: &str| vec![who.to_owned(), String::new(), String::new()];
    blocks.push(Block::Table {
        head: ["审批", "意见", "签名和日期"].map(str::to_owned).to_vec(),
        rows: ["拟办", "法制", "保密", "签发"].map(sign).to_vec(),
    });
    blocks.push(Block::Note(format!("内部文书，不对外。{}整理，依据和风险以核对原文为准。", on.official())));
    Ok(Letter {
        title: "政府信息公开申请呈批说明".to_owned(),
        author: settings.agency.name.clone().unwrap_or_default(),
        blocks,
        ..Letter::default()
    })
}

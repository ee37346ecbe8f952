//! `gongkai remedy`: the remedy for a ground, a date and a kind of organ.

use super::{Ending, RemedyArgs, deadline, output, rules};
use crate::corpus::{Organ, RemedyTable};
use crate::remedy::{self, Asked, Remedy};
use crate::text::nearest;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::path::Path;

/// Looks it up.
pub fn run(root: Option<&Path>, args: &RemedyArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let corpus = &settings.corpus;
    let date = deadline::date(&args.date)?;
    let table = &corpus.rules.remedies;
    let wanted = args.organ.as_deref().or(settings.agency.organ.as_deref());
    let organ = match wanted.map(|word| organ(table, word)).transpose() {
        Ok(organ) => organ,
        Err(hint) => return refuse(args, &format!("没有「{}」这种机关", wanted.unwrap_or_default()), &hint),
    };
    let mut parts = vec![];
    for ground in &args.ground {
        match remedy::named(corpus, ground) {
            // Several grounds are parts of one reply.
            Ok(found) if args.ground.len() > 1 => parts.extend(found.into_iter().map(|(g, subject)| {
                let part = if subject == "本告知书" {
                    format!("本告知书中“{}”的部分", g.title)
                } else {
                    subject
                };
                (g, part)
            })),
            Ok(found) => parts.extend(found),
            Err(hint) => return refuse(args, &format!("看不出「{ground}」是哪一种依据"), &hint),
        }
    }
    let asked = Asked { date, organ, choices: &settings.agency.policy };
    let all = match remedy::paragraphs(&corpus.rules, &parts, asked) {
        Ok(all) => all,
        Err(refused) => {
            return refuse(
                args,
                &refused.to_string(),
                "核对答复作出的日期；更早的请找法制机构核对当时的法律",
            );
        }
    };
    let body = args.body.as_deref();
    if args.json {
        let rows: Vec<Json> =
            all.iter().map(|(r, subject)| value(r, subject, (body, args.online.as_deref()))).collect();
        let value = match <[Json; 1]>::try_from(rows) {
            Ok([only]) => only,
            Err(rows) => Json::Array(rows),
        };
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
        return Ok(Ending::Fine);
    }
    let mut out = String::new();
    for (i, (found, subject)) in all.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        shown(&mut out, found, subject, (body, args.online.as_deref()))?;
        if organ.is_none() && found.wording.review_days.is_some() {
            writeln!(
                out,
                "  还要看本机关是哪一种，才知道复议机关：加上 --organ，例如 --organ department（地方政府的工作部门）"
            )?;
        }
    }
    output::print(&out)?;
    Ok(Ending::Fine)
}

fn organ<'a>(table: &'a RemedyTable, word: &str) -> Result<&'a Organ, String> {
    table.organ(word).ok_or_else(|| {
        let known: Vec<String> = table.organ.iter().map(|o| format!("{}（{}）", o.id, o.title)).collect();
        let near = nearest(word, table.organ.iter().map(|o| o.id.as_str()));
        let mean = near.map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        format!("{mean}可以写的有：{}", known.join("、"))
    })
}

fn refuse(args: &RemedyArgs, message: &str, hint: &str) -> anyhow::Result<Ending> {
    if args.json {
        let value = json!({ "error": message, "hint": hint });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    }
    output::note(&format!("错误: {message}\n提示: {hint}"));
    Ok(Ending::Findings)
}

/// The bodies as the paragraph names them.
fn body(found: &Remedy<'_>, named: Option<&str>) -> String {
    match (named, found.bodies()) {
        (Some(named), _) => named.to_owned(),
        (None, []) => "〔复议机关全称〕".to_owned(),
        (None, bodies) => bodies.join("或者"),
    }
}

/// 行政复议法第二十二条第二款
fn paragraph(found: &Remedy<'_>, subject: &str, (named, online): (Option<&str>, Option<&str>)) -> String {
    let mut text = found.paragraph(subject, Some(&body(found, named)));
    if let Some(channel) = online
        && !text.is_empty()
        && found.wording.review_days.is_some()
    {
        let _ = write!(text, "申请行政复议，也可以通过{channel}在网上提交行政复议申请书。");
    }
    text
}

fn value(found: &Remedy<'_>, subject: &str, names: (Option<&str>, Option<&str>)) -> Json {
    let wording = found.wording;
    let organ = found.organ;
    let citations: Vec<&String> = wording
        .citations
        .iter()
        .chain(&wording.law_then)
        .chain(organ.iter().flat_map(|o| o.citations.iter().chain(&o.law_then)))
        .collect();
    let review = wording.review_days.map(|days| json!({ "bodies": found.bodies(), "days": days }));
    let suit = (wording.direct_months.is_some() || wording.after_review_days.is_some()).then(
        || json!({ "direct_months": wording.direct_months, "after_review_days": wording.after_review_days }),
    );
    let policy = found
        .policy
        .as_ref()
        .map(|p| json!({ "title": p.title, "option": p.option, "chosen": p.chosen, "note": p.note }));
    json!({
        "class": found.class_id(),
        "title": found.class.title,
        "ground": found.ground.title,
        "review": review,
        "suit": suit,
        "ruling": organ.is_some_and(|o| o.ruling),
        "text": paragraph(found, subject, names),
        "citations": citations,
        "confidence": found.confidence,
        "policy": policy,
        "notes": found.notes,
    })
}

fn shown(
    out: &mut String,
    found: &Remedy<'_>,
    subject: &str,
    names: (Option<&str>, Option<&str>),
) -> anyhow::Result<()> {
    writeln!(out, "{}：{}（{}）", found.ground.title, found.class.title, found.confidence.label())?;
    let text = paragraph(found, subject, names);
    if !text.is_empty() {
        writeln!(out, "\n  {text}\n")?;
    }
    if !found.bodies().is_empty() {
        writeln!(out, "  复议机关  {}", found.bodies().join("；或者 "))?;
    }
    let wording = found.wording;
    let organ = found.organ.iter().flat_map(|o| o.citations.iter().chain(&o.law_then));
    for citation in wording.citations.iter().chain(&wording.law_then).chain(organ) {
        writeln!(out, "  依据      {citation}")?;
    }
    if let Some(policy) = &found.policy {
        let who = if policy.chosen { "本机关设置" } else { "本机关还没有定，按默认" };
        writeln!(out, "  {who}  {}：{}。{}", policy.title, policy.option, policy.note)?;
    }
    for note in &found.notes {
        writeln!(out, "  注意      {note}")?;
    }
    Ok(())
}

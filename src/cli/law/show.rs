//! `gongkai law show` and `law list`.

use super::{corpus, date};
use crate::citation::{self, Context, Found, Provision};
use crate::cli::{Ending, output};
use crate::corpus::{Corpus, Edition, earlier, in_force};
use crate::links::{Status, concordance, judge, successors};
use anyhow::bail;
use std::fmt::Write as _;
use std::path::Path;

/// Shows what a citation points to, in the version in force on a day.
pub fn run(root: Option<&Path>, words: &str, on: Option<&str>) -> anyhow::Result<Ending> {
    let on = on.map(date).transpose()?;
    let corpus = corpus(root)?;
    let found = citation::find(words, &corpus.names, &Context { loose: true, ..Context::default() });
    if found.is_empty() {
        bail!(
            "看不出「{words}」是哪一条\n提示: 写明法规名称和条号，例如 gongkai law show 政府信息公开条例第三十六条"
        );
    }
    let mut ending = Ending::Fine;
    for found in &found {
        let verdict = judge(&corpus, found, on.as_deref());
        if let Some(citation::Law::Known(id) | citation::Law::Earlier { id: Some(id), .. }) = &found.law
            && matches!(verdict.status, Status::Resolved | Status::VersionMissing)
        {
            let (shown, whole) = show(&corpus, id, (found, on.as_deref()));
            output::print(&shown)?;
            if let Some(hint) = verdict.hint.filter(|_| whole) {
                output::print(&format!("\n{hint}\n"))?;
            }
            if !whole {
                ending = Ending::Findings;
            }
            continue;
        }
        let law = verdict.law.map(|l| format!("《{l}》")).unwrap_or_default();
        output::note(&format!("错误: 查不到{law}{}\n提示: {}", words, verdict.hint.unwrap_or_default()));
        ending = Ending::Findings;
    }
    Ok(ending)
}

/// The version that is meant: by the words, by the day, or today's.
fn edition<'a>(corpus: &'a Corpus, id: &str, found: &Found, on: Option<&str>) -> Option<Edition<'a>> {
    let editions = corpus.editions(id);
    match (&found.law, on) {
        (Some(citation::Law::Earlier { year, .. }), _) => earlier(&editions, *year),
        (_, Some(on)) => in_force(&editions, on),
        _ => editions.iter().find(|e| e.current).copied(),
    }
}

/// The places as text, and whether there was something to show of each.
fn show(corpus: &Corpus, id: &str, (found, on): (&Found, Option<&str>)) -> (String, bool) {
    let mut out = String::new();
    let Some(entry) = corpus.laws.get(id) else { return (out, false) };
    let law = &entry.header;
    let Some(edition) = edition(corpus, id, found, on) else {
        let when = on.map(|d| format!("{d} 有效的")).unwrap_or_else(|| "这个".to_owned());
        let _ = writeln!(out, "《{}》：手册里没有{when}版本。", law.short);
        return (out, false);
    };
    let since = match edition.since() {
        Some(day) => format!("，{day} 起施行"),
        None => "，施行日期未知，按公布日期判断".to_owned(),
    };
    let today = if edition.current { "，现行文本" } else { "，不是现行文本" };
    let _ = writeln!(
        out,
        "《{}》　{}{since}{}",
        law.title,
        edition.label(),
        if law.versions.is_empty() { "" } else { today }
    );
    let mut whole = true;
    for place in found.provisions() {
        let _ = writeln!(out, "\n{place}");
        let text = edition.text.and_then(|t| cut(&t.statute, place));
        match (&text, edition.text) {
            (Some(text), Some(source)) => {
                for line in text.lines() {
                    let _ = writeln!(out, "  {line}");
                }
                let when =
                    source.source_date.as_deref().map(|d| format!("，文件日期 {d}")).unwrap_or_default();
                let _ = writeln!(out, "  ——原文，来自 {}{when}", source.source_name);
            }
            _ if edition.current => match entry.header.note(place) {
                Some(note) => {
                    let _ =
                        writeln!(out, "  要点（本手册自己的话，不是原文；原文没有导入）：{}", note.heading);
                    let part = note
                        .parts
                        .iter()
                        .find(|p| p.provision == place)
                        .map(|p| &p.content)
                        .unwrap_or(&note.content);
                    for line in entry.text.get(part.clone()).unwrap_or_default().trim().lines() {
                        let _ = writeln!(out, "  {line}");
                    }
                }
                None => {
                    whole = false;
                    let _ =
                        writeln!(out, "  这一版的原文没有导入，也没有要点。导入：gongkai law import 文件");
                }
            },
            _ => {
                whole = false;
                let _ = writeln!(out, "  这一版的原文没有导入，看不到条文。导入：gongkai law import 文件");
            }
        }
        if !edition.current
            && let Some(table) = concordance(corpus, id, &edition.label())
            && let Some(words) = successors(table, place)
        {
            let _ = writeln!(out, "  新旧对照：今天是{words}（{}）", table.confidence.label());
        }
    }
    (out, whole)
}

/// The text of a place.
fn cut(statute: &crate::statute::Statute, place: Provision) -> Option<String> {
    let article = statute.article(place.article, place.sub)?;
    let paragraph = match (place.paragraph, place.item) {
        (None, None) => return Some(format!("{}　{}", article.label, article.text())),
        (Some(p), _) => article.paragraphs.get(p as usize - 1)?,
        // The only 款 that has such an item.
        (None, Some(item)) => article.paragraphs.iter().find(|p| p.items.iter().any(|i| i.number == item))?,
    };
    let Some(item) = place.item else { return Some(paragraph.text.clone()) };
    let item = paragraph.items.iter().find(|i| i.number == item)?;
    let range = match place.subitem {
        Some(sub) => {
            let sub = item.subitems.iter().find(|s| s.number == sub)?;
            sub.marker.start..sub.text.end
        }
        None => item.marker.start..item.text.end,
    };
    paragraph.text.get(range).map(str::to_owned)
}

/// The laws of the handbook and their versions.
pub fn list(root: Option<&Path>, json: bool) -> anyhow::Result<Ending> {
    let corpus = corpus(root)?;
    let mut rows = vec![];
    let mut out = String::new();
    for (id, entry) in &corpus.laws {
        let law = &entry.header;
        let editions = corpus.editions(id);
        let _ = writeln!(out, "{id}　《{}》　{}", law.title, law.state.label());
        for edition in &editions {
            let text = match edition.text {
                Some(text) => format!("原文已导入（{} 条）", text.statute.articles.len()),
                None => "原文没有导入".to_owned(),
            };
            let since = edition.since().unwrap_or("未知");
            let _ = writeln!(
                out,
                "    {}　施行 {since}　{text}{}",
                edition.label(),
                if edition.current { "　现行" } else { "" }
            );
            rows.push(serde_json::json!({
                "law": id, "title": law.title, "version": edition.label(), "promulgated": edition.made(),
                "effective": edition.since(), "current": edition.current, "imported": edition.text.is_some(),
                "articles": edition.text.map(|t| t.statute.articles.len()),
                "source": edition.text.map(|t| &t.source_name), "sha256": edition.text.map(|t| &t.source_sha256),
            }));
        }
    }
    output::print(&if json { format!("{}\n", serde_json::to_string_pretty(&rows)?) } else { out })?;
    Ok(Ending::Fine)
}

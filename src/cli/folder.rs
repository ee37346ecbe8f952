//! `gongkai request check`: what the folder of a request lacks, and dates in it that cannot be.

use super::dossier;
use super::rules::{self, Settings};
use super::{Ending, RequestCheckArgs, output};
use crate::calendar::Date;
use crate::clock::{Channel, History, Kind, Status};
use crate::corpus::tree::{Node, Value};
use crate::corpus::{Material, Needed};
use crate::disk;
use crate::letter::Origin;
use crate::text::{Report, Sources};
use anyhow::{Context, bail};
use serde_json::json;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::Path;
use walkdir::WalkDir;

/// More files than this are no case file.
const MOST_FILES: usize = 2000;

/// Largest document that is opened to see where it came from, in bytes.
const LARGEST_DOCUMENT: u64 = 20 * 1024 * 1024;

/// A date that something in the folder states.
struct Dated {
    /// What it is the date of: a field of a letter.
    field: String,
    date: Date,
    /// The file.
    file: String,
}

/// What was found in the folder.
#[derive(Default)]
struct Found {
    /// Files that are papers, with the letter they are where that is known.
    papers: Vec<(String, Option<String>)>,
    /// Request files for letters that decide.
    replies: BTreeSet<String>,
    /// The clauses of request files and of documents that gongkai made.
    letters: BTreeSet<String>,
    dates: Vec<Dated>,
    history: Option<(History, Status)>,
    /// Whether some request file had mistakes; they were shown.
    failed: bool,
}

/// Runs the command.
pub fn run(root: Option<&Path>, args: &RequestCheckArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    if settings.corpus.rules.materials.is_empty() {
        bail!("这本手册没有案卷材料表（book/rules/materials.toml）");
    }
    let found = look(&settings, &args.folder)?;
    let rows = judge(&settings, &found);
    let wrong = impossible(&settings, &found);
    let lacking = rows.iter().any(|row| row.needed && row.files.is_empty());
    if args.json {
        let value = json!({
            "materials": rows.iter().map(|row| json!({
                "id": row.material.id,
                "title": row.material.title,
                "needed": row.needed,
                "files": row.files,
                "why": row.material.why,
            })).collect::<Vec<_>>(),
            "dates": wrong,
        });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    } else {
        print(&rows, &wrong, &found)?;
    }
    Ok(if lacking || !wrong.is_empty() || found.failed { Ending::Findings } else { Ending::Fine })
}

/// Reads the folder.
fn look(settings: &Settings, folder: &Path) -> anyhow::Result<Found> {
    if !folder.is_dir() {
        bail!("{} 不是文件夹\n提示: 写放这件申请材料的文件夹", folder.display());
    }
    let mut found = Found::default();
    let mut count = 0;
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("读不了 {} 里的文件", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type().is_file() || name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        count += 1;
        if count > MOST_FILES {
            bail!(
                "{} 里有 {MOST_FILES} 个以上的文件，不像一件申请的文件夹\n提示: 写单独一件申请的文件夹",
                folder.display()
            );
        }
        let path = entry.path();
        let shown = path.strip_prefix(folder).unwrap_or(path).display().to_string().replace('\\', "/");
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "toml" => request_file(settings, (path, &shown), &mut found)?,
            "ics" | "csv" | "xlsx" => {}
            _ => paper(settings, (path, &shown, &ending), &mut found),
        }
    }
    Ok(found)
}

/// A request file: the letter it is for, its dates, its events.
fn request_file(settings: &Settings, (path, shown): (&Path, &str), found: &mut Found) -> anyhow::Result<()> {
    let mut report = Report::default();
    let text = disk::read_text(path, dossier::LARGEST, &mut report)?;
    let node = Node::parse(shown, &text, 0, &mut report);
    let letter = node.as_ref().and_then(|n| n.get("letter")).and_then(|n| match &n.value {
        Value::Text(id) => {
            settings.corpus.clauses.values().map(|e| &e.header).find(|c| c.id == *id || c.title == *id)
        }
        _ => None,
    });
    if let (Some(letter), Some(node)) = (letter, &node) {
        found.letters.insert(letter.id.clone());
        if by_letter(settings, &letter.id) == Some("reply") {
            found.replies.insert(shown.to_owned());
        }
        dates(node, shown, found);
        for reply in node.get("replies").map(Node::items).unwrap_or_default() {
            dates(reply, shown, found);
            if let Some(Value::Text(id)) = reply.get("letter").map(|n| &n.value) {
                found.letters.insert(id.clone());
            }
        }
    }
    if node.as_ref().is_some_and(History::is_in) && !report.has_errors() {
        let counted = dossier::counted(settings, (shown, &text), None, true, &mut report);
        if found.history.is_none() {
            found.history = counted;
        }
    }
    if report.has_errors() {
        let mut sources = Sources::default();
        sources.insert(shown, text.as_str());
        output::report(&report, &sources);
        found.failed = true;
    }
    Ok(())
}

fn dates(node: &Node, file: &str, found: &mut Found) {
    for entry in node.entries() {
        if let Value::Text(text) | Value::Date(text) = &entry.node.value
            && let Some(date) = Date::parse(text.trim())
        {
            found.dates.push(Dated { field: entry.key.clone(), date, file: file.to_owned() });
        }
    }
}

/// A paper: a scan, a picture, a document; one that gongkai made says which letter it is and when.
fn paper(settings: &Settings, (path, shown, ending): (&Path, &str, &str), found: &mut Found) {
    let origin = (ending == "docx")
        .then(|| disk::read_bytes(path, LARGEST_DOCUMENT).ok())
        .flatten()
        .and_then(|bytes| Origin::read(&bytes).ok().flatten());
    let letter = origin.as_ref().and_then(|o| o.get("letter")).map(str::to_owned);
    if let Some(origin) = &origin {
        for (field, date) in origin.dates() {
            found.dates.push(Dated { field, date, file: shown.to_owned() });
        }
    }
    if let Some(id) = letter.as_ref().filter(|id| settings.corpus.clauses.contains_key(*id)) {
        found.letters.insert(id.clone());
    }
    found.papers.push((shown.to_owned(), letter));
}

/// One material: whether the file must have it, and the papers that are it.
struct Row<'a> {
    material: &'a Material,
    needed: bool,
    files: Vec<&'a str>,
}

fn judge<'a>(settings: &'a Settings, found: &'a Found) -> Vec<Row<'a>> {
    let materials = &settings.corpus.rules.materials;
    let mut rows: Vec<Row<'_>> = materials
        .iter()
        .map(|m| Row { material: m, needed: needed(settings, m, found), files: vec![] })
        .collect();
    for (name, letter) in &found.papers {
        let ours = letter.as_deref().and_then(|id| by_letter(settings, id));
        let id = ours.or_else(|| by_name(materials, name));
        if let Some(row) = rows.iter_mut().find(|row| Some(row.material.id.as_str()) == id) {
            row.files.push(name);
        }
    }
    rows
}

/// A letter that decides is the reply.
fn by_letter<'a>(settings: &'a Settings, id: &str) -> Option<&'a str> {
    let materials = &settings.corpus.rules.materials;
    let named = materials.iter().find(|m| m.letters.iter().any(|l| l == id)).map(|m| m.id.as_str());
    let outcome = settings.corpus.clauses.get(id).and_then(|c| settings.corpus.outcome(&c.header.outcome));
    let decides = outcome.is_some_and(|o| !o.remedy.is_empty() || o.remedy_note.is_some());
    named.or(if decides { Some("reply") } else { None })
}

/// The material with the longest word in the name of the file: 补正告知书 is no 告知书.
fn by_name<'a>(materials: &'a [Material], name: &str) -> Option<&'a str> {
    let name = name.to_lowercase();
    let words = materials.iter().flat_map(|m| m.files.iter().map(move |word| (word, m)));
    let within = words.filter(|(word, _)| name.contains(&word.to_lowercase()));
    // Of words of the same length the first material's.
    within.min_by_key(|(word, _)| Reverse(word.chars().count())).map(|(_, m)| m.id.as_str())
}

fn needed(settings: &Settings, material: &Material, found: &Found) -> bool {
    let events = |kinds: &[Kind]| {
        found
            .history
            .as_ref()
            .is_some_and(|(history, _)| kinds.iter().any(|k| history.of(*k).next().is_some()))
    };
    let made = |ids: &[&str]| ids.iter().any(|id| found.letters.contains(*id));
    let dated = |field: &str| found.dates.iter().any(|d| d.field == field);
    match material.needed {
        Needed::Always => true,
        Needed::Searched => outcomes(settings, found).iter().any(|o| material.outcomes.contains(o)),
        Needed::Confirmed => {
            let received = found.history.as_ref().and_then(|(history, _)| history.of(Kind::Received).next());
            let channel = received.and_then(|e| e.keys.channel);
            events(&[Kind::Confirmed])
                || made(&["receipt-date-confirmation"])
                || channel.is_some_and(Channel::needs_confirmation)
        }
        // A request that was never corrected has no corrected request.
        Needed::Corrected if material.letters.is_empty() => {
            events(&[Kind::CorrectionReceived]) || dated("corrected_date")
        }
        Needed::Corrected => {
            events(&[Kind::CorrectionAsked]) || dated("corrected_date") || made(&["correction-notice"])
        }
        Needed::Consulted => {
            events(&[Kind::ConsultationSent])
                || dated("consulted_date")
                || made(&["consult-third-party", "consult-co-producer", "consultation-notice"])
        }
        Needed::Extended => events(&[Kind::Extended]) || made(&["extension-notice"]),
        Needed::Charged => events(&[Kind::FeeNotice]) || made(&["fee-notice"]),
    }
}

/// The outcomes of the reply, as far as the folder tells.
fn outcomes(settings: &Settings, found: &Found) -> BTreeSet<String> {
    let corpus = &settings.corpus;
    let letters = found.letters.iter().filter_map(|id| corpus.clauses.get(id));
    let mut all: BTreeSet<String> = letters.map(|c| c.header.outcome.clone()).collect();
    if let Some((history, _)) = &found.history {
        let named = history.items.iter().filter_map(|i| i.outcome.as_deref());
        let ids = named.filter_map(|o| corpus.rules.outcomes.iter().find(|k| k.id == o || k.title == o));
        all.extend(ids.map(|o| o.id.clone()));
    }
    all
}

/// What must not lie after the date of the reply, and what must not lie before it: fields of letters.
const BEFORE_REPLY: [(&str, &str); 7] = [
    ("received_date", "收到申请"),
    ("corrected_date", "收到补正"),
    ("search_date", "检索"),
    ("approved_date", "审批"),
    ("consulted_date", "征求意见"),
    ("opinion_date", "第三方答复意见"),
    ("review_date", "审查"),
];
const AFTER_REPLY: [(&str, &str); 3] =
    [("posted_date", "交邮"), ("signed_date", "签收"), ("served_date", "送达")];

/// Dates that cannot be, as sentences.
fn impossible(settings: &Settings, found: &Found) -> Vec<String> {
    let replies = reply_dates(settings, found);
    let Some((reply, source)) = replies.iter().max_by_key(|(date, _)| *date) else { return vec![] };
    let mut all = vec![];
    for dated in &found.dates {
        let word = |table: &[(&'static str, &'static str)]| {
            table.iter().find(|(field, _)| *field == dated.field).map(|(_, word)| *word)
        };
        if let Some(word) = word(&BEFORE_REPLY).filter(|_| dated.date > *reply) {
            all.push(format!(
                "{word} {} 在答复的落款日期 {reply}（{source}）以后：{}",
                dated.date, dated.file
            ));
        }
        let earliest = replies.iter().map(|(date, _)| *date).min().unwrap_or(*reply);
        if let Some(word) = word(&AFTER_REPLY).filter(|_| dated.date < earliest) {
            all.push(format!("{word} {} 在答复的落款日期 {earliest} 以前：{}", dated.date, dated.file));
        }
    }
    if let Some((history, status)) = &found.history {
        let due = status.terms.iter().filter(|t| ["reply", "extension"].contains(&t.id.as_str()));
        if let Some(due) = due.filter_map(|t| t.due).map(|d| d.date).max()
            && *reply > due
        {
            all.push(format!("答复的落款日期 {reply}（{source}）晚于办理期限 {due}"));
        }
        for event in history.of(Kind::ConsultationAnswered).chain(history.of(Kind::Extended)) {
            if let Some(date) = event.date.filter(|d| d > reply) {
                let word = event.keys.kind.word();
                all.push(format!("办理记录里的“{word}” {date} 在答复的落款日期 {reply} 以后"));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The dates of the letters that decide, each with where it stands.
fn reply_dates(settings: &Settings, found: &Found) -> Vec<(Date, String)> {
    let decides = |file: &str| {
        let letter =
            found.papers.iter().find(|(name, _)| name == file).and_then(|(_, letter)| letter.as_deref());
        letter.is_some_and(|id| by_letter(settings, id) == Some("reply"))
    };
    let mut all: Vec<(Date, String)> = found
        .dates
        .iter()
        .filter(|d| d.field == "date" && (decides(&d.file) || found.replies.contains(&d.file)))
        .map(|d| (d.date, d.file.clone()))
        .collect();
    if let Some((history, _)) = &found.history {
        let decided = history.of(Kind::Decided).filter_map(|e| e.date);
        all.extend(decided.map(|date| (date, "办理记录".to_owned())));
    }
    all
}

fn print(rows: &[Row<'_>], wrong: &[String], found: &Found) -> anyhow::Result<()> {
    let mut out = String::new();
    for row in rows {
        let (mark, say) = match (row.needed, row.files.is_empty()) {
            (_, false) => ("有　", row.files.join("、")),
            (true, true) => ("缺　", row.material.why.clone()),
            (false, true) => continue,
        };
        out.push_str(&format!("{mark}{}\n　　　{say}\n", row.material.title));
    }
    for line in wrong {
        out.push_str(&format!("错　{line}\n"));
    }
    let lacking = rows.iter().filter(|row| row.needed && row.files.is_empty()).count();
    out.push_str(&match (lacking, wrong.len()) {
        (0, 0) => "材料齐全，日期没有矛盾。文件里写了什么，请自己再看一遍。\n".to_owned(),
        (lacking, wrong) => format!("缺 {lacking} 种材料，{wrong} 处日期有矛盾。\n"),
    });
    if found.history.is_none() {
        out.push_str("文件夹里没有带办理记录的申请件（.toml），补正、征求意见、延期这些材料要不要，只能按其他文件判断。\n");
    }
    output::print(&out)
}

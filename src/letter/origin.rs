//! Where a letter came from: which template, which state of the laws, which calendar. It travels in the properties of the
//! .docx, with a fingerprint of every paragraph, so that `letter verify` can tell what was changed since.

use super::replies;
use super::request::{Answer, Request};
use super::template::{Prepared, Templates};
use crate::calendar::Date;
use crate::citation;
use crate::corpus::{Clause, Corpus};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use zip::ZipArchive;

/// Before the names of our properties.
const PREFIX: &str = "gongkai-";
/// The property that holds the fingerprints.
pub(super) const TEXT: &str = "gongkai-text";
/// Largest part of a document that is read, unpacked.
const LARGEST: u64 = 50 * 1024 * 1024;

/// What the letters of a corpus have in common: its laws and its calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// 12 hexadecimal digits over the notes and the imported texts of all laws.
    pub laws: String,
    /// 2026（国办发明电〔2025〕7号）: the last year with a holiday notice.
    pub calendar: String,
}

impl Snapshot {
    /// The state of a corpus.
    #[must_use]
    pub fn of(corpus: &Corpus) -> Self {
        let mut hash = Sha256::new();
        for (id, entry) in &corpus.laws {
            hash.update(id);
            hash.update(&entry.text);
        }
        for text in corpus.texts.values().flatten() {
            hash.update(&text.text);
        }
        let last = corpus.rules.holidays.last();
        let number = last.and_then(|year| year.notice.last()).map_or("", |notice| notice.number.as_str());
        let year = last.map_or(String::new(), |year| year.year.to_string());
        Self { laws: hex(&hash.finalize(), 6), calendar: format!("{year}（{number}）") }
    }
}

/// The fingerprint of a letter's templates.
pub(super) fn template<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hex(&hash.finalize(), 6)
}

/// The properties of a letter. `prepared` are its clauses' templates, its own first.
pub(super) fn properties(
    request: &Request,
    snapshot: &Snapshot,
    prepared: &[&Prepared],
) -> Vec<(String, String)> {
    let templates: Vec<&str> = prepared.iter().map(|p| p.fingerprint.as_str()).collect();
    // foi-2019@2019-05-15
    let laws: BTreeMap<&String, &String> = prepared.iter().flat_map(|p| &p.versions).collect();
    let versions: Vec<String> = laws.iter().map(|(id, day)| format!("{id}@{day}")).collect();
    let mut all = vec![
        ("letter", request.letter.clone()),
        ("template", templates.join(" ")),
        ("laws", snapshot.laws.clone()),
        ("versions", versions.join(" ")),
        ("calendar", snapshot.calendar.clone()),
        ("program", env!("CARGO_PKG_VERSION").to_owned()),
        ("dates", dates(request)),
    ];
    let items: Vec<&str> = replies::of(request).iter().map(|r| r.letter.as_str()).collect();
    if !items.is_empty() {
        all.insert(1, ("items", items.join(" ")));
    }
    all.into_iter().map(|(name, value)| (format!("{PREFIX}{name}"), value)).collect()
}

/// The laws that a clause rests on, each with the day from which that version holds.
pub(super) fn versions(corpus: &Corpus, clause: &Clause) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for cite in &clause.cites {
        for found in citation::find(cite, &corpus.names, &citation::Context::default()) {
            let Some(citation::Law::Known(id)) = &found.law else { continue };
            let version = corpus.laws.get(id).and_then(|e| e.header.versions.last());
            let day = version.and_then(|v| v.effective.clone()).unwrap_or_default();
            all.insert(id.clone(), day);
        }
    }
    all
}

/// `date=2026-10-22 search_date=2026-10-15`: no names, no text.
fn dates(request: &Request) -> String {
    let own = request.answers.iter().chain(replies::of(request).iter().flat_map(|r| &r.answers));
    let mut all = BTreeMap::new();
    for (name, answer) in own {
        if let Answer::Date(date) = answer {
            all.entry(name.as_str()).or_insert(*date);
        }
    }
    all.into_iter().map(|(name, date)| format!("{name}={date}")).collect::<Vec<_>>().join(" ")
}

fn hex(bytes: &[u8], count: usize) -> String {
    bytes.iter().take(count).map(|byte| format!("{byte:02x}")).collect()
}

/// The fingerprint of every paragraph of a document that has text, from its `word/document.xml` as we write it.
pub(super) fn fingerprints(document: &str) -> String {
    let mut out = String::new();
    for paragraph in document.split("<w:p>").skip(1) {
        let paragraph = paragraph.split("</w:p>").next().unwrap_or_default();
        let runs = paragraph.split("<w:t xml:space=\"preserve\">").skip(1);
        let text: String = runs.filter_map(|run| run.split("</w:t>").next()).collect();
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        out.push_str(&fingerprint(&text));
    }
    out
}

/// Six hexadecimal digits over the characters of a paragraph; spaces do not count, for programs add and drop them. Empty
/// for a paragraph without text.
fn fingerprint(paragraph: &str) -> String {
    let text: String = paragraph.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() { String::new() } else { hex(&Sha256::digest(text), DIGITS / 2) }
}

/// Length of a fingerprint.
const DIGITS: usize = 6;

/// What a document says about where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    properties: BTreeMap<String, String>,
    /// The document's paragraphs as they are now.
    paragraphs: Vec<String>,
}

/// What became of the text since the letter was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The paragraphs that stood there when the letter was made: their numbers, from 0; may be empty.
    pub before: Range<usize>,
    /// What stands there now; empty where paragraphs were taken out.
    pub now: Vec<String>,
}

impl Origin {
    /// Reads a .docx; `None` where it was not made by this program.
    ///
    /// # Errors
    ///
    /// When it is no .docx or cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, String> {
        let wrong = |_| "这个文件不是 .docx，或者已经损坏".to_owned();
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(wrong)?;
        let document = part(&mut archive, "word/document.xml")?.ok_or("这个文件里没有正文，不是 .docx")?;
        let Some(custom) = part(&mut archive, "docProps/custom.xml")? else { return Ok(None) };
        let properties: BTreeMap<String, String> = custom_properties(&custom)?
            .into_iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value)))
            .collect();
        if !properties.contains_key("letter") {
            return Ok(None);
        }
        Ok(Some(Self { properties, paragraphs: paragraphs(&document)? }))
    }

    /// One property: letter, items, template, laws, versions, calendar, program, dates.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }

    /// The dates that the letter was made with, by field.
    #[must_use]
    pub fn dates(&self) -> Vec<(String, Date)> {
        let pairs = self.get("dates").unwrap_or_default().split(' ').filter_map(|pair| pair.split_once('='));
        pairs.filter_map(|(name, date)| Some((name.to_owned(), Date::parse(date)?))).collect()
    }

    /// What was changed in the text since; `None` where the document does not say what it was.
    #[must_use]
    pub fn changes(&self) -> Option<Vec<Change>> {
        let said = self.get("text").filter(|t| t.is_ascii() && t.len() % DIGITS == 0)?;
        let before: Vec<&str> =
            (0..said.len() / DIGITS).filter_map(|n| said.get(n * DIGITS..(n + 1) * DIGITS)).collect();
        let now: Vec<(String, &String)> = self
            .paragraphs
            .iter()
            .map(|p| (fingerprint(p), p))
            .filter(|(print, _)| !print.is_empty())
            .collect();
        let after: Vec<&str> = now.iter().map(|(print, _)| print.as_str()).collect();
        let changes = similar::capture_diff_slices(similar::Algorithm::Myers, &before, &after);
        let changed = changes.into_iter().filter(|op| op.tag() != similar::DiffTag::Equal);
        let text =
            |range: Range<usize>| now.get(range).into_iter().flatten().map(|(_, p)| (*p).clone()).collect();
        Some(changed.map(|op| Change { before: op.old_range(), now: text(op.new_range()) }).collect())
    }
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, String> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut text = String::new();
    match file.take(LARGEST + 1).read_to_string(&mut text) {
        Ok(read) if read as u64 <= LARGEST => Ok(Some(text)),
        _ => Err(format!("{name} 读不出来，或者太大")),
    }
}

fn custom_properties(xml: &str) -> Result<Vec<(String, String)>, String> {
    let mut reader = Reader::from_str(xml);
    let (mut all, mut name, mut value) = (vec![], None, String::new());
    loop {
        match reader.read_event().map_err(|_| "文件的属性读不出来".to_owned())? {
            Event::Start(tag) if tag.local_name().as_ref() == "property" => {
                let found = tag.attributes().flatten().find(|a| a.key.as_ref() == "name");
                name = found.map(|a| a.value.into_owned());
                value.clear();
            }
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => value.extend(character(&entity)),
            Event::End(tag) if tag.local_name().as_ref() == "property" => {
                all.extend(name.take().map(|name| (name, value.trim().to_owned())));
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// The text of every paragraph, what was deleted under tracked changes left out.
fn paragraphs(xml: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(xml);
    let (mut all, mut open, mut inside): (Vec<String>, Vec<String>, bool) = (vec![], vec![], false);
    loop {
        match reader.read_event().map_err(|_| "文件的正文读不出来".to_owned())? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "p" => open.push(String::new()),
                "t" => inside = true,
                _ => {}
            },
            Event::Text(text) if inside => {
                if let Some(paragraph) = open.last_mut() {
                    paragraph.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(entity) if inside => {
                if let Some(paragraph) = open.last_mut() {
                    paragraph.extend(character(&entity));
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "p" => all.extend(open.pop()),
                "t" => inside = false,
                _ => {}
            },
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// The character of an entity: `amp`, `#x4E00`.
fn character(entity: &BytesRef<'_>) -> Option<char> {
    let named = || match entity.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    };
    entity.resolve_char_ref().ok().flatten().or_else(named)
}

/// The fingerprint of a clause's templates as they are now; `None` where there is no such clause.
#[must_use]
pub fn current(corpus: &Corpus, clause: &str) -> Option<String> {
    let clause = corpus.clauses.get(clause)?;
    Some(Templates::new(corpus, clause, &[])?.fingerprint())
}

//! .docx: paragraphs, soft line breaks, tables, footnotes and automatic numbers become lines.
//!
//! `zip` and `quick-xml` read the file. No docx crate keeps soft breaks, footnotes, deleted text and numbering apart, and what
//! one of them drops would be lost without a word.

use super::line::{Boundary, Line, Role};
use super::table::table_lines;
use crate::text::chinese;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Why a .docx cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It is no zip archive, or a part of it cannot be unpacked.
    Archive,
    /// It holds no Word text.
    NoDocument,
    /// Its text is no XML, at this byte.
    Xml(u64),
    /// It unpacks to more than this many bytes.
    TooLarge(u64),
}

/// The lines of a document, and what a person should know of it.
pub struct Document {
    /// The text.
    pub lines: Vec<Line<'static>>,
    /// Whether tracked deletions or hidden text were left out.
    pub left_out: Vec<&'static str>,
}

/// Reads a document of at most `largest` unpacked bytes.
pub fn docx(bytes: &[u8], largest: u64) -> Result<Document, Broken> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Broken::Archive)?;
    let document = part(&mut archive, "word/document.xml", largest)?.ok_or(Broken::NoDocument)?;
    let mut optional = |name: &str| part(&mut archive, name, largest).map(Option::unwrap_or_default);
    let numbering = numbering(&optional("word/numbering.xml")?)?;
    let styles = styles(&optional("word/styles.xml")?)?;
    let mut notes = read_notes(&optional("word/footnotes.xml")?, "footnote")?;
    for (id, lines) in read_notes(&optional("word/endnotes.xml")?, "endnote")? {
        notes.insert(format!("e{id}"), lines);
    }
    let mut body = Body { numbering, styles, ..Body::default() };
    body.read(&document)?;
    body.end_line(Boundary::Hard);
    let mut lines = body.lines;
    for id in &body.noted {
        for text in notes.remove(id).unwrap_or_default() {
            let number = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
            let mut line = Line::text(text, number, Boundary::Hard);
            line.role = Role::Note;
            lines.push(line);
        }
    }
    Ok(Document { lines, left_out: body.left_out })
}

fn part(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    name: &str,
    largest: u64,
) -> Result<Option<String>, Broken> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(_) => return Err(Broken::Archive),
    };
    let mut bytes = vec![];
    file.take(largest + 1).read_to_end(&mut bytes).map_err(|_| Broken::Archive)?;
    if bytes.len() as u64 > largest {
        return Err(Broken::TooLarge(largest));
    }
    let (text, _) = super::encoding::decode(&bytes).map_err(|at| Broken::Xml(at as u64))?;
    Ok(Some(text.into_owned()))
}

/// One event of the file at a time.
pub(crate) fn events<'x>(xml: &'x str, mut take: impl FnMut(&Event<'x>) -> bool) -> Result<(), Broken> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        let event = reader.read_event().map_err(|_| Broken::Xml(reader.buffer_position()))?;
        if matches!(event, Event::Eof) || !take(&event) {
            return Ok(());
        }
    }
}

/// `w:val` or another attribute, whatever its prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).filter_map(Result::ok).find(|a| {
        let key: &str = a.key.as_ref();
        key.rsplit(':').next() == Some(name)
    })?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

pub(crate) fn flag(tag: &BytesStart<'_>) -> bool {
    !matches!(attribute(tag, "val").as_deref(), Some("0" | "false" | "off"))
}

/// Text of an entity: &amp; and the like.
pub(crate) fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

// Automatic numbers

/// For each list and level how its numbers look, and where they start.
type Levels = BTreeMap<u32, Level>;

#[derive(Debug, Clone)]
struct Level {
    /// 第%1条
    text: String,
    format: String,
    start: u32,
}

/// How the lists of a document count.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// Levels of each list, by `w:numId`.
    lists: BTreeMap<String, Levels>,
}

pub(crate) fn numbering(xml: &str) -> Result<Numbering, Broken> {
    let mut outlines: BTreeMap<String, Levels> = BTreeMap::new();
    let mut lists: BTreeMap<String, String> = BTreeMap::new();
    let (mut outline, mut list, mut level) = (None::<String>, None::<String>, None::<u32>);
    events(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event {
            let value = || attribute(tag, "val").unwrap_or_default();
            match tag.local_name().as_ref() {
                "abstractNum" => outline = attribute(tag, "abstractNumId"),
                "num" => (list, outline) = (attribute(tag, "numId"), None),
                "abstractNumId" => {
                    if let Some(list) = &list {
                        lists.insert(list.clone(), value());
                    }
                }
                "lvl" => {
                    level = attribute(tag, "ilvl").and_then(|v| v.parse().ok());
                    if let (Some(outline), Some(level)) = (&outline, level) {
                        let fresh = Level { text: String::new(), format: "decimal".to_owned(), start: 1 };
                        outlines.entry(outline.clone()).or_default().insert(level, fresh);
                    }
                }
                name @ ("lvlText" | "numFmt" | "start") => {
                    let found =
                        outline.as_ref().zip(level).and_then(|(o, l)| outlines.get_mut(o)?.get_mut(&l));
                    if let Some(found) = found {
                        match name {
                            "lvlText" => found.text = value(),
                            "numFmt" => found.format = value(),
                            _ => found.start = value().parse().unwrap_or(1),
                        }
                    }
                }
                _ => {}
            }
        }
        true
    })?;
    let lists = lists
        .into_iter()
        .filter_map(|(list, outline)| Some((list, outlines.get(&outline)?.clone())))
        .collect();
    Ok(Numbering { lists })
}

/// Numbers used so far, by list and level.
pub(crate) type Counters = BTreeMap<(String, u32), u32>;

impl Numbering {
    /// The next number of a list as it is shown: 第三条, （二）. Empty for bullets of symbol fonts and unknown lists.
    pub(crate) fn next(&self, counters: &mut Counters, list: &str, level: u32) -> String {
        let Some(levels) = self.lists.get(list) else { return String::new() };
        let Some(own) = levels.get(&level) else { return String::new() };
        let counter = counters.entry((list.to_owned(), level)).or_insert(own.start.saturating_sub(1));
        *counter += 1;
        let deeper: Vec<_> = counters.keys().filter(|(l, n)| *l == list && *n > level).cloned().collect();
        for key in deeper {
            counters.remove(&key);
        }
        let mut text = own.text.clone();
        for (index, format) in levels.iter().filter(|(index, _)| **index <= level) {
            let n = counters.get(&(list.to_owned(), *index)).copied().unwrap_or(format.start);
            text = text.replace(&format!("%{}", index + 1), &shown(n, &format.format));
        }
        // Bullets from symbol fonts are no text.
        text.retain(|c| !('\u{e000}'..='\u{f8ff}').contains(&c));
        text
    }
}

/// A number as a list shows it.
fn shown(n: u32, format: &str) -> String {
    match format {
        "none" | "bullet" => String::new(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographTraditional"
        | "ideographDigital"
        | "chineseLegalSimplified" => chinese(n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            char::from_u32(u32::from('①') + n.saturating_sub(1))
                .filter(|_| n <= 20)
                .map_or(n.to_string(), String::from)
        }
        "decimalEnclosedParen" => format!("({n})"),
        "upperLetter" | "lowerLetter" => {
            let base = if format == "upperLetter" { 'A' } else { 'a' };
            char::from_u32(u32::from(base) + (n.saturating_sub(1)) % 26)
                .map_or_else(String::new, String::from)
        }
        _ => n.to_string(),
    }
}

#[derive(Debug, Clone, Default)]
struct Style {
    list: Option<String>,
    level: u32,
    heading: u8,
}

fn styles(xml: &str) -> Result<BTreeMap<String, Style>, Broken> {
    let mut all: BTreeMap<String, Style> = BTreeMap::new();
    let mut current = None::<String>;
    events(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event {
            let value = || attribute(tag, "val").unwrap_or_default();
            let name = tag.local_name();
            if name.as_ref() == "style" {
                current = attribute(tag, "styleId");
                if let Some(id) = &current {
                    all.entry(id.clone()).or_default();
                }
            }
            if let Some(style) = current.as_ref().and_then(|id| all.get_mut(id)) {
                match name.as_ref() {
                    "numId" => style.list = Some(value()),
                    "ilvl" => style.level = value().parse().unwrap_or(0),
                    "outlineLvl" => style.heading = value().parse::<u8>().map_or(0, |l| l.saturating_add(1)),
                    "name" if value().eq_ignore_ascii_case("title") => style.heading = 1,
                    _ => {}
                }
            }
        }
        true
    })?;
    Ok(all)
}

fn read_notes(xml: &str, element: &str) -> Result<BTreeMap<String, Vec<String>>, Broken> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut current, mut text, mut in_text) = (None::<String>, String::new(), false);
    events(xml, |event| {
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == element => {
                // Separators are no notes.
                current =
                    attribute(tag, "id").filter(|_| attribute(tag, "type").is_none_or(|t| t == "normal"));
            }
            Event::Start(tag) if tag.local_name().as_ref() == "t" => in_text = true,
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "p" => {
                    let line = std::mem::take(&mut text);
                    if let Some(id) = current.as_ref().filter(|_| !line.trim().is_empty()) {
                        all.entry(id.clone()).or_default().push(line.trim().to_owned());
                    }
                }
                name if name == element => current = None,
                _ => {}
            },
            Event::Text(t) if in_text => text.push_str(&t.xml10_content()),
            Event::GeneralRef(r) if in_text => {
                text.extend(r.resolve_char_ref().ok().flatten().or_else(|| entity(&r.xml10_content())));
            }
            _ => {}
        }
        true
    })?;
    Ok(all)
}

// The text

/// Elements that are no text of the document as it reads today.
const SILENT: [&str; 7] = ["del", "moveFrom", "Fallback", "instrText", "delText", "rt", "pPrChange"];

#[derive(Default)]
struct Body {
    numbering: Numbering,
    styles: BTreeMap<String, Style>,
    counters: Counters,
    lines: Vec<Line<'static>>,
    text: String,
    boundary: Option<Boundary>,
    /// What stands above the text that is read: `del`, `txbxContent`, ….
    silent: Vec<String>,
    asides: u32,
    in_text: bool,
    hidden: bool,
    run: bool,
    heading: u8,
    list: Option<String>,
    list_level: u32,
    /// Rows of cells of lines of the outermost table that is open.
    rows: Vec<Vec<Vec<Line<'static>>>>,
    /// How many tables are open.
    tables: u32,
    paragraphs: u32,
    noted: Vec<String>,
    left_out: Vec<&'static str>,
}

impl Body {
    fn read(&mut self, xml: &str) -> Result<(), Broken> {
        events(xml, |event| {
            match event {
                Event::Start(tag) => self.start(tag, false),
                Event::Empty(tag) => self.start(tag, true),
                Event::End(tag) => self.end(tag.local_name().as_ref()),
                Event::Text(text) if self.in_text => self.add(&text.xml10_content()),
                Event::CData(text) if self.in_text => self.add(&text.xml10_content()),
                Event::GeneralRef(r) if self.in_text => {
                    let c = r.resolve_char_ref().ok().flatten().or_else(|| entity(&r.xml10_content()));
                    if let Some(c) = c {
                        self.add(c.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
            true
        })
    }

    fn add(&mut self, text: &str) {
        if !self.silent.is_empty() {
            return;
        }
        if self.hidden {
            if !text.trim().is_empty() {
                self.leave_out("隐藏的文字");
            }
            return;
        }
        self.text.push_str(text);
    }

    fn leave_out(&mut self, what: &'static str) {
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let local = tag.local_name();
        let name = local.as_ref();
        if SILENT.contains(&name) {
            if matches!(name, "del" | "moveFrom") && !empty && self.run_level() {
                self.leave_out("修订中删去的文字");
            }
            if !empty {
                self.silent.push(name.to_owned());
            }
            return;
        }
        let value = || attribute(tag, "val").unwrap_or_default();
        match name {
            "t" => self.in_text = !empty,
            "tab" if self.run => self.add("\t"),
            "br" if self.run => {
                let page = matches!(attribute(tag, "type").as_deref(), Some("page"));
                self.end_line(if page { Boundary::Page } else { Boundary::Soft });
            }
            "cr" if self.run => self.end_line(Boundary::Soft),
            "noBreakHyphen" => self.add("-"),
            "sym" => {
                // Symbol fonts keep their characters in the private area.
                let code = attribute(tag, "char").and_then(|c| u32::from_str_radix(&c, 16).ok());
                if let Some(c) =
                    code.and_then(char::from_u32).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c))
                {
                    self.add(c.encode_utf8(&mut [0; 4]));
                }
            }
            "r" => (self.run, self.hidden) = (!empty, false),
            "vanish" if self.run => self.hidden = flag(tag),
            "p" => {
                self.end_line(Boundary::Hard);
                (self.heading, self.list, self.list_level) = (0, None, 0);
                self.paragraphs += 1;
            }
            "pStyle" => {
                if let Some(style) = self.styles.get(&value()) {
                    self.heading = style.heading;
                    self.list.clone_from(&style.list);
                    self.list_level = style.level;
                }
            }
            "outlineLvl" => self.heading = value().parse::<u8>().map_or(0, |l| if l < 9 { l + 1 } else { 0 }),
            "numId" => self.list = Some(value()).filter(|v| v != "0"),
            "ilvl" => self.list_level = value().parse().unwrap_or(0),
            "footnoteReference" if self.silent.is_empty() => self.noted.extend(attribute(tag, "id")),
            "endnoteReference" if self.silent.is_empty() => {
                self.noted.extend(attribute(tag, "id").map(|i| format!("e{i}")));
            }
            "tbl" if !empty => {
                self.end_line(Boundary::Hard);
                self.tables += 1;
            }
            "tr" if self.tables == 1 => self.rows.push(vec![]),
            "tc" if self.tables == 1 => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(vec![]);
                }
            }
            "txbxContent" => {
                self.end_line(Boundary::Hard);
                self.asides += 1;
            }
            _ => {}
        }
    }

    fn run_level(&self) -> bool {
        !self.run || self.in_text
    }

    fn end(&mut self, name: &str) {
        if self.silent.last().is_some_and(|s| s == name) {
            self.silent.pop();
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => (self.run, self.hidden) = (false, false),
            "p" => self.end_line(Boundary::Hard),
            "txbxContent" => {
                self.end_line(Boundary::Hard);
                self.asides = self.asides.saturating_sub(1);
            }
            "tbl" => {
                self.end_line(Boundary::Hard);
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    let rows = std::mem::take(&mut self.rows);
                    self.lines.append(&mut table_lines(rows, false));
                    self.boundary = Some(Boundary::Hard);
                }
            }
            _ => {}
        }
    }

    /// The automatic number of the paragraph, once.
    fn number(&mut self) -> String {
        let Some(list) = self.list.take() else { return String::new() };
        let level = self.list_level;
        self.numbering.next(&mut self.counters, &list, level)
    }

    fn end_line(&mut self, boundary: Boundary) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            if boundary != Boundary::Soft || self.boundary.is_none() {
                self.boundary = Some(boundary);
            }
            return;
        }
        let number = self.number();
        let text = if number.is_empty() { text } else { format!("{number}\u{3000}{}", text.trim_start()) };
        let mut line =
            Line::text(text.trim().to_owned(), self.paragraphs, self.boundary.unwrap_or(Boundary::Hard));
        line.indent = text.starts_with(['\u{3000}', ' ', '\t']);
        line.level = self.heading;
        if self.asides > 0 {
            line.role = Role::Aside;
        }
        match self.rows.last_mut().and_then(|row| row.last_mut()) {
            Some(cell) if self.tables > 0 => cell.push(line),
            _ => self.lines.push(line),
        }
        self.boundary = Some(boundary);
    }
}

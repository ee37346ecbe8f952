//! A Word package becomes a [`Reviewed`]: every part that holds text, and every trace of editing.
//!
//! `statute` reads the same format for what the law says today; here also what was deleted, hidden, covered, or is only in
//! the package counts, and how letters look.

use super::read::{LARGEST_UNPACKED, Paragraph, Reviewed, Section, Trace, Unreadable, Zone};
use super::styles::{Look, Styles, brightness, shade};
use crate::statute::{self, Counters, Numbering, attribute, entity, events};
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};

/// Letters of at most this size (in half points) cannot be read on paper.
const TINY: u32 = 6;

/// Shapes smaller than this (in EMU) cover no words: 5 mm, 2 mm.
const SMALLEST_COVER: (u64, u64) = (180_000, 72_000);

/// Elements of tracked changes, besides those whose names end with Change.
const CHANGES: [&str; 7] = ["ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"];

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// The archive and how much may still be unpacked.
struct Package<'a> {
    archive: Archive<'a>,
    names: Vec<String>,
    left: u64,
}

impl Package<'_> {
    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(Unreadable::Damaged),
        };
        let mut bytes = vec![];
        file.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
        let length = bytes.len() as u64;
        if length > self.left {
            return Err(Unreadable::TooLarge);
        }
        self.left -= length;
        Ok(Some(bytes))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        statute::decode(&bytes).map(|(text, _)| Some(text.into_owned())).map_err(|_| Unreadable::Xml)
    }

    /// Names of parts that begin and end with words.
    fn parts(&self, start: &str, end: &str) -> Vec<String> {
        self.names.iter().filter(|n| n.starts_with(start) && n.ends_with(end)).cloned().collect()
    }
}

/// Reads a package.
pub(super) fn read(bytes: &[u8]) -> Result<Reviewed, Unreadable> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let mut names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned).map_err(|_| Unreadable::Damaged))
        .collect::<Result<_, _>>()?;
    names.sort();
    let mut package = Package { archive, names, left: LARGEST_UNPACKED };
    let main = main_part(&mut package)?;
    let folder = main.rfind('/').map_or("", |at| main.get(..=at).unwrap_or_default()).to_owned();
    let document = package.text(&main)?.ok_or(Unreadable::OtherPackage)?;
    let part = |package: &mut Package<'_>, name: &str| -> Result<String, Unreadable> {
        Ok(package.text(&format!("{folder}{name}"))?.unwrap_or_default())
    };
    let styles = Styles::read(&part(&mut package, "styles.xml")?)?;
    let lists = part(&mut package, "numbering.xml")?;
    let numbering = statute::numbering(&lists).map_err(|_| Unreadable::Xml)?;
    let mut reader = Reader::new(&styles, &numbering);
    reader.part(&document, Zone::Body, "")?;
    let besides = [("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注")];
    for (start, place) in besides {
        for name in package.parts(&format!("{folder}{start}"), ".xml") {
            let text = package.text(&name)?.unwrap_or_default();
            reader.part(&text, Zone::Beside, place)?;
        }
    }
    let mut out = reader.out;
    for name in package.parts(&format!("{folder}comments"), ".xml") {
        // commentsExtended.xml and commentsIds.xml hold no text.
        comments(&package.text(&name)?.unwrap_or_default(), &mut out)?;
    }
    properties(&mut package, &mut out)?;
    unseen(&mut package, &folder, &mut out)?;
    contents(&mut package, &mut out)?;
    relations(&mut package, &mut out)?;
    Ok(out)
}

/// The part that holds the text.
fn main_part(package: &mut Package<'_>) -> Result<String, Unreadable> {
    let mut found = None;
    let relations = package.text("_rels/.rels")?.unwrap_or_default();
    events(&relations, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && attribute(tag, "Type").is_some_and(|t| t.ends_with("/officeDocument"))
        {
            found = attribute(tag, "Target").map(|t| t.trim_start_matches('/').to_owned());
        }
        true
    })
    .map_err(|_| Unreadable::Xml)?;
    let main = found.unwrap_or_else(|| "word/document.xml".to_owned());
    let word = package.names.contains(&main)
        && main.ends_with(".xml")
        && !main.starts_with("xl/")
        && !main.starts_with("ppt/");
    if word { Ok(main) } else { Err(Unreadable::OtherPackage) }
}

// The text

/// A paragraph that is being read.
#[derive(Default)]
struct Open {
    style: Option<String>,
    list: Option<(String, u32)>,
    own: Look,
    text: String,
    /// Letters by size.
    sizes: Vec<(u32, usize)>,
    traces: Vec<Trace>,
}

/// A row of a table that is being read.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    shade: Option<String>,
    traces: Vec<Trace>,
}

/// A shape that is being read.
#[derive(Default)]
struct Shape {
    dark: bool,
    line: bool,
    text: bool,
}

struct Reader<'a> {
    styles: &'a Styles,
    numbering: &'a Numbering,
    counters: Counters,
    out: Reviewed,
    zone: Zone,
    place: &'static str,
    /// Names of the elements that are open.
    path: Vec<String>,
    open: Vec<Open>,
    rows: Vec<Row>,
    /// Rows that a text box stands in.
    outside: Vec<Vec<Row>>,
    run: Look,
    run_style: Option<String>,
    /// What stands in text that was deleted.
    deleted: Option<String>,
    /// `Fallback` and former properties: a second telling of what was told.
    silent: u32,
    shapes: Vec<Shape>,
    /// Whether the drawing floats before the text, and its size.
    anchor: Option<(u64, u64)>,
    bodies: usize,
    tables: usize,
    row: usize,
}

impl<'a> Reader<'a> {
    fn new(styles: &'a Styles, numbering: &'a Numbering) -> Self {
        Self {
            styles,
            numbering,
            counters: Counters::new(),
            out: Reviewed::default(),
            zone: Zone::Body,
            place: "",
            path: vec![],
            open: vec![],
            rows: vec![],
            outside: vec![],
            run: Look::default(),
            run_style: None,
            deleted: None,
            silent: 0,
            shapes: vec![],
            anchor: None,
            bodies: 0,
            tables: 0,
            row: 0,
        }
    }

    fn part(&mut self, xml: &str, zone: Zone, place: &'static str) -> Result<(), Unreadable> {
        (self.zone, self.place) = (zone, place);
        self.path.clear();
        events(xml, |event| {
            match event {
                Event::Start(tag) => {
                    self.start(tag, false);
                    self.path.push(tag.local_name().as_ref().to_owned());
                }
                Event::Empty(tag) => self.start(tag, true),
                Event::End(tag) => {
                    self.path.pop();
                    self.end(tag.local_name().as_ref());
                }
                Event::Text(text) => self.add(&text.xml10_content()),
                Event::CData(text) => self.add(&text.xml10_content()),
                Event::GeneralRef(r) => {
                    let c = r.resolve_char_ref().ok().flatten().or_else(|| entity(&r.xml10_content()));
                    if let Some(c) = c {
                        self.add(c.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
            true
        })
        .map_err(|_| Unreadable::Xml)?;
        // A part that breaks off keeps what it told.
        while !self.open.is_empty() {
            self.close();
        }
        Ok(())
    }

    fn parent(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        let local = tag.local_name();
        let name = local.as_ref();
        if CHANGES.contains(&name) || name.ends_with("Change") {
            self.change(name, tag, empty);
            return;
        }
        if name == "Fallback" {
            self.silent += u32::from(!empty);
        }
        if self.silent > 0 {
            return;
        }
        match name {
            "p" => self.open.push(Open::default()),
            "r" => (self.run, self.run_style) = (Look::default(), None),
            "tbl" if !empty && self.rows.is_empty() => (self.tables, self.row) = (self.tables + 1, 0),
            "tr" if !empty => self.rows.push(Row::default()),
            "tc" => {
                if let Some(row) = self.rows.last_mut() {
                    row.cells.push(String::new());
                    row.shade = None;
                }
            }
            "tab" if self.parent() == "r" => self.add_text(" "),
            "br" | "cr" if self.parent() == "r" => self.add_text(" "),
            "noBreakHyphen" => self.add_text("-"),
            "pStyle" | "rStyle" | "numId" | "ilvl" => self.reference(name, tag),
            "txbxContent" if !empty => {
                self.outside.push(std::mem::take(&mut self.rows));
                if let Some(shape) = self.shapes.last_mut() {
                    shape.text = true;
                }
            }
            "pgSz" | "pgMar" => self.page(name, tag),
            _ => self.look(name, tag),
        }
        self.drawing(name, tag, empty);
        if empty {
            match name {
                "p" => self.close(),
                "wsp" | "rect" | "roundrect" | "shape" => self.end_shape(),
                _ => {}
            }
        }
    }

    fn reference(&mut self, name: &str, tag: &BytesStart<'_>) {
        let value = attribute(tag, "val").unwrap_or_default();
        if name == "rStyle" {
            if self.path.iter().rev().nth(1).is_some_and(|n| n == "r") {
                self.run_style = Some(value);
            }
            return;
        }
        let styles = self.styles;
        let Some(open) = self.open.last_mut() else { return };
        match name {
            "pStyle" => {
                open.list = styles.list(&value);
                open.style = Some(value);
            }
            "numId" => {
                let level = open.list.as_ref().map_or(0, |(_, level)| *level);
                open.list = (value != "0").then_some((value, level));
            }
            _ => {
                let list = open.list.take().map(|(list, _)| list).unwrap_or_default();
                open.list = Some((list, value.parse().unwrap_or(0)));
            }
        }
    }

    /// How letters look: of a run, of a paragraph, of a cell.
    fn look(&mut self, name: &str, tag: &BytesStart<'_>) {
        let above = |at: usize| self.path.iter().rev().nth(at).map_or("", String::as_str);
        match (above(0), above(1)) {
            ("rPr", "r") => self.run.take(tag),
            ("pPr", _) => {
                if let Some(open) = self.open.last_mut() {
                    open.own.take(tag);
                }
            }
            ("tcPr", _) if name == "shd" => {
                if let Some(row) = self.rows.last_mut() {
                    row.shade = shade(tag);
                }
            }
            _ => {}
        }
    }

    fn page(&mut self, name: &str, tag: &BytesStart<'_>) {
        let twips =
            |key: &str| attribute(tag, key).and_then(|v| v.parse::<f64>().ok()).map_or(0, |v| v.abs() as u32);
        if name == "pgSz" {
            self.out.sections.push(Section { width: twips("w"), height: twips("h"), ..Section::default() });
        } else if let Some(section) = self.out.sections.last_mut() {
            section.top = twips("top");
            section.right = twips("right");
            section.bottom = twips("bottom");
            section.left = twips("left") + twips("gutter");
        }
    }

    /// Tracked changes.
    fn change(&mut self, name: &str, tag: &BytesStart<'_>, empty: bool) {
        let author = attribute(tag, "author").unwrap_or_default();
        if name.ends_with("Change") {
            self.silent += u32::from(!empty);
        }
        if matches!(name, "del" | "moveFrom") && !empty {
            self.deleted = Some(String::new());
        }
        let what = match name {
            "ins" => "插入",
            "del" => "删除",
            "moveFrom" | "moveTo" => "移动",
            _ => "格式修订",
        };
        let message = if author.is_empty() {
            format!("有没有接受的修订（{what}）")
        } else {
            format!("有没有接受的修订（{what}，{author}）")
        };
        let known = self.open.last().is_some_and(|o| o.traces.iter().any(|t| t.message == message));
        if !known {
            self.trace("tracked-change", String::new(), message);
        }
        self.author(&author, "修订的作者");
    }

    fn author(&mut self, author: &str, place: &'static str) {
        let known = self.out.traces.iter().any(|t| t.place == place && t.words == author);
        if !author.is_empty() && !known {
            let message = format!("{place}是「{author}」");
            let trace =
                Trace { rule: "author-name", paragraph: None, place, words: author.to_owned(), message };
            self.out.traces.push(trace);
        }
    }

    fn trace(&mut self, rule: &'static str, words: String, message: String) {
        let trace = Trace { rule, paragraph: None, place: "正文", words, message };
        match self.open.last_mut() {
            Some(open) => open.traces.push(trace),
            None => self.out.traces.push(trace),
        }
    }

    fn add(&mut self, text: &str) {
        match self.parent() {
            "t" if self.silent == 0 => self.add_text(text),
            "delText" => {
                if let Some(deleted) = &mut self.deleted {
                    deleted.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(deleted) = &mut self.deleted {
            deleted.push_str(text);
            return;
        }
        let Some(open) = self.open.last() else { return };
        let mut look = self.styles.paragraph(open.style.as_deref()).under(&open.own);
        if let Some(style) = &self.run_style {
            look = look.under(&self.styles.look(style));
        }
        look = look.under(&self.run);
        if look.shade.as_deref().is_none_or(|s| s == "auto") {
            look.shade = self.rows.last().and_then(|r| r.shade.clone());
        }
        let shown = text.trim();
        let seen = if shown.is_empty() {
            None
        } else if look.hidden == Some(true) {
            Some(("hidden-text", "隐藏的文字"))
        } else if look.covered() {
            Some(("covered-text", "黑底下面的文字"))
        } else if look.white() {
            Some(("hidden-text", "白色的文字"))
        } else if look.size.is_some_and(|s| s <= TINY) {
            Some(("hidden-text", "小得看不见的文字"))
        } else {
            None
        };
        if let Some((rule, what)) = seen {
            return self.trace(rule, shown.to_owned(), format!("有{what}：「{}」", short(shown)));
        }
        let Some(open) = self.open.last_mut() else { return };
        open.text.push_str(text);
        let (size, length) = (look.size.unwrap_or(20), text.chars().count());
        match open.sizes.iter_mut().find(|(known, _)| *known == size) {
            Some((_, count)) => *count += length,
            None => open.sizes.push((size, length)),
        }
    }

    fn end(&mut self, name: &str) {
        if name == "Fallback" || name.ends_with("Change") {
            self.silent = self.silent.saturating_sub(1);
            return;
        }
        if self.silent > 0 {
            return;
        }
        match name {
            "del" | "moveFrom" => {
                let words = self.deleted.take().unwrap_or_default();
                if let Some(trace) = self.open.last_mut().and_then(|o| o.traces.last_mut()) {
                    trace.words = words;
                }
            }
            "p" => self.close(),
            "tr" => self.close_row(),
            "txbxContent" => self.rows = self.outside.pop().unwrap_or_default(),
            "wsp" | "rect" | "roundrect" | "shape" => self.end_shape(),
            "anchor" | "inline" => self.anchor = None,
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        let number = match open.list.take() {
            Some((list, level)) if !open.text.trim().is_empty() => {
                self.numbering.next(&mut self.counters, &list, level)
            }
            _ => String::new(),
        };
        let text = format!("{number}{}", open.text.trim());
        if let Some(row) = self.rows.last_mut() {
            row.traces.append(&mut open.traces);
            if let Some(cell) = row.cells.last_mut() {
                if !cell.is_empty() && !text.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
            return;
        }
        let look = self.styles.paragraph(open.style.as_deref()).under(&open.own);
        let size = open.sizes.iter().max_by_key(|(_, n)| *n).map_or(0, |(size, _)| *size);
        let line = look.line.zip(look.line_rule.as_deref()).map(|(line, rule)| (line, rule == "exact"));
        let line = line.filter(|(_, exact)| *exact || look.line_rule.as_deref() == Some("auto"));
        let zone = if self.outside.is_empty() { self.zone } else { Zone::Beside };
        self.emit(Paragraph { zone, place: String::new(), text, size, line }, open.traces);
    }

    fn close_row(&mut self) {
        let Some(row) = self.rows.pop() else { return };
        let text = row.cells.join("｜");
        if let Some(outer) = self.rows.last_mut() {
            outer.traces.extend(row.traces);
            if let Some(cell) = outer.cells.last_mut() {
                cell.push_str(&text);
            }
            return;
        }
        self.row += 1;
        let zone = if self.zone == Zone::Body && self.outside.is_empty() { Zone::Row } else { Zone::Beside };
        let text = if text.trim_matches(['｜', ' ']).is_empty() { String::new() } else { text };
        self.emit(Paragraph { zone, place: String::new(), text, size: 0, line: None }, row.traces);
    }

    fn emit(&mut self, mut paragraph: Paragraph, traces: Vec<Trace>) {
        let kept = !paragraph.text.is_empty();
        if kept {
            paragraph.place = match paragraph.zone {
                Zone::Body => {
                    self.bodies += 1;
                    format!("第{}段", self.bodies)
                }
                Zone::Row => format!("表{}第{}行", self.tables, self.row),
                _ if !self.outside.is_empty() => "文本框".to_owned(),
                _ => self.place.to_owned(),
            };
            self.out.paragraphs.push(paragraph);
        }
        let at = self.out.paragraphs.len().checked_sub(1).filter(|_| kept);
        self.out.traces.extend(traces.into_iter().map(|trace| Trace { paragraph: at, ..trace }));
    }

    // Shapes

    fn drawing(&mut self, name: &str, tag: &BytesStart<'_>, empty: bool) {
        let parent = |at: usize| self.path.iter().rev().nth(at).map_or("", String::as_str);
        match name {
            "anchor" if !empty && !attribute(tag, "behindDoc").is_some_and(|b| b == "1" || b == "true") => {
                self.anchor = Some((0, 0));
            }
            "extent" => {
                let emu = |key: &str| attribute(tag, key).and_then(|v| v.parse().ok()).unwrap_or(0);
                if let Some(size) = &mut self.anchor {
                    *size = (emu("cx"), emu("cy"));
                }
            }
            "wsp" => self.shapes.push(Shape::default()),
            "prstGeom" => {
                let line =
                    attribute(tag, "prst").is_some_and(|p| p.contains("line") || p.contains("onnector"));
                if let Some(shape) = self.shapes.last_mut() {
                    shape.line |= line;
                }
            }
            "srgbClr" | "schemeClr" | "sysClr" if parent(0) == "solidFill" && parent(1) == "spPr" => {
                let value = attribute(tag, "val").unwrap_or_default();
                let last = attribute(tag, "lastClr").unwrap_or_default();
                let dark = matches!(value.as_str(), "tx1" | "dk1" | "windowText")
                    || [value.as_str(), last.as_str()].iter().any(|c| brightness(c).is_some_and(|b| b < 60));
                if let Some(shape) = self.shapes.last_mut() {
                    shape.dark |= dark;
                }
            }
            "rect" | "roundrect" | "shape" => self.old_shape(tag),
            _ => {}
        }
    }

    /// Shapes of VML.
    fn old_shape(&mut self, tag: &BytesStart<'_>) {
        let style = attribute(tag, "style").unwrap_or_default();
        let filled = !attribute(tag, "filled").is_some_and(|f| f == "f" || f == "false");
        let picture = attribute(tag, "type").is_some_and(|t| t.contains("_t75") || t.contains("_t136"));
        let dark = attribute(tag, "fillcolor").as_deref().and_then(brightness).is_some_and(|b| b < 60);
        let floats = style.contains("position:absolute") && !style.contains("z-index:-");
        self.anchor = floats.then_some((u64::MAX, u64::MAX));
        self.shapes.push(Shape { dark: dark && filled && !picture && floats, ..Shape::default() });
    }

    fn end_shape(&mut self) {
        let Some(shape) = self.shapes.pop() else { return };
        let large = self.anchor.is_some_and(|(x, y)| x >= SMALLEST_COVER.0 && y >= SMALLEST_COVER.1);
        if shape.dark && !shape.line && !shape.text && large {
            self.trace("covering-shape", String::new(), "有一个深色的色块浮在文字上面".to_owned());
        }
    }
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(20).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

// What stands beside the text

/// The text of an XML part, element by element.
fn texts(xml: &str) -> Result<Vec<(String, String)>, Unreadable> {
    let (mut all, mut path, mut text) = (vec![], Vec::<String>::new(), String::new());
    events(xml, |event| {
        match event {
            Event::Start(tag) => {
                let name = tag.local_name();
                // The name of a property counts more than that of its type.
                path.push(attribute(tag, "name").unwrap_or_else(|| name.as_ref().to_owned()));
                text.clear();
            }
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                let name =
                    if name.starts_with("lpwstr") { path.last().cloned().unwrap_or(name) } else { name };
                if !text.trim().is_empty() {
                    all.push((name, text.trim().to_owned()));
                }
                text.clear();
            }
            Event::Text(t) => text.push_str(&t.xml10_content()),
            Event::CData(t) => text.push_str(&t.xml10_content()),
            Event::GeneralRef(r) => {
                text.extend(r.resolve_char_ref().ok().flatten().or_else(|| entity(&r.xml10_content())));
            }
            _ => {}
        }
        true
    })
    .map_err(|_| Unreadable::Xml)?;
    Ok(all)
}

fn comments(xml: &str, out: &mut Reviewed) -> Result<(), Unreadable> {
    let (mut author, mut text, mut inside) = (String::new(), String::new(), false);
    events(xml, |event| {
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == "comment" => {
                author = attribute(tag, "author").unwrap_or_default();
                text.clear();
            }
            Event::Start(tag) if tag.local_name().as_ref() == "t" => inside = true,
            Event::Text(t) if inside => text.push_str(&t.xml10_content()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => inside = false,
                "comment" => {
                    let by = if author.is_empty() { String::new() } else { format!("（{author}）") };
                    let message = format!("有批注{by}：「{}」", short(text.trim()));
                    let words = text.trim().to_owned();
                    out.traces.push(Trace {
                        rule: "comment",
                        paragraph: None,
                        place: "批注",
                        words,
                        message,
                    });
                    if !author.is_empty() {
                        let message = format!("批注的作者是「{author}」");
                        let words = author.clone();
                        let trace =
                            Trace { rule: "author-name", paragraph: None, place: "批注", words, message };
                        if !out.traces.contains(&trace) {
                            out.traces.push(trace);
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
        true
    })
    .map_err(|_| Unreadable::Xml)
}

fn properties(package: &mut Package<'_>, out: &mut Reviewed) -> Result<(), Unreadable> {
    for name in package.parts("docProps/", ".xml") {
        for (key, value) in texts(&package.text(&name)?.unwrap_or_default())? {
            let what = match key.as_str() {
                "creator" => "作者",
                "lastModifiedBy" => "最后保存的人",
                "Company" => "单位",
                "Manager" => "经理",
                _ => "",
            };
            if !what.is_empty() {
                let message = format!("文档属性里的{what}是「{value}」");
                let words = value.clone();
                out.traces.push(Trace {
                    rule: "author-name",
                    paragraph: None,
                    place: "文档属性",
                    words,
                    message,
                });
            }
            beside(out, "文档属性", &value);
        }
    }
    Ok(())
}

fn beside(out: &mut Reviewed, place: &str, text: &str) {
    let text = text.to_owned();
    out.paragraphs.push(Paragraph { zone: Zone::Unseen, place: place.to_owned(), text, size: 0, line: None });
}

/// Text that no page shows: data bound to fields, building blocks.
fn unseen(package: &mut Package<'_>, folder: &str, out: &mut Reviewed) -> Result<(), Unreadable> {
    let mut names = package.parts("customXml/item", ".xml");
    names.extend(package.parts(&format!("{folder}glossary/document"), ".xml"));
    for name in names {
        for (_, value) in texts(&package.text(&name)?.unwrap_or_default())? {
            beside(out, "文件里看不见的数据", &value);
        }
    }
    Ok(())
}

/// Objects and macros.
fn contents(package: &mut Package<'_>, out: &mut Reviewed) -> Result<(), Unreadable> {
    let types = package.text("[Content_Types].xml")?.unwrap_or_default();
    let mut push = |rule, words: &str, message: &str| {
        let (words, message) = (words.to_owned(), message.to_owned());
        out.traces.push(Trace { rule, paragraph: None, place: "文件", words, message });
    };
    for name in &package.names {
        let last = name.rsplit('/').next().unwrap_or_default();
        if name.contains("/embeddings/") || name.contains("/activeX/") {
            push("embedded-object", last, "嵌入了别的文件或者控件");
        }
    }
    let program = package.names.iter().find(|n| n.ends_with("vbaProject.bin"));
    if program.is_some() || types.contains("macroEnabled") {
        push("macro", "", "文件带宏");
    }
    Ok(())
}

/// Links to what is not in the package.
fn relations(package: &mut Package<'_>, out: &mut Reviewed) -> Result<(), Unreadable> {
    for name in package.parts("", ".rels") {
        let text = package.text(&name)?.unwrap_or_default();
        events(&text, |event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && attribute(tag, "TargetMode").is_some_and(|m| m == "External")
            {
                let target = attribute(tag, "Target").unwrap_or_default();
                let kind = attribute(tag, "Type").unwrap_or_default();
                let lower = target.to_lowercase();
                let web =
                    ["http://", "https://", "mailto:", "tel:", "#"].iter().any(|w| lower.starts_with(w));
                if !(kind.ends_with("/hyperlink") && web) {
                    let what = match kind.rsplit('/').next().unwrap_or_default() {
                        "attachedTemplate" => "模板",
                        "image" => "图片",
                        "hyperlink" => "本机的文件",
                        _ => "外面的文件",
                    };
                    let message = format!("链接到{what}：{}", short(&target));
                    out.traces.push(Trace {
                        rule: "external-link",
                        paragraph: None,
                        place: "文件",
                        words: target,
                        message,
                    });
                }
            }
            true
        })
        .map_err(|_| Unreadable::Xml)?;
    }
    Ok(())
}

//! .xlsx read in one pass, row by row.
//!
//! Our own small reader: calamine 0.38 says nothing of hidden rows, gives a cell's format and its formula only in
//! separate passes, and unpacks without a limit.

use super::{Cell, Merged, Row, Sheet, Unreadable, Value};
use crate::calendar::Date;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Largest part of a file that is unpacked, in bytes.
const LARGEST: u64 = 512 * 1024 * 1024;
/// From here on a spreadsheet no longer keeps every digit of a number.
const MOST_DIGITS: f64 = 1e15;

type Archive = ZipArchive<Cursor<Vec<u8>>>;
type Xml<R> = Reader<BufReader<R>>;

/// An open workbook: everything but the rows is in memory.
#[derive(Debug)]
pub struct Workbook {
    archive: Archive,
    /// Name, whether hidden, part.
    sheets: Vec<(String, bool, String)>,
    strings: Vec<String>,
    /// By style of a cell.
    formats: Vec<Format>,
    /// Days count from 1904.
    since_1904: bool,
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// As it is.
    Plain,
    /// Whole, with at least so many digits.
    Digits(usize),
    /// As a day.
    Day,
    /// In some other way.
    Other,
}

/// Whether an old container holds an encrypted workbook.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

impl Workbook {
    /// Reads all but the rows.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged("压缩包".to_owned()))?;
        let unpacked: u64 =
            (0..archive.len()).filter_map(|i| Some(archive.by_index_raw(i).ok()?.size())).sum();
        if unpacked > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        let names = names(&archive);
        let Some(main) = find(&names, "xl/workbook.xml") else {
            let open = names.iter().any(|n| n == "content.xml");
            return Err(if open { Unreadable::OpenDocument } else { Unreadable::OtherOffice });
        };
        let parts = relations(&mut archive, &main)?;
        let mut book = Self { archive, sheets: vec![], strings: vec![], formats: vec![], since_1904: false };
        book.read_workbook(&main, &parts)?;
        book.strings = match book.part("xl/sharedStrings.xml") {
            Some(part) => strings(&mut book.archive, &part)?,
            None => vec![],
        };
        book.formats = match book.part("xl/styles.xml") {
            Some(part) => formats(&mut book.archive, &part)?,
            None => vec![],
        };
        Ok(book)
    }

    /// A part by its name, whatever its case.
    fn part(&self, name: &str) -> Option<String> {
        find(&names(&self.archive), name)
    }

    fn read_workbook(&mut self, main: &str, parts: &BTreeMap<String, String>) -> Result<(), Unreadable> {
        let (mut sheets, mut since_1904) = (vec![], false);
        events(&mut self.archive, main, &mut |_, event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else { return Ok(true) };
            match tag.local_name().as_ref() {
                "workbookPr" => {
                    since_1904 = attribute(&tag, "date1904").is_some_and(|v| v == "1" || v == "true");
                }
                "sheet" => {
                    let (name, id) = (attribute(&tag, "name"), attribute(&tag, "id"));
                    let part = id.and_then(|id| parts.get(&id).cloned());
                    let hidden = attribute(&tag, "state").is_some_and(|state| state != "visible");
                    if let (Some(name), Some(part)) = (name, part) {
                        sheets.push((name, hidden, part));
                    }
                }
                _ => {}
            }
            Ok(true)
        })?;
        let kept = |part: &str| self.part(part);
        self.sheets = sheets
            .into_iter()
            .filter_map(|(name, hidden, part)| Some((name, hidden, kept(&part)?)))
            .collect();
        self.since_1904 = since_1904;
        Ok(())
    }

    /// The sheets in their order.
    pub fn sheets(&self) -> Vec<Sheet> {
        self.sheets.iter().map(|(name, hidden, _)| Sheet { name: name.clone(), hidden: *hidden }).collect()
    }

    /// Whether its days count from 1904.
    pub const fn since_1904(&self) -> bool {
        self.since_1904
    }

    fn sheet_part(&self, sheet: &str) -> Result<String, Unreadable> {
        let found = self.sheets.iter().find(|(name, ..)| name == sheet);
        found.map(|(.., part)| part.clone()).ok_or_else(|| Unreadable::Damaged(format!("工作表 {sheet}")))
    }

    /// Hands over rows until `each` says `false`.
    pub fn rows(&mut self, sheet: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Unreadable> {
        let part = self.sheet_part(sheet)?;
        let (strings, formats, since_1904) = (&self.strings, &self.formats, self.since_1904);
        let mut row = Row { number: 0, hidden: false, cells: vec![] };
        let mut column = 0;
        events(&mut self.archive, &part, &mut |xml, event| {
            match event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                    let number = attribute(&tag, "r").and_then(|r| r.parse().ok());
                    let number = number.unwrap_or(row.number.saturating_add(1));
                    let hidden = attribute(&tag, "hidden").is_some_and(|v| v == "1" || v == "true");
                    row = Row { number, hidden, cells: vec![] };
                    column = 0;
                }
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    column = attribute(&tag, "r").and_then(|r| column_of(&r)).unwrap_or(column + 1);
                    let raw = raw_cell(xml, &tag)?;
                    if let Some(value) = raw.value(strings, formats, since_1904) {
                        row.cells.push(Cell { column, value });
                    }
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "c" => {
                    column = attribute(&tag, "r").and_then(|r| column_of(&r)).unwrap_or(column + 1);
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" && !row.cells.is_empty() => {
                    let done = std::mem::replace(&mut row, Row { number: 0, hidden: false, cells: vec![] });
                    row.number = done.number;
                    return Ok(each(done));
                }
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(false),
                _ => {}
            }
            Ok(true)
        })
    }

    /// The merged cells of a sheet.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, Unreadable> {
        let part = self.sheet_part(sheet)?;
        let mut all = vec![];
        events(&mut self.archive, &part, &mut |_, event| {
            if let Event::Start(tag) | Event::Empty(tag) = event
                && tag.local_name().as_ref() == "mergeCell"
                && let Some(found) = attribute(&tag, "ref")
                && let Some((first, last)) = found.split_once(':')
                && let (Some(rows), Some(columns)) =
                    (row_of(first).zip(row_of(last)), column_of(first).zip(column_of(last)))
            {
                all.push(Merged { rows, columns });
            }
            Ok(true)
        })?;
        Ok(all)
    }
}

/// A cell as the file has it.
#[derive(Default)]
struct Raw {
    kind: String,
    style: usize,
    text: String,
    formula: bool,
}

impl Raw {
    fn value(&self, strings: &[String], formats: &[Format], since_1904: bool) -> Option<Value> {
        let text = |text: &str| (!text.trim().is_empty()).then(|| Value::Text(text.to_owned()));
        match self.kind.as_str() {
            "s" => match self.text.trim().parse::<usize>().ok().and_then(|at| strings.get(at)) {
                Some(found) => text(found),
                None => Some(Value::Unclear(self.text.clone())),
            },
            // An empty text is the result of many a formula.
            "str" | "inlineStr" => text(&self.text),
            "b" => Some(Value::Text(if self.text.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned())),
            "e" => Some(Value::Error(self.text.trim().to_owned())),
            "d" => {
                let day = self.text.trim().split('T').next().and_then(Date::parse);
                Some(day.map_or_else(|| Value::Unclear(self.text.clone()), Value::Date))
            }
            _ if self.text.trim().is_empty() => self.formula.then_some(Value::Formula),
            _ => {
                let format = formats.get(self.style).copied().unwrap_or(Format::Plain);
                Some(number(self.text.trim(), format, since_1904))
            }
        }
    }
}

/// A number as it is shown.
fn number(written: &str, format: Format, since_1904: bool) -> Value {
    let unclear = || Value::Unclear(written.to_owned());
    let Ok(n) = written.parse::<f64>() else { return unclear() };
    let whole = n.fract() == 0.0;
    match format {
        Format::Day => day(n, since_1904).map_or_else(unclear, Value::Date),
        _ if !n.is_finite() || n.abs() >= MOST_DIGITS => unclear(),
        Format::Plain => Value::Number(n.to_string()),
        Format::Digits(least) if whole && n >= 0.0 => Value::Number(format!("{n:0least$}")),
        _ => unclear(),
    }
}

/// The day that a spreadsheet's number means. Excel counts a 29 February 1900 that never was.
pub fn day(serial: f64, since_1904: bool) -> Option<Date> {
    if !(61.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // Days from the spreadsheet's day 0 to the first of January 1970.
    let zero = if since_1904 { 24_107 } else { 25_569 };
    Date::of_number(serial.floor() as i32 - zero)
}

/// Reads a cell up to its end.
fn raw_cell<R: Read>(xml: &mut Xml<R>, tag: &BytesStart<'_>) -> Result<Raw, quick_xml::Error> {
    let kind = attribute(tag, "t").unwrap_or_default();
    let style = attribute(tag, "s").and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut raw = Raw { kind, style, ..Raw::default() };
    let mut buffer = vec![];
    // Inside what holds the value, and inside the reading aid that is no part of it.
    let (mut within, mut aid) = (false, false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "v" | "t" => within = true,
                "rPh" => aid = true,
                "f" => raw.formula = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "f" => raw.formula = true,
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => within = false,
                "rPh" => aid = false,
                "c" => {
                    if raw.kind == "inlineStr" || raw.kind == "str" {
                        raw.text = unescaped(&raw.text);
                    }
                    return Ok(raw);
                }
                _ => {}
            },
            Event::Eof => return Ok(raw),
            event if within && !aid => push_text(&mut raw.text, &event),
            _ => {}
        }
    }
}

fn push_text(out: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(text),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(c)) => out.push(c),
            _ => out.push_str(resolve_xml_entity(reference).unwrap_or_default()),
        },
        _ => {}
    }
}

/// Characters that XML cannot hold are written `_x000D_`; line breaks become `\n`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let c = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match c {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    if out.contains('\r') { out.replace("\r\n", "\n").replace('\r', "\n") } else { out }
}

/// The texts that cells point to.
fn strings(archive: &mut Archive, part: &str) -> Result<Vec<String>, Unreadable> {
    let mut all = vec![];
    let (mut text, mut within, mut aid) = (String::new(), false, false);
    events(archive, part, &mut |_, event| {
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => within = true,
                "rPh" => aid = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => all.push(String::new()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => within = false,
                "rPh" => aid = false,
                "si" => all.push(unescaped(&std::mem::take(&mut text))),
                _ => {}
            },
            event if within && !aid => push_text(&mut text, event),
            _ => {}
        }
        Ok(true)
    })?;
    Ok(all)
}

/// How each style shows a number.
fn formats(archive: &mut Archive, part: &str) -> Result<Vec<Format>, Unreadable> {
    let (mut codes, mut all, mut within) = (BTreeMap::new(), vec![], false);
    events(archive, part, &mut |_, event| {
        match &event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(tag, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    if let (Some(id), Some(code)) = (id, attribute(tag, "formatCode")) {
                        codes.insert(id, code);
                    }
                }
                "cellXfs" => within = true,
                "xf" if within => {
                    let id = attribute(tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    all.push(codes.get(&id).map_or_else(|| built_in(id), |code| format(code)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => within = false,
            _ => {}
        }
        Ok(true)
    })?;
    Ok(all)
}

/// Formats that have a number only (ECMA-376 18.8.30; 27 to 36 and 50 to 58 are days in Chinese).
const fn built_in(id: u32) -> Format {
    match id {
        0 | 49 => Format::Plain,
        1 => Format::Digits(1),
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Day,
        _ => Format::Other,
    }
}

/// What a format code shows.
fn format(code: &str) -> Format {
    let mut signs = String::new();
    let mut rest = code.split(';').next().unwrap_or_default().chars();
    // Literal words, colours and conditions say nothing about days.
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                rest.by_ref().find(|c| *c == '"');
                signs.push('"');
            }
            '[' => {
                rest.by_ref().find(|c| *c == ']');
            }
            '\\' | '_' | '*' => {
                rest.next();
            }
            c => signs.push(c.to_ascii_lowercase()),
        }
    }
    let zeros = !signs.is_empty() && signs.bytes().all(|b| b == b'0');
    if signs == "general" || signs == "@" || signs == "g/通用格式" || signs.is_empty() {
        Format::Plain
    } else if zeros {
        Format::Digits(signs.len())
    } else if signs.contains('y') || (signs.contains('m') && signs.contains('d')) {
        Format::Day
    } else {
        Format::Other
    }
}

/// What is done with each event of a part; it may read on by itself. `false` ends it.
type Each<'e> = dyn FnMut(&mut Xml<Part<'_>>, Event<'_>) -> Result<bool, quick_xml::Error> + 'e;
/// A part that is being unpacked, up to a limit.
type Part<'a> = std::io::Take<ZipFile<'a, Cursor<Vec<u8>>>>;

/// Goes through a part until `each` says `false`.
fn events(archive: &mut Archive, part: &str, each: &mut Each<'_>) -> Result<(), Unreadable> {
    let damaged = || Unreadable::Damaged(part.to_owned());
    let file = archive.by_name(part).map_err(|_| damaged())?;
    let mut xml = Reader::from_reader(BufReader::new(file.take(LARGEST)));
    let mut buffer = vec![];
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer).map_err(|_| damaged())?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        if !each(&mut xml, event.into_owned()).map_err(|_| damaged())? {
            return Ok(());
        }
    }
}

/// Ids and parts that a part names.
fn relations(archive: &mut Archive, part: &str) -> Result<BTreeMap<String, String>, Unreadable> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut all = BTreeMap::new();
    let listed = find(&names(archive), &format!("{folder}/_rels/{name}.rels"));
    let Some(listed) = listed else { return Ok(all) };
    events(archive, &listed, &mut |_, event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && let (Some(id), Some(target)) = (attribute(&tag, "Id"), attribute(&tag, "Target"))
        {
            let target = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("{folder}/{target}"),
            };
            all.insert(id, target);
        }
        Ok(true)
    })?;
    Ok(all)
}

fn names(archive: &Archive) -> Vec<String> {
    archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect()
}

/// A part by its name, whatever its case.
fn find(names: &[String], wanted: &str) -> Option<String> {
    names.iter().find(|name| name.replace('\\', "/").eq_ignore_ascii_case(wanted)).cloned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The column of `C4`, from 1.
fn column_of(cell: &str) -> Option<u32> {
    let letters = cell.trim_start_matches('$').bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters
        .fold(0u32, |n, b| n.saturating_mul(26).saturating_add(u32::from(b.to_ascii_uppercase() - b'A') + 1));
    (1..=16_384).contains(&column).then_some(column)
}

/// The row of `C4`, from 1.
fn row_of(cell: &str) -> Option<u32> {
    cell.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Format, column_of, day, format, number, row_of, unescaped};
    use crate::table::Value;

    #[test]
    fn numbers_become_the_days_that_the_spreadsheet_shows() {
        assert_eq!(day(46_349.0, false).unwrap().to_string(), "2026-11-23");
        assert_eq!(day(46_349.75, false).unwrap().to_string(), "2026-11-23");
        assert_eq!(day(46_349.0 - 1462.0, true).unwrap().to_string(), "2026-11-23");
        assert_eq!((day(1.0, false), day(3e9, false)), (None, None));
    }

    #[test]
    fn formats_say_how_a_number_is_shown() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\";@", "[$-804]yyyy/m/d", "m/d/yy h:mm"] {
            assert_eq!(format(code), Format::Day, "{code}");
        }
        assert_eq!(
            [format("General"), format("@"), format("000000")],
            [Format::Plain, Format::Plain, Format::Digits(6)]
        );
        assert_eq!([format("#,##0.00"), format("0%"), format("h:mm")], [Format::Other; 3]);
        assert_eq!(number("31", Format::Digits(6), false), Value::Number("000031".to_owned()));
        assert_eq!(number("20260031", Format::Plain, false), Value::Number("20260031".to_owned()));
        assert_eq!(number("1.1000000000000001", Format::Plain, false), Value::Number("1.1".to_owned()));
        assert!(matches!(number("1.2345678901234568E17", Format::Plain, false), Value::Unclear(_)));
        assert!(matches!(number("12000", Format::Other, false), Value::Unclear(_)));
    }

    #[test]
    fn characters_that_xml_cannot_hold_come_back() {
        assert_eq!(unescaped("甲_x000D_\n乙_x005F_x000D__x"), "甲\n乙_x000D__x");
    }

    #[test]
    fn places_are_read() {
        assert_eq!((column_of("AA10"), row_of("AA10"), column_of("10")), (Some(27), Some(10), None));
    }
}

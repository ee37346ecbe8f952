//! .csv and .txt tables: the encodings and separators that Excel and WPS write; and what is safe to write for them.
//!
//! Only this file knows `csv`.

use super::{Cell, Row, Unreadable, Value};
use encoding_rs::{Encoding, GB18030, UTF_8};

/// The text of a table: UTF-8, UTF-16 with its mark (Excel's “Unicode 文本”), GB18030 (Excel's “CSV”).
pub fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let (encoding, mark) = Encoding::for_bom(&bytes).unwrap_or((UTF_8, 0));
    let text = if encoding == UTF_8 {
        match String::from_utf8(bytes) {
            // The only copy of a large table stays the only one.
            Ok(mut text) => {
                text.drain(..mark);
                text
            }
            Err(error) if mark == 0 => decoded(GB18030, error.as_bytes())?,
            Err(error) => return Err(Unreadable::Encoding(error.utf8_error().valid_up_to())),
        }
    } else {
        decoded(encoding, bytes.get(mark..).unwrap_or_default())?
    };
    if text.contains('\0') {
        return Err(Unreadable::NotATable);
    }
    // A lone mark would swallow everything up to the end of the file into one cell.
    if text.matches('"').count() % 2 == 1 {
        return Err(Unreadable::Quote);
    }
    Ok(text)
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Unreadable> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        let valid = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
        return Err(Unreadable::Encoding(valid));
    }
    Ok(text.into_owned())
}

/// Hands over the rows of a table one by one.
pub fn rows(text: &str, each: &mut dyn FnMut(Row) -> bool) {
    let (text, separator, mut number) = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // The text was checked to be UTF-8, and rows may differ in length: nothing else can go wrong.
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            return;
        }
        number += 1 + blank_lines(text, from);
        let cells: Vec<Cell> = (1..)
            .zip(record.iter())
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(column, text)| Cell { column, value: value(text) })
            .collect();
        if !cells.is_empty() && !each(Row { number, hidden: false, cells }) {
            return;
        }
    }
}

/// Lines without anything from a byte on, which the reader passes over and the spreadsheet counts.
fn blank_lines(text: &str, from: usize) -> u32 {
    let (before, mut rest) = text.split_at_checked(from).unwrap_or((text, ""));
    // The reader ends a row at its `\r`.
    if before.ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])) {
        count += 1;
        rest = after;
    }
    count
}

/// The separator: as `sep=;` says (then the table begins in the second row), or the one met most in the first row.
fn separator(text: &str) -> (&str, u8, u32) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let Some([separator]) = first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        return (rest, *separator, 1);
    }
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && counts.iter().any(|(_, n)| *n > 0) => break,
            _ if quoted => {}
            byte => counts.iter_mut().filter(|(c, _)| *c == byte).for_each(|(_, n)| *n += 1),
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let separator = counts.iter().find(|(_, n)| *n == most).map_or(b',', |(c, _)| *c);
    (text, separator, 0)
}

fn value(text: &str) -> Value {
    let text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let plain = text.trim();
    if ERRORS.contains(&plain) {
        return Value::Error(plain.to_owned());
    }
    // What Excel makes of long numbers when it writes .csv.
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((number, exponent)) = plain.split_once("E+")
        && digits(exponent)
        && number.split('.').all(digits)
    {
        return Value::Unclear(plain.to_owned());
    }
    Value::Text(text)
}

/// What spreadsheets show where a formula has no result.
pub const ERRORS: [&str; 9] =
    ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"];

/// A field of a .csv file.
#[must_use]
pub fn escape(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Text that a spreadsheet will not run as a formula: `'` before what begins like one.
#[must_use]
pub fn safe(text: &str) -> String {
    let begins = text
        .trim_start_matches([' ', '\u{3000}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if begins { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{decode, rows, safe};
    use crate::table::{Row, Value};

    fn read(text: &str) -> Vec<Row> {
        let mut all = vec![];
        rows(text, &mut |row| {
            all.push(row);
            true
        });
        all
    }

    fn texts(row: &Row) -> Vec<(u32, String)> {
        row.cells
            .iter()
            .map(|c| match &c.value {
                Value::Text(text) => (c.column, text.clone()),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn rows_count_as_the_spreadsheet_counts() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "\"一", "二\",2", "", "", ",,", "c,"].join(end);
            let all = read(&text);
            let numbers: Vec<u32> = all.iter().map(|r| r.number).collect();
            assert_eq!(numbers, [1, 2, 6], "{end:?}");
            assert_eq!(texts(&all[1]), [(1, "一\n二".to_owned()), (2, "2".to_owned())]);
        }
    }

    #[test]
    fn the_separator_is_found() {
        for text in ["甲;乙\n1;2,3", "甲\t乙\n1\t2,3", "sep=;\n甲;乙\n1;2,3", "\"甲,,,\";乙\n1;2,3"] {
            let all = read(text);
            assert_eq!(texts(&all[1]), [(1, "1".to_owned()), (2, "2,3".to_owned())], "{text}");
        }
        assert_eq!(read("sep=;\n甲;乙\n1;2")[1].number, 3);
    }

    #[test]
    fn what_a_spreadsheet_writes_is_read() {
        let text = "申请人,编号\n张某,0012\n";
        let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf16, &gb] {
            assert_eq!(decode(bytes.to_vec()).unwrap(), text);
        }
        assert!(decode(b"\xff\xff\xff".to_vec()).is_err() && decode(b"a,\"b\n".to_vec()).is_err());
    }

    #[test]
    fn long_numbers_and_errors_are_not_taken_as_text() {
        let row = &read("1.23457E+17,#REF!,3E+05x\n")[0];
        assert_eq!(row.cells[0].value, Value::Unclear("1.23457E+17".to_owned()));
        assert_eq!(row.cells[1].value, Value::Error("#REF!".to_owned()));
        assert_eq!(row.cells[2].value, Value::Text("3E+05x".to_owned()));
    }

    #[test]
    fn a_formula_is_disarmed() {
        assert_eq!([safe("=1+1"), safe(" @x"), safe("张某")], ["'=1+1", "' @x", "张某"]);
    }
}

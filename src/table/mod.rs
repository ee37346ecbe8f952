//! Tables as clerks keep them: .xlsx and .csv read row by row, .xlsx written with drop-downs and notes.
//!
//! A cell says what it shows. Where what a cell stores and what it shows differ in a way that cannot be followed, the
//! value says so ([`Value::Unclear`]) and nobody guesses.

mod plan;
mod separated;
mod write;
mod xlsx;

pub use plan::{Column, Entry, Page, Plan};
pub use separated::{escape, safe};
pub use write::{WriteError, write};
pub use xlsx::day;

use crate::calendar::Date;
use std::fmt;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, line breaks as `\n`.
    Text(String),
    /// A number as it is shown: without fraction where it has none, with its leading zeros where its format asks for them.
    Number(String),
    /// A day. The time of day is left out.
    Date(Date),
    /// An error of the spreadsheet: `#REF!`.
    Error(String),
    /// A formula whose result the file does not hold.
    Formula,
    /// A number that is shown otherwise than it is stored (12,000.00, 50%, 1.2E+17): as stored.
    Unclear(String),
}

/// A cell that holds something.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Column, from 1.
    pub column: u32,
    /// What stands there.
    pub value: Value,
}

/// A row; of a table in a file without rows that hold nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Row, from 1, as the spreadsheet counts.
    pub number: u32,
    /// Whether the spreadsheet hides it (a filter, for instance).
    pub hidden: bool,
    /// Cells that hold something, from left to right.
    pub cells: Vec<Cell>,
}

impl Row {
    /// What stands in a column.
    #[must_use]
    pub fn get(&self, column: u32) -> Option<&Value> {
        self.cells.iter().find(|c| c.column == column).map(|c| &c.value)
    }
}

/// Cells that were merged into one: only the first of them holds anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First and last row, from 1.
    pub rows: (u32, u32),
    /// First and last column, from 1.
    pub columns: (u32, u32),
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; empty for a .csv file.
    pub name: String,
    /// Whether the spreadsheet hides it.
    pub hidden: bool,
}

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// An old .xls, or what WPS calls .et.
    Old,
    /// With a password.
    Encrypted,
    /// A .docx or another file that is packed like an .xlsx.
    OtherOffice,
    /// OpenDocument.
    OpenDocument,
    /// Neither .xlsx nor text.
    NotATable,
    /// Text in no encoding that Excel writes; the byte where it stops making sense.
    Encoding(usize),
    /// A quotation mark in a .csv file has no partner.
    Quote,
    /// Unpacked it would be larger than any table of letters.
    TooLarge,
    /// Damaged: which part.
    Damaged(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Old => f.write_str("这是旧格式的表格（.xls 或者 .et），读不了\n提示: 用 WPS 或 Excel 打开，另存为 .xlsx"),
            Self::Encrypted => {
                f.write_str("这张表加了密码，或者是旧格式（.xls、.et）\n提示: 用 WPS 或 Excel 打开，去掉密码，另存为 .xlsx")
            }
            Self::OtherOffice => f.write_str("这不是表格，是 Word 或者别的文件\n提示: 选 .xlsx 或者 .csv 文件"),
            Self::OpenDocument => f.write_str("这是 .ods 表格，读不了\n提示: 打开它，另存为 .xlsx"),
            Self::NotATable => f.write_str("这不是 .xlsx 或者 .csv 表格\n提示: 用 WPS 或 Excel 打开，另存为 .xlsx"),
            Self::Encoding(at) => write!(
                f,
                "从第 {} 个字节起不是文字：既不是 UTF-8，也不是 GB18030\n提示: 用 WPS 或 Excel 打开，另存为 .xlsx",
                at + 1
            ),
            Self::Quote => f.write_str("英文双引号没有配对，分不清哪里是一格的结尾\n提示: 用 WPS 或 Excel 打开，另存为 .xlsx"),
            Self::TooLarge => f.write_str("这张表解开以后太大，不像是填文书的表"),
            Self::Damaged(part) => {
                write!(f, "文件坏了，读到 {part} 读不下去\n提示: 用 WPS 或 Excel 打开，另存为新的 .xlsx")
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// An open table file.
#[derive(Debug)]
pub struct Book {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Xlsx(Box<xlsx::Workbook>),
    Csv(String),
}

impl Book {
    /// Whether a file's content is a table of a kind that can only be read as one (packed, or an old spreadsheet).
    #[must_use]
    pub fn is_binary(bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(OLD)
    }

    /// Opens a table by its content.
    ///
    /// # Errors
    ///
    /// When it is not one, or cannot be read.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        if bytes.starts_with(OLD) {
            return Err(if xlsx::is_encrypted(&bytes) { Unreadable::Encrypted } else { Unreadable::Old });
        }
        let kind = if bytes.starts_with(b"PK") {
            Kind::Xlsx(Box::new(xlsx::Workbook::open(bytes)?))
        } else {
            Kind::Csv(separated::decode(bytes)?)
        };
        Ok(Self { kind })
    }

    /// The sheets in their order; one without a name for a .csv file.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        match &self.kind {
            Kind::Xlsx(book) => book.sheets(),
            Kind::Csv(_) => vec![Sheet { name: String::new(), hidden: false }],
        }
    }

    /// Whether its days count from 1904; see [`day`].
    #[must_use]
    pub fn since_1904(&self) -> bool {
        matches!(&self.kind, Kind::Xlsx(book) if book.since_1904())
    }

    /// Hands over the rows of a sheet one by one until `each` says `false`. Rows without anything are left out.
    ///
    /// # Errors
    ///
    /// When the file is damaged there.
    pub fn rows(&mut self, sheet: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Unreadable> {
        match &mut self.kind {
            Kind::Xlsx(book) => book.rows(sheet, each),
            Kind::Csv(text) => {
                separated::rows(text, each);
                Ok(())
            }
        }
    }

    /// The merged cells of a sheet.
    ///
    /// # Errors
    ///
    /// When the file is damaged there.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Merged>, Unreadable> {
        match &mut self.kind {
            Kind::Xlsx(book) => book.merged(sheet),
            Kind::Csv(_) => Ok(vec![]),
        }
    }
}

/// How files of the old Office, and encrypted ones of the new, begin.
const OLD: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// How spreadsheets call a column: 1 is A, 27 is AA.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut rest = column;
    let mut out = String::new();
    while rest > 0 {
        rest -= 1;
        out.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_called_as_in_a_spreadsheet() {
        assert_eq!([1, 26, 27, 52, 702, 703].map(letters), ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }
}

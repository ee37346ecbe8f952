//! What a workbook to fill in is to hold, before it is written.

use crate::calendar::Date;

/// A workbook to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its title.
    pub title: String,
    /// The sheets to fill in.
    pub pages: Vec<Page>,
    /// How to use it, one line each, on a sheet of its own called 说明.
    pub about: Vec<String>,
}

/// A sheet to fill in: a hidden row with names, one with labels, one with help, then the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its name, at most 31 characters.
    pub name: String,
    /// What stands in its first, hidden cell.
    pub marker: String,
    /// The columns. The first holds the row's number.
    pub columns: Vec<Column>,
    /// What is filled in already.
    pub rows: Vec<Vec<Entry>>,
}

/// A column to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the hidden row.
    pub name: String,
    /// What staff read.
    pub label: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// Under the label: 必填, 可不填…
    pub must: String,
    /// What to write.
    pub help: String,
    /// An example.
    pub example: String,
    /// What may be written.
    pub entry: Entry,
    /// The words to choose from.
    pub choices: Vec<String>,
    /// The largest number.
    pub most: u32,
    /// Width in characters.
    pub width: u16,
}

/// What is written in a cell; also the kind of cells that a column has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
    /// A whole number.
    Number(u32),
}

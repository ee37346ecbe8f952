//! The letter between the templates that fill it and the writers that print it.

use crate::corpus::PageLayout;

/// A filled letter, independent of any file format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The name of the document, for its properties.
    pub title: String,
    /// The agency that writes, for the document's properties.
    pub author: String,
    /// How it stands on its paper.
    pub layout: PageLayout,
    /// What stands on the paper, from top to bottom.
    pub blocks: Vec<Block>,
    /// Where the letter came from, as (name, value): its template, the texts of the laws, the calendar. Nothing of it is
    /// printed; a .docx keeps it in its custom properties, where a name stands only once.
    pub origin: Vec<(String, String)>,
}

/// One part of a letter (GB/T 9704-2012, 7.2 and 7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// 发文字号, at the right.
    Number(String),
    /// 标题; may contain `\n`, a forced line break.
    Title(String),
    /// 主送, without colon; the writer adds ：.
    Addressee(String),
    /// A heading inside the text, 一、… (黑体).
    Heading(String),
    /// A heading one level below, （一）… (楷体).
    Subheading(String),
    /// 正文.
    Paragraph(String),
    /// A table; the head is repeated on every page.
    Table {
        /// Column names.
        head: Vec<String>,
        /// Cells by row.
        rows: Vec<Vec<String>>,
    },
    /// A form with borders: labels and what was filled in, empty cells to write in by hand.
    Form {
        /// Widths of the columns, in parts of their sum.
        columns: Vec<usize>,
        /// From top to bottom.
        rows: Vec<FormRow>,
    },
    /// 附件说明, names without number.
    Attachments(Vec<String>),
    /// 署名 and 成文日期.
    Signature {
        /// The agency that signs.
        name: String,
        /// Already in the form 2026年11月23日.
        date: String,
    },
    /// 附注; the writer adds （）.
    Note(String),
}

/// A row of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormRow {
    /// At least so many lines high; 0 for as high as its text.
    pub lines: usize,
    /// From left to right; where there are fewer than columns, the last one goes on to the right border.
    pub cells: Vec<FormCell>,
}

/// A cell of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormCell {
    /// May hold several paragraphs, one on each line.
    pub text: String,
    /// Whether it is a label, printed by the form itself.
    pub label: bool,
}

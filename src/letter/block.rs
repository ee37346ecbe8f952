//! The letter between the templates that fill it and the writers that print it.

/// A filled letter, independent of any file format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The name of the document, for its properties.
    pub title: String,
    /// The agency that writes, for the document's properties.
    pub author: String,
    /// What stands on the paper, from top to bottom.
    pub blocks: Vec<Block>,
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
    /// 正文.
    Paragraph(String),
    /// A table; the head is repeated on every page.
    Table {
        /// Column names.
        head: Vec<String>,
        /// Cells by row.
        rows: Vec<Vec<String>>,
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

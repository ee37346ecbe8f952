//! Writes a letter as a Word document: a function from [`Letter`] to bytes, laid out as GB/T 9704-2012 asks.
//!
//! The same letter always gives the same bytes: no clock, no random ids, fixed times in the archive. Fonts are named
//! as agencies have them (`仿宋_GB2312`, 方正小标宋简体, 黑体, 宋体) and never embedded.

pub(super) mod body;
mod ending;
pub(super) mod envelope;
mod package;
pub(super) mod page;
pub(super) mod parts;
pub(super) mod table;
mod xml;

use std::fmt;

use zip::result::ZipError;

use crate::letter::{Block, Letter};

/// Why no document was written.
#[derive(Debug)]
pub enum Error {
    /// A value holds a character that XML 1.0 (and so Word) cannot hold: a control character, U+FFFE or U+FFFF.
    Character {
        /// The character.
        ch: char,
        /// Which part of the letter holds it, in Chinese, as in 第3部分（正文）.
        context: String,
    },
    /// The archive could not be put together.
    Archive(ZipError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { ch, context } => {
                write!(f, "{context}含有 Word 文档不能保存的字符 U+{:04X}", u32::from(*ch))
            }
            Self::Archive(source) => write!(f, "无法生成 .docx 压缩包：{source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Character { .. } => None,
            Self::Archive(source) => Some(source),
        }
    }
}

impl From<ZipError> for Error {
    fn from(source: ZipError) -> Self {
        Self::Archive(source)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::Archive(ZipError::Io(source))
    }
}

/// The bytes of a .docx file with this letter.
///
/// # Errors
///
/// [`Error::Character`] if a value cannot be written in XML; nothing is replaced or left out silently.
/// [`Error::Archive`] if the archive grows past what the format holds.
pub fn write(letter: &Letter) -> Result<Vec<u8>, Error> {
    check(letter)?;
    package::package(letter)
}

fn check(letter: &Letter) -> Result<(), Error> {
    check_text(&letter.title, || "文书名称".to_owned())?;
    check_text(&letter.author, || "发文机关".to_owned())?;
    for text in letter.origin.iter().flat_map(|(name, value)| [name, value]) {
        check_text(text, || "文书来源".to_owned())?;
    }
    for (at, block) in letter.blocks.iter().enumerate() {
        let (name, texts) = texts(block);
        for text in texts {
            check_text(text, || format!("第{}部分（{name}）", at + 1))?;
        }
    }
    Ok(())
}

fn check_text(text: &str, context: impl Fn() -> String) -> Result<(), Error> {
    match text.chars().find(|ch| !xml::is_allowed(*ch)) {
        Some(ch) => Err(Error::Character { ch, context: context() }),
        None => Ok(()),
    }
}

/// What a block is called in messages, and every value in it.
pub(super) fn texts(block: &Block) -> (&'static str, Vec<&String>) {
    match block {
        Block::Number(text) => ("发文字号", vec![text]),
        Block::Title(text) => ("标题", vec![text]),
        Block::Addressee(text) => ("主送", vec![text]),
        Block::Heading(text) | Block::Subheading(text) => ("小标题", vec![text]),
        Block::Paragraph(text) => ("正文", vec![text]),
        Block::Table { head, rows } => ("表格", head.iter().chain(rows.iter().flatten()).collect()),
        Block::Form { rows, .. } => {
            ("表单", rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.text).collect())
        }
        Block::Attachments(names) => ("附件说明", names.iter().collect()),
        Block::Signature { name, date } => ("署名和日期", vec![name, date]),
        Block::Note(text) => ("附注", vec![text]),
    }
}

#[cfg(test)]
mod tests;

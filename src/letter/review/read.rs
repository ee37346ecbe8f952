//! A file becomes a [`Reviewed`]: a Word document, or plain text.

use super::docx;
use crate::statute;
use std::fmt;

/// Largest file, in bytes.
pub const LARGEST: u64 = 20 * 1024 * 1024;

/// Most bytes that a package may unpack to.
pub(super) const LARGEST_UNPACKED: u64 = 100 * 1024 * 1024;

/// A letter as its file holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// All that can be read in it, in the order of the text; headers, notes and properties behind.
    pub paragraphs: Vec<Paragraph>,
    /// What editing left behind.
    pub(super) traces: Vec<Trace>,
    /// The pages; none of plain text.
    pub(super) sections: Vec<Section>,
}

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// In the text; a row of a table is one paragraph, its cells parted by ｜.
    Body,
    /// A row of a table in the text.
    Row,
    /// Headers, footers, notes, text boxes: read like the text, and no part of the letter's order.
    Beside,
    /// Properties and data that nobody sees on the page.
    Unseen,
}

/// A paragraph that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands.
    pub zone: Zone,
    /// 第12段, 表1第2行, 页眉.
    pub place: String,
    /// Its visible text.
    pub text: String,
    /// Size of most of its letters, in half points; 0 where not known.
    pub(super) size: u32,
    /// Distance of its lines in twips, and whether it is exact; `None` where not known.
    pub(super) line: Option<(u32, bool)>,
}

/// Something that editing left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// In which paragraph, where it stands in one.
    pub paragraph: Option<usize>,
    /// Where else.
    pub place: &'static str,
    /// What it says.
    pub words: String,
    /// What it is.
    pub message: String,
}

/// A page, in twips.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Section {
    pub width: u32,
    pub height: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
    pub left: u32,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Word 97–2003 and old WPS.
    OldWord,
    /// A document with a password.
    Encrypted,
    /// A PDF.
    Pdf,
    /// Rich text.
    Rtf,
    /// A web page.
    Html,
    /// A picture or another file that holds no text.
    Binary,
    /// A zip archive that is no Word document.
    OtherPackage,
    /// A damaged package.
    Damaged,
    /// A part of the package is no XML.
    Xml,
    /// It unpacks to too much.
    TooLarge,
    /// Text in no encoding that we know, at this byte.
    Encoding(usize),
    /// Nothing in it.
    Empty,
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = LARGEST_UNPACKED / 1024 / 1024;
        let text = match self {
            Self::OldWord => {
                "这是旧格式的 Word 或 WPS 文件（.doc、.wps）\n提示: 用 Word 或 WPS 打开，另存为 .docx 再检查"
            }
            Self::Encrypted => "这份文件加了密码，读不了\n提示: 打开它，去掉密码，另存为 .docx 再检查",
            Self::Pdf => "这是 PDF，读不出修订、批注这些痕迹\n提示: 请用 .docx 检查，检查好再存成 PDF",
            Self::Rtf => "这是 RTF 文件\n提示: 用 Word 或 WPS 打开，另存为 .docx 再检查",
            Self::Html => "这是网页文件，不是 Word 文件\n提示: 用 Word 或 WPS 打开，另存为 .docx 再检查",
            Self::Binary => "这不是文书：文件里不是文字\n提示: 可以检查 .docx、申请件 .toml、.txt、.md",
            Self::OtherPackage => {
                "这是压缩包，但不是 Word 文件（.docx）\n提示: 表格、OFD、压缩包都不能检查；用 Word 或 WPS 另存为 .docx"
            }
            Self::Damaged => {
                "这份 .docx 坏了，解不开\n提示: 用 Word 或 WPS 打开修复，另存为新的 .docx 再检查"
            }
            Self::Xml => {
                "这份 .docx 里有一部分坏了，读不下去\n提示: 用 Word 或 WPS 打开修复，另存为新的 .docx 再检查"
            }
            Self::TooLarge => {
                return write!(
                    f,
                    "这份 .docx 解开以后超过 {megabytes} MB，不像是文书，没有继续读\n提示: 图片很多的，压缩图片以后再检查"
                );
            }
            Self::Encoding(at) => {
                return write!(
                    f,
                    "第 {} 个字节认不出来，既不是 UTF-8 也不是 GB18030\n提示: 用记事本打开，另存为 UTF-8 再检查",
                    at + 1
                );
            }
            Self::Empty => "文件是空的\n提示: 看一看是不是选错了文件",
        };
        f.write_str(text)
    }
}

/// Reads a letter by what the file is, not by what it is called.
///
/// # Errors
///
/// When it is no letter that can be read; the message says what to do.
pub fn read(bytes: &[u8]) -> Result<Reviewed, Unreadable> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Err(if holds_wide(bytes, "EncryptedPackage") {
            Unreadable::Encrypted
        } else {
            Unreadable::OldWord
        });
    }
    if starts(b"PK") {
        return docx::read(bytes);
    }
    if starts(b"%PDF") {
        return Err(Unreadable::Pdf);
    }
    if starts(b"{\\rtf") {
        return Err(Unreadable::Rtf);
    }
    text(bytes)
}

/// Whether UTF-16 text stands in bytes.
fn holds_wide(bytes: &[u8], word: &str) -> bool {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide)
}

fn text(bytes: &[u8]) -> Result<Reviewed, Unreadable> {
    let (text, _) = statute::decode(bytes).map_err(Unreadable::Encoding)?;
    if text.chars().take(4096).any(|c| c == '\0') {
        return Err(Unreadable::Binary);
    }
    let start = text.trim_start().get(..64).unwrap_or(text.trim_start()).to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err(Unreadable::Html);
    }
    let line = |(at, line): (usize, &str)| {
        // Marks of Markdown: headings, bold, hard breaks, the bars of a table.
        let line = line.trim().trim_start_matches('#').trim().trim_end_matches('\\').replace("**", "");
        let rule = !line.is_empty() && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
        (!line.is_empty() && !rule).then(|| Paragraph {
            zone: if line.starts_with('|') { Zone::Row } else { Zone::Body },
            place: format!("第{}行", at + 1),
            text: if line.starts_with('|') { line.trim_matches('|').replace('|', "｜") } else { line },
            size: 0,
            line: None,
        })
    };
    let paragraphs: Vec<Paragraph> = text.lines().enumerate().filter_map(line).collect();
    if paragraphs.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(Reviewed { paragraphs, ..Reviewed::default() })
}

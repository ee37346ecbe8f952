//! Which format a file has, and its lines.

use super::docx::{self, Broken};
use super::html::html;
use super::line::Line;
use super::markdown::{markdown, plain};
use super::{Parsed, Warning, encoding, parse};
use std::borrow::Cow;

/// Largest text that is read, in bytes (unpacked, for .docx).
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Word, WPS
    Docx,
    /// A web page
    Html,
    /// Plain text
    Text,
    /// Markdown
    Markdown,
}

impl Format {
    /// The usual ending of the file's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Markdown => "md",
        }
    }
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its format.
    pub format: Format,
    /// Its encoding.
    pub encoding: &'static str,
    /// What it says.
    pub parsed: Parsed,
}

/// Why a file cannot be read, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// 提示
    pub hint: &'static str,
    /// Byte of the file, where it is known.
    pub at: Option<usize>,
}

/// Reads a file. `name` helps to tell its format; the first bytes decide where they can.
///
/// # Errors
///
/// When the file is of another format, or damaged.
pub fn read(name: &str, bytes: &[u8]) -> Result<Text, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        let document = docx::docx(bytes, LARGEST).map_err(|broken| explain(&broken))?;
        let mut parsed = finish(&document.lines)?;
        for what in document.left_out {
            let message = format!("文档里有{what}，没有读进来；核对后接受修订、清除隐藏文字再导入更稳妥");
            parsed.statute.warnings.insert(0, Warning { code: "left-out", message, line: 0 });
        }
        return Ok(Text { format: Format::Docx, encoding: "UTF-8", parsed });
    }
    refuse(bytes)?;
    let (text, encoding) = encoding::decode(bytes).map_err(|at| Unreadable {
        message: "这个文件里有认不出的字符，既不是 UTF-8 也不是 GB18030 编码的文本".to_owned(),
        hint: "用记事本打开看看是不是选错了文件；如果能看，另存为 UTF-8 再试",
        at: Some(at),
    })?;
    if let Some(at) = text.find('\0') {
        return Err(Unreadable {
            message: "这个文件不是文本".to_owned(),
            hint: "要的是 .docx、.html、.txt 或 .md 文件",
            at: Some(at),
        });
    }
    let format = text_format(name, &text);
    let parsed = finish(&lines(format, &text))?;
    Ok(Text { format, encoding, parsed })
}

/// The same for text that is already text.
///
/// # Errors
///
/// Never for what it says: only if a line was lost, which would be a mistake of this program.
pub fn read_text(format: Format, text: &str) -> Result<Parsed, Unreadable> {
    finish(&lines(format, text))
}

fn lines(format: Format, text: &str) -> Vec<Line<'_>> {
    match format {
        Format::Html => html(text),
        Format::Markdown => markdown(text),
        Format::Text | Format::Docx => plain(text),
    }
}

/// Parses, and proves that every line is still there.
fn finish(lines: &[Line<'_>]) -> Result<Parsed, Unreadable> {
    let parsed = parse(lines);
    match parsed.check_nothing_lost(lines) {
        Ok(()) => Ok(parsed),
        Err(lost) => Err(Unreadable {
            message: format!(
                "第 {} 行没有完整地读进来：「{}」。这是程序的错误，所以没有导入",
                lost.line, lost.text
            ),
            hint: "请把这个文件发给维护程序的人",
            at: None,
        }),
    }
}

fn text_format(name: &str, text: &str) -> Format {
    let name = name.to_ascii_lowercase();
    let head: String = text.trim_start().chars().take(300).collect::<String>().to_ascii_lowercase();
    let page = head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.contains("<html")
        || head.starts_with("<head")
        || head.starts_with("<meta");
    if page || name.ends_with(".html") || name.ends_with(".htm") || name.ends_with(".xhtml") {
        Format::Html
    } else if name.ends_with(".md") || name.ends_with(".markdown") {
        Format::Markdown
    } else {
        Format::Text
    }
}

/// Formats that look alike to a person and are something else.
fn refuse(bytes: &[u8]) -> Result<(), Unreadable> {
    const KNOWN: [(&[u8], &str, &str); 5] = [
        (
            &[0xd0, 0xcf, 0x11, 0xe0],
            "这是旧版 Word 或者 WPS 的文件（.doc、.wps）",
            "用 Word 或 WPS 打开，另存为 .docx 再导入",
        ),
        (
            b"%PDF",
            "这是 PDF 文件",
            "从官方数据库下载 Word 版；没有的话，打开 PDF 全选复制，粘贴到记事本存成 .txt 再导入",
        ),
        (b"{\\rtf", "这是 RTF 文件", "用 Word 或 WPS 打开，另存为 .docx 再导入"),
        (&[0x89, b'P', b'N', b'G'], "这是图片", "图片里的文字读不出来；找文字版"),
        (&[0xff, 0xd8, 0xff], "这是图片", "图片里的文字读不出来；找文字版"),
    ];
    match KNOWN.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some((_, message, hint)) => Err(Unreadable { message: (*message).to_owned(), hint, at: None }),
        None => Ok(()),
    }
}

fn explain(broken: &Broken) -> Unreadable {
    let (message, hint): (Cow<'_, str>, &str) = match broken {
        Broken::Archive => {
            ("这个 .docx 文件已经损坏，打不开".into(), "重新下载；或者用 Word、WPS 打开，另存为 .docx 再试")
        }
        Broken::NoDocument => (
            "这个文件不是 Word 文档".into(),
            "表格、演示文稿和压缩包不能导入；要的是 .docx、.html、.txt 或 .md",
        ),
        Broken::Xml(at) => (
            format!("这个 .docx 文件的内容已经损坏（第 {at} 个字节）").into(),
            "用 Word、WPS 打开，另存为 .docx 再试",
        ),
        Broken::TooLarge(most) => (
            format!("这个 .docx 文件解开以后超过 {} MB", most / 1024 / 1024).into(),
            "不像是一份法规；检查是不是选错了文件",
        ),
    };
    Unreadable { message: message.into_owned(), hint, at: None }
}

//! Writes a letter as PDF/A-2b: a function from [`Letter`] and fonts to bytes, the only room that knows typst.
//!
//! `pdf/letter.typ` lays out the page; the letter reaches it as values (`pdf/values.rs`), never as markup. Fonts are
//! arguments: this room reads no file. The same letter with the same fonts always gives the same bytes: no clock, no
//! random ids.

mod fonts;
mod typeface;
mod values;
mod world;

use std::collections::BTreeSet;
use std::fmt;

use typst::foundations::{Bytes, Smart};
use typst::layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use fonts::{Fallback, Fonts, Given};
pub use typeface::{Chosen, Listed, Typeface, choose};

use crate::letter::Letter;
use world::World;

/// Compilations after which typst forgets what it did not need again, so that a long batch keeps its memory.
const REMEMBERED: usize = 4;

/// A letter as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// What another font than the asked one was used for.
    pub fallbacks: BTreeSet<Fallback>,
}

/// Why no document was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A value holds a control character, which no font can show.
    Character {
        /// The character.
        ch: char,
        /// Which part of the letter holds it, in Chinese, as in 第3部分（正文）.
        context: String,
    },
    /// No font given has this character.
    Missing {
        /// The character.
        ch: char,
        /// Which part of the letter holds it.
        context: String,
        /// The fonts that were looked at, best first.
        tried: Vec<String>,
    },
    /// No font at all was given.
    NoFonts,
    /// Typst could not set the letter.
    Typesetting(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { ch, context } => {
                write!(f, "{context}含有印不出来的控制字符 U+{:04X}", u32::from(*ch))
            }
            Self::Missing { ch, context, tried } => write!(
                f,
                "{context}里的「{ch}」（U+{:04X}）在本机的字体里找不到，没有生成 PDF；找过的字体：{}\n提示: {ANOTHER_FONT}",
                u32::from(*ch),
                tried.join("、")
            ),
            Self::NoFonts => {
                write!(f, "本机没有找到能用的中文字体，不能生成 PDF\n提示: {A_FONT}")
            }
            Self::Typesetting(reason) => write!(f, "PDF 排版没有成功：{reason}"),
        }
    }
}

/// What to do where there is no Chinese font.
const A_FONT: &str = "Windows、麒麟、统信系统自带中文字体，字体文件夹不要清空；Debian、Ubuntu 运行 \
                      apt install fonts-noto-cjk；也可以先生成 docx，用 Word 或 WPS 另存为 PDF";

/// What to do where the fonts lack a character.
const ANOTHER_FONT: &str = "安装字数多的字体再试：Windows 的“宋体-ExtB”（SimSun-ExtB），Debian、Ubuntu 运行 \
                            apt install fonts-noto-cjk；或者先核对这个字是不是录错了";

impl std::error::Error for Error {}

/// The bytes of a PDF/A-2b file with this letter, in the language zh-CN, with its title and author.
///
/// # Errors
///
/// [`Error::Missing`] for a character that no font of its chain has; nothing is drawn as a blank box or left out.
/// [`Error::Character`] for a control character, [`Error::NoFonts`] without fonts.
pub fn write(letter: &Letter, fonts: &Fonts) -> Result<Pdf, Error> {
    let fallbacks = fonts.check(letter)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]);
    let standards = standards.map_err(|reason| Error::Typesetting(reason.to_string()))?;
    let values = values::of(letter, fonts).to_string();
    let world = World::new(fonts, Bytes::from_string(values));
    let compiled = typst::compile::<PagedDocument>(&world);
    let bytes = compiled.output.and_then(|document| {
        let options = PdfOptions { ident: Smart::Auto, timestamp: None, standards, ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options)
    });
    typst::comemo::evict(REMEMBERED);
    match bytes {
        Ok(bytes) => Ok(Pdf { bytes, fallbacks }),
        Err(errors) => {
            let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            Err(Error::Typesetting(reasons.join("；")))
        }
    }
}

//! Sets documents with typst: sources, values, pictures and fonts in, pages out. The only room that knows typst.
//!
//! A [`Desk`] is all that typst may read; fonts are bytes that were handed in. [`set`] makes a [`Layout`], a value whose
//! pages can be asked where something stands and be joined with others; [`Layout::write`] makes the file. The same
//! desk with the same fonts always gives the same bytes: no clock, no random ids.

mod fonts;
mod layout;
mod typeface;
mod world;

use std::fmt;

use typst::layout::PagedDocument;

pub use fonts::{Fallback, Fonts, Given};
pub use layout::{Bookmark, Layout, Link, Place, Record, Standard, Survey};
pub use typeface::{Chosen, Listed, Typeface, choose};
pub use world::{Desk, Template};

/// Why no document was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A value holds a control character, which no font can show.
    Character {
        /// The character.
        ch: char,
        /// Which part of the document holds it, in Chinese, as in 第3部分（正文）.
        context: String,
    },
    /// No font given has this character.
    Missing {
        /// The character.
        ch: char,
        /// Which part of the document holds it.
        context: String,
        /// The fonts that were looked at, best first.
        tried: Vec<String>,
    },
    /// No font at all was given.
    NoFonts,
    /// Typst could not set the document.
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

/// Sets the main source of a desk.
///
/// # Errors
///
/// [`Error::Typesetting`] with what typst says.
pub fn set(desk: &Desk, fonts: &Fonts) -> Result<Layout, Error> {
    let world = world::Seen { desk, fonts };
    typst::compile::<PagedDocument>(&world).output.map(Layout::new).map_err(|errors| reasons(&errors))
}

/// Forgets what none of the last so many documents needed, so that a long batch keeps its memory.
pub fn forget(unused_for: usize) {
    typst::comemo::evict(unused_for);
}

fn reasons(errors: &[typst::diag::SourceDiagnostic]) -> Error {
    let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    Error::Typesetting(reasons.join("；"))
}

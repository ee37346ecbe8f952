//! Writes a letter as PDF/A-2b: a function from [`Letter`] and fonts to bytes.
//!
//! `pdf/letter.typ` lays out the page; the letter reaches it as values (`pdf/values.rs`), never as markup. Fonts are
//! arguments: this room reads no file. The same letter with the same fonts always gives the same bytes: no clock, no
//! random ids.

mod values;

use std::collections::BTreeSet;
use std::sync::LazyLock;

pub use crate::typeset::{Chosen, Error, Fallback, Fonts, Given, Listed, Typeface, choose};

use crate::corpus::PageLayout;
use crate::letter::docx::texts as texts_of;
use crate::letter::{Block, Letter};
use crate::typeset::{self, Desk, Standard, Template};

/// Letters after which typst forgets what it did not need again, so that a long batch keeps its memory.
const REMEMBERED: usize = 4;

/// The page.
static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::new(include_str!("pdf/letter.typ")));

/// What the template itself prints.
const FIXED: [(Typeface, &str); 2] =
    [(Typeface::FangSong, "附件：（）0123456789.邮政编码"), (Typeface::Song, "— 0123456789")];

/// A letter as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// What another font than the asked one was used for.
    pub fallbacks: BTreeSet<Fallback>,
}

/// The bytes of a PDF/A-2b file with this letter, in the language zh-CN, with its title and author.
///
/// # Errors
///
/// [`Error::Missing`] for a character that no font of its chain has; nothing is drawn as a blank box or left out.
/// [`Error::Character`] for a control character, [`Error::NoFonts`] without fonts.
pub fn write(letter: &Letter, fonts: &Fonts) -> Result<Pdf, Error> {
    let fallbacks = check(letter, fonts)?;
    let desk = Desk::new(&TEMPLATE).file("letter.json", values::of(letter, fonts).to_string().into_bytes());
    let bytes = typeset::set(&desk, fonts).and_then(|layout| layout.write(Standard::Archive, None));
    typeset::forget(REMEMBERED);
    Ok(Pdf { bytes: bytes?, fallbacks })
}

/// What falls back on another font.
///
/// # Errors
///
/// The first character that no font has, and where it stands.
fn check(letter: &Letter, fonts: &Fonts) -> Result<BTreeSet<Fallback>, Error> {
    let mut fallbacks = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (typeface, text, context) in texts(letter) {
        for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
            if ch.is_control() {
                return Err(Error::Character { ch, context: context() });
            }
            if seen.insert((typeface, ch)) {
                fallbacks.extend(fonts.find(typeface, ch, context.as_ref())?);
            }
        }
    }
    Ok(fallbacks)
}

/// A value, the typeface it is printed in, and how to say where it stands.
type Text<'a> = (Typeface, &'a str, Box<dyn Fn() -> String + 'a>);

/// Every text of the letter.
fn texts(letter: &Letter) -> impl Iterator<Item = Text<'_>> {
    let fixed = FIXED.into_iter().map(|(typeface, text)| -> Text<'_> {
        (typeface, text, Box::new(|| "文书自带的文字".to_owned()))
    });
    let headed = matches!(letter.layout, PageLayout::Official | PageLayout::Letter);
    let head = headed.then(|| -> Text<'_> {
        (Typeface::XiaoBiaoSong, letter.author.as_str(), Box::new(|| "发文机关标志".to_owned()))
    });
    let blocks = letter.blocks.iter().enumerate().flat_map(|(at, block)| {
        faces(block).into_iter().map(move |(typeface, text)| -> Text<'_> {
            (typeface, text, Box::new(move || format!("第{}部分（{}）", at + 1, texts_of(block).0)))
        })
    });
    head.into_iter().chain(blocks).chain(fixed)
}

/// The values of a block with the typeface of each.
fn faces(block: &Block) -> Vec<(Typeface, &str)> {
    match block {
        Block::Title(text) => vec![(Typeface::XiaoBiaoSong, text)],
        Block::Heading(text) => vec![(Typeface::Hei, text)],
        Block::Subheading(text) => vec![(Typeface::Kai, text)],
        Block::Table { head, rows } => {
            let head = head.iter().map(|text| (Typeface::Hei, text.as_str()));
            head.chain(rows.iter().flatten().map(|text| (Typeface::FangSong, text.as_str()))).collect()
        }
        Block::Form { rows, .. } => {
            let face = |label| if label { Typeface::Hei } else { Typeface::FangSong };
            let cells = rows.iter().flat_map(|row| &row.cells);
            cells.map(|cell| (face(cell.label), cell.text.as_str())).collect()
        }
        _ => texts_of(block).1.into_iter().map(|text| (Typeface::FangSong, text.as_str())).collect(),
    }
}

//! The fonts of a run, read once, and whether they have every character of a letter.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, is_default_ignorable};
use typst::utils::LazyHash;

use super::world::Room;
use super::{Error, Typeface};
use crate::corpus::PageLayout;
use crate::letter::docx::texts as texts_of;
use crate::letter::{Block, Letter};

/// What the template itself prints.
const FIXED: [(Typeface, &str); 2] =
    [(Typeface::FangSong, "附件：（）0123456789.邮政编码"), (Typeface::Song, "— 0123456789")];

/// A face that was read.
#[derive(Debug, Clone)]
pub struct Given {
    /// What it is for; `None` for the end of every chain.
    pub typeface: Option<Typeface>,
    /// Whether it is that typeface, not only like it.
    pub own: bool,
    /// What people call it.
    pub name: String,
    /// The whole file.
    pub bytes: Arc<[u8]>,
    /// Which face of the file.
    pub index: u32,
}

impl Given {
    /// Whether the face can be read and has every one of these characters.
    #[must_use]
    pub fn covers(&self, text: &str) -> bool {
        Font::new(Bytes::new(Arc::clone(&self.bytes)), self.index)
            .is_some_and(|font| text.chars().all(|ch| has(&font, ch)))
    }
}

/// The faces of a run and which of them each typeface uses, best first.
pub struct Fonts {
    faces: Vec<Face>,
    book: LazyHash<FontBook>,
    room: Room,
}

struct Face {
    font: Font,
    typeface: Option<Typeface>,
    own: bool,
    name: String,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.faces.iter().map(|face| &face.name)).finish()
    }
}

/// That something is drawn with another font than the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fallback {
    /// What was asked for.
    pub wanted: Typeface,
    /// What is used.
    pub used: String,
    /// The characters that were missing; `None` where the typeface is not there at all.
    pub missing: Option<char>,
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.missing {
            None => write!(f, "本机没有{}，用 {} 代替", self.wanted, self.used),
            Some(ch) => write!(f, "{}里没有「{ch}」，这个字用 {}", self.wanted, self.used),
        }
    }
}

impl Fonts {
    /// Reads the faces; in the order given, those of a typeface come before those for the end of every chain. What is
    /// no font is left out.
    ///
    /// # Errors
    ///
    /// [`Error::NoFonts`] if no face can be read.
    pub fn new(given: impl IntoIterator<Item = Given>) -> Result<Self, Error> {
        let read = |given: Given| {
            let font = Font::new(Bytes::new(given.bytes), given.index)?;
            Some(Face { font, typeface: given.typeface, own: given.own, name: given.name })
        };
        let faces: Vec<Face> = given.into_iter().filter_map(read).collect();
        if faces.is_empty() {
            return Err(Error::NoFonts);
        }
        let infos = faces.iter().enumerate().map(|(at, face)| {
            // Each face is a family of its own, so that typst takes the one that was chosen.
            let mut info = face.font.info().clone();
            info.family = family(at);
            info
        });
        let book = LazyHash::new(FontBook::from_infos(infos));
        Ok(Self { faces, book, room: Room::new() })
    }

    pub(super) const fn room(&self) -> &Room {
        &self.room
    }

    pub(super) const fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(super) fn face(&self, at: usize) -> Option<&Font> {
        self.faces.get(at).map(|face| &face.font)
    }

    /// The names that the template gives to typst for a typeface.
    pub(super) fn families(&self, typeface: Typeface) -> Vec<String> {
        self.chain(typeface).map(|(at, _)| family(at)).collect()
    }

    /// The faces for a typeface, best first: its own, those for the end of every chain, then any other.
    fn chain(&self, typeface: Typeface) -> impl Iterator<Item = (usize, &Face)> {
        let rank = move |face: &Face| match face.typeface {
            Some(own) if own == typeface => 0,
            None => 1,
            Some(_) => 2,
        };
        let ranks = 0..3;
        ranks.flat_map(move |wanted| {
            self.faces.iter().enumerate().filter(move |(_, face)| rank(face) == wanted)
        })
    }

    /// What falls back on another font.
    ///
    /// # Errors
    ///
    /// The first character that no font has, and where it stands.
    pub(super) fn check(&self, letter: &Letter) -> Result<BTreeSet<Fallback>, Error> {
        let mut fallbacks = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for (typeface, text, context) in texts(letter) {
            for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
                if ch.is_control() {
                    return Err(Error::Character { ch, context: context() });
                }
                if seen.insert((typeface, ch)) {
                    fallbacks.extend(self.find(typeface, ch, context.as_ref())?);
                }
            }
        }
        Ok(fallbacks)
    }

    /// Whether the character falls back, and on what.
    fn find(
        &self,
        typeface: Typeface,
        ch: char,
        context: &dyn Fn() -> String,
    ) -> Result<Option<Fallback>, Error> {
        let mut chain = self.chain(typeface).map(|(_, face)| face);
        let Some(used) = chain.find(|face| has(&face.font, ch)) else {
            let tried = self.chain(typeface).map(|(_, face)| face.name.clone()).collect();
            return Err(Error::Missing { ch, context: context(), tried });
        };
        if used.own && used.typeface == Some(typeface) {
            return Ok(None);
        }
        let first = self.chain(typeface).next().map(|(_, face)| face);
        let own = first.is_some_and(|face| face.own && face.typeface == Some(typeface));
        let whole = first.is_some_and(|face| std::ptr::eq(face, used));
        let missing = (own || !whole).then_some(ch);
        Ok(Some(Fallback { wanted: typeface, used: used.name.clone(), missing }))
    }
}

fn family(at: usize) -> String {
    format!("face-{at}")
}

/// Whether a face can show a character; joiners and variation selectors need no glyph.
fn has(font: &Font, ch: char) -> bool {
    ch.is_whitespace() || is_default_ignorable(ch) || font.info().coverage.contains(u32::from(ch))
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

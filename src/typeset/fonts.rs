//! The fonts of a run, read once, and whether they have a character.

use std::fmt;
use std::sync::Arc;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, is_default_ignorable};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

use super::{Error, Typeface};

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
    library: LazyHash<Library>,
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
        Ok(Self { faces, book, library: LazyHash::new(Library::default()) })
    }

    pub(super) const fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    pub(super) const fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(super) fn face(&self, at: usize) -> Option<&Font> {
        self.faces.get(at).map(|face| &face.font)
    }

    /// The names that a template gives to typst for a typeface.
    #[must_use]
    pub fn families(&self, typeface: Typeface) -> Vec<String> {
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

    /// Whether the character falls back, and on what; `context` says where it stands.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] if no font has it.
    pub fn find(
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

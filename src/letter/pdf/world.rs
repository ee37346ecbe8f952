//! All that typst sees of the outside: one template, one letter, the fonts that were given.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime};
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

use super::Fonts;

/// What is the same for every letter; made once and kept with the fonts.
pub(super) struct Room {
    library: LazyHash<Library>,
    template: Source,
    letter: FileId,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            library: LazyHash::new(Library::default()),
            template: Source::detached(include_str!("letter.typ")),
            letter: FileId::new(None, VirtualPath::new("letter.json")),
        }
    }
}

/// The world of one letter.
pub(super) struct World<'a> {
    fonts: &'a Fonts,
    values: Bytes,
}

impl<'a> World<'a> {
    pub(super) const fn new(fonts: &'a Fonts, values: Bytes) -> Self {
        Self { fonts, values }
    }
}

impl typst::World for World<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.fonts.room().library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.fonts.room().template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.fonts.room().template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.fonts.room().letter { Ok(self.values.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index).cloned()
    }

    /// No clock: the letter's own date stands in its text.
    fn today(&self, _offset: Option<i64>) -> Option<Datetime> {
        None
    }
}

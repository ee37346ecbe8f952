//! All that typst sees of the outside: the sources and files that were put down for it, the fonts that were given.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime};
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use super::Fonts;

/// A source that was read once and can be set many times.
#[derive(Debug, Clone)]
pub struct Template(Source);

impl Template {
    /// The text of a template of ours.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Source::detached(text))
    }
}

/// The sources and files of one document, by their paths in it.
#[derive(Debug, Clone)]
pub struct Desk {
    main: Source,
    sources: BTreeMap<FileId, Source>,
    files: BTreeMap<FileId, Bytes>,
}

impl Desk {
    /// With the source that is set.
    #[must_use]
    pub fn new(main: &Template) -> Self {
        Self { main: main.0.clone(), sources: BTreeMap::new(), files: BTreeMap::new() }
    }

    /// Puts down a source that others import or include.
    #[must_use]
    pub fn source(mut self, path: &str, text: String) -> Self {
        let id = id(path);
        self.sources.insert(id, Source::new(id, text));
        self
    }

    /// Puts down a file that a source reads: values as JSON, a picture.
    #[must_use]
    pub fn file(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.files.insert(id(path), Bytes::new(bytes));
        self
    }
}

fn id(path: &str) -> FileId {
    FileId::new(None, VirtualPath::new(path))
}

/// A desk and its fonts.
pub(super) struct Seen<'a> {
    pub desk: &'a Desk,
    pub fonts: &'a Fonts,
}

impl World for Seen<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.fonts.library()
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.desk.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() {
            return Ok(self.desk.main.clone());
        }
        self.desk.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.desk.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index).cloned()
    }

    /// No clock: a document's own date stands in its text.
    fn today(&self, _offset: Option<i64>) -> Option<Datetime> {
        None
    }
}

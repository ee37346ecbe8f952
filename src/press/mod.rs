//! The handbook as a book: rendered pages become a [`Volume`], a volume becomes an e-book or a printed book.
//!
//! A volume is plain values: what stands on each page as a tree of elements, cleaned of everything that works only on a
//! screen (scripts, buttons, forms). Nothing here touches a file.

use std::collections::BTreeMap;

/// A whole book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volume {
    /// What stands on the cover and behind it.
    pub imprint: Imprint,
    /// Every page, in the order of the contents.
    pub chapters: Vec<Chapter>,
    /// The pictures that the pages show, by path below the handbook, with `/`.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// What a cover and a 版权页 say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Id of the edition: `staff`, `public`. Name of the file.
    pub edition: String,
    /// Title of the book.
    pub title: String,
    /// Lines under the title; may be empty.
    pub cover: Vec<String>,
    /// Who issues it; empty where nobody is named.
    pub office: String,
    /// 2026年第1版; empty where none is given.
    pub version: String,
    /// Day of issue, `2026-11-27`; empty where none is given.
    pub date: String,
    /// Where the edition can be read online: goes into the QR code.
    pub address: Option<String>,
    /// Whether each chapter of the top level shows a code with its own address.
    pub chapter_codes: bool,
    /// The laws the book rests on: title, day of the version, whether the official text is in the book.
    pub laws: Vec<Snapshot>,
}

/// Which version of a law a book was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Full title.
    pub title: String,
    /// Day from which the version is in force, `2019-05-15`.
    pub version: String,
    /// Whether the official text was imported; otherwise the book has our notes only.
    pub official: bool,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Heading of the part that begins with this page.
    pub part: Option<String>,
    /// 0 at the top, 1 below an index page.
    pub level: usize,
    /// Path of the page below the handbook, `laws/foi-2019.html`.
    pub path: String,
    /// Title in the contents.
    pub title: String,
    /// What stands on it, the `<h1>` included.
    pub body: Vec<Node>,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Characters.
    Text(String),
    /// An element with what stands in it.
    Element(Element),
}

/// An HTML (or SVG) element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Lower case for HTML, as written for SVG: `p`, `table`, `svg`, `linearGradient`.
    pub tag: String,
    /// Attributes by name, as far as they mean something in a book: `id`, `class`, `href`, `src`, `alt`, `colspan`, …
    pub attributes: BTreeMap<String, String>,
    /// What stands in it.
    pub children: Vec<Node>,
}

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Whether the element has a class.
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }
}

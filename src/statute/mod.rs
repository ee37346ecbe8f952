//! Official text of laws, as people download or paste it, becomes 编, 章, 节, 条, 款, 项 and 目; nothing of it is lost.
//!
//! Bytes become lines ([`read`]: one reader for each format), lines become a [`Statute`] ([`parse`]), and every line can be
//! found again in it ([`Parsed::check_nothing_lost`]).

mod diff;
mod docx;
mod encoding;
mod html;
mod line;
mod markdown;
mod parse;
mod parts;
mod read;
mod shape;
mod store;
mod table;

pub(crate) use docx::{Counters, Numbering, attribute, entity, events, flag, numbering};

pub use diff::{Change, Pair, Piece, compare, pieces};
pub use encoding::decode;
pub use line::{Boundary, Line, Role, is_void};
pub use parse::{Lost, Parsed, parse};
pub use read::{Format, LARGEST, Text, Unreadable, read, read_text};
pub use shape::date;
pub use store::{Dates, dates, restore, store};

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use std::ops::Range;
use std::sync::Arc;

/// The text of a law, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statute {
    /// Its title, blanks closed.
    pub title: String,
    /// Lines beside the title: dates, decree numbers.
    pub info: Vec<String>,
    /// How it is divided.
    pub kind: Kind,
    /// Lines of the table of contents.
    pub toc: Vec<String>,
    /// Paragraphs before the first article.
    pub preamble: Vec<String>,
    /// Headings, in order.
    pub headings: Vec<Heading>,
    /// The articles, in order.
    pub articles: Vec<Article>,
    /// What is attached.
    pub annexes: Vec<Annex>,
    /// Editors' footnotes.
    pub notes: Vec<String>,
    /// Signature and date under the text.
    pub closing: Vec<String>,
    /// What is no text: page numbers, running heads, leftovers of a web page.
    pub furniture: Vec<String>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// How a document is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// 第一条
    #[default]
    Articles,
    /// 一、
    Enumerated,
    /// Nothing but a table.
    Table,
}

/// A heading above articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 0 编, 1 分编, 2 章, 3 节, 8 text that belongs to no article, 9 the title of a further document.
    pub level: u8,
    /// 第一章 总则
    pub text: String,
    /// How many articles stand before it.
    pub before: usize,
}

impl Heading {
    /// What stands above the next article once this heading has been read, outermost first.
    pub(crate) fn enter(&self, path: &mut Vec<(u8, String)>) {
        match self.level {
            8 => return,
            9 => path.clear(),
            level => path.retain(|(l, _)| *l < level || *l == 9),
        }
        path.push((self.level, self.text.clone()));
    }
}

/// One 条, or one 一、.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// 第三十六条, as written, without blanks.
    pub label: String,
    /// 36
    pub number: u32,
    /// 之一
    pub sub: Option<u32>,
    /// The headings it stands under, outermost first.
    pub path: Arc<[String]>,
    /// Its 款.
    pub paragraphs: Vec<Paragraph>,
    /// Line of the file its label stands on.
    pub line: u32,
}

/// One 款 with its 项.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paragraph {
    /// All of it, lines joined by line breaks.
    pub text: String,
    /// Its 项.
    pub items: Vec<Item>,
}

/// One 项 with its 目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number.
    pub number: u32,
    /// The marker, bytes of the paragraph's text.
    pub marker: Range<usize>,
    /// What follows the marker, its 目 included, bytes of the paragraph's text.
    pub text: Range<usize>,
    /// Its 目.
    pub subitems: Vec<Subitem>,
}

/// One 目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subitem {
    /// Its number.
    pub number: u32,
    /// The marker, bytes of the paragraph's text.
    pub marker: Range<usize>,
    /// What follows the marker, bytes of the paragraph's text.
    pub text: Range<usize>,
}

/// Something attached under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annex {
    /// 附件一, as written.
    pub title: String,
    /// The text, lines joined by line breaks.
    pub text: String,
}

/// Something in a text that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable name: `numbering-gap`, `page-mark`, ….
    pub code: &'static str,
    /// In Chinese.
    pub message: String,
    /// Line of the file.
    pub line: u32,
}

impl Article {
    /// The text without the label, 款 joined by line breaks.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.paragraphs.iter().map(|p| p.text.len() + 1).sum());
        for (i, paragraph) in self.paragraphs.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            out.push_str(&paragraph.text);
        }
        out
    }

    /// The number of 项 in each 款.
    #[must_use]
    pub fn structure(&self) -> Vec<u32> {
        let count = |p: &Paragraph| {
            p.items.last().map_or(0, |i| i.number.max(u32::try_from(p.items.len()).unwrap_or(0)))
        };
        self.paragraphs.iter().map(count).collect()
    }
}

impl Statute {
    /// Number of the last article.
    #[must_use]
    pub fn last(&self) -> Option<u32> {
        self.articles.iter().map(|a| a.number).max()
    }

    /// The article with this number and 之.
    #[must_use]
    pub fn article(&self, number: u32, sub: Option<u32>) -> Option<&Article> {
        self.articles.iter().find(|a| a.number == number && a.sub == sub)
    }
}

// The shapes that programs read: texts are cut out only while they are written.

struct Cut<'a>(&'a str, &'a Item);

impl Serialize for Cut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Subs<'a>(&'a str, &'a [Subitem]);
        impl Serialize for Subs<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut all = serializer.serialize_seq(Some(self.1.len()))?;
                for sub in self.1 {
                    let text = self.0.get(sub.text.clone()).unwrap_or_default();
                    all.serialize_element(&serde_json::json!({ "number": sub.number, "text": text }))?;
                }
                all.end()
            }
        }
        let mut out = serializer.serialize_struct("Item", 3)?;
        out.serialize_field("number", &self.1.number)?;
        out.serialize_field("text", self.0.get(self.1.text.clone()).unwrap_or_default())?;
        out.serialize_field("subitems", &Subs(self.0, &self.1.subitems))?;
        out.end()
    }
}

impl Serialize for Paragraph {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Paragraph", 2)?;
        out.serialize_field("text", &self.text)?;
        out.serialize_field("items", &self.items.iter().map(|i| Cut(&self.text, i)).collect::<Vec<_>>())?;
        out.end()
    }
}

impl Serialize for Article {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Article", 6)?;
        out.serialize_field("label", &self.label)?;
        out.serialize_field("number", &self.number)?;
        out.serialize_field("sub", &self.sub)?;
        out.serialize_field("path", &*self.path)?;
        out.serialize_field("text", &self.text())?;
        out.serialize_field("paragraphs", &self.paragraphs)?;
        out.end()
    }
}

impl Serialize for Statute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Statute", 11)?;
        out.serialize_field("title", &self.title)?;
        out.serialize_field("info", &self.info)?;
        out.serialize_field("kind", &self.kind)?;
        out.serialize_field("toc", &self.toc)?;
        out.serialize_field("preamble", &self.preamble)?;
        out.serialize_field("articles", &self.articles)?;
        out.serialize_field("annexes", &self.annexes)?;
        out.serialize_field("notes", &self.notes)?;
        out.serialize_field("closing", &self.closing)?;
        out.serialize_field("furniture", &self.furniture)?;
        out.serialize_field("warnings", &self.warnings)?;
        out.end()
    }
}

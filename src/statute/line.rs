//! What a reader hands over: the lines of a text, in order, each with what its format said about it.

use std::borrow::Cow;

/// One line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The text. A table row has its cells joined by tabs.
    pub text: Cow<'a, str>,
    /// Line in the file, or number of the paragraph, from 1.
    pub number: u32,
    /// What the format said it is.
    pub role: Role,
    /// What stands between it and the line before.
    pub boundary: Boundary,
    /// Whether blanks stood before its first character.
    pub indent: bool,
    /// Level of the heading the format made it, 0 for none.
    pub level: u8,
}

/// What the format said a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Text.
    Text,
    /// A row of a table.
    Row,
    /// A footnote.
    Note,
    /// Text that is nothing but links.
    Link,
    /// Text beside the text: a text box.
    Aside,
}

/// What stands between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// A line break, which may be one of layout only.
    Soft,
    /// The end of a paragraph.
    Hard,
    /// A new page.
    Page,
}

impl<'a> Line<'a> {
    /// A line of running text.
    #[must_use]
    pub fn text(text: impl Into<Cow<'a, str>>, number: u32, boundary: Boundary) -> Self {
        Self { text: text.into(), number, role: Role::Text, boundary, indent: false, level: 0 }
    }
}

/// Whether a character is white space or has no width: it carries no text.
#[must_use]
pub fn is_void(c: char) -> bool {
    c.is_whitespace() || is_zero_width(c)
}

/// Whether a character has no width.
#[must_use]
pub fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Without zero-width characters and outer blanks.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if may_hold_zero_width(text.as_bytes()) && text.contains(is_zero_width) {
        let kept: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
        return Cow::Owned(kept.trim().to_owned());
    }
    Cow::Borrowed(text.trim())
}

/// Whether `text` holds `mark`; faster than the standard search, which stops at every byte that ends like the mark.
#[must_use]
pub fn holds(text: &str, mark: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some()
}

/// All zero-width characters begin with one of these bytes; few lines of a law hold one.
fn may_hold_zero_width(bytes: &[u8]) -> bool {
    let follows = |at: usize, next: &[u8]| bytes.get(at + 1).is_some_and(|b| next.contains(b));
    memchr::memchr_iter(0xe2, bytes).any(|at| {
        follows(at, &[0x81])
            || follows(at, &[0x80])
                && bytes.get(at + 2).is_some_and(|b| matches!(b, 0x8b..=0x8f | 0xaa..=0xae))
    }) || memchr::memchr_iter(0xc2, bytes).any(|at| follows(at, &[0xad]))
        || memchr::memchr_iter(0xbb, bytes).any(|at| at > 0 && bytes.get(at - 1) == Some(&0xef))
}

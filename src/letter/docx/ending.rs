//! How the end of a letter is kept together: a signature must not stand alone on a page.
//!
//! A short last paragraph goes with the signature (`w:keepNext`). A long one cannot: LibreOffice does not split a
//! paragraph that is kept with the next, but moves all of it to a new page. There the lines are counted instead, and
//! where too few are left under the text, the spaces around the title or above the signature change, as GB/T 9704 allows
//! (7.3.5.5: adjust 行距, 字距).

use super::page;
use super::parts::LINE;
use crate::corpus::PageLayout;
use crate::letter::layout::{LINE_CHARACTERS, attachments, halves, paragraphs};
use crate::letter::{Block, Letter};

/// Lines on a page.
const PAGE: usize = 22;

/// A last paragraph of so many lines at most is tied to the signature.
const SHORT: usize = 5;

/// Empty lines above a signature: room for a seal.
const GAP: usize = 2;

/// How a letter ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// Whether the last paragraph stays on the page of the signature.
    pub tied: bool,
    /// Empty lines above the signature.
    pub gap: usize,
    /// Lines that are added above the title, so that the last lines of the text go on to the page of the signature.
    pub lowered: usize,
}

const USUAL: Ending = Ending { tied: true, gap: GAP, lowered: 0 };

/// The ending of a letter of these blocks.
pub(super) fn ending(letter: &Letter, blocks: &[&Block]) -> Ending {
    let Some(at) = blocks.iter().position(|block| matches!(block, Block::Signature { .. })) else {
        return USUAL;
    };
    let before = blocks.get(..at).unwrap_or_default();
    let Some(Block::Paragraph(last)) = before.last() else { return USUAL };
    let long = paragraphs(last).last().is_some_and(|line| lines(line, 4) > SHORT);
    let Some(used) = long.then(|| used(letter, before)).flatten() else { return USUAL };
    // One line more or less is left than counted where a program breaks lines elsewhere.
    match PAGE - used {
        left @ 0..=2 => Ending { tied: false, lowered: left + 2, ..USUAL },
        left @ 3..=5 => Ending { tied: false, gap: left - 3, ..USUAL },
        _ => Ending { tied: false, ..USUAL },
    }
}

/// Lines of a text whose first line is indented by so many half characters.
fn lines(text: &str, indent: usize) -> usize {
    (halves(text) + indent).div_ceil(2 * LINE_CHARACTERS).max(1)
}

/// Lines that the blocks fill of their last page; nothing where that cannot be counted.
fn used(letter: &Letter, blocks: &[&Block]) -> Option<usize> {
    // Counted in twips: what stands above the text of the first page is no number of lines.
    let page = PAGE * LINE;
    let mut y = page::head_height(letter.layout, &letter.author);
    for (at, block) in blocks.iter().enumerate() {
        let (space, count, after) = match block {
            Block::Number(_) if at == 0 && letter.layout == PageLayout::Official => (0, 0, 0),
            Block::Number(_) | Block::Addressee(_) => (0, 1, 0),
            Block::Title(text) => (2 * LINE, super::body::title_lines(text), LINE),
            Block::Heading(text) | Block::Subheading(text) | Block::Note(text) => (0, lines(text, 4), 0),
            Block::Paragraph(text) => (0, paragraphs(text).map(|line| lines(line, 4)).sum(), 0),
            Block::Attachments(names) => (LINE, attachments(names).len(), 0),
            Block::Table { .. } | Block::Form { .. } | Block::Signature { .. } => return None,
        };
        y += space;
        for _ in 0..count {
            // A line that does not fit begins the next page.
            if y + LINE > page + LINE / 10 {
                y = 0;
            }
            y += LINE;
        }
        y += after;
    }
    Some(y.div_ceil(LINE).clamp(0, PAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter_of(text: &str) -> Letter {
        let signature = Block::Signature { name: "某局".to_owned(), date: "2026年1月2日".to_owned() };
        Letter { blocks: vec![Block::Paragraph(text.to_owned()), signature], ..Letter::default() }
    }

    fn ending_of(count: usize) -> Ending {
        let letter = letter_of(&"字".repeat(28 * count - 2));
        ending(&letter, &letter.blocks.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_short_last_paragraph_is_tied_to_the_signature() {
        assert_eq!(ending_of(5), USUAL);
    }

    #[test]
    fn a_long_last_paragraph_is_not_tied_and_changes_nothing_where_there_is_room() {
        assert_eq!(ending_of(16), Ending { tied: false, ..USUAL });
    }

    #[test]
    fn little_room_takes_the_empty_lines_above_the_signature() {
        assert_eq!(ending_of(18), Ending { tied: false, gap: 1, lowered: 0 });
    }

    #[test]
    fn no_room_takes_lines_of_the_text_to_the_page_of_the_signature() {
        assert_eq!(ending_of(22), Ending { tied: false, gap: 2, lowered: 2 });
    }
}

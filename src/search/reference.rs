//! Articles in a query: 第三十六条, 36条, 三十六条第五项, 36(5).

use crate::text::number;

/// An article, and the 款 and 项 that were asked for; 0 where nothing was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where it begins and ends in the query.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    pub article: u32,
    pub sub: u32,
    pub paragraph: u32,
    pub item: u32,
    /// Whether 条 was written; else it may be any number.
    pub sure: bool,
}

pub(super) fn is_numeral(unit: u16) -> bool {
    is(unit, "0123456789零一二三四五六七八九两十百千")
}

fn is(unit: u16, any: &str) -> bool {
    any.chars().any(|c| c as u32 == u32::from(unit))
}

/// The first place from `at` on that is no blank.
fn blanks(text: &[u16], at: usize) -> usize {
    at + text.iter().skip(at).take_while(|u| **u == 0x20).count()
}

/// The first place from `at` on that is no numeral.
pub(super) fn numerals(text: &[u16], at: usize) -> usize {
    at + text.iter().skip(at).take_while(|u| is_numeral(**u)).count()
}

/// The number between two places, or 0.
pub(super) fn value(text: &[u16], from: usize, to: usize) -> u32 {
    let digits = String::from_utf16_lossy(text.get(from..to).unwrap_or_default());
    number(&digits).unwrap_or(0)
}

fn at(text: &[u16], place: usize, c: &str) -> bool {
    text.get(place).is_some_and(|u| is(*u, c))
}

/// What stands between articles of one law.
const JOINTS: &str = "、,和与及至到";

/// Whether other articles follow a number, the last with 条: 36、37条.
fn is_listed(text: &[u16], mut place: usize) -> bool {
    while at(text, place, JOINTS) {
        place = blanks(text, place + 1);
        if at(text, place, "第") {
            place = blanks(text, place + 1);
        }
        let to = numerals(text, place);
        if to == place {
            return false;
        }
        place = blanks(text, to);
        if at(text, place, "条") {
            return true;
        }
    }
    false
}

/// The first article in a folded query. Without 条 it must end the query.
pub(super) fn reference(text: &[u16]) -> Option<Reference> {
    let mut i = 0;
    while i < text.len() {
        let from = if at(text, i, "第") { blanks(text, i + 1) } else { i };
        let to = numerals(text, from);
        if to == from {
            i += 1;
            continue;
        }
        let article = if to - from < 9 { value(text, from, to) } else { 0 };
        let after = blanks(text, to);
        let sure = at(text, after, "条");
        let mut found = Reference { start: i, end: to, article, sub: 0, paragraph: 0, item: 0, sure };
        if article > 0 && !sure && is_listed(text, after) {
            return Some(Reference { sure: true, ..found });
        }
        if article > 0 && sure {
            found.end = after + 1;
            if at(text, found.end, "之") {
                let end = numerals(text, found.end + 1);
                found.sub = value(text, found.end + 1, end);
                if found.sub > 0 {
                    found.end = end;
                }
            }
            parts(text, &mut found);
            return Some(found);
        }
        if article > 0 {
            parts(text, &mut found);
            if blanks(text, found.end) == text.len() {
                return Some(found);
            }
        }
        i = to;
    }
    None
}

/// 第1款第5项, 5项, (5) behind an article.
fn parts(text: &[u16], found: &mut Reference) {
    loop {
        let mut place = blanks(text, found.end);
        for word in ["的", "第"] {
            if at(text, place, word) {
                place = blanks(text, place + 1);
            }
        }
        let bracket = at(text, place, "(");
        if bracket {
            place = blanks(text, place + 1);
        }
        let mut to = numerals(text, place);
        let value = value(text, place, to);
        if value == 0 {
            return;
        }
        place = blanks(text, to);
        if bracket {
            if !at(text, place, ")") {
                return;
            }
            to = place + 1;
            place = blanks(text, to);
        }
        if at(text, place, "款") && found.paragraph == 0 && found.item == 0 {
            found.paragraph = value;
            found.end = place + 1;
        } else if at(text, place, "项") && found.item == 0 {
            found.item = value;
            found.end = place + 1;
        } else if bracket && found.item == 0 {
            found.item = value;
            found.end = to;
        } else {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::utf16;
    use super::*;

    fn read(text: &str) -> Option<(u32, u32, u32, u32)> {
        reference(&utf16(text)).map(|r| (r.article, r.sub, r.paragraph, r.item))
    }

    #[test]
    fn every_spelling_is_the_same_article() {
        for text in ["第三十六条", "第36条", "36条", "条例36条", "第 36 条", "36", "条例第36", "三十六"]
        {
            assert_eq!(read(text), Some((36, 0, 0, 0)), "{text}");
        }
        for text in ["三十六条第五项", "36(5)", "36条(五)", "第36条第(5)项", "条例第36条的第五项", "36条5项"]
        {
            assert_eq!(read(text), Some((36, 0, 0, 5)), "{text}");
        }
        assert_eq!(read("复议法23条1款4项"), Some((23, 0, 1, 4)));
        assert_eq!(read("第一百三十三条之一"), Some((133, 1, 0, 0)));
    }

    #[test]
    fn the_first_of_several_articles_needs_no_word_of_its_own() {
        for text in ["36、37条", "36和第37条", "第36, 37、38条"] {
            assert_eq!(read(text), Some((36, 0, 0, 0)), "{text}");
        }
        assert_eq!(read("20日和家属"), None);
    }

    #[test]
    fn a_number_in_the_middle_is_no_article() {
        assert_eq!(read("20个工作日"), None);
        assert_eq!(read("一次性告知"), None);
        assert_eq!(read(""), None);
    }
}

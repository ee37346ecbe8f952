//! Text as typst code: string literals, in which nothing is ever run.

use std::fmt::Write;

/// Letters and digits in a row that any line of text can hold, and any cell of a table.
pub(super) const LINE_WORD: usize = 30;
pub(super) const CELL_WORD: usize = 10;

/// Signs of a long word that stay together.
const PIECE: usize = 4;

/// A literal.
pub(super) fn literal(text: &str, out: &mut String) {
    out.push('"');
    text.chars().for_each(|ch| escape(ch, out));
    out.push('"');
}

/// Literals as statements, with places to break in words of more than `longest` signs, which no line might hold: an
/// empty box (`w`), since typst 0.14 forgets the width of the letter before a U+200B at the end of a line.
pub(super) fn breakable(text: &str, longest: usize, out: &mut String) {
    out.push('"');
    let mut word = String::new();
    for ch in text.chars() {
        if ch.is_ascii_graphic() || (ch.is_alphanumeric() && !breaks_anywhere(ch)) {
            word.push(ch);
        } else {
            flush(&mut word, longest, out);
            escape(ch, out);
        }
    }
    flush(&mut word, longest, out);
    out.push_str("\";");
}

/// Whether a line may end on both sides of the character: Chinese, Japanese and Korean.
pub(super) const fn breaks_anywhere(ch: char) -> bool {
    matches!(ch, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn flush(word: &mut String, longest: usize, out: &mut String) {
    // Signs between which a line may end.
    const JOINTS: &str = "/._-&?=,:;@#+~|\\";
    let long = word.chars().count() > longest;
    let mut run = 0;
    let mut rest = word.chars().peekable();
    while let Some(ch) = rest.next() {
        escape(ch, out);
        run = if JOINTS.contains(ch) { 0 } else { run + 1 };
        let joint = run == 0 || run >= PIECE;
        if long && joint && rest.peek().is_some() {
            out.push_str("\";w;\"");
            run = 0;
        }
    }
    word.clear();
}

fn escape(ch: char, out: &mut String) {
    match ch {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' | '\r' | '\t' => out.push(' '),
        ch if ch.is_control() => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(ch));
        }
        ch => out.push(ch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, longest: usize) -> String {
        let mut out = String::new();
        breakable(text, longest, &mut out);
        out
    }

    #[test]
    fn nothing_ends_a_literal_early() {
        let mut out = String::new();
        literal(r##"a"b\c#d"##, &mut out);
        assert_eq!(out, r##""a\"b\\c#d""##);
        assert_eq!(of("甲\u{1}", 30), "\"甲\\u{1}\";");
    }

    #[test]
    fn a_long_word_can_be_broken_and_a_short_one_or_a_sentence_not() {
        assert!(!of("refuse-state-secret.docx", 30).contains(";w;"));
        assert!(!of(&"公".repeat(100), 10).contains(";w;"));
        let long = of(&"x".repeat(500), 30);
        assert_eq!(long.matches('x').count(), 500);
        assert!(long.split(";w;").all(|piece| piece.len() <= 4 + 3), "{long}");
        assert!(of("https://www.example.com/a/very/long/address", 30).contains("com/\";w;"));
    }
}

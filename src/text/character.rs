//! Characters that neither a letter nor a page may hold.

/// Whether a character is invisible or shows differently on another machine: controls (but not tab and line
/// break), byte order and direction marks, private use, non-characters.
#[must_use]
pub fn forbidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..)
        || u32::from(c) & 0xfffe == 0xfffe
}

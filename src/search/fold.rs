//! Spellings that mean the same become one: full width, capitals, traditional characters.
//!
//! Text is taken in UTF-16 units, as a browser has it, so that both twins count alike.

use hanconv::TSCharacters;
use std::collections::BTreeMap;

/// What stands for everything that is no word: punctuation, blanks.
pub(super) const GAP: u16 = 0x20;

/// Traditional characters and what they are in this handbook.
#[derive(Debug, Clone, Default)]
pub(super) struct Fold {
    traditional: BTreeMap<u16, u16>,
}

impl Fold {
    /// For a handbook in which these units occur. A character that the handbook itself uses stays what it is.
    pub(super) fn new(alphabet: &[bool]) -> Self {
        let mut traditional = BTreeMap::new();
        for (from, to) in TSCharacters.iter() {
            let first = |text: &str| text.encode_utf16().next();
            let (Some(from), Some(to)) = (first(from), first(to)) else { continue };
            let used = |unit: u16| alphabet.get(usize::from(unit)).copied().unwrap_or(false);
            let surrogate = (0xD800..0xE000).contains(&from) || (0xD800..0xE000).contains(&to);
            if !surrogate && used(to) && !used(from) {
                traditional.entry(from).or_insert(to);
            }
        }
        Self { traditional }
    }

    /// Pairs of a traditional and a simplified character, one after the other, for the search data.
    pub(super) fn pairs(&self) -> String {
        let units: Vec<u16> = self.traditional.iter().flat_map(|(from, to)| [*from, *to]).collect();
        String::from_utf16_lossy(&units)
    }

    /// One unit, folded.
    pub(super) fn unit(&self, unit: u16) -> u16 {
        match unit {
            0x41..=0x5A => unit + 0x20,
            // Full-width forms.
            0xFF21..=0xFF3A => unit - 0xFF21 + 0x61,
            0xFF01..=0xFF5E => unit - 0xFEE0,
            0x3000 => GAP,
            // 〇 and ○ are 零 where they stand for nought.
            0x3007 | 0x25CB => 0x96F6,
            _ => self.traditional.get(&unit).copied().unwrap_or(unit),
        }
    }

    /// For each unit what it is folded to.
    pub(super) fn table(&self) -> Vec<u16> {
        (0..=u16::MAX).map(|u| self.unit(u)).collect()
    }

    /// Only the words of a text, folded.
    pub(super) fn dense(&self, text: &str) -> Vec<u16> {
        text.encode_utf16().map(|u| self.unit(u)).filter(|u| is_word(*u)).collect()
    }

    /// A text, folded, unit for unit.
    pub(super) fn text(&self, text: &str) -> Vec<u16> {
        text.encode_utf16().map(|u| self.unit(u)).collect()
    }
}

/// Whether a folded unit is part of a word: letters, digits, Chinese characters (halves of rare ones too).
pub(super) const fn is_word(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39 | 0x61..=0x7A | 0x3005..=0x3006 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xD800..=0xDFFF | 0xF900..=0xFAFF)
}

/// The units of a text.
pub(super) fn utf16(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The token of two units that follow each other; a single unit is its own token.
pub(super) const fn pair(a: u16, b: u16) -> u32 {
    (a as u32) << 16 | b as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(alphabet: &str, text: &str) -> String {
        let mut used = vec![false; 1 << 16];
        alphabet.encode_utf16().for_each(|u| used[usize::from(u)] = true);
        String::from_utf16_lossy(&Fold::new(&used).text(text))
    }

    #[test]
    fn full_width_capitals_and_noughts_are_one() {
        assert_eq!(fold("", "ＧＢ１８０３０ Ab　二〇"), "gb18030 ab 二零");
    }

    #[test]
    fn traditional_characters_become_what_the_handbook_uses() {
        assert_eq!(fold("政府信息公开条例", "政府資訊公開條例"), "政府資訊公开条例");
    }

    #[test]
    fn a_character_that_the_handbook_uses_stays() {
        assert_eq!(fold("著着", "著作"), "著作");
    }
}

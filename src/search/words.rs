//! Letters read as pinyin, and other words worth trying.

use super::Engine;
use super::fold::utf16;
use super::names::contains;
use super::shelf::Kind;
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::{BTreeMap, BTreeSet};

/// A name, keyword or synonym.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub word: String,
    pub text: Vec<u16>,
    /// For each unit how it may sound; itself where that is not known.
    sounds: Vec<Vec<Vec<u16>>>,
}

/// What sounds like what: for each unit its syllables.
pub(super) type Sounds = BTreeMap<u16, BTreeSet<String>>;

/// More letters than this are no pinyin.
const MOST_LETTERS: usize = 40;

/// How many other words are offered.
const MOST_NEAR: usize = 6;

impl Engine {
    /// Every name, keyword and synonym with its initials and its pinyin.
    pub(super) fn vocabulary(&self) -> Vec<Word> {
        let mut seen = BTreeSet::new();
        let mut all: Vec<&str> = vec![];
        let mut add = |word| {
            if seen.insert(word) {
                all.push(word);
            }
        };
        for page in &self.shelf.pages {
            let title = (page.kind != Kind::Law).then_some(&page.title);
            let words = page.names.iter().chain(&page.keywords).chain(&page.outcomes).chain(title);
            words.for_each(|word| add(word));
        }
        self.shelf.synonyms.iter().flatten().for_each(|word| add(word));
        let spelt = |word: &str| {
            let text = self.shelf.fold.dense(word);
            let sound = |unit: &u16| {
                let known = self.shelf.sounds.get(unit);
                known.map_or_else(|| vec![vec![*unit]], |all| all.iter().map(|s| utf16(s)).collect())
            };
            let sounds = text.iter().map(sound).collect();
            Word { word: word.to_owned(), text, sounds }
        };
        all.into_iter().map(spelt).filter(|w| w.text.len() > 1).collect()
    }

    /// What letters may stand for, the likeliest first.
    pub(super) fn spelt(&self, query: &str) -> Vec<String> {
        let folded = self.shelf.fold.text(query);
        let letters: Vec<u16> = folded.into_iter().filter(|u| !matches!(u, 0x20 | 0x27)).collect();
        if !(2..=MOST_LETTERS).contains(&letters.len()) || !letters.iter().all(|u| (0x61..=0x7A).contains(u))
        {
            return vec![];
        }
        let rank = |word: &Word| {
            let begins = initials(&word.sounds, &letters);
            let length = if begins { letters.len() } else { spells(&word.sounds, &letters) };
            match (length == word.text.len(), begins) {
                _ if length == 0 => None,
                (true, true) => Some(0),
                (true, false) => Some(1),
                (false, _) if letters.len() < 3 => None,
                (false, true) => Some(2),
                (false, false) => Some(3),
            }
        };
        let mut found: Vec<(u8, usize, usize, &Word)> = vec![];
        for (nth, word) in self.vocabulary.iter().enumerate() {
            found.extend(rank(word).map(|r| (r, word.text.len(), nth, word)));
        }
        found.sort_by_key(|(rank, length, nth, _)| (*rank, *length, *nth));
        found.into_iter().map(|(.., word)| word.word.clone()).collect()
    }

    /// Other words: those that share most pairs of characters with the query.
    pub(super) fn near(&self, query: &str) -> Vec<String> {
        let cut: Vec<u16> = query.encode_utf16().take(self.numbers.units).collect();
        let text = self.shelf.fold.dense(&String::from_utf16_lossy(&cut));
        let mut found: Vec<(f64, usize, &Word)> = vec![];
        for (nth, word) in self.vocabulary.iter().enumerate() {
            let pairs = word.text.windows(2);
            let (all, shared) = (pairs.len(), pairs.filter(|p| contains(&text, p)).count());
            if shared > 0 && word.text != text {
                let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
                found.push((float(shared) / float(all), nth, word));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(MOST_NEAR).map(|(.., word)| word.word.clone()).collect()
    }
}

/// Whether letters are the initials of a word, or of its beginning.
fn initials(sounds: &[Vec<Vec<u16>>], letters: &[u16]) -> bool {
    letters.len() <= sounds.len()
        && letters.iter().zip(sounds).all(|(l, all)| all.iter().any(|s| s.first() == Some(l)))
}

/// How many characters letters spell, each by its initial or in full; 0 if they do not come out even.
fn spells(sounds: &[Vec<Vec<u16>>], letters: &[u16]) -> usize {
    let mut reached = BTreeSet::from([0]);
    for (nth, all) in sounds.iter().enumerate() {
        if reached.contains(&letters.len()) {
            return nth;
        }
        let mut next = BTreeSet::new();
        for (sound, at) in all.iter().flat_map(|s| reached.iter().map(move |at| (s, *at))) {
            let rest = letters.get(at..).unwrap_or_default();
            if rest.starts_with(sound) {
                next.insert(at + sound.len());
            }
            if !rest.is_empty() && rest.first() == sound.first() {
                next.insert(at + 1);
            }
        }
        reached = next;
    }
    if reached.contains(&letters.len()) { sounds.len() } else { 0 }
}

/// Where a word stands in an index: the first letter of its pinyin, or the letter it begins with, `~` for all else, and
/// then its pinyin.
#[must_use]
pub fn filed(word: &str) -> (char, String) {
    let sound = |c: char| c.to_pinyin().map_or_else(|| c.to_lowercase().collect(), |s| s.plain().to_owned());
    let spelt: Vec<String> = word.chars().map(sound).collect();
    let first = spelt.first().and_then(|s| s.chars().next()).unwrap_or('~').to_ascii_uppercase();
    (if first.is_ascii_alphabetic() { first } else { '~' }, spelt.join(" "))
}

/// The pinyin of every character of these words, without tones: all of them where it has several.
pub(super) fn sounds<'a>(words: impl Iterator<Item = &'a str>) -> Sounds {
    let mut all = Sounds::new();
    for c in words.flat_map(str::chars) {
        if let (Some(multi), Ok(unit)) = (c.to_pinyin_multi(), u16::try_from(c as u32)) {
            // On a keyboard ü is v.
            let plain = multi.into_iter().map(|sound| sound.plain().replace('ü', "v"));
            all.entry(unit).or_default().extend(plain);
        }
    }
    all
}

/// The same as one text: each syllable with its characters.
pub(super) fn spelling(sounds: &Sounds) -> String {
    let mut by_sound: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for (unit, sound) in sounds.iter().flat_map(|(unit, all)| all.iter().map(move |s| (unit, s))) {
        by_sound.entry(sound).or_default().push(*unit);
    }
    let entries: Vec<String> = by_sound
        .into_iter()
        .map(|(sound, units)| format!("{sound}{}", String::from_utf16_lossy(&units)))
        .collect();
    entries.join(" ")
}

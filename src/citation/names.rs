//! What laws are called: full titles, short names and the aliases people write.

use std::collections::BTreeMap;

/// The law a citation names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// A law of the corpus, by id.
    Known(String),
    /// A title in 《》 that no law of the corpus bears.
    Unknown(String),
    /// An earlier version of a law (2007年条例): named, but its articles are not today's.
    Earlier(String),
}

/// Every name by which a law of the corpus may be cited.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names that count only inside 《》, such as 《条例》.
    marked: BTreeMap<String, String>,
    /// Names that count also without marks. By first character, longest first.
    bare: BTreeMap<char, Vec<(String, String)>>,
}

impl Names {
    /// Adds a name of the law `id`. A name written 《…》 counts only between title marks.
    ///
    /// Returns the id of another law that already bears the name.
    pub fn add(&mut self, name: &str, id: &str) -> Option<String> {
        let inner = name.strip_prefix('《').and_then(|n| n.strip_suffix('》'));
        let bare = inner.unwrap_or(name);
        if let Some(other) = self.marked.insert(bare.to_owned(), id.to_owned())
            && other != id
        {
            self.marked.insert(bare.to_owned(), other.clone());
            return Some(other);
        }
        if inner.is_none()
            && let Some(first) = bare.chars().next()
        {
            let list = self.bare.entry(first).or_default();
            list.push((bare.to_owned(), id.to_owned()));
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
            list.dedup();
        }
        None
    }

    /// The law that bears this title between 《》.
    #[must_use]
    pub fn titled(&self, title: &str) -> Option<&str> {
        self.marked.get(title.trim()).map(String::as_str)
    }

    /// The longest name that `text` starts with, and its law.
    #[must_use]
    pub fn leading(&self, text: &str) -> Option<(usize, &str)> {
        let candidates = self.bare.get(&text.chars().next()?)?;
        candidates
            .iter()
            .find(|(name, _)| text.starts_with(name.as_str()))
            .map(|(name, id)| (name.len(), id.as_str()))
    }
}

//! What becomes of each file: the desk's own changes are never overwritten.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Checksums of canonical bytes, by path.
pub type Sums = BTreeMap<String, String>;

/// What an update does with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new here.
    Add,
    /// It takes the place of one that nobody here touched.
    Replace,
    /// It is gone in the pack, and nobody here touched it.
    Remove,
    /// Here it is as in the pack.
    Same,
    /// The desk's own, or the desk's own change of a file that the pack did not change.
    Own,
    /// Both changed it. The desk's file stays.
    Conflict(Conflict),
}

/// Why a file of the pack does not take its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The desk and the pack changed it since the last update.
    Both,
    /// It differs, and there was no update before that could tell who changed it.
    First,
    /// The desk made a file of the same name that is new in the pack.
    NewHere,
    /// The desk removed what the pack changed.
    RemovedHere,
    /// The pack removed what the desk changed.
    RemovedThere,
}

impl Conflict {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Both => "本机改过，新包也改了",
            Self::First => "本机与新包不同，第一次更新，分不清是谁改的",
            Self::NewHere => "本机有同名的文件，新包里也有",
            Self::RemovedHere => "本机删掉了，新包改了",
            Self::RemovedThere => "本机改过，新包删掉了",
        }
    }

    /// Whether there is a file of the pack to put beside the desk's.
    #[must_use]
    pub const fn has_new(self) -> bool {
        !matches!(self, Self::RemovedThere)
    }
}

/// What is known of the time before this update.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The files of the last pack that was applied; `None` if there was none.
    pub base: Option<&'a Sums>,
    /// The files that the program itself writes into a new handbook: path and checksum; some have two forms.
    pub shipped: &'a BTreeSet<(String, String)>,
}

/// The bytes by which files are compared and that a pack carries: text without byte order mark and with LF, so that an
/// editor on Windows that only saved a file has not changed it. What is no text stays as it is.
#[must_use]
pub fn canonical(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Cow::Borrowed(bytes) };
    if text.contains('\0') || !(text.contains('\r') || text.starts_with('\u{feff}')) {
        return Cow::Borrowed(bytes);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").into_bytes())
}

/// What to do with each file that stands on the desk, in the pack, or in the last pack.
#[must_use]
pub fn plan(desk: &Sums, pack: &Sums, known: Known<'_>) -> BTreeMap<String, Action> {
    let paths: BTreeSet<&String> = desk.keys().chain(pack.keys()).collect();
    let action = |path: &String| {
        let (here, there) = (desk.get(path), pack.get(path));
        // Without an update before, what the program itself wrote is nobody's change.
        let before = match known.base {
            Some(base) => base.get(path),
            None => here.filter(|sum| known.shipped.contains(&(path.clone(), (*sum).clone()))),
        };
        match (here, there) {
            (Some(here), Some(there)) if here == there => Action::Same,
            (Some(here), Some(there)) => match before {
                Some(before) if before == here => Action::Replace,
                Some(before) if before == there => Action::Own,
                Some(_) => Action::Conflict(Conflict::Both),
                None if known.base.is_some() => Action::Conflict(Conflict::NewHere),
                None => Action::Conflict(Conflict::First),
            },
            (None, Some(there)) => match before {
                Some(before) if before == there => Action::Own,
                Some(_) => Action::Conflict(Conflict::RemovedHere),
                None => Action::Add,
            },
            (Some(here), None) => match before {
                Some(before) if before == here => Action::Remove,
                Some(_) => Action::Conflict(Conflict::RemovedThere),
                None => Action::Own,
            },
            (None, None) => Action::Same,
        }
    };
    paths.into_iter().map(|path| (path.clone(), action(path))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, Conflict, Known, Sums, canonical, plan};
    use std::collections::BTreeSet;

    fn sums(all: &[(&str, &str)]) -> Sums {
        all.iter().map(|(path, sum)| ((*path).to_owned(), (*sum).to_owned())).collect()
    }

    /// What becomes of one file that is `here`, `there`, and was `before`; an empty word is no file.
    fn one(here: &str, there: &str, base: Option<&str>, shipped: &str) -> Option<Action> {
        let only = |sum: &str| if sum.is_empty() { Sums::new() } else { sums(&[("a", sum)]) };
        let base = base.map(only);
        let shipped: BTreeSet<(String, String)> = only(shipped).into_iter().collect();
        let known = Known { base: base.as_ref(), shipped: &shipped };
        plan(&only(here), &only(there), known).get("a").copied()
    }

    #[test]
    fn with_a_base_only_what_the_desk_did_not_touch_is_written() {
        assert_eq!(one("1", "2", Some("1"), ""), Some(Action::Replace));
        assert_eq!(one("", "2", Some(""), ""), Some(Action::Add));
        assert_eq!(one("1", "", Some("1"), ""), Some(Action::Remove));
        assert_eq!(one("2", "2", Some("1"), ""), Some(Action::Same));
        assert_eq!(one("9", "1", Some("1"), ""), Some(Action::Own));
        assert_eq!(one("9", "", Some(""), ""), Some(Action::Own));
        assert_eq!(one("", "1", Some("1"), ""), Some(Action::Own));
        assert_eq!(one("9", "2", Some("1"), "9"), Some(Action::Conflict(Conflict::Both)));
        assert_eq!(one("9", "2", Some(""), ""), Some(Action::Conflict(Conflict::NewHere)));
        assert_eq!(one("", "2", Some("1"), ""), Some(Action::Conflict(Conflict::RemovedHere)));
        assert_eq!(one("9", "", Some("1"), ""), Some(Action::Conflict(Conflict::RemovedThere)));
    }

    #[test]
    fn without_a_base_only_what_the_program_wrote_is_replaced() {
        assert_eq!(one("1", "2", None, "1"), Some(Action::Replace));
        assert_eq!(one("1", "", None, "1"), Some(Action::Remove));
        assert_eq!(one("9", "2", None, "1"), Some(Action::Conflict(Conflict::First)));
        assert_eq!(one("9", "2", None, ""), Some(Action::Conflict(Conflict::First)));
        assert_eq!(one("9", "", None, "1"), Some(Action::Own));
        assert_eq!(one("", "2", None, "1"), Some(Action::Add));
        assert_eq!(one("2", "2", None, "1"), Some(Action::Same));
    }

    #[test]
    fn an_editor_that_only_saved_a_file_has_not_changed_it() {
        assert_eq!(canonical("\u{feff}甲\r\n乙\r\n".as_bytes()), canonical("甲\n乙\n".as_bytes()));
        assert_eq!(&*canonical(b"\x89PNG\r\n\xff"), b"\x89PNG\r\n\xff");
    }
}

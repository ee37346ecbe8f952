//! Two versions of a law side by side: which article became which, and what changed in it.
//!
//! Only this file knows `similar`.

use super::{Article, Statute};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    Same,
    /// It has another number and the same words.
    Renumbered,
    /// It has other words.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

impl Change {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Same => "未改",
            Self::Renumbered => "只改条号",
            Self::Changed => "修改",
            Self::Added => "新增",
            Self::Removed => "删去",
        }
    }
}

/// One row of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The article of the older version.
    pub old: Option<&'a Article>,
    /// The article of the newer version.
    pub new: Option<&'a Article>,
    /// What became of it.
    pub change: Change,
}

/// A stretch of a text that was kept, taken out or put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Kept(String),
    /// Only in the older one.
    Removed(String),
    /// Only in the newer one.
    Added(String),
}

/// Articles must share this much (in thousandths of their two-character sequences) to be one and the same.
const ALIKE: u32 = 400;

/// Compares two versions, in the order of the newer one; what is gone stands where it was.
#[must_use]
pub fn compare<'a>(old: &'a Statute, new: &'a Statute) -> Vec<Pair<'a>> {
    let olds: Vec<Words> = old.articles.iter().map(Words::of).collect();
    let news: Vec<Words> = new.articles.iter().map(Words::of).collect();
    let partner = matched(&olds, &news);
    let mut rows = vec![];
    let mut next = 0;
    for (j, article) in new.articles.iter().enumerate() {
        let from = partner.get(j).copied().flatten();
        if let Some(i) = from {
            // What was taken out between the last partner and this one.
            while next < i {
                push_removed(&mut rows, old, next, &partner);
                next += 1;
            }
            next = next.max(i + 1);
        }
        let before = from.and_then(|i| old.articles.get(i));
        let change = match before {
            None => Change::Added,
            Some(b) if b.text().split_whitespace().eq(article.text().split_whitespace()) => {
                if (b.number, b.sub) == (article.number, article.sub) {
                    Change::Same
                } else {
                    Change::Renumbered
                }
            }
            Some(_) => Change::Changed,
        };
        rows.push(Pair { old: before, new: Some(article), change });
    }
    while next < old.articles.len() {
        push_removed(&mut rows, old, next, &partner);
        next += 1;
    }
    rows
}

fn push_removed<'a>(rows: &mut Vec<Pair<'a>>, old: &'a Statute, i: usize, partner: &[Option<usize>]) {
    if !partner.contains(&Some(i)) {
        rows.push(Pair { old: old.articles.get(i), new: None, change: Change::Removed });
    }
}

/// The two-character sequences of an article, sorted; and all its characters, for very short ones.
struct Words(Vec<[char; 2]>, String);

impl Words {
    fn of(article: &Article) -> Self {
        let text: Vec<char> = article.text().chars().filter(|c| c.is_alphanumeric()).collect();
        let mut all: Vec<[char; 2]> =
            text.windows(2).filter_map(|w| Some([*w.first()?, *w.get(1)?])).collect();
        all.sort_unstable();
        Self(all, if text.len() < 8 { text.into_iter().collect() } else { String::new() })
    }

    /// Shared sequences in thousandths of all.
    fn likeness(&self, other: &Self) -> u32 {
        if !self.1.is_empty() && self.1 == other.1 {
            return 1000;
        }
        let (mut i, mut j, mut shared) = (0, 0, 0_usize);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    (i, j) = (i + 1, j + 1);
                }
            }
        }
        let all = self.0.len() + other.0.len();
        (shared * 2000).checked_div(all).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }
}

/// For each new article its old one: the most alike first, each used once; of equals the one nearest in place.
fn matched(olds: &[Words], news: &[Words]) -> Vec<Option<usize>> {
    let mut scores: Vec<(u32, usize, usize, usize)> = vec![];
    for (j, new) in news.iter().enumerate() {
        for (i, old) in olds.iter().enumerate() {
            let likeness = old.likeness(new);
            if likeness >= ALIKE {
                let there = i * news.len().max(1) / olds.len().max(1);
                scores.push((likeness, there.abs_diff(j), i, j));
            }
        }
    }
    scores.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut partner, mut used) = (vec![None; news.len()], vec![false; olds.len()]);
    for (_, _, i, j) in scores {
        if let (Some(slot @ None), Some(taken @ false)) = (partner.get_mut(j), used.get_mut(i)) {
            *slot = Some(i);
            *taken = true;
        }
    }
    partner
}

/// What changed from one text to another, character by character; single characters left between two changes are part of them.
#[must_use]
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let text = |all: &[char], start: usize, length: usize| -> String {
        all.iter().skip(start).take(length).collect()
    };
    let mut out: Vec<Piece> = vec![];
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        match op {
            DiffOp::Equal { old_index, len, .. } => out.push(Piece::Kept(text(&a, old_index, len))),
            DiffOp::Delete { old_index, old_len, .. } => {
                out.push(Piece::Removed(text(&a, old_index, old_len)));
            }
            DiffOp::Insert { new_index, new_len, .. } => out.push(Piece::Added(text(&b, new_index, new_len))),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                out.push(Piece::Removed(text(&a, old_index, old_len)));
                out.push(Piece::Added(text(&b, new_index, new_len)));
            }
        }
    }
    joined(&out)
}

/// Joins changes that only a character or two keep apart: whole words are easier to read.
fn joined(pieces: &[Piece]) -> Vec<Piece> {
    let mut out: Vec<Piece> = vec![];
    let (mut removed, mut added) = (String::new(), String::new());
    let flush = |removed: &mut String, added: &mut String, out: &mut Vec<Piece>| {
        for (text, make) in [(removed, Piece::Removed as fn(String) -> Piece), (added, Piece::Added)] {
            if !text.is_empty() {
                out.push(make(std::mem::take(text)));
            }
        }
    };
    for (k, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Removed(t) => removed.push_str(t),
            Piece::Added(t) => added.push_str(t),
            Piece::Kept(t) => {
                let inside = !(removed.is_empty() && added.is_empty()) && k + 1 < pieces.len();
                if inside && t.chars().count() < 2 && !t.contains(['。', '；', '\n']) {
                    removed.push_str(t);
                    added.push_str(t);
                } else {
                    flush(&mut removed, &mut added, &mut out);
                    out.push(piece.clone());
                }
            }
        }
    }
    flush(&mut removed, &mut added, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::{Change, Piece, compare, pieces};
    use crate::statute::{Format, Statute, read_text};

    fn statute(text: &str) -> Statute {
        read_text(Format::Text, text).unwrap().statute
    }

    #[test]
    fn every_article_finds_its_partner() {
        let old = statute(
            "办法\n第一条　为了规范示例事项的办理，制定本办法。\n第二条　示例机关应当在十五日内答复申请人。\n第三条　示例机关可以收取成本费用，标准另行规定。",
        );
        let new = statute(
            "办法\n第一条　为了规范示例事项的办理，制定本办法。\n第二条　本办法所称示例是指虚构的事物和它的名称。\n第三条　示例机关应当在二十日内答复申请人。",
        );
        let rows: Vec<_> = compare(&old, &new)
            .iter()
            .map(|r| (r.old.map(|a| a.number), r.new.map(|a| a.number), r.change))
            .collect();
        assert_eq!(
            rows,
            [
                (Some(1), Some(1), Change::Same),
                (None, Some(2), Change::Added),
                (Some(2), Some(3), Change::Changed),
                (Some(3), None, Change::Removed),
            ]
        );
    }

    #[test]
    fn pieces_make_both_texts_again() {
        let (old, new) = ("应当在十五日内答复", "应当自收到之日起二十个工作日内予以答复");
        let all = pieces(old, new);
        let only = |skip: fn(&Piece) -> bool| -> String {
            all.iter()
                .filter(|p| !skip(p))
                .map(|p| match p {
                    Piece::Kept(t) | Piece::Removed(t) | Piece::Added(t) => t.as_str(),
                })
                .collect()
        };
        assert_eq!(only(|p| matches!(p, Piece::Added(_))), old);
        assert_eq!(only(|p| matches!(p, Piece::Removed(_))), new);
    }
}

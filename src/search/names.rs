//! Which law a name means: 保密法, 行诉法, 信息公开条例.

use super::fold::utf16;

/// A law and what it is called, without 中华人民共和国 and without punctuation.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Number of its page.
    pub page: usize,
    /// Full title and other names, folded.
    pub names: Vec<Vec<u16>>,
}

/// Laws that a name may mean, and how well it fits them: 100 the same, 0 not at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Match {
    pub score: f64,
    pub laws: Vec<usize>,
}

/// What stands in front of the titles of national laws.
pub(super) const STATE: &str = "中华人民共和国";

/// A name without the state in front.
pub(super) fn bare(name: &[u16]) -> &[u16] {
    let state = utf16(STATE);
    match name.strip_prefix(state.as_slice()) {
        Some(rest) if !rest.is_empty() => rest,
        _ => name,
    }
}

fn is_subsequence(part: &[u16], whole: &[u16]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|unit| rest.any(|other| other == unit))
}

/// How well a name fits a law that is called `known`.
fn fits(name: &[u16], known: &[u16]) -> f64 {
    if name == known {
        return 100.0;
    }
    if name.len() < 2 || known.len() < 2 {
        return 0.0;
    }
    let (short, long) = (count(name), count(known));
    if contains(known, name) {
        return 80.0 + 10.0 * short / long;
    }
    if name.last() == known.last() && is_subsequence(name, known) {
        return 60.0 + 15.0 * short / long + if name.first() == known.first() { 5.0 } else { 0.0 };
    }
    0.0
}

#[allow(clippy::cast_precision_loss, reason = "lengths of texts in memory are far below 2^52")]
pub(super) fn count(text: &[u16]) -> f64 {
    text.len() as f64
}

/// Whether `part` stands in `whole`.
pub(super) fn contains(whole: &[u16], part: &[u16]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|piece| piece == part)
}

/// The laws that a name may mean: the best only.
pub(super) fn named(laws: &[Named], name: &[u16]) -> Match {
    let name = bare(name);
    let mut best = Match::default();
    if name.len() < 2 {
        return best;
    }
    for law in laws {
        let score = law.names.iter().map(|known| fits(name, known)).fold(0.0, f64::max);
        if score > best.score + 1.0 {
            best = Match { score, laws: vec![] };
        }
        if score > 0.0 && score >= best.score - 1.0 {
            best.score = best.score.max(score);
            best.laws.push(law.page);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str) -> Vec<usize> {
        let all = ["保守国家秘密法", "保守国家秘密法实施条例", "行政诉讼法", "政府信息公开条例"];
        let laws: Vec<Named> =
            all.iter().enumerate().map(|(page, n)| Named { page, names: vec![utf16(n)] }).collect();
        named(&laws, &utf16(name)).laws
    }

    #[test]
    fn nicknames_leave_characters_out() {
        assert_eq!(meant("保密法"), [0]);
        assert_eq!(meant("保密法实施条例"), [1]);
        assert_eq!(meant("行诉法"), [2]);
        assert_eq!(meant("信息公开条例"), [3]);
        assert_eq!(meant("中华人民共和国行政诉讼法"), [2]);
    }

    #[test]
    fn what_is_no_name_means_no_law() {
        assert_eq!(meant("重复申请"), Vec::<usize>::new());
        assert_eq!(meant("法"), Vec::<usize>::new());
    }
}

//! 「您是不是要写…」: the nearest of the words that would have been right.

/// The candidate nearest to `word`, if it is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance > 0 && *distance <= length.max(candidate.chars().count()).div_ceil(3)
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_word_meant() {
        assert_eq!(nearest("aplicant", ["applicant", "number"]), Some("applicant"));
    }

    #[test]
    fn nothing_near_gives_nothing() {
        assert_eq!(nearest("xyz", ["applicant", "number"]), None);
    }
}

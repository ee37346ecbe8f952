//! `book/rules/synonyms.toml`: how people say it, and which words stand for that in the laws and on the pages.

use super::tree::Node;
use crate::text::{Diagnostic, Place, Report, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "说法对照表")]
pub struct SynonymTable {
    /// Groups, in file order.
    #[serde(default)]
    pub group: Vec<SynonymGroup>,
    /// The file, and where each phrase of each group stands in it.
    #[serde(skip)]
    places: (String, Vec<Places>),
}

/// Phrases that people type, and the words that are searched for as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SynonymGroup {
    /// What is typed.
    #[schemars(
        title = "人们的说法",
        description = "人们会输入的词，各加引号，例如 [\"多久\", \"几天\"]",
        length(min = 1)
    )]
    pub say: Vec<String>,
    /// What stands in the laws and on the pages.
    #[schemars(
        title = "法条和手册里的词",
        description = "法条、案例、手册里真有的词，各加引号，例如 [\"期限\", \"工作日\"]",
        length(min = 1)
    )]
    pub mean: Vec<String>,
}

/// Where the phrases of one group stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Places {
    say: Vec<Range<usize>>,
    mean: Vec<Range<usize>>,
}

/// A `mean` phrase that no text contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord<'a> {
    /// The phrase.
    pub word: &'a str,
    /// Where it stands in the table.
    pub place: Place,
    /// A word of the texts that may have been meant.
    pub nearest: Option<String>,
}

impl UnknownWord<'_> {
    /// The warning for whoever keeps the table.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!("手册和法规里都没有「{}」这个词，照它找不到内容", self.word);
        let hint = self.nearest.as_ref().map_or_else(
            || "换成法条或者手册里原有的词；等导入了法规原文才有的，可以先留着".to_owned(),
            |word| format!("您是不是要写 {word}？"),
        );
        Diagnostic::error("unknown-word", self.place.clone(), message).warning().hint(hint)
    }
}

impl SynonymTable {
    /// Notes where the phrases stand, and checks them.
    pub(super) fn check(&mut self, path: &str, node: &Node, report: &mut Report) {
        let rows = node.get("group").map(Node::items).unwrap_or_default();
        let ranges = |row: &Node, key| -> Vec<Range<usize>> {
            row.get(key).map(Node::items).unwrap_or_default().iter().map(|item| item.range.clone()).collect()
        };
        let places =
            rows.iter().map(|row| Places { say: ranges(row, "say"), mean: ranges(row, "mean") }).collect();
        self.places = (path.to_owned(), places);
        self.check_phrases(report);
        self.check_cycles(report);
    }

    /// The phrases with their places: those of `say` where `say` is true, else those of `mean`.
    fn phrases(&self, say: bool) -> impl Iterator<Item = (usize, &str, Place)> {
        let (path, places) = &self.places;
        self.group.iter().zip(places).enumerate().flat_map(move |(at, (group, places))| {
            let (words, ranges) = if say { (&group.say, &places.say) } else { (&group.mean, &places.mean) };
            words
                .iter()
                .zip(ranges)
                .map(move |(word, range)| (at, word.as_str(), Place::new(path, range.clone())))
        })
    }

    /// Phrases that are none, and phrases that stand twice.
    fn check_phrases(&self, report: &mut Report) {
        let (mut said, mut meant) = (BTreeSet::new(), BTreeSet::new());
        for (at, word, place) in self.phrases(true) {
            let fine = check_phrase(word, &place, report);
            if fine && !said.insert(word) {
                let twice = self.group.iter().take(at + 1).position(|g| g.say.iter().any(|w| w == word));
                let message = if twice == Some(at) {
                    format!("「{word}」在这一组里写了两次")
                } else {
                    format!("「{word}」前面的一组已经写过")
                };
                let hint = "每个说法只写一次；要多查几个词，都写进那一组的 mean";
                report.push(Diagnostic::error("duplicate-phrase", place, message).hint(hint));
            }
        }
        for (at, word, place) in self.phrases(false) {
            if !check_phrase(word, &place, report) {
                continue;
            }
            if self.group.get(at).is_some_and(|group| group.say.iter().any(|w| w == word)) {
                let message = format!("「{word}」在这一组里既是说法又是要查的词");
                let hint = "输入的词本来就会查，从 mean 里删去它";
                report.push(Diagnostic::error("synonym-of-itself", place, message).hint(hint));
            } else if !meant.insert((at, word)) {
                let message = format!("「{word}」在这一组的 mean 里写了两次");
                report.push(Diagnostic::error("duplicate-phrase", place, message).hint("删去其中一个"));
            }
        }
    }

    /// Phrases that lead back to themselves over other groups.
    fn check_cycles(&self, report: &mut Report) {
        let groups = self.groups();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for start in self.phrases(true).map(|(_, word, _)| word) {
            // The way from `start` to here: each phrase, its group, and how many of the group's words were followed.
            let mut way: Vec<(&str, usize, usize)> = vec![];
            if !done.contains(start) {
                way.extend(groups.get(start).map(|group| (start, *group, 0)));
            }
            while let Some((word, group, followed)) = way.last_mut() {
                let (at, index) = (*group, *followed);
                *followed += 1;
                let Some(next) = self.group.get(at).and_then(|g| g.mean.get(index)) else {
                    done.insert(*word);
                    way.pop();
                    continue;
                };
                let Some(to) = groups.get(next.as_str()) else { continue };
                // A word that is a phrase of its own group was reported.
                let own = self.group.get(at).is_some_and(|g| g.say.contains(next));
                if let Some(begin) = way.iter().position(|(word, ..)| word == next) {
                    if !own {
                        let chain: Vec<&str> =
                            way.iter().skip(begin).map(|(word, ..)| *word).chain([next.as_str()]).collect();
                        let message = format!("绕回了自己：{}", chain.join("→"));
                        let hint = "只从人们的说法写到法条里的词，删去往回的那一个";
                        report.push(
                            Diagnostic::error("synonym-cycle", self.place(at, index), message).hint(hint),
                        );
                    }
                } else if !own && !done.contains(next.as_str()) {
                    way.push((next, *to, 0));
                }
            }
        }
    }

    /// Where a `mean` phrase stands.
    fn place(&self, group: usize, index: usize) -> Place {
        let (path, places) = &self.places;
        let range = places.get(group).and_then(|p| p.mean.get(index)).cloned().unwrap_or_default();
        Place::new(path, range)
    }

    /// The group of each `say` phrase; the first, where a phrase stands twice.
    fn groups(&self) -> BTreeMap<&str, usize> {
        let mut all = BTreeMap::new();
        for (at, group) in self.group.iter().enumerate() {
            for word in &group.say {
                all.entry(word.as_str()).or_insert(at);
            }
        }
        all
    }

    /// What is searched for as well, for each phrase that may be typed: its words in file order, then what those stand for
    /// where they are phrases themselves; each once.
    #[must_use]
    pub fn meanings(&self) -> BTreeMap<String, Vec<String>> {
        let groups = self.groups();
        let mut all = BTreeMap::new();
        for (said, at) in &groups {
            let mut words: Vec<&str> = vec![];
            let mut next = vec![*at];
            while !next.is_empty() {
                let mut further = vec![];
                for word in next.iter().filter_map(|at| self.group.get(*at)).flat_map(|g| &g.mean) {
                    if word != said && !words.contains(&word.as_str()) {
                        words.push(word);
                        further.extend(groups.get(word.as_str()).copied());
                    }
                }
                next = further;
            }
            all.insert((*said).to_owned(), words.into_iter().map(str::to_owned).collect());
        }
        all
    }

    /// The `mean` phrases that none of `texts` contains, in file order. This table is no text: it contains them all.
    #[must_use]
    pub fn unknown_words(&self, texts: &[&str]) -> Vec<UnknownWord<'_>> {
        let mut missing: BTreeSet<&str> = self.phrases(false).map(|(_, word, _)| word).collect();
        for text in texts {
            missing.retain(|word| !text.contains(word));
        }
        let known: BTreeSet<&str> =
            self.phrases(false).map(|(_, word, _)| word).filter(|word| !missing.contains(word)).collect();
        let nearest: BTreeMap<&str, Option<String>> =
            missing.iter().map(|word| (*word, nearest_word(word, &known, texts))).collect();
        self.phrases(false)
            .filter_map(|(_, word, place)| {
                let nearest = nearest.get(word)?.clone();
                Some(UnknownWord { word, place, nearest })
            })
            .collect()
    }
}

/// Reports what cannot be searched for. True if the phrase is fine.
fn check_phrase(word: &str, place: &Place, report: &mut Report) -> bool {
    let bad = word.chars().find(|c| !c.is_alphanumeric());
    let (message, hint) = match (word.chars().count(), bad) {
        (0, _) => ("这里还是空的".to_owned(), "写上词，或者删去这一对引号"),
        (_, Some(c)) if c.is_whitespace() => {
            (format!("「{word}」里有空白"), "一个词里不留空格；是几个词就分开写，各加引号")
        }
        (_, Some(c)) => {
            (format!("「{word}」里有标点“{c}”"), "只写字，不写标点和书名号；是几个词就分开写，各加引号")
        }
        (1, None) => (format!("「{word}」只有一个字，会查出太多不相干的内容"), "写成两个字以上的词"),
        _ => return true,
    };
    report.push(Diagnostic::error("wrong-phrase", place.clone(), message).hint(hint));
    false
}

/// A word of the table that the texts contain, or a piece of the texts with one other character, that may have been meant.
/// Short words have none: one other character makes another word of them.
fn nearest_word(word: &str, known: &BTreeSet<&str>, texts: &[&str]) -> Option<String> {
    let wanted: Vec<char> = word.chars().collect();
    if wanted.len() < 3 {
        return None;
    }
    if let Some(near) = nearest(word, known.iter().copied()) {
        return Some(near.to_owned());
    }
    if wanted.len() < 4 {
        return None;
    }
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        let text: Vec<char> = text.chars().collect();
        for piece in text.windows(wanted.len()) {
            let other = piece.iter().zip(&wanted).filter(|(a, b)| a != b).count();
            if other == 1 && piece.iter().all(|c| c.is_alphanumeric()) {
                *found.entry(piece.iter().collect()).or_default() += 1;
            }
        }
    }
    // The most frequent, and of several the first by its letters.
    found.into_iter().rev().max_by_key(|(_, count)| *count).map(|(piece, _)| piece)
}

#[cfg(test)]
mod tests {
    use super::SynonymTable;
    use crate::corpus::tree::Node;
    use crate::text::{Report, Sources};

    const PATH: &str = "book/rules/synonyms.toml";

    fn table(groups: &[(&[&str], &[&str])]) -> (SynonymTable, Report, Sources) {
        // A list of strings is written alike in JSON and in TOML.
        let list = |words: &[&str]| serde_json::to_string(words).unwrap();
        let rows = groups
            .iter()
            .map(|(say, mean)| format!("[[group]]\nsay = {}\nmean = {}\n", list(say), list(mean)));
        let text: String = rows.collect();
        let mut report = Report::default();
        let node = Node::parse(PATH, &text, 0, &mut report).unwrap();
        let mut table: SynonymTable = serde_json::from_value(node.to_json()).unwrap();
        table.check(PATH, &node, &mut report);
        let mut sources = Sources::default();
        sources.insert(PATH, text);
        (table, report, sources)
    }

    /// Kind, line and message of every mistake.
    fn mistakes(groups: &[(&[&str], &[&str])]) -> Vec<String> {
        let (_, report, sources) = table(groups);
        let all = report.to_json(&sources);
        let all = all.as_array().unwrap().iter();
        all.map(|d| {
            format!("{} {} {}", d["code"].as_str().unwrap(), d["line"], d["message"].as_str().unwrap())
        })
        .collect()
    }

    fn meanings(groups: &[(&[&str], &[&str])], said: &str) -> Vec<String> {
        table(groups).0.meanings()[said].clone()
    }

    #[test]
    fn a_table_of_plain_groups_has_no_mistakes() {
        let groups: &[(&[&str], &[&str])] =
            &[(&["多久", "几天"], &["期限", "工作日"]), (&["EMS"], &["邮政"])];
        assert!(mistakes(groups).is_empty());
    }

    #[test]
    fn a_phrase_that_stands_twice_is_refused_in_its_group_and_over_groups() {
        assert_eq!(
            mistakes(&[(&["多久", "多久"], &["期限"]), (&["多久"], &["工作日", "工作日"])]),
            [
                "duplicate-phrase 2 「多久」在这一组里写了两次",
                "duplicate-phrase 5 「多久」前面的一组已经写过",
                "duplicate-phrase 6 「工作日」在这一组的 mean 里写了两次",
            ]
        );
    }

    #[test]
    fn phrases_that_are_empty_or_single_or_hold_blanks_or_marks_are_refused() {
        assert_eq!(
            mistakes(&[(&["", "告", "多 久", "　"], &["《条例》", "期限。"])]),
            [
                "wrong-phrase 2 这里还是空的",
                "wrong-phrase 2 「告」只有一个字，会查出太多不相干的内容",
                "wrong-phrase 2 「多 久」里有空白",
                "wrong-phrase 2 「　」里有空白",
                "wrong-phrase 3 「《条例》」里有标点“《”",
                "wrong-phrase 3 「期限。」里有标点“。”",
            ]
        );
    }

    #[test]
    fn a_word_that_is_a_phrase_of_its_own_group_is_refused_once() {
        assert_eq!(
            mistakes(&[(&["期限", "期日"], &["期日", "工作日"])]),
            ["synonym-of-itself 3 「期日」在这一组里既是说法又是要查的词"]
        );
    }

    #[test]
    fn a_cycle_is_shown_as_a_chain_at_the_word_that_closes_it() {
        assert_eq!(
            mistakes(&[(&["甲甲"], &["乙乙"]), (&["乙乙"], &["丁丁", "丙丙"]), (&["丙丙"], &["甲甲"])]),
            ["synonym-cycle 9 绕回了自己：甲甲→乙乙→丙丙→甲甲"]
        );
    }

    #[test]
    fn two_ways_to_the_same_word_are_no_cycle() {
        let groups: &[(&[&str], &[&str])] =
            &[(&["甲甲"], &["乙乙", "丙丙"]), (&["乙乙"], &["丁丁"]), (&["丙丙"], &["丁丁"])];
        assert!(mistakes(groups).is_empty());
    }

    #[test]
    fn a_chain_of_very_many_groups_is_followed_to_its_end() {
        let words: Vec<String> = (0..3000).map(|n| format!("词{n}")).collect();
        let said: Vec<[&str; 1]> = words.iter().map(|w| [w.as_str()]).collect();
        let groups: Vec<(&[&str], &[&str])> =
            said.iter().zip(said.iter().cycle().skip(1)).map(|(a, b)| (&a[..], &b[..])).collect();
        assert_eq!(mistakes(&groups).len(), 1);
        assert_eq!(mistakes(&groups[..2999]).len(), 0);
        assert_eq!(meanings(&groups[..50], "词0").len(), 50);
    }

    #[test]
    fn the_meanings_follow_chains_in_the_order_of_the_file_and_without_repeats() {
        let groups: &[(&[&str], &[&str])] = &[
            (&["打官司", "告状"], &["起诉", "诉讼"]),
            (&["起诉"], &["提起诉讼", "诉讼"]),
            (&["提起诉讼"], &["立案"]),
        ];
        assert_eq!(meanings(groups, "打官司"), ["起诉", "诉讼", "提起诉讼", "立案"]);
        assert_eq!(meanings(groups, "告状"), meanings(groups, "打官司"));
        assert_eq!(meanings(groups, "起诉"), ["提起诉讼", "诉讼", "立案"]);
    }

    #[test]
    fn the_meanings_of_a_cycle_end() {
        assert_eq!(meanings(&[(&["甲甲"], &["乙乙"]), (&["乙乙"], &["甲甲"])], "甲甲"), ["乙乙"]);
    }

    #[test]
    fn a_word_that_no_text_contains_is_named_with_its_place_and_the_nearest() {
        let (table, report, _) = table(&[
            (&["不给", "拒绝"], &["不予公开", "不于公开"]),
            (&["隐私"], &["个人稳私"]),
            (&["太空"], &["登月舱", "第三房"]),
            (&["慢慢来"], &["法期"]),
        ]);
        assert!(report.is_empty());
        let unknown =
            table.unknown_words(&["依法不予公开。", "这是个人隐私，不是别的个人隐私；个人自私。第三方。"]);
        let shown: Vec<_> =
            unknown.iter().map(|u| (u.word, u.place.range.len(), u.nearest.as_deref())).collect();
        // 12 bytes of Chinese and two quotation marks.
        assert_eq!(
            shown,
            [
                ("不于公开", 14, Some("不予公开")),
                ("个人稳私", 14, Some("个人隐私")),
                ("登月舱", 11, None),
                ("第三房", 11, None),
                ("法期", 8, None)
            ]
        );
        let diagnostic = unknown[0].diagnostic();
        assert_eq!(diagnostic.level, crate::text::Level::Warning);
        assert_eq!(diagnostic.hint, "您是不是要写 不予公开？");
        assert_eq!(diagnostic.message, "手册和法规里都没有「不于公开」这个词，照它找不到内容");
    }

    #[test]
    fn without_texts_every_word_is_unknown() {
        let (table, ..) = table(&[(&["多久"], &["期限", "工作日"]), (&["几天"], &["期限"])]);
        let words: Vec<&str> = table.unknown_words(&[]).iter().map(|u| u.word).collect();
        assert_eq!(words, ["期限", "工作日", "期限"]);
    }
}

//! What laws are called: full titles, short names and the aliases people write.
//!
//! Only this room knows `aho-corasick`: all names, and all words that can begin a citation, are looked for in one pass.

use aho_corasick::{AhoCorasick, Input, MatchKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The law a citation names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// A law of the corpus, by id.
    Known(String),
    /// A law that is not in the corpus, by its title: the full one where it is known, else as written.
    Unknown(String),
    /// An earlier version of a law (2007年条例): named, but its articles are not today's.
    Earlier {
        /// The law of the corpus it is a version of.
        id: Option<String>,
        /// As written, or the full title.
        name: String,
        /// 2007年
        year: Option<u32>,
    },
    /// A title that was blacked out: 《××条例》.
    Lost,
}

/// Whose name it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bearer {
    Known(String),
    Outside(usize),
}

/// A law that is only known by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Full title.
    pub title: String,
    /// Whether it has been repealed.
    pub repealed: bool,
    /// What replaced it.
    pub replaced_by: Option<String>,
}

/// Every name by which a law may be cited.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By title without marks and 中华人民共和国.
    marked: BTreeMap<String, Bearer>,
    /// Names that count also without marks.
    bare: BTreeMap<String, Bearer>,
    /// Full titles by id.
    titles: BTreeMap<String, String>,
    /// Years of the version in force, by id.
    years: BTreeMap<String, Vec<u32>>,
    /// Numbers of acts: the law, the year of the version, and whether that is the one in force.
    numbers: BTreeMap<String, (String, Option<u32>, bool)>,
    outside: Vec<Outside>,
    /// All that may begin a citation.
    search: OnceLock<Search>,
}

#[derive(Debug, Clone)]
struct Search {
    automaton: Option<AhoCorasick>,
    bare: Vec<(usize, Bearer)>,
}

/// What was found at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hit {
    /// A word of [`TRIGGERS`].
    Trigger(&'static str),
    /// A bare name.
    Name(Law),
}

/// Words that may begin a citation, and marks that structure the text.
pub(super) const TRIGGERS: [&str; 51] = [
    "条例",
    "\n",
    "第",
    "《",
    "「",
    "『",
    "〈",
    "＜",
    "<",
    "本法",
    "本条例",
    "本办法",
    "本规定",
    "本解释",
    "本细则",
    "本规则",
    "本决定",
    "该法",
    "该条例",
    "该办法",
    "该规定",
    "该解释",
    "该司法解释",
    "该细则",
    "该规则",
    "同法",
    "同条例",
    "上述条例",
    "上述办法",
    "上述法律",
    "上述解释",
    "前款",
    "前两款",
    "前二款",
    "前三款",
    "前四款",
    "前条",
    "前两条",
    "前二条",
    "前三条",
    "本条",
    "本款",
    "该条",
    "同条",
    "该款",
    "同款",
    "前项",
    "前述条例",
    "前述法律",
    "上述规定",
    "前述规定",
];

impl Names {
    /// Adds a name of the law `id`. A name written 《…》 counts only between title marks.
    ///
    /// Returns the id of another law that already bears the name.
    pub fn add(&mut self, name: &str, id: &str) -> Option<String> {
        self.search = OnceLock::new();
        let inner = name.strip_prefix('《').and_then(|n| n.strip_suffix('》'));
        let written = inner.unwrap_or(name);
        if let Some(Bearer::Known(other)) = self.marked.get(&key(written))
            && other != id
        {
            return Some(other.clone());
        }
        let bearer = Bearer::Known(id.to_owned());
        self.marked.insert(key(written), bearer.clone());
        if inner.is_none() && !written.is_empty() {
            self.bare.insert(written.to_owned(), bearer);
        }
        None
    }

    /// Says what the law `id` is called in full, and in which years its version in force was made or took effect.
    pub fn describe(&mut self, id: &str, title: &str, years: Vec<u32>) {
        self.titles.insert(id.to_owned(), title.to_owned());
        self.years.insert(id.to_owned(), years);
        // 《关于适用〈行政诉讼法〉的解释》: whose it is is often left out.
        if let Some(short) = without_issuer(&key(title)) {
            self.marked.entry(short.to_owned()).or_insert_with(|| Bearer::Known(id.to_owned()));
        }
    }

    /// Says which version of the law `id` an act made: 国务院令第492号.
    pub fn number(&mut self, number: &str, (id, year, current): (&str, Option<u32>, bool)) {
        self.numbers.entry(number_key(number)).or_insert_with(|| (id.to_owned(), year, current));
    }

    /// The version that an act made.
    pub(super) fn numbered(&self, number: &str) -> Option<Law> {
        let (id, year, current) = self.numbers.get(&number_key(number))?;
        Some(if *current {
            Law::Known(id.clone())
        } else {
            Law::Earlier { id: Some(id.clone()), name: self.title(id).unwrap_or(id).to_owned(), year: *year }
        })
    }

    /// Adds a law that is only known by its names; laws of the corpus come first.
    pub fn add_outside<'a>(&mut self, law: Outside, names: impl Iterator<Item = &'a str>) {
        self.search = OnceLock::new();
        let index = self.outside.len();
        let title = law.title.clone();
        for name in names.map(str::to_owned).chain([title]) {
            self.marked.entry(key(&name)).or_insert(Bearer::Outside(index));
            self.bare.entry(name).or_insert(Bearer::Outside(index));
        }
        if let Some(short) = without_issuer(&key(&law.title)) {
            self.marked.entry(short.to_owned()).or_insert(Bearer::Outside(index));
        }
        self.outside.push(law);
    }

    /// The law that bears this title between 《》.
    #[must_use]
    pub fn titled(&self, title: &str) -> Option<Law> {
        self.marked.get(&key(title)).map(|b| self.law(b))
    }

    /// The law with this full title, name, or id.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Law> {
        if self.titles.contains_key(name) {
            return Some(Law::Known(name.to_owned()));
        }
        self.titled(name.trim_start_matches('《').trim_end_matches('》'))
    }

    /// Full title of a law of the corpus.
    #[must_use]
    pub fn title(&self, id: &str) -> Option<&str> {
        self.titles.get(id).map(String::as_str)
    }

    /// What is known of a law outside the corpus, by its full title.
    #[must_use]
    pub fn outside(&self, title: &str) -> Option<&Outside> {
        self.outside.iter().find(|o| o.title == title)
    }

    /// Whether `year` is one in which the version in force was made or took effect; `None` where that is not known.
    pub(super) fn is_current_year(&self, id: &str, year: u32) -> Option<bool> {
        self.years.get(id).filter(|y| !y.is_empty()).map(|y| y.contains(&year))
    }

    fn law(&self, bearer: &Bearer) -> Law {
        match bearer {
            Bearer::Known(id) => Law::Known(id.clone()),
            Bearer::Outside(index) => {
                Law::Unknown(self.outside.get(*index).map(|o| o.title.clone()).unwrap_or_default())
            }
        }
    }

    fn search(&self) -> &Search {
        self.search.get_or_init(|| {
            let bare: Vec<(usize, Bearer)> = self.bare.iter().map(|(n, b)| (n.len(), b.clone())).collect();
            let patterns = TRIGGERS.iter().copied().chain(self.bare.keys().map(String::as_str));
            let automaton =
                AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).ok();
            Search { automaton, bare }
        })
    }

    /// The next place at or after `from` at which a citation may begin: where it starts and ends, and what it is.
    pub(super) fn next(&self, text: &str, from: usize) -> Option<(usize, usize, Hit)> {
        let search = self.search();
        let found = search.automaton.as_ref()?.find(Input::new(text).range(from..))?;
        let index = found.pattern().as_usize();
        let hit = match TRIGGERS.get(index) {
            Some(trigger) => Hit::Trigger(trigger),
            None => Hit::Name(self.law(&search.bare.get(index - TRIGGERS.len())?.1)),
        };
        Some((found.start(), found.end(), hit))
    }
}

/// The number of an act as it is compared.
fn number_key(number: &str) -> String {
    let solid: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    solid.replace("中华人民共和国", "").replace(['[', '［'], "〔").replace([']', '］'], "〕")
}

/// A title as it is compared: no blanks, no marks, no 中华人民共和国, no year of revision at its end.
fn key(title: &str) -> String {
    let mut out: String = title
        .chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    c,
                    '《' | '》'
                        | '〈'
                        | '〉'
                        | '<'
                        | '>'
                        | '＜'
                        | '＞'
                        | '「'
                        | '」'
                        | '“'
                        | '”'
                        | '\u{200b}'
                )
        })
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            c => c,
        })
        .collect();
    while let Some(open) = out.rfind('（').filter(|open| *open > 0 && out.ends_with('）')) {
        let inner = out.get(open..).unwrap_or_default();
        let revision = inner.contains(|c: char| c.is_ascii_digit())
            || ["修订", "修正", "现行"].iter().any(|w| inner.contains(w));
        if !revision || inner.contains("草案") {
            break;
        }
        out.truncate(open);
    }
    out.replace("中华人民共和国", "")
}

/// A title without the court or office that issued it.
fn without_issuer(key: &str) -> Option<&str> {
    let rest = ["最高人民法院、最高人民检察院", "最高人民法院", "最高人民检察院", "国务院办公厅", "国务院"]
        .iter()
        .find_map(|i| key.strip_prefix(i))?;
    rest.starts_with("关于").then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::{Law, Names};

    #[test]
    fn marks_blanks_and_the_name_of_the_state_make_no_difference() {
        let mut names = Names::default();
        names.add("最高人民法院关于适用《中华人民共和国行政诉讼法》的解释", "x");
        names.describe("x", "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释", vec![2018]);
        for title in [
            "最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释",
            "关于适用<行政诉讼法>的解释",
            "最高人民法院关于适用《行政诉讼法》的解释（2018）",
        ] {
            assert_eq!(names.titled(title), Some(Law::Known("x".into())), "{title}");
        }
        assert_eq!(names.titled("关于适用《民事诉讼法》的解释"), None);
    }
}

//! Finds citations in one block of text (a paragraph, a list item, a header value).

use super::{Law, Names, Provision};
use crate::text::number;
use std::ops::Range;

/// One citation as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the block, law name included where it directly precedes.
    pub range: Range<usize>,
    /// The law, `None` where the block names none before this place.
    pub law: Option<Law>,
    /// The places cited: one, or each member of a list or range (第十四至十六条).
    pub provisions: Vec<Provision>,
}

/// Finds every citation of articles in `block`. `own` is the law that 本法 and 本条例 mean, and that articles
/// without a name belong to.
///
/// A law once named holds for the articles after it in the same block.
#[must_use]
pub fn find(block: &str, names: &Names, own: Option<&str>) -> Vec<Found> {
    let mut finder =
        Finder { block, names, own, at: 0, law: own.map(|id| Law::Known(id.to_owned())), found: vec![] };
    finder.run();
    finder.found
}

struct Finder<'a> {
    block: &'a str,
    names: &'a Names,
    own: Option<&'a str>,
    at: usize,
    law: Option<Law>,
    found: Vec<Found>,
}

/// Longest range whose members are all named.
const LONGEST_RANGE: u32 = 200;

/// Longest title that is looked for between 《 and 》, in bytes.
const LONGEST_TITLE: usize = 400;

impl Finder<'_> {
    fn rest(&self) -> &str {
        self.block.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            if let Some((length, law)) = self.law_name() {
                self.at += length;
                self.law = Some(law);
                let before_gap = self.at;
                self.at += gap(self.rest());
                if !self.rest().starts_with('第') || !self.provisions(start) {
                    self.at = before_gap;
                }
            } else if c == '第' && self.provisions(start) {
            } else {
                self.at += c.len_utf8();
            }
        }
    }

    /// A law's name at this place: its length in bytes and the law.
    fn law_name(&self) -> Option<(usize, Law)> {
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix('《') {
            let end = closing(inner)?;
            let title = inner.get(..end)?;
            let length = '《'.len_utf8() + end + '》'.len_utf8();
            let law = match self.names.titled(title) {
                Some(id) => self.dated(id),
                None => Law::Unknown(title.to_owned()),
            };
            return Some((length, law));
        }
        for own in ["本条例", "本法", "本办法", "本规定", "本解释", "本细则"] {
            if rest.starts_with(own) {
                return self.own.map(|id| (own.len(), Law::Known(id.to_owned())));
            }
        }
        // 2007年条例 is an earlier version whatever the aliases say.
        if let Some((year, after)) = leading_year(rest)
            && let Some(tail) = ["条例", "规定", "法"].iter().find(|t| after.starts_with(**t))
        {
            let length = rest.len() - after.len() + tail.len();
            return Some((length, Law::Earlier(format!("{year}年{tail}"))));
        }
        let (length, id) = self.names.leading(rest)?;
        Some((length, self.dated(id)))
    }

    /// The law `id`, or an earlier version of it where a year stands right before the name (2007年《…》, 旧…).
    fn dated(&self, id: &str) -> Law {
        let before = self.block.get(..self.at).unwrap_or_default().trim_end();
        let before = before.strip_suffix('的').unwrap_or(before);
        let digits =
            before.strip_suffix('年').map(|b| b.chars().rev().take_while(char::is_ascii_digit).count());
        if digits == Some(4) || before.ends_with('旧') || before.ends_with("原") {
            return Law::Earlier(id.to_owned());
        }
        Law::Known(id.to_owned())
    }

    /// Articles at this place (which starts with 第), with lists and ranges after them. False if there are none.
    fn provisions(&mut self, start: usize) -> bool {
        let Some((mut last, length)) = article(self.rest()) else { return false };
        let mut range_start = start;
        let mut places = expand(&last.places);
        self.at += length;
        loop {
            // 第十四条、第十五条和第十六条: each member is a citation of its own, to the same law.
            let joined = self.rest();
            let Some((joint, next)) = joint(joined) else { break };
            let to =
                joined.get(joint..next).is_some_and(|j| matches!(j.trim(), "至" | "到" | "—" | "-" | "～"));
            let after = joined.get(next..).unwrap_or_default();
            let (member, length) = match article(after) {
                Some(member) => member,
                None => match below(after, last.last()) {
                    Some(member) => member,
                    None => break,
                },
            };
            if to {
                places.extend(between(last.last(), member.last()));
            } else {
                self.push(range_start..self.at, places);
                places = expand(&member.places);
                range_start = self.at + next;
            }
            self.at += next + length;
            last = member;
        }
        self.push(range_start..self.at, places);
        true
    }

    fn push(&mut self, range: Range<usize>, provisions: Vec<Provision>) {
        self.found.push(Found { range, law: self.law.clone(), provisions });
    }
}

/// Byte offset of the 》 that closes a title, nested marks allowed; `None` if it does not close soon.
fn closing(inner: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in inner.char_indices() {
        match c {
            '《' => depth += 1,
            '》' if depth == 0 => return Some(i),
            '》' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
        if i > LONGEST_TITLE {
            return None;
        }
    }
    None
}

/// Length of what may stand between a law's name and its article: a blank, （2025年修订）, 的, 中.
fn gap(rest: &str) -> usize {
    let mut at = 0;
    loop {
        let here = rest.get(at..).unwrap_or_default();
        let Some(c) = here.chars().next() else { return at };
        let closing = match c {
            ' ' | '\u{3000}' | '\u{a0}' => {
                at += c.len_utf8();
                continue;
            }
            '（' => '）',
            '(' => ')',
            _ => return at,
        };
        match here.find(closing) {
            Some(end) if end < LONGEST_TITLE && !here.contains('\n') || end < 60 => {
                at += end + closing.len_utf8();
            }
            _ => return at,
        }
    }
}

fn leading_year(rest: &str) -> Option<(&str, &str)> {
    let year = rest.get(..4).filter(|y| y.bytes().all(|b| b.is_ascii_digit()))?;
    let after = rest.get(4..)?.strip_prefix('年')?;
    Some((year, after.strip_prefix('的').unwrap_or(after)))
}

/// What joins members of a list: where the joint starts and where it ends.
fn joint(rest: &str) -> Option<(usize, usize)> {
    const JOINTS: [&str; 12] = ["、", "，", "和", "及", "与", "或者", "或", "以及", "至", "到", "—", "-"];
    let joint = JOINTS.iter().filter(|j| rest.starts_with(**j)).max_by_key(|j| j.len())?;
    Some((0, joint.len()))
}

/// Member of a list before ranges are opened.
struct Member {
    places: Vec<(Provision, Option<Provision>)>,
}

impl Member {
    fn last(&self) -> Provision {
        self.places.last().map_or(Provision::article(0), |(from, to)| to.unwrap_or(*from))
    }
}

/// 第三十六条[之一][第X款][第（X）项][第X目], with number lists inside a unit; and its length in bytes.
fn article(text: &str) -> Option<(Member, usize)> {
    let (articles, mut at) = unit(text, "条")?;
    let mut sub = None;
    if let Some(after) = text.get(at..).and_then(|t| t.strip_prefix('之')) {
        let digits = numeral_length(after);
        if let Some(n) = after.get(..digits).and_then(number) {
            (sub, at) = (Some(n), at + '之'.len_utf8() + digits);
        }
    }
    let mut places: Vec<_> =
        articles.iter().map(|(from, to)| (Provision::article(*from), to.map(Provision::article))).collect();
    let Some((last, None)) = places.last_mut() else { return Some((Member { places }, at)) };
    last.sub = sub;
    let base = *last;
    if let Some((inner, length)) = below(text.get(at..).unwrap_or_default(), base) {
        places.pop();
        places.extend(inner.places);
        at += length;
    }
    Some((Member { places }, at))
}

/// 款, 项 and 目 that follow `base`: 第一款第（三）项, （三）项, 第二款. Units above the first given are kept.
fn below(text: &str, base: Provision) -> Option<(Member, usize)> {
    let mut places = vec![(base, None)];
    let mut at = 0;
    for (level, name) in ["款", "项", "目"].into_iter().enumerate() {
        let Some((numbers, length)) = unit(text.get(at..).unwrap_or_default(), name) else { continue };
        let (base, None) = places.pop()? else { return None };
        let set = |n: u32| match level {
            0 => Provision { paragraph: Some(n), item: None, subitem: None, ..base },
            1 => Provision { item: Some(n), subitem: None, ..base },
            _ => Provision { subitem: Some(n), ..base },
        };
        places.extend(numbers.iter().map(|(from, to)| (set(*from), to.map(set))));
        at += length;
        if !matches!(places.last(), Some((_, None))) {
            break;
        }
    }
    (at > 0).then_some((Member { places }, at))
}

/// A number, or the first and the last of a range.
type Span = (u32, Option<u32>);

/// 第 + numbers + `name`: 第十四条, 第36条, 第（一）至（三）项, 第一、二款, （六）项. The numbers, each perhaps
/// with the end of a range, and the length in bytes.
fn unit(text: &str, name: &str) -> Option<(Vec<Span>, usize)> {
    let mut at = 0;
    let ordinal = text.starts_with('第');
    if ordinal {
        at += '第'.len_utf8();
    } else if name != "项" || !text.starts_with(['（', '(']) {
        return None;
    }
    let mut numbers: Vec<Span> = vec![];
    let mut range = false;
    loop {
        at += blanks(text.get(at..)?);
        let (n, length) = bracketed(text.get(at..)?)?;
        at += length;
        match numbers.last_mut() {
            Some((_, to)) if range => *to = Some(n),
            _ => numbers.push((n, None)),
        }
        at += blanks(text.get(at..)?);
        let here = text.get(at..)?;
        if here.starts_with(name) {
            return Some((numbers, at + name.len()));
        }
        let joint =
            ["、", "和", "及", "或", "至", "到", "—", "-"].into_iter().find(|j| here.starts_with(j))?;
        range = matches!(joint, "至" | "到" | "—" | "-");
        at += joint.len();
    }
}

fn blanks(text: &str) -> usize {
    text.chars().take_while(|c| matches!(c, ' ' | '\u{3000}' | '\u{a0}')).map(char::len_utf8).sum()
}

fn numeral_length(text: &str) -> usize {
    text.chars().take_while(|c| crate::text::is_numeral(*c)).map(char::len_utf8).sum()
}

/// A number, perhaps in brackets: （五）, (五), 五, 5.
fn bracketed(text: &str) -> Option<(u32, usize)> {
    let close = match text.chars().next()? {
        '（' => Some('）'),
        '(' => Some(')'),
        _ => None,
    };
    let open = close.map_or(0, |_| text.chars().next().map_or(0, char::len_utf8));
    let inner = text.get(open..)?;
    let digits = numeral_length(inner);
    let n = number(inner.get(..digits)?)?;
    let end = match close {
        Some(close) => {
            inner.get(digits..)?.strip_prefix(['）', ')']).map(|_| close)?;
            let closing = inner.get(digits..)?.chars().next()?;
            open + digits + closing.len_utf8()
        }
        None => digits,
    };
    Some((n, end))
}

/// Members with their ranges opened.
fn expand(places: &[(Provision, Option<Provision>)]) -> Vec<Provision> {
    let mut out = vec![];
    for (from, to) in places {
        out.push(*from);
        if let Some(to) = to {
            out.extend(between(*from, *to));
        }
    }
    out
}

/// What lies after `from` up to and with `to`, where both differ in one number only; else just `to`.
fn between(from: Provision, to: Provision) -> Vec<Provision> {
    type Part = (fn(&Provision) -> Option<u32>, fn(Provision, u32) -> Provision);
    const PARTS: [Part; 3] = [
        (|p| Some(p.article), |p, n| Provision { article: n, ..p }),
        (|p| p.paragraph, |p, n| Provision { paragraph: Some(n), ..p }),
        (|p| p.item, |p, n| Provision { item: Some(n), ..p }),
    ];
    for (get, set) in PARTS {
        if let (Some(a), Some(b)) = (get(&from), get(&to))
            && a < b
            && set(from, b) == to
        {
            // A range longer than any law has chapters is no list of places to show; its ends are enough.
            return if b - a > LONGEST_RANGE {
                vec![to]
            } else {
                (a + 1..=b).map(|n| set(from, n)).collect()
            };
        }
    }
    vec![to]
}

#[cfg(test)]
mod tests {
    use super::{Law, Names, find};

    fn names() -> Names {
        let mut names = Names::default();
        for name in ["中华人民共和国政府信息公开条例", "政府信息公开条例", "《条例》"]
        {
            assert_eq!(names.add(name, "foi-2019"), None);
        }
        for (name, id) in [("行政复议法", "reconsideration"), ("行政复议法实施条例", "regulation")]
        {
            assert_eq!(names.add(name, id), None);
        }
        names
    }

    /// Each citation as `law:labels` beside its words.
    fn cited(text: &str) -> Vec<(String, String)> {
        find(text, &names(), None)
            .into_iter()
            .map(|f| {
                let law = match f.law {
                    Some(Law::Known(id)) => id,
                    Some(Law::Unknown(title)) => format!("?{title}"),
                    Some(Law::Earlier(title)) => format!("-{title}"),
                    None => "none".into(),
                };
                let labels: Vec<_> = f.provisions.iter().map(ToString::to_string).collect();
                (text[f.range].to_owned(), format!("{law}:{}", labels.join(",")))
            })
            .collect()
    }

    fn one(text: &str) -> String {
        let all = cited(text);
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].1.clone()
    }

    #[test]
    fn the_usual_spellings_mean_the_same_place() {
        for text in [
            "《条例》第三十六条第（五）项",
            "《中华人民共和国政府信息公开条例》第36条第(五)项",
            "政府信息公开条例第３６条第五项",
            "《条例》 第三十六条（五）项",
            "《政府信息公开条例》（2019年修订）第三十六条第5项",
        ] {
            assert_eq!(one(text), "foi-2019:第三十六条第（五）项", "{text}");
        }
    }

    #[test]
    fn a_name_inside_a_longer_name_is_not_taken() {
        assert_eq!(one("行政复议法实施条例第三十一条"), "regulation:第三十一条");
    }

    #[test]
    fn a_list_inherits_the_law_and_each_member_is_its_own_citation() {
        assert_eq!(
            cited("依《条例》第十四条、第十五条和第三十六条第（三）项、第（五）项办理"),
            [
                ("《条例》第十四条".into(), "foi-2019:第十四条".into()),
                ("第十五条".into(), "foi-2019:第十五条".into()),
                ("第三十六条第（三）项".into(), "foi-2019:第三十六条第（三）项".into()),
                ("第（五）项".into(), "foi-2019:第三十六条第（五）项".into()),
            ]
        );
    }

    #[test]
    fn ranges_name_every_member() {
        assert_eq!(one("《条例》第十四条至第十六条"), "foi-2019:第十四条,第十五条,第十六条");
        assert_eq!(one("《条例》第十四至十六条"), "foi-2019:第十四条,第十五条,第十六条");
        assert_eq!(
            one("《条例》第三十六条第（一）至（三）项"),
            "foi-2019:第三十六条第（一）项,第三十六条第（二）项,第三十六条第（三）项"
        );
    }

    #[test]
    fn number_lists_inside_one_unit_are_split() {
        assert_eq!(one("《条例》第六、十一条"), "foi-2019:第六条,第十一条");
        assert_eq!(one("《条例》第三十二条之一"), "foi-2019:第三十二条之一");
    }

    #[test]
    fn a_law_holds_for_the_rest_of_the_block_until_another_is_named() {
        assert_eq!(
            cited("《条例》第十五条。后来第三十二条；行政复议法第二十三条"),
            [
                ("《条例》第十五条".into(), "foi-2019:第十五条".into()),
                ("第三十二条".into(), "foi-2019:第三十二条".into()),
                ("行政复议法第二十三条".into(), "reconsideration:第二十三条".into()),
            ]
        );
    }

    #[test]
    fn an_earlier_version_is_not_todays_law() {
        assert_eq!(one("2007年条例第二十一条第（三）项"), "-2007年条例:第二十一条第（三）项");
        assert_eq!(one("2007年《政府信息公开条例》第十三条"), "-foi-2019:第十三条");
    }

    #[test]
    fn unknown_titles_and_nameless_articles_are_said_to_be_so() {
        assert_eq!(one("《某某办法》第六条"), "?某某办法:第六条");
        assert_eq!(one("合同第六条"), "none:第六条");
    }

    #[test]
    fn ordinals_that_are_no_articles_are_left_alone() {
        for text in ["第九届", "令第1号", "第一，第二", "第条", "第三方", "第二款", "第一条线索吗"]
        {
            let all = cited(text);
            assert!(all.len() <= usize::from(text.starts_with("第一条")), "{text}: {all:?}");
        }
    }

    #[test]
    fn any_text_at_all_is_survived() {
        for text in [
            "《",
            "《》第",
            "第一百",
            "第（",
            "《条例》第一条第（",
            "第一条、第",
            "\u{1f600}第一条之",
            "2007年",
        ] {
            let _ = cited(text);
        }
    }
}

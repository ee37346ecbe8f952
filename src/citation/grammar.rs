//! Runs of articles: 第十四条、第十五条第二款第（三）至（五）项, read at one place of a text.

use super::Provision;
use crate::text::{is_numeral, number};
use std::ops::Range;

/// One member of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its bytes in the text; those of the first member begin with the run.
    pub range: Range<usize>,
    /// The place, or where a range begins.
    pub from: Provision,
    /// Where a range ends.
    pub to: Option<Provision>,
}

/// A run of members and the byte at which it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// At least one.
    pub targets: Vec<Target>,
    /// Where it ends.
    pub end: usize,
}

/// How a run may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// 第三十六条
    Article,
    /// Also 36条, right after the name of a law.
    AfterName,
    /// 款, 项 and 目 of this place: 第二款, 第（三）项.
    Below(Provision),
    /// The place itself was named already (本条, 前款): 款, 项 and 目 may follow, and further members.
    At(Provision),
}

/// Reads a run at byte `at`.
pub fn run(text: &str, at: usize, start: Start) -> Option<Run> {
    let (first, mut end) = match start {
        Start::Article => article(text, at, true)?,
        Start::AfterName => article(text, at, true).or_else(|| bare_article(text, at))?,
        Start::Below(base) => below(text, at, base, false)?,
        Start::At(base) => below(text, at, base, true).unwrap_or((vec![(base, None)], at)),
    };
    let mut targets: Vec<Target> = vec![];
    push(&mut targets, first, at..end);
    while let Some((range, next)) = joint(text, end) {
        let base = targets.last().map(|t| t.to.unwrap_or(t.from))?;
        let Some((places, stop)) = member(text, next, base) else { break };
        if range {
            let mut places = places.into_iter();
            let (to, _) = places.next()?;
            if let Some(last) = targets.last_mut() {
                // 第二条至第四条, and never a range that runs backwards.
                if last.to.is_some() || to <= last.from {
                    break;
                }
                last.to = Some(to);
                last.range.end = stop;
            }
            push(&mut targets, places.collect(), next..stop);
        } else {
            push(&mut targets, places, next..stop);
        }
        end = stop;
    }
    Some(Run { targets, end })
}

fn push(targets: &mut Vec<Target>, places: Vec<Place>, range: Range<usize>) {
    for (from, to) in places {
        targets.push(Target { range: range.clone(), from, to });
    }
}

/// A place and, where it is a range, its end.
type Place = (Provision, Option<Provision>);

/// What joins members: whether it makes a range, and where it ends.
fn joint(text: &str, at: usize) -> Option<(bool, usize)> {
    const LISTS: [&str; 13] =
        ["以及", "或者", "、和", "、以及", "，以及", "、", "，", "和", "与", "及", "或", ",", "并"];
    const RANGES: [&str; 10] = ["至", "到", "——", "—", "－", "-", "～", "~", "–", "直至"];
    let at = blanks(text, at);
    let rest = text.get(at..)?;
    if let Some(joint) = RANGES.iter().find(|j| rest.starts_with(**j)) {
        return Some((true, blanks(text, at + joint.len())));
    }
    let joint = LISTS.iter().filter(|j| rest.starts_with(**j)).max_by_key(|j| j.len())?;
    Some((false, blanks(text, at + joint.len())))
}

/// A further member after `base`.
fn member(text: &str, at: usize, base: Provision) -> Option<(Vec<Place>, usize)> {
    if let Some(found) = article(text, at, true) {
        return Some(found);
    }
    if let Some(found) = below(text, at, base, false) {
        return Some(found);
    }
    let rest = text.get(at..)?;
    // 第一百二十条之一、之二
    if base.sub.is_some()
        && let Some(after) = rest.strip_prefix('之')
        && let Some((n, end)) = plain_number(text, text.len() - after.len())
    {
        return Some((vec![(Provision { sub: Some(n), ..base.whole() }, None)], end));
    }
    // 第十四条、十五条; 第一款、二款
    if let Some(found) = bare_article(text, at).filter(|_| base.paragraph.is_none() && base.item.is_none()) {
        return Some(found);
    }
    let (n, end) = plain_number(text, at)?;
    let after = text.get(end..)?;
    if after.starts_with('款') && base.paragraph.is_some() && base.item.is_none() {
        return Some((vec![(Provision { paragraph: Some(n), ..base }, None)], end + '款'.len_utf8()));
    }
    if after.starts_with('项') && base.item.is_some() {
        return Some((
            vec![(Provision { item: Some(n), subitem: None, ..base }, None)],
            end + '项'.len_utf8(),
        ));
    }
    None
}

/// 第三十六条[之一][第X款][第（X）项][第X目], with lists of numbers inside a unit.
fn article(text: &str, at: usize, ordinal: bool) -> Option<(Vec<Place>, usize)> {
    if ordinal && !text.get(at..)?.starts_with('第') {
        return None;
    }
    let (numbers, end) = unit(text, at, "条", ordinal)?;
    finish_article(text, &numbers, end)
}

/// 36条 right after the name of a law, or in a list.
fn bare_article(text: &str, at: usize) -> Option<(Vec<Place>, usize)> {
    let (n, end) = plain_number(text, at)?;
    let after = text.get(end..)?;
    let tail = after.strip_prefix('条')?;
    let goes_on = tail.is_empty()
        || tail.starts_with([
            '第', '、', '，', '。', '；', '的', '规', '之', '（', '(', '和', '及', '与', '或', '至', '到',
            '）', ')', '所', '中', '—', '-', ' ', '\n', '是', '要', '里',
        ]);
    // 36条5项
    let part = || {
        plain_number(tail, 0)
            .is_some_and(|(_, end)| tail.get(end..).is_some_and(|t| t.starts_with(['款', '项'])))
    };
    if !goes_on && !part() {
        return None;
    }
    finish_article(text, &[(n, None)], end + '条'.len_utf8())
}

fn finish_article(text: &str, numbers: &[Span], mut end: usize) -> Option<(Vec<Place>, usize)> {
    let rest = text.get(end..)?;
    if rest.starts_with(['件', '款', '幅', '目'])
        || rest.starts_with('约') && !rest.starts_with("约定")
        || rest.starts_with('例') && !rest.starts_with("例外")
    {
        return None;
    }
    let mut places: Vec<Place> =
        numbers.iter().map(|(from, to)| (Provision::article(*from), to.map(Provision::article))).collect();
    let after = blanks(text, end);
    let mut sub = None;
    if text.get(after..).is_some_and(|t| t.starts_with('之'))
        && let Some((n, stop)) = plain_number(text, after + '之'.len_utf8())
        && n < 100
        && !text.get(stop..).is_some_and(|t| {
            t.starts_with(['般', '切', '分', '致', '定', '些', '间', '外', '内', '者', '百', '倍', '种'])
        })
    {
        (sub, end) = (Some(n), stop);
    }
    let last = places.pop()?;
    if last.1.is_some() {
        places.push(last);
        return Some((places, end));
    }
    let base = Provision { sub, ..last.0 };
    match below(text, blanks(text, end), base, true) {
        Some((inner, stop)) => {
            places.extend(inner);
            end = stop;
        }
        None => places.push((base, None)),
    }
    Some((places, end))
}

/// 款, 项 and 目 below `base`: 第一款第（三）项, （三）项, 第二款. `attached`: right after 条, 款 or 项, where also （五）
/// without 项, and 五项 without 第, are items.
fn below(text: &str, at: usize, base: Provision, attached: bool) -> Option<(Vec<Place>, usize)> {
    let mut places: Vec<Place> = vec![(base, None)];
    let (mut end, mut any) = (at, false);
    for (level, name) in ["款", "项", "目"].into_iter().enumerate() {
        let here = if any { blanks(text, end) } else { end };
        let close = attached || any;
        let found = unit(text, here, name, true)
            .or_else(|| (level > 0).then(|| bracketed_list(text, here, name)).flatten())
            .or_else(|| (level == 1 && close).then(|| bracketed_alone(text, here)).flatten())
            // 29条2款1项: a 款 without 第 only right after 条.
            .or_else(|| ((level > 0 && close) || attached).then(|| bare_unit(text, here, name)).flatten());
        let Some((numbers, stop)) = found else { continue };
        let (base, None) = places.pop()? else { return None };
        let set = |n: u32| match level {
            0 => Provision { paragraph: Some(n), item: None, subitem: None, ..base },
            1 => Provision { item: Some(n), subitem: None, ..base },
            _ => Provision { subitem: Some(n), ..base },
        };
        places.extend(numbers.iter().map(|(from, to)| (set(*from), to.map(set))));
        (end, any) = (stop, true);
        if !matches!(places.last(), Some((_, None))) {
            break;
        }
    }
    any.then_some((places, end))
}

/// A number, or the first and the last of a range.
type Span = (u32, Option<u32>);

/// 第 + numbers + `name`: 第十四条, 第36条, 第（一）至（三）项, 第一、二款, 第（一）、第（二）项.
fn unit(text: &str, at: usize, name: &str, ordinal: bool) -> Option<(Vec<Span>, usize)> {
    let mut end = at;
    if text.get(end..)?.starts_with('第') {
        end += '第'.len_utf8();
    } else if ordinal {
        return None;
    }
    list(text, end, name)
}

/// （一）、（三）项 without 第.
fn bracketed_list(text: &str, at: usize, name: &str) -> Option<(Vec<Span>, usize)> {
    text.get(at..)?.starts_with(['（', '(']).then(|| list(text, at, name)).flatten()
}

/// Numbers up to `name`.
fn list(text: &str, mut end: usize, name: &str) -> Option<(Vec<Span>, usize)> {
    const JOINTS: [&str; 14] =
        ["、", "和", "以及", "及", "与", "或者", "或", "至", "到", "—", "－", "-", "～", "~"];
    let mut numbers: Vec<Span> = vec![];
    let mut range = false;
    for _ in 0..40 {
        end = gap(text, end);
        if !numbers.is_empty() && text.get(end..)?.starts_with('第') {
            end = gap(text, end + '第'.len_utf8());
        }
        let (n, stop) = bracketed(text, end).or_else(|| plain_number(text, end))?;
        end = stop;
        match numbers.last_mut() {
            Some((from, to)) if range => {
                if n <= *from || to.is_some() {
                    return None;
                }
                *to = Some(n);
            }
            _ => numbers.push((n, None)),
        }
        end = gap(text, end);
        let rest = text.get(end..)?;
        if rest.starts_with(name) {
            return Some((numbers, end + name.len()));
        }
        // 第（一）（二）项: brackets need no joint.
        if !range && rest.starts_with(['（', '(']) && bracketed(text, end).is_some() {
            continue;
        }
        let joint = JOINTS.iter().find(|j| rest.starts_with(**j))?;
        range = matches!(*joint, "至" | "到" | "—" | "－" | "-" | "～" | "~");
        end += joint.len();
    }
    None
}

/// （五）, or （五）、（六）, right after an article or 款: items without the word 项.
fn bracketed_alone(text: &str, at: usize) -> Option<(Vec<Span>, usize)> {
    let mut numbers: Vec<Span> = vec![];
    let mut end = at;
    let mut range = false;
    loop {
        let (n, stop) = bracketed(text, end).filter(|(n, _)| *n <= 60)?;
        match numbers.last_mut() {
            Some((from, to)) if range && n > *from => *to = Some(n),
            Some(_) if range => return None,
            _ => numbers.push((n, None)),
        }
        end = stop;
        let rest = text.get(end..)?;
        let Some(joint) = ["、", "和", "至", "-", "—"].iter().find(|j| rest.starts_with(**j)) else {
            break;
        };
        if bracketed(text, end + joint.len()).is_none() || numbers.last().is_some_and(|(_, to)| to.is_some())
        {
            break;
        }
        range = matches!(*joint, "至" | "-" | "—");
        end += joint.len();
    }
    Some((numbers, end))
}

/// 五项 without 第, right after an article or 款.
fn bare_unit(text: &str, at: usize, name: &str) -> Option<(Vec<Span>, usize)> {
    let (n, end) = plain_number(text, at)?;
    text.get(end..)?.starts_with(name).then(|| (vec![(n, None)], end + name.len()))
}

/// Skips blanks of one line.
pub fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start_matches([' ', '\u{3000}', '\u{a0}', '\t', '\u{200b}']).len()
}

/// Skips blanks inside a reference, where also one line break of layout may stand.
fn gap(text: &str, at: usize) -> usize {
    let end = blanks(text, at);
    match text.get(end..) {
        Some(rest) if rest.starts_with('\n') => {
            let next = blanks(text, end + 1);
            let goes_on = text
                .get(next..)
                .and_then(|t| t.chars().next())
                .is_some_and(|c| is_numeral(c) || matches!(c, '条' | '款' | '项'));
            if goes_on { next } else { at }
        }
        _ => end,
    }
}

/// A number in one character: ㈣, ⑷, ④.
fn enclosed(c: char) -> Option<u32> {
    let from = |first: char| Some(u32::from(c) - u32::from(first) + 1);
    match c {
        '㈠'..='㈩' => from('㈠'),
        '⑴'..='⒇' => from('⑴'),
        '①'..='⑳' => from('①'),
        _ => None,
    }
}

/// A number at `at`, blanks between its digits allowed.
pub fn plain_number(text: &str, at: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    if let Some((c, n)) = rest.chars().next().and_then(|c| Some((c, enclosed(c)?))) {
        return Some((n, at + c.len_utf8()));
    }
    let mut end = 0;
    let mut solid = true;
    for (i, c) in rest.char_indices().take(20) {
        if is_numeral(c) {
            end = i + c.len_utf8();
        } else if matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\u{200b}' | '\n') && end > 0 {
            let more = rest
                .get(i..)
                .unwrap_or_default()
                .trim_start_matches([' ', '\u{3000}', '\u{a0}', '\u{200b}', '\n']);
            if !more.starts_with(is_numeral) {
                break;
            }
            solid = false;
        } else {
            break;
        }
    }
    let digits = rest.get(..end).filter(|d| !d.is_empty())?;
    let n = if solid {
        number(digits)?
    } else {
        number(&digits.chars().filter(|c| is_numeral(*c)).collect::<String>())?
    };
    Some((n, at + end))
}

/// （五） or (5).
fn bracketed(text: &str, at: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    let open = rest.chars().next().filter(|c| matches!(c, '（' | '('))?;
    let (n, end) = plain_number(text, blanks(text, at + open.len_utf8()))?;
    let end = blanks(text, end);
    let close = text.get(end..)?.chars().next().filter(|c| matches!(c, '）' | ')'))?;
    Some((n, end + close.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::{Provision, Start, run};

    fn read(text: &str) -> String {
        let Some(run) = run(text, 0, Start::AfterName) else { return "none".to_owned() };
        let all: Vec<String> = run
            .targets
            .iter()
            .map(|t| match t.to {
                Some(to) => format!("{}~{to}", t.from),
                None => t.from.to_string(),
            })
            .collect();
        format!("{} | {}", all.join(" "), &text[run.end..])
    }

    #[test]
    fn lists_and_ranges() {
        for (text, expected) in [
            ("第三十六条第（五）项规定", "第三十六条第（五）项 | 规定"),
            ("第36条第(五)项", "第三十六条第（五）项 | "),
            ("第 三十 六 条第五项", "第三十六条第（五）项 | "),
            ("36条（五）", "第三十六条第（五）项 | "),
            (
                "第十四条、第十五条和第三十六条第（三）项、第（五）项",
                "第十四条 第十五条 第三十六条第（三）项 第三十六条第（五）项 | ",
            ),
            ("第十四条至第十六条", "第十四条~第十六条 | "),
            ("第十四至十六条", "第十四条~第十六条 | "),
            ("第十条、第十四条至第十六条、第二十条", "第十条 第十四条~第十六条 第二十条 | "),
            ("第三十六条第（一）至（三）项", "第三十六条第（一）项~第三十六条第（三）项 | "),
            ("第三十六条第（一）项至第（三）项", "第三十六条第（一）项~第三十六条第（三）项 | "),
            ("第五条第一款、第二款第（一）项、第三款", "第五条第一款 第五条第二款第（一）项 第五条第三款 | "),
            ("第一、二、三项", "none"),
            ("第三十六条第一、二、三项", "第三十六条第（一）项 第三十六条第（二）项 第三十六条第（三）项 | "),
            ("第二条至第四条之一", "第二条~第四条之一 | "),
            ("第六、十一条", "第六条 第十一条 | "),
            ("第七十条第（一）（二）项、第八条", "第七十条第（一）项 第七十条第（二）项 第八条 | "),
            ("第十四条、十五条", "第十四条 第十五条 | "),
            ("第十条之规定", "第十条 | 之规定"),
            ("第一百二十条之一、之二", "第一百二十条之一 第一百二十条之二 | "),
            ("第三条第一款第（二）项第3目", "第三条第一款第（二）项第3目 | "),
            ("第三\n十六条", "第三十六条 | "),
            ("第三条例", "none"),
            ("第十条，情形", "第十条 | ，情形"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_below_a_place() {
        let base = Provision { paragraph: Some(1), ..Provision::article(9) };
        let found = run("第（三）项、第（五）项", 0, Start::At(base)).unwrap();
        assert_eq!(found.targets[1].from.to_string(), "第九条第一款第（五）项");
    }
}

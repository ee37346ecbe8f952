//! What a line looks like: the label of an article, a heading, an item, a page mark, a date.

use crate::text::number;

/// The label of an article at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    /// 条
    pub number: u32,
    /// 之一
    pub sub: Option<u32>,
    /// The label as it stands.
    pub text: &'a str,
    /// What stands between it and the text.
    pub gap: Gap,
    /// The text after it.
    pub rest: &'a str,
}

/// What stands between a label and the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// A blank, or the end of the line.
    Blank,
    /// A bracket, which opens the title of the article.
    Bracket,
    /// Nothing.
    None,
}

/// Digits of every kind, as `text::number` reads them.
fn is_digit(c: char) -> bool {
    crate::text::is_numeral(c)
}

/// The number at the start of `text`, blanks inside and around it allowed, and the rest after it.
fn spaced_number(text: &str) -> Option<(u32, &str)> {
    let end = text
        .char_indices()
        .take(24)
        .find(|(_, c)| !is_digit(*c) && !c.is_whitespace())
        .map_or(text.len(), |(i, _)| i);
    let digits = text.get(..end)?;
    let value = if digits.contains(char::is_whitespace) {
        number(&digits.split_whitespace().collect::<String>())?
    } else {
        number(digits)?
    };
    Some((value, text.get(end..)?))
}

/// 第三十六条, 第 36 条之一, at the start of a line.
pub fn label(text: &str) -> Option<Label<'_>> {
    let (number, after) = spaced_number(text.strip_prefix('第')?)?;
    let mut rest = after.strip_prefix('条')?;
    if rest.starts_with(['件', '约', '款']) || (rest.starts_with('例') && !rest.starts_with("例外")) {
        return None;
    }
    let mut sub = None;
    let blanks = rest.trim_start();
    if let Some(after) = blanks.strip_prefix('之')
        && let Some((n, tail)) = spaced_number(after)
        && (blanks.len() == rest.len() || n < 30)
    {
        // A numeral that runs on into a word (之一般, 之三分之二) is none.
        if !tail.starts_with(['般', '切', '分', '致', '定', '些']) {
            let consumed = after.trim_end().len() - tail.trim_start().len();
            let digits = after.get(..consumed.min(after.len())).unwrap_or_default().trim();
            let end = after.find(digits).unwrap_or(0) + digits.len();
            (sub, rest) = (Some(n), after.get(end..)?);
        }
    }
    let label = text.get(..text.len() - rest.len())?;
    let trimmed = rest.trim_start();
    let gap = if trimmed.is_empty() || trimmed.len() < rest.len() {
        Gap::Blank
    } else if trimmed.starts_with(['【', '［', '(', '（', '[', '〔']) {
        Gap::Bracket
    } else {
        Gap::None
    };
    Some(Label { number, sub, text: label.trim_end(), gap, rest: trimmed })
}

/// Whether what stands after 第X条 makes it a reference (第三条的规定, 第三条、第四条, 第三条修改为).
pub fn is_reference(rest: &str) -> bool {
    const STARTS: [&str; 48] = [
        "的",
        "规定",
        "之规定",
        "所列",
        "所称",
        "所述",
        "所规定",
        "所指",
        "所涉",
        "中的",
        "中规定",
        "中所",
        "、",
        "，",
        "。",
        "；",
        "：“",
        "）",
        ")",
        "》",
        "和第",
        "及第",
        "与第",
        "或第",
        "或者第",
        "以及第",
        "至第",
        "到第",
        "—",
        "-",
        "～",
        "修改为",
        "修订为",
        "改为",
        "删去",
        "删除",
        "增加一",
        "增加第",
        "第一款",
        "第二款",
        "第三款",
        "第四款",
        "项",
        "款",
        "情形",
        "以外",
        "以下的",
        "前款",
    ];
    STARTS.iter().any(|s| rest.starts_with(s)) || bracket_reference(rest)
}

/// （三）项 or （一）、（二）项 after an article.
fn bracket_reference(rest: &str) -> bool {
    let Some((_, length)) = bracketed(rest) else { return false };
    let after = rest.get(length..).unwrap_or_default();
    names_part(after) || after.starts_with(['、', '至', '和', '或'])
}

/// Whether 项, 目 or 款 stands here as the name of a part, not as the beginning of 项目, 目标, 款项.
fn names_part(rest: &str) -> bool {
    let word = |c: char, tails: &[char]| rest.strip_prefix(c).is_some_and(|after| !after.starts_with(tails));
    word('项', &['目'])
        || word('目', &['标', '录', '的', '前', '光', '击', '测', '次'])
        || word('款', &['项', '待', '式'])
}

/// （三） or (3): the number and the length in bytes.
pub fn bracketed(text: &str) -> Option<(u32, usize)> {
    let inner = text.strip_prefix(['（', '('])?;
    let open = text.len() - inner.len();
    let (n, rest) = spaced_number(inner)?;
    let close = rest.chars().next().filter(|c| matches!(c, '）' | ')'))?;
    Some((n, open + inner.len() - rest.len() + close.len_utf8()))
}

/// 一、 at the start of a line: the number and the length in bytes.
pub fn comma(text: &str) -> Option<(u32, usize)> {
    if text.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return None;
    }
    let (n, rest) = spaced_number(text)?;
    rest.starts_with('、').then(|| (n, text.len() - rest.len() + '、'.len_utf8()))
}

/// How an item is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// （一）
    Round,
    /// 一、
    Comma,
    /// 1. 1． 1、
    Dot,
    /// (1)
    Paren,
    /// ①
    Circle,
}

/// All styles, in the order of their use as an index.
pub const STYLES: [Style; 5] = [Style::Round, Style::Comma, Style::Dot, Style::Paren, Style::Circle];

impl Style {
    /// Place in [`STYLES`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The marker of an item at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// How it is numbered.
    pub style: Style,
    /// Its number.
    pub number: u32,
    /// Bytes of the marker.
    pub length: usize,
}

/// （一）, 一、, 1., (1), ① at the start of a line, where it is not the rest of a broken reference.
pub fn marker(text: &str) -> Option<Marker> {
    let first = text.chars().next()?;
    let arabic = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let (style, number, length) = match first {
        '（' | '(' => {
            let (n, length) = bracketed(text)?;
            let round =
                !text.chars().nth(1).is_some_and(|c| arabic(c) || c.is_whitespace() && text.contains(arabic));
            (if round { Style::Round } else { Style::Paren }, n, length)
        }
        '①'..='⑳' => (Style::Circle, u32::from(first) - u32::from('①') + 1, first.len_utf8()),
        c if arabic(c) => {
            let end = text.char_indices().find(|(_, c)| !arabic(*c)).map_or(text.len(), |(i, _)| i);
            let after = text.get(end..)?;
            let dot = after.chars().next().filter(|c| matches!(c, '.' | '．' | '、'))?;
            let n = number(text.get(..end)?).filter(|n| *n < 100)?;
            if after.chars().nth(1).is_some_and(arabic) {
                return None;
            }
            (Style::Dot, n, end + dot.len_utf8())
        }
        c if is_digit(c) => {
            let (n, length) = comma(text)?;
            (Style::Comma, n, length)
        }
        _ => return None,
    };
    let rest = text.get(length..)?;
    let broken = matches!(style, Style::Round | Style::Paren)
        && ((names_part(rest) || rest.starts_with(['，', ',', '。', '；', '）']))
            || rest.starts_with(['、', '至', '和', '或'])
                && bracketed(rest.get('、'.len_utf8()..)?).is_some());
    (!broken).then_some(Marker { style, number, length })
}

/// A heading above articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 0 编, 1 分编, 2 章, 3 节.
    pub level: u8,
    /// 第一章, or empty.
    pub label: String,
    /// 总则
    pub title: String,
}

impl Heading {
    /// 第一章 总则
    pub fn text(&self) -> String {
        match (self.label.as_str(), self.title.as_str()) {
            ("", title) => title.to_owned(),
            (label, "") => label.to_owned(),
            (label, title) => format!("{label} {title}"),
        }
    }
}

/// Longest title of a heading, in characters.
const LONGEST_HEADING: usize = 50;

/// 第一章 总则, 附　则
pub fn heading(text: &str) -> Option<Heading> {
    if text.len() > 400 {
        return None;
    }
    if matches!(text.chars().next(), Some('总' | '附' | '分')) {
        let squeezed = text.split_whitespace().collect::<String>();
        return matches!(squeezed.as_str(), "总则" | "附则" | "分则").then(|| Heading {
            level: 2,
            label: String::new(),
            title: squeezed,
        });
    }
    let (_, after) = spaced_number(text.strip_prefix('第')?)?;
    const UNITS: [(&str, u8); 5] = [("分编", 1), ("编", 0), ("部分", 0), ("章", 2), ("节", 3)];
    let (unit, level) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
    let mut rest = after.get(unit.len()..)?;
    // 第二章之一
    if let Some((_, tail)) = rest.strip_prefix('之').and_then(spaced_number) {
        rest = if rest.trim_end().ends_with(tail) { rest.get(rest.len() - tail.len()..)? } else { rest };
    }
    let spaced = rest.starts_with(char::is_whitespace);
    let title = closed(rest);
    let reference =
        ["的", "规定", "、第", "和第", "至第", "及第", "或者第", "或第", "所", "以及第", "中", "第"]
            .iter()
            .any(|s| title.starts_with(s));
    if title.chars().count() > LONGEST_HEADING
        || title.ends_with(['。', '；', '：', '，', ';', ':'])
        || title.contains('。')
        || reference && !spaced
    {
        return None;
    }
    let label: String = text.get(..text.len() - rest.len())?.split_whitespace().collect();
    Some(Heading { level: *level, label, title })
}

/// A line of a table of contents without the dots and the page number at its end (……12).
pub fn without_leader(text: &str) -> &str {
    let text = text.trim();
    let bare = text
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '（' | '）'))
        .trim_end();
    let dots = bare.trim_end_matches(['.', '…', '·', '．', '-', '—', '_', '⋯', ' ', '\u{3000}', '\t']);
    let leader = bare.get(dots.len()..).unwrap_or_default();
    // Without dots it may be part of the title.
    let led = leader.chars().count() >= 2 || text.len() > bare.len() && text.contains('\t');
    if led { dots.trim_end() } else { text }
}

/// A spread title closed: 总　　则 → 总则; blanks between words of letters stay.
pub fn closed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && c.is_ascii() && out.chars().next_back().is_some_and(|l| l.is_ascii()) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

/// Whether a line is 目录.
pub fn is_contents(text: &str) -> bool {
    text.len() < 40 && matches!(closed(text).as_str(), "目录" | "目次" | "【目录】")
}

/// Without the mark of a footnote at its end: 。[2] or 。①
fn without_note_mark(text: &str) -> &str {
    if let Some(rest) = text.strip_suffix(|c: char| ('①'..='⑳').contains(&c)) {
        return rest;
    }
    let Some(inner) = text.strip_suffix([']', '］']) else { return text };
    let digits = inner.trim_end_matches(|c: char| c.is_ascii_digit() || c == '注' || c == '^');
    if digits.len() < inner.len() { digits.strip_suffix(['[', '［']).unwrap_or(text) } else { text }
}

/// Whether a paragraph ends here: the last character closes a sentence or opens a list.
pub fn is_terminated(text: &str) -> bool {
    let mut chars = without_note_mark(text.trim_end()).chars().rev();
    match chars.next() {
        None => true,
        Some('。' | '；' | '：' | '！' | '？' | ';' | ':' | '.' | '!' | '?' | '…') => true,
        Some('”' | '"' | '’' | '」' | '）' | ')') => {
            matches!(chars.next(), Some('。' | '；' | '！' | '？' | '：' | '.'))
        }
        _ => false,
    }
}

/// Whether a paragraph cannot end here: a comma, or a bracket or title mark that is still open.
pub fn is_open(text: &str) -> bool {
    if text.ends_with(['，', '、', ',']) {
        return true;
    }
    let tail_start = text.len().saturating_sub(240);
    let tail = text
        .get((tail_start..text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(0)..)
        .unwrap_or_default();
    // One character at a time: the search for it need not decode the text.
    let last = |marks: [char; 2]| marks.iter().filter_map(|m| tail.rfind(*m)).max();
    let open = |opening, closing| last(opening).is_some_and(|o| last(closing).is_none_or(|c| c < o));
    open(['《', '《'], ['》', '》']) || open(['（', '('], ['）', ')'])
}

/// Whether a line is a page number: — 1 —, －2－, 第 4 页 共 9 页, 4/9.
pub fn is_page_mark(text: &str) -> bool {
    let begins = |c: char| {
        c == '第' || c.is_ascii_digit() || !c.is_alphanumeric() && !matches!(c, '（' | '(' | '《' | '“')
    };
    if text.len() > 60 || !text.starts_with(begins) {
        return false;
    }
    let squeezed: String = text.split_whitespace().collect();
    let dash = |c: char| matches!(c, '-' | '—' | '–' | '－' | '―' | '─' | '~' | '·');
    let inner = squeezed.trim_matches(dash);
    let digits = |t: &str| {
        !t.is_empty() && t.len() <= 12 && t.chars().all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    };
    if inner.len() < squeezed.len() && digits(inner) && squeezed.starts_with(dash) && squeezed.ends_with(dash)
    {
        return true;
    }
    if let Some((a, b)) = squeezed.split_once('/')
        && digits(a.trim_start_matches('第').trim_end_matches('页'))
        && digits(b.trim_start_matches('共').trim_end_matches('页'))
    {
        return true;
    }
    let Some(rest) = squeezed.strip_prefix('第') else { return false };
    let Some((page, rest)) = rest.split_once('页') else { return false };
    let rest = rest.trim_matches(['，', ',', '/', '（', '）', '(', ')']);
    let all = rest.strip_prefix('共').and_then(|r| r.strip_suffix('页'));
    number(page).is_some() && (rest.is_empty() || all.is_some_and(|n| number(n).is_some()))
}

/// Whether a line is nothing but a number.
pub fn is_bare_number(text: &str) -> bool {
    text.len() <= 4 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a line is an editor's note: [1] …, 注：…, ※….
pub fn is_note(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    match first {
        '[' | '［' | '〔' => {
            let inner = text.get(first.len_utf8()..).unwrap_or_default();
            let inner = inner.strip_prefix('注').unwrap_or(inner);
            let end = inner.char_indices().find(|(_, c)| !is_digit(*c)).map_or(inner.len(), |(i, _)| i);
            let numbered =
                inner.get(..end).and_then(number).is_some_and(|n| n < 1000) || inner.starts_with("注");
            numbered && inner.get(end..).is_some_and(|r| r.starts_with([']', '］', '〕']))
        }
        '注' => {
            let rest = text.trim_start_matches('注').trim_start_matches('释');
            let rest = rest.trim_start_matches(|c: char| is_digit(c) || c.is_whitespace());
            rest.starts_with(['：', ':'])
        }
        '编' => text.starts_with("编者注") || text.starts_with("编者按"),
        '【' => text.starts_with("【注") || text.starts_with("【编者"),
        '※' => true,
        _ => false,
    }
}

/// 附件, 附件1：…, 附录二 …, 附表: a heading of an annex; the title as written.
pub fn is_annex(text: &str) -> bool {
    if !text.starts_with('附') || text.len() > 240 {
        return false;
    }
    let squeezed: String = text.split_whitespace().collect();
    let Some(rest) = ["附件", "附录", "附表", "附图"].iter().find_map(|w| squeezed.strip_prefix(w))
    else {
        return squeezed == "附："
            || squeezed == "附:"
            || (squeezed.starts_with("附：") && !squeezed.ends_with(['。', '；']));
    };
    let after = rest.trim_start_matches(|c: char| is_digit(c) || c.is_ascii_alphanumeric());
    let numbered = after.len() < rest.len();
    let free = after.is_empty() || after.starts_with(['：', ':', '、', '.', '．', '（', '(', '《']);
    // 附件一 某某表: the blank was the only thing between number and name.
    let spaced = numbered && text.split_whitespace().count() > 1;
    (free || spaced) && !squeezed.ends_with(['。', '；', '，'])
}

/// Whether a line holds a date such as 2019年4月3日 or 二〇一九年四月三日.
pub fn has_date(text: &str) -> bool {
    date(text).is_some()
}

/// The first date in a line, ISO; where it starts and ends.
pub fn date(text: &str) -> Option<(String, usize, usize)> {
    for (at, _) in text.match_indices('年') {
        let before = text.get(..at)?;
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_digit(*c) || c.is_whitespace())
            .last()
            .map_or(at, |(i, _)| i);
        let Some((year, "")) = spaced_number(before.get(start..)?.trim_start()).map(|(n, r)| (n, r.trim()))
        else {
            continue;
        };
        if !(1900..2200).contains(&year) {
            continue;
        }
        let after = text.get(at + '年'.len_utf8()..)?;
        let Some((month, rest)) = spaced_number(after.trim_start()) else { continue };
        let Some(rest) = rest.strip_prefix('月') else { continue };
        let Some((day, rest)) = spaced_number(rest.trim_start()) else { continue };
        let Some(rest) = rest.strip_prefix('日') else { continue };
        if (1..=12).contains(&month) && (1..=31).contains(&day) {
            let lead = before.get(start..)?.len() - before.get(start..)?.trim_start().len();
            return Some((format!("{year:04}-{month:02}-{day:02}"), start + lead, text.len() - rest.len()));
        }
    }
    None
}

/// Whether a line is nothing but a date.
pub fn is_date(text: &str) -> bool {
    date(text).is_some_and(|(_, start, end)| start == 0 && end == text.len())
}

/// Whether a line introduces the new wording of another law's articles: 第十条修改为：
pub fn is_amendment(text: &str) -> bool {
    let cue = |t: &str| {
        ["修改为", "修订为", "改为", "作为", "增加", "调整为", "表述为"].iter().any(|w| t.contains(w))
    };
    if text.ends_with(['：', ':']) {
        return cue(text);
    }
    // 修改为：“第十条 …: the quotation opens on the same line.
    let Some(open) = memchr::memmem::find(text.as_bytes(), "“".as_bytes()) else { return false };
    let before = text.get(..open).unwrap_or_default();
    before.ends_with(['：', ':']) && cue(before)
}

/// How many quotation marks are open at the end of a line, counted in a quotation whose every paragraph opens anew.
pub fn leaves_quote_open(text: &str) -> bool {
    text.rfind('“').is_some_and(|open| text.rfind('”').is_none_or(|close| close < open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_in_every_spelling() {
        for (text, n, sub, rest) in [
            ("第三条　正文", 3, None, "正文"),
            ("第 三 条 正文", 3, None, "正文"),
            ("第三十 六条正文", 36, None, "正文"),
            ("第36条\u{a0}正文", 36, None, "正文"),
            ("第一百三十三条之一　正文", 133, Some(1), "正文"),
            ("第一百三十三条 之一 正文", 133, Some(1), "正文"),
            ("第十条之一般规定", 10, None, "之一般规定"),
        ] {
            let label = label(text).unwrap();
            assert_eq!((label.number, label.sub, label.rest), (n, sub, rest), "{text}");
        }
        for text in ["第三条例", "第三款", "三条", "第条", "第三 章"] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn headings_are_closed_and_references_are_none() {
        assert_eq!(heading("第一章　总　　则").unwrap().text(), "第一章 总则");
        assert_eq!(without_leader("第一章 总则……………1"), "第一章 总则");
        assert_eq!(without_leader("第一章 1．"), "第一章 1．");
        assert_eq!(heading("附　则").unwrap().text(), "附则");
        assert_eq!(heading("第二分编 所有权").unwrap().level, 1);
        assert_eq!(heading("第三章的规定适用于"), None);
        assert_eq!(heading("第三章、第四章"), None);
    }

    #[test]
    fn page_marks_are_told_from_text() {
        for text in ["— 1 —", "－2－", "- 3 -", "第 4 页 共 9 页", "第4页", "4/9", "—12—"] {
            assert!(is_page_mark(text), "{text}");
        }
        for text in ["第四条", "1", "——", "1-2", "第4页的内容", "3.5"] {
            assert!(!is_page_mark(text), "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_both_spellings() {
        assert_eq!(date("2019年4月3日 修订").unwrap().0, "2019-04-03");
        assert_eq!(date("自二〇一九年五月十五日起").unwrap().0, "2019-05-15");
        assert!(is_date("2019 年 4 月 3 日"));
        assert_eq!(date("2019年"), None);
    }

    #[test]
    fn markers_are_told_from_broken_references() {
        assert_eq!(marker("（一）甲").unwrap().style, Style::Round);
        assert_eq!(marker("(1)甲").unwrap().style, Style::Paren);
        assert_eq!(marker("1．甲").unwrap().style, Style::Dot);
        assert_eq!(marker("１．甲").unwrap().number, 1);
        assert_eq!(marker("一、甲").unwrap().style, Style::Comma);
        assert_eq!(marker("③甲").unwrap().number, 3);
        for text in ["（一）项目名称", "（二）目标", "（三）款项"] {
            assert!(marker(text).is_some(), "{text}");
        }
        for text in ["（三）项规定", "（一）、（二）项", "3.5万元", "2024年", "第一"] {
            assert_eq!(marker(text), None, "{text}");
        }
    }
}

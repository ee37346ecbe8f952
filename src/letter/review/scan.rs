//! What can be told of words alone: sentences, dates, spans of time, document numbers.

use crate::calendar::Date;
use crate::text::number;
use std::ops::Range;

/// The sentences of a text, with their ends.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '。' | '；' | ';' | '！' | '？' | '\n') {
            let end = at + c.len_utf8();
            all.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        all.push(start..text.len());
    }
    all
}

/// The sentence that holds a byte.
pub(super) fn sentence_at(text: &str, at: usize) -> Range<usize> {
    sentences(text).into_iter().find(|r| r.contains(&at)).unwrap_or(0..text.len())
}

/// Whether one of the words stands in the text.
pub(super) fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

/// Every place of every word, in order.
pub(super) fn places(text: &str, words: &[&str]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> =
        words.iter().flat_map(|w| text.match_indices(w).map(|(at, w)| at..at + w.len())).collect();
    all.sort_by_key(|r| (r.start, r.end));
    all
}

/// The characters before a byte, the nearest first.
pub(super) fn before(text: &str, at: usize) -> impl Iterator<Item = (usize, char)> + '_ {
    text.get(..at).unwrap_or_default().char_indices().rev()
}

/// At most so many characters before a byte.
pub(super) fn tail(text: &str, at: usize, most: usize) -> &str {
    let start = before(text, at).nth(most.saturating_sub(1)).map_or(0, |(i, _)| i);
    text.get(start..at).unwrap_or_default()
}

/// At most so many characters from a byte on.
pub(super) fn head(text: &str, at: usize, most: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.char_indices().nth(most).map_or(rest.len(), |(i, _)| i);
    rest.get(..end).unwrap_or_default()
}

/// Chinese, as against letters, digits and marks.
pub(super) fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c) || c > '\u{1ffff}'
}

// Dates

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 2026年11月23日
    Official,
    /// 2026年01月05日
    Padded,
    /// 二〇二六年一月五日
    Chinese,
    /// 26年1月5日
    Short,
    /// 2026-1-5, 2026.1.5, 2026/1/5
    Signs,
    /// 2026年　月　日
    Unfilled,
    /// 2026年11月, with nothing behind
    Month,
}

/// A date as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated {
    pub range: Range<usize>,
    pub form: Form,
    /// `None` for what is no day.
    pub date: Option<Date>,
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_chinese_digit(c: char) -> bool {
    "〇○零ＯO0一二三四五六七八九十".contains(c)
}

/// Every date of a text, 年 月 日 to be filled in included.
pub(super) fn dates(text: &str) -> Vec<Dated> {
    let mut all: Vec<Dated> = text.match_indices('年').filter_map(|(at, _)| written_date(text, at)).collect();
    all.extend(sign_dates(text));
    all.sort_by_key(|d| d.range.start);
    all
}

/// A date around its 年.
fn written_date(text: &str, year_end: usize) -> Option<Dated> {
    let blank = |c: char| c == ' ' || c == '\u{3000}' || c == '\u{a0}' || c == '_' || c == '＿';
    let digits: usize =
        before(text, year_end).take_while(|(_, c)| is_digit(*c)).map(|(_, c)| c.len_utf8()).sum();
    let chinese: usize =
        before(text, year_end).take_while(|(_, c)| is_chinese_digit(*c)).map(|(_, c)| c.len_utf8()).sum();
    let blanks: usize =
        before(text, year_end).take_while(|(_, c)| blank(*c)).map(|(_, c)| c.len_utf8()).sum();
    let start = year_end - digits.max(chinese).max(blanks);
    let year_text = text.get(start..year_end)?;
    let after = year_end + '年'.len_utf8();
    let (month, month_end) = piece(text, after, '月')?;
    let day = piece(text, month_end, '日').or_else(|| piece(text, month_end, '号'));
    let is_blank = |t: &str| t.chars().all(blank);
    if is_blank(month) || day.is_some_and(|(day, _)| is_blank(day)) {
        let end = day.map_or(month_end, |(_, end)| end);
        return Some(Dated { range: start..end, form: Form::Unfilled, date: None });
    }
    let all_digits = |t: &str| !t.is_empty() && t.trim().chars().all(is_digit);
    let value = |t: &str| number(t.trim()).or_else(|| t.trim().parse().ok());
    let year = year_value(year_text)?;
    let Some((day, end)) = day else {
        let ends = text.get(month_end..)?.trim().is_empty();
        return ends.then_some(Dated { range: start..month_end, form: Form::Month, date: None });
    };
    let padded = |t: &str| t.trim().starts_with(['0', '０']);
    let count = year_text.chars().count();
    let form = if !all_digits(year_text) || !all_digits(month) || !all_digits(day) {
        Form::Chinese
    } else if count == 2 {
        Form::Short
    } else if padded(month) || padded(day) {
        Form::Padded
    } else {
        Form::Official
    };
    let year = if count == 2 { year + 2000 } else { year };
    let date = Date::of(
        i16::try_from(year).ok()?,
        i8::try_from(value(month)?).ok()?,
        i8::try_from(value(day)?).ok()?,
    );
    Some(Dated { range: start..end, form, date })
}

/// What stands up to a sign, at most five characters of digits and blanks.
fn piece(text: &str, from: usize, sign: char) -> Option<(&str, usize)> {
    let rest = text.get(from..)?;
    let at = rest.char_indices().take(7).find(|(_, c)| *c == sign)?.0;
    let piece = rest.get(..at)?;
    let fits =
        |c: char| is_digit(c) || is_chinese_digit(c) || matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '_' | '＿');
    piece.chars().all(fits).then_some((piece, from + at + sign.len_utf8()))
}

fn year_value(text: &str) -> Option<u32> {
    let digits: Option<String> = text
        .chars()
        .map(|c| match c {
            '〇' | '○' | '零' | 'Ｏ' | 'O' => Some('0'),
            c if is_digit(c) || "一二三四五六七八九".contains(c) => {
                number(&c.to_string()).or(Some(0)).and_then(|n| char::from_digit(n, 10))
            }
            _ => None,
        })
        .collect();
    digits.filter(|d| d.len() == 4 || d.len() == 2)?.parse().ok()
}

/// 2026-10-22 and the like, where they are no part of something longer.
fn sign_dates(text: &str) -> Vec<Dated> {
    let mut all = vec![];
    let joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '_' | '=');
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        let free = before(text, at).next().is_none_or(|(_, c)| !joined(c));
        let found = if free && c.is_ascii_digit() { sign_date(text, at) } else { None };
        match found {
            Some(found) => {
                at = found.range.end;
                all.push(found);
            }
            None => at += c.len_utf8(),
        }
    }
    all
}

fn sign_date(text: &str, start: usize) -> Option<Dated> {
    let rest = text.get(start..)?;
    let length = |t: &str| t.chars().take_while(char::is_ascii_digit).count();
    let (year, rest_) = rest.split_at_checked(4)?;
    if length(rest) != 4 {
        return None;
    }
    let sign = rest_.chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
    let month = rest_.get(1..)?;
    let month_length = length(month);
    let day = month.get(month_length..)?.strip_prefix(sign)?;
    let day_length = length(day);
    if !(1..=2).contains(&month_length) || !(1..=2).contains(&day_length) {
        return None;
    }
    let end = start + 4 + 1 + month_length + 1 + day_length;
    let next = text.get(end..)?.chars().next();
    if next.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | '.')) {
        return None;
    }
    let date = Date::of(
        year.parse().ok()?,
        month.get(..month_length)?.parse().ok()?,
        day.get(..day_length)?.parse().ok()?,
    );
    date.is_some().then_some(Dated { range: start..end, form: Form::Signs, date })
}

// Spans of time

/// 日, 工作日, 月, 年.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Day,
    Workday,
    Month,
    Year,
}

/// 60日, 六个月, 15个工作日.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub range: Range<usize>,
    pub count: u32,
    pub length: Length,
    /// 内 or 以内 stands behind.
    pub within: bool,
}

/// Every span of time of a text; dates are none.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let dated = dates(text);
    let units = [
        ("个工作日", Length::Workday),
        ("工作日", Length::Workday),
        ("个自然日", Length::Day),
        ("自然日", Length::Day),
        ("个日历日", Length::Day),
        ("日", Length::Day),
        ("天", Length::Day),
        ("个月", Length::Month),
        ("年", Length::Year),
    ];
    let mut all = vec![];
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        let numeral = |c: char| is_digit(c) || "一二三四五六七八九十百两".contains(c);
        if !numeral(c) {
            at += c.len_utf8();
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.char_indices().find(|(_, c)| !numeral(*c)).map_or(rest.len(), |(i, _)| i);
        let digits = rest.get(..length).unwrap_or_default();
        let behind = rest.get(length..).unwrap_or_default();
        let gap = behind.len() - behind.trim_start().len();
        let unit = units.iter().find(|(word, _)| behind.trim_start().starts_with(word));
        let inside = dated.iter().any(|d| d.range.contains(&at));
        if let (Some((word, unit)), Some(count), false) = (unit, number(digits), inside) {
            let end = at + length + gap + word.len();
            let next = text.get(end..).unwrap_or_default();
            let within = ["内", "以内", "之内"].iter().any(|w| next.starts_with(w));
            // 第5日, 11月3日 and 2024年 are no spans.
            let ordinal = before(text, at).next().is_some_and(|(_, c)| c == '第' || c == '月');
            let year = *unit == Length::Year && count > 100;
            if !ordinal && !year {
                all.push(Span { range: at..end, count, length: *unit, within });
            }
        }
        at += length.max(1);
    }
    all
}

// Document numbers

/// 示例公开〔2026〕12号, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    pub range: Range<usize>,
    pub year: Option<i16>,
    /// What is wrong with it, if anything.
    pub wrong: Option<&'static str>,
    /// The serial number was not filled in.
    pub blank: bool,
}

/// Every document number of a text.
pub(super) fn numbers(text: &str) -> Vec<Numbered> {
    let pairs = [
        ('〔', '〕'),
        ('［', '］'),
        ('[', ']'),
        ('【', '】'),
        ('（', '）'),
        ('(', ')'),
        ('﹝', '﹞'),
        ('{', '}'),
    ];
    let mut all = vec![];
    for (at, c) in text.char_indices() {
        let Some((_, close)) = pairs.iter().find(|(open, _)| *open == c) else { continue };
        all.extend(document_number(text, at, (c, *close)));
    }
    all
}

fn document_number(text: &str, at: usize, (open, close): (char, char)) -> Option<Numbered> {
    let inside = at + open.len_utf8();
    let rest = text.get(inside..)?;
    let end = rest.char_indices().take(7).find(|(_, c)| *c == close)?.0;
    let year_text = rest.get(..end)?;
    let digits = year_text.trim_end_matches('年');
    if !(2..=4).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let after = inside + end + close.len_utf8();
    let rest = text.get(after..)?;
    let end = rest.char_indices().take(14).find(|(_, c)| *c == '号')?.0;
    let serial = rest.get(..end)?;
    // Cases of courts, (2021)鲁行终97号, have brackets of their own, and so have clauses of a sentence.
    let plain = serial.trim().trim_start_matches('第');
    let number = plain.trim_start_matches(is_chinese);
    let hexagonal = open == '〔' || open == '﹝';
    let blank = serial.trim().is_empty();
    let numeric = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if !(blank || numeric) || !hexagonal && number.len() != plain.len() {
        return None;
    }
    let head: usize =
        before(text, at).take(16).take_while(|(_, c)| is_chinese(*c)).map(|(_, c)| c.len_utf8()).sum();
    if head == 0 && !hexagonal {
        return None;
    }
    let wrong = if !hexagonal {
        Some("年份要用六角括号〔〕")
    } else if year_text.ends_with('年') {
        Some("括号里不写“年”字")
    } else if digits.len() != 4 {
        Some("年份要写四位数字")
    } else if serial.trim().starts_with('第') {
        Some("序号不加“第”")
    } else if number.starts_with('0') {
        Some("序号不补零")
    } else {
        None
    };
    let year = digits.parse::<i16>().ok().filter(|_| digits.len() == 4);
    let range = at - head..after + end + '号'.len_utf8();
    Some(Numbered { range, year, wrong, blank })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_told_with_its_form() {
        let forms = |text: &str| dates(text).into_iter().map(|d| d.form).collect::<Vec<_>>();
        assert_eq!(forms("于2026年9月8日收到"), [Form::Official]);
        assert_eq!(forms("于2026年09月8日收到"), [Form::Padded]);
        assert_eq!(forms("二〇二六年十月二十二日"), [Form::Chinese]);
        assert_eq!(forms("26年10月22日"), [Form::Short]);
        assert_eq!(forms("2026.10.22"), [Form::Signs]);
        assert_eq!(forms("2026年  月  日"), [Form::Unfilled]);
        assert_eq!(forms("    年  月  日"), [Form::Unfilled]);
        assert_eq!(forms("2026年10月"), [Form::Month]);
        assert_eq!(forms("2026年3月的新闻，20260820.html，000-00000000，示例/2026-10-22/a"), []);
    }

    #[test]
    fn a_span_is_no_date_and_no_ordinal() {
        let counts = |text: &str| spans(text).into_iter().map(|s| (s.count, s.length)).collect::<Vec<_>>();
        assert_eq!(
            counts("60日内，六个月内，15个工作日"),
            [(60, Length::Day), (6, Length::Month), (15, Length::Workday)]
        );
        assert_eq!(counts("2026年9月18日至9月28日，第5日"), []);
    }

    #[test]
    fn a_document_number_is_told_from_the_case_of_a_court() {
        let wrong = |text: &str| numbers(text).first().map(|n| n.wrong.is_some());
        assert_eq!(wrong("示例公开〔2026〕12号"), Some(false));
        assert_eq!(wrong("示例公开[2026]12号"), Some(true));
        assert_eq!(wrong("示例公开〔2026〕第12号"), Some(true));
        assert_eq!(wrong("示例公开〔2026〕012号"), Some(true));
        assert_eq!(wrong("（2021）鲁行终97号"), None);
        assert_eq!(wrong("乙住建〔2026〕公开23号"), Some(false));
    }
}

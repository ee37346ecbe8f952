//! Numbers of persons, and what was withheld, told again.

use super::Review;
use super::anatomy::Kind;
use super::read::Zone;
use super::scan::{any, before, places, sentence_at, tail};
use std::ops::Range;

/// A quotation of at least so many characters tells something.
const LONG: usize = 30;

impl Review<'_> {
    pub(super) fn personal(&mut self) {
        for at in 0..self.reviewed.paragraphs.len() {
            let text = self.text(at).to_owned();
            for (range, what) in personal_numbers(&text) {
                if !self.is_ours(at, &text, &range) {
                    self.at("personal-number", (at, range), format!("有完整的{what}"));
                }
            }
        }
        self.withheld();
    }

    /// Whether a number is the agency's own, given to be called.
    fn is_ours(&self, at: usize, text: &str, range: &Range<usize>) -> bool {
        let number = digits(text.get(range.clone()).unwrap_or_default());
        let phone = self.asked.agency.phone.as_deref().map(digits);
        let signed = self.anatomy.signature.date.as_ref().is_some_and(|(place, _)| at > *place);
        let contact = any(text, &["联系人", "联系电话"])
            && self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone == Zone::Body);
        phone.as_deref() == Some(number.as_str()) || number.len() == 11 && signed && contact
    }

    /// 该信息的内容为“…”: what a refusal keeps back, copied into it.
    fn withheld(&mut self) {
        if self.anatomy.kind != Kind::Reply {
            return;
        }
        let own = self.anatomy.own.clone();
        if !own.iter().any(|at| self.text(*at).contains("不予公开")) {
            return;
        }
        for at in own {
            let text = self.text(at).to_owned();
            for open in places(&text, &["“"]) {
                let Some(length) = text.get(open.end..).and_then(|t| t.find('”')) else { continue };
                let quoted = text.get(open.end..open.end + length).unwrap_or_default();
                let lead = tail(&text, open.start, 14);
                let sentence = text.get(sentence_at(&text, open.start)).unwrap_or_default();
                let tells = any(
                    lead,
                    &["内容为", "内容是", "载明", "记载", "写道", "原文为", "原文是", "记录为", "写明"],
                );
                let others = any(
                    sentence,
                    &[
                        "申请书",
                        "申请表",
                        "你申请",
                        "您申请",
                        "你要求",
                        "规定",
                        "条例",
                        "意见是",
                        "理由是",
                        "答复称",
                    ],
                );
                if tells && !others && quoted.chars().count() >= LONG {
                    let range = open.start..open.end + length + '”'.len_utf8();
                    self.at("withheld-quoted", (at, range), "像是把不予公开的内容抄了出来");
                }
            }
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// 0–9 in half or full width, and the X of an identity number.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0),
        'X' | 'x' | 'Ｘ' => Some('X'),
        _ => None,
    }
}

/// Runs of digits, single blanks and hyphens between them left out: place and digits.
fn runs(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all: Vec<(Range<usize>, String)> = vec![];
    let mut current: Option<(Range<usize>, String)> = None;
    let mut gap = 0;
    for (at, c) in text.char_indices() {
        let value = digit(c).filter(|d| *d != 'X' || current.is_some());
        match (value, current.as_mut()) {
            (Some(value), Some((range, digits))) if gap <= 1 => {
                digits.push(value);
                range.end = at + c.len_utf8();
                gap = 0;
            }
            (Some(value), _) => {
                all.extend(current.take());
                current = Some((at..at + c.len_utf8(), value.to_string()));
                gap = 0;
            }
            (None, Some(_)) if matches!(c, ' ' | '-' | '\u{a0}' | '—') => gap += 1,
            (None, _) => {
                all.extend(current.take());
                gap = 0;
            }
        }
    }
    all.extend(current);
    all
}

/// Identity, mobile, bank card and passport numbers that are written out in full: bytes of the text, what it is.
#[must_use]
pub fn personal_numbers(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut all = vec![];
    for (range, digits) in runs(text) {
        let joined = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '*' | '_' | '='))
        };
        let left = before(text, range.start).next().map(|(_, c)| c);
        let right = text.get(range.end..).and_then(|t| t.chars().next());
        if joined(left) || joined(right) {
            continue;
        }
        let near = tail(text, range.start, 14);
        let what = match digits.len() {
            18 if is_identity(&digits) && (checks(&digits) || near.contains("身份")) => "身份证号码",
            15 if near.contains("身份证") => "身份证号码",
            11 if digits.starts_with('1')
                && !digits.starts_with("10")
                && !digits.starts_with("11")
                && !digits.starts_with("12")
                && !digits.contains('X') =>
            {
                "手机号码"
            }
            16..=19 if !digits.contains('X') && is_card(&digits, near) => "银行卡号",
            _ => continue,
        };
        all.push((range, what));
    }
    all.extend(passports(text));
    all
}

/// GB 11643: 17 digits with a birthday, and a check.
fn is_identity(number: &str) -> bool {
    let part = |range: Range<usize>| number.get(range).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (part(6..10), part(10..12), part(12..14));
    let digits = number.get(..17).is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit()));
    digits && (1880..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn checks(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.chars().zip(WEIGHTS).filter_map(|(c, w)| Some(c.to_digit(10)? * w)).sum();
    "10X98765432".chars().nth((sum % 11) as usize) == number.chars().last()
}

/// The prefix of bank cards and the check of Luhn, or the words before it.
fn is_card(number: &str, near: &str) -> bool {
    let sum: u32 = number
        .chars()
        .rev()
        .enumerate()
        .filter_map(|(at, c)| {
            let d = c.to_digit(10)? * if at % 2 == 1 { 2 } else { 1 };
            Some(if d > 9 { d - 9 } else { d })
        })
        .sum();
    let named = any(near, &["卡号", "银行卡", "账号", "帐号", "储蓄卡"]);
    sum.is_multiple_of(10) && (number.starts_with("62") || named)
}

/// E00000000 behind 护照.
fn passports(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut all = vec![];
    for word in places(text, &["护照", "通行证"]) {
        let behind = super::scan::head(text, word.end, 20);
        for (at, c) in behind.char_indices().filter(|(_, c)| c.is_ascii_uppercase()) {
            let rest = behind.get(at + c.len_utf8()..).unwrap_or_default();
            let second = usize::from(rest.chars().next().is_some_and(|c| c.is_ascii_uppercase()));
            let count = rest.get(second..).unwrap_or_default().bytes().take_while(u8::is_ascii_digit).count();
            if (7..=8).contains(&count) && second + count == 8 {
                let start = word.end + at;
                all.push((start..start + 9, "护照号码"));
                break;
            }
        }
    }
    all
}

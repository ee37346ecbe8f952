//! One content file: a `+++` TOML header and a body, both with their places in the file.

use super::schema;
use super::tree::Node;
use crate::text::{Diagnostic, Place, Report, forbidden, nearest};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::ops::Range;

/// A header type: what it is called, and what its body must hold.
pub trait Header: DeserializeOwned + JsonSchema {
    /// The id.
    fn id(&self) -> &str;

    /// Checks the body and takes from it what the type needs.
    fn read_body(&mut self, body: &Body<'_>, report: &mut Report);

    /// Checks the characters of the whole file.
    fn check_text(path: &str, text: &str, report: &mut Report) {
        check_characters(path, text, report);
    }
}

/// The body of a file while it is read.
pub struct Body<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// The whole file.
    pub text: &'a str,
    /// Where the body stands in it.
    pub range: Range<usize>,
    /// The header with places.
    pub header: &'a Node,
}

/// A level-two section of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading without `##` and without `{#id}`.
    pub title: String,
    /// Bytes of the heading line in the file.
    pub heading: Range<usize>,
    /// Bytes of what follows, up to the next such heading, in the file.
    pub content: Range<usize>,
}

/// Anchors of the sections that cases, questions and drills have.
const SECTION_IDS: [(&str, &str); 15] = [
    ("基本案情", "facts"),
    ("争议焦点", "issue"),
    ("处理结果", "result"),
    ("要旨", "holding"),
    ("启示", "lesson"),
    ("简答", "answer"),
    ("理由", "reason"),
    ("怎么办", "action"),
    ("来信", "request"),
    ("已知情况", "given"),
    ("任务", "task"),
    ("参考走法", "way"),
    ("应出文书", "letters"),
    ("评分表", "marks"),
    ("讲评", "debrief"),
];

/// The last part of the anchor of a section of a case or question.
#[must_use]
pub fn section_anchor(title: &str) -> &'static str {
    SECTION_IDS.iter().find(|(known, _)| *known == title).map_or("more", |(_, anchor)| anchor)
}

/// A content file that was read.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// Path relative to the root.
    pub path: String,
    /// The whole text of the file.
    pub text: String,
    /// The header as values.
    pub header: T,
    /// The header with places.
    pub header_tree: Node,
    /// Bytes of the body in `text`.
    pub body: Range<usize>,
}

impl<T: Header> Entry<T> {
    /// Reads a file whose header must fit `schema`, that of `T`; `None` if it does not. All mistakes go to `report`.
    pub fn read(path: &str, text: &str, schema: &Json, report: &mut Report) -> Option<Self> {
        let (header, body) = split(path, text, report)?;
        T::check_text(path, text, report);
        let node = Node::parse(path, text.get(header.clone())?, header.start, report)?;
        if !schema::check(&node, schema, path, report) {
            return None;
        }
        let mut value: T = match serde_json::from_value(node.to_json()) {
            Ok(value) => value,
            Err(error) => {
                // The schema let it through, so this is a rule the schema cannot say; never lose it.
                let place = Place::new(path, node.range.clone());
                report.push(Diagnostic::error("header", place, format!("文件头不能用：{error}")));
                return None;
            }
        };
        value.read_body(&Body { path, text, range: body.clone(), header: &node }, report);
        Some(Self { path: path.to_owned(), text: text.to_owned(), header: value, header_tree: node, body })
    }
}

impl<T> Entry<T> {
    /// The body's text.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text.get(self.body.clone()).unwrap_or_default()
    }

    /// The level-two sections of the body.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        sections(&self.text, self.body.clone())
    }

    /// Reports `value` of the header key `key` (at list place `index`) unless it is one of `known`.
    pub(super) fn check_known<'a>(
        &self,
        (key, index): (&str, Option<usize>),
        value: &str,
        known: impl Iterator<Item = &'a str> + Clone,
        report: &mut Report,
    ) {
        if known.clone().any(|k| k == value) {
            return;
        }
        let hint = match nearest(value, known.clone()) {
            Some(word) => format!("您是不是要写 {word}？"),
            None => {
                let mut words: Vec<_> = known.collect();
                words.sort_unstable();
                format!(
                    "可以写的有：{}",
                    if words.is_empty() { "（还没有）".to_owned() } else { words.join("、") }
                )
            }
        };
        let place = Place::new(&self.path, self.header_tree.place_of(key, index));
        let message = format!(
            "没有编号为「{value}」的{}",
            KINDS.iter().find(|(k, _)| *k == key).map_or("内容", |(_, n)| n)
        );
        report.push(Diagnostic::error("unknown-reference", place, message).hint(hint));
    }
}

const KINDS: [(&str, &str); 5] = [
    ("type", "案例类型"),
    ("outcomes", "答复情形"),
    ("outcome", "答复情形"),
    ("shell", "文书框架"),
    ("letters", "文书"),
];

/// Reports invisible characters that came along with a copied text; the first of each file is enough to find them.
pub(super) fn check_characters(path: &str, text: &str, report: &mut Report) {
    if let Some((at, c)) = text.char_indices().find(|(_, c)| forbidden(*c)) {
        let place = Place::new(path, at..at + c.len_utf8());
        let message = format!("这里有看不见或别的电脑显示不出来的字符 U+{:04X}", u32::from(c));
        let hint = "多半是从网页或 PDF 里复制来的；删去它前后的几个字，重新输入";
        report.push(Diagnostic::error("bad-character", place, message).hint(hint));
    }
}

/// Bytes of the header (between the `+++` lines) and of the body.
fn split(path: &str, text: &str, report: &mut Report) -> Option<(Range<usize>, Range<usize>)> {
    const HINT: &str =
        "文件第一行写 +++，接着写标题等各项，再用一行 +++ 结束；可以参照同一文件夹里的其他文件";
    let first = text.lines().next().unwrap_or_default();
    if first.trim_end() != "+++" {
        let place = Place::new(path, 0..first.len());
        report.push(Diagnostic::error("missing-header", place, "文件开头没有 +++ 文件头").hint(HINT));
        return None;
    }
    let start = text.find('\n').map_or(text.len(), |i| i + 1);
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Some((start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    let place = Place::new(path, 0..first.len());
    report.push(Diagnostic::error("missing-header", place, "文件头没有结束：少了第二行 +++").hint(HINT));
    None
}

/// The level-two sections in `range` of `text`; lines inside code fences are no headings.
pub(super) fn sections(text: &str, range: Range<usize>) -> Vec<Section> {
    let mut all: Vec<Section> = vec![];
    let mut fenced = false;
    let mut at = range.start;
    for line in text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let end = at + line.len();
        fenced ^= line.trim_start().starts_with("```");
        if !fenced && let Some(title) = line.strip_prefix("## ") {
            if let Some(last) = all.last_mut() {
                last.content.end = at;
            }
            let title = title.split("{#").next().unwrap_or(title).trim().to_owned();
            all.push(Section { title, heading: at..at + line.trim_end().len(), content: end..range.end });
        }
        at = end;
    }
    all
}

/// Reports sections that are missing, empty, out of order or not wanted.
pub(super) fn check_sections(body: &Body<'_>, required: &[&str], optional: &[&str], report: &mut Report) {
    let found = sections(body.text, body.range.clone());
    let all: Vec<&str> = required.iter().chain(optional).copied().collect();
    let hint =
        format!("各段依次是：{}", all.iter().map(|t| format!("## {t}")).collect::<Vec<_>>().join("  "));
    for title in required {
        if found.iter().all(|s| s.title != *title) {
            let end = body.range.end;
            let place = Place::new(body.path, body.range.start.min(end)..body.range.start.min(end));
            report.push(
                Diagnostic::error("missing-section", place, format!("缺少「{title}」一段")).hint(&hint),
            );
        }
    }
    let mut last = 0;
    for section in &found {
        let place = Place::new(body.path, section.heading.clone());
        let Some(order) = all.iter().position(|t| *t == section.title) else {
            report.push(
                Diagnostic::error("unknown-section", place, format!("这里不能有「{}」一段", section.title))
                    .hint(&hint),
            );
            continue;
        };
        if order < last {
            report.push(
                Diagnostic::error(
                    "section-order",
                    place.clone(),
                    format!("「{}」的位置不对或重复", section.title),
                )
                .hint(&hint),
            );
        }
        last = order + 1;
        if body.text.get(section.content.clone()).is_some_and(|t| t.trim().is_empty()) {
            report.push(
                Diagnostic::error("empty-section", place, format!("「{}」一段还是空的", section.title))
                    .hint("写上内容"),
            );
        }
    }
}

/// Reports identity numbers with a valid checksum and mobile numbers: cases and examples are about made-up or
/// published persons only.
pub(super) fn check_personal_data(body: &Body<'_>, report: &mut Report) {
    for (range, what) in personal_data(body.text) {
        let message = format!("这里像是真实的{what}");
        let hint = "案例和示例里不能有个人信息：删去，或改成明显虚构的写法（张某、示例市）";
        report.push(Diagnostic::error("personal-data", Place::new(body.path, range), message).hint(hint));
    }
}

/// Runs of digits that are an 18-digit identity number with a valid checksum (GB 11643) or a mobile number.
fn personal_data(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let bytes = text.as_bytes();
    let mut all = vec![];
    let mut start = 0;
    while start < bytes.len() {
        let length =
            bytes.iter().skip(start).take_while(|b| b.is_ascii_digit() || matches!(b, b'X' | b'x')).count();
        if length == 0 {
            start += 1;
            continue;
        }
        let run = bytes.get(start..start + length).unwrap_or_default();
        let what = match run.len() {
            18 if is_identity_number(run) => Some("居民身份证号码"),
            11 if run.first() == Some(&b'1') && run.get(1).is_some_and(|b| (b'3'..=b'9').contains(b)) => {
                Some("手机号码")
            }
            _ => None,
        };
        // Letters before or after mean it is part of a longer code, not a number of a person.
        let joined = start > 0 && bytes.get(start - 1).is_some_and(u8::is_ascii_alphanumeric);
        if let (Some(what), false) = (what, joined) {
            all.push((start..start + length, what));
        }
        start += length;
    }
    all
}

fn is_identity_number(run: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &[u8; 11] = b"10X98765432";
    let Some((last, digits)) = run.split_last() else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    CHECK.get((sum % 11) as usize) == Some(&last.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::personal_data;

    /// A number with a right checksum, made from the area code 000000, which no person has.
    fn made_up() -> String {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let digits = "00000019000101001";
        let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        format!("{digits}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
    }

    #[test]
    fn an_identity_number_with_a_valid_checksum_is_found() {
        let text = format!("证号{}。", made_up());
        assert_eq!(personal_data(&text).len(), 1);
    }

    #[test]
    fn eighteen_other_digits_are_no_identity_number() {
        let mut wrong = made_up().into_bytes();
        wrong[16] = if wrong[16] == b'9' { b'0' } else { wrong[16] + 1 };
        assert!(personal_data(&String::from_utf8(wrong).unwrap()).is_empty());
    }

    #[test]
    fn a_mobile_number_is_found_and_a_landline_is_not() {
        let mobile = format!("1{}", "3".repeat(10));
        assert_eq!(personal_data(&format!("电话{mobile}。"))[0].1, "手机号码");
        assert!(personal_data("电话0000-12345678，2026年11月23日").is_empty());
    }
}

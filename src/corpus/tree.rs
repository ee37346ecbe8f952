//! TOML with places: every key and value knows its bytes in the file it came from.
//!
//! Only this room knows `toml`.

use crate::text::{Diagnostic, Place, Report};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes in the file.
    pub range: Range<usize>,
    /// The value itself.
    pub value: Value,
}

/// What a TOML value can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// true or false.
    Bool(bool),
    /// A TOML date, as written.
    Date(String),
    /// A list.
    Array(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Bytes of the key.
    pub key_range: Range<usize>,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// Parses `text`, which starts at byte `offset` of the file `path`. All mistakes of syntax go to `report`;
    /// `None` if there was any.
    pub fn parse(path: &str, text: &str, offset: usize, report: &mut Report) -> Option<Self> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let range = shift(table.span(), offset);
            return Some(Self { range, value: self::table(table.into_inner(), offset) });
        }
        for error in &errors {
            report.push(syntax_error(path, error, offset, text));
        }
        None
    }

    /// The value under `key`, if this is a table that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|e| e.key == key).map(|e| &e.node)
    }

    /// The entries of a table; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let Value::Table(entries) = &self.value { entries } else { &[] }
    }

    /// The members of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Value::Array(items) = &self.value { items } else { &[] }
    }

    /// The bytes of `key`'s value, or of list member `index` in it, or of the whole node where that is missing.
    #[must_use]
    pub fn place_of(&self, key: &str, index: Option<usize>) -> Range<usize> {
        let Some(node) = self.get(key) else { return self.range.clone() };
        index.and_then(|i| node.items().get(i)).unwrap_or(node).range.clone()
    }

    /// The same without places.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Text(text) | Value::Date(text) => Json::String(text.clone()),
            Value::Integer(n) => Json::from(*n),
            Value::Float(n) => Json::from(*n),
            Value::Bool(b) => Json::Bool(*b),
            Value::Array(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Table(entries) => {
                Json::Object(entries.iter().map(|e| (e.key.clone(), e.node.to_json())).collect())
            }
        }
    }
}

fn shift(range: Range<usize>, offset: usize) -> Range<usize> {
    range.start + offset..range.end + offset
}

fn table(table: DeTable<'_>, offset: usize) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_range: shift(key.span(), offset),
            key: key.into_inner().into_owned(),
            node: node(value, offset),
        })
        .collect();
    entries.sort_by_key(|e| e.key_range.start);
    Value::Table(entries)
}

fn node(value: Spanned<DeValue<'_>>, offset: usize) -> Node {
    let range = shift(value.span(), offset);
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(n) => {
            let digits: String = n.as_str().chars().filter(|c| *c != '_').collect();
            i64::from_str_radix(&digits, n.radix()).map_or_else(|_| Value::Text(digits), Value::Integer)
        }
        DeValue::Float(n) => {
            n.as_str().parse().map_or_else(|_| Value::Text(n.as_str().to_owned()), Value::Float)
        }
        DeValue::Boolean(b) => Value::Bool(b),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::Array(items.into_iter().map(|v| node(v, offset)).collect()),
        DeValue::Table(inner) => table(inner, offset),
    };
    Node { range, value }
}

fn syntax_error(path: &str, error: &Error, offset: usize, text: &str) -> Diagnostic {
    let span = error.span().unwrap_or(0..text.len().min(1));
    let written = text.get(span.start..).and_then(|rest| rest.split(['=', '\n']).next()).unwrap_or_default();
    let range = shift(span, offset);
    let message = error.message();
    let (what, hint) = EXPLANATIONS.iter().find(|(part, ..)| message.contains(part)).map_or(
        ("这里不符合 TOML 的写法", "每行写成 名称 = \"内容\"；文字两头要有英文双引号"),
        |(_, what, hint)| (*what, *hint),
    );
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // TOML takes only Latin letters without quotation marks.
    let hint = match written.find(chinese).filter(|_| message.contains("invalid unquoted key")) {
        Some(_) => "等号左边的中文名称两头也要加英文双引号，例如 \"申请人姓名或者名称\" = \"张某\"",
        None => hint,
    };
    Diagnostic::error("toml-syntax", Place::new(path, range), what).hint(hint)
}

/// Words of the parser's message, what they mean, and what to do.
const EXPLANATIONS: [(&str, &str, &str); 15] = [
    ("duplicate key", "同一个名称写了两次", "删去其中一个"),
    (
        "invalid basic string",
        "这段文字的引号没有配对",
        "文字放在一对英文双引号 \" 里面；文字里的引号请用中文的“ ”",
    ),
    ("invalid literal string", "这段文字的引号没有配对", "文字放在一对英文双引号 \" 里面"),
    ("invalid multi-line", "多行文字没有结束", "多行文字以 \"\"\" 开头，也要以 \"\"\" 结束"),
    ("unclosed", "这里的括号没有配对", "检查方括号 [ ]、花括号 { } 是否成对"),
    (
        "must be quoted",
        "等号后面的文字没有加引号，或者没有写内容",
        "文字两头要加英文双引号（不是中文引号），例如 applicant = \"张某\"",
    ),
    (
        "invalid unquoted key",
        "等号左边的名称写得不对",
        "左边用空表里给出的名称，不用改它，只填右边引号里的内容",
    ),
    ("keys cannot be empty", "等号左边没有名称", "左边用空表里给出的英文名称，例如 applicant = \"张某\""),
    ("key with no value", "这一行没有等号", "每行写成 名称 = \"内容\"；说明文字的行前面加 #"),
    ("missing comma", "两项之间少了逗号", "列表里各项之间用英文逗号隔开，例如 [\"甲\", \"乙\"]"),
    (
        "unexpected key or value",
        "这一项后面多了内容",
        "一行只写一项；文字里的引号请用中文的“ ”，说明写在 # 后面",
    ),
    ("extra `=`", "多了一个等号", "只写一个等号"),
    ("escape", "反斜杠 \\ 后面的写法不对", "需要写反斜杠时写两个 \\\\"),
    ("invalid date", "日期写得不对", "日期写成 \"2026-11-05\" 的样子，两头加英文双引号，月和日都写两位"),
    ("leading zero", "数字前面多了 0", "数字不补零；编号一类的内容两头加英文双引号"),
];

#[cfg(test)]
mod tests {
    use super::{Node, Value};
    use crate::text::Report;

    #[test]
    fn values_know_their_bytes_in_the_whole_file() {
        let mut report = Report::default();
        let node = Node::parse("a", "x = \"一\"\ny = [1, 2]\n", 4, &mut report).unwrap();
        assert_eq!(node.get("x").unwrap().range, 8..13);
        assert_eq!(node.place_of("y", Some(1)), 22..23);
        assert_eq!(node.get("y").unwrap().items()[0].value, Value::Integer(1));
    }

    #[test]
    fn all_mistakes_of_syntax_are_reported_at_once() {
        let mut report = Report::default();
        assert_eq!(Node::parse("a", "x = \"一\ny = \nz = 1\nz = 2\n", 0, &mut report), None);
        assert!(report.sorted().len() >= 2, "{report:?}");
    }
}
